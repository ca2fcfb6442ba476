"""The figure cards of the day in even columns: five on a small screen, ten on a wide one."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_app.texts import t
from pos_app.ui.day_figure_card import FigureCard
from pos_app.ui.day_flow import mirrored
from pos_app.ui.presenters.day_state import FigureView

_GAP = 8
_WIDE_PX, _NARROW_PX = 1_640, 700


class FigureBoard(QWidget):
    """Shows `FigureView`s; `opened(key)` when one is pressed. A wide card takes two columns."""

    opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards: list[FigureCard] = []
        self.setAccessibleName(t("Figures"))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_figures(self, figures: Sequence[FigureView]) -> None:
        """Draw these figures in the cards that are there already."""
        while len(self._cards) < len(figures):
            card = FigureCard(self)
            card.clicked.connect(lambda _=False, card=card: self.opened.emit(card.view.key))
            self._cards.append(card)
        for place, card in enumerate(self._cards):
            card.setVisible(place < len(figures))
            if place < len(figures):
                card.show_figure(figures[place])
        self._place()

    def cards(self) -> list[FigureCard]:
        """Return the cards in the order of reading."""
        return [card for card in self._cards if not card.isHidden()]

    def card(self, key: str) -> FigureCard:
        """Return the card of a figure; raises StopIteration for one that is not shown."""
        return next(card for card in self.cards() if card.view.key == key)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the cards out anew."""
        super().resizeEvent(event)
        self._place()

    def minimumSizeHint(self) -> QSize:
        """Any width will do."""
        return QSize(1, 1)

    def _place(self) -> None:
        room = self.width()
        columns = 10 if room >= _WIDE_PX else 5 if room >= _NARROW_PX else 2
        y = 0
        for row in self._rows(columns):
            y += self._place_row(row, columns, y) + _GAP
        if self.height() != max(y - _GAP, 1):
            self.setFixedHeight(max(y - _GAP, 1))

    def _rows(self, columns: int) -> list[list[FigureCard]]:
        rows: list[list[FigureCard]] = []
        used = columns
        for card in self.cards():
            wide = 2 if card.view.is_wide else 1
            if used + wide > columns:
                rows.append([])
                used = 0
            rows[-1].append(card)
            used += wide
        return rows

    def _place_row(self, row: list[FigureCard], columns: int, y: int) -> int:
        edges = [(self.width() + _GAP) * place // columns for place in range(columns + 1)]
        boxes, at = [], 0
        for card in row:
            end = min(at + (2 if card.view.is_wide else 1), columns)
            boxes.append((card, edges[at], edges[end] - edges[at] - _GAP))
            at = end
        high = max(card.height_for(width) for card, _, width in boxes)
        for card, left, width in boxes:
            card.setGeometry(mirrored(QRect(left, y, width, high), self))
        return high
