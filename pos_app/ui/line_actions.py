"""One touch for the selected line: one more or less, a quantity, a discount, away with it."""

from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from pos_app.texts import t
from pos_app.ui import theme
from pos_app.ui.widgets.button import Button

_QUANTITIES = (2, 3)
_PRESETS = 4
_COLUMNS = 5


class LineActions(QWidget):
    """Two rows of five; `changed_by`, `quantity`, `discount` and `removed` on touch."""

    changed_by = Signal(int)
    quantity = Signal(object)
    discount = Signal(object)
    removed = Signal()
    more_discount = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(t("Selected line"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(6)
        self._buttons: dict[str, Button] = {}
        self._presets: tuple[tuple[str, str], ...] = ()
        less = self._button("less", "", "minus", t("One less"), 0)
        less.clicked.connect(lambda: self.changed_by.emit(-1))
        more = self._button("more", "", "plus", t("One more"), 1)
        more.clicked.connect(lambda: self.changed_by.emit(1))
        for place, number in enumerate(_QUANTITIES, 2):
            name = t("Quantity {number}").format(number=number)
            button = self._button(f"x{number}", f"\u2066× {number}\u2069", "", name, place)
            button.clicked.connect(
                lambda _=False, number=number: self.quantity.emit(Decimal(number))
            )
        remove = self._button("remove", "", "trash-2", t("Remove the line"), 4)
        remove.clicked.connect(self.removed)
        for place in range(_PRESETS):
            button = self._button(f"preset{place}", "", "", "", _COLUMNS + place)
            button.clicked.connect(lambda _=False, place=place: self._preset(place))
        other = self._button("discount", "", "percent", t("Another discount"), 9)
        other.clicked.connect(self.more_discount)

    def show_presets(self, presets: Sequence[tuple[str, str]]) -> None:
        """Show the shop's preset discounts as (value, words)."""
        fresh = tuple(presets)[:_PRESETS]
        if fresh == self._presets:
            return
        self._presets = fresh
        for place in range(_PRESETS):
            button = self._buttons[f"preset{place}"]
            words = f"\u2066−{fresh[place][1]}\u2069" if place < len(fresh) else ""
            button.say(words)
            button.setAccessibleName(t("Discount {percent}").format(percent=words))
            button.setEnabled(bool(words))

    def set_open(self, is_open: bool) -> None:
        """Switch all of them on or off with the selection."""
        for key, button in self._buttons.items():
            has_words = not key.startswith("preset") or bool(button.text())
            button.setEnabled(is_open and has_words)

    def button(self, key: str) -> Button:
        """Return a button by its key, for tests: less, more, x2, x3, remove, preset0, discount."""
        return self._buttons[key]

    def _preset(self, place: int) -> None:
        if place < len(self._presets):
            self.discount.emit(Decimal(self._presets[place][0]))

    def _button(self, key: str, text: str, icon: str, name: str, place: int) -> Button:
        button = Button(text, icon, kind="tight", name=name, parent=self)
        button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        button.setToolTip(name)
        self._grid.addWidget(button, place // _COLUMNS, place % _COLUMNS)
        self._buttons[key] = button
        button.setMinimumHeight(theme.mm(self, 12))
        return button
