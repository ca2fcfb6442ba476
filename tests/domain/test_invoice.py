"""Every action in every state of an invoice, and what its balance allows."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from pos_app.domain import invoice as invoices
from pos_app.domain.document import DatesTurned
from pos_app.domain.errors import PosError
from pos_app.domain.invoice import (
    Invoice,
    InvoiceAction,
    InvoiceCredit,
    InvoiceIssued,
    InvoiceNotIssued,
    InvoiceSettled,
    InvoiceState,
    MoreThanInvoiced,
    MoreThanOwed,
    MoreThanPaidTooMuch,
    NothingToPayBack,
    PaidBeforeInvoiced,
    PaymentNotPositive,
    Reminder,
)
from pos_app.domain.money import Money
from tests.domain.sales_documents import AT, DAY, draft_invoice, payment

A, S = InvoiceAction, InvoiceState


def issued() -> Invoice:
    return invoices.issued(draft_invoice(), "INV2023060001", DAY)


def paid_in_part() -> Invoice:
    return invoices.received(issued(), payment(1000))


def paid() -> Invoice:
    return invoices.received(issued(), payment(9990))


def overpaid() -> Invoice:
    credit = InvoiceCredit("r", "RTN1", Money(999, "EUR"))
    return invoices.credited(paid(), {"1": Decimal(1)}, credit)


def cancelled() -> Invoice:
    credit = InvoiceCredit("r", "RTN1", Money(9990, "EUR"))
    return invoices.credited(issued(), {"1": Decimal(10)}, credit)


def thrown_away() -> Invoice:
    return invoices.deleted(draft_invoice())


_MAY = None
TABLE: dict[Callable[[], Invoice], dict[InvoiceAction, type[PosError] | None]] = {
    draft_invoice: {
        A.CHANGE: _MAY,
        A.ISSUE: _MAY,
        A.RECEIVE: InvoiceNotIssued,
        A.PAY_BACK: InvoiceNotIssued,
        A.REMIND: InvoiceNotIssued,
        A.POSTPONE: InvoiceNotIssued,
        A.CREDIT: InvoiceNotIssued,
        A.DELETE: _MAY,
    },
    issued: {
        A.CHANGE: InvoiceIssued,
        A.ISSUE: InvoiceIssued,
        A.RECEIVE: _MAY,
        A.PAY_BACK: NothingToPayBack,
        A.REMIND: _MAY,
        A.POSTPONE: _MAY,
        A.CREDIT: _MAY,
        A.DELETE: InvoiceIssued,
    },
    paid_in_part: {
        A.CHANGE: InvoiceIssued,
        A.ISSUE: InvoiceIssued,
        A.RECEIVE: _MAY,
        A.PAY_BACK: NothingToPayBack,
        A.REMIND: _MAY,
        A.POSTPONE: _MAY,
        A.CREDIT: _MAY,
        A.DELETE: InvoiceIssued,
    },
    paid: {
        A.CHANGE: InvoiceIssued,
        A.ISSUE: InvoiceIssued,
        A.RECEIVE: InvoiceSettled,
        A.PAY_BACK: NothingToPayBack,
        A.REMIND: InvoiceSettled,
        A.POSTPONE: InvoiceSettled,
        A.CREDIT: _MAY,
        A.DELETE: InvoiceIssued,
    },
    overpaid: {
        A.CHANGE: InvoiceIssued,
        A.ISSUE: InvoiceIssued,
        A.RECEIVE: InvoiceSettled,
        A.PAY_BACK: _MAY,
        A.REMIND: InvoiceSettled,
        A.POSTPONE: InvoiceSettled,
        A.CREDIT: _MAY,
        A.DELETE: InvoiceIssued,
    },
    cancelled: {
        A.CHANGE: InvoiceIssued,
        A.ISSUE: InvoiceIssued,
        A.RECEIVE: InvoiceSettled,
        A.PAY_BACK: NothingToPayBack,
        A.REMIND: InvoiceSettled,
        A.POSTPONE: InvoiceSettled,
        A.CREDIT: MoreThanInvoiced,
        A.DELETE: InvoiceIssued,
    },
    thrown_away: dict.fromkeys(A, InvoiceNotIssued),
}
PAIRS = [(make, action) for make in TABLE for action in A]
STATES = {
    draft_invoice: S.DRAFT,
    issued: S.UNPAID,
    paid_in_part: S.PARTIALLY_PAID,
    paid: S.FULLY_PAID,
    overpaid: S.FULLY_PAID,
    cancelled: S.FULLY_PAID,
    thrown_away: S.DELETED,
}


@pytest.mark.parametrize(("make", "action"), PAIRS)
def test_every_action_in_every_state_is_possible_or_says_why_not(
    make: Callable[[], Invoice], action: InvoiceAction
) -> None:
    invoice, refused = make(), TABLE[make][action]
    assert invoice.state is STATES[make]
    assert (action in invoices.actions_of(invoice)) is (refused is None)
    if refused is None:
        invoices.check_action(invoice, action)
        return
    with pytest.raises(refused) as refusal:
        invoices.check_action(invoice, action)
    assert type(refusal.value) is refused
    assert "{" not in str(refusal.value)


def test_the_balance_is_the_total_less_what_was_paid_and_credited() -> None:
    invoice = overpaid()
    assert (invoice.total.minor, invoice.paid.minor, invoice.credited.minor) == (9990, 9990, 999)
    assert invoice.balance.minor == -999
    assert invoices.paid_back(invoice, payment(-999)).balance.minor == 0


@pytest.mark.parametrize(
    ("minor", "refusal"),
    [(0, PaymentNotPositive), (-5, PaymentNotPositive), (9991, MoreThanOwed)],
)
def test_no_payment_beyond_the_balance_nor_of_nothing(minor: int, refusal: type[PosError]) -> None:
    with pytest.raises(refusal):
        invoices.received(issued(), payment(minor))


@pytest.mark.parametrize(
    ("minor", "refusal"), [(0, PaymentNotPositive), (-1000, MoreThanPaidTooMuch)]
)
def test_no_more_goes_back_than_was_paid_too_much(minor: int, refusal: type[PosError]) -> None:
    with pytest.raises(refusal):
        invoices.paid_back(overpaid(), payment(minor))


def test_a_payment_before_the_invoice_and_dates_turned_round_are_refused() -> None:
    with pytest.raises(PaidBeforeInvoiced):
        invoices.received(issued(), payment(100, date(2023, 5, 31)))
    with pytest.raises(DatesTurned):
        invoices.postponed(issued(), date(2023, 5, 1), None)
    with pytest.raises(DatesTurned):
        invoices.checked(replace(draft_invoice(), due=date(2023, 5, 1)))


def test_no_more_is_credited_than_was_invoiced() -> None:
    credit = InvoiceCredit("r", "RTN1", Money(1, "EUR"))
    for quantity in ("10.5", "0", "-1", "NaN"):
        with pytest.raises(MoreThanInvoiced):
            invoices.credited(issued(), {"1": Decimal(quantity)}, credit)


def test_reminders_count_and_stand_with_their_day() -> None:
    once = invoices.reminded(issued(), Reminder(1, date(2023, 7, 8), "1", AT), date(2023, 7, 15))
    assert [one.level for one in once.reminders] == [1]
    assert once.remind_on == date(2023, 7, 15)
    assert invoices.is_overdue(once, date(2023, 7, 2))
    assert not invoices.is_overdue(once, date(2023, 7, 1))
    assert not invoices.is_overdue(paid(), date(2024, 1, 1))


def test_a_changed_draft_is_priced_anew() -> None:
    draft = draft_invoice()
    doubled = replace(draft.lines[0].line, quantity=Decimal(20))
    changed = invoices.changed(
        draft, replace(draft, lines=(replace(draft.lines[0], line=doubled),))
    )
    assert changed.total.minor == 2 * draft.total.minor
