"""What the two lines of twenty characters show, read back by a glass that knows only its manual."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.printing.pole_display import (
    CODE_PAGES,
    NoSuchPoleCodePage,
    PoleLine,
    begin,
    check_code_page,
    glass,
)
from tests.simulators.pole import PoleGlass


def seen(upper: PoleLine, lower: PoleLine | None = None, page: str = "") -> tuple[str, str]:
    pole = PoleGlass()
    pole.hear(begin(page) + glass(upper, lower or PoleLine(), page))
    assert pole.strange == b""
    return pole.lines


@pytest.mark.parametrize(
    ("line", "page", "shown"),
    [
        (PoleLine("Milk", "1.19"), "", "Milk            1.19"),
        (PoleLine("A very long name of something", "12.30"), "", "A very long na 12.30"),
        (PoleLine("A very long name of something"), "", "A very long name of "),
        (PoleLine("Total", "€1,234.50"), "", "Total    EUR1,234.50"),
        (PoleLine("Total", "€1,234.50"), "CP858", "Total      €1,234.50"),
        (PoleLine("Käse «Brie»", "−0,50"), "", 'Kaese "Brie"   -0,50'),
        (PoleLine("Käse «Brie»", "−0,50"), "CP437", "Käse «Brie»    -0,50"),
        (PoleLine("Żółć", "1"), "CP852", "Żółć               1"),
        (PoleLine("Żółć", "1"), "CP1252", "Zólc               1"),
        (PoleLine("Молоко", "1"), "CP866", "Молоко             1"),
        (PoleLine("Молоко", "1", "#3"), "CP858", "#3                 1"),
        (PoleLine("المجموع", "16.44", "Total"), "CP858", "Total          16.44"),
        (PoleLine("خبز", "2"), "", "                   2"),
        (PoleLine("Tea 绿茶 500 ml", "2"), "", "Tea ?? 500 ml      2"),
        (PoleLine("x", "1" * 30), "", "1" * 20),
        (PoleLine("\x1b@\x0c\x1b[H", "\x0b1"), "", "?@ ?[H             1"),
        (PoleLine("ﬁne ½ cup…", ""), "", "fine 1/2 cup...     "),
    ],
)
def test_a_line_fits_and_is_legible(line: PoleLine, page: str, shown: str) -> None:
    assert seen(line, page=page)[0] == shown


def test_both_lines_stand_where_they_belong() -> None:
    assert seen(PoleLine("Milk", "1.19"), PoleLine("Total", "2.38")) == (
        "Milk            1.19",
        "Total           2.38",
    )


def test_the_next_glass_writes_over_the_one_before() -> None:
    pole = PoleGlass()
    pole.hear(begin() + glass(PoleLine("Something long here!"), PoleLine("Total", "10.00")))
    pole.hear(glass(PoleLine("Tea"), PoleLine("Total", "9.00")))
    assert pole.lines == ("Tea                 ", "Total           9.00")
    assert pole.wiped == 2  # by ESC @ and CLR at the beginning, and never while it sells


TEXT = st.text(max_size=60)


@given(TEXT, TEXT, TEXT, st.sampled_from(["", *CODE_PAGES]))
def test_no_text_is_ever_a_command_of_the_display(
    left: str, right: str, instead: str, page: str
) -> None:
    line = PoleLine(left, right, instead)
    sent = glass(line, line, page)
    assert len(sent) == 41
    assert min(sent[1:]) >= 0x20
    assert 0x7F not in sent
    seen(line, line, page)


def test_a_table_that_no_display_has_is_refused() -> None:
    for page in ("", *CODE_PAGES):
        check_code_page(page)
    with pytest.raises(NoSuchPoleCodePage):
        check_code_page("UTF-8")
