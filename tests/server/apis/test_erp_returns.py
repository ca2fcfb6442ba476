"""Chapter 8 of the ERP sales module over HTTP: goods come back, exactly, and what they credit."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest

from pos_app.domain.stock import DEFAULT_LOCATION, MoveReason, StockMove
from pos_app.server.api_keys import Right
from tests.server.apis.erp_goods import (
    add_stock,
    approved_order,
    deliver,
    invoice,
    line_of,
    progress,
    returning,
    take_back,
)
from tests.server.apis.erp_offices import (  # noqa: F401 - two of them are fixtures
    ErpShop,
    erp,
    other_company,
    shared_erp,
    with_rights,
)


@pytest.fixture
def stocked(shared_erp: ErpShop) -> ErpShop:  # noqa: F811 - the fixture
    """The file's company with stock enough for what a test does."""
    add_stock(shared_erp, 20)
    return shared_erp


def delivered_order(erp: ErpShop, units: int = 5) -> str:  # noqa: F811 - another one
    """Make an order, deliver all of it, and return its id."""
    order_id = approved_order(erp, units)
    deliver(erp, order_id, units)
    return order_id


def test_goods_that_were_not_invoiced_come_back_without_a_credit(
    erp: ErpShop,  # noqa: F811 - the fixture
) -> None:
    order_id = delivered_order(erp)
    assert erp.shop.level() == 5
    return_id = take_back(erp, order_id, 2, f"{order_id}:1", reason="all bad", remarks="so it is")
    assert erp.shop.level() == 7
    told = erp.got(f"/returns/{return_id}")
    assert (told["reason"], told["remarks"], told["totalAmount"]) == ("all bad", "so it is", 200)
    assert told["status"] == "completed"
    [item] = told["items"]
    assert (item["quantity"], item["unitPrice"], item["amount"]) == (2, 100, 200)
    assert (item["orderItemId"], item["reason"]) == (f"{order_id}:1", "broken")
    assert erp.got(f"/orders/{order_id}")["status"] == "fully_delivered"
    assert line_of(erp, order_id).returned == 2


def test_never_more_than_was_delivered_comes_back(
    erp: ErpShop,  # noqa: F811 - the fixture
) -> None:
    order_id = approved_order(erp, 5)
    assert "Only an approved order" in erp.refused("POST", "/returns", returning(order_id, 1))
    deliver(erp, order_id, 3)
    assert "Only 3 of Lamp" in erp.refused("POST", "/returns", returning(order_id, 4))
    take_back(erp, order_id, 2)
    assert "Only 1 of Lamp" in erp.refused("POST", "/returns", returning(order_id, 2))
    twice = returning(order_id, 1)
    twice["items"] *= 2
    assert "Only 1 of Lamp" in erp.refused("POST", "/returns", twice)
    assert erp.shop.level() == 9


def test_of_two_who_take_the_same_back_at_once_one_wins(
    erp: ErpShop,  # noqa: F811 - the fixture
) -> None:
    order_id = delivered_order(erp)
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(erp.ask, "POST", "/returns", returning(order_id, 5)) for _ in range(4)]
        statuses = sorted(one.result().status_code for one in asked)
    assert statuses == [200, 400, 400, 400]
    assert erp.shop.level() == 10


def test_a_deleted_return_leaves_stock_and_order_as_they_were(
    erp: ErpShop,  # noqa: F811 - the fixture
) -> None:
    order_id = delivered_order(erp)
    before = progress(erp, order_id)
    return_id = take_back(erp, order_id, 2)
    number = erp.got(f"/returns/{return_id}")["returnNo"]
    erp.done("DELETE", f"/returns/{return_id}")
    assert progress(erp, order_id) == before
    assert erp.shop.level() == 5
    for method, body in (("GET", None), ("PUT", {"remarks": "x"}), ("DELETE", None)):
        erp.refused(method, f"/returns/{return_id}", body, code=404)
    assert erp.listed("/returns") == []
    again = take_back(erp, order_id, 5)
    assert erp.got(f"/returns/{again}")["returnNo"] > number


