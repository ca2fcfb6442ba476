"""Points follow the documents: earned with a sale, spent as a payment, taken back on returns."""

from dataclasses import replace
from typing import TYPE_CHECKING

from pos_app.domain import stored_value as rules
from pos_app.domain.cart import SaleKind
from pos_app.domain.facts import FactKind
from pos_app.domain.held_moves import points_effects
from pos_app.domain.money import Money
from pos_app.domain.points import PointsAreOff, PointsEffect, PointsOfSale, after, points_for
from pos_app.domain.sale import CustomerNeeded, Sale
from pos_app.domain.stored_value import StoredValue, ValueAction, ValueKind, value_id
from pos_app.domain.tender_settings import PointsSettings
from pos_app.services.stored_value_records import POINTS_OF_SALE, STORED_VALUE

if TYPE_CHECKING:
    from pos_app.store.transaction import Transaction


def follow_points(tx: "Transaction", sale: Sale, settings: PointsSettings, staff: str) -> None:
    """Move points as a document does; raises NotEnoughPoints, PointsAreOff, PointsNotPaidThere."""
    is_undone = sale.kind is SaleKind.VOID
    if is_undone:
        original = tx.sales.get(sale.voids or "")
        effects = [] if original is None else [e.negated() for e in points_effects(original)]
    else:
        effects = points_effects(sale)
    for effect in effects:
        known = tx.records.get(POINTS_OF_SALE, effect.sale_id)
        if known is not None:
            _follow(tx, sale, staff, (known, after(known, effect)), is_undone=is_undone)
        elif effect.sale_id == sale.id and not effect.refunded:
            _begin(tx, sale, effect, settings, staff)
        elif effect.refunded > 0:
            after(_blank(sale, settings), effect)


def _begin(
    tx: "Transaction", sale: Sale, effect: PointsEffect, settings: PointsSettings, staff: str
) -> None:
    """Open the points of a document that earns some, or is paid with some."""
    if not settings.is_on:
        if effect.paid:
            raise PointsAreOff()
        return
    if sale.customer is None:
        if effect.paid:
            raise CustomerNeeded()
        return
    blank = _blank(sale, settings)
    cost = points_for(Money(effect.paid, sale.currency), settings.worth) if effect.paid else 0
    _follow(tx, sale, staff, (blank, after(blank, effect, cost)), is_undone=False)


def _blank(sale: Sale, settings: PointsSettings) -> PointsOfSale:
    owner = sale.customer.id if sale.customer else ""
    account = value_id(ValueKind.POINTS, owner)
    return PointsOfSale(sale.id, account, sale.currency, settings.per_unit)


def _follow(
    tx: "Transaction",
    sale: Sale,
    staff: str,
    states: tuple[PointsOfSale, PointsOfSale],
    *,
    is_undone: bool,
) -> None:
    """Keep the points of a sale as they are now, and move the difference on the account."""
    before, now = states
    now = replace(now, account_id=_account_now(tx, now.account_id))
    spent, earned = now.spent - before.spent, now.earned - before.earned
    if spent > 0:
        action = ValueAction.TAKE_BACK if is_undone else ValueAction.REDEEM
        _move(tx, sale, staff, now.account_id, action, spent)
    if earned < 0:
        _move(tx, sale, staff, now.account_id, ValueAction.TAKE_BACK, -earned)
    if spent < 0:
        _move(tx, sale, staff, now.account_id, ValueAction.REFUND, -spent)
    if earned > 0:
        _move(tx, sale, staff, now.account_id, ValueAction.TOP_UP, earned)
    names = ("base", "returned", "paid", "points_paid", "refunded")
    details = {
        "by": sale.id,
        "number": sale.number,
        "before": {name: getattr(before, name) for name in names},
        "earned": earned,
        "spent": spent,
    }
    fact = FactKind.STORED_VALUE_CHANGED
    tx.records.put(POINTS_OF_SALE, now, fact, sale.stamp.at, staff, details)


def _account_now(tx: "Transaction", account_id: str) -> str:
    """Return the account that an account's points went to when two customers became one."""
    account = tx.records.get(STORED_VALUE, account_id)
    customer = None if account is None else tx.customers.get(account.customer_id)
    if customer is None or customer.is_active:
        return account_id
    from pos_app.services.customer_records import survivor_id  # noqa: PLC0415 - seldom merged

    return value_id(ValueKind.POINTS, survivor_id(tx, customer.id))


def _move(
    tx: "Transaction", sale: Sale, staff: str, account_id: str, action: ValueAction, units: int
) -> None:
    known = tx.records.get(STORED_VALUE, account_id)
    account = known or _fresh(sale, account_id)
    before = account.balance
    if action is ValueAction.REDEEM:
        account = rules.redeem(account, units, sale.stamp.business_day)
        account = replace(account, unconfirmed=0)
    elif action is ValueAction.TAKE_BACK:
        account = rules.take_back(account, units)
    elif action is ValueAction.REFUND:
        account = rules.refund_to(account, units)
    else:
        account = rules.top_up(account, units)
    details = {
        "sale": sale.id,
        "number": sale.number,
        "action": (action if known else ValueAction.ISSUE).value,
        "units": account.balance - before,
        "before": before,
    }
    fact = FactKind.STORED_VALUE_CHANGED
    tx.records.put(STORED_VALUE, account, fact, sale.stamp.at, staff, details)


def _fresh(sale: Sale, account_id: str) -> StoredValue:
    customer = sale.customer
    return StoredValue(
        id=account_id,
        kind=ValueKind.POINTS,
        number=customer.number if customer else "",
        currency="",
        balance=0,
        customer_id=account_id.partition(":")[2],
        name=customer.name if customer else "",
    )
