"""Text from outside loses everything that a printer or a reader could take for a command."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.printing.printable import is_right_to_left, printable


@given(st.text())
def test_no_control_character_survives(text: str) -> None:
    allowed = {"\u200c", "\u200d"}
    categories = {unicodedata.category(c) for c in printable(text) if c not in allowed}
    assert not categories & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert printable(printable(text)) == printable(text)


@given(st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E)))
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert printable(text) == text


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("\x1b@Reset", "?@Reset"),
        ("\x1dV\x00cut", "?V?cut"),
        ("\x10\x14\x01\x00\x01 kick", "????? kick"),
        ("two\nlines\tand tab", "two lines and tab"),
        ("a\u202ecod.exe", "acod.exe"),
        ("no\u200b\ufeffwidth", "nowidth"),
        ("lone \ud800 half", "lone ? half"),
        ("cafe\u0301", "café"),
        ("c1 \x9b31m", "c1 ?31m"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("a\u200cb", "ab"),
        ("   ", ""),
    ],
)
def test_what_becomes_of_it(text: str, clean: str) -> None:
    assert printable(text) == clean


def test_an_endless_name_is_cut() -> None:
    assert len(printable("x" * 100_000)) == 600
    assert printable("x" * 100_000, 10) == "xxxxxxx..."


def test_direction_is_found_by_letters() -> None:
    assert is_right_to_left("قهوة 2")
    assert not is_right_to_left("-12.50")
