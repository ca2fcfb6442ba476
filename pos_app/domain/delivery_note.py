"""A delivery note: what left the house for an order, from where and with whom."""

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from pos_app.domain.document import DocumentHead, DocumentLine, check_text
from pos_app.domain.stock import MoveReason, StockMove

TRANSPORT_LIMIT = 200


class DeliveryNoteState(StrEnum):
    """A note is written when the goods leave.

    It falls with the sale that collected them, and head office can delete one that was a mistake.
    """

    COMPLETED = "completed"
    CANCELLED = "cancelled"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class DeliveredLine:
    """What went out of one line of the order; `line.quantity` is this delivery's, in units."""

    order_line_id: str
    line: DocumentLine
    ordered: Decimal


@dataclass(frozen=True, slots=True)
class DeliveryNote:
    """A delivery; `sale_id` and `sale_number` name the sale of goods collected at the till."""

    head: DocumentHead
    order_id: str
    order_number: str
    location: str
    lines: tuple[DeliveredLine, ...]
    state: DeliveryNoteState = DeliveryNoteState.COMPLETED
    carrier: str = ""
    tracking: str = ""
    sale_id: str = ""
    sale_number: str = ""

    @property
    def quantity(self) -> Decimal:
        """How many units went out."""
        return sum((line.line.quantity for line in self.lines), Decimal(0))


def with_transport(
    note: DeliveryNote, carrier: str, tracking: str, remarks: str | None = None
) -> DeliveryNote:
    """Return it with who carries it and how it is followed; what went out stays as it is.

    Raises DocumentTextWrong.
    """
    for text in (carrier, tracking):
        check_text(text, TRANSPORT_LIMIT)
    head = note.head if remarks is None else replace(note.head, remarks=remarks)
    check_text(head.remarks, 2000)
    return replace(note, head=head, carrier=carrier.strip(), tracking=tracking.strip())


def goods_out(note: DeliveryNote) -> tuple[StockMove, ...]:
    """Return the stock that leaves; what was sold at the till moved with its sale."""
    if note.sale_id:
        return ()
    return tuple(
        StockMove(
            line.line.product_id,
            note.location,
            -line.line.quantity,
            MoveReason.SALE,
            note.head.number,
        )
        for line in note.lines
        if line.line.product_id is not None and line.line.kind.value == "goods"
    )
