"""Value held for customers: gift cards, store credit, deposits, points and accounts.

A transition is a pure function from one state of an account to the next, or a named refusal. Units
are minor units of the account's currency, or points.
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from pos_app.domain.errors import PosError
from pos_app.domain.money import Money


class ValueKind(StrEnum):
    """Whose value it is and how it is found: by a number, or by the customer."""

    GIFT_CARD = "gift_card"
    STORE_CREDIT = "store_credit"
    DEPOSIT = "deposit"
    POINTS = "points"
    ACCOUNT = "account"


class ValueState(StrEnum):
    """What can still be done with an account."""

    ACTIVE = "active"
    BLOCKED = "blocked"
    EXPIRED = "expired"


class ValueAction(StrEnum):
    """What happens to an account."""

    ISSUE = "issue"
    TOP_UP = "top_up"
    REDEEM = "redeem"
    REFUND = "refund"
    TAKE_BACK = "take_back"
    EXPIRE = "expire"
    BLOCK = "block"
    UNBLOCK = "unblock"
    CONFIRM = "confirm"


class HolderAction(StrEnum):
    """What the office does to an account because of its customer; none changes its state."""

    MERGE = "merge"
    INVOICE = "invoice"
    ERASE = "erase"


class ValueUnknown(PosError):
    """Nothing with the number was sold at this till."""

    sentence = (
        "{number} is not known at this till. If it was sold at another till it can be used there, "
        "or here once head office has told this till about it."
    )


class AlreadyIssued(PosError):
    """The number belongs to somebody already."""

    sentence = "{number} was sold already. Top it up, or sell a card with another number."


class ValueIsBlocked(PosError):
    """The account was stopped."""

    sentence = "{number} is blocked and cannot be used. Ask a manager to release it."


class ValueHasExpired(PosError):
    """The account ran out."""

    sentence = "{number} ran out on {day} and cannot be used any more."


class NotBlocked(PosError):
    """There is nothing to release."""

    sentence = "{number} is not blocked."


class NotEnoughValue(PosError):
    """Less is left than should be taken."""

    sentence = "Only {left} is left on {number}. Take that, and the rest in another way."


class SpentAlready(PosError):
    """What should be undone was spent, so undoing it would give it twice."""

    sentence = (
        "{number} was spent in part: only {left} is left on it. Take back what is left instead."
    )


class NotEnoughPoints(PosError):
    """The customer has fewer points than the payment needs."""

    sentence = "{left} points are left, and {needed} are needed. Take the rest in another way."


class OfflineAllowanceReached(PosError):
    """More of a card than this till may take before head office has confirmed its balance."""

    sentence = (
        "This till may take only {left} more of {number} until head office has confirmed its "
        "balance. Take that, and the rest in another way."
    )


class CreditLimitReached(PosError):
    """The customer would owe more than agreed."""

    sentence = "{name} may owe {limit} at most and owes {owed} now. Take the rest in another way."


class OtherCurrency(PosError):
    """The account is kept in another currency than the document."""

    sentence = "{number} is in {currency}. It can only be used for sales in {currency}."


class ValueNotPositive(PosError):
    """Nothing, or less than nothing, would be moved."""

    sentence = "{units} is not possible. Enter an amount above zero."


@dataclass(frozen=True, slots=True)
class StoredValue:
    """One account: `number` is a card's or slip's own, or the customer's number.

    `unconfirmed` is what was spent here since head office last confirmed the balance. `limit` is
    how far below zero the balance may go (None: without end); `is_foreign` marks a card that
    another till sold. `name` is the customer's, if one is known.
    """

    id: str
    kind: ValueKind
    number: str
    currency: str
    balance: int
    state: ValueState = ValueState.ACTIVE
    customer_id: str = ""
    name: str = ""
    expires: date | None = None
    unconfirmed: int = 0
    limit: int | None = 0
    is_foreign: bool = False

    @property
    def money(self) -> Money:
        """The balance as money; points have none."""
        return Money(self.balance, self.currency)

    @property
    def spendable(self) -> int:
        """How many units can be taken, before the allowance of this till."""
        return (
            0 if self.state is not ValueState.ACTIVE else max(self.balance + (self.limit or 0), 0)
        )


_A, _S = ValueAction, ValueState
_NEXT: dict[tuple[ValueState, ValueAction], ValueState] = {
    (_S.ACTIVE, _A.TOP_UP): _S.ACTIVE,
    (_S.ACTIVE, _A.REDEEM): _S.ACTIVE,
    (_S.ACTIVE, _A.REFUND): _S.ACTIVE,
    (_S.ACTIVE, _A.TAKE_BACK): _S.ACTIVE,
    (_S.ACTIVE, _A.CONFIRM): _S.ACTIVE,
    (_S.ACTIVE, _A.EXPIRE): _S.EXPIRED,
    (_S.ACTIVE, _A.BLOCK): _S.BLOCKED,
    (_S.BLOCKED, _A.REFUND): _S.BLOCKED,
    (_S.BLOCKED, _A.TAKE_BACK): _S.BLOCKED,
    (_S.BLOCKED, _A.CONFIRM): _S.BLOCKED,
    (_S.BLOCKED, _A.EXPIRE): _S.EXPIRED,
    (_S.BLOCKED, _A.UNBLOCK): _S.ACTIVE,
    (_S.EXPIRED, _A.REFUND): _S.ACTIVE,
    (_S.EXPIRED, _A.TAKE_BACK): _S.EXPIRED,
    (_S.EXPIRED, _A.CONFIRM): _S.EXPIRED,
}


def value_id(kind: ValueKind, reference: str) -> str:
    """Return the id of an account: its kind, and its number or its customer's id."""
    return f"{kind.value}:{reference}"


