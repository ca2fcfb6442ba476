"""What a document came from and what came of it, each a link that opens it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pos_app.domain.delivery_note import DeliveryNote
from pos_app.domain.invoice import Invoice
from pos_app.domain.order import Order
from pos_app.domain.quotation import Quotation
from pos_app.services.document_records import (
    DELIVERY_NOTE,
    INVOICE,
    ORDER,
    QUOTATION,
    SALES_RETURN,
    money_of,
)
from pos_app.store.documents import Listed
from pos_app.texts import t
from pos_app.ui.presenters.document_words import SalesDocument, kind_word, state_word
from pos_app.ui.presenters.office_desk import OfficeDesk
from pos_app.ui.presenters.refusals import in_one_piece

if TYPE_CHECKING:
    from pos_app.store.store import Store

RECEIPT = "receipt"
ICONS = {
    QUOTATION.name: "file-text",
    ORDER.name: "clipboard-list",
    DELIVERY_NOTE.name: "truck",
    INVOICE.name: "file-text",
    SALES_RETURN.name: "undo-2",
    RECEIPT: "receipt-text",
}


@dataclass(frozen=True, slots=True)
class Link:
    """Another document: its kind (`receipt` for one of the till), its id, and what it says."""

    record: str
    id: str
    label: str
    about: str = ""


def links_of(document: SalesDocument, store: "Store", desk: OfficeDesk) -> tuple[Link, ...]:
    """Return the documents that belong to one, in the order in which a deal goes."""
    if isinstance(document, Quotation):
        return tuple(_one(ORDER.name, document.order_id, document.order_number))
    if isinstance(document, Order):
        return tuple(_of_order(document, store, desk))
    if isinstance(document, DeliveryNote):
        return (
            *_one(ORDER.name, document.order_id, document.order_number),
            *_one(RECEIPT, document.sale_id, document.sale_number),
        )
    if isinstance(document, Invoice):
        return tuple(_of_invoice(document, desk))
    credited = dict.fromkeys((one.invoice_id, one.invoice_number) for one in document.credited)
    return (
        *_one(ORDER.name, document.order_id, document.order_number),
        *_one(DELIVERY_NOTE.name, document.delivery_id, document.delivery_number),
        *(link for id, number in credited for link in _one(INVOICE.name, id, number)),
    )


def _of_order(order: Order, store: "Store", desk: OfficeDesk) -> Iterator[Link]:
    yield from _one(QUOTATION.name, order.quotation_id, order.quotation_number)
    documents = store.documents
    for note in documents.of_origin(DELIVERY_NOTE.name, order.head.id):
        yield from _listed(DELIVERY_NOTE.name, note, desk.day_words(note.day))
    for invoice in documents.of_origin(INVOICE.name, order.head.id):
        about = state_word(INVOICE.name, invoice.status)
        yield from _listed(INVOICE.name, invoice, _with_money(invoice, about, desk))
    for back in documents.of_origin(SALES_RETURN.name, order.head.id):
        yield from _listed(SALES_RETURN.name, back, _with_money(back, "", desk))
    for note in documents.of_origin(DELIVERY_NOTE.name, order.head.id):
        found = store.records.get(DELIVERY_NOTE, note.id)
        if found is not None:
            yield from _one(RECEIPT, found.sale_id, found.sale_number)


def _of_invoice(invoice: Invoice, desk: OfficeDesk) -> Iterator[Link]:
    yield from _one(ORDER.name, invoice.order_id, invoice.order_number)
    yield from _one(RECEIPT, invoice.sale_id, invoice.sale_number)
    for credit in invoice.credits:
        about = desk.amounts.money(credit.amount)
        yield from _one(SALES_RETURN.name, credit.return_id, credit.number, about)
    for payment in invoice.payments:
        if payment.sale_id and payment.sale_id != invoice.sale_id:
            about = desk.amounts.money(payment.amount)
            yield from _one(RECEIPT, payment.sale_id, payment.remark, about)


def _one(record: str, document_id: str, number: str, about: str = "") -> Iterator[Link]:
    if document_id:
        word = t("Receipt") if record == RECEIPT else kind_word(record)
        yield Link(record, document_id, f"{word} {in_one_piece(number)}".strip(), about)


def _listed(record: str, one: Listed, about: str) -> Iterator[Link]:
    return _one(record, one.id, one.number, about)


def _with_money(one: Listed, about: str, desk: OfficeDesk) -> str:
    amount = desk.amounts.money(money_of(one)[0])
    return f"{amount} · {about}" if about else amount
