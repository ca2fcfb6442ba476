"""The entry line: where scans are shown, numbers are typed and products are looked for."""

from PySide6.QtCore import QEvent
from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QLineEdit, QWidget

from pos_app.texts import t
from pos_app.ui import fonts, icons, theme


class EntryLine(QLineEdit):
    """A large line with a looking glass and a clear button."""

    def __init__(self, placeholder: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFont(fonts.figures(theme.TEXT.price, fonts.REGULAR))
        self.setPlaceholderText(placeholder or t("Scan, or type a name, code or amount"))
        self.setAccessibleName(t("Entry"))
        self.setMinimumHeight(theme.mm(self, 13))
        self._glass = QAction(self)
        self.addAction(self._glass, QLineEdit.ActionPosition.LeadingPosition)
        self._dress()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_glass"):
            self._dress()

    def _dress(self) -> None:
        ink = theme.current().text2
        self._glass.setIcon(QIcon(icons.pixmap("search", ink, 24, self.devicePixelRatioF())))
