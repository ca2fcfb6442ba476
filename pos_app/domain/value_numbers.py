"""Numbers of gift cards, store credit and deposits: letters of the kind, digits, a check digit.

The check digit is that of ISO/IEC 7064, MOD 11,10, which finds every wrong digit and nearly every
two that changed places. A number never passes for that of a payment card (ISO/IEC 7812-1).
"""

from pos_app.domain.card_number import passes_luhn
from pos_app.domain.errors import PosError
from pos_app.domain.stored_value import ValueKind

PREFIXES = {ValueKind.GIFT_CARD: "GC", ValueKind.STORE_CREDIT: "SC", ValueKind.DEPOSIT: "DP"}
DIGITS = 13
_KINDS = {prefix: kind for kind, prefix in PREFIXES.items()}


class NumberMistyped(PosError):
    """The check digit does not fit the others."""

    sentence = "{number} has a wrong digit. Check the number on the card and type it again."


def number_of(kind: ValueKind, serial: int) -> str | None:
    """Return the number with a serial of up to 13 digits, or None where it must not be used."""
    digits = f"{serial:0{DIGITS}d}"
    digits += str(check_digit(digits))
    return None if passes_luhn(digits) else PREFIXES[kind] + digits


def check_digit(digits: str) -> int:
    """Return the check digit of ISO/IEC 7064, MOD 11,10."""
    product = 10
    for digit in digits:
        total = (int(digit) + product) % 10 or 10
        product = total * 2 % 11
    return (11 - product) % 10


def kind_of(code: str) -> ValueKind | None:
    """Return what a code is the number of, going by its letters and its length."""
    code = code.strip().upper()
    digits = code[2:]
    is_number = len(digits) == DIGITS + 1 and digits.isascii() and digits.isdigit()
    return _KINDS.get(code[:2]) if is_number else None


def checked(text: str, kind: ValueKind) -> str:
    """Return a number as it was typed or scanned in full, letters included.

    Digits alone get the letters of `kind`; what is not one of our numbers stays as it is, because
    a shop may use cards that came with numbers. Raises NumberMistyped.
    """
    code = "".join(text.split()).upper()
    if len(code) == DIGITS + 1 and code.isascii() and code.isdigit():
        code = PREFIXES[kind] + code
    if kind_of(code) is not None and int(code[-1]) != check_digit(code[2:-1]):
        raise NumberMistyped(number=grouped(code))
    return code


def grouped(number: str) -> str:
    """Write a number in groups of four, as a person reads it."""
    if kind_of(number) is None:
        return number
    digits = number[2:]
    return " ".join((number[:2], *(digits[at : at + 4] for at in range(0, len(digits), 4))))


def short(number: str) -> str:
    """Write a number so that it cannot be used: the letters and the last four."""
    return f"*{number[-4:]}" if len(number) > 4 else number
