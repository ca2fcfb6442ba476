"""The documents' page of the settings: what is typed is kept, refused at its field, and shown."""

from decimal import Decimal
from io import BytesIO

import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from pos_app.domain.document_settings import BankDetails, SellerAddress
from pos_app.services.document_sample import sample_invoice, sample_picture
from pos_app.services.verification import verify
from pos_app.store.store import Store
from pos_app.ui.presenters.settings_documents import DocumentSettingsPresenter
from pos_app.ui.presenters.settings_pages import Page
from pos_app.ui.settings_screen import SettingsScreen
from tests.ui.at_once import Later, at_once
from tests.ui.conftest import NOW, SHOP, VAT


@pytest.fixture
def screen(store: Store, qtbot: QtBot) -> SettingsScreen:
    made = SettingsScreen(store, lambda: NOW)
    qtbot.addWidget(made)
    made.open_page(Page.DOCUMENTS)
    qtbot.waitUntil(lambda: bool(made.documents_presenter.state.picture))
    return made


def test_everything_typed_is_saved_and_shown_again(screen: SettingsScreen, store: Store) -> None:
    presenter, page = screen.documents_presenter, screen.documents
    presenter.change(
        invoice_prefix="RE",
        due_days="14",
        reminder_days="3, 10; 20",
        early_days="7",
        early_percent="2.5",
        payment_terms="Soon.\nPlease.",
        colour="#aa3300",
        language="fr",
        street=" 12 Quay Street ",
        postcode="H91",
        city="Galway",
        iban="ie29 aibk 9311 5212 3456 78",
        bic="aibkie2d",
        holder="Corner Ltd",
        vat_id="ie 6388047v",
    )
    page.save.click()
    kept = store.settings.shop().documents
    assert presenter.state.errors == {}
    assert (kept.invoice_prefix, kept.due_days, kept.reminder_days) == ("RE", 14, (3, 10, 20))
    assert (kept.early_days, kept.early_percent) == (7, Decimal("2.5"))
    assert kept.address == SellerAddress("12 Quay Street", "H91", "Galway")
    assert kept.bank == BankDetails("Corner Ltd", "IE29AIBK93115212345678", "AIBKIE2D")
    assert (kept.vat_id, kept.colour, kept.language) == ("IE6388047V", "#AA3300", "fr")
    assert kept.payment_terms == "Soon.\nPlease."
    assert presenter.state.draft.reminder_days == "3  10  20"
    assert not presenter.state.is_changed
    assert [fault for fault in verify(store.path).faults if fault.where == "settings"] == []


def test_all_that_is_wrong_is_told_at_once_and_nothing_typed_is_lost(
    screen: SettingsScreen, store: Store
) -> None:
    presenter, page = screen.documents_presenter, screen.documents
    typed = {
        "iban": "DE89370400440532013001",
        "bic": "no",
        "due_days": "soon",
        "reminder_days": "9 3",
        "colour": "red",
        "order_prefix": "INV",
        "logo_path": "/nowhere/logo.png",
    }
    presenter.change(**typed)
    page.save.click()
    assert typed.keys() <= presenter.state.errors.keys()
    assert {name: getattr(presenter.state.draft, name) for name in typed} == typed
    assert store.settings.shop().documents.due_days == 30
    presenter.change(iban="")
    assert "iban" not in presenter.state.errors


def test_what_is_typed_on_the_screen_reaches_the_draft(
    screen: SettingsScreen, qtbot: QtBot
) -> None:
    page = screen.documents
    city, terms = page.field("city"), page.field("payment_terms")
    qtbot.keyClicks(city, "Galway")
    qtbot.keyClicks(terms, "14 days")
    assert screen.documents_presenter.state.draft.city == "Galway"
    assert screen.documents_presenter.state.draft.payment_terms == "14 days"


def test_the_invoice_follows_what_is_typed(store: Store) -> None:
    drawn: list[bytes] = []
    presenter = DocumentSettingsPresenter(
        store, lambda _made: "", at_once, lambda state: drawn.append(state.picture), lambda: NOW
    )
    assert not any(drawn)  # nobody looks yet
    presenter.open()
    first = presenter.state.picture
    with Image.open(BytesIO(first)) as picture:
        assert picture.height > picture.width > 500
    presenter.change(colour="#AA3300")
    assert presenter.state.picture != first
    presenter.change(colour="#AA330", iban="DE1")  # half typed: the page stays whole
    assert presenter.state.picture == first
    assert presenter.state.picture_problem == ""


def test_only_the_latest_of_fast_keys_is_drawn(store: Store) -> None:
    later, drawn = Later(), list[str]()

    def render(shop: object, _taxes: object, _at: object) -> bytes:
        drawn.append(shop.documents.payment_terms)  # type: ignore[attr-defined]
        return b"x"

    presenter = DocumentSettingsPresenter(
        store, lambda _made: "", later, lambda _state: None, lambda: NOW, render=render
    )
    presenter.open()
    for text in ("1", "14", "14 days"):
        presenter.change(payment_terms=text)
    later.run()
    assert drawn == ["14 days"]


def test_the_sample_stands_in_every_currency_with_and_without_taxes() -> None:
    from dataclasses import replace

    from pos_app.domain.pricing import PricePolicy

    for currency in ("EUR", "JPY", "KWD"):
        shop = replace(SHOP, policy=PricePolicy(currency))
        assert sample_invoice(shop, (), NOW).total.minor > 0
        assert sample_picture(shop, (VAT,), NOW).startswith(b"\x89PNG")
