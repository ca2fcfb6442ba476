"""Trade item numbers: check digits of EAN, UPC and GTIN, and the short form UPC-E.

Source: GS1 General Specifications, sections 7.9.1 (check digit) and 5.2.2.4.2 (UPC-E).
"""

from typing import ClassVar

from pos_app.domain.errors import PosError

GTIN_LENGTHS = frozenset((8, 12, 13, 14))


class BarcodeDigitsOnly(PosError):
    """A number that needs a check digit holds something else than digits."""

    sentence: ClassVar[str] = (
        'The number "{digits}" may hold digits only. Key in the digits under the bars.'
    )


class BarcodeCheckDigitWrong(PosError):
    """The last digit does not fit the others, so the scanner or a finger slipped."""

    sentence: ClassVar[str] = (
        "The barcode {code} was not read correctly: its last digit should be {expected}. "
        "Scan it again, or key in the number under the bars."
    )


class NotUpcE(PosError):
    """A number that was to be read as UPC-E has another length or number system."""

    sentence: ClassVar[str] = (
        'The number "{code}" is not a UPC-E code. '
        "Key in all 6 or 8 digits under the bars, starting with 0 or 1."
    )


def are_digits(text: str) -> bool:
    """Say whether `text` is one or more digits 0 to 9."""
    return text.isascii() and text.isdigit()


def check_digit(digits: str) -> int:
    """Compute the check digit that follows `digits` (GS1 modulo 10, any length).

    Source: GS1 General Specifications 7.9.1. Raises `BarcodeDigitsOnly`.
    """
    if not are_digits(digits):
        raise BarcodeDigitsOnly(digits=digits)
    return -_weighted_sum(digits.encode() + b"0") % 10


def with_check_digit(digits: str) -> str:
    """Append the check digit. Raises `BarcodeDigitsOnly`."""
    return f"{digits}{check_digit(digits)}"


def has_valid_check_digit(code: str) -> bool:
    """Say whether the last digit of `code`, of any length, is its check digit."""
    return are_digits(code) and _weighted_sum(code.encode()) % 10 == 0


def is_valid_gtin(code: str) -> bool:
    """Say whether `code` is a GTIN-8, -12, -13 or -14 with a right check digit."""
    return len(code) in GTIN_LENGTHS and has_valid_check_digit(code)


def require_check_digit(code: str) -> None:
    """Raise `BarcodeCheckDigitWrong` unless the last digit of `code` is its check digit."""
    if not has_valid_check_digit(code):
        raise BarcodeCheckDigitWrong(code=code, expected=check_digit(code[:-1]))


def expand_upc_e(code: str) -> str:
    """Turn UPC-E (6 digits, 7 with number system, or 8 with check digit) into UPC-A.

    Raises `NotUpcE`, or `BarcodeCheckDigitWrong` when a given check digit does not fit.
    """
    core = f"0{code}" if len(code) == 6 else code
    if not are_digits(code) or len(core) not in (7, 8) or core[0] not in "01":
        raise NotUpcE(code=code)
    upc_a = with_check_digit(core[0] + _expanded(core[1:7]))
    if len(core) == 8 and upc_a[-1] != core[-1]:
        raise BarcodeCheckDigitWrong(code=code, expected=int(upc_a[-1]))
    return upc_a


def compress_to_upc_e(upc_a: str) -> str | None:
    """Turn a UPC-A into its 8-digit UPC-E, or None where no short form exists."""
    if len(upc_a) != 12 or upc_a[0] not in "01" or not has_valid_check_digit(upc_a):
        return None
    core = _compressed(upc_a[1:6], upc_a[6:11])
    return None if core is None else f"{upc_a[0]}{core}{upc_a[-1]}"


def is_valid_upc_e(code: str) -> bool:
    """Say whether `code` is an 8-digit UPC-E whose check digit fits its expansion."""
    if len(code) != 8 or code[0] not in "01" or not are_digits(code):
        return False
    return has_valid_check_digit(code[0] + _expanded(code[1:7]) + code[7])


def equal_gtins(gtin: str) -> tuple[str, ...]:
    """List the forms under which a catalogue may hold this GTIN, the given one first.

    A GTIN-14 of a case (indicator 1 to 9) never becomes the GTIN-13 of the piece inside.
    """
    ean13 = gtin[1:] if len(gtin) == 14 and gtin[0] == "0" else gtin
    if len(ean13) == 12:
        ean13 = f"0{gtin}"
    if len(ean13) != 13 or ean13[0] != "0":
        return (gtin,) if ean13 == gtin else (gtin, ean13)
    if ean13.startswith("00000"):
        return _without_repeats(gtin, ean13, ean13[5:])
    return _without_repeats(gtin, ean13, ean13[1:], compress_to_upc_e(ean13[1:]))


def _without_repeats(*forms: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(form for form in forms if form is not None))


def _weighted_sum(data: bytes) -> int:
    # Slices summed in C keep a scan far under 10 µs. The ASCII offset of 48 per digit counts.
    ones, threes = data[::-2], data[-2::-2]
    return sum(ones) - 48 * len(ones) + 3 * (sum(threes) - 48 * len(threes))


def _expanded(core: str) -> str:
    last = core[5]
    if last in "012":
        return f"{core[:2]}{last}0000{core[2:5]}"
    if last == "3":
        return f"{core[:3]}00000{core[3:5]}"
    if last == "4":
        return f"{core[:4]}00000{core[4]}"
    return f"{core[:5]}0000{last}"


def _compressed(maker: str, item: str) -> str | None:
    if maker[2] in "012" and maker[3:] == "00" and item[:2] == "00":
        return maker[:2] + item[2:] + maker[2]
    if maker[3:] == "00" and item[:3] == "000":
        return maker[:3] + item[3:] + "3"
    if maker[4] == "0" and item[:4] == "0000":
        return maker[:4] + item[4] + "4"
    if item[:4] == "0000" and item[4] >= "5":
        return maker + item[4]
    return None
