"""Papers about what a customer owes: statements of account and reminder letters."""

from collections.abc import Sequence
from datetime import date, timedelta

from pos_app.domain.document import Party
from pos_app.domain.invoice import Invoice
from pos_app.domain.money import Money, total
from pos_app.domain.shop import ShopSettings
from pos_app.domain.statement import AGE_DAYS, Ages, Statement, StatementEntry
from pos_app.printing.document_page import (
    Align,
    Column,
    Detail,
    DocumentPage,
    Passage,
    Row,
    Table,
    Total,
    Weight,
)
from pos_app.printing.document_pdf import render_document
from pos_app.services.paper_language import language_for, paper_language
from pos_app.services.paper_parts import (
    Pen,
    buyer_of,
    contact_of,
    footer_of,
    logo_of,
    payment_of,
    pen_for,
    seller_of,
)
from pos_app.services.reminders import DAYS_TO_PAY

_LEVELS = ("reminder", "second_reminder", "last_reminder")
_FIGURES = ("charged", "received", "balance", "total", "open", "days_late")
_LONGEST_REFERENCE = 140  # What a credit transfer can say.


def render_statement(statement: Statement, customer: Party, shop: ShopSettings, day: date) -> bytes:
    """Return a customer's statement of account as a PDF dated `day`."""
    return render_document(statement_page(statement, customer, shop, day))


def render_reminder(
    invoices: Sequence[Invoice], shop: ShopSettings, day: date, level: int = 1
) -> bytes:
    """Return a reminder of a customer's open invoices as a PDF; `level` 3 and above is the last.

    The invoices are at least one, of one customer and one currency.
    """
    return render_document(reminder_page(invoices, shop, day, level))


def statement_page(
    statement: Statement, customer: Party, shop: ShopSettings, day: date
) -> DocumentPage:
    """Return what stands on a statement: each movement with the balance after it, and ages."""
    pen = pen_for(language_for(customer.country, shop), shop)
    details = (
        *pen.detail("date", day),
        *pen.detail(
            "period",
            pen.word("from_to", first=pen.day(statement.start), last=pen.day(statement.end)),
        ),
        *pen.detail("customer_number", customer.number),
        *pen.detail("contact", shop.documents.contact),
    )
    return DocumentPage(
        language=pen.language,
        title=pen.word("statement"),
        number="",
        day=day,
        writing=pen.figures,
        seller=seller_of(shop),
        buyer=buyer_of(customer, pen),
        contact=contact_of(shop),
        details=details,
        table=_entries(pen, statement),
        totals=_statement_totals(pen, statement),
        figures=_ages(pen, statement.ages),
        payment=payment_of(pen, statement.closing, customer.number),
        footer=footer_of(pen),
        colour=shop.documents.colour,
        logo_path=logo_of(shop),
        mark=pen.word("training") if shop.is_training else "",
    )


def reminder_page(
    invoices: Sequence[Invoice], shop: ShopSettings, day: date, level: int = 1
) -> DocumentPage:
    """Return what stands on a reminder: the letter, and each invoice with what is owed on it."""
    head = invoices[0].head
    pen = pen_for(paper_language(head, shop), shop)
    name = _LEVELS[min(max(level, 1), len(_LEVELS)) - 1]
    owed = total((invoice.balance for invoice in invoices), invoices[0].currency)
    pay_by = pen.day(day + timedelta(days=DAYS_TO_PAY))
    numbers = ", ".join(invoice.head.number for invoice in invoices)
    reference = numbers if len(numbers) <= _LONGEST_REFERENCE else head.customer.number
    due = Total(pen.word("amount_due"), pen.figures.money_with_currency(owed), Weight.DUE)
    return DocumentPage(
        language=pen.language,
        title=pen.word(name),
        number="",
        day=day,
        writing=pen.figures,
        seller=seller_of(shop),
        buyer=buyer_of(head.customer, pen),
        contact=contact_of(shop),
        details=(
            *pen.detail("date", day),
            *pen.detail("customer_number", head.customer.number),
            *pen.detail("contact", shop.documents.contact),
        ),
        opening=(
            Passage(pen.word("salutation")),
            Passage(pen.word(f"{name}_text", day=pay_by)),
        ),
        table=_open_invoices(pen, invoices, day),
        totals=(due,),
        payment=payment_of(pen, owed, reference),
        closing=(Passage(_regards(pen)),),
        footer=footer_of(pen),
        colour=shop.documents.colour,
        logo_path=logo_of(shop),
        mark=pen.word("training") if shop.is_training else "",
    )


