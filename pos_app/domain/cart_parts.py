"""Splitting a cart in two and joining two into one; nothing is sold twice and nothing is lost."""

from collections.abc import Collection
from dataclasses import replace

from pos_app.domain.cart import Cart, NoSuchLine, SaleKind
from pos_app.domain.discount import DiscountKind
from pos_app.domain.errors import PosError


class NothingToSplit(PosError):
    """A split would leave one side without a line."""

    sentence = "Choose some of the lines, not all of them, to split the sale."


class PaidInPart(PosError):
    """Money that came in belongs to the whole sale."""

    sentence = "A part of this sale is paid. Finish it, or give the payment back first."


class FixedDiscount(PosError):
    """An amount off the whole sale cannot be shared between two sales."""

    sentence = "The sale has an amount off the whole. Take that discount away first."


class OtherPolicy(PosError):
    """Two carts are priced by different rules or are documents of different kinds."""

    sentence = "These two sales follow different rules. Finish one after the other."


class OtherOrder(PosError):
    """Two carts collect different orders; one sale could tell only one of them."""

    sentence = "These two sales collect different orders. Finish one after the other."


class OtherCustomer(PosError):
    """Two carts are for different customers."""

    sentence = "One sale is for {one}, the other for {other}. Finish one after the other."


def split_cart(cart: Cart, line_ids: Collection[int], new_id: str) -> tuple[Cart, Cart]:
    """Return (what stays, what goes into a cart of its own with `new_id`).

    A percentage off the whole sale stays on both. Raises NoSuchLine, NothingToSplit, PaidInPart
    or FixedDiscount.
    """
    _check_free(cart)
    known = {line.id for line in cart.lines}
    wanted = set(line_ids)
    if wanted - known:
        raise NoSuchLine()
    if not wanted or wanted == known:
        raise NothingToSplit()
    stays = tuple(line for line in cart.lines if line.id not in wanted)
    goes = tuple(line for line in cart.lines if line.id in wanted)
    return replace(cart, lines=stays), replace(cart, id=new_id, lines=goes)


def merge_carts(cart: Cart, other: Cart) -> Cart:
    """Return `cart` with the lines of `other` behind its own.

    Raises OtherPolicy, OtherOrder, OtherCustomer, PaidInPart or FixedDiscount.
    """
    _check_free(cart)
    _check_free(other)
    if cart.policy != other.policy or {cart.kind, other.kind} != {SaleKind.SALE}:
        raise OtherPolicy()
    if cart.discounts != other.discounts:
        raise OtherPolicy()
    if cart.order_id and other.order_id and cart.order_id != other.order_id:
        raise OtherOrder()
    one, two = cart.customer, other.customer
    if one is not None and two is not None and one.id != two.id:
        raise OtherCustomer(one=one.name, other=two.name)
    moved = tuple(
        replace(line, id=number) for number, line in enumerate(other.lines, cart.next_line_id)
    )
    return replace(
        cart,
        lines=(*cart.lines, *moved),
        customer=one or two,
        note=_joined(cart.note, other.note),
        next_line_id=cart.next_line_id + len(moved),
        order_id=cart.order_id or other.order_id,
        order_version=cart.order_version or other.order_version,
    )


def _check_free(cart: Cart) -> None:
    if cart.taken:
        raise PaidInPart()
    if any(discount.kind is DiscountKind.AMOUNT for discount in cart.discounts):
        raise FixedDiscount()


def _joined(one: str, other: str) -> str:
    return one if other in ("", one) else f"{one} · {other}".strip(" ·")
