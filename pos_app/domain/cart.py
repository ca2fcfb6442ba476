"""The cart: an immutable value, and the gestures that turn one cart into the next."""

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from operator import attrgetter

from pos_app.domain.customer import Customer
from pos_app.domain.discount import NO_DISCOUNT, DocumentDiscount, LineDiscount
from pos_app.domain.errors import PosError
from pos_app.domain.money import Money
from pos_app.domain.payment import CashRounding, TenderRequest
from pos_app.domain.pricing import LineFigures, Priced, PriceLine, PricePolicy, price, sum_lines
from pos_app.domain.product import PIECE, Product, ProductKind, Unit
from pos_app.domain.remember import by_identity
from pos_app.domain.tax import Tax

QUANTITY_LIMIT = Decimal(1_000_000)
PRICE_LIMIT = Decimal(10_000_000)
PRICE_PLACES = 4
TEXT_LIMIT = 500


class QuantityOutOfRange(PosError):
    """A quantity of zero, of the wrong sign, or beyond the limit."""

    sentence = "A quantity of {quantity} is not possible. Enter a number above 0 and below {limit}."


class QuantityTooFine(PosError):
    """More decimal places than the unit of measure allows."""

    sentence = "{quantity} {unit} of {name} is not possible. Enter at most {places} decimal places."


class PriceOutOfRange(PosError):
    """A price below zero, beyond the limit, or with too many places."""

    sentence = "A price of {price} is not possible. Enter 0 or more, with at most 4 decimal places."


class NoSuchLine(PosError):
    """The line is not in the cart any more."""

    sentence = "That line is no longer in the cart. Select a line and try again."


class FixedByReceipt(PosError):
    """A line that gives back what was sold keeps the figures of its receipt."""

    sentence = "{name} is given back as it was sold. Remove the line and enter the return again."


class FixedByItself(PosError):
    """A gift card, deposit, tip or payment on account is worth what was entered for it."""

    sentence = "{name} keeps its amount. Remove the line and enter it again."


class DiscountTooLarge(PosError):
    """A discount by amount that is more than there is to discount."""

    sentence = "A discount of {value} is more than the {total} it is for. Enter a smaller one."


class TextTooLong(PosError):
    """A note or reason beyond the limit."""

    sentence = "That text has {length} characters. Shorten it to {limit}."


class TextBroken(PosError):
    """A text holds half a character (a lone surrogate) that nothing can keep or print."""

    sentence = "That text holds a broken character. Type it again without that character."


class SaleKind(StrEnum):
    """What a document is; each kind says which sign its quantities have."""

    SALE = "sale"
    RETURN = "return"
    ADJUSTMENT = "adjustment"
    EXCHANGE = "exchange"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class ReturnOf:
    """What a returned line gives back: a line of a sale, or nothing known, and why."""

    sale_id: str | None = None
    sale_number: str = ""
    line_no: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CartLine:
    """One line: prices in currency units per unit; `unit_price` None waits for a price.

    `figures` are set where an earlier document fixes them, as in a return.
    """

    id: int
    product_id: str | None
    code: str
    name: str
    quantity: Decimal
    unit_price: Decimal | None
    unit: Unit = PIECE
    kind: ProductKind = ProductKind.GOODS
    taxes: tuple[Tax, ...] = ()
    discount: LineDiscount = NO_DISCOUNT
    list_price: Decimal | None = None
    min_price: Decimal | None = None
    cost: Decimal | None = None
    note: str = ""
    returns: ReturnOf | None = None
    figures: LineFigures | None = None

    @property
    def is_priced(self) -> bool:
        """Whether the line can be sold."""
        return self.unit_price is not None


@dataclass(frozen=True, slots=True)
class Cart:
    """A sale in the making; its `id` (UUIDv7) becomes the sale's, so no retry can double it.

    `taken` is the money that came in before the sale is fully paid: it stays with the cart.
    `order_id` names the order whose goods it sells, as that was at `order_version`.
    """

    id: str
    policy: PricePolicy
    kind: SaleKind = SaleKind.SALE
    lines: tuple[CartLine, ...] = ()
    discounts: tuple[DocumentDiscount, ...] = ()
    customer: Customer | None = None
    note: str = ""
    cash_rounding: CashRounding | None = None
    next_line_id: int = 1
    taken: tuple[TenderRequest, ...] = ()
    order_id: str = ""
    order_version: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to sell yet."""
        return not self.lines

    @property
    def has_prices(self) -> bool:
        """Whether any line was priced under the cart's policy."""
        return any(line.is_priced for line in self.lines)

    def line(self, line_id: int) -> CartLine:
        """Return the line with `line_id`; raises NoSuchLine."""
        for line in self.lines:
            if line.id == line_id:
                return line
        raise NoSuchLine()


