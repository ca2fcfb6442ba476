"""The cart's lines as rows of the screen; a line that did not change keeps its row."""

from decimal import Decimal
from fractions import Fraction

from pos_app.domain.cart import Cart, CartLine
from pos_app.domain.money import Money, minor_digits, round_steps
from pos_app.domain.pricing import LineFigures, Priced, PricePolicy
from pos_app.texts import t
from pos_app.ui.presenters.amounts import AmountFormat
from pos_app.ui.views import CartRow

_Known = tuple[CartLine, Money, CartRow]


class RowWriter:
    """Writes rows and remembers them by line, so that a scan into a long cart costs one row."""

    def __init__(self, amounts: AmountFormat) -> None:
        self._amounts = amounts
        self._known: dict[int, _Known] = {}

    def rows(self, cart: Cart, priced: Priced) -> tuple[CartRow, ...]:
        """Return one row per line of `cart`, whose figures are `priced`."""
        known, fresh = self._known, {}
        for line, figures in zip(cart.lines, priced.lines, strict=True):
            own = figures.discount.minor - figures.document_discount.minor
            old = known.get(line.id)
            if old is not None and old[0] is line and old[1].minor == own:
                fresh[line.id] = old
            else:
                row = self._row(line, figures, own, cart.policy)
                fresh[line.id] = (line, Money(own, figures.discount.currency), row)
        self._known = fresh
        return tuple(entry[2] for entry in fresh.values())

    def _row(
        self, line: CartLine, figures: LineFigures, own_discount: int, policy: PricePolicy
    ) -> CartRow:
        amounts = self._amounts
        price = line.unit_price
        total = "" if price is None else amounts.plain(_amount(line, figures, own_discount, policy))
        return CartRow(
            key=str(line.id),
            name=name_of(line),
            quantity=amounts.quantity(line.quantity, line.unit),
            unit_price="" if price is None else amounts.price(price),
            total=total,
            discount=_discount_text(line, amounts),
            note=line.note,
            is_unpriced=price is None,
            is_return=line.quantity < 0,
        )


def name_of(line: CartLine) -> str:
    """Return what to call a line: its name, or the code that nobody knows."""
    return line.name or line.code


def _amount(line: CartLine, figures: LineFigures, own_discount: int, policy: PricePolicy) -> Money:
    """Price × quantity less the line's own discount, before any share of the sale's discount."""
    if line.figures is not None:
        return figures.gross
    step = Fraction(policy.step_minor)
    exact = Fraction(line.unit_price or Decimal(0)) * Fraction(line.quantity)
    exact *= 10 ** minor_digits(policy.currency)
    listed = round_steps(exact / step, policy.rounding) * policy.step_minor
    return Money(listed - own_discount, policy.currency)


def _discount_text(line: CartLine, amounts: AmountFormat) -> str:
    discount = line.discount
    parts = []
    if discount.percent:
        parts.append(f"\u2212{amounts.percent(discount.percent)}")
    if discount.amount_per_unit:
        each = amounts.price(discount.amount_per_unit)
        is_one = line.quantity == 1
        parts.append(f"\u2212{each}" if is_one else t("−{amount} each").format(amount=each))
    if parts and discount.reason:
        parts.append(t(discount.reason))
    return " ".join(parts)
