"""What the counter says of stock: short goods, blocked goods, goods past their date."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from pos_app.domain.delivery import Batch
from pos_app.domain.facts import FactKind
from pos_app.domain.stock_rule import AtZero, StockRule, StockSettings
from pos_app.services.batch_dates import warn_of
from pos_app.services.shop_setup import ShopSetup
from pos_app.services.stock_records import BATCH
from pos_app.services.stock_rules import save_rule
from pos_app.ui.views import Severity
from tests.ui.conftest import COFFEE, MILK, NOW, PRODUCTS, SHOP, Till

GTIN = f"010{MILK}"


def follow(till: Till, at_zero: AtZero) -> None:
    shop = till.store.settings.shop()
    ShopSetup(till.store, lambda: NOW).save(replace(shop, stock=StockSettings(at_zero)))
    till.checkout.reload_settings()


def test_without_a_rule_nothing_is_said(till: Till) -> None:
    till.scan(MILK)
    assert till.told == ""


def test_goods_that_the_books_do_not_have_are_marked_and_scanning_goes_on(till: Till) -> None:
    follow(till, AtZero.WARN)
    till.scan(MILK)
    assert "Whole milk: the books have 0 left" in till.told
    assert till.state.notices[-1].severity is Severity.MARK
    till.scan(COFFEE)
    assert "Ground coffee" in till.told
    assert len(till.state.notices) == 1
    assert len(till.state.rows) == 2
    assert not till.state.sheet.kind


def test_a_product_that_must_not_be_sold_is_told_loudly_and_refused_at_paying(till: Till) -> None:
    save_rule(till.store, StockRule(PRODUCTS[0].id, AtZero.BLOCK), NOW, "1")
    till.checkout.follow_stock_rules()
    till.scan(MILK)
    assert "Whole milk cannot be sold" in till.told
    assert till.state.notices[-1].severity is Severity.BAR
    till.press("F12")
    assert till.store.sales.last() is None
    assert "Whole milk cannot be sold" in till.told


def test_a_tap_and_a_larger_quantity_are_looked_at_too(till: Till) -> None:
    follow(till, AtZero.WARN)
    till.presenter.entry.choose_product(PRODUCTS[0].id)
    assert "Whole milk" in till.told
    till.presenter.lines.set_quantity(Decimal(4))
    assert "Whole milk" in till.told


@pytest.mark.parametrize(
    ("expires", "words", "severity"),
    [
        ("260301", "the date 2026-03-01 is over", Severity.BAR),
        ("260303", "good until 2026-03-03 only", Severity.MARK),
        ("260302", "good until 2026-03-02 only", Severity.MARK),
        ("261231", "", None),
    ],
)
def test_a_date_in_the_code_is_looked_at(
    till: Till, expires: str, words: str, severity: Severity | None
) -> None:
    till.scan(f"]C1{GTIN}17{expires}10B7")
    assert [row.name for row in till.state.rows] == ["Whole milk"]
    assert words in till.told
    assert (till.state.notices[-1].severity if till.state.notices else None) is severity


def test_the_date_of_a_received_batch_counts_where_the_code_names_the_batch(till: Till) -> None:
    batch = Batch(PRODUCTS[0].id, "B7", Decimal(5), date(2026, 2, 27))
    with till.store.transaction() as tx:
        tx.records.put(BATCH, batch, FactKind.BATCH_SAVED, NOW, "1")
    till.scan(f"]C1{GTIN}10B7")
    assert "the date 2026-02-27 is over" in till.told


def test_what_keeps_long_is_not_spoken_of() -> None:
    assert warn_of("Milk", None, SHOP, NOW) is None
    assert warn_of("Milk", date(2026, 3, 6), SHOP, NOW) is None
    assert warn_of("Milk", date(2026, 3, 5), SHOP, NOW) is not None
