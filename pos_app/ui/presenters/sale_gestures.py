"""Gestures on the whole sale: discount, note, customer, parking, giving up."""

from decimal import Decimal

from pos_app.domain import cart as carts
from pos_app.domain.discount import DiscountKind, DocumentDiscount
from pos_app.domain.sale import CartIsEmpty
from pos_app.texts import t
from pos_app.ui.presenters import checkout_words as words
from pos_app.ui.presenters import notice_board as board
from pos_app.ui.presenters.checkout_state import SheetKind
from pos_app.ui.presenters.sale_on_screen import SaleOnScreen, gesture

CUSTOMER_LIMIT = 50


class SaleGestures:
    """What can be done with the sale as a whole."""

    def __init__(self, sale: SaleOnScreen) -> None:
        self.sale = sale

    @gesture
    def percent(self) -> None:
        """Take the percentage on the entry line off the whole sale, or open the sheet."""
        text = self.sale.figures.text
        if text:
            give_discount(self.sale, DiscountKind.PERCENT, self.sale.take_number(), "")
        else:
            self._open(SheetKind.SALE_DISCOUNT)

    @gesture
    def open_note(self) -> None:
        """Open the sheet for a note on the sale."""
        self._open(SheetKind.SALE_NOTE)

    @gesture
    def open_other_payment(self) -> None:
        """Open the sheet with the less usual ways to pay."""
        self._open(SheetKind.OTHER_PAYMENT)

    @gesture
    def discard(self) -> None:
        """Give the whole sale up; the notice offers to undo that."""
        sale = self.sale
        if sale.cart.taken:
            raise words.PaymentsTaken()
        if sale.cart.is_empty:
            sale.clear_entry()
            return
        before = sale.cart
        sale.checkout.discard(before)
        sale.begin()
        sale.removed = before
        sale.notices.tell(t("The sale was cancelled."), board.UNDO, words.undo_action())

    @gesture
    def customer(self) -> None:
        """Choose the customer whose name begins as typed, or open the list."""
        sale = self.sale
        text = sale.figures.text.strip()
        found = sale.checkout.find_customers(text, CUSTOMER_LIMIT)
        begins = [c for c in found if c.name.casefold().startswith(text.casefold())]
        if text and not found:
            raise words.NoSuchCustomer(text=text)
        if text and (len(found) == 1 or len(begins) == 1):
            sale.put(carts.choose_customer(sale.cart, (begins or found)[0]))
            sale.clear_entry()
        else:
            sale.open(sale.sheets.customers(found, text, sale.cart.customer))

    @gesture
    def park(self) -> None:
        """Put the sale aside, under the name on the entry line if there is one."""
        sale = self.sale
        if sale.cart.is_empty:
            raise CartIsEmpty()
        if sale.cart.taken:
            raise words.PaymentsTaken()
        sale.checkout.park(sale.cart, sale.figures.text.strip())
        sale.begin()
        sale.count_parked()
        sale.notices.tell(t("The sale is parked. Press F8 to recall it."))

    @gesture
    def recall(self) -> None:
        """Take the parked sale back; with several the list opens."""
        sale = self.sale
        parked = sale.checkout.parked()
        if not parked:
            raise words.NothingParked()
        if len(parked) > 1:
            sale.open(sale.sheets.parked(parked))
        else:
            self.bring_back(parked[0].id)

    def bring_back(self, parked_id: str) -> None:
        """Put one of the parked sales on the screen; raises SaleOnScreen or ParkedSaleGone."""
        sale = self.sale
        if not sale.cart.is_empty:
            raise words.SaleOnScreen()
        sale.begin(sale.checkout.recall(parked_id))
        sale.count_parked()

    def _open(self, kind: SheetKind) -> None:
        sale = self.sale
        if sale.cart.is_empty:
            raise CartIsEmpty()
        due = sale.desk.due(sale.cart, sale.priced)
        sale.open(sale.sheets.of_sale(kind, sale.cart, due))


def give_discount(sale: SaleOnScreen, kind: DiscountKind, value: Decimal, reason: str) -> None:
    """Discount the whole sale; zero takes the discount away. Raises CartIsEmpty and others."""
    if sale.cart.is_empty:
        raise CartIsEmpty()
    discount = DocumentDiscount(kind, value, reason=reason) if value else None
    sale.put(carts.discount_cart(sale.cart, discount))
