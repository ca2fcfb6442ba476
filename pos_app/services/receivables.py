"""What customers owe: for invoices, and for what they bought on account at the till."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from pos_app.domain.facts import FactKind
from pos_app.domain.invoice import Invoice, InvoiceState
from pos_app.domain.money import Money
from pos_app.domain.payment import TenderMethod
from pos_app.domain.sale import Sale
from pos_app.domain.statement import (
    EntryKind,
    Movement,
    Statement,
    ages_of,
    open_items,
    with_balances,
)
from pos_app.domain.stored_value import HolderAction, ValueKind
from pos_app.services.customer_records import merged_ids, survivor_id, terms_of
from pos_app.services.document_records import INVOICE, SALES_RETURN
from pos_app.services.stored_value_records import STORED_VALUE, account_of

if TYPE_CHECKING:
    from pos_app.store.store import Store
    from pos_app.store.transaction import Transaction

    Source = Store | Transaction

_NOT_OWED = (InvoiceState.DRAFT, InvoiceState.DELETED)
_ON_ACCOUNT = "account"


@dataclass(frozen=True, slots=True)
class Owed:
    """What a customer owes now; below zero they have something to their credit.

    `oldest_due` is the last day to pay of the oldest open invoice, `overdue` what of the invoices
    should have been paid.
    """

    amount: Money
    oldest_due: date | None
    invoices: Money
    on_account: Money


def owed_by(source: "Source", customer_id: str, currency: str) -> Owed:
    """Return what a customer owes, with all records that were merged into theirs."""
    listed = [
        one
        for member in _group(source, customer_id)
        for one in source.documents.owed(INVOICE.name, member)
        if one.currency == currency
    ]
    days = [one.until for one in listed if one.open > 0 and one.until is not None]
    invoices = Money(sum(one.open for one in listed), currency)
    on_account = _account_debt(source, customer_id, currency)
    amount = invoices + on_account
    return Owed(amount, min(days) if days else None, invoices, on_account)


def statement_of(
    source: "Source", customer_id: str, currency: str, start: date, end: date
) -> Statement:
    """Return a customer's statement of account from one day to another, both within.

    Reads every invoice of the customer, so a screen asks for it in the background.
    """
    members = _group(source, customer_id)
    invoices = [invoice for one in members for invoice in _invoices(source, one, currency)]
    moves = [move for invoice in invoices for move in _invoice_moves(source, invoice)]
    told = {one.sale_id for one in invoices}, _credited_with(source, invoices)
    moves += _account_moves(source, customer_id, currency, told)
    before = [one for one in moves if one.day < start]
    within = [one for one in moves if start <= one.day <= end]
    opening = Money(sum(one.amount.minor for one in before), currency)
    entries = with_balances(within, opening)
    items = open_items(moves, end)
    closing = entries[-1].balance if entries else opening
    ages = ages_of(items, currency)
    return Statement(customer_id, currency, start, end, opening, entries, closing, items, ages)


def put_on_account(sale: Sale) -> int:
    """Return how many minor units a sale put on the customer's account."""
    tenders = (t.amount.minor for t in sale.tenders if t.method is TenderMethod.ON_ACCOUNT)
    return sum(tenders)


def take_off_account(tx: "Transaction", sale: Sale, units: int, at: datetime, staff: str) -> None:
    """Take minor units of a document off its customer's account: an invoice asks for them now.

    Below zero they go back on: the invoice asks for that much less.
    """
    mine = "" if sale.customer is None else survivor_id(tx, sale.customer.id)
    account = account_of(tx, ValueKind.ACCOUNT, mine) if mine else None
    if account is None or not units or account.currency != sale.currency:
        return
    after = replace(account, balance=account.balance + units)
    details = {
        "action": HolderAction.INVOICE.value,
        "units": units,
        "before": account.balance,
        "of": sale.number,
    }
    tx.records.put(STORED_VALUE, after, FactKind.STORED_VALUE_CHANGED, at, staff, details)


