"""The checkout's places before its parts exist: painted at once, while the rest is still loading.

Empty frames that the style sheet dresses. No brush, palette or painter here: each looks at the
name `Qt`, and PySide then builds its ninety enums, for as long as the window takes to appear.
"""

from collections.abc import Callable

from PySide6.QtCore import QRect
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QWidget

_RAIL, _TOP, _GAP, _FOOT, _TOTAL, _ENTRY = 76, 44, 12, 58, 132, 52
_CARDS = 5
IS_FUSION = "isFusion"  # the application's property: it wears Qt's own style everywhere
# Ground, surface and line of each theme: importing the themes would take longer than painting.
FIRST_COLOURS = {
    "light": ("#F2F4F7", "#FFFFFF", "#D9DEE6"),
    "dark": ("#12151A", "#1B1F26", "#363D49"),
    "training": ("#F4CFCB", "#FFFFFF", "#E3BDB9"),
}


class Skeleton(QFrame):
    """Quiet cards where cart, total, entry line, products and keys will be.

    `then()` is called once, right after the first painting. `first_theme` names the colours where
    the application wears no theme yet.
    """

    def __init__(
        self,
        then: Callable[[], None],
        parent: QWidget,
        *,
        left_handed: bool,
        first_theme: str = "",
    ) -> None:
        super().__init__(parent)
        self._then: Callable[[], None] | None = then
        self._left_handed = left_handed
        self._frames = [QFrame(self) for _ in range(_CARDS)]
        for frame in self._frames:
            frame.setProperty("role", "card")
        if first_theme:
            self._dress(*FIRST_COLOURS.get(first_theme, FIRST_COLOURS["light"]))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the cards where the parts will be."""
        for frame, card in zip(self._frames, self._cards(), strict=True):
            frame.setGeometry(card)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Let the real parts be made as soon as this has been painted once."""
        then, self._then = self._then, None
        if then is not None:
            then()

    def _cards(self) -> list[QRect]:
        room = self.rect().adjusted(_RAIL + _GAP, _TOP, -_GAP, -_FOOT - 16)
        cart_width = room.width() * 42 // 100
        left = room.left() + cart_width + _GAP
        width = room.right() - left + 1
        cards = [
            QRect(room.left(), room.top(), cart_width, room.height() - _TOTAL - 8),
            QRect(room.left(), room.bottom() - _TOTAL + 1, cart_width, _TOTAL),
            QRect(left, room.top(), width, _ENTRY),
            QRect(left, room.top() + _ENTRY + 8, width, room.height() - _ENTRY - 8),
            QRect(room.left(), room.bottom() + 9, room.width(), _FOOT - 8),
        ]
        is_mirrored = self.isRightToLeft() != self._left_handed
        return [self._mirrored(card) for card in cards] if is_mirrored else cards

    def _dress(self, ground: str, surface: str, line: str) -> None:
        self.setStyleSheet(f"background: {ground};")
        card = f"background: {surface}; border: 1px solid {line}; border-radius: 10px;"
        for frame in self._frames:
            frame.setStyleSheet(card)

    def _mirrored(self, card: QRect) -> QRect:
        return QRect(self.width() - card.right() - 1, card.top(), card.width(), card.height())
