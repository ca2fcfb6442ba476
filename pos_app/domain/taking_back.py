"""Taking goods of an order back: the return, what it credits, and how one is written anew.

Quantities are in the units of the order's lines, by the order line's id.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from pos_app.domain import invoice as invoices
from pos_app.domain import order as orders
from pos_app.domain import sales_return as rules
from pos_app.domain.document import DocumentEmpty, DocumentHead, check_dates
from pos_app.domain.errors import PosError
from pos_app.domain.invoice import Invoice, InvoiceCredit
from pos_app.domain.issuer import Issuer
from pos_app.domain.line_shares import share_of
from pos_app.domain.money import Money
from pos_app.domain.order import Order
from pos_app.domain.sales_return import CreditedLine, ReturnedLine, SalesReturn, SalesReturnState
from pos_app.domain.stock import StockMove, difference_of

_NONE = Decimal(0)


class BilledAtTheTill(PosError):
    """Goods that were collected and paid at the till are on a receipt, not on an invoice."""

    sentence = (
        "{name} was collected and paid at the till. Take it back there with its receipt, so that "
        "the money goes back the way it came."
    )


class CreditNoteStays(PosError):
    """A return that credited an invoice is to be changed or deleted."""

    sentence = (
        "{number} credited {invoice}, and a credit note stays as it is. Deliver and invoice the "
        "goods anew instead."
    )


class ReturnAtTheTill(PosError):
    """A return that a document of the till made."""

    sentence = "{number} belongs to a receipt of the till. Change it there."


class ReturnIsFollowed(PosError):
    """A return after which more of the same goods came back."""

    sentence = "{later} came after {number} for the same goods. Change or delete that one first."


@dataclass(frozen=True, slots=True)
class Back:
    """How much of an order's line comes back, why, and whether it can be sold again."""

    quantity: Decimal
    reason: str = ""
    is_spoilt: bool = False


@dataclass(frozen=True, slots=True)
class ReturnTerms:
    """What goes for a whole return; no `day` is today, no `location` the order's."""

    reason: str = ""
    day: date | None = None
    location: str = ""
    remarks: str = ""
    delivery_id: str = ""
    delivery_number: str = ""


USUAL_TERMS = ReturnTerms()


@dataclass(frozen=True, slots=True)
class PlannedReturn:
    """A return without a number yet, and its order as it is after it."""

    document: SalesReturn
    order: Order


@dataclass(frozen=True, slots=True)
class ReturnChange:
    """A return written anew: its order, the invoices that it credits, and the stock that moves."""

    document: SalesReturn
    order: Order
    credited: tuple[Invoice, ...]
    moves: tuple[StockMove, ...]


def planned_return(
    order: Order,
    backs: Mapping[str, Back],
    billed: Sequence[Invoice],
    head: DocumentHead,
    terms: ReturnTerms,
    *,
    location: str,
    issuer: Issuer | None,
) -> PlannedReturn:
    """Plan that units of an order's lines come back; what of them was invoiced is credited.

    `billed` are the order's issued invoices, the latest first; `location` is the shop's own, for
    an order that names none. Raises MoreThanDelivered, QuantityTooFine, BilledAtTheTill,
    DocumentEmpty, OrderNotApproved, DatesTurned or DocumentTextWrong.
    """
    wanted = {line_id: back for line_id, back in backs.items() if back.quantity}
    if not wanted:
        raise DocumentEmpty()
    quantities = {line_id: back.quantity for line_id, back in wanted.items()}
    _check_not_sold(order, quantities)
    progressed = orders.taken_back(order, quantities)
    credited = _credited(order, quantities, billed)
    lines = _returned_lines(order, wanted)
    document = replace(
        return_document(head, lines, credited, billed, terms, issuer),
        order_id=order.head.id,
        order_number=order.head.number,
        location=terms.location or order.location or location,
    )
    check_dates(order.head.day, document.head.day)
    return PlannedReturn(document, progressed)


def return_document(
    head: DocumentHead,
    lines: tuple[ReturnedLine, ...],
    credited: Sequence[CreditedLine],
    billed: Sequence[Invoice],
    terms: ReturnTerms,
    issuer: Issuer | None,
) -> SalesReturn:
    """Return the document for what comes back and what is credited, with its sums.

    Raises CustomerMissing or DocumentTextWrong.
    """
    currency = head.policy.currency
    taxes, net, tax, gross = rules.figures_of(credited, currency)
    rounding = Money(sum(rules.rounding_back(credited, i).minor for i in billed), currency)
    worth = sum(line.figures.gross.minor for line in lines)
    return rules.checked(
        SalesReturn(
            head=replace(head, remarks=terms.remarks),
            order_id="",
            order_number="",
            reason=terms.reason,
            lines=lines,
            credited=tuple(credited),
            taxes=taxes,
            net=net,
            tax=tax,
            gross=gross,
            rounding=rounding,
            total=Money(worth, currency) if lines else gross + rounding,
            delivery_id=terms.delivery_id,
            delivery_number=terms.delivery_number,
            issuer=issuer,
        )
    )


