"""What all chapters of the ERP sales module share: envelope, pages, dates, numbers, line ids."""

import math
import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Annotated, Any, Generic, TypeVar
from zoneinfo import ZoneInfo

from fastapi import Depends, Path, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic.alias_generators import to_camel

from pos_app.domain.document import Party
from pos_app.domain.money import minor_digits
from pos_app.server.api_keys import KeyMissing
from pos_app.server.apis.erp_tokens import visitor_of_token
from pos_app.server.apis.visits import ApiVisitor
from pos_app.server.listed import ListedPage, ListedRow
from pos_app.server.stamps import stamp
from pos_app.server.thing_rows import ThingRow

Data = TypeVar("Data")
Row = TypeVar("Row")
PAGE_MOST, SIZE_MOST = 1_000_000, 500
_DIGITS_MOST, _PLACES_MOST, _MAGNITUDE_MOST = 25, 12, 15
_FIGURES = re.compile(r"[+-]?[0-9]{1,30}(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,3})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Shape(BaseModel):
    """Something that is sent: names as published, unknown ones are let pass unread."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class Answer(Shape, Generic[Data]):
    """What every call answers with: `code` is the HTTP status."""

    code: int = 200
    message: str = "success"
    data: Data


class Listing(Shape, Generic[Row]):
    """A page of a list, in the order in which its rows were made."""

    rows: list[Row] = Field(alias="list")
    total: int
    page: int
    page_size: int


class Paged(Shape):
    """Which page of a list somebody asks for: the first is 1."""

    page: Annotated[int, Field(ge=1, le=PAGE_MOST)] = 1
    page_size: Annotated[int, Field(ge=1, le=SIZE_MOST)] = 10


class Refusal(Shape):
    """What a refused call answers with: a sentence that says why."""

    code: int
    message: str
    data: None = None


class Nothing(Shape):
    """The answer of a call that has nothing to tell."""

    code: int = 200
    message: str = "success"
    data: None = None


class Signed(Shape):
    """Who made something and who changed it last; moments are UTC: 2020-01-01T08:00:00Z."""

    created_by: str
    created_at: str
    updated_by: str
    updated_at: str


def _plain_text(value: Any) -> Any:
    if isinstance(value, str) and any(one == "\0" or "\ud800" <= one <= "\udfff" for one in value):
        raise ValueError("should be a text that can be shown")
    return value


def _nothing_if_empty(value: Any) -> Any:
    return None if value == "" else value


def _day(value: Any) -> Any:
    if value is None or type(value) is date:
        return value
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("should be a date like 2023-06-01")
    return date.fromisoformat(value)


def _exact(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ValueError("should be a number")  # noqa: TRY004 - pydantic's way of refusing
    return _bounded(Decimal(value))


def _exact_text(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if not _FIGURES.fullmatch(value):
        raise ValueError("should be a number")
    return _bounded(Decimal(value))


def _bounded(value: Decimal) -> Decimal:
    """Return a number that can be reckoned with, written plainly: 0 for -0, 1000 for 1E+3."""
    _sign, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int) or len(digits) > _DIGITS_MOST:
        raise ValueError("should be a number")
    is_small = value.is_zero() or value.adjusted() < _MAGNITUDE_MOST
    if not is_small or exponent < -_PLACES_MOST:
        raise ValueError("should be a number that is neither too large nor too fine")
    whole = value.to_integral_value()
    return Decimal(int(whole)) if value == whole else value.normalize()


def _whole(value: Any) -> Any:
    """Let 5.0 pass as 5: JSON knows one kind of number."""
    exact = _exact(value)
    if exact != exact.to_integral_value():
        raise ValueError("should be a whole number")
    return int(exact)


_NUMBER, _INTEGER = WithJsonSchema({"type": "number"}), WithJsonSchema({"type": "integer"})
_DATE = WithJsonSchema({"type": "string", "format": "date"})
# In bodies.
Text = Annotated[str, BeforeValidator(_plain_text), Field(max_length=2000)]
Day = Annotated[date, BeforeValidator(_day), _DATE]
Exact = Annotated[Decimal, BeforeValidator(_exact), _NUMBER]
Whole = Annotated[int, BeforeValidator(_whole), _INTEGER]
# In answers: 50000 or 5752.21.
Number = Annotated[int | float, _NUMBER]
# In queries, where an empty text says as much as none.
EMPTY_IS_NONE = BeforeValidator(_nothing_if_empty)
_Short = Annotated[str, BeforeValidator(_plain_text), Field(max_length=200)]
Asked = Annotated[_Short | None, EMPTY_IS_NONE]
AskedDay = Annotated[Annotated[date, BeforeValidator(_day), _DATE] | None, EMPTY_IS_NONE]
AskedNumber = Annotated[
    Annotated[Decimal, BeforeValidator(_exact_text), _NUMBER] | None, EMPTY_IS_NONE
]
Id = Annotated[str, BeforeValidator(_plain_text), Path(max_length=200)]

_bearer = HTTPBearer(
    scheme_name="erp",
    bearerFormat="JWT",
    description="The token of `POST /api/v1/auth/login`.",
    auto_error=False,
)


def _visitor(
    request: Request,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> ApiVisitor:
    if credentials is None:
        raise KeyMissing()
    return visitor_of_token(request, credentials.credentials)


Visitor = Annotated[ApiVisitor, Depends(_visitor)]

_REFUSED: dict[int | str, str] = {
    400: "A field is missing or wrong, or a rule of the shop refuses it",
    401: "No token, or one that is not valid any more",
    403: "The token does not allow it",
    404: "There is no such thing",
    500: "A fault of head office",
    501: "Not built",
    "4XX": "The request did not arrive whole (408), is too large (413) or one too many (429)",
    "5XX": "The database does not answer (503)",
}


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Describe the refusals of a call for OpenAPI, with those that any call can give."""
    every: tuple[int | str, ...] = (*statuses, 500, "4XX", "5XX")
    return {status: {"model": Refusal, "description": _REFUSED[status]} for status in every}


def sample(body: dict[str, Any]) -> ConfigDict:
    """Let OpenAPI show the published request of a call."""
    return ConfigDict(json_schema_extra={"examples": [body]})


def example(data: Any) -> dict[int | str, dict[str, Any]]:
    """Return the published answer of a call as OpenAPI shows it."""
    whole = {"code": 200, "message": "success", "data": data}
    return {200: {"content": {"application/json": {"example": whole}}}}


def example_list(row: dict[str, Any], total: int) -> dict[int | str, dict[str, Any]]:
    """Return the published answer of a list as OpenAPI shows it."""
    return example({"list": [row], "total": total, "page": 1, "pageSize": 10})


def listing(
    found: ListedPage, asked: Paged, shown: Callable[[ListedRow, ThingRow], Row]
) -> Answer[Listing[Row]]:
    """Return a page of a list as it is sent."""
    rows = [shown(row, thing) for row, thing in found.rows]
    told = Listing(list=rows, total=found.total, page=asked.page, page_size=asked.page_size)
    return Answer(data=told)


def said(**values: Any) -> dict[str, Any]:
    """Return the filters that somebody gave."""
    return {name: value for name, value in values.items() if value is not None}


def days(first: date | None, last: date | None, column: str) -> tuple[dict[str, Any], ...]:
    """Return the bounds of a column of days, both included; a day that is not set is not within."""
    if first is None and last is not None:
        first = date.min
    return said(**{column: day_text(first)}), said(**{column: day_text(last)})


def made_between(
    first: date | None, last: date | None, zone: ZoneInfo
) -> tuple[dict[str, Any], ...]:
    """Return the bounds of `made_at` for days in a shop, both included."""
    least = None if first is None else _moment(first, zone)
    most = None if last is None or last == date.max else _moment(last + timedelta(days=1), zone)
    just_before = None if most is None else stamp(most - timedelta(milliseconds=1))
    return said(made_at=least and stamp(least)), said(made_at=just_before)


def minor_between(
    least: Decimal | None, most: Decimal | None, column: str, currency: str
) -> tuple[dict[str, Any], ...]:
    """Return the bounds of a column of minor units for amounts, both included."""
    size = 10 ** minor_digits(currency)
    first = None if least is None else math.ceil(least * size)
    last = None if most is None else math.floor(most * size)
    return said(**{column: first}), said(**{column: last})


def moment(at: datetime | str) -> str:
    """Write a moment as published: 2020-01-01T08:00:00Z."""
    found = datetime.fromisoformat(at) if isinstance(at, str) else at
    return found.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def day_text(day: date | None) -> str | None:
    """Write a day as published: 2023-06-01; None stays."""
    return None if day is None else day.isoformat()


def address_text(who: Party | Any) -> str:
    """Return street, postcode, town and state of a customer in one line of text."""
    town = " ".join(part for part in (who.postcode, who.city) if part)
    return ", ".join(part for part in (who.address, town, who.state) if part)


def line_id(document_id: str, own: str) -> str:
    """Return a line's id as it is sent: told apart from other documents' lines.

    Lines that are only counted get their document's id; one with a name of its own keeps it.
    """
    return f"{document_id}:{own}" if own.isdecimal() else own


def own_line_id(document_id: str, sent: str, known: Iterable[str]) -> str:
    """Return which of a document's lines is meant; what is none of them comes back as it is.

    Beside the id that was sent, the line's own will do, and the published form `order-item-001` for
    the line `item-001` of an order.
    """
    own = sent.removeprefix(f"{document_id}:")
    ids = set(known)
    if own not in ids and own.removeprefix("order-") in ids:
        return own.removeprefix("order-")
    return own


def _moment(day: date, zone: ZoneInfo) -> datetime:
    """Return when a day begins; the first and last of all have no neighbours."""
    inner = min(max(day, date.min + timedelta(days=2)), date.max - timedelta(days=2))
    return datetime.combine(inner, time.min, zone).astimezone(UTC)
