"""Kitchen and pick-up slips: which goods go where, and what the kitchen has yet to hear."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from pos_app.domain.cart import CartLine
from pos_app.domain.errors import PosError
from pos_app.domain.product import Unit
from pos_app.domain.sale import SaleLine

MOST_COPIES = 9


class NothingForTheKitchen(PosError):
    """No line of a sale belongs to a kitchen or pick-up slip."""

    sentence = "Nothing on this receipt goes to the kitchen. Print a copy of the receipt instead."


@dataclass(frozen=True, slots=True)
class KitchenRoute:
    """Goods of some categories that are told on a slip of their own.

    `categories` are ids, `printer` the name of one of the shop's printers, `copies` 1 to 9.
    With `prints_when_parked` the slip comes as soon as a sale is put aside; what is added or
    taken away later comes as a slip of its own.
    """

    title: str
    printer: str
    categories: tuple[str, ...] = ()
    copies: int = 1
    prints_when_parked: bool = False


@dataclass(frozen=True, slots=True)
class KitchenItem:
    """What is to be made or handed out; a negative quantity is not wanted any more."""

    product_id: str
    name: str
    quantity: Decimal
    unit: Unit
    note: str = ""


@dataclass(frozen=True, slots=True)
class KitchenSlip:
    """One slip: who it is for, where it comes from, and its items; `at` is UTC.

    `number` is the receipt's, empty while the sale is only put aside under `name`. `is_change`
    marks what comes after an earlier slip, `is_copy` what was asked for again.
    """

    title: str
    items: tuple[KitchenItem, ...]
    at: datetime
    staff: str
    number: str = ""
    name: str = ""
    note: str = ""
    is_change: bool = False
    is_copy: bool = False


@dataclass(frozen=True, slots=True)
class KitchenOrder:
    """What the kitchen has been told of a sale that was put aside; the id is the sale's."""

    id: str
    name: str = ""
    told: tuple[KitchenItem, ...] = ()


def items_of(lines: Iterable[CartLine | SaleLine]) -> tuple[KitchenItem, ...]:
    """Return what the kitchen hears of: goods of the catalogue that go out, equal ones together."""
    items = (
        KitchenItem(line.product_id, line.name or line.code, line.quantity, line.unit, line.note)
        for line in lines
        if line.product_id is not None and line.quantity > 0
    )
    return _together(items)


def still_to_tell(
    items: Sequence[KitchenItem], told: Sequence[KitchenItem]
) -> tuple[KitchenItem, ...]:
    """Return what differs from what was told: more to make, or (negative) less than was told."""
    taken_back = (replace(item, quantity=-item.quantity) for item in told)
    return tuple(item for item in _together((*items, *taken_back)) if item.quantity)


def items_for(
    route: KitchenRoute, items: Iterable[KitchenItem], category_of: Mapping[str, str | None]
) -> tuple[KitchenItem, ...]:
    """Return the items of a route's categories; `category_of` maps product ids to categories."""
    return tuple(item for item in items if category_of.get(item.product_id) in route.categories)


def follow_renamed(
    routes: Sequence[KitchenRoute], before: Sequence[str], after: Sequence[str]
) -> tuple[KitchenRoute, ...]:
    """Let routes follow a printer that got another name; names of printers before and after."""
    gone = [name for name in before if name not in after]
    new = [name for name in after if name not in before]
    if len(gone) != 1 or len(new) != 1 or len(before) != len(after):
        return tuple(routes)
    return tuple(
        replace(route, printer=new[0]) if route.printer == gone[0] else route for route in routes
    )


def _together(items: Iterable[KitchenItem]) -> tuple[KitchenItem, ...]:
    """Sum the quantities of equal items, in the order in which they first come."""
    sums: dict[tuple[str, str, str], KitchenItem] = {}
    for item in items:
        key = (item.product_id, item.name, item.note)
        known = sums.get(key)
        quantity = item.quantity if known is None else known.quantity + item.quantity
        sums[key] = replace(known or item, quantity=quantity)
    return tuple(sums.values())
