from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from pos_app.domain.customer import Customer
from pos_app.domain.money import MINOR_DIGITS
from pos_app.domain.payment import CashRounding, TenderMethod, TenderRequest
from pos_app.domain.pricing import PricePolicy
from pos_app.domain.product import Category, Product, Unit
from pos_app.domain.shop import PrinterKind, PrinterSettings, ReceiptSettings
from pos_app.domain.stock import MoveReason
from pos_app.domain.tax import Tax
from pos_app.services.catalogue import Catalogue
from pos_app.services.catalogue_rules import FieldRefusal
from pos_app.services.checkout import Checkout
from pos_app.services.country_presets import CountryPreset, country_presets, preset_of
from pos_app.services.customers import Customers
from pos_app.services.printer_setup import print_test_page, receipt_picture, sample_sale
from pos_app.services.shop_setup import (
    ShopSetup,
    for_country,
    settings_refusals,
    worked_example,
)
from pos_app.services.verification import verify
from pos_app.store.store import Store, create_store
from tests.services.office_shop import MILK, SHOP, VAT, facts_of, fill, now

PNG = b"\x89PNG"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setenv("POS_APP_KEYS", "file")
    with create_store(tmp_path / "shop.db", SHOP, now=now()) as made:
        yield made


@pytest.fixture
def setup(store: Store) -> ShopSetup:
    return ShopSetup(store, now, "7")


def test_only_what_changed_is_journalled(setup: ShopSetup, store: Store) -> None:
    changed = replace(SHOP, name="Quay Grocer", cash_rounding=CashRounding(Decimal("0.05")))
    setup.save(changed)
    assert store.settings.shop() == changed
    rounding = {"step": "0.05", "mode": "half_up", "only_cash": True}
    told = {"name": "Quay Grocer", "cash_rounding": rounding}
    assert facts_of(store) == [("settings_changed", told)]


def test_saving_the_same_settings_writes_nothing(setup: ShopSetup, store: Store) -> None:
    setup.save(SHOP)
    assert facts_of(store) == []


def test_the_currency_cannot_change_once_something_was_sold(setup: ShopSetup, store: Store) -> None:
    fill(store)
    pounds = replace(SHOP, policy=PricePolicy("GBP"))
    setup.save(pounds)
    checkout = Checkout(store, now)
    cart = checkout.scan(checkout.new_cart(), MILK.barcodes[0]).cart
    checkout.complete(cart, [TenderRequest(TenderMethod.CASH)])
    with pytest.raises(FieldRefusal, match="GBP") as refused:
        setup.save(SHOP)
    assert refused.value.field == "currency"
    assert store.settings.shop() == pounds


@pytest.mark.parametrize("is_parked", [False, True])
def test_currency_and_rounding_wait_for_a_sale_that_is_open(
    setup: ShopSetup, store: Store, is_parked: bool
) -> None:
    checkout = Checkout(store, now)
    fill(store)
    cart = checkout.scan(checkout.new_cart(), MILK.barcodes[0]).cart
    checkout.park(cart) if is_parked else checkout.keep(cart)
    dollars = replace(SHOP, policy=PricePolicy("USD"))
    netto = replace(SHOP, policy=replace(SHOP.policy, prices_include_tax=False))
    for changed in (dollars, netto):
        with pytest.raises(FieldRefusal, match="open or parked"):
            setup.save(changed)
    checkout.discard(checkout.recall(cart.id) if is_parked else cart)
    assert setup.save(dollars) == dollars


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"tax_number": "GB\x1d1"}, "tax_number"),
        ({"address": tuple("123456789")}, "address"),
        ({"cash_rounding": CashRounding(Decimal("0.003"))}, "cash_step"),
        ({"embedded_patterns": ("20XX",)}, "patterns"),
        ({"printers": (PrinterSettings("A"), PrinterSettings("a"))}, "printer_name"),
        ({"receipt": ReceiptSettings(header=("x" * 201,))}, "header"),
    ],
)
def test_a_wrong_setting_is_named_by_its_field(change: dict[str, object], field: str) -> None:
    refusals = settings_refusals(replace(SHOP, **change))  # type: ignore[arg-type]
    assert list(refusals) == [field]
    assert "{" not in str(refusals[field])


def test_a_new_shop_starts_with_its_country_in_one_transaction(
    setup: ShopSetup, store: Store
) -> None:
    preset = preset_of("SE")
    assert preset is not None
    setup.start(replace(SHOP, name="Hamnboden"), preset)
    shop = store.settings.shop()
    assert (shop.country, shop.policy.currency, shop.name) == ("SE", "SEK", "Hamnboden")
    assert shop.cash_rounding == CashRounding(Decimal(1))
    assert set(store.products.taxes()) == set(preset.taxes)


