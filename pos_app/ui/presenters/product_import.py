"""The import wizard: file, columns with a live preview, progress, and what came of it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from pos_app.domain.errors import PosError
from pos_app.domain.tax import Tax
from pos_app.services.checkout import Clock
from pos_app.services.list_import import ImportReport
from pos_app.services.product_columns import Field, MappedColumn, Mapping
from pos_app.services.product_preview import PreviewRow
from pos_app.services.product_rows import RowRefused
from pos_app.spreadsheets.table import Table
from pos_app.texts import t
from pos_app.ui.changes import Changes
from pos_app.ui.presenters.amounts import amount_format
from pos_app.ui.presenters.background_work import RunWork, Stoppable, Working
from pos_app.ui.presenters.import_subject import ImportSubject, product_subject
from pos_app.ui.presenters.import_words import with_column_words
from pos_app.ui.presenters.office_words import key_of, tax_name
from pos_app.ui.presenters.product_form import Choice
from pos_app.ui.presenters.refusals import sentence_of
from pos_app.ui.views import Column, TableRow, Tone

if TYPE_CHECKING:
    from pos_app.store.store import Store

PREVIEW_ROWS = 20
SAMPLES = 3
SKIP = ""
NO_TAX = ""


class Step(StrEnum):
    """Where the wizard is."""

    CHOOSE = "choose"
    READING = "reading"
    COLUMNS = "columns"
    RUNNING = "running"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class ColumnView:
    """One column of the list: its title, what stands in it, and the field it is taken for."""

    index: int
    title: str
    samples: str
    field: str = SKIP
    is_guessed: bool = False


@dataclass(frozen=True, slots=True)
class ResultView:
    """What came of an import: counts in words, the refused rows, and the file to repair."""

    title: str
    counts: tuple[str, ...]
    refused: tuple[TableRow, ...] = ()
    repair_file: Path | None = None


@dataclass(frozen=True, slots=True)
class ImportState:
    """Everything in the wizard."""

    step: Step = Step.CHOOSE
    file: str = ""
    rows_expected: str = ""
    columns: tuple[ColumnView, ...] = ()
    fields: tuple[Choice, ...] = ()
    decimal_mark: str = "."
    taxes: tuple[Choice, ...] = ()
    default_tax: str = NO_TAX
    needs_tax: bool = False
    preview_columns: tuple[Column, ...] = ()
    preview: tuple[TableRow, ...] = ()
    good: int = 0
    bad: int = 0
    problem: str = ""
    can_start: bool = False
    done: int = 0
    total: int = 0
    is_stopping: bool = False
    result: ResultView | None = None


class ImportPresenter:
    """Leads through one import; reading and writing happen in the background."""

    def __init__(
        self,
        store: "Store",
        now: Clock,
        run: RunWork,
        on_state: Callable[[ImportState], None],
        staff: str = "1",
        publish: Callable[[Changes], None] = lambda _changes: None,
        *,
        subject: ImportSubject | None = None,
    ) -> None:
        self._store = store
        self._run = run
        self._on_state = on_state
        self._publish = publish
        self._subject = subject or product_subject(store, now, staff, self._learn_categories)
        self._amounts = amount_format(store.settings.shop())
        self._table: Table | None = None
        self._mapping = Mapping(())
        self._guessed: frozenset[int] = frozenset()
        self._samples: dict[int, list[str]] = {}
        self._taxes: dict[str, Tax] = {key_of(tax): tax for tax in store.products.taxes()}
        self._categories = {one.id: one.name for one in store.products.categories()}
        self._job: Stoppable | None = None
        self._stop_asked = False
        self._previewing: Stoppable | None = None
        standard = next((key for key, tax in self._taxes.items() if tax.code == "S"), NO_TAX)
        self._state = ImportState(
            fields=_field_choices(self._subject),
            taxes=(
                Choice(NO_TAX, t("No tax")),
                *(Choice(key, tax_name(tax, self._amounts)) for key, tax in self._taxes.items()),
            ),
            default_tax=standard or next(iter(self._taxes), NO_TAX),
        )

    @property
    def state(self) -> ImportState:
        """What the wizard shows now."""
        return self._state

    def show(self) -> None:
        """Show the first step."""
        self._on_state(self._state)

    def choose_file(self, path: Path) -> None:
        """Open a list and guess its columns; what cannot be read is told, and another chosen."""

        def work(_working: Working) -> tuple[Table, Mapping, dict[int, list[str]]]:
            table, mapping = self._subject.open(path)
            return table, mapping, _samples_of(table)

        self._put(step=Step.READING, file=path.name, problem="")
        self._job = self._run(work, lambda opened: self._opened(*opened), self._not_opened)

    def choose_field(self, index: int, field: str) -> None:
        """Take a column for a field, or for nothing; a field has one column unless it may share."""
        kept = [column for column in self._mapping.columns if column.index != index]
        if field != SKIP:
            wanted = self._subject.fields(field)
            if wanted not in self._subject.shared:
                kept = [column for column in kept if column.field is not wanted]
            is_stock = wanted is self._subject.stock
            location = _location_of(self._title(index), wanted, kept) if is_stock else ""
            kept.append(MappedColumn(index, wanted, location))
        self._mapping = replace(self._mapping, columns=tuple(sorted(kept, key=_by_index)))
        self._guessed = self._guessed - {index}
        self._check()

    def choose_decimal_mark(self, mark: str) -> None:
        """Say how numbers such as 1,234 are meant."""
        self._mapping = replace(self._mapping, decimal_mark=mark)
        self._check()

    def choose_tax(self, key: str) -> None:
        """Choose the tax of new products in a list without a tax column."""
        self._put(default_tax=key)

    def back(self) -> None:
        """Choose another file."""
        if self._state.step is Step.COLUMNS:
            self._table = None
            self._put(step=Step.CHOOSE, problem="")

    def start(self) -> None:
        """Import every row in the background."""
        table, mapping = self._table, self._mapping
        if table is None or not self._state.can_start:
            return
        tax = self._taxes.get(self._state.default_tax) if self._state.needs_tax else None
        self._stop_asked = False

        def work(working: Working) -> ImportReport:
            taxes = (tax,) if tax is not None else ()
            return self._subject.write(table, mapping, taxes, working.report, self._is_stopping)

        self._put(step=Step.RUNNING, done=0, total=table.row_estimate, is_stopping=False)
        self._job = self._run(work, self._finished, self._failed, self._going_on)

    def stop(self) -> None:
        """Stop between two chunks of rows; what is imported by then stays."""
        self._stop_asked = True
        if self._state.step is Step.RUNNING:
            self._put(is_stopping=True)

    def _is_stopping(self) -> bool:
        return self._stop_asked

    def _opened(self, table: Table, mapping: Mapping, samples: dict[int, list[str]]) -> None:
        self._table, self._mapping, self._samples = table, mapping, samples
        self._guessed = frozenset(column.index for column in mapping.columns)
        counted = t("about {count} rows").format(count=self._amounts.count(table.row_estimate))
        self._put(step=Step.COLUMNS, file=table.name, rows_expected=counted)
        self._check()

    def _not_opened(self, error: Exception) -> None:
        if not isinstance(error, PosError):
            self._put(step=Step.CHOOSE)
            raise error
        self._put(step=Step.CHOOSE, problem=sentence_of(error, self._amounts))

    def _check(self) -> None:
        """Show the columns as they are chosen now, and the first rows read by them."""
        table = self._table
        if table is None:
            return
        mapping, tax = self._mapping, self._subject.tax
        needs_tax = tax is not None and not mapping.has(tax)
        self._put(columns=self._column_views(), decimal_mark=mapping.decimal_mark,
                  needs_tax=needs_tax)  # fmt: skip
        if self._previewing is not None:
            self._previewing.cancel()

        def work(_working: Working) -> list[PreviewRow]:
            return self._subject.preview(table, mapping, PREVIEW_ROWS)

        self._previewing = self._run(work, self._previewed, self._not_previewed)

    def _previewed(self, rows: list[PreviewRow]) -> None:
        fields = list(self._subject.fields)
        shown = [field for field in fields if any(field.value in row.shown for row in rows)]
        bad = sum(row.refusal is not None for row in rows)
        self._put(
            preview_columns=_preview_columns(shown, self._subject),
            preview=tuple(self._preview_row(row, shown) for row in rows),
            good=len(rows) - bad,
            bad=bad,
            problem="",
            can_start=bool(rows),
        )

    def _not_previewed(self, error: Exception) -> None:
        if not isinstance(error, PosError):
            raise error
        told = with_column_words(error, self._subject.words)
        self._put(preview=(), good=0, bad=0, can_start=False,
                  problem=sentence_of(told, self._amounts))  # fmt: skip

    def _preview_row(self, row: PreviewRow, shown: list[StrEnum]) -> TableRow:
        if row.refusal is not None:
            verdict, tone = f"✗ {self._say(row.refusal)}", Tone.DANGER
        else:
            verdict, tone = "✓", Tone.PLAIN
        cells = (str(row.number), verdict, *(self._shown(row, field) for field in shown))
        return TableRow(str(row.number), cells, tone)

    def _say(self, refusal: PosError) -> str:
        """Write a refusal with its column in the language of the screen."""
        if isinstance(refusal, RowRefused):
            column, reason = refusal.fields["column"], refusal.fields["reason"]
            word = self._subject.words.get(str(column), column)
            if isinstance(reason, PosError):
                return f"{word}: {sentence_of(reason, self._amounts)}"
        return sentence_of(refusal, self._amounts)

    def _shown(self, row: PreviewRow, field: StrEnum) -> str:
        text = row.shown.get(field.value, "")
        if field is Field.CATEGORY:
            return self._categories.get(text, text)
        if field in self._subject.prices and text and row.refusal is None:
            return self._amounts.price(Decimal(text))
        return text

    def _learn_categories(self, names: dict[str, str]) -> None:
        self._categories |= names

    def rows_done(self) -> str:
        """Say how many rows are written, for under the bar."""
        done, total = self._state.done, self._state.total
        return t("{done} of {total} rows").format(
            done=self._amounts.count(done), total=self._amounts.count(total)
        )

    def _going_on(self, done: int, total: int) -> None:
        self._put(done=done, total=total)

    def _finished(self, report: ImportReport) -> None:
        self._job = None
        self._put(step=Step.DONE, result=self._result(report))
        self._publish(self._subject.changes)

    def _failed(self, error: Exception) -> None:
        self._job = None
        if not isinstance(error, PosError):
            self._put(step=Step.COLUMNS)
            raise error
        # What earlier chunks have written stays, and is recognised when the list comes again.
        self._put(step=Step.COLUMNS, problem=sentence_of(error, self._amounts))
        self._publish(self._subject.changes)

    def _result(self, report: ImportReport) -> ResultView:
        counts = [
            (self._subject.counts[0], report.added),
            (self._subject.counts[1], report.changed),
            (t("{count} were the same already"), report.unchanged),
            (t("{count} rows refused"), report.refused),
        ]
        title = (
            t("Stopped. What was imported by then stays.") if report.was_cancelled else t("Done")
        )
        refused = tuple(
            TableRow(str(row.number), (str(row.number), self._say(row.reason)))
            for row in report.first_refusals
        )
        words = tuple(text.format(count=self._amounts.count(count)) for text, count in counts)
        return ResultView(title, words, refused, report.repair_file)

    def _column_views(self) -> tuple[ColumnView, ...]:
        chosen = {column.index: column.field.value for column in self._mapping.columns}
        header = self._table.header if self._table is not None else ()
        return tuple(
            ColumnView(
                index=index,
                title=title or t("Column {number}").format(number=index + 1),
                samples=" · ".join(self._samples.get(index, [])),
                field=chosen.get(index, SKIP),
                is_guessed=index in self._guessed,
            )
            for index, title in enumerate(header)
        )

    def _title(self, index: int) -> str:
        return self._table.header[index] if self._table is not None else ""

    def _put(self, **values: object) -> None:
        self._state = replace(self._state, **values)  # type: ignore[arg-type]
        self._on_state(self._state)


def _field_choices(subject: ImportSubject) -> tuple[Choice, ...]:
    words = (Choice(field, word) for field, word in subject.words.items())
    return (Choice(SKIP, t("Leave out")), *words)


def _preview_columns(shown: list[StrEnum], subject: ImportSubject) -> tuple[Column, ...]:
    middle = (
        Column(subject.words[field.value], _WIDTHS.get(field.value, 110), field in subject.figures)
        for field in shown
    )
    return (Column(t("Row"), 64, is_figure=True), Column(t("Good?"), 300), *middle)


_WIDTHS = {"name": 220, "barcodes": 150, "category": 140, "price": 90, "email": 180}


def _samples_of(table: Table) -> dict[int, list[str]]:
    """The first texts of each column, each once."""
    samples: dict[int, list[str]] = {index: [] for index in range(len(table.header))}
    for count, row in enumerate(table.rows()):
        if count >= PREVIEW_ROWS:
            break
        for index, found in samples.items():
            text = row.cell(index).strip()[:40]
            if text and text not in found and len(found) < SAMPLES:
                found.append(text)
    return samples


def _location_of(title: str, field: StrEnum, others: list[MappedColumn]) -> str:
    """Which location a stock column is for: named in its title, or told apart by it."""
    _, colon, location = title.partition(":")
    if colon:
        return location.strip()
    is_taken = any(other.field is field and not other.location for other in others)
    return title.strip() if is_taken else ""


def _by_index(column: MappedColumn) -> int:
    return column.index
