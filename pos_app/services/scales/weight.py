"""A weight as a scale gives it, and the same weight in the unit that a product is sold in."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from pos_app.domain.product import Unit

# Kilograms; the pound and the ounce are those of the 1959 agreement (avoirdupois).
_POUND = Decimal("0.45359237")
_IN_KILOGRAMS = {
    "kg": Decimal(1),
    "g": Decimal("0.001"),
    "dag": Decimal("0.01"),
    "mg": Decimal("0.000001"),
    "t": Decimal(1000),
    "lb": _POUND,
    "oz": _POUND / 16,
}
# UN/ECE Recommendation 20 calls the same units so.
_OTHER_NAMES = {
    "kgm": "kg", "kilo": "kg", "grm": "g", "gr": "g", "dj": "dag", "mgm": "mg", "tne": "t",
    "lbr": "lb", "lbs": "lb", "onz": "oz",
}  # fmt: skip


class MassUnit(StrEnum):
    """The units in which scales of the counter give weights."""

    KILOGRAM = "kg"
    GRAM = "g"
    POUND = "lb"
    OUNCE = "oz"


@dataclass(frozen=True, slots=True)
class Weight:
    """A weight at rest, above zero."""

    figure: Decimal
    unit: MassUnit = MassUnit.KILOGRAM


def is_mass(unit: Unit) -> bool:
    """Tell whether goods sold in this unit can be put on a scale."""
    return _kilograms_of(unit.code) is not None


def in_unit(weight: Weight, unit: Unit) -> Decimal:
    """Return the weight in a unit of mass, rounded half up to the unit's places."""
    each = _kilograms_of(unit.code)
    if each is None:
        raise ValueError(f"{unit.code} is no unit of mass")
    exact = weight.figure * _IN_KILOGRAMS[weight.unit.value] / each
    return exact.quantize(Decimal(1).scaleb(-unit.decimals), ROUND_HALF_UP)


def _kilograms_of(code: str) -> Decimal | None:
    plain = code.strip().casefold()
    return _IN_KILOGRAMS.get(_OTHER_NAMES.get(plain, plain))
