"""The order that an approved quotation becomes: its lines, prices and discounts as they stand."""

from dataclasses import replace
from datetime import date, datetime

from pos_app.domain.document import DocumentHead
from pos_app.domain.order import Order, OrderLine
from pos_app.domain.quotation import Quotation


def order_of_quotation(
    quotation: Quotation, head: DocumentHead, deliver_by: date | None, location: str
) -> Order:
    """Return the order, not checked yet; `head` as `head_anew` gives it."""
    return Order(
        head,
        tuple(OrderLine(line) for line in quotation.lines),
        deliver_by=deliver_by,
        discounts=quotation.discounts,
        quotation_id=quotation.head.id,
        quotation_number=quotation.head.number,
        location=location,
    )


def head_anew(
    head: DocumentHead, document_id: str, day: date, at: datetime, staff: str
) -> DocumentHead:
    """Return the head of a new document that says what another one says; without a number yet."""
    return replace(
        head,
        id=document_id,
        number="",
        day=day,
        version=1,
        created_at=at,
        created_by=staff,
        updated_at=at,
        updated_by=staff,
    )
