"""Rows of the office lists, fetched a page at a time so that a million of them scroll."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pos_app.ui.views import TableRow

# A search shows this many of its best matches; whoever seeks further types another letter.
FOUND_MOST = 200


@dataclass(frozen=True, slots=True)
class PagedRows:
    """Rows of which `total` are known to exist; `fetch_rows(offset, limit)` reads some of them."""

    total: int
    fetch_rows: Callable[[int, int], Sequence[TableRow]]

    def count(self) -> int:
        """Return how many rows there are."""
        return self.total

    def fetch(self, offset: int, limit: int) -> Sequence[TableRow]:
        """Return up to `limit` rows from `offset` on."""
        return self.fetch_rows(offset, limit)


@dataclass(frozen=True, slots=True)
class FixedRows:
    """Rows that are all here already."""

    rows: tuple[TableRow, ...] = ()

    def count(self) -> int:
        """Return how many rows there are."""
        return len(self.rows)

    def fetch(self, offset: int, limit: int) -> Sequence[TableRow]:
        """Return up to `limit` rows from `offset` on."""
        return self.rows[offset : offset + limit]


Rows = PagedRows | FixedRows
NO_ROWS: Rows = FixedRows()
