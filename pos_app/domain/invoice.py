"""An invoice: figures that stay, what was paid and credited, and what is still owed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

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
)
from pos_app.domain.errors import PosError
from pos_app.domain.issuer import Issuer
from pos_app.domain.money import Money
from pos_app.domain.order import InvoiceBasis
from pos_app.domain.payment import TenderMethod
from pos_app.domain.pricing import LineFigures, Priced, TaxFigure, sum_lines

_NONE = Decimal(0)
REMARK_LIMIT = 500


class InvoiceState(StrEnum):
    """How much of an invoice is settled; a draft is none yet."""

    DRAFT = "draft"
    UNPAID = "unpaid"
    PARTIALLY_PAID = "partially_paid"
    FULLY_PAID = "fully_paid"
    DELETED = "deleted"


class InvoiceAction(StrEnum):
    """What can be done with an invoice."""

    CHANGE = "change"
    ISSUE = "issue"
    RECEIVE = "receive"
    PAY_BACK = "pay_back"
    REMIND = "remind"
    POSTPONE = "postpone"
    CREDIT = "credit"
    DELETE = "delete"


class InvoiceIssued(PosError):
    """A change to an invoice that is out of the house."""

    sentence = (
        "{number} was issued and cannot be changed or deleted any more. Credit it and write a new "
        "one."
    )


class InvoiceNotIssued(PosError):
    """A payment or reminder for a draft."""

    sentence = "This invoice is still a draft. Issue it first; it gets its number then."


class InvoiceSettled(PosError):
    """A payment or reminder for an invoice that nobody owes anything on."""

    sentence = "{number} is settled. There is nothing left to receive."


class NothingToPayBack(PosError):
    """Money back for an invoice on which nothing was paid too much."""

    sentence = "Nothing was paid too much on {number}."


class MoreThanOwed(PosError):
    """A payment beyond the balance."""

    sentence = "Only {balance} is owed on {number}. Enter at most that."


class MoreThanPaidTooMuch(PosError):
    """More would go back than was paid too much."""

    sentence = "Only {balance} was paid too much on {number}. Enter at most that."


class PaymentNotPositive(PosError):
    """A payment of nothing, or less."""

    sentence = "A payment of {amount} is not possible. Enter an amount above zero."


class PaidBeforeInvoiced(PosError):
    """A payment dated before its invoice."""

    sentence = "{day} is before the invoice was written on {invoiced}. Check the date."


class PaidInOtherCurrency(PosError):
    """Money of another currency than the invoice asks for."""

    sentence = "{number} is in {currency} and can only be paid in {currency}."


class MoreThanInvoiced(PosError):
    """A credit of more than was invoiced and not credited yet."""

    sentence = "Only {left} of {name} can still be credited on {number}. Enter at most that."


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """A line with its final figures; `credited` units of it were credited."""

    line: DocumentLine
    figures: LineFigures
    order_line_id: str = ""
    credited: Decimal = _NONE

    @property
    def to_credit(self) -> Decimal:
        """How much can still be credited, in units."""
        return self.line.quantity - self.credited


@dataclass(frozen=True, slots=True)
class InvoicePayment:
    """Money that came in, or went back (negative); `day` is when, `at` (UTC) when it was told."""

    id: str
    day: date
    amount: Money
    method: TenderMethod
    staff: str
    at: datetime
    remark: str = ""
    sale_id: str = ""


@dataclass(frozen=True, slots=True)
class InvoiceCredit:
    """A credit note against the invoice; `amount` is above zero."""

    return_id: str
    number: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Reminder:
    """A reminder that was sent; the first has level 1."""

    level: int
    day: date
    staff: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Invoice:
    """An invoice; net + tax = gross, gross + rounding = total = balance + paid + credited.

    `due` is the last day to pay, `remind_on` when to remind. It names its order or sale, if any.
    """

    head: DocumentHead
    lines: tuple[InvoiceLine, ...]
    due: date
    taxes: tuple[TaxFigure, ...]
    net: Money
    tax: Money
    gross: Money
    rounding: Money
    state: InvoiceState = InvoiceState.DRAFT
    discounts: tuple[DocumentDiscount, ...] = ()
    discount_amounts: tuple[Money, ...] = ()
    remind_on: date | None = None
    reminders: tuple[Reminder, ...] = ()
    payments: tuple[InvoicePayment, ...] = ()
    credits: tuple[InvoiceCredit, ...] = ()
    basis: InvoiceBasis | None = None
    order_id: str = ""
    order_number: str = ""
    sale_id: str = ""
    sale_number: str = ""
    delivered_on: date | None = None
    colour: str = ""
    issuer: Issuer | None = None

    @property
    def currency(self) -> str:
        """The ISO 4217 currency of every amount on the invoice."""
        return self.head.policy.currency

    @property
    def total(self) -> Money:
        """What the invoice asks for."""
        return self.gross + self.rounding

    @property
    def paid(self) -> Money:
        """What came in, less what went back."""
        return Money(sum(p.amount.minor for p in self.payments), self.currency)

    @property
    def credited(self) -> Money:
        """What credit notes took off."""
        return Money(sum(c.amount.minor for c in self.credits), self.currency)

    @property
    def balance(self) -> Money:
        """What is still owed; below zero it is owed to the customer."""
        return self.total - self.paid - self.credited


_A, _S = InvoiceAction, InvoiceState
_ON_DRAFT = (_A.CHANGE, _A.ISSUE, _A.DELETE)
_WHILE_OWED = (_A.RECEIVE, _A.REMIND, _A.POSTPONE)


def check_action(invoice: Invoice, action: InvoiceAction) -> None:
    """Refuse what cannot be done now.

    Raises InvoiceIssued, InvoiceNotIssued, InvoiceSettled, NothingToPayBack or MoreThanInvoiced.
    """
    number = invoice.head.number
    if invoice.state is _S.DELETED:
        raise InvoiceNotIssued()
    if action in _ON_DRAFT and invoice.state is not _S.DRAFT:
        raise InvoiceIssued(number=number)
    if action not in _ON_DRAFT and invoice.state is _S.DRAFT:
        raise InvoiceNotIssued()
    if action in _WHILE_OWED and invoice.balance.minor <= 0:
        raise InvoiceSettled(number=number)
    if action is _A.PAY_BACK and invoice.balance.minor >= 0:
        raise NothingToPayBack(number=number)
    if action is _A.CREDIT and not any(line.to_credit for line in invoice.lines):
        name = invoice.lines[0].line.name
        raise MoreThanInvoiced(left=0, name=name, number=number)


def actions_of(invoice: Invoice) -> tuple[InvoiceAction, ...]:
    """Return what can be done now, in the order of `InvoiceAction`."""
    return tuple(action for action in _A if _is_possible(invoice, action))


def figured(invoice: Invoice) -> Invoice:
    """Return a draft with the figures that its lines and discounts come to."""
    priced = price_lines(
        [line.line for line in invoice.lines], invoice.head.policy, invoice.discounts
    )
    lines = tuple(
        replace(line, figures=figures)
        for line, figures in zip(invoice.lines, priced.lines, strict=True)
    )
    return _with_sums(replace(invoice, lines=lines), priced)


def summed(invoice: Invoice) -> Invoice:
    """Return an invoice whose lines have their figures already with the sums of them."""
    return _with_sums(
        invoice, sum_lines(tuple(line.figures for line in invoice.lines), invoice.currency)
    )


def checked(invoice: Invoice) -> Invoice:
    """Return a new or changed draft if it can stand; raises what `document` checks refuse."""
    check_head(invoice.head)
    check_lines([line.line for line in invoice.lines])
    check_dates(invoice.head.day, invoice.due)
    check_dates(invoice.head.day, invoice.remind_on)
    return invoice


def changed(invoice: Invoice, new: Invoice) -> Invoice:
    """Return a draft with what was written anew; raises why that cannot stand."""
    check_action(invoice, _A.CHANGE)
    return checked(figured(new))


def issued(invoice: Invoice, number: str, day: date) -> Invoice:
    """Return a draft with its number and its date; from here on its figures stand for ever."""
    check_action(invoice, _A.ISSUE)
    head = replace(invoice.head, number=number, day=day)
    return with_state(checked(replace(invoice, head=head)))


def deleted(invoice: Invoice) -> Invoice:
    """Return a draft thrown away; it never had a number."""
    check_action(invoice, _A.DELETE)
    return replace(invoice, state=_S.DELETED)


def received(invoice: Invoice, payment: InvoicePayment) -> Invoice:
    """Return it after money came in.

    Raises InvoiceSettled, PaymentNotPositive, MoreThanOwed or PaidBeforeInvoiced.
    """
    check_action(invoice, _A.RECEIVE)
    _check_payment(invoice, payment)
    if payment.amount.minor <= 0:
        raise PaymentNotPositive(amount=payment.amount)
    if payment.amount.minor > invoice.balance.minor:
        raise MoreThanOwed(balance=invoice.balance, number=invoice.head.number)
    return with_state(replace(invoice, payments=(*invoice.payments, payment)))


def paid_back(invoice: Invoice, payment: InvoicePayment) -> Invoice:
    """Return it after money paid too much went back; the payment's amount is below zero."""
    check_action(invoice, _A.PAY_BACK)
    _check_payment(invoice, payment)
    if payment.amount.minor >= 0:
        raise PaymentNotPositive(amount=-payment.amount)
    if payment.amount.minor < invoice.balance.minor:
        raise MoreThanPaidTooMuch(balance=-invoice.balance, number=invoice.head.number)
    return with_state(replace(invoice, payments=(*invoice.payments, payment)))


