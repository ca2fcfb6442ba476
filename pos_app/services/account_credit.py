"""Buying on account at the till: within the customer's own terms, or the shop's limit for all."""

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from pos_app.domain import stored_value as rules
from pos_app.domain.approval import Action, ApprovalRequest
from pos_app.domain.credit import CustomerOverLimit, CustomerPastDue, check_credit
from pos_app.domain.money import Money
from pos_app.domain.stored_value import CreditLimitReached, StoredValue
from pos_app.services.authority import Authority
from pos_app.services.customer_records import terms_of
from pos_app.services.receivables import owed_by

if TYPE_CHECKING:
    from pos_app.store.transaction import Transaction

_REFUSALS = (CreditLimitReached, CustomerOverLimit, CustomerPastDue)


def charged(
    tx: "Transaction", account: StoredValue, units: int, today: date, authority: Authority
) -> StoredValue:
    """Return a customer's account after buying on it; `account.limit` is the shop's for all.

    A customer with a credit limit of their own is held to that, open invoices included. Raises
    CreditLimitReached, CustomerOverLimit or CustomerPastDue where there is nobody who could allow
    more, else ApprovalNeeded.
    """
    limit = account.limit
    try:
        return _within_terms(tx, account, units, today)
    except _REFUSALS:
        if not authority.has_staff():
            raise  # there is nobody who could allow more
        above = Money(units, account.currency)
        authority.require(ApprovalRequest(Action.CREDIT_LIMIT, above, about=account.name), tx)
        unlimited = rules.redeem(replace(account, limit=None), units, today)
        return replace(unlimited, limit=limit)


def _within_terms(tx: "Transaction", account: StoredValue, units: int, today: date) -> StoredValue:
    terms = terms_of(tx, account.customer_id)
    if terms is None or units <= 0:
        return rules.redeem(account, units, today)
    currency = account.currency
    if terms.credit_limit is not None and terms.credit_limit.currency != currency:
        terms = replace(terms, credit_limit=None)
    owed = owed_by(tx, account.customer_id, currency)
    check_credit(terms, owed.amount, owed.oldest_due, today, Money(units, currency))
    if terms.credit_limit is None:
        return rules.redeem(account, units, today)
    return replace(rules.redeem(replace(account, limit=None), units, today), limit=account.limit)
