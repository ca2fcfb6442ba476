"""The manager's day on paper and in files: a slip for the spool, a page, a workbook, a table."""

from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from pos_app.domain.day_review import DayReview
from pos_app.domain.shop import ShopSettings
from pos_app.services.cash_paper import Printers, keep_day
from pos_app.services.document_files import safe_name, write_file
from pos_app.services.time_zones import shop_zone

if TYPE_CHECKING:
    from pos_app.store.store import Store

# More than any slip shows: a job in the spool holds what is printed, not the whole stock.
_KEPT = 40


class DayFile(StrEnum):
    """What a day can be saved as; the value is the file's ending."""

    PDF = "pdf"
    CSV = "csv"
    XLSX = "xlsx"


def day_file_name(review: DayReview, kind: DayFile) -> str:
    """Return what the file of a day is called: the shop and its days."""
    first, last = review.period.start.isoformat(), review.period.end.isoformat()
    days = first if first == last else f"{first} - {last}"
    return f"{safe_name(f'{review.shop} {days}'.strip())}.{kind}"


def save_day(review: DayReview, path: Path, kind: DayFile, shop: ShopSettings) -> None:
    """Write a day to `path`; a file of that name is replaced only when the new one is whole.

    Words are in the staff's language, moments in the shop's zone. Raises FileNotWritable.
    """
    write_file(path, day_bytes(review, kind, shop))


def day_bytes(review: DayReview, kind: DayFile, shop: ShopSettings) -> bytes:
    """Return the file of a day; the same review always gives the same bytes."""
    language, zone = shop.screen.language or "en", _zone(review, shop)
    if kind is DayFile.PDF:
        from pos_app.printing.day_pdf import render_day  # noqa: PLC0415 - loads reportlab

        return render_day(review, shop)
    from pos_app.spreadsheets.day_workbook import day_csv, day_workbook  # noqa: PLC0415 - seldom

    if kind is DayFile.CSV:
        return day_csv(review, language, zone)
    return day_workbook(review, language, zone)


def print_day_slip(store: "Store", review: DayReview, now: datetime) -> Printers:
    """Put a day's slip into the spool, in one transaction; raises NoPrinter.

    Returns the printers that got something to do, for `Receipts.print_added`; `now` is UTC.
    """
    with store.transaction() as tx:
        return keep_day(tx, _slim(review), now)


def _slim(review: DayReview) -> DayReview:
    return replace(review, top_products=review.top_products[:_KEPT], slow_products=(), low_stock=())


def _zone(review: DayReview, shop: ShopSettings) -> tzinfo:
    """The shop's zone, or the machine's own for shops that name none."""
    return shop_zone(shop.time_zone) or review.made_at.astimezone().tzinfo or UTC
