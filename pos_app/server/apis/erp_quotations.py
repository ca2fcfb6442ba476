"""Chapter 4 of the ERP sales module: quotations."""

from dataclasses import replace
from datetime import date
from typing import Annotated, Literal, cast

from fastapi import APIRouter, Query
from pydantic import StrictBool

from pos_app.domain.quotation import Quotation, QuotationState
from pos_app.server.apis.erp_examples import (
    ORDER_WANTED,
    QUOTATION_CHANGED,
    QUOTATION_DECIDED,
    QUOTATION_DETAIL,
    QUOTATION_MADE,
    QUOTATION_ROW,
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
    Day,
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
    listing,
    made_between,
    refusals,
    said,
    sample,
)
from pos_app.server.apis.exact import ExactRoute, whole_or_fraction
from pos_app.server.document_kinds import QUOTATION, document_of
from pos_app.server.listed import ListedRow, ListFilter, page
from pos_app.server.office_desk import OfficeDesk
from pos_app.server.office_orders import document_lines
from pos_app.server.office_quotations import (
    as_of,
    change_quotation,
    decide_quotation,
    delete_quotation,
    in_state,
    new_quotation,
    order_from_quotation,
)
from pos_app.server.standing import standing_document, zone_of
from pos_app.server.thing_rows import ThingRow

router = APIRouter(
    prefix="/api/v1/sales/quotations",
    tags=["ERP: quotations"],
    route_class=ExactRoute,
    strict_content_type=False,
)
Status = Literal["draft", "submitted", "approved", "rejected", "expired"]


class QuotationShown(Signed):
    """A quotation as a list shows one; `totalAmount` is with tax."""

    id: str
    quotation_no: str
    customer_id: str
    customer_name: str
    contact: str
    phone: str
    quotation_date: str
    expiry_date: str
    total_amount: Number
    status: Status


class QuotationDetail(QuotationShown):
    """A quotation whole."""

    address: str
    payment_terms: str
    shipping_terms: str
    remarks: str
    items: list[ItemShown]


class QuotationMade(DocumentMade):
    """A quotation to make; without dates it is of today, and good as long as the shop's are."""

    quotation_date: Day | None = None
    expiry_date: Day | None = None
    model_config = sample(QUOTATION_MADE)


class QuotationChanged(DocumentChanged):
    """What changes of a draft; what is left out stays, `items` are all of them anew."""

    quotation_date: Day | None = None
    expiry_date: Day | None = None
    model_config = sample(QUOTATION_CHANGED)


class QuotationDecided(Shape):
    """Whether a quotation is approved or rejected, and why."""

    approved: StrictBool
    remarks: Text | None = None
    model_config = sample(QUOTATION_DECIDED)


class OrderWanted(Shape):
    """When the order is of (today), and when its goods are to be delivered."""

    order_date: Day | None = None
    delivery_date: Day | None = None
    model_config = sample(ORDER_WANTED)


class QuotationNumbered(Shape):
    """A quotation that was made."""

    id: str
    quotation_no: str


class OrderGenerated(Shape):
    """The order that was made."""

    order_id: str
    order_no: str


class QuotationsAsked(Paged):
    """Which quotations: the number by how it begins, the customer's name by a part."""

    quotation_no: Asked = None
    customer_id: Asked = None
    customer_name: Asked = None
    status: Annotated[Status | None, EMPTY_IS_NONE] = None
    create_date_start: AskedDay = None
    create_date_end: AskedDay = None
    expiry_date_start: AskedDay = None
    expiry_date_end: AskedDay = None


@router.get(
    "",
    summary="List quotations",
    responses={**refusals(400, 401, 403), **example_list(QUOTATION_ROW, 50)},
)
def quotations(
    visitor: Visitor, asked: Annotated[QuotationsAsked, Query()]
) -> Answer[Listing[QuotationShown]]:
    """List quotations in the order in which they were made; days are the shop's, both included."""
    with visitor.reading() as connection:
        zone = zone_of(connection, visitor.company_id, visitor.shop)
        today = visitor.now.astimezone(zone).date()
        made = made_between(asked.create_date_start, asked.create_date_end, zone)
        until = days(asked.expiry_date_start, asked.expiry_date_end, "until")
        chosen = ListFilter(
            equal=said(customer_id=asked.customer_id),
            holds=said(customer_name=asked.customer_name),
            starts=said(number=asked.quotation_no),
            least=made[0] | until[0],
            most=made[1] | until[1],
            also=() if asked.status is None else (in_state(QuotationState(asked.status), today),),
        )
        found = page(connection, visitor.company_id, QUOTATION, chosen, asked.page, asked.page_size)

    def shown(_row: ListedRow, thing: ThingRow) -> QuotationShown:
        return _shown(document_of(Quotation, thing.state), today)

    return listing(found, asked, shown)


