"""What the invoices of an order bill of each line, after some of them were cancelled."""

from typing import TYPE_CHECKING

from pos_app.domain.line_shares import summed_figures, turned
from pos_app.domain.order import Order
from pos_app.domain.pricing import LineFigures
from pos_app.domain.tax import Tax
from pos_app.services.document_records import INVOICE, SALES_RETURN

if TYPE_CHECKING:
    from pos_app.store.transaction import Transaction


def billed_after_cancelling(tx: "Transaction", order: Order) -> dict[str, LineFigures]:
    """Return what is billed of an order's lines, by their id; empty where nothing was cancelled.

    What was credited for goods that came back counts as billed, as its units do. What was billed
    with other taxes, before the order went back to draft, is all cancelled and does not count.
    """
    notes = (
        tx.records.get(SALES_RETURN, one.id)
        for one in tx.documents.of_origin(SALES_RETURN.name, order.head.id)
    )
    cancelled = [line for note in notes if note and not note.lines for line in note.credited]
    if not cancelled:
        return {}
    priced = zip(order.lines, order.priced.lines, strict=True)
    taxed = {line.line.id: _taxes(figures) for line, figures in priced}
    parts: dict[str, list[LineFigures]] = {}
    order_lines: dict[tuple[str, str], str] = {}
    for listed in tx.documents.of_origin(INVOICE.name, order.head.id):
        invoice = tx.records.get(INVOICE, listed.id)
        for line in invoice.lines if invoice is not None else ():
            order_lines[listed.id, line.line.id] = line.order_line_id
            if taxed.get(line.order_line_id) == _taxes(line.figures):
                parts.setdefault(line.order_line_id, []).append(line.figures)
    for credited in cancelled:
        place = order_lines[credited.invoice_id, credited.invoice_line_id]
        if taxed.get(place) == _taxes(credited.figures):
            parts[place].append(turned(credited.figures))
    return {place: summed_figures(found) for place, found in parts.items()}


def _taxes(figures: LineFigures) -> tuple[Tax, ...]:
    return tuple(figure.tax for figure in figures.taxes)
