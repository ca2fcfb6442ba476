"""What is left on the accounts that a document touched, for its receipt."""

from typing import TYPE_CHECKING

from pos_app.domain.held_moves import held_moves, touches_value
from pos_app.domain.sale import Sale
from pos_app.domain.stored_value import ValueKind
from pos_app.printing.receipt_held import HeldBalance
from pos_app.services.stored_value_records import account_of

if TYPE_CHECKING:
    from pos_app.store.store import Store


def held_balances(store: "Store", sale: Sale, collects_points: bool) -> tuple[HeldBalance, ...]:
    """Return the balances as they are now, each account once; points of the customer last."""
    if not touches_value(sale, collects_points):
        return ()
    keys = dict.fromkeys((move.kind, move.reference) for move in held_moves(sale))
    if sale.customer is not None:
        keys[ValueKind.POINTS, sale.customer.id] = None
    accounts = [account_of(store, kind, reference) for kind, reference in keys]
    return tuple(
        HeldBalance(
            account.kind,
            account.number,
            account.money if account.currency else None,
            account.balance,
        )
        for account in accounts
        if account is not None
    )