def credited(invoice: Invoice, quantities: Mapping[str, Decimal], credit: InvoiceCredit) -> Invoice:
    """Return it after units were credited, by line id; raises MoreThanInvoiced."""
    check_action(invoice, _A.CREDIT)
    by_id, number = {line.line.id: line for line in invoice.lines}, invoice.head.number
    for line_id, quantity in quantities.items():
        if line_id not in by_id:
            raise NoSuchDocumentLine(number=number)
        line = by_id[line_id]
        if not quantity.is_finite() or not 0 < quantity <= line.to_credit:
            raise MoreThanInvoiced(left=line.to_credit, name=line.line.name, number=number)
    lines = tuple(
        replace(line, credited=line.credited + quantities.get(line.line.id, _NONE))
        for line in invoice.lines
    )
    return with_state(replace(invoice, lines=lines, credits=(*invoice.credits, credit)))


def reminded(invoice: Invoice, reminder: Reminder, remind_on: date | None) -> Invoice:
    """Return it after a reminder went out; `remind_on` is when to remind again."""
    check_action(invoice, _A.REMIND)
    return replace(invoice, reminders=(*invoice.reminders, reminder), remind_on=remind_on)


def postponed(invoice: Invoice, due: date, remind_on: date | None) -> Invoice:
    """Return it with another last day to pay."""
    check_action(invoice, _A.POSTPONE)
    check_dates(invoice.head.day, due)
    check_dates(invoice.head.day, remind_on)
    return replace(invoice, due=due, remind_on=remind_on)


