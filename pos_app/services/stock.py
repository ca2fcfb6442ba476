"""Stock beyond selling: rules, write-offs, transfers, goods sent back, and what is running low."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from pos_app.domain.approval import Action, ApprovalRequest
from pos_app.domain.cart import QUANTITY_LIMIT
from pos_app.domain.delivery import Batch, batches_left
from pos_app.domain.errors import PosError
from pos_app.domain.money import Money
from pos_app.domain.product import Product
from pos_app.domain.stock import MoveReason, StockMove
from pos_app.domain.stock_rule import StockRule, order_quantity
from pos_app.domain.stock_value import value_of
from pos_app.services.checkout import Checkout
from pos_app.services.stock_records import AVERAGE, BATCH
from pos_app.services.stock_rules import rule_of, save_rule
from pos_app.services.time_zones import business_day

if TYPE_CHECKING:
    from pos_app.store.stock import LowStock, StockMovement, StockWorth


class MoveFigureWrong(PosError):
    """A quantity that cannot be moved."""

    sentence = "{figure} is not possible. Enter a number above 0, as exact as the unit allows."


class SameLocation(PosError):
    """A transfer from a place to itself."""

    sentence = "Choose two different places to move goods between."


@dataclass(frozen=True, slots=True)
class ToOrder:
    """A product that runs low and how much to order."""

    low: "LowStock"
    reorder_at: Decimal
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Expiring:
    """Goods of a batch that are past their date or soon will be."""

    batch: Batch
    name: str
    left: Decimal
    is_past: bool


class StockRoom:
    """The use cases; each is one transaction with its movements and its fact."""

    def __init__(self, checkout: Checkout) -> None:
        self._checkout = checkout
        self._store = checkout.store
        self._now = checkout.now

    def rule(self, product_id: str) -> StockRule:
        """Return a product's rule; without one it follows the shop."""
        return rule_of(self._store, product_id)

    def save_rule(self, rule: StockRule) -> None:
        """Keep a product's rule; raises PointOfOrderingWrong."""
        save_rule(self._store, rule, self._now(), self._checkout.staff)

    def write_off(
        self, product: Product, location: str, quantity: Decimal, reason: str, batch: str = ""
    ) -> None:
        """Take spoilt or lost goods off the stock; raises MoveFigureWrong or ApprovalNeeded."""
        _check(quantity, product)
        self._move(
            product,
            quantity,
            (StockMove(product.id, location, -quantity, MoveReason.WRITE_OFF, reason, batch),),
        )

    def send_back(
        self, product: Product, location: str, quantity: Decimal, note: str, batch: str = ""
    ) -> None:
        """Send goods back to their supplier; raises MoveFigureWrong or ApprovalNeeded."""
        _check(quantity, product)
        move = StockMove(product.id, location, -quantity, MoveReason.SUPPLIER_RETURN, note, batch)
        self._move(product, quantity, (move,))

    def transfer(
        self, product: Product, origin: str, target: str, quantity: Decimal, note: str = ""
    ) -> None:
        """Move goods between two places: out of one and into the other, as one.

        Raises SameLocation or MoveFigureWrong.
        """
        if origin == target:
            raise SameLocation()
        _check(quantity, product)
        moves = (
            StockMove(product.id, origin, -quantity, MoveReason.TRANSFER, note),
            StockMove(product.id, target, quantity, MoveReason.TRANSFER, note),
        )
        with self._store.transaction() as tx:
            self._checkout.move_stock_in(tx, moves)

    def to_order(self, location: str = "") -> list[ToOrder]:
        """Return what runs low at a location, the emptiest first."""
        found = []
        for low in self._store.stock.low(location or self._checkout.shop.location):
            rule = self.rule(low.product_id)
            quantity = order_quantity(rule, low.level)
            if quantity is not None:
                found.append(ToOrder(low, rule.reorder_at or Decimal(0), quantity))
        return found

    def movements(self, product_id: str, limit: int = 100) -> list["StockMovement"]:
        """Return the last movements of a product, the newest first; may take a moment."""
        return self._store.stock.of_product(product_id, limit)

    def worth(self, location: str = "") -> Iterator[tuple["StockWorth", Money]]:
        """Yield every product in stock with what it is worth at average cost."""
        currency = self._checkout.shop.policy.currency
        for one in self._store.stock.worth(location or self._checkout.shop.location):
            yield one, value_of(one.level, one.unit_cost or Decimal(0), currency)

    def batches(self, product_id: str) -> list[tuple[Batch, Decimal]]:
        """Return the batches that are left of a product, the first to expire first."""
        known = self._store.records.starting_with(BATCH, f"{product_id}/")
        level = sum(self._store.stock.levels(product_id).values(), Decimal(0))
        return batches_left(known, level)

    def expiring(self) -> list[Expiring]:
        """Return what is past its date or will be within the shop's days, the oldest first."""
        shop = self._checkout.shop
        today = business_day(self._now(), shop)
        limit = today + timedelta(days=shop.stock.expiry_notice_days)
        found = []
        for product_id in {batch.product_id for batch in self._store.records.all(BATCH, 100_000)}:
            product = self._store.products.get(product_id)
            for batch, left in self.batches(product_id):
                if batch.expiry is not None and batch.expiry <= limit:
                    name = product.name if product else product_id
                    found.append(Expiring(batch, name, left, batch.expiry < today))
        return sorted(found, key=lambda one: (one.batch.expiry or date.max, one.name))

    def _move(self, product: Product, quantity: Decimal, moves: tuple[StockMove, ...]) -> None:
        cost = self._store.records.get(AVERAGE, product.id)
        average = cost.average if cost else product.cost or Decimal(0)
        amount = value_of(quantity, average, self._checkout.shop.policy.currency)
        with self._store.transaction() as tx:
            self._checkout.authority.require(
                ApprovalRequest(Action.STOCK_CHANGE, amount, about=product.name), tx
            )
            self._checkout.move_stock_in(tx, moves)


def _check(quantity: Decimal, product: Product) -> None:
    if not quantity.is_finite() or not 0 < quantity < QUANTITY_LIMIT:
        raise MoveFigureWrong(figure=quantity)
    if quantity != round(quantity, product.unit.decimals):
        raise MoveFigureWrong(figure=quantity)
