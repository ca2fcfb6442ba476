"""The pages of a PDF as pictures, for the screen and for printers that take no PDF.

The library that draws them is not safe in two threads at once, so one turn is taken after the
other; it computes outside Python, and a window goes on meanwhile.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from threading import Lock
from typing import Any

from pos_app.domain.errors import PosError

POINTS_PER_INCH = 72
_MOST_PIXELS = 25_000_000  # A3 at 350 dots an inch; more would take the memory of a small till.
_turn = Lock()


class PdfUnreadable(PosError):
    """Bytes that are no PDF, or a broken one."""

    sentence = "This PDF cannot be shown: it is damaged. Make it again."


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A page in pixels: four bytes each (blue, green, red, unused), `stride` bytes a row."""

    width: int
    height: int
    stride: int
    pixels: bytes


def page_sizes(pdf: bytes) -> tuple[tuple[float, float], ...]:
    """Return width and height of each page in points; raises PdfUnreadable."""
    with _opened(pdf) as document:
        return tuple(document.get_page_size(number) for number in range(len(document)))


def page_picture(pdf: bytes, number: int, dots_per_inch: float) -> PagePicture:
    """Draw a page, the first being 0; a page too large is drawn coarser. Raises PdfUnreadable."""
    with _opened(pdf) as document:
        width, height = document.get_page_size(number)
        scale = dots_per_inch / POINTS_PER_INCH
        pixels = width * height * scale * scale
        if pixels > _MOST_PIXELS:
            scale *= (_MOST_PIXELS / pixels) ** 0.5
        page = document[number]
        drawn = page.render(scale=scale, prefer_bgrx=True, maybe_alpha=False)
        made = PagePicture(drawn.width, drawn.height, drawn.stride, bytes(drawn.buffer))
        drawn.close()
        page.close()
        return made


def page_png(pdf: bytes, number: int, dots_per_inch: float) -> bytes:
    """Draw a page as a PNG; raises PdfUnreadable."""
    from PIL import Image  # noqa: PLC0415 - only where a picture is kept

    drawn = page_picture(pdf, number, dots_per_inch)
    size = drawn.width, drawn.height
    image = Image.frombuffer("RGB", size, drawn.pixels, "raw", "BGRX", drawn.stride, 1)
    png = BytesIO()
    image.save(png, "PNG", compress_level=1)
    return png.getvalue()


@contextmanager
def _opened(pdf: bytes) -> Iterator[Any]:
    import pypdfium2  # noqa: PLC0415 - only when a paper is looked at

    with _turn:
        try:
            document = pypdfium2.PdfDocument(pdf)
        except pypdfium2.PdfiumError as failure:
            raise PdfUnreadable() from failure
        try:
            yield document
        except pypdfium2.PdfiumError as failure:
            raise PdfUnreadable() from failure
        finally:
            document.close()
