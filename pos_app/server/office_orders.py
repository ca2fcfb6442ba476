"""Orders at head office: written, approved within the customer's credit, cancelled, deleted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from pos_app.domain import order as rules
from pos_app.domain.document import DocumentLine, line_of, next_line_id
from pos_app.domain.document_settings import Series
from pos_app.domain.facts import FactKind
from pos_app.domain.order import Order, OrderLine
from pos_app.domain.quotation import Quotation
from pos_app.server.api_keys import Api
from pos_app.server.api_notes import note_of
from pos_app.server.office_credit import require_credit
from pos_app.server.office_customers import buyer
from pos_app.server.office_desk import OfficeDesk
from pos_app.server.product_codes import product_called

_SAVED = FactKind.ORDER_SAVED


@dataclass(frozen=True, slots=True)
class OrderedItem:
    """What somebody wants: `unit_price` in currency units, with tax where the product's price is.

    Where it is None, the product's own price counts. `line_id` names a line that is written anew.
    """

    product_id: str
    quantity: Decimal
    unit_price: Decimal | None = None
    remark: str = ""
    line_id: str = ""


def new_order(
    desk: OfficeDesk,
    customer_id: str,
    lines: Sequence[OrderedItem],
    *,
    day: date | None = None,
    deliver_by: date | None = None,
    payment_terms: str = "",
    shipping_terms: str = "",
    remarks: str = "",
) -> Order:
    """Keep a new draft under the next number.

    Raises CustomerUnknown, CustomerNotActive, ProductUnknown or what `order.checked` does.
    """
    head = desk.new_head(buyer(desk, customer_id), day)
    head = replace(
        head,
        payment_terms=payment_terms or head.payment_terms,
        shipping_terms=shipping_terms or head.shipping_terms,
        remarks=remarks,
    )
    wanted = tuple(OrderLine(line) for line in document_lines(desk, lines))
    order = Order(head, wanted, deliver_by, location=desk.shop.location)
    return keep_new_order(desk, order)


def keep_new_order(desk: OfficeDesk, order: Order) -> Order:
    """Keep an order that has no number yet under the next one; raises what `order.checked` does."""
    rules.checked(order)
    number = desk.next_number(Series.ORDER, order.head.day)
    new = replace(order, head=replace(order.head, number=number))
    return desk.keep_new(new, _SAVED)


def change_order(desk: OfficeDesk, new: Order) -> Order:
    """Keep a draft as it was written anew; raises DocumentUnknown or what `order.changed` does."""
    now = desk.get(Order, new.head.id)
    return desk.keep(rules.changed(now, new), _SAVED, "change")


def decide_order(
    desk: OfficeDesk,
    order_id: str,
    is_approved: bool,
    remark: str = "",
    may_override: bool = False,
) -> Order:
    """Approve an order within the customer's credit, or return it to draft with a remark.

    Raises DocumentUnknown, what `order.decided` does, or what `require_credit` does.
    """
    now = desk.get(Order, order_id)
    decided = rules.decided(now, is_approved, remark)
    if is_approved:
        customer_id, gross = now.head.customer.id, now.priced.gross
        require_credit(desk, customer_id, gross, may_override=may_override, is_order=True)
    return desk.keep(decided, _SAVED, "approve" if is_approved else "reject")


def cancel_order(desk: OfficeDesk, order_id: str, reason: str) -> Order:
    """Cancel an order of which nothing went out; raises OrderUnderWay or ReasonMissing."""
    cancelled = rules.cancelled(desk.get(Order, order_id), reason)
    return desk.keep(cancelled, _SAVED, "cancel")


def delete_order(desk: OfficeDesk, order_id: str) -> Order:
    """Throw a draft away; the quotation it came from can become an order again."""
    now = desk.get(Order, order_id)
    gone = rules.deleted(now)
    quotation = desk.find(Quotation, now.quotation_id) if now.quotation_id else None
    if quotation is not None and quotation.order_id == order_id:
        free = replace(quotation, order_id="", order_number="")
        desk.keep(free, FactKind.QUOTATION_SAVED, "order_deleted")
    return desk.keep(gone, _SAVED, "delete")


def document_lines(
    desk: OfficeDesk, items: Sequence[OrderedItem], known: Sequence[DocumentLine] = ()
) -> tuple[DocumentLine, ...]:
    """Return the lines of a document for what somebody wants; raises ProductUnknown.

    A line that stood there before keeps all that nobody speaks of: its id, taxes and discount.
    """
    before = list(known)
    lines: list[DocumentLine] = []
    for item in items:
        line = _meant(item, before)
        if line is None:
            line = _new_line(desk, item, next_line_id([*known, *lines]))
        else:
            before.remove(line)
        price = line.unit_price if item.unit_price is None else item.unit_price
        lines.append(replace(line, quantity=item.quantity, unit_price=price, remark=item.remark))
    return tuple(lines)


def _meant(item: OrderedItem, lines: Sequence[DocumentLine]) -> DocumentLine | None:
    """Return the line that stood there before: the one named, or one of the same product."""
    wanted = item.product_id or None
    same = [line for line in lines if line.product_id == wanted or (wanted and line.code == wanted)]
    named = [line for line in same if line.id == item.line_id]
    found = named or [line for line in same if line.product_id]
    return found[0] if found else None


def _new_line(desk: OfficeDesk, item: OrderedItem, line_id: str) -> DocumentLine:
    product = product_called(desk, item.product_id)
    line = line_of(product, line_id, item.quantity)
    return replace(line, specification=_specification(desk, product.id))


def _specification(desk: OfficeDesk, product_id: str) -> str:
    """Return what an ERP calls a product more closely; our products know no such thing."""
    note = note_of(desk.connection, desk.company_id, Api.ERP.value, "product", product_id)
    return str((note or {}).get("specification", ""))
