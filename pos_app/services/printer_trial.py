"""Trying a printer out: the strip it prints, the drawer it opens, and pictures of both."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from io import BytesIO
from typing import TYPE_CHECKING, Any

from pos_app.domain.shop import PrinterSettings, ShopSettings
from pos_app.printing.errors import PrinterError

if TYPE_CHECKING:
    from pos_app.printing.discovery import Found

Send = Callable[..., None]
_INKED, _MARGIN_PX = 128, 16


@dataclass(frozen=True, slots=True)
class StripChoice:
    """One thing that may be seen on the strip, with a picture (PNG) of how it looks there."""

    key: str
    label: str
    picture: bytes


@dataclass(frozen=True, slots=True)
class Strip:
    """What to choose among once the strip is out: widths in letters, and code pages."""

    widths: tuple[StripChoice, ...] = ()
    pages: tuple[StripChoice, ...] = ()
    page_of: tuple[tuple[str, str], ...] = ()


def print_strip(shop: ShopSettings, printer: PrinterSettings, send: Send | None = None) -> Strip:
    """Print the strip and return what to ask about it.

    Raises a printer setting's refusal, or a PrinterError that says why nothing can come out.
    """
    from pos_app.printing.ruler import ruler_job  # noqa: PLC0415 - loaded when first tried

    _send(printer, ruler_job(printer, currency_sign(shop)), send)
    return strip_of(shop, printer)


def strip_of(shop: ShopSettings, printer: PrinterSettings) -> Strip:
    """Return what there is to see on a printer's strip."""
    from pos_app.printing.ruler import WIDTHS, page_lines  # noqa: PLC0415 - as above

    lines = page_lines(printer, currency_sign(shop))
    widths = (StripChoice(str(width), str(width), _rulers_at(printer, width)) for width in WIDTHS)
    pages = (StripChoice(one.key, one.key, _page_picture(printer, one)) for one in lines)
    page_of = tuple((line.key, line.page) for line in lines)
    return Strip(tuple(widths), tuple(pages), page_of)


def open_drawer(printer: PrinterSettings, send: Send | None = None) -> None:
    """Drive the drawer's magnet once; raises a PrinterError."""
    from pos_app.printing.escpos_job import kick_job  # noqa: PLC0415 - as above

    _send(printer, kick_job(printer), send, needs_paper=False)


def scan_network(
    report: Callable[[int, int], None], stop_if_cancelled: Callable[[], None]
) -> "list[Found]":
    """Ask every address of the local network for a printer; takes a few seconds."""
    from pos_app.printing.port_scan import neighbours, scan  # noqa: PLC0415 - as above

    return scan(neighbours(), report=report, stop_if_cancelled=stop_if_cancelled)


def why_silent(printer: PrinterSettings) -> PrinterError:
    """Return what may be wrong where a printer took the strip and nothing came out."""
    from pos_app.printing.diagnosis import silence  # noqa: PLC0415 - as above

    return silence(printer)


def why_strange() -> PrinterError:
    """Return what is wrong where the strip shows strange signs."""
    from pos_app.printing.diagnosis import NotAReceiptPrinter  # noqa: PLC0415 - as above

    return NotAReceiptPrinter()


def currency_sign(shop: ShopSettings) -> str:
    """Return the sign of the shop's currency as the staff's language writes it (CLDR)."""
    from babel.numbers import get_currency_symbol  # noqa: PLC0415 - as above

    return str(get_currency_symbol(shop.policy.currency, locale=shop.screen.language or "en"))


def _send(
    printer: PrinterSettings, payload: bytes, send: Send | None, *, needs_paper: bool = True
) -> None:
    from pos_app.printing import devices, diagnosis  # noqa: PLC0415 - as above

    try:
        (send or devices.send)(printer, payload, needs_paper=needs_paper)
    except PrinterError as failure:
        raise diagnosis.diagnose(printer, failure) from failure


def _rulers_at(printer: PrinterSettings, columns: int) -> bytes:
    from pos_app.printing.preview import receipt_picture  # noqa: PLC0415 - as above
    from pos_app.printing.ruler import rulers_alone  # noqa: PLC0415 - as above

    paper = replace(printer, columns=columns, width_mm=paper_width_mm(columns), code_page="")
    return _png(receipt_picture(rulers_alone(printer, columns), paper))


def _page_picture(printer: PrinterSettings, line: Any) -> bytes:
    from pos_app.printing.preview import receipt_picture  # noqa: PLC0415 - as above
    from pos_app.printing.ruler import page_line_alone  # noqa: PLC0415 - as above

    paper = replace(printer, columns=0, width_mm=80, code_page="")
    picture = receipt_picture(page_line_alone(printer, line), paper)
    inked = picture.point(lambda value: 255 * (value < _INKED)).getbbox()
    if inked is None:
        return _png(picture)
    left, top, right, bottom = inked
    room = (left - _MARGIN_PX, top - _MARGIN_PX, right + _MARGIN_PX, bottom + _MARGIN_PX)
    return _png(picture.crop(room))


def paper_width_mm(columns: int) -> int:
    """Return the paper on which so many letters stand on a line."""
    return 58 if columns < 40 else 80


def _png(picture: Any) -> bytes:
    png = BytesIO()
    picture.save(png, "PNG", compress_level=1)
    return png.getvalue()
