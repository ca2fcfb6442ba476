"""Gestures on the open sheet: its list, its reasons and presets, and Enter on the entry line."""

from dataclasses import replace
from decimal import Decimal

from pos_app.domain import cart as carts
from pos_app.domain.discount import DiscountKind
from pos_app.ui.presenters import checkout_words as words
from pos_app.ui.presenters import number_buffer as buffer
from pos_app.ui.presenters.checkout_state import SheetKind
from pos_app.ui.presenters.line_gestures import line_discount
from pos_app.ui.presenters.sale_gestures import CUSTOMER_LIMIT, SaleGestures, give_discount
from pos_app.ui.presenters.sale_on_screen import SaleOnScreen, gesture


class SheetGestures:
    """What can be done while a sheet lies over the products."""

    def __init__(self, sale: SaleOnScreen, whole: SaleGestures) -> None:
        self.sale = sale
        self._whole = whole

    @gesture
    def close(self) -> None:
        """Take the open sheet away."""
        self.sale.escape_sheet()

    @gesture
    def choose(self, key: str) -> None:
        """Take the touched customer or parked sale."""
        self._choose(key)

    @gesture
    def preset(self, percent: str) -> None:
        """Give the touched percentage, with the reason that is marked."""
        self._discount(DiscountKind.PERCENT, Decimal(percent))

    @gesture
    def reason(self, reason: str) -> None:
        """Mark the reason of the discount to come; the same one again unmarks it."""
        marked = "" if self.sale.sheet.reason == reason else reason
        self.sale.sheet = replace(self.sale.sheet, reason=marked)

    @gesture
    def count_as(self, is_percent: bool) -> None:
        """Say whether the figures are a percentage or an amount."""
        self.sale.sheet = replace(self.sale.sheet, is_percent=is_percent)

    @gesture
    def confirm(self) -> None:
        """Do the sheet's main thing by touch."""
        self.enter()

    def leave_for(self, key: str) -> None:
        """Put the sheet away before another key acts; a note is written, an amount is kept."""
        kind = self.sale.sheet.kind
        if kind in (SheetKind.LINE_NOTE, SheetKind.SALE_NOTE):
            self.confirm()
        elif kind is not SheetKind.OTHER_PAYMENT or key not in ("F11", "F12"):
            self.sale.close()

    def follow(self, text: str) -> None:
        """Follow what is typed: only the list of customers changes with it."""
        sale = self.sale
        if sale.owner is not None:
            sale.owner.follow(text)
        elif sale.sheet.kind is SheetKind.CUSTOMER:
            found = sale.checkout.find_customers(text.strip(), CUSTOMER_LIMIT)
            sale.sheet = sale.sheets.customers(found, text, sale.cart.customer)

    def enter(self) -> None:
        """Do the sheet's main thing; raises its refusals."""
        sheet, text = self.sale.sheet, self.sale.figures.text
        if self.sale.owner is not None:
            self.sale.owner.enter(text)
        elif sheet.kind in (SheetKind.CUSTOMER, SheetKind.PARKED):
            if not sheet.rows:
                raise words.NothingFound(text=text)
            self._choose(sheet.rows[0].key)
        elif sheet.kind in (SheetKind.LINE_NOTE, SheetKind.SALE_NOTE):
            self._note(text.strip())
        elif sheet.kind in (SheetKind.LINE_DISCOUNT, SheetKind.SALE_DISCOUNT):
            kind = DiscountKind.PERCENT if sheet.is_percent else DiscountKind.AMOUNT
            self._discount(kind, buffer.number_of(text))

    def _choose(self, key: str) -> None:
        sale = self.sale
        if sale.owner is not None:
            sale.owner.choose(key)
            return
        if sale.sheet.kind is SheetKind.PARKED:
            self._whole.bring_back(key)
        else:
            sale.put(carts.choose_customer(sale.cart, sale.sheets.customer(key)))
        sale.close()

    def _note(self, note: str) -> None:
        sale = self.sale
        if sale.sheet.kind is SheetKind.LINE_NOTE:
            sale.put(carts.note_line(sale.cart, sale.sheet_line.id, note))
        else:
            sale.put(carts.note_cart(sale.cart, note))
        sale.close()

    def _discount(self, kind: DiscountKind, value: Decimal) -> None:
        sale, reason = self.sale, self.sale.sheet.reason
        if sale.sheet.kind is SheetKind.SALE_DISCOUNT:
            give_discount(sale, kind, value, reason)
        else:
            discount = line_discount(kind, value, reason)
            sale.put(carts.discount_line(sale.cart, sale.sheet_line.id, discount))
        sale.close()
