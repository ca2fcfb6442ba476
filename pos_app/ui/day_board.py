"""The cards of the day under its figures: two columns on a small screen, three on a wide one."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_app.ui.chart import BarChart
from pos_app.ui.day_card import DayCard, ListCard, MatrixCard
from pos_app.ui.day_flow import mirrored
from pos_app.ui.presenters.day_state import DayPage

_GAP = 8
_WIDE_PX = 1_300
_CHART_PX, _CHART_WIDE_PX = 204, 320
LISTS = (
    "tenders", "top", "categories", "cash", "sent", "taxes", "slow", "low_stock", "overdue",
)  # fmt: skip
# Rows of columns; a column is how many parts of the width it takes and the cards in it.
_Band = tuple[tuple[int, tuple[str, ...]], ...]
_NARROW: tuple[_Band, ...] = (
    ((1, ("chart",)),),
    ((1, ("tenders", "categories")), (1, ("top", "cash"))),
    ((1, ("staff",)),),
    ((1, ("taxes", "slow", "overdue")), (1, ("sent", "low_stock"))),
)
_WIDE: tuple[_Band, ...] = (
    ((2, ("chart",)), (1, ("tenders",))),
    ((2, ("staff",)), (1, ("cash", "sent"))),
    ((1, ("top",)), (1, ("categories", "taxes")), (1, ("slow", "low_stock", "overdue"))),
)


class DayBoard(QWidget):
    """Shows the cards of a `DayPage`; `opened(key)` for anything on them, `bar_opened(place)`.

    `arranged()` when the cards stand in another order.
    """

    opened = Signal(str)
    arranged = Signal()
    bar_opened = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.chart = BarChart()
        self.chart.opened.connect(self.bar_opened)
        self._cards: dict[str, DayCard] = {"chart": DayCard(self), "staff": MatrixCard(self)}
        self._cards["chart"].put_body(self.chart)
        self._cards["chart"].column.setContentsMargins(2, 2, 2, 2)
        self._cards["chart"].show_words("", "", "")
        self._lists = {name: ListCard(self) for name in LISTS}
        self._cards |= self._lists
        for card in self._cards.values():
            card.opened.connect(self.opened)
        self._is_wide: bool | None = None

    def show_page(self, page: DayPage) -> None:
        """Draw another page."""
        self.chart.show_chart(page.chart)
        self.exceptions.show_matrix(page.staff)
        for name, card in self._lists.items():
            view = getattr(page, name)
            card.show_list(view)
            card.setVisible(bool(view.rows) if page.is_empty else True)
        self._cards["chart"].setVisible(bool(page.chart.groups))
        self._cards["staff"].setVisible(not page.is_empty)
        self._place()

    @property
    def exceptions(self) -> MatrixCard:
        """The card of the cashiers."""
        card = self._cards["staff"]
        assert isinstance(card, MatrixCard)  # noqa: S101 - it was made so
        return card

    def list_card(self, name: str) -> ListCard:
        """Return one of the lists."""
        return self._lists[name]

    def cards(self) -> list[DayCard]:
        """Return the cards in sight, in the order of reading."""
        found = [self._cards[name] for band in self._bands() for _, names in band for name in names]
        return [card for card in found if not card.isHidden()]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the cards out anew."""
        super().resizeEvent(event)
        self._place()

    def minimumSizeHint(self) -> QSize:
        """Any width will do."""
        return QSize(1, 1)

    def _bands(self) -> Sequence[_Band]:
        return _WIDE if self.width() >= _WIDE_PX else _NARROW

    def _place(self) -> None:
        is_wide = self.width() >= _WIDE_PX
        self.chart.setFixedHeight(_CHART_WIDE_PX if is_wide else _CHART_PX)
        y = 0
        for band in self._bands():
            high = self._place_band(band, y)
            y += high + _GAP if high else 0
        if self.height() != max(y - _GAP, 1):
            self.setFixedHeight(max(y - _GAP, 1))
        if is_wide != self._is_wide:
            self._is_wide = is_wide
            self.arranged.emit()

    def _place_band(self, band: _Band, y: int) -> int:
        """Place a row of columns; the last card of each reaches down to the end of the row."""
        columns = [
            (parts, [self._cards[name] for name in names if not self._cards[name].isHidden()])
            for parts, names in band
        ]
        columns = [(parts, cards) for parts, cards in columns if cards]
        whole = sum(parts for parts, _ in columns)
        placed: list[tuple[DayCard, QRect]] = []
        ends, at = [], 0
        for parts, cards in columns:
            left = (self.width() + _GAP) * at // whole
            right = (self.width() + _GAP) * (at + parts) // whole - _GAP
            at += parts
            top = y
            for card in cards:
                high = card.height_for(right - left)
                placed.append((card, QRect(left, top, right - left, high)))
                top += high + _GAP
            ends.append((cards[-1], top - _GAP))
        foot = max((end for _, end in ends), default=y)
        last = {card for card, _ in ends}
        for card, box in placed:
            if card in last:
                box.setHeight(foot - box.top())
            card.setGeometry(mirrored(box, self))
        return foot - y

    def stops(self) -> list[QWidget]:
        """Return where the Tab key stops, in the order of reading."""
        return [self._stop(name) for band in self._bands() for _, names in band for name in names]

    def _stop(self, name: str) -> QWidget:
        if name == "chart":
            return self.chart
        return self.exceptions.table if name == "staff" else self._lists[name].list
