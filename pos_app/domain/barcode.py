"""Barcodes as scanned or keyed in: what kind of code it is and under which codes to look it up.

An 8-, 12-, 13- or 14-digit code with a wrong check digit may be a shop's own number, so it is
still looked up exactly, marked `suspect`; `unknown_barcode` then says what was wrong with it.
"""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar
from unicodedata import category, decimal

from pos_app.domain import gs1
from pos_app.domain.embedded import (
    PATTERNS_BY_COUNTRY,
    PATTERNS_BY_SCALE,
    EmbeddedPattern,
    LabelPatternWrong,
    LabelReading,
    LabelValueWrong,
    pattern_from_text,
    price_check_digit,
    read_label,
)
from pos_app.domain.errors import PosError
from pos_app.domain.gs1 import Gs1DateWrong, Gs1Unreadable
from pos_app.domain.gtin import (
    GTIN_LENGTHS,
    BarcodeCheckDigitWrong,
    BarcodeDigitsOnly,
    NotUpcE,
    are_digits,
    check_digit,
    compress_to_upc_e,
    equal_gtins,
    expand_upc_e,
    has_valid_check_digit,
    is_valid_gtin,
    is_valid_upc_e,
    require_check_digit,
    with_check_digit,
)

__all__ = [
    "MAX_CHARACTERS",
    "PATTERNS_BY_COUNTRY",
    "PATTERNS_BY_SCALE",
    "Barcode",
    "BarcodeCheckDigitWrong",
    "BarcodeControlCharacters",
    "BarcodeDigitsOnly",
    "BarcodeEmpty",
    "BarcodeKind",
    "BarcodeTooLong",
    "BarcodeUnknown",
    "BarcodesRunTogether",
    "EmbeddedPattern",
    "Gs1DateWrong",
    "Gs1Unreadable",
    "LabelPatternWrong",
    "LabelValueWrong",
    "NotUpcE",
    "check_digit",
    "compress_to_upc_e",
    "expand_upc_e",
    "is_valid_gtin",
    "parse_barcode",
    "pattern_from_text",
    "price_check_digit",
    "split_run_together",
    "unknown_barcode",
    "with_check_digit",
]

MAX_CHARACTERS = 200
_WHITE = " \t\r\n\v\f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)
_AIM_PREFIX = re.compile(r"\][A-Za-z][0-9A-Za-z](?=.)")
_AIM_OF_EAN = ("]E0", "]E4")
_NEXT_SCAN = re.compile(r"[ \t\r\n]+|(?<=.)(?=\](?:C1|e0|d2|Q3|J1|E0|E4))")
_PLU = re.compile(r"[89]?[34][0-9]{3}")
_SCAN_LENGTHS = (13, 12, 8)
_PERIODICAL_PREFIXES = ("977", "978", "979")


class BarcodeKind(StrEnum):
    """What a code turned out to be."""

    EAN13 = "ean13"
    EAN8 = "ean8"
    UPC_A = "upc_a"
    UPC_E = "upc_e"
    GTIN14 = "gtin14"
    GS1 = "gs1"
    EMBEDDED = "embedded"
    PLU = "plu"
    INTERNAL = "internal"


class BarcodeEmpty(PosError):
    """Nothing was scanned or keyed in."""

    sentence: ClassVar[str] = "No barcode was read. Scan it again, or key in its number."


class BarcodeTooLong(PosError):
    """The text is longer than any code on goods."""

    sentence: ClassVar[str] = (
        "This code has {length} characters, more than the {limit} that a barcode may have. "
        "Scan only the barcode of the product."
    )


class BarcodeControlCharacters(PosError):
    """The text holds signs that no barcode on goods holds."""

    sentence: ClassVar[str] = (
        "This code holds an unreadable sign ({character}, place {place}). "
        "Scan it again, or key in the number under the bars."
    )


class BarcodesRunTogether(PosError):
    """Several scans arrived as one; field `codes` holds each of them."""

    sentence: ClassVar[str] = (
        "Several scans ran together: {listed}. Check that each is in the cart once."
    )

    def __init__(self, *, codes: tuple[str, ...]) -> None:
        super().__init__(codes=codes, listed=", ".join(codes))
        self.codes = codes


class BarcodeUnknown(PosError):
    """No product has this code."""

    sentence: ClassVar[str] = (
        "No product has the code {code}. Search for it by name, or add it to the catalogue."
    )


