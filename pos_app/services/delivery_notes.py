"""Delivering orders: goods leave a location, in whole or in part, with their note."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from pos_app.domain import order as orders
from pos_app.domain.approval import Action, ApprovalRequest
from pos_app.domain.delivering import (
    USUAL_TRANSPORT,
    NotInStock,
    Transport,
    missing_goods,
    note_of,
    wanted_units,
)
from pos_app.domain.delivery_note import DeliveryNote, goods_out, with_transport
from pos_app.domain.document_settings import Series
from pos_app.domain.facts import FactKind
from pos_app.domain.order import Order
from pos_app.domain.order_of_quotation import head_anew
from pos_app.services.document_desk import DocumentDesk
from pos_app.services.document_records import DELIVERY_NOTE, ORDER

if TYPE_CHECKING:
    from pos_app.store.transaction import Transaction

_SAVED = FactKind.DELIVERY_NOTE_SAVED


class DeliveryNotes(DocumentDesk):
    """The use cases; each is one transaction with the stock that it moves."""

    def open_quantities(self, order: Order) -> dict[str, Decimal]:
        """Return what is still to be delivered, by line id."""
        return {line.line.id: line.to_deliver for line in order.lines if line.to_deliver}

    def deliver(
        self,
        seen: Order,
        quantities: Mapping[str, Decimal],
        transport: Transport = USUAL_TRANSPORT,
    ) -> DeliveryNote:
        """Deliver units of an order's lines, by line id; what is 0 is left out.

        Raises MoreThanOrdered, OrderNotApproved, NotInStock or DocumentEmpty.
        """
        wanted = wanted_units(quantities)
        with self.store.transaction() as tx:
            order = self.same(tx, ORDER, seen)
            progressed = orders.delivered(order, wanted)
            day = transport.day or self.today
            head = head_anew(order.head, self.new_id(), day, self.now, self.staff)
            note = note_of(order, wanted, head, transport, self.shop.location)
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

    def _check_stock(self, tx: "Transaction", note: DeliveryNote) -> None:
        """Refuse what the location does not have; somebody with the right may let it go."""
        for name, left in missing_goods(note, goods_out(note), tx.stock.shop_level):
            if not self.authority.has_staff():
                raise NotInStock(left=left, name=name, location=note.location)
            self.authority.require(ApprovalRequest(Action.NEGATIVE_STOCK, about=name), tx)
