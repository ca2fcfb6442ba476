"""What joins the till once it sells: the icon, a word about the open shift, the card terminal."""

import sys
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from pos_app.domain.errors import PosError
    from pos_app.domain.shop import ScreenSettings
    from pos_app.services.upkeep import Upkeep
    from pos_app.store.store import Store
    from pos_app.ui.changes import ChangeHub
    from pos_app.ui.main_window import MainWindow
    from pos_app.ui.opening import OpeningPanel
    from pos_app.ui.presenters.checkout import CheckoutPresenter
    from pos_app.ui.scanner import ScannerFilter

    CounterStep = Callable[[Store, CheckoutPresenter, MainWindow], None]


def show_icon(app: "QApplication") -> None:
    """Give the window its icon."""
    from pos_app.ui.icons import app_icon

    if app.windowIcon().isNull():
        app.setWindowIcon(app_icon())


def give_way() -> None:
    """From here on there are other threads that may hold the window up."""
    from pos_app.ui.background import give_way_to_window

    give_way_to_window()


def listen_everywhere(
    app: "QApplication", window: "MainWindow", scanner: "ScannerFilter | None"
) -> None:
    """Take codes whatever window has the focus."""
    if scanner is not None:
        window.winId()
        window.windowHandle().removeEventFilter(scanner)
        app.installEventFilter(scanner)


def begin_upkeep(store: "Store") -> "Upkeep":
    """Take the store's chores off the thread that sells; whoever closes the store stops it."""
    from pos_app.services.upkeep import Upkeep

    upkeep = Upkeep(store)
    upkeep.start()
    return upkeep


def tell_of_shift(store: "Store", presenter: "CheckoutPresenter", _: "MainWindow") -> None:
    """Say at the counter what is unusual about the clock and the open shift, if there is one."""
    _tell_of_clock(store, presenter)
    if store.sequences.last("shift"):
        from pos_app.services.checkout import utc_now
        from pos_app.services.shifts import Shifts
        from pos_app.ui.presenters import shift_news

        shift_news.tell_of_shift(presenter.sale, Shifts(store, utc_now))


def _tell_of_clock(store: "Store", presenter: "CheckoutPresenter") -> None:
    """Say once, as the till comes up, that its clock is behind the journal."""
    from pos_app.services.checkout import utc_now
    from pos_app.services.clock_check import is_behind

    last = store.journal.head()
    if last is not None and is_behind(datetime.fromisoformat(last.at), utc_now()):
        from pos_app.ui.presenters import shift_news

        shift_news.tell_of_clock(presenter.sale)


def use_terminal(store: "Store", presenter: "CheckoutPresenter", window: "MainWindow") -> None:
    """Let card payments go to a terminal, where the settings name one."""
    tenders = presenter.sale.checkout.shop.tenders
    if tenders.asks_terminal or presenter.cards.is_on:
        from pos_app.app import card_terminal

        card_terminal.use_terminal(presenter, store, tenders, window)


def lend_threads(_: "Store", presenter: "CheckoutPresenter", window: "MainWindow") -> None:
    """Let sheets of the checkout that have much to read do so beside the counter."""
    from functools import partial

    from pos_app.ui.background import run_in_background

    presenter.run = partial(run_in_background, owner=window)


def teach_scanner(scanner: "ScannerFilter", screen: "ScreenSettings") -> None:
    """Let the scanner listen for the prefix and suffix that the settings name."""
    from pos_app.ui.scanner import ScannerSettings

    suffix = screen.scanner_suffix or "\r"
    scanner.use(ScannerSettings(prefix=screen.scanner_prefix, suffix=suffix))


def say_failure(cover: "OpeningPanel", refusal: "PosError") -> None:
    """Say on the window and on the terminal why the till cannot open."""
    from pos_app.ui.presenters.refusals import sentence_of

    print(f"pos-app: {refusal}", file=sys.stderr)
    cover.say_failure(sentence_of(refusal))


def tell_of_document(hub: "ChangeHub") -> None:
    """Let the other screens know of a new document."""
    from pos_app.ui.changes import Changes

    hub.publish(Changes(sales=True, stock=True, spool=True))
