"""Style sheets, scripts and fonts of the pages: kept by browsers for ever, by their content."""

import hashlib
import re
from functools import lru_cache
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from pos_app.assets import resource

KINDS = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ttf": "font/ttf",
}
FOR_EVER = "public, max-age=31536000, immutable"
ICONS = "icons.svg"  # all icons in one file, each a symbol
FOLDERS = {"": "web/static", "fonts": "fonts", "brand": "brand"}
_LOADED = re.compile(rb'(?<=url\(")([a-z]+/[A-Za-z-]+\.[a-z]+)(?="\))')
_SIZES = re.compile(r' (?:xmlns|width|height)="[^"]*"')
router = APIRouter(prefix="/office/static", include_in_schema=False)


def static_url(name: str) -> str:
    """Return the address of a static file: another as soon as its content is another."""
    return f"/office/static/{_file(name)[1]}/{name}"


@router.get("/{mark}/{name:path}")
def static_file(mark: str, name: str) -> Response:
    """Send a static file."""
    if name != ICONS and name not in known_files():
        raise HTTPException(404)
    content, own_mark = _file(name)
    kept = FOR_EVER if mark == own_mark else "no-cache"
    return Response(content, media_type=KINDS[Path(name).suffix], headers={"Cache-Control": kept})


@lru_cache(maxsize=1)
def known_files() -> dict[str, Path]:
    """Return every static file by its name in addresses."""
    return {
        f"{name}/{path.name}" if name else path.name: path
        for name, folder in FOLDERS.items()
        for path in sorted(resource(folder).iterdir())
        if path.suffix in KINDS
    }


@lru_cache(maxsize=64)
def _file(name: str) -> tuple[bytes, str]:
    content = _icons() if name == ICONS else known_files()[name].read_bytes()
    if name.endswith(".css"):  # what it loads has addresses by content too
        content = _LOADED.sub(lambda found: static_url(found[1].decode()).encode(), content)
    return content, hashlib.sha256(content).hexdigest()[:16]


def _icons() -> bytes:
    symbols = "".join(_symbol(path) for path in sorted(resource("icons").glob("*.svg")))
    return f'<svg xmlns="http://www.w3.org/2000/svg">{symbols}</svg>'.encode()


def _symbol(path: Path) -> str:
    drawn = _SIZES.sub("", path.read_text("utf-8").strip(), count=3)
    named = drawn.replace("<svg", f'<symbol id="{path.stem}"', 1)
    return named.replace("</svg>", "</symbol>")
