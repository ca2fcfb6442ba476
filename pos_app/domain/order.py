"""An order: what was agreed, what of it has been delivered, invoiced and come back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from pos_app.domain.cart import QuantityTooFine
from pos_app.domain.discount import DocumentDiscount
from pos_app.domain.document import (
    DocumentHead,
    DocumentLine,
    NoSuchDocumentLine,
    check_dates,
    check_head,
    check_lines,
    check_text,
    price_lines,
    state_word,
)
from pos_app.domain.errors import PosError
from pos_app.domain.pricing import Priced

REASON_LIMIT = 500
_NONE = Decimal(0)


class OrderState(StrEnum):
    """Where an order is on its way."""

    DRAFT = "draft"
    APPROVED = "approved"
    PARTIALLY_DELIVERED = "partially_delivered"
    FULLY_DELIVERED = "fully_delivered"
    CANCELLED = "cancelled"
    DELETED = "deleted"


class OrderAction(StrEnum):
    """What can be done with an order."""

    CHANGE = "change"
    APPROVE = "approve"
    REJECT = "reject"
    DELIVER = "deliver"
    INVOICE = "invoice"
    TAKE_BACK = "take_back"
    FINISH = "finish"
    CANCEL = "cancel"
    DELETE = "delete"


class InvoiceBasis(StrEnum):
    """Whether an invoice is for what was delivered, or ahead of it for what was ordered."""

    DELIVERED = "delivered"
    ORDERED = "ordered"


class OrderNotDraft(PosError):
    """A change to an order that was approved."""

    sentence = (
        "{number} is {state} and cannot be changed or deleted any more. Return it to draft while "
        "nothing was delivered, or write a new order."
    )


class OrderNotApproved(PosError):
    """A delivery, invoice or return for an order that is not open for it."""

    sentence = "{number} is {state}. Only an approved order can be delivered and invoiced."


class OrderUnderWay(PosError):
    """A cancellation after goods or invoices left the house."""

    sentence = (
        "{number} is delivered or invoiced in part and cannot be cancelled. Finish it with what "
        "was delivered, or take the goods back."
    )


class OrderIsOver(PosError):
    """An action on an order that was cancelled or deleted, or has nothing left to do."""

    sentence = "{number} is {state}. There is nothing left to do with it."


class MoreThanOrdered(PosError):
    """A delivery of more than is still to come."""

    sentence = "Only {left} of {name} are still to be delivered on {number}. Enter at most that."


class MoreThanDelivered(PosError):
    """An invoice or return of more than went out."""

    sentence = "Only {left} of {name} can be taken from {number} for this. Enter at most that."


class InvoicedAhead(PosError):
    """Goods that will not be delivered any more are on an invoice."""

    sentence = (
        "{name} is invoiced on {number} and was not delivered. Credit that invoice first, then "
        "finish the order."
    )


class ReasonMissing(PosError):
    """A cancellation that says nothing."""

    sentence = "Write why {number} is cancelled."


@dataclass(frozen=True, slots=True)
class OrderLine:
    """A line with its progress in units.

    `invoiced` was invoiced as delivered, `ahead` as ordered; of what `returned`, `credited` had
    been invoiced. What was collected and paid at the till is `sold`: delivered, and never invoiced.
    What a finished order will not deliver any more is `dropped`.
    """

    line: DocumentLine
    delivered: Decimal = _NONE
    invoiced: Decimal = _NONE
    ahead: Decimal = _NONE
    returned: Decimal = _NONE
    credited: Decimal = _NONE
    sold: Decimal = _NONE
    dropped: Decimal = _NONE

    @property
    def to_deliver(self) -> Decimal:
        """How much has not gone out yet and still will."""
        return self.line.quantity - self.delivered - self.dropped

    @property
    def to_return(self) -> Decimal:
        """How much can still come back here; what was paid at the till comes back there."""
        return self.delivered - self.sold - self.returned

    @property
    def billed(self) -> Decimal:
        """How much was invoiced either way and not credited."""
        return self.invoiced + self.ahead - self.credited

    def to_invoice(self, basis: InvoiceBasis) -> Decimal:
        """How much can be invoiced now."""
        if basis is InvoiceBasis.DELIVERED:
            # Never more than went out, nor more than is left of what stayed with the customer.
            out = self.delivered - self.sold
            return max(min(out - self.returned - self.billed, out - self.invoiced), _NONE)
        wanted = self.line.quantity - self.dropped
        return max(wanted - self.sold - self.returned - self.billed, _NONE)

    def to_credit(self, quantity: Decimal) -> Decimal:
        """How much of a return of `quantity` was invoiced, so that it has to be credited."""
        kept = self.delivered - self.sold - self.returned - quantity
        still_to_come = min(self.ahead, self.to_deliver)
        return min(max(self.billed - kept - still_to_come, _NONE), quantity)


@dataclass(frozen=True, slots=True)
class Order:
    """An order; `deliver_by` is the day that was agreed, `remark` the approver's or the reason."""

    head: DocumentHead
    lines: tuple[OrderLine, ...]
    deliver_by: date | None = None
    state: OrderState = OrderState.DRAFT
    discounts: tuple[DocumentDiscount, ...] = ()
    remark: str = ""
    quotation_id: str = ""
    quotation_number: str = ""
    location: str = ""

    @property
    def priced(self) -> Priced:
        """What it comes to."""
        lines = [line.line for line in self.lines]
        return price_lines(lines, self.head.policy, self.discounts)

    @property
    def is_under_way(self) -> bool:
        """Whether anything of it was delivered or invoiced."""
        return any(line.delivered or line.invoiced or line.ahead for line in self.lines)


