"""Invoices that ask for more than their order did: that much more must be within the credit."""

from decimal import ROUND_CEILING, Decimal

from pos_app.domain.invoice import Invoice
from pos_app.domain.line_shares import share_of
from pos_app.domain.order import Order
from pos_app.server.office_credit import require_credit
from pos_app.server.office_desk import OfficeDesk


def require_credit_beyond(
    desk: OfficeDesk, order: Order, invoice: Invoice, *, may_override: bool
) -> None:
    """Check an invoice of an order whose own prices make it dearer than what was approved.

    A smallest unit of the currency for each piece is what rounding a net price makes, and no more.
    Raises CustomerOverLimit or CustomerPastDue.
    """
    units = sum((line.line.quantity for line in invoice.lines), Decimal(0))
    rounding = int(units.to_integral_value(ROUND_CEILING))
    if invoice.total.minor > _worth(order, invoice) + rounding:
        customer_id = invoice.head.customer.id
        require_credit(desk, customer_id, invoice.total, may_override=may_override)


def _worth(order: Order, invoice: Invoice) -> int:
    """Return what the units of an invoice come to at the order's prices, in minor units."""
    policy, minor = order.head.policy, 0
    billed: dict[str, Decimal] = {}
    for billing in invoice.lines:
        key = billing.order_line_id
        billed[key] = billed.get(key, Decimal(0)) + billing.line.quantity
    for line, figures in zip(order.lines, order.priced.lines, strict=True):
        quantity = billed.get(line.line.id, Decimal(0))
        if quantity:
            before = line.invoiced + line.ahead
            share = share_of(figures, line.line.quantity, before, quantity, policy)
            minor += share.gross.minor
    return minor
