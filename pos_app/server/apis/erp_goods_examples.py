"""The published samples of chapters 6 to 9 of the ERP sales module, as OpenAPI shows them."""

from typing import Any

_WHO = {"customerId": "customer-001", "customerName": "北京客户有限公司"}
_REACHED = {"contact": "李四", "phone": "13900139001"}
_OF_ORDER = {"orderId": "order-001", "orderNo": "SO2023060001"}
_GOODS = {
    "productId": "prod-001",
    "productCode": "PROD001",
    "productName": "笔记本电脑",
    "specification": "i7 16GB 512GB",
}


def _signed(made: str, changed: str) -> dict[str, str]:
    return {
        "createdBy": "admin",
        "createdAt": made,
        "updatedBy": "admin",
        "updatedAt": changed,
    }


_DELIVERED = _signed("2023-06-15T08:00:00Z", "2023-06-15T09:00:00Z")
_DELIVERY = {"id": "delivery-001", "deliveryNo": "DL2023060001", **_OF_ORDER, **_WHO}
DELIVERY_ROW: dict[str, Any] = {
    **_DELIVERY,
    "deliveryDate": "2023-06-15",
    "totalQuantity": 10,
    "status": "completed",
    **_DELIVERED,
}
DELIVERY_DETAIL: dict[str, Any] = {
    **_DELIVERY,
    **_REACHED,
    "address": "北京市朝阳区",
    "deliveryDate": "2023-06-15",
    "warehouseId": "warehouse-001",
    "warehouseName": "北京仓库",
    "carrier": "顺丰快递",
    "trackingNo": "SF1234567890",
    "remarks": "加急发货",
    "status": "completed",
    "items": [
        {
            "id": "item-001",
            "orderItemId": "order-item-001",
            **_GOODS,
            "unit": "台",
            "orderedQuantity": 10,
            "deliveredQuantity": 10,
            "remark": "正品保证",
        }
    ],
    **_DELIVERED,
}
_DELIVERED_ITEM = {
    "orderItemId": "order-item-001",
    "deliveredQuantity": 10,
    "remark": "正品保证",
}
DELIVERY_MADE: dict[str, Any] = {
    "orderId": "order-001",
    "deliveryDate": "2023-06-15",
    "warehouseId": "warehouse-001",
    "carrier": "顺丰快递",
    "trackingNo": "SF1234567890",
    "remarks": "加急发货",
    "items": [_DELIVERED_ITEM],
}
DELIVERY_CHANGED: dict[str, Any] = {
    "carrier": "京东物流",
    "trackingNo": "JD9876543210",
    "remarks": "加急发货（更新）",
    "items": [_DELIVERED_ITEM],
}

_INVOICED = _signed("2023-06-15T08:00:00Z", "2023-06-15T08:00:00Z")
_INVOICE = {"id": "invoice-001", "invoiceNo": "INV2023060001", **_WHO}
_DATED = {"invoiceDate": "2023-06-15", "dueDate": "2023-07-15"}
INVOICE_ROW: dict[str, Any] = {
    **_INVOICE,
    **_OF_ORDER,
    **_DATED,
    "totalAmount": 50000,
    "paidAmount": 0,
    "balanceAmount": 50000,
    "status": "unpaid",
    **_INVOICED,
}
INVOICE_DETAIL: dict[str, Any] = {
    **_INVOICE,
    "customerTaxNo": "110105199001011234",
    **_OF_ORDER,
    **_DATED,
    "totalAmount": 50000,
    "taxAmount": 5752.21,
    "netAmount": 44247.79,
    "paidAmount": 0,
    "balanceAmount": 50000,
    "status": "unpaid",
    "items": [
        {
            "id": "item-001",
            **_GOODS,
            "quantity": 10,
            "unitPrice": 4424.78,
            "taxRate": 13,
            "taxAmount": 575.22,
            "totalAmount": 5000,
        }
    ],
    **_INVOICED,
}
_INVOICED_ITEM = {"productId": "prod-001", "quantity": 10, "unitPrice": 4424.78, "taxRate": 13}
INVOICE_MADE: dict[str, Any] = {
    "customerId": "customer-001",
    "orderId": "order-001",
    **_DATED,
    "items": [_INVOICED_ITEM],
}
INVOICE_CHANGED: dict[str, Any] = {"dueDate": "2023-07-20", "items": [_INVOICED_ITEM]}
RECEIVED: dict[str, Any] = {
    "amount": 50000,
    "receiveDate": "2023-07-10",
    "paymentMethod": "bank_transfer",
    "remarks": "全额收款",
}

_RETURNED = _signed("2023-06-20T08:00:00Z", "2023-06-20T09:00:00Z")
_RETURN = {"id": "return-001", "returnNo": "RTN2023060001", **_WHO}
RETURN_ROW: dict[str, Any] = {
    **_RETURN,
    **_OF_ORDER,
    "returnDate": "2023-06-20",
    "totalAmount": 5000,
    "status": "completed",
    **_RETURNED,
}
RETURN_DETAIL: dict[str, Any] = {
    **_RETURN,
    **_REACHED,
    **_OF_ORDER,
    "returnDate": "2023-06-20",
    "reason": "质量问题",
    "remarks": "退货处理",
    "totalAmount": 5000,
    "status": "completed",
    "items": [
        {
            "id": "item-001",
            "orderItemId": "order-item-001",
            **_GOODS,
            "unit": "台",
            "quantity": 1,
            "unitPrice": 5000,
            "amount": 5000,
            "reason": "质量问题",
        }
    ],
    **_RETURNED,
}
_RETURNED_ITEM = {
    "orderItemId": "order-item-001",
    "quantity": 1,
    "unitPrice": 5000,
    "reason": "质量问题",
}
RETURN_MADE: dict[str, Any] = {
    "customerId": "customer-001",
    "orderId": "order-001",
    "returnDate": "2023-06-20",
    "reason": "质量问题",
    "remarks": "退货处理",
    "items": [_RETURNED_ITEM],
}
RETURN_CHANGED: dict[str, Any] = {"remarks": "退货处理（更新）", "items": [_RETURNED_ITEM]}

ORDER_EXECUTION: dict[str, Any] = {
    "period": "2023-06-01 至 2023-06-30",
    "totalOrders": 10,
    "totalAmount": 1000000,
    "orders": [
        {
            "orderNo": "SO2023060001",
            "customerName": "北京客户有限公司",
            "orderDate": "2023-06-01",
            "amount": 100000,
            "status": "fully_delivered",
            "deliveredAmount": 100000,
            "deliveredRate": 100,
        }
    ],
}
CUSTOMER_ANALYSIS: dict[str, Any] = {
    "period": "2023-01-01 至 2023-06-30",
    "customers": [
        {
            **_WHO,
            "totalOrders": 5,
            "totalAmount": 500000,
            "avgOrderAmount": 100000,
            "paymentRate": 95,
        }
    ],
}
PRODUCT_TREND: dict[str, Any] = {
    "period": "2023-01-01 至 2023-06-30",
    "trends": [
        {"period": "2023-01", "quantity": 100, "amount": 500000},
        {"period": "2023-02", "quantity": 120, "amount": 600000},
    ],
}
