"""What is put aside on its way to a foreign server: why, in words for a person, and as a row."""

import hashlib
from typing import TYPE_CHECKING

import msgspec

from pos_app.domain.errors import PosError
from pos_app.store.foreign import Held, HeldState
from pos_app.sync.dialect import Ask, Carried
from pos_app.sync.foreign_queue import Place
from pos_app.texts import later, t

if TYPE_CHECKING:
    from pos_app.store.store import Store

KINDS = {
    Carried.CUSTOMER: later("customer"),
    Carried.SALE: later("sale"),
    Carried.VOID: later("void"),
    Carried.RETURN: later("return"),
    Carried.QUOTATION: later("quotation"),
    Carried.ORDER: later("order"),
    Carried.DELIVERY: later("delivery note"),
    Carried.INVOICE: later("invoice"),
    Carried.PAYMENT: later("payment"),
    Carried.SALES_RETURN: later("credit note"),
}
_MAY_HAVE_ARRIVED = later(
    "It may have arrived ({reason}). Look for it there: if it is there, take it as done; if not, "
    "send it anew."
)
_CANNOT_TELL = later("the answer was lost, and this API has nothing to look it up with")
_LIST_FAILS = later("looking it up failed: {reason}")
_WAITS = later("It waits for {kind} {number}, which is not there yet. Settle that one first.")
_FAILS = later(
    "The server fails over it again and again ({reason}). It is tried again from time to time; ask "
    "whoever runs that server."
)
_UNREADABLE = later(
    "The entry cannot be read. Have the store verified (`pos-app verify`) and leave it out here."
)
_UNSPEAKABLE = later(
    "It could not be put into words for that API ({detail}). Leave it out, or send this sentence "
    "to whoever looks after the program."
)
# In which states a step's own key keeps the thing, rather than another thing's.
OWN_KEY = (HeldState.DOUBTFUL, HeldState.REFUSED, HeldState.UNSAYABLE, HeldState.FAULTY)
_PLAIN = msgspec.json.Encoder(decimal_format="number", order="sorted")


class ConnectionGone(Exception):
    """The connection was removed or switched off while its remote was asked."""


def kind_word(kind: str) -> str:
    """Return how people call a kind of thing, in the language in use."""
    return t(KINDS[Carried(kind)]) if kind in set(Carried) else kind


def held_of(place: Place, state: HeldState, reason: str, key: str, names: str) -> Held:
    """Return the row of a thing that is put aside."""
    entry, thing = place.entry, place.thing
    kind = entry.kind if thing is None else thing.kind.value
    number = "" if thing is None else thing.number
    return Held(place.id, entry.epoch, entry.seq, kind, entry.at, reason, state, key, number, names)


def blocker(store: "Store", remote: str, key: str, own_id: str, is_owner: bool) -> Held | None:
    """Return what keeps a step from being tried: the same one, put aside for another thing.

    A new state of the very thing may try what was refused before; what may have arrived may not.
    """
    for held in store.foreign.held_at(remote, key):
        if held.id == own_id or held.state not in OWN_KEY:
            continue
        if held.state is HeldState.DOUBTFUL or not is_owner:
            return held
    return None


def is_in_doubt(store: "Store", remote: str) -> bool:
    """Whether something may have arrived of which nothing is known."""
    is_doubtful = store.foreign.first_held(remote, HeldState.DOUBTFUL) is not None
    return is_doubtful or store.foreign.has_attempts(remote)


def waits_for(held: Held) -> str:
    """Return why a thing waits for another one that was put aside."""
    return t(_WAITS).format(kind=kind_word(held.kind), number=held.number)


def may_have_arrived(reason: str) -> str:
    """Return what a person is to do where nobody can tell."""
    return t(_MAY_HAVE_ARRIVED).format(reason=reason)


def cannot_tell() -> str:
    """Return why nobody can tell."""
    return t(_CANNOT_TELL)


def list_fails(reason: str) -> str:
    """Return why nobody can tell where the look-up itself fails."""
    return t(_LIST_FAILS).format(reason=reason)


def fails_over(reason: str) -> str:
    """Return what is the matter where the remote's faults keep one thing."""
    return t(_FAILS).format(reason=reason)


def unreadable() -> str:
    """Return what is the matter with an entry that is damaged."""
    return t(_UNREADABLE)


def unspeakable(failure: BaseException) -> str:
    """Return what is the matter where a dialect fails over a thing."""
    detail = str(failure) if isinstance(failure, PosError) else type(failure).__name__
    return t(_UNSPEAKABLE).format(detail=detail)


def asked(ask: Ask) -> str:
    """Return what is kept of a request that leaves: method, path and a fingerprint of its body."""
    body = _PLAIN.encode(ask.body) if ask.body is not None else b""
    return f"{ask.method} {ask.path} {hashlib.sha256(body).hexdigest()[:16]}"


def done_key(entry_id: str, thing_id: str) -> str:
    """Return the key that says that nothing is to be done for a thing of an entry.

    It came from the remote itself, or a person left it out.
    """
    return f"done {entry_id} {thing_id}"
