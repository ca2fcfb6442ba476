"""Chapter 8 of the ERP sales module: goods of orders that come back, with what they credit."""

from decimal import Decimal
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import Field

from pos_app.domain.document import DocumentEmpty
from pos_app.domain.errors import PosError
from pos_app.domain.money import smallest_step
from pos_app.domain.order import Order
from pos_app.domain.sales_return import REASON_LIMIT, SalesReturn
from pos_app.domain.taking_back import Back, ReturnTerms
from pos_app.server.apis.erp_deliveries import LineId, OfId, Units
from pos_app.server.apis.erp_goods_examples import (
    RETURN_CHANGED,
    RETURN_DETAIL,
    RETURN_MADE,
    RETURN_ROW,
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
from pos_app.server.document_kinds import SALES_RETURN, document_of
from pos_app.server.listed import ListedRow, ListFilter, page
from pos_app.server.office_returns import change_return, delete_return, take_back
from pos_app.server.order_customer import check_customer
from pos_app.server.standing import standing_document
from pos_app.server.thing_rows import ThingRow

router = APIRouter(
    prefix="/api/v1/sales/returns",
    tags=["ERP: returns"],
    route_class=ExactRoute,
    strict_content_type=False,
)
Reason = Annotated[Text, Field(max_length=REASON_LIMIT)]


class OtherPrice(PosError):
    """Goods that should go back at another price than they were ordered at."""

    sentence = (
        "{name} was ordered at {agreed} on {number} and goes back at that price, not at {price}. "
        "Leave the price out, or send that one."
    )


class ReturnShown(Signed):
    """A return as a list shows one; `totalAmount` is what came back is worth, with tax."""

    id: str
    return_no: str
    customer_id: str
    customer_name: str
    order_id: str
    order_no: str
    return_date: str
    total_amount: Number
    status: Literal["completed"]


class ReturnedItem(Shape):
    """What came back of a line of the order, at the order's price."""

    id: str
    order_item_id: str
    product_id: str | None
    product_code: str
    product_name: str
    specification: str
    unit: str
    quantity: Number
    unit_price: Number
    amount: Number
    reason: str


class ReturnDetail(ReturnShown):
    """A return whole."""

    contact: str
    phone: str
    reason: str
    remarks: str
    items: list[ReturnedItem]


class ReturnedItemSent(Shape):
    """What comes back of a line of the order; a price that is sent must be the order's."""

    order_item_id: LineId
    quantity: Units
    unit_price: Exact | None = None
    reason: Reason | None = None


ReturnedItems = Annotated[list[ReturnedItemSent], Field(max_length=ITEMS_MOST)]


class ReturnMade(Shape):
    """A return to make; without a date it is of today."""

    customer_id: OfId | None = None
    order_id: OfId
    return_date: Day | None = None
    reason: Reason | None = None
    remarks: Text | None = None
    items: ReturnedItems
    model_config = sample(RETURN_MADE)


class ReturnChanged(Shape):
    """What changes of a return: what is left out stays, `items` are all of its lines."""

    reason: Reason | None = None
    remarks: Text | None = None
    items: ReturnedItems | None = None
    model_config = sample(RETURN_CHANGED)


class ReturnNumbered(Shape):
    """A return that was made."""

    id: str
    return_no: str


class ReturnsAsked(Paged):
    """Which returns: numbers by how they begin, names by a part, days with both ends."""

    return_no: Asked = None
    customer_id: Asked = None
    customer_name: Asked = None
    order_id: Asked = None
    order_no: Asked = None
    return_date_start: AskedDay = None
    return_date_end: AskedDay = None


@router.get(
    "",
    summary="List returns",
    responses={**refusals(400, 401, 403), **example_list(RETURN_ROW, 20)},
)
def returns(
    visitor: Visitor, asked: Annotated[ReturnsAsked, Query()]
) -> Answer[Listing[ReturnShown]]:
    """List returns and credit notes in the order in which head office came to know them."""
    least, most = days(asked.return_date_start, asked.return_date_end, "day")
    chosen = ListFilter(
        equal=said(origin=asked.order_id, customer_id=asked.customer_id),
        holds=said(customer_name=asked.customer_name),
        starts=said(number=asked.return_no, origin_number=asked.order_no),
        least=least,
        most=most,
    )
    with visitor.reading() as connection:
        found = page(
            connection, visitor.company_id, SALES_RETURN, chosen, asked.page, asked.page_size
        )
    return listing(found, asked, _row_shown)


@router.get(
    "/{id}",
    summary="A return",
    responses={**refusals(400, 401, 403, 404), **example(RETURN_DETAIL)},
)
def goods_return(id: Id, visitor: Visitor) -> Answer[ReturnDetail]:
    """Return a return with what came back and why."""
    with visitor.reading() as connection:
        found = standing_document(connection, visitor.company_id, SalesReturn, id)
    customer = shown_customer(found.head.customer)
    return Answer(
        data=ReturnDetail(
            **_shown(found).model_dump(),
            contact=customer["contact"],
            phone=customer["phone"],
            reason=found.reason,
            remarks=found.head.remarks,
            items=[ReturnedItem(**item) for item in _items(found)],
        )
    )


@router.post(
    "",
    summary="Take goods back",
    responses={
        **refusals(400, 401, 403, 404),
        **example({"id": "return-001", "returnNo": "RTN2023060001"}),
    },
)
def return_made(asked: ReturnMade, visitor: Visitor) -> Answer[ReturnNumbered]:
    """Take goods of an order back into stock, at most what went out.

    What of them had been invoiced is credited on the invoice.
    """
    terms = ReturnTerms(asked.reason or "", asked.return_date, remarks=asked.remarks or "")
    with visitor.desk() as desk:
        order = desk.get(Order, asked.order_id)
        if asked.customer_id:
            check_customer(desk, order, asked.customer_id)
        made = take_back(desk, asked.order_id, _backs(order, asked.items), terms)
    return Answer(data=ReturnNumbered(id=made.head.id, return_no=made.head.number))


@router.put("/{id}", summary="Change a return", responses=refusals(400, 401, 403, 404))
def return_changed(id: Id, asked: ReturnChanged, visitor: Visitor) -> Nothing:
    """Change reasons and remarks at any time, and quantities while nothing rests on them.

    What credited an invoice stays, as does what more came back after.
    """
    with visitor.desk() as desk:
        backs = None
        if asked.items is not None:
            order = desk.get(Order, desk.get(SalesReturn, id).order_id)
            backs = _backs(order, asked.items)
            if not any(back.quantity for back in backs.values()):
                raise DocumentEmpty()
        change_return(desk, id, backs=backs, reason=asked.reason, remarks=asked.remarks)
    return Nothing()


@router.delete("/{id}", summary="Delete a return", responses=refusals(400, 401, 403, 404))
def return_deleted(id: Id, visitor: Visitor) -> Nothing:
    """Undo a return that credited nothing: its goods leave the stock; its number stays used."""
    with visitor.desk() as desk:
        delete_return(desk, id)
    return Nothing()


def _backs(order: Order, items: list[ReturnedItemSent]) -> dict[str, Back]:
    """Return what comes back by the order line's id; raises OtherPrice."""
    lines = {line.line.id: line.line for line in order.lines}
    step = smallest_step(order.head.policy.currency)
    backs: dict[str, Back] = {}
    for item in items:
        if not item.quantity:
            continue
        own = own_line_id(order.head.id, item.order_item_id, lines)
        line = lines.get(own)
        if line is not None and not _is_agreed(item, line.unit_price, step):
            raise OtherPrice(
                name=line.name,
                agreed=_plain(line.unit_price),
                number=order.head.number,
                price=_plain(item.unit_price),
            )
        before = backs.get(own)
        quantity = item.quantity + (Decimal(0) if before is None else before.quantity)
        backs[own] = Back(quantity, item.reason or (before.reason if before else ""))
    return backs


def _is_agreed(item: ReturnedItemSent, agreed: Decimal, step: Decimal) -> bool:
    """Whether a price comes to what was agreed: some of many can be worth a part of a cent more."""
    if item.unit_price is None:
        return True
    return abs(item.unit_price - agreed) * item.quantity < step


def _plain(price: Decimal | None) -> str:
    return "" if price is None else f"{price.normalize():f}"


def _row_shown(_row: ListedRow, thing: ThingRow) -> ReturnShown:
    return _shown(document_of(SalesReturn, thing.state))


def _shown(document: SalesReturn) -> ReturnShown:
    head = document.head
    return ReturnShown(
        id=head.id,
        return_no=head.number,
        customer_id=head.customer.id,
        customer_name=head.customer.name,
        order_id=document.order_id,
        order_no=document.order_number,
        return_date=head.day.isoformat(),
        total_amount=whole_or_fraction(document.total),
        status="completed",
        **shown_signed(head),
    )


def _items(document: SalesReturn) -> list[dict[str, Any]]:
    return [
        {
            "id": line_id(document.head.id, one.line.id),
            "order_item_id": line_id(document.order_id, one.order_line_id),
            "product_id": one.line.product_id,
            "product_code": one.line.code,
            "product_name": one.line.name,
            "specification": one.line.specification,
            "unit": one.line.unit.name,
            "quantity": whole_or_fraction(one.line.quantity),
            "unit_price": whole_or_fraction(one.line.unit_price),
            "amount": whole_or_fraction(one.figures.gross),
            "reason": one.reason,
        }
        for one in document.lines
    ]
