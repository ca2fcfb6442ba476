"""What the settings pages share: a card with a heading, a quiet sentence, a coloured result."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from pos_app.ui import fonts, theme
from pos_app.ui.views import Tone

_ICONS = {Tone.SUCCESS: "✓ ", Tone.DANGER: "⚠ ", Tone.WARNING: "⚠ "}


def card(title: str, parent: QWidget) -> tuple[QFrame, QVBoxLayout]:
    """Return a card with a heading, and the layout for what stands in it."""
    frame = QFrame(parent)
    frame.setProperty("role", "card")
    column = QVBoxLayout(frame)
    column.setContentsMargins(16, 14, 16, 16)
    column.setSpacing(10)
    if title:
        fonts.ensure_for(title)
        heading = QLabel(title, frame)
        heading.setProperty("role", "heading")
        heading.setWordWrap(True)
        column.addWidget(heading)
    return frame, column


def sentence(text: str, parent: QWidget) -> QLabel:
    """Return a quiet sentence that wraps."""
    fonts.ensure_for(text)
    label = QLabel(text, parent)
    label.setProperty("role", "quiet")
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


class ResultLine(QLabel):
    """How the last thing went: a sign, words and a colour."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(fonts.font(theme.TEXT.office, fonts.SEMIBOLD))
        self.hide()

    def tell(self, text: str, tone: Tone) -> None:
        """Show `text` in the colour of `tone`; an empty text goes away."""
        fonts.ensure_for(text)
        self.setText(_ICONS.get(tone, "") + text if text else "")
        colours = theme.current()
        inks = {
            Tone.SUCCESS: colours.success,
            Tone.DANGER: colours.danger,
            Tone.WARNING: colours.warning_text,
        }
        self.setStyleSheet(f"color: {inks.get(tone, colours.text)};")
        self.setAccessibleName(self.text())
        self.setVisible(bool(text))
