"""Add Sale: POST /api/v1/sales/add keeps a sale of another system as an invoice and its payment."""

from decimal import Decimal
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from pos_app.domain.invoice import InvoicePayment, InvoiceState
from pos_app.domain.payloads import text
from pos_app.domain.payment import TenderMethod
from pos_app.server import number_kinds
from pos_app.server.added_sales import AddedItem, AddedSale, SaleKept, add_sale
from pos_app.server.api_keys import Api, Right
from pos_app.server.apis.add_sale_bodies import SaleRoute
from pos_app.server.apis.add_sale_examples import ANSWER, FORM
from pos_app.server.apis.add_sale_shapes import METHODS, Added, NotAdded, SaleAdded
from pos_app.server.apis.envelopes import add_envelope
from pos_app.server.apis.visits import ApiVisitor, admitted, bearer
from pos_app.server.companies import shop_of
from pos_app.server.office_desk import OfficeDesk
from pos_app.server.series import number_of, numbers_for

PATH = "/api/v1/sales/add"
MISSING_TOKEN = "Unauthorized: Missing Bearer Token"  # noqa: S105 - words, as published
INVALID_KEY = "Unauthorized: Invalid API Key"
_STATUSES = {
    InvoiceState.DRAFT: "draft",
    InvoiceState.UNPAID: "unpaid",
    InvoiceState.PARTIALLY_PAID: "partial",
    InvoiceState.FULLY_PAID: "paid",
}
# What the published answer calls the payment of a sale that names no way to pay.
_UNNAMED = "Cash"
_WORDS = {
    TenderMethod.CASH: "Cash",
    TenderMethod.CARD: "Card Payment",
    TenderMethod.BANK_TRANSFER: "Bank Transfer / Deposit",
    TenderMethod.MOBILE: "Mobile Money",
    TenderMethod.CHEQUE: "Cheque",
}
_scheme = HTTPBearer(
    scheme_name="xtrakit",
    bearerFormat="opaque",
    description="A key for Add Sale, as head office gives it.",
    auto_error=False,
)
router = APIRouter(route_class=SaleRoute, tags=["Add Sale"], strict_content_type=False)


def _visitor(
    request: Request, _: Annotated[HTTPAuthorizationCredentials | None, Depends(_scheme)]
) -> ApiVisitor:
    return admitted(request, Api.XTRAKIT, bearer(request))


_REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": NotAdded, "description": words}
    for status, words in {
        400: "The sale is not valid, or a rule of the shop refuses it",
        401: "The key is missing or not valid",
        403: "The key does not allow it",
        404: "There is no such customer or product",
        408: "The request did not arrive",
        413: "The body is too large",
        429: "Too many requests; see Retry-After",
        500: "A fault of head office",
        503: "The database does not answer; see Retry-After",
    }.items()
}


@router.post(
    PATH,
    response_model=Added,
    responses={**_REFUSALS, 200: {"content": {"application/json": {"example": ANSWER}}}},
    openapi_extra={"requestBody": {"content": FORM}},
)
def add(visitor: Annotated[ApiVisitor, Depends(_visitor)], sale: SaleAdded) -> Any:
    """Add a sale; with nothing paid and the payment type None it is a draft.

    The same sale sent again answers with the one that is there. Its total counts word for word:
    what it has beyond sub-total, discount and items stands as a line of its own.
    """
    with visitor.desk() as desk:
        may_override = Right.APPROVE in visitor.rights
        kept = add_sale(desk, _wanted(sale), Api.XTRAKIT.value, may_override=may_override)
        data = _data_shown(desk, kept)
    return {"status": 200, "message": "Sale added successfully", "data": data}


def _wanted(sale: SaleAdded) -> AddedSale:
    return AddedSale(
        number=sale.invoice_number,
        code=sale.invoice_code or "",
        customer=sale.customer_id,
        sub_total=sale.sub_total_amount,
        discount=sale.discount,
        total=sale.total_amount,
        paid=sale.amount_paid,
        method=METHODS[sale.payment_type],
        paid_on=sale.payment_date,
        due=sale.due_date,
        remind_on=sale.reminder_date,
        colour=sale.invoice_colour or "",
        note=sale.invoice_note or "",
        terms=sale.invoice_terms or "",
        items=[
            AddedItem(
                item.item_name,
                item.quantity,
                item.unit_price,
                item.tax,
                item.description or "",
                item.product or "",
            )
            for item in sale.items or ()
        ],
        said=sale.model_dump(mode="json"),
    )


