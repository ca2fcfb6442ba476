"""A customer's account on their sheet: what is owed, the statement, evaluations and documents."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pos_app.domain.credit import CreditTerms, Risk
from pos_app.domain.document import party_of
from pos_app.domain.errors import PosError
from pos_app.domain.money import Money
from pos_app.domain.statement import Statement
from pos_app.services.checkout import Clock
from pos_app.services.customer_credit import CustomerCredit
from pos_app.services.customer_records import merged_ids
from pos_app.services.document_files import write_file
from pos_app.services.document_records import DOCUMENT_KINDS
from pos_app.services.receivables import Owed, owed_by, statement_of
from pos_app.services.statement_export import export_statement
from pos_app.services.time_zones import business_day
from pos_app.texts import t
from pos_app.ui.presenters.amounts import amount_format
from pos_app.ui.presenters.background_work import RunWork, Working
from pos_app.ui.presenters.customer_words import age_words, entry_words, risk_words
from pos_app.ui.presenters.product_form import Choice
from pos_app.ui.presenters.receipt_words import day_words
from pos_app.ui.presenters.refusals import sentence_of
from pos_app.ui.presenters.typed_days import shown_day, typed_day
from pos_app.ui.presenters.typed_figures import NotAFigure
from pos_app.ui.views import Column, TableRow, Tone

if TYPE_CHECKING:
    from pos_app.store.documents import Listed
    from pos_app.store.sales import SaleSummary
    from pos_app.store.store import Store

THIS_YEAR, TWELVE_MONTHS, EVERYTHING = "year", "months", "all"
LONG_AGO = date(1970, 1, 1)
RECEIPTS_MOST = 200


@dataclass(frozen=True, slots=True)
class EvaluationDraft:
    """What stands in the fields of a new evaluation, as typed."""

    day: str = ""
    score: str = ""
    risk: str = Risk.LOW.value
    remark: str = ""


@dataclass(frozen=True, slots=True)
class AccountState:
    """Everything about a customer's account, as text; `ages` are titles with amounts."""

    owed: str = ""
    about_owed: str = ""
    is_late: bool = False
    ages: tuple[tuple[str, str], ...] = ()
    period: str = THIS_YEAR
    periods: tuple[Choice, ...] = ()
    columns: tuple[Column, ...] = ()
    entries: tuple[TableRow, ...] = ()
    document_columns: tuple[Column, ...] = ()
    documents: tuple[TableRow, ...] = ()
    evaluation_columns: tuple[Column, ...] = ()
    evaluations: tuple[TableRow, ...] = ()
    draft: EvaluationDraft = EvaluationDraft()
    error: str = ""
    message: str = ""
    is_reading: bool = False


@dataclass(frozen=True, slots=True)
class _Read:
    statement: Statement
    owed: Owed
    documents: "tuple[tuple[str, Listed], ...]"
    receipts: "tuple[SaleSummary, ...]"


