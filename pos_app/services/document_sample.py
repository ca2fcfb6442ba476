"""A made-up invoice to look at while a shop sets its documents up; nothing of it is kept."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from pos_app.domain.document import DocumentHead, DocumentLine, Party
from pos_app.domain.document_settings import Series, document_number, prefix_of
from pos_app.domain.invoice import Invoice, InvoiceLine, figured, issued
from pos_app.domain.money import Money
from pos_app.domain.pricing import LineFigures
from pos_app.domain.shop import ShopSettings
from pos_app.domain.tax import Tax
from pos_app.services.document_files import PaperOrder, made
from pos_app.services.printer_setup import SAMPLE_ID
from pos_app.services.time_zones import business_day
from pos_app.texts import t

_WIDTH_DOTS = 120  # dots in an inch of the picture on the page of settings


def sample_invoice(shop: ShopSettings, taxes: Sequence[Tax], at: datetime) -> Invoice:
    """Make up an invoice with the shop's taxes, terms and numbers."""
    documents, day = shop.documents, business_day(at, shop)
    customer = Party(
        id=SAMPLE_ID,
        number=f"{documents.customer_prefix}1001",
        name=t("Quayside Hotel"),
        address=t("7 Harbour Road"),
        postcode="10117",
        city=t("Newtown"),
        country=shop.country,
    )
    head = DocumentHead(
        SAMPLE_ID, "", customer, day, shop.policy, at, "1", at, "1",
        payment_terms=documents.payment_terms, shipping_terms=documents.shipping_terms,
    )  # fmt: skip
    zero = Money(0, shop.policy.currency)
    blank = Invoice(
        head=head,
        lines=tuple(
            InvoiceLine(line, LineFigures(zero, zero, zero, zero, zero))
            for line in _lines(shop, taxes)
        ),
        due=day + timedelta(days=max(documents.due_days, 0)),
        taxes=(),
        net=zero,
        tax=zero,
        gross=zero,
        rounding=zero,
        colour=documents.colour,
    )
    number = document_number(prefix_of(documents, Series.INVOICE), "1", 1, f"{day:%Y%m}", 1)
    return issued(figured(blank), number, day)


def sample_picture(shop: ShopSettings, taxes: Sequence[Tax], at: datetime) -> bytes:
    """Return a PNG of the made-up invoice's page as it is printed with these settings."""
    from pos_app.printing.pdf_pages import page_png  # noqa: PLC0415 - loaded when first looked at

    return page_png(made(PaperOrder(sample_invoice(shop, taxes, at), shop)), 0, _WIDTH_DOTS)


def _lines(shop: ShopSettings, taxes: Sequence[Tax]) -> tuple[DocumentLine, ...]:
    """Three things that a shop delivers, priced so that they are a few notes in any currency."""
    scale = max(shop.quick_amounts, default=Decimal(50)) / 50
    first = tuple(taxes[:1])
    second = tuple(taxes[1:2]) or first
    goods = (
        (t("Ground coffee 1 kg"), "12", "18.90", first, t("Delivered on Tuesdays")),
        (t("Paper cups, 100 pieces"), "6", "7.25", second, ""),
        (t("Delivery"), "1", "9.50", first, ""),
    )
    return tuple(
        DocumentLine(
            id=str(place),
            name=name,
            quantity=Decimal(quantity),
            unit_price=_price(price, scale),
            code=f"10{place:02d}",
            taxes=lots,
            remark=remark,
        )
        for place, (name, quantity, price, lots, remark) in enumerate(goods, 1)
    )


def _price(text: str, scale: Decimal) -> Decimal:
    price = Decimal(text) * scale
    return price.quantize(Decimal(1)) if scale > 1 else price.quantize(Decimal("0.01"))
