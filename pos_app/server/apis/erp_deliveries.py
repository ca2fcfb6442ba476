"""Chapter 6 of the ERP sales module: deliveries of orders, with the stock that they move."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import Field
from sqlalchemy import Connection

from pos_app.domain.delivering import Transport
from pos_app.domain.delivery_note import TRANSPORT_LIMIT, DeliveryNote
from pos_app.domain.order import Order
from pos_app.server.api_keys import Api
from pos_app.server.api_notes import note_of
from pos_app.server.apis.erp_goods_examples import (
    DELIVERY_CHANGED,
    DELIVERY_DETAIL,
    DELIVERY_MADE,
    DELIVERY_ROW,
)
from pos_app.server.apis.erp_lines import ITEMS_MOST, shown_customer, shown_signed
from pos_app.server.apis.erp_shapes import (
    Answer,
    Asked,
    AskedDay,
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
    address_text,
    days,
    example,
    example_list,
    line_id,
    listing,
    own_line_id,
    refusals,
    said,
    sample,
)
from pos_app.server.apis.exact import ExactRoute, whole_or_fraction
from pos_app.server.document_kinds import DELIVERY_NOTE, document_of
from pos_app.server.listed import ListedRow, ListFilter, page
from pos_app.server.office_deliveries import change_delivery, delete_delivery, deliver
from pos_app.server.office_desk import OfficeDesk
from pos_app.server.standing import standing_document
from pos_app.server.thing_rows import ThingRow

router = APIRouter(
    prefix="/api/v1/sales/deliveries",
    tags=["ERP: deliveries"],
    route_class=ExactRoute,
    strict_content_type=False,
)
Units = Annotated[Exact, Field(ge=0)]
LineId = Annotated[Text, Field(max_length=500)]
OfId = Annotated[Text, Field(max_length=200)]
Short = Annotated[Text, Field(max_length=TRANSPORT_LIMIT)]


class DeliveryShown(Signed):
    """A delivery as a list shows one; a cancelled one fell with the sale that collected it."""

    id: str
    delivery_no: str
    order_id: str
    order_no: str
    customer_id: str
    customer_name: str
    delivery_date: str
    total_quantity: Number
    status: Literal["completed", "cancelled"]


class DeliveredItem(Shape):
    """What went out of a line of the order."""

    id: str
    order_item_id: str
    product_id: str | None
    product_code: str
    product_name: str
    specification: str
    unit: str
    ordered_quantity: Number
    delivered_quantity: Number
    remark: str


class DeliveryDetail(Signed):
    """A delivery whole."""

    id: str
    delivery_no: str
    order_id: str
    order_no: str
    customer_id: str
    customer_name: str
    contact: str
    phone: str
    address: str
    delivery_date: str
    warehouse_id: str
    warehouse_name: str
    carrier: str
    tracking_no: str
    remarks: str
    status: Literal["completed", "cancelled"]
    items: list[DeliveredItem]


class DeliveredItemSent(Shape):
    """What goes out of a line of the order; without a remark the order's stays."""

    order_item_id: LineId
    delivered_quantity: Units
    remark: Text | None = None


DeliveredItems = Annotated[list[DeliveredItemSent], Field(max_length=ITEMS_MOST)]


class DeliveryMade(Shape):
    """A delivery to make: without a date today, without a warehouse from the order's."""

    order_id: OfId
    delivery_date: Day | None = None
    warehouse_id: OfId | None = None
    carrier: Short | None = None
    tracking_no: Short | None = None
    remarks: Text | None = None
    items: DeliveredItems
    model_config = sample(DELIVERY_MADE)


class DeliveryChanged(Shape):
    """What changes of a delivery: what is left out stays, `items` are all of its lines."""

    carrier: Short | None = None
    tracking_no: Short | None = None
    remarks: Text | None = None
    items: DeliveredItems | None = None
    model_config = sample(DELIVERY_CHANGED)


class DeliveryNumbered(Shape):
    """A delivery that was made."""

    id: str
    delivery_no: str


class DeliveriesAsked(Paged):
    """Which deliveries: numbers by how they begin, names by a part, days with both ends."""

    delivery_no: Asked = None
    order_id: Asked = None
    order_no: Asked = None
    customer_id: Asked = None
    customer_name: Asked = None
    delivery_date_start: AskedDay = None
    delivery_date_end: AskedDay = None


@router.get(
    "",
    summary="List deliveries",
    responses={**refusals(400, 401, 403), **example_list(DELIVERY_ROW, 50)},
)
def deliveries(
    visitor: Visitor, asked: Annotated[DeliveriesAsked, Query()]
) -> Answer[Listing[DeliveryShown]]:
    """List deliveries in the order in which head office came to know them."""
    least, most = days(asked.delivery_date_start, asked.delivery_date_end, "day")
    chosen = ListFilter(
        equal=said(origin=asked.order_id, customer_id=asked.customer_id),
        holds=said(customer_name=asked.customer_name),
        starts=said(number=asked.delivery_no, origin_number=asked.order_no),
        least=least,
        most=most,
    )
    with visitor.reading() as connection:
        found = page(
            connection, visitor.company_id, DELIVERY_NOTE, chosen, asked.page, asked.page_size
        )
    return listing(found, asked, _shown)


