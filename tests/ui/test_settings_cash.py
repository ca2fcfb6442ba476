"""The cash page of the settings: what is typed becomes rules of the drawer, or says why not."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from pytestqt.qtbot import QtBot

from pos_app.domain.cash_settings import AcceptedCurrency, CashSettings
from pos_app.services.verification import verify
from pos_app.store.store import Store
from pos_app.ui.presenters.settings import Page
from pos_app.ui.settings_screen import SettingsScreen
from tests.ui.conftest import NOW

Open = Callable[[], SettingsScreen]


@pytest.fixture
def screen(store: Store, qtbot: QtBot) -> SettingsScreen:
    made = SettingsScreen(store, lambda: NOW)
    qtbot.addWidget(made)
    made.open_page(Page.CASH)
    return made


def test_everything_typed_is_saved_and_shown_again(screen: SettingsScreen, store: Store) -> None:
    presenter, page = screen.cash_presenter, screen.cash
    page.blind.box.click()
    presenter.change(
        float_target="150",
        denominations="50 20; 10  0.50",
        accepted="usd 0.92\nGBP = 1.17",
        reasons_in=" Change \n\n",
        reasons_out="Stamps\nTaxi",
    )
    assert page.save.isEnabled()
    page.save.click()
    assert store.settings.shop().cash == CashSettings(
        is_blind=True,
        float_target=Decimal(150),
        denominations=(Decimal(50), Decimal(20), Decimal(10), Decimal("0.50")),
        accepted=(
            AcceptedCurrency("USD", Decimal("0.92")),
            AcceptedCurrency("GBP", Decimal("1.17")),
        ),
        reasons_in=("Change",),
        reasons_out=("Stamps", "Taxi"),
    )
    assert presenter.state.draft.accepted == "USD 0.92\nGBP 1.17"
    assert not presenter.state.is_changed
    assert [fault for fault in verify(store.path).faults if fault.where == "settings"] == []


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("float_target", "lots", "“lots” is not a number."),
        ("float_target", "-5", "A float of -5 is not possible."),
        ("float_target", "1.005", "A float of 1.005 is not possible."),
        ("float_target", "9999999", "A float of 9,999,999 is not possible."),
        ("denominations", "50 x", "“x” is not a number."),
        ("denominations", "0", "There is no note or coin of 0 EUR."),
        ("denominations", " ".join(map(str, range(1, 50))), "Those are 49 notes and coins."),
        ("accepted", "dollars 1", "DOLLARS is no currency."),
        ("accepted", "0.92", "0.92 is no currency."),
        ("accepted", "USD", "USD needs a rate above zero."),
        ("accepted", "USD -1", "USD needs a rate above zero."),
        ("accepted", "USD x", "“x” is not a number."),
        ("accepted", "EUR 1", "EUR stands there already."),
        ("accepted", "USD 1\nUSD 2", "USD stands there already."),
        ("reasons_in", "\n".join("abcdefghijklm"), "Those are 13 reasons."),
        ("reasons_out", "x" * 201, "A reason of 201 letters is too long."),
    ],
)
def test_what_cannot_be_is_told_under_its_field_and_changes_nothing(
    screen: SettingsScreen, store: Store, field: str, text: str, sentence: str
) -> None:
    presenter = screen.cash_presenter
    presenter.change(**{field: text})
    assert not presenter.save()
    told = presenter.state.errors[field].replace("\u2212", "-")
    assert told.startswith(sentence), told
    assert getattr(presenter.state.draft, field) == text
    assert store.settings.shop().cash == CashSettings()
