"""A finished document of the counter: a sale, a return or an adjustment, as it stays for ever."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from pos_app.domain.card_number import refuse_card_number
from pos_app.domain.cart import Cart, CartLine, ReturnOf, SaleKind, price_cart
from pos_app.domain.customer import Customer
from pos_app.domain.discount import DocumentDiscount, LineDiscount
from pos_app.domain.errors import PosError
from pos_app.domain.money import Money
from pos_app.domain.payment import (
    CashRounding,
    Tender,
    TenderMethod,
    TenderRequest,
    settle,
)
from pos_app.domain.pricing import LineFigures, Priced, PricePolicy, TaxFigure
from pos_app.domain.product import ProductKind, Unit
from pos_app.domain.stock import MoveReason, StockMove


class CartIsEmpty(PosError):
    """There is nothing in the cart."""

    sentence = "The cart is empty. Scan or choose an item first."


class LineWithoutPrice(PosError):
    """A line still waits for its price."""

    sentence = "{name} has no price yet. Enter its price or remove the line."


class NotFullyPaid(PosError):
    """Something is left to pay."""

    sentence = "{remaining} is still to pay. Take the rest before finishing the sale."


class CustomerNeeded(PosError):
    """A sale on account has nobody to owe it, or points nobody to belong to."""

    sentence = "A sale on account needs a customer. Choose the customer first."


_NEED_CUSTOMER = (TenderMethod.ON_ACCOUNT, TenderMethod.POINTS)


@dataclass(frozen=True, slots=True)
class Stamp:
    """When, where and by whom a document was made; `at` is UTC, `business_day` the shop's date."""

    till: str
    shop: str
    staff: str
    at: datetime
    business_day: date


@dataclass(frozen=True, slots=True)
class SaleLine:
    """One line of a finished document with its figures; prices in currency units per unit."""

    line_no: int
    product_id: str | None
    code: str
    name: str
    kind: ProductKind
    quantity: Decimal
    unit: Unit
    unit_price: Decimal
    list_price: Decimal | None
    cost: Decimal | None
    discount: LineDiscount
    figures: LineFigures
    note: str = ""
    returns: ReturnOf | None = None


@dataclass(frozen=True, slots=True)
class Sale:
    """A finished document; net + tax = gross, gross + rounding = amount_due = paid - change."""

    id: str
    number: str
    kind: SaleKind
    stamp: Stamp
    policy: PricePolicy
    cash_rounding: CashRounding | None
    customer: Customer | None
    lines: tuple[SaleLine, ...]
    discounts: tuple[DocumentDiscount, ...]
    discount_amounts: tuple[Money, ...]
    taxes: tuple[TaxFigure, ...]
    net: Money
    tax: Money
    gross: Money
    rounding: Money
    amount_due: Money
    tenders: tuple[Tender, ...]
    paid: Money
    change: Money
    note: str = ""
    voids: str | None = None

    @property
    def currency(self) -> str:
        """The ISO 4217 currency of every amount on the document."""
        return self.policy.currency


def complete(
    cart: Cart,
    requests: Sequence[TenderRequest],
    number: str,
    stamp: Stamp,
    priced: Priced | None = None,
) -> Sale:
    """Turn a paid cart into a document, or refuse.

    `priced` saves pricing the cart again and must be `price_cart(cart)`. Raises CartIsEmpty,
    LineWithoutPrice, CustomerNeeded, NotFullyPaid, LooksLikeCardNumber, or a refusal of a tender.
    """
    priced = priced if priced is not None else check_sellable(cart)
    settled = settle(priced.gross, requests, cart.cash_rounding)
    if not settled.is_settled:
        raise NotFullyPaid(remaining=settled.remaining)
    for tender in settled.tenders:
        if tender.method in _NEED_CUSTOMER and cart.customer is None:
            raise CustomerNeeded()
        if tender.reference:
            refuse_card_number(tender.reference)
    return Sale(
        id=cart.id,
        number=number,
        kind=cart.kind,
        stamp=stamp,
        policy=cart.policy,
        cash_rounding=_as_settled(cart.cash_rounding),
        customer=cart.customer,
        lines=tuple(
            _sale_line(index, line, figures)
            for index, (line, figures) in enumerate(zip(cart.lines, priced.lines, strict=True), 1)
        ),
        discounts=cart.discounts,
        discount_amounts=priced.document_discounts,
        taxes=priced.taxes,
        net=priced.net,
        tax=priced.tax,
        gross=priced.gross,
        rounding=settled.rounding,
        amount_due=settled.amount_due,
        tenders=settled.tenders,
        paid=settled.paid,
        change=settled.change,
        note=cart.note,
    )


def check_sellable(cart: Cart) -> Priced:
    """Return the priced cart; raises CartIsEmpty or LineWithoutPrice."""
    if cart.is_empty:
        raise CartIsEmpty()
    for line in cart.lines:
        if not line.is_priced:
            raise LineWithoutPrice(name=line.name or line.code)
    return price_cart(cart)


def stock_moves(sale: Sale, location: str) -> tuple[StockMove, ...]:
    """What the document does to stock: goods go out, returned goods come back in."""
    return tuple(
        StockMove(line.product_id, location, -line.quantity, _move_reason(sale.kind, line))
        for line in sale.lines
        if line.product_id is not None and line.kind is ProductKind.GOODS
    )


def _as_settled(rounding: CashRounding | None) -> CashRounding | None:
    """The shop's rule; what came back before belongs to the cart and not to the document."""
    return replace(rounding, before=0) if rounding and rounding.before else rounding


def _move_reason(kind: SaleKind, line: SaleLine) -> MoveReason:
    if kind is SaleKind.VOID:
        return MoveReason.VOID
    is_back = kind is SaleKind.RETURN or (kind is SaleKind.EXCHANGE and line.quantity < 0)
    return MoveReason.RETURN if is_back else MoveReason.SALE


def _sale_line(line_no: int, line: CartLine, figures: LineFigures) -> SaleLine:
    if line.unit_price is None:
        raise LineWithoutPrice(name=line.name or line.code)
    return SaleLine(
        line_no=line_no,
        product_id=line.product_id,
        code=line.code,
        name=line.name,
        kind=line.kind,
        quantity=line.quantity,
        unit=line.unit,
        unit_price=line.unit_price,
        list_price=line.list_price,
        cost=line.cost,
        discount=line.discount,
        figures=figures,
        note=line.note,
        returns=line.returns,
    )
