"""The manager's day as an Excel workbook, and as one CSV that programs read."""

import csv
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from functools import partial
from io import StringIO

from pos_app.domain.day_review import DayReview
from pos_app.domain.money import Money
from pos_app.spreadsheets.day_sheets import day_sheets
from pos_app.spreadsheets.sheet import CellKind, Sheet, Value, value_of
from pos_app.spreadsheets.workbook import XLSX_TYPE, workbook_bytes
from pos_app.spreadsheets.writing import Cell, csv_texts
from pos_app.texts import t_in

__all__ = ["CSV_TYPE", "XLSX_TYPE", "day_csv", "day_workbook"]

CSV_TYPE = "text/csv; charset=utf-8"
_RIGHT_TO_LEFT = ("ar", "fa", "he", "ur")
_LABELS = (CellKind.TEXT, CellKind.DAY)


def day_workbook(review: DayReview, language: str, zone: tzinfo = UTC) -> bytes:
    """Return a review as a workbook: the same review always gives the same bytes.

    Moments stand in `zone`, words in `language` (ISO 639-1).
    """
    sheets = day_sheets(review, language, zone)
    created = review.made_at.astimezone(zone)
    return workbook_bytes(sheets, created, is_rtl=language in _RIGHT_TO_LEFT)


def day_csv(review: DayReview, language: str, zone: tzinfo = UTC) -> bytes:
    """Return a review as one table: a row for each figure of each thing.

    UTF-8 with the mark by which Excel knows it, commas, points as decimal marks, CRLF (RFC 4180);
    shares stand in percent.
    """
    t = partial(t_in, language)
    file = StringIO()
    rows = csv.writer(file, lineterminator="\r\n")
    rows.writerow(
        (
            *(t("Shop"), t("From"), t("To"), t("Currency")),
            *(t("Part"), t("Of"), t("Figure"), t("Value"), t("Before")),
        )
    )
    first, last = review.period.start.isoformat(), review.period.end.isoformat()
    for sheet in day_sheets(review, language, zone):
        for of, figure, value, before in _figures(sheet):
            cells = (review.shop, first, last, review.currency, sheet.title, of, figure)
            rows.writerow(csv_texts((*cells, _plain(value), _plain(before))))
    return b"\xef\xbb\xbf" + file.getvalue().encode()


def _figures(sheet: Sheet) -> Iterator[tuple[str, str, Value, Value]]:
    """Yield whose figure it is, which, its value and what it was before."""
    if sheet.keys:
        for row in sheet.rows:
            title, now, before = (value_of(cell) for cell in row[:3])
            yield "", str(title), now, before
        return
    places = {column.key: at for at, column in enumerate(sheet.columns)}
    for row in sheet.rows:
        values = [value_of(cell) for cell in row]
        of = _of(sheet, values)
        for at, column in enumerate(sheet.columns):
            if column.key.endswith("_before") or (at < 2 and column.kind in _LABELS):
                continue
            earlier = places.get(f"{column.key}_before")
            yield of, column.title, values[at], None if earlier is None else values[earlier]


def _of(sheet: Sheet, values: Sequence[Value]) -> str:
    """What a row is about: its first cells that are no figures."""
    labels = [
        str(value)
        for column, value in zip(sheet.columns[:2], values, strict=False)
        if column.kind in _LABELS and value not in (None, "")
    ]
    return " ".join(labels) or str(values[0] or "")


def _plain(value: Value) -> Cell:
    if isinstance(value, Money):
        return value.amount
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, Decimal | int | str) else None
