"""The epochs of a till: a new one, with a new key, starts with the store and at each restore."""

from datetime import datetime

from pos_app.store.connection import Database
from pos_app.store.state import TillIdentity

_SELECT = "SELECT till, shop, store_id, epoch, public_key, key_place FROM till_epochs"


def current_identity(database: Database) -> TillIdentity | None:
    """Return who the till is in its latest epoch."""
    row = database.row(f"{_SELECT} ORDER BY epoch DESC LIMIT 1")
    return None if row is None else TillIdentity(*row)


def all_epochs(database: Database) -> list[TillIdentity]:
    """Return who the till was in each epoch, in order."""
    return [TillIdentity(*row) for row in database.rows(f"{_SELECT} ORDER BY epoch")]


def write_epoch(database: Database, identity: TillIdentity, now: datetime, reason: str) -> None:
    """Start an epoch, in the running transaction."""
    database.run(
        "INSERT INTO till_epochs VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            identity.epoch,
            identity.store_id,
            identity.till,
            identity.shop,
            identity.public_key,
            identity.key_place,
            now.isoformat(timespec="milliseconds"),
            reason,
        ),
    )
