"""Where a till's journal ends, and the proof that head office has all of it.

A head is what one side knows of an epoch's end: the last entry and how many receipts with which
total were told up to it. Head office signs each head that it holds (Ed25519, RFC 8032); the till
compares it with its own count of the same entries.
"""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class TillHead:
    """The end of a till's journal: `seq` and `hash` (hex) of the last entry of `epoch`.

    `receipts` counts the documents told since the first entry of the first epoch, `total_minor`
    is the sum of their amounts due in the minor units of `currency`.
    """

    till: str
    epoch: int
    seq: int
    hash: str
    receipts: int
    total_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class SignedHead:
    """A head as head office holds it: `at` is ISO 8601 UTC, `signature` 64 bytes in hex."""

    head: TillHead
    company_id: str
    at: str
    signature: str


class Completeness(StrEnum):
    """What comparing both heads says."""

    EQUAL = "equal"
    BEHIND = "behind"
    DIFFERENT = "different"


def head_message(head: TillHead, company_id: str, at: str) -> bytes:
    """Return the bytes that head office signs: every field, parted by U+001F."""
    fields = (
        "pos_app till head 1",
        company_id,
        at,
        head.till,
        str(head.epoch),
        str(head.seq),
        head.hash,
        str(head.receipts),
        str(head.total_minor),
        head.currency,
    )
    return "\x1f".join(fields).encode()


def compare_heads(own: TillHead, office: TillHead) -> Completeness:
    """Say whether head office has all that the till has, less of it, or something else."""
    if own == office:
        return Completeness.EQUAL
    if (own.till, own.epoch) == (office.till, office.epoch) and office.seq < own.seq:
        return Completeness.BEHIND
    return Completeness.DIFFERENT
