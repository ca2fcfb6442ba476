"""The shapes of Add Sale: what a sale holds that is added, and what the answer shows of it."""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from pos_app.domain.catalogue_rules import COLOUR_FORM
from pos_app.domain.document import LINE_LIMIT, NAME_LIMIT, TEXT_LIMIT
from pos_app.domain.payment import TenderMethod

NUMBER_LIMIT = 40
# The published ways to pay, and what each is here; what the sale calls them is kept beside it.
METHODS: dict[str, TenderMethod | None] = {
    "None": None,
    "Mobile Money": TenderMethod.MOBILE,
    "Cash": TenderMethod.CASH,
    "Bank Transfer / Deposit": TenderMethod.BANK_TRANSFER,
    "Cheque": TenderMethod.CHEQUE,
    "Card Payment": TenderMethod.CARD,
    "Digital Payment": TenderMethod.MOBILE,
    "Other Payment": TenderMethod.BANK_TRANSFER,
}
_METHODS_IN_SMALL = {word.lower(): word for word in METHODS}
AMOUNT_FORM, FINE_FORM = r"[0-9]{1,8}(\.[0-9]{1,2})?", r"[0-9]{1,8}(\.[0-9]{1,6})?"
_LIMIT = Decimal(10) ** 8
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _number(value: Any, form: str, places: int) -> Decimal:
    """Read a figure, as text or as a number, without a sign before a zero; raises ValueError."""
    if isinstance(value, str):
        found = Decimal(value) if re.fullmatch(form, value) else None
    else:
        found = Decimal(value) if type(value) is int or isinstance(value, Decimal) else None
    if found is None or not 0 <= found < _LIMIT or found != round(found, places):
        raise ValueError(f"a figure from 0 is needed with at most {places} decimal places")
    return abs(Decimal(f"{found:f}"))


def _amount(value: Any) -> Decimal:
    return _number(value, AMOUNT_FORM, 2).quantize(Decimal("0.01"))


def _optional_amount(value: Any) -> Decimal:
    return Decimal("0.00") if value in (None, "") else _amount(value)


def _fine(value: Any) -> Decimal:
    return _number(value, FINE_FORM, 6)


def _whole(value: Any) -> int:
    text = str(value) if type(value) is int else value
    if isinstance(text, str) and re.fullmatch(r"[0-9]{1,18}", text):
        return int(text)
    raise ValueError("a whole number is needed")


def _code(value: Any) -> str | None:
    text = str(value) if type(value) is int else value
    if text in (None, ""):
        return None
    if isinstance(text, str) and re.fullmatch(r"[0-9]{6}", text):
        return text
    raise ValueError("a code has six figures")


def _day(value: Any) -> date | None:
    if value in (None, ""):
        return None
    if isinstance(value, str) and _DAY.fullmatch(value):
        return date.fromisoformat(value)
    raise ValueError("a date is written 2024-08-30")


def _method(value: Any) -> str:
    word = _METHODS_IN_SMALL.get(value.strip().lower()) if isinstance(value, str) else None
    if word is None:
        raise ValueError(f"a way to pay is needed: {', '.join(METHODS)}")
    return word


def _empty_is_none(value: Any) -> Any:
    return None if value == "" else value


def _visible(value: str) -> str:
    if not value.strip() or not value.isprintable():
        raise ValueError("letters are needed that can be seen")
    return value.strip()


def _plain(value: str | None) -> str | None:
    """Refuse what no paper and no database can hold."""
    if value is not None and "\0" in value:
        raise ValueError("a text cannot hold this sign")
    return value


_TEXT_OR_NUMBER = [{"type": "string", "pattern": f"^{AMOUNT_FORM}$"},
                   {"type": "number", "minimum": 0, "multipleOf": 0.01,
                    "exclusiveMaximum": 100_000_000}]  # fmt: skip
_FINER = [{"type": "string", "pattern": f"^{FINE_FORM}$"},
          {"type": "number", "minimum": 0, "exclusiveMaximum": 100_000_000}]  # fmt: skip
