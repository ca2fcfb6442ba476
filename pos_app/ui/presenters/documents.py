"""A screen of sales documents: its lists, which is in front, and the document beside it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from pos_app.domain.approval import ApprovalNeeded
from pos_app.domain.quotation import Quotation
from pos_app.services.checkout import Checkout
from pos_app.services.document_records import DOCUMENT_KINDS, INVOICE, QUOTATION
from pos_app.services.document_use_cases import DocumentUseCases, document_use_cases
from pos_app.store.records import RecordKind
from pos_app.texts import t
from pos_app.ui.changes import Changes
from pos_app.ui.presenters.background_work import RunWork
from pos_app.ui.presenters.document_detail import DocumentDetail
from pos_app.ui.presenters.document_list import DocumentList
from pos_app.ui.presenters.document_list_tabs import OPEN, ListTab
from pos_app.ui.presenters.document_words import COPY, SalesDocument
from pos_app.ui.presenters.documents_on_show import Counter, DocumentOnShow, Sheet
from pos_app.ui.presenters.documents_receivables import RECEIVABLES, ReceivablesList
from pos_app.ui.presenters.office_desk import OfficeDesk
from pos_app.ui.presenters.office_rows import NO_ROWS, Rows
from pos_app.ui.presenters.stock_page import PageField
from pos_app.ui.views import CategoryView, Column, Notice

if TYPE_CHECKING:
    from pos_app.store.documents import DocumentFilter
    from pos_app.store.store import Store

REMIND = "remind"
Listing = DocumentList | ReceivablesList
Elsewhere = Callable[[str, str], None]


@dataclass(frozen=True, slots=True)
class DocumentsState:
    """Everything on a screen of documents; `serial` grows whenever the rows are new."""

    tabs: tuple[CategoryView, ...] = ()
    tab: str = ""
    title: str = ""
    hint: str = ""
    new: str = ""
    columns: tuple[Column, ...] = ()
    rows: Rows = NO_ROWS
    serial: int = 0
    text: str = ""
    counted: str = ""
    sums: str = ""
    is_searching: bool = False
    is_empty_shop: bool = False
    empty: tuple[str, str, str] = ("", "", "")
    states: tuple[CategoryView, ...] = ()
    state: str = ""
    fields: tuple[PageField, ...] = ()
    shows_filters: bool = False
    filter_count: int = 0
    is_narrowed: bool = False
    has_filters: bool = True
    can_make_papers: bool = False
    detail: DocumentDetail | None = None
    notices: tuple[Notice, ...] = ()


class DocumentsPresenter:
    """Lists documents in tabs and shows one of them.

    `elsewhere(record, id)` opens what another screen shows: receipts, and documents of the other
    kinds. `on_edit(document, record)` opens the sheet that writes a document, None for a new one.
    """

    def __init__(
        self,
        checkout: Checkout,
        tabs: Sequence[ListTab],
        run: RunWork,
        on_state: Callable[[DocumentsState], None],
        publish: Callable[[Changes], None] = lambda _changes: None,
        *,
        counter: Counter | None = None,
        elsewhere: Elsewhere = lambda _record, _id: None,
        has_receivables: bool = False,
    ) -> None:
        self._store: Store = checkout.store
        self._on_state = on_state
        self._elsewhere = elsewhere
        self.desk = OfficeDesk(checkout, run, self.show, publish)
        self.cases: DocumentUseCases = document_use_cases(checkout)
        lists: list[Listing] = [DocumentList(tab, self.desk, self._store) for tab in tabs]
        if has_receivables:
            lists.append(ReceivablesList(self.desk, self._store))
        self._lists = {one.tab.key: one for one in lists}
        self._front = lists[0].tab.key
        self._read: set[str] = set()
        self._shown: tuple[str, int] = ("", -1)
        self._serial = 0
        self._shows_filters = False
        self.on_edit: Callable[[SalesDocument | None, str], None] = lambda _one, _record: None
        self.on_show = DocumentOnShow(
            self.desk,
            self.cases,
            self._store,
            counter=counter,
            show_other=self.open_any,
            after=self._read_again,
        )
        self.on_show.on_sheet = lambda _document, _action: None
        self._state = DocumentsState()

    @property
    def state(self) -> DocumentsState:
        """What the screen shows now."""
        return self._state

    @property
    def list(self) -> Listing:
        """The list in front."""
        return self._lists[self._front]

    def ask_with(self, ask: Callable[[ApprovalNeeded, Callable[[], None]], None]) -> None:
        """Ask for approvals with `ask(need, again)`."""
        self.desk.ask = ask

    def use_sheets(
        self, on_sheet: Sheet, on_edit: Callable[[SalesDocument | None, str], None]
    ) -> None:
        """Open what asks for more with these."""
        self.on_show.on_sheet, self.on_edit = on_sheet, on_edit

    def begin(self) -> None:
        """Read the first list; quotations past their date end beside that."""
        self._first_read()
        if self.list.tab.record == QUOTATION.name:
            self.desk.work(self.cases.quotations.expire_due, self._expired)

    def turn(self, key: str) -> None:
        """Bring a list to the front."""
        self._front = key
        self.on_show.close()
        self._shows_filters = False
        self.desk.board.forget_the_moment()
        if key in self._read:
            self.list.refresh()
        else:
            self._first_read()
        self.show()

    def refresh(self, *, settings: bool = False) -> None:
        """Read anew what is to be seen, after a change anywhere."""
        if settings:
            self.desk.renew()
        self._read_again()
        self.desk.gesture(self.on_show.renew)

    def search(self, text: str) -> None:
        """Look for a number, an order's number or a customer."""
        self.list.search(text)
        self.show()

    def scan(self, code: str) -> None:
        """Open the document whose number was scanned, or look for it."""
        kinds: tuple[RecordKind[Any], ...] = DOCUMENT_KINDS
        for kind in kinds:
            document = self._store.records.by_code(kind, code.strip())
            if document is not None:
                self.open_any(kind.name, document.head.id)
                return
        self.search(code)

    def choose_state(self, state: str) -> None:
        """Leave the documents in one state."""
        self.list.choose_state(state)
        self.show()

    def toggle_filters(self) -> None:
        """Show the filters in the place of the detail, or put them away."""
        self._shows_filters = not self._shows_filters
        if self._shows_filters:
            self.on_show.close()
        self.show()

    def filter(self, key: str, text: str) -> None:
        """Take what was typed in a filter."""
        form = self.list.form
        before = form.chosen
        form.change(key, text)
        if form.chosen != before:
            self.list.read()
        self.show()

    def clear(self) -> None:
        """Take every filter away."""
        self.list.clear()
        self.show()

    def show_customer(self, customer_id: str) -> None:
        """List the documents of one customer; among invoices what is open."""
        self.list.clear()
        self.list.form.choose_customer(customer_id)
        if self.list.tab.record == INVOICE.name:
            self.list.choose_state(OPEN)
        else:
            self.list.read()
        self.show()

    def open(self, key: str) -> None:
        """Show a document of the list beside it; a customer who owes shows their open invoices."""
        if self._front == RECEIVABLES:
            self.turn("invoices")
            self.show_customer(key)
            return
        detail = self.on_show.detail
        if detail is not None and detail.key == key:
            return
        self.open_any(self.list.tab.record, key)

    def open_any(self, record: str, document_id: str) -> None:
        """Show a document of any kind, in its own list or on its own screen."""
        tab = next((key for key, one in self._lists.items() if one.tab.record == record), "")
        if not tab:
            self._elsewhere(record, document_id)
            return
        if self.list.tab.record != record:
            self.turn(tab)
        self._shows_filters = False
        is_to_remind = self._front == REMIND
        self.desk.gesture(partial(self.on_show.open, record, document_id, letter=is_to_remind))

    def close(self) -> None:
        """Show the list alone."""
        self.on_show.close()
        self.show()

    def new(self) -> None:
        """Write a new document of the kind in front."""
        if self.list.tab.new:
            self.on_edit(None, self.list.tab.record)

    def press(self, key: str) -> None:
        """Do what a button of the detail says."""
        document = self.on_show.document
        if key == "change" and document is not None:
            self.on_edit(document, self.list.tab.record)
            return
        if key == COPY and isinstance(document, Quotation):
            self.on_edit(self.cases.quotations.copy(document), self.list.tab.record)
            return
        self.desk.gesture(lambda: self.on_show.press(key))

    def saved(self, document: SalesDocument) -> None:
        """Follow a document that was written in its sheet."""
        self.desk.gesture(lambda: self._follow(document))

    def done(self, made: object) -> None:
        """Follow what a step's sheet has done."""
        self.desk.gesture(lambda: self.on_show.done(made))

    def act(self, notice: str, action: str) -> None:
        """Do what a notice's button says."""
        self.desk.board.take_down(notice)
        self.desk.gesture(lambda: self.on_show.act(action))

    def chosen(self) -> "tuple[str, DocumentFilter] | None":
        """Return the kind and the filter of the list in front, to do something with all of it."""
        listing = self.list
        if isinstance(listing, DocumentList):
            return listing.tab.record, listing.chosen()
        return None

    def dismiss(self, key: str) -> None:
        """Take a notice away."""
        self.desk.board.take_down(key)
        self.show()

    def tell(self, text: str) -> None:
        """Say something that leaves by itself."""
        self.desk.board.tell(text)
        self.show()

    def show(self) -> None:
        """Hand the screen what there is to show now."""
        listing = self.list
        tab = listing.tab
        if self._shown != (tab.key, listing.serial):
            self._shown = (tab.key, listing.serial)
            self._serial += 1
        self._state = DocumentsState(
            tabs=tuple(CategoryView(key, one.tab.title) for key, one in self._lists.items()),
            tab=tab.key,
            title=tab.title,
            hint=t("Number or customer"),
            new=tab.new,
            columns=tab.columns,
            rows=listing.rows,
            serial=self._serial,
            text=listing.text,
            counted=t("Searching …") if listing.is_searching else listing.counted,
            sums=listing.sums,
            is_searching=listing.is_searching,
            is_empty_shop=listing.is_empty_shop,
            empty=tab.empty,
            states=tab.states(),
            state=listing.state,
            fields=listing.form.fields() if self._shows_filters else (),
            shows_filters=self._shows_filters,
            filter_count=listing.form.count,
            is_narrowed=listing.is_narrowed,
            has_filters=bool(tab.dates),
            can_make_papers=bool(tab.dates) and listing.rows.count() > 0,
            detail=self.on_show.detail,
            notices=self.desk.board.all(),
        )
        self._on_state(self._state)

    def _first_read(self) -> None:
        self._read.add(self._front)
        self.list.read()
        self.show()

    def _expired(self, count: int) -> None:
        if count:
            self._read_again()

    def _read_again(self) -> None:
        if self._front in self._read:
            self.list.refresh()

    def _follow(self, document: SalesDocument) -> None:
        """Open what was written if it is new, and say how it is now."""
        on_show = self.on_show
        if on_show.document is None or on_show.document.head.id != document.head.id:
            self._shows_filters = False
            on_show.document = document
        on_show.done(document)
