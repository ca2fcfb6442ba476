"""Value held for customers as the store keeps it: accounts, and the points of each sale."""

from typing import TYPE_CHECKING

from pos_app.domain.points import PointsOfSale
from pos_app.domain.stored_value import StoredValue, ValueKind, value_id
from pos_app.store.records import RecordKind

if TYPE_CHECKING:
    from pos_app.store.store import Store
    from pos_app.store.transaction import Transaction

    Source = Store | Transaction

_NUMBERED = (ValueKind.GIFT_CARD, ValueKind.STORE_CREDIT, ValueKind.DEPOSIT)

STORED_VALUE = RecordKind(
    "stored_value",
    StoredValue,
    id_of=lambda account: account.id,
    code_of=lambda account: account.number if account.kind in _NUMBERED else None,
    place_of=lambda account: f"{account.kind.value} {account.number}",
)
POINTS_OF_SALE = RecordKind("points_of_sale", PointsOfSale, id_of=lambda points: points.sale_id)


def account_of(source: "Source", kind: ValueKind, reference: str) -> StoredValue | None:
    """Return an account by its number, or a customer's by the id of the customer."""
    return source.records.get(STORED_VALUE, value_id(kind, reference))


def account_by_number(source: "Source", number: str) -> StoredValue | None:
    """Return the gift card, store credit or deposit with a number."""
    return source.records.by_code(STORED_VALUE, number)
