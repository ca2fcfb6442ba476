"""The receipts screen: finished documents, what one looked like on paper, and why it cost that."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from pos_app.domain.errors import PosError
from pos_app.domain.price_trace import explain
from pos_app.domain.pricing import PriceLine, price
from pos_app.domain.receipt_code import parse_receipt_qr
from pos_app.domain.sale import Sale
from pos_app.domain.shop import PrinterSettings, ShopSettings
from pos_app.services.time_zones import shop_zone
from pos_app.texts import t
from pos_app.ui.changes import Changes
from pos_app.ui.presenters.amounts import AmountFormat, amount_format
from pos_app.ui.presenters.background_work import RunWork, Stoppable, Working
from pos_app.ui.presenters.notice_board import NoticeBoard
from pos_app.ui.presenters.office_rows import FOUND_MOST, NO_ROWS, FixedRows, PagedRows, Rows
from pos_app.ui.presenters.office_words import method_words, sale_kind_words
from pos_app.ui.presenters.refusals import isolated, sentence_of
from pos_app.ui.presenters.typed_figures import typed_decimal
from pos_app.ui.views import Column, Notice, TableRow, Tone

if TYPE_CHECKING:
    from pos_app.store.sales import SaleSummary
    from pos_app.store.store import Store

Render = Callable[[Sale, ShopSettings, PrinterSettings], bytes]


class Reprinting(Protocol):
    """The receipts service as this screen uses it."""

    def reprint(self, sale: Sale) -> object:
        """Hand a marked copy to the spool and journal it."""


@dataclass(frozen=True, slots=True)
class ReceiptDetail:
    """One document on show: its picture arrives a moment later."""

    key: str
    title: str
    about: str
    why: tuple[str, ...]
    picture: bytes = b""
    problem: str = ""
    can_reprint: bool = True


@dataclass(frozen=True, slots=True)
class ReceiptsState:
    """Everything on the receipts screen; `serial` grows whenever the rows are new."""

    columns: tuple[Column, ...] = ()
    rows: Rows = NO_ROWS
    serial: int = 0
    text: str = ""
    day: date | None = None
    day_text: str = ""
    counted: str = ""
    is_searching: bool = False
    is_empty_shop: bool = False
    detail: ReceiptDetail | None = None
    notices: tuple[Notice, ...] = ()


class ReceiptsPresenter:
    """Lists documents newest first and shows one of them."""

    def __init__(
        self,
        store: "Store",
        receipts: Reprinting,
        run: RunWork,
        on_state: Callable[[ReceiptsState], None],
        *,
        render: Render,
        now: Callable[[], datetime],
        publish: Callable[[Changes], None] = lambda _changes: None,
    ) -> None:
        self._store = store
        self._receipts = receipts
        self._render = render
        self._run = run
        self._on_state = on_state
        self._now = now
        self._publish = publish
        self._board = NoticeBoard()
        self._search: Stoppable | None = None
        self._drawing: Stoppable | None = None
        self._state = ReceiptsState()
        self.refresh()

    @property
    def state(self) -> ReceiptsState:
        """What the screen shows now."""
        return self._state

    def refresh(self) -> None:
        """Read everything anew, after a sale or when the screen comes up."""
        self._shop = self._store.settings.shop()
        self._amounts = amount_format(self._shop)
        self._state = replace(
            self._state, columns=_columns(), is_empty_shop=self._store.sales.count() == 0
        )
        self._list()

    def search(self, text: str) -> None:
        """List documents with the text in number, customer or total, found in the background."""
        self._state = replace(self._state, text=text)
        code = parse_receipt_qr(text)
        if code is not None:
            self.scanned(text)
            return
        self._list()

    def choose_day(self, day: date | None) -> None:
        """List one business day, or all days for None."""
        self._state = replace(self._state, day=day)
        self._list()

    def today(self) -> date:
        """Return the shop's date."""
        return self._now().astimezone(shop_zone(self._shop.time_zone)).date()

    def step_day(self, days: int) -> None:
        """Go on or back by days, from today where no day is chosen."""
        start = self._state.day
        self.choose_day(self.today() if start is None else start + timedelta(days=days))

    def scanned(self, code: str) -> None:
        """Show the document whose receipt was scanned, or say why there is none."""
        receipt = parse_receipt_qr(code)
        number = receipt.number if receipt is not None else code.strip()
        sale = self._store.sales.by_number(number)
        if sale is None:
            missing = t(
                "This till has no receipt {number}. It may be of another till, or this store "
                "is an older copy."
            )
            self._board.refuse(missing.format(number=isolated(number[:60])))
            self._show()
        elif receipt is not None and not receipt.is_of(sale.id):
            other = t("Receipt {number} here is another one. Compare date and total.")
            self._board.refuse(other.format(number=isolated(number[:60])))
            self._open(sale)
        else:
            self._board.forget_the_moment()
            self._open(sale)

    def open(self, sale_id: str) -> None:
        """Show a document beside the list."""
        if self._state.detail is not None and self._state.detail.key == sale_id:
            return
        sale = self._store.sales.get(sale_id)
        if sale is not None:
            self._open(sale)

    def close(self) -> None:
        """Show the list alone."""
        self._state = replace(self._state, detail=None)
        self._show()

    def reprint(self) -> None:
        """Hand a marked copy of the document on show to the printer."""
        detail = self._state.detail
        sale = self._store.sales.get(detail.key) if detail is not None else None
        if sale is None:
            return
        try:
            self._receipts.reprint(sale)
        except PosError as refusal:
            self._board.refuse(sentence_of(refusal, self._amounts))
        else:
            told = t("A copy of receipt {number} goes to the printer.")
            self._board.tell(told.format(number=isolated(sale.number)))
            self._publish(Changes(spool=True))
        self._show()

    def dismiss(self, key: str) -> None:
        """Take a notice away."""
        self._board.take_down(key)
        self._show()

    def _list(self) -> None:
        if self._search is not None:
            self._search.cancel()
            self._search = None
        day, text = self._state.day, self._state.text.strip()
        self._state = replace(self._state, day_text=_day_words(day, self._shop))
        if text:
            self._find(text, day)
            return
        total = self._store.sales.count(day)
        rows = PagedRows(total, lambda offset, limit: self._page(offset, limit, day))
        counted = t("{count} receipts").format(count=self._amounts.count(total))
        self._show_rows(rows, counted)

    def _find(self, text: str, day: date | None) -> None:
        """Look for a text in another thread: among a million documents that takes a moment."""
        amount = self._amount_of(text)

        def work(_working: Working) -> list["SaleSummary"]:
            return self._store.sales.page(0, FOUND_MOST, day, text, gross_minor=amount)

        def done(found: list["SaleSummary"]) -> None:
            self._search = None
            rows = FixedRows(tuple(self._row(one) for one in found))
            self._show_rows(rows, t("{count} found").format(count=len(found)))

        self._state = replace(self._state, is_searching=True)
        self._show()
        self._search = self._run(work, done)
        if not self._state.is_searching:
            self._search = None

    def _amount_of(self, text: str) -> int | None:
        """The amount a text may mean, in minor units."""
        try:
            typed = typed_decimal(text, self._amounts)
        except PosError:
            return None
        minor = None if typed is None else typed.scaleb(self._amounts.digits)
        return int(minor) if minor is not None and minor == int(minor) else None

    def _page(self, offset: int, limit: int, day: date | None) -> list[TableRow]:
        return [self._row(one) for one in self._store.sales.page(offset, limit, day)]

    def _row(self, summary: "SaleSummary") -> TableRow:
        return receipt_row(summary, self._shop, self._amounts)

    def _show_rows(self, rows: Rows, counted: str) -> None:
        self._state = replace(
            self._state,
            rows=rows,
            counted=counted,
            is_searching=False,
            serial=self._state.serial + 1,
        )
        self._show()

    def _open(self, sale: Sale) -> None:
        detail = ReceiptDetail(
            key=sale.id,
            title=t("Receipt {number}").format(number=isolated(sale.number)),
            about=_about(sale, self._shop, self._amounts),
            why=why_lines(sale, self._amounts),
        )
        self._state = replace(self._state, detail=detail)
        self._show()
        self._draw(sale)

    def _draw(self, sale: Sale) -> None:
        if self._drawing is not None:
            self._drawing.cancel()
        shop = self._shop
        printer = shop.printers[0] if shop.printers else PrinterSettings()

        def work(_working: Working) -> bytes:
            return self._render(sale, shop, printer)

        self._drawing = self._run(
            work,
            lambda picture: self._show_detail(sale.id, picture=picture),
            lambda error: self._draw_failed(sale.id, error),
        )

    def _draw_failed(self, key: str, error: Exception) -> None:
        if not isinstance(error, PosError):
            raise error
        self._show_detail(key, problem=sentence_of(error, self._amounts))

    def _show_detail(self, key: str, *, picture: bytes = b"", problem: str = "") -> None:
        detail = self._state.detail
        if detail is not None and detail.key == key:
            changed = replace(detail, picture=picture, problem=problem)
            self._state = replace(self._state, detail=changed)
            self._show()

    def _show(self) -> None:
        self._state = replace(self._state, notices=self._board.all())
        self._on_state(self._state)


