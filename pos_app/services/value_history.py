"""What happened to a gift card, store credit or deposit, as the journal tells it."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from pos_app.domain.facts import FactKind
from pos_app.domain.money import Money
from pos_app.domain.stored_value import HolderAction, StoredValue, ValueAction
from pos_app.services.stored_value_records import STORED_VALUE

if TYPE_CHECKING:
    from pos_app.store.store import Store


@dataclass(frozen=True, slots=True)
class ValueChange:
    """One change: when (UTC), what, by how much, what was left then, for which document, by whom.

    `number` is empty where no document did it, as when a card was blocked.
    """

    at: datetime
    action: ValueAction | HolderAction
    change: Money
    left: Money
    number: str
    staff: str


def history_of(store: "Store", account: StoredValue, limit: int = 50) -> list[ValueChange]:
    """Return the latest changes of an account, the last one first; reads much of the journal."""
    changes = []
    for entry in store.journal.of_record(FactKind.STORED_VALUE_CHANGED, account.id, limit):
        told = json.loads(entry.payload)
        if told["record"] != STORED_VALUE.name or told["id"] != account.id:
            continue
        changes.append(
            ValueChange(
                datetime.fromisoformat(entry.at),
                _action(told["action"]),
                Money(told["units"], account.currency),
                Money(told["state"]["balance"], account.currency),
                told.get("number", ""),
                entry.staff,
            )
        )
    return changes


def _action(word: str) -> ValueAction | HolderAction:
    return HolderAction(word) if word in list(HolderAction) else ValueAction(word)
