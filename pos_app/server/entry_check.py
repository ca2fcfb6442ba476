"""Whether entries that a till sent are what its key signed: hash, chain, signature, sizes.

Nothing is judged here of what they tell: an entry that is whole is stored first.
"""

import re
from binascii import Error as NotHex
from binascii import unhexlify

import msgspec

from pos_app.domain.facts import FactKind
from pos_app.domain.journal import entry_hash
from pos_app.server.sync_refusals import SyncRefusal
from pos_app.server.till_identity import from_hex, is_signed
from pos_app.sync.wire import BATCH_ENTRIES, Push, WireEntry

MOST_NUMBER = 2**62
MOST_EPOCH = 2**31 - 1
MOST_SHORT_SIGNS = 512  # of id, kind, time and staff together: an index holds no long ones
MOST_MINOR = 10**13  # of one document: more is a mistake, and would leave the column
_AMOUNT_FIRST = re.compile(r'\{"amount_due":(-?[0-9]{1,12}),"')
_SOLD = FactKind.SALE_COMPLETED.value


class PushUnusable(SyncRefusal):
    """A push that is no push: nothing of it is stored."""

    sentence = "The entries cannot be read: {problem}. Update this till's program."


class _Document(msgspec.Struct):
    amount_due: int = 0


def check_push(push: Push) -> None:
    """Refuse what is not a batch of one epoch in order without gaps; raises PushUnusable."""
    entries = push.entries
    if not entries or len(entries) > BATCH_ENTRIES:
        raise PushUnusable(problem=f"a batch holds 1 to {BATCH_ENTRIES} entries")
    first = entries[0].seq
    if not 1 <= push.epoch <= MOST_EPOCH or not 1 <= first <= MOST_NUMBER:
        raise PushUnusable(problem="epoch or number is out of range")
    for seq, entry in enumerate(entries, first):
        if entry.seq != seq:
            raise PushUnusable(problem=f"entry {seq} is not there or not in its place")
        if len(entry.hash) != 64:
            raise PushUnusable(problem=f"entry {seq} has no hash")
    if not _is_hex("".join([entry.hash for entry in entries])):
        raise PushUnusable(problem="a hash is none")
    if len(push.prev) != 64 or not _is_hex(push.prev):
        raise PushUnusable(problem="the hash before the first entry is none")


def hash_faults(till: str, push: Push) -> dict[int, str]:
    """Return what is wrong with entries by themselves and as a chain, by their place in the push.

    After a wrong entry the chain goes on from the hash that it claims.
    """
    faults: dict[int, str] = {}
    epoch, prev = push.epoch, push.prev
    for place, entry in enumerate(push.entries):
        payload, staff = entry.payload, entry.staff
        try:
            digest = entry_hash(
                till,
                epoch,
                entry.seq,
                entry.id,
                entry.kind,
                entry.at,
                staff,
                payload,
                prev,
            )
        except UnicodeEncodeError:
            digest = ""
        if digest != entry.hash:
            faults[place] = "it was changed after it was written"
        elif "\x1f" in payload or "\0" in payload or _has_odd_field(entry):
            faults[place] = "it holds signs that no entry may hold"
        elif len(entry.signature) != 128 or not _is_hex(entry.signature):
            faults[place] = "its signature is none"
        prev = entry.hash
    return faults


def is_last_signed(push: Push, key: bytes) -> bool:
    """Whether the key signed the last entry: its hash covers all before it, where that is whole."""
    return _is_signed(push.entries[-1], key)


def add_signature_faults(push: Push, key: bytes, faults: dict[int, str]) -> None:
    """Add what is wrong with the signatures.

    The last sound one covers the chain before it; only where it is wrong is each one looked at.
    """
    sound = [place for place in range(len(push.entries)) if place not in faults]
    if not sound or _is_signed(push.entries[sound[-1]], key):
        return
    for place in sound:
        if not _is_signed(push.entries[place], key):
            faults[place] = "it is not signed by this till's key"


def figures_of(kind: str, payload: str) -> tuple[int, int]:
    """Return how many documents an entry tells of (0 or 1) and their amount due, minor units.

    What cannot be read counts as a document of nothing: it waits for judging.
    """
    if kind != _SOLD:
        return 0, 0
    if first := _AMOUNT_FIRST.match(payload):  # names are sorted, so it always comes first
        return 1, int(first[1])
    try:
        amount = msgspec.json.decode(payload, type=_Document).amount_due
    except (msgspec.MsgspecError, UnicodeEncodeError):
        return 1, 0
    return 1, amount if abs(amount) < MOST_MINOR else 0


def _has_odd_field(entry: WireEntry) -> bool:
    short = f"{entry.id}{entry.kind}{entry.at}{entry.staff}"
    return len(short) > MOST_SHORT_SIGNS or "\x1f" in short or "\0" in short


def _is_signed(entry: WireEntry, key: bytes) -> bool:
    return is_signed(key, from_hex(entry.signature), from_hex(entry.hash))


def _is_hex(text: str) -> bool:
    try:
        unhexlify(text)
    except (NotHex, ValueError):
        return False
    return True
