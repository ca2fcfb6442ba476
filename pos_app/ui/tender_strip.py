"""The payments taken so far in a split payment; a touch gives one back."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from pos_app.texts import t
from pos_app.ui.presenters.checkout_state import TenderView
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.button_row import ButtonPool


class TenderStrip(QWidget):
    """One button per payment, away while there is none; `given_back(place)` on touch."""

    given_back = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(t("Payments so far"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        label = QLabel(t("Paid so far"), self)
        label.setProperty("role", "quiet")
        row.addWidget(label)
        inner = QHBoxLayout()
        inner.setSpacing(8)
        row.addLayout(inner)
        row.addStretch(1)
        self._pool = ButtonPool(self, inner, lambda parent: Button("", "x", parent=parent))
        self._pool.on_press(lambda key: self.given_back.emit(int(key)))
        self.hide()

    def show_tenders(self, tenders: Sequence[TenderView]) -> None:
        """Show `tenders` in the order in which they were taken."""
        for place, button in enumerate(self._pool.take(len(tenders))):
            tender = tenders[place]
            button.setProperty("key", str(place))
            button.say(f"{tender.label}  \u2066{tender.amount}\u2069")
            button.setAccessibleName(
                t("Give back {label} {amount}").format(label=tender.label, amount=tender.amount)
            )
        self.setVisible(bool(tenders))

    def button(self, place: int) -> Button | None:
        """Return the button of the payment at `place`."""
        return self._pool.find(str(place))