_DATE = {"type": "string", "format": "date"}
_NOTHING = [{"type": "string", "maxLength": 0}, {"type": "null"}]
Amount = Annotated[Decimal, BeforeValidator(_amount), WithJsonSchema({"anyOf": _TEXT_OR_NUMBER})]
OptionalAmount = Annotated[
    Decimal,
    BeforeValidator(_optional_amount),
    WithJsonSchema({"anyOf": [*_TEXT_OR_NUMBER, *_NOTHING]}),
]
Fine = Annotated[Decimal, BeforeValidator(_fine), WithJsonSchema({"anyOf": _FINER})]
Whole = Annotated[
    int,
    BeforeValidator(_whole),
    WithJsonSchema({
        "anyOf": [{"type": "integer", "minimum": 0, "maximum": 10**18 - 1},
                  {"type": "string", "pattern": "^[0-9]{1,18}$"}]
    }),
]  # fmt: skip
Code = Annotated[
    str | None,
    BeforeValidator(_code),
    WithJsonSchema({
        "anyOf": [{"type": "string", "pattern": "^[0-9]{6}$"},
                  {"type": "integer", "minimum": 100_000, "maximum": 999_999}, *_NOTHING]
    }),
]  # fmt: skip
Day = Annotated[date | None, BeforeValidator(_day), WithJsonSchema({"anyOf": [_DATE, *_NOTHING]})]
NeededDay = Annotated[date, BeforeValidator(_day), WithJsonSchema(_DATE)]
Text = Annotated[
    str | None,
    Field(max_length=TEXT_LIMIT),
    BeforeValidator(_empty_is_none),
    AfterValidator(_plain),
]
Name = Annotated[str, Field(min_length=1, max_length=NAME_LIMIT), AfterValidator(_visible)]
Colour = Annotated[
    str | None,
    Field(pattern=f"^(?:{COLOUR_FORM})$"),
    BeforeValidator(_empty_is_none),
    WithJsonSchema({"anyOf": [{"type": "string", "pattern": f"^(?:{COLOUR_FORM})$"}, *_NOTHING]}),
]
Method = Annotated[
    str, BeforeValidator(_method), WithJsonSchema({"type": "string", "enum": list(METHODS)})
]

SAMPLE: dict[str, Any] = {
    "invoice_number": "INV-000001",
    "customer_id": "42",
    "sub_total_amount": "100.00",
    "total_amount": "200.00",
    "amount_paid": "200.00",
    "discount": "0.00",
    "invoice_type": "pos",
    "invoice_colour": "#FFFFFF",
    "invoice_note": "Thanks for doing business",
    "invoice_terms": "60% payment before work commerce",
    "payment_date": "2024-08-04",
    "payment_type": "None",
    "payment_status": "paid",
    "issued_by": "Jones Nathal",
    "due_date": "2024-08-30",
    "reminder_date": "2024-08-25",
    "reminder_message": "",
}


class ItemAdded(BaseModel):
    """An item, which the published request does not have: `unit_price` is without tax.

    `tax` is the whole item's as an amount; `product` is our id or the shop's code, for goods that
    leave the stock.
    """

    item_name: Name
    description: Text = None
    unit_price: Fine
    quantity: Fine
    tax: OptionalAmount = Decimal("0.00")
    product: Text = None


class SaleAdded(BaseModel):
    """A sale to be added; without `items` one line stands for all of it."""

    model_config = ConfigDict(json_schema_extra={"examples": [SAMPLE]})

    invoice_code: Code = None
    invoice_number: Annotated[
        str, Field(min_length=1, max_length=NUMBER_LIMIT), AfterValidator(_visible)
    ]
    customer_id: Whole
    sub_total_amount: Amount
    total_amount: Amount
    amount_paid: Amount
    discount: OptionalAmount = Decimal("0.00")
    invoice_type: Literal["main", "pos", "order"]
    invoice_colour: Colour = None
    invoice_note: Text = None
    invoice_terms: Text = None
    payment_date: Day = None
    payment_type: Method
    payment_status: Text = None
    payment_internal_note: Text = None
    issued_by: Text = None
    due_date: NeededDay
    reminder_date: Day = None
    reminder_message: Text = None
    items: Annotated[list[ItemAdded], Field(max_length=LINE_LIMIT)] | None = None


class SaleShown(BaseModel):
    """The sale as it was added."""

    id: int
    invoice_code: int
    invoice_number: str
    customer_id: str
    sub_total_amount: str
    total_amount: str
    amount_paid: str
    discount: str
    invoice_type: str
    invoice_colour: str | None
    invoice_note: str | None
    invoice_terms: str | None
    payment_internal_note: str | None
    payment_date: str | None
    payment_type: str
    payment_status: str
    issued_by: str | None
    due_date: str
    reminder_date: str | None
    reminder_message: str | None
    created_at: str
    updated_at: str


class ItemShown(BaseModel):
    """A line of it."""

    id: int
    invoice_code: str
    invoice_number: str
    item_name: str
    description: str | None
    unit_price: str
    quantity: str
    tax: str
    created_at: str
    updated_at: str


class PaymentShown(BaseModel):
    """Money that came in for it."""

    invoice_code: str
    customer_name: str
    amount_paid: str
    payment_method: str
    internal_payment_note: str | None
    issued_by: str | None
    payment_at: str
    created_at: str
    updated_at: str


class AddedData(BaseModel):
    """The sale, its lines and its payments."""

    sales: SaleShown
    items: Annotated[list[ItemShown], Field(alias="sales-item")]
    payments: Annotated[list[PaymentShown], Field(alias="sales-payment")]


class Added(BaseModel):
    """The answer to a sale that was added."""

    status: int
    message: str
    data: AddedData


class NotAdded(BaseModel):
    """The answer to one that was not."""

    status: int
    error: str
