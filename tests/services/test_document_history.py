"""What happened to a document, read from the journal no further back than its first version."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from pos_app.domain.facts import FactKind
from pos_app.domain.invoice import InvoiceState
from pos_app.domain.money import Money
from pos_app.services.document_history import history_of
from pos_app.services.document_records import INVOICE, ORDER
from pos_app.services.invoicing import Received
from tests.services.document_office import Office, new_office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = new_office(tmp_path / "shop.db")
    yield made
    made.store.close()


def test_each_change_is_told_with_who_made_it_the_latest_first(office: Office) -> None:
    order = office.order()
    office.pass_days(1)
    office.checkout.staff = "7"
    office.notes.deliver(order, {"1": Decimal(4)})
    invoice = office.invoicing.of_order(office.now(order))
    told = history_of(office.store, ORDER, office.now(order))
    assert [(one.action, one.staff) for one in told] == [
        ("invoice", "7"),
        ("deliver", "7"),
        ("approve", "1"),
        ("create", "1"),
    ]
    assert (told[0].at - told[-1].at).days == 1
    office.invoicing.receive(invoice, Received(Money(100, "EUR")))
    now = office.invoicing.get(INVOICE, invoice.head.id)
    assert now.state is InvoiceState.PARTIALLY_PAID
    assert [one.action for one in history_of(office.store, INVOICE, now)] == ["receive", "create"]


def test_other_documents_that_name_it_are_not_its_history(office: Office) -> None:
    first, second = office.order(), office.order()
    office.notes.deliver(second, {"1": Decimal(1)})
    assert len(history_of(office.store, ORDER, first)) == 2
    entries = office.store.journal.states_of(ORDER.name, first.head.id, (FactKind.ORDER_SAVED,), 10)
    assert [entry.kind for entry in entries] == [FactKind.ORDER_SAVED.value] * 2


def test_no_more_is_read_than_there_are_versions(office: Office) -> None:
    order = office.order()
    asked: list[str] = []
    raw = office.store._own.database.raw
    raw.set_trace_callback(asked.append)
    history_of(office.store, ORDER, order)
    raw.set_trace_callback(None)
    [statement] = [one for one in asked if "FROM journal" in one]
    assert statement.endswith(f"LIMIT {order.head.version}")
