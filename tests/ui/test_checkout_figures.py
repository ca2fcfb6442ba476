"""The number buffer, amounts as text, and the quick sums: tables and properties."""

import json
import subprocess
import sys
from decimal import Decimal

import pytest
from babel import Locale
from babel.numbers import format_currency, format_decimal
from hypothesis import given
from hypothesis import strategies as st

from pos_app.assets import resource
from pos_app.domain.errors import PosError
from pos_app.domain.money import MINOR_DIGITS, Money
from pos_app.domain.pricing import PricePolicy
from pos_app.domain.product import KILOGRAM, PIECE
from pos_app.domain.shop import ScreenSettings, ShopSettings
from pos_app.texts import LANGUAGES
from pos_app.ui.presenters import number_buffer as buffer
from pos_app.ui.presenters.amounts import amount_format
from pos_app.ui.presenters.figure_signs import TABLE, figure_signs, signs_from_cldr
from pos_app.ui.presenters.quick_amounts import quick_amounts
from tests.ui.figures_table import table, territories

NOTES = tuple(map(Decimal, (5, 10, 20, 50)))


@pytest.mark.parametrize(
    ("typed", "number"),
    [("3", "3"), ("1.5", "1.5"), ("1,5", "1.5"), ("٣", "3"), ("１２", "12"), (".5", "0.5")],
)
def test_figures_are_read_in_any_script_with_either_point(typed: str, number: str) -> None:
    assert buffer.number_of(typed) == Decimal(number)


@pytest.mark.parametrize("typed", ["", " ", "abc", "1.2.3", "-1", "1e5", "NaN", "²", "9" * 13])
def test_what_is_no_figure_is_refused_by_name(typed: str) -> None:
    with pytest.raises(PosError):
        buffer.number_of(typed)


@pytest.mark.parametrize(
    ("typed", "currency", "price"),
    [("199", "EUR", "1.99"), ("1.99", "EUR", "1.99"), ("5", "EUR", "0.05"), ("199", "JPY", "199"),
     ("1999", "KWD", "1.999"), ("1.9999", "EUR", "1.9999")],
)  # fmt: skip
def test_a_price_without_a_point_counts_in_the_smallest_unit(
    typed: str, currency: str, price: str
) -> None:
    assert buffer.price_of(typed, currency) == Decimal(price)


@given(st.text(max_size=300))
def test_no_text_breaks_the_buffer(text: str) -> None:
    clean = buffer.clean_entry(text)
    assert len(clean) <= buffer.ENTRY_LIMIT
    buffer.is_search(clean)
    try:
        number = buffer.number_of(clean)
    except PosError:
        return
    assert number >= 0


@given(st.integers(0, 10**9), st.integers(1, 6))
def test_quick_sums_cover_the_due_and_rise(minor: int, limit: int) -> None:
    sums = quick_amounts(Money(minor, "EUR"), NOTES, limit)
    assert len(sums) == limit
    assert all(amount.minor > minor for amount in sums)
    assert list(sums) == sorted(set(sums), key=lambda amount: amount.minor)


@pytest.mark.parametrize(
    ("due", "sums"),
    [("3.20", "5 10 20 50"), ("13.37", "15 20 50 100"), ("20.00", "50 100 150 200"),
     ("0.00", "5 10 20 50"), ("47.30", "50 60 100 150")],
)  # fmt: skip
def test_quick_sums_are_what_customers_lay_down(due: str, sums: str) -> None:
    found = quick_amounts(Money.of(due, "EUR"), NOTES)
    assert [str(amount.minor // 100) for amount in found] == sums.split()


def test_a_shop_without_notes_has_no_quick_sums() -> None:
    assert quick_amounts(Money(100, "EUR"), ()) == ()


LOCALES = [("en", "IE"), ("en", "GB"), ("en", "IN"), ("de", "DE"), ("de", "CH"), ("de", "AT"),
           ("ar", "AE"), ("fr", "FR"), ("xx", "QQ")]  # fmt: skip


@pytest.mark.parametrize(("language", "country"), LOCALES[:-1])
@pytest.mark.parametrize("currency", ["EUR", "GBP", "JPY", "KWD", "CHF", "INR"])
@pytest.mark.parametrize("minor", [0, 5, 123456, 1234567890])
def test_amounts_read_as_the_country_writes_them(
    language: str, country: str, currency: str, minor: int
) -> None:
    shop = ShopSettings(
        country=country, policy=PricePolicy(currency), screen=ScreenSettings(language=language)
    )
    amount = Money(minor, currency)
    expected = format_currency(
        amount.amount, currency, locale=f"{language}_{country}", numbering_system="latn",
        currency_digits=True,
    )  # fmt: skip
    bare = str.maketrans("", "", "\u200f\u200e \u00a0\u202f")
    assert amount_format(shop).money(amount).translate(bare) == expected.translate(bare)


@given(st.decimals(-(10**6), 10**6, places=4))
def test_prices_keep_every_place_they_have(price: Decimal) -> None:
    shop = ShopSettings(country="DE", screen=ScreenSettings(language="de"))
    text = amount_format(shop).price(price).replace("−", "-")
    decimal, group = (Locale("de").number_symbols["latn"][k] for k in ("decimal", "group"))
    assert Decimal(text.replace(group, "").replace(decimal, ".")) == price
    assert format_decimal(price, "#,##0.00##", locale="de_DE") == text


def test_the_table_of_signs_says_what_cldr_says() -> None:
    written = json.loads(resource(TABLE).read_text("utf-8"))
    assert written == table(), "run tests/ui/figures_table.py"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_country_and_currency_reads_from_the_table_as_from_cldr(language: str) -> None:
    for country in (*territories(language), "QQ"):
        found = signs_from_cldr(language, country)
        assert found is not None
        for currency in MINOR_DIGITS:
            expected = (found[0], found[1].get(currency, currency))
            assert figure_signs(language, country, currency) == expected


def test_our_own_languages_are_written_without_reading_cldr() -> None:
    program = (
        "import sys; from pos_app.ui.presenters.amounts import amount_format as f;"
        "from pos_app.domain.shop import ShopSettings as S; f(S()); print('babel' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=300
    )
    assert done.stdout.strip() == "False"


def test_an_unknown_country_is_written_plainly() -> None:
    shop = ShopSettings(country="QQ", screen=ScreenSettings(language="xx"))
    assert amount_format(shop).money(Money(123456, "EUR")) == "1,234.56\u00a0EUR"


def test_pieces_have_no_unit_and_weight_has() -> None:
    fmt = amount_format(ShopSettings())
    assert fmt.quantity(Decimal(3), PIECE) == "3"
    assert fmt.quantity(Decimal("0.482"), KILOGRAM) == "0.482\u00a0kg"
