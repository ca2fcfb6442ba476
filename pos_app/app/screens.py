"""The office screens, each made when it is first asked for, and who hears of which change."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from pos_app.services.checkout import utc_now
from pos_app.texts import t
from pos_app.ui.changes import ChangeHub, Changes

if TYPE_CHECKING:
    from pos_app.services.receipts import Receipts
    from pos_app.store.store import Store
    from pos_app.ui.catalogue_screen import CatalogueScreen
    from pos_app.ui.customers_screen import CustomersScreen
    from pos_app.ui.main_window import MainWindow
    from pos_app.ui.receipts_screen import ReceiptsScreen
    from pos_app.ui.settings_screen import SettingsScreen

CATALOGUE, CUSTOMERS, RECEIPTS, SETTINGS = "catalogue", "customers", "receipts", "settings"


def add_screens(
    window: "MainWindow", store: "Store", receipts: "Receipts", hub: ChangeHub, staff: str
) -> None:
    """Give each office screen its place in the window's rail.

    A screen that was made hears every change; one that was not reads the store when it is made.
    """
    makers: tuple[tuple[str, str, str, Callable[[], OfficeScreen]], ...] = (
        (RECEIPTS, t("Receipts"), "receipt-text", lambda: _receipts(store, receipts, hub)),
        (CATALOGUE, t("Products"), "package", lambda: _catalogue(store, hub, staff)),
        (CUSTOMERS, t("Customers"), "users", lambda: _customers(store, hub, staff)),
        (SETTINGS, t("Settings"), "settings", lambda: _settings(store, hub, staff)),
    )
    for key, title, icon, make in makers:
        window.add_screen(key, title, icon, partial(_listening, make, hub))


if TYPE_CHECKING:
    OfficeScreen = CatalogueScreen | CustomersScreen | ReceiptsScreen | SettingsScreen


def _listening(make: Callable[[], "OfficeScreen"], hub: ChangeHub) -> "OfficeScreen":
    screen = make()

    def hear(changes: Changes, _origin: object) -> None:
        screen.refresh(changes)

    end = hub.subscribe(hear)
    screen.destroyed.connect(end)
    return screen


def _receipts(store: "Store", receipts: "Receipts", hub: ChangeHub) -> "ReceiptsScreen":
    from pos_app.ui.receipts_screen import ReceiptsScreen

    return ReceiptsScreen(store, receipts, utc_now, hub.publish)


def _catalogue(store: "Store", hub: ChangeHub, staff: str) -> "CatalogueScreen":
    from pos_app.ui.catalogue_screen import CatalogueScreen

    return CatalogueScreen(store, utc_now, staff, hub.publish)


def _customers(store: "Store", hub: ChangeHub, staff: str) -> "CustomersScreen":
    from pos_app.ui.customers_screen import CustomersScreen

    return CustomersScreen(store, utc_now, staff, hub.publish)


def _settings(store: "Store", hub: ChangeHub, staff: str) -> "SettingsScreen":
    from pos_app.ui.settings_screen import SettingsScreen

    return SettingsScreen(store, utc_now, staff, hub.publish)
