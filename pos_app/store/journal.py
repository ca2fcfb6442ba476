"""The journal: one append-only, hash-chained and signed entry for every business fact."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from random import SystemRandom
from typing import TYPE_CHECKING

from pos_app.domain.facts import Fact, FactKind, canonical
from pos_app.domain.ids import uuid7
from pos_app.domain.journal import JournalEntry, entry_hash
from pos_app.store.base_revision import payload_with_base
from pos_app.store.connection import Database, naming
from pos_app.store.journal_rows import SELECT_ENTRY, entry_of
from pos_app.store.state import Head, StoreState

if TYPE_CHECKING:
    from pos_app.store.journal_search import JournalSearch

_INSERT = "INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_HEAD = "SELECT seq, lower(hex(hash)) FROM journal ORDER BY seq DESC LIMIT 1"
# The first document told at or after an entry; one that cannot be read counts as the earliest.
_NEXT_SALE = (
    "SELECT seq, coalesce((SELECT row FROM sales WHERE id = CASE WHEN json_valid(payload) "
    "THEN json_extract(payload, '$.id') END), 0) FROM journal "
    "WHERE seq BETWEEN ? AND ? AND kind = ? ORDER BY seq LIMIT 1"
)
_SEPARATOR = "\x1f"


class Journal:
    """The journal for reading."""

    def __init__(self, database: Database, state: StoreState) -> None:
        self._db = database
        self._state = state

    @property
    def search(self) -> "JournalSearch":
        """The journal for looking around in it."""
        from pos_app.store.journal_search import JournalSearch  # noqa: PLC0415 - selling needs none

        return JournalSearch(self._db)

    def head(self) -> JournalEntry | None:
        """Return the latest entry, or None where nothing happened yet."""
        row = self._db.row(f"{SELECT_ENTRY} ORDER BY seq DESC LIMIT 1")
        return None if row is None else entry_of(row)

    def entries(self, after_seq: int = 0, limit: int = 1000) -> list[JournalEntry]:
        """Return the entries after a number, in order."""
        rows = self._db.rows(
            f"{SELECT_ENTRY} WHERE seq > ? ORDER BY seq LIMIT ?", (after_seq, limit)
        )
        return [entry_of(row) for row in rows]

    def get(self, seq: int) -> JournalEntry | None:
        """Return one entry by its number."""
        row = self._db.row(f"{SELECT_ENTRY} WHERE seq = ?", (seq,))
        return None if row is None else entry_of(row)

    def of_sale(self, sale_id: str) -> JournalEntry | None:
        """Return the entry of a finished document, quickly however long ago that was.

        Documents and their entries are written together, so their order is the same whatever the
        clock said: the entry is found by halving. Only a damaged journal is searched as a whole.
        """
        wanted = self._db.value("SELECT row FROM sales WHERE id = ?", (sale_id,))
        if wanted is None:
            return None
        first, last = 1, self.count()
        while first <= last:
            middle = (first + last) // 2
            near = self._db.row(_NEXT_SALE, (middle, last, FactKind.SALE_COMPLETED.value))
            if near is None or near[1] > wanted:
                last = middle - 1
            elif near[1] == wanted:
                return self.get(near[0])
            else:
                first = near[0] + 1
        return self._search_whole(sale_id)

    def _search_whole(self, sale_id: str) -> JournalEntry | None:
        row = self._db.row(
            f"{SELECT_ENTRY} WHERE kind = ? AND instr(payload, ?) ORDER BY seq DESC LIMIT 1",
            (FactKind.SALE_COMPLETED.value, f'"id":"{sale_id}"'),
        )
        return None if row is None else entry_of(row)

    def last_before(self, at: str) -> int:
        """Return the number of the last entry before the first one at or after a moment (ISO, UTC).

        Reads the journal up to there, so it belongs off the counter's thread.
        """
        first = self._db.value("SELECT seq FROM journal WHERE at >= ? ORDER BY seq LIMIT 1", (at,))
        return self.count() if first is None else int(first) - 1

    def told(self, *kinds: FactKind) -> Iterator[tuple[str, str]]:
        """Yield moment (ISO, UTC) and payload (JSON) of the entries of some kinds, in order.

        Reads the whole journal once, so it belongs off the counter's thread.
        """
        marks = ", ".join("?" * len(kinds))
        rows = self._db.stream(
            f"SELECT at, payload FROM journal WHERE kind IN ({marks}) ORDER BY seq",
            [kind.value for kind in kinds],
        )
        yield from rows

    def told_after(self, seq: int, *kinds: FactKind) -> list[tuple[int, str, str]]:
        """Return number, kind and payload (JSON) of the entries of some kinds after a number."""
        marks = ", ".join("?" * len(kinds))
        rows = self._db.rows(
            f"SELECT seq, kind, payload FROM journal WHERE seq > ? AND kind IN ({marks}) "
            "ORDER BY seq",
            (seq, *(kind.value for kind in kinds)),
        )
        return [(row[0], row[1], row[2]) for row in rows]

    def of_record(self, kind: FactKind, record_id: str, limit: int = 50) -> list[JournalEntry]:
        """Return the latest entries of a kind that tell of a record, the last one first.

        Reads the journal from its end, so it belongs off the counter's thread.
        """
        rows = self._db.rows(
            f"{SELECT_ENTRY} WHERE kind = ? AND instr(payload, ?) ORDER BY seq DESC LIMIT ?",
            (kind.value, f'"id":{json.dumps(record_id, ensure_ascii=False)}', limit),
        )
        return [entry_of(row) for row in rows]

    def states_of(
        self, record: str, record_id: str, kinds: Sequence[FactKind], limit: int
    ) -> list[JournalEntry]:
        """Return the latest entries that tell of a record's states, the last one first.

        Reads back from the last one until `limit` are found: off the counter's thread.
        """
        marks = ", ".join("?" * len(kinds))
        rows = self._db.rows(
            f"{SELECT_ENTRY} WHERE seq <= (SELECT seq FROM records WHERE record = ? AND id = ?) "
            f"AND kind IN ({marks}) AND instr(payload, ?) ORDER BY seq DESC LIMIT ?",
            (record, record_id, *(kind.value for kind in kinds), f'"id":"{record_id}"', limit),
        )
        return [entry_of(row) for row in rows]

    def told_by(self, staff: str, kind: FactKind, after_seq: int, part: str = "") -> list[str]:
        """Return the payloads of a kind that somebody wrote after a number and that hold `part`."""
        rows = self._db.rows(
            "SELECT payload FROM journal WHERE seq > ? AND kind = ? AND staff = ? "
            "AND instr(payload, ?) ORDER BY seq",
            (after_seq, kind.value, staff, part or "{"),
        )
        return [payload for (payload,) in rows]

    def count_of(self, kind: FactKind, after_seq: int, up_to_seq: int) -> int:
        """Return how many entries of a kind there are after a number, up to another one.

        Reads all of them, so it belongs off the counter's thread.
        """
        sql = "SELECT count(*) FROM journal WHERE seq > ? AND seq <= ? AND kind = ?"
        return int(self._db.value(sql, (after_seq, up_to_seq, kind.value)) or 0)

    def count_told(self, kinds: Sequence[FactKind], after_seq: int, up_to_seq: int) -> int:
        """Return how many entries of some kinds there are after a number, up to another one.

        Reads all of them, so it belongs off the counter's thread.
        """
        marks = ", ".join("?" * len(kinds))
        sql = f"SELECT count(*) FROM journal WHERE seq > ? AND seq <= ? AND kind IN ({marks})"
        return int(self._db.value(sql, (after_seq, up_to_seq, *(k.value for k in kinds))) or 0)

    def count(self) -> int:
        """Return how many entries there are: they are numbered without gaps."""
        return int(self._db.value("SELECT max(seq) FROM journal") or 0)


class JournalWriter(Journal):
    """The journal inside a transaction."""

    def __init__(self, database: Database, state: StoreState) -> None:
        super().__init__(database, state)
        self.pending = Head()

    def append(self, fact: Fact, at: datetime, staff: str) -> JournalEntry:
        """Write a fact as the next entry; `at` is aware UTC. Raises KeyMissing, TextNotStorable."""
        state, before = self._state, self.pending
        identity, signer = state.identity, state.loaded_signer()
        if _SEPARATOR in staff:
            raise ValueError("a staff code holds no control characters")
        entry_id = uuid7(int(at.timestamp() * 1000), SystemRandom().getrandbits(74))
        moment = at.isoformat(timespec="milliseconds")
        payload = canonical(payload_with_base(self._db, fact))
        kind = fact.kind.value
        seq = before.seq + 1
        with naming(state.path):
            digest = entry_hash(
                identity.till,
                identity.epoch,
                seq,
                entry_id,
                kind,
                moment,
                staff,
                payload,
                before.hash,
            )
        raw = bytes.fromhex(digest)
        signature = signer.sign(raw)
        self._db.run(
            _INSERT,
            (
                seq,
                identity.till,
                identity.epoch,
                entry_id,
                kind,
                moment,
                staff,
                payload,
                bytes.fromhex(before.hash),
                raw,
                signature,
            ),
        )
        self.pending = Head(seq, digest)
        return JournalEntry(
            identity.till,
            identity.epoch,
            seq,
            entry_id,
            kind,
            moment,
            staff,
            payload,
            before.hash,
            digest,
            signature,
        )


def read_head(database: Database) -> Head:
    """Return where the chain of a database ends."""
    row = database.row(_HEAD)
    return Head() if row is None else Head(*row)
