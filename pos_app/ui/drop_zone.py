"""Where a list is dropped, or chosen from the disk."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QProgressBar, QVBoxLayout, QWidget

from pos_app.texts import t
from pos_app.ui import fonts, icons, theme
from pos_app.ui.presenters.product_import import ImportState, Step
from pos_app.ui.widgets.button import Button


class DropZone(QWidget):
    """`dropped(path)` when a file is let go over it, `asked()` when the button is pressed."""

    dropped = Signal(object)
    asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAcceptDrops(True)
        self.setAccessibleName(t("Drop a list here"))
        self._is_over = False
        self._icon = QLabel(self)
        self._words = QLabel(t("Drop a CSV or XLSX file here"), self)
        self._words.setProperty("role", "heading")
        self._more = QLabel(
            t("Any columns in any order; the first rows are shown before anything is written."),
            self,
        )
        self._more.setProperty("role", "quiet")
        self._problem = QLabel(self)
        self._problem.setProperty("role", "error")
        self._bar = QProgressBar(self)
        self._bar.setRange(0, 0)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(t("Reading the list"))
        self._bar.setMaximumWidth(360)
        self.button = Button(t("Choose a file"), "folder-open", kind="primary", parent=self)
        self.button.clicked.connect(self.asked)
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addStretch(1)
        middle = Qt.AlignmentFlag.AlignHCenter
        column.addWidget(self._icon, 0, middle)
        for label in (self._words, self._more, self._problem):
            label.setWordWrap(True)
            label.setAlignment(middle)
            column.addWidget(label)
        column.addWidget(self.button, 0, middle)
        column.addWidget(self._bar, 0, middle)
        column.addStretch(1)

    def show_state(self, state: ImportState) -> None:
        """Show whether a list is being read, or why the last could not be."""
        is_reading = state.step is Step.READING
        self._bar.setVisible(is_reading)
        self.button.setEnabled(not is_reading)
        fonts.ensure_for(state.problem)
        self._problem.setText(f"⚠ {state.problem}")
        self._problem.setVisible(bool(state.problem))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files only."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            self._is_over = True
            self.update()
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: object) -> None:
        """Look as before."""
        self._is_over = False
        self.update()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the first file."""
        self._is_over = False
        self.update()
        files = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            event.acceptProposedAction()
            self.dropped.emit(Path(files[0]))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the dashed edge."""
        colours = theme.current()
        self._icon.setPixmap(
            icons.pixmap("file-spreadsheet", colours.text2, 56, self.devicePixelRatioF())
        )
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(QColor(colours.primary if self._is_over else colours.input_edge), 2)
        pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(QColor(colours.primary_soft if self._is_over else colours.surface))
        painter.drawRoundedRect(self.rect().adjusted(2, 2, -2, -2), 10, 10)
