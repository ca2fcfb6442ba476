"""The status strip: network, printer, cashier and time as chips with icon and word."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from pos_app.texts import t
from pos_app.ui.views import ChipView, Tone
from pos_app.ui.widgets.button import Button

_KINDS = {
    Tone.PLAIN: "quiet",
    Tone.PRIMARY: "primary",
    Tone.SUCCESS: "quiet",
    Tone.WARNING: "warning",
    Tone.DANGER: "danger",
}


class StatusChips(QWidget):
    """Shows `ChipView`s, those with `is_at_end` on the far side; `pressed(key)` on touch."""

    pressed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(t("Status"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        self._row.addStretch(1)
        self._chips: dict[str, Button] = {}
        self._shown: tuple[ChipView, ...] = ()

    def show_chips(self, chips: Sequence[ChipView]) -> None:
        """Show `chips` in order; only those that changed are touched."""
        fresh = tuple(chips)
        if fresh == self._shown:
            return
        if [c.key for c in fresh] != [c.key for c in self._shown]:
            self._build(fresh)
        self._shown = fresh
        for chip in fresh:
            _dress(self._chips[chip.key], chip)

    def button(self, key: str) -> Button | None:
        """Return the chip `key`."""
        return self._chips.get(key)

    def _build(self, chips: tuple[ChipView, ...]) -> None:
        for old in self._chips.values():
            old.setParent(None)
            old.deleteLater()
        self._chips = {}
        near = 0
        for chip in chips:
            button = Button("", chip.icon, kind="quiet", target_mm=9, parent=self)
            button.clicked.connect(lambda _=False, key=chip.key: self.pressed.emit(key))
            if chip.is_at_end:
                self._row.addWidget(button)
            else:
                self._row.insertWidget(near, button)
                near += 1
            self._chips[chip.key] = button


def _dress(button: Button, chip: ChipView) -> None:
    button.say(chip.text, chip.icon)
    button.setToolTip(chip.hint)
    button.setAccessibleDescription(chip.hint)
    button.set_kind(_KINDS[chip.tone])
    button.set_pressable(chip.is_button)
