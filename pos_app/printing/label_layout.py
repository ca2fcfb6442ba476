"""Puts everything on a label of a given size; sheets, label printers and previews draw the same.

All measures are in points (1/72 inch), counted from the label's upper left corner.
"""

from dataclasses import dataclass, replace

from pos_app.printing.label import Label
from pos_app.printing.label_symbol import QUIET_ZONES, Symbol, Symbology, bars, matrix
from pos_app.printing.label_type import Box, SetLine, set_line, set_lines
from pos_app.printing.printable import is_right_to_left

MM = 72 / 25.4
_GAP = 1.5 * MM
# GS1 General Specifications 5.2.6.6: 0.33 mm a module at 100 %, 80 % at the least. Two dots of a
# printer of 203 dpi are 0.25 mm, which such printers print everywhere.
_MODULE, _SMALL_MODULE, _LEAST_MODULE, _LEAST_CODE128 = 0.33 * MM, 0.264 * MM, 0.249 * MM, 0.19 * MM
_QR_MODULE, _LEAST_QR_MODULE = 0.5 * MM, 0.17 * MM
_TALLEST_BARS, _TALLEST_SHELF_BARS = 15 * MM, 9 * MM
_CAPTION_PT, _INFO_PT, _UNIT_PRICE_PT, _NAME_PT, _PRICE_PT = 7.0, 6.0, 9.0, 14.0, 64.0
_LINE = 1.25  # A small line's height in parts of its size.
_GOOD_PRICE_PT = 14.0


@dataclass(frozen=True, slots=True)
class LabelArea:
    """The paper of one label, and what of it stays empty at the sides and at top and bottom.

    A label printer's bars are whole dots of `dot` points.
    """

    width: float
    height: float
    inset: tuple[float, float]
    is_shelf: bool = False
    dot: float = 0


@dataclass(frozen=True, slots=True)
class LaidSymbol:
    """A barcode in its place: `left` of its first dark module, `module` wide each."""

    symbol: Symbol
    left: float
    top: float
    module: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class LaidLabel:
    """A label with everything in its place."""

    width: float
    height: float
    lines: tuple[SetLine, ...]
    symbol: LaidSymbol | None = None


def lay_label(label: Label, area: LabelArea) -> LaidLabel:
    """Place a label's texts and its barcode; nothing overlaps and nothing leaves the label.

    The price stands beside the barcode or above it, where the label reads better. Bars that are
    too wide for the label become a QR code, and what no label can hold is left out.
    """
    side, top = area.inset
    inner = Box(side, top, area.width - 2 * side, area.height - 2 * top)
    ways = (_beside(label, inner, area), _stacked(label, inner, area))
    fitting = [way for way in ways if way is not None]
    if not fitting:
        return _with_qr(label, inner, area)
    laid = max(fitting, key=lambda way: _legibility(label, way))
    return _mirrored(laid) if label.is_mirrored else laid


def _with_qr(label: Label, inner: Box, area: LabelArea) -> LaidLabel:
    """Put a QR code where the bars are too wide, as high as the label where it holds much."""
    if label.symbol is not None and label.symbol.symbology is not Symbology.QR:
        return lay_label(replace(label, symbol=Symbol(Symbology.QR, label.symbol.text)), area)
    symbol = _fitted(label.symbol, replace(inner, width=inner.width / 2), 0, area.dot)
    if symbol is None:
        return lay_label(replace(label, symbol=None), area)
    symbol = replace(symbol, left=inner.left, top=inner.top + (inner.height - symbol.height) / 2)
    left = inner.left + symbol.width + _GAP
    column = replace(inner, left=left, width=inner.left + inner.width - left)
    name = replace(column, height=column.height * 0.45)
    figures = replace(column, top=name.bottom + 1, height=column.bottom - name.bottom - 1)
    lines = (*_name(label, name), *_prices(label, figures, _info(label, symbol)))
    laid = LaidLabel(area.width, area.height, lines, _inside(symbol))
    return _mirrored(laid) if label.is_mirrored else laid


