"""One cell of a worksheet: numbers as numbers, dates as dates, texts that never run."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pos_app.domain.money import Money, minor_digits
from pos_app.spreadsheets.sheet import DATES, CellKind, Value, as_share

DIGITS_KEPT = 15  # a spreadsheet's numbers keep no more
_FIRST_DATE = date(1900, 3, 1)  # before it Excel's days are one off
_DATE_FORMATS = {
    CellKind.DAY: "yyyy-mm-dd",
    CellKind.WEEK: "yyyy-mm-dd",
    CellKind.MONTH: "yyyy-mm",
    CellKind.YEAR: "yyyy",
    CellKind.MOMENT: "yyyy-mm-dd hh:mm",
}


def money_format(currency: str) -> str:
    """Return a currency's number format, such as `#,##0.00 [$EUR]`."""
    digits = minor_digits(currency)
    return f"#,##0{'.' + '0' * digits if digits else ''} [${currency}]"


def look_of(kind: CellKind, currency: str) -> dict[str, object]:
    """Return how a kind of cell looks, in xlsxwriter's words."""
    numbers = {
        CellKind.MONEY: money_format(currency),
        CellKind.COUNT: "#,##0",
        CellKind.QUANTITY: "General",
        CellKind.PERCENT: "0.0%",
        **_DATE_FORMATS,
    }
    look: dict[str, object] = {"num_format": numbers[kind]} if kind in numbers else {}
    return {**look, "align": "left"} if kind in DATES else look


def put(page: Any, row: int, place: int, value: Value, kind: CellKind, format: Any = None) -> None:
    """Write a value into a worksheet of xlsxwriter; what a sheet would round stays exact as text.

    Every text is written as a text, whatever it begins with, and so never runs.
    """
    if value is None or value == "":
        if format is not None:
            page.write_blank(row, place, None, format)
    elif isinstance(value, str):
        page.write_string(row, place, value, format)
    elif isinstance(value, date):
        _put_date(page, row, place, value, format)
    elif is_exact(number := number_of(value, kind)):
        page.write_number(row, place, number, format)
    else:
        page.write_string(row, place, f"{number:f}", format)


def number_of(value: Value, kind: CellKind) -> Decimal:
    """Return the number that stands in a cell: amounts in units, shares as parts of one."""
    if isinstance(value, Money):
        return value.amount
    if not isinstance(value, (Decimal, int)):
        raise TypeError(value)
    number = Decimal(value)
    share = as_share(number)
    return share if kind is CellKind.PERCENT and share is not None else number


def is_exact(number: Decimal) -> bool:
    """Whether a spreadsheet keeps a number to its last digit."""
    return len(number.normalize().as_tuple().digits) <= DIGITS_KEPT


def _put_date(page: Any, row: int, place: int, value: date, format: Any) -> None:
    moment = value.replace(tzinfo=None) if isinstance(value, datetime) else value
    day = moment.date() if isinstance(moment, datetime) else moment
    if day < _FIRST_DATE:
        page.write_string(row, place, value.isoformat(), format)
    else:
        page.write_datetime(row, place, moment, format)
