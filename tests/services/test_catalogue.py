from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.errors import PosError
from pos_app.domain.product import Category, Product, Unit
from pos_app.domain.stock import MoveReason
from pos_app.domain.tax import Tax
from pos_app.services.catalogue import Catalogue, ProductGone, stock_change
from pos_app.services.catalogue_rules import (
    FieldRefusal,
    StockFigureWrong,
    product_refusals,
)
from pos_app.store.errors import BarcodeTaken
from pos_app.store.store import Store, create_store
from tests.services.office_shop import DAIRY, MILK, SHOP, VAT, facts_of, fill, now


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setenv("POS_APP_KEYS", "file")
    with create_store(tmp_path / "shop.db", SHOP, now=now()) as made:
        fill(made)
        yield made


@pytest.fixture
def catalogue(store: Store) -> Catalogue:
    return Catalogue(store, now, "7")


def test_a_saved_product_is_found_by_its_new_barcode_and_journalled(
    catalogue: Catalogue, store: Store
) -> None:
    changed = replace(MILK, price=Decimal("1.2495"), barcodes=("5391000000019", "96385074"))
    catalogue.save_product(changed)
    assert store.products.find("96385074") == changed
    kind, payload = facts_of(store)[-1]
    assert (kind, payload["price"]) == ("product_saved", "1.2495")
    assert list(store.journal.entries())[-1].staff == "7"


def test_saving_a_product_unchanged_writes_no_fact(catalogue: Catalogue, store: Store) -> None:
    before = len(facts_of(store))
    catalogue.save_product(MILK)
    assert len(facts_of(store)) == before


def test_a_barcode_of_another_product_is_refused_and_nothing_is_written(
    catalogue: Catalogue, store: Store
) -> None:
    other = Product(catalogue.new_id(), "1002", "Butter", Decimal(3), barcodes=MILK.barcodes)
    before = len(facts_of(store))
    with pytest.raises(BarcodeTaken, match="Whole milk"):
        catalogue.save_product(other)
    assert store.products.get(other.id) is None
    assert len(facts_of(store)) == before


def test_a_product_out_of_sale_is_no_longer_scanned_but_stays_known(
    catalogue: Catalogue, store: Store
) -> None:
    catalogue.save_product(replace(MILK, is_active=False))
    assert store.products.find(MILK.barcodes[0]) is None
    gone = store.products.get(MILK.id)
    assert gone is not None
    assert not gone.is_active
    catalogue.save_product(MILK)
    assert store.products.find(MILK.barcodes[0]) == MILK


def test_a_product_that_is_gone_is_refused_by_name(catalogue: Catalogue) -> None:
    with pytest.raises(ProductGone):
        catalogue.correct_stock("nowhere", "shop", MoveReason.COUNT, Decimal(1))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": "  "}, "name"),
        ({"code": ""}, "code"),
        ({"name": "x" * 201}, "name"),
        ({"name": "Milk\x1b@"}, "name"),
        ({"price": Decimal(-1)}, "price"),
        ({"price": Decimal("1.23456")}, "price"),
        ({"price": Decimal("NaN")}, "price"),
        ({"price": Decimal("1e12")}, "price"),
        ({"cost": Decimal("-0.01")}, "cost"),
        ({"min_price": Decimal(2)}, "min_price"),
        ({"barcodes": ("1", "1")}, "barcodes"),
        ({"barcodes": ("a" * 65,)}, "barcodes"),
        ({"taxes": (VAT, VAT)}, "taxes"),
        ({"tile_position": 0}, "tile_position"),
    ],
)
def test_a_wrong_field_is_named_and_the_sentence_says_what_to_do(
    catalogue: Catalogue, store: Store, change: dict[str, object], field: str
) -> None:
    wrong = replace(MILK, **change)  # type: ignore[arg-type]
    assert list(product_refusals(wrong)) == [field]
    with pytest.raises(FieldRefusal) as refused:
        catalogue.save_product(wrong)
    assert refused.value.field == field
    assert str(refused.value).count(".") >= 1
    assert store.products.get(MILK.id) == MILK


def test_all_wrong_fields_are_told_at_once() -> None:
    wrong = replace(MILK, name="", price=Decimal(-1), tile_position=-3)
    assert set(product_refusals(wrong)) == {"name", "price", "tile_position"}


