"""Chapter 6 of the ERP sales module over HTTP: goods go out, exactly, and come back exactly."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from pos_app.domain.delivery_note import DeliveryNote
from pos_app.server.api_keys import Right
from tests.server.apis.erp_goods import (
    add_stock,
    approved_order,
    deliver,
    delivery,
    invoice,
    order_of,
    progress,
    take_back,
)
from tests.server.apis.erp_offices import (  # noqa: F401 - two of them are fixtures
    ErpShop,
    erp,
    other_company,
    shared_erp,
    with_rights,
)

ORDERED = 5


@pytest.fixture
def stocked(shared_erp: ErpShop) -> ErpShop:  # noqa: F811 - the fixture
    """The file's company with stock enough for what a test does."""
    add_stock(shared_erp, ORDERED)
    return shared_erp


def test_an_order_is_delivered_in_parts_until_nothing_is_left(
    erp: ErpShop,  # noqa: F811 - the fixture
) -> None:
    order_id = approved_order(erp, 5)
    first = deliver(erp, order_id, 2, f"{order_id}:1", carrier="Foot", trackingNo="F1")
    assert erp.got(f"/orders/{order_id}")["status"] == "partially_delivered"
    assert erp.shop.level() == 8
    deliver(erp, order_id, 3)
    told = erp.got(f"/orders/{order_id}")
    assert (told["status"], told["items"][0]["deliveredQuantity"]) == ("fully_delivered", 5)
    assert erp.shop.level() == 5
    shown = erp.got(f"/deliveries/{first}")
    assert (shown["carrier"], shown["trackingNo"], shown["status"]) == ("Foot", "F1", "completed")
    assert shown["orderNo"] == told["orderNo"]
    [item] = shown["items"]
    assert (item["orderedQuantity"], item["deliveredQuantity"]) == (5, 2)
    assert item["orderItemId"] == told["items"][0]["id"]


def test_more_than_is_still_to_come_is_refused(
    stocked: ErpShop,
) -> None:
    level = stocked.shop.level()
    order_id = approved_order(stocked, 5)
    deliver(stocked, order_id, 4)
    said = stocked.refused("POST", "/deliveries", delivery(order_id, 2))
    assert "Only 1 of Lamp are still to be delivered" in said
    deliver(stocked, order_id, 1)
    assert "fully delivered" in stocked.refused("POST", "/deliveries", delivery(order_id, 1))
    assert stocked.shop.level() == level - 5


def test_more_than_the_warehouse_has_is_refused(
    erp: ErpShop,  # noqa: F811 - the fixture
) -> None:
    order_id = approved_order(erp, 12)
    said = erp.refused("POST", "/deliveries", delivery(order_id, 11))
    assert said.startswith("Only 10 of Lamp are at shop")
    elsewhere = delivery(order_id, 1, warehouseId="warehouse-009")
    assert "Only 0 of Lamp are at warehouse-009" in erp.refused("POST", "/deliveries", elsewhere)
    assert erp.shop.level() == 10
    assert erp.listed("/deliveries") == []


def test_two_lines_of_one_product_share_what_is_in_stock(
    erp: ErpShop,  # noqa: F811 - the fixture
) -> None:
    order_id = approved_order(erp, 6, 6)
    both = [
        {"orderItemId": "1", "deliveredQuantity": 6},
        {"orderItemId": "2", "deliveredQuantity": 6},
    ]
    assert "Only 10 of Lamp" in erp.refused(
        "POST", "/deliveries", {"orderId": order_id, "items": both}
    )
    both[1]["deliveredQuantity"] = 4
    made = erp.done("POST", "/deliveries", {"orderId": order_id, "items": both})["id"]
    assert erp.shop.level() == 0
    assert erp.got("/deliveries")["list"][0]["totalQuantity"] == 10
    erp.done("DELETE", f"/deliveries/{made}")
    assert erp.shop.level() == 10


