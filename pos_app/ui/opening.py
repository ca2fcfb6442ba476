"""What lies over the window until the store is open: progress, or why it cannot be opened."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QFrame, QLabel, QProgressBar, QVBoxLayout, QWidget

from pos_app.texts import t

_CARD_WIDTH = 460


class OpeningPanel(QWidget):
    """Covers `window` while nothing can be sold; it goes by `done()`."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAutoFillBackground(True)
        self._title = QLabel("", self)
        self._title.setProperty("role", "heading")
        self._text = QLabel("", self)
        self._text.setWordWrap(True)
        self._bar = QProgressBar(self)
        self._bar.setTextVisible(False)
        self._lay_out()
        self.setGeometry(window.rect())
        window.installEventFilter(self)
        self.hide()

    def say_progress(self, text: str, done: int, total: int) -> None:
        """Show what is going on; a total of 0 means that nobody knows how long."""
        self._title.setText(text)
        self._text.hide()
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        self._bar.show()
        self._come_up()

    def say_failure(self, sentence: str) -> None:
        """Say why the till cannot open, and what to do."""
        self._title.setText(t("The till cannot open this shop"))
        self._text.setText(sentence)
        self._text.show()
        self._bar.hide()
        self._come_up()

    def done(self) -> None:
        """Give the window free."""
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay as large as the window."""
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self.setGeometry(watched.rect())
        return False

    def _come_up(self) -> None:
        self.raise_()
        self.show()

    def _lay_out(self) -> None:
        card = QFrame(self)
        card.setProperty("role", "card")
        card.setFixedWidth(_CARD_WIDTH)
        column = QVBoxLayout(card)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(16)
        for part in (self._title, self._text, self._bar):
            column.addWidget(part)
        outer = QVBoxLayout(self)
        outer.addWidget(card, 0, Qt.AlignmentFlag.AlignCenter)