def test_what_was_invoiced_is_credited_and_a_credit_note_stays(
    erp: ErpShop,  # noqa: F811 - the fixture
) -> None:
    order_id = delivered_order(erp)
    invoice_id = invoice(erp, order_id, 5, price=80, rate=25)
    return_id = take_back(erp, order_id, 2)
    assert erp.got(f"/invoices/{invoice_id}")["balanceAmount"] == 300
    assert erp.got(f"/returns/{return_id}")["totalAmount"] == 200
    for method, body in (
        ("DELETE", None),
        ("PUT", {"items": [{"orderItemId": "1", "quantity": 1}]}),
    ):
        said = erp.refused(method, f"/returns/{return_id}", body)
        assert "a credit note stays" in said
    same = {"remarks": "seen", "items": [{"orderItemId": "1", "quantity": 2, "reason": "bent"}]}
    erp.done("PUT", f"/returns/{return_id}", same)
    told = erp.got(f"/returns/{return_id}")
    assert (told["remarks"], told["items"][0]["reason"]) == ("seen", "bent")
    assert erp.got(f"/invoices/{invoice_id}")["balanceAmount"] == 300
    assert erp.shop.level() == 7
    take_back(erp, order_id, 3)
    assert erp.got(f"/invoices/{invoice_id}")["balanceAmount"] == 0


def test_quantities_of_a_return_are_written_anew(stocked: ErpShop) -> None:
    order_id = delivered_order(stocked)
    level = stocked.shop.level()
    return_id = take_back(stocked, order_id, 2)
    body: dict[str, Any] = {"items": [{"orderItemId": "1", "quantity": 4, "unitPrice": 100}]}
    stocked.done("PUT", f"/returns/{return_id}", body)
    told = stocked.got(f"/returns/{return_id}")
    assert (told["totalAmount"], told["items"][0]["reason"]) == (400, "broken")
    assert stocked.shop.level() == level + 4
    body["items"][0]["quantity"] = 1
    stocked.done("PUT", f"/returns/{return_id}", body)
    assert stocked.shop.level() == level + 1
    assert line_of(stocked, order_id).returned == 1
    body["items"][0]["quantity"] = 6
    assert "Only 5 of Lamp" in stocked.refused("PUT", f"/returns/{return_id}", body)
    body["items"] = []
    assert "nothing on the document" in stocked.refused("PUT", f"/returns/{return_id}", body)
    assert stocked.shop.level() == level + 1


def test_a_return_grown_beyond_what_is_free_credits_the_invoice(stocked: ErpShop) -> None:
    order_id = delivered_order(stocked)
    return_id = take_back(stocked, order_id, 1)
    invoice_id = invoice(stocked, order_id, 4)
    body = {"items": [{"orderItemId": "1", "quantity": 2}]}
    stocked.done("PUT", f"/returns/{return_id}", body)
    assert stocked.got(f"/invoices/{invoice_id}")["balanceAmount"] == 360
    line = line_of(stocked, order_id)
    assert (line.returned, line.credited, line.invoiced) == (2, 1, 4)


def test_only_the_latest_return_of_a_line_is_changed(stocked: ErpShop) -> None:
    order_id = delivered_order(stocked)
    first = take_back(stocked, order_id, 1)
    second = take_back(stocked, order_id, 1)
    later = stocked.got(f"/returns/{second}")["returnNo"]
    assert f"{later} came after" in stocked.refused("DELETE", f"/returns/{first}")
    stocked.done("PUT", f"/returns/{first}", {"reason": "worn"})
    assert stocked.got(f"/returns/{first}")["reason"] == "worn"
    stocked.done("DELETE", f"/returns/{second}")
    stocked.done("DELETE", f"/returns/{first}")
    assert line_of(stocked, order_id).returned == 0


def test_goods_that_left_again_cannot_go_back_to_the_customer(
    erp: ErpShop,  # noqa: F811 - the fixture
) -> None:
    order_id = delivered_order(erp)
    return_id = take_back(erp, order_id, 5)
    with erp.shop.desk() as desk:
        gone = StockMove("prod-001", DEFAULT_LOCATION, Decimal(-8), MoveReason.WRITE_OFF)
        desk.move_stock((gone,))
    said = erp.refused("DELETE", f"/returns/{return_id}")
    assert "only 2 are still at shop" in said
    fewer = {"items": [{"orderItemId": "1", "quantity": 3}]}
    erp.done("PUT", f"/returns/{return_id}", fewer)
    assert erp.shop.level() == 0


def test_goods_go_back_at_the_price_of_the_order(stocked: ErpShop) -> None:
    order_id = delivered_order(stocked)
    body = returning(order_id, 1)
    body["items"][0]["unitPrice"] = 99
    said = stocked.refused("POST", "/returns", body)
    assert "was ordered at 100" in said
    body["items"][0]["unitPrice"] = 100.0
    stocked.done("POST", "/returns", body)


