"""The document on show beside its list: reading it, and doing what needs no more input."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from pos_app.domain.cart import Cart
from pos_app.domain.document import DocumentChanged
from pos_app.domain.errors import PosError
from pos_app.domain.invoice import Invoice
from pos_app.domain.order import Order
from pos_app.domain.quotation import Quotation
from pos_app.domain.sales_return import SalesReturn
from pos_app.services.document_desk import NoSuchDocument
from pos_app.services.document_history import DocumentEvent, history_of
from pos_app.services.document_records import DOCUMENT_KINDS, ORDER
from pos_app.services.document_use_cases import DocumentUseCases
from pos_app.services.time_zones import business_day
from pos_app.store.records import RecordKind
from pos_app.texts import t
from pos_app.ui.changes import Changes
from pos_app.ui.presenters.background_work import Stoppable
from pos_app.ui.presenters.document_detail import DocumentDetail, detail_of, with_history
from pos_app.ui.presenters.document_words import (
    COLLECT,
    PAY_AT_TILL,
    SalesDocument,
    kind_word,
    record_of,
)
from pos_app.ui.presenters.documents_history import history_rows
from pos_app.ui.presenters.office_desk import OfficeDesk
from pos_app.ui.presenters.refusals import in_one_piece, isolated, sentence_of
from pos_app.ui.views import Notice, NoticeAction, Severity

if TYPE_CHECKING:
    from pos_app.store.store import Store

CHANGED = Changes(documents=True, stock=True, customers=True)
SURE, NEWS = "sure", "news"
_OPEN = "open"
Show = Callable[[str, str], None]
Sheet = Callable[[SalesDocument, str], None]


class Counter(Protocol):
    """The till's counter, which comes to the front with a cart."""

    def sell(self, cart: Cart) -> object:
        """Go on with a cart at the checkout."""


def _no_sheet(_document: SalesDocument, _action: str) -> None:
    """There is no screen yet."""


