"""Draws the ways to pay, gift cards, a split bill and the settings of payments into PNG files."""

import argparse
import tempfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from shiboken6 import delete
from shots_checkout import DRESSES, draw, some  # sets the platform up before Qt is imported

from pos_app import texts
from pos_app.domain.cash_settings import AcceptedCurrency, CashSettings
from pos_app.domain.payment import TenderMethod
from pos_app.domain.tender_settings import PointsSettings, TenderSettings, TerminalKind
from pos_app.services.demo_shop import create_demo_shop
from pos_app.services.shop_setup import ShopSetup
from pos_app.store.store import Store
from pos_app.ui import fonts, theme
from pos_app.ui.presenters.checkout import CheckoutPresenter
from pos_app.ui.presenters.settings_pages import Page
from pos_app.ui.settings_screen import SettingsScreen
from tests.ui.at_once import Later
from tests.ui.conftest import NOW

EVERYTHING = TenderSettings(
    methods=tuple(m for m in TenderMethod if m not in (TenderMethod.CASH, TenderMethod.CARD)),
    tips=True,
    keeps_accounts=True,
    credit_limit=Decimal(500),
    points=PointsSettings(Decimal(1), Decimal("0.01")),
    terminal=TerminalKind.NETWORK,
    terminal_target="192.168.1.20:9100",
)


def all_ways(presenter: CheckoutPresenter, store: Store) -> None:
    some(presenter, store)
    presenter.press("F5")


def more(presenter: CheckoutPresenter, store: Store) -> None:
    some(presenter, store)
    presenter.press("Ctrl+M")


def gift_card_number(presenter: CheckoutPresenter, store: Store) -> None:
    presenter.entry.type_text("50")
    presenter.press("Ctrl+G")


def gift_card(presenter: CheckoutPresenter, store: Store) -> None:
    gift_card_number(presenter, store)
    presenter.entry.enter()
    code = presenter.sale.cart.lines[0].code
    presenter.press("F12")
    some(presenter, store)
    presenter.entry.scan(code)


def parts(presenter: CheckoutPresenter, store: Store) -> None:
    some(presenter, store)
    presenter.press("F5")
    presenter.tenders.choose_way("parts")
    presenter.entry.type_text("3")
    presenter.entry.enter()


def on_terminal(presenter: CheckoutPresenter, store: Store) -> None:
    from pos_app.services.card_payments import CardPayments
    from pos_app.services.card_terminals import NetworkTerminal

    some(presenter, store)
    terminal = NetworkTerminal("127.0.0.1:1")
    presenter.cards.connect(Later(), CardPayments(store, lambda: NOW, terminal))
    presenter.press("F11")
    presenter.cards._says = "insert card"
    presenter.cards._show()


def card_history(presenter: CheckoutPresenter, store: Store) -> None:
    gift_card(presenter, store)
    presenter.sheet.choose("redeem")
    presenter.press("Ctrl+M")
    presenter.sheet.choose("balance")
    presenter.entry.type_text(store.sales.last().tenders[0].reference)  # type: ignore[union-attr]
    presenter.entry.enter()
    presenter.sheet.choose("block")
    presenter.sheet.choose("history")


def card_owed(presenter: CheckoutPresenter, store: Store) -> None:
    from pos_app.services.card_payments import CardPayments
    from pos_app.services.card_simulator import CardSimulator
    from pos_app.services.card_terminals import NetworkTerminal
    from tests.ui.at_once import at_once

    simulator = CardSimulator()
    with simulator.serve() as server:
        payments = CardPayments(store, lambda: NOW, NetworkTerminal(server.target))
        presenter.cards.connect(at_once, payments)
        some(presenter, store)
        presenter.press("F11")
        simulator.scenario = "decline"
        presenter.cancel()
        presenter.entry.enter()
    presenter.cards.owed.open()


SCENES = (
    all_ways, more, gift_card_number, gift_card, parts, on_terminal, card_history, card_owed,
)  # fmt: skip


def settings(app: QApplication, store: Store, dress: tuple[object, ...], out: Path) -> None:
    name, language, look, size, _ = dress
    texts.use_language(str(language))
    fonts.load_for_language(str(language))
    mirrored = Qt.LayoutDirection.RightToLeft
    app.setLayoutDirection(mirrored if language == "ar" else Qt.LayoutDirection.LeftToRight)
    theme.apply_theme(app, theme.THEMES[str(look)])
    screen = SettingsScreen(store, lambda: NOW)
    screen.resize(*size)  # type: ignore[misc]
    screen.show()
    screen.open_page(Page.PAYMENTS)
    for _ in range(4):
        app.processEvents()
    screen.grab().save(str(out / f"settings-payments-{name}.png"))
    screen.close()
    delete(screen)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("screenshots"))
    parser.add_argument("--only", default="")
    parser.add_argument("--dress", default="")
    wanted = parser.parse_args()
    wanted.out.mkdir(parents=True, exist_ok=True)
    app = QApplication([])
    with tempfile.TemporaryDirectory() as folder:
        store = create_demo_shop(Path(folder) / "demo.sqlite", NOW, days=1)
        cash = CashSettings(accepted=(AcceptedCurrency("USD", Decimal("0.92")),))
        shop = replace(store.settings.shop(), tenders=EVERYTHING, cash=cash)
        ShopSetup(store, lambda: NOW).save(shop)
        for dress in DRESSES:
            if wanted.dress not in ("", dress[0]):
                continue
            for scene in SCENES:
                if wanted.only in ("", scene.__name__):
                    draw(app, store, scene, dress, wanted.out)
            if wanted.only in ("", "settings"):
                settings(app, store, dress, wanted.out)
        store.close()


if __name__ == "__main__":
    main()
