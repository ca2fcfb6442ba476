"""The catalogue: kept, found by a scan, and found by what was typed."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.product import KILOGRAM, Category, Product, ProductKind, Unit
from pos_app.domain.stock import MoveReason, StockMove
from pos_app.domain.tax import Tax
from pos_app.store.errors import BarcodeTaken, QuantityTooFineToStore, RowRefused
from pos_app.store.store import Store
from pos_app.store.words import fold, typed, words_of
from tests.store.shops import DEPOSIT, START, VAT, fails, product, product_id

RICH = Product(
    product_id(90),
    "R90",
    "Käse, gereift",
    Decimal("12.3456"),
    unit=KILOGRAM,
    kind=ProductKind.GOODS,
    category_id="c",
    taxes=(DEPOSIT, VAT, Tax(Decimal(5), included=True, affects_next=True)),
    barcodes=("4006381333931", "96385074"),
    cost=Decimal("0.0001"),
    min_price=Decimal("9.5"),
    tile_position=3,
)


def save(store: Store, *products: Product) -> None:
    with store.transaction() as tx:
        for each in products:
            tx.products.save(each)


def names(store: Store, text: str, limit: int = 30) -> list[str]:
    return [found.product.name for found in store.products.search(text, limit)]


def test_a_product_comes_back_with_all_it_has(store: Store) -> None:
    save(store, RICH)
    for code in ("R90", "4006381333931", "96385074"):
        assert store.products.find(code) == RICH
    assert store.products.get(RICH.id) == RICH
    bare = Product(product_id(91), "B", "Bare", None)
    save(store, bare)
    assert store.products.get(bare.id) == bare


def test_a_changed_product_is_found_by_its_new_codes_only(store: Store) -> None:
    save(store, RICH, replace(RICH, code="R91", barcodes=("1",), name="Quark"))
    assert store.products.find("4006381333931") is None
    assert store.products.find("1") == store.products.find("R91")
    assert names(store, "kase ger") == []
    assert names(store, "quark") == ["Quark"]


def test_an_inactive_product_gives_its_codes_free(store: Store) -> None:
    save(store, RICH, replace(RICH, is_active=False))
    assert store.products.find("R90") is None
    assert names(store, "käse") == []
    save(store, replace(RICH, id=product_id(92)))
    assert store.products.find("R90") == replace(RICH, id=product_id(92))
    with pytest.raises(BarcodeTaken):
        save(store, RICH)


def test_a_barcode_of_another_product_is_refused_with_its_name(store: Store) -> None:
    save(store, RICH)
    with pytest.raises(BarcodeTaken, match="96385074 already belongs to Käse, gereift"):
        save(store, product(50, barcodes=("96385074",)))
    with pytest.raises(BarcodeTaken):
        save(store, product(50, code="96385074"))
    assert store.products.get(product_id(50)) is None


def test_many_products_are_kept_at_once_and_changed_ones_too(store: Store) -> None:
    with store.transaction() as tx:
        assert tx.products.save_many(product(n) for n in range(10, 1_300)) == 1_290
    with store.transaction() as tx:
        assert tx.products.save_many(product(n, name="New") for n in range(1_000, 1_400)) == 400
    assert store.products.count() == 5 + 1_390
    assert store.products.find("P1299") == product(1299, name="New")
    assert store.products.find("4000000000999") == product(999)
    assert len(store.products.search("new", 500)) == 400


def test_a_clash_among_many_lets_the_whole_transaction_go(store: Store) -> None:
    clash = [product(n) for n in range(10, 20)] + [product(20, barcodes=("4000000000001",))]
    with pytest.raises(BarcodeTaken), store.transaction() as tx:
        tx.products.save_many(clash)
    assert store.products.count() == 5
    save(store, product(10))


def test_an_unknown_category_is_refused(store: Store) -> None:
    with pytest.raises(RowRefused), store.transaction() as tx:
        tx.products.save(replace(RICH, category_id="nowhere"))


def test_a_tax_that_changes_changes_every_product_that_has_it(store: Store) -> None:
    lower = replace(VAT, rate=Decimal(19))
    with store.transaction() as tx:
        tx.products.save_tax(lower)
        assert tx.products.get(product_id(1)) == product(1, taxes=(lower,))
    assert store.products.find("P2") == product(2, taxes=(lower, DEPOSIT))
    assert store.products.taxes() == [lower, DEPOSIT]


def test_taxes_of_a_transaction_that_was_let_go_are_forgotten(store: Store) -> None:
    new = Tax(rate=Decimal(3), code="N")
    with fails(store) as tx:
        tx.products.save(product(60, taxes=(new,)))
    other = Tax(rate=Decimal(4), code="O")
    save(store, product(60, taxes=(other,)))
    assert store.products.find("P60") == product(60, taxes=(other,))


def test_units_and_categories_are_listed(store: Store) -> None:
    with store.transaction() as tx:
        tx.products.save_unit(Unit("m", "metre", 2))
        tx.products.save_category(Category("b", "Bakery", "#112233", -1))
    assert Unit("m", "metre", 2) in store.products.units()
    assert [category.name for category in store.products.categories()] == ["Bakery", "All"]


def test_tiles_come_in_their_order_then_by_name(store: Store) -> None:
    save(store, product(3, tile_position=2), product(4, tile_position=1))
    wanted = ["Dattel", "Café crème", "Äpfel", "Brot", "Erdnüsse"]
    assert [tile.name for tile in store.products.tiles("c", 9)] == wanted
    assert [tile.name for tile in store.products.tiles(None, 3)] == wanted[:3]
    assert store.products.tiles("other", 9) == []


def test_a_page_of_the_catalogue_is_by_name_and_shows_stock(store: Store) -> None:
    move = StockMove(product_id(2), "shop", Decimal("2.125"), MoveReason.RECEIPT)
    with store.transaction() as tx:
        tx.stock.move([move, replace(move, location="cellar")], START, "d")
    page = store.products.page(1, 2)
    assert [found.product.name for found in page] == ["Brot", "Café crème"]
    assert [found.stock for found in page] == [Decimal("2.125"), 0]
    assert store.stock.levels(product_id(2)) == {
        "shop": Decimal("2.125"),
        "cellar": Decimal("2.125"),
    }
    assert [f.product.name for f in store.products.page(0, 9, category_id="other")] == []


def test_stock_is_exact_to_a_millionth_and_refuses_less(store: Store) -> None:
    tenth = StockMove(product_id(1), "shop", Decimal("0.1"), MoveReason.COUNT)
    with store.transaction() as tx:
        tx.stock.move([tenth] * 3, START, "d")
    assert store.stock.level(product_id(1), "shop") == Decimal("0.3")
    with pytest.raises(QuantityTooFineToStore), store.transaction() as tx:
        tx.stock.move([replace(tenth, quantity=Decimal("0.0000001"))], START, "d")
    with pytest.raises(RowRefused), store.transaction() as tx:
        tx.stock.move([replace(tenth, product_id="nobody")], START, "d")


def test_search_puts_codes_first_then_names_then_words_then_parts(store: Store) -> None:
    save(
        store,
        product(60, code="BRO", name="Zimt"),
        product(61, name="Brombeere"),
        product(62, name="Dunkles Brot"),
        product(63, name="Ambrosia"),
    )
    assert names(store, "bro") == ["Zimt", "Brombeere", "Brot", "Dunkles Brot", "Ambrosia"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("APFEL", "Äpfel"),
        ("crem", "Café crème"),
        ("cafe creme", "Café crème"),
        ("creme cafe", "Café crème"),
        ("afé", "Café crème"),
        ("rdnus", "Erdnüsse"),
        ("ERDNÜSSE", "Erdnüsse"),
        ("0000004", "Dattel"),
        ("4000000000002", "Brot"),
        ("p5", "Erdnüsse"),
    ],
)
def test_accents_capitals_order_and_parts_do_not_matter(
    store: Store, text: str, wanted: str
) -> None:
    assert names(store, text)[0] == wanted


def test_scripts_without_spaces_and_from_right_to_left_are_found(store: Store) -> None:
    save(store, product(60, name="全脂牛奶 1升"), product(61, name="حليب كامل الدسم"))
    assert names(store, "牛奶") == ["全脂牛奶 1升"]
    assert names(store, "كامل") == ["حليب كامل الدسم"]
    assert names(store, "يب") == []


@pytest.mark.parametrize(
    "text",
    ['"', "'", '" OR 1=1', "a* OR b*", "NEAR(a b)", "-a", "%", "_", "a\0b", "\0", "x" * 10_000,
     "a " * 5_000, "(", "^a", "name:a", "{a b}", "AND OR NOT", "\ud800", "🍎", "''--", "", "  "],
)  # fmt: skip
def test_hostile_text_finds_little_and_breaks_nothing(store: Store, text: str) -> None:
    assert len(store.products.search(text)) <= 5
    assert store.products.find(text) is None
    assert store.customers.search(text) == []
    assert store.customers.find(text) is None


@given(st.text(max_size=40))
def test_what_is_typed_is_cut_alike_however_it_is_written(text: str) -> None:
    folded = typed(text)
    assert folded == typed(folded)
    assert words_of(fold(" ".join(words_of(folded)))) == words_of(folded)


def test_search_goes_on_where_the_first_page_ended(store: Store) -> None:
    with store.transaction() as tx:
        tx.products.save_many(product(n, name=f"Reis {n}") for n in range(100, 200))
    first = store.products.search("reis", 40)
    second = store.products.search("reis", 40, 40)
    codes = {found.product.code for found in (*first, *second)}
    assert len(codes) == 80
