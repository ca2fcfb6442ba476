"""What of an order is still to be invoiced."""

from decimal import Decimal

from pos_app.domain.line_shares import share_of
from pos_app.domain.money import Money
from pos_app.domain.order import InvoiceBasis, Order


def has_to_invoice(order: Order) -> bool:
    """Whether any of what went out is still to be invoiced."""
    return any(line.to_invoice(InvoiceBasis.DELIVERED) for line in order.lines)


def value_to_invoice(order: Order) -> Money:
    """Return what is still to be invoiced with tax, whether it went out or not."""
    left = [line.to_invoice(InvoiceBasis.ORDERED) for line in order.lines]
    policy, minor = order.head.policy, 0
    if any(left):
        for line, figures, units in zip(order.lines, order.priced.lines, left, strict=True):
            part = share_of(figures, line.line.quantity, Decimal(0), units, policy)
            minor += part.gross.minor
    return Money(minor, policy.currency)
