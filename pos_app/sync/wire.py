"""What till and head office say to each other: the shapes of the native protocol, version 1.

JSON by msgspec, gzip where the sender says so. Field names are the protocol; unknown fields are
ignored, so that a newer side may say more. See resources/decisions/0022-native-protocol.md.
"""

import gzip
import zlib
from typing import Any, TypeVar

import msgspec

from pos_app.domain.errors import PosError
from pos_app.domain.journal import JournalEntry
from pos_app.domain.till_head import SignedHead

VERSION = 1
VERSIONS = (1,)
PREFIX = "/sync/v1"
# Limits that both sides know: a batch is as many entries as fit under both.
BATCH_ENTRIES = 1_000
BATCH_BYTES = 8 * 1024 * 1024  # of JSON, before compression
PAGE_THINGS = 500
COMPRESSED_FROM_BYTES = 1_024

Shape = TypeVar("Shape")
Packed = tuple[bytes, bool]  # a body as it is sent, and whether that is gzip


class NotOurWire(PosError):
    """What came over the wire is not what the other side of this protocol says."""

    sentence = (
        "The answer did not come from head office ({detail}). "
        "Check the address, and whether this network asks for a sign-in page first."
    )


class BodyTooLarge(PosError):
    """A body is larger than the protocol allows."""

    sentence = "The message is larger than {limit} bytes. Send it in smaller parts."


class Hello(msgspec.Struct, frozen=True):
    """What head office says before anything else: `GET /sync/v1/hello`, for anybody."""

    product: str  # always "pos_app head office": anything else is a captive portal
    versions: tuple[int, ...]
    at: str


class Enrolment(msgspec.Struct, frozen=True, kw_only=True):
    """A till asks to belong to a shop: `POST /sync/v1/enrol`.

    `code` is the one-time code, `store_id` and `public_key` (hex) those of the till's store and
    epoch; `signature` (hex) is the key's over `enrolment_message`. `currency` is the shop's.
    """

    code: str
    store_id: str
    till: str
    epoch: int
    public_key: str
    signature: str
    name: str = ""
    currency: str = ""


class Enrolled(msgspec.Struct, frozen=True, kw_only=True):
    """Who the till is at head office, its first tokens, and head office's own key (hex)."""

    company_id: str
    company: str
    shop: str
    till_id: str
    office_key: str
    access: str
    access_s: int
    refresh: str


class Renewal(msgspec.Struct, frozen=True):
    """A till asks for new tokens: `POST /sync/v1/token`; each refresh token works once.

    `company_id` and `till_id` say whose key signs, for a head office that was restored from a
    backup and does not know the token any more.
    """

    refresh: str
    company_id: str = ""
    till_id: str = ""


class Tokens(msgspec.Struct, frozen=True):
    """New tokens; `access_s` are the seconds that the access token lives."""

    access: str
    access_s: int
    refresh: str


class NewEpoch(msgspec.Struct, frozen=True, kw_only=True):
    """A till says that its journal goes on under a new key: `POST /sync/v1/epoch`.

    Signed (hex) by the new key over `epoch_message`; `old_signature` is by the key that head
    office knows, or empty where that one was lost: then head office asks a person.
    """

    epoch: int
    public_key: str
    signature: str
    old_signature: str = ""


class WireEntry(msgspec.Struct, frozen=True, gc=False):
    """One journal entry inside a push; till, epoch and the hash before it stand in the push."""

    seq: int
    id: str
    kind: str
    at: str
    staff: str
    payload: str
    hash: str
    signature: str  # hex


class Push(msgspec.Struct, frozen=True, kw_only=True):
    """Entries of one epoch in order, without gaps: `POST /sync/v1/push`."""

    epoch: int
    prev: str  # the hash before the first entry
    entries: tuple[WireEntry, ...]


class Pushed(msgspec.Struct, frozen=True, kw_only=True):
    """What head office did with a push.

    `verdict`: `accepted` (all stored durably, `seq` is its last); `gap` (send from `seq` + 1 on);
    `forked` (another machine already told other entries from `seq` + 1 on: these were kept apart,
    begin a new epoch); `damaged` (hash or signature is wrong at `seq`: kept apart, go on).
    `stored` are new ones, `known` were there before.
    """

    verdict: str
    seq: int
    stored: int
    known: int
    reason: str = ""
    head: SignedHead | None = None


class Pull(msgspec.Struct, frozen=True, kw_only=True):
    """A till asks what is new since a cursor (opaque, empty at first): `POST /sync/v1/pull`."""

    cursor: str = ""
    stock_cursor: str = ""
    limit: int = PAGE_THINGS


