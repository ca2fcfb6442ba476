"""Chapter 7 of the ERP sales module: invoices of orders at net prices, and money that comes in."""

from enum import StrEnum
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import Field
from sqlalchemy import ColumnElement, select

from pos_app.domain.invoice import REMARK_LIMIT, Invoice, InvoiceState
from pos_app.domain.money import Money
from pos_app.domain.order import Order
from pos_app.domain.payment import TenderMethod
from pos_app.server.api_keys import Right
from pos_app.server.apis.erp_deliveries import OfId
from pos_app.server.apis.erp_goods_examples import (
    INVOICE_CHANGED,
    INVOICE_DETAIL,
    INVOICE_MADE,
    INVOICE_ROW,
    RECEIVED,
)
from pos_app.server.apis.erp_invoice_lines import (
    InvoicedItems,
    InvoiceItem,
    own_prices,
    says_the_same,
    shown_item,
)
from pos_app.server.apis.erp_lines import shown_signed
from pos_app.server.apis.erp_shapes import (
    EMPTY_IS_NONE,
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
    listing,
    refusals,
    said,
    sample,
)
from pos_app.server.apis.exact import ExactRoute, whole_or_fraction
from pos_app.server.dearer_invoices import require_credit_beyond
from pos_app.server.document_kinds import INVOICE, ORDER, document_of
from pos_app.server.listed import ListedRow, ListFilter, page
from pos_app.server.office_desk import DocumentUnknown, OfficeDesk
from pos_app.server.office_invoices import (
    change_invoice,
    delete_invoice,
    invoice_order,
    postpone,
    receive,
)
from pos_app.server.order_customer import check_customer
from pos_app.server.standing import standing_document
from pos_app.server.tables import listed
from pos_app.server.thing_rows import ThingRow

router = APIRouter(
    prefix="/api/v1/sales/invoices",
    tags=["ERP: invoices"],
    route_class=ExactRoute,
    strict_content_type=False,
)
Status = Literal["unpaid", "partially_paid", "fully_paid"]


class Method(StrEnum):
    """How money came in; what only the till can take (vouchers, points) is not among them."""

    BANK_TRANSFER = "bank_transfer"
    CASH = "cash"
    CARD = "card"
    CREDIT_CARD = "credit_card"
    DEBIT_CARD = "debit_card"
    MOBILE = "mobile"
    WECHAT = "wechat"
    ALIPAY = "alipay"
    CHEQUE = "cheque"
    CHECK = "check"


_TENDERS = {
    Method.CREDIT_CARD: TenderMethod.CARD,
    Method.DEBIT_CARD: TenderMethod.CARD,
    Method.WECHAT: TenderMethod.MOBILE,
    Method.ALIPAY: TenderMethod.MOBILE,
    Method.CHECK: TenderMethod.CHEQUE,
}


class InvoiceShown(Signed):
    """An invoice as a list shows one; what was credited is in the balance, and not in `paid`."""

    id: str
    invoice_no: str
    customer_id: str
    customer_name: str
    order_id: str
    order_no: str
    invoice_date: str
    due_date: str
    total_amount: Number
    paid_amount: Number
    balance_amount: Number
    status: Status


class InvoiceDetail(InvoiceShown):
    """An invoice whole: net and tax are the total, but for what cash rounding took."""

    customer_tax_no: str
    tax_amount: Number
    net_amount: Number
    items: list[InvoiceItem]


class InvoiceMade(Shape):
    """An invoice to make of an order: without a date today, without a last day as agreed."""

    customer_id: OfId | None = None
    order_id: OfId
    invoice_date: Day | None = None
    due_date: Day | None = None
    items: InvoicedItems
    model_config = sample(INVOICE_MADE)


class InvoiceChanged(Shape):
    """What changes of an invoice: what is left out stays, `items` are all of its lines."""

    due_date: Day | None = None
    items: InvoicedItems | None = None
    model_config = sample(INVOICE_CHANGED)


class Received(Shape):
    """Money that came in; without a date today."""

    amount: Exact
    receive_date: Day | None = None
    payment_method: Method = Method.BANK_TRANSFER
    remarks: Annotated[Text, Field(max_length=REMARK_LIMIT)] | None = None
    model_config = sample(RECEIVED)


class InvoiceNumbered(Shape):
    """An invoice that was made."""

    id: str
    invoice_no: str


class InvoicesAsked(Paged):
    """Which invoices: numbers by how they begin, names by a part, days with both ends."""

    invoice_no: Asked = None
    customer_id: Asked = None
    customer_name: Asked = None
    order_id: Asked = None
    order_no: Asked = None
    invoice_date_start: AskedDay = None
    invoice_date_end: AskedDay = None
    status: Annotated[Status | None, EMPTY_IS_NONE] = None


@router.get(
    "",
    summary="List invoices",
    responses={**refusals(400, 401, 403), **example_list(INVOICE_ROW, 50)},
)
def invoices(
    visitor: Visitor, asked: Annotated[InvoicesAsked, Query()]
) -> Answer[Listing[InvoiceShown]]:
    """List issued invoices in the order in which head office came to know them."""
    least, most = days(asked.invoice_date_start, asked.invoice_date_end, "day")
    also: tuple[ColumnElement[bool], ...] = (listed.c.status != InvoiceState.DRAFT.value,)
    if asked.order_id is not None or asked.order_no is not None:
        also = (*also, _is_of_order())
    chosen = ListFilter(
        equal=said(origin=asked.order_id, customer_id=asked.customer_id, status=asked.status),
        holds=said(customer_name=asked.customer_name),
        starts=said(number=asked.invoice_no, origin_number=asked.order_no),
        least=least,
        most=most,
        also=also,
    )
    with visitor.reading() as connection:
        found = page(connection, visitor.company_id, INVOICE, chosen, asked.page, asked.page_size)
    return listing(found, asked, _row_shown)


