"""What head office has for the till, written into the store page by page.

A page is written in turns of some hundred things, so that the counter waits a few milliseconds at
most; a revision of no more than that stays whole. The cursor moves with the last turn: after a
crash the page comes once more, and what stands already is found to stand.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

import msgspec

from pos_app.domain.catalogue_rules import FieldRefusal
from pos_app.domain.errors import PosError
from pos_app.store.plain import UNREADABLE
from pos_app.store.received import Elsewhere
from pos_app.store.remotes import HEAD_OFFICE, OTHER_TILLS, Refusal
from pos_app.sync import wire
from pos_app.sync.received_kinds import Coming, Moment, ThingKind
from pos_app.sync.received_records import KINDS
from pos_app.sync.received_refusals import CodeInUseHere, NotPossibleHere, ThingUnreadable
from pos_app.sync.remote import PULL_CURSOR, STOCK_CURSOR, moment
from pos_app.sync.sentences import said
from pos_app.sync.unsent import Key, changed_after, is_record_changed, key_of

if TYPE_CHECKING:
    from pos_app.store.store import Store
    from pos_app.store.transaction import Transaction

    Source = Store | Transaction

TURN_THINGS = 100
HERE = "here"  # the remedy of a thing that waits: a person changes what stands in its way


@dataclass(frozen=True, slots=True)
class RefusedThing:
    """A thing that waits because it cannot stand beside what the till has."""

    kind: str
    id: str
    reason: PosError


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of a page: things written by kind, and those that stood already.

    `left_out` were changed here meanwhile and come back merged; `refused` wait for a person.
    """

    counts: Mapping[str, int] = field(default_factory=dict)
    unchanged: int = 0
    left_out: int = 0
    refused: tuple[RefusedThing, ...] = ()


@dataclass(slots=True)
class _Sorted:
    """Things of one kind, sorted by what is to be done with them."""

    accepted: list[Coming] = field(default_factory=list)
    same: list[wire.Thing] = field(default_factory=list)
    left_out: int = 0
    refused: list[tuple[wire.Thing, PosError]] = field(default_factory=list)


@dataclass(slots=True)
class _Done:
    """What became of things so far."""

    counts: dict[str, int] = field(default_factory=dict)
    unchanged: int = 0
    left_out: int = 0
    refused: dict[Key, RefusedThing] = field(default_factory=dict)

    def add(self, kind: str, found: _Sorted) -> None:
        """Count what was sorted and written."""
        if found.accepted:
            self.counts[kind] = self.counts.get(kind, 0) + len(found.accepted)
        self.unchanged += len(found.same)
        self.left_out += found.left_out
        for thing in (*found.same, *(one.thing for one in found.accepted)):
            self.refused.pop((thing.kind, thing.id), None)
        for thing, reason in found.refused:
            self.refused[thing.kind, thing.id] = RefusedThing(thing.kind, thing.id, reason)


@dataclass(slots=True)
class _Meanwhile:
    """What the till changed itself after `heard`, known up to the entry `seq`.

    `early` are things that were read before the turn to write.
    """

    heard: int
    seq: int
    changed: set[Key]
    early: dict[Key, Any] = field(default_factory=dict)

    def refresh(self, tx: "Transaction") -> None:
        """Look at what was written since, in the turn to write."""
        self.changed |= changed_after(tx.journal, self.seq)
        self.seq = tx.journal.pending.seq

    def has(self, source: "Source", thing: wire.Thing) -> bool:
        """Whether the till changed a thing."""
        if key_of(thing.kind, thing.id) in self.changed:
            return True
        return is_record_changed(source, thing.kind, thing.id, self.heard)


def apply_page(store: "Store", page: wire.Pulled, now: datetime) -> Applied:
    """Write a page and its cursor; `now` is UTC. Raises what the store refuses with.

    What the till changed itself and head office has not merged yet is left out: it comes back.
    """
    meanwhile, done = _meanwhile(store, page), _Done()
    turns = list(_turns(page.things))
    if turns or _says_more(store, page):
        *earlier, last = turns or [[]]
        for things in earlier:
            meanwhile.early = _read_early(things)
            with store.transaction() as tx:
                _write_turn(tx, things, meanwhile, now, done)
        meanwhile.early = _read_early(last)
        with store.transaction() as tx:
            _write_turn(tx, last, meanwhile, now, done)
            _write_rest(tx, page)
    if not page.left:
        meanwhile.early = {}
        _try_waiting(store, meanwhile, now, done)
    return Applied(done.counts, done.unchanged, done.left_out, tuple(done.refused.values()))


def _meanwhile(store: "Store", page: wire.Pulled) -> _Meanwhile:
    """Return what the till changed and head office has not merged into this page."""
    heard = store.cursors.of(HEAD_OFFICE)
    if page.judged is not None:
        heard = min(heard, page.judged)
    seq = store.journal.count()
    return _Meanwhile(heard, seq, changed_after(store.journal, heard))


