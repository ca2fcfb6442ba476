"""The table of a document: columns as wide as they need, rows over pages, totals carried."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pos_app.domain.money import Money
from pos_app.printing.amounts import Writing
from pos_app.printing.document_flow import BODY, SMALL, TINY, Flow, baseline
from pos_app.printing.document_page import Align, Column, Row, Table
from pos_app.printing.document_sheet import FAINT, INK, MM, QUIET, Colour
from pos_app.printing.document_text import Piece, set_lines, set_text
from pos_app.printing.document_words import word

_GAP = 3.2 * MM  # Between two columns.
_HEAD_PAD = 1.1 * MM
_HEAD_MOST = 17 * MM
_MOST = 34 * MM  # No column but the growing one is wider.
_LEAST_GROWING = 48 * MM
_RULE, _HAIRLINE = 0.9, 0.35


@dataclass(frozen=True, slots=True)
class Band:
    """One line of a row's text: pieces with the number of their column, and how they look."""

    pieces: tuple[tuple[int, Piece], ...]
    height: float
    size: float = BODY
    colour: Colour = INK


@dataclass(frozen=True, slots=True)
class Carrying:
    """What carried totals are written with: language, figures and currency."""

    language: str
    writing: Writing


@dataclass(frozen=True, slots=True)
class Grid:
    """A table's columns with the span that each has on the page."""

    columns: tuple[Column, ...]
    spans: tuple[tuple[float, float], ...]
    heads: tuple[tuple[Piece, ...], ...]

    @property
    def growing(self) -> int:
        """The number of the column that takes the room."""
        return next((n for n, column in enumerate(self.columns) if column.grows), 0)


def draw_table(flow: Flow, table: Table, carrying: Carrying, together: float) -> None:
    """Draw a table; the last row stays on one page with what needs `together` points after it.

    Where rows have amounts, a page that ends in between shows what is carried forward, and the
    next begins with it.
    """
    grid = grid_of(table, flow.span, _most_carried(table, carrying))
    total = table.opening
    flow.keep(_head_height(grid, flow) + 3 * _line(flow))
    _draw_head(flow, grid)
    is_first = True
    for number, row in enumerate(table.rows):
        is_last = number == len(table.rows) - 1
        bands = _bands(row, grid, flow)
        carried = _carried_height(flow) if total is not None or row.amount is not None else 0
        after = together if is_last else carried
        if not is_first and not _fits(flow, bands, after):
            _turn(flow, grid, carrying, total)
        if row.amount is not None:
            total = row.amount if total is None else total + row.amount
        _draw_row(flow, grid, bands, carrying, (carried, total))
        is_first = False
    flow.sheet.fill(flow.span, flow.y - _HAIRLINE, _RULE, flow.look.accent)


def grid_of(table: Table, span: tuple[float, float], least_last: float = 0) -> Grid:
    """Give each column the width of its widest text, and the growing one what is left.

    The last one is at least `least_last` points wide.
    """
    heads = [_head_width(column.label) for column in table.columns]
    widths = [
        min(max(_widest(table.rows, number), heads[number]), _MOST)
        for number in range(len(table.columns))
    ]
    widths[-1] = max(widths[-1], least_last)
    growing = next((n for n, column in enumerate(table.columns) if column.grows), 0)
    widths[growing] = 0
    left = span[1] - span[0] - _GAP * (len(widths) - 1) - sum(widths)
    if left < _LEAST_GROWING:
        others = sum(widths)
        scale = max((others - (_LEAST_GROWING - left)) / others, 0.3)
        widths = [width * scale for width in widths]
        left = span[1] - span[0] - _GAP * (len(widths) - 1) - sum(widths)
    widths[growing] = left
    spans, x = [], span[0]
    for width in widths:
        spans.append((x, x + width))
        x += width + _GAP
    labels = tuple(
        set_lines(column.label, "strong", (end - start) / TINY + 0.01)
        for column, (start, end) in zip(table.columns, spans, strict=True)
    )
    return Grid(table.columns, tuple(spans), labels)


def _most_carried(table: Table, carrying: Carrying) -> float:
    """Return how wide a carried total can be: as the largest one that is written."""
    amounts = [row.amount for row in table.rows if row.amount is not None]
    if not amounts:
        return 0
    most = Money(sum(abs(amount.minor) for amount in amounts), amounts[0].currency)
    return set_text(carrying.writing.money(most), "strong").width * BODY + 0.01


def _widest(rows: Sequence[Row], number: int) -> float:
    return max((set_text(row.cells[number]).width for row in rows), default=0) * BODY + 0.01