def test_a_deleted_delivery_leaves_stock_and_order_as_they_were(
    erp: ErpShop,  # noqa: F811 - the fixture
) -> None:
    order_id = approved_order(erp, 5)
    before = progress(erp, order_id)
    note_id = deliver(erp, order_id, 2)
    number = erp.got(f"/deliveries/{note_id}")["deliveryNo"]
    erp.done("DELETE", f"/deliveries/{note_id}")
    assert progress(erp, order_id) == before
    assert erp.shop.level() == 10
    assert erp.listed("/deliveries") == []
    for method, body in (("GET", None), ("PUT", {"carrier": "x"}), ("DELETE", None)):
        erp.refused(method, f"/deliveries/{note_id}", body, code=404)
    again = deliver(erp, order_id, 5)
    assert erp.got(f"/deliveries/{again}")["deliveryNo"] > number, "a number is never used again"


def test_quantities_of_a_delivery_are_written_anew(
    stocked: ErpShop,
) -> None:
    level = stocked.shop.level()
    order_id = approved_order(stocked, 5)
    note_id = deliver(stocked, order_id, 2)
    body = {"items": [{"orderItemId": "1", "deliveredQuantity": 5, "remark": "all"}]}
    stocked.done("PUT", f"/deliveries/{note_id}", body)
    assert stocked.shop.level() == level - 5
    assert stocked.got(f"/orders/{order_id}")["status"] == "fully_delivered"
    [item] = stocked.got(f"/deliveries/{note_id}")["items"]
    assert (item["deliveredQuantity"], item["remark"]) == (5, "all")
    body["items"][0]["deliveredQuantity"] = 1
    stocked.done("PUT", f"/deliveries/{note_id}", body)
    assert stocked.shop.level() == level - 1
    assert order_of(stocked, order_id).lines[0].delivered == 1
    body["items"][0]["deliveredQuantity"] = 6
    assert "Only 5 of Lamp" in stocked.refused("PUT", f"/deliveries/{note_id}", body)
    body["items"][0]["deliveredQuantity"] = 0
    assert "nothing on the document" in stocked.refused("PUT", f"/deliveries/{note_id}", body)
    assert stocked.shop.level() == level - 1


def test_transport_changes_at_any_time_and_quantities_only_while_nothing_followed(
    stocked: ErpShop,
) -> None:
    level = stocked.shop.level()
    order_id = approved_order(stocked, 5)
    note_id = deliver(stocked, order_id, 5, carrier="Foot")
    invoice(stocked, order_id, 3)
    same = [{"orderItemId": "1", "deliveredQuantity": 5}]
    anew = {"carrier": "Cart", "trackingNo": "C2", "remarks": "by cart", "items": same}
    stocked.done("PUT", f"/deliveries/{note_id}", anew)
    shown = stocked.got(f"/deliveries/{note_id}")
    assert (shown["carrier"], shown["trackingNo"], shown["remarks"]) == ("Cart", "C2", "by cart")
    stocked.done("PUT", f"/deliveries/{note_id}", {"remarks": "again"})
    assert stocked.got(f"/deliveries/{note_id}")["carrier"] == "Cart"
    stocked.done("PUT", f"/deliveries/{note_id}", {"items": [{**same[0], "deliveredQuantity": 3}]})
    less = {"items": [{**same[0], "deliveredQuantity": 2}]}
    assert "was invoiced or came back" in stocked.refused("PUT", f"/deliveries/{note_id}", less)
    assert "was invoiced or came back" in stocked.refused("DELETE", f"/deliveries/{note_id}")
    assert stocked.shop.level() == level - 3


def test_a_delivery_of_which_something_came_back_stays(
    stocked: ErpShop,
) -> None:
    level = stocked.shop.level()
    order_id = approved_order(stocked, 5)
    note_id = deliver(stocked, order_id, 5)
    take_back(stocked, order_id, 1)
    before = progress(stocked, order_id)
    assert "was invoiced or came back" in stocked.refused("DELETE", f"/deliveries/{note_id}")
    assert progress(stocked, order_id) == before
    assert stocked.shop.level() == level - 4


def test_of_two_who_deliver_the_same_rest_at_once_one_wins(
    erp: ErpShop,  # noqa: F811 - the fixture
) -> None:
    order_id = approved_order(erp, 5)
    with ThreadPoolExecutor(4) as pool:
        asked = [
            pool.submit(erp.ask, "POST", "/deliveries", delivery(order_id, 5)) for _ in range(4)
        ]
        answers = [one.result() for one in asked]
    assert sorted(answer.status_code for answer in answers) == [200, 400, 400, 400]
    assert erp.shop.level() == 5
    assert len(erp.listed("/deliveries")) == 1


