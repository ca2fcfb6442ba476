"""The report of what customers owe by how late it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from pos_app.domain.money import Money
from pos_app.domain.statement import Ages


@dataclass(frozen=True, slots=True)
class CustomerAges:
    """What a customer owes by age; `credit` (zero or below) is what they have too much."""

    customer_id: str
    number: str
    name: str
    ages: Ages
    credit: Money

    @property
    def balance(self) -> Money:
        """What is owed less what they have too much."""
        return self.ages.all + self.credit


@dataclass(frozen=True, slots=True)
class Receivables:
    """What is owed on a day in one currency, who owes most first."""

    day: date
    currency: str
    customers: tuple[CustomerAges, ...]

    @property
    def total(self) -> CustomerAges:
        """All customers together."""
        return together("", "", "", self.customers, self.currency)


def together(
    customer_id: str, number: str, name: str, group: Iterable[CustomerAges], currency: str
) -> CustomerAges:
    """Sum what several owe into one."""
    members = list(group)

    def money(amounts: Iterable[Money]) -> Money:
        return Money(sum(amount.minor for amount in amounts), currency)

    ages = Ages(
        money(one.ages.not_due for one in members),
        money(one.ages.to_30 for one in members),
        money(one.ages.to_60 for one in members),
        money(one.ages.to_90 for one in members),
        money(one.ages.older for one in members),
    )
    return CustomerAges(customer_id, number, name, ages, money(one.credit for one in members))
