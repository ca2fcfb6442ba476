"""Paints one line of the search list, the part that was typed set off in the name."""

import unicodedata
from functools import lru_cache

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from pos_app.ui import fonts, theme
from pos_app.ui.views import SearchHit

HIT_ROLE = int(Qt.ItemDataRole.UserRole)
HIT_HEIGHT = 56

_MARGIN = 14
_PRICE_WIDTH = 110
_MIDDLE = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
_NEAR = Qt.AlignmentFlag.AlignLeft | _MIDDLE
_FAR = Qt.AlignmentFlag.AlignRight | _MIDDLE
_Index = QModelIndex | QPersistentModelIndex


class SearchHitDelegate(QStyledItemDelegate):
    """Draws a `SearchHit`; `query` is what the user typed."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.query = ""
        self.forget()

    def forget(self) -> None:
        """Measure anew: the theme or a font has changed."""
        self._plain = fonts.font(theme.TEXT.body)
        self._strong = fonts.font(theme.TEXT.body, fonts.BOLD)
        self._small = fonts.figures(theme.TEXT.office, fonts.REGULAR)
        self._price = fonts.figures(theme.TEXT.body)
        self._plain_metrics = QFontMetrics(self._plain)
        self._strong_metrics = QFontMetrics(self._strong)

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Every line is equally high."""
        return QSize(300, HIT_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw name and code on the near side, price and stock on the far side."""
        hit = index.data(HIT_ROLE)
        if not isinstance(hit, SearchHit):
            return
        colours = theme.current()
        area: QRect = option.rect
        mirrored = option.direction == Qt.LayoutDirection.RightToLeft
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, QColor(colours.primary_soft))
        near, far = (_FAR, _NEAR) if mirrored else (_NEAR, _FAR)
        box = area.adjusted(_MARGIN, 4, -_MARGIN, -4)
        upper = QRect(box.left(), box.top(), box.width(), 28)
        lower = QRect(box.left(), box.top() + 28, box.width(), 20)
        _write(painter, upper, hit.price, self._price, colours.text, far)
        stock_ink = colours.danger if hit.is_out_of_stock else colours.text2
        _write(painter, lower, hit.stock, self._small, stock_ink, far)
        _write(painter, lower, hit.code, self._small, colours.text2, near)
        room = upper.adjusted(
            _PRICE_WIDTH if mirrored else 0, 0, 0 if mirrored else -_PRICE_WIDTH, 0
        )
        self._paint_name(painter, room, hit.name, mirrored)

    def _paint_name(self, painter: QPainter, box: QRect, name: str, mirrored: bool) -> None:
        colours = theme.current()
        fitting = self._strong_metrics.elidedText(name, Qt.TextElideMode.ElideRight, box.width())
        if not fitting.isascii() and any(
            unicodedata.bidirectional(char) in {"R", "AL"} for char in fitting
        ):
            side = _FAR if mirrored else _NEAR
            _write(painter, box, fitting, self._plain, colours.text, side)
            return
        pieces = marked_pieces(fitting, self.query)
        if mirrored:
            box = box.adjusted(box.width() - sum(self._width(*piece) for piece in pieces), 0, 0, 0)
        for text, is_marked in pieces:
            face = self._strong if is_marked else self._plain
            ink = colours.primary if is_marked else colours.text
            _write(painter, box, text, face, ink, _NEAR)
            box = box.adjusted(self._width(text, is_marked), 0, 0, 0)

    def _width(self, text: str, is_marked: bool) -> int:
        metrics = self._strong_metrics if is_marked else self._plain_metrics
        return metrics.horizontalAdvance(text)


def marked_pieces(name: str, query: str) -> list[tuple[str, bool]]:
    """Split `name` into pieces and whether each was typed, case and accents ignored."""
    folded = [_fold(char) for char in name]
    marks = [False] * len(name)
    for word in query.split():
        _mark(folded, "".join(_fold(char) for char in word), marks)
    pieces: list[tuple[str, bool]] = []
    for char, is_marked in zip(name, marks, strict=True):
        if pieces and pieces[-1][1] == is_marked:
            pieces[-1] = (pieces[-1][0] + char, is_marked)
        else:
            pieces.append((char, is_marked))
    return pieces


def _mark(folded: list[str], word: str, marks: list[bool]) -> None:
    if not word:
        return
    text = "".join(folded)
    place_of = [place for place, piece in enumerate(folded) for _ in piece]
    at = text.find(word)
    if at < 0:
        return
    for place in range(place_of[at], place_of[at + len(word) - 1] + 1):
        marks[place] = True


@lru_cache(maxsize=2048)
def _fold(char: str) -> str:
    plain = unicodedata.normalize("NFKD", char)
    return "".join(c for c in plain if not unicodedata.combining(c)).casefold()


def _write(
    painter: QPainter,
    box: QRect,
    text: str,
    font: QFont,
    ink: str,
    side: Qt.AlignmentFlag,
) -> None:
    painter.setFont(font)
    painter.setPen(QColor(ink))
    painter.drawText(box, int(side), text)
