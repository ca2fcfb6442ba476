"""The shapes of the Retail Sale API: what its requests hold and what its answers show.

Money is a text with the currency's places, such as `"65.00"`; a number is taken as well.
"""

import re
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic import WithJsonSchema as Described
from pydantic.alias_generators import to_camel

from pos_app.domain.document import LINE_LIMIT

MOST_NUMBER = 2**53 - 1  # whole numbers that every client's JSON can hold
_WRITTEN = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?")
_BEYOND = Decimal(10) ** 15


class PaymentMethod(StrEnum):
    """How a sale was paid."""

    CASH = "CASH"
    CARD = "CARD"
    CREDIT = "CREDIT"
    TRANSFER = "TRANSFER"


class SaleStatus(StrEnum):
    """What became of a sale."""

    COMPLETED = "COMPLETED"
    REFUNDED = "REFUNDED"
    VOID = "VOID"


def exact_amount(value: Any) -> Decimal:
    """Return an amount as it was written, in text or number; raises ValueError."""
    if isinstance(value, str) and _WRITTEN.fullmatch(value.strip()):
        number = Decimal(value.strip())
    elif type(value) is int or isinstance(value, Decimal):
        number = Decimal(value)
    else:
        raise ValueError('an amount such as "65.00" is needed')
    if not abs(number) < _BEYOND or number != round(number, 6):
        raise ValueError("an amount is needed that is neither endless nor finer than six places")
    return Decimal(f"{number:f}") + 0  # never -0, never with an exponent


def exact_day(value: Any) -> date:
    """Return a day as it was written, yyyy-MM-dd; raises ValueError."""
    if isinstance(value, str) and value.isascii() and len(value) == len("yyyy-MM-dd"):
        return date.fromisoformat(value)
    raise ValueError("a day such as 2026-02-28 is needed")


