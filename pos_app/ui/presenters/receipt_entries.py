"""What the journal tells of one receipt, as rows: the near ones at once, then the whole journal."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pos_app.domain.errors import PosError
from pos_app.domain.journal import JournalEntry
from pos_app.services.journal_reading import entries_of_sale
from pos_app.texts import t
from pos_app.ui.presenters.background_work import RunWork, Stoppable, Working
from pos_app.ui.presenters.fact_names import writer_of
from pos_app.ui.presenters.fact_told import FactWriter
from pos_app.ui.presenters.journal_state import entry_row
from pos_app.ui.presenters.office_rows import NO_ROWS, FixedRows, Rows
from pos_app.ui.presenters.refusals import bare, sentence_of
from pos_app.ui.views import Column, TableRow

if TYPE_CHECKING:
    from pos_app.store.store import Store

Gate = Callable[[Callable[[], None]], bool]  # whether it may be seen now, or calls back later


@dataclass(frozen=True, slots=True)
class EntriesState:
    """The entries of a receipt; `said` says what is still going on."""

    rows: Rows = NO_ROWS
    serial: int = 0
    said: str = ""


def entry_columns() -> tuple[Column, ...]:
    """Return the columns of the list; the sentence has the room."""
    return (
        Column(t("Time"), 100),
        Column(t("What was written"), 240, stretches=True, has_icon=True),
    )


class ReceiptEntries:
    """Reads the entries of the receipt on show when they are asked for."""

    def __init__(
        self,
        store: "Store",
        run: RunWork,
        on_state: Callable[[EntriesState], None],
        gate: Gate = lambda _again: True,
    ) -> None:
        self._store = store
        self._run = run
        self._on_state = on_state
        self._gate = gate
        self._sale = ""
        self._job: Stoppable | None = None
        self._state = EntriesState()

    @property
    def state(self) -> EntriesState:
        """What the list shows now."""
        return self._state

    def show(self, sale_id: str) -> None:
        """List what the journal tells of a receipt, if that may be seen."""
        if sale_id == self._sale:
            return
        self.forget()
        if sale_id and self._gate(lambda: self.show(sale_id)):
            self._sale = sale_id
            self._read(sale_id, is_quick=True)

    def forget(self) -> None:
        """Show nothing: another receipt is in sight."""
        if self._job is not None:
            self._job.cancel()
            self._job = None
        self._sale = ""
        self._put(NO_ROWS, "")

    def _read(self, sale_id: str, *, is_quick: bool) -> None:
        store = self._store

        def work(working: Working) -> list[JournalEntry]:
            return entries_of_sale(store, sale_id, working.stop_if_cancelled, is_quick=is_quick)

        def done(entries: list[JournalEntry]) -> None:
            if sale_id != self._sale:
                return
            write = writer_of(store)
            rows = FixedRows(tuple(_short(entry, write) for entry in entries))
            self._put(rows, t("Looking for later ones …") if is_quick else "")
            if is_quick:
                self._read(sale_id, is_quick=False)

        if is_quick:
            self._put(NO_ROWS, t("Reading the journal …"))
        self._job = self._run(work, done, self._failed)

    def _failed(self, error: Exception) -> None:
        self._job = None
        if not isinstance(error, PosError):
            raise error
        self._put(self._state.rows, sentence_of(error))

    def _put(self, rows: Rows, said: str) -> None:
        self._state = EntriesState(rows, self._state.serial + 1, said)
        self._on_state(self._state)


def _short(entry: JournalEntry, write: FactWriter) -> TableRow:
    """Write an entry as a narrow row: the time of day, and its sentence with the cashier."""
    row = entry_row(entry, write)
    time, sentence = bare(row.cells[0])[-8:], row.cells[1]
    return TableRow(row.key, (time, sentence), row.tone, row.icon)
