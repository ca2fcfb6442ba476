"""Chapter 5 of the ERP sales module: orders, and deliveries made of them."""

from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Literal, cast

from fastapi import APIRouter, Query
from pydantic import Field, StrictBool

from pos_app.domain.delivering import Transport
from pos_app.domain.order import Order, OrderLine
from pos_app.server.api_keys import Right
from pos_app.server.apis.erp_examples import (
    DELIVERY_WANTED,
    ORDER_CANCELLED,
    ORDER_CHANGED,
    ORDER_DECIDED,
    ORDER_DETAIL,
    ORDER_MADE,
    ORDER_ROW,
)
from pos_app.server.apis.erp_lines import (
    DocumentChanged,
    DocumentMade,
    ItemShown,
    head_as_said,
    shown_customer,
    shown_line,
    shown_signed,
    shown_terms,
    terms_said,
    wanted,
)
from pos_app.server.apis.erp_shapes import (
    EMPTY_IS_NONE,
    Answer,
    Asked,
    AskedDay,
    AskedNumber,
    Day,
    Exact,
    Id,
    Listing,
    Nothing,
    Number,
    Paged,
    Shape,
    Signed,
    Text,
    Visitor,
    day_text,
    days,
    example,
    example_list,
    listing,
    made_between,
    minor_between,
    own_line_id,
    refusals,
    said,
    sample,
)
from pos_app.server.apis.exact import ExactRoute, whole_or_fraction
from pos_app.server.companies import company_of
from pos_app.server.document_kinds import ORDER, document_of
from pos_app.server.listed import ListedRow, ListFilter, page
from pos_app.server.office_deliveries import deliver
from pos_app.server.office_desk import OfficeDesk
from pos_app.server.office_orders import (
    cancel_order,
    change_order,
    decide_order,
    delete_order,
    document_lines,
    new_order,
)
from pos_app.server.standing import standing_document, zone_of
from pos_app.server.thing_rows import ThingRow

router = APIRouter(
    prefix="/api/v1/sales/orders",
    tags=["ERP: orders"],
    route_class=ExactRoute,
    strict_content_type=False,
)
Status = Literal["draft", "approved", "partially_delivered", "fully_delivered", "cancelled"]


class OrderShown(Signed):
    """An order as a list shows one; `totalAmount` is with tax, `deliveryDate` what was agreed."""

    id: str
    order_no: str
    customer_id: str
    customer_name: str
    contact: str
    phone: str
    order_date: str
    delivery_date: str | None
    total_amount: Number
    status: Status


class OrderItem(ItemShown):
    """A line of an order, with how much of it went out."""

    delivered_quantity: Number


class OrderDetail(OrderShown):
    """An order whole."""

    address: str
    payment_terms: str
    shipping_terms: str
    remarks: str
    items: list[OrderItem]


class OrderMade(DocumentMade):
    """An order to make; without a date it is of today."""

    order_date: Day | None = None
    delivery_date: Day | None = None
    model_config = sample(ORDER_MADE)


class OrderChanged(DocumentChanged):
    """What changes of a draft; what is left out stays, `items` are all of them anew."""

    order_date: Day | None = None
    delivery_date: Day | None = None
    model_config = sample(ORDER_CHANGED)


class OrderDecided(Shape):
    """Whether an order is approved, or goes back to draft with a remark."""

    approved: StrictBool
    remarks: Text | None = None
    model_config = sample(ORDER_DECIDED)


class OrderCancelled(Shape):
    """Why an order is cancelled."""

    reason: Text
    model_config = sample(ORDER_CANCELLED)


class DeliveredItem(Shape):
    """How much of a line goes out."""

    order_item_id: Annotated[Text, Field(max_length=500)]
    quantity: Exact


class DeliveryWanted(Shape):
    """What of an order goes out, when (today) and from where (as the order says)."""

    delivery_date: Day | None = None
    warehouse_id: Annotated[Text, Field(max_length=200)] | None = None
    items: Annotated[list[DeliveredItem], Field(max_length=5000)]
    model_config = sample(DELIVERY_WANTED)


class OrderNumbered(Shape):
    """An order that was made."""

    id: str
    order_no: str


class DeliveryGenerated(Shape):
    """The delivery that was made."""

    delivery_id: str
    delivery_no: str


class OrdersAsked(Paged):
    """Which orders: the number by how it begins, the customer's name by a part."""

    order_no: Asked = None
    customer_id: Asked = None
    customer_name: Asked = None
    status: Annotated[Status | None, EMPTY_IS_NONE] = None
    create_date_start: AskedDay = None
    create_date_end: AskedDay = None
    delivery_date_start: AskedDay = None
    delivery_date_end: AskedDay = None
    total_amount_start: AskedNumber = None
    total_amount_end: AskedNumber = None


@router.get(
    "",
    summary="List orders",
    responses={**refusals(400, 401, 403), **example_list(ORDER_ROW, 100)},
)
def orders(visitor: Visitor, asked: Annotated[OrdersAsked, Query()]) -> Answer[Listing[OrderShown]]:
    """List orders in the order in which they were made; days are the shop's, both included."""
    with visitor.reading() as connection:
        zone = zone_of(connection, visitor.company_id, visitor.shop)
        currency = company_of(connection, visitor.company_id).currency
        made = made_between(asked.create_date_start, asked.create_date_end, zone)
        until = days(asked.delivery_date_start, asked.delivery_date_end, "until")
        total = minor_between(asked.total_amount_start, asked.total_amount_end, "total", currency)
        chosen = ListFilter(
            equal=said(customer_id=asked.customer_id, status=asked.status),
            holds=said(customer_name=asked.customer_name),
            starts=said(number=asked.order_no),
            least=made[0] | until[0] | total[0],
            most=made[1] | until[1] | total[1],
        )
        found = page(connection, visitor.company_id, ORDER, chosen, asked.page, asked.page_size)
    return listing(found, asked, _row_shown)