class CustomerAccount:
    """Reads in the background, since a customer may have thousands of documents."""

    def __init__(
        self,
        store: "Store",
        now: Clock,
        credit: CustomerCredit,
        customer_id: str,
        run: RunWork,
    ) -> None:
        self._store = store
        self._now = now
        self._credit = credit
        self._id = customer_id
        self._run = run
        self._shop = store.settings.shop()
        self._amounts = amount_format(self._shop)
        self._statement: Statement | None = None
        self._on_state: Callable[[AccountState], None] = lambda _state: None
        self._state = AccountState(
            periods=(
                Choice(THIS_YEAR, t("This year")),
                Choice(TWELVE_MONTHS, t("Last 12 months")),
                Choice(EVERYTHING, t("Everything")),
            ),
            columns=_statement_columns(),
            document_columns=_document_columns(),
            evaluation_columns=_evaluation_columns(),
            draft=self._blank(),
            is_reading=True,
        )

    @property
    def state(self) -> AccountState:
        """What the sheet shows now."""
        return self._state

    def watch(self, on_state: Callable[[AccountState], None]) -> None:
        """Show the account now and after every change; begins to read."""
        self._on_state = on_state
        self._show_evaluations(self._credit.terms(self._id))
        self.read()

    def read(self) -> None:
        """Read everything anew, in the background."""
        start, end = self._period()

        def work(_working: Working) -> _Read:
            reader = self._store.reader()
            try:
                return self._read(reader, start, end)
            finally:
                reader.close()

        self._put(is_reading=True)
        self._run(work, self._show_read, self._failed)

    def choose_period(self, key: str) -> None:
        """Show the statement of another time."""
        self._put(period=key)
        self.read()

    def type_evaluation(self, **values: str) -> None:
        """Take over what was typed for a new evaluation."""
        self._put(draft=replace(self._state.draft, **values), error="")

    def evaluate(self) -> bool:
        """Write the evaluation down; what is wrong with it is told and stays."""
        draft = self._state.draft
        try:
            day = typed_day(draft.day, self._today(), self._shop) or self._today()
            score = draft.score.strip()
            if not (score.isascii() and score.isdigit()):
                raise NotAFigure(text=score[:40], example="75")
            risk = Risk(draft.risk)
            terms = self._credit.evaluate(self._id, day, int(score[:4]), risk, draft.remark)
        except PosError as refusal:
            self._put(error=sentence_of(refusal, self._amounts))
            return False
        self._put(draft=self._blank(), error="")
        self._show_evaluations(terms)
        return True

    def export(self, path: Path) -> None:
        """Write the statement that is shown to a PDF, XLSX or CSV file."""
        if self._statement is None:
            return
        if path.suffix.lower() == ".pdf":
            self._run(partial(self._write_paper, self._statement, path), self._tell_written)
            return
        try:
            export_statement(self._statement, path)
        except PosError as refusal:
            self._put(message=sentence_of(refusal, self._amounts))
            return
        self._tell_written(path)

    def _write_paper(self, statement: Statement, path: Path, _working: Working) -> Path | PosError:
        """Draw the statement as it is sent, in the background; return what refused it, if any."""
        from pos_app.services.account_papers import render_statement  # noqa: PLC0415 - reportlab

        customer = self._store.customers.get(self._id)
        try:
            if customer is not None:
                pdf = render_statement(statement, party_of(customer), self._shop, self._today())
                write_file(path, pdf)
        except PosError as refusal:
            return refusal
        return path

    def _tell_written(self, written: Path | PosError) -> None:
        if isinstance(written, PosError):
            self._put(message=sentence_of(written, self._amounts))
        else:
            self._put(message=t("Written to {file}.").format(file=written.name))

    def _read(self, source: "Store", start: date, end: date) -> _Read:
        currency = self._shop.policy.currency
        members = [self._id, *merged_ids(source, self._id)]
        documents = [
            (kind.name, listed)
            for kind in DOCUMENT_KINDS
            for member in members
            for listed in source.documents.of_customer(kind.name, member)
        ]
        receipts = [
            one for member in members for one in source.sales.of_customer(member, RECEIPTS_MOST)
        ]
        return _Read(
            statement_of(source, self._id, currency, start, end),
            owed_by(source, self._id, currency),
            tuple(sorted(documents, key=lambda one: one[1].day, reverse=True)),
            tuple(sorted(receipts, key=lambda one: one.at, reverse=True)),
        )

    def _show_read(self, read: _Read) -> None:
        told, owed, amounts = read.statement, read.owed, self._amounts
        self._statement = told
        sums = (
            told.ages.not_due,
            told.ages.to_30,
            told.ages.to_60,
            told.ages.to_90,
            told.ages.older,
        )
        self._put(
            owed=amounts.money(owed.amount),
            about_owed=self._about(owed, told),
            is_late=told.ages.overdue.minor > 0,
            ages=tuple(
                (title, amounts.money(one)) for title, one in zip(age_words(), sums, strict=True)
            ),
            entries=self._entry_rows(told),
            documents=self._document_rows(read),
            is_reading=False,
        )

    def _about(self, owed: Owed, told: Statement) -> str:
        money = self._amounts.money
        if told.ages.overdue.minor > 0:
            late = t("{amount} of it is late.").format(amount=money(told.ages.overdue))
        else:
            late = t("Nothing is late.")
        limit = self._credit.terms(self._id).credit_limit
        if limit is None or limit.currency != owed.amount.currency:
            return late
        left = Money(max((limit - owed.amount).minor, 0), limit.currency)
        words = t("{left} of the credit limit of {limit} is left.")
        return f"{late} {words.format(left=money(left), limit=money(limit))}"

    def _entry_rows(self, told: Statement) -> tuple[TableRow, ...]:
        words, money = entry_words(), self._amounts.money
        first = (
            self._day(told.start) if told.start != LONG_AGO else "",
            t("Opening balance"),
            *("", "", ""),
            money(told.opening),
        )
        rows = [TableRow("opening", first)]
        for place, entry in enumerate(told.entries):
            cells = (
                self._day(entry.day),
                words[entry.kind],
                entry.number,
                self._day(entry.due) if entry.due else entry.reference,
                money(entry.amount),
                money(entry.balance),
            )
            rows.append(TableRow(str(place), cells))
        return tuple(rows)

    def _document_rows(self, read: _Read) -> tuple[TableRow, ...]:
        titles = _document_titles()
        rows = [
            (one.day, self._document_row(titles[name], name, one)) for name, one in read.documents
        ]
        for sale in read.receipts:
            cells = (self._day(sale.business_day), t("Receipt"), sale.number)
            total = self._amounts.money(sale.gross)
            row = TableRow(f"receipt {sale.id}", (*cells, total, ""))
            rows.append((sale.business_day, row))
        rows.sort(key=lambda row: row[0], reverse=True)
        return tuple(row for _, row in rows)

    def _document_row(self, title: str, name: str, listed: "Listed") -> TableRow:
        money = self._amounts.money
        is_priced = name != "delivery_note"
        total = money(Money(listed.total, listed.currency)) if is_priced else ""
        owed = money(Money(listed.open, listed.currency)) if listed.open else ""
        is_late = listed.open > 0 and listed.until is not None and listed.until < self._today()
        cells = (self._day(listed.day), title, listed.number or t("Draft"), total, owed)
        return TableRow(f"{name} {listed.id}", cells, Tone.DANGER if is_late else Tone.PLAIN)

    def _show_evaluations(self, terms: CreditTerms) -> None:
        words = risk_words()
        rows = [
            TableRow(
                str(place),
                (self._day(one.day), str(one.score), words[one.risk], one.remark, one.staff),
                Tone.DANGER if one.risk is Risk.HIGH else Tone.PLAIN,
            )
            for place, one in enumerate(terms.evaluations)
        ]
        self._put(evaluations=tuple(rows))

    def _failed(self, error: Exception) -> None:
        self._put(is_reading=False)
        if not isinstance(error, PosError):
            raise error
        self._put(message=sentence_of(error, self._amounts))

    def _period(self) -> tuple[date, date]:
        today = self._today()
        starts = {
            THIS_YEAR: date(today.year, 1, 1),
            TWELVE_MONTHS: date(today.year - 1, today.month, min(today.day, 28)),
        }
        return starts.get(self._state.period, LONG_AGO), today

    def _blank(self) -> EvaluationDraft:
        return EvaluationDraft(day=shown_day(self._today(), self._shop))

    def _today(self) -> date:
        return business_day(self._now(), self._shop)

    def _day(self, day: date) -> str:
        return day_words(day, self._shop)

    def _put(self, **values: object) -> None:
        self._state = replace(self._state, **values)  # type: ignore[arg-type]
        self._on_state(self._state)


def _document_titles() -> dict[str, str]:
    return {
        "quotation": t("Quotation"),
        "order": t("Order"),
        "delivery_note": t("Delivery note"),
        "invoice": t("Invoice"),
        "sales_return": t("Return"),
    }


def _statement_columns() -> tuple[Column, ...]:
    return (
        Column(t("Day"), 128),
        Column(t("What"), 130, stretches=True),
        Column(t("Number"), 150),
        Column(t("Due or remark"), 140),
        Column(t("Amount"), 120, is_figure=True),
        Column(t("Balance"), 120, is_figure=True),
    )


def _document_columns() -> tuple[Column, ...]:
    return (
        Column(t("Day"), 132),
        Column(t("Kind"), 150, stretches=True),
        Column(t("Number"), 150),
        Column(t("Total"), 120, is_figure=True),
        Column(t("Owed"), 120, is_figure=True),
    )


def _evaluation_columns() -> tuple[Column, ...]:
    return (
        Column(t("Day"), 132),
        Column(t("Score"), 80, is_figure=True),
        Column(t("Risk"), 100),
        Column(t("Remark"), 200, stretches=True),
        Column(t("By"), 80),
    )
