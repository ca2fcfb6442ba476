"""Whether a customer may owe more: what head office knows of them against what was agreed."""

import json
from dataclasses import dataclass, replace
from datetime import date

from pos_app.domain.approval import Action, ApprovalRequest, GivenApproval
from pos_app.domain.credit import CustomerOverLimit, CustomerPastDue, OrdersOverLimit, check_credit
from pos_app.domain.facts import FactKind, record_changed
from pos_app.domain.money import Money
from pos_app.domain.order import Order, OrderState
from pos_app.domain.order_value import value_to_invoice
from pos_app.domain.plain import from_plain, to_plain
from pos_app.domain.stored_value import StoredValue, ValueKind, value_id
from pos_app.server.document_kinds import INVOICE, ORDER
from pos_app.server.listed import ListFilter, rows_of
from pos_app.server.merged_customers import members_of, survivor_id
from pos_app.server.office_desk import OfficeDesk
from pos_app.server.thing_kinds import STORED_VALUE
from pos_app.server.thing_rows import load_things

HOW = "api"  # how an approval was given: by a key or a person that may
_APPROVAL = "approval"
_UNDER_WAY = (
    OrderState.APPROVED,
    OrderState.PARTIALLY_DELIVERED,
    OrderState.FULLY_DELIVERED,
)


@dataclass(frozen=True, slots=True)
class Owed:
    """What a customer owes, and the last day to pay of the oldest open invoice."""

    amount: Money
    oldest_due: date | None


def require_credit(
    desk: OfficeDesk,
    customer_id: str,
    adding: Money,
    *,
    may_override: bool,
    is_order: bool = False,
) -> None:
    """Let a customer owe `adding` more, or refuse; who may override does so, and it is told.

    For an order, what they have ordered before and was not invoiced yet counts too. Raises
    CustomerOverLimit, OrdersOverLimit or CustomerPastDue.
    """
    customer_id = survivor_id(desk.connection, desk.company_id, customer_id)
    terms = desk.terms(customer_id)
    if terms.credit_limit is not None and terms.credit_limit.currency != adding.currency:
        terms = replace(terms, credit_limit=None)  # a limit in another currency says nothing here
    if terms.is_empty:
        return
    members = members_of(desk.connection, desk.company_id, customer_id)
    try:
        owed = _owed_by(desk, members)
        check_credit(terms, owed.amount, owed.oldest_due, desk.today, adding)
        if is_order and terms.credit_limit is not None:
            _check_ordered(desk, members, terms.credit_limit, owed.amount, adding)
    except (CustomerOverLimit, CustomerPastDue):
        if not may_override:
            raise
        _tell_approval(desk, customer_id, adding)


def _owed_by(desk: OfficeDesk, members: list[str]) -> Owed:
    found = [
        row
        for member in members
        for row in rows_of(
            desk.connection,
            desk.company_id,
            INVOICE,
            ListFilter(equal={"customer_id": member}),
        )
        if row.open
    ]
    days = [row.until for row in found if row.open > 0 and row.until]
    minor = sum(row.open for row in found) + sum(_on_account(desk, one) for one in members)
    oldest = date.fromisoformat(min(days)) if days else None
    return Owed(Money(minor, desk.currency), oldest)


def _on_account(desk: OfficeDesk, customer_id: str) -> int:
    key = STORED_VALUE, value_id(ValueKind.ACCOUNT, customer_id)
    row = load_things(desk.connection, desk.company_id, [key]).get(key)
    if row is None:
        return 0
    account = from_plain(StoredValue, json.loads(row.state)["state"])
    return -account.balance if account.currency == desk.currency else 0


def _check_ordered(
    desk: OfficeDesk, members: list[str], limit: Money, owed: Money, adding: Money
) -> None:
    """Refuse where orders under way bring more than the limit; raises OrdersOverLimit."""
    ordered = Money(0, desk.currency)
    for member in members:
        chosen = ListFilter(equal={"customer_id": member})
        for row in rows_of(desk.connection, desk.company_id, ORDER, chosen):
            if row.status in _UNDER_WAY:
                ordered += value_to_invoice(desk.get(Order, row.id))
    if ordered.minor > 0 and limit < owed + ordered + adding:
        raise OrdersOverLimit(limit=limit, owed=owed, ordered=ordered, adding=adding)


def _tell_approval(desk: OfficeDesk, customer_id: str, adding: Money) -> None:
    about = desk.customer(customer_id).name
    given = GivenApproval(
        id=desk.new_id(),
        request=ApprovalRequest(Action.CREDIT_LIMIT, adding, about=about),
        asker=desk.staff,
        approver=desk.staff,
        how=HOW,
        reason="",
        at=desk.now,
    )
    place = desk.now.isoformat(timespec="milliseconds")  # as tills keep theirs
    found = {"code": None, "place": place, "is_open": False}
    desk.tell(record_changed(FactKind.APPROVAL_GIVEN, _APPROVAL, given.id, to_plain(given), found))
