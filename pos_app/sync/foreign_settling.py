"""What a person does about a connection: trying it, settling what was put aside, naming products.

Each is safe in any thread but the screen's: the network is asked, or the store written.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from pos_app.domain.errors import PosError
from pos_app.domain.plain import UNREADABLE
from pos_app.store.foreign import Held, HeldState
from pos_app.store.remotes import LogLine
from pos_app.sync.connections import (
    PREFIX,
    Connection,
    Entered,
    connection_in,
    credentials_of,
    read_entered,
)
from pos_app.sync.dialect import Ability, Credentials, Done, NoGoodAnswer, Probe
from pos_app.sync.foreign_calls import ForeignCalls, failure_words, strange
from pos_app.sync.foreign_holding import OWN_KEY, done_key, kind_word
from pos_app.sync.knowing import PRODUCT, StoreKnown, product_key
from pos_app.sync.known_dialects import dialect_of
from pos_app.sync.outgoing import things_of
from pos_app.sync.remote import moment
from pos_app.sync.sentences import filled
from pos_app.sync.transport import Transport
from pos_app.texts import later, t

if TYPE_CHECKING:
    from pos_app.store.store import Store
    from pos_app.store.transaction import Transaction

_SIGN_IN = later("Sign in")
_WORKS = later("{what}: works.")
_FAILS = later("{what}: {reason}")
_TAKEN = later("{kind} {number} was taken as done by hand.")
_ANEW = later("{kind} {number} is sent anew, as somebody asked.")
_LEFT = later("{kind} {number} was left out by hand.")


class Remedy(StrEnum):
    """What a person can decide about a thing that was put aside."""

    ARRIVED = "arrived"
    AGAIN = "again"
    LEAVE = "leave"


class HeldGone(PosError):
    """A thing that is not put aside any more."""

    sentence = "That was settled meanwhile. Look at the list again."


class RemedyImpossible(PosError):
    """A remedy that does not fit why a thing was put aside."""

    sentence = "That is not possible here. Choose one of the ways that are offered."


@dataclass(frozen=True, slots=True)
class HeldThing:
    """A thing that was put aside, for a list: what it is, why it waits, what can be decided.

    `at` is when it happened here (ISO 8601 UTC); `state` says why it waits.
    """

    id: str
    kind: str
    number: str
    at: str
    state: HeldState
    reason: str
    remedies: tuple[Remedy, ...]


@dataclass(frozen=True, slots=True)
class TriedLine:
    """One line of what the test of a connection found."""

    works: bool
    sentence: str


_REMEDIES = {
    HeldState.DOUBTFUL: (Remedy.ARRIVED, Remedy.AGAIN, Remedy.LEAVE),
    HeldState.REFUSED: (Remedy.AGAIN, Remedy.ARRIVED, Remedy.LEAVE),
    HeldState.FAULTY: (Remedy.AGAIN, Remedy.ARRIVED, Remedy.LEAVE),
    HeldState.UNSAYABLE: (Remedy.AGAIN, Remedy.LEAVE),
    HeldState.WAITS: (Remedy.AGAIN, Remedy.LEAVE),
    HeldState.AGAIN: (Remedy.LEAVE,),
    HeldState.ANEW: (Remedy.LEAVE,),
}


def held_things(store: "Store", connection_id: str) -> list[HeldThing]:
    """Return what was put aside for a connection, in the journal's order."""
    return [_thing(held) for held in store.foreign.held(PREFIX + connection_id)]


def settle(
    store: "Store",
    connection_id: str,
    held_id: str,
    remedy: Remedy,
    now: datetime,
    remote_id: str = "",
) -> None:
    """Do what a person decided about a thing that was put aside; the engine goes on from there.

    `remote_id` is what the remote calls it, where the person says that it arrived and knows it.
    Raises HeldGone or RemedyImpossible.
    """
    remote = PREFIX + connection_id
    with store.transaction() as tx:
        held = tx.foreign.held_one(remote, held_id)
        if held is None:
            raise HeldGone
        if remedy not in _REMEDIES[held.state]:
            raise RemedyImpossible
        if remedy is Remedy.ARRIVED:
            ids = {held.names: remote_id.strip()} if remote_id.strip() else {}
            tx.foreign.remember(remote, held.key, ids)
        elif held.state in OWN_KEY:
            tx.foreign.let_attempt_go(remote, held.key)
        if remedy is Remedy.AGAIN:
            tx.foreign.hold(remote, replace(held, state=HeldState.ANEW))
        elif remedy is Remedy.LEAVE:
            _leave(store, tx, remote, held)
        text = {Remedy.ARRIVED: _TAKEN, Remedy.AGAIN: _ANEW, Remedy.LEAVE: _LEFT}[remedy]
        line = filled(text, kind=kind_word(held.kind), number=held.number)
        tx.remotes.log_line(remote, LogLine(moment(now), "note", line))