def test_what_is_no_approved_order_is_not_delivered(stocked: ErpShop) -> None:
    erp = stocked  # noqa: F811 - shorter
    draft = erp.make_order()
    assert "Only an approved order" in erp.refused("POST", "/deliveries", delivery(draft, 1))
    erp.refused("POST", "/deliveries", delivery("nobody", 1), code=404)
    erp.refused("POST", "/deliveries", delivery("", 1), code=404)
    order_id = approved_order(erp)
    assert "is not on" in erp.refused("POST", "/deliveries", delivery(order_id, 1, "77"))
    early = delivery(order_id, 1, deliveryDate="2020-01-01")
    assert "is before" in erp.refused("POST", "/deliveries", early)
    assert "at most 1 place" not in erp.refused("POST", "/deliveries", delivery(order_id, 0.5))


def test_lists_filter_by_everything_that_the_document_names(
    stocked: ErpShop,
) -> None:
    erp = stocked  # noqa: F811 - shorter
    add_stock(erp, 100)
    day = "2031-02-03"
    first = approved_order(erp, 5, orderDate="2031-01-01")
    second = approved_order(erp, 5, orderDate="2031-01-01")
    one = deliver(erp, first, 2, deliveryDate=day)
    two = deliver(erp, first, 3, deliveryDate="2031-02-04")
    three = deliver(erp, second, 1, deliveryDate="2031-02-05")
    told = erp.got(f"/deliveries/{one}")
    span = {"deliveryDateStart": day, "deliveryDateEnd": "2031-02-05"}
    assert erp.listed("/deliveries", **span) == [one, two, three]
    assert erp.listed("/deliveries", **span, page=2, pageSize=2) == [three]
    assert erp.got("/deliveries", **span, pageSize=2)["total"] == 3
    assert erp.listed("/deliveries", deliveryDateStart=day, deliveryDateEnd=day) == [one]
    assert erp.listed("/deliveries", deliveryNo=told["deliveryNo"]) == [one]
    assert erp.listed("/deliveries", orderId=first) == [one, two]
    assert erp.listed("/deliveries", orderNo=told["orderNo"]) == [one, two]
    assert erp.listed("/deliveries", **span, customerId="customer-001") == [one, two, three]
    assert erp.listed("/deliveries", **span, customerName="rye") == [one, two, three]
    assert erp.listed("/deliveries", **span, customerId="nobody") == []
    assert erp.listed("/deliveries", **span, customerName="%") == []
    row = erp.got("/deliveries", deliveryNo=told["deliveryNo"])["list"][0]
    both = {name: value for name, value in told.items() if name in row}
    assert both == {name: value for name, value in row.items() if name != "totalQuantity"}


WRONG: list[dict[str, Any]] = [
    {},
    {"items": []},
    {"items": None},
    {"items": {"orderItemId": "1"}},
    {"items": [{"orderItemId": "1"}]},
    {"items": [{"orderItemId": 1, "deliveredQuantity": 1}]},
    {"items": [{"orderItemId": "1", "deliveredQuantity": "1"}]},
    {"items": [{"orderItemId": "1", "deliveredQuantity": True}]},
    {"items": [{"orderItemId": "1", "deliveredQuantity": -1}]},
    {"items": [{"orderItemId": "1", "deliveredQuantity": 0}]},
    {"items": [{"orderItemId": "1", "deliveredQuantity": 10**30}]},
    {"items": [{"orderItemId": "1\0", "deliveredQuantity": 1}]},
    {"items": [{"orderItemId": "1", "deliveredQuantity": 1}], "carrier": "x" * 201},
    {"items": [{"orderItemId": "1", "deliveredQuantity": 1}], "deliveryDate": "0000-01-01"},
    {"items": [{"orderItemId": "1", "deliveredQuantity": 1}], "deliveryDate": "9999-12-31"},
    {"items": [{"orderItemId": "1", "deliveredQuantity": 1}], "deliveryDate": "2026-02-30"},
    {"items": [{"orderItemId": "1", "deliveredQuantity": 1}], "deliveryDate": 20260601},
]