@router.get(
    "/{id}",
    summary="A quotation",
    responses={**refusals(400, 401, 403, 404), **example(QUOTATION_DETAIL)},
)
def quotation(id: Id, visitor: Visitor) -> Answer[QuotationDetail]:
    """Return a quotation with its lines."""
    with visitor.reading() as connection:
        found = standing_document(connection, visitor.company_id, Quotation, id)
        zone = zone_of(connection, visitor.company_id, visitor.shop)
    row = _shown(found, visitor.now.astimezone(zone).date())
    items = [
        ItemShown(**shown_line(id, line, figures))
        for line, figures in zip(found.lines, found.priced.lines, strict=True)
    ]
    return Answer(data=QuotationDetail(**row.model_dump(), **shown_terms(found.head), items=items))


@router.post(
    "",
    summary="Make a quotation",
    responses={
        **refusals(400, 401, 403, 404),
        **example({"id": "quotation-001", "quotationNo": "QT2023060001"}),
    },
)
def quotation_made(asked: QuotationMade, visitor: Visitor) -> Answer[QuotationNumbered]:
    """Make a draft under the next number of its month."""
    with visitor.desk() as desk:
        made = new_quotation(
            desk,
            asked.customer_id,
            wanted(asked.items),
            day=asked.quotation_date,
            expires=asked.expiry_date,
            **terms_said(asked),
        )
    return Answer(data=QuotationNumbered(id=made.head.id, quotation_no=made.head.number))


@router.put("/{id}", summary="Change a quotation", responses=refusals(400, 401, 403, 404))
def quotation_changed(id: Id, asked: QuotationChanged, visitor: Visitor) -> Nothing:
    """Change a draft; what is past that is refused."""
    with visitor.desk() as desk:
        change_quotation(desk, _written_anew(desk, desk.get(Quotation, id), asked))
    return Nothing()


@router.delete("/{id}", summary="Delete a quotation", responses=refusals(400, 401, 403, 404))
def quotation_deleted(id: Id, visitor: Visitor) -> Nothing:
    """Throw a draft away; its number stays used."""
    with visitor.desk() as desk:
        delete_quotation(desk, id)
    return Nothing()


@router.post("/{id}/approve", summary="Decide a quotation", responses=refusals(400, 401, 403, 404))
def quotation_decided(id: Id, asked: QuotationDecided, visitor: Visitor) -> Nothing:
    """Approve or reject a quotation; a draft is submitted and decided at once."""
    with visitor.desk() as desk:
        decide_quotation(desk, id, asked.approved, asked.remarks or "")
    return Nothing()


@router.post(
    "/{id}/generate-order",
    summary="Make an order of a quotation",
    responses={
        **refusals(400, 401, 403, 404),
        **example({"orderId": "order-001", "orderNo": "SO2023060001"}),
    },
)
def order_generated(id: Id, asked: OrderWanted, visitor: Visitor) -> Answer[OrderGenerated]:
    """Make a draft order of an approved quotation, once."""
    with visitor.desk() as desk:
        order = order_from_quotation(desk, id, day=asked.order_date, deliver_by=asked.delivery_date)
    return Answer(data=OrderGenerated(order_id=order.head.id, order_no=order.head.number))


def _shown(quotation: Quotation, today: date) -> QuotationShown:
    head = quotation.head
    return QuotationShown(
        id=head.id,
        quotation_no=head.number,
        **shown_customer(head.customer),
        quotation_date=head.day.isoformat(),
        expiry_date=quotation.expires.isoformat(),
        total_amount=whole_or_fraction(quotation.priced.gross),
        status=cast("Status", as_of(quotation, today).state.value),
        **shown_signed(head),
    )


def _written_anew(desk: OfficeDesk, now: Quotation, asked: QuotationChanged) -> Quotation:
    head = head_as_said(desk, now.head, asked, asked.quotation_date)
    lines = now.lines
    if asked.items is not None:
        lines = document_lines(desk, wanted(asked.items, head.id, now.lines), now.lines)
    return replace(now, head=head, lines=lines, expires=asked.expiry_date or now.expires)
