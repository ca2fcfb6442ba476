"""A shop's logo in its colours, made ready for a PDF."""

import warnings
from functools import lru_cache
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops

_PIXEL_LIMIT = 40_000_000  # A small file may unfold to gigabytes.
_MOST_PX = (900, 330)  # 300 dots an inch where a logo is as large as it may be.


def document_logo(path: str) -> tuple[Any, tuple[int, int]] | None:
    """Return a picture for reportlab with its size in pixels, or None where it cannot be read.

    Transparent parts become paper: a PDF/A-1 reader and some printers know no transparency.
    """
    if not path:
        return None
    try:
        return _read(path, Path(path).stat().st_mtime_ns)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


@lru_cache(maxsize=4)
def _read(path: str, _changed_ns: int) -> tuple[Any, tuple[int, int]] | None:
    from reportlab.lib.utils import ImageReader  # noqa: PLC0415 - only when documents are made

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        with Image.open(path) as picture:
            if picture.width * picture.height > _PIXEL_LIMIT:
                return None
            colours = picture.convert("RGBA")
    flat = Image.alpha_composite(Image.new("RGBA", colours.size, "white"), colours).convert("RGB")
    # Empty edges would set the logo off from the margin.
    inked = ImageChops.difference(flat, Image.new("RGB", flat.size, "white")).getbbox()
    if inked is None:
        return None
    flat = flat.crop(inked)
    flat.thumbnail(_MOST_PX, Image.Resampling.LANCZOS)
    return ImageReader(flat), flat.size