def state_after(account: StoredValue, action: ValueAction) -> ValueState:
    """Return the state after an action, or raise why it cannot be done now.

    Raises AlreadyIssued, ValueIsBlocked, ValueHasExpired or NotBlocked.
    """
    found = _NEXT.get((account.state, action))
    if found is not None:
        return found
    if action is ValueAction.ISSUE:
        raise AlreadyIssued(number=account.number)
    if action is ValueAction.UNBLOCK and account.state is ValueState.ACTIVE:
        raise NotBlocked(number=account.number)
    if account.state is ValueState.EXPIRED:
        raise ValueHasExpired(number=account.number, day=account.expires or "")
    raise ValueIsBlocked(number=account.number)


def issue(known: StoredValue | None, fresh: StoredValue, units: int) -> StoredValue:
    """Return a new account with its first units; raises AlreadyIssued or ValueNotPositive."""
    if known is not None:
        state_after(known, ValueAction.ISSUE)
    return replace(fresh, balance=_positive(units))


def top_up(account: StoredValue, units: int) -> StoredValue:
    """Return the account with more on it."""
    state = state_after(account, ValueAction.TOP_UP)
    return replace(account, state=state, balance=account.balance + _positive(units))


def redeem(
    account: StoredValue, units: int, today: date, allowance: int | None = None
) -> StoredValue:
    """Return the account after units were spent here.

    `allowance` is how much this till may let be spent of it before head office confirms (None:
    all of it). Raises NotEnoughValue, NotEnoughPoints, CreditLimitReached, ValueHasExpired or
    OfflineAllowanceReached.
    """
    state = state_after(account, ValueAction.REDEEM)
    if account.expires is not None and account.expires < today:
        raise ValueHasExpired(number=account.number, day=account.expires)
    _check_floor(account, _positive(units))
    unconfirmed = account.unconfirmed + units
    if allowance is not None and unconfirmed > allowance:
        left = Money(max(allowance - account.unconfirmed, 0), account.currency)
        raise OfflineAllowanceReached(left=left, number=account.number)
    return replace(account, state=state, balance=account.balance - units, unconfirmed=unconfirmed)


def refund_to(account: StoredValue, units: int) -> StoredValue:
    """Return the account after what was spent came back; one that ran out is good again."""
    state = state_after(account, ValueAction.REFUND)
    expires = None if account.state is ValueState.EXPIRED else account.expires
    balance = account.balance + _positive(units)
    unconfirmed = max(account.unconfirmed - units, 0)
    return replace(account, state=state, balance=balance, unconfirmed=unconfirmed, expires=expires)


def take_back(account: StoredValue, units: int) -> StoredValue:
    """Return the account after a load was undone; raises SpentAlready.

    Points and what a customer owes may go below zero: goods came back whose points were spent.
    """
    state = state_after(account, ValueAction.TAKE_BACK)
    balance = account.balance - _positive(units)
    may_owe = account.kind in (ValueKind.POINTS, ValueKind.ACCOUNT) or account.is_foreign
    if balance < 0 and not may_owe:
        raise SpentAlready(number=account.number, left=account.money)
    return replace(account, state=state, balance=balance)


def expire(account: StoredValue) -> StoredValue:
    """Return the account without what was left on it; what is owed stays owed."""
    state = state_after(account, ValueAction.EXPIRE)
    return replace(account, state=state, balance=min(account.balance, 0))


def block(account: StoredValue) -> StoredValue:
    """Return the account stopped: nothing can be spent until it is released."""
    return replace(account, state=state_after(account, ValueAction.BLOCK))


def unblock(account: StoredValue) -> StoredValue:
    """Return the account released."""
    return replace(account, state=state_after(account, ValueAction.UNBLOCK))


def confirm(account: StoredValue, balance: int) -> StoredValue:
    """Return the account with the balance that head office knows; its own is then all known."""
    state = state_after(account, ValueAction.CONFIRM)
    return replace(account, state=state, balance=balance, unconfirmed=0, is_foreign=False, limit=0)


def _check_floor(account: StoredValue, units: int) -> None:
    if account.limit is None or account.balance + account.limit >= units:
        return
    if account.kind is ValueKind.POINTS:
        raise NotEnoughPoints(left=max(account.balance, 0), needed=units)
    if account.kind is ValueKind.ACCOUNT:
        raise CreditLimitReached(
            name=account.name or account.number,
            limit=Money(account.limit, account.currency),
            owed=Money(max(-account.balance, 0), account.currency),
        )
    if account.is_foreign:
        left = Money(max(account.balance + account.limit, 0), account.currency)
        raise OfflineAllowanceReached(left=left, number=account.number)
    raise NotEnoughValue(left=account.money, number=account.number)


def _positive(units: int) -> int:
    if units <= 0:
        raise ValueNotPositive(units=units)
    return units
