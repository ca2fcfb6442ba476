"""What is needed less often than a function key: one key opens it, one touch does it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pos_app.texts import t
from pos_app.ui.presenters.checkout_state import SheetKind, SheetView
from pos_app.ui.presenters.sale_on_screen import SaleOnScreen, gesture
from pos_app.ui.views import TenderChoice


@dataclass(frozen=True, slots=True)
class MoreAction:
    """One entry: what it is called, its key with Ctrl (may be empty), and what it does."""

    key: str
    label: str
    icon: str
    do: Callable[[], None]
    shortcut: str = ""
    is_enabled: bool = True


class MoreActions:
    """Owns the sheet; `entries` is asked each time, so that words and states are today's."""

    def __init__(self, sale: SaleOnScreen, entries: Callable[[], Sequence[MoreAction]]) -> None:
        self.sale = sale
        self._entries = entries

    @gesture
    def open(self) -> None:
        """Open the sheet with every entry."""
        choices = tuple(
            TenderChoice(
                entry.key,
                entry.label,
                icon=entry.icon,
                shortcut=entry.shortcut,
                is_enabled=entry.is_enabled,
            )
            for entry in self._entries()
        )
        view = SheetView(
            SheetKind.ACTIONS, t("More"), asks=t("More"), hint=t("Touch what to do"), ways=choices
        )
        self.sale.open(view, self)

    def press(self, shortcut: str) -> bool:
        """Do the entry with a shortcut such as `Ctrl+R`; tell whether there is one."""
        for entry in self._entries():
            if entry.shortcut == shortcut and entry.is_enabled:
                entry.do()
                return True
        return False

    def choose(self, key: str) -> None:
        """Do the touched entry."""
        self.sale.close()
        for entry in self._entries():
            if entry.key == key:
                entry.do()

    def enter(self, text: str) -> None:
        """Nothing is taken with Enter."""

    def follow(self, text: str) -> None:
        """Nothing is typed here."""

    def scan(self, code: str) -> bool:
        """A scan belongs to the sale; the sheet gives way to it."""
        self.sale.close()
        return False
