"""Customers that a foreign server has: new ones come in, changed fields too, nothing typed is lost.

What was taken over last stands beside the remote's id, so that a field that only the remote
changed is told from one that was changed here. What comes in is told to the journal like any
change, and is not sent back to where it came from.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pos_app.domain.customer import Customer
from pos_app.domain.errors import PosError
from pos_app.domain.field_merge import merge_fields
from pos_app.services.customer_records import CUSTOMER_ERASURE, survivor_id
from pos_app.services.customers import Customers
from pos_app.store.remotes import LogLine
from pos_app.sync.connections import Connection, connection_in
from pos_app.sync.dialect import CUSTOMER_ID, RemoteCustomer
from pos_app.sync.foreign_holding import ConnectionGone, done_key
from pos_app.sync.remote import moment
from pos_app.sync.sentences import filled, said
from pos_app.texts import later

if TYPE_CHECKING:
    from pos_app.store.foreign import Foreign
    from pos_app.store.store import Store
    from pos_app.store.transaction import Transaction

CUSTOMER = "customer "  # begins the key of a customer's step in every dialect
_STATE = "state"
_ERASED_MOST = 1_000
_SEEN = "seen "  # begins the key of what a customer was like there when last taken over
_FIELDS = (
    "name", "phone", "email", "contact", "tax_number", "address", "city", "state", "postcode",
    "country", "category", "region", "is_active",
)  # fmt: skip
_REFUSED = later("The customer {name} cannot be taken over: {reason}")


@dataclass(frozen=True, slots=True)
class TakenIn:
    """How many customers are new here, were changed here, or cannot be taken over."""

    new: int = 0
    changed: int = 0
    refused: int = 0


def take_in(
    store: "Store",
    connection: Connection,
    customers: Sequence[RemoteCustomer],
    clock: Callable[[], datetime],
) -> TakenIn:
    """Take over what a remote lists; each customer is a transaction of its own.

    Only where nothing is in doubt at the remote: a customer of ours whose answer was lost would
    else look like a new one. Raises ConnectionGone where the connection was removed meanwhile.
    """
    _forget_erased(store, connection.remote)
    new = changed = refused = 0
    for one in map(_tidied, customers):
        if not one.remote_id or not one.name or _is_known(store.foreign, connection, one):
            continue
        try:
            with store.transaction() as tx:
                if connection_in(tx.remotes, connection.id) is None:
                    raise ConnectionGone
                was_new, was_changed = _take(store, tx, connection, one, clock)
        except PosError as refusal:
            refused += _note_once(store, connection, one, refusal, clock())
            continue
        new += was_new
        changed += was_changed
    return TakenIn(new, changed, refused)


def _is_known(foreign: "Foreign", connection: Connection, coming: RemoteCustomer) -> bool:
    """Whether a customer is just as they were when last taken over."""
    seen = foreign.ids(connection.remote, _SEEN + coming.remote_id)
    return seen is not None and seen.get(_STATE) == _state(coming)


def _forget_erased(store: "Store", remote: str) -> None:
    """Let go what was seen there of people who were erased here since."""
    for erasure in store.records.latest(CUSTOMER_ERASURE, _ERASED_MOST):
        ids = store.foreign.ids(remote, CUSTOMER + erasure.customer_id) or {}
        key = _SEEN + ids.get(CUSTOMER_ID, "")
        if store.foreign.ids(remote, key) is not None:
            with store.transaction() as tx:
                tx.foreign.forget_ids(remote, key)


def _take(
    store: "Store",
    tx: "Transaction",
    connection: Connection,
    coming: RemoteCustomer,
    clock: Callable[[], datetime],
) -> tuple[bool, bool]:
    """Take one customer over; tells whether they are new here, and whether they changed here."""
    remote, service = connection.remote, Customers(store, clock, "")
    seen = tx.foreign.ids(remote, _SEEN + coming.remote_id)
    key = tx.foreign.key_with(remote, CUSTOMER, coming.remote_id)
    known = _alike(tx, coming) if key is None else _known(tx, key)
    if known is None and key is not None:
        return False, False  # removed or erased here, on purpose
    tx.foreign.remember(remote, _SEEN + coming.remote_id, {_STATE: _state(coming)})
    if known is None:
        saved = service.save_in(tx, _new(tx, service.new_id(), coming))
        _map(tx, remote, saved, coming)
        _do_not_echo(tx, remote, saved)
        return True, False
    if key is None:
        _map(tx, remote, known, coming)
    if seen is None:
        return False, False  # what differs at the first meeting was typed here
    base = _fields(RemoteCustomer(**json.loads(seen[_STATE])))
    standing = {name: getattr(known, name) for name in _FIELDS}
    merged = merge_fields(base, standing, _fields(coming), coming_wins=False)
    saved = service.save_in(tx, replace(known, **merged.state))
    if saved == known:
        return False, False
    _do_not_echo(tx, remote, saved)
    return False, True


def _new(tx: "Transaction", customer_id: str, coming: RemoteCustomer) -> Customer:
    """Return a customer who is new here, under the remote's number where nobody has it."""
    is_free = bool(coming.number) and tx.customers.find(coming.number) is None
    fresh = Customer(customer_id, coming.number if is_free else "", coming.name)
    return replace(fresh, **_fields(coming))


