r"""Labels for label printers in ZPL II: drawn by the printer itself, letters as UTF-8 (^CI28).

Source: ZPL II Programming Guide (commands ^FO ^A ^BE ^B8 ^BU ^BC ^BQ ^GF ^FH). Every field's data
goes out with `^`, `~`, `\`, `_` and what is not ASCII written as hexadecimal (^FH), so that no
product's name can hold a command.
"""

from collections.abc import Iterator, Sequence

from PIL import Image, ImageDraw, ImageFont

from pos_app.assets import resource
from pos_app.printing.label import Label
from pos_app.printing.label_formats import LabelFormat
from pos_app.printing.label_layout import LaidLabel, LaidSymbol, lay_label
from pos_app.printing.label_sheet import area_of
from pos_app.printing.label_symbol import Symbology
from pos_app.printing.label_type import SetLine, run_width
from pos_app.printing.raster import font_file

RESOLUTIONS = (203, 300, 600)  # Dots per inch of label printers.
_PLAIN = {chr(code) for code in range(0x20, 0x7F)} - set("^~\\_")
# The letters that the printer's own font 0 is sure to have: Latin with its accents, and the euro.
# A backslash begins a command in some fields, so it is drawn.
_LATIN = {*map(chr, range(0x20, 0x7F)), *map(chr, range(0xA1, 0x180)), "€", "’", "–"}
_PRINTERS_OWN = _LATIN - {"\\"}
_FONT_0_BASELINE = 0.76  # From the top of a field of font 0, in parts of its height.
_GUARD_MODULES = 5  # Guard bars reach this much below the others (GS1 5.2.6.6).
_QR_TOP_DOTS = 10  # ^BQ begins this much below its ^FO.
_INK_BELOW = 150
_MOST_COPIES = 99_999_999


def zpl_job(
    labels: Sequence[tuple[Label, int]], paper: LabelFormat, dots_per_inch: int = 203
) -> bytes:
    """Return one job for a label printer: each label with how many of it."""
    return "".join(
        _format(lay_label(label, area_of(paper, 72 / dots_per_inch)), copies, dots_per_inch / 72)
        for label, copies in labels
        if copies > 0
    ).encode("ascii")


def field_data(text: str) -> str:
    """Write a text as data of a field with ^FH: nothing in it can be read as a command."""
    return "".join(char if char in _PLAIN else _hex(char) for char in text)


def _hex(char: str) -> str:
    return "".join(f"_{byte:02X}" for byte in char.encode("utf-8", "replace"))


def _format(laid: LaidLabel, copies: int, scale: float) -> str:
    width, height = round(laid.width * scale), round(laid.height * scale)
    parts = [f"^XA^CI28^LH0,0^PW{width}^LL{height}\n"]
    if laid.symbol is not None:
        parts.append(_symbol(laid.symbol, scale))
    parts.extend(part for line in laid.lines for part in _line(line, scale))
    parts.append(f"^PQ{min(copies, _MOST_COPIES)}^XZ\n")
    return "".join(parts)


def _line(line: SetLine, scale: float) -> Iterator[str]:
    """Let the printer write what its own font has, and send the rest as dots."""
    text = line.text.replace("…", "...")
    if all(char in _PRINTERS_OWN for char in text):
        size = max(round(line.size * scale), 10)
        top = max(round((line.baseline - line.size * _FONT_0_BASELINE) * scale), 0)
        yield f"^FO{_at(line.left, scale)},{top}^A0N,{size},{size}"
        yield f"^FH_^FD{field_data(text)}^FS\n"
    else:
        yield _drawn(line, scale)


def _drawn(line: SetLine, scale: float) -> str:
    """Draw a line of text (^GFA: bytes in all, bytes in all, bytes a row, the dots)."""
    size = line.size * scale
    above, edge = round(1.15 * size), round(size)
    canvas = (round(line.width * scale) + 2 * edge, above + round(0.55 * size))
    grey = Image.new("L", canvas, 255)
    pen, left = ImageDraw.Draw(grey), float(edge)
    for face, text in line.runs:
        path = str(resource("fonts") / font_file(face, line.bold))
        font = ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)
        pen.text((left, above), text, 0, font, "ls")
        left += run_width(face, text, line.bold) * size
    ink = grey.point(lambda value: 255 * (value < _INK_BELOW), mode="1")
    inked = ink.getbbox()
    if inked is None:
        return ""
    x = max(_at(line.left, scale) - edge + inked[0], 0)
    y = max(round(line.baseline * scale) - above + inked[1], 0)
    return f"^FO{x},{y}{_graphic(ink.crop(inked))}"


def _graphic(ink: Image.Image) -> str:
    """Write dots as a graphic field; each row fills whole bytes."""
    dots, row = ink.tobytes(), -(-ink.width // 8)
    return f"^GFA,{len(dots)},{len(dots)},{row},{dots.hex().upper()}^FS\n"


def _symbol(symbol: LaidSymbol, scale: float) -> str:
    """Let the printer draw a barcode; its digits are a line of text below."""
    left, top = _at(symbol.left, scale), round(symbol.top * scale)
    module = max(round(symbol.module * scale), 1)
    guards = 0 if symbol.symbol.symbology is Symbology.CODE128 else _GUARD_MODULES * module
    height = max(round(symbol.height * scale) - guards, 1)
    text = symbol.symbol.text
    if symbol.symbol.symbology is Symbology.QR:
        top = max(top - _QR_TOP_DOTS, 0)
        return f"^FO{left},{top}^BQN,2,{min(module, 10)}^FH_^FDMA,{field_data(text)}^FS\n"
    # The printer works the check digit out again.
    commands = {
        Symbology.EAN13: (f"^BEN,{height},N,N", text[:12]),
        Symbology.EAN8: (f"^B8N,{height},N,N", text[:7]),
        Symbology.UPC_A: (f"^BUN,{height},N,N,Y", text[:11]),
        Symbology.CODE128: (f"^BCN,{height},N,N,N,N", f"{_subset(text)}{text}"),
    }
    command, data = commands[symbol.symbol.symbology]
    return f"^FO{left},{top}^BY{module}{command}^FH_^FD{field_data(data)}^FS\n"


def _subset(text: str) -> str:
    """Begin in subset C where pairs of digits follow, else in B, as the width was reckoned."""
    return ">;" if text.isdigit() and len(text) % 2 == 0 else ">:"


def _at(left: float, scale: float) -> int:
    return max(round(left * scale), 0)
