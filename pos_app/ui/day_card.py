"""A card of the day: a heading, what stands under it, and a sentence where there is nothing."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from pos_app.ui import fonts
from pos_app.ui.day_matrix import ExceptionTable
from pos_app.ui.day_rows import BarRows
from pos_app.ui.page_parts import sentence
from pos_app.ui.presenters.day_state import ListView, MatrixView

_TITLE_PX = 16


class DayCard(QFrame):
    """A frame whose height follows its width; `opened(key)` when something on it is opened."""

    opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._title = QLabel(self)
        self._title.setFont(fonts.font(_TITLE_PX, fonts.SEMIBOLD))
        self._title.setWordWrap(True)
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._empty, self._about = sentence("", self), sentence("", self)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(6, 12, 6, 10)
        self.column.setSpacing(4)
        self.column.addWidget(self._title)
        self.column.addWidget(self._empty)
        self.column.addWidget(self._about)
        self.column.addStretch(1)
        for label in (self._title, self._empty, self._about):
            label.setContentsMargins(10, 0, 10, 0)

    def show_words(self, title: str, empty: str, about: str) -> None:
        """Show heading and sentences; empty ones take no room."""
        for label, text in ((self._title, title), (self._empty, empty), (self._about, about)):
            fonts.ensure_for(text)
            label.setText(text)
            label.setVisible(bool(text))
        self.setAccessibleName(title)

    def height_for(self, width: int) -> int:
        """Return how tall the card must be at a width."""
        inner = width - 2 * self.frameWidth()
        layout = self.column
        if layout.hasHeightForWidth():
            return layout.totalHeightForWidth(inner) + 2
        return layout.totalSizeHint().height() + 2

    def put_body(self, body: QWidget) -> None:
        """Put a widget under the heading."""
        self.column.insertWidget(1, body)


class ListCard(DayCard):
    """A card with rows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list = BarRows("", self)
        self.put_body(self.list)
        self.list.opened.connect(self.opened)

    def show_list(self, view: ListView) -> None:
        """Show another list."""
        self.show_words(view.title, "" if view.rows else view.empty, view.about)
        self.list.setAccessibleName(view.title)
        self.list.show_rows(view.rows)
        self.list.setVisible(bool(view.rows))

    def height_for(self, width: int) -> int:
        """Return how tall the card must be at a width: long sentences are broken."""
        inner = width - 14
        self.list.setFixedHeight(max(self.list.height_for(inner), 1))
        return super().height_for(width)


class MatrixCard(DayCard):
    """A card with the cashiers' exceptions."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table = ExceptionTable("", self)
        self.put_body(self.table)
        self.table.opened.connect(self.opened)

    def show_matrix(self, view: MatrixView) -> None:
        """Show another table."""
        self.show_words(view.title, view.empty, view.about)
        self.table.setAccessibleName(view.title)
        self.table.show_view(view)
        self.table.setVisible(bool(view.rows))
