"""Taking goods back and undoing documents: by the receipt, line by line, or the whole of it."""

import secrets
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from pos_app.domain import cart as carts
from pos_app.domain.approval import Action, ApprovalRequest
from pos_app.domain.cart import Cart, CartLine, ReturnOf, SaleKind
from pos_app.domain.errors import PosError
from pos_app.domain.ids import uuid7
from pos_app.domain.payment import TenderRequest, settle
from pos_app.domain.product import Product
from pos_app.domain.receipt_code import parse_receipt_qr
from pos_app.domain.refund import refund_requests, refund_rounding
from pos_app.domain.return_ import return_line
from pos_app.domain.sale import Sale, SaleLine
from pos_app.services.checkout import Checkout
from pos_app.services.return_checks import check_voidable
from pos_app.services.time_zones import business_day


class ReceiptUnknown(PosError):
    """No document of this till has the number."""

    sentence = (
        "Receipt {number} was not made at this till, as far as it knows. Check the number, or take "
        "the goods back without a receipt."
    )


class ReceiptOfAnotherShop(PosError):
    """A document has the number, but the receipt's code is of another one."""

    sentence = (
        "That receipt is of another shop: {number} here is another sale. Check the receipt, or "
        "take the goods back without one."
    )


class ReceiptTooOld(PosError):
    """The shop takes nothing back after so many days."""

    sentence = "{number} was sold on {day}. Receipts are taken back for {days} days."


class NothingLeftToReturn(PosError):
    """Everything of the document came back."""

    sentence = "Everything of {number} has come back already."


class NotSoldThere(PosError):
    """The goods are not on the receipt, or all of them came back."""

    sentence = "{name} is not on {number}, or has come back already. Choose a line of the receipt."


class AnotherReceipt(PosError):
    """One refund gives back of one receipt, so that its payments can go back the way they came."""

    sentence = "This return is for {number}. Finish it before the next receipt."


@dataclass(frozen=True, slots=True)
class ReturnableLine:
    """A line of a document and how much of it can still come back."""

    line: SaleLine
    left: Decimal


