"""Things of the catalogue and customers, read back from the plain values of journal and wire.

The opposite of `domain.payloads`. What is missing or of another type than it should be raises
KeyError, TypeError, ValueError, ArithmeticError or a PosError of the thing itself.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, TypeVar

from pos_app.domain.customer import Customer
from pos_app.domain.product import Category, Product, ProductKind, Unit
from pos_app.domain.tax import Tax

Plain = Mapping[str, Any]
_Kind = TypeVar("_Kind")


def unit_of(told: Plain) -> Unit:
    """Return a unit of measure."""
    return Unit(_a(str, told["code"]), _a(str, told["name"]), _a(int, told["decimals"]))


def tax_of(told: Plain) -> Tax:
    """Return a tax."""
    included = told["included"]
    return Tax(
        rate=_figure(told["rate"]),
        fixed_per_unit=_figure(told["fixed_per_unit"]),
        included=None if included is None else _a(bool, included),
        affects_next=_a(bool, told["affects_next"]),
        name=_a(str, told["name"]),
        code=_a(str, told["code"]),
    )


def category_of(told: Plain) -> Category:
    """Return a group of products."""
    return Category(
        _a(str, told["id"]),
        _a(str, told["name"]),
        _a(str, told.get("colour", "")),
        _a(int, told.get("position", 0)),
    )


def product_of(told: Plain, units: Iterable[Unit] = ()) -> Product:
    """Return a product; its unit is looked up in what it tells itself, then in `units`.

    Raises KeyError where the unit is in neither.
    """
    known = {unit.code: unit for unit in units}
    known |= {unit.code: unit for unit in map(unit_of, told.get("units", ()))}
    category = told["category"]
    place = told.get("tile_position")
    return Product(
        id=_id(told["id"]),
        code=_a(str, told["code"]),
        name=_a(str, told["name"]),
        price=_figure(told["price"]),
        unit=known[told["unit"]],
        kind=ProductKind(told["kind"]),
        category_id=None if category is None else _a(str, category),
        taxes=tuple(tax_of(tax) for tax in told["taxes"]),
        barcodes=tuple(_a(str, code) for code in told["barcodes"]),
        cost=_figure(told.get("cost")),
        min_price=_figure(told.get("min_price")),
        is_active=_a(bool, told["is_active"]),
        tile_position=None if place is None else _a(int, place),
    )


def customer_of(told: Plain) -> Customer:
    """Return a customer; fields that say nothing may be missing."""
    values = {name: _a(str, told[name]) for name in _CUSTOMER_TEXTS if name in told}
    values["id"] = _id(told["id"])
    return Customer(**values, is_active=_a(bool, told.get("is_active", True)))


_CUSTOMER_TEXTS = Customer.__slots__[:-1]


def _a(kind: type[_Kind], value: Any) -> _Kind:
    if type(value) is not kind:
        raise TypeError(f"{value!r:.40} stands where a {kind.__name__} should")
    return value


def _id(value: Any) -> str:
    if not _a(str, value):
        raise ValueError("an id is missing")
    return str(value)


def _figure(value: Any) -> Decimal | None:
    if value is None:
        return None
    figure = Decimal(_a(str, value))
    if not figure.is_finite():
        raise ValueError(f"{figure} is no figure")
    return figure