@router.get(
    "/{id}",
    summary="An order",
    responses={**refusals(400, 401, 403, 404), **example(ORDER_DETAIL)},
)
def order(id: Id, visitor: Visitor) -> Answer[OrderDetail]:
    """Return an order with its lines and how much of each went out."""
    with visitor.reading() as connection:
        found = standing_document(connection, visitor.company_id, Order, id)
    items = [
        OrderItem(
            **shown_line(id, line.line, figures),
            delivered_quantity=whole_or_fraction(line.delivered),
        )
        for line, figures in zip(found.lines, found.priced.lines, strict=True)
    ]
    row = _shown(found).model_dump()
    return Answer(data=OrderDetail(**row, **shown_terms(found.head), items=items))


@router.post(
    "",
    summary="Make an order",
    responses={
        **refusals(400, 401, 403, 404),
        **example({"id": "order-001", "orderNo": "SO2023060001"}),
    },
)
def order_made(asked: OrderMade, visitor: Visitor) -> Answer[OrderNumbered]:
    """Make a draft under the next number of its month."""
    with visitor.desk() as desk:
        made = new_order(
            desk,
            asked.customer_id,
            wanted(asked.items),
            day=asked.order_date,
            deliver_by=asked.delivery_date,
            **terms_said(asked),
        )
    return Answer(data=OrderNumbered(id=made.head.id, order_no=made.head.number))


@router.put("/{id}", summary="Change an order", responses=refusals(400, 401, 403, 404))
def order_changed(id: Id, asked: OrderChanged, visitor: Visitor) -> Nothing:
    """Change a draft; what is past that is refused."""
    with visitor.desk() as desk:
        change_order(desk, _written_anew(desk, desk.get(Order, id), asked))
    return Nothing()


@router.delete("/{id}", summary="Delete an order", responses=refusals(400, 401, 403, 404))
def order_deleted(id: Id, visitor: Visitor) -> Nothing:
    """Throw a draft away; its number stays used, its quotation can become an order again."""
    with visitor.desk() as desk:
        delete_order(desk, id)
    return Nothing()


@router.post("/{id}/approve", summary="Decide an order", responses=refusals(400, 401, 403, 404))
def order_decided(id: Id, asked: OrderDecided, visitor: Visitor) -> Nothing:
    """Approve an order within the customer's credit, or return it to draft with a remark.

    Who has the right `approve` may go beyond the credit; it is written into the journal.
    """
    may_override = Right.APPROVE in visitor.rights
    with visitor.desk() as desk:
        decide_order(desk, id, asked.approved, asked.remarks or "", may_override)
    return Nothing()


@router.post("/{id}/cancel", summary="Cancel an order", responses=refusals(400, 401, 403, 404))
def order_cancelled(id: Id, asked: OrderCancelled, visitor: Visitor) -> Nothing:
    """Cancel an order of which nothing was delivered or invoiced, with a reason."""
    with visitor.desk() as desk:
        cancel_order(desk, id, asked.reason)
    return Nothing()


@router.post(
    "/{id}/generate-delivery",
    summary="Make a delivery of an order",
    responses={
        **refusals(400, 401, 403, 404),
        **example({"deliveryId": "delivery-001", "deliveryNo": "DL2023060001"}),
    },
)
def delivery_generated(
    id: Id, asked: DeliveryWanted, visitor: Visitor
) -> Answer[DeliveryGenerated]:
    """Let goods of an approved order go out, at most what is ordered and in stock."""
    transport = Transport(asked.delivery_date, asked.warehouse_id or "")
    with visitor.desk() as desk:
        known = [line.line.id for line in desk.get(Order, id).lines]
        quantities: dict[str, Decimal] = {}
        for item in asked.items:
            line = own_line_id(id, item.order_item_id, known)
            quantities[line] = quantities.get(line, Decimal(0)) + item.quantity
        note = deliver(desk, id, quantities, transport)
    made = DeliveryGenerated(delivery_id=note.head.id, delivery_no=note.head.number)
    return Answer(data=made)


def _row_shown(_row: ListedRow, thing: ThingRow) -> OrderShown:
    return _shown(document_of(Order, thing.state))


def _shown(order: Order) -> OrderShown:
    head = order.head
    return OrderShown(
        id=head.id,
        order_no=head.number,
        **shown_customer(head.customer),
        order_date=head.day.isoformat(),
        delivery_date=day_text(order.deliver_by),
        total_amount=whole_or_fraction(order.priced.gross),
        status=cast("Status", order.state.value),
        **shown_signed(head),
    )


def _written_anew(desk: OfficeDesk, now: Order, asked: OrderChanged) -> Order:
    head = head_as_said(desk, now.head, asked, asked.order_date)
    lines = now.lines
    if asked.items is not None:
        known = [line.line for line in now.lines]
        items = wanted(asked.items, head.id, known)
        lines = tuple(OrderLine(one) for one in document_lines(desk, items, known))
    deliver_by = now.deliver_by
    if "delivery_date" in asked.model_fields_set:
        deliver_by = asked.delivery_date
    return replace(now, head=head, lines=lines, deliver_by=deliver_by)