@pytest.mark.parametrize(
    ("reason", "figure", "level"),
    [
        (MoveReason.COUNT, "12", "12"),
        (MoveReason.OPENING, "0", "0"),
        (MoveReason.RECEIPT, "6", "16"),
        (MoveReason.FOUND, "0.5", "10.5"),
        (MoveReason.WRITE_OFF, "4", "6"),
    ],
)
def test_stock_is_corrected_by_a_movement_with_its_reason(
    catalogue: Catalogue, store: Store, reason: MoveReason, figure: str, level: str
) -> None:
    catalogue.correct_stock(MILK.id, "shop", MoveReason.OPENING, Decimal(10))
    told = catalogue.correct_stock(MILK.id, "shop", reason, Decimal(figure), " shelf ")
    assert told == store.stock.level(MILK.id, "shop") == Decimal(level)
    kind, payload = facts_of(store)[-1]
    move = payload["moves"][0]
    assert kind == "stock_moved"
    assert (move["reason"], move["note"]) == (reason.value, "shelf")
    assert Decimal(move["quantity"]) == Decimal(level) - 10


def test_stock_is_kept_apart_by_location(catalogue: Catalogue, store: Store) -> None:
    catalogue.correct_stock(MILK.id, "shop", MoveReason.COUNT, Decimal(3))
    catalogue.correct_stock(MILK.id, "cellar", MoveReason.COUNT, Decimal(40))
    assert store.stock.levels(MILK.id) == {"shop": Decimal(3), "cellar": Decimal(40)}


def test_a_count_that_finds_the_same_writes_nothing(catalogue: Catalogue, store: Store) -> None:
    catalogue.correct_stock(MILK.id, "shop", MoveReason.COUNT, Decimal(3))
    before = len(facts_of(store))
    catalogue.correct_stock(MILK.id, "shop", MoveReason.COUNT, Decimal(3))
    assert len(facts_of(store)) == before


@pytest.mark.parametrize("figure", ["0", "-1", "NaN", "Infinity", "1e30", "0.0000001"])
def test_a_figure_that_cannot_be_a_delivery_is_refused(catalogue: Catalogue, figure: str) -> None:
    with pytest.raises(StockFigureWrong):
        catalogue.correct_stock(MILK.id, "shop", MoveReason.RECEIPT, Decimal(figure))


@given(level=st.decimals(-1000, 1000, places=3), counted=st.decimals(-1000, 1000, places=3))
def test_a_count_always_ends_at_what_was_counted(level: Decimal, counted: Decimal) -> None:
    assert level + stock_change(level, MoveReason.COUNT, counted) == counted


def test_a_group_a_unit_and_a_tax_are_saved_and_journalled(
    catalogue: Catalogue, store: Store
) -> None:
    cheese = catalogue.save_category(Category(catalogue.new_id(), "Cheese", "#A08A00", 2))
    metre = catalogue.save_unit(Unit("m", "metre", 2))
    reduced = catalogue.save_tax(Tax(rate=Decimal("13.5"), name="VAT 13.5 %", code="R"))
    assert cheese in store.products.categories()
    assert metre in store.products.units()
    assert reduced in store.products.taxes()
    kinds = [kind for kind, _ in facts_of(store)]
    assert kinds == ["category_saved", "settings_changed", "settings_changed"]


def test_products_follow_when_the_rate_of_their_tax_changes(
    catalogue: Catalogue, store: Store
) -> None:
    catalogue.save_tax(replace(VAT, rate=Decimal(21), name="VAT 21 %"))
    milk = store.products.get(MILK.id)
    assert milk is not None
    assert milk.taxes[0].rate == Decimal(21)


@pytest.mark.parametrize(
    ("name", "colour"), [("", ""), ("dairy", ""), ("Cheese", "red"), ("Che\x00ese", "")]
)
def test_a_group_that_cannot_be_is_refused(catalogue: Catalogue, name: str, colour: str) -> None:
    with pytest.raises(FieldRefusal):
        catalogue.save_category(Category(catalogue.new_id(), name, colour))


def test_a_group_may_keep_its_own_name(catalogue: Catalogue) -> None:
    assert catalogue.save_category(replace(DAIRY, colour="#112233")).colour == "#112233"


def test_each_refusal_is_one_of_ours() -> None:
    assert issubclass(FieldRefusal, PosError)
