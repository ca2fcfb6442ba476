"""The cashiers' exceptions as a table: a cell says how often, how much, and its share of sales."""

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from pos_app.ui import fonts, theme
from pos_app.ui.painted_text import as_figure, largest, write
from pos_app.ui.presenters.day_state import MatrixCell, MatrixRow, MatrixView

_COUNT_PX, _SMALL_PX = 17, 13
_ROW, _LINE, _PAD = 66, 18, 6
_HEAD_LINES = 2
_NAME_PERCENT, _NAME_MOST = 19, 260
_OPENING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class _Cells(QAbstractTableModel):
    """The table as a reader of the screen hears it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.view = MatrixView()

    def put(self, view: MatrixView) -> None:
        """Show another table."""
        self.beginResetModel()
        self.view = view
        self.endResetModel()

    def rowCount(self, parent: _Index = _ROOT) -> int:
        """Return how many cashiers there are."""
        return 0 if parent.isValid() else len(self.view.rows)

    def columnCount(self, parent: _Index = _ROOT) -> int:
        """Return how many kinds there are, and the cashier's own column."""
        return 0 if parent.isValid() else len(self.view.columns) + 1

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = int(Qt.ItemDataRole.DisplayRole),
    ) -> object:
        """Return what a column is called."""
        if orientation != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return self.view.columns[section - 1] if section else ""

    def data(self, index: _Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        """Return a cell's words."""
        row = self.view.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.name if not index.column() else row.cells[index.column() - 1].count
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return self._sentence(row, index.column())
        return None

    def _sentence(self, row: MatrixRow, column: int) -> str:
        if not column:
            return f"{row.name}, {row.about}"
        cell = row.cells[column - 1]
        parts = (cell.count or "0", cell.amount, cell.share)
        told = ", ".join(part for part in parts if part)
        return f"{row.name}, {self.view.columns[column - 1]}: {told}"


class ExceptionTable(QTableView):
    """All rows are in sight, the page scrolls; `opened(key)` on a touch, Enter or Space."""

    opened = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = _Cells(self)
        self.setModel(self._model)
        self.setItemDelegate(_CellBrush(self))
        self.setAccessibleName(name)
        self.setShowGrid(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.verticalHeader().setVisible(False)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(_ROW)
        head = self.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head.setMinimumSectionSize(1)
        head.setHighlightSections(False)
        head.setSectionsClickable(False)
        middle = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom
        words = int(middle) | int(Qt.TextFlag.TextWordWrap)
        head.setDefaultAlignment(Qt.AlignmentFlag(words))
        head.setStyleSheet(
            f"QHeaderView::section {{ padding: 4px 2px; font-size: {_SMALL_PX}px; }}"
        )
        self.setMinimumWidth(1)

    def show_view(self, view: MatrixView) -> None:
        """Show another table."""
        if view == self._model.view:
            return
        fonts.ensure_for("".join(f"{row.name}{row.about}" for row in view.rows))
        self._model.put(view)
        self.setVisible(bool(view.rows))
        self._fit()

    def view(self) -> MatrixView:
        """Return what is shown."""
        return self._model.view

    def sizeHint(self) -> QSize:
        """As high as all rows."""
        return QSize(400, self._high())

    def minimumSizeHint(self) -> QSize:
        """Any width will do."""
        return QSize(1, self._high())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width among the columns anew."""
        super().resizeEvent(event)
        self._fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Let the page scroll."""
        event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Mark a cell as soon as keys come here."""
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self._model.view.rows:
            self.setCurrentIndex(self._model.index(0, 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Space open the marked cell."""
        if Qt.Key(event.key()) in _OPENING:
            self._open(self.currentIndex())
            return
        super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Open the cell that was touched."""
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton:
            self._open(self.indexAt(event.position().toPoint()))

    def key_at(self, index: _Index) -> str:
        """Return the key of a cell, empty where nothing was."""
        row = self._model.view.rows[index.row()]
        return row.cells[index.column() - 1].key if index.column() else row.key

    def _open(self, index: _Index) -> None:
        if index.isValid() and (key := self.key_at(index)):
            self.opened.emit(key)

    def _high(self) -> int:
        return self._head_high() + _ROW * len(self._model.view.rows)

    def _head_high(self) -> int:
        if not self._model.view.columns:
            return 0
        return QFontMetrics(fonts.font(_SMALL_PX, fonts.SEMIBOLD)).height() * _HEAD_LINES + 14

    def _fit(self) -> None:
        head, room = self.horizontalHeader(), self.viewport().width()
        count = len(self._model.view.columns)
        head.setVisible(bool(count))
        head.setFixedHeight(max(self._head_high(), 1))
        near = min(room * _NAME_PERCENT // 100, _NAME_MOST) if count else room
        if head.count():
            self.setColumnWidth(0, near)
        for place in range(count):
            begin, end = (room - near) * place // count, (room - near) * (place + 1) // count
            self.setColumnWidth(place + 1, end - begin)
        if self.height() != max(self._high(), 1):
            self.setFixedHeight(max(self._high(), 1))


class _CellBrush(QStyledItemDelegate):
    """Draws the cells of an `ExceptionTable`."""

    def __init__(self, owner: ExceptionTable) -> None:
        super().__init__(owner)
        self._owner = owner

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw one cell."""
        box = QRect(option.rect)
        row, colours = self._owner.view().rows[index.row()], theme.current()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setLayoutDirection(self._owner.layoutDirection())
        painter.setPen(QColor(colours.line))
        painter.drawLine(box.left(), box.top(), box.right(), box.top())
        is_key = bool(self._owner.key_at(index))
        is_marked = self._owner.hasFocus() and index == self._owner.currentIndex()
        mouse = self._owner.viewport().mapFromGlobal(self._owner.cursor().pos())
        is_over = is_key and self._owner.underMouse() and box.contains(mouse)
        if is_marked or is_over:
            painter.setPen(QPen(QColor(colours.primary), 2) if is_marked else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.primary_soft))
            painter.drawRoundedRect(box.adjusted(2, 2, -2, -2), theme.RADIUS, theme.RADIUS)
        if index.column():
            _paint_cell(painter, box.adjusted(1, 4, -1, -4), row.cells[index.column() - 1])
        else:
            _paint_name(painter, box.adjusted(_PAD, 4, -_PAD, -4), row)
        painter.restore()


def _paint_name(painter: QPainter, inner: QRect, row: MatrixRow) -> None:
    colours = theme.current()
    name = QRect(inner.left(), inner.top() + 2, inner.width(), 22)
    strong = fonts.font(15, fonts.SEMIBOLD)
    write(painter, name, row.name, strong, colours.text, is_elided=True)
    takings, _, tickets = row.about.partition(" · ")
    for place, text in enumerate((takings, tickets)):
        line = QRect(inner.left(), name.bottom() - 1 + place * 16, inner.width(), 17)
        face = largest(text, _SMALL_PX, line.width(), fonts.REGULAR)
        write(painter, line, text, face, colours.text2, is_elided=True)


def _paint_cell(painter: QPainter, inner: QRect, cell: MatrixCell) -> None:
    colours = theme.current()
    if not cell.count:
        _centred(painter, inner, "·", fonts.font(_COUNT_PX), colours.disabled)
        return
    lines = [text for text in (cell.amount, cell.share) if text]
    top = inner.top() + (inner.height() - 22 - 16 * len(lines)) // 2
    count = QRect(inner.left(), top, inner.width(), 22)
    _centred(painter, count, cell.count, fonts.figures(_COUNT_PX), colours.text)
    for place, text in enumerate(lines):
        line = QRect(inner.left(), count.bottom() + place * 16, inner.width(), 17)
        face = largest(text, _SMALL_PX, line.width(), fonts.REGULAR)
        _centred(painter, line, as_figure(text), face, colours.text2)


def _centred(painter: QPainter, box: QRect, text: str, font: QFont, ink: str) -> None:
    painter.setFont(font)
    painter.setPen(QColor(ink))
    shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
    painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), shown)