def credited_invoices(document: SalesReturn, billed: Sequence[Invoice]) -> list[Invoice]:
    """Return the invoices that a numbered return credits, as they are after it.

    Raises MoreThanInvoiced or InvoiceNotIssued.
    """
    found = []
    for invoice in billed:
        quantities = _by_line(document.credited, invoice.head.id)
        if quantities:
            amount = rules.credit_of(document.credited, invoice)
            credit = InvoiceCredit(document.head.id, document.head.number, amount)
            found.append(invoices.credited(invoice, quantities, credit))
    return found


def changed_return(
    document: SalesReturn,
    order: Order,
    backs: Mapping[str, Back],
    later: Sequence[SalesReturn],
    billed: Sequence[Invoice],
) -> ReturnChange:
    """Return a return with other quantities, as if it had been written so at once.

    `later` are the order's returns after it, `billed` its issued invoices, the latest first. Raises
    what `planned_return` does, and CreditNoteStays, ReturnAtTheTill or ReturnIsFollowed.
    """
    _check_alone(document, later)
    before = untaken(order, returned_units(document))
    terms = ReturnTerms(
        document.reason,
        document.head.day,
        document.location,
        document.head.remarks,
        document.delivery_id,
        document.delivery_number,
    )
    plan = planned_return(
        before,
        backs,
        billed,
        document.head,
        terms,
        location=document.location,
        issuer=document.issuer,
    )
    new = replace(plan.document, lines=_with_known_ids(document, plan.document))
    credited = tuple(credited_invoices(new, billed))
    moves = difference_of(rules.goods_back(document), rules.goods_back(new))
    return ReturnChange(new, plan.order, credited, moves)


def deleted_return(
    document: SalesReturn, order: Order, later: Sequence[SalesReturn]
) -> ReturnChange:
    """Return a return undone as if nothing had come back; its number stays used.

    `later` are the order's returns after it: their figures are what was left. Raises
    CreditNoteStays, ReturnAtTheTill or ReturnIsFollowed.
    """
    _check_alone(document, later)
    gone = replace(document, state=SalesReturnState.DELETED)
    moves = difference_of(rules.goods_back(document), ())
    return ReturnChange(gone, untaken(order, returned_units(document)), (), moves)


def with_reasons(document: SalesReturn, reasons: Mapping[str, str]) -> SalesReturn:
    """Return it with other reasons for its lines, by the order line's id.

    Raises DocumentTextWrong.
    """
    lines = tuple(
        replace(line, reason=reasons.get(line.order_line_id, line.reason))
        for line in document.lines
    )
    return rules.checked(replace(document, lines=lines))


def returned_units(document: SalesReturn) -> dict[str, Decimal]:
    """Return how much came back of each line of the order."""
    return {line.order_line_id: line.line.quantity for line in document.lines}


def untaken(order: Order, quantities: Mapping[str, Decimal]) -> Order:
    """Return an order as if so many units of its lines had not come back uncredited."""
    lines = tuple(
        replace(line, returned=line.returned - quantities.get(line.line.id, _NONE))
        for line in order.lines
    )
    return replace(order, lines=lines)


def _with_known_ids(before: SalesReturn, after: SalesReturn) -> tuple[ReturnedLine, ...]:
    known = {line.order_line_id: line.line.id for line in before.lines}
    return tuple(
        replace(one, line=replace(one.line, id=known.get(one.order_line_id, one.line.id)))
        for one in after.lines
    )


def _check_alone(document: SalesReturn, later: Sequence[SalesReturn]) -> None:
    """Refuse to touch a return on which other figures rest."""
    number = document.head.number
    if document.sale_id:
        raise ReturnAtTheTill(number=number)
    if document.is_credit_note:
        raise CreditNoteStays(number=number, invoice=", ".join(document.invoice_numbers))
    for other in later:
        if returned_units(document).keys() & returned_units(other).keys():
            raise ReturnIsFollowed(later=other.head.number, number=number)


def _check_not_sold(order: Order, quantities: Mapping[str, Decimal]) -> None:
    """Refuse what only the till can take back; raises BilledAtTheTill."""
    for line in order.lines:
        quantity = quantities.get(line.line.id, _NONE)
        if line.sold and line.to_return < quantity <= line.to_return + line.sold:
            raise BilledAtTheTill(name=line.line.name)


def _credited(
    order: Order, quantities: Mapping[str, Decimal], billed: Sequence[Invoice]
) -> list[CreditedLine]:
    """Return what is credited of what comes back."""
    due = {
        line.line.id: line.to_credit(quantities[line.line.id])
        for line in order.lines
        if line.line.id in quantities
    }
    return rules.credit_lines(billed, due)


def _returned_lines(order: Order, wanted: Mapping[str, Back]) -> tuple[ReturnedLine, ...]:
    priced = order.priced
    lines = []
    for line, figures in zip(order.lines, priced.lines, strict=True):
        back = wanted.get(line.line.id)
        if back is None:
            continue
        whole, policy = line.line.quantity, order.head.policy
        share = share_of(figures, whole, line.returned, back.quantity, policy)
        back_line = replace(line.line, quantity=back.quantity)
        lines.append(ReturnedLine(line.line.id, back_line, share, back.reason, back.is_spoilt))
    return tuple(lines)


def _by_line(credited: Sequence[CreditedLine], invoice_id: str) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for line in credited:
        if line.invoice_id == invoice_id:
            before = found.get(line.invoice_line_id, _NONE)
            found[line.invoice_line_id] = before + line.quantity
    return found