def _turns(things: Sequence[wire.Thing]) -> Iterator[list[wire.Thing]]:
    """Part things by revision into turns; only a larger revision is parted itself."""
    turn: list[wire.Thing] = []
    for _, members in groupby(things, key=lambda thing: thing.revision):
        revision = list(members)
        if turn and len(turn) + len(revision) > TURN_THINGS:
            yield turn
            turn = []
        turn += revision
        while len(turn) > TURN_THINGS:
            yield turn[:TURN_THINGS]
            turn = turn[TURN_THINGS:]
    if turn:
        yield turn


def _write_turn(
    tx: "Transaction",
    things: Iterable[wire.Thing],
    meanwhile: _Meanwhile,
    now: datetime,
    done: _Done,
) -> None:
    """Write things kind by kind; a kind that is not known is no matter for this program."""
    meanwhile.refresh(tx)
    for name, mine in _by_kind(things):
        found = _sorted_out(tx, KINDS[name], mine, meanwhile)
        _write(tx, KINDS[name], found, now)
        done.add(name, found)
    meanwhile.seq = tx.journal.pending.seq


def _by_kind(things: Iterable[wire.Thing]) -> Iterator[tuple[str, list[wire.Thing]]]:
    latest = {(thing.kind, thing.id): thing for thing in things}
    for name in KINDS:
        mine = [thing for thing in latest.values() if thing.kind == name]
        if mine:
            yield name, mine


def _sorted_out(
    source: "Source", kind: ThingKind, things: Sequence[wire.Thing], meanwhile: _Meanwhile
) -> _Sorted:
    """Sort things of a kind by what is to be done with them."""
    found = _Sorted()
    coming = [one for one in (_read(source, kind, t, meanwhile, found) for t in things) if one]
    if not coming:
        return found
    refused = dict(kind.refuse(source, coming))
    coming = [one for one in coming if one.thing.id not in refused]
    refused |= _clashing(source, kind, coming)
    found.accepted = [one for one in coming if one.thing.id not in refused]
    by_id = {thing.id: thing for thing in things}
    found.refused += [(by_id[thing_id], why) for thing_id, why in refused.items()]
    return found


def _read(
    source: "Source", kind: ThingKind, thing: wire.Thing, meanwhile: _Meanwhile, found: _Sorted
) -> Coming | None:
    """Return a thing that changes something; the others are noted in `found`."""
    if meanwhile.has(source, thing):
        found.left_out += 1
        return None
    try:
        known = kind.known(source, thing.id)
        value = meanwhile.early.get((thing.kind, thing.id))
        if value is None:
            value = _value(source, kind, thing, known)
    except FieldRefusal as refusal:
        named = NotPossibleHere(name=_name_of(thing), reason=said(refusal))
        found.refused.append((thing, named))
        return None
    except PosError as refusal:
        found.refused.append((thing, refusal))
        return None
    except UNREADABLE as failure:
        detail = f"{type(failure).__name__}: {failure}"[:120]
        found.refused.append((thing, ThingUnreadable(kind=thing.kind, detail=detail)))
        return None
    if value == known:
        found.same.append(thing)
        return None
    return Coming(thing, known, value)


def _read_early(things: Iterable[wire.Thing]) -> dict[Key, Any]:
    """Read what needs no store; what cannot be read is refused in its turn."""
    early: dict[Key, Any] = {}
    for thing in things:
        kind = KINDS.get(thing.kind)
        if kind is not None and kind.read_early is not None and thing.state:
            with suppress(*UNREADABLE):
                early[thing.kind, thing.id] = kind.read_early(json.loads(thing.state))
    return early


def _value(source: "Source", kind: ThingKind, thing: wire.Thing, known: Any) -> Any:
    if not thing.state:
        return None if known is None else kind.gone(known)
    return kind.read(source, json.loads(thing.state), known)


def _clashing(
    source: "Source", kind: ThingKind, coming: Sequence[Coming]
) -> dict[str, CodeInUseHere]:
    """Return the things with a code of something that keeps it; swapping codes is no clash."""
    accepted = {one.thing.id: one for one in coming}
    codes = {one.thing.id: [code for code in kind.codes(one.value) if code] for one in coming}
    wanted = [code for own in codes.values() for code in own]
    if not wanted:
        return {}
    owners = kind.owners(source, wanted)
    refused: dict[str, CodeInUseHere] = {}
    while found := _clashing_once(accepted, codes, owners):
        refused |= found
        for thing_id in found:
            del accepted[thing_id]
    return refused


