"""Taking money with one touch: quick cash sums, cash and card for the rest, and the other ways."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from pos_app.texts import t
from pos_app.ui import theme
from pos_app.ui.pay_button import PayButton
from pos_app.ui.views import TenderChoice
from pos_app.ui.widgets.button import Button

_QUICK = 4


class PaymentBar(QWidget):
    """Four quick sums above the large buttons; `quick(key)` and `way(key)` on touch."""

    quick = Signal(str)
    way = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(t("Payment"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        sums = QGridLayout()
        sums.setSpacing(8)
        column.addLayout(sums)
        self._quick = [self._quick_button(place, sums) for place in range(_QUICK)]
        large = QGridLayout()
        large.setSpacing(8)
        column.addLayout(large, 1)
        self._cash = self._way("cash", "success", large, 1)
        self._card = self._way("card", "primary", large, 0)
        self._other = Button(t("Other payment"), "wallet", kind="card", parent=self)
        self._other.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._other.clicked.connect(lambda: self.way.emit("other"))
        column.addWidget(self._other)
        self._shown: tuple[object, object] = ((), ())

    def show_choices(self, quick: Sequence[TenderChoice], ways: Sequence[TenderChoice]) -> None:
        """Show the sums and ways; a place without a sum stays empty, so nothing moves."""
        if (quick, ways) == self._shown:
            return
        self._shown = (quick, ways)
        for place, button in enumerate(self._quick):
            choice = quick[place] if place < len(quick) else TenderChoice("", "", is_enabled=False)
            button.setProperty("key", choice.key)
            button.say(choice.amount)
            button.setAccessibleName(t("{amount} in cash").format(amount=choice.amount))
            button.setEnabled(choice.is_enabled)
        known = {choice.key: choice for choice in ways}
        for key, large in (("cash", self._cash), ("card", self._card)):
            if key in known:
                large.show_choice(known[key])
        self._other.setEnabled("other" in known and known["other"].is_enabled)

    def button(self, key: str) -> Button:
        """Return the button of a sum or way, for tests."""
        large: dict[str, Button] = {"cash": self._cash, "card": self._card, "other": self._other}
        return large.get(key) or next(b for b in self._quick if b.property("key") == key)

    def _quick_button(self, place: int, grid: QGridLayout) -> Button:
        button = Button("", kind="tight", text_px=theme.TEXT.body, parent=self)
        button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        button.clicked.connect(lambda: self.quick.emit(str(button.property("key"))))
        grid.addWidget(button, place // 2, place % 2)
        return button

    def _way(self, key: str, kind: str, grid: QGridLayout, column: int) -> PayButton:
        button = PayButton(kind, self)
        button.setEnabled(False)
        button.clicked.connect(lambda: self.way.emit(key))
        grid.addWidget(button, 0, column)
        return button