def why_lines(sale: Sale, amounts: AmountFormat) -> tuple[str, ...]:
    """Tell step by step how a document came to its total ("Why this price?")."""
    lines = [
        PriceLine(
            line.quantity,
            line.unit_price,
            line.discount,
            taxes=tuple(figure.tax for figure in line.figures.taxes),
        )
        for line in sale.lines
    ]
    again = price(lines, sale.policy, sale.discounts)
    if again.gross != sale.gross or again.tax != sale.tax:
        # A return carries its sale's figures, a lowest price holds a discount back.
        return (t("The figures of this receipt were fixed by an earlier one or a lowest price."),)
    return explain(lines, sale.policy, sale.discounts, t, amounts.decimal)


def receipt_row(summary: "SaleSummary", shop: ShopSettings, amounts: AmountFormat) -> TableRow:
    """Write a document as a row of the list."""
    methods = method_words()
    at = _local(summary.at, shop)
    cells = (
        summary.number,
        f"{_day_words(at.date(), shop)} {at:%H:%M}",
        amounts.money(summary.gross),
        summary.customer_name,
        " + ".join(methods[method] for method in summary.tender_methods),
        sale_kind_words()[summary.kind],
        str(summary.line_count),
    )
    return TableRow(summary.id, cells, Tone.DANGER if summary.gross.minor < 0 else Tone.PLAIN)


