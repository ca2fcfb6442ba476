"""Value held for customers moves with the documents that move it, in the same transaction."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from pos_app.domain import stored_value as rules
from pos_app.domain.facts import FactKind
from pos_app.domain.held_moves import HeldMove, held_moves
from pos_app.domain.money import minor_digits
from pos_app.domain.sale import Sale
from pos_app.domain.stored_value import (
    OtherCurrency,
    StoredValue,
    ValueAction,
    ValueKind,
    ValueUnknown,
    value_id,
)
from pos_app.domain.tender_settings import TenderSettings
from pos_app.domain.value_numbers import checked, grouped, kind_of
from pos_app.services.authority import UNRESTRICTED, Authority
from pos_app.services.offline_allowance import card_allowance, check_credit_out_of_touch
from pos_app.services.points_book import follow_points
from pos_app.services.stored_value_records import STORED_VALUE, account_of

if TYPE_CHECKING:
    from pos_app.store.transaction import Transaction

_MONTHS_A_YEAR, _LAST_SAFE_DAY = 12, 28


@dataclass(frozen=True, slots=True)
class Following:
    """What following a document needs to know: the document, the rules, and who may allow more."""

    sale: Sale
    settings: TenderSettings
    staff: str
    authority: Authority = UNRESTRICTED

    @property
    def today(self) -> date:
        """The shop's date of the document."""
        return self.sale.stamp.business_day


def follow_sale(tx: "Transaction", following: Following) -> None:
    """Move what the document moves, or refuse it all.

    Raises the refusals of `domain.stored_value`, PointsNotPaidThere or ApprovalNeeded.
    """
    for move in held_moves(following.sale):
        if move.kind is not ValueKind.ACCOUNT or following.settings.keeps_accounts:
            _follow(tx, following, move)
    follow_points(tx, following.sale, following.settings.points, following.staff)


def months_after(day: date, months: int) -> date:
    """Return the day so many months later, at most the 28th so that every month has it."""
    whole = day.year * _MONTHS_A_YEAR + day.month - 1 + months
    year, month = divmod(whole, _MONTHS_A_YEAR)
    return date(year, month + 1, min(day.day, _LAST_SAFE_DAY))


def _follow(tx: "Transaction", following: Following, move: HeldMove) -> None:
    known = account_of(tx, move.kind, move.reference)
    currency = following.sale.currency
    if known is not None and known.currency != currency:
        raise OtherCurrency(number=known.number, currency=known.currency)
    before = known.balance if known is not None else 0
    action, account = _changed(tx, following, move, known)
    sale = following.sale
    details = {
        "sale": sale.id,
        "number": sale.number,
        "action": action.value,
        "units": account.balance - before,
        "before": before,
    }
    fact = FactKind.STORED_VALUE_CHANGED
    tx.records.put(STORED_VALUE, account, fact, sale.stamp.at, following.staff, details)


def _changed(
    tx: "Transaction", following: Following, move: HeldMove, known: StoredValue | None
) -> tuple[ValueAction, StoredValue]:
    """Return what was done and the account after it."""
    loads = move.action in (ValueAction.TOP_UP, ValueAction.REFUND)
    if known is None and loads:
        fresh = _fresh(following, move)
        return ValueAction.ISSUE, rules.issue(None, fresh, move.units)
    account = known or _unknown(following, move)
    if move.action is ValueAction.TOP_UP:
        return move.action, rules.top_up(account, move.units)
    if move.action is ValueAction.REFUND:
        return move.action, rules.refund_to(account, move.units)
    if move.action is ValueAction.TAKE_BACK:
        return move.action, rules.take_back(account, move.units)
    return move.action, _redeemed(tx, following, account, move.units)


def _redeemed(
    tx: "Transaction", following: Following, account: StoredValue, units: int
) -> StoredValue:
    if account.kind is ValueKind.ACCOUNT:
        from pos_app.services.account_credit import charged  # noqa: PLC0415 - few sales are owed

        limit = _minor(following.settings.credit_limit, account.currency)
        account = replace(account, limit=limit)
        check_credit_out_of_touch(tx, account, units, following.sale.stamp.at)
        return charged(tx, account, units, following.today, following.authority)
    allowance = None
    if account.kind in (ValueKind.GIFT_CARD, ValueKind.STORE_CREDIT):
        usual = _minor(following.settings.held.offline_allowance, account.currency)
        allowance = card_allowance(tx, usual, following.sale.stamp.at)
    return rules.redeem(account, units, following.today, allowance)


def _fresh(following: Following, move: HeldMove) -> StoredValue:
    """An account that nothing is on yet; a number of ours must not be mistyped."""
    customer, currency = following.sale.customer, following.sale.currency
    by_customer = move.kind is ValueKind.ACCOUNT
    months = following.settings.held.months if move.kind is ValueKind.GIFT_CARD else 0
    number = customer.number if by_customer and customer else checked(move.reference, move.kind)
    if not number:
        raise ValueUnknown(number="-")
    return StoredValue(
        id=value_id(move.kind, move.reference),
        kind=move.kind,
        number=number,
        currency=currency,
        balance=0,
        customer_id=customer.id if customer else "",
        name=customer.name if customer else "",
        expires=months_after(following.today, months) if months else None,
    )


def _unknown(following: Following, move: HeldMove) -> StoredValue:
    """What nobody here has seen: an account that owes nothing yet, or another till's card."""
    fresh = _fresh(following, move)
    if move.kind is ValueKind.ACCOUNT:
        return fresh
    held = following.settings.held
    allowance = _minor(held.offline_allowance, fresh.currency)
    is_ours = kind_of(fresh.number) is move.kind
    if not (held.accepts_unknown and allowance and is_ours):
        raise ValueUnknown(number=grouped(move.reference))
    return replace(fresh, is_foreign=True, limit=allowance)


def _minor(amount: Decimal | None, currency: str) -> int | None:
    return None if amount is None else int(amount.scaleb(minor_digits(currency)))
