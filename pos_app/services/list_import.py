"""What every import of a list shares: rows in chunks, codes listed twice, the report at its end."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from pos_app.domain.errors import PosError
from pos_app.domain.facts import Fact, FactKind
from pos_app.services.product_columns import Mapping
from pos_app.services.progress import Progress, never
from pos_app.services.repair_file import RepairFile
from pos_app.spreadsheets.table import Row, Table

_CHUNK_ROWS = 500
_REFUSALS_TOLD = 200
_FINGERPRINT_BITS = 27

Refused = list[tuple[Row, PosError]]


class CodeListedTwice(PosError):
    """The same code stands in two rows of the list."""

    sentence = "{code} is already in row {row}. Keep one of the two rows."


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that was not imported, and the sentence that says what to do."""

    number: int
    reason: PosError


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did: read = added + changed + unchanged + refused rows.

    `first_refusals` are the first two hundred; the repair file holds them all.
    """

    file: str
    read: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    first_refusals: tuple[RefusedRow, ...] = ()
    repair_file: Path | None = None
    was_cancelled: bool = False


@dataclass
class ImportRun:
    """What is counted while an import runs; `first_rows` says in which row a code stood first."""

    read: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: list[RefusedRow] = field(default_factory=list)
    refused_count: int = 0
    first_rows: dict[str, int] = field(default_factory=dict)


def import_rows(
    table: Table,
    run: ImportRun,
    write: Callable[[list[Row]], Refused],
    repair_folder: Path | None,
    on_progress: Progress,
    cancelled: Callable[[], bool],
) -> ImportReport:
    """Let `write` take chunk after chunk of a list; what it refuses goes to the repair file.

    Each chunk is some hundred rows and one transaction of `write`, which returns what it refused.
    `on_progress` is told rows done and rows to expect. When `cancelled` says so, the import stops
    between two chunks. The repair file stands beside the list unless a folder is given. Raises
    FileNotWritable.
    """
    was_cancelled = False
    with RepairFile(table, repair_folder or table.path.parent) as repair:
        for chunk in _chunks(table.rows()):
            if cancelled():
                was_cancelled = True
                break
            for row, reason in write(chunk):
                _note_refusal(run, row, reason, repair)
            run.read += len(chunk)
            on_progress(run.read, max(table.row_estimate, run.read))
    on_progress(run.read, run.read)
    return _report_of(run, table, repair, was_cancelled=was_cancelled)


def codes_listed_twice(
    table: Table,
    mapping: Mapping,
    keys_of: Callable[[Row, Mapping], set[str]],
    cancelled: Callable[[], bool] = never,
) -> set[str]:
    """Return the codes that may stand in more than one row, from one pass over the list.

    A bit field of fixed size (16 MB) marks what was seen, so memory does not grow with the list;
    what it takes for a repetition by chance is settled when the rows are read.
    """
    seen = bytearray(1 << (_FINGERPRINT_BITS - 3))
    suspects: set[str] = set()
    for count, row in enumerate(table.rows()):
        if count % _CHUNK_ROWS == 0 and cancelled():
            break
        for key in keys_of(row, mapping) if row.fault is None else ():
            spot = hash(key) & ((1 << _FINGERPRINT_BITS) - 1)
            if seen[spot >> 3] & (1 << (spot & 7)):
                suspects.add(key)
            seen[spot >> 3] |= 1 << (spot & 7)
    return suspects


def finished_fact(report: ImportReport, table: Table, kind: FactKind, things: str) -> Fact:
    """An import has ended; `things` names the list of what other entries of it tell."""
    payload = {
        "file": table.name,
        "sha256": table.sha256,
        "read": report.read,
        "added": report.added,
        "changed": report.changed,
        "unchanged": report.unchanged,
        "refused": report.refused,
        "was_cancelled": report.was_cancelled,
        things: [],
    }
    return Fact(kind, payload)


def _report_of(
    run: ImportRun, table: Table, repair: RepairFile, *, was_cancelled: bool
) -> ImportReport:
    """Return what came of a run."""
    return ImportReport(
        file=table.name,
        read=run.read,
        added=run.added,
        changed=run.changed,
        unchanged=run.unchanged,
        refused=run.refused_count,
        first_refusals=tuple(run.refused),
        repair_file=repair.path,
        was_cancelled=was_cancelled,
    )


def _note_refusal(run: ImportRun, row: Row, reason: PosError, repair: RepairFile) -> None:
    """Count a refused row, remember the first ones, and write all into the repair file."""
    run.refused_count += 1
    if len(run.refused) < _REFUSALS_TOLD:
        run.refused.append(RefusedRow(row.number, reason))
    repair.add(row, reason)


def _chunks(rows: Iterator[Row]) -> Iterator[list[Row]]:
    """Yield rows by the number that one transaction writes."""
    while chunk := list(islice(rows, _CHUNK_ROWS)):
        yield chunk
