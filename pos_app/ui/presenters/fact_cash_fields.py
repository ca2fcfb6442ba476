"""What fills the blanks of sentences about the drawer: shifts, counts, movements, readings."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from pos_app.domain.cash_movement import MovementKind
from pos_app.ui.presenters.cash_words import movement_words
from pos_app.ui.presenters.fact_told import Told

Fields = dict[str, str]


def shift_fields(told: Told) -> Fields:
    """Of a shift that was opened or closed."""
    currency = told.text("state.currency")
    difference = _difference(told, currency)
    return {
        "number": told.count("state.number"),
        "amount": _counted(told, "state.opening", currency),
        "z": told.count("state.report.number"),
        "difference": difference,
    }


def _difference(told: Told, currency: str) -> str:
    counted = _cash(told.items("state.counts"), currency)
    expected = [one for one in told.items("state.expected") if one.get("currency") == currency]
    if counted is None or len(expected) != 1:
        return ""
    digits = told.write.amounts.digits
    return told.write.money(int(counted.scaleb(digits)) - int(expected[0]["minor"]), currency)


def counting_fields(told: Told) -> Fields:
    """Of a count of the drawer."""
    currency = told.text("state.currency")
    expected = [one for one in told.items("state.expected") if one.get("currency") == currency]
    has_ended = told.text("step") == "confirmed" and expected
    counted = _counted(told, "state.counts", currency)
    return {
        "amount": counted if has_ended else "",
        "expected": told.write.money(int(expected[0]["minor"]), currency) if has_ended else "",
        "counted": counted if told.text("step") == "counting" else "",
    }


def _counted(told: Told, path: str, currency: str) -> str:
    found = _cash(told.items(path), currency)
    if found is None:
        return ""
    return told.write.money(int(found.scaleb(told.write.amounts.digits)), currency)


def _cash(counts: Iterable[dict[str, Any]], currency: str) -> Decimal | None:
    for count in counts:
        if count.get("currency") == currency:
            pieces = (Decimal(one["value"]) * int(one["count"]) for one in count["pieces"])
            return sum(pieces, Decimal(count["loose"]))
    return None


def movement_fields(told: Told) -> Fields:
    """Of cash that moved without a sale."""
    kind = movement_words()[MovementKind(told.text("state.kind"))]
    return {"kind": kind, "number": told.count("state.number")}


def reading_fields(told: Told) -> Fields:
    """Of figures that somebody read."""
    return {"amount": told.money("turnover"), "number": told.count("z") or told.count("number")}
