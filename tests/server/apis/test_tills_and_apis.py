"""An order of the ERP sales module is a till's order too: it goes out at the till, and is seen."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from pos_app.domain.money import Money
from pos_app.domain.shop import ShopSettings
from pos_app.server.catalogue import save_thing
from pos_app.services.checkout import Checkout
from pos_app.services.delivery_notes import DeliveryNotes
from pos_app.services.document_records import INVOICE, ORDER
from pos_app.services.invoicing import Invoicing
from pos_app.store.store import Store, create_store
from pos_app.sync.engine import Did, SyncEngine
from tests.server.apis.erp_goods import approved_order, deliver, invoice
from tests.server.apis.erp_offices import ErpShop
from tests.server.offices import NOW
from tests.server.told_tills import judge_all, waiting
from tests.sync.real_office import door_wire, joined


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setenv("POS_APP_KEYS", "file")
    with create_store(tmp_path / "till.db", ShopSettings(name="Rye"), now=NOW) as made:
        yield made


@pytest.fixture
def engine(erp: ErpShop, store: Store) -> SyncEngine:
    office, company_id = erp.shop.served.office, erp.shop.company_id
    with office.company(company_id) as connection:  # the group of the lamps
        group = {"id": "c", "name": "Light", "colour": "", "position": 0}
        save_thing(connection, company_id, "category", "c", group, "test", NOW)
    wire = door_wire(office, lambda: NOW)
    return joined(store, wire, erp.shop.company_id, lambda: NOW)


def exchange(engine: SyncEngine, erp: ErpShop) -> None:
    """Let till and head office tell each other everything."""
    engine.tell_news()
    for _ in range(60):
        if engine.step().did is Did.IDLE:
            break
    judge_all(erp.shop.served.office, erp.shop.company_id)
    assert waiting(erp.shop.served.office, erp.shop.company_id) == []


def test_what_an_erp_agreed_goes_out_at_the_till_and_the_erp_sees_it(
    erp: ErpShop, store: Store, engine: SyncEngine
) -> None:
    order_id = approved_order(erp, 5)
    number = erp.got(f"/orders/{order_id}")["orderNo"]
    exchange(engine, erp)
    customer = store.customers.find("CUS001")
    assert customer is not None
    assert customer.id == "customer-001"
    order = store.records.by_code(ORDER, number)
    assert order is not None
    assert order.head.id == order_id
    assert store.received.waiting() == {}
    assert store.products.get("prod-001") is not None
    assert store.stock.shop_level("prod-001", "shop") == 10

    checkout = Checkout(store, lambda: NOW)
    DeliveryNotes(checkout).deliver(order, {order.lines[0].line.id: Decimal(2)})
    exchange(engine, erp)
    shown = erp.got(f"/orders/{order_id}")
    assert shown["status"] == "partially_delivered"
    assert shown["items"][0]["deliveredQuantity"] == 2
    assert len(erp.listed("/deliveries", orderId=order_id)) == 1
    assert erp.shop.level() == 8

    deliver(erp, order_id, 3)
    invoice(erp, order_id, 5)
    exchange(engine, erp)
    delivered = store.records.by_code(ORDER, number)
    assert delivered is not None
    assert delivered.state.value == "fully_delivered"
    assert store.stock.shop_level("prod-001", "shop") == 5
    invoices = store.documents.of_origin(INVOICE.name, order_id)
    assert [one.status for one in invoices] == ["unpaid"]
    found = Invoicing(checkout).get(INVOICE, invoices[0].id)
    assert found.total == erp_total(erp, invoices[0].id, found.currency)


def erp_total(erp: ErpShop, invoice_id: str, currency: str) -> Money:
    """Return what the ERP shows as an invoice's total."""
    return Money.of(Decimal(str(erp.got(f"/invoices/{invoice_id}")["totalAmount"])), currency)


def test_both_sides_cannot_deliver_the_same_goods(
    erp: ErpShop, store: Store, engine: SyncEngine
) -> None:
    order_id = approved_order(erp, 5)
    exchange(engine, erp)
    order = store.records.get(ORDER, order_id)
    assert order is not None
    DeliveryNotes(Checkout(store, lambda: NOW)).deliver(order, {order.lines[0].line.id: Decimal(5)})
    deliver(erp, order_id, 5)  # before head office heard of the till's
    engine.tell_news()
    for _ in range(60):
        if engine.step().did is Did.IDLE:
            break
    office, company_id = erp.shop.served.office, erp.shop.company_id
    judge_all(office, company_id)
    [put_aside] = waiting(office, company_id)
    assert put_aside.kind == "order_saved"
    assert erp.got(f"/orders/{order_id}")["items"][0]["deliveredQuantity"] == 5
