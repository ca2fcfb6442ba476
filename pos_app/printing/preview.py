"""Draws on screen what a printer will put on paper, from the very bytes that it will get."""

from collections.abc import Callable
from dataclasses import dataclass, field
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


@dataclass(slots=True)
class _Sheet:
    """The paper as it comes out: strips from top to bottom, and the state that commands leave."""

    paper: Paper
    strips: list[Image.Image] = field(default_factory=list)
    line: list[tuple[str, int, int, bool]] = field(default_factory=list)
    page: int = 0
    bold: bool = False
    wide: int = 1
    high: int = 1
    align: int = 0
    qr_data: bytes = b""
    qr_module_px: int = 3
    qr_level: str = "l"
    is_cut: bool = False

    def take(self, command: Command) -> None:
        """Do what one command says; what leaves no mark on paper is passed over."""
        if command.name == TEXT:
            part = (self._decoded(command.data), self.wide, self.high, self.bold)
            self.line.append(part)
        elif command.name == LINE_FEED:
            self._end_line()
        elif command.name in _MARKS:
            _MARKS[command.name](self, command.data)

    def reset(self, _data: bytes) -> None:
        """Go back to plain letters (ESC @)."""
        self.bold, self.wide, self.high, self.align, self.page = False, 1, 1, 0, 0

    def turn_page(self, data: bytes) -> None:
        """Choose a code page by its number (ESC t)."""
        self.page = data[0]

    def embolden(self, data: bytes) -> None:
        """Switch bold letters on or off (ESC E)."""
        self.bold = bool(data[0] & 1)

    def resize(self, data: bytes) -> None:
        """Set how many times as wide and high letters are (GS !)."""
        self.wide, self.high = (data[0] >> 4) + 1, (data[0] & 7) + 1

    def place(self, data: bytes) -> None:
        """Set where lines stand: left, middle, right (ESC a)."""
        self.align = data[0] % 48

    def feed(self, data: bytes) -> None:
        """Let empty lines pass (ESC d)."""
        self._feed(_LINE_PX * data[0])

    def cut(self, _data: bytes) -> None:
        """Cut the paper (GS V)."""
        self.is_cut = True

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
        self._take_up_feed()
        height = sum(strip.height for strip in self.strips)
        size = (self.paper.dots + 2 * _MARGIN_PX, height + 2 * _MARGIN_PX)
        sheet = Image.new("L", size, _PAPER)
        top = _MARGIN_PX
        for strip in self.strips:
            grey = strip.convert("L").point(lambda value: _PAPER if value > 127 else _INK)
            sheet.paste(grey if strip.mode == "1" else strip, (_MARGIN_PX, top))
            top += strip.height
        if self.is_cut:
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
        return "".join(chr(byte) if byte < 0x80 else upper[byte - 0x80] for byte in data)

    def _end_line(self) -> None:
        high = max((part[2] for part in self.line), default=1)
        strip = Image.new("L", (self.paper.dots, _LINE_PX * high), _PAPER)
        length = sum(len(text) * wide for text, wide, _, _ in self.line) * self.paper.cell_px
        left = (self.paper.dots - length) * self.align // 2
        for text, wide, tall, bold in self.line:
            letters = _letters(text, self.paper.cell_px, bold)
            letters = letters.resize((letters.width * wide, letters.height * tall), _DOTS)
            strip.paste(letters, (left, strip.height - letters.height))
            left += letters.width
        self.strips.append(strip)
        self.line = []

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
    b"\x1dV": _Sheet.cut,
    b"\x1dv": _Sheet.raster,
    b"\x1d(": _Sheet.code,
}


def _is_blank(strip: Image.Image) -> bool:
    low, _ = strip.convert("L").getextrema()
    return isinstance(low, int | float) and low >= _PAPER


def _letters(text: str, cell_px: int, bold: bool) -> Image.Image:
    """Put letters of font A beside each other, each in its own cell, as a printer does."""
    image = Image.new("L", (cell_px * max(len(text), 1), _LINE_PX), _PAPER)
    for index, char in enumerate(text):
        if char != " ":
            image.paste(_letter(char, cell_px, bold), (index * cell_px, 0))
    return image


@lru_cache(maxsize=512)
def _letter(char: str, cell_px: int, bold: bool) -> Image.Image:
    cell = Image.new("L", (cell_px, _LINE_PX), _PAPER)
    ImageDraw.Draw(cell).text((0, _BASELINE_PX), char, _INK, _cell_font(cell_px, bold), "ls")
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
