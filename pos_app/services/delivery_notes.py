"""Delivering orders: goods leave a location, in whole or in part, with their note."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from pos_app.domain import order as orders
from pos_app.domain.approval import Action, ApprovalRequest
from pos_app.domain.delivery_note import DeliveredLine, DeliveryNote, goods_out, with_transport
from pos_app.domain.document import DocumentEmpty, check_dates
from pos_app.domain.document_settings import Series
from pos_app.domain.errors import PosError
from pos_app.domain.facts import FactKind
from pos_app.domain.order import Order
from pos_app.services.document_desk import DocumentDesk
from pos_app.services.document_records import DELIVERY_NOTE, ORDER

if TYPE_CHECKING:
    from pos_app.store.transaction import Transaction

_SAVED = FactKind.DELIVERY_NOTE_SAVED
_NONE = Decimal(0)


class NotInStock(PosError):
    """More is to be delivered than the location has."""

    sentence = (
        "Only {left} of {name} are at {location}. Deliver that many, choose another location, or "
        "receive the goods first."
    )


@dataclass(frozen=True, slots=True)
class Transport:
    """From where and how goods go out; no `day` is today, no `location` the order's."""

    day: date | None = None
    location: str = ""
    carrier: str = ""
    tracking: str = ""
    remarks: str = ""


class DeliveryNotes(DocumentDesk):
    """The use cases; each is one transaction with the stock that it moves."""

    def open_quantities(self, order: Order) -> dict[str, Decimal]:
        """Return what is still to be delivered, by line id."""
        return {line.line.id: line.to_deliver for line in order.lines if line.to_deliver}

    def deliver(
        self,
        seen: Order,
        quantities: Mapping[str, Decimal],
        transport: Transport = Transport(),
    ) -> DeliveryNote:
        """Deliver units of an order's lines, by line id; what is 0 is left out.

        Raises MoreThanOrdered, OrderNotApproved, NotInStock or DocumentEmpty.
        """
        wanted = {line_id: quantity for line_id, quantity in quantities.items() if quantity}
        if not wanted:
            raise DocumentEmpty()
        with self.store.transaction() as tx:
            order = self.same(tx, ORDER, seen)
            progressed = orders.delivered(order, wanted)
            note = self._note(order, wanted, transport)
            check_dates(order.head.day, note.head.day)
            self._check_stock(tx, note)
            number = self.next_number(tx, Series.DELIVERY_NOTE, note.head.day)
            note = replace(note, head=replace(note.head, number=number))
            self.keep(tx, ORDER, progressed, FactKind.ORDER_SAVED, "deliver")
            self.keep_new(tx, DELIVERY_NOTE, note, _SAVED)
            moves = goods_out(note)
            if moves:
                self.checkout.move_stock_in(tx, moves, note.head.created_at)
        return note

    def change_transport(
        self, seen: DeliveryNote, carrier: str, tracking: str, remarks: str | None = None
    ) -> DeliveryNote:
        """Say who carries it; raises DocumentChanged."""
        with self.store.transaction() as tx:
            now = self.same(tx, DELIVERY_NOTE, seen)
            changed = with_transport(now, carrier, tracking, remarks)
            return self.keep(tx, DELIVERY_NOTE, changed, _SAVED, "transport")

    def of_order(self, order_id: str) -> list[DeliveryNote]:
        """Return the deliveries of an order, the first first."""
        listed = self.store.documents.of_origin(DELIVERY_NOTE.name, order_id)
        return [self.get(DELIVERY_NOTE, one.id) for one in listed]

    def _note(
        self, order: Order, wanted: Mapping[str, Decimal], transport: Transport
    ) -> DeliveryNote:
        at = self.now
        lines = tuple(
            DeliveredLine(
                line.line.id, replace(line.line, quantity=wanted[line.line.id]), line.line.quantity
            )
            for line in order.lines
            if line.line.id in wanted
        )
        head = replace(
            order.head,
            id=self.new_id(),
            number="",
            day=transport.day or self.today,
            version=1,
            created_at=at,
            created_by=self.staff,
            updated_at=at,
            updated_by=self.staff,
            remarks=transport.remarks or order.head.remarks,
        )
        location = transport.location or order.location or self.shop.location
        note = DeliveryNote(head, order.head.id, order.head.number, location, lines)
        return with_transport(note, transport.carrier, transport.tracking)

    def _check_stock(self, tx: "Transaction", note: DeliveryNote) -> None:
        """Refuse what the location does not have; somebody with the right may let it go."""
        wanted: dict[str, Decimal] = {}
        for move in goods_out(note):
            wanted[move.product_id] = wanted.get(move.product_id, _NONE) - move.quantity
        for line in note.lines:
            product_id = line.line.product_id or ""
            quantity = wanted.pop(product_id, _NONE)
            left = tx.stock.shop_level(product_id, note.location) if quantity else _NONE
            if quantity <= left:
                continue
            if not self.authority.has_staff():
                name = line.line.name
                raise NotInStock(left=max(left, _NONE), name=name, location=note.location)
            about = line.line.name
            self.authority.require(ApprovalRequest(Action.NEGATIVE_STOCK, about=about), tx)
