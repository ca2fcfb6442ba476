"""What a report on the screen is narrowed to: its period, its pieces, a customer, a product."""

from dataclasses import dataclass, replace
from datetime import date

from pos_app.domain.report_period import (
    Grain,
    PeriodChoice,
    ReportPeriod,
    chosen_period,
    period_of,
)
from pos_app.services.document_reports import ReportAsked
from pos_app.services.report_sheet import ReportKind
from pos_app.texts import later, t
from pos_app.ui.presenters.product_form import Choice

OWN_DAYS = "own"
BY_ITSELF = "auto"
CUSTOMER, PRODUCT = "customer", "product"
_PERIODS = {
    PeriodChoice.THIS_MONTH: later("This month"),
    PeriodChoice.LAST_MONTH: later("Last month"),
    PeriodChoice.THIS_QUARTER: later("This quarter"),
    PeriodChoice.THIS_YEAR: later("This year"),
    PeriodChoice.LAST_YEAR: later("Last year"),
}
_GRAINS = {
    Grain.DAY: later("By day"),
    Grain.WEEK: later("By week"),
    Grain.MONTH: later("By month"),
    Grain.YEAR: later("By year"),
}


@dataclass(frozen=True, slots=True)
class ReportChoices:
    """The choices of the screen, kept while one turns from report to report.

    `picked` holds id and name of the customer and of the product that were picked.
    """

    period: ReportPeriod
    period_key: str = PeriodChoice.THIS_YEAR.value
    grain_key: str = BY_ITSELF
    currency: str = ""
    customer: tuple[str, str] = ("", "")
    product: tuple[str, str] = ("", "")


def first_choices(today: date) -> ReportChoices:
    """Return what is chosen when the screen opens: this year."""
    return ReportChoices(chosen_period(PeriodChoice.THIS_YEAR, today))


def with_period(choices: ReportChoices, key: str, today: date) -> ReportChoices:
    """Return them with a period by its key; own days keep those that stand there."""
    if key == OWN_DAYS:
        return replace(choices, period_key=key)
    period = chosen_period(PeriodChoice(key), today)
    return replace(choices, period=period, period_key=key)


def with_days(choices: ReportChoices, start: date, end: date) -> ReportChoices:
    """Return them with days that were typed; raises PeriodTurned."""
    return replace(choices, period=period_of(start, end), period_key=OWN_DAYS)


def with_pick(choices: ReportChoices, what: str, picked: tuple[str, str]) -> ReportChoices:
    """Return them narrowed to a customer or product by id and name; empty texts let go of it."""
    if what == CUSTOMER:
        return replace(choices, customer=picked)
    return replace(choices, product=picked)


def asked_of(choices: ReportChoices, kind: ReportKind) -> ReportAsked:
    """Return what the report is asked for, without what it has no filter for."""
    is_grained = kind is ReportKind.TREND and choices.grain_key != BY_ITSELF
    return ReportAsked(
        choices.period,
        choices.currency,
        choices.customer[0] if CUSTOMER in filters_of(kind) else "",
        choices.product[0] if PRODUCT in filters_of(kind) else "",
        Grain(choices.grain_key) if is_grained else None,
    )


def filters_of(kind: ReportKind) -> tuple[str, ...]:
    """Return what a report can be narrowed to beside its period."""
    if kind is ReportKind.ORDERS:
        return (CUSTOMER, PRODUCT)
    return (PRODUCT,) if kind is ReportKind.TREND else ()


def period_choices() -> tuple[Choice, ...]:
    """Return the periods to choose from."""
    chosen = tuple(Choice(key.value, t(word)) for key, word in _PERIODS.items())
    return (*chosen, Choice(OWN_DAYS, t("Own days")))


def grain_choices() -> tuple[Choice, ...]:
    """Return the lengths of a trend's pieces to choose from."""
    grains = tuple(Choice(key.value, t(word)) for key, word in _GRAINS.items())
    return (Choice(BY_ITSELF, t("Fitting")), *grains)
