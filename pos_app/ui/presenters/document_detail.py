"""One document on show: who and when, its lines and figures, what came of it, what can be done."""

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from pos_app.domain import invoice as invoices
from pos_app.domain import order as orders
from pos_app.domain import quotation as quotations
from pos_app.domain.delivery_note import DeliveryNote
from pos_app.domain.invoice import Invoice, InvoiceState
from pos_app.domain.order import Order, OrderAction
from pos_app.domain.quotation import Quotation, QuotationState
from pos_app.domain.sales_return import SalesReturn
from pos_app.texts import t
from pos_app.ui.presenters.document_detail_figures import Fact, figures_of, progress_of
from pos_app.ui.presenters.document_detail_lines import Lines, lines_of
from pos_app.ui.presenters.document_detail_links import Link, links_of
from pos_app.ui.presenters.document_words import (
    COLLECT,
    COPY,
    PAY_AT_TILL,
    TRANSPORT,
    SalesDocument,
    buttons_of,
    kind_word,
    record_of,
    state_tone,
    state_word,
)
from pos_app.ui.presenters.office_desk import OfficeDesk
from pos_app.ui.presenters.refusals import in_one_piece, isolated
from pos_app.ui.views import SheetAction, TableRow, Tone

if TYPE_CHECKING:
    from pos_app.store.store import Store


@dataclass(frozen=True, slots=True)
class DocumentDetail:
    """Everything about one document; `history` and `letter` come a moment later.

    `letter` is the reminder that can be sent now.
    """

    key: str
    record: str
    version: int
    title: str
    state: str
    tone: Tone
    who: str
    alert: str
    facts: tuple[Fact, ...]
    figures: tuple[Fact, ...]
    progress: tuple[Fact, ...]
    lines: Lines
    links: tuple[Link, ...]
    remarks: tuple[Fact, ...]
    main: SheetAction | None
    others: tuple[SheetAction, ...]
    history: tuple[TableRow, ...] = ()
    letter: str = ""


def detail_of(
    document: SalesDocument, store: "Store", desk: OfficeDesk, today: date, *, has_till: bool
) -> DocumentDetail:
    """Return what there is to see of a document now."""
    record, head = record_of(document), document.head
    main, others = buttons_of(record, actions_now(document, today, has_till=has_till))
    return DocumentDetail(
        key=head.id,
        record=record,
        version=head.version,
        title=f"{_title(document, record)} {in_one_piece(head.number)}".strip(),
        state=state_word(record, document.state.value),
        tone=_tone(document, today),
        who=_who(document),
        alert=_alert(document, desk, today),
        facts=_facts(document, desk),
        figures=figures_of(document, desk),
        progress=progress_of(document, desk),
        lines=lines_of(document, desk),
        links=links_of(document, store, desk),
        remarks=_remarks(document),
        main=main,
        others=others,
    )


def actions_now(document: SalesDocument, today: date, *, has_till: bool) -> list[str]:
    """Return what can be done with a document now, as its own rules say, and beside them."""
    if isinstance(document, Quotation):
        keys = [str(one) for one in quotations.actions_of(document, today)]
        is_draft = document.state is QuotationState.DRAFT
        return keys if is_draft else [*keys, COPY]
    if isinstance(document, Order):
        possible = orders.actions_of(document)
        keys = [str(one) for one in possible]
        if has_till and OrderAction.DELIVER in possible:
            keys.insert(keys.index("deliver") + 1, COLLECT)
        return keys
    if isinstance(document, Invoice):
        keys = [str(one) for one in invoices.actions_of(document)]
        if has_till and "receive" in keys:
            keys.insert(keys.index("receive") + 1, PAY_AT_TILL)
        return keys
    return [TRANSPORT] if isinstance(document, DeliveryNote) else []


def with_history(detail: DocumentDetail, rows: tuple[TableRow, ...]) -> DocumentDetail:
    """Return it with what happened to it."""
    return replace(detail, history=rows)


def _title(document: SalesDocument, record: str) -> str:
    if isinstance(document, SalesReturn) and document.is_credit_note:
        return t("Credit note")
    return kind_word(record)


