"""Returns at head office: goods of an order come back, and a return that was wrong is put right.

Quantities are units of the order's lines, by the order line's id. Stock is that of the desk's shop.
"""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from pos_app.domain import taking_back as rules
from pos_app.domain.document_settings import Series
from pos_app.domain.errors import PosError
from pos_app.domain.facts import FactKind
from pos_app.domain.invoice import Invoice
from pos_app.domain.issuer import issuer_of
from pos_app.domain.order import Order
from pos_app.domain.order_of_quotation import head_anew
from pos_app.domain.sales_return import SalesReturn, checked, goods_back
from pos_app.domain.stock import StockMove
from pos_app.domain.taking_back import USUAL_TERMS, Back, ReturnTerms
from pos_app.server.document_kinds import SALES_RETURN
from pos_app.server.listed import ListFilter, rows_of
from pos_app.server.office_desk import OfficeDesk
from pos_app.server.office_invoices import invoices_of_order
from pos_app.server.own_documents import check_own

_SAVED = FactKind.GOODS_TAKEN_BACK
_NONE = Decimal(0)


class ReturnedGoodsGone(PosError):
    """Goods that came back and left again meanwhile are to go back to the customer."""

    sentence = (
        "{number} cannot be changed: of the goods that came back only {left} are still at "
        "{location}."
    )


def take_back(
    desk: OfficeDesk,
    order_id: str,
    backs: Mapping[str, Back],
    terms: ReturnTerms = USUAL_TERMS,
) -> SalesReturn:
    """Take units of an order's lines back; what of them had been invoiced is credited.

    Raises DocumentUnknown or what `taking_back.planned_return` refuses.
    """
    order = desk.get(Order, order_id)
    billed = _billed(desk, order_id)
    day = terms.day or desk.today
    head = head_anew(order.head, desk.new_id(), day, desk.now, desk.staff)
    shop = desk.shop
    plan = rules.planned_return(
        order, backs, billed, head, terms, location=shop.location, issuer=issuer_of(shop)
    )
    number = desk.next_number(Series.RETURN, day)
    document = replace(plan.document, head=replace(plan.document.head, number=number))
    _credit(desk, rules.credited_invoices(document, billed))
    desk.keep_new(document, _SAVED)
    desk.keep(plan.order, FactKind.ORDER_SAVED, "take_back")
    desk.move_stock(goods_back(document))
    return document


def change_return(
    desk: OfficeDesk,
    return_id: str,
    *,
    backs: Mapping[str, Back] | None = None,
    reason: str | None = None,
    remarks: str | None = None,
) -> SalesReturn:
    """Write a return anew: what is None stays; other quantities move the stock they differ by.

    Raises DocumentUnknown, MadeElsewhere, ReturnedGoodsGone, DocumentTextWrong or what
    `taking_back.changed_return` refuses.
    """
    now = _own(desk, return_id)
    head = now.head if remarks is None else replace(now.head, remarks=remarks)
    new = checked(replace(now, head=head, reason=now.reason if reason is None else reason))
    if backs is not None:
        reasons = {line.order_line_id: line.reason for line in now.lines}
        reasons |= {line_id: back.reason for line_id, back in backs.items() if back.reason}
        new = rules.with_reasons(_with_quantities(desk, new, backs), reasons)
    return desk.keep(new, _SAVED, "change")


def delete_return(desk: OfficeDesk, return_id: str) -> SalesReturn:
    """Undo a return as if nothing had come back: its goods leave the stock again.

    Raises DocumentUnknown, MadeElsewhere, ReturnedGoodsGone or what `taking_back.deleted_return`
    refuses.
    """
    now = _own(desk, return_id)
    order = desk.get(Order, now.order_id)
    change = rules.deleted_return(now, order, _later(desk, now))
    _move(desk, now, change.moves)
    desk.keep(change.order, FactKind.ORDER_SAVED, "return_deleted")
    return desk.keep(change.document, _SAVED, "delete")


def _with_quantities(
    desk: OfficeDesk, document: SalesReturn, backs: Mapping[str, Back]
) -> SalesReturn:
    wanted = {line_id: back.quantity for line_id, back in backs.items()}
    if wanted == rules.returned_units(document):
        return document
    order, billed = desk.get(Order, document.order_id), _billed(desk, document.order_id)
    change = rules.changed_return(document, order, backs, _later(desk, document), billed)
    _move(desk, document, change.moves)
    _credit(desk, list(change.credited))
    desk.keep(change.order, FactKind.ORDER_SAVED, "take_back_anew")
    return change.document


def _own(desk: OfficeDesk, return_id: str) -> SalesReturn:
    document = desk.get(SalesReturn, return_id)
    number = document.head.number
    check_own(desk.connection, desk.company_id, desk.shop_code, SALES_RETURN, return_id, number)
    return document


def _billed(desk: OfficeDesk, order_id: str) -> list[Invoice]:
    """Return the issued invoices of an order, the latest first."""
    return [one for one in reversed(invoices_of_order(desk, order_id)) if one.head.number]


def _later(desk: OfficeDesk, document: SalesReturn) -> list[SalesReturn]:
    """Return the order's returns that head office came to know after one."""
    chosen = ListFilter(equal={"origin": document.order_id})
    rows = rows_of(desk.connection, desk.company_id, SALES_RETURN, chosen)
    places = {row.id: row.place for row in rows}
    mine = places.get(document.head.id, 0)
    found = [desk.find(SalesReturn, one) for one, place in places.items() if place > mine]
    return [one for one in found if one is not None]


def _credit(desk: OfficeDesk, credited: list[Invoice]) -> None:
    for invoice in credited:
        desk.keep(invoice, FactKind.INVOICE_CREDITED, "credit")


def _move(desk: OfficeDesk, document: SalesReturn, moves: tuple[StockMove, ...]) -> None:
    """Move stock; raises ReturnedGoodsGone where what came back is not there any more."""
    for product_id in sorted({move.product_id for move in moves}):
        units = (move.quantity for move in moves if move.product_id == product_id)
        left = max(desk.level(product_id, document.location), _NONE)
        if -sum(units, _NONE) > left:
            raise ReturnedGoodsGone(
                number=document.head.number,
                left=f"{left.normalize():f}",
                location=document.location,
            )
    desk.move_stock(moves)
