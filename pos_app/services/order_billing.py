"""What the invoices of an order bill of each line, after some of them were cancelled."""

from typing import TYPE_CHECKING

from pos_app.domain.invoice_of_order import billed_after_cancelling as billed_by
from pos_app.domain.order import Order
from pos_app.domain.pricing import LineFigures
from pos_app.services.document_records import INVOICE, SALES_RETURN

if TYPE_CHECKING:
    from pos_app.store.transaction import Transaction


def billed_after_cancelling(tx: "Transaction", order: Order) -> dict[str, LineFigures]:
    """Return what is billed of an order's lines, by their id; empty where nothing was cancelled."""
    notes = [
        note
        for one in tx.documents.of_origin(SALES_RETURN.name, order.head.id)
        if (note := tx.records.get(SALES_RETURN, one.id)) is not None
    ]
    if all(note.lines for note in notes):
        return {}
    invoices = [
        invoice
        for one in tx.documents.of_origin(INVOICE.name, order.head.id)
        if (invoice := tx.records.get(INVOICE, one.id)) is not None
    ]
    return billed_by(order, invoices, notes)
