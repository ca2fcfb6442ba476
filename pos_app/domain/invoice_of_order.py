"""The invoice of an order: which of its units, as exact shares of it or at prices of their own."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from pos_app.domain import order as orders
from pos_app.domain.discount import NO_DISCOUNT
from pos_app.domain.document import DocumentEmpty, DocumentHead, DocumentLine, Party
from pos_app.domain.invoice import Invoice, InvoiceLine, InvoiceState
from pos_app.domain.line_shares import rest_of, share_of, summed_figures, turned
from pos_app.domain.order import InvoiceBasis, MoreThanDelivered, Order, OrderLine
from pos_app.domain.pricing import LineFigures
from pos_app.domain.sales_return import SalesReturn
from pos_app.domain.tax import Tax

_NONE = Decimal(0)


@dataclass(frozen=True, slots=True)
class OwnPrice:
    """Units of an order that are invoiced at a price of their own, and not at the order's.

    `item` is a product's id or code, or the id of the order's line; `unit_price` is in currency
    units without tax, `tax_rate` in percent; without one the line's own taxes count.
    """

    item: str
    quantity: Decimal
    unit_price: Decimal
    tax_rate: Decimal | None = None
    remark: str = ""


def wanted_of(
    order: Order, basis: InvoiceBasis, quantities: Mapping[str, Decimal] | None
) -> dict[str, Decimal]:
    """Return what to invoice by line id; without quantities all that can be.

    Raises DocumentEmpty, OrderNotApproved or OrderIsOver.
    """
    if quantities is None:
        found = {line.line.id: line.to_invoice(basis) for line in order.lines}
    else:
        found = dict(quantities)
    wanted = {line_id: quantity for line_id, quantity in found.items() if quantity}
    orders.state_after(order, orders.OrderAction.INVOICE)
    if not wanted:
        raise DocumentEmpty()
    return wanted


def shared_lines(
    order: Order, wanted: Mapping[str, Decimal], billed: Mapping[str, LineFigures]
) -> list[InvoiceLine]:
    """Return lines for units of an order, by line id; all of an order's invoices sum to it.

    `billed` is what `billed_after_cancelling` says.
    """
    lines = []
    for line, figures in zip(order.lines, order.priced.lines, strict=True):
        quantity = wanted.get(line.line.id, _NONE)
        if not quantity:
            continue
        before = line.invoiced + line.ahead
        whole, policy = line.line.quantity, order.head.policy
        part = share_of(figures, whole, before, quantity, policy)
        if line.line.id in billed:
            taken = billed[line.line.id]
            part = rest_of(figures, whole, before + quantity, taken, policy) or part
        document_line = replace(line.line, quantity=quantity)
        lines.append(InvoiceLine(document_line, part, order_line_id=line.line.id))
    return lines


def charged_lines(
    order: Order, prices: Sequence[OwnPrice], basis: InvoiceBasis
) -> list[tuple[DocumentLine, str]]:
    """Return lines at prices of their own, each with the id of the order's line that it takes from.

    A product on several lines of the order takes from the first ones first. The prices are without
    tax, whatever the order's are. Raises MoreThanDelivered for more than can be invoiced, of a
    product that is not on the order too.
    """
    left = {line.line.id: line.to_invoice(basis) for line in order.lines}
    found: list[tuple[DocumentLine, str]] = []
    for price in prices:
        places = _places(order, price.item)
        room = sum((left[line.line.id] for line in places), _NONE)
        if not price.quantity.is_finite() or not 0 < price.quantity <= room:
            name = places[0].line.name if places else price.item
            raise MoreThanDelivered(left=room, name=name, number=order.head.number)
        rest = price.quantity
        for place in places:
            part = min(rest, left[place.line.id])
            if part > 0:
                line_id = str(len(found) + 1)
                found.append((own_line(place.line, line_id, part, price), place.line.id))
                left[place.line.id] -= part
                rest -= part
    return found


def own_line(line: DocumentLine, line_id: str, quantity: Decimal, price: OwnPrice) -> DocumentLine:
    """Return a line with another price without tax and, where one is given, another rate of tax."""
    taxes = line.taxes if price.tax_rate is None else (tax_at(price.tax_rate, line.taxes),)
    return replace(
        line,
        id=line_id,
        quantity=quantity,
        unit_price=price.unit_price,
        taxes=tuple(replace(tax, included=None) for tax in taxes),
        discount=NO_DISCOUNT,
        remark=price.remark or line.remark,
    )


def tax_at(rate: Decimal, known: Iterable[Tax]) -> Tax:
    """Return the known tax with a rate in percent, or one that says no more than its rate."""
    for tax in known:
        if tax.rate == rate:
            return tax
    return Tax(rate=rate, name=f"{rate.normalize():f} %")


def units_by_line(lines: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    """Add up units by the id of the order's line that they are of."""
    found: dict[str, Decimal] = {}
    for order_line_id, quantity in lines:
        if order_line_id:
            found[order_line_id] = found.get(order_line_id, _NONE) + quantity
    return found


