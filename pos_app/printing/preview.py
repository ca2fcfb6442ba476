"""Draws on screen what a printer will put on paper, from the very bytes that it will get."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from io import BytesIO

import segno
from PIL import Image, ImageDraw, ImageFont

from pos_app.assets import resource
from pos_app.domain.shop import PrinterSettings
from pos_app.printing.escpos_reader import LINE_FEED, TEXT, Command, read_job
from pos_app.printing.printer_profile import Paper, page_characters, paper_of

_DOTS = Image.Resampling.NEAREST  # A printer repeats dots, it draws no greys.
_PAPER, _INK = 252, 24  # Thermal paper is not quite white, nor its print quite black.
_MARGIN_PX = 28
_LINE_PX = 30
_BASELINE_PX = 22
_SMALL_LETTER_PX = 9  # Font B of every receipt printer; its letters are 17 dots high.
_SMALL_BASELINE_PX = 17
_UNDERLINE_PX = 25
_DASH_PX = 12
_UNDEFINED = " "  # What a printer leaves for a byte that its code page does not define.
_BLANK_END_PX = 24
_CUT_EDGE_PX = 6
_QR_LEVELS = {48: "l", 49: "m", 50: "q", 51: "h"}
_QR_STORE, _QR_PRINT, _QR_SIZE, _QR_LEVEL = 80, 81, 67, 69


def receipt_image(payload: bytes, printer: PrinterSettings) -> bytes:
    """Return a PNG of what `printer` will draw for a job, with the paper's margin around it.

    Raises NotOurCommand for bytes that no receipt of ours holds.
    """
    image = receipt_picture(payload, printer)
    png = BytesIO()
    image.save(png, "PNG", compress_level=1)
    return png.getvalue()


def receipt_picture(payload: bytes, printer: PrinterSettings) -> Image.Image:
    """Return the same picture as grey dots, one for each of the printer's."""
    sheet = _Sheet(paper_of(printer))
    for command in read_job(payload):
        sheet.take(command)
    return sheet.picture()


@dataclass(frozen=True, slots=True)
class _Style:
    """How the letters that follow look; `wide` and `high` are how many times as large."""

    wide: int = 1
    high: int = 1
    bold: bool = False
    underlined: bool = False
    reversed: bool = False
    small: bool = False


_PLAIN = _Style()


