"""The sales data feed, as it was published: everything that a company sold, in one answer.

Read only. Where the published table and sample disagree, the sample holds. The answer is written to
a file first and sent from there: it is whole or a refusal, however large it is, and no slow reader
keeps the database. Documents are receipts (returns and voids among them, with values below zero),
invoices that are of no receipt, and credit notes of those.
"""

import uuid
from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Path, Request, Security
from fastapi.responses import StreamingResponse
from fastapi.security import APIKeyHeader
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection

from pos_app.domain.sales_feed import FeedDocument, FeedLine
from pos_app.server.api_keys import Api, KeyUnknown, Right
from pos_app.server.apis.envelopes import add_envelope
from pos_app.server.apis.exact import ExactRoute, fraction, whole_or_fraction
from pos_app.server.apis.long_answers import long_answer
from pos_app.server.apis.visits import admitted, bearer
from pos_app.server.companies import company_of
from pos_app.server.office_feed import feed_documents

PREFIX = "/companies/"
CATEGORY, ITEM_TYPE = "sales-revenue", "goods-service"
PAID, UNPAID = "PAID", "UNPAID"
_UNIT_PLACES = Decimal("0.000001")
_SAMPLE: Any = {
    "results": [
        {
            "data": {
                "currency_rate": 1.0,
                "transaction_gross_value": 3000.0,
                "transaction_net_value": 2800.0,
                "transaction_tax_value": 200.0,
                "transaction_outstanding_amount": 0.0,
                "transaction_date": "2021-04-05T00:00:00.000Z",
                "transaction_due_date": "2021-05-05T00:00:00.000Z",
                "transaction_reference": "070",
                "transaction_currency": "NZD",
                "transaction_status": "PAID",
                "line_items": [
                    {
                        "product_name": "Dining Chair",
                        "item_category": "sales-revenue",
                        "item_type": "goods-service",
                        "item_quantity": 10,
                        "item_identifier": "Dining Chair 1029",
                        "item_net_unit_sale_value": 280.0,
                        "item_net_unit_discount_value": 0.0,
                        "item_unit_tax_value": 20.0,
                        "item_price_list_reference": "",
                        "item_total_net_value": 2800.0,
                        "item_total_tax_value": 200.0,
                        "item_total_gross_value": 3000.0,
                        "system_id": "5287889d-c45b-4a65-9ef6-68494d4fdeb0",
                    }
                ],
            }
        }
    ]
}
_KEY = APIKeyHeader(
    name="Authorization",
    scheme_name="feed key",
    description="The key as it is, or with `Bearer` before it.",
    auto_error=False,
)
router = APIRouter(route_class=ExactRoute, tags=["sales data feed"])


class ConnectionUnknown(KeyUnknown):
    """A path that names another company or connection than the key's."""

    sentence = "There is no connection {id} of this company for this key. Check the address."


class FeedItem(BaseModel):
    """A line of a sale; amounts in currency units."""

    product_name: str
    item_category: str
    item_type: str
    item_quantity: float
    item_identifier: str
    item_net_unit_sale_value: float
    item_net_unit_discount_value: float
    item_unit_tax_value: float
    item_price_list_reference: str
    item_total_net_value: float
    item_total_tax_value: float
    item_total_gross_value: float
    system_id: uuid.UUID


class FeedSale(BaseModel):
    """A sale; amounts in currency units, dates as moments of UTC at which the day begins.

    `currency_rate` is null where the sale is in another currency than the company's books.
    """

    currency_rate: float | None
    transaction_gross_value: float
    transaction_net_value: float
    transaction_tax_value: float
    transaction_outstanding_amount: float
    transaction_date: str
    transaction_due_date: str
    transaction_reference: str
    transaction_currency: str
    transaction_status: Annotated[str, Field(pattern=f"^({PAID}|{UNPAID})$")]
    line_items: list[FeedItem]


class FeedResult(BaseModel):
    """One sale of the feed."""

    data: FeedSale


class Feed(BaseModel):
    """Everything that was sold."""

    model_config = ConfigDict(json_schema_extra={"examples": [_SAMPLE]})
    results: list[FeedResult]


