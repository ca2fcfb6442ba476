"""A list on a card of the day: rows of name, figure, remark and bar, each opened at one touch."""

from PySide6.QtCore import (
    QAbstractListModel,
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
    QListView,
    QScrollArea,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from pos_app.ui import fonts, icons, theme
from pos_app.ui.painted_text import as_figure, write
from pos_app.ui.presenters.day_state import BarRow
from pos_app.ui.views import Tone

_NAME_PX, _NOTE_PX = 15, 13
_NAME, _NOTE, _BAR, _PAD = 22, 18, 5, 6
_SIDE, _BETWEEN = 10, 12
_SIGN = 18
_SIGNS = {Tone.DANGER: "circle-alert", Tone.WARNING: "triangle-alert", Tone.SUCCESS: "circle-check"}
_OPENING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class _Rows(QAbstractListModel):
    """The rows as a reader of the screen hears them."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: tuple[BarRow, ...] = ()

    def put(self, rows: tuple[BarRow, ...]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: _Index = _ROOT) -> int:
        """Return how many rows there are."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: _Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        """Return a row's sentence."""
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.name
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return row.sentence
        return None


class BarRows(QListView):
    """All rows are in sight, the page scrolls; `opened(key)` on a touch, Enter or Space."""

    opened = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = _Rows(self)
        self.setModel(self._model)
        self._brush = _RowBrush(self)
        self.setItemDelegate(self._brush)
        self.setAccessibleName(name)
        self.setProperty("role", "bare")
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setMinimumWidth(1)

    def show_rows(self, rows: tuple[BarRow, ...]) -> None:
        """Show `rows`; the mark stays at its place."""
        if rows == self._model.rows:
            return
        place = self.currentIndex().row()
        fonts.ensure_for("".join(row.sentence for row in rows))
        self._model.put(rows)
        if 0 <= place < len(rows):
            self.setCurrentIndex(self._model.index(place))
        self.setVisible(bool(rows))
        self._fit()

    def rows(self) -> tuple[BarRow, ...]:
        """Return what is shown."""
        return self._model.rows

    def sizeHint(self) -> QSize:
        """As high as all rows."""
        return QSize(240, self.height_for(max(self.width(), 120)))

    def minimumSizeHint(self) -> QSize:
        """Any width will do."""
        return QSize(1, self.height_for(max(self.width(), 120)))

    def height_for(self, width: int) -> int:
        """Return how high all rows are at a width."""
        return sum(height_of(row, width) for row in self._model.rows)

    def row_box(self, place: int) -> QRect:
        """Return where a row stands in the list."""
        return self.visualRect(self._model.index(place))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break long sentences anew."""
        super().resizeEvent(event)
        self._fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Let the page scroll."""
        event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Mark a row as soon as keys come here."""
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self._model.rows:
            self.setCurrentIndex(self._model.index(0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Space open the marked row."""
        if Qt.Key(event.key()) in _OPENING:
            self._open(self.currentIndex())
            return
        super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Open the row that was touched."""
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton:
            self._open(self.indexAt(event.position().toPoint()))

    def currentChanged(self, current: _Index, previous: _Index) -> None:
        """Keep the marked row in sight of the page."""
        super().currentChanged(current, previous)
        if not self.hasFocus():
            return
        area = self.parentWidget()
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parentWidget()
        inner = None if area is None else area.widget()
        if area is not None and inner is not None:
            middle = self.mapTo(inner, self.visualRect(current).center())
            area.ensureVisible(middle.x(), middle.y(), 0, 60)

    def _open(self, index: _Index) -> None:
        if index.isValid():
            self.opened.emit(self._model.rows[index.row()].key)

    def _fit(self) -> None:
        high = max(self.height_for(max(self.width(), 120)), 1)
        if self.height() != high:
            self.setFixedHeight(high)
        self.scheduleDelayedItemsLayout()


def height_of(row: BarRow, width: int) -> int:
    """Return how high a row is: long names without a figure are broken into lines."""
    name = _NAME if row.figure else _broken(row.name, _room(row, width))
    return _PAD * 2 + name + (_NOTE if row.note else 0) + (_BAR + 4 if row.permille >= 0 else 0)


def _room(row: BarRow, width: int) -> int:
    return max(width - 2 * _SIDE - (_SIGN + 6 if row.tone in _SIGNS else 0), 40)


def _broken(text: str, room: int) -> int:
    flags = int(Qt.TextFlag.TextWordWrap)
    box = QFontMetrics(fonts.font(_NAME_PX)).boundingRect(QRect(0, 0, room, 9999), flags, text)
    return max(box.height(), _NAME)


class _RowBrush(QStyledItemDelegate):
    """Draws the rows of a `BarRows`."""

    def __init__(self, owner: BarRows) -> None:
        super().__init__(owner)
        self._owner = owner

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """As high as the row's words need."""
        width = self._owner.viewport().width()
        return QSize(width, height_of(self._owner.rows()[index.row()], width))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw one row."""
        row, box = self._owner.rows()[index.row()], QRect(option.rect)
        mirrored = self._owner.layoutDirection() == Qt.LayoutDirection.RightToLeft
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setLayoutDirection(self._owner.layoutDirection())
        is_over = bool(option.state & QStyle.StateFlag.State_MouseOver)
        self._paint_ground(painter, box, index, is_over=is_over)
        inner = box.adjusted(_SIDE, _PAD, -_SIDE, -_PAD)
        if row.tone in _SIGNS:
            inner = self._paint_sign(painter, inner, row.tone, mirrored=mirrored)
        below = self._paint_words(painter, inner, row)
        if row.permille >= 0:
            bar = QRect(inner.left(), below + 4, inner.width(), _BAR)
            _paint_bar(painter, bar, row.permille, mirrored=mirrored)
        painter.restore()

    def _paint_ground(self, painter: QPainter, box: QRect, index: _Index, *, is_over: bool) -> None:
        colours = theme.current()
        is_marked = self._owner.hasFocus() and index == self._owner.currentIndex()
        if not (is_over or is_marked):
            return
        painter.setPen(QPen(QColor(colours.primary), 2) if is_marked else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.primary_soft))
        painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), theme.RADIUS, theme.RADIUS)

    def _paint_sign(self, painter: QPainter, inner: QRect, tone: Tone, *, mirrored: bool) -> QRect:
        drawn = icons.pixmap(_SIGNS[tone], _ink(tone), _SIGN, self._owner.devicePixelRatioF())
        left = inner.right() - _SIGN + 1 if mirrored else inner.left()
        painter.drawPixmap(left, inner.top() + 2, drawn)
        used = _SIGN + 6
        return inner.adjusted(0, 0, -used, 0) if mirrored else inner.adjusted(used, 0, 0, 0)

    def _paint_words(self, painter: QPainter, inner: QRect, row: BarRow) -> int:
        """Draw name, figure and remark; return where they end."""
        colours = theme.current()
        mirrored = painter.layoutDirection() == Qt.LayoutDirection.RightToLeft
        strong = fonts.figures(_NAME_PX, fonts.SEMIBOLD)
        name = fonts.font(_NAME_PX)
        if row.figure:
            line = QRect(inner.left(), inner.top(), inner.width(), _NAME)
            write(painter, line, as_figure(row.figure), strong, _ink(row.tone), is_far=True)
            used = QFontMetrics(strong).horizontalAdvance(row.figure) + _BETWEEN
            near = line.adjusted(used, 0, 0, 0) if mirrored else line.adjusted(0, 0, -used, 0)
            write(painter, near, row.name, name, colours.text, is_elided=True)
            below = line.bottom() + 1
        else:
            high = _broken(row.name, inner.width())
            painter.setFont(name)
            painter.setPen(QColor(colours.text))
            flags = int(Qt.AlignmentFlag.AlignLeading) | int(Qt.TextFlag.TextWordWrap)
            painter.drawText(QRect(inner.left(), inner.top(), inner.width(), high), flags, row.name)
            below = inner.top() + high
        if row.note:
            line = QRect(inner.left(), below, inner.width(), _NOTE)
            small = fonts.figures(_NOTE_PX, fonts.REGULAR)
            write(painter, line, row.note, small, colours.text2, is_elided=True)
            below += _NOTE
        return below


def _paint_bar(painter: QPainter, box: QRect, permille: int, *, mirrored: bool) -> None:
    colours = theme.current()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colours.raised))
    painter.drawRoundedRect(box, 2, 2)
    long = box.width() * min(permille, 1000) // 1000
    if not long:
        return
    left = box.right() - long + 1 if mirrored else box.left()
    painter.setBrush(QColor(colours.primary))
    painter.drawRoundedRect(QRect(left, box.top(), long, box.height()), 2, 2)


def _ink(tone: Tone) -> str:
    colours = theme.current()
    inks = {
        Tone.DANGER: colours.danger,
        Tone.WARNING: colours.warning_text,
        Tone.SUCCESS: colours.success,
    }
    return inks.get(tone, colours.text)
