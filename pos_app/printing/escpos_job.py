"""Writes a slip as one ESC/POS job: what a code page holds as letters, the rest as dots.

python-escpos writes the commands, from its profiles of printers. Raster pictures (GS v 0) are
written here, because the library speaks on standard output where a profile names no width.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any

import segno
from PIL import Image

from pos_app.domain.shop import PrinterSettings
from pos_app.printing.layout import Grid, Laid, lay_line, lay_row, lay_table
from pos_app.printing.logo import logo_image
from pos_app.printing.printer_profile import Paper, new_job, page_characters, paper_of
from pos_app.printing.raster import Lettering, Placed, draw_line
from pos_app.printing.slip import Code, Gap, Line, Part, Picture, Row, Rule, Size, Slip, Table

Words = Line | Row | Table

FRAGMENT_PX = 96  # Cheap printers lose the rest of a picture higher than about 100 dots.
_CANCEL_KANJI = b"\x1c."  # Else a printer for China reads accented letters as Chinese ones.
_FEED_TO_TEAR = 5
_REST_2_MS = 50  # A magnet that is driven again at once gets hot.
_QR_LEVEL_M = 1
_LACKING = ord("?")
_SCALES = {Size.NORMAL: (1, 1), Size.TALL: (1, 2), Size.BIG: (2, 2)}

# Typographic signs that a code page may lack, and plain ones that say the same.
_PLAIN = {
    "×": "x", "–": "-", "—": "-", "−": "-", "‐": "-", "‑": "-", "‘": "'", "’": "'", "‚": ",",
    "“": '"', "”": '"', "„": '"', "…": "...", "•": "*", "·": "-", "™": "(TM)",
}  # fmt: skip


def write_job(slip: Slip, printer: PrinterSettings) -> bytes:
    """Return the whole job for `printer`; the same slip always gives the same bytes.

    Raises NoSuchProfile or NoSuchCodePage where the printer's settings name what is not there.
    """
    paper = paper_of(printer)
    page, number = _choose_page(slip, paper)
    job = new_job(paper.profile)
    job.hw("INIT")
    job._raw(_CANCEL_KANJI)  # noqa: SLF001 - the library has no word for it
    if slip.kicks_drawer and printer.kicks_drawer:
        job._raw(_pulse(printer))  # noqa: SLF001 - the library knows one length only
    job._raw(b"\x1bt" + bytes((number,)))  # noqa: SLF001 - not every page is in its table
    for part in slip.parts:
        _write_part(job, part, slip, paper, page)
    write_end(job, printer)
    output: bytes = job.output
    return output


def kick_job(printer: PrinterSettings) -> bytes:
    """Return a job that does nothing but open the drawer (ESC p)."""
    paper_of(printer)  # refuses settings that cannot be
    return _pulse(printer)


def _pulse(printer: PrinterSettings) -> bytes:
    """Drive the drawer's magnet (ESC p: connector, time on and time off, each in 2 ms)."""
    on = min(max(printer.pulse_ms // 2, 1), 255)
    connector = 1 if printer.drawer_pin == 5 else 0
    return b"\x1bp" + bytes((connector, on, max(on, _REST_2_MS)))


def encoded_in(page: str, text: str) -> bytes:
    """Return the bytes of `text` in a code page; what it lacks becomes a question mark."""
    upper = _bytes_of(page)
    return bytes(ord(char) if char < "\x80" else upper.get(char, _LACKING) for char in text)


@lru_cache(maxsize=64)
def _bytes_of(page: str) -> dict[str, int]:
    upper = enumerate(page_characters(page), 0x80)
    return {char: byte for byte, char in upper if char != "\ufffd"}


def holds(page: str, text: str) -> bool:
    """Tell whether a code page has every character of `text`."""
    return text.isascii() or _held(page).issuperset(text)


def _choose_page(slip: Slip, paper: Paper) -> tuple[str, int]:
    """The code page that holds most of the slip's texts; the printer's first on a tie."""
    texts = [text for part in slip.parts for text in _texts_of(part)]
    return max(
        paper.pages, key=lambda page: sum(holds(page[0], _plain(page[0], text)) for text in texts)
    )


def _texts_of(part: Part) -> Iterable[str]:
    if isinstance(part, Line):
        return (part.text,)
    if isinstance(part, Row):
        return (part.text, part.figure, part.tail)
    if isinstance(part, Table):
        return (text for row in part.rows for text in row)
    return ()


@lru_cache(maxsize=64)
def _held(page: str) -> frozenset[str]:
    upper = page_characters(page).replace("\ufffd", "")
    return frozenset(upper) | {chr(code) for code in range(0x20, 0x7F)}


def _plain(page: str, text: str) -> str:
    if holds(page, text):
        return text
    held = _held(page)
    return "".join(char if char in held else _PLAIN.get(char, char) for char in text)


def _write_part(job: Any, part: Part, slip: Slip, paper: Paper, page: str) -> None:
    if isinstance(part, Rule):
        job._raw((b"=" if part.strong else b"-") * paper.columns + b"\n")  # noqa: SLF001
    elif isinstance(part, Gap):
        job._raw(b"\n" * part.lines)  # noqa: SLF001 - the library's `ln` changes the code page
    elif isinstance(part, Picture):
        picture = logo_image(part.path, paper.dots, part.height_limit_px) if paper.draws else None
        if picture is not None:
            _write_image(job, picture)
    elif isinstance(part, Code):
        _write_code(job, part.text, paper)
    else:
        words = _replaced(part, page)
        drawn = slip.right_to_left or not all(holds(page, text) for text in _texts_of(words))
        if drawn and paper.draws:
            _draw(job, words, slip.right_to_left, paper)
        else:
            _letter(job, words, paper, page)


def _replaced(part: Words, page: str) -> Words:
    if isinstance(part, Line):
        return replace(part, text=_plain(page, part.text))
    if isinstance(part, Row):
        return replace(part, text=_plain(page, part.text), figure=_plain(page, part.figure))
    return Table(tuple(tuple(_plain(page, text) for text in row) for row in part.rows))


def _letter(job: Any, part: Words, paper: Paper, page: str) -> None:
    """Write a part as letters; its size is chosen so that no figure is broken."""
    part, laid = _fitted(part, lambda p: _column_grid(p, paper))
    wide, high = _SCALES[_size(part)]
    bold = not isinstance(part, Table) and part.bold
    if (wide, high) != (1, 1):
        job.set(custom_size=True, width=wide, height=high)
    if bold:
        job.set(bold=True)
    for line in laid:
        encoded = encoded_in(page, _in_columns(line))
        job._raw(encoded + b"\n")  # noqa: SLF001 - the page is set already
    if bold:
        job.set(bold=False)
    if (wide, high) != (1, 1):
        job.set(custom_size=True, width=1, height=1)


def _draw(job: Any, part: Words, right_to_left: bool, paper: Paper) -> None:
    """Draw a part line by line."""
    part, laid = _fitted(part, lambda p: _dot_grid(p, paper))
    wide, high = _SCALES[_size(part)]
    lettering = _lettering(part)
    for line in laid:
        pieces = [
            Placed(p.text, paper.dots - p.at - lettering.width(p.text) if right_to_left else p.at)
            for p in line
        ]
        image = draw_line(pieces, lettering, paper.dots)
        if wide != high:
            image = image.resize((image.width, image.height * high), Image.Resampling.NEAREST)
        _write_image(job, image)


def _fitted(part: Words, grid_of: Any) -> tuple[Words, list[Laid]]:
    """Lay a part out; where big letters would break a figure or a name too often, make it tall."""
    laid = _laid(part, grid_of(part))
    if isinstance(part, Row) and part.size is Size.BIG:
        grid = grid_of(part)
        if grid.width(part.figure) > grid.limit:
            part = replace(part, size=Size.TALL)
    elif isinstance(part, Line) and part.size is Size.BIG and len(laid) > 2:
        part = replace(part, size=Size.TALL)
    else:
        return part, laid
    return part, _laid(part, grid_of(part))


def _laid(part: Words, grid: Grid) -> list[Laid]:
    if isinstance(part, Line):
        return lay_line(part, grid)
    if isinstance(part, Row):
        return lay_row(part, grid)
    return lay_table(part, grid)


def _size(part: Words) -> Size:
    return Size.NORMAL if isinstance(part, Table) else part.size


def _column_grid(part: Words, paper: Paper) -> Grid:
    return Grid(paper.columns // _SCALES[_size(part)][0], 1, len)


def _dot_grid(part: Words, paper: Paper) -> Grid:
    return Grid(paper.dots, paper.cell_px, _lettering(part).width)


def _lettering(part: Words) -> Lettering:
    bold = not isinstance(part, Table) and part.bold
    return Lettering(bold, _SCALES[_size(part)][0])


def _in_columns(line: Laid) -> str:
    text = ""
    for piece in line:
        text = text.ljust(piece.at) + piece.text
    return text


def _write_image(job: Any, image: Image.Image) -> None:
    """Send black-and-white dots (GS v 0) in pieces low enough for any printer."""
    for top in range(0, image.height, FRAGMENT_PX):
        piece = image.crop((0, top, image.width, min(top + FRAGMENT_PX, image.height)))
        width_bytes = (piece.width + 7) // 8
        size = width_bytes.to_bytes(2, "little") + piece.height.to_bytes(2, "little")
        # Pillow's white is 1, the printer's ink is 1.
        dots = bytes(byte ^ 0xFF for byte in piece.tobytes())
        job._raw(b"\x1dv0\x00" + size + dots)  # noqa: SLF001 - see the top of this file


def _write_code(job: Any, text: str, paper: Paper) -> None:
    """Print a QR code: by the printer (GS ( k) where it can, else as a picture."""
    module_px = 5 if paper.dots < 500 else 6
    if paper.codes:
        job.set(align="center")
        job.qr(text, ec=_QR_LEVEL_M, size=module_px, native=True)
        job.set(align="left")
    elif paper.draws:
        _write_image(job, _code_image(text, module_px, paper.dots))


def _code_image(text: str, module_px: int, dots: int) -> Image.Image:
    rows = list(_scaled(segno.make(text, error="m", micro=False).matrix_iter(1, 4), module_px))
    side = len(rows)
    code = Image.frombytes("L", (side, side), b"".join(rows)).convert("1")
    paper = Image.new("1", (dots, side), 1)
    paper.paste(code, ((dots - side) // 2, 0))
    return paper


def _scaled(matrix: Iterable[Iterable[int]], module_px: int) -> Iterator[bytes]:
    for row in matrix:
        line = b"".join((b"\x00" if dark else b"\xff") * module_px for dark in row)
        yield from (line for _ in range(module_px))


def write_end(job: Any, printer: PrinterSettings) -> None:
    """Cut the paper, or feed it to where it is torn."""
    if printer.cuts:
        job.cut(mode="PART")
    else:
        job.print_and_feed(_FEED_TO_TEAR)