def add_product(
    cart: Cart,
    product: Product,
    quantity: Decimal = Decimal(1),
    unit_price: Decimal | None = None,
    note: str = "",
) -> Cart:
    """Add a product at `unit_price` or its own; an equal untouched line counts up instead."""
    given = product.price if unit_price is None else unit_price
    line = CartLine(
        id=cart.next_line_id,
        product_id=product.id,
        code=product.code,
        name=product.name,
        quantity=_checked_quantity(cart, quantity, product.unit, product.name),
        unit_price=_checked_price(cart, given),
        unit=product.unit,
        kind=product.kind,
        taxes=product.taxes,
        list_price=product.price,
        min_price=product.min_price,
        cost=product.cost,
        note=note,
    )
    return _counted_up(cart, line) or append_line(cart, line)


def add_unknown(
    cart: Cart, code: str, quantity: Decimal = Decimal(1), taxes: tuple[Tax, ...] = ()
) -> Cart:
    """Add an unpriced line for a code nobody knows, so that scanning goes on."""
    line = CartLine(
        id=cart.next_line_id,
        product_id=None,
        code=_checked_text(code),
        name="",
        quantity=_checked_quantity(cart, quantity, PIECE, code),
        unit_price=None,
        kind=ProductKind.MANUAL,
        taxes=taxes,
    )
    return append_line(cart, line)


def open_to_goods(cart: Cart) -> Cart:
    """A return to which goods are added is an exchange: one document, the difference to pay."""
    if cart.kind is not SaleKind.RETURN:
        return cart
    rounding = cart.cash_rounding and replace(cart.cash_rounding, before=0)
    return replace(cart, kind=SaleKind.EXCHANGE, cash_rounding=rounding)


def append_line(cart: Cart, line: CartLine) -> Cart:
    """Put a finished line at the end under the next line id."""
    line = replace(line, id=cart.next_line_id)
    return replace(cart, lines=(*cart.lines, line), next_line_id=cart.next_line_id + 1)


def set_quantity(cart: Cart, line_id: int, quantity: Decimal) -> Cart:
    """Change a line's quantity; raises QuantityOutOfRange, QuantityTooFine or FixedByReceipt."""
    line = _free_line(cart, line_id)
    checked = _checked_quantity(cart, quantity, line.unit, line.name or line.code)
    return _replaced(cart, replace(line, quantity=checked))


def set_price(cart: Cart, line_id: int, unit_price: Decimal, name: str | None = None) -> Cart:
    """Name a line's price (and, for an unknown item, what it is).

    Raises PriceOutOfRange, FixedByReceipt, TextTooLong or TextBroken.
    """
    line = _free_line(cart, line_id)
    checked = _checked_price(cart, unit_price)
    called = line.name if name is None else _checked_text(name)
    return _replaced(cart, replace(line, unit_price=checked, name=called))


def discount_line(cart: Cart, line_id: int, discount: LineDiscount) -> Cart:
    """Give a line a discount; raises FixedByReceipt, or DiscountTooLarge beyond the price."""
    line = _free_line(cart, line_id)
    _checked_text(discount.reason)
    if line.unit_price is not None and discount.amount_per_unit > abs(line.unit_price):
        raise DiscountTooLarge(value=discount.amount_per_unit, total=line.unit_price)
    return _replaced(cart, replace(line, discount=discount))


def discount_cart(cart: Cart, discount: DocumentDiscount | None) -> Cart:
    """Give the whole sale one discount, or take it away; raises DiscountTooLarge."""
    if discount is None:
        return replace(cart, discounts=())
    _checked_text(discount.reason)
    if discount.kind == "amount":
        whole = price_cart(replace(cart, discounts=()))
        base = whole.gross if discount.basis == "gross" else whole.net
        if discount.value > abs(base.amount):
            raise DiscountTooLarge(value=discount.value, total=base)
    return replace(cart, discounts=(discount,))


def note_line(cart: Cart, line_id: int, note: str) -> Cart:
    """Write a note under a line; raises TextTooLong or TextBroken."""
    return _replaced(cart, replace(cart.line(line_id), note=_checked_text(note)))


def note_cart(cart: Cart, note: str) -> Cart:
    """Write a note on the sale; raises TextTooLong or TextBroken."""
    return replace(cart, note=_checked_text(note))


