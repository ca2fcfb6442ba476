"""A receipt: a pure function of the finished sale, the shop and the printer."""

from collections.abc import Iterator, Sequence
from functools import partial

from pos_app.domain.cart import SaleKind
from pos_app.domain.payment import TenderMethod
from pos_app.domain.receipt_code import parse_receipt_qr, receipt_code_text
from pos_app.domain.sale import Sale
from pos_app.domain.shop import PrinterSettings, ShopSettings
from pos_app.printing.amounts import Writing, writing
from pos_app.printing.escpos_job import write_job
from pos_app.printing.printable import printable
from pos_app.printing.receipt_held import HeldBalance, held_parts
from pos_app.printing.receipt_lines import Translate, goods_parts
from pos_app.printing.receipt_totals import tax_table_parts, totals_parts
from pos_app.printing.slip import (
    RIGHT_TO_LEFT,
    Align,
    Code,
    Gap,
    Line,
    Part,
    Picture,
    Row,
    Rule,
    Size,
    Slip,
)
from pos_app.printing.training_mark import training_parts
from pos_app.texts import t_in


def render_receipt(
    sale: Sale,
    shop: ShopSettings,
    printer: PrinterSettings,
    *,
    copy: bool = False,
    kick: bool | None = None,
    journal_hash: str = "",
    balances: Sequence[HeldBalance] = (),
) -> bytes:
    """Return the ESC/POS job of a receipt; the same input always gives the same bytes.

    `kick` says whether the drawer opens; left out, it does where cash changed hands and this is
    no copy. `journal_hash` (hex, of the sale's journal entry) goes into the QR code in part.
    Raises NoSuchProfile or NoSuchCodePage for printer settings that cannot be.
    """
    kicks = took_cash(sale) and not copy if kick is None else kick
    slip = receipt_slip(
        sale, shop, copy=copy, kicks_drawer=kicks, journal_hash=journal_hash, balances=balances
    )
    return write_job(slip, printer)


def receipt_slip(
    sale: Sale,
    shop: ShopSettings,
    *,
    copy: bool = False,
    kicks_drawer: bool = False,
    journal_hash: str = "",
    balances: Sequence[HeldBalance] = (),
) -> Slip:
    """Return what stands on the receipt, before anyone knows on which printer it comes out."""
    language = shop.receipt.language or shop.screen.language or "en"
    t = partial(t_in, language)
    written = writing(language, shop.country, shop.time_zone)
    parts = [
        *training_parts(shop),
        *_shop_parts(shop, t),
        *_title_parts(sale, copy, t),
        *_document_parts(sale, written, t),
        Rule(),
        *goods_parts(sale, written, t),
        *_note("" if sale.kind is SaleKind.VOID else sale.note),
        Rule(),
        *totals_parts(sale, written, t),
        *_tax_parts(sale, shop, written, t),
        *held_parts(sale, balances, written, t),
        *_footer_parts(sale, shop, copy, t),
        *training_parts(shop),
    ]
    code = receipt_code_text(sale.number, sale.id, journal_hash)
    # A number too long to be read back would make a code that no paper holds.
    if shop.receipt.shows_qr and parse_receipt_qr(code) is not None:
        parts += [Gap(), Code(code)]
    return Slip(tuple(parts), language in RIGHT_TO_LEFT, kicks_drawer)


def took_cash(sale: Sale) -> bool:
    """Tell whether cash changed hands, so that the drawer has to open."""
    return any(tender.method is TenderMethod.CASH for tender in sale.tenders)


def _shop_parts(shop: ShopSettings, t: Translate) -> Iterator[Part]:
    if shop.receipt.logo_path:
        yield Picture(shop.receipt.logo_path)
        yield Gap()
    yield Line(printable(shop.name, 80), Align.CENTRE, Size.BIG, bold=True)
    lines = [*shop.address]
    if shop.phone:
        lines.append(t("Phone {number}").format(number=shop.phone))
    if shop.tax_number:
        lines.append(t("Tax number {number}").format(number=shop.tax_number))
    for line in (*lines, *shop.receipt.header):
        if text := printable(line):
            yield Line(text, Align.CENTRE)
    yield Gap()


def _title_parts(sale: Sale, copy: bool, t: Translate) -> Iterator[Part]:
    if copy:
        yield Line(t("COPY"), Align.CENTRE, Size.BIG, bold=True)
    titles = {
        SaleKind.RETURN: t("RETURN"),
        SaleKind.ADJUSTMENT: t("ADJUSTMENT"),
        SaleKind.EXCHANGE: t("EXCHANGE"),
        SaleKind.VOID: t("VOID"),
    }
    if sale.kind in titles:
        yield Line(titles[sale.kind], Align.CENTRE, Size.BIG, bold=True)
    is_void = sale.kind is SaleKind.VOID
    undone = t("Receipt {number} is void") if is_void else t("Return of receipt {number}")
    origins = _given_back(sale)
    for number, reason in origins:
        if number:
            yield Line(undone.format(number=number), Align.CENTRE)
        if reason:
            yield Line(t("Reason: {reason}").format(reason=t(reason)), Align.CENTRE)
    if copy or origins or sale.kind is not SaleKind.SALE:
        yield Gap()


def _given_back(sale: Sale) -> list[tuple[str, str]]:
    """Which receipts the lines come from and why, each once, in the order of the lines."""
    origins = (line.returns for line in sale.lines if line.returns is not None)
    pairs = ((printable(o.sale_number), printable(o.reason)) for o in origins)
    return list(dict.fromkeys(pairs))


def _document_parts(sale: Sale, written: Writing, t: Translate) -> Iterator[Part]:
    stamp = sale.stamp
    yield Row(t("Receipt"), printable(sale.number), bold=True)
    yield Row(t("Date"), written.date_and_time(stamp.at))
    yield Row(t("Till"), printable(stamp.till))
    yield Row(t("Cashier"), printable(stamp.staff))
    if sale.customer is not None:
        customer = sale.customer
        yield Row(t("Customer"), printable(customer.name or customer.number))
        if customer.number and customer.name:
            yield Row(t("Customer number"), printable(customer.number))
        if customer.tax_number:
            yield Row(t("Customer's tax number"), printable(customer.tax_number))


def _note(note: str) -> Iterator[Part]:
    if text := printable(note):
        yield Gap()
        yield Line(text)


def _tax_parts(sale: Sale, shop: ShopSettings, written: Writing, t: Translate) -> Iterator[Part]:
    if shop.receipt.shows_tax_table and sale.taxes:
        yield Rule()
        yield from tax_table_parts(sale, written, t)


def _footer_parts(sale: Sale, shop: ShopSettings, copy: bool, t: Translate) -> Iterator[Part]:
    yield Rule()
    on_account = any(s.method is TenderMethod.ON_ACCOUNT for s in sale.tenders)
    if on_account and not copy:
        yield Gap(2)
        yield Row(t("Signature"), "_" * 20)
        yield Gap()
    for line in shop.receipt.footer:
        if text := printable(line):
            yield Line(text, Align.CENTRE)
