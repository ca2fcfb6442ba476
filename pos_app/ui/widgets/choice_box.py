"""A box with choices that stays as narrow as its place and ignores a passing mouse wheel."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QSizePolicy, QWidget

from pos_app.ui import theme

_LEAST_LETTERS = 6
_SHOWN_MOST = 14


class ChoiceBox(QComboBox):
    """Its width follows the form, not its longest entry."""

    def __init__(self, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(_LEAST_LETTERS)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMaxVisibleItems(_SHOWN_MOST)
        self.setMinimumHeight(theme.mm(self, 12))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        if name:
            self.setAccessibleName(name)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Let the page scroll: a wheel over a form must not change what is chosen."""
        event.ignore()
