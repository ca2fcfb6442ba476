"""A figure of the day on a card that is pressed to see its receipts, drawn by hand."""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from pos_app.ui import fonts, icons, theme
from pos_app.ui.painted_text import as_figure, largest, write
from pos_app.ui.presenters.day_state import ChangeView, FigureView
from pos_app.ui.views import Tone

_PAD, _GAP = 10, 4
_WORD_PX, _SMALL_PX = 14, 13
_FIGURE_PX, _LARGE_PX = 26, 38
_LINE, _ARROW = 19, 15
_CHEVRON = 16


@dataclass(frozen=True, slots=True)
class _Line:
    """One small line: an arrow, what is said in the colour of its tone, and what stands beside."""

    arrow: str
    strong: str
    quiet: str
    tone: Tone
    is_indented: bool = False


class FigureCard(QAbstractButton):
    """Shows a `FigureView`; Enter, Space or a touch presses it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = FigureView("", "", "")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_figure(self, view: FigureView) -> None:
        """Draw another figure."""
        if view == self.view:
            return
        self.view = view
        fonts.ensure_for(view.sentence)
        self.setAccessibleName(view.sentence)
        self.setToolTip("\n".join(one.sentence for one in view.changes))
        self.update()

    def height_for(self, width: int) -> int:
        """Return how tall the card must be for nothing to be cut."""
        small = len(self._lines(width - 2 * _PAD)) * _LINE
        return 2 * _PAD + 20 + self._figure_height() + _GAP + small

    def sizeHint(self) -> QSize:
        """As tall as its words need at its present width."""
        return QSize(180, self.height_for(max(self.width(), 180)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses it as Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the card, its word, its figure and the small lines."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setLayoutDirection(self.layoutDirection())
        colours = theme.current()
        self._paint_ground(painter)
        inner = self.rect().adjusted(_PAD, _PAD, -_PAD, -_PAD)
        font = fonts.font(_WORD_PX, fonts.SEMIBOLD)
        head = self._beside_chevron(QRect(inner.left(), inner.top() - 2, inner.width(), 22))
        write(painter, head, self.view.word, font, colours.text2, is_elided=True)
        self._paint_chevron(painter, inner)
        high = self._figure_height()
        box = QRect(inner.left(), inner.top() + 20, inner.width(), high)
        px = _LARGE_PX if self.view.is_large else _FIGURE_PX
        face = largest(self.view.figure, px, box.width())
        write(painter, box, as_figure(self.view.figure), face, colours.text)
        top = box.bottom() + 1 + _GAP
        for line in self._lines(inner.width()):
            self._paint_line(painter, QRect(inner.left(), top, inner.width(), _LINE), line)
            top += _LINE

    @property
    def _is_mirrored(self) -> bool:
        return self.layoutDirection() == Qt.LayoutDirection.RightToLeft

    def _figure_height(self) -> int:
        return _LARGE_PX + 10 if self.view.is_large else _FIGURE_PX + 10

    def _paint_ground(self, painter: QPainter) -> None:
        colours = theme.current()
        is_marked = self.hasFocus() or self.underMouse()
        edge = colours.primary if is_marked else colours.line
        painter.setPen(QPen(QColor(edge), 2 if self.hasFocus() else 1))
        painter.setBrush(QColor(colours.primary_soft if self.isDown() else colours.surface))
        painter.drawRoundedRect(
            self.rect().adjusted(1, 1, -1, -1), theme.RADIUS_CARD, theme.RADIUS_CARD
        )

    def _beside_chevron(self, box: QRect) -> QRect:
        return box.adjusted(_CHEVRON, 0, 0, 0) if self._is_mirrored else box.adjusted(
            0, 0, -_CHEVRON, 0
        )  # fmt: skip

    def _paint_chevron(self, painter: QPainter, inner: QRect) -> None:
        way = "chevron-left" if self._is_mirrored else "chevron-right"
        ink = theme.current().primary if self.underMouse() else theme.current().disabled
        drawn = icons.pixmap(way, ink, _CHEVRON, self.devicePixelRatioF())
        left = inner.left() - 4 if self._is_mirrored else inner.right() - _CHEVRON + 4
        painter.drawPixmap(left, inner.top() + 1, drawn)

    def _lines(self, room: int) -> list[_Line]:
        """The note and the changes, those that are too long on two lines."""
        found = [_Line("", "", part, Tone.PLAIN) for part in _wrapped(self.view.note, room)]
        for one in self.view.changes:
            found += self._change_lines(one, room)
        return found

    def _change_lines(self, one: ChangeView, room: int) -> list[_Line]:
        beside = f"{one.against} {as_figure(one.value)}"
        if not one.change:
            return [_Line("", "", part, one.tone) for part in _wrapped(beside, room)]
        whole = f"{one.against} {one.about}".strip() + f" {as_figure(one.value)}"
        told = whole if self.view.is_wide else one.against
        for strong in (one.change, as_figure(one.short)):
            if _ARROW + 4 + _width(strong, is_strong=True) + 8 + _width(told) <= room:
                return [_Line(one.arrow, strong, told, one.tone)]
        first = _Line(one.arrow, one.change, "", one.tone)
        rest = _wrapped(told, room - _ARROW - 4)
        return [first, *(_Line("", "", part, one.tone, is_indented=True) for part in rest)]

    def _paint_line(self, painter: QPainter, box: QRect, line: _Line) -> None:
        colours = theme.current()
        ink = {Tone.SUCCESS: colours.success, Tone.DANGER: colours.danger}.get(
            line.tone, colours.text
        )
        used = _ARROW + 4 if line.arrow or line.is_indented else 0
        if line.arrow:
            drawn = icons.pixmap(line.arrow, ink, _ARROW, self.devicePixelRatioF())
            left = box.right() - _ARROW + 1 if self._is_mirrored else box.left()
            painter.drawPixmap(left, box.top() + (_LINE - _ARROW) // 2, drawn)
        if line.strong:
            font = fonts.figures(_SMALL_PX, fonts.SEMIBOLD)
            write(painter, self._from(box, used), line.strong, font, ink, is_elided=True)
            used += _width(line.strong, is_strong=True) + 8
        if line.quiet:
            font = fonts.figures(_SMALL_PX, fonts.REGULAR)
            near = self._from(box, used)
            write(painter, near, line.quiet, font, colours.text2, is_elided=True)

    def _from(self, box: QRect, used: int) -> QRect:
        return box.adjusted(0, 0, -used, 0) if self._is_mirrored else box.adjusted(used, 0, 0, 0)


def _width(text: str, *, is_strong: bool = False) -> int:
    weight = fonts.SEMIBOLD if is_strong else fonts.REGULAR
    return QFontMetrics(fonts.figures(_SMALL_PX, weight)).horizontalAdvance(text)


def _wrapped(text: str, room: int) -> list[str]:
    """Break a text between words into lines that fit."""
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and _width(longer) <= room:
            lines[-1] = longer
        elif word:
            lines.append(word)
    return lines
