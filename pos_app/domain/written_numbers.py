"""Numbers as people write them: 1,234.56 or 1.234,56, with or without a currency sign."""

import re
from collections.abc import Iterable
from decimal import Decimal

from pos_app.domain.errors import PosError

_CURRENCY = re.compile(
    r"^(?:[^\W\d_]{1,4}\.?|[\u00a4$£¥\u20a0-\u20cf])\s*|\s*(?:[^\W\d_]{1,4}\.?|[\u00a4$£¥\u20a0-\u20cf])$"
)
_SPACES = str.maketrans("", "", " \u00a0\u2007\u2009\u202f'\u2019_")
_MINUS = str.maketrans("\u2212\u2013", "--")
_PLAIN = re.compile(r"[+-]?(?:\d[\d.,]*|[.,]\d+)", re.ASCII)
_LONGEST_NUMBER = 40
# Arabic-Indic and Persian digits and their decimal sign, as keyboards there type them.
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٫", "01234567890123456789.")


class NotAFigure(PosError):
    """Text in a field that takes a number."""

    sentence = "“{text}” is not a number. Write it like {example}."


class NotANumber(PosError):
    """Text that is no number in any usual notation."""

    sentence = "“{text}” is not a number. Write it like 1234.56."


def parse_number(text: str, decimal_mark: str = ".") -> Decimal:
    """Read a number; `decimal_mark` decides only what could be read both ways, such as 1,234.

    Raises NotANumber.
    """
    cleaned = _cleaned(text)
    if not _PLAIN.fullmatch(cleaned) or len(cleaned) > _LONGEST_NUMBER:
        raise NotANumber(text=text.strip()[:40])
    mark = certain_mark(cleaned) or _ambiguous_mark(cleaned, decimal_mark)
    whole, separator, places = cleaned.rpartition(mark) if mark else (cleaned, "", "")
    grouping = "," if mark == "." else "."
    if mark and not separator:
        whole, places = cleaned, ""
    if not _is_grouped(whole.lstrip("+-"), grouping) or (places and not places.isdigit()):
        raise NotANumber(text=text.strip()[:40])
    digits = whole.replace(grouping, "")
    return Decimal(f"{digits or '0'}.{places}" if places else digits)


def typed_number(text: str, decimal_mark: str = ".") -> Decimal | None:
    """Read a number that somebody typed into a form, or None where nothing is typed.

    `decimal_mark` is that of the person's notation; Arabic digits are read too. Raises NotAFigure.
    """
    if not text.strip():
        return None
    try:
        return parse_number(text.translate(_DIGITS), decimal_mark)
    except PosError:
        example = f"12{decimal_mark}50"
        raise NotAFigure(text=text.strip()[:40], example=example) from None


def shown_number(figure: Decimal | None, decimal_mark: str = ".", places: int = 0) -> str:
    """Write a number for editing: no grouping, no zeros behind `places`; nothing for None."""
    if figure is None:
        return ""
    whole, _, fraction = f"{figure:f}".partition(".")
    kept = fraction.rstrip("0").ljust(places, "0")
    return f"{whole}{decimal_mark}{kept}" if kept else whole


def certain_mark(cleaned: str) -> str | None:
    """Tell the decimal mark of a number that can be read only one way, else None."""
    point, comma = cleaned.rfind("."), cleaned.rfind(",")
    if point >= 0 and comma >= 0:
        return "." if point > comma else ","
    mark = "." if point >= 0 else "," if comma >= 0 else None
    if mark is None:
        return None
    if cleaned.count(mark) > 1:
        return "," if mark == "." else "."
    before, _, after = cleaned.lstrip("+-").partition(mark)
    could_be_grouping = len(after) == 3 and 1 <= len(before) <= 3 and before[0] != "0"
    return None if could_be_grouping else mark


def guess_decimal_mark(texts: Iterable[str]) -> str:
    """Tell which decimal mark a column uses, from its numbers that leave no doubt."""
    votes = {".": 0, ",": 0}
    for text in texts:
        cleaned = _cleaned(text)
        if _PLAIN.fullmatch(cleaned) and (mark := certain_mark(cleaned)):
            votes[mark] += 1
    return "," if votes[","] > votes["."] else "."


def _ambiguous_mark(cleaned: str, decimal_mark: str) -> str:
    return decimal_mark if "." in cleaned or "," in cleaned else ""


def _cleaned(text: str) -> str:
    """Drop currency signs, spaces and thousands apostrophes; make every minus a minus."""
    bare = _CURRENCY.sub("", text.strip().translate(_MINUS))
    bare = bare.translate(_SPACES)
    if bare.startswith("(") and bare.endswith(")"):  # bookkeepers' minus
        return "-" + _CURRENCY.sub("", bare[1:-1])
    if bare.startswith(("-", "+")):  # as in -£5
        return bare[0] + _CURRENCY.sub("", bare[1:])
    return bare


def _is_grouped(whole: str, grouping: str) -> bool:
    """Whether thousands are separated where they should be, or not at all."""
    if grouping not in whole:
        return whole == "" or (whole.isdigit() and whole.isascii())
    return re.fullmatch(rf"\d{{1,3}}(?:{re.escape(grouping)}\d{{3}})+", whole) is not None