def _tone(document: SalesDocument, today: date) -> Tone:
    if isinstance(document, Invoice) and invoices.is_overdue(document, today):
        return Tone.DANGER
    return state_tone(document.state)


def _who(document: SalesDocument) -> str:
    customer = document.head.customer
    place = " ".join(part for part in (customer.postcode, customer.city) if part)
    parts = (customer.name, customer.contact, customer.phone, place)
    return " · ".join(isolated(part) for part in parts if part)


def _alert(document: SalesDocument, desk: OfficeDesk, today: date) -> str:
    """Return what somebody should know before anything else, if there is something."""
    if isinstance(document, Invoice) and invoices.is_overdue(document, today):
        days = (today - document.due).days
        return t("{amount} should have been paid {days} days ago.").format(
            amount=isolated(desk.amounts.money(document.balance)), days=days
        )
    if isinstance(document, Invoice) and _is_paid_too_much(document):
        amount = isolated(desk.amounts.money(-document.balance))
        return t("{amount} was paid too much. Pay it back.").format(amount=amount)
    if isinstance(document, Quotation) and document.state is QuotationState.EXPIRED:
        return t("It was good until {day}. Make a copy with today’s prices.").format(
            day=desk.day_words(document.expires)
        )
    if isinstance(document, Order) and document.deliver_by is not None:
        is_waiting = OrderAction.DELIVER in orders.actions_of(document)
        if is_waiting and document.deliver_by < today:
            day = desk.day_words(document.deliver_by)
            return t("It should have been delivered by {day}.").format(day=day)
    return ""


def _is_paid_too_much(invoice: Invoice) -> bool:
    is_out = invoice.state not in (InvoiceState.DRAFT, InvoiceState.DELETED)
    return is_out and invoice.balance.minor < 0


def _facts(document: SalesDocument, desk: OfficeDesk) -> tuple[Fact, ...]:
    head = document.head
    found = [Fact(t("Date"), desk.day_words(head.day))]
    if isinstance(document, Quotation):
        found.append(Fact(t("Valid until"), desk.day_words(document.expires)))
    elif isinstance(document, Order):
        found.append(Fact(t("Deliver by"), desk.day_words(document.deliver_by)))
        found.append(Fact(t("Location"), document.location))
    elif isinstance(document, DeliveryNote):
        found.append(Fact(t("Location"), document.location))
        found.append(Fact(t("Carrier"), document.carrier))
        found.append(Fact(t("Tracking number"), document.tracking))
    elif isinstance(document, Invoice):
        found.append(Fact(t("Due"), desk.day_words(document.due)))
        found.append(Fact(t("Delivery date"), desk.day_words(document.delivered_on)))
        found.append(Fact(t("Next reminder"), desk.day_words(_next_reminder(document))))
        sent = ", ".join(desk.day_words(one.day) for one in document.reminders)
        found.append(Fact(t("Reminders sent"), sent))
    else:
        found.append(Fact(t("Location"), document.location))
    found.append(Fact(t("Customer number"), head.customer.number))
    found.append(Fact(t("Their reference"), head.reference))
    return tuple(one for one in found if one.value)


def _next_reminder(invoice: Invoice) -> date | None:
    is_owed = invoice.state is not InvoiceState.DRAFT and invoice.balance.minor > 0
    return invoice.remind_on if is_owed else None


def _remarks(document: SalesDocument) -> tuple[Fact, ...]:
    head = document.head
    said = ""
    if isinstance(document, Quotation):
        said = document.decision
    elif isinstance(document, Order):
        said = document.remark
    elif isinstance(document, SalesReturn):
        said = document.reason
    found = (
        Fact(t("Reason") if isinstance(document, SalesReturn) else t("Decision"), said),
        Fact(t("Payment terms"), head.payment_terms),
        Fact(t("Shipping terms"), head.shipping_terms),
        Fact(t("Remarks"), head.remarks),
        Fact(t("Internal note"), head.internal_note),
    )
    return tuple(one for one in found if one.value)
