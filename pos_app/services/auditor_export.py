"""What an auditor takes away: journal, rows, a signed manifest, and a program that checks them.

The format is described in the README that goes with it; `resources/auditor/verify.py`, which
knows nothing of this program, reads it back.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pos_app import __version__
from pos_app.assets import resource
from pos_app.domain.errors import PosError
from pos_app.domain.journal import JournalEntry
from pos_app.domain.report_period import ReportPeriod
from pos_app.services.checkout import utc_now
from pos_app.services.export_files import ExportFiles, export_files
from pos_app.services.progress import Progress, unwatched
from pos_app.services.time_zones import shop_zone
from pos_app.store.errors import KeyMissing
from pos_app.store.export_rows import ExportRows, ExportTable, Span, read_for_export

if TYPE_CHECKING:
    from pos_app.store.store import Store

FORMAT, VERSION = "pos-app auditor export", 1
# Stands before the manifest's bytes under the signature, so that it can be no journal entry's.
SIGNED_WITH = b"pos-app auditor export 1\n"
_TELL_EVERY = 500  # rows


class NothingInPeriod(PosError):
    """The journal has no entry in the period."""

    sentence = "Nothing was written from {start} to {end}. Choose other days."


@dataclass(frozen=True, slots=True)
class AuditorExport:
    """What was written: journal entries in full, documents, files, and where the journal stood.

    `keys` are the till's public keys (hex) by epoch, for the auditor to note.
    """

    path: Path
    entries: int
    documents: int
    files: int
    size_bytes: int
    first_seq: int
    last_seq: int
    head_seq: int
    head_hash: str
    keys: Mapping[int, str]


def suggested_name(store: "Store", period: ReportPeriod | None = None) -> str:
    """Return a file name for an export, such as `audit-1-2026-01-01-2026-03-31.zip`."""
    days = f"-{period.start}-{period.end}" if period else ""
    till = "".join(sign if sign.isalnum() else "-" for sign in store.identity.till)
    return f"audit-{till}{days}.zip"


def export_for_auditor(
    store: "Store",
    path: Path,
    period: ReportPeriod | None = None,
    on_progress: Progress = unwatched,
    now: Callable[[], datetime] = utc_now,
) -> AuditorExport:
    """Write everything, or what was written in a period, to a ZIP (`.zip`) or a new folder.

    Reads as of one moment while the till sells on, and may take minutes: off the screen's thread.
    `on_progress` hears of rows and may stop the export by raising; then nothing is left behind.
    Raises FileNotWritable, FolderNotEmpty, NothingInPeriod, or KeyMissing where the till's key,
    which signs the manifest, is not on this machine.
    """
    with read_for_export(store.path) as rows, export_files(path) as files:
        writing = _Writing(store, rows, files, _span(store, rows, period), on_progress)
        writing.write(period, now())
    return AuditorExport(
        path=path,
        entries=files.sums["journal.jsonl"].lines,
        documents=files.sums["rows/sales.jsonl"].lines,
        files=len(files.sums),
        size_bytes=path.stat().st_size if path.is_file() else _size(files),
        first_seq=writing.span.entries[0],
        last_seq=writing.span.entries[1],
        head_seq=rows.head.seq,
        head_hash=rows.head.hash,
        keys=writing.keys,
    )


def _size(files: ExportFiles) -> int:
    return sum(one.bytes for one in files.sums.values())


def _span(store: "Store", rows: ExportRows, period: ReportPeriod | None) -> Span:
    if period is None:
        return rows.whole()
    zone = shop_zone(store.settings.shop().time_zone)
    start, end = (
        datetime.combine(day, time(), zone).astimezone(UTC)
        for day in (period.start, period.end + timedelta(days=1))
    )
    span = rows.between(start, end)
    if span is None:
        raise NothingInPeriod(start=period.start, end=period.end)
    return span


class _Writing:
    """Writes the files of one export, one after the other."""

    def __init__(
        self,
        store: "Store",
        rows: ExportRows,
        files: ExportFiles,
        span: Span,
        on_progress: Progress,
    ) -> None:
        self._store, self._rows, self._files, self.span = store, rows, files, span
        self._on_progress = on_progress
        (first, last), (sold, lately) = span.entries, span.documents
        # Roughly: a document has two lines, one tax, one payment and two movements.
        self._total = last - first + 1 + 7 * (lately - sold + 1)
        self._done = 0
        self.keys = rows.keys()

    def write(self, period: ReportPeriod | None, at: datetime) -> None:
        """Write everything; the manifest comes last, because it names the others."""
        first, last = self.span.entries
        entries = (_entry(entry) for entry in self._rows.entries(first, last))
        self._files.put_lines("journal.jsonl", self._told(entries))
        if not self.span.is_whole:
            self._files.put_lines("links.jsonl", self._told(self._links()))
        for table in self._rows.tables(self.span):
            self._files.put_lines(f"rows/{table.name}.jsonl", self._told(_rows(table)))
        self._files.put("README.txt", resource("auditor/README.txt").read_bytes())
        self._files.put("verify.py", resource("auditor/verify.py").read_bytes())
        self._sign(_as_bytes(self._manifest(period, at)))
        self._on_progress(self._total, self._total)

    def _sign(self, manifest: bytes) -> None:
        epoch = max(self.keys)
        signature = self._store.sign(SIGNED_WITH + manifest, epoch)
        if signature is None:
            raise KeyMissing(path=self._store.path)
        told = {"epoch": epoch, "public_key": self.keys[epoch], "signature": signature.hex()}
        self._files.put("manifest.json", manifest)
        self._files.put("manifest.sig", _as_bytes(told))

    def _manifest(self, period: ReportPeriod | None, at: datetime) -> dict[str, Any]:
        identity, (first, last) = self._store.identity, self.span.entries
        return {
            "format": FORMAT,
            "version": VERSION,
            "made_at": at.isoformat(timespec="seconds"),
            "made_by": f"pos-app {__version__}",
            "store": identity.store_id,
            "till": identity.till,
            "shop": identity.shop,
            "period": period and {"start": f"{period.start}", "end": f"{period.end}"},
            "journal": {
                "first_seq": first,
                "hash_before": self._rows.hash_before(first),
                "last_seq": last,
                "head_seq": self._rows.head.seq,
                "head_hash": self._rows.head.hash,
            },
            "documents": {
                "first_row": self.span.documents[0],
                "last_row": self.span.documents[1],
            },
            "files": {name: sum_.plain() for name, sum_ in sorted(self._files.sums.items())},
        }

    def _links(self) -> Iterator[dict[str, object]]:
        """Hash and signature of the entries outside the period.

        In full are those that begin an epoch and name its key, the one after the period, which
        holds the hash of the period's last, and the journal's last one.
        """
        (first, last), head = self.span.entries, self._rows.head.seq
        in_full = {*self._rows.openings(), last + 1, head}
        for begin, end in ((1, first - 1), (last + 1, head)):
            for seq, epoch, hash_, signature in self._rows.links(begin, end):
                if seq in in_full:
                    yield from map(_entry, self._rows.entries(seq, seq))
                else:
                    yield {"seq": seq, "epoch": epoch, "hash": hash_, "signature": signature}

    def _told(self, rows: Iterator[dict[str, object]]) -> Iterator[dict[str, object]]:
        for row in rows:
            self._done += 1
            if self._done % _TELL_EVERY == 0:
                self._on_progress(min(self._done, self._total - 1), self._total)
            yield row


def _entry(entry: JournalEntry) -> dict[str, object]:
    return {
        "seq": entry.seq,
        "till": entry.till,
        "epoch": entry.epoch,
        "id": entry.id,
        "kind": entry.kind,
        "at": entry.at,
        "staff": entry.staff,
        "payload": entry.payload,
        "prev": entry.prev,
        "hash": entry.hash,
        "signature": entry.signature.hex(),
    }


def _rows(table: ExportTable) -> Iterator[dict[str, object]]:
    for row in table.rows:
        values = (value.hex() if isinstance(value, bytes) else value for value in row)
        yield dict(zip(table.columns, values, strict=True))


def _as_bytes(plain: dict[str, Any]) -> bytes:
    return json.dumps(plain, ensure_ascii=False, indent=1).encode() + b"\n"
