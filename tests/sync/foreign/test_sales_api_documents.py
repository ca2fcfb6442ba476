"""Orders, invoices and customers of a till as the Sales API gets them, to the cent."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pos_app.domain.discount import LineDiscount
from pos_app.domain.invoice import Invoice
from pos_app.domain.money import Money
from pos_app.domain.order import InvoiceBasis
from pos_app.services.document_records import INVOICE
from pos_app.services.invoicing import Received
from pos_app.store.foreign import HeldState
from pos_app.sync.connections import Entered
from pos_app.sync.foreign_settling import Remedy, abilities_of, held_things, settle
from tests.services.document_office import Office, new_office
from tests.simulators.apis.sales_api import SalesApi
from tests.sync.foreign.compliance import KEY, URL, Till, connected
from tests.sync.office_stand_in import Clock


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = new_office(tmp_path / "office.db")
    yield office
    office.store.close()


@pytest.fixture
def server() -> SalesApi:
    return SalesApi(KEY)


def connect(office: Office, server: SalesApi, **options: str) -> Till:
    entered = Entered("sales", "Their server", URL, KEY, options=options)
    return connected(office.store, server, Clock(), entered)


def total(document: dict[str, Any]) -> Decimal:
    found: Decimal = document["total_amount"]
    return found


def same(there: dict[str, Any], here: Money) -> bool:
    return total(there) == here.amount


def test_an_order_goes_once_it_is_approved_and_once_only(office: Office, server: SalesApi) -> None:
    till = connect(office, server)
    draft = office.orders.draft(office.customer)
    office.orders.create(replace(draft, lines=office.order(1).lines))
    till.run()
    assert len(server.orders) == 1  # the approved one
    order = office.order(10)
    till.run()
    office.notes.deliver(order, {"1": Decimal(2)})
    till.run()
    assert len(server.orders) == 2
    assert same(server.orders[1], order.priced.gross)
    assert [item["product_id"] for item in server.orders[1]["items"]] == ["PROD001", "PROD002"]
    assert server.customers[0]["name"] == "Rye & Sons"
    assert len(server.customers) == 1


@pytest.mark.parametrize("prices", ["gross", "net"])
def test_an_invoice_of_a_whole_order_is_generated_there(
    office: Office, server: SalesApi, prices: str
) -> None:
    till = connect(office, server, prices=prices)
    order = office.order()
    office.notes.deliver(order, office.notes.open_quantities(order))
    invoice = office.invoicing.of_order(office.now(order))
    office.invoicing.receive(invoice, Received(invoice.balance))
    till.run()
    (there,) = server.invoices
    assert there["order_id"] == server.orders[0]["id"]
    assert same(there, invoice.gross if prices == "gross" else invoice.net)
    assert held_things(office.store, till.connection_id) == []


def test_an_invoice_of_a_part_of_an_order_is_never_sent_as_the_whole(
    office: Office, server: SalesApi
) -> None:
    till = connect(office, server)
    order = office.order()
    office.notes.deliver(order, {"1": Decimal(2)})
    office.invoicing.of_order(office.now(order))
    till.run()
    (held,) = held_things(office.store, till.connection_id)
    assert held.state is HeldState.UNSAYABLE
    assert "whole orders only" in held.reason
    assert server.invoices == []


def test_a_free_invoice_is_an_order_of_its_own(office: Office, server: SalesApi) -> None:
    till = connect(office, server)
    line = replace(office.lines()[1], discount=LineDiscount(percent=Decimal("12.5")))
    draft = office.invoicing.save_draft(office.invoicing.draft(office.customer, (line,)))
    invoice: Invoice = office.invoicing.issue(draft)
    till.run()
    assert same(server.orders[0], invoice.gross)
    assert server.invoices[0]["order_id"] == server.orders[0]["id"]
    assert office.store.records.get(INVOICE, invoice.head.id) == invoice


def test_an_order_from_before_the_connection_comes_with_its_invoice(
    office: Office, server: SalesApi
) -> None:
    order = office.order()
    till = connect(office, server)
    office.invoicing.of_order(order, InvoiceBasis.ORDERED)
    till.run()
    assert len(server.orders) == len(server.invoices) == 1


def test_an_invoice_waits_for_its_order_and_goes_when_that_is_there(
    office: Office, server: SalesApi
) -> None:
    server.stock = {}
    till = connect(office, server)
    office.invoicing.of_order(office.order(), InvoiceBasis.ORDERED)
    till.run()
    held = held_things(office.store, till.connection_id)
    assert {(one.kind, one.state) for one in held} == {
        ("order", HeldState.REFUSED),
        ("invoice", HeldState.WAITS),
    }
    server.stock = None
    first = next(one for one in held if one.state is HeldState.REFUSED)
    settle(office.store, till.connection_id, first.id, Remedy.AGAIN, till.clock())
    till.run()
    assert len(server.orders) == len(server.invoices) == 1
    assert held_things(office.store, till.connection_id) == []


def test_an_invoice_goes_no_more_once_its_order_was_left_out(
    office: Office, server: SalesApi
) -> None:
    server.stock = {}
    till = connect(office, server)
    office.invoicing.of_order(office.order(), InvoiceBasis.ORDERED)
    till.run()
    for _ in range(4):
        for one in held_things(office.store, till.connection_id):
            settle(office.store, till.connection_id, one.id, Remedy.LEAVE, till.clock())
        till.run()
    assert held_things(office.store, till.connection_id) == []
    assert server.orders == server.invoices == []


def test_what_does_not_go_there_is_said_before_the_connection_is_made(
    office: Office,
) -> None:
    entered = Entered("sales", "Their server", URL, KEY)
    said = {one.kind.value: one.carries for one in abilities_of(office.store, entered)}
    assert said == {
        "customer": True,
        "sale": True,
        "void": False,
        "return": False,
        "quotation": False,
        "order": True,
        "delivery": False,
        "invoice": True,
        "payment": False,
        "sales_return": False,
    }
    without = replace(entered, options={"invoices": "off"})
    carried = {one.kind.value for one in abilities_of(office.store, without) if one.carries}
    assert carried == {"customer", "sale", "order"}
