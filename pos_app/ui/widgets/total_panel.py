"""The big figure that never moves: the total while selling, the change after paying."""

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_app.texts import t
from pos_app.ui import fonts, theme
from pos_app.ui.views import TotalView

_MARGIN = 16
_HEIGHT = 132


class TotalPanel(QWidget):
    """Paints a `TotalView`; always equally high, whatever it shows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = TotalView(total="")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(_HEIGHT)

    def show_total(self, view: TotalView) -> None:
        """Show `view`; repaints only when it differs."""
        if view == self._view:
            return
        self._view = view
        self.setAccessibleName(f"{_caption(view)} {view.change or view.remaining or view.total}")
        self.update()

    def view(self) -> TotalView:
        """Return what is on show."""
        return self._view

    def sizeHint(self) -> QSize:
        """As wide as a cart column, as high as always."""
        return QSize(420, _HEIGHT)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground, the small figures and the large one."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        if self._view.change:
            self._paint_change(painter)
        else:
            self._paint_total(painter)

    def _paint_change(self, painter: QPainter) -> None:
        colours = theme.current()
        view = self._view
        self._paint_card(painter, colours.success_soft, colours.success)
        box = self._box()
        quiet = fonts.figures(theme.TEXT.office, fonts.REGULAR)
        top = QRect(box.left(), box.top(), box.width(), 24)
        small = "   ".join(_named(((t("Total"), view.total), (t("Paid"), view.paid))))
        metrics = QFontMetrics(quiet)
        room = box.width() - metrics.horizontalAdvance(small) - 16
        if metrics.horizontalAdvance(view.count) <= room:
            self._write(painter, top, view.count, quiet, colours.text)
        self._write(painter, top, small, quiet, colours.text, is_far=True)
        low = box.adjusted(0, 28, 0, 4)
        self._write(painter, low, _caption(view), fonts.font(20, fonts.SEMIBOLD), colours.success)
        big = _fitting(view.change, theme.TEXT.change, box.width() * 3 // 4)
        self._write(painter, low, view.change, big, colours.success, is_far=True)

    def _paint_total(self, painter: QPainter) -> None:
        colours = theme.current()
        view = self._view
        self._paint_card(painter, colours.surface, colours.line)
        box = self._box()
        quiet = fonts.figures(theme.TEXT.office, fonts.REGULAR)
        small = _named(
            (
                (t("Discount"), view.discount),
                (t("Rounding"), view.rounding),
                (t("Tax"), view.tax),
                (t("Paid"), view.paid),
            )
        )
        self._write(painter, QRect(box.left(), box.top(), box.width(), 24), view.count, quiet,
                    colours.text2)  # fmt: skip
        self._write(painter, QRect(box.left(), box.top(), box.width(), 24), "   ".join(small),
                    quiet, colours.text2, is_far=True)  # fmt: skip
        low = box.adjusted(0, 32, 0, 0)
        ink = colours.danger if view.is_refund else colours.text
        self._write(painter, low, _caption(view), fonts.font(20, fonts.SEMIBOLD), colours.text2)
        figure = view.remaining or view.total
        big = _fitting(figure, theme.TEXT.total, box.width() * 3 // 4)
        self._write(painter, low, figure, big, ink, is_far=True)

    def _paint_card(self, painter: QPainter, ground: str, edge: str) -> None:
        painter.setPen(QColor(edge))
        painter.setBrush(QColor(ground))
        radius = theme.RADIUS_CARD
        painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), radius, radius)

    def _box(self) -> QRect:
        return self.rect().adjusted(_MARGIN, 12, -_MARGIN, -12)

    def _write(
        self,
        painter: QPainter,
        box: QRect,
        text: str,
        font: QFont,
        ink: str,
        *,
        is_far: bool = False,
    ) -> None:
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        side = Qt.AlignmentFlag.AlignRight if is_far != mirrored else Qt.AlignmentFlag.AlignLeft
        side |= Qt.AlignmentFlag.AlignVCenter
        side |= Qt.AlignmentFlag.AlignAbsolute

        painter.setFont(font)
        painter.setPen(QColor(ink))
        painter.drawText(box, int(side), text)


def _caption(view: TotalView) -> str:
    if view.caption:
        return view.caption
    if view.change:
        return t("Change")
    if view.remaining:
        return t("Still to pay")
    return t("Refund") if view.is_refund else t("Total")


def _named(figures: tuple[tuple[str, str], ...]) -> list[str]:
    return [f"{name} {figure}" for name, figure in figures if figure]


def _fitting(text: str, px: int, room: int) -> QFont:
    """Return the figure font at `px`, or smaller by steps until `text` fits into `room` pixels."""
    for size in (px, 48, 32, 24):
        made = fonts.figures(min(size, px), fonts.BOLD)
        if QFontMetrics(made).horizontalAdvance(text) <= room:
            return made
    return fonts.figures(theme.TEXT.body, fonts.BOLD)
