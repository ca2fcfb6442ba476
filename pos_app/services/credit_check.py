"""Whether a customer may owe more: what is owed now against what was agreed."""

from dataclasses import replace
from typing import TYPE_CHECKING

from pos_app.domain.approval import Action, ApprovalRequest
from pos_app.domain.credit import CustomerOverLimit, CustomerPastDue, OrdersOverLimit, check_credit
from pos_app.domain.document import Party
from pos_app.domain.money import Money
from pos_app.domain.order import OrderState
from pos_app.domain.order_value import value_to_invoice
from pos_app.services.customer_records import merged_ids, survivor_id, terms_of
from pos_app.services.document_desk import DocumentDesk
from pos_app.services.document_records import ORDER
from pos_app.services.receivables import owed_by

if TYPE_CHECKING:
    from pos_app.store.store import Store
    from pos_app.store.transaction import Transaction

_UNDER_WAY = (
    OrderState.APPROVED,
    OrderState.PARTIALLY_DELIVERED,
    OrderState.FULLY_DELIVERED,
)


def require_credit(
    desk: DocumentDesk, tx: "Transaction", party: Party, adding: Money, *, is_order: bool = False
) -> None:
    """Let a customer owe `adding` more, or refuse; somebody with the right may allow it.

    For an order, what they have ordered before and was not invoiced yet counts too. Raises
    CustomerOverLimit or CustomerPastDue in a shop without staff, else ApprovalNeeded.
    """
    customer_id = survivor_id(tx, party.id)
    owed = owed_by(tx, customer_id, adding.currency)
    terms = terms_of(tx, customer_id)
    limit = None if terms is None else terms.credit_limit
    if terms is not None and limit is not None and limit.currency != adding.currency:
        terms = replace(terms, credit_limit=None)  # a limit in another currency says nothing here
    try:
        check_credit(terms, owed.amount, owed.oldest_due, desk.today, adding)
        if is_order and terms is not None and terms.credit_limit is not None:
            _check_ordered(tx, customer_id, terms.credit_limit, owed.amount, adding)
    except (CustomerOverLimit, CustomerPastDue):
        if not desk.authority.has_staff():
            raise
        request = ApprovalRequest(Action.CREDIT_LIMIT, adding, about=party.name)
        desk.authority.require(request, tx)


def _check_ordered(
    tx: "Transaction", customer_id: str, limit: Money, owed: Money, adding: Money
) -> None:
    """Refuse where orders under way bring more than the limit; raises OrdersOverLimit."""
    ordered = Money(0, adding.currency)
    for member in (customer_id, *merged_ids(tx, customer_id)):
        for listed in tx.documents.of_customer(ORDER.name, member):
            is_under_way = listed.status in _UNDER_WAY and listed.currency == adding.currency
            order = tx.records.get(ORDER, listed.id) if is_under_way else None
            if order is not None:
                ordered += value_to_invoice(order)
    if ordered.minor > 0 and limit < owed + ordered + adding:
        raise OrdersOverLimit(limit=limit, owed=owed, ordered=ordered, adding=adding)


def credit_days(source: "Transaction | Store", customer_id: str) -> int | None:
    """Return how many days a customer has to pay, or None where nothing was agreed."""
    terms = terms_of(source, survivor_id(source, customer_id))
    return None if terms is None else terms.credit_days
