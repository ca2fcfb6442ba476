"""The paper of each sales document: what stands where on quotation, order, invoice and the rest."""

from dataclasses import replace
from decimal import Decimal

from pos_app.domain.delivery_note import DeliveryNote, DeliveryNoteState
from pos_app.domain.document import DocumentHead, DocumentLine
from pos_app.domain.invoice import Invoice, InvoiceState
from pos_app.domain.issuer import shop_of
from pos_app.domain.money import Money
from pos_app.domain.order import Order, OrderState
from pos_app.domain.pricing import Priced
from pos_app.domain.quotation import Quotation, QuotationState
from pos_app.domain.sales_return import SalesReturn
from pos_app.domain.shop import ShopSettings
from pos_app.printing.document_page import (
    Detail,
    DocumentPage,
    Passage,
    Row,
    Table,
    Total,
    Weight,
)
from pos_app.printing.document_pdf import render_document
from pos_app.services.paper_language import paper_language
from pos_app.services.paper_lines import (
    Billed,
    below,
    columns,
    priced_table,
    taxes_of,
    totals_of,
)
from pos_app.services.paper_parts import (
    Pen,
    buyer_of,
    contact_of,
    footer_of,
    logo_of,
    payment_of,
    pen_for,
    seller_of,
)
from pos_app.services.paper_passages import invoice_passages, passages

Document = Quotation | Order | DeliveryNote | Invoice | SalesReturn

_UNDECIDED = (QuotationState.DRAFT, QuotationState.SUBMITTED, QuotationState.REJECTED)
_VOID_ORDERS = (OrderState.CANCELLED, OrderState.DELETED)


def render_paper(document: Document, shop: ShopSettings) -> bytes:
    """Return a document's paper as a PDF; the same document and settings give the same bytes."""
    return render_document(paper_of(document, shop))


def paper_of(document: Document, shop: ShopSettings) -> DocumentPage:
    """Return what stands on a document's paper, in the customer's language.

    What was issued names the shop as it was that day.
    """
    if isinstance(document, Invoice | SalesReturn):
        shop = shop_of(shop, document.issuer)
    page = _page(document, pen_for(paper_language(document.head, shop), shop))
    if not shop.is_training:
        return page
    return replace(page, mark=pen_for(page.language, shop).word("training"))


def _page(document: Document, pen: Pen) -> DocumentPage:
    match document:
        case Quotation():
            return _quotation(document, pen)
        case Order():
            return _order(document, pen)
        case DeliveryNote():
            return _delivery_note(document, pen)
        case Invoice():
            return _invoice(document, pen)
        case SalesReturn():
            return _return(document, pen)


def _quotation(document: Quotation, pen: Pen) -> DocumentPage:
    head = document.head
    billed = _billed(document.lines, head, document.priced, document)
    page = _priced_page(pen, head, "quotation", billed)
    details = (
        *_dated(pen, head, "quotation_number"),
        *pen.detail("valid_until", document.expires),
        *_customer(pen, head),
    )
    is_undecided = document.state in _UNDECIDED
    mark = pen.word("draft") if is_undecided else ""
    return replace(page, details=details, mark=mark, closing=passages(pen, head))


def _order(document: Order, pen: Pen) -> DocumentPage:
    head = document.head
    lines = tuple(line.line for line in document.lines)
    page = _priced_page(pen, head, "order", _billed(lines, head, document.priced, document))
    details = (
        *_dated(pen, head, "order_number"),
        *pen.detail("quotation_number", document.quotation_number),
        *pen.detail("deliver_by", document.deliver_by),
        *_customer(pen, head),
    )
    mark = "draft" if document.state is OrderState.DRAFT else ""
    mark = "cancelled" if document.state in _VOID_ORDERS else mark
    written = pen.word(mark) if mark else ""
    return replace(page, details=details, mark=written, closing=passages(pen, head))


def _delivery_note(document: DeliveryNote, pen: Pen) -> DocumentPage:
    head = document.head
    details = (
        *_dated(pen, head, "delivery_number"),
        *pen.detail("order_number", document.order_number),
        *pen.detail("sale_number", document.sale_number),
        *_customer(pen, head),
        *pen.detail("carrier", document.carrier),
        *pen.detail("tracking", document.tracking),
    )
    rows = [(out.line, (_units(pen, out.line, out.ordered), "")) for out in document.lines]
    is_void = document.state is DeliveryNoteState.CANCELLED
    return replace(
        _plain_page(pen, head, "delivery_note"),
        details=details,
        table=_goods_table(pen, rows, ("ordered", "delivered")),
        closing=passages(pen, head, with_payment=False),
        signatures=(pen.word("place_and_date"), pen.word("received_goods")),
        mark=pen.word("cancelled") if is_void else "",
    )


def _invoice(document: Invoice, pen: Pen) -> DocumentPage:
    head = document.head
    billed = Billed(
        tuple((line.line, line.figures) for line in document.lines),
        head.policy,
        document.taxes,
        document.net,
        document.gross,
        document.rounding,
        document.discounts,
        document.discount_amounts,
    )
    details = (
        *_dated(pen, head, "invoice_number"),
        *pen.detail("delivered_on", document.delivered_on),
        *pen.detail("order_number", document.order_number),
        *pen.detail("sale_number", document.sale_number),
        *_customer(pen, head),
        *(pen.detail("due", document.due) if document.balance.minor > 0 else ()),
    )
    page = _priced_page(pen, head, "invoice", billed)
    is_issued = document.state not in (InvoiceState.DRAFT, InvoiceState.DELETED)
    mark = "" if is_issued else pen.word("draft")
    return replace(
        page,
        details=details,
        totals=(*page.totals, *_settled(pen, document)),
        payment=payment_of(pen, document.balance, head.number) if is_issued else None,
        closing=invoice_passages(pen, document),
        colour=document.colour or page.colour,
        mark=mark,
    )


