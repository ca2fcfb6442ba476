"""A list of words and figures, the strong ones larger."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from pos_app.ui import fonts, theme
from pos_app.ui.presenters.cash_state import FigureRow


class FigureList(QWidget):
    """Rows of a word at the near side and a figure at the far one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[FigureRow, ...] = ()
        self._labels: list[tuple[QLabel, QLabel]] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(0, 1)

    def show_rows(self, rows: Sequence[FigureRow]) -> None:
        """Draw these rows."""
        if tuple(rows) == self._shown:
            return
        self._shown = tuple(rows)
        while len(self._labels) < len(rows):
            self._add_row()
        for place, (word, figure) in enumerate(self._labels):
            is_there = place < len(rows)
            word.setVisible(is_there)
            figure.setVisible(is_there)
            if is_there:
                _fill(word, figure, rows[place])

    def _add_row(self) -> None:
        word, figure = QLabel(self), QLabel(self)
        word.setWordWrap(True)
        for label in (word, figure):
            label.setTextFormat(Qt.TextFormat.PlainText)
        figure.setAlignment(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
        self._grid.addWidget(word, len(self._labels), 0)
        self._grid.addWidget(figure, len(self._labels), 1)
        self._labels.append((word, figure))


def _fill(word: QLabel, figure: QLabel, row: FigureRow) -> None:
    fonts.ensure_for(row.label + row.figure)
    weight = fonts.SEMIBOLD if row.is_strong else fonts.REGULAR
    word.setText(row.label)
    figure.setText(row.figure)
    word.setFont(fonts.font(theme.TEXT.office, weight))
    figure.setFont(fonts.figures(theme.TEXT.body if row.is_strong else theme.TEXT.office, weight))
