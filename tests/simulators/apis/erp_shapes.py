"""What the ERP document says of bodies, filters and fields, chapter by chapter, as tables."""

from tests.simulators.apis import shapes
from tests.simulators.apis.shapes import Field, Shape, maybe, optional


def not_negative(value: object) -> bool:
    """A number from zero up."""
    return shapes.number(value) and value >= 0  # type: ignore[operator]


LOGIN = {"username": Field(shapes.words), "password": Field(shapes.words)}
CUSTOMER = {
    "name": Field(shapes.words),
    **{
        name: maybe(shapes.text)
        for name in (
            "contact phone email address taxNo bankName bankAccount category region remarks".split()
        )
    },
    "creditLimit": maybe(not_negative),
    "creditDays": maybe(shapes.whole),
}
EVALUATION = {
    "evaluationDate": Field(shapes.day),
    "creditScore": Field(shapes.number),
    "riskLevel": Field(shapes.words),
    "remarks": maybe(shapes.text),
}
SOLD_ITEM = {
    "productId": Field(shapes.words),
    "quantity": Field(shapes.positive),
    "unitPrice": Field(not_negative),
    "remark": maybe(shapes.text),
}
TERMS = {name: maybe(shapes.text) for name in ("paymentTerms", "shippingTerms", "remarks")}
QUOTATION = {
    "customerId": Field(shapes.words),
    "quotationDate": Field(shapes.day),
    "expiryDate": Field(shapes.day),
    **TERMS,
    "items": Field([SOLD_ITEM]),
}
ORDER = {
    "customerId": Field(shapes.words),
    "orderDate": Field(shapes.day),
    "deliveryDate": Field(shapes.day),
    **TERMS,
    "items": Field([SOLD_ITEM]),
}
APPROVAL = {"approved": Field(shapes.flag), "remarks": maybe(shapes.text)}
CANCELLATION = {"reason": maybe(shapes.text)}
TO_ORDER = {"orderDate": Field(shapes.day), "deliveryDate": Field(shapes.day)}
TO_DELIVERY = {
    "deliveryDate": Field(shapes.day),
    "warehouseId": maybe(shapes.text),
    "items": Field([{"orderItemId": Field(shapes.words), "quantity": Field(shapes.positive)}]),
}
DELIVERED_ITEM = {
    "orderItemId": Field(shapes.words),
    "deliveredQuantity": Field(shapes.positive),
    "remark": maybe(shapes.text),
}
SHIPPING = {
    name: maybe(shapes.text) for name in ("warehouseId", "carrier", "trackingNo", "remarks")
}
DELIVERY = {
    "orderId": Field(shapes.words),
    "deliveryDate": Field(shapes.day),
    **SHIPPING,
    "items": Field([DELIVERED_ITEM]),
}
INVOICED_ITEM = {
    "productId": Field(shapes.words),
    "quantity": Field(shapes.positive),
    "unitPrice": Field(not_negative),
    "taxRate": Field(not_negative),
}
INVOICE = {
    "customerId": Field(shapes.words),
    "orderId": maybe(shapes.words),
    "invoiceDate": Field(shapes.day),
    "dueDate": Field(shapes.day),
    "items": Field([INVOICED_ITEM]),
}
RECEIPT = {
    "amount": Field(shapes.positive),
    "receiveDate": Field(shapes.day),
    "paymentMethod": Field(shapes.words),
    "remarks": maybe(shapes.text),
}
RETURNED_ITEM = {
    "orderItemId": Field(shapes.words),
    "quantity": Field(shapes.positive),
    "unitPrice": Field(not_negative),
    "reason": maybe(shapes.text),
}
RETURN = {
    "customerId": Field(shapes.words),
    "orderId": Field(shapes.words),
    "returnDate": Field(shapes.day),
    "reason": maybe(shapes.text),
    "remarks": maybe(shapes.text),
    "items": Field([RETURNED_ITEM]),
}


def change(shape: Shape) -> Shape:
    """Return the shape of a change: the same fields, none of them required."""
    return {name: optional(field.holds) for name, field in shape.items()}


# Of each list: what its filters look at and how, and the fields it shows. `=` is the same, `~` is
# within, `>` from there on, `<` up to there.
BY_CUSTOMER = {"customerId": ("customerId", "="), "customerName": ("customerName", "~")}
BY_ORDER = {"orderId": ("orderId", "="), "orderNo": ("orderNo", "=")}
CREATED = {"createDateStart": ("createdAt", ">"), "createDateEnd": ("createdAt", "<")}
STAMPS = "createdBy createdAt updatedBy updatedAt"


def _range(field: str, name: str = "") -> dict[str, tuple[str, str]]:
    name = name or field
    return {f"{name}Start": (field, ">"), f"{name}End": (field, "<")}


FILTERS: dict[str, dict[str, tuple[str, str]]] = {
    "customers": {
        "customerNo": ("customerNo", "="),
        "name": ("name", "~"),
        "contact": ("contact", "~"),
        "phone": ("phone", "="),
        "status": ("status", "="),
        "category": ("category", "="),
        "region": ("region", "="),
    },
    "quotations": {
        "quotationNo": ("quotationNo", "="),
        **BY_CUSTOMER,
        "status": ("status", "="),
        **CREATED,
        **_range("expiryDate"),
    },
    "orders": {
        "orderNo": ("orderNo", "="),
        **BY_CUSTOMER,
        "status": ("status", "="),
        **CREATED,
        **_range("deliveryDate"),
        **_range("totalAmount"),
    },
    "deliveries": {
        "deliveryNo": ("deliveryNo", "="),
        **BY_ORDER,
        **BY_CUSTOMER,
        **_range("deliveryDate"),
    },
    "invoices": {
        "invoiceNo": ("invoiceNo", "="),
        **BY_CUSTOMER,
        **BY_ORDER,
        **_range("invoiceDate"),
        "status": ("status", "="),
    },
    "returns": {
        "returnNo": ("returnNo", "="),
        **BY_CUSTOMER,
        **BY_ORDER,
        **_range("returnDate"),
    },
}
LISTED: dict[str, list[str]] = {
    name: f"id {fields} status {STAMPS}".split()
    for name, fields in {
        "customers": "customerNo name contact phone email address taxNo category region",
        "quotations": "quotationNo customerId customerName contact phone quotationDate expiryDate"
        " totalAmount",
        "orders": "orderNo customerId customerName contact phone orderDate deliveryDate"
        " totalAmount",
        "deliveries": "deliveryNo orderId orderNo customerId customerName deliveryDate"
        " totalQuantity",
        "invoices": "invoiceNo customerId customerName orderId orderNo invoiceDate dueDate"
        " totalAmount paidAmount balanceAmount",
        "returns": "returnNo customerId customerName orderId orderNo returnDate totalAmount",
    }.items()
}
# The details say more than the list.
MORE: dict[str, list[str]] = {
    "customers": "bankName bankAccount creditLimit creditDays remarks".split(),
    "quotations": "address paymentTerms shippingTerms remarks items".split(),
    "orders": "address paymentTerms shippingTerms remarks items".split(),
    "deliveries": "contact phone address warehouseId warehouseName carrier trackingNo remarks"
    " items".split(),
    "invoices": "customerTaxNo taxAmount netAmount items".split(),
    "returns": "contact phone reason remarks items".split(),
}
# What the server knows of a line beside what the document shows.
UNSHOWN = {
    "quotations": {"deliveredQuantity", "returnedQuantity"},
    "orders": {"returnedQuantity"},
}
ONLY_LISTED = {"deliveries": {"totalQuantity"}}
PRODUCT = "productId productCode productName specification unit".split()
