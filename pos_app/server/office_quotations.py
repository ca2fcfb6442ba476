"""Quotations at head office: written, decided, and turned into orders.

Their date ends them without anybody writing that down: what is shown is `as_of` a day.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, or_

from pos_app.domain import order as orders
from pos_app.domain import quotation as rules
from pos_app.domain.document_settings import Series
from pos_app.domain.facts import FactKind
from pos_app.domain.order import Order
from pos_app.domain.order_of_quotation import head_anew, order_of_quotation
from pos_app.domain.quotation import Quotation, QuotationState
from pos_app.server.office_customers import buyer
from pos_app.server.office_desk import OfficeDesk
from pos_app.server.office_orders import OrderedItem, document_lines, keep_new_order
from pos_app.server.tables import listed

_SAVED = FactKind.QUOTATION_SAVED
_ENDS_WITH_DATE = (QuotationState.DRAFT, QuotationState.SUBMITTED, QuotationState.APPROVED)


def new_quotation(
    desk: OfficeDesk,
    customer_id: str,
    lines: Sequence[OrderedItem],
    *,
    day: date | None = None,
    expires: date | None = None,
    payment_terms: str = "",
    shipping_terms: str = "",
    remarks: str = "",
) -> Quotation:
    """Keep a new draft under the next number; without a last day it is good as long as usual.

    Raises CustomerUnknown, CustomerNotActive, ProductUnknown or what `quotation.checked` does.
    """
    head = desk.new_head(buyer(desk, customer_id), day)
    head = replace(
        head,
        payment_terms=payment_terms or head.payment_terms,
        shipping_terms=shipping_terms or head.shipping_terms,
        remarks=remarks,
    )
    last = expires or head.day + timedelta(days=desk.shop.documents.valid_days)
    draft = rules.checked(Quotation(head, document_lines(desk, lines), last))
    number = desk.next_number(Series.QUOTATION, head.day)
    return desk.keep_new(replace(draft, head=replace(head, number=number)), _SAVED)


def change_quotation(desk: OfficeDesk, new: Quotation) -> Quotation:
    """Keep a draft as it was written anew.

    Raises DocumentUnknown, QuotationNotDraft, QuotationExpired or what `quotation.checked` does.
    """
    now = _standing(desk, new.head.id)
    return desk.keep(rules.changed(now, new), _SAVED, "change")


def decide_quotation(
    desk: OfficeDesk, quotation_id: str, is_approved: bool, remark: str = ""
) -> Quotation:
    """Approve or reject a quotation; a draft is submitted on the way.

    Raises DocumentUnknown, QuotationExpired or QuotationNotSubmitted.
    """
    now = _standing(desk, quotation_id)
    if now.state is QuotationState.DRAFT:
        now = desk.keep(rules.submitted(now, desk.today), _SAVED, "submit")
    decided = rules.decided(now, is_approved, remark, desk.today)
    return desk.keep(decided, _SAVED, decided.state.value)


def delete_quotation(desk: OfficeDesk, quotation_id: str) -> Quotation:
    """Throw a draft away; raises DocumentUnknown, QuotationNotDraft or QuotationExpired."""
    gone = rules.deleted(_standing(desk, quotation_id))
    return desk.keep(gone, _SAVED, "delete")


def order_from_quotation(
    desk: OfficeDesk, quotation_id: str, *, day: date | None = None, deliver_by: date | None = None
) -> Order:
    """Make a draft order of an approved quotation, once; lines and prices are the quotation's.

    Raises DocumentUnknown, QuotationNotApproved, QuotationExpired, QuotationOrdered or DatesTurned.
    """
    now = _standing(desk, quotation_id)
    head = head_anew(now.head, desk.new_id(), day or desk.today, desk.now, desk.staff)
    planned = orders.checked(order_of_quotation(now, head, deliver_by, desk.shop.location))
    rules.ordered(now, planned.head.id, "?", desk.today)  # refuses before a number is taken
    order = keep_new_order(desk, planned)
    ended = rules.ordered(now, order.head.id, order.head.number, desk.today)
    desk.keep(ended, _SAVED, "order")
    return order


def as_of(quotation: Quotation, today: date) -> Quotation:
    """Return a quotation as it stands on a day: past its date it has expired."""
    return rules.expired(quotation, today)


def _standing(desk: OfficeDesk, quotation_id: str) -> Quotation:
    return as_of(desk.get(Quotation, quotation_id), desk.today)


def in_state(state: QuotationState, today: date) -> ColumnElement[bool]:
    """Return which rows of `listed` are in a state on a day, whether or not it was written down."""
    is_late = and_(listed.c.until < today.isoformat(), listed.c.origin == "")
    named = listed.c.status == state.value
    if state is QuotationState.EXPIRED:
        ends = [one.value for one in _ENDS_WITH_DATE]
        return or_(named, and_(is_late, listed.c.status.in_(ends)))
    return and_(named, ~is_late) if state in _ENDS_WITH_DATE else named