@dataclass(frozen=True, slots=True)
class Barcode:
    """A code, the forms to look it up by (best first), and what it tells beside the product.

    `price` is in currency units, `price_currency` the ISO 4217 number where the code names one.
    """

    raw: str
    kind: BarcodeKind
    lookup_codes: tuple[str, ...]
    quantity: Decimal | None = None
    weight_kg: Decimal | None = None
    price: Decimal | None = None
    price_currency: str | None = None
    batch: str | None = None
    expires: date | None = None
    serial: str | None = None
    gs1: tuple[tuple[str, str], ...] = ()
    suspect: bool = False


def parse_barcode(
    text: str,
    patterns: tuple[EmbeddedPattern, ...] = (),
    today: date | None = None,
    currency_digits: int = 2,
) -> Barcode:
    """Say what was scanned; `patterns` describe the shop's scale labels, `today` the century.

    Raises `BarcodeEmpty`, `BarcodeTooLong`, `BarcodeControlCharacters`, `BarcodesRunTogether`,
    `BarcodeCheckDigitWrong`, `Gs1Unreadable` or `Gs1DateWrong`.
    """
    code = _cleaned(text)
    prefix = _AIM_PREFIX.match(code)
    if prefix is None or prefix[0] in gs1.SYMBOLOGY_PREFIXES:
        bare = code
    else:
        bare = code[3:]
        if prefix[0] in _AIM_OF_EAN and len(bare) in GTIN_LENGTHS and not is_valid_upc_e(bare):
            require_check_digit(bare)
    if are_digits(bare):
        return _from_digits(text, bare, patterns, today, currency_digits)
    return _from_text(text, bare, today)


def unknown_barcode(barcode: Barcode) -> PosError:
    """Give the refusal for a code that no product has: unknown, or rather read wrongly."""
    code = barcode.lookup_codes[0]
    if not barcode.suspect:
        is_wrapped = barcode.kind is BarcodeKind.GS1  # nobody can read that back from a screen
        return BarcodeUnknown(code=code if is_wrapped else _ascii_forms(barcode.raw).strip(_WHITE))
    if has_valid_check_digit(code):
        return LabelValueWrong(code=code)
    return BarcodeCheckDigitWrong(code=code, expected=check_digit(code[:-1]))


def split_run_together(text: str) -> tuple[str, ...]:
    """Split scans that arrived as one into their codes; empty where it is a single code.

    One code repeated counts first, then the fewest valid EAN-13, UPC-A and EAN-8 in a row:
    three EAN-8 have as many digits as two UPC-A, and one time in ten both readings are valid.
    """
    if len(text) > MAX_CHARACTERS:
        return ()
    parts = tuple(part for part in _NEXT_SCAN.split(text) if part)
    if len(parts) > 1:
        return parts if all(map(_is_whole_scan, parts)) else ()
    if len(text) < 16 or not are_digits(text):
        return ()
    for length in _SCAN_LENGTHS:
        first, times = text[:length], len(text) // length
        if times > 1 and first * times == text and _is_whole_scan(first):
            return (first,) * times
    return _fewest_scans(text)


def _cleaned(text: str) -> str:
    if len(text) > MAX_CHARACTERS:
        raise BarcodeTooLong(length=len(text), limit=MAX_CHARACTERS)
    if text.isascii() and text.isalnum():
        return text
    code = text.strip(_WHITE) if text.isascii() else _ascii_forms(text).strip(_WHITE)
    if not code.strip(gs1.FNC1):
        raise BarcodeEmpty()
    if (codes := split_run_together(code)) != ():
        raise BarcodesRunTogether(codes=codes)
    _refuse_control_characters(code)
    return code


def _ascii_forms(text: str) -> str:
    # Keyboards of other scripts send their own digits; invisible signs come along with them.
    return "".join(_ascii_form(sign) for sign in text)


def _ascii_form(sign: str) -> str:
    digit = decimal(sign, None)
    if digit is not None:
        return str(digit)
    if "\uff01" <= sign <= "\uff5e":
        return chr(ord(sign) - 0xFEE0)
    return "" if category(sign) == "Cf" else sign


def _refuse_control_characters(code: str) -> None:
    for place, sign in enumerate(code, start=1):
        if sign != gs1.FNC1 and category(sign) in ("Cc", "Cs", "Zl", "Zp"):
            raise BarcodeControlCharacters(character=f"U+{ord(sign):04X}", place=place)


def _from_digits(
    raw: str,
    code: str,
    patterns: tuple[EmbeddedPattern, ...],
    today: date | None,
    currency_digits: int,
) -> Barcode:
    label = read_label(code, patterns, currency_digits) if patterns else None
    if label is not None and label.is_sound:
        return _from_label(raw, label)
    if len(code) >= 15:
        return _from_many_digits(raw, code, today)
    if len(code) not in GTIN_LENGTHS:
        kind = BarcodeKind.PLU if _PLU.fullmatch(code) else BarcodeKind.INTERNAL
        return Barcode(raw, kind, (code,))
    if len(code) == 8 and is_valid_upc_e(code):
        return _from_upc_e(raw, code)
    if not has_valid_check_digit(code):
        return Barcode(raw, BarcodeKind.INTERNAL, (code,), suspect=True)
    kind = _KIND_BY_LENGTH[len(code)]
    return Barcode(raw, kind, equal_gtins(code), suspect=label is not None)


