"""A quotation: what it would cost, until when, and what became of it."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from pos_app.domain.discount import DocumentDiscount
from pos_app.domain.document import (
    DocumentHead,
    DocumentLine,
    check_dates,
    check_head,
    check_lines,
    check_text,
    price_lines,
    state_word,
)
from pos_app.domain.errors import PosError
from pos_app.domain.pricing import Priced

REMARK_LIMIT = 500


class QuotationState(StrEnum):
    """Where a quotation is on its way."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    REJECTED = "rejected"
    EXPIRED = "expired"
    DELETED = "deleted"


class QuotationAction(StrEnum):
    """What can be done with a quotation."""

    CHANGE = "change"
    SUBMIT = "submit"
    APPROVE = "approve"
    REJECT = "reject"
    EXPIRE = "expire"
    ORDER = "order"
    DELETE = "delete"


class QuotationNotDraft(PosError):
    """A change to a quotation that somebody has submitted."""

    sentence = (
        "{number} is {state} and cannot be changed or deleted any more. Make a copy of it and "
        "change that."
    )


class QuotationNotSubmitted(PosError):
    """A decision on a quotation that waits for none."""

    sentence = "{number} is {state}. Only a submitted quotation can be approved or rejected."


class QuotationNotApproved(PosError):
    """An order from a quotation that nobody approved."""

    sentence = "{number} is {state}. Only an approved quotation becomes an order."


class QuotationExpired(PosError):
    """A quotation past its date."""

    sentence = (
        "{number} was good until {day}. Make a copy of it with a new date and today's prices."
    )


class QuotationOrdered(PosError):
    """A quotation that has an order already."""

    sentence = "{number} has become the order {order} already. Open that one."


@dataclass(frozen=True, slots=True)
class Quotation:
    """A quotation; `expires` is the last day it is good for, `decision` the approver's remark."""

    head: DocumentHead
    lines: tuple[DocumentLine, ...]
    expires: date
    state: QuotationState = QuotationState.DRAFT
    discounts: tuple[DocumentDiscount, ...] = ()
    decision: str = ""
    order_id: str = ""
    order_number: str = ""

    @property
    def priced(self) -> Priced:
        """What it comes to."""
        return price_lines(self.lines, self.head.policy, self.discounts)


_A, _S = QuotationAction, QuotationState
_NEXT: dict[tuple[QuotationState, QuotationAction], QuotationState] = {
    (_S.DRAFT, _A.CHANGE): _S.DRAFT,
    (_S.DRAFT, _A.SUBMIT): _S.SUBMITTED,
    (_S.DRAFT, _A.EXPIRE): _S.EXPIRED,
    (_S.DRAFT, _A.DELETE): _S.DELETED,
    (_S.SUBMITTED, _A.APPROVE): _S.APPROVED,
    (_S.SUBMITTED, _A.REJECT): _S.REJECTED,
    (_S.SUBMITTED, _A.EXPIRE): _S.EXPIRED,
    (_S.APPROVED, _A.ORDER): _S.APPROVED,
    (_S.APPROVED, _A.EXPIRE): _S.EXPIRED,
}
_DECISIONS = (_A.APPROVE, _A.REJECT)
_ENDS_WITH_DATE = (_A.SUBMIT, _A.APPROVE, _A.ORDER)


def state_after(quotation: Quotation, action: QuotationAction) -> QuotationState:
    """Return the state after an action, or raise why it cannot be done now.

    Raises QuotationOrdered, QuotationExpired, QuotationNotDraft, QuotationNotSubmitted or
    QuotationNotApproved.
    """
    number = quotation.head.number
    if quotation.order_id and action in (_A.ORDER, _A.EXPIRE):
        raise QuotationOrdered(number=number, order=quotation.order_number)
    found = _NEXT.get((quotation.state, action))
    if found is not None:
        return found
    state = state_word(quotation.state)
    if quotation.state is _S.EXPIRED:
        raise QuotationExpired(number=number, day=quotation.expires)
    if action in _DECISIONS:
        raise QuotationNotSubmitted(number=number, state=state)
    if action is _A.ORDER:
        raise QuotationNotApproved(number=number, state=state)
    raise QuotationNotDraft(number=number, state=state)


def actions_of(quotation: Quotation, today: date) -> tuple[QuotationAction, ...]:
    """Return what can be done now, in the order of `QuotationAction`."""
    return tuple(action for action in _A if _is_possible(quotation, action, today))


def changed(quotation: Quotation, new: Quotation) -> Quotation:
    """Return a draft with what was written anew; raises why that cannot stand."""
    state = state_after(quotation, _A.CHANGE)
    _check(new)
    return replace(new, state=state)


def checked(quotation: Quotation) -> Quotation:
    """Return a new quotation if it can stand; raises what `document` checks refuse."""
    _check(quotation)
    return quotation


def submitted(quotation: Quotation, today: date) -> Quotation:
    """Return it handed in for a decision."""
    return _moved(quotation, _A.SUBMIT, today)


def decided(quotation: Quotation, is_approved: bool, remark: str, today: date) -> Quotation:
    """Return it approved or rejected with a remark."""
    check_text(remark, REMARK_LIMIT)
    action = _A.APPROVE if is_approved else _A.REJECT
    return replace(_moved(quotation, action, today), decision=remark)


def expired(quotation: Quotation, today: date) -> Quotation:
    """Return it expired, or as it is where its date has not passed or it has an order."""
    is_late = quotation.expires < today and not quotation.order_id
    if not is_late or (quotation.state, _A.EXPIRE) not in _NEXT:
        return quotation
    return replace(quotation, state=state_after(quotation, _A.EXPIRE))


def ordered(quotation: Quotation, order_id: str, order_number: str, today: date) -> Quotation:
    """Return it with the order that it has become."""
    moved = _moved(quotation, _A.ORDER, today)
    return replace(moved, order_id=order_id, order_number=order_number)


def deleted(quotation: Quotation) -> Quotation:
    """Return a draft thrown away; its number stays used."""
    return replace(quotation, state=state_after(quotation, _A.DELETE))


def _moved(quotation: Quotation, action: QuotationAction, today: date) -> Quotation:
    state = state_after(quotation, action)
    if action in _ENDS_WITH_DATE and quotation.expires < today:
        raise QuotationExpired(number=quotation.head.number, day=quotation.expires)
    return replace(quotation, state=state)


def _is_possible(quotation: Quotation, action: QuotationAction, today: date) -> bool:
    if action is _A.EXPIRE:
        return False  # its date does that, nobody else
    try:
        _moved(quotation, action, today)
    except PosError:
        return False
    return True


def _check(quotation: Quotation) -> None:
    check_head(quotation.head)
    check_lines(quotation.lines)
    check_dates(quotation.head.day, quotation.expires)
