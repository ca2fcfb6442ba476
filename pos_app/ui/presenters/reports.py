"""The reports screen: which report, of which days, and what it says."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pos_app.domain.errors import PosError
from pos_app.domain.shop import ShopSettings
from pos_app.services.document_reports import currencies_of
from pos_app.services.report_runs import MadeReport, make_report, save_report
from pos_app.services.report_sheet import ReportKind
from pos_app.services.time_zones import business_day
from pos_app.texts import t
from pos_app.ui.presenters import reports_choices as choices
from pos_app.ui.presenters import reports_state as words
from pos_app.ui.presenters.amounts import AmountFormat, amount_format
from pos_app.ui.presenters.background_work import RunWork, Stoppable, Working
from pos_app.ui.presenters.notice_board import NoticeBoard
from pos_app.ui.presenters.office_rows import PagedRows
from pos_app.ui.presenters.refusals import isolated, sentence_of
from pos_app.ui.presenters.reports_chart import chart_of
from pos_app.ui.presenters.reports_choices import ReportChoices
from pos_app.ui.presenters.reports_state import ReportsState
from pos_app.ui.presenters.reports_words import DayWords, cells_of, columns_of, counted, figures_of
from pos_app.ui.presenters.typed_days import shown_day, typed_day
from pos_app.ui.views import SearchHit, TableRow

if TYPE_CHECKING:
    from pos_app.store.store import Store

_HITS = 5


class ReportsPresenter:
    """Reads one report after the other elsewhere; a newer wish stops the one before it."""

    def __init__(
        self,
        store: "Store",
        now: Callable[[], datetime],
        run: RunWork,
        on_state: Callable[[ReportsState], None],
        on_order: Callable[[str], None] | None = None,
    ) -> None:
        self._store = store
        self._now = now
        self._run = run
        self._on_state = on_state
        self._on_order = on_order
        self._board = NoticeBoard()
        self._kind = ReportKind.CUSTOMERS
        self._made: MadeReport | None = None
        self._job: Stoppable | None = None
        self._serial = 0
        self._hits: tuple[SearchHit, ...] = ()
        self._query = ""
        self._found: dict[str, str] = {}
        self._currencies: tuple[str, ...] = ()
        self._state = ReportsState()
        self._follow_settings()
        self._choices = choices.first_choices(self._today)

    @property
    def state(self) -> ReportsState:
        """What the screen shows now."""
        return self._state

    @property
    def made(self) -> MadeReport | None:
        """The report in sight, None while it is read."""
        return self._made

    def begin(self) -> None:
        """Read the first report."""
        self._read()

    def refresh(self, *, settings: bool = False) -> None:
        """Read anew, after a change elsewhere."""
        if settings:
            self._follow_settings()
        self._read()

    def turn(self, section: str) -> None:
        """Show another report of the same days."""
        self._kind = ReportKind(section)
        self._board.forget_the_moment()
        self._forget_search()
        self._read()

    def choose_period(self, key: str) -> None:
        """Take one of the usual periods, or the days that stand there."""
        self._put(choices.with_period(self._choices, key, self._today))

    def type_day(self, which: str, text: str) -> None:
        """Take a first (`start`) or last (`end`) day that was typed."""
        period = self._choices.period
        known = period.start if which == "start" else period.end
        if text.strip() == shown_day(known, self._shop):
            return

        def take() -> None:
            day = typed_day(text, self._today, self._shop)
            if day is None:
                day = known
            days = (day, period.end) if which == "start" else (period.start, day)
            self._put(choices.with_days(self._choices, *days))

        self._gesture(take)

    def choose_grain(self, key: str) -> None:
        """Cut a trend into longer or shorter pieces."""
        self._put(replace(self._choices, grain_key=key))

    def choose_currency(self, currency: str) -> None:
        """Report what was sold in another currency."""
        self._put(replace(self._choices, currency=currency))

    def search(self, text: str) -> None:
        """Offer customers and products for what is typed."""
        self._query = text
        self._found, hits = {}, []
        wanted = choices.filters_of(self._kind)
        if text.strip() and choices.CUSTOMER in wanted:
            for one in self._store.customers.search(text, _HITS):
                key = f"{choices.CUSTOMER}:{one.id}"
                self._found[key] = one.name
                hits.append(SearchHit(key, one.name, one.number, t("Customer")))
        if text.strip() and choices.PRODUCT in wanted:
            for found in self._store.products.search(text, _HITS):
                product = found.product
                key = f"{choices.PRODUCT}:{product.id}"
                self._found[key] = product.name
                hits.append(SearchHit(key, product.name, product.code, t("Product")))
        self._hits = tuple(hits)
        self._show()

    def pick(self, key: str) -> None:
        """Narrow the report to a customer or product that was found."""
        what, _, chosen = key.partition(":")
        picked = (chosen, self._found.get(key, ""))
        self._forget_search()
        self._put(choices.with_pick(self._choices, what, picked))

    def let_go(self, key: str) -> None:
        """Narrow the report to a customer or product no more."""
        self._put(choices.with_pick(self._choices, key, ("", "")))

    def open(self, key: str) -> None:
        """Open a row: an order, or the orders of a customer."""
        if self._made is None or not key:
            return
        if self._kind is ReportKind.ORDERS:
            if self._on_order is not None:
                self._on_order(key)
            return
        customer = self._store.customers.get(key)
        if customer is not None:
            self._kind = ReportKind.ORDERS
            self._put(replace(self._choices, customer=(customer.id, customer.name)))

    def dismiss(self, key: str) -> None:
        """Take a notice away."""
        self._board.take_down(key)
        self._show()

    def suggested_name(self) -> str:
        """Return a file's name for the report in sight."""
        title = "" if self._made is None else self._made.sheet.title
        period = self._choices.period
        days = "" if self._kind is ReportKind.RECEIVABLES else f" {period.start} {period.end}"
        return f"{title}{days}.xlsx".strip()

    def save(self, path: Path) -> None:
        """Write the report in sight as a workbook, elsewhere."""
        if self._made is None:
            return
        sheet = self._made.sheet
        self._board.forget_the_moment()

        def done(count: int) -> None:
            rows = self._amounts.count(count)
            told = t("{count} rows are in {name}.").format(count=rows, name=isolated(path.name))
            self._board.tell(told)
            self._show()

        self._run(
            lambda _working: save_report(self._store, sheet, path, self._now()), done, self._failed
        )

    @property
    def _today(self) -> date:
        return business_day(self._now(), self._shop)

    def _follow_settings(self) -> None:
        self._shop: ShopSettings = self._store.settings.shop()

    def _put(self, new: ReportChoices) -> None:
        self._choices = new
        self._board.forget_the_moment()
        self._read()

    def _gesture(self, do: Callable[[], None]) -> None:
        try:
            do()
        except PosError as refusal:
            self._board.refuse(sentence_of(refusal, self._amounts))
            self._show()

    def _read(self) -> None:
        """Read the report that is wished for now, in place of one that is still being read."""
        if self._job is not None:
            self._job.cancel()
        self._made = None
        kind, asked, today = self._kind, choices.asked_of(self._choices, self._kind), self._today

        def work(working: Working) -> tuple[MadeReport, tuple[str, ...]]:
            made = make_report(self._store, kind, asked, today, working.stop_if_cancelled)
            return made, currencies_of(self._store, asked.period)

        def done(result: tuple[MadeReport, tuple[str, ...]]) -> None:
            self._job = None
            self._made, self._currencies = result
            self._serial += 1
            self._show()

        self._job = self._run(work, done, self._failed)
        self._show()

    def _failed(self, error: Exception) -> None:
        self._job = None
        if not isinstance(error, PosError):
            raise error
        self._board.refuse(sentence_of(error, self._amounts))
        self._show()

    def _forget_search(self) -> None:
        self._hits, self._query, self._found = (), "", {}

    @property
    def _amounts(self) -> AmountFormat:
        currency = self._choices.currency
        if not currency or currency == self._shop.policy.currency:
            return amount_format(self._shop)
        policy = replace(self._shop.policy, currency=currency, step=None)
        return amount_format(replace(self._shop, policy=policy))

    def _show(self) -> None:
        shown, kind = self._choices, self._kind
        wanted = choices.filters_of(kind)
        is_owed = kind is ReportKind.RECEIVABLES
        own = self._shop.policy.currency
        self._state = replace(
            self._state,
            sections=words.sections(),
            section=kind.value,
            has_period=not is_owed,
            periods=choices.period_choices(),
            period=shown.period_key,
            start=shown_day(shown.period.start, self._shop),
            end=shown_day(shown.period.end, self._shop),
            grains=choices.grain_choices() if kind is ReportKind.TREND else (),
            grain=shown.grain_key,
            currencies=words.offered(self._currencies),
            currency=shown.currency or own,
            search_hint=words.search_hint(wanted),
            hits=self._hits,
            query=self._query,
            picked=words.picked(shown, wanted),
            is_reading=self._made is None and self._job is not None,
            can_save=self._made is not None,
            notices=self._board.all(),
        )
        if self._made is not None and self._state.serial != self._serial:
            self._state = self._with_report(self._state, self._made)
        self._on_state(self._state)

    def _with_report(self, state: ReportsState, made: MadeReport) -> ReportsState:
        sheet, amounts, days = made.sheet, self._amounts, DayWords(self._shop)

        def fetch(offset: int, limit: int) -> Sequence[TableRow]:
            rows = sheet.rows[offset : offset + limit]
            return [
                TableRow(_key(sheet.keys, offset + place), cells_of(sheet, row, amounts, days))
                for place, row in enumerate(rows)
            ]

        return replace(
            state,
            columns=columns_of(sheet, amounts, days),
            rows=PagedRows(len(sheet.rows), fetch),
            serial=self._serial,
            counted=counted(sheet, amounts),
            about=words.about_words(made),
            figures=figures_of(sheet, amounts, days),
            chart=chart_of(made.report, amounts, days),
        )


def _key(keys: Sequence[str], place: int) -> str:
    return keys[place] if place < len(keys) else ""
