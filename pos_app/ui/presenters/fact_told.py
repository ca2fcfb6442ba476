"""A journal entry's payload for reading: a value by its path, written as the shop writes it.

Payloads may be of an older program or damaged: what is not there, or something else, is nothing.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from pos_app.domain.money import Money
from pos_app.domain.shop import ShopSettings
from pos_app.services.time_zones import shop_zone
from pos_app.ui.presenters.amounts import AmountFormat, amount_format, day_in
from pos_app.ui.presenters.moments import read_moment
from pos_app.ui.presenters.refusals import isolated

Names = Callable[[str], str]  # what somebody or something is called, by its id


def no_names(_id: str) -> str:
    """Know no name."""
    return ""


class FactWriter:
    """Writes the values of payloads as the shop does.

    `names` looks products up by their id, `staff` members of the staff.
    """

    def __init__(
        self, shop: ShopSettings, names: Names = no_names, staff: Names = no_names
    ) -> None:
        self.shop = shop
        self.names = names
        self.staff = staff
        self._zone = shop_zone(shop.time_zone)
        self.amounts = amount_format(shop)
        self._format_of = cache(self._made_format)

    def money(self, minor: int, currency: str = "") -> str:
        """Write an amount in minor units; without a currency it is the shop's."""
        code = currency or self.shop.policy.currency
        return isolated(self._format_of(code).money(Money(minor, code)))

    def price(self, text: str) -> str:
        """Write a price per unit that is told as a plain number."""
        known = _decimal(text)
        return text if known is None else isolated(self.amounts.price(known))

    def number(self, text: str) -> str:
        """Write a number that is told as plain text."""
        known = _decimal(text)
        return text if known is None else isolated(self.amounts.number(known))

    def moment(self, at: str) -> str:
        """Write a moment in the shop's zone with its seconds, nothing for what is none."""
        known = read_moment(at)
        return "" if known is None else isolated(self._moment(known))

    def day(self, at: date) -> str:
        """Write a day as the country does."""
        return day_in(at, self.shop.screen.language, self.shop.country)

    def _moment(self, at: datetime) -> str:
        local = at.astimezone(self._zone)
        return f"{self.day(local.date())} {local:%H:%M:%S}"

    def _made_format(self, currency: str) -> AmountFormat:
        if currency == self.shop.policy.currency:
            return self.amounts
        policy = replace(self.shop.policy, currency=currency, step=None)
        return amount_format(replace(self.shop, policy=policy))


class Told:
    """One payload with the writer of its values; a path is `state.head.number`."""

    def __init__(self, payload: str, write: FactWriter) -> None:
        self.write = write
        self.values = read_payload(payload)

    def value(self, path: str) -> Any:
        """Return what stands at a path, None where nothing does."""
        here: Any = self.values
        for name in path.split("."):
            here = here.get(name) if isinstance(here, dict) else None
        return here

    def text(self, path: str) -> str:
        """Return a text, nothing for anything else."""
        found = self.value(path)
        return isolated(found) if isinstance(found, str) else ""

    def items(self, path: str) -> list[dict[str, Any]]:
        """Return a list of maps."""
        found = self.value(path)
        return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []

    def count(self, path: str) -> str:
        """Write a whole number, or how many a list has."""
        found = self.value(path)
        if isinstance(found, list):
            found = len(found)
        is_number = isinstance(found, int) and not isinstance(found, bool)
        return self.write.amounts.count(found) if is_number else ""

    def money(self, path: str, currency: str = "currency") -> str:
        """Write an amount: minor units with the currency at another path, or both in one map."""
        found = self.value(path)
        if isinstance(found, dict):
            return money_in(found, self.write)
        is_number = isinstance(found, int) and not isinstance(found, bool)
        code = self.value(currency)
        return self.write.money(found, code if isinstance(code, str) else "") if is_number else ""

    def price(self, path: str) -> str:
        """Write a price per unit."""
        found = self.value(path)
        return self.write.price(found) if isinstance(found, str) else ""

    def number(self, path: str) -> str:
        """Write a plain number."""
        found = self.value(path)
        return self.write.number(found) if isinstance(found, str) else ""


def read_payload(payload: str) -> dict[str, Any]:
    """Return a payload's values, none for what cannot be read."""
    try:
        values = json.loads(payload)
    except (ValueError, RecursionError):
        return {}
    return values if isinstance(values, dict) else {}


def money_in(found: dict[str, Any], write: FactWriter) -> str:
    """Write an amount that stands as a map of currency and minor units, nothing for another map."""
    minor, code = found.get("minor"), found.get("currency")
    if set(found) != {"minor", "currency"} or type(minor) is not int or not isinstance(code, str):
        return ""
    return write.money(minor, code)


def _decimal(text: str) -> Decimal | None:
    try:
        known = Decimal(text)
    except InvalidOperation:
        return None
    return known if known.is_finite() else None