def _legibility(label: Label, laid: LaidLabel) -> float:
    """Weigh how large price and name come out: the price counts twice, beyond need nothing."""
    price = max((line.size for line in laid.lines if line.text == label.price), default=0)
    return 2 * min(price, _GOOD_PRICE_PT) + laid.lines[0].size


def _beside(label: Label, inner: Box, area: LabelArea) -> LaidLabel | None:
    """Name above; barcode at the start below it, price at the end; None where that is too wide."""
    band = inner.height * (0.62 if area.is_shelf else 0.52)
    most = inner.width * (0.5 if area.is_shelf else 0.68)
    tallest = _TALLEST_SHELF_BARS if area.is_shelf else _TALLEST_BARS
    symbol = _fitted(label.symbol, Box(0, 0, most, band), tallest, area.dot)
    if label.symbol is not None and symbol is None:
        return None
    taken = 0.0
    if symbol is not None:
        # The label's empty edge serves the bars' quiet zone too: they begin where the name does.
        quiet = QUIET_ZONES[symbol.symbol.symbology][0] * symbol.module
        left = inner.left - min(quiet, inner.left)
        taken = left + symbol.width + _GAP - inner.left
        top = inner.bottom - symbol.height - _caption_height(symbol)
        symbol = replace(symbol, left=left, top=top)
    column = Box(inner.left + taken, inner.bottom - band, inner.width - taken, band)
    lines = [*_caption(symbol), *_prices(label, column, _info(label, symbol))]
    name = Box(inner.left, inner.top, inner.width, inner.height - band - 1)
    return LaidLabel(area.width, area.height, (*_name(label, name), *lines), _inside(symbol))


def _stacked(label: Label, inner: Box, area: LabelArea) -> LaidLabel | None:
    """Name, price and barcode below each other, for narrow labels; None where it is too wide."""
    room = Box(0, 0, inner.width, inner.height * 0.34 + _CAPTION_PT * _LINE)
    symbol = _fitted(label.symbol, room, _TALLEST_BARS, area.dot)
    if label.symbol is not None and symbol is None:
        return None
    bottom = inner.bottom
    if symbol is not None:
        left = inner.left + (inner.width - symbol.width) / 2
        bottom -= symbol.height + _caption_height(symbol)
        symbol = replace(symbol, left=left, top=bottom)
    lines = list(_caption(symbol))
    high = inner.height * 0.24
    figures = Box(inner.left, bottom - high, inner.width, high)
    lines += _price_row(label, figures, _info(label, symbol))
    name = Box(inner.left, inner.top, inner.width, figures.top - inner.top - 1)
    return LaidLabel(area.width, area.height, (*_name(label, name), *lines), _inside(symbol))


def _name(label: Label, box: Box) -> tuple[SetLine, ...]:
    at_right = is_right_to_left(label.name) and not label.is_mirrored
    return set_lines(label.name, box, _NAME_PT, bold=True, at=1 if at_right else 0)


def _prices(label: Label, column: Box, info: str) -> list[SetLine]:
    """Price, price per kilogram and small print, one below the other at the far edge."""
    lines = []
    bottom = column.bottom
    small = ((info, min(_INFO_PT, column.height * 0.16)),
             (label.unit_price, min(_UNIT_PRICE_PT, column.height * 0.2)))  # fmt: skip
    for text, size in small:
        if text:
            height = size * _LINE
            bottom -= height
            box = Box(column.left, bottom, column.width, height)
            lines.append(set_line(text, box, size, at=1))
    if label.price:
        box = Box(column.left, column.top, column.width, bottom - column.top)
        lines.append(set_line(label.price, box, _PRICE_PT, bold=True, at=1))
    return lines


def _price_row(label: Label, box: Box, info: str) -> list[SetLine]:
    """The price at the start, price per kilogram and small print at the end of a row."""
    if not label.price:
        return [set_line(info, box, _INFO_PT)] if info else []
    wide = 0.64 if info or label.unit_price else 1.0
    price = set_line(label.price, replace(box, width=box.width * wide), _PRICE_PT, bold=True)
    left = price.left + price.width + _GAP
    beside = replace(box, left=left, width=box.left + box.width - left)
    rows = [text for text in (label.unit_price, info) if text]
    high = box.height / max(len(rows), 1)
    return [
        price,
        *(
            set_line(text, replace(beside, top=box.top + place * high, height=high), _INFO_PT, at=1)
            for place, text in enumerate(rows)
        ),
    ]


