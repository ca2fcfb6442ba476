"""GS1 element strings: what GS1-128, GS1 DataBar, GS1 DataMatrix and GS1 QR codes carry.

Source: GS1 General Specifications, chapter 3 (application identifiers) and section 7.8
(element strings, FNC1, predefined lengths); GS1 Digital Link URI syntax for web addresses.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import ClassVar

from pos_app.domain.errors import PosError
from pos_app.domain.gtin import are_digits, require_check_digit

FNC1 = "\x1d"
SYMBOLOGY_PREFIXES = ("]C1", "]e0", "]d2", "]Q3", "]J1")

Elements = tuple[tuple[str, str], ...]


class Gs1Unreadable(PosError):
    """A GS1 code breaks off or holds something that its application identifiers forbid."""

    sentence: ClassVar[str] = (
        'This GS1 code cannot be read from "{rest}" on. '
        "Scan it again, or key in the product number printed beside it."
    )


class Gs1DateWrong(PosError):
    """A date in a GS1 code is not in the calendar."""

    sentence: ClassVar[str] = (
        "This code carries {digits} as a date, which is no date. Check the printed date, "
        "then key in the product number printed beside the code."
    )


# Identifier and format as in the General Specifications, figure 3.2-1: N digits, X text of
# character set 82. Components of one field are joined, so N3+X..9 stands here as X4..12.
_TABLE = """
00 N18|01 N14|02 N14|03 N14|10 X1..20|11 N6|12 N6|13 N6|15 N6|16 N6|17 N6|20 N2|21 X1..20
22 X1..20|235 X1..28|240 X1..30|241 X1..30|242 N1..6|243 X1..20|250 X1..30|251 X1..30|253 X13..30
254 X1..20|255 N13..25|30 N1..8|37 N1..8|400 X1..30|401 X1..30|402 N17|403 X1..30|410 N13|411 N13
412 N13|413 N13|414 N13|415 N13|416 N13|417 N13|420 X1..20|421 X4..12|422 N3|423 N3..15|424 N3
425 N3..15|426 N3|427 X1..3|4307 X2|4308 X1..30|4309 N20|4317 X2|4318 X1..20|4319 X1..30|4321 N1
4322 N1|4323 N1|4324 N10|4325 N10|4326 N6|4330 X6..7|4331 X6..7|4332 X6..7|4333 X6..7|7001 N13
7002 X1..30|7003 N10|7004 N1..4|7005 X1..12|7006 N6|7007 N6..12|7008 X1..3|7009 X1..10|7010 X1..2
7011 N6..10|7020 X1..20|7021 X1..20|7022 X1..20|7023 X1..30|7040 X4|7041 X1..4|710 X1..20
711 X1..20|712 X1..20|713 X1..20|714 X1..20|715 X1..20|716 X1..20|717 X1..20|7240 X1..20|7241 N2
7242 X1..25|7250 N8|7251 N12|7252 N1|7258 X3|8001 N14|8002 X1..20|8003 X14..30|8004 X1..30|8005 N6
8006 N18|8007 X1..34|8008 N8..12|8009 X1..50|8010 X1..30|8011 N1..12|8012 X1..20|8013 X1..25
8014 X1..25|8017 N18|8018 N18|8019 N1..10|8020 X1..25|8026 N18|8030 X1..90|8040 N15|8041 N15
8042 N32|8043 N18..20|8110 X1..70|8111 N4|8112 X1..70|8200 X1..70|90 X1..30|91 X1..90|92 X1..90
93 X1..90|94 X1..90|95 X1..90|96 X1..90|97 X1..90|98 X1..90|99 X1..90
"""
# Identifiers whose last digit is a number, for most of them the places after the point.
_FAMILIES = {
    **{str(measure): ("N6", "012345") for measure in range(310, 370)},
    "390": ("N1..15", "0123456789"),
    "391": ("N4..18", "0123456789"),
    "392": ("N1..15", "0123456789"),
    "393": ("N4..18", "0123456789"),
    "394": ("N4", "0123"),
    "395": ("N6", "012345"),
    "430": ("X1..70", "0123456"),
    "431": ("X1..70", "0123456"),
    "432": ("X1..35", "0"),
    "703": ("X4..30", "0123456789"),
    "725": ("X1..90", "345679"),
    "723": ("X3..30", "0123456789"),
}
# Predefined lengths by the first two digits, identifier included: no FNC1 ends them (7.8.5).
_PREDEFINED = {"00": 20, "01": 16, "02": 16, "03": 16, "04": 18, "20": 4, "41": 16}
_PREDEFINED |= {str(start): 8 for start in range(11, 20)}
_PREDEFINED |= {str(start): 10 for start in range(31, 37)}
_AI_LENGTH = dict.fromkeys(("23", "24", "25", "40", "41", "42", "71"), 3)
_AI_LENGTH |= dict.fromkeys(
    ("31", "32", "33", "34", "35", "36", "39", "43", "70", "72", "80", "81", "82"), 4
)
_CHARACTER_SET_82 = re.compile(r"[!\"%-?A-Z_a-z]+")
_BRACKETED = re.compile(r"\(([0-9]{2,4})\)")
_PERCENT = re.compile(r"%([0-9A-Fa-f]{2})")
_LINK = re.compile(
    r"https?://[^/]+/(?:.*/)?((?:01|8006|00)/[0-9]{8,18}(?:[/?#].*)?)", re.IGNORECASE
)
_CHECKED = ("00", "01", "02")
_DATES = ("11", "12", "13", "15", "16", "17", "7003")
_LAST_SALE_DATES = ("17", "7003", "15", "16")
_NET_KG_PER_UNIT = {
    "310": Decimal(1),
    "320": Decimal("0.45359237"),  # international avoirdupois pound
    "356": Decimal("0.0311034768"),  # troy ounce
    "357": Decimal("0.028349523125"),  # avoirdupois ounce
}


def _formats() -> dict[str, tuple[str, int, int]]:
    entries = (entry.split() for line in _TABLE.split("\n") for entry in line.split("|") if entry)
    return {ai: _format(text) for ai, text in entries}


def _format(text: str) -> tuple[str, int, int]:
    low, _, high = text[1:].partition("..")
    return text[0], int(low), int(high or low)


_FORMATS = _formats()


def read_elements(text: str) -> Elements:
    """Read `text` as a GS1 message: identifiers and their values, in the order printed.

    Takes the raw form (FNC1 as the sign U+001D, with or without symbology prefix), the bracketed
    form (01)…(10)… and GS1 Digital Link addresses.
    Raises `Gs1Unreadable`, `Gs1DateWrong` or `BarcodeCheckDigitWrong`.
    """
    if text.startswith("("):
        elements = tuple(_bracketed(text))
    elif text[:4].lower() == "http":
        elements = tuple(_link(text))
    else:
        elements = tuple(_raw(_without_prefix(text)))
    if not elements:
        raise Gs1Unreadable(rest=text[:40])
    _refuse_contradictions(elements)
    for ai, value in elements:
        _verify(ai, value)
    return elements


def is_marked_as_gs1(text: str) -> bool:
    """Say whether `text` can only be a GS1 message: by prefix, FNC1, brackets or address."""
    if text.startswith(SYMBOLOGY_PREFIXES) or FNC1 in text:
        return True
    return text.startswith(("(00)", "(01)", "(02)")) or _LINK.fullmatch(text) is not None


def weight_kg(elements: Mapping[str, str]) -> Decimal | None:
    """Give the net weight in kilograms (AI 310n, 320n pounds, 356n troy ounces, 357n ounces)."""
    for ai, value in elements.items():
        factor = _NET_KG_PER_UNIT.get(ai[:3]) if len(ai) == 4 else None
        if factor is not None and int(value):
            return Decimal(value).scaleb(-int(ai[3])) * factor
    return None


def price_and_currency(elements: Mapping[str, str]) -> tuple[Decimal | None, str | None]:
    """Give the price in currency units and the ISO 4217 number of its currency, where told.

    AI 392n and 393n (price of a variable measure item) go before 390n and 391n (amount).
    """
    for family in ("392", "393", "390", "391"):
        for ai, value in elements.items():
            if len(ai) == 4 and ai.startswith(family):
                amount = value[3:] if family in ("391", "393") else value
                currency = value[:3] if family in ("391", "393") else None
                price = Decimal(amount).scaleb(-int(ai[3])) if int(amount) else None
                return price, currency if price is not None else None
    return None, None


def count(elements: Mapping[str, str]) -> Decimal | None:
    """Give the number of pieces (AI 30, or AI 37 beside AI 02)."""
    pieces = int(elements.get("30") or elements.get("37") or 0)
    return Decimal(pieces) if pieces else None


def last_day_of_sale(elements: Mapping[str, str], today: date | None) -> date | None:
    """Give the date after which the goods should not be sold: use by, best before or sell by."""
    for ai in _LAST_SALE_DATES:
        if ai in elements:
            return read_date(elements[ai][:6], today)
    return None


def read_date(digits: str, today: date | None) -> date:
    """Read YYMMDD; day 00 is the last of the month.

    The century is the one that brings the year within 49 years back and 50 ahead of `today`
    (General Specifications 7.12); without `today` it is 20YY. Raises `Gs1DateWrong`.
    """
    if len(digits) != 6 or not are_digits(digits):
        raise Gs1DateWrong(digits=digits[:12])
    year, month, day = int(digits[:2]), int(digits[2:4]), int(digits[4:])
    year += _century(year, 2000 if today is None else today.year, fixed=today is None)
    try:
        return date(year, month, day) if day else _last_of_month(date(year, month, 1))
    except (ValueError, OverflowError):
        raise Gs1DateWrong(digits=digits) from None


def _last_of_month(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _century(year: int, this_year: int, *, fixed: bool) -> int:
    century, short = this_year - this_year % 100, this_year % 100
    if fixed or -49 <= year - short <= 50:
        return century
    return century - 100 if year > short else century + 100


def _without_prefix(text: str) -> str:
    text = text[3:] if text.startswith(SYMBOLOGY_PREFIXES) else text
    return text.strip(FNC1)


def _raw(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    while at < len(text):
        ai = text[at : at + _AI_LENGTH.get(text[at : at + 2], 2)]
        end = _end_of_element(text, at)
        value = text[at + len(ai) : end]
        if not _fits(ai, value):
            raise Gs1Unreadable(rest=text[at : at + 20].replace(FNC1, " "))
        yield ai, value
        at = end + 1 if text[end : end + 1] == FNC1 else end


def _end_of_element(text: str, at: int) -> int:
    predefined = _PREDEFINED.get(text[at : at + 2])
    if predefined is not None:
        return at + predefined
    end = text.find(FNC1, at)
    return len(text) if end < 0 else end


def _bracketed(text: str) -> Iterator[tuple[str, str]]:
    parts = _BRACKETED.split(text)  # "", identifier, value, identifier, value, …
    if parts[0]:
        raise Gs1Unreadable(rest=text[:20])
    for ai, value in zip(parts[1::2], parts[2::2], strict=True):
        cleaned = value.strip().strip(FNC1)
        if not _fits(ai, cleaned):
            raise Gs1Unreadable(rest=f"({ai}){value}"[:20])
        yield ai, cleaned


def _link(text: str) -> Iterator[tuple[str, str]]:
    address, _, query = text.partition("#")[0].partition("?")
    match = _LINK.fullmatch(address)
    if match is None:
        raise Gs1Unreadable(rest=text[:20])
    path = match[1].rstrip("/").split("/")
    pairs = [*zip(path[::2], path[1::2], strict=False)]
    pairs += [(ai, value) for ai, _, value in (part.partition("=") for part in query.split("&"))]
    for ai, value in pairs:
        if _format_of(ai) is None:
            continue  # a shop's own parameter, as in ?lang=de
        # GTIN-8, -12 and -13 may stand unpadded in an address.
        plain = _decoded(value).zfill(14) if ai == "01" else _decoded(value)
        if not _fits(ai, plain):
            raise Gs1Unreadable(rest=f"/{ai}/{value}"[:20])
        yield ai, plain


def _decoded(value: str) -> str:
    # urllib would cost the start of the till 10 ms, and only ASCII may stand here anyway.
    return _PERCENT.sub(lambda escaped: chr(int(escaped[1], 16)), value)


def _format_of(ai: str) -> tuple[str, int, int] | None:
    if len(ai) == 4 and ai not in _FORMATS:
        text, endings = _FAMILIES.get(ai[:3], ("", ""))
        return _format(text) if text and ai[3] in endings else None
    return _FORMATS.get(ai)


def _fits(ai: str, value: str) -> bool:
    described = _format_of(ai)
    if described is None:
        return False
    characters, low, high = described
    if not low <= len(value) <= high:
        return False
    return are_digits(value) if characters == "N" else bool(_CHARACTER_SET_82.fullmatch(value))


def _refuse_contradictions(elements: Elements) -> None:
    # The same identifier twice with two values is two codes in one scan, or damage.
    seen: dict[str, str] = {}
    for ai, value in elements:
        if seen.setdefault(ai, value) != value:
            raise Gs1Unreadable(rest=f"({ai}){value}"[:20])


def _verify(ai: str, value: str) -> None:
    if ai in _CHECKED:
        require_check_digit(value)
    elif ai in _DATES:
        read_date(value[:6], None)
