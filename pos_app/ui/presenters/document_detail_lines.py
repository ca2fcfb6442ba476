"""The lines of a document on show, with what was delivered, invoiced or credited of each."""

from dataclasses import dataclass

from pos_app.domain.delivery_note import DeliveryNote
from pos_app.domain.document import DocumentLine
from pos_app.domain.invoice import Invoice
from pos_app.domain.order import Order
from pos_app.domain.quotation import Quotation
from pos_app.domain.sales_return import SalesReturn
from pos_app.texts import t
from pos_app.ui.presenters.document_words import SalesDocument
from pos_app.ui.presenters.office_desk import OfficeDesk
from pos_app.ui.views import Column, TableRow, Tone


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines as a list."""

    columns: tuple[Column, ...] = ()
    rows: tuple[TableRow, ...] = ()


def lines_of(document: SalesDocument, desk: OfficeDesk) -> Lines:
    """Return the lines of a document."""
    if isinstance(document, Quotation):
        figures = document.priced.lines
        rows = [
            _row(line, desk, _price(line, desk), desk.amounts.money(one.gross))
            for line, one in zip(document.lines, figures, strict=True)
        ]
        return Lines((*_first(), *_money_columns()), tuple(rows))
    if isinstance(document, Order):
        return _of_order(document, desk)
    if isinstance(document, DeliveryNote):
        rows = [
            _row(one.line, desk, desk.amounts.quantity(one.ordered, one.line.unit))
            for one in document.lines
        ]
        return Lines((*_first(), _figure(t("Ordered"))), tuple(rows))
    if isinstance(document, Invoice):
        return _of_invoice(document, desk)
    return _of_return(document, desk)


def _of_order(order: Order, desk: OfficeDesk) -> Lines:
    rows = []
    for one, figures in zip(order.lines, order.priced.lines, strict=True):
        unit = one.line.unit
        progress = (one.delivered, one.billed, one.returned)
        is_done = not one.to_deliver
        rows.append(
            _row(
                one.line,
                desk,
                desk.amounts.money(figures.gross),
                *(desk.amounts.quantity(units, unit) if units else "" for units in progress),
                _price(one.line, desk),
                tone=Tone.SUCCESS if is_done else Tone.PLAIN,
            )
        )
    columns = (
        *_first(),
        _figure(t("Amount")),
        _figure(t("Shipped")),
        _figure(t("Invoiced")),
        _figure(t("Returned")),
        _figure(t("Price")),
    )
    return Lines(columns, tuple(rows))


def _of_invoice(invoice: Invoice, desk: OfficeDesk) -> Lines:
    rows = [
        _row(
            one.line,
            desk,
            _price(one.line, desk),
            desk.amounts.money(one.figures.gross),
            desk.amounts.quantity(one.credited, one.line.unit) if one.credited else "",
        )
        for one in invoice.lines
    ]
    return Lines((*_first(), *_money_columns(), _figure(t("Credited"))), tuple(rows))


def _of_return(document: SalesReturn, desk: OfficeDesk) -> Lines:
    def why(reason: str, is_spoilt: bool) -> str:
        return " · ".join(part for part in (reason, t("Spoilt") if is_spoilt else "") if part)

    rows = [
        _row(one.line, desk, desk.amounts.money(one.figures.gross), why(one.reason, one.is_spoilt))
        for one in document.lines
    ]
    if not rows:  # nothing came back, an invoice was credited
        rows = [
            TableRow(
                f"{one.invoice_id} {one.invoice_line_id}",
                (
                    one.line.name,
                    desk.amounts.quantity(one.quantity, one.line.unit),
                    desk.amounts.money(one.figures.gross),
                    one.invoice_number,
                ),
            )
            for one in document.credited
        ]
    return Lines((*_first(), _figure(t("Amount")), Column(t("Why"), 140)), tuple(rows))


def _row(line: DocumentLine, desk: OfficeDesk, *cells: str, tone: Tone = Tone.PLAIN) -> TableRow:
    quantity = desk.amounts.quantity(line.quantity, line.unit)
    return TableRow(line.id, (line.name, quantity, *cells), tone)


def _price(line: DocumentLine, desk: OfficeDesk) -> str:
    return desk.amounts.price(line.unit_price)


def _first() -> tuple[Column, ...]:
    return Column(t("Name"), 130, stretches=True), Column(t("Quantity"), 95, is_figure=True)


def _figure(title: str) -> Column:
    return Column(title, 108, is_figure=True)


def _money_columns() -> tuple[Column, ...]:
    return _figure(t("Price")), _figure(t("Amount"))
