"""The shop's settings, kept as one JSON text."""

from pos_app.domain.plain import UNREADABLE, from_text, to_text
from pos_app.domain.shop import ShopSettings
from pos_app.store.connection import Database
from pos_app.store.errors import SettingsUnreadable
from pos_app.store.state import StoreState

_SHOP = "shop"
_SAVE = "INSERT INTO settings VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"


class Settings:
    """The settings for reading."""

    def __init__(self, database: Database, state: StoreState) -> None:
        self._db = database
        self._state = state
        self._known: tuple[int, ShopSettings] | None = None

    def shop(self) -> ShopSettings:
        """Return how the shop is set up; raises SettingsUnreadable."""
        if self._known is None or self._known[0] != self._state.version:
            version = self._state.version
            text = self._db.value("SELECT value FROM settings WHERE key = ?", (_SHOP,))
            shop = self._read(text) if text else ShopSettings()
            self._known = (version, shop)
        return self._known[1]

    def _read(self, text: str) -> ShopSettings:
        try:
            return from_text(ShopSettings, text)
        except UNREADABLE as failure:
            raise SettingsUnreadable(path=self._db.path, detail=f"{failure!s:.80}") from failure

    def forget(self) -> None:
        """Read again next time."""
        self._known = None


class SettingsWriter(Settings):
    """The settings inside a transaction."""

    def __init__(self, database: Database, state: StoreState) -> None:
        super().__init__(database, state)
        self.is_changed = False

    def save(self, shop: ShopSettings) -> None:
        """Keep how the shop is set up."""
        self._db.run(_SAVE, (_SHOP, to_text(shop)))
        self.is_changed = True
        self.forget()
