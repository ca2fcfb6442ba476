"""Value held for customers as the counter asks for it: numbers, balances, what can be paid."""

import secrets
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from pos_app.domain import stored_value as rules
from pos_app.domain.approval import Action, ApprovalRequest
from pos_app.domain.errors import PosError
from pos_app.domain.facts import FactKind
from pos_app.domain.money import Money, minor_digits
from pos_app.domain.points import points_for, worth_of
from pos_app.domain.stored_value import (
    NotEnoughPoints,
    StoredValue,
    ValueAction,
    ValueKind,
    ValueUnknown,
)
from pos_app.domain.value_numbers import DIGITS, checked, grouped, kind_of, number_of
from pos_app.services.authority import UNRESTRICTED, Authority
from pos_app.services.offline_allowance import card_allowance
from pos_app.services.stored_value_records import STORED_VALUE, account_of
from pos_app.services.time_zones import business_day

if TYPE_CHECKING:
    from pos_app.store.store import Store

_SERIALS = 10**DIGITS
_RESERVED = (ValueAction.BLOCK, ValueAction.UNBLOCK)


class NothingLeft(PosError):
    """The card is good, and empty."""

    sentence = "Nothing is left on {number}. Take the payment in another way."


class HeldDesk:
    """Looks accounts up for the counter, and stops or releases them."""

    def __init__(
        self,
        store: "Store",
        now: Callable[[], datetime],
        staff: str = "1",
        authority: Authority = UNRESTRICTED,
    ) -> None:
        self._store = store
        self._now = now
        self.staff = staff
        self.authority = authority

    def number(self, kind: ValueKind, text: str) -> str:
        """Return a number in full; raises NumberMistyped or ValueUnknown for an empty one."""
        number = checked(text, kind)
        if not number:
            raise ValueUnknown(number="-")
        return number

    def new_number(self, kind: ValueKind) -> str:
        """Return a number that nobody has here and that cannot be guessed."""
        while True:
            number = number_of(kind, secrets.randbelow(_SERIALS))
            if number is not None and account_of(self._store, kind, number) is None:
                return number

    def number_for_refund(self, kind: ValueKind, text: str) -> str:
        """Return the number that a refund goes to; store credit gets a new one for an empty text.

        Raises ValueUnknown where a gift card is not known here.
        """
        if not text.strip() and kind is ValueKind.STORE_CREDIT:
            return self.new_number(kind)
        number = self.number(kind, text)
        if kind is not ValueKind.STORE_CREDIT and account_of(self._store, kind, number) is None:
            raise ValueUnknown(number=grouped(number))
        return number

    def shown(self, number: str) -> str:
        """Write a number as a person reads it."""
        return grouped(number)

    def find(self, code: str) -> StoredValue | None:
        """Return the card or slip that a scanned code is of, or None."""
        text = "".join(code.split()).upper()
        return self._store.records.by_code(STORED_VALUE, text)

    def of_customer(self, kind: ValueKind, customer_id: str) -> StoredValue | None:
        """Return a customer's points or account."""
        return account_of(self._store, kind, customer_id)

    def payable(
        self,
        kind: ValueKind,
        number: str,
        wanted: Money,
        taken: int = 0,
        *,
        is_typed: bool = False,
    ) -> Money:
        """Return what a card pays of `wanted`: all of it, or what is left where nothing was typed.

        `taken` minor units of it are in the cart already. Raises why it cannot be used.
        """
        account = account_of(self._store, kind, number)
        held = self._store.settings.shop().tenders.held
        if account is None:
            if not (held.accepts_unknown and kind_of(number) is kind):
                raise ValueUnknown(number=grouped(number))
            return wanted
        left = account.spendable - taken
        usual = _minor(held.offline_allowance, account.currency)
        allowance = card_allowance(self._store, usual, self._now())
        if allowance is not None and kind is not ValueKind.DEPOSIT:
            left = min(left, allowance - account.unconfirmed - taken)
        if left <= 0:
            self._refuse(account, max(wanted.minor, 1) + taken, allowance)
            raise NothingLeft(number=grouped(number))
        amount = wanted.minor if is_typed else min(wanted.minor, left)
        self._refuse(account, amount + taken, allowance)
        return Money(amount, wanted.currency)

    def points_payable(self, customer_id: str, wanted: Money, *, is_typed: bool = False) -> Money:
        """Return what a customer's points pay of `wanted`; raises NotEnoughPoints."""
        points = self._store.settings.shop().tenders.points
        account = account_of(self._store, ValueKind.POINTS, customer_id)
        balance = max(account.balance, 0) if account else 0
        worth = worth_of(balance, points.worth, wanted.currency)
        if (worth < wanted and is_typed) or worth.minor == 0:
            needed = points_for(wanted, points.worth)
            raise NotEnoughPoints(left=balance, needed=needed)
        return min(wanted, worth, key=lambda money: money.minor)

    def stop(self, number: str, kind: ValueKind = ValueKind.GIFT_CARD) -> StoredValue:
        """Block a card that was lost; raises ValueUnknown or ApprovalNeeded, or by its state."""
        return self._change(number, kind, ValueAction.BLOCK, rules.block)

    def release(self, number: str, kind: ValueKind = ValueKind.GIFT_CARD) -> StoredValue:
        """Let a blocked card be used again; raises as `stop` does."""
        return self._change(number, kind, ValueAction.UNBLOCK, rules.unblock)

    def expire(self, number: str, kind: ValueKind = ValueKind.GIFT_CARD) -> StoredValue:
        """Take away what is left on a card that ran out."""
        return self._change(number, kind, ValueAction.EXPIRE, rules.expire)

    def confirm(self, number: str, kind: ValueKind, balance: int) -> StoredValue:
        """Take over the balance that head office knows."""
        return self._change(
            number, kind, ValueAction.CONFIRM, lambda one: rules.confirm(one, balance)
        )

    def _change(
        self,
        number: str,
        kind: ValueKind,
        action: ValueAction,
        change: Callable[[StoredValue], StoredValue],
    ) -> StoredValue:
        with self._store.transaction() as tx:
            known = account_of(tx, kind, checked(number, kind))
            if known is None:
                raise ValueUnknown(number=grouped(number))
            account = change(known)
            if action in _RESERVED:
                request = ApprovalRequest(Action.GIFT_CARD, about=grouped(known.number))
                self.authority.require(request, tx)
            units = account.balance - known.balance
            details = {"action": action.value, "units": units, "before": known.balance}
            fact = FactKind.STORED_VALUE_CHANGED
            tx.records.put(STORED_VALUE, account, fact, self._now(), self.staff, details)
        return account

    def _refuse(self, account: StoredValue, units: int, allowance: int | None) -> None:
        """Raise what the sale would be refused for, as long as it can still be paid otherwise."""
        is_limited = account.kind is not ValueKind.DEPOSIT
        rules.redeem(account, units, self._today(), allowance if is_limited else None)

    def _today(self) -> date:
        return business_day(self._now(), self._store.settings.shop())


def _minor(amount: Decimal | None, currency: str) -> int | None:
    return None if amount is None else int(amount.scaleb(minor_digits(currency)))
