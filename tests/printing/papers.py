"""Papers of sales documents for the tests, and the PDF as other people's programs see it."""

import unicodedata
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from io import BytesIO
from pathlib import Path

import pypdf
import pypdfium2
import zxingcpp
from PIL import Image

from pos_app.domain.money import Money
from pos_app.printing.amounts import Writing, writing
from pos_app.printing.document_page import (
    Address,
    Align,
    Column,
    Detail,
    DocumentPage,
    Passage,
    Payment,
    Row,
    Table,
    TaxTable,
    Total,
    Transfer,
    Weight,
)
from pos_app.printing.document_words import word

LOGO = str(Path(__file__).parents[2] / "resources" / "demo" / "logo.png")
COUNTRY = {"en": "GB", "de": "DE", "fr": "FR", "zh": "CN", "ar": "EG"}
GOODS = {
    "en": ("Whole milk 1 l", "Olive oil, cold pressed, 500 ml", "Sourdough bread"),
    "de": ("Vollmilch 3,5 % 1 l", "Schreibtischlampe, höhenverstellbar", "Kaffeebohnen Größe XL"),
    "fr": ("Lait entier 1 l", "Huile d'olive vierge extra, première pression", "Pâté en croûte"),
    "zh": ("全脂牛奶 1 升", "特级初榨橄榄油 500 毫升", "酸面包（手工）"),
    "ar": ("حليب كامل الدسم 1 لتر", "زيت زيتون بكر ممتاز 500 مل", "خبز بالخميرة الطبيعية XL"),
}
BUYER = {
    "en": Address("Harbour Books Ltd", ("Attn. Purchasing", "12 Quay Street", "Bristol BS1 4DB")),
    "de": Address("Buchhandlung am Hafen GmbH", ("Einkauf", "Kaistraße 12", "20457 Hamburg")),
    "fr": Address("Librairie du Port SARL", ("Service achats", "12 quai Ouest", "44000 Nantes")),
    "zh": Address("海港书店有限公司", ("采购部", "江苏路 12 号", "上海市长宁区 200050")),
    "ar": Address("مكتبة الميناء", ("قسم المشتريات", "12 شارع الكورنيش", "الإسكندرية 21500")),
}
SELLER = {
    "en": Address("Corner Shop Ltd", ("1 High Street", "Bath BA1 1AA")),
    "de": Address("Eckladen Müller & Söhne GmbH", ("Hauptstraße 1", "10115 Berlin")),
    "fr": Address("L'Épicerie du Coin", ("1 rue Haute", "75011 Paris")),
    "zh": Address("街角商店有限公司", ("人民路 1 号", "北京市朝阳区")),
    "ar": Address("متجر الزاوية", ("1 شارع النيل", "القاهرة 11511")),
}


def euros(minor: int) -> Money:
    return Money(minor, "EUR")


def rows_of(language: str, count: int) -> tuple[tuple[Row, ...], int]:
    """Rows whose amounts are known: the n-th is n euros and n cents; and their sum."""
    figures, names = writing(language, COUNTRY[language]), GOODS[language]
    rows, total = [], 0
    for number in range(1, count + 1):
        minor = 101 * number
        total += minor
        rows.append(
            Row(
                (
                    f"{number}",
                    f"A{number:05d}",
                    names[number % 3],
                    figures.number(Decimal(number), 0),
                    figures.number(Decimal("1.01"), 2),
                    figures.percent(Decimal(19 if number % 2 else 7)),
                    figures.money(euros(minor)),
                ),
                below="SN 12345-67" if count > 20 and number % 4 == 0 else "",
                amount=euros(minor),
            )
        )
    return tuple(rows), total


def columns_of(language: str) -> tuple[Column, ...]:
    keys = ("position", "code", "description", "quantity", "unit_price", "tax_rate", "amount")
    figures = ("position", "quantity", "unit_price", "tax_rate", "amount")
    return tuple(
        Column(
            word(language, key),
            Align.FIGURE if key in figures else Align.START,
            grows=key == "description",
        )
        for key in keys
    )


