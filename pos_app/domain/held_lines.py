"""Lines that are no turnover: a gift card, a deposit, a payment on account or of an invoice, a tip.

Their figures are fixed when they are made: no tax, and no share of any discount.
"""

from dataclasses import replace
from decimal import Decimal

from pos_app.domain.cart import Cart, CartLine, append_line
from pos_app.domain.money import Money
from pos_app.domain.pricing import LineFigures
from pos_app.domain.product import ProductKind
from pos_app.domain.stored_value import ValueNotPositive
from pos_app.domain.value_numbers import short

TIP_CODE = "TIP"


def held_figures(amount: Money) -> LineFigures:
    """Return the figures of a line that is worth `amount` and has no tax."""
    zero = Money.zero(amount.currency)
    return LineFigures(amount, zero, amount, zero, zero, ())


def add_held(cart: Cart, kind: ProductKind, code: str, name: str, amount: Money) -> Cart:
    """Put a line of a held kind into the cart; raises ValueNotPositive."""
    if amount.minor <= 0:
        raise ValueNotPositive(units=amount)
    line = CartLine(
        id=0,
        product_id=None,
        code=code,
        name=name,
        quantity=Decimal(1),
        unit_price=amount.amount,
        kind=kind,
        figures=held_figures(amount),
    )
    return append_line(cart, line)


def add_gift_card(cart: Cart, number: str, amount: Money, word: str = "Gift card") -> Cart:
    """Sell a gift card, or put more on one; `word` is what it is called on the receipt."""
    return add_held(cart, ProductKind.GIFT_CARD, number, f"{word} {short(number)}", amount)


def add_deposit(cart: Cart, number: str, amount: Money, word: str = "Deposit") -> Cart:
    """Take a deposit; its slip number pays with it later."""
    return add_held(cart, ProductKind.DEPOSIT, number, f"{word} {short(number)}", amount)


def add_account_payment(cart: Cart, amount: Money, word: str = "Paid on account") -> Cart:
    """Take money for what the cart's customer owes."""
    return add_held(cart, ProductKind.ACCOUNT_PAYMENT, "ACCOUNT", word, amount)


def add_invoice_payment(cart: Cart, number: str, amount: Money, word: str = "Invoice") -> Cart:
    """Take money for an invoice, by its number."""
    return add_held(cart, ProductKind.INVOICE_PAYMENT, number, f"{word} {number}", amount)


def add_tip(cart: Cart, amount: Money, word: str = "Tip") -> Cart:
    """Take a tip; one that stands in the cart already grows."""
    if amount.minor <= 0:
        raise ValueNotPositive(units=amount)
    known = next((line for line in cart.lines if line.kind is ProductKind.TIP), None)
    if known is None or known.figures is None or known.returns is not None:
        return add_held(cart, ProductKind.TIP, TIP_CODE, word, amount)
    grown = known.figures.gross + amount
    lines = tuple(line for line in cart.lines if line is not known)
    return add_held(replace(cart, lines=lines), ProductKind.TIP, TIP_CODE, word, grown)
