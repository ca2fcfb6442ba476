"""The report of how orders are carried out: what was agreed, and what of it went out and came back.

Approved orders count, also those that are delivered; drafts and cancelled ones do not.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pos_app.domain.line_shares import share_of
from pos_app.domain.money import Money
from pos_app.domain.order import Order, OrderState
from pos_app.domain.pricing import LineFigures, PricePolicy
from pos_app.domain.report_period import Grain, ReportPeriod, first_day, pieces
from pos_app.domain.report_rates import percent_of

EXECUTED = (OrderState.APPROVED, OrderState.PARTIALLY_DELIVERED, OrderState.FULLY_DELIVERED)
_NONE = Decimal(0)


@dataclass(frozen=True, slots=True)
class OrderFigures:
    """One order with tax: its amount, what was delivered of it, and what of that came back."""

    order_id: str
    number: str
    customer_name: str
    day: date
    state: OrderState
    amount: Money
    delivered: Money
    returned: Money

    @property
    def delivered_rate(self) -> Decimal | None:
        """How much of the amount was delivered, in percent; None where nothing was agreed."""
        return percent_of(self.delivered.minor, self.amount.minor)


@dataclass(frozen=True, slots=True)
class OrderExecution:
    """The orders of a period in one currency, the first first.

    With a product, amounts are those of its lines alone. `left_out` counts drafts and cancelled
    orders of the same days.
    """

    period: ReportPeriod
    currency: str
    orders: tuple[OrderFigures, ...]
    left_out: int = 0

    @property
    def amount(self) -> Money:
        """What all orders come to."""
        return self._sum([order.amount for order in self.orders])

    @property
    def delivered(self) -> Money:
        """What was delivered of all of them."""
        return self._sum([order.delivered for order in self.orders])

    @property
    def returned(self) -> Money:
        """What came back of all of them."""
        return self._sum([order.returned for order in self.orders])

    @property
    def delivered_rate(self) -> Decimal | None:
        """How much of everything was delivered, in percent."""
        return percent_of(self.delivered.minor, self.amount.minor)

    def _sum(self, amounts: list[Money]) -> Money:
        return Money(sum(amount.minor for amount in amounts), self.currency)


def executed_by_piece(
    report: OrderExecution, grain: Grain
) -> tuple[tuple[date, Money, Money], ...]:
    """Return first day, amount and delivered amount of the orders of each piece of the period."""
    sums: dict[date, tuple[int, int]] = {}
    for order in report.orders:
        start = first_day(order.day, grain)
        amount, delivered = sums.get(start, (0, 0))
        sums[start] = amount + order.amount.minor, delivered + order.delivered.minor
    found = []
    for start in pieces(report.period, grain):
        amount, delivered = sums.get(start, (0, 0))
        figures = Money(amount, report.currency), Money(delivered, report.currency)
        found.append((start, *figures))
    return tuple(found)


def order_figures(order: Order, customer_name: str, product_id: str = "") -> OrderFigures:
    """Return the figures of an order, or of its lines of one product."""
    policy = order.head.policy
    amount = delivered = returned = 0
    for line, figures in zip(order.lines, order.priced.lines, strict=True):
        if product_id and line.line.product_id != product_id:
            continue
        whole = line.line.quantity
        amount += figures.gross.minor
        delivered += _worth(figures, whole, line.delivered, policy)
        returned += _worth(figures, whole, line.returned, policy)
    return OrderFigures(
        order.head.id,
        order.head.number,
        customer_name,
        order.head.day,
        order.state,
        Money(amount, policy.currency),
        Money(delivered, policy.currency),
        Money(returned, policy.currency),
    )


def _worth(figures: LineFigures, whole: Decimal, quantity: Decimal, policy: PricePolicy) -> int:
    """What some units of a line are worth with tax; most lines are untouched or gone whole."""
    if not quantity:
        return 0
    if quantity == whole:
        return figures.gross.minor
    return share_of(figures, whole, _NONE, quantity, policy).gross.minor
