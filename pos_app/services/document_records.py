"""How sales documents are kept: one record each, found by number, and a row in their list."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from pos_app.domain.delivery_note import DeliveryNote
from pos_app.domain.document import DocumentHead
from pos_app.domain.invoice import Invoice, InvoiceState
from pos_app.domain.money import Money
from pos_app.domain.order import Order
from pos_app.domain.quotation import Quotation
from pos_app.domain.sales_return import SalesReturn
from pos_app.store.documents import Listed
from pos_app.store.records import RecordKind

_SETTLED = (InvoiceState.DRAFT, InvoiceState.DELETED)


def _listed(
    head: DocumentHead,
    status: str,
    total: int,
    until: date | None = None,
    origin: tuple[str, str] = ("", ""),
    owed: int = 0,
) -> Listed:
    return Listed(
        id=head.id,
        number=head.number,
        customer_id=head.customer.id,
        status=status,
        day=head.day,
        until=until,
        made=head.created_at.date(),
        origin=origin[0],
        origin_number=origin[1],
        total=total,
        open=owed,
        currency=head.policy.currency,
    )


def _listed_quotation(one: Quotation) -> Listed:
    return _listed(
        one.head,
        one.state.value,
        one.priced.gross.minor,
        one.expires,
        (one.order_id, one.order_number),
    )


def _listed_order(one: Order) -> Listed:
    origin = (one.quotation_id, one.quotation_number)
    return _listed(one.head, one.state.value, one.priced.gross.minor, one.deliver_by, origin)


def _listed_delivery_note(one: DeliveryNote) -> Listed:
    # A delivery has no price; its list shows thousandths of the units that went out.
    thousandths = int(one.quantity * 1000)
    origin = (one.order_id, one.order_number)
    return _listed(one.head, one.state.value, thousandths, origin=origin)


def _listed_invoice(one: Invoice) -> Listed:
    owed = 0 if one.state in _SETTLED else one.balance.minor
    origin = (one.order_id or one.sale_id, one.order_number or one.sale_number)
    listed = _listed(one.head, one.state.value, one.total.minor, one.due, origin, owed)
    return replace(listed, remind=_remind_from(one) if owed > 0 else None)


def _remind_from(one: Invoice) -> date | None:
    """The day from which a reminder is due; None once the last one went out."""
    late = one.due + timedelta(days=1)
    if one.remind_on is None:
        return None if one.reminders else late
    return max(one.remind_on, late)


def _listed_return(one: SalesReturn) -> Listed:
    origin = (one.order_id, one.order_number)
    return _listed(one.head, one.state.value, one.total.minor, origin=origin)


QUOTATION = RecordKind(
    "quotation",
    Quotation,
    id_of=lambda one: one.head.id,
    code_of=lambda one: one.head.number,
    listed_of=_listed_quotation,
)
ORDER = RecordKind(
    "order",
    Order,
    id_of=lambda one: one.head.id,
    code_of=lambda one: one.head.number,
    listed_of=_listed_order,
)
DELIVERY_NOTE = RecordKind(
    "delivery_note",
    DeliveryNote,
    id_of=lambda one: one.head.id,
    code_of=lambda one: one.head.number,
    place_of=lambda one: one.sale_id,  # goods collected at the till are found by their sale
    listed_of=_listed_delivery_note,
)
INVOICE = RecordKind(
    "invoice",
    Invoice,
    id_of=lambda one: one.head.id,
    code_of=lambda one: one.head.number or None,
    place_of=lambda one: one.sale_id,  # the invoice of a sale at the till is found by it
    listed_of=_listed_invoice,
)
SALES_RETURN = RecordKind(
    "sales_return",
    SalesReturn,
    id_of=lambda one: one.head.id,
    code_of=lambda one: one.head.number,
    place_of=lambda one: one.sale_id,  # the credit of goods back at the till is found by its sale
    listed_of=_listed_return,
)
DOCUMENT_KINDS = (QUOTATION, ORDER, DELIVERY_NOTE, INVOICE, SALES_RETURN)


def money_of(listed: Listed) -> tuple[Money, Money]:
    """Return what a listed document comes to and what of it is owed."""
    return Money(listed.total, listed.currency), Money(listed.open, listed.currency)


def units_of(listed: Listed) -> Decimal:
    """Return how many units a listed delivery note is about."""
    return Decimal(listed.total) / 1000
