"""A plain list over any number of rows: only the pages in sight are fetched and kept."""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QSignalBlocker,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QGuiApplication, QKeyEvent, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from pos_app.ui import fonts, icons, theme
from pos_app.ui.views import Column, TableRow, Tone
from pos_app.ui.widgets.touch_scroll import let_fingers_scroll

PAGE_ROWS = 100
_PAGES_KEPT = 12
_ROW_HEIGHT = 44
_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_ALIGNMENT = int(Qt.ItemDataRole.TextAlignmentRole)
_FOREGROUND = int(Qt.ItemDataRole.ForegroundRole)
_FONT = int(Qt.ItemDataRole.FontRole)
_TOOL_TIP = int(Qt.ItemDataRole.ToolTipRole)
_DECORATION = int(Qt.ItemDataRole.DecorationRole)
_ICON = 20
_LONG_TEXT = 20
_NEAR = int(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
_FAR = int(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class RowSource(Protocol):
    """Where rows come from; `fetch` must be quick, it runs while the list is painted."""

    def count(self) -> int:
        """Return how many rows there are."""

    def fetch(self, offset: int, limit: int) -> Sequence[TableRow]:
        """Return up to `limit` rows from `offset` on."""


class WindowedTableModel(QAbstractTableModel):
    """Shows a `RowSource`, keeping at most twelve pages of a hundred rows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns: tuple[Column, ...] = ()
        self._is_mirrored = False
        self._source: RowSource | None = None
        self._count = 0
        self._pages: OrderedDict[int, Sequence[TableRow]] = OrderedDict()

    def show_source(self, columns: Sequence[Column], source: RowSource) -> None:
        """Show `source` from its first row."""
        self.beginResetModel()
        self._columns = tuple(columns)
        self._is_mirrored = QGuiApplication.isRightToLeft()
        self._source = source
        self._count = source.count()
        self._pages.clear()
        self.endResetModel()

    def refresh(self) -> None:
        """Count and fetch anew what the same source holds now."""
        if self._source is not None:
            self.show_source(self._columns, self._source)

    def reread(self) -> None:
        """Fetch the rows in sight anew; a list that grew or shrank begins again."""
        if self._source is None or self._source.count() != self._count:
            self.refresh()
        elif self._count:
            self._pages.clear()
            last = self.index(self._count - 1, len(self._columns) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def rowCount(self, parent: _Index = _ROOT) -> int:
        """Return how many rows there are."""
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: _Index = _ROOT) -> int:
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(self._columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> object:
        """Return a column's title; rows have none."""
        if orientation != Qt.Orientation.Horizontal or section >= len(self._columns):
            return None
        if role == _DISPLAY:
            return self._columns[section].title
        if role == _ALIGNMENT:
            return _FAR if self._columns[section].is_figure else _NEAR
        return None

    def data(self, index: _Index, role: int = _DISPLAY) -> object:
        """Return a cell's text, side, font and colour."""
        if role == _DISPLAY:
            row = self.row_at(index.row())
            column = index.column()
            text = row.cells[column] if row is not None and column < len(row.cells) else ""
            return one_piece(text) if self._is_mirrored and text else text
        if role == _ALIGNMENT:
            return _FAR if self._columns[index.column()].is_figure else _NEAR
        if role == _TOOL_TIP:
            text = str(self.data(index))
            return text if len(text) > _LONG_TEXT else None
        if role == _FONT and self._columns[index.column()].is_figure:
            return fonts.figures(theme.TEXT.office, fonts.REGULAR)
        if role == _FOREGROUND:
            row = self.row_at(index.row())
            return _ink(row.tone) if row is not None else None
        if role == _DECORATION and self._columns[index.column()].has_icon:
            row = self.row_at(index.row())
            return _picture(row) if row is not None and row.icon else None
        return None

    def row_at(self, place: int) -> TableRow | None:
        """Return the row at `place`, None beyond the end."""
        if self._source is None or not 0 <= place < self._count:
            return None
        number, within = divmod(place, PAGE_ROWS)
        page = self._pages.get(number)
        if page is None:
            page = self._source.fetch(number * PAGE_ROWS, PAGE_ROWS)
            self._pages[number] = page
            if len(self._pages) > _PAGES_KEPT:
                self._pages.popitem(last=False)
            for row in page:
                fonts.ensure_for("".join(row.cells))
        else:
            self._pages.move_to_end(number)
        return page[within] if within < len(page) else None


class TableView(QTableView):
    """A calm list with one marked row.

    `row_chosen(key)` when another row is marked, `row_opened(key)` on Enter or a double touch.
    """

    row_chosen = Signal(str)
    row_opened = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = WindowedTableModel(self)
        self.setModel(self._model)
        self.setAccessibleName(name)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        rows = self.verticalHeader()
        rows.setVisible(False)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(_ROW_HEIGHT)
        self.horizontalHeader().setHighlightSections(False)
        let_fingers_scroll(self)
        self.doubleClicked.connect(lambda index: self._open(index.row()))
        self.selectionModel().currentRowChanged.connect(self._choose)

    def show_source(self, columns: Sequence[Column], source: RowSource) -> None:
        """Show the rows of `source` under `columns`."""
        self._model.show_source(columns, source)
        header = self.horizontalHeader()
        for place, column in enumerate(columns):
            stretch = QHeaderView.ResizeMode.Stretch if column.stretches else None
            header.setSectionResizeMode(place, stretch or QHeaderView.ResizeMode.Interactive)
            self.setColumnWidth(place, column.width)

    def refresh(self) -> None:
        """Fetch anew, staying at the marked row's place."""
        place = self.currentIndex().row()
        self._model.refresh()
        if place >= 0:
            self.selectRow(min(place, self._model.rowCount() - 1))

    def selectRow(self, row: int) -> None:
        """Mark a row and bring it into sight.

        Qt's own finds no column at the edge of a table that is read from the right.
        """
        self.setCurrentIndex(self._model.index(row, 0))

    def show_changes(self, place: int) -> None:
        """Show what the same rows say now, the one at `place` marked; tells nobody."""
        with QSignalBlocker(self):
            self._model.reread()
            if self.currentIndex().row() != place:
                self.selectRow(place)

    def chosen_key(self) -> str:
        """Return the key of the marked row, empty when none is."""
        row = self._model.row_at(self.currentIndex().row())
        return row.key if row is not None else ""

    def rows(self) -> WindowedTableModel:
        """Return the model."""
        return self._model

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the marked row on Enter; with Ctrl it is for the sheet around the table."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                event.ignore()
            else:
                self._open(self.currentIndex().row())
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.viewport().update()

    def _open(self, place: int) -> None:
        row = self._model.row_at(place)
        if row is not None:
            self.row_opened.emit(row.key)

    def _choose(self, index: QModelIndex) -> None:
        row = self._model.row_at(index.row())
        if row is not None:
            self.row_chosen.emit(row.key)


def one_piece(text: str) -> str:
    """Keep a cell's own order beside a right-to-left page (FSI and PDI of Unicode UAX 9)."""
    return f"\u2068{text}\u2069"


def _picture(row: TableRow) -> QPixmap:
    ink = _ink(row.tone)
    app = QGuiApplication.instance()
    ratio = app.devicePixelRatio() if isinstance(app, QGuiApplication) else 1.0
    return icons.pixmap(row.icon, ink.name() if ink else theme.current().text2, _ICON, ratio)


def _ink(tone: Tone) -> QColor | None:
    colours = theme.current()
    inks = {
        Tone.DANGER: colours.danger,
        Tone.WARNING: colours.warning_text,
        Tone.SUCCESS: colours.success,
        Tone.PRIMARY: colours.primary,
    }
    return QColor(inks[tone]) if tone in inks else None
