"""Beginning an epoch: the journal goes on under a new key, because the old one told two stories.

A store that was restored, or one whose copy on another machine told head office other entries,
can no longer be known by its old key alone.
"""

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pos_app.domain.facts import Fact, FactKind
from pos_app.store.connection import Database
from pos_app.store.epochs import all_epochs, write_epoch
from pos_app.store.keys import KeyName, Signer, known_epochs, new_key, public_key_beside_private
from pos_app.store.state import StoreState, TillIdentity

if TYPE_CHECKING:
    from pathlib import Path

    from pos_app.store.journal import JournalWriter


def next_epoch(
    database: Database, known: TillIdentity, path: "Path"
) -> tuple[TillIdentity, Signer]:
    """Make and keep the key of a till's next epoch; the store at `path` does not know it yet.

    An epoch whose key was made and never told of, because the power went, is left out.
    """
    epochs = [identity.epoch for identity in all_epochs(database)]
    epochs += known_epochs(KeyName(known.store_id, 0, path))
    epoch = max(epochs) + 1
    while public_key_beside_private(KeyName(known.store_id, epoch, path)) is not None:
        epoch += 1
    signer, place = new_key(KeyName(known.store_id, epoch, path))
    identity = replace(known, epoch=epoch, public_key=signer.public_key, key_place=place.value)
    return identity, signer


def write_next_epoch(
    database: Database,
    state: StoreState,
    journal: "JournalWriter",
    begun: tuple[TillIdentity, Signer],
    now: datetime,
    reason: str,
) -> None:
    """Let an epoch begin in the running transaction: its row, and its first entry by its own key.

    `state` has the new key from here on; a transaction that is let go puts the old one back.
    """
    state.identity, state.signer = begun
    write_epoch(database, state.identity, now, reason)
    told = {**epoch_payload(state.identity), "reason": reason}
    journal.append(Fact(FactKind.EPOCH_BEGUN, told), now, "")


def epoch_payload(identity: TillIdentity) -> dict[str, Any]:
    """Return what the first entry of an epoch tells of it."""
    return {
        "store": identity.store_id,
        "till": identity.till,
        "shop": identity.shop,
        "epoch": identity.epoch,
        "public_key": identity.public_key.hex(),
        "key_place": identity.key_place,
    }