def _head_width(label: str) -> float:
    """Return how wide a head is: in one line where it is short, else as its longest word."""
    whole = set_text(label, "strong").width * TINY
    if whole <= _HEAD_MOST:
        return whole + 0.02
    return (
        max((set_text(part, "strong").width for part in label.split(" ")), default=0) * TINY + 0.1
    )


def _bands(row: Row, grid: Grid, flow: Flow) -> list[Band]:
    """Return a row as lines of text: its cells beside each other, then what stands below."""
    line = _line(flow)
    cells = [
        set_lines(text, "regular", (end - start) / BODY + 0.001)
        for text, (start, end) in zip(row.cells, grid.spans, strict=True)
    ]
    count = max(map(len, cells), default=1)
    bands = [
        Band(tuple((n, cell[at]) for n, cell in enumerate(cells) if at < len(cell)), line)
        for at in range(count)
    ]
    if row.below:
        bands += _below(row.below, grid, flow)
    return bands


def _below(text: str, grid: Grid, flow: Flow) -> Iterator[Band]:
    start, end = grid.spans[grid.growing]
    for piece in set_lines(text, "regular", (end - start) / SMALL):
        height = SMALL * flow.look.leading
        yield Band(((grid.growing, piece),), height, SMALL, QUIET)


def _fits(flow: Flow, bands: Sequence[Band], after: float) -> bool:
    """Tell whether a row has its place here: whole, or its beginning where no page holds it."""
    height = _height(flow, bands)
    if height + after <= flow.room:
        return True
    is_too_high = height + after > flow.whole - 4 * _line(flow)
    return is_too_high and flow.room > 6 * _line(flow) + after


def _draw_row(
    flow: Flow,
    grid: Grid,
    bands: Sequence[Band],
    carrying: Carrying,
    carried: tuple[float, Money | None],
) -> None:
    pad = flow.look.row_pad
    flow.y += pad
    for band in bands:
        if flow.room < band.height + pad + carried[0]:
            _turn(flow, grid, carrying, carried[1])
            flow.y += pad
        below = flow.y + baseline(band.size, band.height)
        for number, piece in band.pieces:
            align = grid.columns[number].align
            flow.sheet.put(piece, grid.spans[number], below, band.size, band.colour, align)
        flow.y += band.height
    flow.y += pad
    flow.sheet.fill(flow.span, flow.y - _HAIRLINE, _HAIRLINE, FAINT)


def _turn(flow: Flow, grid: Grid, carrying: Carrying, total: Money | None) -> None:
    if total is not None:
        _draw_carried(flow, grid, carrying, ("carried_forward", total))
    flow.turn()
    _draw_head(flow, grid)
    if total is not None:
        _draw_carried(flow, grid, carrying, ("brought_forward", total))
        flow.sheet.fill(flow.span, flow.y - _HAIRLINE, _HAIRLINE, FAINT)


def _draw_carried(flow: Flow, grid: Grid, carrying: Carrying, told: tuple[str, Money]) -> None:
    line = _line(flow)
    key, total = told
    below = flow.y + flow.look.row_pad + baseline(BODY, line)
    name = set_text(word(carrying.language, key), "strong")
    amount = set_text(carrying.writing.money(total), "strong")
    start, _ = last = grid.spans[-1]
    flow.sheet.put_at_end(name, (flow.left, start - _GAP), below, BODY, QUIET)
    flow.sheet.put(amount, last, below, BODY, INK, Align.FIGURE)
    flow.y += _carried_height(flow)


def _draw_head(flow: Flow, grid: Grid) -> None:
    height = TINY * flow.look.leading
    most = max(map(len, grid.heads), default=1)
    for column, span, lines in zip(grid.columns, grid.spans, grid.heads, strict=True):
        for number, piece in enumerate(lines):
            top = flow.y + (most - len(lines) + number) * height
            below = top + baseline(TINY, height)
            flow.sheet.put(piece, span, below, TINY, flow.look.accent_ink, column.align)
    flow.y += _head_height(grid, flow)
    flow.sheet.fill(flow.span, flow.y - _RULE, _RULE, flow.look.accent)


def _head_height(grid: Grid, flow: Flow) -> float:
    return max(map(len, grid.heads), default=1) * TINY * flow.look.leading + _HEAD_PAD


def _carried_height(flow: Flow) -> float:
    return _line(flow) + 2 * flow.look.row_pad


def _height(flow: Flow, bands: Sequence[Band]) -> float:
    return sum(band.height for band in bands) + 2 * flow.look.row_pad


def _line(flow: Flow) -> float:
    return BODY * flow.look.leading
