"""The panel of filters in the place of the detail: one field for each thing to narrow by."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from pos_app.texts import t
from pos_app.ui import theme
from pos_app.ui.presenters.stock_page import PageField
from pos_app.ui.stock_fields import StockFields
from pos_app.ui.widgets.button import Button

_WIDTH_MM = 80


class DocumentFilters(QWidget):
    """`changed(key, text)` when a field was left or Enter pressed; `closed()` for its button."""

    changed = Signal(str, str)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        head = QHBoxLayout()
        title = QLabel(t("Filters"), self)
        title.setProperty("role", "heading")
        self.close_button = Button("", "x", kind="quiet", name=t("Close"), parent=self)
        head.addWidget(title, 1)
        head.addWidget(self.close_button)
        column.addLayout(head)
        self.fields = StockFields(self)
        column.addWidget(self.fields, 1)
        self.fields.changed.connect(self.changed)
        self.close_button.clicked.connect(lambda _=False: self.closed.emit())
        self.setMinimumWidth(theme.mm(self, _WIDTH_MM))

    def show_fields(self, fields: tuple[PageField, ...]) -> None:
        """Draw these fields; none leaves what was drawn, hidden."""
        if fields:
            self.fields.show_fields(fields)