class Thing(msgspec.Struct, frozen=True, kw_only=True):
    """The whole state of one thing at a revision; `state` is canonical JSON, empty where gone.

    `kind` is `unit`, `tax`, `category`, `product`, `customer`, `settings` or the name of a kind
    of record; the things of one revision belong together.
    """

    kind: str
    id: str
    revision: int
    state: str
    by: str = ""
    lost: str = ""  # JSON list of {name, kept, lost, by, at} from the latest quarrel, or empty


class StockElsewhere(msgspec.Struct, frozen=True, kw_only=True):
    """How much of a product another till of the shop moved in sum, in millionths of its unit."""

    product_id: str
    till: str
    location: str
    quantity_micro: int
    heard_at: str


class Pulled(msgspec.Struct, frozen=True, kw_only=True):
    """A page of what is new; `cursor` goes on from it and `left` more things are waiting."""

    cursor: str
    things: tuple[Thing, ...]
    left: int
    stock_cursor: str = ""
    stock: tuple[StockElsewhere, ...] = ()
    tills: tuple[tuple[str, str], ...] = ()  # (till, last heard at) of the shop's other tills
    # Up to which entry of its present epoch the till's own changes are in these things; None: all
    # that head office has acknowledged.
    judged: int | None = None


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """An entry that waits at head office for a person, as the till shows it."""

    id: str
    epoch: int
    seq: int
    kind: str
    at: str
    reason: str
    remedy: str  # `retry`, `accept`, `drop` or `office` (only head office can settle it)
    state: str  # `waiting` or `settled`


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What head office knows of a till: `GET /sync/v1/report`."""

    head: SignedHead | None
    refused: tuple[Refused, ...]
    revision: int
    missing: tuple[tuple[int, int], ...] = ()  # (first, last) seq of the present epoch


class Settle(msgspec.Struct, frozen=True):
    """A till's manager settles a waiting entry: `POST /sync/v1/settle`."""

    id: str
    remedy: str


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """Every refusal of the protocol: a code for programs, a sentence for people."""

    code: str
    message: str
    request_id: str = ""


def encode(shape: msgspec.Struct) -> bytes:
    """Write a shape as JSON (UTF-8)."""
    return msgspec.json.encode(shape)


def decode(kind: type[Shape], body: bytes) -> Shape:
    """Read a shape; raises NotOurWire where the body is something else."""
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as failure:
        raise NotOurWire(detail=str(failure)[:200]) from failure


def squeeze(body: bytes) -> Packed:
    """Compress a body that is worth it; returns what to send and whether it is gzip."""
    if len(body) < COMPRESSED_FROM_BYTES:
        return body, False
    return gzip.compress(body, compresslevel=1, mtime=0), True


def unsqueeze(body: bytes, limit: int = BATCH_BYTES) -> bytes:
    """Undo gzip, never making more than `limit` bytes; raises BodyTooLarge, NotOurWire."""
    reader = zlib.decompressobj(wbits=31)
    try:
        plain = reader.decompress(body, limit + 1)
    except zlib.error as failure:
        raise NotOurWire(detail=str(failure)) from failure
    if len(plain) > limit or reader.unconsumed_tail:
        raise BodyTooLarge(limit=limit)
    if not reader.eof:
        raise NotOurWire(detail="it ends in the middle")
    return plain


def wire_entry(entry: JournalEntry) -> WireEntry:
    """Return a journal entry as a push carries it."""
    return WireEntry(
        entry.seq,
        entry.id,
        entry.kind,
        entry.at,
        entry.staff,
        entry.payload,
        entry.hash,
        entry.signature.hex(),
    )


def enrolment_message(code: str, store_id: str, till: str, epoch: int, public_key: str) -> bytes:
    """Return the bytes that a till signs when it enrols: proof that the key is its own."""
    return _message("pos_app enrolment 1", code, store_id, till, epoch, public_key)


def epoch_message(till_id: str, epoch: int, public_key: str) -> bytes:
    """Return the bytes that old and new key sign when a till begins an epoch."""
    return _message("pos_app epoch 1", till_id, epoch, public_key)


def request_message(method: str, target: str, body: bytes, at: str, nonce: str) -> bytes:
    """Return the bytes that a till signs with each request, so that a stolen token is no use.

    `target` is path and query, `at` ISO 8601 UTC by head office's clock, `nonce` 16 random bytes
    in hex; the body counts as it is sent, after compression.
    """
    import hashlib  # noqa: PLC0415 - loads OpenSSL, which a till that starts has no time for

    return _message(
        "pos_app request 1", method, target, hashlib.sha256(body).hexdigest(), at, nonce
    )


def _message(*fields: Any) -> bytes:
    return "\x1f".join(str(field) for field in fields).encode()
