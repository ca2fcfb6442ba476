"""Sales documents at the till: a cart that sells an order, a line that pays an invoice."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from pos_app.domain import order as orders
from pos_app.domain.cart import TEXT_LIMIT, Cart, CartLine
from pos_app.domain.customer import Customer
from pos_app.domain.discount import DiscountKind, DocumentDiscount
from pos_app.domain.document import DocumentLine
from pos_app.domain.errors import PosError
from pos_app.domain.invoice import Invoice, InvoicePayment, with_state
from pos_app.domain.line_shares import share_of
from pos_app.domain.money import Money
from pos_app.domain.order import Order, OrderAction, OrderState
from pos_app.domain.product import ProductKind
from pos_app.domain.sale import Sale

_NONE = Decimal(0)


class NothingToCollect(PosError):
    """An order of which everything has gone out or been invoiced."""

    sentence = "Everything of {number} was delivered or invoiced already."


class OrderMovedOn(PosError):
    """An order of which part went another way while it stood at the till."""

    sentence = (
        "{number} was delivered or invoiced in part meanwhile. Empty the cart and bring the order "
        "to the till again."
    )


def cart_of_order(order: Order, cart: Cart, customer: Customer | None) -> Cart:
    """Return an empty cart filled with what is left of an order, at the order's prices.

    Raises OrderNotApproved, OrderIsOver or NothingToCollect.
    """
    orders.state_after(order, OrderAction.DELIVER)
    wanted = [(line, collectable(line)) for line in order.lines]
    lines = tuple(
        _cart_line(number, line.line, quantity)
        for number, (line, quantity) in enumerate(
            ((line, quantity) for line, quantity in wanted if quantity), 1
        )
    )
    if not lines:
        raise NothingToCollect(number=order.head.number)
    return replace(
        cart,
        lines=lines,
        next_line_id=len(lines) + 1,
        policy=order.head.policy,
        discounts=_discounts_left(order),
        customer=customer,
        order_id=order.head.id,
        order_version=order.head.version,
    )


def collectable(line: orders.OrderLine) -> Decimal:
    """Return how much of a line can be sold at the till: neither delivered nor invoiced yet."""
    billed = line.invoiced + line.ahead + line.sold
    return max(line.line.quantity - line.dropped - max(line.delivered, billed), _NONE)


def collected_quantities(order: Order, cart: Cart) -> dict[str, Decimal]:
    """Return what a cart sells of an order, by the order's line id; raises OrderMovedOn.

    What was added to the cart at the till, beyond what is left of the order, is the sale's alone.
    """
    left = {line.line.id: collectable(line) for line in order.lines}
    ordered: dict[tuple[str | None, str], list[DocumentLine]] = {}
    for line in order.lines:
        ordered.setdefault((line.line.product_id, line.line.name), []).append(line.line)
    found: dict[str, Decimal] = {}
    for sold in cart.lines:
        quantity = sold.quantity
        for wanted in ordered.get((sold.product_id, sold.name), ()):
            if not _is_of(wanted, sold):
                continue
            if order.head.version != cart.order_version:
                raise OrderMovedOn(number=order.head.number)
            part = min(quantity, left[wanted.id])
            if part > 0:
                found[wanted.id] = found.get(wanted.id, _NONE) + part
                left[wanted.id] -= part
                quantity -= part
    return found


def uncollected(order: Order, quantities: Mapping[str, Decimal]) -> Order:
    """Return an order after a sale that had collected some of it was undone, by line id."""
    lines = tuple(
        replace(
            line,
            delivered=line.delivered - quantities.get(line.line.id, _NONE),
            sold=line.sold - quantities.get(line.line.id, _NONE),
        )
        for line in order.lines
    )
    if any(line.delivered for line in lines):
        return replace(order, lines=lines, state=OrderState.PARTIALLY_DELIVERED)
    return replace(order, lines=lines, state=OrderState.APPROVED)


def collected(order: Order, quantities: Mapping[str, Decimal]) -> Order:
    """Return an order after the till sold some of it: delivered and billed in one."""
    sold = orders.delivered(order, quantities)
    lines = tuple(
        replace(line, sold=line.sold + quantities.get(line.line.id, _NONE)) for line in sold.lines
    )
    return replace(sold, lines=lines)


def invoice_payments(sale: Sale) -> list[tuple[str, int]]:
    """Return which invoices a document of the till pays: number and minor units, signed."""
    return [
        (line.code, line.figures.gross.minor)
        for line in sale.lines
        if line.kind is ProductKind.INVOICE_PAYMENT
    ]


def payment_undone(invoice: Invoice, payment: InvoicePayment) -> Invoice:
    """Return an invoice after a payment at the till was undone; its amount is below zero."""
    return with_state(replace(invoice, payments=(*invoice.payments, payment)))


def _cart_line(line_id: int, line: DocumentLine, quantity: Decimal) -> CartLine:
    return CartLine(
        id=line_id,
        product_id=line.product_id,
        code=line.code or line.id,
        name=line.name,
        quantity=quantity,
        unit_price=line.unit_price,
        unit=line.unit,
        kind=line.kind,
        taxes=line.taxes,
        discount=line.discount,
        list_price=line.unit_price,
        note=line.remark[:TEXT_LIMIT],
    )


def _discounts_left(order: Order) -> tuple[DocumentDiscount, ...]:
    """The order's discounts; of an amount, what falls on the goods that are left."""
    is_whole = all(collectable(line) == line.line.quantity for line in order.lines)
    if is_whole or all(discount.kind is DiscountKind.PERCENT for discount in order.discounts):
        return order.discounts
    currency, shares = order.head.policy.currency, 0
    for line, figures in zip(order.lines, order.priced.lines, strict=True):
        whole, quantity = line.line.quantity, collectable(line)
        part = share_of(figures, whole, whole - quantity, quantity, order.head.policy)
        shares += part.document_discount.minor
    last = order.discounts[-1]
    amount = Money(shares, currency).amount
    return (replace(last, kind=DiscountKind.AMOUNT, value=amount),) if shares else ()


def _is_of(line: DocumentLine, sold: CartLine) -> bool:
    """Whether a line sells of an order's; one whose price was changed at the till does too."""
    return sold.returns is None and line.unit_price in (sold.unit_price, sold.list_price)
