"""What is touched on the checkout screen, made piece by piece once the till can already sell.

Cart, total and entry line are all that a scan needs. Each of these pieces has its place from the
start, as large as it will be, so that nothing moves when it comes.
"""

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QStackedWidget, QVBoxLayout, QWidget

from pos_app.ui import theme
from pos_app.ui.presenters.checkout_state import CheckoutState

if TYPE_CHECKING:
    from pos_app.ui.presenters.checkout import CheckoutPresenter

    Gesture = Callable[[CheckoutPresenter], None]
    Draw = Callable[[CheckoutState, CheckoutState], None]

_BLANK = CheckoutState()
_ACTIONS_GAP = 6


class Place(QWidget):
    """Keeps a piece's room free until it comes: `height` and `width` in pixels, 0 as it likes."""

    def __init__(self, parent: QWidget, *, height: int = 0, width: int = 0) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        if height:
            self.setFixedHeight(height)
        if width:
            self.setFixedWidth(width)

    def take(self, piece: QWidget) -> None:
        """Let the piece in; it is laid out at once."""
        self._column.addWidget(piece)
        if self.isVisible():
            piece.show()
            self._column.activate()


class CheckoutControls:
    """The pieces and their places; `make_next` makes one, `show_state` draws those there are."""

    def __init__(
        self,
        screen: QWidget,
        upper: QWidget,
        do: "Callable[[Gesture], None]",
        *,
        is_large: bool,
    ) -> None:
        self._do = do
        self._state = _BLANK
        self._draws: list[Draw] = []
        finger = theme.mm(screen, 12)
        side = theme.mm(screen, 18 if is_large else 15)
        self.pad_size = (4 * side + 56, 4 * side + 24)
        self.header_place = Place(screen, height=finger)
        self.tenders_place = Place(screen)
        self.tenders_place.hide()
        self.actions_place = Place(screen, height=2 * finger + _ACTIONS_GAP)
        self.keys_place = Place(screen, height=theme.mm(screen, 13))
        self.pad_place = Place(screen, width=self.pad_size[0], height=self.pad_size[1])
        self.pay_place = Place(screen, height=self.pad_size[1])
        self.shelf = QStackedWidget(upper)
        self.shelf.setMinimumHeight(1)  # a tall sheet must not push the money around
        self._empty_shelf = QFrame(self.shelf)
        self._empty_shelf.setProperty("role", "card")
        self.shelf.addWidget(self._empty_shelf)
        self._unmade = deque[Callable[[], None]](
            (
                self._make_pay,
                self._make_tiles,
                self._make_pad,
                self._make_fkeys,
                self._make_header,
                self._make_line_actions,
                self._make_tenders,
            )
        )

    def add(self, make: Callable[[], None]) -> None:
        """Let `make()` be called as the last of the pieces."""
        self._unmade.append(make)

    def make_next(self) -> bool:
        """Make one piece more, and tell whether there was one to make."""
        if not self._unmade:
            return False
        self._unmade.popleft()()
        return True

    def show_state(self, state: CheckoutState, old: CheckoutState) -> None:
        """Draw what changed on the pieces that are there."""
        self._state = state
        for draw in self._draws:
            draw(state, old)

    def _came(self, draw: "Draw") -> None:
        self._draws.append(draw)
        draw(self._state, _BLANK)

    def _make_tiles(self) -> None:
        from pos_app.ui.widgets.tile_grid import TileGrid  # noqa: PLC0415 - after the start

        self.tiles = tiles = TileGrid(self.shelf)
        tiles.chosen.connect(lambda key: self._do(lambda p: p.entry.choose_product(key)))
        tiles.category_chosen.connect(lambda key: self._do(lambda p: p.choose_category(key)))
        is_on_top = self.shelf.currentWidget() is self._empty_shelf
        self.shelf.insertWidget(0, tiles)
        if is_on_top:
            self.shelf.setCurrentIndex(0)
        self.shelf.removeWidget(self._empty_shelf)
        self._empty_shelf.deleteLater()
        self._came(self._draw_tiles)

    def _make_pay(self) -> None:
        from pos_app.ui.payment_bar import PaymentBar  # noqa: PLC0415 - after the start

        self.pay = pay = PaymentBar(self.pay_place)
        self.pay_place.take(pay)
        pay.quick.connect(lambda key: self._do(lambda p: p.paying.pay_quick(key)))
        pay.way.connect(self._paid)
        self._came(self._draw_pay)

    def _make_pad(self) -> None:
        from pos_app.ui.widgets.number_pad import NumberPad  # noqa: PLC0415 - after the start

        self.pad = pad = NumberPad(self.pad_place)
        pad.setFixedSize(*self.pad_size)
        self.pad_place.take(pad)
        pad.pressed.connect(self._padded)

    def _make_fkeys(self) -> None:
        from pos_app.ui.widgets.fkey_bar import FKeyBar  # noqa: PLC0415 - after the start

        self.fkeys = fkeys = FKeyBar(self.keys_place)
        self.keys_place.take(fkeys)
        fkeys.pressed.connect(lambda key: self._do(lambda p: p.press(key)))
        self._came(self._draw_fkeys)

    def _make_header(self) -> None:
        from pos_app.ui.sale_header import SaleHeader  # noqa: PLC0415 - after the start

        self.header = header = SaleHeader(self.header_place)
        self.header_place.take(header)
        header.customer.connect(lambda: self._do(lambda p: p.press("F4")))
        header.note.connect(lambda: self._do(lambda p: p.whole.open_note()))
        header.more.connect(lambda: self._do(lambda p: p.more.open()))
        header.discard.connect(lambda: self._do(lambda p: p.cancel()))
        self._came(self._draw_header)

    def _make_line_actions(self) -> None:
        from pos_app.ui.line_actions import LineActions  # noqa: PLC0415 - after the start

        self.line_actions = actions = LineActions(self.actions_place)
        self.actions_place.take(actions)
        actions.changed_by.connect(lambda n: self._do(lambda p: p.lines.change_by(n)))
        actions.quantity.connect(lambda n: self._do(lambda p: p.lines.set_quantity(n)))
        actions.discount.connect(lambda n: self._do(lambda p: p.lines.discount_preset(n)))
        actions.more_discount.connect(lambda: self._do(lambda p: p.press("F1")))
        actions.removed.connect(lambda: self._do(lambda p: p.lines.remove()))
        self._came(self._draw_line_actions)

    def _make_tenders(self) -> None:
        from pos_app.ui.tender_strip import TenderStrip  # noqa: PLC0415 - after the start

        self.tenders = tenders = TenderStrip(self.tenders_place)
        self.tenders_place.take(tenders)
        tenders.given_back.connect(lambda n: self._do(lambda p: p.paying.give_back(n)))
        self._came(self._draw_tenders)

    # --- gestures that need a word more

    def _padded(self, key: str) -> None:
        signs = {"decimal": self.pad.key("decimal").text()}
        acts: dict[str, Gesture] = {
            "enter": lambda p: p.entry.enter(),
            "clear": lambda p: p.entry.escape(),
            "backspace": lambda p: p.entry.erase(),
            "multiply": lambda p: p.entry.times(),
        }
        self._do(acts.get(key, lambda p: p.entry.key_in(signs.get(key, key))))

    def _paid(self, key: str) -> None:
        keys = {"cash": "F12", "card": "F11", "other": "F5"}
        self._do(lambda p: p.press(keys[key]))

    # --- drawing

    def _draw_tiles(self, state: CheckoutState, old: CheckoutState) -> None:
        if state.categories is not old.categories or state.category != old.category:
            self.tiles.show_categories(state.categories, state.category)
        if state.tiles is not old.tiles:
            self.tiles.show_tiles(state.tiles)

    def _draw_line_actions(self, state: CheckoutState, old: CheckoutState) -> None:
        is_new = old is _BLANK
        if state.presets is not old.presets:
            self.line_actions.show_presets(state.presets)
            is_new = True
        if is_new or state.selected != old.selected or state.is_finished is not old.is_finished:
            self.line_actions.set_open(bool(state.selected))

    def _draw_tenders(self, state: CheckoutState, old: CheckoutState) -> None:
        if state.tenders != old.tenders:
            self.tenders.show_tenders(state.tenders)
            self.tenders_place.setVisible(bool(state.tenders))

    def _draw_pay(self, state: CheckoutState, old: CheckoutState) -> None:
        if state.quick != old.quick or state.ways != old.ways:
            self.pay.show_choices(state.quick, state.ways)

    def _draw_fkeys(self, state: CheckoutState, old: CheckoutState) -> None:
        if state.fkeys is not old.fkeys:
            self.fkeys.show_keys(state.fkeys)

    def _draw_header(self, state: CheckoutState, old: CheckoutState) -> None:
        is_open = bool(state.rows) and not state.is_finished
        before = bool(old.rows) and not old.is_finished
        is_other = (is_open, state.is_finished) != (before, old.is_finished)
        if is_other or (state.customer, state.note) != (old.customer, old.note):
            self.header.show_sale(
                state.customer, state.note, is_open, can_cancel=is_open or state.is_finished
            )
