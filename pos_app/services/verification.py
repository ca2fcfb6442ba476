"""Checking a store: journal chain, signatures, documents, stock sums, numbers, SQLite itself.

Everything is read once, in order, so memory stays flat however much was sold. What nobody can
see from the file alone is that the whole file was replaced by an older copy of itself.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from pos_app.domain.facts import FactKind, canonical, sale_completed
from pos_app.domain.journal import GENESIS, JournalEntry, chain_faults
from pos_app.domain.payloads import move_payload
from pos_app.domain.plain import UNREADABLE
from pos_app.domain.sale import Sale
from pos_app.services.audits import AUDITORS, Heard
from pos_app.services.clock_check import clock_is_behind
from pos_app.services.document_faults import document_faults, refund_faults
from pos_app.services.faults import Enough, Fault, FaultKind, Faults
from pos_app.services.last_told import LastTold
from pos_app.services.movement_check import MovementCheck
from pos_app.services.payload_difference import first_difference
from pos_app.services.progress import Progress, unwatched
from pos_app.services.signatures import SignatureCheck
from pos_app.store.errors import StoreDamaged, StoreRefusal
from pos_app.store.inspection import (
    Inspection,
    ReadDocument,
    ReadMove,
    inspect_store,
    is_cut_short,
)
from pos_app.store.state import Head

SALE_SERIES = "sale"
_TELL_EVERY = 100  # journal entries


@dataclass(frozen=True, slots=True)
class Verification:
    """What was checked and what is wrong; at most 100 faults are kept, the first ones."""

    path: Path
    faults: tuple[Fault, ...]
    notes: tuple[str, ...]
    entries: int
    documents: int
    movements: int
    head_seq: int
    head_hash: str

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


def verify(
    path: Path, on_progress: Progress = unwatched, now: datetime | None = None
) -> Verification:
    """Check the store at `path`, also while it sells; faults are found, not raised.

    `on_progress` hears of journal entries, and may stop the check by raising. With `now` (UTC) a
    clock that is behind the journal is noted: it is no fault of the store.
    Raises StoreMissing, StoreFolderMissing, StoreNewer, or StoreDamaged where it is no store.
    """
    faults = Faults()
    try:
        with inspect_store(path) as inspection:
            return _verified(path, inspection, faults, on_progress, now)
    except StoreDamaged as damage:
        if not is_cut_short(path):
            raise
        fault = Fault(FaultKind.DATABASE, "file", str(damage))
        return Verification(path, (fault,), (), 0, 0, 0, 0, GENESIS)


def _verified(
    path: Path,
    inspection: Inspection,
    faults: Faults,
    on_progress: Progress,
    now: datetime | None,
) -> Verification:
    audit = _Audit(inspection, faults, on_progress)
    steps: tuple[tuple[str, Callable[[], None]], ...] = (
        ("the schema", lambda: _check_schema(inspection, faults)),
        ("the file", lambda: _check_pages(inspection, faults)),
        ("the rows", lambda: _check_rules(inspection, faults)),
        ("the documents", lambda: _check_strays(inspection, faults)),
        ("the search index", lambda: _check_texts(inspection, faults)),
        ("the journal and its documents", audit.walk),
        ("the catalogue", audit.check_standing),
    )
    try:
        for what, step in steps:
            try:
                step()
            except Enough:
                break
            except (StoreRefusal, *UNREADABLE) as failure:
                sentence = f"{what} cannot be read to the end: {failure}"
                faults.found.append(Fault(FaultKind.DATABASE, "file", sentence))
    finally:  # also where somebody stopped the check
        audit.close()
    if faults.found and is_cut_short(path):  # alone it says nothing: pages may wait in the log
        sentence = "the file ends before the last page that its first page promises"
        faults.found.append(Fault(FaultKind.DATABASE, "file", sentence))
    on_progress(1, 1)
    return Verification(
        path=path,
        faults=tuple(faults.found),
        notes=(
            *audit.signatures.notes,
            *_uncompared(inspection),
            *_clock_notes(audit.head_at, now),
        ),
        entries=audit.entries,
        documents=audit.documents,
        movements=audit.movements,
        head_seq=audit.head_seq,
        head_hash=audit.head_hash,
    )


def _uncompared(inspection: Inspection) -> Iterator[str]:
    try:
        tables = inspection.catalogue.uncompared()
    except StoreRefusal:
        return  # a fault says so
    for table in tables:
        yield f"The search words of the {table} were counted and not compared one by one."


def _clock_notes(head_at: str, now: datetime | None) -> Iterator[str]:
    """Say where the machine's clock is behind what was written last."""
    try:
        late = "" if now is None else clock_is_behind(datetime.fromisoformat(head_at), now)
    except ValueError:
        return  # a journal without an entry, or with a time that other checks complain of
    if late:
        yield late


