"""What a cashier has taken back out of sales in the present shift, for the shop's running limit."""

import json
from collections.abc import Iterator
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from pos_app.domain.facts import FactKind
from pos_app.domain.money import Money, minor_digits
from pos_app.services.shift_records import period_start
from pos_app.services.time_zones import shop_zone

if TYPE_CHECKING:
    from pos_app.store.store import Store
    from pos_app.store.transaction import Transaction


def taken_out(source: "Store | Transaction", staff: str, currency: str, now: datetime) -> Money:
    """Return the sum of removed lines, lowered quantities, given-up sales and voids.

    It counts from the last closing, or from the day's first sale where no shift was closed.
    """
    today = now.astimezone(shop_zone(source.settings.shop().time_zone)).date()
    since = period_start(source, today)
    journal = source.journal
    lines = journal.told_by(staff, FactKind.LINE_REMOVED, since.seq)
    amounts = [_line_amount(json.loads(told), currency) for told in lines]
    for kind, part, name in (
        (FactKind.QUANTITY_LOWERED, "", "amount"),
        (FactKind.SALE_DISCARDED, "", "gross"),
        (FactKind.SALE_COMPLETED, '"kind":"void"', "gross"),
    ):
        told = (json.loads(text) for text in journal.told_by(staff, kind, since.seq, part))
        amounts += _amounts(told, name, currency)
    return Money(sum(amounts), currency)


def _amounts(told: Iterator[dict[str, Any]], name: str, currency: str) -> list[int]:
    return [abs(one[name]) for one in told if one.get("currency") == currency]


def _line_amount(told: dict[str, Any], currency: str) -> int:
    """What a removed line would have come to, in minor units; discounts are not looked at."""
    price = Decimal(told["unit_price"] or 0)
    amount = (abs(Decimal(told["quantity"])) * price).scaleb(minor_digits(currency))
    return int(amount.to_integral_value(ROUND_HALF_UP))
