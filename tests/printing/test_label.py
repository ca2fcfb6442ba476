"""What stands on a label before it is drawn: the barcode, the price, the price per kilogram."""

from datetime import date
from decimal import Decimal

import pytest

from pos_app.domain.product import KILOGRAM, PIECE, Unit
from pos_app.printing.label import LabelContent, label_of
from pos_app.printing.label_symbol import Symbol, Symbology, symbol_for, symbol_of
from tests.printing.labelled import ARABIC, MILK, product, shop

LITRE, MILLILITRE, GRAM = Unit("l", "litre", 3), Unit("ml", "millilitre"), Unit("g", "gram")


@pytest.mark.parametrize(
    ("code", "symbology", "text"),
    [
        ("4006381333931", Symbology.EAN13, "4006381333931"),
        ("4006381333932", Symbology.CODE128, "4006381333932"),  # its check digit is wrong
        ("96385074", Symbology.EAN8, "96385074"),
        ("036000291452", Symbology.UPC_A, "036000291452"),
        ("01234565", Symbology.EAN8, "01234565"),
        ("04252614", Symbology.UPC_A, "042100005264"),  # UPC-E stands for a UPC-A
        ("10012345678902", Symbology.CODE128, "10012345678902"),
        ("A-17", Symbology.CODE128, "A-17"),
        ("a>b", Symbology.QR, "a>b"),  # signs that Code 128 of label printers takes for commands
        ("Größe 42", Symbology.QR, "Größe 42"),
        ("X" * 29, Symbology.QR, "X" * 29),
        (" A", Symbology.QR, " A"),
    ],
)
def test_a_code_gets_the_barcode_that_scanners_expect(
    code: str, symbology: Symbology, text: str
) -> None:
    assert symbol_for(code) == Symbol(symbology, text)


def test_a_trade_number_goes_before_the_shops_own_barcodes() -> None:
    assert symbol_of(product("A1", "Tea", "1", "OWN-7", "4006381333931")) == Symbol(
        Symbology.EAN13, "4006381333931"
    )
    assert symbol_of(product("A1", "Tea", "1", "OWN-7")) == Symbol(Symbology.CODE128, "OWN-7")


def test_a_product_without_a_barcode_shows_its_own_code() -> None:
    assert symbol_of(product("A1", "Tea", "1")) == Symbol(Symbology.CODE128, "A1")
    assert symbol_of(product("", "Tea", "1")) is None


@pytest.mark.parametrize(
    ("language", "country", "currency", "price", "written"),
    [
        ("en", "IE", "EUR", "1.19", "€1.19"),
        ("de", "DE", "EUR", "1234.5", "1.234,50 €"),
        ("de", "DE", "EUR", "0.0129", "0,0129 €"),
        ("en", "JP", "JPY", "1200", "¥1,200"),
        ("en", "KW", "KWD", "1.5", "KWD 1.500"),
        ("en", "US", "USD", "1234567.89", "$1,234,567.89"),
    ],
)
def test_a_price_is_written_as_the_shop_writes_it(
    language: str, country: str, currency: str, price: str, written: str
) -> None:
    label = label_of(product("A", "Tea", price), shop(language, country, currency))
    assert label.price == written


@pytest.mark.parametrize(
    ("unit", "price", "written"),
    [
        (PIECE, "1.19", ""),
        (KILOGRAM, "3.99", "€3.99 / kg"),
        (GRAM, "0.0129", "€12.90 / kg"),
        (LITRE, "1.5", "€1.50 / l"),
        (MILLILITRE, "0.002", "€2.00 / l"),
    ],
)
def test_what_is_weighed_or_measured_has_its_price_per_kilogram_or_litre(
    unit: Unit, price: str, written: str
) -> None:
    assert label_of(product("A", "Tea", price, unit=unit), shop()).unit_price == written


def test_a_price_that_the_cashier_names_stays_off_the_label() -> None:
    label = label_of(product("A", "Cheese", None, unit=KILOGRAM), shop())
    assert (label.price, label.unit_price) == ("", "")


def test_price_and_date_are_there_only_when_wanted() -> None:
    day = date(2026, 5, 4)
    label = label_of(MILK, shop("de", "DE"), LabelContent(shows_price=False, day=day))
    assert (label.price, label.date) == ("", "04.05.26")
    assert label_of(MILK, shop()).date == ""


def test_a_label_in_arabic_runs_from_right_to_left() -> None:
    assert label_of(product("A", ARABIC, "1"), shop("ar", "EG", "EGP")).is_mirrored
    assert not label_of(product("A", ARABIC, "1"), shop()).is_mirrored


def test_control_characters_never_reach_the_paper() -> None:
    label = label_of(product("A\x1b@", "Tea\r\n^XA\x00", "1"), shop())
    assert label.name == "Tea ^XA?"
    assert label.code == "A?@"


def test_the_price_is_a_decimal_through_and_through() -> None:
    huge = Decimal("9999999.9999")
    assert label_of(product("A", "Yacht", str(huge)), shop()).price == "€9,999,999.9999"
