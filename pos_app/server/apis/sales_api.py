"""The Sales API: orders, customers and invoices under /api/sales.

An order made here is agreed at once, at the prices given: goods must be there, and the customer
good for it. Its invoice is for all that was ordered; asked for again, it is the first one.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy import Connection

from pos_app.domain.cart import QuantityTooFine
from pos_app.domain.customer import Customer
from pos_app.domain.customer_rules import MailAddressWrong, customer_refusals
from pos_app.domain.document import DocumentEmpty, LineFigureWrong
from pos_app.domain.errors import PosError
from pos_app.domain.invoice import Invoice
from pos_app.domain.line_amounts import line_amount
from pos_app.domain.money import Money, total
from pos_app.domain.order import InvoiceBasis, Order
from pos_app.domain.payload_reading import customer_of
from pos_app.domain.payloads import text
from pos_app.domain.pricing import PricePolicy
from pos_app.server.api_keys import Api, Right
from pos_app.server.api_notes import notes_of, put_note
from pos_app.server.apis.envelopes import add_envelope
from pos_app.server.apis.exact import ExactRoute, whole_or_fraction
from pos_app.server.apis.sales_shapes import (
    ID_LIMIT,
    LAST_PAGE,
    MOST_SIZE,
    SIZE,
    CustomerPage,
    CustomerShown,
    CustomerWanted,
    Detail,
    InvoiceShown,
    InvoiceWanted,
    OrderPage,
    OrderShown,
    OrderWanted,
)
from pos_app.server.apis.visits import ApiVisitor, admitted, bearer
from pos_app.server.document_kinds import INVOICE, ORDER, document_of
from pos_app.server.listed import ACTIVE, ListFilter, page
from pos_app.server.office_customers import new_customer
from pos_app.server.office_desk import (
    CustomerUnknown,
    DocumentUnknown,
    OfficeDesk,
    ProductUnknown,
)
from pos_app.server.office_invoices import invoice_order, invoices_of_order
from pos_app.server.office_orders import OrderedItem, decide_order, new_order
from pos_app.server.product_codes import product_called
from pos_app.server.thing_kinds import CUSTOMER
from pos_app.server.thing_rows import load_things

PREFIX = "/api/sales"
INVALID_ORDER = "Invalid order data"
_MAIL_NOTE = "E-mail: "
_scheme = HTTPBearer(
    scheme_name="sales",
    bearerFormat="opaque",
    description="A key for the Sales API, as head office gives it.",
    auto_error=False,
)
router = APIRouter(
    prefix=PREFIX, route_class=ExactRoute, tags=["Sales API"], strict_content_type=False
)


class OrderInvalid(PosError):
    """An order that cannot be read, or with lines that no order can have."""

    sentence = INVALID_ORDER


class OrderNotFound(DocumentUnknown):
    """An order that the company does not have."""

    sentence = "Order not found"


class InvoiceNotFound(DocumentUnknown):
    """An invoice that the company does not have."""

    sentence = "Invoice not found"


class CustomerNotFound(CustomerUnknown):
    """A customer whom the company does not have."""

    sentence = "Customer not found"


class StockShort(PosError):
    """More is ordered than the shop has."""

    sentence = "Only {level} of {name} are in stock. Order at most that."


def _visitor(
    request: Request, _: Annotated[HTTPAuthorizationCredentials | None, Depends(_scheme)]
) -> ApiVisitor:
    return admitted(request, Api.SALES, bearer(request))


Visitor = Annotated[ApiVisitor, Depends(_visitor)]
PageNumber = Annotated[int, Query(ge=1, le=LAST_PAGE)]
PageSize = Annotated[int, Query(ge=1, le=MOST_SIZE)]


def _answers(*statuses: int) -> dict[int | str, dict[str, Any]]:
    said = {
        400: "The request is not valid, or a rule of the shop refuses it",
        401: "The key is missing or not valid",
        403: "The key does not allow it",
        404: "There is no such order, customer or invoice",
        413: "The body is too large",
        429: "Too many requests; see Retry-After",
        500: "A fault of head office",
        503: "The database does not answer; see Retry-After",
    }
    always = (400, 401, 403, 408, 413, 429, 500, 503)
    return {
        status: {"model": Detail, "description": said.get(status, "The request did not arrive")}
        for status in sorted({*statuses, *always})
    }


@router.get("/orders", response_model=OrderPage, responses=_answers())
def list_orders(visitor: Visitor, page: PageNumber = 1, size: PageSize = SIZE) -> Any:
    """List the company's orders."""
    rows, count = _page(visitor, ORDER, ListFilter(), page, size)
    found = [document_of(Order, state) for state in rows]
    with visitor.reading() as connection:
        words = _words(connection, visitor.company_id, [order.head.id for order in found])
    orders = [order_shown(order, words.get(order.head.id)) for order in found]
    return {"items": orders, "total": count, "page": page, "size": size}


