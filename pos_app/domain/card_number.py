"""Card numbers, which the till must never keep: how one is known and refused.

The check digit is that of ISO/IEC 7812-1, annex B (Luhn).
"""

import re

from pos_app.domain.errors import PosError

# Twelve digits and more with at most one space, point or hyphen between two of them.
_RUN = re.compile(r"\d(?:[ .\-\u00a0]?\d){11,}")
_CARD_LENGTHS = (15, 16)


class LooksLikeCardNumber(PosError):
    """Somebody typed or swiped the number of a payment card."""

    sentence = (
        "That looks like the number of a payment card, and the till must never keep one. Use the "
        "terminal's receipt number, or leave the reference empty."
    )


def passes_luhn(digits: str) -> bool:
    """Tell whether digits carry a right check digit of ISO/IEC 7812-1."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def refuse_card_number(text: str) -> str:
    """Return `text`; raises LooksLikeCardNumber where a run of 12 digits and more passes Luhn.

    A longer run that begins with a card's 15 or 16 digits counts too: an expiry date stuck to a
    number does not hide it.
    """
    if len(text) < 12:
        return text
    for run in _RUN.findall(text):
        digits = "".join(str(int(sign)) for sign in run if sign.isdecimal())
        heads = [digits[:size] for size in _CARD_LENGTHS if len(digits) > size]
        if passes_luhn(digits) or any(h[0] in "3456" and passes_luhn(h) for h in heads):
            raise LooksLikeCardNumber()
    return text


def is_card_code(code: str) -> bool:
    """Tell whether a scanned or swiped code is a payment card rather than goods nobody knows.

    Goods have 8, 12, 13, 14 or 18 digits and another check digit (GS1), so only lengths of cards
    with their first digits count; a magnetic stripe reader writes `%B` or `;` before the number.
    """
    if re.match(r"^(%B|;)\d{12,19}[\^=]", code):
        return True
    is_long = code.isascii() and code.isdigit() and len(code) in (15, 16, 19)
    return is_long and code[0] in "3456" and passes_luhn(code)
