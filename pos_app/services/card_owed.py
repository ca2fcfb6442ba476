"""Card money that a void owes: written down with the void, tried until the terminal did it."""

from datetime import datetime
from typing import TYPE_CHECKING

from pos_app.domain import card_owed as rules
from pos_app.domain.approval import Action, ApprovalRequest
from pos_app.domain.card_owed import CardOwed, NothingOwed
from pos_app.domain.facts import FactKind
from pos_app.domain.money import Money
from pos_app.domain.payment import Tender, TenderMethod
from pos_app.domain.sale import Sale
from pos_app.services.authority import Authority
from pos_app.store.records import RecordKind

if TYPE_CHECKING:
    from pos_app.store.store import Store
    from pos_app.store.transaction import Transaction

CARD_OWED = RecordKind(
    "card_owed",
    CardOwed,
    id_of=lambda debt: debt.id,
    place_of=lambda debt: debt.since.isoformat(),
    is_open_of=lambda debt: debt.is_open,
)


def owe_in(tx: "Transaction", void: Sale, staff: str) -> None:
    """Write down, in the void's own transaction, what the terminal has to give back for it."""
    amount = Money(sum(t.amount.minor for t in _by_terminal(void)), void.currency)
    if amount.minor:
        debt = rules.owed(void.id, void.number, amount, void.stamp.at)
        tx.records.put(CARD_OWED, debt, FactKind.CARD_OWED, void.stamp.at, staff)


def paid_in(tx: "Transaction", void_id: str, amount: Money, at: datetime, staff: str) -> None:
    """Take what the terminal moved off what a void owes, if it owes anything."""
    debt = tx.records.get(CARD_OWED, void_id)
    if debt is not None and debt.is_open:
        done = rules.paid(debt, amount)
        fact = FactKind.CARD_OWED if done.is_open else FactKind.CARD_OWED_ENDED
        tx.records.put(CARD_OWED, done, fact, at, staff)


def open_debts(store: "Store") -> list[CardOwed]:
    """Return what cards still wait for, the oldest first."""
    return store.records.in_progress(CARD_OWED)


def note_refusal(store: "Store", void_id: str, why: str, at: datetime, staff: str) -> None:
    """Keep why the terminal did not do it this time; it stays open."""
    with store.transaction() as tx:
        debt = tx.records.get(CARD_OWED, void_id)
        if debt is not None and debt.is_open:
            tx.records.put(CARD_OWED, rules.refused(debt, why), FactKind.CARD_OWED, at, staff)


def end_by_hand(
    store: "Store", authority: Authority, void_id: str, how: str, at: datetime, staff: str
) -> CardOwed:
    """Write down that the card had its money in another way, such as at the terminal alone.

    Raises NothingOwed or ApprovalNeeded (a refund of that amount).
    """
    with store.transaction() as tx:
        debt = tx.records.get(CARD_OWED, void_id)
        if debt is None:
            raise NothingOwed()
        done = rules.ended_by_hand(debt, how)
        worth = Money(abs(debt.left.minor), debt.left.currency)
        authority.require(ApprovalRequest(Action.REFUND, worth, about=debt.number), tx)
        tx.records.put(CARD_OWED, done, FactKind.CARD_OWED_ENDED, at, staff)
    return done


def _by_terminal(void: Sale) -> list[Tender]:
    return [t for t in void.tenders if t.method is TenderMethod.CARD and t.reference]
