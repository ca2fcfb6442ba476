"""The slim rail with one button per screen."""

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QSizePolicy, QVBoxLayout, QWidget

from pos_app.texts import t
from pos_app.ui import fonts, icons, theme
from pos_app.ui.widgets.button import Button

_WIDTH = 76
_GAP = 2
_HIGH, _LEAST_HIGH = 58, 52  # twelve of them still fit on a screen of 768 pixels
_ICON, _SMALL_ICON = 24, 20
_LINE = 15
_NEARLY = 4
_FACES = ((12, 100), (11, 100), (11, 92), (10, 90))  # size and width in percent


class NavigationRail(QWidget):
    """Shows the screens from the top down; `chosen(key)` on touch."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(t("Screens"))
        self.setFixedWidth(_WIDTH)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(3, 8, 3, 8)
        self._column.setSpacing(_GAP)
        self._column.addStretch(1)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, _RailButton] = {}

    def add(self, key: str, title: str, icon: str) -> None:
        """Add a screen's button below the others."""
        button = _RailButton(title, icon, self)
        button.clicked.connect(lambda: self.chosen.emit(key))
        self._group.addButton(button)
        self._column.insertWidget(len(self._buttons), button)
        self._buttons[key] = button

    def mark(self, key: str) -> None:
        """Mark the screen that is on show; one without a button leaves the mark where it was."""
        if key in self._buttons:
            self._buttons[key].setChecked(True)

    def button(self, key: str) -> Button:
        """Return the button of a screen."""
        return self._buttons[key]


class _RailButton(Button):
    """An icon above a short word; the marked one stands on the primary colour's soft ground."""

    def __init__(self, title: str, icon: str, parent: QWidget) -> None:
        super().__init__("", kind="quiet", name=title, target_mm=15, parent=parent)
        self._title = title
        self._picture = icon
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)

    def minimumSizeHint(self) -> QSize:
        """As wide as the rail."""
        return QSize(_WIDTH - 6, max(self.minimumHeight(), _LEAST_HIGH))

    def sizeHint(self) -> QSize:
        """As wide as the rail, and higher where there is room."""
        return QSize(_WIDTH - 6, max(self.minimumHeight(), _HIGH))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw ground, icon and word."""
        super().paintEvent(event)
        colours = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = colours.primary if self.isChecked() else colours.text2
        if self.isChecked():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.primary_soft))
            painter.drawRoundedRect(self.rect().adjusted(2, 2, -2, -2), theme.RADIUS, theme.RADIUS)
        size = _ICON if self.height() >= _HIGH else _SMALL_ICON
        drawn = icons.pixmap(self._picture, ink, size, self.devicePixelRatioF())
        face = self._face()
        lines = self.lines(QFontMetrics(face))
        top = (self.height() - size - 4 - _LINE * len(lines)) // 2
        painter.drawPixmap((self.width() - size) // 2, top, drawn)
        painter.setFont(face)
        painter.setPen(QColor(ink))
        for place, line in enumerate(lines):
            below = QRect(2, top + size + 3 + _LINE * place, self.width() - 4, _LINE)
            painter.drawText(below, int(Qt.AlignmentFlag.AlignCenter), line)

    def _face(self) -> QFont:
        """Return the face of the title, smaller and narrower where a word would be cut off."""
        words = self._title.split(" ", 1)
        face = QFont(fonts.font(_FACES[0][0], fonts.SEMIBOLD))
        for size, stretch in _FACES:
            face.setPixelSize(size)
            face.setStretch(stretch)
            widths = QFontMetrics(face)
            if all(widths.horizontalAdvance(word) <= self.width() - 4 for word in words):
                break
        return face

    def lines(self, face: QFontMetrics) -> list[str]:
        """Return the title in one line, or in two where it is too long and has a second word."""
        room = self.width() - 4
        first, _, second = self._title.partition(" ")
        # Eliding begins some pixels early: where it is that close, the second word goes below.
        is_long = face.horizontalAdvance(self._title) > room - _NEARLY
        words = [first, second] if is_long and second else [self._title]
        return [face.elidedText(word, Qt.TextElideMode.ElideRight, room) for word in words]