def test_a_price_that_comes_to_the_cent_is_the_price_of_the_order(stocked: ErpShop) -> None:
    wanted = [{"productId": "prod-001", "quantity": 6, "unitPrice": 1.666667}]
    order_id = stocked.make_order(items=wanted)
    stocked.done("POST", f"/orders/{order_id}/approve", {"approved": True, "remarks": ""})
    deliver(stocked, order_id, 6)
    body = returning(order_id, 1)
    body["items"][0]["unitPrice"] = 1.68
    assert "goes back at that price" in stocked.refused("POST", "/returns", body)
    body["items"][0]["unitPrice"] = 1.67
    made = stocked.done("POST", "/returns", body)
    assert stocked.got(f"/returns/{made['id']}")["totalAmount"] == 1.67


@pytest.mark.parametrize(
    "more",
    [
        {"items": []},
        {"items": None},
        {"items": [{"orderItemId": "1"}]},
        {"items": [{"orderItemId": "1", "quantity": 0}]},
        {"items": [{"orderItemId": "1", "quantity": -1}]},
        {"items": [{"orderItemId": "1", "quantity": "1"}]},
        {"items": [{"orderItemId": "1", "quantity": 0.5}]},
        {"items": [{"orderItemId": "9", "quantity": 1}]},
        {"returnDate": "0000-06-01"},
        {"returnDate": "9999-06-01"},
        {"returnDate": "2026-05-31"},
        {"returnDate": "1st of June"},
        {"reason": "x" * 501},
        {"customerId": 7},
    ],
    ids=str,
)
def test_wrong_bodies_change_nothing(stocked: ErpShop, more: dict[str, Any]) -> None:
    order_id = delivered_order(stocked, 1)
    before, level = progress(stocked, order_id), stocked.shop.level()
    assert stocked.refused("POST", "/returns", {**returning(order_id, 1), **more})
    assert progress(stocked, order_id) == before
    assert stocked.shop.level() == level


def test_lists_filter_by_everything_that_the_document_names(stocked: ErpShop) -> None:
    first, second = delivered_order(stocked), delivered_order(stocked)
    one = take_back(stocked, first, 1, returnDate="2033-01-01")
    two = take_back(stocked, first, 1, returnDate="2033-01-02")
    three = take_back(stocked, second, 1, returnDate="2033-01-03")
    span = {"returnDateStart": "2033-01-01", "returnDateEnd": "2033-01-03"}
    told = stocked.got(f"/returns/{two}")
    assert stocked.listed("/returns", **span) == [one, two, three]
    assert stocked.listed("/returns", **span, page=3, pageSize=1) == [three]
    assert stocked.listed("/returns", returnDateStart="2033-01-02", returnDateEnd="2033-01-02") == [
        two
    ]
    assert stocked.listed("/returns", **span, orderId=first) == [one, two]
    assert stocked.listed("/returns", **span, orderNo=told["orderNo"]) == [one, two]
    assert stocked.listed("/returns", returnNo=told["returnNo"]) == [two]
    assert stocked.listed("/returns", **span, customerId="customer-001") == [one, two, three]
    assert stocked.listed("/returns", **span, customerName="sons") == [one, two, three]
    assert stocked.listed("/returns", **span, customerName="nobody") == []
    row = stocked.got("/returns", returnNo=told["returnNo"])["list"][0]
    assert row == {name: told[name] for name in row}


def test_another_company_sees_and_touches_nothing(stocked: ErpShop) -> None:
    order_id = delivered_order(stocked)
    return_id = take_back(stocked, order_id, 1)
    theirs = other_company(stocked)
    assert theirs.listed("/returns") == []
    theirs.refused("POST", "/returns", returning(order_id, 1), code=404)
    for method, body in (("GET", None), ("PUT", {"remarks": "x"}), ("DELETE", None)):
        theirs.refused(method, f"/returns/{return_id}", body, code=404)
    reader = with_rights(stocked, Right.READ)
    reader.refused("POST", "/returns", returning(order_id, 1), code=403)
    assert reader.got(f"/returns/{return_id}")["remarks"] == ""


def test_the_customer_must_be_the_orders(stocked: ErpShop) -> None:
    order_id = delivered_order(stocked, 1)
    other = stocked.done("POST", "/customers", {"name": "Alder Ltd"})["id"]
    body = returning(order_id, 1, customerId=other)
    assert "is an order of Rye & Sons" in stocked.refused("POST", "/returns", body)
    stocked.done("POST", "/returns", body | {"customerId": "customer-001"})
