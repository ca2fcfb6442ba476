"""The product's sheet without Qt: what is typed stays, what is wrong is said under its field."""

from decimal import Decimal

import pytest

from pos_app.services.catalogue import Catalogue
from pos_app.services.stock_rules import rule_of
from pos_app.store.errors import DiskFull
from pos_app.store.records import RecordsWriter
from pos_app.store.store import Store
from pos_app.ui.presenters.barcode_hints import barcode_hint
from pos_app.ui.presenters.office_words import key_of
from pos_app.ui.presenters.product_form import ProductForm
from tests.ui.conftest import BAKERY, BREAD, MILK, NOW, PRODUCTS, VAT


def form_of(store: Store, number: int | None = 0, **more: object) -> ProductForm:
    product = None if number is None else PRODUCTS[number]
    return ProductForm(store, Catalogue(store, lambda: NOW), product, **more)  # type: ignore[arg-type]


def test_a_product_is_shown_as_it_is_stored(store: Store) -> None:
    state = form_of(store).state
    draft = state.draft
    assert (draft.name, draft.price, draft.barcodes) == ("Whole milk", "1.19", (MILK,))
    assert draft.taxes == (key_of(VAT),)
    assert not state.is_new
    assert not state.is_changed
    assert [row.location for row in state.stock] == ["shop"]


def test_saving_what_was_typed_changes_the_product(store: Store) -> None:
    told: list[str] = []
    form = form_of(store, on_saved=told.append)
    form.change(name="  Fresh   milk ", price="1,2495", category=BAKERY.id, tile="12")
    assert form.save()
    saved = store.products.get(PRODUCTS[0].id)
    assert saved is not None
    assert (saved.name, saved.price) == ("Fresh milk", Decimal("1.2495"))
    assert (saved.category_id, saved.tile_position) == (BAKERY.id, 12)
    assert told == ["Fresh milk"]
    assert not form.state.is_changed


def test_every_wrong_field_is_told_and_nothing_typed_is_lost(store: Store) -> None:
    form = form_of(store)
    form.change(name="", price="twelve", cost="-3", tile="first", code="A" * 70)
    typed = form.state.draft
    assert not form.save()
    state = form.state
    assert set(state.errors) == {"name", "price", "cost", "tile_position", "code"}
    assert state.draft == typed
    assert "Nothing is lost" in state.message
    assert store.products.get(PRODUCTS[0].id) == PRODUCTS[0]


def test_an_error_goes_away_when_its_field_is_corrected(store: Store) -> None:
    form = form_of(store)
    form.change(price="x", tile="y")
    form.save()
    form.change(price="2")
    assert set(form.state.errors) == {"tile_position"}
    form.change(tile="")
    assert form.save()


def test_a_new_product_takes_its_code_from_the_barcode_and_the_standard_tax(store: Store) -> None:
    form = form_of(store, None, barcode="96385074")
    form.change(name="Batteries", price="4")
    assert form.state.draft.taxes == (key_of(VAT),)
    assert form.save()
    saved = store.products.find("96385074")
    assert saved is not None
    assert (saved.code, saved.taxes) == ("96385074", (VAT,))


def test_an_empty_price_means_that_the_till_asks(store: Store) -> None:
    form = form_of(store)
    form.change(price="")
    assert form.save()
    saved = store.products.get(PRODUCTS[0].id)
    assert saved is not None
    assert saved.price is None


def test_a_scanned_barcode_is_added_once(store: Store) -> None:
    form = form_of(store)
    assert form.add_barcode(" 9638 5074 ")
    assert not form.add_barcode("96385074")
    assert form.state.draft.barcodes == (MILK, "96385074")
    assert "already on the list" in form.state.errors["barcodes"]
    form.remove_barcode(MILK)
    assert form.state.draft.barcodes == ("96385074",)


def test_a_barcode_of_another_product_is_refused_with_its_name(store: Store) -> None:
    form = form_of(store)
    assert not form.add_barcode(BREAD)
    assert "Rye bread" in form.state.errors["barcodes"]
    assert form.state.draft.barcodes == (MILK,)


def test_a_code_taken_meanwhile_is_told_under_its_field(store: Store) -> None:
    form = form_of(store)
    form.change(code="A002")
    assert not form.save()
    assert "Rye bread" in form.state.errors["code"]
    assert form.state.draft.code == "A002"


@pytest.mark.parametrize(
    ("code", "says", "is_doubtful"),
    [
        ("4006381333931", "EAN-13", False),
        ("96385074", "EAN-8", False),
        ("036000291452", "UPC-A", False),
        ("4006381333932", "last digit should be 1", True),
        ("400638133393", "one more digit 1", True),
        ("20001", "own code", False),
        ("ABC-7", "own code", False),
    ],
)
def test_a_hint_tells_what_a_barcode_is(code: str, says: str, is_doubtful: bool) -> None:
    hint = barcode_hint(code)
    assert says in hint.text
    assert hint.is_doubtful is is_doubtful


def test_several_taxes_keep_their_order(store: Store) -> None:
    from pos_app.domain.tax import Tax

    deposit = Tax(fixed_per_unit=Decimal("0.25"), name="Deposit", code="D")
    Catalogue(store, lambda: NOW).save_tax(deposit)
    form = form_of(store)
    form.choose_tax(key_of(deposit), True)
    assert form.save()
    saved = store.products.get(PRODUCTS[0].id)
    assert saved is not None
    assert saved.taxes == (VAT, deposit)
    form.choose_tax(key_of(VAT), False)
    assert form.state.draft.taxes == (key_of(deposit),)


def test_a_new_group_is_made_and_chosen_on_the_way(store: Store) -> None:
    form = form_of(store)
    assert form.add_category("Cheese", "#A08A00")
    assert form.save()
    saved = store.products.get(PRODUCTS[0].id)
    assert saved is not None
    chosen = [c.name for c in store.products.categories() if c.id == saved.category_id]
    assert chosen == ["Cheese"]
    assert not form.add_category("cheese")
    assert "already" in form.state.errors["category"]


def test_stock_is_corrected_beside_the_fields(store: Store) -> None:
    form = form_of(store)
    assert form.correct_stock("shop", "count", "24")
    assert form.correct_stock("cellar", "receipt", "12,5", "late delivery")
    assert not form.correct_stock("shop", "write_off", "-1")
    assert "above 0" in form.state.errors["stock"]
    assert not form.correct_stock("shop", "found", "")
    shown = {row.location: row.level for row in form.state.stock}
    assert shown == {"shop": "24", "cellar": "12.5"}


def test_the_margin_is_reckoned_without_the_tax_inside(store: Store) -> None:
    form = form_of(store)
    form.change(price="2.40", cost="1.50")
    # 2.40 at 20 % inside is 2.00 net; (2.00 - 1.50) / 2.00 = 25 %.
    assert "25" in form.state.margin
    form.change(cost="x")
    assert form.state.margin == ""


def test_a_product_and_its_stock_rule_are_saved_together_or_not_at_all(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = form_of(store)
    form.change(name="Fresh milk", reorder_at="3", reorder_to="9")

    def full(*_: object) -> None:
        raise DiskFull(path=store.path)

    with monkeypatch.context() as broken:
        broken.setattr(RecordsWriter, "put", full)
        assert not form.save()
    assert store.products.get(PRODUCTS[0].id) == PRODUCTS[0]
    assert form.save()
    saved = store.products.get(PRODUCTS[0].id)
    assert saved is not None
    assert saved.name == "Fresh milk"
    assert rule_of(store, saved.id).reorder_to == Decimal(9)
