"""Products whose labels are hard to draw, and labels as other people's programs see them."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from io import BytesIO

import pypdfium2
import pypdfium2.raw as pdfium
import zxingcpp

from pos_app.domain.pricing import PricePolicy
from pos_app.domain.product import KILOGRAM, PIECE, Product, Unit
from pos_app.domain.shop import ScreenSettings, ShopSettings
from pos_app.printing.label_formats import LabelFormat
from pos_app.printing.label_sheet import LabelRun, write_sheet

ARABIC = "زيت زيتون بكر ممتاز معصور على البارد 500 مل"
LONG = ("Organic whole grain breakfast cereal with hazelnuts and dried fruit " * 4)[:200]


def product(code: str, name: str, price: str | None, *barcodes: str, unit: Unit = PIECE) -> Product:
    amount = None if price is None else Decimal(price)
    return Product(f"id-{code}", code, name, amount, unit=unit, barcodes=barcodes)


MILK = product("A001", "Whole milk 1 l", "1.19", "4006381333931")
TOMATOES = product("20001", "Tomatoes", "3.99", unit=KILOGRAM)
HARD = (
    MILK,
    TOMATOES,
    product("A002", LONG, "1234567.89", "96385074"),
    product("A003", (ARABIC + " ") * 4, "12.5", "036000291452"),
    product("A004", "X" * 200, "9999999", "5000000000012"),
    product("A005", "中文产品名称 very 好", "99", "AB-12345"),
    product("LONG/CODE-2026-000123456789-XYZ-" * 2, "Café Crème gemahlen", "8.99"),
    product("A006", "Saffron", "0.0129", "كود١٢٣", unit=Unit("g", "gram")),
    product("A007", "", None, "5000000000012"),
)


def shop(language: str = "en", country: str = "IE", currency: str = "EUR") -> ShopSettings:
    return ShopSettings(
        country=country, policy=PricePolicy(currency), screen=ScreenSettings(language=language)
    )


@dataclass(frozen=True)
class Ink:
    """A text or a barcode on a page: points from the upper left corner."""

    what: str
    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: "Ink") -> bool:
        slack = 0.3
        return (
            self.left < other.right - slack
            and other.left < self.right - slack
            and self.top < other.bottom - slack
            and other.top < self.bottom - slack
        )

    def is_inside(self, left: float, top: float, right: float, bottom: float) -> bool:
        return (
            left <= self.left and top <= self.top and right >= self.right and bottom >= self.bottom
        )


def pdf_of(run: LabelRun, paper: LabelFormat) -> bytes:
    file = BytesIO()
    write_sheet(run, paper, file)
    return file.getvalue()


@lru_cache(maxsize=16)
def inks(pdf: bytes, page: int = 0) -> tuple[Ink, ...]:
    """Every text and every filled shape of a page, as PDFium finds them."""
    document = pypdfium2.PdfDocument(pdf)
    return tuple(_inks(document[page]))


def _inks(page: pypdfium2.PdfPage) -> Iterator[Ink]:
    height = page.get_height()
    texts = page.get_textpage()
    for found in page.get_objects():
        if found.type not in (pdfium.FPDF_PAGEOBJ_TEXT, pdfium.FPDF_PAGEOBJ_PATH):
            continue
        left, bottom, right, top = found.get_bounds()
        is_text = found.type == pdfium.FPDF_PAGEOBJ_TEXT
        words = texts.get_text_bounded(left, bottom, right, top) if is_text else "bars"
        yield Ink(words, left, height - top, right, height - bottom)


def codes(pdf: bytes, page: int = 0, scale: float = 4) -> list[tuple[str, str]]:
    """The barcodes of a page, drawn by PDFium and read by zxing-cpp."""
    picture = pypdfium2.PdfDocument(pdf)[page].render(scale=scale).to_pil().convert("L")
    return [(one.format.name, one.text) for one in zxingcpp.read_barcodes(picture)]


def read_from_the_right(pdf: bytes) -> str:
    """The letters of the first page's Arabic in the order in which a reader meets them."""
    texts = pypdfium2.PdfDocument(pdf)[0].get_textpage()
    letters = [
        (texts.get_charbox(place)[0], texts.get_text_range(place, 1))
        for place in range(texts.count_chars())
    ]
    arabic = sorted((one for one in letters if "\u0600" <= one[1] <= "\ufefc"), reverse=True)
    return unicodedata.normalize("NFKC", "".join(letter for _, letter in arabic))