def _known(tx: "Transaction", key: str) -> Customer | None:
    """Return the customer that a remote's id stands for; None where they are gone or erased."""
    customer_id = survivor_id(tx, key.removeprefix(CUSTOMER))
    if tx.records.get(CUSTOMER_ERASURE, customer_id) is not None:
        return None
    return tx.customers.get(customer_id)


def _alike(tx: "Transaction", coming: RemoteCustomer) -> Customer | None:
    """Return a customer of ours who is surely the same: by number, or name and mail or phone."""
    found = tx.customers.find(coming.number) if coming.number else None
    if found is not None and found.name == coming.name:
        return found
    for one in tx.customers.search(coming.email or coming.phone or "", 20):
        is_reached = (coming.email and one.email == coming.email) or (
            coming.phone and one.phone == coming.phone
        )
        if one.name == coming.name and is_reached:
            return one
    return None


def _map(tx: "Transaction", remote: str, customer: Customer, coming: RemoteCustomer) -> None:
    """Keep who a customer is there, unless they were sent there before."""
    key = CUSTOMER + customer.id
    if tx.foreign.ids(remote, key) is None:
        tx.foreign.remember(remote, key, {CUSTOMER_ID: coming.remote_id})


def _do_not_echo(tx: "Transaction", remote: str, customer: Customer) -> None:
    """Let the entry that was just written not go back to where it came from."""
    last = tx.journal.head()
    if last is not None:
        tx.foreign.remember(remote, done_key(last.id, customer.id), {})


def _tidied(coming: RemoteCustomer) -> RemoteCustomer:
    """Return a customer without spaces around what the remote says."""
    told: dict[str, Any] = asdict(coming)
    texts = {name: value for name, value in told.items() if isinstance(value, str)}
    return replace(coming, **told | {name: text.strip() for name, text in texts.items()})


def _fields(coming: RemoteCustomer) -> dict[str, Any]:
    return {name: getattr(coming, name) for name in _FIELDS}


def _state(coming: RemoteCustomer) -> str:
    return json.dumps(asdict(coming), sort_keys=True, ensure_ascii=False)


def _note_once(
    store: "Store",
    connection: Connection,
    coming: RemoteCustomer,
    refusal: PosError,
    now: datetime,
) -> int:
    """Tell the log why a customer cannot be taken over, once for each state of theirs."""
    remote, key = connection.remote, f"refused {coming.remote_id}"
    known = store.foreign.ids(remote, key)
    if known is None or known.get(_STATE) != _state(coming):
        text = filled(_REFUSED, name=coming.name, reason=said(refusal))
        with store.transaction() as tx:
            tx.foreign.remember(remote, key, {_STATE: _state(coming)})
            tx.remotes.log_line(remote, LogLine(moment(now), "bad", text))
    return 1
