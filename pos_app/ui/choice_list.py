"""A list to choose one of: customers, parked sales; the entry line keeps the focus."""

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from pos_app.ui import fonts, theme
from pos_app.ui.views import SearchHit
from pos_app.ui.widgets.search_line import HIT_ROLE, SearchHitDelegate

_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_ACCESSIBLE = int(Qt.ItemDataRole.AccessibleTextRole)
_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class ChoiceList(QListView):
    """Shows `SearchHit`s, the first one marked because Enter takes it; `chosen(key)` on touch."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = _Choices(self)
        self._delegate = SearchHitDelegate(self)
        self._empty = ""
        self.setModel(self._model)
        self.setItemDelegate(self._delegate)
        self.setUniformItemSizes(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.clicked.connect(lambda index: self.chosen.emit(self._model.key_at(index.row())))

    def show_rows(self, rows: Sequence[SearchHit], query: str, empty: str) -> None:
        """Show `rows` with `query` set off in them, or the sentence `empty`."""
        self._delegate.query = query
        self._empty = empty
        self._model.show(tuple(rows))
        if rows:
            self.setCurrentIndex(self._model.index(0))
        self.viewport().update()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme and the fonts."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._delegate.forget()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows, or the sentence when there are none."""
        super().paintEvent(event)
        if self._model.rowCount():
            return
        painter = QPainter(self.viewport())
        painter.setFont(fonts.font(theme.TEXT.body))
        painter.setPen(theme.current().text2)
        painter.drawText(self.viewport().rect(), int(Qt.AlignmentFlag.AlignCenter), self._empty)


class _Choices(QAbstractListModel):
    """The rows on show."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows: tuple[SearchHit, ...] = ()

    def rowCount(self, parent: _Index = _ROOT) -> int:
        """Return how many there are."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = _DISPLAY) -> object:
        """Return the row for painting, and a sentence for screen readers."""
        row = self._rows[index.row()]
        if role == HIT_ROLE:
            return row
        if role in (_DISPLAY, _ACCESSIBLE):
            return ", ".join(part for part in (row.name, row.code, row.price, row.stock) if part)
        return None

    def key_at(self, place: int) -> str:
        """Return the key of the row at `place`."""
        return self._rows[place].key if 0 <= place < len(self._rows) else ""

    def show(self, rows: tuple[SearchHit, ...]) -> None:
        """Replace all rows."""
        if rows == self._rows:
            return
        for row in rows:
            fonts.ensure_for(row.name)
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()
