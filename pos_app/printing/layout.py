"""Puts texts and figures on lines: the same arithmetic for columns of letters and for dots."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pos_app.printing.slip import Align, Line, Row, Table

Width = Callable[[str], int]


@dataclass(frozen=True, slots=True)
class Grid:
    """What a line is measured in: its width, one column's width, and how wide a text comes out.

    In columns of letters `column` is 1; drawn lines are measured in dots.
    """

    limit: int
    column: int
    width: Width


@dataclass(frozen=True, slots=True)
class Piece:
    """A text and how far from the line's start it stands."""

    text: str
    at: int


Laid = tuple[Piece, ...]


def lay_line(line: Line, grid: Grid) -> list[Laid]:
    """Wrap a text and put it at the start or in the middle."""
    indent = line.indent * grid.column
    laid: list[Laid] = []
    for text in wrap(line.text, grid.limit - indent, grid.width):
        free = max(grid.limit - indent - grid.width(text), 0)
        laid.append((Piece(text, indent + (free // 2 if line.align is Align.CENTRE else 0)),))
    return laid


def lay_row(row: Row, grid: Grid) -> list[Laid]:
    """Put the figure at the far edge and wrap the text beside it, or above where room is short."""
    edge = grid.limit - row.tail_columns * grid.column
    indent = row.indent * grid.column
    figure_at = edge - grid.width(row.figure)
    room = figure_at - indent - grid.column
    longest = max(grid.width(word) for word in row.text.split(" "))
    # A word that the whole line holds is not broken for the figure's sake.
    least = longest if longest <= grid.limit - indent else min(edge // 3, grid.width(row.text))
    if row.figure and room < max(least, min(edge // 3, grid.width(row.text))):
        figures = [_ended(row, (), edge, grid)] if figure_at >= 0 else _broken(row.figure, grid)
        return [*_texts(row.text, indent, grid.limit, grid), *figures]
    first, *others = _texts(row.text, indent, indent + room, grid) or [()]
    return [_ended(row, first, edge, grid), *others]


def lay_table(table: Table, grid: Grid) -> list[Laid]:
    """Put each column's figures under each other at their right, or stack where room is short."""
    columns = list(zip(*table.rows, strict=True))
    widths = [max(grid.width(text) for text in column) for column in columns]
    free = grid.limit - sum(widths)
    gaps = len(widths) - 1
    if free < gaps * grid.column:
        return _stacked(table, grid)
    laid = []
    # Figures share the room evenly, so that the table reaches both edges.
    edges = [grid.limit - sum(widths[i + 1 :]) - free * (gaps - i) // gaps for i in range(gaps + 1)]
    for row in table.rows:
        figures = zip(row[1:], edges[1:], strict=True)
        pieces = [Piece(text, edge - grid.width(text)) for text, edge in figures if text]
        laid.append((Piece(row[0], 0), *pieces))
    return laid


def wrap(text: str, limit: int, width: Width) -> Iterator[str]:
    """Break a text at spaces into lines of at most `limit`; a longer word is broken anywhere."""
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if width(longer) <= limit:
            line = longer
            continue
        if line:
            yield line
        *full, line = _pieces(word, limit, width)
        yield from full
    if line:
        yield line


def _pieces(word: str, limit: int, width: Width) -> list[str]:
    """Cut a word so that each part fits; every part has at least one character."""
    parts = [""]
    for char in word:
        if parts[-1] and width(parts[-1] + char) > limit:
            parts.append(char)
        else:
            parts[-1] += char
    return parts


def _texts(text: str, start: int, end: int, grid: Grid) -> list[Laid]:
    return [(Piece(part, start),) for part in wrap(text, end - start, grid.width)]


def _ended(row: Row, first: Laid, edge: int, grid: Grid) -> Laid:
    """Put figure and tail at the end of a row's first line."""
    pieces = [*first]
    if row.figure:
        pieces.append(Piece(row.figure, edge - grid.width(row.figure)))
    if row.tail:
        pieces.append(Piece(row.tail, edge + grid.column))
    return tuple(pieces)


def _broken(figure: str, grid: Grid) -> list[Laid]:
    """Break a figure that no line can hold; better that than to lose its end."""
    parts = wrap(figure, grid.limit, grid.width)
    return [(Piece(part, max(grid.limit - grid.width(part), 0)),) for part in parts]


def _stacked(table: Table, grid: Grid) -> list[Laid]:
    """Each figure on its own line under the row's name, with the column's heading beside it."""
    heading, *rows = table.rows
    laid: list[Laid] = []
    for row in rows:
        laid += _texts(row[0], 0, grid.limit, grid)
        for name, figure in zip(heading[1:], row[1:], strict=True):
            laid += lay_row(Row(name, figure, indent=2), grid)
    return laid
