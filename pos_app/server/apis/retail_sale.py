"""The Retail Sale API: sales that deduct stock, and voids that bring it back.

What the document leaves open is decided so. Prices are without tax: `totalAmount` is the sum of
the lines' `subTotal`, tax and discount stand beside it, and totalAmount + tax - discount is due. A
sale without `taxes` gets those of its items, an empty list means none. A quantity below zero is a
return. The business day is the date of `saleDate` as it was written. The list has every sale of
the company, those of the tills too: their returns are sales below zero, and their voided sales are
`VOID`. What was rung up at a till cannot be voided here. A refusal is `{"data": null, "error"}`.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import StreamingResponse

from pos_app.domain.errors import PosError
from pos_app.server.api_keys import Api, Right
from pos_app.server.api_notes import note_of, put_note
from pos_app.server.apis.envelopes import add_envelope
from pos_app.server.apis.exact import ExactRoute
from pos_app.server.apis.long_answers import long_answer
from pos_app.server.apis.retail_giving import digest_of, given_sale
from pos_app.server.apis.retail_shapes import (
    MOST_NUMBER,
    CreateSent,
    Day,
    Done,
    ManySales,
    OneSale,
    Refused,
    SaleSent,
)
from pos_app.server.apis.retail_showing import SALE_NOTE, Shelf, Wanted, sale_shown, shelf_of
from pos_app.server.apis.visits import ApiVisitor, admitted
from pos_app.server.number_kinds import SALE, SALE_LINE, line_key
from pos_app.server.office_desk import OfficeDesk
from pos_app.server.office_sales import SaleUnknown, sell, void_sale
from pos_app.server.sale_reading import sale_ids, sale_numbered
from pos_app.server.series import id_of_number, numbers_for
from pos_app.server.thing_rows import hold_revision

PREFIX = "/rest/inventory/sale"
VOID_REASON = "Voided through the retail sale API"
PAGE_SALES = 200  # read and written at once
router = APIRouter(
    prefix=PREFIX, route_class=ExactRoute, tags=["retail sale API"], strict_content_type=False
)


class NotPrefetched(PosError):
    """A browser that looks ahead at an address that changes something."""

    sentence = "This address changes a sale. It is not fetched ahead."


def _refused(_request: Request, status: int, _code: str, message: str) -> tuple[int, Any]:
    return 400 if status == 422 else status, {"data": None, "error": message}


add_envelope(f"{PREFIX}/", _refused)


async def _keys_sent(request: Request) -> tuple[str, str]:
    """Return user and key as the body has them; empty where they are missing or no texts."""
    try:
        body = await request.json()
    except json.JSONDecodeError:  # the route refuses it
        body = None
    told = body if isinstance(body, dict) else {}
    user, key = (told.get(name) for name in ("userName", "authKey"))
    return user if isinstance(user, str) else "", key if isinstance(key, str) else ""


def _sender(request: Request, sent: Annotated[tuple[str, str], Depends(_keys_sent)]) -> ApiVisitor:
    return admitted(request, Api.RETAIL, sent[1], sent[0])


def _asker(
    request: Request,
    user_name: Annotated[str, Path(alias="userName", description="The key's user.")],
    auth_key: Annotated[str, Path(alias="authKey", description="The key.")],
) -> ApiVisitor:
    return admitted(request, Api.RETAIL, auth_key, user_name)


Sender = Annotated[ApiVisitor, Depends(_sender)]
Asker = Annotated[ApiVisitor, Depends(_asker)]
SaleId = Annotated[int, Path(alias="saleId", ge=1, le=MOST_NUMBER)]
_WHY = {
    400: "The request cannot be read",
    401: "The key is missing or not valid",
    403: "The key does not allow it",
    404: "There is no such sale",
    408: "The request did not arrive whole",
    409: "A rule of the company refuses it",
    413: "The body is too large",
    429: "Too many requests; see Retry-After",
    500: "A fault of head office",
    503: "The database does not answer; see Retry-After",
}


def _answers(*statuses: int) -> dict[int | str, dict[str, Any]]:
    always = (400, 401, 403, 408, 413, 429, 500, 503)
    return {
        status: {"model": Refused, "description": _WHY[status]}
        for status in sorted({*always, *statuses})
    }


def _many(said: str) -> dict[int | str, dict[str, Any]]:
    return {200: {"model": ManySales, "description": said}, **_answers()}


@router.post("/create", response_model=Done, responses=_answers(409))
def create(visitor: Sender, sent: CreateSent) -> Any:
    """Make a sale and take its goods out of stock.

    The same number with the same sale changes nothing and is done; with another sale it is refused.
    """
    with visitor.desk() as desk:
        if _is_here(desk, sent.sale):
            return {"data": True}
        given, note = given_sale(desk, sent.sale)
        sale = sell(desk, given)
        where = desk.connection, desk.company_id
        put_note(*where, Api.RETAIL.value, SALE_NOTE, sale.id, note)
        numbers_for(*where, SALE, [sale.id])
        numbers_for(*where, SALE_LINE, [line_key(sale.id, line.line_no) for line in sale.lines])
    return {"data": True}


@router.get(
    "/list/{userName}/{authKey}",
    response_class=StreamingResponse,
    responses=_many("Every sale of the company"),
)
def list_all(visitor: Asker) -> StreamingResponse:
    """List all sales, the one that was made last first."""
    visitor.check_may(Right.READ)
    with visitor.serving.office.snapshot(visitor.company_id) as looking:
        found = sale_ids(looking, visitor.company_id)
    return _sent(visitor, found)


@router.get("/get/{saleId}/{userName}/{authKey}", response_model=OneSale, responses=_answers(404))
def get(sale_id: SaleId, visitor: Asker) -> Any:
    """Return a sale with its lines."""
    with visitor.reading() as connection:
        found = id_of_number(connection, visitor.company_id, SALE, sale_id)
    shown = _shown(visitor, [] if found is None else [found])
    if not shown:
        raise SaleUnknown(id=sale_id)
    return {"data": shown[0]}


@router.get(
    "/search/{fromDate}/{toDate}/{userName}/{authKey}",
    response_class=StreamingResponse,
    responses=_many("The sales of those days"),
)
def search(
    first: Annotated[Day, Path(alias="fromDate", examples=["2026-02-01"])],
    last: Annotated[Day, Path(alias="toDate", examples=["2026-02-28"])],
    visitor: Asker,
) -> StreamingResponse:
    """List the sales from one day to another, both included, the latest first."""
    visitor.check_may(Right.READ)
    with visitor.serving.office.snapshot(visitor.company_id) as looking:
        found = sale_ids(looking, visitor.company_id, first, last)
    return _sent(visitor, found)


@router.get(
    "/void/{saleId}/{userName}/{authKey}", response_model=Done, responses=_answers(404, 409)
)
def void(sale_id: SaleId, visitor: Asker, request: Request) -> Any:
    """Void a sale and bring its goods back into stock; a second time nothing happens."""
    if any("prefetch" in request.headers.get(name, "") for name in ("sec-purpose", "purpose")):
        raise NotPrefetched()
    with visitor.desk() as desk:
        found = id_of_number(desk.connection, desk.company_id, SALE, sale_id)
        if found is None:
            raise SaleUnknown(id=sale_id)
        return {"data": void_sale(desk, found, VOID_REASON) is not None}


def _is_here(desk: OfficeDesk, sent: SaleSent) -> bool:
    """Whether exactly this sale was made before; another one of its number is refused by `sell`."""
    found = sale_numbered(desk.connection, desk.company_id, sent.sale_number)
    if found is None:
        return False
    note = note_of(desk.connection, desk.company_id, Api.RETAIL.value, SALE_NOTE, found)
    return note is not None and note["digest"] == digest_of(sent)


def _shown(visitor: ApiVisitor, wanted: Sequence[str]) -> list[dict[str, Any]]:
    """Return sales under their published names; an id that has no number yet gets the next."""
    visitor.check_may(Right.READ)
    with visitor.serving.office.snapshot(visitor.company_id) as looking:
        shelf = shelf_of(looking, visitor.company_id, wanted)
    if shelf.missing:
        _give_numbers(visitor, shelf, shelf.missing)
    return [sale_shown(shelf, sale) for sale in shelf.seen]


def _give_numbers(visitor: ApiVisitor, shelf: Shelf, missing: Wanted) -> None:
    with visitor.serving.office.company(visitor.company_id) as connection:
        hold_revision(connection, visitor.company_id)
        for kind, ids in missing.items():
            shelf.numbers[kind] |= numbers_for(connection, visitor.company_id, kind, ids)


def _sent(visitor: ApiVisitor, wanted: Sequence[str]) -> StreamingResponse:
    """Answer with sales, however many: whole or with a refusal, and not held in memory."""
    return long_answer(_listed(visitor, wanted))


def _listed(visitor: ApiVisitor, wanted: Sequence[str]) -> Iterator[bytes]:
    yield b'{"data":['
    for start in range(0, len(wanted), PAGE_SALES):
        for number, sale in enumerate(_shown(visitor, wanted[start : start + PAGE_SALES])):
            yield (b"," if start or number else b"") + msgspec.json.encode(sale)
    yield b"]}"
