"""Documents of a till, seen through the ERP sales module: shown and followed, not rewritten."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select, update

from pos_app.domain.delivering import Transport
from pos_app.domain.order import InvoiceBasis
from pos_app.domain.taking_back import Back
from pos_app.server.api_keys import Api, NewKey, make_key
from pos_app.server.companies import Shop, add_shop
from pos_app.server.shared_ids import share_ids
from pos_app.server.stamps import stamp
from pos_app.server.tables import things
from tests.server.apis.erp_goods import approved_order, deliver, delivery, returning
from tests.server.apis.erp_offices import (  # noqa: F401 - two of them are fixtures
    ErpShop,
    erp,
    shared_erp,
    token_of,
)
from tests.server.offices import NOW, enrolled_till
from tests.server.told_tills import judge_all, push_store
from tests.services.document_office import LAPTOP, Office, new_office


@pytest.fixture
def till(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """A till with an order that was delivered, in part invoiced, and in part taken back."""
    monkeypatch.setenv("POS_APP_KEYS", "file")
    made = new_office(tmp_path / "shop.db")
    order = made.order()
    made.notes.deliver(order, {"1": Decimal(6), "2": Decimal(3)}, Transport(carrier="Foot"))
    made.invoicing.of_order(made.now(order), InvoiceBasis.DELIVERED, {"1": Decimal(2)})
    made.returns.take_back(made.now(order), {"1": Back(Decimal(1), "bent")})
    yield made
    made.store.close()


def told(erp: ErpShop, till: Office) -> None:  # noqa: F811 - another one
    """Tell head office what the till did."""
    office, company_id = erp.shop.served.office, erp.shop.company_id
    push_store(office, enrolled_till(office, company_id, till.store), till.store)
    judge_all(office, company_id)


def test_deliveries_invoices_and_returns_of_tills_are_shown(
    erp: ErpShop,  # noqa: F811 - the fixture
    till: Office,
) -> None:
    told(erp, till)
    [order_id] = erp.listed("/orders")
    note = till.notes.of_order(order_id)[0]
    assert erp.listed("/deliveries", orderId=order_id) == [note.head.id]
    shown = erp.got(f"/deliveries/{note.head.id}")
    assert (shown["carrier"], shown["warehouseId"], shown["warehouseName"]) == (
        "Foot",
        "shop",
        "shop",
    )
    assert [item["deliveredQuantity"] for item in shown["items"]] == [6, 3]
    [invoice_id] = erp.listed("/invoices", orderId=order_id)
    invoice = erp.got(f"/invoices/{invoice_id}")
    [item] = invoice["items"]
    # 2 × 99.99 with 19 %: the price without tax is what the line comes to, by unit.
    assert (item["totalAmount"], item["taxAmount"], item["unitPrice"]) == (199.98, 31.93, 84.025)
    [return_id] = erp.listed("/returns", orderId=order_id)
    back = erp.got(f"/returns/{return_id}")
    assert (back["totalAmount"], back["items"][0]["reason"]) == (99.99, "bent")


def test_a_tills_delivery_or_return_is_changed_at_the_till(
    erp: ErpShop,  # noqa: F811 - the fixture
    till: Office,
) -> None:
    told(erp, till)
    [delivery_id], [return_id] = erp.listed("/deliveries"), erp.listed("/returns")
    for path in (f"/deliveries/{delivery_id}", f"/returns/{return_id}"):
        before = erp.got(path)
        assert "was written at till 1" in erp.refused("PUT", path, {"remarks": "mine"})
        assert "was written at till 1" in erp.refused("DELETE", path)
        assert erp.got(path) == before


def test_an_order_of_a_till_is_delivered_invoiced_and_taken_back_here(
    erp: ErpShop,  # noqa: F811 - the fixture
    till: Office,
) -> None:
    told(erp, till)
    [order_id] = erp.listed("/orders")
    level = erp.shop.level(LAPTOP.id)
    items = [{"orderItemId": "1", "deliveredQuantity": 4}]
    erp.done("POST", "/deliveries", {"orderId": order_id, "items": items})
    assert erp.got(f"/orders/{order_id}")["status"] == "fully_delivered"
    assert erp.shop.level(LAPTOP.id) == level - 4
    wanted = [{"productId": LAPTOP.id, "quantity": 8, "unitPrice": 84.03, "taxRate": 19}]
    assert "Only 7 of Laptop" in erp.refused(
        "POST", "/invoices", {"orderId": order_id, "items": wanted}
    )
    wanted[0]["quantity"] = 7
    erp.done("POST", "/invoices", {"orderId": order_id, "items": wanted})
    erp.done("POST", "/returns", returning(order_id, 9))
    balances = [row["balanceAmount"] for row in erp.got("/invoices")["list"]]
    assert balances == [0, 0], "everything that was invoiced came back"
    assert erp.shop.level(LAPTOP.id) == level + 5


def test_what_was_written_for_one_shop_is_not_rewritten_for_another(
    shared_erp: ErpShop,  # noqa: F811 - the fixture
) -> None:
    office, company_id = shared_erp.shop.served.office, shared_erp.shop.company_id
    with office.company(company_id) as connection:
        add_shop(connection, company_id, Shop("north", "North shop", "UTC", stamp(NOW)))
        new = NewKey(Api.ERP, "north", "north key")
        key = make_key(connection, company_id, new, "test", NOW).secret
    token = token_of(shared_erp.shop.served, key)
    north = replace(shared_erp, client=shared_erp.shop.holder(token))
    order_id = approved_order(shared_erp)
    note_id = deliver(shared_erp, order_id, 2)
    said = north.refused("DELETE", f"/deliveries/{note_id}")
    assert "was written at head office for main" in said
    empty = north.refused("POST", "/deliveries", delivery(order_id, 1))
    assert "Only 0 of Lamp" in empty, "each shop has its own stock"
    shared_erp.done("DELETE", f"/deliveries/{note_id}")


def test_ids_that_named_their_till_are_put_right(
    erp: ErpShop,  # noqa: F811 - the fixture
    till: Office,
) -> None:
    told(erp, till)
    [delivery_id] = erp.listed("/deliveries")
    office, company_id = erp.shop.served.office, erp.shop.company_id
    of_note = (things.c.company_id == company_id, things.c.kind == "delivery_note")
    with office.company(company_id) as connection:
        till_id = connection.execute(select(things.c.till_id).where(*of_note)).scalar_one()
        connection.execute(update(things).where(*of_note).values(id=f"{till_id} {delivery_id}"))
    erp.refused("GET", f"/deliveries/{delivery_id}", code=404)
    with office.company(company_id) as connection:
        share_ids(connection)
        share_ids(connection)
    assert erp.got(f"/deliveries/{delivery_id}")["id"] == delivery_id
