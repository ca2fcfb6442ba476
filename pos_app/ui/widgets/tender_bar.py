"""Ways to pay with one touch: the quick amounts and the large pay button."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from pos_app.texts import t
from pos_app.ui import theme
from pos_app.ui.views import TenderChoice
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.button_row import ButtonPool


class TenderBar(QWidget):
    """Shows `TenderChoice`s, the main ones large below the others; `chosen(key)` on touch."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(t("Payment"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self._quick = self._row(column, _quick_button)
        self._main = self._row(column, _main_button)

    def show_choices(self, choices: Sequence[TenderChoice]) -> None:
        """Show `choices` from the reading side on; buttons keep their places."""
        _fill(self._quick, [choice for choice in choices if not choice.is_main])
        _fill(self._main, [choice for choice in choices if choice.is_main])
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the quick amounts fit their row."""
        super().resizeEvent(event)
        self._fit()

    def button(self, key: str) -> Button | None:
        """Return the button of the choice `key`."""
        return self._quick.find(key) or self._main.find(key)

    def _fit(self) -> None:
        """Make the quick buttons' type smaller, then leave out icons, until all words are whole."""
        buttons = self._quick.shown()
        for px, with_icon in ((20, True), (18, True), (18, False), (16, False), (14, False)):
            for button in buttons:
                button.set_type(px, with_icon=with_icon)
            needed = sum(button.minimumSizeHint().width() + 8 for button in buttons) - 8
            if needed <= self.width():
                return

    def _row(self, column: QVBoxLayout, make: Callable[[QWidget], Button]) -> ButtonPool:
        row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        row.setSpacing(8)
        column.addLayout(row)
        pool = ButtonPool(self, row, make)
        pool.on_press(self.chosen.emit)
        return pool


def _fill(pool: ButtonPool, choices: list[TenderChoice]) -> None:
    for button, choice in zip(pool.take(len(choices)), choices, strict=True):
        button.setProperty("key", choice.key)
        button.say(_words(choice), choice.icon)
        button.setAccessibleName(" ".join(p for p in (choice.label, choice.amount) if p))
        button.setEnabled(choice.is_enabled)


def _words(choice: TenderChoice) -> str:
    amount = f"\u2066{choice.amount}\u2069" if choice.amount else ""
    first = "  ".join(part for part in (choice.label, amount) if part)
    return f"{first}\n{choice.shortcut}" if choice.shortcut else first


def _quick_button(parent: QWidget) -> Button:
    button = Button("", kind="tight", target_mm=12, text_px=theme.TEXT.body, parent=parent)
    button.setSizePolicy(QSizePolicy.Policy.MinimumExpanding, QSizePolicy.Policy.Fixed)
    return button


def _main_button(parent: QWidget) -> Button:
    button = Button("", kind="primary", target_mm=20, text_px=theme.TEXT.body, parent=parent)
    button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    return button
