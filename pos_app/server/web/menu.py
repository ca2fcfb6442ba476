"""The navigation of head office's pages: what there is, where, and who may see it."""

from dataclasses import dataclass

from pos_app.domain.words import Later, later
from pos_app.server.roles import Action


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One page of the navigation; `icon` is a file of `resources/icons`."""

    key: str
    title: Later
    path: str
    icon: str
    action: Action | None = Action.SEE


@dataclass(frozen=True, slots=True)
class MenuGroup:
    """Some pages under one heading."""

    title: Later
    entries: tuple[MenuEntry, ...]


MENU = (
    MenuGroup(
        later("Today"),
        (
            MenuEntry("overview", later("Overview"), "/office/", "house"),
            MenuEntry("day", later("Day"), "/office/day", "chart-column"),
            MenuEntry("inbox", later("Inbox"), "/office/inbox", "inbox"),
        ),
    ),
    MenuGroup(
        later("Goods"),
        (
            MenuEntry("products", later("Products"), "/office/products", "shopping-basket"),
            MenuEntry("prices", later("Prices"), "/office/prices", "tags"),
            MenuEntry("categories", later("Categories"), "/office/categories", "layout-grid"),
            MenuEntry("taxes", later("Taxes"), "/office/taxes", "landmark"),
            MenuEntry("customers", later("Customers"), "/office/customers", "users"),
        ),
    ),
    MenuGroup(
        later("Shops"),
        (
            MenuEntry("shops", later("Shops and tills"), "/office/shops", "store"),
            MenuEntry("codes", later("New tills"), "/office/codes", "qr-code"),
            MenuEntry("staff", later("Till staff"), "/office/staff", "user"),
            MenuEntry("settings", later("Settings"), "/office/settings", "settings"),
        ),
    ),
    MenuGroup(
        later("Company"),
        (
            MenuEntry("connections", later("Connections"), "/office/connections", "zap"),
            MenuEntry("keys", later("API keys"), "/office/keys", "key-round"),
            MenuEntry(
                "people",
                later("People"),
                "/office/people",
                "user-plus",
                Action.SEE_ACCOUNTS,
            ),
            MenuEntry("log", later("Log"), "/office/log", "history", Action.SEE_LOG),
        ),
    ),
)
