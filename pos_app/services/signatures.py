"""Whether the till itself signed each journal entry, with the key that it should have."""

import json
from collections.abc import Iterator
from typing import Any

from pos_app.domain.facts import FactKind
from pos_app.domain.journal import JournalEntry
from pos_app.store.inspection import Inspection
from pos_app.store.keys import Signer, is_signed

# What begins an epoch, and why where the entry does not say so itself.
_REASONS = {
    FactKind.STORE_OPENED.value: "new store",
    FactKind.STORE_RESTORED.value: "restored",
    FactKind.EPOCH_BEGUN.value: "",
}


class SignatureCheck:
    """Checks entries one after the other; `notes` says what could not be checked here."""

    def __init__(self, inspection: Inspection) -> None:
        self._inspection = inspection
        self._signers: dict[int, Signer | None] = {}
        self.notes: list[str] = []

    def faults(self, entry: JournalEntry) -> Iterator[str]:
        """Yield what is wrong with who wrote and signed an entry."""
        identity = self._inspection.epochs.get(entry.epoch)
        if identity is None:
            yield f"entry {entry.seq} is of epoch {entry.epoch}, which the store does not know"
            return
        if entry.epoch not in self._signers:
            yield from self._meet(entry, identity.public_key)
        if entry.till != identity.till:
            yield f"entry {entry.seq} is of till {entry.till}, not of till {identity.till}"
        if not self._is_signed(entry, identity.public_key):
            yield f"entry {entry.seq} is not signed by this till's key"

    def _meet(self, entry: JournalEntry, public_key: bytes) -> Iterator[str]:
        """Look at the first entry of an epoch: its key must be the one kept outside the store."""
        epoch = entry.epoch
        outside = self._inspection.outside_public_key(epoch)
        signer = self._inspection.signer(epoch)
        self._signers[epoch] = signer if signer and signer.public_key == public_key else None
        if outside is None:
            self.notes.append(
                f"The till's own key of epoch {epoch} is not on this machine; its signatures were "
                "checked with the key inside the store."
            )
        elif outside != public_key:
            yield f"the key of epoch {epoch} inside the store is not the till's own key"
        if entry.kind not in _REASONS:
            yield f"entry {entry.seq} begins epoch {epoch}, but does not say that it began"
            return
        if _told(entry).get("public_key") != public_key.hex():
            yield f"entry {entry.seq} names another key for epoch {epoch} than the store has"
        for name in self._differing(entry):
            yield f"epoch {epoch}: its {name} is another in the rows than in entry {entry.seq}"

    def _differing(self, entry: JournalEntry) -> Iterator[str]:
        """Yield the columns of an epoch's row that say something else than its first entry."""
        identity, told = self._inspection.epochs[entry.epoch], _told(entry)
        rows = {
            "store": identity.store_id,
            "till": identity.till,
            "shop": identity.shop,
            "key_place": identity.key_place,
        }
        for name, value in rows.items():
            if name in told and told[name] != value:
                yield name
        started_at, reason = self._inspection.began(entry.epoch)
        if started_at != entry.at:
            yield "beginning"
        if reason != (told.get("reason") or _REASONS[entry.kind]):
            yield "reason"

    def _is_signed(self, entry: JournalEntry, public_key: bytes) -> bool:
        try:
            message = bytes.fromhex(entry.hash)
        except ValueError:
            return False
        signer = self._signers[entry.epoch]
        if signer is not None:  # Ed25519 always signs alike, and signing is four times faster
            return signer.sign(message) == entry.signature
        return is_signed(public_key, entry.signature, message)


def _told(entry: JournalEntry) -> dict[str, Any]:
    try:
        told = json.loads(entry.payload)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