def _about(sale: Sale, shop: ShopSettings, amounts: AmountFormat) -> str:
    at = _local(sale.stamp.at, shop)
    parts = [
        f"{_day_words(at.date(), shop)} {at:%H:%M}",
        t("till {till}").format(till=sale.stamp.till),
        t("cashier {staff}").format(staff=isolated(sale.stamp.staff)),
    ]
    if sale.customer is not None:
        parts.append(isolated(sale.customer.name or sale.customer.number))
    parts.append(amounts.money(sale.gross))
    return " · ".join(parts)


def _local(at: datetime, shop: ShopSettings) -> datetime:
    return at.astimezone(shop_zone(shop.time_zone))


def _day_words(day: date | None, shop: ShopSettings) -> str:
    """Write a date as the country does, in the language of the screen, with the digits 0 to 9."""
    if day is None:
        return ""
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - after the first paint
    from babel.dates import format_date  # noqa: PLC0415 - as above

    language = shop.screen.language
    for name in (f"{language}_{shop.country}", language, "en"):
        try:
            return format_date(day, "medium", locale=Locale.parse(name))
        except (UnknownLocaleError, ValueError):
            continue
    return day.isoformat()


def _columns() -> tuple[Column, ...]:
    return (
        Column(t("Receipt"), 120),
        Column(t("Time"), 176),
        Column(t("Total"), 116, is_figure=True),
        Column(t("Customer"), 150, stretches=True),
        Column(t("Paid by"), 140),
        Column(t("Kind"), 110),
        Column(t("Lines"), 76, is_figure=True),
    )
