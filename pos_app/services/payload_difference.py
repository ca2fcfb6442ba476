"""Where two payloads of the same document differ first, in words a shopkeeper can follow."""

from collections.abc import Iterator
from typing import Any

from pos_app.domain.money import MINOR_DIGITS, Money

_MINOR = {
    "net",
    "tax",
    "gross",
    "discount",
    "document_discount",
    "rounding",
    "amount_due",
    "paid",
    "change",
    "amount",
    "tendered",
    "base",
}
_ONE_OF_MANY = {
    "lines": "line",
    "taxes": "tax",
    "tenders": "payment",
    "discounts": "discount",
    "stock": "stock movement",
    "moves": "stock movement",
}


def first_difference(rows: Any, journal: Any, currency: str = "") -> str:
    """Return "line 2: gross is 5.00 in the rows and 4.50 in the journal", or an empty text."""
    return next(_differences(rows, journal, "", "", currency), "")


def _differences(rows: Any, journal: Any, where: str, name: str, currency: str) -> Iterator[str]:
    if isinstance(rows, dict) and isinstance(journal, dict):
        yield from _in_maps(rows, journal, where, currency)
    elif isinstance(rows, list | tuple) and isinstance(journal, list | tuple):
        yield from _in_lists(rows, journal, where, name, currency)
    elif rows != journal or type(rows) is not type(journal):
        shown = (_shown(value, name, currency) for value in (rows, journal))
        yield _placed(where, "{} is {} in the rows and {} in the journal".format(name, *shown))


def _in_maps(
    rows: dict[str, Any], journal: dict[str, Any], where: str, currency: str
) -> Iterator[str]:
    for name in sorted({*rows, *journal}):
        if name not in rows or name not in journal:
            place = "journal" if name in journal else "rows"
            yield _placed(where, f"{name} is only in the {place}")
        else:
            yield from _differences(rows[name], journal[name], where, name, currency)


def _in_lists(rows: Any, journal: Any, where: str, name: str, currency: str) -> Iterator[str]:
    word = _ONE_OF_MANY.get(name, name)
    for number, (left, right) in enumerate(zip(rows, journal, strict=False), 1):
        place = f"{where}, {word} {number}" if where else f"{word} {number}"
        yield from _differences(left, right, place, word, currency)
    if len(rows) != len(journal):
        counts = f"{len(rows)} in the rows and {len(journal)} in the journal"
        yield _placed(where, f"the {name} are {counts}")


def _placed(where: str, sentence: str) -> str:
    return f"{where}: {sentence}" if where else sentence


def _shown(value: Any, name: str, currency: str) -> str:
    if name in _MINOR and type(value) is int and currency in MINOR_DIGITS:
        return f"{Money(value, currency).amount:f}"
    return "nothing" if value is None else f"{value!s}"[:80] or "empty"