_A, _S = OrderAction, OrderState
_NEXT: dict[tuple[OrderState, OrderAction], OrderState] = {
    (_S.DRAFT, _A.CHANGE): _S.DRAFT,
    (_S.DRAFT, _A.APPROVE): _S.APPROVED,
    (_S.DRAFT, _A.REJECT): _S.DRAFT,
    (_S.DRAFT, _A.CANCEL): _S.CANCELLED,
    (_S.DRAFT, _A.DELETE): _S.DELETED,
    (_S.APPROVED, _A.REJECT): _S.DRAFT,
    (_S.APPROVED, _A.DELIVER): _S.PARTIALLY_DELIVERED,
    (_S.APPROVED, _A.INVOICE): _S.APPROVED,
    (_S.APPROVED, _A.CANCEL): _S.CANCELLED,
    (_S.PARTIALLY_DELIVERED, _A.DELIVER): _S.PARTIALLY_DELIVERED,
    (_S.PARTIALLY_DELIVERED, _A.INVOICE): _S.PARTIALLY_DELIVERED,
    (_S.PARTIALLY_DELIVERED, _A.TAKE_BACK): _S.PARTIALLY_DELIVERED,
    (_S.PARTIALLY_DELIVERED, _A.FINISH): _S.FULLY_DELIVERED,
    (_S.FULLY_DELIVERED, _A.INVOICE): _S.FULLY_DELIVERED,
    (_S.FULLY_DELIVERED, _A.TAKE_BACK): _S.FULLY_DELIVERED,
}
_WHILE_NOTHING_LEFT = (_A.REJECT, _A.CANCEL)
_NEEDS_APPROVAL_FIRST = (_A.DELIVER, _A.INVOICE, _A.TAKE_BACK, _A.FINISH)


def state_after(order: Order, action: OrderAction) -> OrderState:
    """Return the state after an action, or raise why it cannot be done now.

    Raises OrderNotDraft, OrderNotApproved, OrderUnderWay or OrderIsOver.
    """
    number, state = order.head.number, state_word(order.state)
    if action in _WHILE_NOTHING_LEFT and order.is_under_way:
        raise OrderUnderWay(number=number)
    found = _NEXT.get((order.state, action))
    if found is not None:
        return found
    if order.state in (_S.CANCELLED, _S.DELETED):
        raise OrderIsOver(number=number, state=state)
    if action in _NEEDS_APPROVAL_FIRST and order.state in (_S.DRAFT, _S.APPROVED):
        raise OrderNotApproved(number=number, state=state)
    if action in (_A.CHANGE, _A.DELETE, _A.REJECT):
        raise OrderNotDraft(number=number, state=state)
    if action is _A.CANCEL:
        raise OrderUnderWay(number=number)
    raise OrderIsOver(number=number, state=state)


def actions_of(order: Order) -> tuple[OrderAction, ...]:
    """Return what can be done now, in the order of `OrderAction`."""
    return tuple(action for action in _A if _is_possible(order, action))


def changed(order: Order, new: Order) -> Order:
    """Return a draft with what was written anew; raises why that cannot stand."""
    state = state_after(order, _A.CHANGE)
    return replace(checked(new), state=state)


def checked(order: Order) -> Order:
    """Return a new order if it can stand; raises what `document` checks refuse."""
    check_head(order.head)
    check_lines([line.line for line in order.lines])
    check_dates(order.head.day, order.deliver_by)
    return order


def decided(order: Order, is_approved: bool, remark: str) -> Order:
    """Return it approved, or returned to draft with a remark."""
    check_text(remark, REASON_LIMIT)
    action = _A.APPROVE if is_approved else _A.REJECT
    return replace(order, state=state_after(order, action), remark=remark)


