"""Whether what is being sold is there at all: looked at only where the shop has asked for it."""

from decimal import Decimal
from typing import TYPE_CHECKING

from pos_app.domain.approval import Action, ApprovalRequest
from pos_app.domain.cart import Cart, CartLine
from pos_app.domain.errors import PosError
from pos_app.domain.product import ProductKind
from pos_app.domain.shop import ShopSettings
from pos_app.domain.stock_rule import AtZero, NoneLeftToSell, OutOfStock
from pos_app.services.authority import Authority

if TYPE_CHECKING:
    from pos_app.store.store import Store
    from pos_app.store.transaction import Transaction


class StockWatch:
    """Follows the shop's rule and those of products; without any it costs nothing.

    `has_rules` says whether any product has a rule of its own.
    """

    def __init__(self, store: "Store", shop: ShopSettings) -> None:
        from pos_app.services.stock_records import RULE  # noqa: PLC0415 - after the first paint

        self._store = store
        self._kind = RULE
        self._shop = shop
        self.has_rules = store.records.count(RULE) > 0

    def trouble(self, cart: Cart, line: CartLine) -> PosError | None:
        """Return what to tell the cashier of a line that the books cannot cover, or None."""
        if not self.is_on or not _leaves_stock(line):
            return None
        at_zero = self._at_zero(self._store, line.product_id or "")
        level = self._left(self._store, cart, line.product_id or "")
        if at_zero is AtZero.ALLOW or level >= 0:
            return None
        there = max(level + _wanted(cart, line.product_id or ""), Decimal(0))
        refusal = NoneLeftToSell if at_zero is AtZero.BLOCK else OutOfStock
        return refusal(name=line.name, level=f"{there:f}")

    def check(self, tx: "Transaction", cart: Cart, authority: Authority) -> None:
        """Refuse a sale of what must not be sold below zero, or ask for approval of it.

        Raises NoneLeftToSell in a shop without staff, else ApprovalNeeded.
        """
        if not self.is_on:
            return
        seen: set[str] = set()
        for line in cart.lines:
            product_id = line.product_id or ""
            if product_id in seen or not _leaves_stock(line):
                continue
            seen.add(product_id)
            if self._at_zero(tx, product_id) is not AtZero.BLOCK:
                continue
            level = self._left(tx, cart, product_id)
            if level >= 0:
                continue
            if not authority.has_staff():
                there = max(level + _wanted(cart, product_id), Decimal(0))
                raise NoneLeftToSell(name=line.name, level=f"{there:f}")
            authority.require(ApprovalRequest(Action.NEGATIVE_STOCK, about=line.name), tx)

    @property
    def is_on(self) -> bool:
        """Whether the shop has asked to be told at all."""
        return self.has_rules or self._shop.stock.at_zero is not AtZero.ALLOW

    def _at_zero(self, source: "Store | Transaction", product_id: str) -> AtZero:
        rule = source.records.get(self._kind, product_id) if self.has_rules else None
        own = rule.at_zero if rule is not None else None
        return own or self._shop.stock.at_zero

    def _left(self, source: "Store | Transaction", cart: Cart, product_id: str) -> Decimal:
        return source.stock.shop_level(product_id, self._shop.location) - _wanted(cart, product_id)


def _leaves_stock(line: CartLine) -> bool:
    is_goods = line.product_id is not None and line.kind is ProductKind.GOODS
    return is_goods and line.quantity > 0


def _wanted(cart: Cart, product_id: str) -> Decimal:
    lines = (line.quantity for line in cart.lines if line.product_id == product_id)
    return sum(lines, Decimal(0))
