"""The receipts screen: finished documents, what one looked like on paper, and why it cost that."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from pos_app.domain.customer import Customer
from pos_app.domain.errors import PosError
from pos_app.domain.receipt_code import parse_receipt_qr
from pos_app.domain.sale import Sale
from pos_app.domain.shop import PrinterSettings, ShopSettings
from pos_app.services.time_zones import shop_zone
from pos_app.texts import t
from pos_app.ui.changes import Changes
from pos_app.ui.presenters.amounts import amount_format
from pos_app.ui.presenters.background_work import RunWork, Stoppable, Working
from pos_app.ui.presenters.notice_board import NoticeBoard
from pos_app.ui.presenters.office_rows import FOUND_MOST, NO_ROWS, FixedRows, PagedRows, Rows
from pos_app.ui.presenters.receipt_fate import fate_of, fate_words
from pos_app.ui.presenters.receipt_invoice import ReceiptInvoices
from pos_app.ui.presenters.receipt_words import (
    about_sale,
    day_words,
    receipt_columns,
    receipt_row,
    why_lines,
)
from pos_app.ui.presenters.refusals import isolated, sentence_of
from pos_app.ui.presenters.typed_figures import typed_decimal
from pos_app.ui.views import Column, Notice, TableRow

if TYPE_CHECKING:
    from pos_app.store.sales import SaleSummary
    from pos_app.store.store import Store

Render = Callable[[Sale, ShopSettings, PrinterSettings], bytes]
PRODUCTS_MOST = 50  # how many products a text may mean when their sales are looked for


class Counter(Protocol):
    """The till's counter, which comes to the front for what is done with a document there."""

    def take_back(self, sale: Sale) -> object:
        """Open the return sheet of a document."""

    def void(self, sale: Sale) -> object:
        """Ask why a document is undone."""


class Reprinting(Protocol):
    """The receipts service as this screen uses it."""

    def reprint(self, sale: Sale) -> object:
        """Hand a marked copy to the spool and journal it."""

    def reprint_slips(self, sale: Sale) -> object:
        """Print the sale's kitchen slips again, marked, and journal it."""


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
    can_return: bool = False
    can_void: bool = False
    fate: str = ""
    has_slips: bool = False
    invoice: str = ""


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
        counter: Counter | None = None,
        invoices: ReceiptInvoices | None = None,
    ) -> None:
        self._store = store
        self._counter = counter
        self._invoices = invoices
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
            self._state, columns=receipt_columns(), is_empty_shop=self._store.sales.count() == 0
        )
        self._list()
        self._renew_detail()

    def search(self, text: str) -> None:
        """List documents by number, customer, product or total, found in the background."""
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
        product = None if sale or receipt else self._store.products.find(number)
        if product is not None:
            self._board.forget_the_moment()
            self.search(product.code)
        elif sale is None:
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
        self._print(self._receipts.reprint, t("A copy of receipt {number} goes to the printer."))

    def reprint_slips(self) -> None:
        """Print the kitchen slips of the document on show again."""
        told = t("The kitchen slips of receipt {number} are printed again.")
        self._print(self._receipts.reprint_slips, told)

    def take_back(self) -> None:
        """Bring the counter to the front with the return of the document on show."""
        sale = self._on_show()
        if sale is not None and self._counter is not None:
            self._counter.take_back(sale)

    def void(self) -> None:
        """Bring the counter to the front to undo the document on show."""
        sale = self._on_show()
        if sale is not None and self._counter is not None:
            self._counter.void(sale)

    def needs_customer(self) -> bool:
        """Whether the invoice of the document on show has nobody yet whose it is."""
        sale = self._on_show()
        return bool(sale and self._invoices and self._invoices.needs_customer(sale))

    def invoice(self, customer: Customer | None = None) -> None:
        """Make the invoice of the document on show, or find it, and show it on its screen."""
        sale = self._on_show()
        if sale is None or self._invoices is None:
            return
        try:
            self._invoices.make(sale, customer)
        except PosError as refusal:
            self._board.refuse(sentence_of(refusal, self._amounts))
        self._renew_detail()
        self._show()

    def _on_show(self) -> Sale | None:
        detail = self._state.detail
        return None if detail is None else self._store.sales.get(detail.key)

    def _print(self, hand_over: Callable[[Sale], object], told: str) -> None:
        sale = self._on_show()
        if sale is None:
            return
        try:
            hand_over(sale)
        except PosError as refusal:
            self._board.refuse(sentence_of(refusal, self._amounts))
        else:
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
        self._state = replace(self._state, day_text=day_words(day, self._shop))
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
            hits = self._store.products.search(text, PRODUCTS_MOST)
            ids = [hit.product.id for hit in hits]
            return self._store.sales.page(0, FOUND_MOST, day, text, amount, ids)

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
        self._show_paper_of(sale)
        self._draw(sale)

    def _show_paper_of(self, sale: Sale) -> None:
        fate = fate_of(self._store.sales, sale)
        has_counter = self._counter is not None
        detail = ReceiptDetail(
            key=sale.id,
            title=t("Receipt {number}").format(number=isolated(sale.number)),
            about=about_sale(sale, self._shop, self._amounts),
            why=why_lines(sale, self._amounts),
            has_slips=self._has_slips(sale),
            can_return=has_counter and fate.can_return,
            can_void=has_counter and fate.can_void,
            fate=fate_words(fate),
            invoice=self._invoice_label(sale),
        )
        self._state = replace(self._state, detail=detail)
        self._show()

    def _renew_detail(self) -> None:
        """Say of the document on show what became of it meanwhile; its paper stays."""
        detail, sale = self._state.detail, self._on_show()
        if detail is None or sale is None:
            return
        fate = fate_of(self._store.sales, sale)
        has_counter = self._counter is not None
        renewed = replace(
            detail,
            can_return=has_counter and fate.can_return,
            can_void=has_counter and fate.can_void,
            fate=fate_words(fate),
            invoice=self._invoice_label(sale),
        )
        if renewed != detail:
            self._state = replace(self._state, detail=renewed)
            self._show()

    def _invoice_label(self, sale: Sale) -> str:
        return "" if self._invoices is None else self._invoices.label(sale)

    def _has_slips(self, sale: Sale) -> bool:
        if not self._shop.kitchen:
            return False
        from pos_app.services.kitchen import has_slips  # noqa: PLC0415 - few shops have a kitchen

        return has_slips(sale, self._shop, self._store.products)

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
