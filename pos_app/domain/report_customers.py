"""The report of what customers buy and how much of it they have paid.

Turnover is what the counter sold and what was invoiced, less what came back, was voided or
credited. An invoice that asks for a sale of the counter is that sale and counts once. Money held
for others (gift cards, deposits, payments on account or of invoices) is no turnover.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from pos_app.domain.money import Money, RoundingMode, round_ratio
from pos_app.domain.report_period import ReportPeriod
from pos_app.domain.report_rates import percent_of


@dataclass(frozen=True, slots=True)
class Bought:
    """A part of what a customer bought, in minor units; below zero it came back."""

    customer_id: str
    purchases: int = 0
    net: int = 0
    amount: int = 0
    unpaid: int = 0


@dataclass(frozen=True, slots=True)
class CustomerFigures:
    """What a customer bought in a period; no id stands for everybody who gave no name.

    `purchases` counts sales of the counter, and orders or invoices without one; a voided sale
    counts no more. `net` is before tax, `amount` with it, `unpaid` what of that is still owed.
    """

    customer_id: str
    number: str
    name: str
    purchases: int
    net: Money
    amount: Money
    unpaid: Money

    @property
    def average(self) -> Money | None:
        """The amount of a purchase; None without one."""
        if self.purchases <= 0:
            return None
        minor = round_ratio(self.amount.minor, self.purchases, RoundingMode.HALF_UP)
        return Money(minor, self.amount.currency)

    @property
    def payment_rate(self) -> Decimal | None:
        """How much of the amount was paid, in percent; None where nothing is to be paid."""
        if self.amount.minor <= 0:
            return None
        paid = self.amount.minor - min(max(self.unpaid.minor, 0), self.amount.minor)
        return percent_of(paid, self.amount.minor)


@dataclass(frozen=True, slots=True)
class CustomerAnalysis:
    """The customers of a period in one currency, who bought most first.

    `unnamed` is what was sold to nobody in particular; with it the report is all turnover.
    """

    period: ReportPeriod
    currency: str
    customers: tuple[CustomerFigures, ...]
    unnamed: CustomerFigures

    @property
    def total(self) -> CustomerFigures:
        """Everything together."""
        return _together("", "", "", [*self.customers, self.unnamed], self.currency)


def analysed(
    parts: Iterable[Bought],
    names: Mapping[str, tuple[str, str]],
    survivors: Mapping[str, str],
    period: ReportPeriod,
    currency: str,
) -> CustomerAnalysis:
    """Put the parts of each customer together.

    `names` are number and name by id; `survivors` say into whom merged customers went.
    """
    found: dict[str, list[CustomerFigures]] = {}
    for part in parts:
        key = survivors.get(part.customer_id, part.customer_id)
        found.setdefault(key, []).append(_figures(part, currency))
    unnamed = _together("", "", "", found.pop("", []), currency)
    customers = [
        _together(key, *names.get(key, ("", "")), group, currency) for key, group in found.items()
    ]
    customers.sort(key=lambda one: (-one.amount.minor, one.number, one.name, one.customer_id))
    return CustomerAnalysis(period, currency, tuple(customers), unnamed)


def owed_of_period(debt: int, charged: int, charged_later: int) -> int:
    """Return how much of a debt on account is for what was charged in a period (minor units).

    Payments settle the oldest first, so what is owed is for the latest charges.
    """
    return min(max(debt - max(charged_later, 0), 0), max(charged, 0))


def _figures(part: Bought, currency: str) -> CustomerFigures:
    net, amount, unpaid = (Money(m, currency) for m in (part.net, part.amount, part.unpaid))
    return CustomerFigures(part.customer_id, "", "", part.purchases, net, amount, unpaid)


def _together(
    customer_id: str, number: str, name: str, group: list[CustomerFigures], currency: str
) -> CustomerFigures:
    return CustomerFigures(
        customer_id,
        number,
        name,
        sum(one.purchases for one in group),
        Money(sum(one.net.minor for one in group), currency),
        Money(sum(one.amount.minor for one in group), currency),
        Money(sum(one.unpaid.minor for one in group), currency),
    )
