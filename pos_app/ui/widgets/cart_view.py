"""The cart's lines, each painted by hand so that a scan is on the screen within one frame."""

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from pos_app.texts import t
from pos_app.ui import fonts, theme
from pos_app.ui.views import CartRow
from pos_app.ui.widgets.cart_line import ROW_ROLE, CartLineDelegate
from pos_app.ui.widgets.changed_rows import changed_span

_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_ACCESSIBLE = int(Qt.ItemDataRole.AccessibleTextRole)
_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class CartModel(QAbstractListModel):
    """The rows on show; a new tuple changes only the rows that differ."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[CartRow, ...] = ()

    def rowCount(self, parent: _Index = _ROOT) -> int:
        """Return how many lines there are."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = _DISPLAY) -> object:
        """Return the whole row for painting, and a sentence for screen readers."""
        if role == ROW_ROLE:
            return self._rows[index.row()]
        if role in (_DISPLAY, _ACCESSIBLE):
            return _sentence(self._rows[index.row()])
        return None

    def row_of(self, key: str) -> int:
        """Return the place of the line `key`, -1 when it is not there."""
        return next((i for i, row in enumerate(self._rows) if row.key == key), -1)

    def key_at(self, place: int) -> str:
        """Return the key of the line at `place`, empty when there is none."""
        return self._rows[place].key if 0 <= place < len(self._rows) else ""

    def show_rows(self, rows: tuple[CartRow, ...]) -> None:
        """Replace the rows, telling the view only what changed."""
        start, old_end, new_end = changed_span(self._rows, rows)
        common = min(old_end, new_end)
        if old_end > common:
            self.beginRemoveRows(QModelIndex(), common, old_end - 1)
            self._rows = self._rows[:common] + self._rows[old_end:]
            self.endRemoveRows()
        elif new_end > common:
            self.beginInsertRows(QModelIndex(), common, new_end - 1)
            self._rows = self._rows[:common] + rows[common:new_end] + self._rows[common:]
            self.endInsertRows()
        self._rows = rows
        if common > start:
            self.dataChanged.emit(self.index(start), self.index(common - 1), [ROW_ROLE])


class CartView(QListView):
    """Shows the cart's lines, the selected one marked.

    `line_chosen(key)` on touch or arrow keys, `line_opened(key)` on Enter or a double touch.
    """

    line_chosen = Signal(str)
    line_opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        _give_viewport(self)
        self._model = CartModel(self)
        self._delegate = CartLineDelegate(self)
        self._empty_text = t("Scan an item or choose a product")
        self._is_showing = False
        self.setModel(self._model)
        self.setItemDelegate(self._delegate)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(t("Cart"))
        self.setProperty("role", "card")
        self.selectionModel().currentChanged.connect(self._chosen)
        self.activated.connect(lambda index: self.line_opened.emit(self._model.key_at(index.row())))

    def say_when_empty(self, text: str) -> None:
        """Change what stands where no line is."""
        fonts.ensure_for(text)
        self._empty_text = text
        self.viewport().update()

    def take_fingers(self) -> None:
        """Let a finger drag the lines; this can wait until the till sells."""
        from pos_app.ui.widgets.touch_scroll import let_fingers_scroll  # noqa: PLC0415 - as said

        let_fingers_scroll(self)

    def show_rows(self, rows: Sequence[CartRow], selected: str = "") -> None:
        """Show `rows` and select the line with the key `selected`; scrolls to it."""
        self._is_showing = True
        fresh = tuple(rows)
        for row in fresh:
            fonts.ensure_for(row.name + row.note)
        self._model.show_rows(fresh)
        self._select(self._model.row_of(selected) if selected else -1)
        self._is_showing = False

    def selected_key(self) -> str:
        """Return the key of the selected line, empty when none is."""
        return self._model.key_at(self.currentIndex().row())

    def dataChanged(
        self, top_left: _Index, bottom_right: _Index, roles: Sequence[int] = ()
    ) -> None:
        """Repaint the changed lines only; Qt's own would repaint them all."""
        for place in range(top_left.row(), bottom_right.row() + 1):
            self.update(self._model.index(place))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme, the fonts and the reading direction."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._delegate.forget()
            self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the selected line in sight."""
        super().resizeEvent(event)
        if self.currentIndex().isValid():
            self.scrollToTop()
            self.scrollTo(self.currentIndex())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Say which line was touched even when it is the selected one already."""
        before = self.currentIndex().row()
        super().mousePressEvent(event)
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and index.row() == before:
            self.line_chosen.emit(self._model.key_at(before))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the lines, or one quiet sentence when there are none."""
        super().paintEvent(event)
        if self._model.rowCount() or not self._empty_text:
            return
        painter = QPainter(self.viewport())
        painter.setFont(fonts.font(theme.TEXT.body))
        painter.setPen(theme.current().text2)
        area = self.viewport().rect().adjusted(24, 24, -24, -24)
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(area, int(flags), self._empty_text)

    def _select(self, place: int) -> None:
        if place < 0:
            if self.currentIndex().isValid():
                self.selectionModel().clear()
            return
        index = self._model.index(place)
        if index != self.currentIndex():
            how = QItemSelectionModel.SelectionFlag.ClearAndSelect
            self.selectionModel().setCurrentIndex(index, how)
        if not self.viewport().rect().contains(self.visualRect(index)):
            self.scrollTo(index)

    def _chosen(self, index: QModelIndex) -> None:
        if not self._is_showing and index.isValid():
            self.line_chosen.emit(self._model.key_at(index.row()))


def _give_viewport(view: QListView) -> None:
    """Replace Qt's own viewport by an equal one that Python has made.

    Asked for the other, PySide looks through every kind of widget there is for what it may be, and
    makes all their classes: 7 ms before the first line can be drawn.
    """
    viewport = QWidget(view)
    viewport.setBackgroundRole(QPalette.ColorRole.Base)
    viewport.setAutoFillBackground(True)
    view.setViewport(viewport)


def _sentence(row: CartRow) -> str:
    warning = t("no price yet") if row.is_unpriced else ""
    parts = (row.name, f"{row.quantity} × {row.unit_price}", row.discount, row.note, warning)
    return ", ".join(part for part in (*parts, row.total) if part)