def _clashing_once(
    accepted: Mapping[str, Coming],
    codes: Mapping[str, Sequence[str]],
    owners: Mapping[str, tuple[str, str]],
) -> dict[str, CodeInUseHere]:
    found: dict[str, CodeInUseHere] = {}
    holders: dict[str, tuple[str, str]] = {}
    for thing_id, one in accepted.items():
        for code in codes[thing_id]:
            owner = owners.get(code)
            keeps = owner is not None and (owner[0] not in accepted or code in codes[owner[0]])
            holder = (
                owner
                if owner and keeps
                else holders.setdefault(code, (thing_id, called(one.value)))
            )
            if holder[0] != thing_id:
                found[thing_id] = CodeInUseHere(name=called(one.value), code=code, owner=holder[1])
    return found


def called(value: Any) -> str:
    """Return what people call a thing."""
    head = getattr(value, "head", None)
    names = (getattr(value, name, "") for name in ("name", "number", "code"))
    return str(head.number) if head is not None else next((one for one in names if one), "?")


def _write(tx: "Transaction", kind: ThingKind, found: _Sorted, now: datetime) -> None:
    """Write what was sorted: things, where they go back to, and what waits."""
    coming = found.accepted
    if coming:
        _release_swapped(tx, kind, coming)
        kind.write(tx, coming, Moment(now, max(one.thing.revision for one in coming)))
    stand = [*found.same, *(one.thing for one in coming)]
    tx.received.put_many([(one.kind, one.id, one.revision, one.lost) for one in stand])
    for thing in stand if tx.received.has_waiting() else ():
        if tx.received.waits(thing.kind, thing.id):
            tx.received.wait_no_more(thing.kind, thing.id)
            tx.remotes.refuse(HEAD_OFFICE, _card(thing, "", now, is_settled=True))
    for thing, reason in found.refused:
        text = msgspec.json.encode(thing).decode()
        if tx.received.waits(thing.kind, thing.id) != text:
            tx.received.wait(thing.kind, thing.id, thing.revision, text)
            tx.remotes.refuse(HEAD_OFFICE, _card(thing, said(reason), now))


def _name_of(thing: wire.Thing) -> str:
    """Return what people call a thing, or its id where its state does not say."""
    with suppress(ValueError, AttributeError):
        return str(json.loads(thing.state).get("name") or thing.id)
    return thing.id


def _release_swapped(tx: "Transaction", kind: ThingKind, coming: Sequence[Coming]) -> None:
    """Take the codes of things that give one to another of the same turn."""
    wanted = {code for one in coming for code in kind.codes(one.value)}
    giving = [
        one.thing.id
        for one in coming
        if one.known is not None
        and any(code in wanted for code in set(kind.codes(one.known)) - set(kind.codes(one.value)))
    ]
    if giving:
        kind.release(tx, giving)


def _card(thing: wire.Thing, reason: str, now: datetime, *, is_settled: bool = False) -> Refusal:
    """Return how a thing that waits is shown: no journal entry of this till, so no number."""
    return Refusal(
        f"{thing.kind}:{thing.id}", 0, 0, thing.kind, moment(now), reason, HERE, is_settled
    )


def _says_more(store: "Store", page: wire.Pulled) -> bool:
    """Whether a page without things says something that is not known."""
    known = store.remotes.values(HEAD_OFFICE)
    return bool(page.stock) or any(known.get(name, "") != text for name, text in _news(page))


def _write_rest(tx: "Transaction", page: wire.Pulled) -> None:
    """Write what other tills moved, when they were heard, and how far this till has come."""
    by_product = sorted(page.stock, key=lambda one: one.product_id)
    for product_id, moved in groupby(by_product, key=lambda one: one.product_id):
        tx.received.put_elsewhere(
            product_id,
            [Elsewhere(one.till, one.location, one.quantity_micro, one.heard_at) for one in moved],
        )
    tx.remotes.put(HEAD_OFFICE, **dict(_news(page)))


def _news(page: wire.Pulled) -> Iterator[tuple[str, str]]:
    yield PULL_CURSOR, page.cursor
    if page.stock_cursor:
        yield STOCK_CURSOR, page.stock_cursor
    if page.tills:
        yield OTHER_TILLS, json.dumps([list(one) for one in page.tills])


def _try_waiting(store: "Store", meanwhile: _Meanwhile, now: datetime, done: _Done) -> None:
    """Write what waited and can stand now; looks first, so that nothing is written in vain."""
    waiting = store.received.waiting()
    things = [wire.decode(wire.Thing, text.encode()) for text in waiting.values()]
    for turn in _turns(things):
        able = [thing for thing in turn if _can_stand(store, thing, meanwhile)]
        if able:
            with store.transaction() as tx:
                _write_turn(tx, able, meanwhile, now, done)


def _can_stand(store: "Store", thing: wire.Thing, meanwhile: _Meanwhile) -> bool:
    found = _sorted_out(store, KINDS[thing.kind], [thing], meanwhile)
    return bool(found.accepted or found.same)
