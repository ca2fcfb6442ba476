"""The entry line: where scans are shown, numbers are typed and products are looked for."""

from PySide6.QtCore import QEvent
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit, QWidget

from pos_app.texts import t
from pos_app.ui import fonts, theme


class EntryLine(QLineEdit):
    """A large line with a looking glass, which comes by `show_glass`, and a clear button."""

    def __init__(self, placeholder: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFont(fonts.figures(theme.TEXT.price, fonts.REGULAR))
        self.setPlaceholderText(placeholder or t("Scan, or type a name, code or amount"))
        self.setAccessibleName(t("Entry"))
        self.setMinimumHeight(theme.mm(self, 13))
        self._glass = QAction(self)
        self.addAction(self._glass, QLineEdit.ActionPosition.LeadingPosition)

    def hide_signs(self, *, is_secret: bool) -> None:
        """Show dots in place of what is typed, or the signs themselves again."""
        shown = QLineEdit.EchoMode.Password if is_secret else QLineEdit.EchoMode.Normal
        self.setEchoMode(shown)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        is_new_look = event.type() == QEvent.Type.PaletteChange and hasattr(self, "_glass")
        if is_new_look and not self._glass.icon().isNull():
            self.show_glass()

    def show_glass(self) -> None:
        """Draw the looking glass into its place."""
        from PySide6.QtGui import QIcon  # noqa: PLC0415 - icons can wait until the till sells

        from pos_app.ui import icons  # noqa: PLC0415 - as above

        ink = theme.current().text2
        self._glass.setIcon(QIcon(icons.pixmap("search", ink, 24, self.devicePixelRatioF())))
