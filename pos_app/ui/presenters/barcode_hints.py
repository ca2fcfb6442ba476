"""What a barcode on a product is, and whether its check digit is right, in a few words."""

from dataclasses import dataclass

from pos_app.domain.gtin import GTIN_LENGTHS, are_digits, check_digit, has_valid_check_digit
from pos_app.texts import t

_NAMES = {8: "EAN-8", 12: "UPC-A", 13: "EAN-13", 14: "GTIN-14"}


@dataclass(frozen=True, slots=True)
class BarcodeHint:
    """A code with what is known about it; `is_doubtful` where the check digit does not fit."""

    code: str
    text: str
    is_doubtful: bool = False


def barcode_hint(code: str) -> BarcodeHint:
    """Say what a code is, and which check digit would fit where one is wrong or missing."""
    if not are_digits(code):
        return BarcodeHint(code, t("own code"))
    if len(code) in GTIN_LENGTHS:
        if has_valid_check_digit(code):
            return BarcodeHint(code, _NAMES[len(code)])
        if len(code) == 12:  # a UPC-A read wrongly, or an EAN-13 typed without its last digit
            either = t("last digit should be {digit}, or one more digit {missing}")
            text = either.format(digit=check_digit(code[:-1]), missing=check_digit(code))
        else:
            text = t("last digit should be {digit}").format(digit=check_digit(code[:-1]))
        return BarcodeHint(code, text, is_doubtful=True)
    return BarcodeHint(code, t("own code"))
