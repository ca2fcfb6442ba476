"""The mark on every paper of a training, so that none can be taken for the real thing."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from pos_app.domain.shop import PrinterSettings, ShopSettings
from pos_app.printing.escpos_job import write_job
from pos_app.printing.slip import RIGHT_TO_LEFT, Align, Line, Part, Rule, Size, Slip
from pos_app.texts import t_in


def training_parts(shop: ShopSettings) -> Iterator[Part]:
    """Yield what stands above and below a training receipt; nothing in a real shop."""
    if not shop.is_training:
        return
    t = partial(t_in, _language(shop))
    yield Rule()
    yield Line(t("TRAINING"), Align.CENTRE, Size.BIG, bold=True)
    yield Line(t("TRAINING – not a receipt"), Align.CENTRE, bold=True)
    yield Rule()


def training_mark(shop: ShopSettings, printer: PrinterSettings) -> bytes:
    """Return the mark as a job of its own, to be printed before another slip without a cut."""
    slip = Slip(tuple(training_parts(shop)), _language(shop) in RIGHT_TO_LEFT)
    return write_job(slip, replace(printer, cuts=False))


def _language(shop: ShopSettings) -> str:
    return shop.receipt.language or shop.screen.language or "en"
