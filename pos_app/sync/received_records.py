"""How the kinds of records from head office are read and written at a till."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pos_app.domain.approval import Action
from pos_app.domain.errors import PosError
from pos_app.domain.facts import FactKind
from pos_app.domain.invoice import Invoice, InvoiceState
from pos_app.domain.order import Order, OrderState
from pos_app.domain.quotation import Quotation, QuotationState
from pos_app.domain.staff import Role, StaffMember
from pos_app.domain.stored_value import StoredValue, ValueKind
from pos_app.services.customer_records import CREDIT_TERMS, LIST_PRICE, PRICE_LIST
from pos_app.services.document_records import INVOICE, ORDER, QUOTATION
from pos_app.services.staff_records import ROLE, STAFF, active_members, roles_of
from pos_app.services.stored_value_records import STORED_VALUE
from pos_app.store.base_revision import NUMBERED_ELSEWHERE, RECEIVED
from pos_app.store.plain import from_plain
from pos_app.store.records import RecordKind
from pos_app.sync.received_kinds import (
    CATEGORY,
    CONNECTION,
    CUSTOMER,
    PRODUCT,
    SETTINGS,
    TAX,
    UNIT,
    Coming,
    Moment,
    Owners,
    ThingKind,
    Told,
    inactive,
)
from pos_app.sync.received_refusals import NobodyWouldBeLeft

if TYPE_CHECKING:
    from pos_app.store.store import Store
    from pos_app.store.transaction import Transaction

    Source = Store | Transaction

_HELD_BY_NUMBER = (ValueKind.GIFT_CARD, ValueKind.STORE_CREDIT, ValueKind.DEPOSIT)
_OVER: dict[type, tuple[str, ...]] = {
    Quotation: (QuotationState.REJECTED, QuotationState.EXPIRED, QuotationState.DELETED),
    Order: (OrderState.CANCELLED, OrderState.DELETED),
    Invoice: (InvoiceState.FULLY_PAID, InvoiceState.DELETED),
}


def _as_told(value: Any, _known: Any) -> Any:
    return value


def _record(
    kind: RecordKind[Any],
    turn: Callable[[Any, Any], Any] = _as_told,
    gone: Callable[[Any], Any] = lambda known: known,
    refuse: Callable[["Source", Sequence[Coming]], Mapping[str, PosError]] | None = None,
) -> ThingKind:
    """Handle a kind of record; `turn` makes what shall stand of what was told and is known."""

    def read(_source: "Source", told: Told, known: Any) -> Any:
        return turn(from_plain(kind.type, told["state"]), known)

    def write(tx: "Transaction", coming: Sequence[Coming], moment: Moment) -> None:
        for one in coming:
            details = {RECEIVED: moment.revision, **_numbering(one)}
            tx.records.put(kind, one.value, FactKind.RECORD_RECEIVED, moment.now, "", details)

    def owners(source: "Source", codes: Sequence[str]) -> Owners:
        return source.records.owners(kind.name, codes)

    return ThingKind(
        known=lambda source, record_id: source.records.get(kind, record_id),
        read=read,
        write=write,
        gone=gone,
        codes=lambda value: tuple(code for code in (kind.code_of(value),) if code),
        owners=owners,
        release=lambda tx, ids: tx.records.release_codes(kind.name, ids),
        refuse=refuse or (lambda _source, _coming: {}),
    )


def _numbering(one: Coming) -> dict[str, Any]:
    """Say where a document has a number that this till did not give it."""
    if type(one.value) not in _OVER:
        return {}
    before = one.known.head.number if one.known is not None else ""
    is_given = bool(one.value.head.number) and not before
    return {NUMBERED_ELSEWHERE: True} if is_given else {}


def _document(value: Any, known: Any) -> Any:
    """A document that is over is of no use to a till that never had it."""
    is_over = value.state in _OVER[type(value)]
    if isinstance(value, Quotation):
        is_over = is_over or bool(value.order_id)
    return None if known is None and is_over else value


def _member(value: StaffMember, known: StaffMember | None) -> StaffMember:
    """A till keeps its own PINs and badges: they follow from its own key."""
    mine = known or StaffMember(value.id, value.code, value.name, value.role)
    return replace(
        value,
        pin_hash=mine.pin_hash,
        pin_epoch=mine.pin_epoch,
        pin_digits=mine.pin_digits,
        badge_hash=mine.badge_hash,
        badge_epoch=mine.badge_epoch,
        code_serial=mine.code_serial,
        code_epoch=mine.code_epoch,
    )


def _account(value: StoredValue, _known: StoredValue | None) -> StoredValue:
    """What head office says of a balance is confirmed, as `stored_value.confirm` has it."""
    limit = 0 if value.kind in _HELD_BY_NUMBER else value.limit
    return replace(value, unconfirmed=0, is_foreign=False, limit=limit)


def _without_settings_right(source: "Source", coming: Sequence[Coming]) -> Mapping[str, PosError]:
    """Refuse what would leave nobody here who can sign in and change the settings."""
    members = {member.id: member for member in active_members(source)}
    roles = {role.key: role for role in roles_of(source)}
    if not any(_may_set(member, roles) for member in members.values()):
        return {}
    refused: dict[str, PosError] = {}
    for one in coming:
        new_members, new_roles = dict(members), dict(roles)
        if isinstance(one.value, Role):
            new_roles[one.value.key] = one.value
        else:
            new_members[one.value.id] = one.value
        if any(_may_set(member, new_roles) for member in new_members.values()):
            members, roles = new_members, new_roles
        else:
            refused[one.thing.id] = NobodyWouldBeLeft(name=one.value.name)
    return refused


def _may_set(member: StaffMember, roles: Mapping[str, Role]) -> bool:
    role = roles.get(member.role)
    may = role is not None and role.permission(Action.SETTINGS) is not None
    return may and member.is_active and bool(member.pin_hash)


# In the order in which the things of a revision are written.
KINDS: dict[str, ThingKind] = {
    "unit": UNIT,
    "tax": TAX,
    "category": CATEGORY,
    "settings": SETTINGS,
    ROLE.name: _record(ROLE, refuse=_without_settings_right),
    STAFF.name: _record(STAFF, _member, inactive, _without_settings_right),
    "product": PRODUCT,
    PRICE_LIST.name: _record(PRICE_LIST, gone=inactive),
    LIST_PRICE.name: _record(LIST_PRICE, gone=lambda known: replace(known, price=None)),
    "customer": CUSTOMER,
    CREDIT_TERMS.name: _record(CREDIT_TERMS),
    STORED_VALUE.name: _record(STORED_VALUE, _account),
    QUOTATION.name: _record(QUOTATION, _document),
    ORDER.name: _record(ORDER, _document),
    INVOICE.name: _record(INVOICE, _document),
    "connection": CONNECTION,
}
