"""The checkout screen: draws a `CheckoutState`, reports gestures, decides nothing.

It can stand there before the store is open: until `attach` gives it a presenter, it shows its
empty places. The focus stays on the entry line; total, change and pay buttons never move.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from pos_app.texts import t
from pos_app.ui import fonts, theme
from pos_app.ui.checkout_overlays import Overlays
from pos_app.ui.entry_keys import EntryKeys
from pos_app.ui.line_actions import LineActions
from pos_app.ui.payment_bar import PaymentBar
from pos_app.ui.presenters.checkout_state import CheckoutState
from pos_app.ui.sale_header import SaleHeader
from pos_app.ui.tender_strip import TenderStrip
from pos_app.ui.widgets.cart_view import CartView
from pos_app.ui.widgets.entry_line import EntryLine
from pos_app.ui.widgets.fkey_bar import FKeyBar
from pos_app.ui.widgets.number_pad import NumberPad
from pos_app.ui.widgets.tile_grid import TileGrid
from pos_app.ui.widgets.total_panel import TotalPanel

if TYPE_CHECKING:
    from pos_app.ui.presenters.checkout import CheckoutPresenter
    from pos_app.ui.sheet_panel import SheetPanel

CART_SHARE, SHELF_SHARE = 42, 58
_GAP = 12
_PROMPT_LEAST = 220

Gesture = Callable[["CheckoutPresenter"], None]


class CheckoutScreen(QWidget):
    """The whole screen; `attach(presenter)` brings it to life, `show_state(state)` draws."""

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        left_handed: bool = False,
        button_mode: bool = False,
    ) -> None:
        super().__init__(parent)
        self._presenter: CheckoutPresenter | None = None
        self._state = CheckoutState()
        self._is_large = button_mode
        self._make_parts()
        self._lay_out(left_handed)
        self._connect()
        self.setFocusProxy(self.entry)

    def attach(self, presenter: "CheckoutPresenter") -> None:
        """Let `presenter` take the gestures from now on, and show its state."""
        self._presenter = presenter
        self.show_state(presenter.state)

    def show_state(self, state: CheckoutState) -> None:
        """Draw `state`; what is the same as before is not touched."""
        old, self._state = self._state, state
        if state.rows is not old.rows or state.selected != old.selected:
            self.cart.show_rows(state.rows, state.selected)
        if state.selected != old.selected or state.is_finished is not old.is_finished:
            self.line_actions.set_open(bool(state.selected))
        self.total.show_total(state.total)
        self._render_entry(state, old)
        self._render_shelf(state, old)
        self._render_sale(state, old)
        self.over.show_notices(state.notices)
        if state.alarms > old.alarms:
            QApplication.beep()  # the till, not the scanner, says that something was refused

    def take_focus(self) -> None:
        """Put the focus where it belongs."""
        if self.window().isActiveWindow() or not self.entry.hasFocus():
            self.entry.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys that no part has used act as if typed on the entry line."""
        if not self._keys.pressed(event):
            if event.text() and event.text().isprintable() and not self.entry.hasFocus():
                self.take_focus()
                self.entry.insert(event.text())
                self._typed(self.entry.text())
            else:
                super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Begin with the focus on the entry line."""
        super().showEvent(event)
        self.take_focus()

    def changeEvent(self, event: QEvent) -> None:
        """Come back to the entry line when the window does."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self.take_focus()

    def do(self, gesture: Gesture) -> None:
        """Hand a gesture to the presenter, if there is one yet."""
        if self._presenter is not None:
            gesture(self._presenter)

    # --- the parts and their places

    def _make_parts(self) -> None:
        self.header = SaleHeader(self)
        self.cart = CartView(self)
        self.tenders = TenderStrip(self)
        self.line_actions = LineActions(self)
        self.total = TotalPanel(self)
        self.upper = QWidget(self)  # search results and notices lie over this, never over money
        self.prompt = QLabel(self.upper)
        self.prompt.setFont(fonts.font(theme.TEXT.body, fonts.SEMIBOLD))
        self.prompt.hide()
        self.entry = EntryLine(parent=self.upper)
        self.tiles = TileGrid(self.upper)
        self.shelf = QStackedWidget(self.upper)
        self.shelf.addWidget(self.tiles)
        self.shelf.setMinimumHeight(1)  # a tall sheet must not push the money around
        self.pad = NumberPad(self)
        self.pay = PaymentBar(self)
        self.fkeys = FKeyBar(self)
        self._usual_hint = self.entry.placeholderText()
        self._keys = EntryKeys(self.entry, self.do)
        self.over = Overlays(self.entry, self.shelf, self.upper, self.do)

    def _lay_out(self, left_handed: bool) -> None:
        whole = QVBoxLayout(self)
        whole.setContentsMargins(_GAP, 8, _GAP, 8)
        whole.setSpacing(8)
        sides = QHBoxLayout()
        sides.setSpacing(_GAP)
        if left_handed:
            sides.setDirection(QHBoxLayout.Direction.RightToLeft)
        sides.addLayout(self._cart_side(), CART_SHARE)
        sides.addLayout(self._shelf_side(), SHELF_SHARE)
        whole.addLayout(sides, 1)
        whole.addWidget(self.fkeys)

    def _cart_side(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addWidget(self.header)
        column.addWidget(self.cart, 1)
        column.addWidget(self.tenders)
        column.addWidget(self.line_actions)
        column.addWidget(self.total)
        return column

    def _shelf_side(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(8)
        upper = QVBoxLayout(self.upper)
        upper.setContentsMargins(0, 0, 0, 0)
        upper.setSpacing(8)
        line = QHBoxLayout()
        line.setSpacing(_GAP)
        line.addWidget(self.prompt)
        line.addWidget(self.entry, 1)
        upper.addLayout(line)
        upper.addWidget(self.shelf, 1)
        column.addWidget(self.upper, 1)
        foot = QHBoxLayout()
        foot.setSpacing(_GAP)
        side = theme.mm(self, 18 if self._is_large else 15)
        self.pad.setFixedSize(4 * side + 56, 4 * side + 24)
        self.pay.setFixedHeight(self.pad.height())
        foot.addWidget(self.pad)
        foot.addWidget(self.pay, 1)
        column.addLayout(foot)
        return column

    def _connect(self) -> None:
        self.entry.textEdited.connect(self._typed)
        self.pad.pressed.connect(self._padded)
        self.fkeys.pressed.connect(lambda key: self.do(lambda p: p.press(key)))
        self.cart.line_chosen.connect(lambda key: self.do(lambda p: p.lines.select(key)))
        self.tiles.chosen.connect(lambda key: self.do(lambda p: p.entry.choose_product(key)))
        self.tiles.category_chosen.connect(lambda key: self.do(lambda p: p.choose_category(key)))
        self.tenders.given_back.connect(lambda n: self.do(lambda p: p.paying.give_back(n)))
        self.pay.quick.connect(lambda key: self.do(lambda p: p.paying.pay_quick(key)))
        self.pay.way.connect(self._paid)
        self.line_actions.changed_by.connect(lambda n: self.do(lambda p: p.lines.change_by(n)))
        self.line_actions.quantity.connect(lambda n: self.do(lambda p: p.lines.set_quantity(n)))
        self.line_actions.discount.connect(lambda n: self.do(lambda p: p.lines.discount_preset(n)))
        self.line_actions.more_discount.connect(lambda: self.do(lambda p: p.press("F1")))
        self.line_actions.removed.connect(lambda: self.do(lambda p: p.lines.remove()))
        self.header.customer.connect(lambda: self.do(lambda p: p.press("F4")))
        self.header.note.connect(lambda: self.do(lambda p: p.whole.open_note()))
        self.header.discard.connect(lambda: self.do(lambda p: p.whole.discard()))

    # --- gestures that need a word more

    def _typed(self, text: str) -> None:
        self.do(lambda p: p.entry.type_text(text))

    def _padded(self, key: str) -> None:
        signs = {"decimal": self.pad.key("decimal").text()}
        acts: dict[str, Gesture] = {
            "enter": lambda p: p.entry.enter(),
            "clear": lambda p: p.entry.escape(),
            "backspace": lambda p: p.entry.erase(),
            "multiply": lambda p: p.entry.times(),
        }
        self.do(acts.get(key, lambda p: p.entry.key_in(signs.get(key, key))))

    def _paid(self, key: str) -> None:
        keys = {"cash": "F12", "card": "F11", "other": "F5"}
        self.do(lambda p: p.press(keys[key]))

    # --- drawing

    def _render_entry(self, state: CheckoutState, old: CheckoutState) -> None:
        entry = state.entry
        if entry.text != self.entry.text():
            self.entry.setText(entry.text)
        words = entry.times or entry.prompt
        if words != (old.entry.times or old.entry.prompt):
            fonts.ensure_for(words)
            self.prompt.setText(self._fitting(words))
            self.prompt.setVisible(bool(words))
            self.entry.setAccessibleName(entry.prompt or t("Entry"))
            self.entry.setPlaceholderText(entry.hint or self._usual_hint)
        if state.hits is not old.hits or entry.text != old.entry.text:
            self.over.show_hits(state.hits, entry.text)

    def _fitting(self, words: str) -> str:
        """Leave at least half of the line to what is typed."""
        metrics = self.prompt.fontMetrics()
        room = max(self.upper.width() // 2, _PROMPT_LEAST)  # not laid out yet: very narrow
        return metrics.elidedText(words, Qt.TextElideMode.ElideRight, room)

    def _render_shelf(self, state: CheckoutState, old: CheckoutState) -> None:
        if state.categories is not old.categories or state.category != old.category:
            self.tiles.show_categories(state.categories, state.category)
        if state.tiles is not old.tiles:
            self.tiles.show_tiles(state.tiles)
        if state.sheet is not old.sheet:
            self.over.show_sheet(state.sheet)

    def _render_sale(self, state: CheckoutState, old: CheckoutState) -> None:
        if state.presets is not old.presets:
            self.line_actions.show_presets(state.presets)
            self.line_actions.set_open(bool(state.selected))
        if state.tenders != old.tenders:
            self.tenders.show_tenders(state.tenders)
        if state.quick != old.quick or state.ways != old.ways:
            self.pay.show_choices(state.quick, state.ways)
        if state.fkeys is not old.fkeys:
            self.fkeys.show_keys(state.fkeys)
        is_open = bool(state.rows) and not state.is_finished
        before = bool(old.rows) and not old.is_finished
        if (state.customer, state.note, is_open) != (old.customer, old.note, before):
            self.header.show_sale(state.customer, state.note, is_open)

    def sheet_panel(self) -> "SheetPanel | None":
        """Return the sheet while one is open, for tests."""
        return self.over.sheet if self._state.sheet.kind else None
