"""A few choices of which any number may be ticked."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QWidget

from pos_app.texts import t
from pos_app.ui import fonts
from pos_app.ui.field_values import in_one_piece
from pos_app.ui.presenters.product_form import Choice


class TickList(QWidget):
    """`toggled(key, is_ticked)` when a person ticks one."""

    toggled = Signal(str, bool)

    def __init__(
        self, parent: QWidget | None = None, when_empty: str = "", abreast: int = 1
    ) -> None:
        super().__init__(parent)
        self._abreast = abreast
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(0)
        self._none = QLabel(when_empty or t("None yet. Add taxes in the settings."), self)
        self._none.setWordWrap(True)
        self._none.setProperty("role", "quiet")
        self._grid.addWidget(self._none, 0, 0)
        self._shown: tuple[Choice, ...] = ()
        self._boxes: dict[str, QCheckBox] = {}

    def show_choices(self, choices: Sequence[Choice], ticked: Sequence[str]) -> None:
        """Show `choices` with those in `ticked` ticked."""
        fresh = tuple(choices)
        if fresh != self._shown:
            self._shown = fresh
            self._build()
        for key, box in self._boxes.items():
            with QSignalBlocker(box):
                box.setChecked(key in ticked)

    def box(self, key: str) -> QCheckBox:
        """Return the box of a choice."""
        return self._boxes[key]

    def _build(self) -> None:
        for old in self._boxes.values():
            old.hide()
            old.deleteLater()
        self._boxes = {}
        for place, choice in enumerate(self._shown):
            fonts.ensure_for(choice.label)
            box = QCheckBox(in_one_piece(choice.label), self)
            box.setAccessibleName(choice.label)
            box.toggled.connect(lambda is_on, key=choice.key: self.toggled.emit(key, is_on))
            self._grid.addWidget(box, 1 + place // self._abreast, place % self._abreast)
            self._boxes[choice.key] = box
        self._none.setVisible(not self._shown)
