"""The commands about stock: what runs low, and what the stock is worth."""

import argparse
import json
from typing import TYPE_CHECKING

from pos_app.domain.money import Money

if TYPE_CHECKING:
    from pos_app.services.stock import StockRoom

DONE = 0


def stock(options: argparse.Namespace) -> int:
    """Print the reorder list or the value of the stock; see the options."""
    from pos_app.services.checkout import Checkout, utc_now
    from pos_app.services.stock import StockRoom
    from pos_app.store.store import open_reader

    store = open_reader(options.store)
    try:
        room = StockRoom(Checkout(store, utc_now))
        show = _low if options.what == "low" else _value
        show(room, options.location, is_json=options.json)
    finally:
        store.close()
    return DONE


def add_options(parser: argparse.ArgumentParser) -> None:
    """Describe the options."""
    parser.add_argument("what", choices=("low", "value"), help="the reorder list, or the value")
    parser.add_argument("--location", default="", help="the place (default: where the till sells)")


def _low(room: "StockRoom", location: str, *, is_json: bool) -> None:
    found = [
        {
            "code": one.low.code,
            "name": one.low.name,
            "level": f"{one.low.level:f}",
            "order": f"{one.quantity:f}",
        }
        for one in room.to_order(location)
    ]
    if is_json:
        print(json.dumps(found, ensure_ascii=False, indent=2))
        return
    for row in found:
        print(f"{row['code']}  {row['name']}: {row['level']} left, order {row['order']}")
    print(f"{len(found)} products run low.")


def _value(room: "StockRoom", location: str, *, is_json: bool) -> None:
    count, total, currency = 0, 0, ""
    for _, worth in room.worth(location):
        count, total, currency = count + 1, total + worth.minor, worth.currency
    amount = str(Money(total, currency)) if count else "0"
    if is_json:
        print(json.dumps({"products": count, "minor": total, "currency": currency}))
    else:
        print(f"{count} products in stock are worth {amount}.")
