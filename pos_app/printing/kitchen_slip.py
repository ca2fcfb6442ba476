"""A kitchen or pick-up slip: large enough to read at arm's length, and without a price."""

from collections.abc import Iterator
from functools import partial

from pos_app.domain.kitchen import KitchenItem, KitchenSlip
from pos_app.domain.shop import PrinterSettings, ShopSettings
from pos_app.printing.amounts import Writing, writing
from pos_app.printing.escpos_job import write_job
from pos_app.printing.printable import printable
from pos_app.printing.receipt_lines import Translate
from pos_app.printing.slip import RIGHT_TO_LEFT, Align, Gap, Line, Part, Row, Rule, Size, Slip
from pos_app.texts import t_in

_NAME_LIMIT = 80


def render_kitchen_slip(slip: KitchenSlip, shop: ShopSettings, printer: PrinterSettings) -> bytes:
    """Return the ESC/POS job of a slip; the same input always gives the same bytes.

    Raises NoSuchProfile or NoSuchCodePage for printer settings that cannot be.
    """
    return write_job(kitchen_paper(slip, shop), printer)


def kitchen_paper(slip: KitchenSlip, shop: ShopSettings) -> Slip:
    """Return what stands on the slip, in the language of the staff and not of the guests."""
    language = shop.screen.language or "en"
    t = partial(t_in, language)
    written = writing(language, shop.country, shop.time_zone)
    parts = [
        *_head_parts(slip, t),
        Row(written.date_and_time(slip.at), printable(slip.staff)),
        Rule(strong=True),
        *(part for item in slip.items for part in _item_parts(item, written, t)),
        Rule(strong=True),
        *_note_parts(slip.note),
    ]
    return Slip(tuple(parts), language in RIGHT_TO_LEFT)


def _head_parts(slip: KitchenSlip, t: Translate) -> Iterator[Part]:
    title = printable(slip.title, _NAME_LIMIT) or t("Kitchen")
    yield Line(title, Align.CENTRE, Size.BIG, bold=True)
    if slip.is_copy:
        yield Line(t("COPY"), Align.CENTRE, Size.BIG, bold=True)
    if slip.is_change:
        yield Line(t("CHANGE"), Align.CENTRE, Size.BIG, bold=True)
    yield Gap()
    for text in (slip.name, slip.number):
        if shown := printable(text, _NAME_LIMIT):
            yield Line(shown, Align.CENTRE, Size.BIG, bold=True)


def _item_parts(item: KitchenItem, written: Writing, t: Translate) -> Iterator[Part]:
    quantity = written.quantity(abs(item.quantity), item.unit)
    if item.quantity < 0:
        yield Line(t("NOT ANY MORE:"), size=Size.TALL, bold=True)
    yield Line(f"{quantity} × {printable(item.name)}", size=Size.BIG, bold=True)
    if note := printable(item.note):
        yield Line(f"> {note}", size=Size.TALL, indent=2)
    yield Gap()


def _note_parts(note: str) -> Iterator[Part]:
    if text := printable(note):
        yield Line(text, size=Size.TALL)
