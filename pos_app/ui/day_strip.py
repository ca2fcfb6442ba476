"""The attention strip: what a manager should look at first, or that there is nothing."""

from collections.abc import Collection, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from pos_app.texts import t
from pos_app.ui.day_flow import FlowRow
from pos_app.ui.field_values import own_direction
from pos_app.ui.presenters.day_state import AttentionView
from pos_app.ui.views import Tone
from pos_app.ui.widgets.button import Button

_TEXT_PX = 15
_KINDS = {Tone.DANGER: "danger", Tone.WARNING: "warning"}


class AttentionStrip(FlowRow):
    """Shows `AttentionView`s as chips; `opened(key)` when one that leads somewhere is pressed."""

    opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(6, parent)
        self._shown: tuple[AttentionView, ...] | None = None
        self._leading: frozenset[str] = frozenset()
        self._chips: dict[str, Button] = {}
        self.more = Button("", "chevron-down", kind="quiet", text_px=_TEXT_PX, parent=self)
        self.more.hide()
        self.more.clicked.connect(lambda _=False: self._unfold())
        self._lines = 2
        self.most_lines, self.rest = self._lines, self._rest
        self.setAccessibleName(t("Needs a look"))

    def show_attention(self, views: Sequence[AttentionView], leading: Collection[str]) -> None:
        """Show chips; those whose key is in `leading` are buttons, the others mere words."""
        fresh, leads = tuple(views), frozenset(leading)
        if fresh == self._shown and leads == self._leading:
            return
        self._shown, self._leading = fresh, leads
        self.most_lines = self._lines
        self._chips = {one.key: self._chip(one, one.key in leads) for one in fresh}
        self.put(list(self._chips.values()) or [self._nothing()])

    def keep_lines(self, lines: int) -> None:
        """Fold the chips to so many lines, unless somebody has unfolded them."""
        if lines == self._lines:
            return
        self._lines = lines
        if self.most_lines:
            self.most_lines = lines
            self.place()

    def chip(self, key: str) -> Button:
        """Return the chip of a key."""
        return self._chips[key]

    def stops(self) -> list[QWidget]:
        """Return where the Tab key stops, in the order of reading."""
        return [*self._chips.values(), self.more]

    def chips(self) -> list[Button]:
        """Return the chips in order, none where nothing needs a look."""
        return list(self._chips.values())

    def _chip(self, view: AttentionView, leads: bool) -> Button:
        chip = Button(
            own_direction(view.text),
            view.icon,
            kind=_KINDS.get(view.tone, "card"),
            name=view.text,
            text_px=_TEXT_PX,
            parent=self,
        )
        chip.set_pressable(leads)
        chip.clicked.connect(lambda _=False: self.opened.emit(view.key))
        return chip

    def _rest(self, count: int) -> Button:
        self.more.say(t("{count} more").format(count=count))
        return self.more

    def _unfold(self) -> None:
        """Show them all until there are others."""
        self.most_lines = 0
        self.place()

    def _nothing(self) -> Button:
        chip = Button(t("Nothing needs a look"), "circle-check", kind="quiet", parent=self)
        chip.set_pressable(False)
        return chip
