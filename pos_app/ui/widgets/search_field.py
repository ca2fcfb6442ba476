"""The search line of a list, in office type, with a looking glass and a clear button."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QAction, QIcon, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from pos_app.ui import fonts, icons, theme


class SearchField(QLineEdit):
    """Tells every change at once; `left_down()` when Down should move into the list."""

    left_down = Signal()

    def __init__(self, name: str, placeholder: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        fonts.ensure_for(placeholder)
        self.setFont(fonts.font(theme.TEXT.office))
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(name)
        self.setClearButtonEnabled(True)
        self.setMinimumHeight(theme.mm(self, 12))
        self._glass = QAction(self)
        self.addAction(self._glass, QLineEdit.ActionPosition.LeadingPosition)
        self._dress()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go into the list on Down and Enter, empty the line on Esc.

        Enter with Ctrl is for the sheet around the line.
        """
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
            return
        if is_enter or event.key() == Qt.Key.Key_Down:
            self.left_down.emit()
            return
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            self.textEdited.emit("")
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_glass"):
            self._dress()

    def _dress(self) -> None:
        ink = theme.current().text2
        self._glass.setIcon(QIcon(icons.pixmap("search", ink, 22, self.devicePixelRatioF())))
