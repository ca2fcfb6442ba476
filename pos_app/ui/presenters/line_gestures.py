"""Gestures on the selected line: quantity, price, discount, note, remove and undo."""

from dataclasses import replace
from decimal import Decimal

from pos_app.domain import cart as carts
from pos_app.domain.cart import CartLine
from pos_app.domain.discount import DiscountKind, LineDiscount
from pos_app.texts import t
from pos_app.ui.presenters import checkout_words as words
from pos_app.ui.presenters import notice_board as board
from pos_app.ui.presenters import number_buffer as buffer
from pos_app.ui.presenters.checkout_rows import name_of
from pos_app.ui.presenters.checkout_state import SheetKind
from pos_app.ui.presenters.refusals import isolated
from pos_app.ui.presenters.sale_on_screen import SaleOnScreen, gesture
from pos_app.ui.presenters.stock_news import tell_of_stock


class LineGestures:
    """What can be done with the line that is selected."""

    def __init__(self, sale: SaleOnScreen) -> None:
        self.sale = sale

    @gesture
    def select(self, key: str) -> None:
        """Select a line."""
        self.sale.end_prompt()
        self.sale.selected = int(key)

    @gesture
    def select_next(self, step: int) -> None:
        """Select the line below or above."""
        sale = self.sale
        ids = [line.id for line in sale.cart.lines]
        if ids:
            place = ids.index(sale.selected) if sale.selected in ids else len(ids)
            sale.selected = ids[max(0, min(len(ids) - 1, place + step))]

    @gesture
    def change_by(self, step: int) -> None:
        """Make the selected line one more or one less; the last one goes altogether."""
        line = self.sale.line
        if line.quantity + step <= 0 < line.quantity:
            self._remove(line)
        else:
            self.give_quantity(line.quantity + step)

    @gesture
    def set_quantity(self, quantity: Decimal) -> None:
        """Give the selected line a quantity with one touch."""
        self.give_quantity(quantity)

    @gesture
    def remove(self) -> None:
        """Take the selected line out; the notice offers to undo that."""
        self._remove(self.sale.line)

    @gesture
    def percent(self) -> None:
        """Take the percentage on the entry line off the selected line, or open the sheet."""
        text = self.sale.figures.text
        if text:
            self._discount(DiscountKind.PERCENT, self.sale.take_number())
        else:
            self.open_discount()

    @gesture
    def amount_off(self) -> None:
        """Take the amount on the entry line off each unit of the selected line."""
        self._discount(DiscountKind.AMOUNT, self.sale.take_number())

    @gesture
    def discount_preset(self, percent: Decimal) -> None:
        """Take a preset percentage off the selected line; the same one again takes it away."""
        again = self.sale.line.discount.percent == percent
        self._discount(DiscountKind.PERCENT, Decimal(0) if again else percent)

    @gesture
    def open_note(self) -> None:
        """Open the sheet for a note on the selected line."""
        self._open(SheetKind.LINE_NOTE)

    def open_discount(self) -> None:
        """Open the sheet for a discount on the selected line."""
        self._open(SheetKind.LINE_DISCOUNT)

    def give_quantity(self, quantity: Decimal) -> None:
        """Change the selected line's quantity; raises the cart's refusals."""
        line = self.sale.line
        self.sale.put(carts.set_quantity(self.sale.cart, line.id, quantity))
        self.sale.end_prompt()
        tell_of_stock(self.sale, [one.id for one in self.sale.cart.lines if one.id == line.id])

    def give_price(self, text: str) -> None:
        """Change the selected line's price to what was typed; raises the cart's refusals."""
        sale = self.sale
        price = buffer.price_of(text, sale.cart.policy.currency)
        sale.put(sale.checkout.override_price(sale.cart, sale.line.id, price))
        sale.end_prompt()

    def give_reason(self, reason: str) -> None:
        """Say why the selected line was discounted."""
        line = self.sale.line
        reasoned = replace(line.discount, reason=reason)
        self.sale.put(carts.discount_line(self.sale.cart, line.id, reasoned))

    def undo(self) -> None:
        """Bring back what was removed last."""
        sale = self.sale
        if sale.removed is not None:
            sale.put(sale.removed)
        sale.notices.take_down(board.UNDO)

    def _remove(self, line: CartLine) -> None:
        sale = self.sale
        before = sale.cart
        place = [known.id for known in before.lines].index(line.id)
        sale.take_over(sale.checkout.remove(before, line.id))
        sale.removed = before
        left = sale.cart.lines
        sale.selected = left[min(place, len(left) - 1)].id if left else 0
        text = t("{name} was removed.").format(name=isolated(name_of(line)))
        sale.notices.tell(text, board.UNDO, words.undo_action())

    def _discount(self, kind: DiscountKind, value: Decimal) -> None:
        sale = self.sale
        line = sale.line
        sale.put(carts.discount_line(sale.cart, line.id, line_discount(kind, value)))
        if value:
            text = t("Discount on {name}. Why?").format(name=isolated(name_of(line)))
            sale.notices.tell(text, board.REASON, *words.reason_actions())

    def _open(self, kind: SheetKind) -> None:
        line = self.sale.line
        self.sale.selected = line.id
        self.sale.open(self.sale.sheets.of_line(kind, line))


def line_discount(kind: DiscountKind, value: Decimal, reason: str = "") -> LineDiscount:
    """Return a line's discount: a percentage, or an amount off each unit."""
    if kind is DiscountKind.PERCENT:
        return LineDiscount(percent=value, reason=reason)
    return LineDiscount(amount_per_unit=value, reason=reason)