def _check_schema(inspection: Inspection, faults: Faults) -> None:
    for sentence in inspection.changed_schema():
        faults.add(FaultKind.SCHEMA, "schema", sentence)


def _check_pages(inspection: Inspection, faults: Faults) -> None:
    for sentence in (*inspection.broken_pages(), *inspection.broken_references()):
        faults.add(FaultKind.DATABASE, "file", sentence)


def _check_rules(inspection: Inspection, faults: Faults) -> None:
    for sentence in inspection.broken_rules():
        faults.add(FaultKind.DATABASE, "rows", sentence)


def _check_strays(inspection: Inspection, faults: Faults) -> None:
    for sentence in inspection.stray_rows():
        faults.add(FaultKind.DOCUMENT, "rows", sentence)
    for sentence in inspection.unreadable_texts():
        faults.add(FaultKind.TEXT, "texts", sentence)


def _check_texts(inspection: Inspection, faults: Faults) -> None:
    for sentence in (*inspection.uneven_word_indexes(), *inspection.catalogue.word_faults()):
        faults.add(FaultKind.TEXT, "search index", sentence)


class _Audit:
    """Walks through the journal, and beside it through the rows that it explains."""

    def __init__(self, inspection: Inspection, faults: Faults, on_progress: Progress) -> None:
        self._store = inspection
        self._on_progress = on_progress
        self._expected = inspection.last_seq() + 1  # what stands beside the journal comes after
        self._faults = faults
        self.signatures = SignatureCheck(inspection)
        self._last_told = LastTold(inspection)
        self._auditors = [make(inspection) for make in AUDITORS]
        self._documents = inspection.documents()
        self._document: ReadDocument | None = None
        self._moves = MovementCheck(inspection, faults)
        self._returned: dict[tuple[str, int], Decimal] = {}
        self._original = lru_cache(maxsize=256)(inspection.document)
        self._seen = inspection.seen() or Head()
        self._is_seen_there = self._seen.seq == 0
        self.is_cut_off = False
        self.entries = self.documents = self.head_seq = 0
        self.head_hash = GENESIS
        self.head_at = ""

    def walk(self) -> None:
        """Check everything that the journal and the documents say."""
        self._document = self._next_document()
        for seq, sentence in chain_faults(self._checked_entries()):
            self._faults.add(FaultKind.JOURNAL, f"entry {seq}", sentence)
        while self._document is not None and not self.is_cut_off:
            self._fault_of_document(self._document, "has rows, but the journal does not tell of it")
            self._advance()
        self._moves.check_rest()
        self._check_numbers()
        self._moves.check_levels()
        self._check_seen()

    @property
    def movements(self) -> int:
        """How many stock movements were read."""
        return self._moves.count

    def close(self) -> None:
        """Let go of what was kept for comparing."""
        self._moves.close()
        self._last_told.close()

    def check_standing(self) -> None:
        """Check what stands beside the documents against what the journal told of it last."""
        for where, sentence in self._last_told.faults():
            self._faults.add(FaultKind.CATALOGUE, where, sentence)
        for auditor in self._auditors:
            for where, sentence in auditor.faults():
                self._faults.add(FaultKind.RECORD, where, sentence)
        for remote, seq in self._store.catalogue.cursors():
            if not 0 <= seq <= self.head_seq:
                sentence = f"{remote} was told up to entry {seq}, but there are {self.head_seq}"
                self._faults.add(FaultKind.JOURNAL, f"remote {remote}", sentence)

    def _readable_entries(self) -> Iterator[JournalEntry]:
        try:
            yield from self._store.entries()
        except StoreRefusal as refusal:
            self.is_cut_off = True
            where = f"entry {self.head_seq + 1}"
            self._faults.add(FaultKind.JOURNAL, where, f"{where} cannot be read: {refusal}")

    def _checked_entries(self) -> Iterator[JournalEntry]:
        for entry in self._readable_entries():
            if entry.seq == self._seen.seq:
                self._is_seen_there = entry.hash == self._seen.hash
            if self.entries == 0 and entry.seq != 1:
                sentence = f"the journal begins with entry {entry.seq}, not with entry 1"
                self._faults.add(FaultKind.JOURNAL, f"entry {entry.seq}", sentence)
            self.entries += 1
            self.head_seq, self.head_hash, self.head_at = entry.seq, entry.hash, entry.at
            if self.entries % _TELL_EVERY == 0:
                self._on_progress(min(self.entries, self._expected), self._expected)
            self._last_told.hear(entry)
            heard = Heard(entry)
            for auditor in self._auditors:
                auditor.hear(heard)
            for sentence in self.signatures.faults(entry):
                self._faults.add(FaultKind.SIGNATURE, f"entry {entry.seq}", sentence)
            if entry.kind == FactKind.SALE_COMPLETED:
                self._check_sale_entry(entry)
            elif entry.kind == FactKind.STOCK_MOVED:
                self._check_moves_entry(entry)
            yield entry

    def _check_sale_entry(self, entry: JournalEntry) -> None:
        read = self._document
        if read is not None and read.sale is not None and not read.why:
            moves = self._moves.of(read.id)
            fact = sale_completed(read.sale, tuple(move.move for move in moves))
            if canonical(fact.payload) == entry.payload:
                self._check_document(read.row, read.sale, moves)
                self._advance()
                return
            self._moves.put_back(moves)
        self._find_difference(entry)

    def _find_difference(self, entry: JournalEntry) -> None:
        """Say how rows and entry differ: other figures, rows without entry, or no rows at all."""
        told = _parsed(entry)
        sale_id, number = str(told.get("id", "")), str(told.get("number", "?"))
        if self._store.document_row(sale_id) is None:
            sentence = (
                f"sale {number} is in the journal (entry {entry.seq}) but its rows are missing"
            )
            self._faults.add(FaultKind.DOCUMENT, f"sale {number}", sentence)
            self._moves.of(sale_id)
            return
        while self._document is not None and self._document.id != sale_id:
            self._fault_of_document(self._document, "has rows where the journal tells of another")
            self._moves.of(self._document.id)
            self._advance()
        read = self._document
        if read is None:
            sentence = f"the rows of sale {number} stand before those of an earlier sale"
            self._faults.add(FaultKind.DOCUMENT, f"sale {number}", sentence)
            return
        moves = self._moves.of(sale_id)
        if read.sale is None or read.why:
            self._fault_of_document(read, f"cannot be read as it was written: {read.why}")
        else:
            fact = sale_completed(read.sale, tuple(move.move for move in moves))
            rows = json.loads(canonical(fact.payload))
            difference = first_difference(rows, told, read.sale.currency)
            self._fault_of_document(read, difference or "is written otherwise in the journal")
        self._advance()

    def _check_document(self, row: int, sale: Sale, moves: list[ReadMove]) -> None:
        where = f"sale {sale.number}"
        for sentence in document_faults(sale):
            self._faults.add(FaultKind.ARITHMETIC, where, f"{where}, {sentence}")
        for line in sale.lines:
            if line.returns and line.returns.sale_id and line.returns.line_no:
                self._check_returned(sale, line.line_no, line.returns.sale_id, line.returns.line_no)
        if sale.voids is not None:
            self._forget_returns(self._original(sale.voids))
        moment = sale.stamp.at.isoformat(timespec="milliseconds")
        if any(read.at != moment for read in moves):
            sentence = f"{where}: its stock moved at another time than it was sold"
            self._faults.add(FaultKind.STOCK, where, sentence)
        serial = re.search(r"(\d+)$", sale.number)
        if serial is None or int(serial[1]) != row:
            sentence = f"{where} is document {row}: the numbers are not gapless"
            self._faults.add(FaultKind.NUMBER, where, sentence)

    def _forget_returns(self, voided: Sale | None) -> None:
        """What a void undid came back not, so it can come back once more."""
        for line in voided.lines if voided else ():
            if line.returns and line.returns.sale_id and line.returns.line_no:
                key = (line.returns.sale_id, line.returns.line_no)
                self._returned[key] = self._returned.get(key, Decimal(0)) + line.quantity

    def _check_returned(self, sale: Sale, line_no: int, sale_id: str, original_no: int) -> None:
        original = self._original(sale_id)
        lines = original.lines if original else ()
        sold = next((line for line in lines if line.line_no == original_no), None)
        if original is None or sold is None:
            return  # sold by another till
        line = sale.lines[line_no - 1]
        already = self._returned.get((sale_id, original_no), Decimal(0))
        self._returned[sale_id, original_no] = already - line.quantity
        where = f"sale {sale.number}"
        for sentence in refund_faults(line, sold, already, original.policy):
            self._faults.add(FaultKind.ARITHMETIC, where, f"{where}, {sentence}")

    def _check_moves_entry(self, entry: JournalEntry) -> None:
        told = _parsed(entry).get("moves")
        moves = self._moves.of(entry.id)
        rows = [move_payload(read.move) for read in moves]
        if rows != told:
            difference = first_difference({"moves": rows}, {"moves": told})
            sentence = f"stock movement of entry {entry.seq}: {difference}"
            self._faults.add(FaultKind.STOCK, f"entry {entry.seq}", sentence)
        if any(read.at != entry.at for read in moves):
            sentence = f"the stock of entry {entry.seq} moved at another time than it says"
            self._faults.add(FaultKind.STOCK, f"entry {entry.seq}", sentence)

    def _check_numbers(self) -> None:
        last = self._store.last_number(SALE_SERIES)
        if last != self.documents:
            sentence = f"{last} numbers were taken, but there are {self.documents} documents"
            self._faults.add(FaultKind.NUMBER, "numbers", sentence)

    def _check_seen(self) -> None:
        if self._is_seen_there or self.is_cut_off:
            return
        seq = self._seen.seq
        sentence = (
            f"the till was last closed with {seq} journal entries, and entry {seq} is not there as "
            "it was: the file is an older copy, or its end was cut off"
        )
        self._faults.add(FaultKind.JOURNAL, f"entry {seq}", sentence)

    def _fault_of_document(self, read: ReadDocument, words: str) -> None:
        joined = ", " if words.startswith(("line ", "tax ", "payment ", "stock ")) else " "
        where = f"sale {read.number}"
        self._faults.add(FaultKind.DOCUMENT, where, f"{where}{joined}{words}")

    def _advance(self) -> None:
        self.documents += 1
        self._document = self._next_document()

    def _next_document(self) -> ReadDocument | None:
        return next(self._documents, None)


def _parsed(entry: JournalEntry) -> dict[str, Any]:
    try:
        told = json.loads(entry.payload)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
