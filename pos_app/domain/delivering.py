"""Delivering an order: the note of what goes out, and how one is written anew or taken back.

Quantities are in the units of the order's lines, by the order line's id.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from pos_app.domain.delivery_note import (
    DeliveredLine,
    DeliveryNote,
    DeliveryNoteState,
    goods_out,
    with_transport,
)
from pos_app.domain.document import DocumentEmpty, DocumentHead, check_dates, check_lines
from pos_app.domain.errors import PosError
from pos_app.domain.order import InvoiceBasis, Order, OrderLine, OrderState, delivered
from pos_app.domain.stock import StockMove, difference_of

_NONE = Decimal(0)


class NotInStock(PosError):
    """More is to be delivered than the location has."""

    sentence = (
        "Only {left} of {name} are at {location}. Deliver that many, choose another location, or "
        "receive the goods first."
    )


class DeliveryIsFollowed(PosError):
    """A delivery of goods that were invoiced or came back is to become smaller."""

    sentence = (
        "Of {name} on {number} only {left} can be taken off the delivery: the rest was invoiced or "
        "came back. Credit the invoice or write a return instead."
    )


class DeliveryAtTheTill(PosError):
    """A delivery that a sale at the till made, or that fell with it."""

    sentence = (
        "{number} belongs to goods that were collected and paid at the till. Take them back there "
        "with their receipt."
    )


@dataclass(frozen=True, slots=True)
class Transport:
    """From where and how goods go out; no `day` is today, no `location` the order's."""

    day: date | None = None
    location: str = ""
    carrier: str = ""
    tracking: str = ""
    remarks: str = ""


USUAL_TRANSPORT = Transport()


@dataclass(frozen=True, slots=True)
class DeliveryChange:
    """A delivery written anew: the note, its order, and the stock that moves for it."""

    note: DeliveryNote
    order: Order
    moves: tuple[StockMove, ...]


