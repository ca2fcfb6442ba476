"""What belongs to a product beside itself: its unit and taxes are those on the company's lists.

A till's product holds a copy of both. Head office keeps the copies alike, so that a price never
arrives with the tax of last year.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pos_app.server.thing_kinds import TAX, UNIT

Plain = Mapping[str, Any]
Look = Callable[[str, str], Plain | None]  # the thing of a kind and code that stands


def parts_of(product: Plain) -> Iterator[tuple[str, str, Plain]]:
    """Yield kind, code and state of each unit and listed tax that a product's state holds."""
    for unit in product.get("units", ()):
        yield UNIT, unit["code"], unit
    for tax in product["taxes"]:
        if tax["code"]:  # one without a code is on no list
            yield TAX, tax["code"], tax


def with_present_parts(product: Plain, look: Look) -> dict[str, Any]:
    """Return a product's state with units and taxes as they stand on the company's lists."""
    changed = dict(product)
    changed["taxes"] = [_present(TAX, tax, look) for tax in product["taxes"]]
    units = [_present(UNIT, unit, look) for unit in product.get("units", ())]
    if not units:  # a product of a list names its unit only
        unit = look(UNIT, product["unit"])
        units = [] if unit is None else [dict(unit)]
    changed["units"] = units
    return changed


def _present(kind: str, part: Plain, look: Look) -> dict[str, Any]:
    standing = look(kind, part["code"]) if part["code"] else None
    return dict(part if standing is None else standing)