def head_of_invoice(head: DocumentHead, order: Order, party: Party, remarks: str) -> DocumentHead:
    """Return a new head with what the order agreed; `party` is the customer as they are now."""
    return replace(
        head,
        customer=party,
        policy=order.head.policy,
        payment_terms=order.head.payment_terms,
        shipping_terms=order.head.shipping_terms,
        remarks=remarks,
        reference=order.head.reference,
        language=order.head.language,
    )


def of_order(
    invoice: Invoice, order: Order, basis: InvoiceBasis, delivered_on: date | None
) -> Invoice:
    """Return an invoice that names the order it is of."""
    return replace(
        invoice,
        basis=basis,
        order_id=order.head.id,
        order_number=order.head.number,
        delivered_on=delivered_on,
    )


def billed_after_cancelling(
    order: Order, invoices: Sequence[Invoice], notes: Sequence[SalesReturn]
) -> dict[str, LineFigures]:
    """Return what is billed of an order's lines, by their id; empty where nothing was cancelled.

    `invoices` and `notes` are all of the order. What was credited for goods that came back counts
    as billed, as its units do. What was billed with other taxes, before the order went back to
    draft, is all cancelled and does not count; neither does an invoice that was deleted.
    """
    cancelled = [line for note in notes if not note.lines for line in note.credited]
    if not cancelled:
        return {}
    priced = zip(order.lines, order.priced.lines, strict=True)
    taxed = {line.line.id: _taxes(figures) for line, figures in priced}
    parts: dict[str, list[LineFigures]] = {}
    order_lines: dict[tuple[str, str], str] = {}
    for invoice in invoices:
        if invoice.state is InvoiceState.DELETED:
            continue
        for line in invoice.lines:
            order_lines[invoice.head.id, line.line.id] = line.order_line_id
            if taxed.get(line.order_line_id) == _taxes(line.figures):
                parts.setdefault(line.order_line_id, []).append(line.figures)
    for credited in cancelled:
        place = order_lines[credited.invoice_id, credited.invoice_line_id]
        if taxed.get(place) == _taxes(credited.figures):
            parts[place].append(turned(credited.figures))
    return {place: summed_figures(found) for place, found in parts.items()}


def _places(order: Order, item: str) -> list[OrderLine]:
    """Return the lines of a product by its id or code, or the line of that id where there is none.

    Products come first: a shop's codes can be as short as the ids of lines.
    """
    by_id = [line for line in order.lines if line.line.product_id == item]
    found = by_id or [line for line in order.lines if line.line.code == item]
    return found or [line for line in order.lines if line.line.id == item]


def _taxes(figures: LineFigures) -> tuple[Tax, ...]:
    return tuple(figure.tax for figure in figures.taxes)
