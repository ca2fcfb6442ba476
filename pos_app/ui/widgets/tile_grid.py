"""Product tiles under a row of category chips; only the tiles in sight are painted."""

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QVBoxLayout, QWidget

from pos_app.texts import t
from pos_app.ui import fonts, theme
from pos_app.ui.views import CategoryView, TileView
from pos_app.ui.widgets.chip_row import ChipRow
from pos_app.ui.widgets.tile import TILE_ROLE, TileDelegate
from pos_app.ui.widgets.touch_scroll import let_fingers_scroll

_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_ACCESSIBLE = int(Qt.ItemDataRole.AccessibleTextRole)
_TILE_MM = 32
_GAP = 8
_TILE_HEIGHT_LEAST = 88
_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class TileGrid(QWidget):
    """Shows one category's tiles.

    `chosen(product key)` on touch or Enter, `category_chosen(category key)` on a chip,
    `more_wanted()` when the end comes into sight: answer with `append_tiles`.
    """

    chosen = Signal(str)
    category_chosen = Signal(str)
    more_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self._chips = ChipRow(t("Categories"), self)
        self._chips.chosen.connect(self.category_chosen)
        self._model = TileModel(self)
        self._view = _Tiles(self._model, self)
        self._view.clicked.connect(self._touched)
        self._view.activated.connect(self._entered)
        self._view.verticalScrollBar().valueChanged.connect(self._scrolled)
        column.addWidget(self._chips)
        column.addWidget(self._view, 1)

    def show_categories(self, categories: Sequence[CategoryView], selected: str = "") -> None:
        """Show the chips; an empty sequence hides their row."""
        self._chips.setVisible(bool(categories))
        self._chips.show_chips(categories, selected)

    def show_tiles(self, tiles: Sequence[TileView]) -> None:
        """Show `tiles` from the top; equal tiles change nothing."""
        if self._model.show_tiles(tuple(tiles)):
            self._view.scrollToTop()

    def append_tiles(self, tiles: Sequence[TileView]) -> None:
        """Add more tiles at the end."""
        self._model.append_tiles(tuple(tiles))

    def view(self) -> QListView:
        """Return the list of tiles, for focus and tests."""
        return self._view

    def categories(self) -> ChipRow:
        """Return the row of chips."""
        return self._chips

    def _touched(self, index: QModelIndex) -> None:
        self.chosen.emit(self._model.key_at(index.row()))

    def _entered(self, index: QModelIndex) -> None:
        if self._view.hasFocus():
            self.chosen.emit(self._model.key_at(index.row()))

    def _scrolled(self, value: int) -> None:
        bar = self._view.verticalScrollBar()
        if value >= bar.maximum() - bar.pageStep():
            self.more_wanted.emit()


class TileModel(QAbstractListModel):
    """The tiles on show."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tiles: tuple[TileView, ...] = ()

    def rowCount(self, parent: _Index = _ROOT) -> int:
        """Return how many tiles there are."""
        return 0 if parent.isValid() else len(self._tiles)

    def data(self, index: _Index, role: int = _DISPLAY) -> object:
        """Return the tile for painting, and a sentence for screen readers."""
        tile = self._tiles[index.row()]
        if role == TILE_ROLE:
            return tile
        if role in (_DISPLAY, _ACCESSIBLE):
            return ", ".join(part for part in (tile.name, tile.price, tile.mark) if part)
        return None

    def key_at(self, place: int) -> str:
        """Return the product key of the tile at `place`."""
        return self._tiles[place].key if 0 <= place < len(self._tiles) else ""

    def show_tiles(self, tiles: tuple[TileView, ...]) -> bool:
        """Replace all tiles; False when they are the same as before."""
        if tiles == self._tiles:
            return False
        _ensure_fonts(tiles)
        self.beginResetModel()
        self._tiles = tiles
        self.endResetModel()
        return True

    def append_tiles(self, tiles: tuple[TileView, ...]) -> None:
        """Add tiles at the end."""
        if not tiles:
            return
        _ensure_fonts(tiles)
        count = len(self._tiles)
        self.beginInsertRows(QModelIndex(), count, count + len(tiles) - 1)
        self._tiles += tiles
        self.endInsertRows()


class _Tiles(QListView):
    """Lays the tiles out in as many equal columns as the width allows."""

    def __init__(self, model: TileModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._delegate = TileDelegate(self)
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setSpacing(0)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(t("Products"))
        self.viewport().setAutoFillBackground(False)
        self.setProperty("role", "bare")
        let_fingers_scroll(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width out over the columns."""
        room = self.viewport().width() - 1
        columns = max(2, (room + _GAP) // (theme.mm(self, _TILE_MM) + _GAP))
        wanted = max(theme.mm(self, 20), _TILE_HEIGHT_LEAST) + _GAP
        rows = max(1, round(self.viewport().height() / wanted))
        # Whole rows fill the height, unless that would make the tiles too low or too high.
        height = min(max(self.viewport().height() // rows, wanted - 12), wanted + 24)
        size = QSize(room // columns, height)
        if size != self._delegate.cell:
            self._delegate.cell = size
            self.setGridSize(size)
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme and the fonts."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._delegate.forget()
            self.viewport().update()


def _ensure_fonts(tiles: tuple[TileView, ...]) -> None:
    for tile in tiles:
        fonts.ensure_for(tile.name)
