"""A strip that tells what a printer can do: how wide it prints, and which letters it knows."""

from dataclasses import dataclass, replace
from string import ascii_uppercase
from typing import Any

from pos_app.domain.shop import PrinterSettings
from pos_app.printing.escpos_job import encoded_in, kick_job, write_end
from pos_app.printing.printer_profile import PREFERRED_PAGES, new_job, page_characters, paper_of

# How many letters of font A fit on a line of the receipt printers that are sold.
WIDTHS = (32, 36, 42, 44, 48, 64)
LETTERS = "ä ö ü ß é € £"
_MOST_PAGES = 10
_START = b"\x1b@\x1c."
_BIG = b"\x1d!\x11"


@dataclass(frozen=True, slots=True)
class PageLine:
    """A line of the strip: the letter before it, its code page, and what it shows there."""

    key: str
    page: str
    number: int
    text: str


def ruler_job(printer: PrinterSettings, sign: str = "€", *, kick: bool = False) -> bytes:
    """Return the strip: a ruler for each width, a line for each code page, the cut.

    `sign` is the shop's currency sign; with `kick` the drawer opens too. Raises NoSuchProfile.
    """
    asked = _unasked(printer)
    job = _begun(asked, kick_job(asked) if kick else b"")
    for width in WIDTHS:
        _write(job, ruler_line(width) + b"\n")
    _write(job, b"\n")
    for line in page_lines(printer, sign):
        _write(job, _encoded(line) + b"\n")
    _write(job, b"\x1bt\x00\n")
    write_end(job, asked)
    return _finished(job)


def rulers_alone(printer: PrinterSettings, width: int) -> bytes:
    """Return only the ruler of a width and the next one, for a picture of where a line breaks.

    The widest has none after it and comes with the one before.
    """
    job = _begun(_unasked(printer))
    place = min(WIDTHS.index(width), len(WIDTHS) - 2)
    for shown in WIDTHS[place : place + 2]:
        _write(job, ruler_line(shown) + b"\n")
    return _finished(job)


def page_line_alone(printer: PrinterSettings, line: PageLine) -> bytes:
    """Return only one line of a code page, for a picture of how it should read."""
    job = _begun(_unasked(printer))
    _write(job, _BIG + _encoded(line) + b"\n")
    return _finished(job)


def ruler_line(width: int) -> bytes:
    """Return a line of exactly `width` letters with every fifth place numbered, ending in it.

    Each number ends at its own place: `----5---10---15 … 32`.
    """
    line = ["-"] * width
    for place in (*range(5, width - 2, 5), width):
        line[place - len(str(place)) : place] = str(place)
    return "".join(line).encode()


def page_lines(printer: PrinterSettings, sign: str = "€") -> tuple[PageLine, ...]:
    """Return the code pages to choose among, those first that hold most of the letters."""
    pages = list(paper_of(_unasked(printer)).pages)
    is_known = any(_holds(page, sign) for page, _ in pages)
    wanted = f"{LETTERS} {sign}" if is_known and sign not in LETTERS else LETTERS
    pages = [page for page in pages if _count(page[0], wanted)]
    known = list(PREFERRED_PAGES)
    pages.sort(key=lambda page: (-_count(page[0], wanted), known.index(page[0])))
    return tuple(
        PageLine(key, page, number, encoded_shown(page, wanted))
        for key, (page, number) in zip(ascii_uppercase, pages[:_MOST_PAGES], strict=False)
    )


def encoded_shown(page: str, text: str) -> str:
    """Return what a printer shows of `text` in a code page: a question mark for what it lacks."""
    held = page_characters(page)
    return "".join(char if char.isascii() or char in held else "?" for char in text)


def _encoded(line: PageLine) -> bytes:
    text = encoded_in(line.page, line.text)
    return b"\x1bt" + bytes((line.number,)) + f"{line.key}  ".encode() + text


def _count(page: str, text: str) -> int:
    held = page_characters(page)
    return sum(not char.isascii() and char in held for char in text)


def _holds(page: str, text: str) -> bool:
    held = page_characters(page)
    return all(char.isascii() or char in held for char in text)


def _unasked(printer: PrinterSettings) -> PrinterSettings:
    """The printer before anybody has said how wide it prints and what it knows."""
    return replace(printer, columns=0, code_page="")


def _begun(printer: PrinterSettings, kick: bytes = b"") -> Any:
    job = new_job(paper_of(printer).profile)
    _write(job, _START + kick)
    return job


def _write(job: Any, data: bytes) -> None:
    job._raw(data)  # noqa: SLF001 - the library's own writing would choose code page and width


def _finished(job: Any) -> bytes:
    output: bytes = job.output
    return output
