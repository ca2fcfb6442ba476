"""Which issued invoices can still be written anew or deleted: those that nobody counts on."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from pos_app.domain import invoice as invoices
from pos_app.domain.errors import PosError
from pos_app.domain.invoice import Invoice, InvoiceNotIssued, InvoiceState, Reminder
from pos_app.domain.invoice_rewriting import (
    InvoiceInUse,
    check_untouched,
    rewritten,
    withdrawn,
)
from tests.domain.sales_documents import AT, DAY, draft_invoice, line
from tests.domain.test_invoice import cancelled, issued, overpaid, paid, paid_in_part, thrown_away

REWRITABLE: dict[Callable[[], Invoice], type[PosError] | None] = {
    draft_invoice: None,
    issued: None,
    paid_in_part: InvoiceInUse,
    paid: InvoiceInUse,
    overpaid: InvoiceInUse,
    cancelled: InvoiceInUse,
    thrown_away: InvoiceNotIssued,
}


@pytest.mark.parametrize(("make", "refusal"), REWRITABLE.items())
def test_only_what_nobody_counts_on_is_rewritten_or_deleted(
    make: Callable[[], Invoice], refusal: type[PosError] | None
) -> None:
    invoice = make()
    new = invoices.figured(draft_invoice(line(price="5.00")))
    if refusal is not None:
        for act in (lambda: rewritten(invoice, new), lambda: withdrawn(invoice)):
            with pytest.raises(refusal):
                act()
        return
    anew = rewritten(invoice, new)
    assert (anew.state, anew.head.number) == (invoice.state, invoice.head.number)
    assert anew.total.minor == 5000
    gone = withdrawn(invoice)
    assert (gone.state, gone.head.number) == (InvoiceState.DELETED, invoice.head.number)


def test_an_invoice_that_was_reminded_of_or_is_of_a_sale_stays() -> None:
    reminded = invoices.reminded(issued(), Reminder(1, DAY, "1", AT), None)
    for invoice in (reminded, replace(issued(), sale_id="s1")):
        with pytest.raises(InvoiceInUse):
            check_untouched(invoice)
