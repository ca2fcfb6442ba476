"""Receiving goods: scanned line by line, kept at once, and booked as one movement of stock."""

import secrets
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from pos_app.domain.cart import PRICE_LIMIT, PRICE_PLACES, QUANTITY_LIMIT
from pos_app.domain.delivery import (
    Batch,
    Delivery,
    DeliveryClosed,
    DeliveryLine,
    DeliveryState,
    DeliveryTooLong,
    NothingReceived,
    ReceivedFigureWrong,
    Supplier,
    UnknownGoods,
    place_of_goods,
)
from pos_app.domain.facts import FactKind
from pos_app.domain.ids import uuid7
from pos_app.domain.product import Product
from pos_app.domain.stock import MoveReason, StockMove
from pos_app.domain.stock_value import AverageCost, average_after
from pos_app.services.checkout import Checkout
from pos_app.services.stock_records import AVERAGE, BATCH, DELIVERY, DELIVERY_LINE, SUPPLIER

if TYPE_CHECKING:
    from pos_app.store.transaction import Transaction

LINE_LIMIT = 5000
# Lines of the same goods are few; a batch that begins like another and a slash may stand between.
_LINES_OF_GOODS = 20


class Receiving:
    """The use cases at the back door; each scan is durable, so nothing is lost by a restart."""

    def __init__(self, checkout: Checkout) -> None:
        self._checkout = checkout
        self._store = checkout.store
        self._now = checkout.now

    def suppliers(self) -> list[Supplier]:
        """Return the suppliers by name."""
        return self._store.records.in_progress(SUPPLIER)

    def save_supplier(self, supplier: Supplier) -> Supplier:
        """Keep a new or changed supplier; a new one has an empty id."""
        kept = supplier if supplier.id else replace(supplier, id=self._new_id())
        with self._store.transaction() as tx:
            tx.records.put(
                SUPPLIER, kept, FactKind.SUPPLIER_SAVED, self._now(), self._checkout.staff
            )
        return kept

    def open(self) -> list[Delivery]:
        """Return the deliveries that are not booked yet, the oldest first."""
        return self._store.records.in_progress(DELIVERY)

    def latest(self, limit: int = 50) -> list[Delivery]:
        """Return the last deliveries, the newest first."""
        return self._store.records.latest(DELIVERY, limit)

    def lines(self, delivery: Delivery) -> list[DeliveryLine]:
        """Return the lines of a delivery that were not taken out."""
        found = self._store.records.starting_with(DELIVERY_LINE, f"{delivery.id}/", LINE_LIMIT)
        return sorted((line for line in found if line.quantity), key=lambda line: line.no)

    def begin(self, supplier: Supplier | None = None, document: str = "") -> Delivery:
        """Open a delivery; supplier and number can be told later."""
        delivery = Delivery(
            id=self._new_id(),
            location=self._checkout.shop.location,
            at=self._now(),
            staff=self._checkout.staff,
            supplier_id=supplier.id if supplier else "",
            supplier_name=supplier.name if supplier else "",
            document=document.strip(),
        )
        with self._store.transaction() as tx:
            self._keep(tx, delivery)
        return delivery

    def tell(self, delivery: Delivery, supplier: Supplier | None, document: str) -> Delivery:
        """Say who it came from and what their paper says; raises DeliveryClosed."""
        with self._store.transaction() as tx:
            now = self._still_open(tx, delivery)
            changed = replace(
                now,
                supplier_id=supplier.id if supplier else "",
                supplier_name=supplier.name if supplier else "",
                document=document.strip(),
            )
            self._keep(tx, changed)
        return changed

    def add(
        self,
        delivery: Delivery,
        product: Product,
        quantity: Decimal = Decimal(1),
        *,
        batch: str = "",
        expiry: date | None = None,
    ) -> DeliveryLine:
        """Receive more of a product; the same batch counts up on its line.

        A new line costs what the product last cost. Raises ReceivedFigureWrong or DeliveryClosed.
        """
        with self._store.transaction() as tx:
            now = self._still_open(tx, delivery)
            known = self._line_of(tx, now, product.id, batch)
            if known is not None:
                return self._put(tx, now, replace(known, quantity=known.quantity + quantity))
            line = DeliveryLine(
                delivery_id=now.id,
                no=now.line_count + 1,
                product_id=product.id,
                code=product.code,
                name=product.name,
                quantity=quantity,
                unit_cost=product.cost,
                batch=batch,
                expiry=expiry,
            )
            return self._put(tx, now, line)

    def add_unknown(self, delivery: Delivery, code: str) -> DeliveryLine:
        """Receive one of what nobody knows, to be settled later; scanning goes on."""
        with self._store.transaction() as tx:
            now = self._still_open(tx, delivery)
            known = self._line_of(tx, now, code[:100])
            if known is not None:
                return self._put(tx, now, replace(known, quantity=known.quantity + 1))
            line = DeliveryLine(now.id, now.line_count + 1, "", code[:100], "", Decimal(1))
            return self._put(tx, now, line)

    def change(self, line: DeliveryLine) -> DeliveryLine:
        """Keep a line with another quantity, cost, batch or product; 0 takes it out.

        Raises ReceivedFigureWrong or DeliveryClosed.
        """
        with self._store.transaction() as tx:
            delivery = tx.records.get(DELIVERY, line.delivery_id)
            if delivery is None:
                raise NothingReceived()
            return self._put(tx, self._still_open(tx, delivery), line)

    def book(self, delivery: Delivery) -> Delivery:
        """Move the stock in, renew average costs and batches, all at once and once only.

        Raises DeliveryClosed, NothingReceived or UnknownGoods.
        """
        at = self._now()
        with self._store.transaction() as tx:
            now = self._still_open(tx, delivery)
            found = self._lines_in(tx, now)
            lines = sorted((line for line in found if line.quantity), key=lambda line: line.no)
            if not lines:
                raise NothingReceived()
            received: dict[str, Decimal] = {}
            for line in lines:
                if not line.product_id:
                    raise UnknownGoods(code=line.code)
                before = received.get(line.product_id, Decimal(0))
                self._renew_cost(tx, line, before)
                self._renew_batch(tx, line)
                received[line.product_id] = before + line.quantity
            note = " ".join(part for part in (now.supplier_name, now.document) if part)
            moves = tuple(
                StockMove(
                    line.product_id,
                    now.location,
                    line.quantity,
                    MoveReason.RECEIPT,
                    note,
                    line.batch,
                )
                for line in lines
            )
            self._checkout.move_stock_in(tx, moves, at)
            booked = replace(now, state=DeliveryState.BOOKED, booked_at=at)
            self._keep(tx, booked)
        return booked

    def discard(self, delivery: Delivery) -> Delivery:
        """Give a delivery up; nothing moves. Raises DeliveryClosed."""
        with self._store.transaction() as tx:
            given_up = replace(self._still_open(tx, delivery), state=DeliveryState.DISCARDED)
            self._keep(tx, given_up)
        return given_up

    def _renew_cost(self, tx: "Transaction", line: DeliveryLine, received: Decimal) -> None:
        """Renew the average; `received` came in on lines before, which have not moved yet."""
        if line.unit_cost is None:
            return
        before = tx.records.get(AVERAGE, line.product_id)
        level = sum(tx.stock.levels(line.product_id).values(), received)
        average = average_after(
            before.average if before else None, level, line.quantity, line.unit_cost
        )
        cost = AverageCost(line.product_id, average, self._checkout.shop.policy.currency)
        tx.records.put(
            AVERAGE, cost, FactKind.AVERAGE_COST_CHANGED, self._now(), self._checkout.staff
        )

    def _renew_batch(self, tx: "Transaction", line: DeliveryLine) -> None:
        if not line.batch:
            return
        known = tx.records.get(BATCH, f"{line.product_id}/{line.batch}")
        received = line.quantity + (known.received if known else Decimal(0))
        expiry = line.expiry or (known.expiry if known else None)
        batch = Batch(line.product_id, line.batch, received, expiry)
        tx.records.put(BATCH, batch, FactKind.BATCH_SAVED, self._now(), self._checkout.staff)

    def _still_open(self, tx: "Transaction", delivery: Delivery) -> Delivery:
        now = tx.records.get(DELIVERY, delivery.id)
        if now is None:
            raise NothingReceived()
        if now.state is not DeliveryState.OPEN:
            raise DeliveryClosed()
        return now

    def _lines_in(self, tx: "Transaction", delivery: Delivery) -> list[DeliveryLine]:
        return tx.records.starting_with(DELIVERY_LINE, f"{delivery.id}/", LINE_LIMIT)

    def _line_of(
        self, tx: "Transaction", delivery: Delivery, goods: str, batch: str = ""
    ) -> DeliveryLine | None:
        """Return the first line of a product or an unknown code, however long the delivery is."""
        place = place_of_goods(delivery.id, goods, batch)
        for line in tx.records.starting_with(DELIVERY_LINE, place, _LINES_OF_GOODS):
            if (line.product_id or line.code, line.batch) == (goods, batch):
                return line
        return None

    def _put(self, tx: "Transaction", delivery: Delivery, line: DeliveryLine) -> DeliveryLine:
        _check(line)
        if line.no > LINE_LIMIT:
            raise DeliveryTooLong(limit=LINE_LIMIT)
        if line.no > delivery.line_count:
            self._keep(tx, replace(delivery, line_count=line.no))
        tx.records.put(
            DELIVERY_LINE, line, FactKind.GOODS_RECEIVED, self._now(), self._checkout.staff
        )
        return line

    def _keep(self, tx: "Transaction", delivery: Delivery) -> None:
        tx.records.put(
            DELIVERY, delivery, FactKind.GOODS_RECEIVED, self._now(), self._checkout.staff
        )

    def _new_id(self) -> str:
        return uuid7(int(self._now().timestamp() * 1000), secrets.randbits(74))


def _check(line: DeliveryLine) -> None:
    quantity, cost = line.quantity, line.unit_cost
    if not quantity.is_finite() or not 0 <= quantity < QUANTITY_LIMIT or _places(quantity) > 3:
        raise ReceivedFigureWrong(figure=quantity, places=3)
    if cost is None:
        return
    if not cost.is_finite() or not 0 <= cost < PRICE_LIMIT or _places(cost) > PRICE_PLACES:
        raise ReceivedFigureWrong(figure=cost, places=PRICE_PLACES)


def _places(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
