"""The function keys as real buttons that show what each key does now."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QWidget

from pos_app.texts import t
from pos_app.ui import fonts, icons
from pos_app.ui.views import FKey, Tone
from pos_app.ui.widgets.button import Button, ink_of
from pos_app.ui.widgets.button_row import ButtonPool

_ICON = 18
_KINDS = {
    Tone.PLAIN: "card",
    Tone.PRIMARY: "primary",
    Tone.SUCCESS: "success",
    Tone.WARNING: "warning",
    Tone.DANGER: "danger",
}


class FKeyBar(QWidget):
    """One button per `FKey`, all equally wide; `pressed(key)` on touch."""

    pressed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(t("Function keys"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        row: QBoxLayout = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        self._pool = ButtonPool(self, row, _KeyButton)
        self._pool.on_press(self.pressed.emit)

    def show_keys(self, keys: Sequence[FKey]) -> None:
        """Show `keys` in order; equal keys change nothing."""
        for button, key in zip(self._pool.take(len(keys)), keys, strict=True):
            button.setProperty("key", key.key)
            button.setEnabled(key.is_enabled)
            button.set_kind(_KINDS[key.tone])
            if isinstance(button, _KeyButton):
                button.show_key(key)

    def button(self, key: str) -> Button | None:
        """Return the button of `key`."""
        return self._pool.find(key)


class _KeyButton(Button):
    """Draws the key's name and icon above what it does, whatever its width."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("", kind="card", target_mm=13, parent=parent)
        self._key = FKey("", "")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_key(self, key: FKey) -> None:
        """Show `key`."""
        if key == self._key:
            return
        self._key = key
        fonts.ensure_for(key.label)
        self.setAccessibleName(f"{key.label}, {key.key}")
        self.setToolTip(key.label)
        self.update()

    def minimumSizeHint(self) -> QSize:
        """Twelve of them fit side by side on the smallest screen."""
        return QSize(44, self.minimumHeight())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the empty button, then the texts."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        ink = ink_of(self)
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        near = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        flags = int(near | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter)
        box = self.rect().adjusted(5, 4, -5, -4)
        half = box.height() // 2
        painter.setPen(QColor(ink))
        painter.setFont(fonts.font(12, fonts.BOLD))
        painter.drawText(QRect(box.left(), box.top(), box.width(), half), flags, self._key.key)
        if self._key.icon:
            drawn = icons.pixmap(self._key.icon, ink, _ICON, self.devicePixelRatioF())
            x = box.left() if mirrored else box.right() - _ICON
            painter.drawPixmap(x, box.top() + (half - _ICON) // 2, drawn)
        face, label = _fitting(self._key.label, box.width())
        painter.setFont(face)
        painter.drawText(QRect(box.left(), box.top() + half, box.width(), half), flags, label)


def _fitting(label: str, room: int) -> tuple[QFont, str]:
    """Return the largest of three sizes in which `label` fits, shortened if none does."""
    for px in (15, 13):
        face = fonts.font(px, fonts.SEMIBOLD)
        if QFontMetrics(face).horizontalAdvance(label) <= room:
            return face, label
    face = fonts.font(12, fonts.SEMIBOLD)
    short = QFontMetrics(face).elidedText(label, Qt.TextElideMode.ElideRight, room)
    return face, short