def wanted_units(quantities: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Return the quantities that are not 0; raises DocumentEmpty where there are none."""
    wanted = {line_id: quantity for line_id, quantity in quantities.items() if quantity}
    if not wanted:
        raise DocumentEmpty()
    return wanted


def note_of(
    order: Order,
    wanted: Mapping[str, Decimal],
    head: DocumentHead,
    transport: Transport,
    location: str,
) -> DeliveryNote:
    """Return the note of so many units of an order's lines, without a number yet.

    `location` is the shop's own, for an order that names none. Raises DatesTurned, DayOutOfRange
    or DocumentTextWrong.
    """
    head = replace(head, remarks=transport.remarks or order.head.remarks)
    location = transport.location or order.location or location
    lines = _note_lines(order, wanted)
    note = DeliveryNote(head, order.head.id, order.head.number, location, lines)
    check_dates(order.head.day, head.day)
    return with_transport(note, transport.carrier, transport.tracking)


def with_remarks(note: DeliveryNote, remarks: Mapping[str, str]) -> DeliveryNote:
    """Return it with what is remarked on its lines, by the order line's id.

    Raises DocumentTextWrong.
    """
    lines = tuple(
        replace(one, line=replace(one.line, remark=remarks.get(one.order_line_id, one.line.remark)))
        for one in note.lines
    )
    check_lines([one.line for one in lines])
    return replace(note, lines=lines)


def missing_goods(
    note: DeliveryNote,
    moves: tuple[StockMove, ...],
    level: Callable[[str, str], Decimal],
) -> list[tuple[str, Decimal]]:
    """Return the names of goods of which there is too little for the moves, and how many there are.

    `level` gives what is in stock of a product at a place.
    """
    wanted: dict[str, Decimal] = {}
    for move in moves:
        wanted[move.product_id] = wanted.get(move.product_id, _NONE) - move.quantity
    missing = []
    for line in note.lines:
        product_id = line.line.product_id or ""
        quantity = wanted.pop(product_id, _NONE)
        left = level(product_id, note.location) if quantity > 0 else _NONE
        if quantity > left:
            missing.append((line.line.name, max(left, _NONE)))
    return missing


def changed_delivery(
    note: DeliveryNote, order: Order, quantities: Mapping[str, Decimal]
) -> DeliveryChange:
    """Return a delivery with other quantities, as if it had been written so at once.

    Raises DocumentEmpty, DeliveryAtTheTill, DeliveryIsFollowed, MoreThanOrdered,
    NoSuchDocumentLine or QuantityTooFine.
    """
    wanted = wanted_units(quantities)
    before = delivered_units(note)
    _check_own(note)
    _check_free(note, order, wanted)
    progressed = delivered(undelivered(order, before), wanted)
    new = replace(note, lines=_lines_anew(note, order, wanted))
    moves = difference_of(goods_out(note), goods_out(new))
    return DeliveryChange(new, progressed, moves)


def deleted_delivery(note: DeliveryNote, order: Order) -> DeliveryChange:
    """Return a delivery taken back as if it had never been; its number stays used.

    Raises DeliveryAtTheTill or DeliveryIsFollowed.
    """
    _check_own(note)
    _check_free(note, order, {})
    gone = replace(note, state=DeliveryNoteState.DELETED)
    moves = difference_of(goods_out(note), ())
    return DeliveryChange(gone, undelivered(order, delivered_units(note)), moves)


def delivered_units(note: DeliveryNote) -> dict[str, Decimal]:
    """Return how much a delivery took out of each line of its order."""
    return {line.order_line_id: line.line.quantity for line in note.lines}


def undelivered(order: Order, quantities: Mapping[str, Decimal]) -> Order:
    """Return an order as if so many units of its lines had not gone out."""
    lines = tuple(
        replace(line, delivered=line.delivered - quantities.get(line.line.id, _NONE))
        for line in order.lines
    )
    state = OrderState.PARTIALLY_DELIVERED
    if not any(line.delivered for line in lines):
        state = OrderState.APPROVED
    elif all(not line.to_deliver for line in lines):
        state = OrderState.FULLY_DELIVERED
    return replace(order, lines=lines, state=state)


def free_units(line: OrderLine) -> Decimal:
    """Return how much went out of a line and was neither invoiced nor came back."""
    return line.to_invoice(InvoiceBasis.DELIVERED)


def _note_lines(order: Order, wanted: Mapping[str, Decimal]) -> tuple[DeliveredLine, ...]:
    return tuple(
        DeliveredLine(
            line.line.id, replace(line.line, quantity=wanted[line.line.id]), line.line.quantity
        )
        for line in order.lines
        if line.line.id in wanted
    )


def _lines_anew(
    note: DeliveryNote, order: Order, wanted: Mapping[str, Decimal]
) -> tuple[DeliveredLine, ...]:
    """Return a note's lines with other quantities; those it has keep their ids and remarks."""
    known = {one.order_line_id: one.line for one in note.lines}
    lines = []
    for one in _note_lines(order, wanted):
        line = replace(known.get(one.order_line_id, one.line), quantity=one.line.quantity)
        lines.append(replace(one, line=line))
    return tuple(lines)


def _check_own(note: DeliveryNote) -> None:
    if note.sale_id or note.state is not DeliveryNoteState.COMPLETED:
        raise DeliveryAtTheTill(number=note.head.number)


def _check_free(note: DeliveryNote, order: Order, wanted: Mapping[str, Decimal]) -> None:
    """Refuse to take off what was invoiced or came back; raises DeliveryIsFollowed."""
    units = delivered_units(note)
    for line in order.lines:
        less = units.get(line.line.id, _NONE) - wanted.get(line.line.id, _NONE)
        left = free_units(line)
        if less > left:
            raise DeliveryIsFollowed(name=line.line.name, number=note.head.number, left=left)
