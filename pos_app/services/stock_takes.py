"""Stock takes: counted by scanning while selling goes on, looked through, and booked once."""

import secrets
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from pos_app.domain.approval import Action, ApprovalRequest
from pos_app.domain.cart import QUANTITY_LIMIT
from pos_app.domain.errors import PosError
from pos_app.domain.facts import FactKind
from pos_app.domain.ids import uuid7
from pos_app.domain.money import Money
from pos_app.domain.product import Product
from pos_app.domain.stock import MoveReason, StockMove
from pos_app.domain.stock_take import StockCount, StockTake, TakeAction, TakeState, step
from pos_app.domain.stock_value import value_of
from pos_app.services.checkout import Checkout
from pos_app.services.stock_records import AVERAGE, COUNT, TAKE

if TYPE_CHECKING:
    from pos_app.store.transaction import Transaction

COUNT_LIMIT = 100_000


class StockTakeGone(PosError):
    """There is no such stock take."""

    sentence = "That stock take is no longer there. Open the list again."


class CountWrong(PosError):
    """A count that cannot be."""

    sentence = "A count of {figure} is not possible. Enter 0 or more, as exact as the unit allows."


@dataclass(frozen=True, slots=True)
class Difference:
    """A count that differs, and what that is worth at average cost (below zero is missing)."""

    count: StockCount
    worth: Money


class StockTakes:
    """The use cases of counting; each count is durable at once."""

    def __init__(self, checkout: Checkout) -> None:
        self._checkout = checkout
        self._store = checkout.store
        self._now = checkout.now

    def open(self) -> list[StockTake]:
        """Return the stock takes that are being worked on, the oldest first."""
        return self._store.records.in_progress(TAKE)

    def latest(self, limit: int = 50) -> list[StockTake]:
        """Return the last stock takes, the newest first."""
        return self._store.records.latest(TAKE, limit)

    def begin(self, name: str, location: str = "") -> StockTake:
        """Open a stock take of a part of the shop."""
        take = StockTake(
            id=uuid7(int(self._now().timestamp() * 1000), secrets.randbits(74)),
            name=name.strip(),
            location=location or self._checkout.shop.location,
            at=self._now(),
            staff=self._checkout.staff,
        )
        with self._store.transaction() as tx:
            self._keep(tx, take, FactKind.STOCK_TAKE_OPENED)
        return take

    def counts(self, take: StockTake) -> list[StockCount]:
        """Return what was counted so far."""
        return self._store.records.starting_with(COUNT, f"{take.id}/", COUNT_LIMIT)

    def count(
        self, take: StockTake, product: Product, figure: Decimal, *, adds: bool = False
    ) -> StockCount:
        """Say how many of a product are there, or with `adds` how many more were found.

        Adding goes on with the go that was begun; a figure begins a new one. Raises CountWrong,
        StockTakeGone or TakeNotPossible.
        """
        with self._store.transaction() as tx:
            now = step(self._of(tx, take), TakeAction.COUNT)
            before = tx.records.get(COUNT, f"{now.id}/{product.id}")
            if adds and before is not None:
                counted, expected = before.counted + figure, before.expected
            else:
                counted, expected = figure, tx.stock.shop_level(product.id, now.location)
            _check(counted, product)
            found = StockCount(
                take_id=now.id,
                product_id=product.id,
                code=product.code,
                name=product.name,
                counted=counted,
                expected=expected,
                at=self._now(),
                staff=self._checkout.staff,
            )
            tx.records.put(
                COUNT, found, FactKind.STOCK_TAKE_COUNTED, found.at, self._checkout.staff
            )
            if before is None:
                self._keep(tx, replace(now, counted=now.counted + 1), FactKind.STOCK_TAKE_COUNTED)
        return found

    def review(self, take: StockTake) -> StockTake:
        """End the counting; raises TakeNotPossible."""
        return self._step(take, TakeAction.REVIEW)

    def reopen(self, take: StockTake) -> StockTake:
        """Go back to counting; raises TakeNotPossible."""
        return self._step(take, TakeAction.REOPEN)

    def discard(self, take: StockTake) -> StockTake:
        """Give a stock take up; nothing moves. Raises TakeNotPossible."""
        return self._step(take, TakeAction.DISCARD)

    def differences(self, take: StockTake) -> list[Difference]:
        """Return what differs, the dearest first."""
        currency = self._checkout.shop.policy.currency
        found = []
        for count in self.counts(take):
            if count.difference:
                cost = self._store.records.get(AVERAGE, count.product_id)
                average = cost.average if cost else self._own_cost(count.product_id)
                worth = value_of(abs(count.difference), average, currency)
                found.append(Difference(count, worth if count.difference > 0 else -worth))
        return sorted(found, key=lambda one: -abs(one.worth.minor))

    def book(self, take: StockTake) -> StockTake:
        """Move the stock by every difference, once; the policy may ask for approval.

        Raises TakeNotPossible or ApprovalNeeded.
        """
        worth = sum(abs(one.worth.minor) for one in self.differences(take))
        amount = Money(worth, self._checkout.shop.policy.currency)
        at = self._now()
        with self._store.transaction() as tx:
            now = step(self._of(tx, take), TakeAction.BOOK)
            self._checkout.authority.require(
                ApprovalRequest(Action.STOCK_CHANGE, amount, about=now.name or now.location), tx
            )
            counts = tx.records.starting_with(COUNT, f"{now.id}/", COUNT_LIMIT)
            moves = tuple(
                StockMove(
                    count.product_id, now.location, count.difference, MoveReason.COUNT, now.name
                )
                for count in counts
                if count.difference
            )
            if moves:
                self._checkout.move_stock_in(tx, moves, at)
            booked = replace(now, booked_at=at)
            self._keep(tx, booked, FactKind.STOCK_TAKE_CLOSED)
        return booked

    def _step(self, take: StockTake, action: TakeAction) -> StockTake:
        with self._store.transaction() as tx:
            after = step(self._of(tx, take), action)
            is_over = after.state in (TakeState.BOOKED, TakeState.DISCARDED)
            kind = FactKind.STOCK_TAKE_CLOSED if is_over else FactKind.STOCK_TAKE_OPENED
            self._keep(tx, after, kind)
        return after

    def _of(self, tx: "Transaction", take: StockTake) -> StockTake:
        now = tx.records.get(TAKE, take.id)
        if now is None:
            raise StockTakeGone()
        return now

    def _keep(self, tx: "Transaction", take: StockTake, kind: FactKind) -> None:
        tx.records.put(TAKE, take, kind, self._now(), self._checkout.staff)

    def _own_cost(self, product_id: str) -> Decimal:
        product = self._store.products.get(product_id)
        return (product.cost if product else None) or Decimal(0)


def _check(counted: Decimal, product: Product) -> None:
    if not counted.is_finite() or not 0 <= counted < QUANTITY_LIMIT:
        raise CountWrong(figure=counted)
    if counted != round(counted, product.unit.decimals):
        raise CountWrong(figure=counted)