def _data_shown(desk: OfficeDesk, kept: SaleKept) -> dict[str, Any]:
    invoice, said, code = kept.invoice, kept.said, kept.code
    moments = {
        "created_at": _moment(desk, invoice.head.created_at),
        "updated_at": _moment(desk, invoice.head.updated_at),
    }
    sale = {
        "id": number_of(desk.connection, desk.company_id, number_kinds.INVOICE, invoice.head.id),
        "invoice_code": int(code),
        "invoice_number": invoice.head.number,
        "customer_id": str(said["customer_id"]),
        "payment_status": _STATUSES.get(invoice.state, "draft"),
    }
    named = ("sub_total_amount", "total_amount", "amount_paid", "discount", "invoice_type",
             "invoice_colour", "invoice_note", "invoice_terms", "payment_internal_note",
             "payment_date", "payment_type", "issued_by", "due_date", "reminder_date",
             "reminder_message")  # fmt: skip
    sale |= {name: said[name] for name in named} | moments
    payments = [
        {**_payment_shown(desk, payment, kept, is_first=number == 0), **moments}
        for number, payment in enumerate(invoice.payments)
    ]
    items = [{**item, **moments} for item in _items_shown(desk, kept)]
    return {"sales": sale, "sales-item": items, "sales-payment": payments}


def _items_shown(desk: OfficeDesk, kept: SaleKept) -> list[dict[str, Any]]:
    head, lines = kept.invoice.head, kept.invoice.lines
    ids = [f"{head.id}:{line.line.id}" for line in lines]
    kind = number_kinds.INVOICE_LINE
    numbers = numbers_for(desk.connection, desk.company_id, kind, ids)
    return [
        {
            "id": numbers[line_id],
            "invoice_code": kept.code,
            "invoice_number": head.number,
            "item_name": line.line.name,
            "description": line.line.specification or None,
            "unit_price": _amount(line.line.unit_price),
            "quantity": text(line.line.quantity),
            "tax": _amount(line.figures.tax.amount),
        }
        for line_id, line in zip(ids, lines, strict=True)
    ]


def _payment_shown(
    desk: OfficeDesk, payment: InvoicePayment, kept: SaleKept, *, is_first: bool
) -> dict[str, Any]:
    """Return a payment; the first came with the sale, which says more of it."""
    said = kept.said
    word = _WORDS.get(payment.method, "Other Payment")
    if is_first:
        word = _UNNAMED if said["payment_type"] == "None" else said["payment_type"]
    return {
        "invoice_code": kept.code,
        "customer_name": kept.invoice.head.customer.name,
        "amount_paid": _amount(payment.amount.amount),
        "payment_method": word,
        "internal_payment_note": said["payment_internal_note"] if is_first else None,
        "issued_by": said["issued_by"] if is_first else payment.staff,
        "payment_at": f"{payment.day.isoformat()} {_moment(desk, payment.at)[11:]}",
    }


def _moment(desk: OfficeDesk, at: Any) -> str:
    """Return a moment in the shop's own time: 2024-08-04 08:23:45."""
    zone = ZoneInfo(shop_of(desk.connection, desk.company_id, desk.shop_code).time_zone)
    return str(at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S"))


def _amount(amount: Decimal) -> str:
    """Return an amount with two places, or with as many more as a price has."""
    plain = text(amount)
    places = len(plain.partition(".")[2])
    return f"{amount:.2f}" if places <= 2 else plain


def _refused(request: Request, status: int, code: str, message: str) -> tuple[int, Any]:
    """Every refusal has status and error; the two for keys are the published ones."""
    if code == "unauthorised":
        message = INVALID_KEY if bearer(request) else MISSING_TOKEN
    shown = 400 if status in (409, 422) else status
    return shown, {"status": shown, "error": message}


add_envelope(PATH, _refused)
