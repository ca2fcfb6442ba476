"""Paints one product tile: a band in the category's colour, the name in two lines, the price."""

from functools import lru_cache

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QPixmap, QTextLayout
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from pos_app.ui import fonts, theme
from pos_app.ui.views import TileView

TILE_ROLE = int(Qt.ItemDataRole.UserRole)

_GAP = 8
_BAND = 6
_DRAWN_MOST = 80
_Index = QModelIndex | QPersistentModelIndex


class TileDelegate(QStyledItemDelegate):
    """Draws a `TileView` in a cell of `cell` pixels, a gap of 8 included."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.cell = QSize(140, 96)
        self.forget()

    def forget(self) -> None:
        """Measure anew: the theme or a font has changed."""
        self._name_font = fonts.font(theme.TEXT.office, fonts.SEMIBOLD)
        self._price_font = fonts.figures(theme.TEXT.office, fonts.REGULAR)
        self._metrics = QFontMetrics(self._price_font)
        self._drawn: dict[tuple[object, ...], QPixmap] = {}

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Every tile is equally large."""
        return self.cell

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw the card, the band, the name, the price and the warning."""
        tile = index.data(TILE_ROLE)
        if not isinstance(tile, TileView):
            return
        area: QRect = option.rect
        state = option.state
        mirrored = option.direction == Qt.LayoutDirection.RightToLeft
        has_focus = bool(state & QStyle.StateFlag.State_HasFocus)
        is_down = bool(state & QStyle.StateFlag.State_MouseOver)
        # A list of results that opens and closes over the tiles uncovers them at every key.
        sharpness = painter.device().devicePixelRatioF()
        drawn_as = (tile, area.width(), area.height(), mirrored, has_focus, is_down, sharpness)
        drawn = self._drawn.get(drawn_as)
        if drawn is None:
            drawn = self._draw(tile, area.size(), mirrored, has_focus, is_down, sharpness)
            if len(self._drawn) >= _DRAWN_MOST:
                self._drawn.clear()
            self._drawn[drawn_as] = drawn
        painter.drawPixmap(area.topLeft(), drawn)

    def _draw(
        self,
        tile: TileView,
        size: QSize,
        mirrored: bool,
        has_focus: bool,
        is_down: bool,
        sharpness: float,
    ) -> QPixmap:
        drawn = QPixmap(size * sharpness)
        drawn.setDevicePixelRatio(sharpness)
        drawn.fill(Qt.GlobalColor.transparent)
        card = QRect(_GAP if mirrored else 0, 0, size.width() - _GAP, size.height() - _GAP)
        painter = QPainter(drawn)
        _paint_card(painter, card, tile.colour, has_focus, is_down)
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        self._paint_texts(painter, card, tile, mirrored)
        painter.end()
        return drawn

    def _paint_texts(self, painter: QPainter, card: QRect, tile: TileView, mirrored: bool) -> None:
        colours = theme.current()
        near, far = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
        side, far = (far, near) if mirrored else (near, far)
        side |= Qt.AlignmentFlag.AlignAbsolute
        far |= Qt.AlignmentFlag.AlignAbsolute
        box = card.adjusted(10, _BAND + 4, -10, -6)
        line = self._metrics.height()
        painter.setFont(self._name_font)
        painter.setPen(QColor(colours.text))
        upper = QRect(box.left(), box.top(), box.width(), box.height() - line)
        flags = side | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
        painter.drawText(upper, int(flags), _two_lines(tile.name, self._name_font, box.width()))
        painter.setFont(self._price_font)
        lower = QRect(box.left(), box.bottom() - line, box.width(), line)
        painter.setPen(QColor(colours.text2))
        painter.drawText(lower, int(side), tile.price)
        if tile.mark:
            room = box.width() - self._metrics.horizontalAdvance(tile.price) - 8
            mark = self._metrics.elidedText(tile.mark, Qt.TextElideMode.ElideRight, room)
            painter.setPen(QColor(colours.danger))
            painter.drawText(lower, int(far), mark)


@lru_cache(maxsize=1024)
def _two_lines(text: str, font: QFont, width: int) -> str:
    """Break a name after its first line, and shorten the second to what fits."""
    layout = QTextLayout(text, font)
    layout.beginLayout()
    first = layout.createLine()
    first.setLineWidth(width)
    layout.endLayout()
    end = first.textStart() + first.textLength()
    rest = text[end:].strip()
    if not rest:
        return text
    shortened = QFontMetrics(font).elidedText(rest, Qt.TextElideMode.ElideRight, width)
    return f"{text[:end].rstrip()}\n{shortened}"


def _paint_card(
    painter: QPainter, card: QRect, colour: str, has_focus: bool, is_down: bool
) -> None:
    colours = theme.current()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(colours.primary), 2) if has_focus else QColor(colours.line))
    painter.setBrush(QColor(colours.raised if is_down else colours.surface))
    painter.drawRoundedRect(card.adjusted(1, 1, -2, -2), theme.RADIUS, theme.RADIUS)
    if colour:
        painter.setClipRect(QRect(card.left(), card.top(), card.width(), _BAND + 1))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colour))
        painter.drawRoundedRect(card.adjusted(1, 1, -1, -1), theme.RADIUS, theme.RADIUS)
    painter.restore()
