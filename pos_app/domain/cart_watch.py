"""What a gesture took back from a sale in the making: facts for the journal, requests for rights.

Lowered quantities, discounts and payments given back leave no trace in the finished document, and
are where money goes astray at a till; so each is a fact of its own, whatever gesture caused it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from pos_app.domain.approval import Action, ApprovalRequest
from pos_app.domain.cart import Cart, CartLine, SaleKind, price_cart
from pos_app.domain.discount import DiscountKind
from pos_app.domain.facts import Fact, FactKind
from pos_app.domain.money import Money, minor_digits
from pos_app.domain.payloads import text

_HUNDRED = Decimal(100)
_WATCHED = (SaleKind.SALE, SaleKind.EXCHANGE)


@dataclass(frozen=True, slots=True)
class Watched:
    """What has to be told, and what the shop's policy has to allow first."""

    facts: tuple[Fact, ...] = ()
    requests: tuple[ApprovalRequest, ...] = ()


NOTHING = Watched()


def watch(before: Cart, after: Cart) -> Watched:
    """Compare two states of one cart; other carts, and those that give back, are not watched."""
    if before.id != after.id or after.kind not in _WATCHED:
        return NOTHING
    changed = _changed(before, after)
    if not changed and before.discounts == after.discounts and before.taken is after.taken:
        return NOTHING
    pairs = [(old, new) for old, new in changed if new.figures is None]
    found = [*_lowered(after, pairs), *_discounted(before, after, pairs)]
    requests = tuple(request for _, request in found) + tuple(_below_cost(before, after))
    facts = tuple(fact for fact, _ in found) + tuple(_given_back(before, after))
    return Watched(facts, requests)


def price_changed(before: Cart, after: Cart, line: CartLine) -> tuple[ApprovalRequest, ...]:
    """Return what selling a line at another price than the product's needs rights for."""
    listed, price = line.list_price, line.unit_price
    if listed is None or price is None or price == listed:
        return ()
    away = _money(abs(listed - price) * abs(line.quantity), after)
    percent = _trimmed((listed - price) / listed * _HUNDRED) if 0 <= price < listed else None
    change = ApprovalRequest(Action.PRICE_CHANGE, away, percent, _name(line))
    return (change, *_below_cost(before, after))


def line_worth(cart: Cart, line: CartLine, quantity: Decimal | None = None) -> Money:
    """Return what a line, or `quantity` of it, comes to at its own price before discounts."""
    count = abs(line.quantity if quantity is None else quantity)
    return _money(count * abs(line.unit_price or Decimal(0)), cart)


def effective_percent(cart: Cart, line: CartLine) -> Decimal:
    """Return what line and document discounts together take off a line's price, in percent."""
    left = _HUNDRED - _line_percent(line)
    return _trimmed(_HUNDRED - left * (_HUNDRED - _document_percent(cart)) / _HUNDRED)


def _changed(before: Cart, after: Cart) -> list[tuple[CartLine, CartLine]]:
    """Lines that are in both and differ; a scan leaves all others the very same objects."""
    if before.lines is after.lines:
        return []
    known = {line.id: line for line in before.lines}
    return [
        (known[line.id], line)
        for line in after.lines
        if line.id in known and known[line.id] is not line
    ]


def _lowered(
    cart: Cart, pairs: list[tuple[CartLine, CartLine]]
) -> Iterator[tuple[Fact, ApprovalRequest]]:
    for old, new in pairs:
        less = old.quantity - new.quantity
        if old.quantity <= 0 or less <= 0:
            continue
        worth = line_worth(cart, new, less)
        told = {
            "cart": cart.id,
            "code": new.code,
            "name": new.name,
            "before": text(old.quantity),
            "after": text(new.quantity),
            "amount": worth.minor,
            "currency": worth.currency,
        }
        request = ApprovalRequest(Action.REMOVE_LINE, worth, about=_name(new))
        yield Fact(FactKind.QUANTITY_LOWERED, told), request