def _leave(store: "Store", tx: "Transaction", remote: str, held: Held) -> None:
    """Forget a thing for good; what waited for it is looked at again without it."""
    tx.foreign.let_go(remote, held.id)
    for other in tx.foreign.held_at(remote, held.key) if held.state in OWN_KEY else ():
        if other.state is HeldState.WAITS:
            tx.foreign.hold(remote, replace(other, state=HeldState.AGAIN))
    entry = store.journal.get(held.seq)
    if entry is None or tx.cursors.of(remote) >= held.seq:
        return
    # Its entry has more to tell, so a till that starts again meets the thing once more.
    with suppress(*UNREADABLE):
        thing = things_of(entry, store)[held.place]
        tx.foreign.remember(remote, done_key(entry.id, thing.id), {})


def try_connection(
    store: "Store", entered: Entered, transport: Transport, connection_id: str = ""
) -> list[TriedLine]:
    """Ask a remote what works with what was entered, and return a line for each try.

    Nothing is changed there, and nothing kept. An empty key is the one of `connection_id`, as it is
    known. Raises what `add_connection` raises for what was entered; what the wire and the remote
    say are lines.
    """
    known = connection_in(store.remotes, connection_id) if connection_id else None
    connection = read_entered(entered, connection_id, has_key=known is not None and known.has_key)
    key = entered.key.strip()
    if not key and known is not None:
        key = credentials_of(store.remotes, known).key
    credentials = Credentials(
        connection.url, key, connection.user, connection.company, connection.connection
    )
    dialect = dialect_of(connection.api)
    calls = ForeignCalls(dialect, transport, credentials)
    lines: list[TriedLine] = []
    if calls.may_sign_in:
        lines.append(_signed_in(calls))
        if not lines[-1].works:
            return lines
    probes = dialect.probes(StoreKnown(store, connection))
    return [*lines, *(_probed(calls, probe) for probe in probes)]


def abilities_of(store: "Store", entered: Entered) -> tuple[Ability, ...]:
    """Say of every kind of thing whether it would go there, as the connection is entered."""
    dialect = dialect_of(entered.api)
    options = {option.name: option.usual for option in dialect.options} | dict(entered.options)
    plain = Connection("", entered.api, entered.name, entered.url, options=options)
    return dialect.abilities(StoreKnown(store, plain))


def product_ids(store: "Store", connection_id: str) -> dict[str, str]:
    """Return what the remote calls products, by our product id, as people entered it."""
    remote = PREFIX + connection_id
    keys = store.foreign.keys(remote, product_key(""))
    found = {key.removeprefix(product_key("")): store.foreign.ids(remote, key) for key in keys}
    return {product_id: ids[PRODUCT] for product_id, ids in found.items() if ids}


def set_product_ids(store: "Store", connection_id: str, ids: Mapping[str, str]) -> None:
    """Keep what the remote calls products, by our product id; an empty id forgets one.

    What waited for that is tried again.
    """
    remote = PREFIX + connection_id
    with store.transaction() as tx:
        for product_id, remote_id in ids.items():
            key = product_key(product_id)
            tx.foreign.forget_ids(remote, key)
            if remote_id.strip():
                tx.foreign.remember(remote, key, {PRODUCT: remote_id.strip()})
        tx.foreign.try_again(remote, HeldState.UNSAYABLE)


def _thing(held: Held) -> HeldThing:
    return HeldThing(
        held.id,
        kind_word(held.kind),
        held.number,
        held.at,
        held.state,
        held.reason,
        _REMEDIES[held.state],
    )


def _signed_in(calls: ForeignCalls) -> TriedLine:
    what = t(_SIGN_IN)
    try:
        calls.sign_in()
    except NoGoodAnswer as answer:
        return _failed(calls, what, answer.verdict.reason)
    except PosError as refusal:
        return _failed(calls, what, failure_words(refusal))
    return TriedLine(True, filled(_WORKS, what=what))


def _probed(calls: ForeignCalls, probe: Probe) -> TriedLine:
    what = t(probe.words)
    try:
        reply = calls.send(probe.ask)
    except PosError as refusal:
        return _failed(calls, what, failure_words(refusal))
    try:
        verdict = probe.judge(reply)
    except UNREADABLE as failure:
        verdict = strange(failure)
    if isinstance(verdict, Done):
        return TriedLine(True, filled(_WORKS, what=what))
    return _failed(calls, what, verdict.reason)


def _failed(calls: ForeignCalls, what: str, reason: str) -> TriedLine:
    return TriedLine(False, calls.hidden(filled(_FAILS, what=what, reason=reason)))
