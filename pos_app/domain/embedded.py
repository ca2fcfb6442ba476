"""Labels of scales: a price, weight or quantity inside the barcode, by configurable layouts.

A layout has one letter per digit: leading digits are the prefix, I item, P price, W weight,
Q quantity, V price check digit, . a digit without meaning, C the EAN or UPC check digit.
Source: GS1 General Specifications 2.1.12 (restricted circulation numbers), 7.9.2-7.9.4 (V).
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import ClassVar

from pos_app.domain.errors import PosError
from pos_app.domain.gtin import are_digits, check_digit, has_valid_check_digit

_LAYOUT = re.compile(r"[0-9]+[IPWQV.]+C?")
_DIGITS = "0123456789"
_MAX_DIGITS = 30


class LabelPatternWrong(PosError):
    """A layout of scale labels in the settings cannot be used."""

    sentence: ClassVar[str] = (
        'The label pattern "{layout}" cannot be used. Write one sign per digit: the prefix in '
        "digits, I for the item, P, W or Q for price, weight or quantity, V for the price check "
        "digit before or after 4 or 5 digits of price, and C at the end, as in 20IIIIIVPPPPC."
    )


class LabelValueWrong(PosError):
    """The price or weight in a label contradicts its own check digit."""

    sentence: ClassVar[str] = (
        "The price or weight in the label {code} does not match its check digit. "
        "Scan it again, weigh the goods again, or key in the price."
    )


@dataclass(frozen=True, slots=True)
class EmbeddedPattern:
    """One layout of scale labels; `decimals` are the places of the value.

    Without `decimals` a weight is in grams (3), a price in minor units of the currency and a
    quantity whole. In a layout with several values `decimals` belongs to the first of P, W, Q.
    Raises `LabelPatternWrong`.
    """

    layout: str
    decimals: int | None = None
    prefix: str = field(init=False, compare=False)
    spans: dict[str, tuple[int, int]] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        layout = self.layout
        spans = {letter: _span(layout, letter) for letter in "IPWQVC" if letter in layout}
        if not _is_usable(layout, self.decimals, spans):
            raise LabelPatternWrong(layout=layout[:40])
        object.__setattr__(self, "spans", spans)
        object.__setattr__(self, "prefix", layout[: len(layout) - len(layout.lstrip(_DIGITS))])


@dataclass(frozen=True, slots=True)
class LabelReading:
    """What a scale wrote into its label; None where it wrote nothing or only zeros."""

    codes: tuple[str, ...]
    price: Decimal | None
    weight_kg: Decimal | None
    quantity: Decimal | None
    is_sound: bool


def pattern_from_text(text: str) -> EmbeddedPattern:
    """Read a pattern from the settings, `LAYOUT` or `LAYOUT:DECIMALS`, as in 24IIIIIIWWWWC:2.

    Raises `LabelPatternWrong`.
    """
    layout, colon, decimals = text.strip().partition(":")
    if not colon:
        return EmbeddedPattern(layout)
    if len(decimals) != 1 or not are_digits(decimals):
        raise LabelPatternWrong(layout=text[:40])
    return EmbeddedPattern(layout, int(decimals))


def read_label(
    code: str, patterns: tuple[EmbeddedPattern, ...], currency_digits: int = 2
) -> LabelReading | None:
    """Read the label by the first pattern that fits, or None where no pattern does.

    A reading whose price check digit is wrong counts only where no other pattern fits.
    """
    unsound: LabelReading | None = None
    for pattern in patterns:
        digits = _in_length_of(pattern, code)
        if digits is None or not digits.startswith(pattern.prefix):
            continue
        if "C" in pattern.spans and not has_valid_check_digit(digits):
            continue
        reading = _read(digits, pattern, currency_digits)
        if reading.is_sound:
            return reading
        unsound = unsound or reading
    return unsound


def price_check_digit(digits: str) -> int:
    """Compute the price or weight check digit of a field of 4 or 5 digits.

    Source: GS1 General Specifications 7.9.3 (4 digits) and 7.9.4 (5 digits).
    Raises `LabelPatternWrong` for another length.
    """
    if not are_digits(digits) or len(digits) not in (4, 5):
        raise LabelPatternWrong(layout=digits[:40])
    if len(digits) == 4:
        return 3 * _weighted(digits, (_TWO_MINUS, _TWO_MINUS, _THREE, _FIVE_MINUS)) % 10
    factors = (_FIVE_PLUS, _TWO_MINUS, _FIVE_MINUS, _FIVE_PLUS, _TWO_MINUS)
    return _FIVE_MINUS.index(-_weighted(digits, factors) % 10)


# Weighted products of a digit: position in the tuple is the digit (7.9.2).
_TWO_MINUS = (0, 2, 4, 6, 8, 9, 1, 3, 5, 7)
_THREE = (0, 3, 6, 9, 2, 5, 8, 1, 4, 7)
_FIVE_PLUS = (0, 5, 1, 6, 2, 7, 3, 8, 4, 9)
_FIVE_MINUS = (0, 5, 9, 4, 8, 3, 7, 2, 6, 1)


def _weighted(digits: str, factors: tuple[tuple[int, ...], ...]) -> int:
    return sum(table[int(digit)] for digit, table in zip(digits, factors, strict=True))


def _span(layout: str, letter: str) -> tuple[int, int]:
    return layout.index(letter), layout.rindex(letter) + 1


def _is_usable(layout: str, decimals: int | None, spans: dict[str, tuple[int, int]]) -> bool:
    if len(layout) > _MAX_DIGITS or not _LAYOUT.fullmatch(layout) or not layout.isascii():
        return False
    if any(layout.count(letter) != end - start for letter, (start, end) in spans.items()):
        return False
    value = _first_value(spans)
    if "I" not in spans or value is None or not 0 <= (decimals or 0) <= 9:
        return False
    start, end = spans.get("V", (0, 0))
    return "V" not in spans or (end - start == 1 and spans[value][1] - spans[value][0] in (4, 5))


def _first_value(spans: dict[str, tuple[int, int]]) -> str | None:
    return next((letter for letter in "PWQ" if letter in spans), None)


def _in_length_of(pattern: EmbeddedPattern, code: str) -> str | None:
    # A UPC-A may arrive as EAN-13 with a leading zero, and the other way round.
    wanted = len(pattern.layout)
    if len(code) == wanted:
        return code
    if wanted == 12 and len(code) == 13 and code[0] == "0":
        return code[1:]
    return f"0{code}" if wanted == 13 and len(code) == 12 else None


def _read(digits: str, pattern: EmbeddedPattern, currency_digits: int) -> LabelReading:
    spans = pattern.spans
    places = {"P": currency_digits, "W": 3, "Q": 0}
    first = _first_value(spans) or "P"
    if pattern.decimals is not None:
        places[first] = pattern.decimals
    values = {letter: _value(digits, spans.get(letter), places[letter]) for letter in "PWQ"}
    return LabelReading(
        codes=_lookup_codes(digits, pattern),
        price=values["P"],
        weight_kg=values["W"],
        quantity=values["Q"],
        is_sound="V" not in spans or _verifies(digits, spans["V"], spans[first]),
    )


def _value(digits: str, span: tuple[int, int] | None, places: int) -> Decimal | None:
    # Zeros mean that the scale left the field open; a price of nothing must not give goods away.
    number = 0 if span is None else int(digits[span[0] : span[1]])
    return Decimal(number).scaleb(-places) if number else None


def _verifies(digits: str, verifier: tuple[int, int], value: tuple[int, int]) -> bool:
    return int(digits[verifier[0]]) == price_check_digit(digits[value[0] : value[1]])


def _lookup_codes(digits: str, pattern: EmbeddedPattern) -> tuple[str, ...]:
    # The most particular form first, so that a short internal code cannot take a label's place.
    start, end = pattern.spans["I"]
    item = digits[start:end]
    masked = pattern.prefix + "".join(
        digits[at] if letter == "I" else "0"
        for at, letter in enumerate(pattern.layout)
        if at >= len(pattern.prefix)
    )
    if "C" in pattern.spans:
        masked = f"{masked[:-1]}{check_digit(masked[:-1])}"
    forms = [masked, f"0{masked}" if len(masked) == 12 else masked]
    return tuple(dict.fromkeys([*forms, pattern.prefix + item, item, item.lstrip("0") or item]))


def _patterns(*texts: str) -> tuple[EmbeddedPattern, ...]:
    return tuple(pattern_from_text(text) for text in texts)


_BALTIC = _patterns("23IIIIIIWWWWC", "24IIIIIIWWWWC:2", "25IIIIIIWWWWC:1")
_NORDIC = (*_patterns("20IIIIIIPPPPC:2", "21IIIIIIPPPPC:1", "22IIIIIIPPPPC:0"), *_BALTIC)

# National layouts as published; elsewhere each retailer sets its own, so none is guessed here.
PATTERNS_BY_COUNTRY: dict[str, tuple[EmbeddedPattern, ...]] = {
    # gs1.dk/om-gs1/overblik-over-gs1-standarder/gtin-13-pris and gtin-13-vaegt
    "DK": _patterns(
        *(f"{prefix}IIIIPPPPPPC:2" for prefix in (21, 22, 23, 24)),
        "26IIIIWWWWWWC",
        "27IIIIIWWWWWC",
        "28IIIIWWWWWWC",
    ),
    # gs1-germany.de, "Die globale Artikelnummer GTIN in der Anwendung"; san.gs1-germany.de
    "DE": _patterns(
        *(f"{prefix}IIIIVPPPPPC:2" for prefix in (22, 23)),
        *(f"{prefix}IIIIVQQQQQC" for prefix in (25, 26)),
        *(f"{prefix}IIIIVWWWWWC" for prefix in (28, 29)),
    ),
    # gs1lv.org, "Variable measure in Latvia"; the three countries share one pool
    "EE": _BALTIC,
    "LT": _BALTIC,
    "LV": _BALTIC,
    # GS1 Finland, gs1.fi/en/instructions/gs1-company-prefix/how-identify-product-gtin
    "FI": _BALTIC,
    # gs1uk.org/how-to-barcode-variable-measure-items
    "GB": _patterns("20IIIIIVPPPPC:2"),
    # reminformatica.it/tipi-di-barcode/ean13 after Indicod (now GS1 Italy)
    "IT": _patterns("2IIIIIIPPPPPC:2"),
    # Norway publishes none; labels in its shops follow the Swedish layout
    "NO": _NORDIC,
    # gs1.se/en/support/how-do-i-create-my-variable-weight-numbers
    "SE": _NORDIC,
    # Type 2 UPC, four-digit price: retailedge.com/help/random_weight_type_2_upc_items.htm.
    # V also unmasks a scale set to five digits of price before it costs a customer money.
    "US": _patterns("2IIIIIVPPPPC:2"),
}

# Layouts that scale makers and other tills ship, for a shop to choose by name.
PATTERNS_BY_SCALE: dict[str, tuple[EmbeddedPattern, ...]] = {
    # Default barcode nomenclature of Odoo: 21.....{NNDDD} and 23.....{NNNDD}
    "odoo": _patterns("21IIIIIWWWWWC", "23IIIIIPPPPPC:2"),
    # Kilotech LE.3k label and barcode guide, formats 1 and 2 (UPC-A)
    "upc five-digit price": _patterns("2IIIIIPPPPPC:2"),
    "upc five-digit weight": _patterns("2IIIIIWWWWWC"),
    # Type 2 UPC of scales that leave the price check digit empty
    "upc four-digit price, unverified": _patterns("2IIIII.PPPPC:2"),
}