def _discounted(
    before: Cart, after: Cart, pairs: list[tuple[CartLine, CartLine]]
) -> Iterator[tuple[Fact, ApprovalRequest]]:
    for old, new in pairs:
        was, now = effective_percent(before, old), effective_percent(after, new)
        if _line_percent(new) > _line_percent(old) and now > was:
            worth = line_worth(after, new)
            off = Money(_rounded(worth.minor * now / _HUNDRED), worth.currency)
            yield _discount(after, off, now, new.discount.reason, new)
    if after.discounts != before.discounts and _document_percent(after) > _document_percent(before):
        percent = max((effective_percent(after, line) for line in after.lines), default=Decimal(0))
        off_minor = sum(line.discount.minor for line in price_cart(after).lines)
        off = Money(off_minor, after.policy.currency)
        yield _discount(after, off, percent, after.discounts[-1].reason, None)


def _discount(
    cart: Cart, off: Money, percent: Decimal, reason: str, line: CartLine | None
) -> tuple[Fact, ApprovalRequest]:
    told = {
        "cart": cart.id,
        "code": line.code if line else "",
        "name": line.name if line else "",
        "percent": text(percent),
        "amount": off.minor,
        "currency": off.currency,
        "reason": reason,
    }
    about = _name(line) if line else ""
    request = ApprovalRequest(Action.DISCOUNT, off, percent, about)
    return Fact(FactKind.DISCOUNT_GIVEN, told), request


def _below_cost(before: Cart, after: Cart) -> Iterator[ApprovalRequest]:
    """Lines that have come to sell below cost, before tax; their loss is the amount."""
    if all(line.cost is None for line in after.lines):
        return
    losses = _losses(before)
    for line_id, loss in _losses(after).items():
        if loss > losses.get(line_id, Money.zero(loss.currency)):
            yield ApprovalRequest(Action.PRICE_BELOW_COST, loss, about=_name(after.line(line_id)))


def _losses(cart: Cart) -> dict[int, Money]:
    """By line: how much less than its cost a priced line brings, where it does."""
    losses = {}
    for line, figures in zip(cart.lines, price_cart(cart).lines, strict=True):
        if line.cost is None or not line.is_priced or line.quantity <= 0:
            continue
        loss = _money(line.cost * line.quantity, cart) - figures.net
        if loss.minor > 0:
            losses[line.id] = loss
    return losses


def _given_back(before: Cart, after: Cart) -> Iterator[Fact]:
    left = list(after.taken)
    for request in before.taken:
        if request in left:
            left.remove(request)
            continue
        amount = request.tendered or request.amount
        told = {
            "cart": after.id,
            "method": request.method.value,
            "amount": 0 if amount is None else amount.minor,
            "currency": after.policy.currency if amount is None else amount.currency,
        }
        yield Fact(FactKind.PAYMENT_GIVEN_BACK, told)


def _line_percent(line: CartLine) -> Decimal:
    """A line's own discount in percent of its price: the percentage, then the amount per unit."""
    price = line.unit_price or Decimal(0)
    if price <= 0:
        return line.discount.percent
    after = price * (_HUNDRED - line.discount.percent) / _HUNDRED - line.discount.amount_per_unit
    return min(_HUNDRED, (price - after) / price * _HUNDRED)


def _document_percent(cart: Cart) -> Decimal:
    """The whole sale's discounts in percent of what it comes to without them."""
    if not cart.discounts:
        return Decimal(0)
    if len(cart.discounts) == 1 and cart.discounts[0].kind is DiscountKind.PERCENT:
        return cart.discounts[0].value
    priced = price_cart(cart)
    given = sum(line.document_discount.minor for line in priced.lines)
    whole = priced.gross.minor + given
    return Decimal(0) if whole <= 0 else Decimal(given) * _HUNDRED / Decimal(whole)


def _money(amount: Decimal, cart: Cart) -> Money:
    currency = cart.policy.currency
    return Money(_rounded(amount.scaleb(minor_digits(currency))), currency)


def _trimmed(percent: Decimal) -> Decimal:
    """A percentage to four places, written one way however it was worked out."""
    return Decimal(text(round(percent, 4)))


def _rounded(minor: Decimal) -> int:
    return int(minor.to_integral_value(ROUND_HALF_UP))


def _name(line: CartLine) -> str:
    return line.name or line.code
