"""Setting printers up: a made-up receipt to look at, a test print, and what printers are there."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from itertools import zip_longest
from typing import TYPE_CHECKING

from pos_app.domain import cart as carts
from pos_app.domain.kitchen import KitchenItem, KitchenRoute, KitchenSlip
from pos_app.domain.money import Money
from pos_app.domain.payment import TenderMethod, TenderRequest
from pos_app.domain.product import PIECE, Product, Unit
from pos_app.domain.sale import Sale, Stamp, complete
from pos_app.domain.shop import PrinterKind, PrinterSettings, ShopSettings
from pos_app.domain.tax import Tax
from pos_app.services.time_zones import business_day
from pos_app.texts import t

if TYPE_CHECKING:
    from pos_app.printing.discovery import Found

SAMPLE_ID = "00000000-0000-7000-8000-000000000000"
SAMPLE_NUMBER = "TEST-000001"

Send = Callable[[PrinterSettings, bytes], None]


def sample_sale(shop: ShopSettings, taxes: Sequence[Tax], at: datetime) -> Sale:
    """Make up a paid sale that was never made, with the shop's taxes and a few odd letters."""
    cart = carts.Cart(id=SAMPLE_ID, policy=shop.policy, cash_rounding=shop.cash_rounding)
    for product, quantity in _sample_goods(shop, taxes):
        cart = carts.add_product(cart, product, quantity)
    due = carts.total_due(cart)
    paid = TenderRequest(TenderMethod.CASH, tendered=_note_above(due, shop))
    stamp = Stamp("1", "main", "1", at, business_day(at, shop))
    return complete(cart, [paid], SAMPLE_NUMBER, stamp)


def receipt_picture(
    sale: Sale, shop: ShopSettings, printer: PrinterSettings, *, copy: bool = False
) -> bytes:
    """Return a PNG of a receipt as `printer` will draw it; raises a printer setting's refusal."""
    from pos_app.printing.preview import receipt_image  # noqa: PLC0415 - loaded when first looked at
    from pos_app.printing.receipt import render_receipt  # noqa: PLC0415 - as above

    payload = render_receipt(sale, shop, printer, copy=copy, kick=False)
    return receipt_image(payload, printer)


def slip_picture(
    shop: ShopSettings,
    printer: PrinterSettings,
    route: KitchenRoute,
    goods: Sequence[str],
    at: datetime,
) -> bytes:
    """Return a PNG of a kitchen slip with made-up quantities of `goods`, as its printer draws it.

    Raises a printer setting's refusal.
    """
    from pos_app.printing.kitchen_slip import render_kitchen_slip  # noqa: PLC0415 - as above
    from pos_app.printing.preview import receipt_image  # noqa: PLC0415 - as above

    names = goods or (t("Soup of the day"),)
    notes = (t("without salt"),)
    items = (
        KitchenItem(str(place), name, Decimal(2 - place % 2), PIECE, note)
        for place, (name, note) in enumerate(zip_longest(names, notes, fillvalue=""))
    )
    title, name = route.title, t("Table 4")
    slip = KitchenSlip(title, tuple(items), at, "1", number=SAMPLE_NUMBER, name=name)
    return receipt_image(render_kitchen_slip(slip, shop, printer), printer)


def check_printer(printer: PrinterSettings) -> None:
    """Refuse a printer that cannot be: its name, address, model or code page."""
    from pos_app.printing import targets  # noqa: PLC0415 - as above

    targets.check_printer(printer)


def print_test_page(
    shop: ShopSettings,
    printer: PrinterSettings,
    taxes: Sequence[Tax],
    at: datetime,
    send: Send | None = None,
) -> bytes | None:
    """Print a made-up receipt now; for a preview printer return its picture (PNG) instead.

    Raises a printer setting's refusal or a PrinterError that says what is wrong with the printer.
    """
    from pos_app.printing import devices  # noqa: PLC0415 - loaded when first looked at
    from pos_app.printing.receipt import render_receipt  # noqa: PLC0415 - as above

    check_printer(printer)
    footer = (*shop.receipt.footer, t("This is a test. Nothing was sold."))
    marked = replace(shop, receipt=replace(shop.receipt, footer=footer))
    sale = sample_sale(shop, taxes, at)
    if printer.kind is PrinterKind.PREVIEW:
        return receipt_picture(sale, marked, printer)
    payload = render_receipt(sale, marked, printer, kick=printer.kicks_drawer)
    (send or devices.send)(printer, payload)
    return None


def find_printers() -> "list[Found]":
    """Look for printers for a few seconds: queues, USB, serial ports, the network."""
    from pos_app.printing.discovery import discover  # noqa: PLC0415 - loaded when first looked at

    return discover()


def printer_models() -> list[str]:
    """Return the known printer models, the generic ones first."""
    from pos_app.printing.printer_profile import profile_names  # noqa: PLC0415 - as above

    return profile_names()


def line_widths() -> tuple[int, ...]:
    """Return how many letters stand on a line of the receipt printers that are sold."""
    from pos_app.printing.ruler import WIDTHS  # noqa: PLC0415 - as above

    return WIDTHS


def _sample_goods(shop: ShopSettings, taxes: Sequence[Tax]) -> list[tuple[Product, Decimal]]:
    """Two things to sell, priced so that they are a few notes in any currency."""
    scale = max(shop.quick_amounts, default=Decimal(50)) / 50
    first = (taxes[0],) if taxes else ()
    second = (taxes[1],) if len(taxes) > 1 else first
    jam = Product("", "1001", t("Café crème 250 g"), _price("7.95", scale), taxes=first)
    kilo = Unit("kg", "kilogram", 3)
    pears = Product("", "1002", t("Pears"), _price("2.79", scale), unit=kilo, taxes=second)
    return [(jam, Decimal(2)), (pears, Decimal("0.482"))]


def _price(text: str, scale: Decimal) -> Decimal:
    price = Decimal(text) * scale
    return price.quantize(Decimal(1)) if scale > 1 else price.quantize(Decimal("0.01"))


def _note_above(due: Money, shop: ShopSettings) -> Money:
    """The smallest banknote that covers the sum, or twice the sum."""
    notes = (Money.of(note, due.currency) for note in sorted(shop.quick_amounts))
    return next((note for note in notes if due <= note), Money(2 * due.minor, due.currency))