class Returning:
    """The use cases; a return is finished by `Checkout.complete` like every other document."""

    def __init__(self, checkout: Checkout) -> None:
        self._checkout = checkout
        self._store = checkout.store
        self._now = checkout.now

    def find(self, text: str) -> Sale:
        """Return the document of a receipt's code or number.

        Raises ReceiptUnknown, ReceiptOfAnotherShop or ReceiptTooOld.
        """
        code = parse_receipt_qr(text)
        number = text.strip() if code is None else code.number
        sale = self._store.sales.by_number(number)
        if sale is None:
            raise ReceiptUnknown(number=number[:40])
        if code is not None and not code.is_of(sale.id):
            raise ReceiptOfAnotherShop(number=number)
        self.check_age(sale)
        return sale

    def check_age(self, sale: Sale) -> None:
        """Refuse a document that is too old to be taken back; raises ReceiptTooOld."""
        days, day = self._checkout.shop.returns.days, sale.stamp.business_day
        if days and self._today() - day > timedelta(days=days):
            raise ReceiptTooOld(number=sale.number, day=day, days=days)

    def returnable(self, sale: Sale, cart: Cart | None = None) -> list[ReturnableLine]:
        """Return the lines that can still come back, less what `cart` gives back already."""
        if sale.kind is SaleKind.VOID or self._store.sales.void_of(sale.id) is not None:
            return []
        lines = []
        for line in sale.lines:
            left = line.quantity - self._already(sale, line.line_no, cart)
            if line.quantity > 0 and left > 0:
                lines.append(ReturnableLine(line, left))
        return lines

    def begin(self, sale: Sale, cart_id: str = "") -> Cart:
        """Start a return of a document: its customer, its policy, no line yet.

        Raises NothingLeftToReturn.
        """
        if not self.returnable(sale):
            raise NothingLeftToReturn(number=sale.number)
        earlier = self._store.sales.returns_of(sale.id)
        return Cart(
            id=cart_id or self._new_id(),
            policy=sale.policy,
            kind=SaleKind.RETURN,
            customer=sale.customer,
            cash_rounding=refund_rounding(sale.cash_rounding, earlier),
        )

    def give_back(
        self, cart: Cart, sale: Sale, line_no: int, quantity: Decimal, reason: str
    ) -> Cart:
        """Give back `quantity` (above 0) more of a line of the receipt.

        Raises MoreThanWasSold, NoSuchLine or AnotherReceipt.
        """
        known = receipt_of(cart)
        if known is not None and known.sale_id != sale.id:
            raise AnotherReceipt(number=known.sale_number)
        before = next((line for line in cart.lines if _is_of(line, sale, line_no)), None)
        already = self._store.sales.returned(sale.id, line_no)
        wanted = quantity if before is None else quantity - before.quantity
        line = return_line(sale, line_no, wanted, already, reason)
        if cart.kind is SaleKind.RETURN:  # where the cart waited, other goods may have come back
            earlier = self._store.sales.returns_of(sale.id)
            cart = replace(cart, cash_rounding=refund_rounding(cart.cash_rounding, earlier))
        if before is None:
            return carts.append_line(cart, line)
        line = replace(line, id=before.id)
        return replace(cart, lines=tuple(line if old is before else old for old in cart.lines))

    def give_back_all(self, cart: Cart, sale: Sale, reason: str) -> Cart:
        """Give back all that is left of a document; raises NothingLeftToReturn."""
        left = self.returnable(sale, cart)
        if not left:
            raise NothingLeftToReturn(number=sale.number)
        for one in left:
            cart = self.give_back(cart, sale, one.line.line_no, one.left, reason)
        return cart

    def line_of(self, cart: Cart, sale: Sale, product: Product) -> ReturnableLine:
        """Return the first line of the receipt that has a product and something left of it.

        Raises NotSoldThere.
        """
        for one in self.returnable(sale, cart):
            if one.line.product_id == product.id:
                return one
        raise NotSoldThere(name=product.name, number=sale.number)

    def without_receipt(
        self, cart: Cart, product: Product, quantity: Decimal, reason: str, number: str = ""
    ) -> Cart:
        """Give back goods at today's price without a document, where the policy lets that happen.

        `number` is what a receipt that nobody here knows says. Raises ApprovalNeeded.
        """
        request = ApprovalRequest(Action.RETURN_WITHOUT_RECEIPT, about=product.name)
        self._checkout.authority.require(request)
        sold = carts.add_product(replace(cart, kind=SaleKind.SALE, lines=()), product, quantity)
        line = sold.lines[0]
        origin = ReturnOf(sale_number=number, reason=reason)
        return carts.append_line(cart, replace(line, quantity=-line.quantity, returns=origin))

    def refund(self, cart: Cart) -> tuple[TenderRequest, ...]:
        """Return the tenders by which the money goes back the way it came."""
        origin = receipt_of(cart)
        sale = None if origin is None else self._store.sales.get(origin.sale_id or "")
        if sale is None:
            return ()
        earlier = self._store.sales.returns_of(sale.id)
        due = settle(carts.price_cart(cart).gross, (), cart.cash_rounding).remaining
        return refund_requests(sale, earlier, -due)

    def void(self, sale_id: str, reason: str) -> Sale:
        """Undo a finished document once; again gives the same void. Stock comes back with it.

        Raises PartlyReturned, LaterReturn, VoidOfVoid, ReceiptUnknown or ApprovalNeeded.
        """
        with self._store.transaction() as tx:
            known = tx.sales.void_of(sale_id)
            if known is not None:
                return known
            original = tx.sales.get(sale_id)
            if original is None:
                raise ReceiptUnknown(number=sale_id)
            check_voidable(tx, original)
            amount = original.gross if original.gross.minor >= 0 else -original.gross
            self._checkout.authority.require(
                ApprovalRequest(Action.VOID, amount, about=original.number), tx
            )
            void = self._checkout.void_in(tx, original, self._new_id(), reason)
            self._checkout.keep_receipt_in(tx, void)
        return void

    def _already(self, sale: Sale, line_no: int, cart: Cart | None) -> Decimal:
        here = sum(
            (
                -line.quantity
                for line in (cart.lines if cart else ())
                if _is_of(line, sale, line_no)
            ),
            Decimal(0),
        )
        return self._store.sales.returned(sale.id, line_no) + here

    def _today(self) -> date:
        return business_day(self._now(), self._checkout.shop)

    def _new_id(self) -> str:
        return uuid7(int(self._now().timestamp() * 1000), secrets.randbits(74))


def receipt_of(cart: Cart) -> ReturnOf | None:
    """Return the receipt that a cart gives back of, if it is one that this till knows."""
    for line in cart.lines:
        if line.returns is not None and line.returns.sale_id is not None:
            return line.returns
    return None


def _is_of(line: CartLine, sale: Sale, line_no: int) -> bool:
    origin = line.returns
    return origin is not None and (origin.sale_id, origin.line_no) == (sale.id, line_no)
