"""The manager's day: what happened, against what it is compared with, and what needs a look."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from pos_app.domain.day_figures import (
    CategorySum,
    DayTotals,
    HourFigure,
    ProductSum,
    StaffSum,
    TaxSum,
    TenderSum,
)
from pos_app.domain.difference import Cause
from pos_app.domain.money import Money
from pos_app.domain.report_period import ReportPeriod
from pos_app.domain.shift_report import OfficeProof

MEAN_WEEKS = 4
SLOW_DAYS = 28


class AttentionKind(StrEnum):
    """What a manager should look at first, the most pressing above."""

    CASH_DIFFERENCE = "cash_difference"
    CHAIN_BROKEN = "chain_broken"
    REFUSED = "refused"  # entries that head office or another server refused
    UNSENT = "unsent"
    VOIDS = "voids"
    REFUNDS = "refunds"
    OVERRIDES = "overrides"
    NO_SALES = "no_sales"
    LOW_STOCK = "low_stock"
    OVERDUE = "overdue"
    SHIFT_OPEN = "shift_open"


class Severity(StrEnum):
    """How pressing it is: `danger` is about money or law, `warning` is worth a look."""

    DANGER = "danger"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Attention:
    """One thing to look at: how often, what it comes to, and whose it is where it is somebody's."""

    kind: AttentionKind
    severity: Severity
    count: int = 0
    amount: Money | None = None
    about: str = ""


@dataclass(frozen=True, slots=True)
class CashSum:
    """One closed or running drawer: `counted` and `difference` are None until it was counted.

    `causes` may explain a difference, the likeliest first; `number` is that of its Z report. Its
    cash came with the documents after `after_row` up to `up_to_row` of the till's store, where that
    is known; None for a drawer that still runs.
    """

    shift_id: str
    number: int
    opened_at: datetime
    closed_at: datetime | None
    staff: str
    expected: Money
    counted: Money | None
    difference: Money | None
    causes: tuple[Cause, ...] = ()
    after_row: int = 0
    up_to_row: int | None = None


@dataclass(frozen=True, slots=True)
class SlowProduct:
    """A product in stock that nobody bought for a long time; `last_sold` None for never."""

    product_id: str
    code: str
    name: str
    level: Decimal
    last_sold: date | None


@dataclass(frozen=True, slots=True)
class LowStock:
    """A product that is short: what is there, and from where on it should be ordered."""

    product_id: str
    code: str
    name: str
    level: Decimal
    reorder_level: Decimal


@dataclass(frozen=True, slots=True)
class Overdue:
    """Invoices that should have been paid by now."""

    count: int
    amount: Money


@dataclass(frozen=True, slots=True)
class Unsent:
    """What waits to be sent: the journal's entries for head office, and what servers refused.

    `proof` is what head office signed last; None where the till has none.
    """

    waiting: int
    refused: int
    proof: OfficeProof | None = None


@dataclass(frozen=True, slots=True)
class DaySum:
    """One business day of a longer period."""

    day: date
    totals: DayTotals


@dataclass(frozen=True, slots=True)
class Before:
    """What a period is compared with: the same weekday last week, or another period chosen.

    `so_far` holds tickets and takings up to the present time of day, where the day still runs.
    """

    period: ReportPeriod
    totals: DayTotals
    hours: tuple[HourFigure, ...] = ()
    days: tuple[DaySum, ...] = ()
    so_far: DayTotals | None = None


@dataclass(frozen=True, slots=True)
class DayReview:
    """Everything a manager sees of a period, in one currency; lists are in the order shown.

    `mean` is that of the same weekday over the four weeks before, of the `mean_days` that had any
    documents; None for periods of more than a day. `made_at` is UTC.
    """

    shop: str
    period: ReportPeriod
    currency: str
    made_at: datetime
    totals: DayTotals
    before: Before
    mean: DayTotals | None
    mean_days: int
    hours: tuple[HourFigure, ...]
    days: tuple[DaySum, ...]
    tenders: tuple[TenderSum, ...]
    taxes: tuple[TaxSum, ...]
    top_products: tuple[ProductSum, ...]
    slow_products: tuple[SlowProduct, ...]
    categories: tuple[CategorySum, ...]
    staff: tuple[StaffSum, ...]
    cash: tuple[CashSum, ...] = ()
    unsent: Unsent | None = None
    low_stock: tuple[LowStock, ...] = ()
    overdue: Overdue | None = None
    attention: tuple[Attention, ...] = ()
    is_running: bool = False


def week_before(period: ReportPeriod) -> ReportPeriod:
    """Return what a period is compared with unless somebody chooses: the same weekdays before.

    A period is moved back by as many whole weeks as it has, at least one.
    """
    back = timedelta(days=7 * -(-period.days // 7))
    return ReportPeriod(period.start - back, period.end - back)


def mean_days_of(day: date) -> Sequence[date]:
    """Return the same weekdays of the four weeks before a day, the latest first."""
    return [day - timedelta(days=7 * week) for week in range(1, MEAN_WEEKS + 1)]
