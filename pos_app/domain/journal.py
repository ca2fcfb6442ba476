"""The chain of journal entries: what is hashed, what is signed, and how a chain is checked."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

GENESIS = "0" * 64


class Break(StrEnum):
    """How a chain is broken at an entry."""

    GAP = "gap"
    LOOSE = "loose"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One append-only entry; `payload` is canonical JSON, `at` ISO 8601 UTC, hashes are hex.

    `hash` is SHA-256 over every other field but the signature; `signature` is Ed25519 (RFC 8032)
    by the till's key over the 32 bytes of the hash.
    """

    till: str
    epoch: int
    seq: int
    id: str
    kind: str
    at: str
    staff: str
    payload: str
    prev: str
    hash: str
    signature: bytes


def entry_hash(  # noqa: PLR0917 - the entry's own fields, in its order
    till: str,
    epoch: int,
    seq: int,
    id: str,
    kind: str,
    at: str,
    staff: str,
    payload: str,
    prev: str,
) -> str:
    """Return the hex SHA-256 of an entry.

    Fields are joined by the unit separator (U+001F), which canonical JSON always escapes and no
    other field may hold, so no two different entries hash the same text.
    """
    import hashlib  # noqa: PLC0415 - loads OpenSSL, which a till that starts has no time for

    joined = "\x1f".join((prev, till, str(epoch), str(seq), id, kind, at, staff, payload))
    return hashlib.sha256(joined.encode()).hexdigest()


def chain_faults(entries: Iterable[JournalEntry], prev: str = GENESIS) -> Iterator[tuple[int, str]]:
    """Yield (seq, what is wrong in words) for every break of a chain given in order of seq."""
    for seq, broken, expected in chain_breaks(entries, prev):
        if broken is Break.GAP:
            yield seq, f"entry {expected} is missing before entry {seq}"
        elif broken is Break.LOOSE:
            yield seq, f"entry {seq} does not follow the entry before it"
        else:
            yield seq, f"entry {seq} was changed after it was written"


def chain_breaks(
    entries: Iterable[JournalEntry], prev: str = GENESIS, expected: int | None = None
) -> Iterator[tuple[int, Break, int]]:
    """Yield (seq, how it is broken, the seq that should stand there) for every break of a chain.

    A part of a chain is checked by the hash before it (`prev`) and its first number (`expected`);
    without a number the first entry may have any.
    """
    for entry in entries:
        if expected is not None and entry.seq != expected:
            yield entry.seq, Break.GAP, expected
        if entry.prev != prev:
            yield entry.seq, Break.LOOSE, entry.seq
        if entry.hash != _rehashed(entry):
            yield entry.seq, Break.CHANGED, entry.seq
        prev, expected = entry.hash, entry.seq + 1


def _rehashed(entry: JournalEntry) -> str:
    return entry_hash(
        entry.till,
        entry.epoch,
        entry.seq,
        entry.id,
        entry.kind,
        entry.at,
        entry.staff,
        entry.payload,
        entry.prev,
    )
