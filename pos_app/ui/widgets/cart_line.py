"""Paints one cart line: name, quantity × price, discount, note, warning and the line's total."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from pos_app.texts import t
from pos_app.ui import fonts, theme
from pos_app.ui.views import CartRow

ROW_ROLE = int(Qt.ItemDataRole.UserRole)
LINE_HEIGHT = 64

_MARGIN = 16
_GAP = 12
_ICON = 20
_MIDDLE = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
_NEAR = Qt.AlignmentFlag.AlignLeft | _MIDDLE
_FAR = Qt.AlignmentFlag.AlignRight | _MIDDLE
_Index = QModelIndex | QPersistentModelIndex


class CartLineDelegate(QStyledItemDelegate):
    """Draws a `CartRow` with fonts and metrics that are measured once."""

    def __init__(self, parent: object = None) -> None:
        super().__init__(parent)  # type: ignore[arg-type]
        self.forget()

    def forget(self) -> None:
        """Measure anew: the theme or a font has changed."""
        self._name_font = fonts.font(theme.TEXT.body, fonts.SEMIBOLD)
        self._detail_font = fonts.figures(theme.TEXT.office, fonts.REGULAR)
        self._total_font = fonts.figures(theme.TEXT.price)
        self._name_metrics = QFontMetrics(self._name_font)
        self._detail_metrics = QFontMetrics(self._detail_font)
        self._total_metrics = QFontMetrics(self._total_font)
        self._colours = {
            name: QColor(getattr(theme.current(), name))
            for name in (
                "surface", "line", "text", "text2", "primary", "primary_soft", "success",
                "danger", "warning_text", "warning_ground",
            )
        }  # fmt: skip

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Every line is equally high, so nothing jumps."""
        return QSize(200, LINE_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw the line's ground, then its texts, mirrored where the language asks for it."""
        row = index.data(ROW_ROLE)
        if not isinstance(row, CartRow):
            return
        area: QRect = option.rect
        state = option.state
        is_mirrored = option.direction == Qt.LayoutDirection.RightToLeft
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        flag = type(state)  # QStyle.StateFlag; the name itself costs the start 4 ms
        self._paint_ground(painter, area, row, bool(state & flag.State_Selected))
        if state & flag.State_HasFocus:
            painter.setPen(self._colours["primary"])
            painter.drawRect(area.adjusted(0, 0, -1, -2))
            painter.drawRect(area.adjusted(1, 1, -2, -3))
        self._paint_texts(painter, area, row, is_mirrored)

    def _paint_ground(self, painter: QPainter, area: QRect, row: CartRow, selected: bool) -> None:
        colours = self._colours
        if row.is_unpriced:
            painter.fillRect(area, colours["warning_ground"])
        elif selected:
            painter.fillRect(area, colours["primary_soft"])
        if selected:
            painter.fillRect(QRect(area.left(), area.top(), 4, area.height()), colours["primary"])
            painter.fillRect(
                QRect(area.right() - 3, area.top(), 4, area.height()), colours["primary"]
            )
        painter.fillRect(QRect(area.left(), area.bottom(), area.width(), 1), colours["line"])

    def _paint_texts(self, painter: QPainter, area: QRect, row: CartRow, mirrored: bool) -> None:
        colours = self._colours
        box = area.adjusted(_MARGIN, 6, -_MARGIN, -6)
        ink = colours["warning_text"] if row.is_unpriced else colours["text"]
        total = t("Price?") if row.is_unpriced and not row.total else row.total
        total_width = self._total_metrics.horizontalAdvance(total)
        total_ink = colours["danger"] if row.is_return else ink
        self._write(painter, box, total, self._total_font, total_ink, mirrored, is_far=True)
        left = _beside(box, total_width + _GAP, mirrored)
        if row.is_unpriced or row.is_return:
            name, colour = ("triangle-alert", ink) if row.is_unpriced else ("undo-2", total_ink)
            left = self._paint_icon(painter, left, name, colour, mirrored)
        upper = QRect(left.left(), left.top(), left.width(), 28)
        lower = QRect(left.left(), left.top() + 28, left.width(), 24)
        name = self._name_metrics.elidedText(row.name, Qt.TextElideMode.ElideRight, upper.width())
        self._write(painter, upper, name, self._name_font, ink, mirrored)
        self._paint_details(painter, lower, row, mirrored)

    def _paint_details(self, painter: QPainter, box: QRect, row: CartRow, mirrored: bool) -> None:
        quiet = self._colours["warning_text" if row.is_unpriced else "text2"]
        price = f"{row.quantity} × {row.unit_price}" if row.unit_price else row.quantity
        parts = ((price, quiet), (row.discount, self._colours["success"]), (row.note, quiet))
        if row.is_unpriced:
            parts = ((price, quiet), (t("no price yet"), quiet), (row.note, quiet))
        for text, ink in parts:
            if not text or box.width() <= _GAP:
                continue
            fitting = self._detail_metrics.elidedText(
                text, Qt.TextElideMode.ElideRight, box.width()
            )
            self._write(painter, box, fitting, self._detail_font, ink, mirrored)
            used = self._detail_metrics.horizontalAdvance(fitting) + _GAP
            box = box.adjusted(0, 0, -used, 0) if mirrored else box.adjusted(used, 0, 0, 0)

    def _paint_icon(
        self, painter: QPainter, box: QRect, name: str, ink: QColor, mirrored: bool
    ) -> QRect:
        from pos_app.ui import icons  # noqa: PLC0415 - only some lines have one

        dpr = painter.device().devicePixelRatioF()
        drawn = icons.pixmap(name, ink.name(), _ICON, dpr)
        x = box.right() - _ICON if mirrored else box.left()
        painter.drawPixmap(x, box.top() + 4, drawn)
        room = _ICON + 8
        return box.adjusted(0, 0, -room, 0) if mirrored else box.adjusted(room, 0, 0, 0)

    def _write(
        self,
        painter: QPainter,
        box: QRect,
        text: str,
        font: QFont,
        ink: QColor,
        mirrored: bool,
        *,
        is_far: bool = False,
    ) -> None:
        painter.setFont(font)
        painter.setPen(ink)
        painter.drawText(box, int(_NEAR if is_far == mirrored else _FAR), text)


def _beside(box: QRect, taken: int, mirrored: bool) -> QRect:
    return box.adjusted(taken, 0, 0, 0) if mirrored else box.adjusted(0, 0, -taken, 0)
