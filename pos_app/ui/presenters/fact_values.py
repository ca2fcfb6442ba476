"""A payload as a tidy list of names and values: amounts and moments as people read them."""

import re
from collections.abc import Iterator
from typing import Any

from pos_app.domain.facts import FactKind
from pos_app.domain.words import Later, later
from pos_app.texts import t
from pos_app.ui.presenters.fact_told import FactWriter, money_in, read_payload
from pos_app.ui.presenters.refusals import isolated

VALUES_MOST = 500
_SECRET = ("pin_hash", "badge_hash")
# Whole numbers under these names are minor units of the payload's currency.
_MONEY = frozenset(
    "amount amount_due base change discount document_discount given_back gross net paid rounding "
    "tax tendered turnover minor".split()
)
_PRICES = frozenset(("cost", "list_price", "min_price", "price", "unit_price", "unit_cost"))
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}")
_PLAIN_NUMBER = re.compile(r"-?\d{1,18}(\.\d{1,12})?")
_NAMES: dict[str, Later] = {
    "about": later("About"),
    "action": later("Action"),
    "amount": later("Amount"),
    "amount_due": later("Amount due"),
    "approver": later("Approved by"),
    "asker": later("Asked by"),
    "at": later("Time"),
    "balance": later("Balance"),
    "barcodes": later("Barcodes"),
    "base": later("Tax base"),
    "business_day": later("Business day"),
    "cart": later("Cart"),
    "category": later("Category"),
    "change": later("Change"),
    "code": later("Code"),
    "cost": later("Cost"),
    "currency": later("Currency"),
    "customer": later("Customer"),
    "discount": later("Discount"),
    "discounts": later("Discounts"),
    "drawer": later("Drawer"),
    "epoch": later("Key number"),
    "gross": later("Total with tax"),
    "how": later("How"),
    "id": later("Id"),
    "kind": later("Kind"),
    "line_no": later("Line"),
    "lines": later("Lines"),
    "list_price": later("List price"),
    "location": later("Location"),
    "method": later("Way to pay"),
    "moves": later("Movements"),
    "name": later("Name"),
    "net": later("Net"),
    "note": later("Note"),
    "number": later("Number"),
    "paid": later("Paid"),
    "percent": later("Percent"),
    "policy": later("Price policy"),
    "price": later("Price"),
    "product": later("Product"),
    "quantity": later("Quantity"),
    "rate": later("Rate"),
    "reason": later("Reason"),
    "record": later("Record"),
    "reference": later("Reference"),
    "returns": later("Takes back"),
    "rounding": later("Rounding"),
    "sale": later("Receipt"),
    "shop": later("Shop"),
    "staff": later("Cashier"),
    "state": later("State"),
    "stock": later("Stock"),
    "tax": later("Tax"),
    "taxes": later("Taxes"),
    "tendered": later("Given"),
    "tenders": later("Payments"),
    "till": later("Till"),
    "total": later("Total"),
    "turnover": later("Turnover"),
    "unit": later("Unit"),
    "unit_price": later("Unit price"),
    "voids": later("Makes void"),
}


def values_of(payload: str, write: FactWriter) -> list[tuple[int, str, str]]:
    """Return (depth, name, value) of everything in a payload, at most 500; texts as they are."""
    values = read_payload(payload)
    currency = values.get("currency")
    listed = _map(values, write, currency if isinstance(currency, str) else "", 0)
    found = [row for row, _ in zip(listed, range(VALUES_MOST), strict=False)]
    if len(found) == VALUES_MOST:
        found.append((0, "…", t("The raw text has the rest.")))
    return found


def name_words(name: str) -> str:
    """Return what a field is called; one that nobody named keeps its own name."""
    return t(_NAMES[name]) if name in _NAMES else name.replace("_", " ").capitalize()


def _map(
    values: dict[str, Any], write: FactWriter, currency: str, depth: int
) -> Iterator[tuple[int, str, str]]:
    own = values.get("currency")
    code = own if isinstance(own, str) and own else currency
    for name, value in values.items():
        if name in ("currency", "state") and isinstance(value, dict) and name == "state":
            yield from _map(value, write, code, depth)  # a record's state is what it is about
        else:
            yield from _named(name, value, write, code, depth)


def _named(
    name: str, value: Any, write: FactWriter, currency: str, depth: int
) -> Iterator[tuple[int, str, str]]:
    word = name_words(name)
    if isinstance(value, dict):
        amount = money_in(value, write)
        yield depth, word, amount
        if not amount:
            yield from _map(value, write, currency, depth + 1)
    elif isinstance(value, list):
        yield from _listed(word, value, write, currency, depth)
    else:
        yield depth, word, _plain(name, value, write, currency)


def _listed(
    word: str, values: list[Any], write: FactWriter, currency: str, depth: int
) -> Iterator[tuple[int, str, str]]:
    if not any(isinstance(one, (dict, list)) for one in values):
        yield depth, word, ", ".join(isolated(str(one)) for one in values) or "–"
        return
    for number, one in enumerate(values, 1):
        yield depth, f"{word} {number}", money_in(one, write) if isinstance(one, dict) else ""
        if isinstance(one, dict) and not money_in(one, write):
            yield from _map(one, write, currency, depth + 1)


def _plain(name: str, value: Any, write: FactWriter, currency: str) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return t("Yes") if value else t("No")
    if isinstance(value, int):
        return write.money(value, currency) if name in _MONEY else write.amounts.count(value)
    text = str(value)
    if name in _SECRET:
        return "•••"
    if _MOMENT.match(text):
        return write.moment(text) or isolated(text)
    if name in _PRICES and _PLAIN_NUMBER.fullmatch(text):
        return write.price(text)
    return isolated(text)


def is_about_receipt(kind: str, payload: str) -> str:
    """Return the id of the document of the counter that an entry is about, nothing for none."""
    values = read_payload(payload)
    if kind == FactKind.SALE_COMPLETED.value:
        return str(values.get("id") or "")
    return str(values.get("sale") or values.get("cart") or "")
