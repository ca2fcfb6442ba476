"""The list of found products under the entry line, which keeps the focus all the time."""

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QLineEdit, QListView, QVBoxLayout, QWidget
from shiboken6 import isValid

from pos_app.texts import t
from pos_app.ui import fonts
from pos_app.ui.views import SearchHit
from pos_app.ui.widgets.search_line import HIT_HEIGHT, HIT_ROLE, SearchHitDelegate

_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_ACCESSIBLE = int(Qt.ItemDataRole.AccessibleTextRole)
_SHOWN_MOST = 8
_STEPS = {
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_PageDown: _SHOWN_MOST - 1,
    Qt.Key.Key_PageUp: 1 - _SHOWN_MOST,
}
_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class SearchPopup(QFrame):
    """Lies over its parent below `line`; Up, Down, Enter and Esc typed in `line` steer it.

    `chosen(product key)` on Enter or touch, `closed()` on Esc. It is a child of the window, not a
    window of its own, so it never takes the focus. While no hit is marked, Enter stays with the
    line.
    """

    chosen = Signal(str)
    closed = Signal()

    def __init__(self, line: QLineEdit, parent: QWidget, least_width: int = 0) -> None:
        super().__init__(parent)
        self._line = line
        self._least_width = least_width
        self._window = parent
        self.setProperty("role", "popup")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._model = _HitModel(self)
        self._delegate = SearchHitDelegate(self)
        self._list = QListView(self)
        self._list.setModel(self._model)
        self._list.setItemDelegate(self._delegate)
        self._list.setUniformItemSizes(True)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setAccessibleName(t("Search results"))
        self._list.clicked.connect(lambda index: self._choose(index.row()))
        column = QVBoxLayout(self)
        column.setContentsMargins(2, 6, 2, 6)
        column.addWidget(self._list)
        line.installEventFilter(self)
        parent.installEventFilter(self)
        self.hide()

    def show_hits(self, hits: Sequence[SearchHit], query: str, marked: int = 0) -> None:
        """Show `hits` with `query` highlighted; none hides the list. `marked` -1 marks no line."""
        fresh = tuple(hits)
        if not fresh:
            self._model.show_hits(())
            self.hide()
            return
        self._delegate.query = query
        self._model.show_hits(fresh)
        self._mark(min(marked, len(fresh) - 1))
        self._place()
        self._list.viewport().update()
        if self.isHidden():
            self.show()
            self.raise_()

    def marked_key(self) -> str:
        """Return the key of the marked hit, empty when none is."""
        return self._model.key_at(self._list.currentIndex().row())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the steering keys from the line and follow the window's size."""
        if not isValid(self) or self.isHidden():
            return False
        kind = event.type()
        if watched is self._line and kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._steer(event.key())
        if kind in (QEvent.Type.Resize, QEvent.Type.Move):
            self._place()
        return False

    def showEvent(self, event: QShowEvent) -> None:
        """Let Qt know that nothing shines through: else each key paints all tiles below anew."""
        super().showEvent(event)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fill the round corners with the window's ground, then draw the frame."""
        painter = QPainter(self)
        painter.fillRect(event.rect(), self._window.palette().window())
        painter.end()
        super().paintEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme and the fonts."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._delegate.forget()

    def _steer(self, key: int) -> bool:
        step = _STEPS.get(Qt.Key(key))
        if step is not None:
            place = self._list.currentIndex().row() + step
            self._mark(max(0, min(self._model.rowCount() - 1, place)))
            return True
        if key == Qt.Key.Key_Escape:
            self.hide()
            self.closed.emit()
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.marked_key():
            self._choose(self._list.currentIndex().row())
            return True
        return False

    def _mark(self, place: int) -> None:
        self._list.setCurrentIndex(self._model.index(place) if place >= 0 else QModelIndex())

    def _choose(self, place: int) -> None:
        key = self._model.key_at(place)
        self.hide()
        if key:
            self.chosen.emit(key)

    def _place(self) -> None:
        parent = self._window
        below = self._line.mapTo(parent, QPoint(0, self._line.height() + 4))
        rows = min(self._model.rowCount(), _SHOWN_MOST)
        height = min(rows * HIT_HEIGHT + 16, parent.height() - below.y() - 8)
        width = max(self._line.width(), self._least_width)
        is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        x = below.x() + self._line.width() - width if is_mirrored else below.x()
        self.setGeometry(x, below.y(), width, height)


class _HitModel(QAbstractListModel):
    """The hits on show."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._hits: tuple[SearchHit, ...] = ()

    def rowCount(self, parent: _Index = _ROOT) -> int:
        """Return how many hits there are."""
        return 0 if parent.isValid() else len(self._hits)

    def data(self, index: _Index, role: int = _DISPLAY) -> object:
        """Return the hit for painting, and a sentence for screen readers."""
        hit = self._hits[index.row()]
        if role == HIT_ROLE:
            return hit
        if role in (_DISPLAY, _ACCESSIBLE):
            return ", ".join(p for p in (hit.name, hit.code, hit.price, hit.stock) if p)
        return None

    def key_at(self, place: int) -> str:
        """Return the product key of the hit at `place`."""
        return self._hits[place].key if 0 <= place < len(self._hits) else ""

    def show_hits(self, hits: tuple[SearchHit, ...]) -> None:
        """Replace all hits."""
        if hits == self._hits:
            return
        for hit in hits:
            fonts.ensure_for(hit.name)
        self.beginResetModel()
        self._hits = hits
        self.endResetModel()
