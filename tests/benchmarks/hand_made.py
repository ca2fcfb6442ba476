"""The floor of a sale: the rows that the checkout writes, by SQL on the same database settings.

It opens a copy of the same shop with the store's own connection settings, takes the rows of the
shop's latest sale as they are, and writes them again and again. Nothing is computed but the keys;
`is_signed` adds the hash and the signature of the journal entry.
"""

import hashlib
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pos_app.store.connection import connect

LEVEL = (
    "INSERT INTO stock_levels VALUES (?, ?, ?) ON CONFLICT (product_id, location) "
    "DO UPDATE SET level_micro = level_micro + excluded.level_micro"
)
MOVE = (
    "INSERT INTO stock_moves (product_id, location, quantity_micro, reason, note, at, "
    "document_id, batch) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)


class HandMade:
    """Writes sales by hand into the copy of a shop at `path`."""

    def __init__(self, path: Path) -> None:
        self.database = connect(path)
        self.raw = self.database.raw
        self.row = int(self._one("SELECT max(row) FROM sales")[0])
        self.seq = int(self._one("SELECT max(seq) FROM journal")[0])
        self.sale = self._one("SELECT * FROM sales WHERE row = ?", self.row)
        self.lines, self.taxes, self.tenders = (
            self._all(f"SELECT * FROM {name} WHERE sale = ?", self.row)
            for name in ("sale_lines", "sale_taxes", "tenders")
        )
        self.moves = self._all(
            "SELECT * FROM stock_moves ORDER BY row DESC LIMIT ?", len(self.lines)
        )
        self.entry = self._one("SELECT * FROM journal WHERE seq = ?", self.seq)
        self.key = Ed25519PrivateKey.generate()
        self.insert = {
            name: f"INSERT INTO {name} VALUES ({', '.join('?' * len(row))})"
            for name, row in (
                ("sales", self.sale), ("sale_lines", self.lines[0]), ("sale_taxes", self.taxes[0]),
                ("tenders", self.tenders[0]), ("journal", self.entry),
            )
        }  # fmt: skip

    def sell(self, product_ids: list[str], *, is_signed: bool = False) -> None:
        """Write one sale of these products."""
        run, many, insert = self.raw.execute, self.raw.executemany, self.insert
        self.row = row = self.row + 1
        self.seq = seq = self.seq + 1
        run("BEGIN IMMEDIATE")
        run("UPDATE sequences SET last = last + 1 WHERE series = 'sale'")
        key = f"02000000-0000-7000-9000-{row:012x}"
        run(insert["sales"], (row, key, f"1-{row:06d}", *self.sale[3:]))
        many(insert["sale_lines"], [
            (row, *line[1:2], product, *line[3:])
            for line, product in zip(self.lines, product_ids, strict=True)
        ])  # fmt: skip
        many(insert["sale_taxes"], [(row, *tax[1:]) for tax in self.taxes])
        many(insert["tenders"], [(row, *tender[1:]) for tender in self.tenders])
        many(MOVE, [
            (product, *move[2:7], key, "")
            for move, product in zip(self.moves, product_ids, strict=True)
        ])  # fmt: skip
        many(LEVEL, [(product, "shop", -1_000_000) for product in product_ids])
        entry_id = f"02000000-0000-7000-a000-{seq:012x}"
        entry = (seq, *self.entry[1:3], entry_id, *self.entry[4:])
        if is_signed:
            digest = hashlib.sha256("\x1f".join(map(str, entry[:8])).encode()).digest()
            entry = (*entry[:9], digest, self.key.sign(digest))
        run(insert["journal"], entry)
        run("COMMIT")

    def close(self) -> None:
        self.database.close()

    def _one(self, sql: str, *values: Any) -> tuple[Any, ...]:
        row = self.database.row(sql, values)
        assert row is not None
        return row

    def _all(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        return self.database.rows(sql, values)