@router.get(
    "/{id}",
    summary="An invoice",
    responses={**refusals(400, 401, 403, 404), **example(INVOICE_DETAIL)},
)
def invoice(id: Id, visitor: Visitor) -> Answer[InvoiceDetail]:
    """Return an invoice with its lines, its tax, and what is still owed."""
    with visitor.reading() as connection:
        found = _issued(standing_document(connection, visitor.company_id, Invoice, id))
    return Answer(
        data=InvoiceDetail(
            **_shown(found).model_dump(),
            customer_tax_no=found.head.customer.tax_number,
            tax_amount=whole_or_fraction(found.tax),
            net_amount=whole_or_fraction(found.net),
            items=[shown_item(found, line) for line in found.lines],
        )
    )


@router.post(
    "",
    summary="Invoice an order",
    responses={
        **refusals(400, 401, 403, 404),
        **example({"id": "invoice-001", "invoiceNo": "INV2023060001"}),
    },
)
def invoice_made(asked: InvoiceMade, visitor: Visitor) -> Answer[InvoiceNumbered]:
    """Invoice what was delivered of an order, at net prices; never more than went out.

    Where the prices are above the order's, the customer's credit is looked at again.
    """
    may_override = Right.APPROVE in visitor.rights
    with visitor.desk() as desk:
        order = desk.get(Order, asked.order_id)
        if asked.customer_id:
            check_customer(desk, order, asked.customer_id)
        made = invoice_order(
            desk,
            asked.order_id,
            day=asked.invoice_date,
            due=asked.due_date,
            lines=own_prices(asked.items),
        )
        require_credit_beyond(desk, order, made, may_override=may_override)
    return Answer(data=InvoiceNumbered(id=made.head.id, invoice_no=made.head.number))


@router.put("/{id}", summary="Change an invoice", responses=refusals(400, 401, 403, 404))
def invoice_changed(id: Id, asked: InvoiceChanged, visitor: Visitor) -> Nothing:
    """Give another last day to pay while anything is owed, or write the lines anew.

    Lines can be written anew while nothing was paid, credited or reminded; the number stays.
    """
    with visitor.desk() as desk:
        _change(desk, _issued(desk.get(Invoice, id)), asked, Right.APPROVE in visitor.rights)
    return Nothing()


@router.delete("/{id}", summary="Delete an invoice", responses=refusals(400, 401, 403, 404))
def invoice_deleted(id: Id, visitor: Visitor) -> Nothing:
    """Delete an invoice on which nothing was paid, credited or reminded; its number stays used.

    What it billed of the order can be invoiced again.
    """
    with visitor.desk() as desk:
        _issued(desk.get(Invoice, id))
        delete_invoice(desk, id)
    return Nothing()


@router.post("/{id}/receive", summary="Receive money", responses=refusals(400, 401, 403, 404))
def money_received(id: Id, asked: Received, visitor: Visitor) -> Nothing:
    """Write down money that came in for an invoice; never more than its balance."""
    method = _TENDERS.get(asked.payment_method)
    with visitor.desk() as desk:
        found = _issued(desk.get(Invoice, id))
        receive(
            desk,
            id,
            Money.of(asked.amount, found.currency),
            method or TenderMethod(asked.payment_method.value),
            asked.receive_date,
            asked.remarks or "",
        )
    return Nothing()


def _change(desk: OfficeDesk, invoice: Invoice, asked: InvoiceChanged, may_override: bool) -> None:
    lines = None if asked.items is None else own_prices(asked.items)
    if lines is not None and says_the_same(invoice, lines):
        lines = None
    if lines is not None:
        change_invoice(
            desk, invoice.head.id, due=asked.due_date, lines=lines, may_override=may_override
        )
    elif asked.due_date is not None and asked.due_date != invoice.due:
        postpone(desk, invoice.head.id, asked.due_date)


def _issued(invoice: Invoice) -> Invoice:
    """Return an invoice that the document knows: a till's draft is none yet."""
    if invoice.state is InvoiceState.DRAFT:
        raise DocumentUnknown(id=invoice.head.id)
    return invoice


def _is_of_order() -> ColumnElement[bool]:
    """Say that an invoice comes from an order, and not from a sale of the counter."""
    orders = listed.alias("orders")
    return (
        select(orders.c.id)
        .where(
            orders.c.company_id == listed.c.company_id,
            orders.c.kind == ORDER,
            orders.c.id == listed.c.origin,
        )
        .exists()
    )


def _row_shown(_row: ListedRow, thing: ThingRow) -> InvoiceShown:
    return _shown(document_of(Invoice, thing.state))


def _shown(invoice: Invoice) -> InvoiceShown:
    head = invoice.head
    state: Any = invoice.state.value
    return InvoiceShown(
        id=head.id,
        invoice_no=head.number,
        customer_id=head.customer.id,
        customer_name=head.customer.name,
        order_id=invoice.order_id,
        order_no=invoice.order_number,
        invoice_date=head.day.isoformat(),
        due_date=invoice.due.isoformat(),
        total_amount=whole_or_fraction(invoice.total),
        paid_amount=whole_or_fraction(invoice.paid),
        balance_amount=whole_or_fraction(invoice.balance),
        status=state,
        **shown_signed(head),
    )