def _entries(pen: Pen, statement: Statement) -> Table:
    keys = ("date", "document", "due_on", "charged", "received", "balance")
    balance = pen.figures.money(statement.opening)
    opening = Row((pen.day(statement.start), pen.word("opening_balance"), "", "", "", balance))
    rows = [_entry(pen, entry) for entry in statement.entries]
    return Table(
        _columns(pen, keys, statement.currency), (opening, *rows), opening=statement.opening
    )


def _entry(pen: Pen, entry: StatementEntry) -> Row:
    money = pen.figures.money
    is_charge = entry.amount.minor >= 0
    cells = (
        pen.day(entry.day),
        f"{pen.word(entry.kind.value)} {entry.number}".strip(),
        pen.day(entry.due) if entry.due else "",
        money(entry.amount) if is_charge else "",
        "" if is_charge else money(-entry.amount),
        money(entry.balance),
    )
    return Row(cells, entry.reference, entry.amount)


def _statement_totals(pen: Pen, statement: Statement) -> tuple[Total, ...]:
    money, overdue = pen.figures.money, statement.ages.overdue
    late = (Total(pen.word("of_it_overdue"), money(overdue)),) if overdue else ()
    closing = statement.closing
    is_owed = closing.minor >= 0
    word = "closing_balance" if is_owed else "in_your_favour"
    amount = pen.figures.money_with_currency(closing if is_owed else -closing)
    return (
        Total(pen.word("opening_balance"), money(statement.opening)),
        Total(pen.word("charged"), money(statement.charged)),
        Total(pen.word("received"), money(-statement.settled)),
        Total(pen.word(word), amount, Weight.DUE),
        *late,
    )


def _ages(pen: Pen, ages: Ages) -> tuple[Detail, ...]:
    first, second, third = AGE_DAYS
    labels = (
        pen.word("not_due"),
        pen.word("days", range=f"1–{first}"),
        pen.word("days", range=f"{first + 1}–{second}"),
        pen.word("days", range=f"{second + 1}–{third}"),
        pen.word("days_above", last=f"{third}"),
    )
    amounts = (ages.not_due, ages.to_30, ages.to_60, ages.to_90, ages.older)
    return tuple(
        Detail(label, pen.figures.money(amount))
        for label, amount in zip(labels, amounts, strict=True)
    )


def _open_invoices(pen: Pen, invoices: Sequence[Invoice], day: date) -> Table:
    keys = ("document", "date", "due_on", "days_late", "total", "open")
    rows = tuple(
        Row(
            (
                f"{pen.word('invoice')} {invoice.head.number}",
                pen.day(invoice.head.day),
                pen.day(invoice.due),
                f"{max((day - invoice.due).days, 0)}",
                pen.figures.money(invoice.total),
                pen.figures.money(invoice.balance),
            ),
            amount=Money(invoice.balance.minor, invoice.currency),
        )
        for invoice in invoices
    )
    return Table(_columns(pen, keys, invoices[0].currency), rows)


def _regards(pen: Pen) -> str:
    """Return the end of a letter: a greeting, who wrote it, and for whom."""
    parts = (pen.word("regards"), pen.shop.documents.contact, pen.shop.name)
    return "\n".join(part for part in parts if part)


def _columns(pen: Pen, keys: Sequence[str], currency: str) -> tuple[Column, ...]:
    """Return the columns; the last one says the currency, in which all amounts are."""
    return tuple(
        Column(
            f"{pen.word(key)} {currency}" if key == keys[-1] else pen.word(key),
            Align.FIGURE if key in _FIGURES else Align.START,
            grows=key == "document",
        )
        for key in keys
    )