@router.post("/orders", status_code=201, response_model=OrderShown, responses=_answers(404))
def create_order(visitor: Visitor, wanted: OrderWanted) -> Any:
    """Make an order and agree to it; the customer's credit and the stock must allow it."""
    with visitor.desk() as desk:
        items = _items(desk, wanted)
        try:
            order = new_order(desk, wanted.customer_id, items)
        except CustomerUnknown as failure:
            raise CustomerNotFound(id=wanted.customer_id) from failure
        except (LineFigureWrong, QuantityTooFine) as failure:
            raise OrderInvalid() from failure
        may_override = Right.APPROVE in visitor.rights
        order = decide_order(desk, order.head.id, True, "", may_override)
        words = {
            own.product_id: said.product_id for own, said in zip(items, wanted.items, strict=True)
        }
        _keep_words(desk, order.head.id, words)
        return order_shown(order, words)


@router.get("/customers", response_model=CustomerPage, responses=_answers())
def list_customers(visitor: Visitor, page: PageNumber = 1, size: PageSize = SIZE) -> Any:
    """List the company's customers."""
    chosen = ListFilter(equal={"status": ACTIVE})
    rows, count = _page(visitor, CUSTOMER, chosen, page, size)
    customers = [customer_shown(customer_of(json.loads(state))) for state in rows]
    return {"items": customers, "total": count, "page": page, "size": size}


@router.post("/customers", status_code=201, response_model=CustomerShown, responses=_answers())
def create_customer(visitor: Visitor, wanted: CustomerWanted) -> Any:
    """Make a customer, who gets the next number of the shop's.

    An e-mail that is no address is kept as a note on the customer: shown here, never written to.
    """
    with visitor.desk() as desk:
        return customer_shown(new_customer(desk, _customer(wanted)))


@router.post(
    "/invoices",
    status_code=201,
    response_model=InvoiceShown,
    responses={
        **_answers(404),
        200: {"model": InvoiceShown, "description": "It was invoiced before"},
    },
)
def generate_invoice(visitor: Visitor, wanted: InvoiceWanted, response: Response) -> Any:
    """Invoice all that was ordered; an order that was invoiced before answers with that invoice."""
    with visitor.desk() as desk:
        if desk.find(Order, wanted.order_id) is None:
            raise OrderNotFound(id=wanted.order_id)
        found = invoices_of_order(desk, wanted.order_id)
        words = _words(desk.connection, desk.company_id, [wanted.order_id]).get(wanted.order_id)
        standing = [one for one in found if one.credited != one.total or not one.credits]
        if standing:
            response.status_code = 200
            return invoice_shown(standing[0], words)
        try:
            made = invoice_order(desk, wanted.order_id, basis=InvoiceBasis.ORDERED)
        except DocumentUnknown as failure:
            raise OrderNotFound(id=wanted.order_id) from failure
        except DocumentEmpty:
            if not found:
                raise
            response.status_code = 200
            return invoice_shown(found[0], words)
        return invoice_shown(made, words)


@router.get("/invoices/{invoice_id}", response_model=InvoiceShown, responses=_answers(404))
def get_invoice(visitor: Visitor, invoice_id: str) -> Any:
    """Return an invoice."""
    invoice, words = None, None
    if len(invoice_id) <= ID_LIMIT and "\0" not in invoice_id:
        with visitor.reading() as connection:
            key = INVOICE, invoice_id
            row = load_things(connection, visitor.company_id, [key]).get(key)
            invoice = None if row is None else document_of(Invoice, row.state)
            order_id = "" if invoice is None else invoice.order_id
            words = _words(connection, visitor.company_id, [order_id]).get(order_id)
    if invoice is None or invoice.state.value == "deleted":
        raise InvoiceNotFound(id=invoice_id)
    return invoice_shown(invoice, words)


def order_shown(order: Order, words: Mapping[str, str] | None) -> dict[str, Any]:
    """Return an order as the API shows it; `words` are what whoever ordered called products."""
    lines = [line.line for line in order.lines]
    items, sum_of_items = _items_shown(lines, order.priced.lines, order.head.policy, words)
    return {
        "id": order.head.id,
        "customer_id": order.head.customer.id,
        "order_date": order.head.day.isoformat(),
        "status": order.state.value,
        "total_amount": whole_or_fraction(sum_of_items),
        "items": items,
    }