_KIND_BY_LENGTH = {
    8: BarcodeKind.EAN8,
    12: BarcodeKind.UPC_A,
    13: BarcodeKind.EAN13,
    14: BarcodeKind.GTIN14,
}


def _from_upc_e(raw: str, code: str) -> Barcode:
    expanded = expand_upc_e(code)
    if has_valid_check_digit(code):  # valid as EAN-8 too: the code as printed goes first
        kind = BarcodeKind.UPC_E if code[0] == "0" else BarcodeKind.EAN8
        return Barcode(raw, kind, (code, expanded, f"0{expanded}"))
    return Barcode(raw, BarcodeKind.UPC_E, (expanded, f"0{expanded}", code))


def _from_label(raw: str, label: LabelReading) -> Barcode:
    return Barcode(
        raw,
        BarcodeKind.EMBEDDED,
        label.codes,
        quantity=label.quantity,
        weight_kg=label.weight_kg,
        price=label.price,
    )


def _from_many_digits(raw: str, code: str, today: date | None) -> Barcode:
    if (unmarked := _from_unmarked_gs1(raw, code, today)) is not None:
        return unmarked
    if (codes := split_run_together(code)) != ():
        raise BarcodesRunTogether(codes=codes)
    issue = code[:13]
    if len(code) in (15, 18) and code[:3] in _PERIODICAL_PREFIXES and is_valid_gtin(issue):
        return Barcode(raw, BarcodeKind.EAN13, (code, issue))  # with its add-on of 2 or 5
    return Barcode(raw, BarcodeKind.INTERNAL, (code,))


def _from_text(raw: str, code: str, today: date | None) -> Barcode:
    if gs1.is_marked_as_gs1(code):
        return _from_gs1(raw, gs1.read_elements(code), today)
    unmarked = _from_unmarked_gs1(raw, code, today)
    return Barcode(raw, BarcodeKind.INTERNAL, (code,)) if unmarked is None else unmarked


def _from_unmarked_gs1(raw: str, code: str, today: date | None) -> Barcode | None:
    # Many scanners drop the prefix. Without it a code is GS1 only if all of it reads as GS1.
    if len(code) < 16 or not code.startswith(("00", "01", "02", "(")):
        return None
    try:
        return _from_gs1(raw, gs1.read_elements(code), today)
    except PosError:
        return None


def _from_gs1(raw: str, elements: gs1.Elements, today: date | None) -> Barcode:
    by_ai = dict(elements)
    price, currency = gs1.price_and_currency(by_ai)
    return Barcode(
        raw,
        BarcodeKind.GS1,
        _gs1_lookup_codes(raw, by_ai),
        quantity=gs1.count(by_ai),
        weight_kg=gs1.weight_kg(by_ai),
        price=price,
        price_currency=currency,
        batch=by_ai.get("10"),
        expires=gs1.last_day_of_sale(by_ai, today),
        serial=by_ai.get("21"),
        gs1=elements,
    )


def _gs1_lookup_codes(raw: str, by_ai: dict[str, str]) -> tuple[str, ...]:
    gtin = by_ai.get("01") or by_ai.get("02")
    if gtin is not None:
        return equal_gtins(gtin)
    own = tuple(by_ai[ai] for ai in ("00", "240", "241", "8004", "21") if ai in by_ai)
    return own or (_ascii_forms(raw).strip(_WHITE),)


def _is_whole_scan(code: str) -> bool:
    if code.startswith(gs1.SYMBOLOGY_PREFIXES):
        return True
    bare = _AIM_PREFIX.sub("", code, count=1)
    return is_valid_gtin(bare) or is_valid_upc_e(bare)


def _fewest_scans(digits: str) -> tuple[str, ...]:
    # best[n] is the shortest list of valid codes that ends at place n.
    best: list[tuple[str, ...] | None] = [()] + [None] * len(digits)
    for end in range(8, len(digits) + 1):
        for length in _SCAN_LENGTHS:
            before = best[end - length] if end >= length else None
            current = best[end]
            if before is None or (current is not None and len(current) <= len(before) + 1):
                continue
            if is_valid_gtin(part := digits[end - length : end]):
                best[end] = (*before, part)
    found = best[-1] or ()
    return found if len(found) > 1 else ()
