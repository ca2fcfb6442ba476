"""Sales that head office takes itself, through an API: told like a till's, and voided like one.

A sale moves stock and lowers what the stock is worth; its void brings both back. A document that
was rung up at a till is undone there, where its money and its paper are.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from sqlalchemy import Connection

from pos_app.domain.cart import SaleKind
from pos_app.domain.errors import PosError
from pos_app.domain.facts import sale_completed
from pos_app.domain.given_sale import GivenSale, given_moves, taken_over
from pos_app.domain.payload_reading import product_of
from pos_app.domain.product import Product
from pos_app.domain.sale import Sale, Stamp
from pos_app.domain.stock import MoveReason, StockMove
from pos_app.domain.void import voided
from pos_app.server.journal_entries import OWN_NUMBER
from pos_app.server.office_desk import DocumentUnknown, OfficeDesk
from pos_app.server.sale_reading import SaleSeen, moves_of, sale_numbered, sale_of, sales_seen
from pos_app.server.stock_values import change_stock_values, worth
from pos_app.server.thing_kinds import PRODUCT
from pos_app.server.thing_rows import load_things

VOID_PREFIX = "VOID-"


class SaleUnknown(DocumentUnknown):
    """A sale that the company does not have."""

    sentence = "There is no such sale ({id}). Look at the list of sales."


class SaleOfTill(PosError):
    """A void of what was rung up at a till."""

    sentence = "{number} was rung up at a till. Void it there, where its money and paper are."


class SaleNumberTaken(PosError):
    """Another sale has the number."""

    sentence = "Another sale has the number {number} already. Send this one under its own number."


def stamp_of(desk: OfficeDesk, at: datetime, day: date, staff: str = "") -> Stamp:
    """Return when and by whom a sale of this desk was made; `at` is UTC."""
    return Stamp(OWN_NUMBER, desk.shop_code, staff or desk.staff, at, day)


def sell(desk: OfficeDesk, given: GivenSale) -> Sale:
    """Keep a sale that was given with its figures, and take its goods out of stock.

    A line with a quantity below zero brings goods back. Raises SaleNumberTaken or what
    `given_sale.taken_over` refuses.
    """
    if sale_numbered(desk.connection, desk.company_id, given.number) is not None:
        raise SaleNumberTaken(number=given.number)
    sale = taken_over(given, desk.shop.policy)
    moves = given_moves(given, sale, desk.shop.location)
    products = {line.product.id: line.product for line in given.lines if line.product is not None}
    _change_values(desk, sale, products, back=False)
    desk.tell(sale_completed(sale, moves))
    return sale


def void_sale(desk: OfficeDesk, sale_id: str, reason: str) -> Sale | None:
    """Undo a sale that head office took and return the void; None where it was void before.

    Raises SaleUnknown or SaleOfTill.
    """
    found = sales_seen(desk.connection, desk.company_id, [sale_id])
    if not found or found[0].told["kind"] == SaleKind.VOID.value:
        raise SaleUnknown(id=sale_id)
    seen = found[0]
    if seen.is_voided:
        return None
    if not seen.is_own:
        raise SaleOfTill(number=seen.number)
    original = sale_of(seen.told)
    stamp = stamp_of(desk, desk.now, desk.today)
    void = voided(original, desk.new_id(), _void_number(desk, seen), stamp, reason)
    moves = tuple(_back(move, void.number) for move in moves_of(seen.told))
    ids = [line.product_id for line in original.lines if line.product_id is not None]
    products = products_of(desk.connection, desk.company_id, ids)
    _change_values(desk, original, products, back=True)
    desk.tell(sale_completed(void, moves))
    return void


def products_of(
    connection: Connection, company_id: str, product_ids: Iterable[str]
) -> dict[str, Product]:
    """Return the products of those ids that there are."""
    keys = [(PRODUCT, product_id) for product_id in product_ids]
    rows = load_things(connection, company_id, keys).values()
    return {row.id: product_of(json.loads(row.state)) for row in rows if row.state}


def _change_values(
    desk: OfficeDesk, sale: Sale, products: Mapping[str, Product], *, back: bool
) -> None:
    """Take quantity × unit price off what the stock is worth, or put it back on."""
    changes = []
    for line in sale.lines:
        product = products.get(line.product_id or "")
        if product is not None and product.is_stocked:
            value = worth(line.quantity, line.unit_price, sale.currency)
            changes.append((product, value if back else -value))
    change_stock_values(desk.connection, desk.company_id, changes, sale.currency)


def _back(move: StockMove, number: str) -> StockMove:
    return StockMove(
        move.product_id, move.location, -move.quantity, MoveReason.VOID, number, move.batch
    )


def _void_number(desk: OfficeDesk, seen: SaleSeen) -> str:
    """Return a number for the void that nothing else has."""
    number = f"{VOID_PREFIX}{seen.number}"
    while sale_numbered(desk.connection, desk.company_id, number) is not None:
        number = f"{VOID_PREFIX}{number}"
    return number