def cancelled(order: Order, reason: str) -> Order:
    """Return it cancelled; raises ReasonMissing without a reason."""
    state = state_after(order, _A.CANCEL)
    check_text(reason, REASON_LIMIT)
    if not reason.strip():
        raise ReasonMissing(number=order.head.number)
    return replace(order, state=state, remark=reason)


def finished(order: Order, remark: str = "") -> Order:
    """Return it ended with what was delivered, the rest to come no more; raises InvoicedAhead."""
    check_text(remark, REASON_LIMIT)
    state = state_after(order, _A.FINISH)
    for line in order.lines:
        if line.billed > line.to_return:
            raise InvoicedAhead(name=line.line.name, number=order.head.number)
    lines = tuple(replace(line, dropped=line.dropped + line.to_deliver) for line in order.lines)
    return replace(order, lines=lines, state=state, remark=remark or order.remark)


def deleted(order: Order) -> Order:
    """Return a draft thrown away; its number stays used."""
    return replace(order, state=state_after(order, _A.DELETE))


def delivered(order: Order, quantities: Mapping[str, Decimal]) -> Order:
    """Return it after goods went out, by line id; raises MoreThanOrdered or QuantityTooFine."""
    state_after(order, _A.DELIVER)
    _check_left(order, quantities, lambda line: line.to_deliver, MoreThanOrdered)
    lines = tuple(
        replace(line, delivered=line.delivered + quantities.get(line.line.id, _NONE))
        for line in order.lines
    )
    is_done = all(not line.to_deliver for line in lines)
    state = _S.FULLY_DELIVERED if is_done else _S.PARTIALLY_DELIVERED
    return replace(order, lines=lines, state=state)


def invoiced(order: Order, quantities: Mapping[str, Decimal], basis: InvoiceBasis) -> Order:
    """Return it after units were invoiced, by line id.

    Raises MoreThanDelivered or QuantityTooFine.
    """
    state = state_after(order, _A.INVOICE)
    _check_left(order, quantities, lambda line: line.to_invoice(basis), MoreThanDelivered)
    lines = tuple(
        _billed_more(line, quantities.get(line.line.id, _NONE), basis) for line in order.lines
    )
    return replace(order, lines=lines, state=state)


def taken_back(order: Order, quantities: Mapping[str, Decimal]) -> Order:
    """Return it after goods came back, by line id; raises MoreThanDelivered or QuantityTooFine."""
    state = state_after(order, _A.TAKE_BACK)
    _check_left(order, quantities, lambda line: line.to_return, MoreThanDelivered)
    lines = tuple(_came_back(line, quantities.get(line.line.id, _NONE)) for line in order.lines)
    return replace(order, lines=lines, state=state)


def uninvoiced(order: Order, quantities: Mapping[str, Decimal], basis: InvoiceBasis) -> Order:
    """Return it after an invoice of units was cancelled, by line id, so they can be again."""
    lines = tuple(
        _billed_more(line, -quantities.get(line.line.id, _NONE), basis) for line in order.lines
    )
    return replace(order, lines=lines)


def _check_left(
    order: Order,
    quantities: Mapping[str, Decimal],
    left_of: Callable[[OrderLine], Decimal],
    refusal: type[PosError],
) -> None:
    number, lines = order.head.number, {line.line.id: line for line in order.lines}
    for line_id, quantity in quantities.items():
        if line_id not in lines:
            raise NoSuchDocumentLine(number=number)
        line, left = lines[line_id].line, left_of(lines[line_id])
        if not quantity.is_finite() or not 0 < quantity <= left:
            raise refusal(left=left, name=line.name, number=number)
        if quantity != round(quantity, line.unit.decimals):
            unit, places = line.unit.name, line.unit.decimals
            raise QuantityTooFine(quantity=quantity, unit=unit, name=line.name, places=places)


def _billed_more(line: OrderLine, quantity: Decimal, basis: InvoiceBasis) -> OrderLine:
    if basis is InvoiceBasis.DELIVERED:
        return replace(line, invoiced=line.invoiced + quantity)
    return replace(line, ahead=line.ahead + quantity)


def _came_back(line: OrderLine, quantity: Decimal) -> OrderLine:
    if not quantity:
        return line
    credited = line.credited + line.to_credit(quantity)
    return replace(line, returned=line.returned + quantity, credited=credited)


def _is_possible(order: Order, action: OrderAction) -> bool:
    try:
        state_after(order, action)
    except PosError:
        return False
    if action is _A.DELIVER:
        return any(line.to_deliver for line in order.lines)
    if action is _A.INVOICE:
        return any(line.to_invoice(InvoiceBasis.ORDERED) for line in order.lines)
    if action is _A.TAKE_BACK:
        return any(line.to_return for line in order.lines)
    return True
