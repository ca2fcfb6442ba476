"""Invoices that are written anew or deleted after they were issued, while nobody counts on them.

Systems that shops have allow it; the till itself credits an invoice and writes another.
"""

from dataclasses import replace

from pos_app.domain.errors import PosError
from pos_app.domain.invoice import Invoice, InvoiceNotIssued, InvoiceState, checked, with_state


class InvoiceInUse(PosError):
    """A change to an issued invoice that others count on already."""

    sentence = (
        "{number} was paid, credited or reminded of, or belongs to a sale, and cannot be changed "
        "or deleted any more. Credit it and write a new one."
    )


def check_untouched(invoice: Invoice) -> None:
    """Refuse to rewrite or delete an invoice that others count on; a draft may always be.

    One that was issued may be while nothing was paid, credited or reminded of on it and no sale of
    the till stands behind it. Raises InvoiceInUse, or InvoiceNotIssued for a deleted one.
    """
    if invoice.state is InvoiceState.DELETED:
        raise InvoiceNotIssued()
    if invoice.state is InvoiceState.DRAFT:
        return
    if invoice.payments or invoice.credits or invoice.reminders or invoice.sale_id:
        raise InvoiceInUse(number=invoice.head.number)


def rewritten(invoice: Invoice, new: Invoice) -> Invoice:
    """Return an untouched invoice as it was written anew, with its figures; the number stays.

    Raises what `check_untouched` and `checked` refuse.
    """
    check_untouched(invoice)
    number, state = invoice.head.number, invoice.state
    kept = checked(replace(new, head=replace(new.head, number=number), state=state))
    return kept if state is InvoiceState.DRAFT else with_state(kept)


def withdrawn(invoice: Invoice) -> Invoice:
    """Return an untouched invoice deleted; a number that it had stays used. Raises InvoiceInUse."""
    check_untouched(invoice)
    return replace(invoice, state=InvoiceState.DELETED)