def invoice_shown(invoice: Invoice, words: Mapping[str, str] | None) -> dict[str, Any]:
    """Return an invoice as the API shows it; for `words` see `order_shown`."""
    head = invoice.head
    figures = [line.figures for line in invoice.lines]
    items, _ = _items_shown([line.line for line in invoice.lines], figures, head.policy, words)
    return {
        "id": head.id,
        "order_id": invoice.order_id,
        "customer_id": head.customer.id,
        "invoice_number": head.number,
        "invoice_date": head.day.isoformat(),
        "due_date": invoice.due.isoformat(),
        "status": invoice.state.value,
        "net_amount": whole_or_fraction(invoice.net),
        "tax_amount": whole_or_fraction(invoice.tax),
        "total_amount": whole_or_fraction(invoice.total),
        "paid_amount": whole_or_fraction(invoice.paid),
        "items": items,
    }


def customer_shown(customer: Customer) -> dict[str, Any]:
    """Return a customer as the API shows them."""
    noted = customer.note.removeprefix(_MAIL_NOTE) if customer.note.startswith(_MAIL_NOTE) else ""
    return {
        "id": customer.id,
        "name": customer.name,
        "email": customer.email or noted.partition("\n")[0],
        "phone": customer.phone,
        "address": {
            "street": customer.address,
            "city": customer.city,
            "state": customer.state,
            "postal_code": customer.postcode,
            "country": customer.country,
        },
    }


def _items_shown(
    lines: Any, figures: Any, policy: PricePolicy, words: Mapping[str, str] | None
) -> tuple[list[dict[str, Any]], Money]:
    amounts = [line_amount(one, policy) for one in figures]
    items = [
        {
            "product_id": (words or {}).get(line.product_id, line.product_id) or "",
            "quantity": whole_or_fraction(line.quantity),
            "unit_price": whole_or_fraction(line.unit_price),
            "total": whole_or_fraction(amount),
        }
        for line, amount in zip(lines, amounts, strict=True)
    ]
    return items, total(amounts, policy.currency)


def _keep_words(desk: OfficeDesk, order_id: str, words: Mapping[str, str]) -> None:
    """Keep what whoever ordered calls the products, so that they know their own order again."""
    if any(own != said for own, said in words.items()):
        note = {"products": dict(words)}
        put_note(desk.connection, desk.company_id, Api.SALES.value, ORDER, order_id, note)


def _words(
    connection: Connection, company_id: str, order_ids: list[str]
) -> dict[str, dict[str, str]]:
    notes = notes_of(connection, company_id, Api.SALES.value, ORDER, order_ids)
    return {order_id: note.get("products", {}) for order_id, note in notes.items()}


def _page(
    visitor: ApiVisitor, kind: str, chosen: ListFilter, number: int, size: int
) -> tuple[list[str], int]:
    with visitor.reading() as connection:
        found = page(connection, visitor.company_id, kind, chosen, number, size)
    return [thing.state for _, thing in found.rows], found.total


def _items(desk: OfficeDesk, wanted: OrderWanted) -> list[OrderedItem]:
    """Return the lines of an order with our ids; raises OrderInvalid or StockShort."""
    items: list[OrderedItem] = []
    left: dict[str, Decimal] = {}
    for item in wanted.items:
        try:
            product = product_called(desk, item.product_id)
        except ProductUnknown as failure:
            raise OrderInvalid() from failure
        if product.is_stocked:
            level = left.get(product.id)
            level = desk.level(product.id) if level is None else level
            left[product.id] = level - item.quantity
            if left[product.id] < 0:
                raise StockShort(level=text(max(level, Decimal(0))), name=product.name)
        items.append(OrderedItem(product.id, item.quantity, item.unit_price))
    return items


def _customer(wanted: CustomerWanted) -> Customer:
    address = wanted.address
    customer = Customer(
        id="",
        number="",
        name=wanted.name,
        phone=wanted.phone or "",
        email=wanted.email or "",
        address=(address and address.street) or "",
        city=(address and address.city) or "",
        postcode=(address and address.postal_code) or "",
        country=(address and address.country) or "",
        state=(address and address.state) or "",
    )
    if isinstance(customer_refusals(customer).get("email"), MailAddressWrong):
        return replace(customer, email="", note=f"{_MAIL_NOTE}{customer.email}")
    return customer


def _refused(request: Request, status: int, code: str, message: str) -> tuple[int, Any]:
    """Every refusal is a `detail`; what is not valid, or what a rule refuses, is a 400."""
    is_invalid = status == 422 or (code == "bad_request" and status == 400)
    if is_invalid and request.method == "POST" and request.url.path == f"{PREFIX}/orders":
        message = INVALID_ORDER
    return 400 if status in (409, 422) else status, {"detail": message}


add_envelope(PREFIX, _refused)
