"""Deliveries at head office: goods of an order go out, and a note that was wrong is put right.

Quantities are units of the order's lines, by the order line's id. Stock is that of the desk's shop.
"""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from pos_app.domain import delivering as rules
from pos_app.domain import order as orders
from pos_app.domain.delivering import USUAL_TRANSPORT, NotInStock, Transport
from pos_app.domain.delivery_note import DeliveryNote, goods_out, with_transport
from pos_app.domain.document_settings import Series
from pos_app.domain.facts import FactKind
from pos_app.domain.order import Order
from pos_app.domain.order_of_quotation import head_anew
from pos_app.domain.stock import StockMove
from pos_app.server.document_kinds import DELIVERY_NOTE
from pos_app.server.office_desk import OfficeDesk
from pos_app.server.own_documents import check_own

_SAVED = FactKind.DELIVERY_NOTE_SAVED


def deliver(
    desk: OfficeDesk,
    order_id: str,
    quantities: Mapping[str, Decimal],
    transport: Transport = USUAL_TRANSPORT,
    remarks: Mapping[str, str] | None = None,
) -> DeliveryNote:
    """Deliver units of an order's lines; `remarks` are on lines, what is 0 is left out.

    Raises DocumentUnknown, MoreThanOrdered, OrderNotApproved, NotInStock, DocumentEmpty or what
    `delivering.note_of` refuses.
    """
    order = desk.get(Order, order_id)
    wanted = rules.wanted_units(quantities)
    progressed = orders.delivered(order, wanted)
    day = transport.day or desk.today
    head = head_anew(order.head, desk.new_id(), day, desk.now, desk.staff)
    note = rules.note_of(order, wanted, head, transport, desk.shop.location)
    note = rules.with_remarks(note, remarks or {})
    _check_stock(desk, note, goods_out(note))
    number = desk.next_number(Series.DELIVERY_NOTE, day)
    note = replace(note, head=replace(note.head, number=number))
    desk.keep(progressed, FactKind.ORDER_SAVED, "deliver")
    desk.keep_new(note, _SAVED)
    desk.move_stock(goods_out(note))
    return note


def change_delivery(
    desk: OfficeDesk,
    note_id: str,
    *,
    quantities: Mapping[str, Decimal] | None = None,
    carrier: str | None = None,
    tracking: str | None = None,
    remarks: str | None = None,
    line_remarks: Mapping[str, str] | None = None,
) -> DeliveryNote:
    """Write a delivery anew: what is None stays; other quantities move the stock they differ by.

    Raises DocumentUnknown, MadeElsewhere, NotInStock, DocumentTextWrong or what
    `delivering.changed_delivery` refuses.
    """
    now = _own(desk, note_id)
    new = with_transport(
        now,
        now.carrier if carrier is None else carrier,
        now.tracking if tracking is None else tracking,
        remarks,
    )
    if quantities is not None and dict(quantities) != rules.delivered_units(now):
        change = rules.changed_delivery(new, desk.get(Order, now.order_id), quantities)
        _check_stock(desk, change.note, change.moves)
        desk.keep(change.order, FactKind.ORDER_SAVED, "deliver_anew")
        desk.move_stock(change.moves)
        new = change.note
    return desk.keep(rules.with_remarks(new, line_remarks or {}), _SAVED, "change")


def delete_delivery(desk: OfficeDesk, note_id: str) -> DeliveryNote:
    """Take a delivery back as if it had never been: its goods are in stock again.

    Raises DocumentUnknown, MadeElsewhere or what `delivering.deleted_delivery` refuses.
    """
    now = _own(desk, note_id)
    change = rules.deleted_delivery(now, desk.get(Order, now.order_id))
    desk.keep(change.order, FactKind.ORDER_SAVED, "delivery_deleted")
    desk.move_stock(change.moves)
    return desk.keep(change.note, _SAVED, "delete")


def _own(desk: OfficeDesk, note_id: str) -> DeliveryNote:
    note = desk.get(DeliveryNote, note_id)
    check_own(
        desk.connection, desk.company_id, desk.shop_code, DELIVERY_NOTE, note_id, note.head.number
    )
    return note


def _check_stock(desk: OfficeDesk, note: DeliveryNote, moves: tuple[StockMove, ...]) -> None:
    for name, left in rules.missing_goods(note, moves, desk.level):
        raise NotInStock(left=f"{left.normalize():f}", name=name, location=note.location)
