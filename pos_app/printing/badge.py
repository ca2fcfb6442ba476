"""A badge on receipt paper, to be cut out and worn, and the picture of a code on the screen."""

from functools import partial
from io import BytesIO

import segno

from pos_app.domain.shop import PrinterSettings, ShopSettings
from pos_app.printing.escpos_job import write_job
from pos_app.printing.printable import printable
from pos_app.printing.slip import RIGHT_TO_LEFT, Align, Code, Gap, Line, Rule, Size, Slip
from pos_app.texts import t_in


def render_badge(name: str, code: str, shop: ShopSettings, printer: PrinterSettings) -> bytes:
    """Return the job of a badge: the shop, the name, and the code as a QR code.

    Raises NoSuchProfile or NoSuchCodePage for printer settings that cannot be.
    """
    language = shop.receipt.language or shop.screen.language or "en"
    t = partial(t_in, language)
    parts = (
        Line(printable(shop.name, 80), Align.CENTRE),
        Rule(),
        Line(printable(name, 80), Align.CENTRE, Size.BIG, bold=True),
        Gap(),
        Code(code),
        Gap(),
        Line(t("Badge – keep it like a key"), Align.CENTRE),
    )
    return write_job(Slip(parts, language in RIGHT_TO_LEFT), printer)


def code_picture(text: str) -> bytes:
    """Return the picture (PNG) of a text as a QR code (ISO/IEC 18004), to be shown or scanned."""
    buffer = BytesIO()
    segno.make(text, error="m", micro=False).save(buffer, kind="png", scale=6, border=4)
    return buffer.getvalue()
