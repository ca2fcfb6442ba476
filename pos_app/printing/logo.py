"""The shop's logo as black and white dots."""

import warnings
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageOps

_PIXEL_LIMIT = 40_000_000  # A small file may unfold to gigabytes.
_MARGIN_SHARE = 10


def logo_image(path: str, dots: int, height_limit_px: int) -> Image.Image | None:
    """Return the picture in the middle of a strip `dots` wide, or None where it cannot be read.

    Transparent parts are paper; greys become a pattern of dots (Floyd-Steinberg).
    """
    try:
        changed_ns = Path(path).stat().st_mtime_ns
        return _drawn(path, changed_ns, dots, height_limit_px)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


@lru_cache(maxsize=4)
def _drawn(path: str, _changed_ns: int, dots: int, height_limit_px: int) -> Image.Image | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        with Image.open(path) as picture:
            if picture.width * picture.height > _PIXEL_LIMIT:
                return None
            colours = picture.convert("RGBA")
    white = Image.new("RGBA", colours.size, "white")
    grey = Image.alpha_composite(white, colours).convert("L")
    room = (dots - dots // _MARGIN_SHARE, height_limit_px)
    fitted = ImageOps.contain(grey, room, Image.Resampling.LANCZOS)
    strip = Image.new("L", (dots, fitted.height), 255)
    strip.paste(fitted, ((dots - fitted.width) // 2, 0))
    return strip.convert("1")