def remove_line(cart: Cart, line_id: int) -> Cart:
    """Take a line out; raises NoSuchLine."""
    gone = cart.line(line_id)
    return replace(cart, lines=tuple(line for line in cart.lines if line.id != gone.id))


def choose_customer(cart: Cart, customer: Customer | None) -> Cart:
    """Say who buys, or that nobody in particular does."""
    return replace(cart, customer=customer)


def take_payment(cart: Cart, request: TenderRequest) -> Cart:
    """Keep a payment that leaves something to pay; `settle` has accepted it."""
    return replace(cart, taken=(*cart.taken, request))


def give_back_payment(cart: Cart, place: int) -> Cart:
    """Undo the payment at `place`, counted from 0."""
    return replace(cart, taken=tuple(r for i, r in enumerate(cart.taken) if i != place))


def price_cart(cart: Cart) -> Priced:
    """Price every line that has a price; figures fixed by an earlier document stand as they are."""
    free = [line for line in cart.lines if line.figures is None]
    priced = price([_price_line(line, None) for line in free], cart.policy, cart.discounts)
    if len(free) == len(cart.lines):
        return priced
    fresh = iter(priced.lines)
    figures = tuple(line.figures or next(fresh) for line in cart.lines)
    return sum_lines(figures, cart.policy.currency, priced.document_discounts)


def total_due(cart: Cart) -> Money:
    """What the customer has to pay before cash rounding."""
    return price_cart(cart).gross


@by_identity
def _price_line(line: CartLine, _: None) -> PriceLine:
    return PriceLine(
        line.quantity, line.unit_price or Decimal(0), line.discount, line.min_price, line.taxes
    )


# Everything but the id and the quantity: what two lines must share to be counted as one.
_SAMENESS = attrgetter(*(name for name in CartLine.__slots__ if name not in ("id", "quantity")))


def _counted_up(cart: Cart, line: CartLine) -> Cart | None:
    """The cart with an equal line counted up, or None; a touched line is never merged into."""
    wanted = _SAMENESS(line)
    for known in reversed(cart.lines):
        if known.product_id == line.product_id and _SAMENESS(known) == wanted:
            quantity = _checked_quantity(cart, known.quantity + line.quantity, line.unit, line.name)
            return _replaced(cart, replace(known, quantity=quantity))
    return None


def _free_line(cart: Cart, line_id: int) -> CartLine:
    """The line, unless an earlier document or its kind fixes its figures."""
    line = cart.line(line_id)
    if line.figures is not None and line.returns is None:
        raise FixedByItself(name=line.name or line.code)
    if line.figures is not None:
        raise FixedByReceipt(name=line.name or line.code)
    return line


def _replaced(cart: Cart, new: CartLine) -> Cart:
    return replace(cart, lines=tuple(new if line.id == new.id else line for line in cart.lines))


def _checked_quantity(cart: Cart, quantity: Decimal, unit: Unit, name: str) -> Decimal:
    if not quantity.is_finite() or _has_wrong_sign(cart.kind, quantity):
        raise QuantityOutOfRange(quantity=quantity, limit=f"{QUANTITY_LIMIT:,}")
    if abs(quantity) >= QUANTITY_LIMIT:
        raise QuantityOutOfRange(quantity=quantity, limit=f"{QUANTITY_LIMIT:,}")
    if quantity != round(quantity, unit.decimals):
        raise QuantityTooFine(quantity=quantity, unit=unit.name, name=name, places=unit.decimals)
    return quantity


def _has_wrong_sign(kind: SaleKind, quantity: Decimal) -> bool:
    if kind in (SaleKind.ADJUSTMENT, SaleKind.EXCHANGE, SaleKind.VOID):
        return quantity == 0
    return quantity <= 0 if kind is SaleKind.SALE else quantity >= 0


def _checked_price(cart: Cart, unit_price: Decimal | None) -> Decimal | None:
    if unit_price is None:
        return None
    if not unit_price.is_finite() or abs(unit_price) >= PRICE_LIMIT:
        raise PriceOutOfRange(price=unit_price)
    if unit_price < 0 and cart.kind is not SaleKind.ADJUSTMENT:
        raise PriceOutOfRange(price=unit_price)
    if unit_price != round(unit_price, PRICE_PLACES):
        raise PriceOutOfRange(price=unit_price)
    return unit_price


def _checked_text(text: str) -> str:
    if len(text) > TEXT_LIMIT:
        raise TextTooLong(length=len(text), limit=TEXT_LIMIT)
    if not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text):
        raise TextBroken()
    return text