def with_state(invoice: Invoice) -> Invoice:
    """Return it with the state that its balance says."""
    if invoice.balance.minor <= 0:
        return replace(invoice, state=_S.FULLY_PAID)
    is_touched = invoice.paid.minor > 0 or bool(invoice.credits)
    return replace(invoice, state=_S.PARTIALLY_PAID if is_touched else _S.UNPAID)


def is_overdue(invoice: Invoice, today: date) -> bool:
    """Whether something is owed and its last day has passed."""
    is_owed = invoice.state in (_S.UNPAID, _S.PARTIALLY_PAID)
    return is_owed and invoice.due < today


def _check_payment(invoice: Invoice, payment: InvoicePayment) -> None:
    check_text(payment.remark, REMARK_LIMIT)
    if payment.amount.currency != invoice.currency:
        raise PaidInOtherCurrency(number=invoice.head.number, currency=invoice.currency)
    check_dates(payment.day, None)
    if payment.day < invoice.head.day:
        raise PaidBeforeInvoiced(day=payment.day, invoiced=invoice.head.day)


def _with_sums(invoice: Invoice, priced: Priced) -> Invoice:
    return replace(
        invoice,
        taxes=priced.taxes,
        net=priced.net,
        tax=priced.tax,
        gross=priced.gross,
        discount_amounts=priced.document_discounts or invoice.discount_amounts,
    )


def _is_possible(invoice: Invoice, action: InvoiceAction) -> bool:
    try:
        check_action(invoice, action)
    except PosError:
        return False
    return True
