"""The sale on the screen: what every gesture works on, and how a gesture is done.

A gesture never crashes: a refusal becomes a notice with its sentence, and an error that nobody
expected is logged and becomes a notice too. The cart stays as it was in both cases.
"""

import logging
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, TypeVar, cast

from pos_app.domain import cart as carts
from pos_app.domain.approval import ApprovalNeeded
from pos_app.domain.cart import Cart, CartLine, SaleKind
from pos_app.domain.errors import PosError
from pos_app.domain.pricing import Priced
from pos_app.domain.shop import ShopSettings
from pos_app.services.checkout import Checkout
from pos_app.services.drawer_guard import RefundAboveDrawer
from pos_app.services.scanning import changed_lines
from pos_app.texts import t
from pos_app.ui.presenters import checkout_words as words
from pos_app.ui.presenters import notice_board as board
from pos_app.ui.presenters import number_buffer as buffer
from pos_app.ui.presenters.amounts import amount_format
from pos_app.ui.presenters.checkout_rows import RowWriter
from pos_app.ui.presenters.checkout_sheets import SheetWriter
from pos_app.ui.presenters.checkout_state import (
    NO_SHEET,
    CheckoutState,
    SheetKind,
    SheetOwner,
    SheetView,
)
from pos_app.ui.presenters.checkout_view import Figures, Shelf, state_of
from pos_app.ui.presenters.drawer_doubt import ask_about_drawer
from pos_app.ui.presenters.notice_board import NoticeBoard
from pos_app.ui.presenters.payment_desk import PaymentDesk
from pos_app.ui.presenters.refusals import sentence_of

OWNED = frozenset(
    {
        SheetKind.CHOICE,
        SheetKind.ACTIONS,
        SheetKind.ASK,
        SheetKind.RETURN,
        SheetKind.APPROVAL,
    }
)
log = logging.getLogger(__name__)


