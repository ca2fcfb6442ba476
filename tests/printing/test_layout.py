"""Lines on paper: nothing is lost, nothing overlaps, nothing reaches beyond the edge."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from pos_app.printing.layout import Grid, Laid, lay_line, lay_row, lay_table, wrap
from pos_app.printing.slip import Align, Line, Row, Table

WORDS = st.text("abcd efgh", max_size=120)
FIGURES = st.from_regex(r"-?[0-9]{1,3}(,[0-9]{3}){0,3}\.[0-9]{2}( EUR)?", fullmatch=True)
LIMITS = st.sampled_from([16, 21, 24, 32, 42, 48])


def columns(limit: int) -> Grid:
    return Grid(limit, 1, len)


def check_no_overlap(laid: list[Laid], limit: int) -> None:
    for line in laid:
        ends = [(piece.at, piece.at + len(piece.text)) for piece in line]
        assert all(0 <= start <= end <= limit for start, end in ends)
        assert all(before < start for (_, before), (start, _) in itertools.pairwise(ends))


@given(WORDS, LIMITS)
def test_wrapping_keeps_every_letter_in_order(text: str, limit: int) -> None:
    wrapped = list(wrap(text, limit, len))
    assert all(len(line) <= limit for line in wrapped)
    assert "".join(wrapped).replace(" ", "") == text.replace(" ", "")


@given(WORDS, FIGURES, LIMITS, st.integers(0, 4), st.integers(0, 3))
def test_a_name_never_touches_its_amount(
    text: str, figure: str, limit: int, indent: int, tail: int
) -> None:
    row = Row(text, figure, indent=indent, tail="A" * max(tail - 1, 0), tail_columns=tail)
    laid = lay_row(row, columns(limit))
    check_no_overlap(laid, limit)
    assert sum(piece.text == figure for line in laid for piece in line) == (len(figure) <= limit)


@given(WORDS, LIMITS, st.sampled_from(list(Align)))
def test_a_line_stays_on_the_paper(text: str, limit: int, align: Align) -> None:
    check_no_overlap(lay_line(Line(text, align), columns(limit)), limit)


@given(st.lists(st.tuples(WORDS, FIGURES, FIGURES, FIGURES), min_size=1, max_size=4), LIMITS)
def test_a_table_stands_or_is_stacked(rows: list[tuple[str, str, str, str]], limit: int) -> None:
    laid = lay_table(Table((("", "Net", "Tax", "Gross"), *rows)), columns(limit))
    check_no_overlap(laid, limit)
    shown = [piece.text for line in laid for piece in line]
    for row in rows:
        assert all(figure in shown for figure in row[1:] if len(figure) <= limit - 2)


def test_figures_end_in_one_column() -> None:
    rows = (("", "Net", "Tax"), ("7%", "1.00", "0.07"), ("19%", "1,234.56", "234.57"))
    laid = lay_table(Table(rows), columns(32))
    assert len({line[-1].at + len(line[-1].text) for line in laid}) == 1
    assert {piece.at + len(piece.text) for line in laid for piece in line[-1:]} == {32}