_MONEY = {
    "anyOf": [{"type": "string", "pattern": r"^-?[0-9]{1,15}(\.[0-9]{1,6})?$"}, {"type": "number"}]
}
Amount = Annotated[Decimal, BeforeValidator(exact_amount), Described(_MONEY)]
Figure = Annotated[Decimal, BeforeValidator(exact_amount), Described({"type": "number"})]
Day = Annotated[date, BeforeValidator(exact_day), Described({"type": "string", "format": "date"})]
Line = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
SaleNumber = Annotated[
    str, StringConstraints(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")
]
ItemName = Annotated[str, StringConstraints(max_length=500, pattern=r"^[^\x00]*$")]
Notes = Annotated[str, StringConstraints(max_length=2000, pattern=r"^[^\x00]*$")]
Number = Annotated[int, Field(ge=1, le=MOST_NUMBER)]
DATE = "2026-02-20T10:30:00.000+0530"

_TAX_SENT: dict[str, Any] = {"taxName": "GST", "taxPercentage": 10.0, "taxAmount": "3.00"}
_OTHER_TAX_SENT: dict[str, Any] = {"taxName": "GST", "taxPercentage": 10.0, "taxAmount": "3.50"}
_PART_SENT: dict[str, Any] = {"warehouseId": 1, "categoryId": 1, "categoryName": "Engine Parts"}
_FILTER: dict[str, Any] = {
    "itemId": 1,
    "itemName": "Oil Filter",
    "quantity": 3,
    "unitPrice": "10.00",
    "subTotal": "30.00",
    "taxAmount": "3.00",
    **_PART_SENT,
}
_PLUG: dict[str, Any] = {
    "itemId": 3,
    "itemName": "Spark Plug",
    "quantity": 5,
    "unitPrice": "7.00",
    "subTotal": "35.00",
    "taxAmount": "3.50",
    **_PART_SENT,
}
_HEAD: dict[str, Any] = {
    "saleNumber": "INV-2026-0042",
    "customerName": "Ali bin Ahmad",
    "customerPhone": "0123456789",
    "saleDate": DATE,
}
CREATE_EXAMPLE: dict[str, Any] = {
    "authKey": "abc123",
    "userName": "admin",
    "sale": {
        **_HEAD,
        "paymentMethod": "CASH",
        "totalAmount": "65.00",
        "discount": "5.00",
        "createdBy": "admin",
        "notes": "Walk-in customer",
        "items": [
            {
                **_FILTER,
                "stockLocationId": 1,
                "locationName": "A-01-03",
                "taxes": [_TAX_SENT],
            },
            {**_PLUG, "taxes": [_OTHER_TAX_SENT]},
        ],
    },
}
SALE_EXAMPLE: dict[str, Any] = {
    "saleId": 1,
    **_HEAD,
    "totalAmount": "65.00",
    "totalTaxAmount": "6.50",
    "discount": "5.00",
    "paymentMethod": "CASH",
    "status": "COMPLETED",
    "createdBy": "admin",
    "items": [
        {"saleItemId": 1, **_FILTER, "taxes": [{"taxId": 1, **_TAX_SENT}]},
        {"saleItemId": 2, **_PLUG, "taxes": [{"taxId": 1, **_OTHER_TAX_SENT}]},
    ],
}


class Published(BaseModel):
    """A shape under the names that were published: `sale_id` is `saleId`."""

    model_config = ConfigDict(alias_generator=to_camel)


class TaxSent(Published):
    """A tax on a line; without an amount it is worked out."""

    tax_name: Line = ""
    tax_percentage: Figure = Decimal(0)
    tax_amount: Amount | None = None


class ItemSent(Published):
    """A line: of an item of the catalogue, or of anything where `itemId` is missing.

    `subTotal` is quantity × price without tax. Without `taxes` those of the item apply. A quantity
    below zero brings goods back.
    """

    item_id: Number | None = None
    item_name: ItemName | None = None
    quantity: Figure
    unit_price: Amount
    sub_total: Amount | None = None
    tax_amount: Amount | None = None
    warehouse_id: Number | None = None
    category_id: Number | None = None
    category_name: Line | None = None
    stock_location_id: Number | None = None
    location_name: Line | None = None
    taxes: Annotated[list[TaxSent], Field(max_length=20)] | None = None


class SaleSent(Published):
    """A sale: `totalAmount` is the sum of the lines; tax and discount stand beside it."""

    sale_number: SaleNumber
    customer_name: Line | None = None
    customer_phone: Line | None = None
    sale_date: Annotated[str, Field(max_length=40, examples=[DATE])] | None = None
    payment_method: PaymentMethod = PaymentMethod.CASH
    total_amount: Amount | None = None
    discount: Amount | None = None
    created_by: Line | None = None
    notes: Notes | None = None
    items: Annotated[list[ItemSent], Field(min_length=1, max_length=LINE_LIMIT)]


class CreateSent(Published):
    """A sale to be made, and who sends it."""

    model_config = ConfigDict(json_schema_extra={"examples": [CREATE_EXAMPLE]})

    auth_key: str | None = Field(default=None, description="The key; without it nobody comes in.")
    user_name: str | None = Field(default=None, description="The name that goes with the key.")
    sale: SaleSent


class TaxShown(Published):
    """A tax on a line."""

    tax_id: int
    tax_name: str
    tax_percentage: float
    tax_amount: str


class ItemShown(Published):
    """A line of a sale."""

    sale_item_id: int
    item_id: int | None
    item_name: str
    quantity: int | float
    unit_price: str
    sub_total: str
    tax_amount: str
    warehouse_id: int
    category_id: int | None
    category_name: str
    taxes: list[TaxShown]


class SaleShown(Published):
    """A sale; one that was rung up at a till as well."""

    sale_id: int
    sale_number: str
    customer_name: str
    customer_phone: str
    sale_date: str
    total_amount: str
    total_tax_amount: str
    discount: str
    payment_method: PaymentMethod
    status: SaleStatus
    created_by: str
    items: list[ItemShown]


class Done(Published):
    """Whether anything was done."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"data": True}]})

    data: bool


class OneSale(Published):
    """A sale."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"data": SALE_EXAMPLE}]})

    data: SaleShown


class ManySales(Published):
    """Sales, the latest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"data": [SALE_EXAMPLE]}]})

    data: list[SaleShown]


class Refused(Published):
    """Why a request was refused: a sentence for people."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"data": None, "error": "The key is not valid here."}]}
    )

    data: None
    error: str