def _group(source: "Source", customer_id: str) -> list[str]:
    return [customer_id, *merged_ids(source, customer_id)]


def _account_debt(source: "Source", customer_id: str, currency: str) -> Money:
    debt = 0
    for member in _group(source, customer_id):
        account = account_of(source, ValueKind.ACCOUNT, member)
        if account is not None and account.currency == currency:
            debt -= account.balance
    return Money(debt, currency)


def _invoices(source: "Source", customer_id: str, currency: str) -> Iterator[Invoice]:
    for listed in source.documents.of_customer(INVOICE.name, customer_id):
        if listed.currency != currency or listed.status in _NOT_OWED:
            continue
        invoice = source.records.get(INVOICE, listed.id)
        if invoice is not None:
            yield invoice


def _credited_with(source: "Source", invoices: list[Invoice]) -> dict[str, int]:
    """Return by document of the till how much of what it gave back was still owed on an invoice."""
    found: dict[str, int] = {}
    for invoice in invoices:
        for credit in invoice.credits if invoice.sale_id else ():
            note = source.records.get(SALES_RETURN, credit.return_id)
            if note is not None and note.sale_id:
                paid = (p.amount.minor for p in invoice.payments if p.sale_id == note.sale_id)
                found[note.sale_id] = credit.amount.minor + sum(paid)
    return found


def _invoice_moves(source: "Source", invoice: Invoice) -> Iterator[Movement]:
    head = invoice.head
    yield Movement(
        head.day,
        EntryKind.INVOICE,
        head.number,
        invoice.total,
        head.id,
        invoice.order_number or invoice.sale_number,
        invoice.due,
    )
    for payment in invoice.payments:
        kind = EntryKind.PAYMENT if payment.amount.minor > 0 else EntryKind.PAID_BACK
        amount = -payment.amount
        yield Movement(payment.day, kind, head.number, amount, head.id, payment.remark)
    for credit in invoice.credits:
        note = source.records.get(SALES_RETURN, credit.return_id)
        day = head.day if note is None else note.head.day
        amount = -credit.amount
        yield Movement(day, EntryKind.CREDIT_NOTE, credit.number, amount, head.id, head.number)


def _account_moves(
    source: "Source", customer_id: str, currency: str, told: tuple[set[str], dict[str, int]]
) -> list[Movement]:
    """What moved the account at the till; sales that became invoices stand there instead.

    So does what goods that came back took off such an invoice. What the account held before it was
    followed stands as one movement before everything.
    """
    invoiced, credited = told
    members = _group(source, customer_id)
    if all(account_of(source, ValueKind.ACCOUNT, member) is None for member in members):
        return []
    terms = terms_of(source, customer_id)
    own = None if terms is None else terms.credit_days
    days = source.settings.shop().documents.due_days if own is None else own
    moves = []
    for one in source.customers.account_moves(members, currency):
        charge = 0 if one.sale_id in invoiced else one.charged + credited.get(one.sale_id, 0)
        if charge:
            kind = EntryKind.ACCOUNT_SALE if charge > 0 else EntryKind.ACCOUNT_RETURN
            due = one.day + timedelta(days=days)
            amount = Money(charge, currency)
            moves.append(Movement(one.day, kind, one.number, amount, _ON_ACCOUNT, due=due))
        if one.paid:
            amount = Money(-one.paid, currency)
            kind = EntryKind.ACCOUNT_PAYMENT
            moves.append(Movement(one.day, kind, one.number, amount, _ON_ACCOUNT))
    known = sum(move.amount.minor for move in moves)
    missing = _account_debt(source, customer_id, currency).minor - known
    if missing:
        first = min((move.day for move in moves), default=date.min + timedelta(days=1))
        kind = EntryKind.ACCOUNT_SALE if missing > 0 else EntryKind.ACCOUNT_PAYMENT
        day = first - timedelta(days=1)
        moves.insert(0, Movement(day, kind, "", Money(missing, currency), _ON_ACCOUNT))
    return moves
