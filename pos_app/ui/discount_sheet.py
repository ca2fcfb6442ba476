"""The body of the discount sheet: presets, percent or amount, and why."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from pos_app.texts import t
from pos_app.ui import theme
from pos_app.ui.presenters.checkout_state import SheetView
from pos_app.ui.views import CategoryView
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.chip_row import ChipRow


class DiscountSheet(QWidget):
    """One touch gives a preset; or figures on the entry line, as percent or amount, and Apply."""

    preset = Signal(str)
    reason = Signal(str)
    counts_percent = Signal(bool)
    confirmed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self._reasons = ChipRow(t("Reason"), self)
        self._reasons.chosen.connect(self.reason)
        column.addWidget(self._reasons)
        self._presets = QHBoxLayout()
        self._presets.setSpacing(8)
        column.addLayout(self._presets)
        column.addLayout(self._own_figure())
        column.addStretch(1)
        self.buttons: dict[str, Button] = {}

    def show_sheet(self, view: SheetView) -> None:
        """Show the presets, the reasons and what the figures on the entry line mean."""
        self._reasons.show_chips(
            [CategoryView(key, name) for key, name in view.reasons], view.reason
        )
        if not view.reason:
            self._unmark()
        if not self.buttons:
            for value, words in view.presets:
                self._add_preset(value, words)
        self._percent.setChecked(view.is_percent)
        self._amount.setChecked(not view.is_percent)

    def _unmark(self) -> None:
        for child in self._reasons.findChildren(Button):
            owner = child.group()
            if child.isChecked() and owner is not None:
                owner.setExclusive(False)
                child.setChecked(False)
                owner.setExclusive(True)

    def _add_preset(self, value: str, words: str) -> None:
        button = Button(
            f"\u2066−{words}\u2069", kind="card", target_mm=15, text_px=theme.TEXT.body, parent=self
        )
        button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        button.clicked.connect(lambda: self.preset.emit(value))
        self._presets.addWidget(button, 1)
        self.buttons[value] = button

    def _own_figure(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        label = QLabel(t("Or type a figure:"), self)
        label.setProperty("role", "quiet")
        row.addWidget(label)
        self._percent = Button("%", kind="chip", name=t("The figure is a percentage"), parent=self)
        self._amount = Button(t("Amount"), kind="chip", parent=self)
        for chip, is_percent in ((self._percent, True), (self._amount, False)):
            chip.setCheckable(True)
            chip.clicked.connect(
                lambda _=False, is_percent=is_percent: self.counts_percent.emit(is_percent)
            )
            row.addWidget(chip)
        row.addStretch(1)
        apply = Button(t("Apply"), "check", kind="primary", parent=self)
        apply.clicked.connect(self.confirmed)
        row.addWidget(apply)
        return row
