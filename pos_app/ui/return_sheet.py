"""The body of the return sheet: why it comes back, the receipt's lines, all of it, the refund."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from pos_app.texts import t
from pos_app.ui import theme
from pos_app.ui.choice_list import ChoiceList
from pos_app.ui.presenters.checkout_state import SheetView
from pos_app.ui.views import CategoryView
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.chip_row import ChipRow


class ReturnSheet(QWidget):
    """One touch gives a line back; `chosen` is a line, `all`, `credit` or `refund`."""

    chosen = Signal(str)
    reason = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self._reasons = ChipRow(t("Reason"), self)
        self._reasons.chosen.connect(self.reason)
        column.addWidget(self._reasons)
        self.lines = ChoiceList(self)
        self.lines.chosen.connect(self.chosen)
        column.addWidget(self.lines, 1)
        row = QHBoxLayout()
        row.setSpacing(8)
        self.all = Button(t("All of it"), "undo-2", kind="card", target_mm=15, parent=self)
        self.all.clicked.connect(lambda: self.chosen.emit("all"))
        self.refund = Button(
            t("Refund as it was paid"), "banknote", kind="primary", target_mm=15, parent=self
        )
        self.refund.clicked.connect(lambda: self.chosen.emit("refund"))
        self.credit = Button(t("Store credit"), "ticket", kind="card", target_mm=15, parent=self)
        self.credit.clicked.connect(lambda: self.chosen.emit("credit"))
        self.credit.hide()
        row.addWidget(self.all, 1)
        row.addWidget(self.credit, 1)
        row.addWidget(self.refund, 1)
        column.addLayout(row)

    def be_low(self, *, is_low: bool) -> None:
        """Take less room for the buttons, so that more lines are in sight."""
        height = theme.mm(self, 12 if is_low else 15)
        for button in (self.all, self.refund, self.credit):
            button.setMinimumHeight(height)
        self._column.setSpacing(4 if is_low else 8)

    def show_sheet(self, view: SheetView) -> None:
        """Show the reasons, the marked one first to be seen, and what can still come back."""
        chips = [CategoryView(key, name) for key, name in view.reasons]
        self._reasons.show_chips(chips, view.reason)
        self.lines.show_rows(view.rows, "", view.empty)
        self.all.setEnabled(bool(view.rows))
        self.all.setVisible(not view.confirm)
        self.refund.say(view.confirm or t("Refund as it was paid"))
        self.credit.setVisible(any(way.key == "credit" for way in view.ways))
