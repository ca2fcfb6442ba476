"""What stands where a list has nothing to show: an icon, a title, a sentence, one thing to do."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from pos_app.ui import fonts, icons, theme
from pos_app.ui.widgets.button import Button


class EmptyState(QWidget):
    """A centred hint; `acted()` when its button, if it has one, is pressed."""

    acted = Signal()

    def __init__(
        self,
        icon: str,
        title: str,
        text: str = "",
        action: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon_name = icon
        self._icon = QLabel(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(32, 32, 32, 32)
        column.setSpacing(12)
        column.addStretch(1)
        column.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignHCenter)
        for words, role in ((title, "heading"), (text, "quiet")):
            fonts.ensure_for(words)
            label = QLabel(words, self)
            label.setProperty("role", role)
            label.setWordWrap(True)
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            label.setVisible(bool(words))
            column.addWidget(label)
        if action:
            button = Button(action, kind="primary", parent=self)
            button.clicked.connect(self._tell)
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        self.setAccessibleName(title)
        self._dress()

    def _tell(self) -> None:
        self.acted.emit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()

    def _dress(self) -> None:
        ink = theme.current().text2
        self._icon.setPixmap(icons.pixmap(self._icon_name, ink, 56, self.devicePixelRatioF()))