@dataclass(slots=True)
class _Sheet:
    """The paper as it comes out: strips from top to bottom, and the state that commands leave."""

    paper: Paper
    strips: list[Image.Image] = field(default_factory=list)
    line: list[tuple[str, _Style]] = field(default_factory=list)
    used_px: int = 0
    page: int = 0
    style: _Style = _PLAIN
    spacing_px: int = _LINE_PX
    align: int = 0
    qr_data: bytes = b""
    qr_module_px: int = 3
    qr_level: str = "l"
    cuts: list[int] = field(default_factory=list)

    def take(self, command: Command) -> None:
        """Do what one command says; what leaves no mark on paper is passed over."""
        if command.name == TEXT:
            self._put(self._decoded(command.data))
        elif command.name == LINE_FEED:
            self._end_line()
        elif command.name in _MARKS:
            _MARKS[command.name](self, command.data)

    def reset(self, _data: bytes) -> None:
        """Go back to plain letters (ESC @)."""
        self.style, self.align, self.page, self.spacing_px = _PLAIN, 0, 0, _LINE_PX

    def turn_page(self, data: bytes) -> None:
        """Choose a code page by its number (ESC t)."""
        self.page = data[0]

    def embolden(self, data: bytes) -> None:
        """Switch bold letters on or off (ESC E)."""
        self.style = replace(self.style, bold=bool(data[0] & 1))

    def underline(self, data: bytes) -> None:
        """Switch a line under the letters on or off (ESC -)."""
        self.style = replace(self.style, underlined=bool(data[0] & 3))

    def invert(self, data: bytes) -> None:
        """Switch white letters on black on or off (GS B)."""
        self.style = replace(self.style, reversed=bool(data[0] & 1))

    def choose_font(self, data: bytes) -> None:
        """Choose font A or the smaller font B (ESC M)."""
        self.style = replace(self.style, small=bool(data[0] & 1))

    def choose_mode(self, data: bytes) -> None:
        """Choose font, weight, size and underline at once (ESC !)."""
        bits = data[0]
        self.style = replace(
            self.style,
            small=bool(bits & 0x01),
            bold=bool(bits & 0x08),
            high=2 if bits & 0x10 else 1,
            wide=2 if bits & 0x20 else 1,
            underlined=bool(bits & 0x80),
        )

    def space(self, data: bytes) -> None:
        """Set how far lines stand apart, in dots (ESC 3; ESC 2 as at first)."""
        self.spacing_px = data[0] if data else _LINE_PX

    def resize(self, data: bytes) -> None:
        """Set how many times as wide and high letters are (GS !)."""
        wide, high = ((data[0] >> 4) & 7) + 1, (data[0] & 7) + 1
        self.style = replace(self.style, wide=wide, high=high)

    def place(self, data: bytes) -> None:
        """Set where lines stand: left, middle, right (ESC a)."""
        self.align = data[0] % 48

    def feed(self, data: bytes) -> None:
        """Let empty lines pass (ESC d)."""
        self._feed(_LINE_PX * data[0])

    def feed_dots(self, data: bytes) -> None:
        """Print what is on the line and let dots pass (ESC J)."""
        if self.line:
            self._end_line()
        self._feed(data[0])

    def cut(self, _data: bytes) -> None:
        """Cut the paper (GS V)."""
        self.cuts.append(len(self.strips))

    def raster(self, data: bytes) -> None:
        """Put dots on paper (GS v 0: 0, mode, bytes across, dots down, dots)."""
        bytes_across = int.from_bytes(data[2:4], "little")
        height = int.from_bytes(data[4:6], "little")
        ink = bytes(byte ^ 0xFF for byte in data[6:])
        image = Image.frombytes("1", (bytes_across * 8, height), ink)
        strip = Image.new("1", (self.paper.dots, height), 1)
        strip.paste(image, ((self.paper.dots - image.width) * self.align // 2, 0))
        self.strips.append(strip)

    def code(self, data: bytes) -> None:
        """Set up, keep and print a QR code (GS ( k: k, length, 49, function, parameters)."""
        function, parameters = data[4], data[5:]
        if function == _QR_SIZE:
            self.qr_module_px = parameters[0]
        elif function == _QR_LEVEL:
            self.qr_level = _QR_LEVELS[parameters[0]]
        elif function == _QR_STORE:
            self.qr_data = parameters[1:]
        elif function == _QR_PRINT:
            self._print_qr()

    def picture(self) -> Image.Image:
        """Lay the strips under each other on a sheet with margins."""
        if self.line:
            self._end_line()
        is_cut = self.cuts[-1:] == [len(self.strips)]
        for place in reversed(self.cuts[:-1] if is_cut else self.cuts):
            self.strips.insert(place, _cut_edge(self.paper.dots))
        self._take_up_feed()
        height = sum(strip.height for strip in self.strips)
        size = (self.paper.dots + 2 * _MARGIN_PX, height + 2 * _MARGIN_PX)
        sheet = Image.new("L", size, _PAPER)
        top = _MARGIN_PX
        for strip in self.strips:
            grey = strip.convert("L").point(lambda value: _PAPER if value > 127 else _INK)
            sheet.paste(grey if strip.mode == "1" else strip, (_MARGIN_PX, top))
            top += strip.height
        if is_cut:
            _serrate(sheet)
        return sheet

    def _take_up_feed(self) -> None:
        """Leave out the empty paper that only brings the print past the cutter."""
        while self.strips and self.strips[-1].height > _BLANK_END_PX and _is_blank(self.strips[-1]):
            self.strips.pop()
        self._feed(_BLANK_END_PX)

    def _decoded(self, data: bytes) -> str:
        numbers = {number: name for name, number in self.paper.pages}
        upper = page_characters(numbers.get(self.page, "CP437"))
        shown = "".join(chr(byte) if byte < 0x80 else upper[byte - 0x80] for byte in data)
        return shown.replace("\ufffd", _UNDEFINED)

    def _put(self, text: str) -> None:
        """Put letters on the line; what has no room there goes on the next, as on paper."""
        width = self._cell(self.style) * self.style.wide
        while text:
            room = max((self._limit() - self.used_px) // width, 0)
            if not room and self.line:
                self._end_line()
                continue
            part, text = text[: max(room, 1)], text[max(room, 1) :]
            self.line.append((part, self.style))
            self.used_px += len(part) * width

    def _limit(self) -> int:
        return self.paper.columns * self.paper.cell_px

    def _cell(self, style: _Style) -> int:
        return min(_SMALL_LETTER_PX, self.paper.cell_px) if style.small else self.paper.cell_px

    def _end_line(self) -> None:
        high = max((style.high for _, style in self.line), default=1)
        spacing = self.spacing_px + _LINE_PX * (high - 1)
        strip = Image.new("L", (self.paper.dots, max(spacing, _LINE_PX * high)), _PAPER)
        left = (self.paper.dots - self.used_px) * self.align // 2
        for text, style in self.line:
            letters = _letters(text, self._cell(style), style)
            size = (letters.width * style.wide, letters.height * style.high)
            letters = letters.resize(size, _DOTS)
            strip.paste(letters, (left, _LINE_PX * high - letters.height))
            left += letters.width
        self.strips.append(strip)
        self.line, self.used_px = [], 0

    def _feed(self, dots: int) -> None:
        self.strips.append(Image.new("1", (self.paper.dots, dots), 1))

    def _print_qr(self) -> None:
        code = segno.make(self.qr_data, error=self.qr_level, micro=False, boost_error=False)
        rows = [bytes(255 * (not dark) for dark in row) for row in code.matrix_iter(border=0)]
        small = Image.frombytes("L", (len(rows), len(rows)), b"".join(rows))
        side = len(rows) * self.qr_module_px
        strip = Image.new("1", (self.paper.dots, side), 1)
        left = (self.paper.dots - side) * self.align // 2
        strip.paste(small.resize((side, side), _DOTS).convert("1"), (left, 0))
        self.strips.append(strip)


_MARKS: dict[bytes, Callable[[_Sheet, bytes], None]] = {
    b"\x1b@": _Sheet.reset,
    b"\x1bt": _Sheet.turn_page,
    b"\x1bE": _Sheet.embolden,
    b"\x1d!": _Sheet.resize,
    b"\x1ba": _Sheet.place,
    b"\x1bd": _Sheet.feed,
    b"\x1bJ": _Sheet.feed_dots,
    b"\x1b-": _Sheet.underline,
    b"\x1b!": _Sheet.choose_mode,
    b"\x1bM": _Sheet.choose_font,
    b"\x1b2": _Sheet.space,
    b"\x1b3": _Sheet.space,
    b"\x1dB": _Sheet.invert,
    b"\x1dV": _Sheet.cut,
    b"\x1dv": _Sheet.raster,
    b"\x1d(": _Sheet.code,
}


def _is_blank(strip: Image.Image) -> bool:
    low, _ = strip.convert("L").getextrema()
    return isinstance(low, int | float) and low >= _PAPER


def _cut_edge(dots: int) -> Image.Image:
    """Where the paper is cut and more follows."""
    edge = Image.new("L", (dots, _LINE_PX), _PAPER)
    pen = ImageDraw.Draw(edge)
    for left in range(0, dots, 2 * _DASH_PX):
        pen.line((left, _LINE_PX // 2, left + _DASH_PX, _LINE_PX // 2), 150, 2)
    return edge


def _letters(text: str, cell_px: int, style: _Style) -> Image.Image:
    """Put letters beside each other, each in its own cell, as a printer does."""
    image = Image.new("L", (cell_px * max(len(text), 1), _LINE_PX), _PAPER)
    for index, char in enumerate(text):
        if char != " ":
            letter = _letter(char, cell_px, style.bold, style.small)
            image.paste(letter, (index * cell_px, 0))
    if style.underlined:
        ImageDraw.Draw(image).line((0, _UNDERLINE_PX, image.width, _UNDERLINE_PX), _INK, 2)
    if style.reversed:
        image = image.point(lambda value: _PAPER + _INK - value)
    return image


@lru_cache(maxsize=512)
def _letter(char: str, cell_px: int, bold: bool, small: bool) -> Image.Image:
    cell = Image.new("L", (cell_px, _LINE_PX), _PAPER)
    base = _SMALL_BASELINE_PX if small else _BASELINE_PX
    ImageDraw.Draw(cell).text((0, base), char, _INK, _cell_font(cell_px, bold), "ls")
    return cell


@lru_cache(maxsize=8)
def _cell_font(cell_px: int, bold: bool) -> ImageFont.FreeTypeFont:
    """Open the font whose letters are 0.6 of its size wide, so that they fill the cell."""
    name = "NotoSansMono-Bold.ttf" if bold else "NotoSansMono-Regular.ttf"
    path = str(resource("fonts") / name)
    return ImageFont.truetype(path, cell_px * 5 / 3, layout_engine=ImageFont.Layout.BASIC)


def _serrate(sheet: Image.Image) -> None:
    """Draw the edge that the cutter leaves."""
    pen = ImageDraw.Draw(sheet)
    bottom = sheet.height
    for left in range(0, sheet.width, 2 * _CUT_EDGE_PX):
        middle, right = left + _CUT_EDGE_PX, left + 2 * _CUT_EDGE_PX
        points = [(left, bottom), (middle, bottom - _CUT_EDGE_PX), (right, bottom)]
        pen.polygon(points, fill=200)