def test_the_worked_example_is_what_the_till_would_ring_up() -> None:
    shop = for_country(SHOP, presets()["IE"])
    made = worked_example(shop.policy, shop.cash_rounding, VAT, Decimal("1.99"))
    # 3 × 1.99 = 5.97; 23 % inside: 5.97 × 23 / 123 = 1.116…; cash to 0.05: 5.95.
    figures = (made.net, made.tax_amount, made.gross, made.cash_rounding, made.cash_due)
    assert [figure.minor for figure in figures] == [485, 112, 597, -2, 595]


def test_an_example_without_tax_in_the_price_adds_it() -> None:
    shop = for_country(SHOP, presets()["CA"])
    made = worked_example(shop.policy, shop.cash_rounding, presets()["CA"].taxes[0], Decimal(10))
    assert (made.net.minor, made.gross.minor, made.cash_due.minor) == (3000, 3150, 3150)


def presets() -> dict[str, CountryPreset]:
    return {preset.code: preset for preset in country_presets()}


def test_there_are_thirty_countries_and_more() -> None:
    assert len(presets()) >= 30
    assert preset_of("de") == presets()["DE"]
    assert preset_of("XX") is None


@pytest.mark.parametrize("code", sorted(presets()))
def test_each_country_can_sell_at_once(code: str) -> None:
    preset = presets()[code]
    shop = for_country(SHOP, preset)
    assert preset.currency in MINOR_DIGITS
    assert settings_refusals(shop) == {}
    assert len({tax.code for tax in preset.taxes}) == len(preset.taxes)
    assert list(preset.banknotes) == sorted(preset.banknotes)
    assert preset.source
    made = worked_example(shop.policy, shop.cash_rounding, preset.taxes[0], preset.banknotes[0])
    assert made.net + made.tax_amount == made.gross
    sale = sample_sale(shop, preset.taxes, now())
    assert sale.gross + sale.rounding == sale.amount_due


def test_the_united_states_ask_for_the_rate_of_the_town() -> None:
    assert [code for code, preset in presets().items() if preset.needs_own_rate] == ["US"]


def test_a_test_page_on_the_screen_is_a_picture_and_sends_nothing() -> None:
    def refuse(*_: object) -> None:
        raise AssertionError

    assert (print_test_page(SHOP, PrinterSettings(), (VAT,), now(), refuse) or b"")[:4] == PNG


def test_a_test_page_goes_to_the_printer_that_stands_in_the_fields() -> None:
    sent: list[tuple[PrinterSettings, bytes]] = []
    printer = PrinterSettings("Counter", PrinterKind.NETWORK, "192.0.2.20:9100")
    done = print_test_page(SHOP, printer, (VAT,), now(), lambda to, what: sent.append((to, what)))
    assert done is None
    assert sent[0][0] == printer
    assert b"TEST-000001" in sent[0][1]
    assert b"Nothing was sold" in sent[0][1]


def test_the_picture_of_a_receipt_is_the_same_for_the_same_sale() -> None:
    sale = sample_sale(SHOP, (VAT, Tax(rate=Decimal(0), name="VAT 0 %", code="Z")), now())
    printer = PrinterSettings(width_mm=58)
    assert receipt_picture(sale, SHOP, printer) == receipt_picture(sale, SHOP, printer)


def test_a_store_kept_through_the_office_services_passes_its_check(
    setup: ShopSetup, store: Store
) -> None:
    preset = presets()["CH"]
    setup.start(replace(SHOP, name="Laden"), preset)
    catalogue = Catalogue(store, now)
    group = catalogue.save_category(Category(catalogue.new_id(), "Käse", "#A08A00"))
    catalogue.save_unit(Unit("m", "metre", 2))
    tax = catalogue.save_tax(Tax(fixed_per_unit=Decimal("0.10"), name="Pfand", code="D"))
    product = Product(
        catalogue.new_id(),
        "1",
        "Gruyère",
        Decimal("3.4950"),
        category_id=group.id,
        taxes=(preset.taxes[0], tax),
        barcodes=("96385074",),
        min_price=Decimal("3.00"),
    )
    catalogue.save_product(product)
    catalogue.save_product(replace(product, price=None))
    catalogue.correct_stock(product.id, "cellar", MoveReason.OPENING, Decimal("7.500"))
    catalogue.save_tax(replace(preset.taxes[0], rate=Decimal("8.3")))
    catalogue.save_product(replace(product, price=None, is_active=False))
    customers = Customers(store, now)
    saved = customers.save(Customer(customers.new_id(), "", "Hôtel du Lac", card_code="99001"))
    customers.save(replace(saved, phone="+41 22 555 01 00"))
    shop = store.settings.shop()
    setup.save(replace(shop, cash_rounding=None, address=("Rue 1", "Genève")))
    setup.save(replace(store.settings.shop(), cash_rounding=CashRounding(Decimal("0.10"))))
    assert [fault.sentence for fault in verify(store.path).faults] == []
