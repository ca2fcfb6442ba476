"""The published samples of chapters 3 to 5 of the ERP sales module, as OpenAPI shows them."""

from typing import Any

_SIGNED = {
    "createdBy": "admin",
    "createdAt": "2023-06-01T08:00:00Z",
    "updatedBy": "admin",
    "updatedAt": "2023-06-01T09:00:00Z",
}
_WHO = {"name": "北京客户有限公司", "contact": "李四", "phone": "13900139001"}
_NAMED = {
    "customerId": "customer-001",
    "customerName": _WHO["name"],
    "contact": _WHO["contact"],
    "phone": _WHO["phone"],
}
CUSTOMER_MADE: dict[str, Any] = {
    **_WHO,
    "email": "contact@customer.com",
    "address": "北京市朝阳区",
    "taxNo": "110105199001011234",
    "bankName": "建设银行",
    "bankAccount": "6227001234567890123",
    "category": "企业客户",
    "region": "华北",
    "creditLimit": 200000,
    "creditDays": 30,
    "remarks": "优质客户",
}
CUSTOMER_CHANGED: dict[str, Any] = {
    "name": "北京客户有限公司（更新）",
    "contact": "王五",
    "phone": "13800138001",
    "creditLimit": 250000,
    "creditDays": 45,
}
CUSTOMER_DETAIL: dict[str, Any] = {
    "id": "customer-001",
    "customerNo": "CUS001",
    **CUSTOMER_MADE,
    "status": "active",
    "createdBy": "admin",
    "createdAt": "2020-01-01T08:00:00Z",
    "updatedBy": "admin",
    "updatedAt": "2020-01-01T08:00:00Z",
}
_NOT_IN_LISTS = ("bankName", "bankAccount", "creditLimit", "creditDays", "remarks")
CUSTOMER_ROW = {name: value for name, value in CUSTOMER_DETAIL.items() if name not in _NOT_IN_LISTS}
EVALUATION: dict[str, Any] = {
    "evaluationDate": "2023-06-01",
    "creditScore": 90,
    "riskLevel": "low",
    "remarks": "信用良好",
}

_ITEM_MADE = {"productId": "prod-001", "quantity": 10, "unitPrice": 5000, "remark": "正品保证"}
_ITEM_CHANGED = {**_ITEM_MADE, "quantity": 15, "unitPrice": 4800}
_ITEM = {
    "id": "item-001",
    "productId": "prod-001",
    "productCode": "PROD001",
    "productName": "笔记本电脑",
    "specification": "i7 16GB 512GB",
    "unit": "台",
    "quantity": 10,
    "unitPrice": 5000,
    "amount": 50000,
    "remark": "正品保证",
}
_TERMS = {"paymentTerms": "30天内付款", "shippingTerms": "运费由我方承担"}

QUOTATION_ROW: dict[str, Any] = {
    "id": "quotation-001",
    "quotationNo": "QT2023060001",
    **_NAMED,
    "quotationDate": "2023-06-01",
    "expiryDate": "2023-06-30",
    "totalAmount": 50000,
    "status": "approved",
    **_SIGNED,
    "updatedAt": "2023-06-02T08:00:00Z",
}
QUOTATION_DETAIL: dict[str, Any] = {
    **QUOTATION_ROW,
    "address": "北京市朝阳区",
    **_TERMS,
    "remarks": "批量采购可享受折扣",
    "items": [_ITEM],
}
QUOTATION_MADE: dict[str, Any] = {
    "customerId": "customer-001",
    "quotationDate": "2023-06-01",
    "expiryDate": "2023-06-30",
    **_TERMS,
    "remarks": "批量采购可享受折扣",
    "items": [_ITEM_MADE],
}
QUOTATION_CHANGED: dict[str, Any] = {
    "expiryDate": "2023-07-15",
    "remarks": "批量采购可享受折扣（更新）",
    "items": [_ITEM_CHANGED],
}
QUOTATION_DECIDED: dict[str, Any] = {"approved": True, "remarks": "同意报价单"}
ORDER_WANTED: dict[str, Any] = {"orderDate": "2023-06-10", "deliveryDate": "2023-06-20"}

ORDER_ROW: dict[str, Any] = {
    "id": "order-001",
    "orderNo": "SO2023060001",
    **_NAMED,
    "orderDate": "2023-06-01",
    "deliveryDate": "2023-06-15",
    "totalAmount": 50000,
    "status": "approved",
    **_SIGNED,
}
ORDER_DETAIL: dict[str, Any] = {
    **ORDER_ROW,
    "address": "北京市朝阳区",
    **_TERMS,
    "remarks": "加急订单，请尽快发货",
    "items": [{**_ITEM, "deliveredQuantity": 0}],
}
ORDER_MADE: dict[str, Any] = {
    "customerId": "customer-001",
    "orderDate": "2023-06-01",
    "deliveryDate": "2023-06-15",
    **_TERMS,
    "remarks": "加急订单，请尽快发货",
    "items": [_ITEM_MADE],
}
ORDER_CHANGED: dict[str, Any] = {
    "deliveryDate": "2023-06-10",
    "remarks": "加急订单，请尽快发货（更新）",
    "items": [_ITEM_CHANGED],
}
ORDER_DECIDED: dict[str, Any] = {"approved": True, "remarks": "同意销售订单"}
ORDER_CANCELLED: dict[str, Any] = {"reason": "客户需求变更，取消订单"}
DELIVERY_WANTED: dict[str, Any] = {
    "deliveryDate": "2023-06-15",
    "warehouseId": "warehouse-001",
    "items": [{"orderItemId": "item-001", "quantity": 10}],
}
