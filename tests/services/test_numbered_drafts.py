"""A draft that another system wrote has its number before it is issued."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from pos_app.domain.document import line_of
from pos_app.domain.facts import FactKind
from pos_app.domain.invoice import InvoiceState, figured
from pos_app.services.document_records import INVOICE
from tests.services.document_office import LAPTOP, new_office


def test_issuing_keeps_the_number_that_a_draft_came_with(tmp_path: Path) -> None:
    office = new_office(tmp_path / "shop.db")
    try:
        customer = office.store.customers.get(office.order().head.customer.id)
        assert customer is not None
        draft = office.invoicing.draft(customer, (line_of(LAPTOP, "1", Decimal(1)),))
        draft = replace(figured(draft), head=replace(draft.head, number="INV-000001"))
        with office.store.transaction() as tx:
            at = draft.head.created_at
            tx.records.put(INVOICE, draft, FactKind.INVOICE_SAVED, at, "1")
        issued = office.invoicing.issue(draft)
        assert (issued.head.number, issued.state) == ("INV-000001", InvoiceState.UNPAID)
        lines = (line_of(LAPTOP, "1", Decimal(1)),)
        own = office.invoicing.save_draft(office.invoicing.draft(customer, lines))
        own = office.invoicing.issue(own)
        assert own.head.number == "INV2023060001"
    finally:
        office.store.close()
