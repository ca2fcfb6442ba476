"""A field for several lines, which begin at the side where the language of the screen begins."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPlainTextEdit, QWidget


class TextArea(QPlainTextEdit):
    """A plain text field; Tab goes on to the next field."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            reading = self.document().defaultTextOption()
            reading.setTextDirection(Qt.LayoutDirection.RightToLeft)
            reading.setAlignment(Qt.AlignmentFlag.AlignRight)  # plain text knows no leading side
            self.document().setDefaultTextOption(reading)