def paper(language: str = "en", lines: int = 20, **changes: object) -> DocumentPage:
    """An invoice as the shop of a language writes it; the amount due is the sum of its lines."""
    figures = writing(language, COUNTRY[language])
    rows, total = rows_of(language, lines)
    seller, number = SELLER[language], "INV2026110042"
    due = euros(total)
    page = DocumentPage(
        language=language,
        title=word(language, "invoice"),
        number=number,
        day=date(2026, 11, 21),
        writing=figures,
        seller=seller,
        buyer=BUYER[language],
        contact=("+49 30 1234567", "hello@shop.example", "www.shop.example"),
        details=_details(language),
        table=Table(columns_of(language), rows),
        taxes=_taxes(language, figures, total),
        totals=_totals(language, figures, due),
        payment=_payment(language, seller.name, due, number),
        closing=(
            Passage(word(language, "pay_by", day="21.12.2026"), heading=word(language, "terms")),
            Passage(word(language, "prices_include_tax"), heading=word(language, "notes")),
        ),
        footer=(
            (seller.name, *seller.lines),
            ("+49 30 1234567", "hello@shop.example", "www.shop.example"),
            (word(language, "vat_id") + " DE123456789", "HRB 12345"),
        ),
    )
    return replace(page, **changes)  # type: ignore[arg-type]


def _details(language: str) -> tuple[Detail, ...]:
    return (
        Detail(word(language, "date"), "21.11.2026"),
        Detail(word(language, "customer_number"), "CUS-00042"),
        Detail(word(language, "order_number"), "SO2026110007"),
        Detail(word(language, "reference"), "PO 4711/26"),
        Detail(word(language, "due"), "21.12.2026"),
    )


def _taxes(language: str, figures: Writing, total: int) -> TaxTable:
    heads = tuple(word(language, key) for key in ("tax_rate", "taxable", "tax_amount"))
    rows = tuple(
        (figures.percent(Decimal(rate)), figures.money(euros(total // 2)), figures.money(euros(5)))
        for rate in (7, 19)
    )
    return TaxTable(heads, rows)


def _totals(language: str, figures: Writing, due: Money) -> tuple[Total, ...]:
    return (
        Total(word(language, "subtotal"), figures.money(due)),
        Total(word(language, "discount"), figures.money(euros(-500))),
        Total(word(language, "tax"), figures.money(euros(500))),
        Total(word(language, "gross"), figures.money(due), Weight.STRONG),
        Total(word(language, "paid"), figures.money(euros(0))),
        Total(word(language, "amount_due"), figures.money_with_currency(due), Weight.DUE),
    )


def _payment(language: str, name: str, due: Money, number: str) -> Payment:
    return Payment(
        heading=word(language, "payment_heading"),
        details=(
            Detail(word(language, "holder"), name),
            Detail("IBAN", "DE89 3704 0044 0532 0130 00"),
            Detail("BIC", "COBADEFFXXX"),
            Detail(word(language, "remittance"), number),
        ),
        transfer=Transfer(name, "DE89 3704 0044 0532 0130 00", "COBADEFFXXX", due, number),
        caption=word(language, "scan"),
    )


def reader(pdf: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(BytesIO(pdf))


def texts(pdf: bytes) -> list[str]:
    """The text of each page as another program reads it; compatible forms made plain (NFKC)."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [
            unicodedata.normalize("NFKC", page.get_textpage().get_text_range()) for page in document
        ]
    finally:
        document.close()


def whole_text(pdf: bytes) -> str:
    return "\n".join(texts(pdf))


def picture(pdf: bytes, number: int = 0, scale: float = 2) -> Image.Image:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return document[number].render(scale=scale).to_pil().convert("RGB")
    finally:
        document.close()


def codes(pdf: bytes, number: int = 0) -> list[str]:
    return [code.text for code in zxingcpp.read_barcodes(picture(pdf, number, 3))]


@lru_cache(maxsize=8)
def sample(language: str, lines: int) -> bytes:
    from pos_app.printing.document_pdf import render_document

    return render_document(paper(language, lines))
