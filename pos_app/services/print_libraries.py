"""Loads what the first receipt needs before there is one, a piece at a time.

All of it together takes as long as several scans. Loaded by the printing thread at the first
payment it would hold up the window just then, because Python runs one thread at a time.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from importlib import import_module

from pos_app.domain.errors import PosError
from pos_app.domain.shop import PrinterKind, PrinterSettings, ShopSettings

log = logging.getLogger(__name__)

# In an order in which each has little left to load: measured, none takes longer than 15 ms.
_NEEDED = (
    "http.client",
    "urllib.request",
    "segno",
    "PIL.Image",
    "PIL.ImageDraw",
    "PIL.PngImagePlugin",
    "PIL.JpegImagePlugin",
    "PIL.GifImagePlugin",
    "arabic_reshaper",
    "pos_app.printing.raster",
    "yaml",
    "barcode",
    "qrcode",
)
_ANY_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)
_THEN = ("pos_app.printing.escpos_job", "pos_app.printing.receipt")


def loading_steps(shop: ShopSettings) -> list[Callable[[], None]]:
    """Return steps of some milliseconds each; nothing for a shop that has no printer."""
    if not shop.printers:
        return []
    is_preview = all(printer.kind is PrinterKind.PREVIEW for printer in shop.printers)
    last = "pos_app.printing.preview" if is_preview else "pos_app.printing.devices"
    return [
        *(partial(_load, name) for name in _NEEDED),
        partial(_load_profile, shop.printers[0]),
        *(partial(_load, name) for name in (*_THEN, last)),
        partial(_load_letters, shop.printers[0]),
        partial(_load_locale, shop),
    ]


def _load(name: str) -> None:
    try:
        import_module(name)
    except ImportError:
        log.exception("%s cannot be loaded", name)  # the first receipt will say so on the screen


def _load_profile(printer: PrinterSettings) -> None:
    from pos_app.printing.printer_profile import paper_of  # noqa: PLC0415 - loads python-escpos

    try:
        paper_of(printer)
    except PosError as refusal:
        log.info("printer %s is not set up yet: %s", printer.name, refusal)


def _load_letters(printer: PrinterSettings) -> None:
    from pos_app.printing.printer_profile import page_characters, paper_of  # noqa: PLC0415

    with suppress(PosError):  # said above
        for page, _number in paper_of(printer).pages:
            page_characters(page)


def _load_locale(shop: ShopSettings) -> None:
    from pos_app.printing.amounts import writing  # noqa: PLC0415 - loads babel

    language = shop.receipt.language or shop.screen.language or "en"
    hand = writing(language, shop.country, shop.time_zone)
    hand.date_and_time(_ANY_MOMENT)
    hand.number(Decimal(1), 2)