def _info(label: Label, symbol: LaidSymbol | None) -> str:
    """The small print: own code where the line below the bars does not say it, and date."""
    has_caption = symbol is not None and symbol.symbol.symbology is not Symbology.QR
    told = symbol.symbol.text if has_caption and symbol is not None else ""
    own = "" if label.code == told else label.code
    return "  ".join(part for part in (own, label.date) if part)


def _caption(symbol: LaidSymbol | None) -> tuple[SetLine, ...]:
    """What the bars hold, below them, for people who have to key it in."""
    if symbol is None or not _caption_height(symbol):
        return ()
    top = symbol.top + symbol.height
    box = Box(symbol.left, top, symbol.width, _caption_height(symbol))
    return (set_line(symbol.symbol.text, box, _CAPTION_PT, at=0.5),)


def _caption_height(symbol: LaidSymbol) -> float:
    return 0.0 if symbol.symbol.symbology is Symbology.QR else _CAPTION_PT * _LINE


def _fitted(symbol: Symbol | None, room: Box, tallest: float, dot: float) -> LaidSymbol | None:
    """Size a barcode with its quiet zones; None where it does not fit."""
    if symbol is None:
        return None
    if symbol.symbology is Symbology.QR:
        return _fitted_qr(symbol, room, dot)
    modules = len(bars(symbol)) + sum(QUIET_ZONES[symbol.symbology])
    # At 80 % already bars read well, and what they leave goes to the price.
    wanted = _SMALL_MODULE if room.width < modules * _MODULE * 1.3 else _MODULE
    most = room.width / modules
    module = _whole_dots(min(wanted, most), dot, most)
    if module < (_LEAST_CODE128 if symbol.symbology is Symbology.CODE128 else _LEAST_MODULE):
        return None
    height = min(room.height - _CAPTION_PT * _LINE, tallest)
    return LaidSymbol(symbol, 0, 0, module, module * modules, height)


def _fitted_qr(symbol: Symbol, room: Box, dot: float) -> LaidSymbol | None:
    modules = len(matrix(symbol)) + sum(QUIET_ZONES[Symbology.QR])
    most = min(room.width, room.height) / modules
    module = _whole_dots(min(_QR_MODULE, most), dot, most)
    if module < _LEAST_QR_MODULE:
        return None
    return LaidSymbol(symbol, 0, 0, module, module * modules, module * modules)


def _whole_dots(wanted: float, dot: float, most: float) -> float:
    """Round a module to whole dots of the printer, up where there is room, else down."""
    if not dot:
        return wanted
    dots = round(wanted / dot)
    return (dots if dots * dot <= most else int(most / dot)) * dot


def _inside(symbol: LaidSymbol | None) -> LaidSymbol | None:
    """Take the quiet zone off: what is drawn begins with the first dark module."""
    if symbol is None:
        return None
    before, after = QUIET_ZONES[symbol.symbol.symbology]
    left, width = before * symbol.module, (before + after) * symbol.module
    if symbol.symbol.symbology is not Symbology.QR:
        return replace(symbol, left=symbol.left + left, width=symbol.width - width)
    return replace(
        symbol, left=symbol.left + left, top=symbol.top + left,
        width=symbol.width - width, height=symbol.height - width,
    )  # fmt: skip


def _mirrored(laid: LaidLabel) -> LaidLabel:
    """Turn a label's sides round for languages that run from right to left."""
    lines = tuple(
        replace(line, left=laid.width - line.left - line.width) for line in laid.lines
    )  # fmt: skip
    symbol = laid.symbol
    if symbol is not None:
        symbol = replace(symbol, left=laid.width - symbol.left - symbol.width)
    return replace(laid, lines=lines, symbol=symbol)
