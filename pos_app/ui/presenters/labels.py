"""The labels sheet: which products, on which paper, how it will look, and making it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from pos_app.domain.errors import PosError
from pos_app.domain.shop import PrinterKind
from pos_app.printing.label_formats import FORMATS, LabelFormat, format_named
from pos_app.printing.label_picture import page_picture
from pos_app.printing.label_sheet import LabelRun
from pos_app.printing.label_zpl import RESOLUTIONS
from pos_app.services.labels import (
    LabelJob,
    LabelReport,
    LabelsDone,
    label_run,
    printer_job,
    write_pdf,
)
from pos_app.services.labels import today as shop_day
from pos_app.texts import t
from pos_app.ui.presenters.amounts import amount_format
from pos_app.ui.presenters.background_work import RunWork, Stoppable, Working
from pos_app.ui.presenters.label_choice import (
    ALL,
    CHANGED_LAST,
    SCANNED,
    Orders,
    look_up,
    offered_choices,
    since_when,
)
from pos_app.ui.presenters.label_offer import LabelOffer
from pos_app.ui.presenters.product_form import Choice
from pos_app.ui.presenters.refusals import isolated, sentence_of

if TYPE_CHECKING:
    from pos_app.store.store import Store

MOST_COPIES = 999


class PrintReady(Protocol):
    """The receipts service as this sheet uses it."""

    def __call__(self, payload: bytes, printer_name: str = "") -> object:
        """Hand a job made here to the spool."""


@dataclass(frozen=True, slots=True)
class LabelsState:
    """Everything on the labels sheet; `picture` is the first page as a PNG."""

    choices: tuple[Choice, ...] = ()
    choice: str = ALL
    counted: str = ""
    papers: tuple[Choice, ...] = ()
    paper: str = FORMATS[0].key
    copies: int = 1
    start: int = 1
    most_start: int = 1
    is_roll: bool = False
    shows_price: bool = True
    shows_date: bool = False
    cut_marks: bool = False
    printers: tuple[Choice, ...] = ()
    printer: str = ""
    resolution: int = RESOLUTIONS[0]
    picture: bytes = b""
    problem: str = ""
    told: str = ""
    is_reading: bool = False
    is_working: bool = False
    done: int = 0
    total: int = 0
    saved: Path | None = None
    can_make: bool = False
    can_send: bool = False


class LabelsPresenter:
    """Leads from a choice of products to a PDF or a print job; slow things run elsewhere."""

    def __init__(
        self,
        store: "Store",
        now: Callable[[], datetime],
        run: RunWork,
        on_state: Callable[[LabelsState], None],
        *,
        print_ready: PrintReady | None = None,
        offer: LabelOffer | None = None,
        staff: str = "1",
    ) -> None:
        self._store, self._now, self._run, self._on_state = store, now, run, on_state
        self._print_ready = print_ready
        self._offer = offer or LabelOffer()
        self._done = LabelsDone(store, now, staff)
        self._shop = store.settings.shop()
        self._amounts = amount_format(self._shop)
        self._orders: Orders = ()
        self._seen: datetime | None = None
        self._scanned: dict[str, int] = {}
        self._reading: Stoppable | None = None
        self._drawing: Stoppable | None = None
        self._making: Stoppable | None = None
        self._state = self._first_state()

    @property
    def state(self) -> LabelsState:
        """What the sheet shows now."""
        return self._state

    def show(self) -> None:
        """Show the sheet and read the first choice."""
        self._read()

    def choose(self, key: str) -> None:
        """Choose other products."""
        if key != self._state.choice:
            self._state = replace(self._state, choice=key)
            self._read()

    def scan(self, code: str) -> None:
        """Add a label for the scanned product; the scans become a list of their own."""
        product = self._store.products.find(code)
        if product is None:
            told = t("{code} is not in the catalogue.").format(code=isolated(code[:40]))
            self._put(problem=told)
            return
        self._scanned[product.id] = self._scanned.get(product.id, 0) + 1
        self._state = replace(
            self._state,
            choice=SCANNED,
            choices=offered_choices(self._store, self._offer, self._scanned),
        )
        self._read()

    def choose_paper(self, key: str) -> None:
        """Choose other label paper; the first free label is counted anew."""
        paper = format_named(key)
        if paper is not None and key != self._state.paper:
            self._change(paper=key, start=1, most_start=paper.per_page, is_roll=paper.is_roll)

    def set_copies(self, copies: int | None) -> None:
        """Say how many labels of each product are wanted."""
        self._change(copies=min(max(copies or 1, 1), MOST_COPIES))

    def set_start(self, start: int | None) -> None:
        """Say which label of the first sheet is free."""
        self._change(start=min(max(start or 1, 1), self._state.most_start))

    def start_at(self, across: float, down: float) -> None:
        """Begin at the label that was touched; the place is in parts of the page."""
        paper = self._paper()
        x, y = across * paper.page[0], down * paper.page[1]
        for number in range(paper.per_page):
            left, top = paper.place(number)
            if 0 <= x - left < paper.label[0] and 0 <= y - top < paper.label[1]:
                self.set_start(number + 1)

    def tick(
        self,
        *,
        shows_price: bool | None = None,
        shows_date: bool | None = None,
        cut_marks: bool | None = None,
    ) -> None:
        """Say what stands on the labels and round them; None leaves a tick as it is."""
        ticks = {"shows_price": shows_price, "shows_date": shows_date, "cut_marks": cut_marks}
        self._change(**{name: is_on for name, is_on in ticks.items() if is_on is not None})

    def choose_printer(self, name: str) -> None:
        """Choose the label printer."""
        self._put(printer=name)

    def choose_resolution(self, dots_per_inch: int) -> None:
        """Say how fine the label printer prints."""
        self._put(resolution=dots_per_inch)

    def suggested_name(self) -> str:
        """Return a name for the file."""
        return f"{t('labels')}-{shop_day(self._shop, self._now()).isoformat()}.pdf"

    def save(self, path: Path) -> None:
        """Write the PDF in the background; a stop leaves no half file."""
        orders, job, shop, now = self._orders, self._job(), self._shop, self._now()

        def work(working: Working) -> LabelReport:
            return write_pdf(orders, job, shop, now, path, working.report)

        def done(report: LabelReport) -> None:
            self._remember(report.labels)
            told = t("{count} labels are in {file}.").format(
                count=self._amounts.count(report.labels), file=isolated(path.name)
            )
            self._made(told, path)

        self._make(work, done)

    def send(self) -> None:
        """Hand the labels to the label printer, through the spool that receipts go through."""
        orders, job, shop, now = self._orders, self._job(), self._shop, self._now()
        print_ready, printer, fineness = (
            self._print_ready, self._state.printer, self._state.resolution,
        )  # fmt: skip
        if print_ready is None or not self._state.can_send:
            return

        def work(_working: Working) -> bytes:
            return printer_job(orders, job, shop, now, fineness)

        def done(payload: bytes) -> None:
            try:
                print_ready(payload, printer)
            except PosError as refusal:
                self._failed(refusal)
                return
            self._remember(self._count())
            told = t("{count} labels go to {printer}.").format(
                count=self._amounts.count(self._count()), printer=isolated(printer)
            )
            self._made(told, None)

        self._make(work, done)

    def stop(self) -> bool:
        """Give up what is being made; False where nothing is."""
        if self._making is None:
            return False
        self._making.cancel()
        self._making = None
        self._put(is_working=False, told=t("Stopped. Nothing was written."))
        return True

    def _first_state(self) -> LabelsState:
        last = self._done.last()
        paper = (format_named(last.paper) if last else None) or FORMATS[0]
        printers = tuple(
            Choice(one.name, one.name)
            for one in self._shop.printers
            if one.kind is not PrinterKind.PREVIEW
        )
        names = [one.key for one in printers]
        kept = last.printer if last and last.printer in names else ""
        choices = offered_choices(self._store, self._offer, self._scanned)
        return LabelsState(
            choices=choices,
            choice=choices[0].key,
            papers=tuple(Choice(one.key, t(one.title)) for one in FORMATS),
            paper=paper.key,
            most_start=paper.per_page,
            is_roll=paper.is_roll,
            printers=printers,
            printer=kept or (names[0] if names else ""),
            resolution=last.dots_per_inch if last else RESOLUTIONS[0],
        )

    def _read(self) -> None:
        """Look the chosen products up in the background; the last choice wins."""
        for running in (self._reading, self._drawing):
            if running is not None:
                running.cancel()
        choice, now = self._state.choice, self._now()
        since = since_when(choice, self._done.last(), self._shop, now)
        look = look_up(choice, self._offer, self._scanned, since)

        def work(_working: Working) -> Orders:
            reader = self._store.reader()
            try:
                return look(reader)
            finally:
                reader.close()

        def done(orders: Orders) -> None:
            self._orders = orders
            self._seen = now if choice == CHANGED_LAST else None
            self._state = replace(self._state, is_reading=False)
            self._draw()

        self._put(is_reading=True, problem="", told="", saved=None)
        self._reading = self._run(work, done, self._failed)

    def _change(self, **changes: object) -> None:
        changed = replace(self._state, **changes)  # type: ignore[arg-type]
        if changed != self._state:
            self._state = replace(changed, told="", saved=None)
            self._draw()

    def _draw(self) -> None:
        """Count the labels and draw the first page in the background."""
        if self._drawing is not None:
            self._drawing.cancel()
            self._drawing = None
        paper, job, shop, now = self._paper(), self._job(), self._shop, self._now()
        shown = self._orders[: paper.per_page]
        if not self._orders:
            empty = LabelRun((), job.start)
            self._drawing = self._run(lambda _working: page_picture(empty, paper), self._drawn)
        else:
            self._drawing = self._run(
                lambda _working: page_picture(label_run(shown, job, shop, now), paper),
                self._drawn,
                self._failed,
            )
        self._put(counted=self._counted())

    def _drawn(self, picture: bytes) -> None:
        self._drawing = None
        self._put(picture=picture)

    def _counted(self) -> str:
        paper, count = self._paper(), self._count()
        if not self._orders:
            return t("No products fit this choice.")
        pages = -(-(count + self._state.start - 1) // paper.per_page)
        words = (
            t("Products: {products} · Labels: {labels}")
            if paper.is_roll
            else t("Products: {products} · Labels: {labels} · Sheets: {pages}")
        )
        figures = {"products": len(self._orders), "labels": count, "pages": pages}
        return words.format(**{name: self._amounts.count(one) for name, one in figures.items()})

    def _count(self) -> int:
        return sum(order.copies for order in self._orders) * self._state.copies

    def _paper(self) -> LabelFormat:
        return format_named(self._state.paper) or FORMATS[0]

    def _job(self) -> LabelJob:
        state = self._state
        return LabelJob(
            self._paper(),
            state.start,
            state.copies,
            cut_marks=state.cut_marks and not state.is_roll,
            shows_price=state.shows_price,
            shows_date=state.shows_date,
        )

    def _make(self, work: Callable[..., object], done: Callable[..., None]) -> None:
        if self._making is not None or not self._orders:
            return
        self._put(is_working=True, done=0, total=0, problem="", told="", saved=None)
        self._making = self._run(work, done, self._failed, self._going_on)
        if not self._state.is_working:
            self._making = None

    def _going_on(self, done: int, total: int) -> None:
        self._put(done=done, total=total)

    def _remember(self, labels: int) -> None:
        state = self._state
        printer = state.printer if state.is_roll else ""
        self._done.remember(labels, state.paper, printer, state.resolution, self._seen)

    def _made(self, told: str, saved: Path | None) -> None:
        self._making = None
        self._put(is_working=False, told=told, saved=saved)

    def _failed(self, error: Exception) -> None:
        self._making = None
        if not isinstance(error, PosError):
            self._put(is_working=False, is_reading=False)
            raise error
        self._put(
            is_working=False, is_reading=False, problem=sentence_of(error, self._amounts)
        )  # fmt: skip

    def _put(self, **changes: object) -> None:
        state = replace(self._state, **changes)  # type: ignore[arg-type]
        can_make = bool(self._orders) and not (state.is_working or state.is_reading)
        can_send = can_make and state.is_roll and bool(state.printer)
        has_printer = self._print_ready is not None
        self._state = replace(state, can_make=can_make, can_send=can_send and has_printer)
        self._on_state(self._state)
