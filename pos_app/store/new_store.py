"""Writing a new store: its tables, its first key and its first journal entry, in one file."""

from datetime import datetime
from pathlib import Path
from random import SystemRandom

from pos_app.domain.facts import Fact, FactKind
from pos_app.domain.ids import uuid7
from pos_app.domain.plain import to_plain
from pos_app.domain.shop import ShopSettings
from pos_app.store.connection import connect
from pos_app.store.epochs import write_epoch
from pos_app.store.keys import KeyName, new_key
from pos_app.store.new_epoch import epoch_payload
from pos_app.store.schema import make_schema
from pos_app.store.state import StoreState, TillIdentity
from pos_app.store.transaction import Session


def write_new(
    part: Path, path: Path, shop: ShopSettings, till: str, shop_code: str, now: datetime
) -> None:
    """Write a new store for `path` into the one file `part`."""
    database = connect(part, is_new=True)
    try:
        store_id = uuid7(int(now.timestamp() * 1000), SystemRandom().getrandbits(74))
        signer, place = new_key(KeyName(store_id, 1, path))
        identity = TillIdentity(till, shop_code, store_id, 1, signer.public_key, place.value)
        tx = Session(database, StoreState(path, identity, signer=signer)).transaction
        tx.begin()
        make_schema(database)
        write_epoch(database, identity, now, "new store")
        tx.settings.save(shop)
        opening = epoch_payload(identity) | {"settings": to_plain(shop)}
        tx.journal.append(Fact(FactKind.STORE_OPENED, opening), now, "")
        tx.commit()
        database.value("PRAGMA journal_mode = DELETE")  # one file, so that one rename moves it
    finally:
        database.close()


def remove_parts(part: Path) -> None:
    """Remove what is left of a store that was not made whole."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        part.with_name(part.name + suffix).unlink(missing_ok=True)