class SaleOnScreen:
    """Holds the cart in progress and everything shown around it; `on_state` gets each new state.

    `on_approval` is asked when a gesture needs somebody with more rights; it does the gesture
    again when that somebody has agreed. `before_paying` may refuse a payment.
    """

    def __init__(
        self,
        checkout: Checkout,
        shop: ShopSettings,
        on_state: Callable[[CheckoutState], None],
        staff: str,
    ) -> None:
        self.checkout = checkout
        self.shop = shop
        self.amounts = amount_format(shop)
        self.notices = NoticeBoard()
        self.desk = PaymentDesk(shop)
        self.sheets = SheetWriter(self.amounts, shop)
        self.shelf = Shelf(staff=staff, presets=self.sheets.presets)
        self.figures = Figures()
        self.sheet: SheetView = NO_SHEET
        self._owner: SheetOwner | None = None
        self.selected = 0
        self.removed: Cart | None = None
        self.finished: CheckoutState | None = None
        self.state = CheckoutState()
        self.rows = RowWriter(self.amounts)
        self.on_approval: Callable[[ApprovalNeeded, Callable[[], None]], None] | None = None
        self.before_paying: Callable[[], None] = _nothing
        self.on_escape: Callable[[], None] = _nothing
        self._on_state = on_state
        self._cart: Cart | None = None
        self._told: Cart | None = None  # the cart as the journal knows it
        self._priced: Priced | None = None

    def use_shop(self, shop: ShopSettings) -> None:
        """Write by other settings from now on; cart, payments and notices stay.

        A sale that has begun ends by the rules it began with; the next one follows the new.
        """
        self.shop = shop
        if self._cart is not None:
            self._cart, self._priced = self._by_present_rules(self._cart), None
            self._told = self._cart
        self.amounts = amount_format(shop)
        self.desk.use_shop(shop)
        self.sheets = SheetWriter(self.amounts, shop)
        self.rows = RowWriter(self.amounts)
        self.shelf = replace(self.shelf, presets=self.sheets.presets)
        self.close()

    @property
    def cart(self) -> Cart:
        """The cart on the screen."""
        if self._cart is None:
            self._cart = self._told = self.checkout.new_cart()
        return self._cart

    @property
    def priced(self) -> Priced:
        """The figures of the cart on the screen."""
        if self._priced is None:
            self._priced = carts.price_cart(self.cart)
        return self._priced

    @property
    def line(self) -> CartLine:
        """The selected line; raises NothingSelected."""
        if self.finished is not None or self.cart.is_empty:
            raise words.NothingSelected()
        return self.cart.line(self.selected or self.cart.lines[-1].id)

    @property
    def sheet_line(self) -> CartLine:
        """The line the open sheet is about, whatever was scanned meanwhile."""
        return self.cart.line(self.sheet.line_id) if self.sheet.line_id else self.line

    def put(self, cart: Cart) -> None:
        """Make `cart` the one on the screen; it is saved before it is shown."""
        if cart is not self._cart:
            self.checkout.keep(cart, self._told)
            self.take_over(cart)

    def follow(self, cart: Cart) -> None:
        """Show and save a cart that is still being typed; the journal hears of it at the end.

        One that takes back more than the cashier may alone waits for Enter.
        """
        if cart is not self._cart and self.checkout.may_keep(cart, self._told):
            told = self._told
            self.checkout.keep(cart)
            self.take_over(cart)
            self._told = told

    def take_over(self, cart: Cart) -> None:
        """Make a saved cart the one on the screen; a line that it changed is selected."""
        touched = changed_lines(self.cart, cart)
        self._cart, self._priced = cart, None
        self._told = cart
        self.finished = None
        self.removed = None
        self.notices.take_down(board.UNDO)
        if touched:
            self.selected = touched[-1]

    def begin(self, cart: Cart | None = None) -> None:
        """Start the next sale, or go on with one that comes back."""
        self._cart = self.checkout.new_cart() if cart is None else self._by_present_rules(cart)
        self._told = self._cart
        self._priced = None
        self.finished = None
        self.removed = None
        self.selected = self._cart.lines[-1].id if self._cart.lines else 0
        self.sheet = NO_SHEET
        self.clear_entry()

    def _by_present_rules(self, cart: Cart) -> Cart:
        """A cart in which nothing has a price yet follows the settings; another keeps its rules."""
        if cart.has_prices or cart.kind is not SaleKind.SALE:
            return cart
        return replace(cart, policy=self.shop.policy, cash_rounding=self.shop.cash_rounding)

    def clear_entry(self) -> None:
        """Empty the entry line, and end what it was waiting for."""
        if self._cart is not self._told:
            self.checkout.keep(self._cart, self._told)
            self._told = self._cart
        self.figures = Figures(serial=self.figures.serial + 1)

    def take_number(self) -> Decimal:
        """Take the figures off the entry line for a key; raises the refusals of `number_of`.

        They go even if the key is then refused, or the next one would take them for money.
        """
        number = buffer.number_of(self.figures.text)
        self.clear_entry()
        return number

    def end_prompt(self) -> None:
        """Empty the entry line if it was waiting for a quantity or a price."""
        if self.figures.prompt:
            self.clear_entry()

    @property
    def owner(self) -> SheetOwner | None:
        """Whose sheet is open, if it is one that somebody brought."""
        return self._owner if self.sheet.kind in OWNED else None

    def open(self, sheet: SheetView, owner: SheetOwner | None = None) -> None:
        """Lay a sheet over the products; the entry line then belongs to it and its owner."""
        self._owner = owner
        self.clear_entry()
        self.figures = replace(self.figures, text=sheet.text)
        self.sheet = sheet

    def close(self) -> None:
        """Take the sheet away; what was typed for it goes too."""
        if self.sheet.kind:
            self.sheet = NO_SHEET
            self.clear_entry()

    def escape_sheet(self) -> None:
        """Take the sheet away because somebody said so; `on_escape` hears of it first."""
        self.on_escape()
        self.close()

    def moment(self) -> Callable[[], None]:
        """Remember entry line, sheet and selection; the returned function brings them back."""
        figures, sheet, owner, selected = self.figures, self.sheet, self._owner, self.selected

        def bring_back() -> None:
            self.figures, self.sheet, self._owner = figures, sheet, owner
            self.selected = selected

        return bring_back

    def count_parked(self) -> None:
        """Look again how many sales are parked."""
        self.shelf = replace(self.shelf, parked=len(self.checkout.parked()))

    def show(self) -> None:
        """Hand the screen what there is to show now."""
        if self.finished is None:
            state = state_of(
                self.cart,
                self.priced,
                self.rows.rows(self.cart, self.priced),
                selected=str(self.selected),
                desk=self.desk,
                figures=self.figures,
                shelf=self.shelf,
                amounts=self.amounts,
                notices=self.notices.all(),
                sheet=self.sheet,
            )
        else:
            state = replace(
                self.finished,
                entry=self.figures.as_entry(self.amounts, self.sheet),
                hits=self.figures.hits,
                is_searching=self.figures.is_searching,
                notices=self.notices.all(),
                sheet=self.sheet,
                **self.shelf.as_fields(),
            )
        self.state = replace(state, alarms=self.notices.alarms)
        self._on_state(self.state)


def _nothing() -> None:
    """Nobody minds."""


class OnSale(Protocol):
    """Anything whose methods are gestures on the sale on the screen."""

    sale: SaleOnScreen


P = ParamSpec("P")
Self = TypeVar("Self", bound=OnSale)


def gesture(do: Callable[Concatenate[Self, P], None]) -> Callable[Concatenate[Self, P], None]:
    """Make `do` a gesture: its refusals become notices, and the screen shows the outcome."""

    @wraps(do)
    def done(self: Self, *args: P.args, **kwargs: P.kwargs) -> None:
        sale = self.sale
        sale.notices.forget_the_moment()
        bring_back = sale.moment()

        def again() -> None:
            bring_back()
            done(self, *args, **kwargs)

        try:
            do(self, *args, **kwargs)
        except ApprovalNeeded as need:
            if sale.on_approval is None:
                sale.notices.refuse(sentence_of(need, sale.amounts))
            else:
                sale.on_approval(need, again)
        except RefundAboveDrawer as doubt:
            ask_about_drawer(sale, doubt, again)
        except PosError as refusal:
            sale.notices.refuse(sentence_of(refusal, sale.amounts))
        except Exception:
            log.exception("checkout gesture %s failed", do.__name__)
            sale.notices.refuse(
                t("That did not work, and the reason is in the log. The cart is as it was.")
            )
        sale.show()

    return cast("Callable[Concatenate[Self, P], None]", done)
