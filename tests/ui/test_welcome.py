"""The first run: three short choices, then the shop sells."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from pos_app.domain.payment import TenderMethod, TenderRequest
from pos_app.domain.shop import ShopSettings
from pos_app.services.catalogue import Catalogue
from pos_app.services.checkout import Checkout
from pos_app.services.shop_setup import ShopSetup
from pos_app.store.store import Store, create_store
from pos_app.texts import t, use_language
from pos_app.ui.presenters.product_form import ProductForm
from pos_app.ui.presenters.welcome import Start, WelcomePresenter
from pos_app.ui.welcome_sheet import WelcomeSheet
from tests.ui.conftest import NOW


def now() -> datetime:
    return NOW


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setenv("POS_APP_KEYS", "file")
    with create_store(tmp_path / "new.db", ShopSettings(), now=NOW) as made:
        yield made


def welcome(store: Store, **more: object) -> tuple[WelcomePresenter, list[Start], list[str]]:
    started: list[Start] = []
    spoken: list[str] = []
    made = WelcomePresenter(
        store,
        ShopSetup(store, now),
        lambda _state: None,
        started.append,
        spoken.append,
        **more,  # type: ignore[arg-type]
    )
    return made, started, spoken


def test_a_country_brings_its_language_currency_and_taxes(empty: Store) -> None:
    presenter, started, spoken = welcome(empty)
    presenter.choose_country("DE")
    assert spoken == ["de"]
    facts = dict(presenter.state.facts)
    assert "EUR" in facts.values()
    presenter.go_on()
    presenter.enter_name("Hofladen")
    presenter.go_on()
    assert presenter.start(Start.EMPTY)
    shop = empty.settings.shop()
    assert (shop.name, shop.country, shop.screen.language) == ("Hofladen", "DE", "de")
    assert {str(tax.rate) for tax in empty.products.taxes()} == {"19", "7", "0"}
    assert started == [Start.EMPTY]


def test_a_language_chosen_by_hand_stays(empty: Store) -> None:
    presenter, _, spoken = welcome(empty)
    presenter.choose_language("ar")
    presenter.choose_country("DE")
    assert presenter.state.language == "ar"
    assert spoken == ["ar"]


def test_a_shop_without_a_name_goes_no_further(empty: Store) -> None:
    presenter, _, _ = welcome(empty, country="GB")
    presenter.go_on()
    presenter.enter_name("  ")
    presenter.go_on()
    assert presenter.state.place == 2
    assert presenter.state.errors["name"]
    presenter.go_back()
    assert presenter.state.place == 1


def test_a_town_in_the_united_states_enters_its_own_rate(empty: Store) -> None:
    presenter, _, _ = welcome(empty, country="US")
    presenter.go_on()
    assert "rate" in presenter.state.errors
    presenter.enter_rate("8.25 %")
    presenter.go_on()
    presenter.enter_name("Corner")
    presenter.go_on()
    presenter.start(Start.EMPTY)
    assert [str(tax.rate) for tax in empty.products.taxes()] == ["8.25"]
    assert not empty.settings.shop().policy.prices_include_tax


def test_the_demo_shop_leaves_the_own_shop_untouched(empty: Store) -> None:
    presenter, started, _ = welcome(empty, country="IE")
    before = empty.journal.count()
    presenter.start(Start.DEMO)
    assert started == [Start.DEMO]
    assert empty.journal.count() == before


def test_the_first_sale_follows_from_three_choices_and_one_scan(empty: Store) -> None:
    presenter, _, _ = welcome(empty, country="IE")
    presenter.go_on()
    presenter.enter_name("Quay Grocer")
    presenter.go_on()
    presenter.start(Start.EMPTY)
    form = ProductForm(empty, Catalogue(empty, now), None, barcode="4006381333931")
    form.change(name="Pencil", price="1.20")
    assert form.save()
    checkout = Checkout(empty, now)
    cart = checkout.scan(checkout.new_cart(), "4006381333931").cart
    sale = checkout.complete(cart, [TenderRequest(TenderMethod.CASH)])
    assert (sale.gross.minor, sale.tax.minor) == (120, 22)


def test_the_sheet_cannot_be_closed_by_a_scan_or_by_escape(qtbot: QtBot, empty: Store) -> None:
    started: list[Start] = []
    sheet = WelcomeSheet(empty, now, started.append, country="IE")
    qtbot.addWidget(sheet)
    sheet.open()
    for key in "4006381333931":
        QTest.keyClick(sheet, key)
    QTest.keyClick(sheet, Qt.Key.Key_Return)
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert sheet.isVisible()
    assert sheet.presenter.state.place == 1
    sheet.button("on").click()
    qtbot.keyClicks(sheet.name, "Quay Grocer")
    sheet.button("on").click()
    sheet.starts[Start.IMPORT].click()
    assert started == [Start.IMPORT]
    assert not sheet.isVisible()


def test_the_sheet_speaks_the_language_that_was_chosen_at_once(qtbot: QtBot, empty: Store) -> None:
    try:
        sheet = WelcomeSheet(empty, now, lambda _what: None, on_language=use_language)
        qtbot.addWidget(sheet)
        sheet.open()
        sheet.presenter.choose_country("SA")
        assert sheet.layoutDirection() is Qt.LayoutDirection.RightToLeft
        assert sheet.windowTitle() == t("Welcome") != "Welcome"
        assert sheet.country.accessibleName() == t("Country")
        assert sheet.presenter.state.country == "SA"
    finally:
        use_language("en")