def _return(document: SalesReturn, pen: Pen) -> DocumentPage:
    head = document.head
    details = (
        *_dated(pen, head, "credit_number" if document.is_credit_note else "return_number"),
        *pen.detail("order_number", document.order_number),
        *pen.detail("delivery_number", document.delivery_number),
        *_customer(pen, head),
    )
    reason = (Passage(document.reason, pen.word("reason")),) if document.reason else ()
    closing = (*reason, *passages(pen, head, with_payment=False))
    if document.is_credit_note:
        page = _credit_page(pen, document)
        return replace(page, details=details, closing=closing)
    rows = [(back.line, ("", back.reason)) for back in document.lines]
    return replace(
        _plain_page(pen, head, "return"),
        details=details,
        table=_goods_table(pen, rows, ("quantity",)),
        closing=closing,
    )


def _credit_page(pen: Pen, document: SalesReturn) -> DocumentPage:
    lines = tuple(
        (replace(one.line, quantity=one.quantity), one.figures) for one in document.credited
    )
    billed = Billed(
        lines, document.head.policy, document.taxes, document.net, document.gross, document.rounding
    )
    page = _priced_page(pen, document.head, "credit_note", billed)
    numbers = ", ".join(document.invoice_numbers)
    credit = pen.figures.money_with_currency(document.credit)
    before = page.totals if len(page.totals) > 1 else ()
    return replace(
        page,
        opening=(Passage(pen.word("credits_invoice", number=numbers)),),
        table=None if page.table is None else _with_shares(pen, page.table, document),
        totals=(*before, Total(pen.word("credit_total"), credit, Weight.DUE)),
    )


def _with_shares(pen: Pen, table: Table, document: SalesReturn) -> Table:
    """Say under a line what of the invoice's discount it gives back less."""
    rows = []
    for row, one in zip(table.rows, document.credited, strict=True):
        share = one.figures.document_discount
        told = f"{pen.word('discount')} {pen.figures.money(-share)}" if share else ""
        rows.append(replace(row, below=below(one.line, told)))
    return replace(table, rows=tuple(rows))


def _plain_page(pen: Pen, head: DocumentHead, title: str) -> DocumentPage:
    """Return what papers with and without prices have in common."""
    return DocumentPage(
        language=pen.language,
        title=pen.word(title),
        number=head.number,
        day=head.day,
        writing=pen.figures,
        seller=seller_of(pen.shop),
        buyer=buyer_of(head.customer, pen),
        contact=contact_of(pen.shop),
        footer=footer_of(pen),
        colour=pen.shop.documents.colour,
        logo_path=logo_of(pen.shop),
    )


def _priced_page(pen: Pen, head: DocumentHead, title: str, billed: Billed) -> DocumentPage:
    return replace(
        _plain_page(pen, head, title),
        table=priced_table(pen, billed),
        taxes=taxes_of(pen, billed.taxes),
        totals=totals_of(pen, billed),
    )


def _billed(
    lines: tuple[DocumentLine, ...],
    head: DocumentHead,
    priced: Priced,
    document: Quotation | Order,
) -> Billed:
    return Billed(
        tuple(zip(lines, priced.lines, strict=True)),
        head.policy,
        priced.taxes,
        priced.net,
        priced.gross,
        Money(0, head.policy.currency),
        document.discounts,
        priced.document_discounts,
    )


def _goods_table(
    pen: Pen, rows: list[tuple[DocumentLine, tuple[str, str]]], figures: tuple[str, ...]
) -> Table:
    """Return goods without prices; each line comes with a figure before its own and a remark."""
    has_codes = any(line.code for line, _ in rows)
    keys = ("position", *(("code",) if has_codes else ()), "description", *figures)
    made = []
    for number, (line, (ordered, remark)) in enumerate(rows, 1):
        code = (line.code,) if has_codes else ()
        before = (ordered,) if len(figures) > 1 else ()
        cells = (f"{number}", *code, line.name, *before, _units(pen, line))
        made.append(Row(cells, below(line, remark)))
    return Table(columns(pen, keys), tuple(made))


def _units(pen: Pen, line: DocumentLine, quantity: Decimal | None = None) -> str:
    return pen.figures.quantity(line.quantity if quantity is None else quantity, line.unit)


def _dated(pen: Pen, head: DocumentHead, number: str) -> tuple[Detail, ...]:
    return (*pen.detail(number, head.number), *pen.detail("date", head.day))


def _customer(pen: Pen, head: DocumentHead) -> tuple[Detail, ...]:
    return (
        *pen.detail("customer_number", head.customer.number),
        *pen.detail("reference", head.reference),
        *pen.detail("your_tax_number", head.customer.tax_number),
        *pen.detail("contact", pen.shop.documents.contact),
    )


def _settled(pen: Pen, invoice: Invoice) -> tuple[Total, ...]:
    """Return what came in and was credited, and what is left to pay."""
    rows = []
    if invoice.paid:
        rows.append(Total(pen.word("paid"), pen.figures.money(-invoice.paid)))
    if invoice.credited:
        rows.append(Total(pen.word("credited"), pen.figures.money(-invoice.credited)))
    is_owed = invoice.balance.minor >= 0
    word = "amount_due" if is_owed else "in_your_favour"
    amount = invoice.balance if is_owed else -invoice.balance
    return (*rows, Total(pen.word(word), pen.figures.money_with_currency(amount), Weight.DUE))