class DocumentOnShow:
    """Holds one document; `show_other(record, id)` opens another one, here or elsewhere.

    `on_sheet(document, action)` opens what asks for more. A document that somebody else changed
    meanwhile is read anew, so that the next try is made on what is there now.
    """

    def __init__(
        self,
        desk: OfficeDesk,
        cases: DocumentUseCases,
        store: "Store",
        *,
        counter: Counter | None,
        show_other: Show,
        after: Callable[[], None],
    ) -> None:
        self._desk = desk
        self._cases = cases
        self._store = store
        self._counter = counter
        self._show_other = show_other
        self._after = after
        self._job: Stoppable | None = None
        self._shows_letter = False
        self.on_sheet: Sheet = _no_sheet
        self.document: SalesDocument | None = None
        self.detail: DocumentDetail | None = None
        self._direct: dict[tuple[str, str], Callable[[Any], object]] = {
            ("quotation", "submit"): cases.quotations.submit,
            ("invoice", "issue"): cases.invoicing.issue,
            ("invoice", "remind_sent"): cases.invoicing.remind,
        }
        self._sure: dict[tuple[str, str], Callable[[Any], object]] = {
            ("quotation", "delete"): cases.quotations.delete,
            ("order", "delete"): cases.orders.delete,
            ("invoice", "delete"): cases.invoicing.delete,
        }

    def open(self, record: str, document_id: str, *, letter: bool = False) -> None:
        """Show a document; with `letter` also the reminder that can be sent for it.

        Raises NoSuchDocument.
        """
        found = self._store.records.get(_kind(record), document_id)
        if found is None:
            raise NoSuchDocument()
        self._shows_letter = letter
        self._take(found)

    def close(self) -> None:
        """Show the list alone."""
        self._desk.board.take_down(SURE)
        self.document = self.detail = None

    def renew(self) -> None:
        """Read the document on show again, after a change here or elsewhere."""
        if self.document is not None:
            head = self.document.head
            self.open(record_of(self.document), head.id, letter=self._shows_letter)

    def press(self, key: str) -> None:
        """Do what a button says, or open the sheet that asks for more; raises what refuses it."""
        document = self.document
        self._desk.board.take_down(SURE, NEWS)
        if document is None:
            return
        where = (record_of(document), key)
        if where in self._direct:
            self.do(lambda: self._direct[where](document))
        elif where in self._sure:
            self._ask_if_sure(document, key)
        elif key == COLLECT and isinstance(document, Order):
            self._sell(self._cases.till.cart_of(document))
        elif key == PAY_AT_TILL and isinstance(document, Invoice):
            self._sell(self._cases.till.cart_paying(document))
        else:
            self.on_sheet(document, key)

    def act(self, action: str) -> None:
        """Do what a notice's button says."""
        verb, _, rest = action.partition(":")
        if verb == _OPEN:
            record, _, document_id = rest.partition(":")
            self._show_other(record, document_id)
        elif self.document is not None and rest == self.document.head.id:
            document = self.document
            self.do(lambda: self._sure[(record_of(document), verb)](document))

    def do(self, write: Callable[[], object]) -> None:
        """Write something and show what came of it; a stale copy is read anew and told so."""
        try:
            made = write()
        except DocumentChanged:
            self.renew()
            self._after()
            raise
        self.done(made)

    def done(self, made: object) -> None:
        """Show what was made: the document in its new state, or what came of it."""
        before = self.document
        self._desk.publish(CHANGED)
        if self.document is not None and is_same(self.document, made):
            self._take(made)  # type: ignore[arg-type]
            if _is_deleted(self.document):
                self.close()
            self._desk.board.tell(self._told(made, before))  # type: ignore[arg-type]
        elif made is not None:
            self.renew()
            if isinstance(self.document, Quotation) and isinstance(made, Order):
                self._show_other(ORDER.name, made.head.id)  # the next step is the order's
                self._desk.board.tell(self._told(made))
            else:
                self._tell_of_another(made)  # type: ignore[arg-type]
        self._after()

    def _take(self, document: SalesDocument) -> None:
        desk = self._desk
        before = self.detail
        today = business_day(desk.now, desk.checkout.shop)
        if self.document is not None and self.document.head.id != document.head.id:
            self._desk.board.take_down(SURE, NEWS)
        self.document = document
        detail = detail_of(document, self._store, desk, today, has_till=self._counter is not None)
        if before is not None and before.key == detail.key:
            detail = with_history(detail, before.history)
        if self._shows_letter and isinstance(document, Invoice) and _can_remind(detail):
            from pos_app.services.reminders import reminder_text  # noqa: PLC0415 - few are sent

            letter = reminder_text(document, desk.checkout.shop, today)
            detail = replace(detail, letter=f"{letter.subject}\n\n{letter.body}")
        self.detail = detail
        self._read_history(document)

    def _read_history(self, document: SalesDocument) -> None:
        if self._job is not None:
            self._job.cancel()
        record, key = record_of(document), document.head.id
        kind = _kind(record)

        def done(events: tuple[DocumentEvent, ...]) -> None:
            detail = self.detail
            if detail is not None and detail.key == key:
                rows = history_rows(record, events, self._desk.checkout.shop)
                self.detail = with_history(detail, rows)
                self._desk.show()

        self._job = self._desk.run(lambda _working: history_of(self._store, kind, document), done)

    def _sell(self, cart: Cart) -> None:
        if self._counter is not None:
            self._counter.sell(cart)

    def _ask_if_sure(self, document: SalesDocument, key: str) -> None:
        name = in_one_piece(document.head.number) or isolated(document.head.customer.name)
        word = kind_word(record_of(document))
        text = t("Delete {kind} {number}? It cannot be brought back.").format(
            kind=word, number=name
        )
        action = NoticeAction(f"{key}:{document.head.id}", t("Delete"), "trash-2")
        self._desk.board.put(Notice(SURE, Severity.MARK, text, actions=(action,)))

    def _tell_of_another(self, made: SalesDocument) -> None:
        record, number = record_of(made), in_one_piece(made.head.number)
        is_credit = isinstance(made, SalesReturn) and made.is_credit_note
        kind = t("Credit note") if is_credit else kind_word(record)
        text = t("{kind} {number} is written.").format(kind=kind, number=number)
        action = NoticeAction(f"{_OPEN}:{record}:{made.head.id}", t("Open it"), "file-text")
        self._desk.board.tell(text, NEWS, action)

    def _told(self, made: SalesDocument, before: SalesDocument | None = None) -> str:
        record, number = record_of(made), in_one_piece(made.head.number)
        if _is_deleted(made):
            return t("The draft is deleted.")
        if isinstance(made, Invoice) and isinstance(before, Invoice) and made.state is before.state:
            if len(made.reminders) > len(before.reminders):
                return t("The reminder for {number} is noted.").format(number=number)
            if made.remind_on != before.remind_on and made.remind_on is not None:
                day = isolated(self._desk.day_words(made.remind_on))
                told = t("{number} is to be reminded again on {day}.")
                return told.format(number=number, day=day)
        return t("{kind} {number}: {state}.").format(
            kind=kind_word(record),
            number=number,
            state=self.detail.state if self.detail is not None else "",
        )

    def refuse(self, refusal: PosError) -> None:
        """Say why something was refused, in the shop's figures."""
        self._desk.board.refuse(sentence_of(refusal, self._desk.amounts))


def _kind(record: str) -> RecordKind[Any]:
    kinds: tuple[RecordKind[Any], ...] = DOCUMENT_KINDS
    return next(one for one in kinds if one.name == record)


def is_same(document: SalesDocument, made: object) -> bool:
    """Whether what was made is the document itself, one version on."""
    return type(made) is type(document) and made.head.id == document.head.id


def _is_deleted(document: SalesDocument) -> bool:
    return document.state.value == "deleted"


def _can_remind(detail: DocumentDetail) -> bool:
    keys = [one.key for one in detail.others]
    return "remind" in keys or (detail.main is not None and detail.main.key == "remind")
