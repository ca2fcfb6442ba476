"""The shapes of the Sales API: what its requests hold and what its answers show."""

from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from pos_app.domain.cart import QUANTITY_LIMIT
from pos_app.domain.document import LINE_LIMIT, PRICE_LIMIT
from pos_app.domain.document import PRICE_PLACES as MOST_PLACES

ID_LIMIT = 200
SIZE, MOST_SIZE, LAST_PAGE = 20, 500, 10**9


def exact_number(value: Any) -> Decimal:
    """Return a JSON number as it was written, with no sign before a zero; raises ValueError."""
    if type(value) is int or isinstance(value, Decimal):
        number = Decimal(value)
        if abs(number) < PRICE_LIMIT and number == round(number, MOST_PLACES):
            return Decimal(f"{number:f}") + 0
    raise ValueError("a number is needed that is neither endless nor finer than six places")


Quantity = Annotated[
    Decimal,
    BeforeValidator(exact_number),
    Field(gt=0, lt=QUANTITY_LIMIT),
    WithJsonSchema({
        "type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": int(QUANTITY_LIMIT),
    }),
]  # fmt: skip
Price = Annotated[
    Decimal,
    BeforeValidator(exact_number),
    Field(ge=0, lt=PRICE_LIMIT),
    WithJsonSchema({"type": "number", "minimum": 0, "exclusiveMaximum": int(PRICE_LIMIT)}),
]
Id = Annotated[str, Field(min_length=1, max_length=ID_LIMIT)]


def _example(example: dict[str, Any]) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [example]})


_ADDRESS = {
    "street": "12 Quay Street",
    "city": "Rye",
    "state": "East Sussex",
    "postal_code": "TN31 7AA",
    "country": "GB",
}
_CUSTOMER = {
    "name": "Rye & Sons",
    "email": "office@example.org",
    "phone": "+44 1797 000000",
    "address": _ADDRESS,
}
_ITEM = {"product_id": "prod-001", "quantity": 2, "unit_price": 9.99}
_ORDER = {
    "id": "0198c3a0-7d1e-7c55-b1f0-3f3d7c1f0a11",
    "customer_id": "customer-001",
    "order_date": "2026-06-01",
    "status": "approved",
    "total_amount": 19.98,
    "items": [_ITEM | {"total": 19.98}],
}
_INVOICE = {
    "id": "0198c3a0-9f02-7b6c-8f1d-51a6f20e9d42",
    "order_id": _ORDER["id"],
    "customer_id": "customer-001",
    "invoice_number": "INV2026060001",
    "invoice_date": "2026-06-01",
    "due_date": "2026-07-01",
    "status": "unpaid",
    "net_amount": 16.79,
    "tax_amount": 3.19,
    "total_amount": 19.98,
    "paid_amount": 0,
    "items": _ORDER["items"],
}


class Detail(BaseModel):
    """Why a request was refused."""

    detail: str


class ItemWanted(BaseModel):
    """What somebody orders: a product by our id or the shop's code, at a price per unit."""

    product_id: Id
    quantity: Quantity
    unit_price: Price


class OrderWanted(BaseModel):
    """An order to be made."""

    model_config = _example({"customer_id": "customer-001", "items": [_ITEM]})

    customer_id: Id
    items: Annotated[list[ItemWanted], Field(min_length=1, max_length=LINE_LIMIT)]


class ItemShown(BaseModel):
    """A line; `total` is quantity times unit price, rounded as the shop rounds."""

    product_id: str
    quantity: float
    unit_price: float
    total: float


class OrderShown(BaseModel):
    """An order; `total_amount` is the sum of its lines."""

    model_config = _example(_ORDER)

    id: str
    customer_id: str
    order_date: str
    status: str
    total_amount: float
    items: list[ItemShown]


class Address(BaseModel):
    """Where a customer is."""

    street: str | None = ""
    city: str | None = ""
    state: str | None = ""
    postal_code: str | None = ""
    country: str | None = ""


class CustomerWanted(BaseModel):
    """A customer to be made."""

    model_config = _example(_CUSTOMER)

    name: Annotated[str, Field(min_length=1, max_length=200)]
    email: str | None = ""
    phone: str | None = ""
    address: Address | None = None


class AddressShown(BaseModel):
    """Where a customer is; a part that nobody said is empty."""

    street: str
    city: str
    state: str
    postal_code: str
    country: str


class CustomerShown(BaseModel):
    """A customer."""

    model_config = _example({"id": "customer-001"} | _CUSTOMER)

    id: str
    name: str
    email: str
    phone: str
    address: AddressShown


class InvoiceWanted(BaseModel):
    """Which order to invoice."""

    model_config = _example({"order_id": _ORDER["id"]})

    order_id: Id


class InvoiceShown(BaseModel):
    """An invoice: `total_amount` is what it asks for, with tax."""

    model_config = _example(_INVOICE)

    id: str
    order_id: str
    customer_id: str
    invoice_number: str
    invoice_date: str
    due_date: str
    status: str
    net_amount: float
    tax_amount: float
    total_amount: float
    paid_amount: float
    items: list[ItemShown]


class OrderPage(BaseModel):
    """A page of orders, the first made first; `total` counts all there are."""

    model_config = _example({"items": [_ORDER], "total": 1, "page": 1, "size": SIZE})

    items: list[OrderShown]
    total: int
    page: int
    size: int


class CustomerPage(BaseModel):
    """A page of customers, the first made first; `total` counts all there are."""

    model_config = _example(
        {"items": [{"id": "customer-001"} | _CUSTOMER], "total": 1, "page": 1, "size": SIZE}
    )

    items: list[CustomerShown]
    total: int
    page: int
    size: int
