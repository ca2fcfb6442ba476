"""An entry of the journal as a row, and back."""

from pos_app.domain.journal import JournalEntry
from pos_app.store.connection import Row

SELECT_ENTRY = (
    "SELECT till, epoch, seq, id, kind, at, staff, payload, lower(hex(prev)), lower(hex(hash)), "
    "signature FROM journal"
)


def entry_of(row: Row) -> JournalEntry:
    """Return the entry of a row of `SELECT_ENTRY`."""
    return JournalEntry(*row)
