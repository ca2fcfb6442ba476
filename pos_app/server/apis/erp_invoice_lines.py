"""Lines of invoices as the ERP sales module sends and takes them: prices without tax."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated

from pydantic import Field

from pos_app.domain.cart import PRICE_PLACES
from pos_app.domain.discount import NO_DISCOUNT
from pos_app.domain.invoice import Invoice, InvoiceLine
from pos_app.domain.invoice_of_order import OwnPrice
from pos_app.server.apis.erp_deliveries import OfId
from pos_app.server.apis.erp_lines import ITEMS_MOST
from pos_app.server.apis.erp_shapes import Exact, Number, Shape, line_id
from pos_app.server.apis.exact import whole_or_fraction

_HUNDRED = Decimal(100)


class InvoiceItem(Shape):
    """A line of an invoice: `unitPrice` without tax, `totalAmount` with it, `taxRate` in percent.

    The figures are rounded as the document says, and sum to its own.
    """

    id: str
    product_id: str | None
    product_code: str
    product_name: str
    specification: str
    quantity: Number
    unit_price: Number
    tax_rate: Number
    tax_amount: Number
    total_amount: Number


class InvoicedItem(Shape):
    """What is invoiced of a product: its price without tax, and the rate of tax in percent.

    Without a rate the order's own taxes count.
    """

    product_id: OfId
    quantity: Exact
    unit_price: Exact
    tax_rate: Annotated[Exact, Field(ge=0, le=100)] | None = None


InvoicedItems = Annotated[list[InvoicedItem], Field(max_length=ITEMS_MOST)]


def shown_item(invoice: Invoice, line: InvoiceLine) -> InvoiceItem:
    """Return a line of an invoice as it is sent."""
    written, figures = line.line, line.figures
    return InvoiceItem(
        id=line_id(invoice.head.id, written.id),
        product_id=written.product_id,
        product_code=written.code,
        product_name=written.name,
        specification=written.specification,
        quantity=whole_or_fraction(written.quantity),
        unit_price=whole_or_fraction(net_price(invoice, line)),
        tax_rate=whole_or_fraction(tax_percent(line)),
        tax_amount=whole_or_fraction(figures.tax),
        total_amount=whole_or_fraction(figures.gross),
    )


def own_prices(items: list[InvoicedItem]) -> list[OwnPrice]:
    """Return lines that somebody sent as head office's use cases take them."""
    return [
        OwnPrice(item.product_id, item.quantity, item.unit_price, item.tax_rate) for item in items
    ]


def says_the_same(invoice: Invoice, lines: list[OwnPrice]) -> bool:
    """Whether lines that somebody sent are those that the invoice has already."""
    known = [
        (line.line.product_id, line.line.quantity, net_price(invoice, line), tax_percent(line))
        for line in invoice.lines
    ]
    sent = [
        (
            one.item,
            one.quantity,
            one.unit_price,
            tax_percent(line) if one.tax_rate is None else one.tax_rate,
        )
        for one, line in zip(lines, invoice.lines, strict=False)
    ]
    return len(lines) == len(known) and sent == known


def net_price(invoice: Invoice, line: InvoiceLine) -> Decimal:
    """Return the price of a unit without tax: as it was written, or what the line comes to."""
    written, is_gross = line.line, invoice.head.policy.prices_include_tax
    is_net = all(not (is_gross if tax.included is None else tax.included) for tax in written.taxes)
    if is_net and written.discount == NO_DISCOUNT and not line.figures.document_discount.minor:
        return written.unit_price
    each = line.figures.net.amount / written.quantity
    return each.quantize(Decimal(1).scaleb(-PRICE_PLACES), ROUND_HALF_UP)


def tax_percent(line: InvoiceLine) -> Decimal:
    """Return the rate of tax on a line in percent; of several taxes, what they come to."""
    taxes = line.line.taxes
    if len(taxes) == 1 and taxes[0].rate is not None:
        return taxes[0].rate
    net, tax = line.figures.net.minor, line.figures.tax.minor
    if not net or not tax:
        return Decimal(0)
    return (Decimal(tax) * _HUNDRED / net).quantize(Decimal("0.01"), ROUND_HALF_UP)
