"""What customers owe by how late it is: one row for each of them, who owes most first."""

from dataclasses import replace
from typing import TYPE_CHECKING

from pos_app.domain.report_receivables import CustomerAges, Receivables
from pos_app.services.document_records import INVOICE
from pos_app.services.document_reports import receivables
from pos_app.services.time_zones import business_day
from pos_app.store.documents import Listed
from pos_app.texts import t
from pos_app.ui.presenters.background_work import Stoppable
from pos_app.ui.presenters.document_list_filter import FilterForm
from pos_app.ui.presenters.document_list_tabs import ALL, ListTab
from pos_app.ui.presenters.office_desk import OfficeDesk
from pos_app.ui.presenters.office_rows import NO_ROWS, FixedRows, Rows
from pos_app.ui.presenters.refusals import isolated
from pos_app.ui.views import Column, TableRow, Tone

if TYPE_CHECKING:
    from pos_app.store.store import Store

RECEIVABLES = "receivables"


class ReceivablesList:
    """Reads the report of receivables elsewhere, and shows of it whom was typed for."""

    def __init__(self, desk: OfficeDesk, store: "Store") -> None:
        self.tab = receivables_tab()
        self._desk = desk
        self._store = store
        self.form = FilterForm(self.tab, desk, store)
        self.text = ""
        self.state = ALL
        self.rows: Rows = NO_ROWS
        self.serial = 0
        self.counted = ""
        self.sums = ""
        self.is_searching = False
        self.is_empty_shop = False
        self._job: Stoppable | None = None
        self._is_reading = False
        self._report: Receivables | None = None

    @property
    def is_reading(self) -> bool:
        """Whether the report is being made."""
        return self._is_reading

    @property
    def is_narrowed(self) -> bool:
        """Whether anybody is left out."""
        return bool(self.text.strip())

    def search(self, text: str) -> None:
        """Leave whom a text means."""
        self.text = text
        self._write()
        self._desk.show()

    def choose_state(self, state: str) -> None:
        """There are no states."""

    def clear(self) -> None:
        """Show everybody again."""
        self.search("")

    def refresh(self) -> None:
        """Read again; what stands there stays until then."""
        self.read(is_again=True)

    def read(self, *, is_again: bool = False) -> None:
        """Read the report anew."""
        if self._job is not None:
            self._job.cancel()
        self.is_searching = not is_again
        self._is_reading = True
        today = business_day(self._desk.now, self._desk.checkout.shop)
        self._job = self._desk.run(lambda _working: receivables(self._store, today), self._take)

    def _take(self, report: Receivables) -> None:
        self._report = report
        self.is_searching = self._is_reading = False
        self._write()
        self._desk.show()

    def _write(self) -> None:
        report = self._report
        if report is None:
            return
        wanted = self.text.strip().casefold()
        shown = [
            one
            for one in report.customers
            if wanted in one.name.casefold() or wanted in one.number.casefold()
        ]
        self.rows = FixedRows(tuple(self._row(one) for one in shown))
        self.serial += 1
        self.is_empty_shop = not report.customers
        amounts = self._desk.amounts
        self.counted = self.tab.counted.format(count=amounts.count(len(shown)))
        found = replace(report, customers=tuple(shown)).total
        words = (
            (t("Owed {amount}"), found.balance),
            (t("Overdue {amount}"), found.ages.overdue),
        )
        self.sums = " · ".join(
            word.format(amount=isolated(amounts.money(one))) for word, one in words
        )

    def _row(self, one: CustomerAges) -> TableRow:
        money, ages = self._desk.amounts.money, one.ages
        late = (ages.not_due, ages.to_30, ages.to_60, ages.to_90, ages.older)
        cells = (
            one.name,
            one.number,
            money(one.balance),
            *(money(x) if x.minor else "" for x in late),
        )
        return TableRow(one.customer_id, cells, Tone.DANGER if ages.overdue.minor else Tone.PLAIN)


def receivables_tab() -> ListTab:
    """Return what the list of receivables shows."""
    return ListTab(
        RECEIVABLES,
        INVOICE.name,
        t("Receivables"),
        (
            Column(t("Customer"), 140, stretches=True),
            Column(t("Number"), 90),
            Column(t("Owed"), 110, is_figure=True),
            Column(t("Not due"), 118, is_figure=True),
            Column(t("1–30 days"), 108, is_figure=True),
            Column(t("31–60 days"), 113, is_figure=True),
            Column(t("61–90 days"), 113, is_figure=True),
            Column(t("Over 90"), 100, is_figure=True),
        ),
        _no_row,
        t("{count} customers owe"),
        (),
        has_states=False,
        empty=("landmark", t("Nobody owes anything"), t("Unpaid invoices are summed up here.")),
    )


def _no_row(one: Listed, _name: str, _desk: OfficeDesk, _today: object) -> TableRow:
    """Its rows are customers, not documents."""
    return TableRow(one.id, ())
