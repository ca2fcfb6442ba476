"""The barcodes of a product: one chip each with what is known about it, and a line for the next."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from pos_app.texts import t
from pos_app.ui import fonts, theme
from pos_app.ui.presenters.barcode_hints import BarcodeHint
from pos_app.ui.widgets.button import Button


class BarcodeList(QWidget):
    """`added(code)` when one is typed, `removed(code)` when its cross is touched."""

    added = Signal(str)
    removed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[BarcodeHint, ...] = ()
        self._chips: list[QFrame] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self.line = _CodeLine(self)
        add = Button(t("Add"), "plus", kind="card", parent=self)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.line, 1)
        row.addWidget(add)
        self._column.addLayout(row)
        self.line.entered.connect(self._take)
        add.clicked.connect(self._take)
        self.setFocusProxy(self.line)

    def show_codes(self, hints: Sequence[BarcodeHint]) -> None:
        """Show a chip for each code."""
        fresh = tuple(hints)
        if fresh == self._shown:
            return
        self._shown = fresh
        for old in self._chips:
            old.hide()
            old.deleteLater()
        self._chips = [self._chip(hint) for hint in fresh]
        for place, chip in enumerate(self._chips):
            self._column.insertWidget(place, chip)

    def _take(self) -> None:
        code = self.line.text().strip()
        if code:
            self.line.clear()
            self.added.emit(code)

    def _chip(self, hint: BarcodeHint) -> QFrame:
        chip = QFrame(self)
        chip.setProperty("role", "card")
        row = QHBoxLayout(chip)
        row.setContentsMargins(8, 2, 8, 2)
        row.setSpacing(8)
        code = QLabel(hint.code, chip)
        code.setFont(fonts.figures(theme.TEXT.office))
        code.setTextFormat(Qt.TextFormat.PlainText)
        told = QLabel(f"⚠ {hint.text}" if hint.is_doubtful else f"✓ {hint.text}", chip)
        told.setProperty("role", "error" if hint.is_doubtful else "quiet")
        told.setWordWrap(True)
        remove = Button("", "x", kind="quiet", parent=chip,
                        name=t("Remove barcode {code}").format(code=hint.code))  # fmt: skip
        remove.clicked.connect(lambda: self.removed.emit(hint.code))
        row.addWidget(code)
        row.addWidget(told, 1)
        row.addWidget(remove)
        return chip


class _CodeLine(QLineEdit):
    """Enter here adds the code and goes nowhere else."""

    entered = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFont(fonts.figures(theme.TEXT.office, fonts.REGULAR))
        self.setPlaceholderText(t("Scan, or type and press Enter"))
        self.setAccessibleName(t("New barcode"))
        self.setMinimumHeight(theme.mm(self, 12))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Add on Enter; the sheet must not walk on."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.text().strip():
            self.entered.emit()
            event.accept()
            return
        super().keyPressEvent(event)
