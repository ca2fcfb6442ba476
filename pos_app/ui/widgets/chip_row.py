"""A row of chips of which one is chosen, scrolling sideways when there are many."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QScrollArea, QSizePolicy, QWidget

from pos_app.ui import theme
from pos_app.ui.views import CategoryView
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.touch_scroll import let_fingers_scroll

_GAP, _CLOSE = 8, 4  # between chips
_AIR, _SNUG = 32, 20  # what a chip has beside its word: edges and padding, see the style sheet


class ChipRow(QScrollArea):
    """Shows `CategoryView`s; `chosen(key)` when another one is touched."""

    chosen = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(theme.mm(self, 12) + 4)
        self._inner = QWidget(self)
        self._row = QHBoxLayout(self._inner)
        self._row.setContentsMargins(0, 2, 0, 2)
        self._row.setSpacing(_GAP)
        self._row.addStretch(1)
        self._is_snug = False
        self.setWidget(self._inner)
        let_fingers_scroll(self)
        self._group = QButtonGroup(self)
        self._chips: dict[str, Button] = {}
        self._shown: tuple[CategoryView, ...] = ()

    def show_chips(self, chips: Sequence[CategoryView], selected: str = "") -> None:
        """Show `chips` and mark the one with the key `selected`."""
        fresh = tuple(chips)
        if fresh != self._shown:
            self._shown = fresh
            self._build()
        if selected in self._chips:
            self._chips[selected].setChecked(True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the chips stand closer where that spares the scrolling."""
        super().resizeEvent(event)
        self._fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Turn the wheel's up and down into to and fro."""
        bar = self.horizontalScrollBar()
        bar.setValue(bar.value() - (event.angleDelta().y() or event.angleDelta().x()))
        event.accept()

    def button(self, key: str) -> Button | None:
        """Return the chip `key`."""
        return self._chips.get(key)

    def _build(self) -> None:
        for old in self._chips.values():
            self._group.removeButton(old)
            old.setParent(None)
            old.deleteLater()
        self._chips = {}
        for place, view in enumerate(self._shown):
            chip = Button(view.name, kind="chip", parent=self._inner)
            chip.setCheckable(True)
            chip.clicked.connect(lambda _=False, key=view.key: self._choose(key))
            self._group.addButton(chip)
            self._row.insertWidget(place, chip)
            self._chips[view.key] = chip
            if self._is_snug:
                self._dress(chip)
        self._fit()

    def _fit(self) -> None:
        """Take air out of the chips if they all fit then; many scroll sideways as they are."""
        words = sum(
            chip.fontMetrics().horizontalAdvance(chip.text()) for chip in self._chips.values()
        )
        count, room = len(self._chips), self.viewport().width()
        is_snug = words + _width(count, _AIR, _GAP) > room >= words + _width(count, _SNUG, _CLOSE)
        if is_snug == self._is_snug:
            return
        self._is_snug = is_snug
        self._row.setSpacing(_CLOSE if is_snug else _GAP)
        for chip in self._chips.values():
            self._dress(chip)

    def _dress(self, chip: Button) -> None:
        chip.setProperty("snug", self._is_snug)
        chip.style().unpolish(chip)
        chip.style().polish(chip)

    def _choose(self, key: str) -> None:
        self.ensureWidgetVisible(self._chips[key])
        self.chosen.emit(key)


def _width(count: int, beside_word: int, gap: int) -> int:
    return count * beside_word + max(count - 1, 0) * gap
