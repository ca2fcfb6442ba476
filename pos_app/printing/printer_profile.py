"""What a printer can do: paper width, code pages and features, from python-escpos's profiles."""

import atexit
import json
import logging
import os
import pickle
import platform
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from threading import Lock
from types import ModuleType
from typing import Any

from pos_app.domain.shop import PrinterSettings
from pos_app.printing.errors import NoSuchCodePage, NoSuchProfile

_SHOWN = 60  # letters of a wrong setting that a sentence repeats
# In the order tried where the settings name none: those with the euro sign first.
PREFERRED_PAGES = (
    "CP858 CP1252 ISO_8859-15 CP852 CP1250 CP1251 CP866 CP1253 CP737 CP1254 CP857 CP1257 CP775 "
    "CP850 CP437"
).split()
_GENERIC = {"", "default", "simple"}
ASCII = "ASCII"  # No code page of a printer's: every other letter is drawn.
FEWEST_COLUMNS, MOST_COLUMNS = 20, 96
_WIDEST_LETTER_DOTS = 12
_import_lock = Lock()


@dataclass(frozen=True, slots=True)
class Paper:
    """What a printer prints on: `columns` of font A, `dots` across, code pages by encoding.

    `pages` maps python-escpos's encoding names to the number after ESC t, in order of choice.
    """

    profile: str
    columns: int
    dots: int
    pages: tuple[tuple[str, int], ...]
    draws: bool
    codes: bool

    @property
    def cell_px(self) -> int:
        """How many dots wide a letter of font A is."""
        return self.dots // self.columns


@lru_cache(maxsize=1)
def _escpos() -> tuple[ModuleType, ModuleType]:
    """Import python-escpos's printer and capabilities without what the import leaves behind.

    It makes a temporary folder that nobody removes and sets up the root logger. For the import
    temporary files are made in a folder of ours, which goes when the program ends.
    """
    folder = tempfile.mkdtemp(prefix="pos-app-escpos-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ.setdefault("ESCPOS_CAPABILITIES_PICKLE_DIR", folder)
    if "ESCPOS_CAPABILITIES_FILE" not in os.environ:
        _keep_profiles(Path(folder))
    handlers, before = list(logging.root.handlers), tempfile.tempdir
    tempfile.tempdir = folder
    try:
        from escpos import capabilities, printer  # noqa: PLC0415 - 0.3 s that no sale waits for
    finally:
        tempfile.tempdir = before
        logging.root.handlers[:] = handlers
    return printer, capabilities


def _keep_profiles(folder: Path) -> None:
    """Leave the profiles where python-escpos looks for them before it reads its own file.

    That file is JSON, which it reads as YAML: a tenth of a second in which the window gets little
    done.
    """
    profiles = json.loads((files("escpos") / "capabilities.json").read_text(encoding="utf-8"))
    kept = folder / f"{platform.python_version()}.capabilities.pickle"
    kept.write_bytes(pickle.dumps(profiles))


def new_job(profile: str) -> Any:
    """Return python-escpos's Dummy printer, which keeps what would be sent."""
    with _import_lock:
        printer, _ = _escpos()
    return printer.Dummy(profile=profile)


def profile_names() -> list[str]:
    """Return the names of all known printer models, the generic ones first."""
    with _import_lock:
        _, capabilities = _escpos()
    names = capabilities.CAPABILITIES["profiles"]
    return sorted(names, key=lambda name: (name not in _GENERIC, name.casefold()))


@lru_cache(maxsize=64)
def page_characters(encoding: str) -> str:
    """Return the 128 characters of a code page from byte 0x80 on; U+FFFD where it has none."""
    if encoding == ASCII:
        return "\ufffd" * 128
    with _import_lock:
        _, capabilities = _escpos()
    data: Mapping[str, Any] = capabilities.CAPABILITIES["encodings"][encoding]
    if "data" in data:
        return "".join(data["data"])
    return bytes(range(128, 256)).decode(data["python_encode"], errors="replace")


def paper_of(printer: PrinterSettings) -> Paper:
    """Return what the printer's model and paper allow.

    A generic model is taken at its word only for commands: 58 mm paper has 384 dots (32 columns
    of font A), 80 mm has 576 (48). `columns` of the settings, counted on the printer's own paper,
    go before both. Raises NoSuchProfile or NoSuchCodePage.
    """
    return _paper(
        printer.profile or "default", printer.width_mm, printer.code_page, printer.columns
    )


@lru_cache(maxsize=32)
def _paper(profile: str, width_mm: int, code_page: str, counted: int) -> Paper:
    with _import_lock:
        _, capabilities = _escpos()
    data = capabilities.CAPABILITIES["profiles"].get(profile)
    if data is None:
        raise NoSuchProfile(name=profile[:_SHOWN], profile=profile[:_SHOWN])
    columns, dots = _counted(counted, width_mm) or _width(profile, data, width_mm)
    features = data["features"]
    return Paper(
        profile=profile,
        columns=columns,
        dots=dots,
        pages=_pages(profile, data["codePages"], code_page),
        draws=bool(features.get("bitImageRaster")),
        codes=bool(features.get("qrCode")),
    )


def _counted(columns: int, width_mm: int) -> tuple[int, int] | None:
    """Columns and dots where somebody has counted the columns; letters are 12 dots wide or less."""
    if not FEWEST_COLUMNS <= columns <= MOST_COLUMNS:
        return None
    most = 384 if width_mm < 70 else 576
    dots = min(columns * _WIDEST_LETTER_DOTS, most)
    return columns, dots - dots % 8


def _width(profile: str, data: Mapping[str, Any], width_mm: int) -> tuple[int, int]:
    usual = (32, 384) if width_mm < 70 else (48, 576)
    columns = data["fonts"]["0"]["columns"]
    dots = data["media"].get("width", {}).get("pixels", "Unknown")
    if profile in _GENERIC or not isinstance(dots, int):
        return usual
    believable = 11 <= dots / columns <= 14 and dots <= usual[1] + 64
    return (columns, dots - dots % 8) if believable else usual


def _pages(
    profile: str, numbered: Mapping[str, str], code_page: str
) -> tuple[tuple[str, int], ...]:
    known = {name: int(number) for number, name in reversed(list(numbered.items()))}
    if code_page:
        wanted = code_page.upper().replace("PC", "CP", 1)
        if wanted == ASCII:
            return ((ASCII, 0),)
        if wanted not in known or not _is_single_byte(wanted):
            shown = code_page[:_SHOWN]
            raise NoSuchCodePage(name=profile, profile=profile, code_page=shown)
        return ((wanted, known[wanted]),)
    chosen = [name for name in PREFERRED_PAGES if name in known] or ["CP437"]
    return tuple((name, known.get(name, 0)) for name in chosen)


def _is_single_byte(encoding: str) -> bool:
    try:
        return len(page_characters(encoding)) == 128
    except (LookupError, UnicodeError):
        return False
