"""What the reports screen shows, and the words around a report."""

from dataclasses import dataclass

from pos_app.services.report_runs import MadeReport
from pos_app.services.report_sheet import ReportKind
from pos_app.texts import t
from pos_app.ui.presenters import reports_choices as choices
from pos_app.ui.presenters.office_rows import NO_ROWS, Rows
from pos_app.ui.presenters.product_form import Choice
from pos_app.ui.presenters.reports_chart import NO_CHART, ChartView
from pos_app.ui.presenters.reports_choices import ReportChoices
from pos_app.ui.views import CategoryView, Column, Notice, SearchHit


@dataclass(frozen=True, slots=True)
class PickedView:
    """A customer or product that the report is narrowed to."""

    key: str
    text: str
    icon: str


@dataclass(frozen=True, slots=True)
class ReportsState:
    """Everything on the reports screen; `serial` grows whenever the rows are new.

    An empty `search_hint` means that nothing can be looked for; `currencies` are offered where
    there are several.
    """

    sections: tuple[CategoryView, ...] = ()
    section: str = ReportKind.CUSTOMERS.value
    has_period: bool = True
    periods: tuple[Choice, ...] = ()
    period: str = ""
    start: str = ""
    end: str = ""
    grains: tuple[Choice, ...] = ()
    grain: str = choices.BY_ITSELF
    currencies: tuple[Choice, ...] = ()
    currency: str = ""
    search_hint: str = ""
    hits: tuple[SearchHit, ...] = ()
    query: str = ""
    picked: tuple[PickedView, ...] = ()
    columns: tuple[Column, ...] = ()
    rows: Rows = NO_ROWS
    serial: int = 0
    counted: str = ""
    about: str = ""
    figures: tuple[tuple[str, str], ...] = ()
    chart: ChartView = NO_CHART
    is_reading: bool = False
    can_save: bool = False
    notices: tuple[Notice, ...] = ()


def sections() -> tuple[CategoryView, ...]:
    """Return the reports to choose from."""
    words = {
        ReportKind.CUSTOMERS: t("Customers"),
        ReportKind.TREND: t("Products"),
        ReportKind.ORDERS: t("Orders"),
        ReportKind.RECEIVABLES: t("Receivables"),
    }
    return tuple(CategoryView(key.value, word) for key, word in words.items())


def offered(currencies: tuple[str, ...]) -> tuple[Choice, ...]:
    """Return the currencies to choose from, none where there is one only."""
    return tuple(Choice(one, one) for one in currencies) if len(currencies) > 1 else ()


def search_hint(wanted: tuple[str, ...]) -> str:
    """Say what can be looked for to narrow the report."""
    if choices.CUSTOMER in wanted:
        return t("Customer or product")
    return t("Product") if choices.PRODUCT in wanted else ""


def picked(shown: ReportChoices, wanted: tuple[str, ...]) -> tuple[PickedView, ...]:
    """Return what the report is narrowed to."""
    found = []
    if choices.CUSTOMER in wanted and shown.customer[0]:
        found.append(PickedView(choices.CUSTOMER, shown.customer[1], "users"))
    if choices.PRODUCT in wanted and shown.product[0]:
        found.append(PickedView(choices.PRODUCT, shown.product[1], "package"))
    return tuple(found)


def about_words(made: MadeReport) -> str:
    """Say what is not in the report, so that nobody misses it."""
    left_out = getattr(made.report, "left_out", 0)
    if left_out == 1:
        return t("One draft or cancelled order of these days does not count.")
    if left_out:
        return t("{count} drafts and cancelled orders of these days do not count.").format(
            count=left_out
        )
    return ""