@router.get(
    "/{id}",
    summary="A delivery",
    responses={**refusals(400, 401, 403, 404), **example(DELIVERY_DETAIL)},
)
def delivery(id: Id, visitor: Visitor) -> Answer[DeliveryDetail]:
    """Return a delivery with what went out, from where and with whom."""
    with visitor.reading() as connection:
        note = standing_document(connection, visitor.company_id, DeliveryNote, id)
        place = warehouse_name(connection, visitor.company_id, note.location)
    head = note.head
    return Answer(
        data=DeliveryDetail(
            id=head.id,
            delivery_no=head.number,
            order_id=note.order_id,
            order_no=note.order_number,
            **shown_customer(head.customer),
            address=address_text(head.customer),
            delivery_date=head.day.isoformat(),
            warehouse_id=note.location,
            warehouse_name=place,
            carrier=note.carrier,
            tracking_no=note.tracking,
            remarks=head.remarks,
            status=_status(note),
            items=[DeliveredItem(**item) for item in _items(note)],
            **shown_signed(head),
        )
    )


@router.post(
    "",
    summary="Deliver an order",
    responses={
        **refusals(400, 401, 403, 404),
        **example({"id": "delivery-001", "deliveryNo": "DL2023060001"}),
    },
)
def delivery_made(asked: DeliveryMade, visitor: Visitor) -> Answer[DeliveryNumbered]:
    """Let goods of an approved order go out of a warehouse.

    Refused for more than is still to be delivered, or than the warehouse has.
    """
    transport = Transport(
        asked.delivery_date,
        asked.warehouse_id or "",
        asked.carrier or "",
        asked.tracking_no or "",
        asked.remarks or "",
    )
    with visitor.desk() as desk:
        order = desk.get(Order, asked.order_id)
        quantities, remarks = delivered_units(order, asked.items)
        made = deliver(desk, asked.order_id, quantities, transport, remarks)
    return Answer(data=DeliveryNumbered(id=made.head.id, delivery_no=made.head.number))


@router.put("/{id}", summary="Change a delivery", responses=refusals(400, 401, 403, 404))
def delivery_changed(id: Id, asked: DeliveryChanged, visitor: Visitor) -> Nothing:
    """Change carrier and remarks at any time, and quantities while nothing followed.

    Goods that were invoiced or came back stay delivered; stock moves by what is different.
    """
    with visitor.desk() as desk:
        quantities, remarks = _asked_lines(desk, id, asked)
        change_delivery(
            desk,
            id,
            quantities=quantities,
            carrier=asked.carrier,
            tracking=asked.tracking_no,
            remarks=asked.remarks,
            line_remarks=remarks,
        )
    return Nothing()


@router.delete("/{id}", summary="Delete a delivery", responses=refusals(400, 401, 403, 404))
def delivery_deleted(id: Id, visitor: Visitor) -> Nothing:
    """Take a delivery back while nothing of it was invoiced or returned; its number stays used.

    The goods are in stock again, and the order can be delivered again.
    """
    with visitor.desk() as desk:
        delete_delivery(desk, id)
    return Nothing()


def delivered_units(
    order: Order, items: list[DeliveredItemSent]
) -> tuple[dict[str, Decimal], dict[str, str]]:
    """Return how much goes out of each line of an order, and what is remarked on it."""
    known = [line.line.id for line in order.lines]
    quantities: dict[str, Decimal] = {}
    remarks: dict[str, str] = {}
    for item in items:
        line = own_line_id(order.head.id, item.order_item_id, known)
        quantities[line] = quantities.get(line, Decimal(0)) + item.delivered_quantity
        if item.remark is not None:
            remarks[line] = item.remark
    return quantities, remarks


def warehouse_name(connection: Connection, company_id: str, location: str) -> str:
    """Return what a place is called: where nobody named it, as it is."""
    note = note_of(connection, company_id, Api.ERP.value, "warehouse", location)
    return location if note is None else str(note.get("name", location))


def _asked_lines(
    desk: OfficeDesk, note_id: str, asked: DeliveryChanged
) -> tuple[Mapping[str, Decimal] | None, Mapping[str, str]]:
    if asked.items is None:
        return None, {}
    note = desk.get(DeliveryNote, note_id)
    order = desk.get(Order, note.order_id)
    quantities, remarks = delivered_units(order, asked.items)
    return {line: units for line, units in quantities.items() if units}, remarks


def _status(note: DeliveryNote) -> Any:
    return note.state.value


def _shown(row: ListedRow, thing: ThingRow) -> DeliveryShown:
    note = document_of(DeliveryNote, thing.state)
    head = note.head
    return DeliveryShown(
        id=row.id,
        delivery_no=head.number,
        order_id=note.order_id,
        order_no=note.order_number,
        customer_id=head.customer.id,
        customer_name=head.customer.name,
        delivery_date=head.day.isoformat(),
        total_quantity=whole_or_fraction(note.quantity),
        status=_status(note),
        **shown_signed(head),
    )


def _items(note: DeliveryNote) -> list[dict[str, Any]]:
    return [
        {
            "id": line_id(note.head.id, one.line.id),
            "order_item_id": line_id(note.order_id, one.order_line_id),
            "product_id": one.line.product_id,
            "product_code": one.line.code,
            "product_name": one.line.name,
            "specification": one.line.specification,
            "unit": one.line.unit.name,
            "ordered_quantity": whole_or_fraction(one.ordered),
            "delivered_quantity": whole_or_fraction(one.line.quantity),
            "remark": one.line.remark,
        }
        for one in note.lines
    ]
