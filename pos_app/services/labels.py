"""Making labels: a PDF of sheets or a job for a label printer, and remembering that it was done."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pos_app.domain.facts import FactKind
from pos_app.domain.label_order import LabelOrder, LabelsMade, check_orders
from pos_app.printing.label import LabelContent, label_of
from pos_app.printing.label_formats import FORMATS, LabelFormat
from pos_app.printing.label_sheet import LabelRun, write_sheet
from pos_app.services.progress import Progress, unwatched
from pos_app.services.time_zones import shop_zone
from pos_app.spreadsheets.writing import FileNotWritable
from pos_app.store.records import RecordKind

if TYPE_CHECKING:
    from pos_app.domain.shop import ShopSettings
    from pos_app.store.store import Store

LAST = "last"
LABELS_MADE = RecordKind("labels_made", LabelsMade, id_of=lambda made: made.id)


@dataclass(frozen=True, slots=True)
class LabelJob:
    """How labels are wanted: the paper, where the first one goes, what stands on them.

    `copies` multiplies each product's own count.
    """

    paper: LabelFormat = FORMATS[0]
    start: int = 1
    copies: int = 1
    cut_marks: bool = False
    shows_price: bool = True
    shows_date: bool = False


@dataclass(frozen=True, slots=True)
class LabelReport:
    """What was made."""

    labels: int
    products: int
    pages: int


def label_run(
    orders: tuple[LabelOrder, ...], job: LabelJob, shop: "ShopSettings", now: datetime
) -> LabelRun:
    """Return the labels of a job as they are drawn; raises NothingToLabel or TooManyLabels."""
    many = tuple(replace(order, copies=order.copies * job.copies) for order in orders)
    check_orders(many)
    content = LabelContent(job.shows_price, today(shop, now) if job.shows_date else None)
    labels = [(label_of(order.product, shop, content), order.copies) for order in many]
    return LabelRun(labels, job.start, job.cut_marks)


def today(shop: "ShopSettings", now: datetime) -> date:
    """Return the day in the shop's own time zone."""
    return now.astimezone(shop_zone(shop.time_zone)).date()


def write_pdf(
    orders: tuple[LabelOrder, ...],
    job: LabelJob,
    shop: "ShopSettings",
    now: datetime,
    path: Path,
    on_progress: Progress = unwatched,
) -> LabelReport:
    """Write labels as a PDF; a file of that name is replaced only when the new one is whole.

    `on_progress` may raise to stop. Raises NothingToLabel, TooManyLabels or FileNotWritable.
    """
    run = label_run(orders, job, shop, now)
    half = path.with_name(f".{path.name}.part")
    try:
        with half.open("wb") as file:
            pages = write_sheet(run, job.paper, file, on_progress)
        half.replace(path)
    except OSError:
        raise FileNotWritable(name=path.name) from None
    finally:
        with suppress(OSError):
            half.unlink(missing_ok=True)
    return LabelReport(run.count, len(orders), pages)


def printer_job(
    orders: tuple[LabelOrder, ...],
    job: LabelJob,
    shop: "ShopSettings",
    now: datetime,
    dots_per_inch: int,
) -> bytes:
    """Return the job for a label printer (ZPL II); raises NothingToLabel or TooManyLabels."""
    from pos_app.printing.label_zpl import zpl_job  # noqa: PLC0415 - few shops have one

    return zpl_job(label_run(orders, job, shop, now).labels, job.paper, dots_per_inch)


class LabelsDone:
    """Remembers that labels were made, so that the next time only later prices need new ones."""

    def __init__(self, store: "Store", now: Callable[[], datetime], staff: str = "1") -> None:
        self._store = store
        self._now = now
        self.staff = staff

    def last(self) -> LabelsMade | None:
        """Return the last time that labels were made."""
        return self._store.records.get(LABELS_MADE, LAST)

    def remember(
        self,
        labels: int,
        paper: str,
        printer: str = "",
        dots_per_inch: int = 203,
        changes_seen: datetime | None = None,
    ) -> LabelsMade:
        """Write down that labels were made; `changes_seen` where they were for changed prices.

        It is the moment at which the changed prices were looked up, UTC.
        """
        at = self._now()
        with self._store.transaction() as tx:
            before = tx.records.get(LABELS_MADE, LAST)
            seen = changes_seen or (before.changes_seen if before else None)
            kept = printer or (before.printer if before else "")
            made = LabelsMade(at, labels, paper, kept, dots_per_inch, seen)
            tx.records.put(LABELS_MADE, made, FactKind.LABELS_MADE, at, self.staff)
        return made
