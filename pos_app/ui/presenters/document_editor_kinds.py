"""What differs between writing a quotation, an order and an invoice."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from pos_app.domain.customer import Customer
from pos_app.domain.discount import DocumentDiscount
from pos_app.domain.document import DocumentHead, DocumentLine
from pos_app.domain.errors import PosError
from pos_app.domain.invoice import Invoice
from pos_app.domain.order import Order, OrderLine
from pos_app.domain.quotation import Quotation
from pos_app.services.document_records import INVOICE, ORDER, QUOTATION
from pos_app.services.document_use_cases import DocumentUseCases
from pos_app.store.records import RecordKind
from pos_app.texts import t

Written = Quotation | Order | Invoice
NOBODY = Customer("", "", "")


@dataclass(frozen=True, slots=True)
class Content:
    """What was entered, read and checked."""

    head: DocumentHead
    lines: Sequence[DocumentLine]
    discounts: tuple[DocumentDiscount, ...]
    until: date | None


@dataclass(frozen=True, slots=True)
class EditorKind:
    """How a kind of document is made and kept; `finish` hands a kept draft on to its next state.

    `until` is its second date; `until_hint` says what an empty one means, empty for a needed one.
    """

    record: RecordKind[Any]
    title: str
    until: str
    until_hint: str
    blank: Callable[[Customer], Written]
    filled: Callable[[Any, Content], Written]
    create: Callable[[Any], Written]
    change: Callable[[Any, Any], Written]
    finish: Callable[[Any], Written]
    finish_label: str
    follows_credit_days: bool = False


@dataclass(frozen=True, slots=True)
class Keeping:
    """What became of a document: the kept draft, its next state, and why it went no further."""

    kept: Written | None = None
    finished: Written | None = None
    refusal: PosError | None = None


def keeper(
    kind: EditorKind, kept: Written | None, blank: Written, content: Content, *, is_changed: bool
) -> Callable[[bool], Keeping]:
    """Return what keeps a document, and hands it on where that is wanted, in any thread.

    A draft that stands as it is kept is not written again.
    """

    def keep(is_finished: bool) -> Keeping:
        now: Written | None = None
        try:
            if kept is None:
                now = kind.create(kind.filled(blank, content))
            else:
                now = kind.change(kept, kind.filled(kept, content)) if is_changed else kept
            return Keeping(now, kind.finish(now) if is_finished else None)
        except PosError as refusal:
            return Keeping(now, refusal=refusal)

    return keep


def editor_kind(cases: DocumentUseCases, name: str) -> EditorKind:
    """Return the kind of a record's name: quotation, order or invoice."""
    if name == QUOTATION.name:
        return _quotations(cases)
    if name == ORDER.name:
        return _orders(cases)
    if name == INVOICE.name:
        return _invoices(cases)
    raise ValueError(f"a {name} is not written")


def until_of(document: Written) -> date | None:
    """Return a document's second date."""
    if isinstance(document, Quotation):
        return document.expires
    if isinstance(document, Order):
        return document.deliver_by
    return document.due


def lines_of(document: Written) -> tuple[DocumentLine, ...]:
    """Return what stands on a document."""
    if isinstance(document, Quotation):
        return document.lines
    return tuple(line.line for line in document.lines)


def _quotations(cases: DocumentUseCases) -> EditorKind:
    desk = cases.quotations

    def filled(old: Quotation, content: Content) -> Quotation:
        return replace(
            old,
            head=content.head,
            lines=tuple(content.lines),
            discounts=content.discounts,
            expires=content.until or old.expires,
        )

    return EditorKind(
        QUOTATION,
        t("New quotation"),
        t("Valid until"),
        "",
        desk.draft,
        filled,
        desk.create,
        desk.change,
        desk.submit,
        t("Save and submit"),
    )


def _orders(cases: DocumentUseCases) -> EditorKind:
    desk = cases.orders

    def filled(old: Order, content: Content) -> Order:
        return replace(
            old,
            head=content.head,
            lines=tuple(OrderLine(line) for line in content.lines),
            discounts=content.discounts,
            deliver_by=content.until,
        )

    return EditorKind(
        ORDER,
        t("New order"),
        t("Deliver by"),
        t("May stay empty"),
        desk.draft,
        filled,
        desk.create,
        desk.change,
        lambda order: desk.decide(order, True),
        t("Save and approve"),
    )


def _invoices(cases: DocumentUseCases) -> EditorKind:
    desk = cases.invoicing

    def filled(old: Invoice, content: Content) -> Invoice:
        due = content.until or old.due
        # The day to remind keeps its distance from the day to pay.
        remind_on = old.remind_on and old.remind_on + (due - old.due)
        bare = desk.draft(NOBODY, tuple(content.lines))  # its figures follow when it is kept
        return replace(
            old,
            head=content.head,
            lines=bare.lines,
            discounts=content.discounts,
            due=due,
            remind_on=remind_on,
        )

    return EditorKind(
        INVOICE,
        t("New invoice"),
        t("To be paid by"),
        "",
        desk.draft,
        filled,
        desk.save_draft,
        desk.change,
        desk.issue,
        t("Save and issue"),
        follows_credit_days=True,
    )