@pytest.mark.parametrize("body", WRONG, ids=range(len(WRONG)))
def test_wrong_bodies_change_nothing(
    stocked: ErpShop,
    body: dict[str, Any],
) -> None:
    order_id = approved_order(stocked)
    before, level = progress(stocked, order_id), stocked.shop.level()
    assert stocked.refused("POST", "/deliveries", {"orderId": order_id, **body})
    assert progress(stocked, order_id) == before
    assert stocked.shop.level() == level


def test_half_a_letter_is_refused(stocked: ErpShop) -> None:
    raw = '{"orderId": "x", "remarks": "\\ud800", "items": []}'
    answer = stocked.client.post("/api/v1/sales/deliveries", content=raw.encode())
    assert (answer.status_code, answer.json()["code"]) == (400, 400)


@pytest.mark.parametrize("path", ["/deliveries", "/invoices", "/returns"])
@pytest.mark.parametrize("text", ["' OR 1=1 --", '"; DROP TABLE listed; --', "%", "\\", "${x}"])
def test_what_looks_like_a_statement_is_a_text(stocked: ErpShop, path: str, text: str) -> None:
    for name in ("customerId", "customerName", "orderId", "orderNo", f"{path[1:-1]}No"):
        own = name.replace("deliverie", "delivery")
        assert stocked.got(path, **{own: text})["list"] == []


@pytest.mark.parametrize("number", ["NaN", "1e400", "-0", "Infinity", "1e-400", "0.0000000000001"])
def test_numbers_that_are_none_are_refused(
    stocked: ErpShop,
    number: str,
) -> None:
    order_id = approved_order(stocked)
    raw = (
        f'{{"orderId": "{order_id}", "items": '
        f'[{{"orderItemId": "1", "deliveredQuantity": {number}}}]}}'
    )
    answer = stocked.client.post("/api/v1/sales/deliveries", content=raw.encode())
    assert answer.status_code == 400, answer.text
    assert answer.json()["code"] == 400


def test_another_company_sees_and_touches_nothing(
    stocked: ErpShop,
) -> None:
    order_id = approved_order(stocked)
    note_id = deliver(stocked, order_id, 1)
    theirs = other_company(stocked)
    assert theirs.listed("/deliveries") == []
    theirs.refused("POST", "/deliveries", delivery(order_id, 1), code=404)
    for method, body in (("GET", None), ("PUT", {"carrier": "x"}), ("DELETE", None)):
        theirs.refused(method, f"/deliveries/{note_id}", body, code=404)
    assert theirs.shop.level() == 10
    assert stocked.got(f"/deliveries/{note_id}")["carrier"] == ""


def test_a_token_that_may_only_read_moves_no_stock(
    stocked: ErpShop,
) -> None:
    order_id = approved_order(stocked)
    note_id = deliver(stocked, order_id, 1)
    reader = with_rights(stocked, Right.READ)
    reader.refused("POST", "/deliveries", delivery(order_id, 1), code=403)
    reader.refused("DELETE", f"/deliveries/{note_id}", code=403)
    assert reader.got(f"/deliveries/{note_id}")["id"] == note_id
    nobody = replace(stocked, client=stocked.shop.holder())
    nobody.refused("GET", "/deliveries", code=401)


def test_each_deed_is_told_in_the_journal_with_the_stock_it_moves(
    stocked: ErpShop,
) -> None:
    order_id = approved_order(stocked)
    before = len(stocked.shop.told())
    note_id = deliver(stocked, order_id, 1)
    assert stocked.shop.told()[before:] == ["order_saved", "delivery_note_saved", "stock_moved"]
    stocked.done("PUT", f"/deliveries/{note_id}", {"carrier": "Cart"})
    assert stocked.shop.told()[before + 3 :] == ["delivery_note_saved"]
    stocked.done("DELETE", f"/deliveries/{note_id}")
    assert sorted(stocked.shop.told()[before + 4 :]) == [
        "delivery_note_saved",
        "order_saved",
        "stock_moved",
    ]
    with stocked.shop.desk() as desk:
        gone = desk.find(DeliveryNote, note_id)
    assert gone is not None
    assert (gone.state.value, gone.quantity) == ("deleted", Decimal(1))
