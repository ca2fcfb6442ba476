"""The sentences below a document's lines: terms, early payment, what was remarked."""

from datetime import timedelta

from pos_app.domain.document import DocumentHead
from pos_app.domain.invoice import Invoice
from pos_app.domain.money import Money, RoundingMode, round_ratio
from pos_app.printing.document_page import Passage
from pos_app.services.paper_lines import percent_of
from pos_app.services.paper_parts import Pen


def invoice_passages(pen: Pen, invoice: Invoice) -> tuple[Passage, ...]:
    """Return how and until when an invoice is paid, its terms and what was remarked."""
    terms = [_pay_by(pen, invoice), _pay_early(pen, invoice), invoice.head.payment_terms]
    notes = [invoice.head.remarks, pen.shop.documents.invoice_note, _prices(pen, invoice)]
    return _given(
        pen, ("terms", terms), ("shipping_terms", [invoice.head.shipping_terms]), ("notes", notes)
    )


def _pay_by(pen: Pen, invoice: Invoice) -> str:
    if invoice.balance.minor <= 0:
        return pen.word("settled")
    return pen.word("pay_by", day=pen.day(invoice.due))


def _pay_early(pen: Pen, invoice: Invoice) -> str:
    """Say what is to be paid early, while nothing was: the whole less the percentage, half up."""
    settings = pen.shop.documents
    is_untouched = invoice.balance == invoice.total and invoice.total.minor > 0
    if not settings.early_days or not settings.early_percent or not is_untouched:
        return ""
    value, parts = (100 - settings.early_percent).as_integer_ratio()
    whole = invoice.total
    least = round_ratio(whole.minor * value, 100 * parts, RoundingMode.HALF_UP)
    last = invoice.head.day + timedelta(days=settings.early_days)
    return pen.word(
        "pay_early",
        percent=percent_of(pen, settings.early_percent),
        day=pen.day(last),
        amount=pen.figures.money_with_currency(Money(least, whole.currency)),
    )


def _prices(pen: Pen, invoice: Invoice) -> str:
    if not invoice.taxes:
        return ""
    with_tax = invoice.head.policy.prices_include_tax
    return pen.word("prices_include_tax" if with_tax else "prices_without_tax")


def passages(pen: Pen, head: DocumentHead, *, with_payment: bool = True) -> tuple[Passage, ...]:
    """Return the terms and remarks that were written on a document."""
    return _given(
        pen,
        ("terms", [head.payment_terms if with_payment else ""]),
        ("shipping_terms", [head.shipping_terms]),
        ("notes", [head.remarks]),
    )


def _given(pen: Pen, *parts: tuple[str, list[str]]) -> tuple[Passage, ...]:
    """Return the passages that say something, each under its heading."""
    found = []
    for heading, texts in parts:
        text = "\n".join(one.strip() for one in texts if one.strip())
        if text:
            found.append(Passage(text, pen.word(heading)))
    return tuple(found)