class FeedFailure(BaseModel):
    """Why there is no feed: the status again, a code for programs and a sentence for people."""

    status: int
    error: str
    message: str


def _refusal(_request: Request, status: int, code: str, message: str) -> tuple[int, Any]:
    return status, {"status": status, "error": code, "message": message}


add_envelope(PREFIX, _refusal)


@router.get(
    "/companies/{company}/connections/{connection}/data/sales",
    response_class=StreamingResponse,
    responses={
        200: {"model": Feed, "description": "Every sale of the company"},
        **{
            status: {"model": FeedFailure, "description": words}
            for status, words in (
                (400, "The request cannot be read"),
                (401, "No key, or one that is not valid here"),
                (404, "Not the key's company and connection"),
                (408, "The request did not arrive whole"),
                (413, "The body is too large"),
                (429, "Too many requests; see Retry-After"),
                (500, "A fault of head office"),
                (503, "The database does not answer; see Retry-After"),
            )
        },
    },
    dependencies=[Security(_KEY)],
)
def sales_data(
    company: Annotated[str, Path(description="The company's id.")],
    connection: Annotated[str, Path(description="The connection's id: that of the key.")],
    request: Request,
) -> StreamingResponse:
    """Give every sale of the company, each business transaction once."""
    visitor = admitted(request, Api.FEED, bearer(request, is_scheme_needed=False))
    if (company, connection) != (visitor.company_id, visitor.key_id):
        raise ConnectionUnknown(id=connection)
    visitor.check_may(Right.READ)
    with visitor.serving.office.snapshot(visitor.company_id) as looking:
        return long_answer(_feed(looking, visitor.company_id))


def _feed(looking: Connection, company_id: str) -> Iterator[bytes]:
    currency = company_of(looking, company_id).currency
    yield b'{"results":['
    for number, document in enumerate(feed_documents(looking, company_id)):
        plain = sale_plain(document, company_id, currency)
        yield (b"," if number else b"") + msgspec.json.encode({"data": plain})
    yield b"]}"


def sale_plain(document: FeedDocument, company_id: str, base: str) -> dict[str, Any]:
    """Return a document under its published names; `base` is the currency of the books."""
    outstanding = document.outstanding or Decimal(0)
    return {
        "currency_rate": 1.0 if document.currency == base else None,
        "transaction_gross_value": fraction(document.gross),
        "transaction_net_value": fraction(document.net),
        "transaction_tax_value": fraction(document.tax),
        "transaction_outstanding_amount": fraction(outstanding),
        "transaction_date": f"{document.day}T00:00:00.000Z",
        "transaction_due_date": f"{document.due or document.day}T00:00:00.000Z",
        "transaction_reference": document.reference,
        "transaction_currency": document.currency,
        "transaction_status": UNPAID if outstanding > 0 else PAID,
        "line_items": [_line_plain(line, document.id, company_id) for line in document.lines],
    }


def _line_plain(line: FeedLine, document_id: str, company_id: str) -> dict[str, Any]:
    return {
        "product_name": line.name,
        "item_category": CATEGORY,
        "item_type": ITEM_TYPE,
        "item_quantity": whole_or_fraction(line.quantity),
        "item_identifier": line.identifier,
        "item_net_unit_sale_value": _each(line.net, line.quantity),
        "item_net_unit_discount_value": _each(line.discount, line.quantity),
        "item_unit_tax_value": _each(line.tax, line.quantity),
        "item_price_list_reference": line.price_list,
        "item_total_net_value": fraction(line.net),
        "item_total_tax_value": fraction(line.tax),
        "item_total_gross_value": fraction(line.gross),
        "system_id": str(uuid.uuid5(uuid.NAMESPACE_OID, f"{company_id}/{document_id}/{line.key}")),
    }


def _each(amount: Decimal, quantity: Decimal) -> float:
    """Return the share of one unit, to six places; nothing where there are no units."""
    if not quantity:
        return 0.0
    return fraction((amount / quantity).quantize(_UNIT_PLACES)) + 0.0  # never -0.0
