"""The page about payments: what is ticked and typed becomes the shop's rules, or says why not."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pos_app.domain.payment import TenderMethod
from pos_app.domain.shop import ShopSettings
from pos_app.domain.tender_settings import TenderSettings, TerminalKind
from pos_app.services.card_simulator import CardSimulator
from pos_app.store.store import Store, create_store
from pos_app.ui import theme
from pos_app.ui.presenters.settings_payments import PaymentsPresenter
from pos_app.ui.settings_payments_page import PaymentsPage
from tests.ui.at_once import at_once
from tests.ui.conftest import NOW


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setenv("POS_APP_KEYS", "file")
    with create_store(tmp_path / "shop.db", ShopSettings(), now=NOW) as made:
        yield made


class Desk:
    """The page over a real store; what it saves is kept here."""

    def __init__(self, store: Store, qtbot: QtBot, qapp: QApplication) -> None:
        theme.apply_theme(qapp, theme.LIGHT)
        self.saved: list[TenderSettings] = []
        self.page = PaymentsPage()
        qtbot.addWidget(self.page)
        self.presenter = PaymentsPresenter(store, self.keep, at_once, self.page.show_state)
        self.page.attach(self.presenter)

    def keep(self, tenders: TenderSettings) -> str:
        self.saved.append(tenders)
        return ""

    def type(self, name: str, text: str) -> None:
        line = self.page.texts[name]
        line.setText(text)
        line.textEdited.emit(text)

    def choose_network(self) -> None:
        terminal = self.page.terminal
        terminal.setCurrentIndex(terminal.findText("Over the network"))
        terminal.activated.emit(terminal.currentIndex())


@pytest.fixture
def desk(store: Store, qtbot: QtBot, qapp: QApplication) -> Desk:
    return Desk(store, qtbot, qapp)


def test_the_page_begins_with_what_a_newcomer_has(desk: Desk) -> None:
    ticked = [key for key, tick in desk.page.methods.items() if tick.box.isChecked()]
    assert ticked == ["bank_transfer", "on_account"]
    assert not desk.page.save.isEnabled()
    assert not desk.page.try_terminal.isEnabled()


def test_what_is_ticked_and_typed_is_saved(desk: Desk) -> None:
    desk.page.methods["gift_card"].box.click()
    desk.page.methods["bank_transfer"].box.click()
    desk.page.tips.box.click()
    for name, text in (("credit_limit", "250"), ("points_per_unit", "0.5"), ("months", "24")):
        desk.type(name, text)
    desk.page.save.click()
    made = desk.saved[0]
    assert made.methods == (TenderMethod.ON_ACCOUNT, TenderMethod.GIFT_CARD)
    assert (made.tips, str(made.credit_limit), made.held.months) == (True, "250", 24)
    assert made.points.is_on


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("credit_limit", "-1"),
        ("credit_limit", "much"),
        ("credit_limit", "1.005"),
        ("offline_allowance", "-5"),
        ("months", "121"),
        ("points_per_unit", "1001"),
        ("points_per_unit", "nan"),
        ("points_worth", "-0.01"),
    ],
)
def test_a_figure_that_makes_no_sense_is_marked_and_nothing_is_lost(
    desk: Desk, name: str, text: str
) -> None:
    desk.type(name, text)
    desk.page.save.click()
    assert not desk.saved
    assert name in desk.presenter.state.errors
    assert desk.page.texts[name].text() == text


@pytest.mark.parametrize("target", ["", "terminal", "host:port"])
def test_a_terminal_on_the_network_needs_an_address(desk: Desk, target: str) -> None:
    desk.choose_network()
    desk.type("terminal_target", target)
    desk.page.save.click()
    assert not desk.saved
    assert "terminal_target" in desk.presenter.state.errors


def test_the_terminal_is_asked_from_the_page(desk: Desk) -> None:
    desk.choose_network()
    with CardSimulator().serve() as server:
        desk.type("terminal_target", server.target)
        desk.page.try_terminal.click()
        assert "answers" in desk.page.result.text()
    desk.page.try_terminal.click()
    assert "does not answer" in desk.page.result.text()
    desk.page.save.click()
    assert desk.saved[0].terminal is TerminalKind.NETWORK
