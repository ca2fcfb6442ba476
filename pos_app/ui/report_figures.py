"""The totals of a report in one line: each figure large, its word small above it."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QWidget

from pos_app.ui import fonts, theme
from pos_app.ui.field_values import own_direction

_WORD_PX = 13
_SIZES = (theme.TEXT.body, 18, theme.TEXT.office, 14)
_SIDE, _GAP = 16, 24


class FigureStrip(QFrame):
    """Words and figures side by side, the figures never cut."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[tuple[str, str], ...] = ()
        self._labels: list[tuple[QLabel, QLabel]] = []
        self.setProperty("role", "card")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(_SIDE, 8, _SIDE, 8)
        self._grid.setHorizontalSpacing(_GAP)
        self._grid.setVerticalSpacing(0)

    def show_figures(self, figures: Sequence[tuple[str, str]]) -> None:
        """Draw these words and figures."""
        if tuple(figures) == self._shown:
            return
        self._shown = tuple(figures)
        while len(self._labels) < len(figures):
            self._add()
        for place, (word, figure) in enumerate(self._labels):
            is_there = place < len(figures)
            word.setVisible(is_there)
            figure.setVisible(is_there)
            if is_there:
                fonts.ensure_for("".join(figures[place]))
                word.setText(figures[place][0])
                figure.setText(own_direction(figures[place][1]))
                figure.setAccessibleName(": ".join(figures[place]))
        self.setVisible(bool(figures))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Write the figures as large as the room allows."""
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """Ask for no width: the figures become smaller instead."""
        return QSize(1, super().minimumSizeHint().height())

    def _fit(self) -> None:
        """Choose the largest size of type at which all figures stand side by side."""
        room = self.width() - 2 * _SIDE
        for px in _SIZES:
            font = fonts.figures(px, fonts.SEMIBOLD)
            metrics, small = QFontMetrics(font), QFontMetrics(fonts.font(_WORD_PX))
            needed = sum(
                max(metrics.horizontalAdvance(figure), small.horizontalAdvance(word)) + _GAP
                for word, figure in self._shown
            )
            if needed <= room or px == _SIZES[-1]:
                for _, label in self._labels:
                    label.setFont(font)
                return

    def _add(self) -> None:
        word, figure = QLabel(self), QLabel(self)
        place = len(self._labels)
        word.setProperty("role", "quiet")
        word.setFont(fonts.font(_WORD_PX))
        for row, label in enumerate((word, figure)):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setMinimumWidth(1)
            self._grid.addWidget(label, row, place)
        self._grid.setColumnStretch(place, 0)
        self._grid.setColumnStretch(place + 1, 1)
        self._labels.append((word, figure))
