"""How far a till goes with gift cards and credit while it has lost touch with head office."""

from datetime import datetime
from typing import TYPE_CHECKING

from pos_app.domain.money import Money
from pos_app.domain.offline_rules import OfflineCreditReached
from pos_app.domain.stored_value import StoredValue
from pos_app.services.office_proof import offline_rules

if TYPE_CHECKING:
    from pos_app.store.store import Store
    from pos_app.store.transaction import Transaction

    Source = Store | Transaction


def card_allowance(source: "Source", usual: int | None, now: datetime) -> int | None:
    """Return how many minor units of one card may be taken before head office confirms it.

    `usual` is the shop's own allowance (None: no limit); the smaller one counts.
    """
    rules = offline_rules(source, now)
    limits = (usual, None if rules is None else rules.card_minor)
    return min((limit for limit in limits if limit is not None), default=None)


def check_credit_out_of_touch(
    source: "Source", account: StoredValue, units: int, now: datetime
) -> None:
    """Refuse more credit than the rules grant; raises OfflineCreditReached."""
    rules = offline_rules(source, now)
    if rules is None or rules.credit_minor is None or units <= 0:
        return
    left = rules.credit_minor - account.unconfirmed
    if units > left:
        raise OfflineCreditReached(
            hours=rules.after_h,
            name=account.name or account.number,
            left=Money(max(left, 0), account.currency),
        )
