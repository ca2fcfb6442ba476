"""The checkout screen: draws a `CheckoutState`, reports gestures, decides nothing.

Cart, total and entry line are there from the start; whatever is only touched comes afterwards,
piece by piece (`checkout_controls`), or all at once for who asks for it. Until `attach` gives it a
presenter, it shows its empty places. The focus stays on the entry line; total, change and pay
buttons never move.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from pos_app.texts import t
from pos_app.ui import fonts, theme
from pos_app.ui.checkout_controls import CheckoutControls
from pos_app.ui.checkout_overlays import Overlays
from pos_app.ui.entry_keys import EntryKeys
from pos_app.ui.presenters.checkout_state import CheckoutState
from pos_app.ui.widgets.cart_view import CartView
from pos_app.ui.widgets.entry_line import EntryLine
from pos_app.ui.widgets.total_panel import TotalPanel

if TYPE_CHECKING:
    from pos_app.ui.line_actions import LineActions
    from pos_app.ui.payment_bar import PaymentBar
    from pos_app.ui.presenters.checkout import CheckoutPresenter
    from pos_app.ui.sale_header import SaleHeader
    from pos_app.ui.sheet_panel import SheetPanel
    from pos_app.ui.tender_strip import TenderStrip
    from pos_app.ui.widgets.fkey_bar import FKeyBar
    from pos_app.ui.widgets.number_pad import NumberPad
    from pos_app.ui.widgets.tile_grid import TileGrid

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
        self.total.show_total(state.total)
        self._render_entry(state, old)
        if state.sheet is not old.sheet:
            self.over.show_sheet(state.sheet)
        self._controls.show_state(state, old)
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
        self.cart = CartView(self)
        self.total = TotalPanel(self)
        self.upper = QWidget(self)  # search results and notices lie over this, never over money
        self.prompt = QLabel(self.upper)
        self.prompt.setFont(fonts.font(theme.TEXT.body, fonts.SEMIBOLD))
        self.prompt.hide()
        self.entry = EntryLine(parent=self.upper)
        self._controls = CheckoutControls(self, self.upper, self.do, is_large=self._is_large)
        self._controls.add(self.entry.show_glass)
        self._controls.add(self.cart.take_fingers)
        self.shelf = self._controls.shelf
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
        whole.addWidget(self._controls.keys_place)

    def _cart_side(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addWidget(self._controls.header_place)
        column.addWidget(self.cart, 1)
        column.addWidget(self._controls.tenders_place)
        column.addWidget(self._controls.actions_place)
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
        foot.addWidget(self._controls.pad_place)
        foot.addWidget(self._controls.pay_place, 1)
        column.addLayout(foot)
        return column

    def _connect(self) -> None:
        self.entry.textEdited.connect(self._typed)
        self.cart.line_chosen.connect(lambda key: self.do(lambda p: p.lines.select(key)))

    def _typed(self, text: str) -> None:
        self.do(lambda p: p.entry.type_text(text))

    # --- drawing

    def _render_entry(self, state: CheckoutState, old: CheckoutState) -> None:
        entry = state.entry
        if entry.is_secret is not old.entry.is_secret:
            self.entry.hide_signs(is_secret=entry.is_secret)
        if entry.text != self.entry.text():
            self.entry.setText(entry.text)
        words = entry.times or entry.prompt
        if words != (old.entry.times or old.entry.prompt):
            fonts.ensure_for(words)
            self.prompt.setText(self._fitting(words))
            self.prompt.setVisible(bool(words))
            self.entry.setAccessibleName(entry.prompt or t("Entry"))
        if words != (old.entry.times or old.entry.prompt) or entry.hint != old.entry.hint:
            self.entry.setPlaceholderText(entry.hint or self._usual_hint)
        if state.hits is not old.hits or entry.text != old.entry.text:
            self.over.show_hits(state.hits, entry.text)

    def _fitting(self, words: str) -> str:
        """Leave at least half of the line to what is typed."""
        metrics = self.prompt.fontMetrics()
        room = max(self.upper.width() // 2, _PROMPT_LEAST)  # not laid out yet: very narrow
        return metrics.elidedText(words, Qt.TextElideMode.ElideRight, room)

    # --- the pieces that are made after the start

    @property
    def header(self) -> "SaleHeader":
        """The row above the cart."""
        return self._whole().header

    @property
    def tenders(self) -> "TenderStrip":
        """The payments taken so far."""
        return self._whole().tenders

    @property
    def line_actions(self) -> "LineActions":
        """The touches for the selected line."""
        return self._whole().line_actions

    @property
    def tiles(self) -> "TileGrid":
        """The products."""
        return self._whole().tiles

    @property
    def pad(self) -> "NumberPad":
        """The number pad."""
        return self._whole().pad

    @property
    def pay(self) -> "PaymentBar":
        """The ways to pay."""
        return self._whole().pay

    @property
    def fkeys(self) -> "FKeyBar":
        """The function keys."""
        return self._whole().fkeys

    def make_next(self) -> bool:
        """Make one piece more, and tell whether there was one to make."""
        return self._controls.make_next()

    def _whole(self) -> CheckoutControls:
        while self.make_next():
            pass
        return self._controls

    def sheet_panel(self) -> "SheetPanel | None":
        """Return the sheet while one is open, for tests."""
        return self.over.sheet if self._state.sheet.kind else None
