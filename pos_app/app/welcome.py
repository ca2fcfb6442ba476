"""The first minutes of a new shop: three choices, then it sells."""

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QLocale

from pos_app import texts
from pos_app.app.screens import CATALOGUE
from pos_app.services.checkout import utc_now
from pos_app.ui.changes import ChangeHub
from pos_app.ui.presenters.welcome import Start
from pos_app.ui.welcome_sheet import WelcomeSheet

if TYPE_CHECKING:
    from pos_app.store.store import Store
    from pos_app.ui.catalogue_screen import CatalogueScreen
    from pos_app.ui.main_window import MainWindow


def welcome(
    window: "MainWindow", store: "Store", hub: ChangeHub, open_demo: Callable[[], None]
) -> WelcomeSheet:
    """Ask a shop that has nothing yet where it is, what it is called and what to begin with."""

    def start(what: Start) -> None:
        if what is Start.DEMO:
            open_demo()
        elif what is Start.EMPTY:
            window.show_screen(CATALOGUE)  # what is scanned there becomes a product
        elif what is Start.IMPORT:
            window.show_screen(CATALOGUE)
            cast("CatalogueScreen", window.interior.screen_of(CATALOGUE)).open_wizard()

    sheet = WelcomeSheet(
        store,
        utc_now,
        start,
        on_language=texts.use_language,
        publish=hub.publish,
        country=QLocale.territoryToCode(QLocale.system().territory()),
        parent=window,
    )
    sheet.open()
    return sheet
