"""A box to tick whose words wrap, so that a long sentence never widens the page."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QWidget

from pos_app.ui import fonts


class Tick(QWidget):
    """`toggled(is_on)`; a touch on the words ticks the box too."""

    toggled = Signal(bool)

    def __init__(self, label: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        fonts.ensure_for(label)
        self.box = QCheckBox(self)
        self.box.setAccessibleName(label)
        self.box.toggled.connect(self.toggled)
        self.words = QLabel(label, self)
        self.words.setWordWrap(True)
        self.words.setBuddy(self.box)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.installEventFilter(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.box, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.words, 1)
        self.setFocusProxy(self.box)

    def isChecked(self) -> bool:
        """Whether it is ticked."""
        return self.box.isChecked()

    def setChecked(self, is_on: bool) -> None:
        """Tick it or not."""
        self.box.setChecked(is_on)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Toggle on a touch of the words."""
        if (
            event.type() == QEvent.Type.MouseButtonRelease
            and isinstance(event, QMouseEvent)
            and self.words.rect().contains(event.position().toPoint())
        ):
            self.box.toggle()
            return True
        return False
