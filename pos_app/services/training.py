"""A throw-away copy of a shop to practise on: nothing done in it reaches the real one.

The copy has keys of its own in its own folder, so that nothing it signs passes for the shop's.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from pos_app.domain.shop import ShopSettings
from pos_app.services.shop_setup import ShopSetup
from pos_app.services.staff_records import STAFF
from pos_app.store.backup import backup_store, restore_store
from pos_app.store.keys import FORCE_VARIABLE, KeyPlace
from pos_app.store.store import Store, open_reader, open_store

PREFIX = "TRAINING-"
THEME = "training"


@dataclass(frozen=True, slots=True)
class TrainingCopy:
    """The copy, and the secrets by epoch with which PINs and badges are checked in it."""

    path: Path
    held: dict[int, bytes]


def make_training_copy(source: Path, folder: Path, now: Callable[[], datetime]) -> TrainingCopy:
    """Copy the shop at `source` into `folder` and mark the copy; the shop itself is only read.

    Raises what opening, copying and restoring a store raise.
    """
    part, path = folder / "copy.db", folder / "training.db"
    backup_store(source, part)
    held = _secrets(source)
    with keys_in_files():
        restore_store(part, path, now())
        with open_store(path) as store:
            ShopSetup(store, now).save(training_settings(store.settings.shop()))
            _forget_remotes(store)
    part.unlink()
    return TrainingCopy(path, held)


def training_settings(shop: ShopSettings) -> ShopSettings:
    """Return the settings of a copy: a series of its own, red, no kitchen, and a shut drawer."""
    return replace(
        shop,
        is_training=True,
        number_prefix=PREFIX,
        kitchen=(),
        printers=tuple(replace(printer, kicks_drawer=False) for printer in shop.printers),
        screen=replace(shop.screen, theme=THEME),
    )


@contextmanager
def keys_in_files() -> Iterator[None]:
    """Keep new keys out of the operating system's keyring for a while."""
    before = os.environ.get(FORCE_VARIABLE)
    os.environ[FORCE_VARIABLE] = KeyPlace.FILE
    try:
        yield
    finally:
        if before is None:
            del os.environ[FORCE_VARIABLE]
        else:
            os.environ[FORCE_VARIABLE] = before


def _forget_remotes(store: Store) -> None:
    """Let go of head office: nobody must ever be told what is done in a copy."""
    with store.transaction() as tx:
        for name in tx.remotes.names():
            tx.remotes.forget(name)
        tx.received.forget()


def _secrets(source: Path) -> dict[int, bytes]:
    """The secrets of the real shop's epochs that are at hand here, for its PINs and badges."""
    with open_reader(source) as store:
        members = store.records.all(STAFF)
        epochs = {e for m in members for e in (m.pin_epoch, m.badge_epoch, m.code_epoch) if e}
        found = {epoch: store.derived_secret("staff", epoch) for epoch in sorted(epochs)}
    return {epoch: secret for epoch, secret in found.items() if secret is not None}
