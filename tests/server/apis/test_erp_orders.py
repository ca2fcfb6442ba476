"""Orders of the ERP sales module: every state, what is allowed in it, and the customer's credit."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from pos_app.domain.approval import Action, GivenApproval
from pos_app.domain.discount import LineDiscount
from pos_app.domain.document import DocumentLine
from pos_app.domain.facts import FactKind
from pos_app.domain.order import InvoiceBasis, Order, OrderLine
from pos_app.domain.plain import from_plain
from pos_app.domain.stock import DEFAULT_LOCATION, MoveReason, StockMove
from pos_app.server.api_keys import Right
from pos_app.server.office_invoices import invoice_order
from pos_app.server.tables import journal
from tests.server.apis.erp_offices import (
    ErpShop,
    with_rights,
)
from tests.server.offices import NOW

APPROVE, REJECT = {"approved": True, "remarks": "yes"}, {"approved": False, "remarks": "no"}
CALLS: dict[str, tuple[str, str, Any]] = {
    "change": ("PUT", "", {"remarks": "anew"}),
    "delete": ("DELETE", "", None),
    "approve": ("POST", "/approve", APPROVE),
    "reject": ("POST", "/approve", REJECT),
    "cancel": ("POST", "/cancel", {"reason": "not wanted any more"}),
    "deliver": ("POST", "/generate-delivery", {"items": [{"orderItemId": "1", "quantity": 1}]}),
}
# What may be done in which state, and the state that follows; the rest is refused.
ALLOWED = {
    "draft": {
        "change": "draft",
        "delete": None,
        "approve": "approved",
        "reject": "draft",
        "cancel": "cancelled",
    },
    "approved": {"reject": "draft", "cancel": "cancelled", "deliver": "partially_delivered"},
    "partially_delivered": {"deliver": "partially_delivered"},
    "fully_delivered": {},
    "cancelled": {},
}


@pytest.fixture
def shop(shared_erp: ErpShop) -> Iterator[ErpShop]:
    with shared_erp.shop.desk() as desk:
        more = StockMove("prod-001", DEFAULT_LOCATION, Decimal(20), MoveReason.OPENING)
        desk.move_stock((more,))
    yield shared_erp
    if shared_erp.clock.now != NOW:
        shared_erp.at(NOW)


def deliver(shop: ErpShop, order: str, quantity: int) -> Any:
    wanted = {"items": [{"orderItemId": "1", "quantity": quantity}]}
    return shop.done("POST", f"/orders/{order}/generate-delivery", wanted)


def in_state(shop: ErpShop, state: str) -> str:
    """Return an order of 5 that was brought into a state."""
    order = shop.make_order()
    if state not in {"draft", "cancelled"}:
        shop.done("POST", f"/orders/{order}/approve", APPROVE)
    if state == "cancelled":
        shop.done("POST", f"/orders/{order}/cancel", {"reason": "mistyped"})
    if state == "partially_delivered":
        deliver(shop, order, 2)
    if state == "fully_delivered":
        deliver(shop, order, 5)
    return order


def test_an_order_shows_what_was_said_and_what_it_comes_to(
    erp: ErpShop,
) -> None:
    body = {
        "customerId": "customer-001",
        "orderDate": "2026-05-30",
        "deliveryDate": "2026-06-15",
        "paymentTerms": "30 days",
        "shippingTerms": "we pay",
        "remarks": "in a hurry",
        "items": [{"productId": "prod-001", "quantity": 3, "unitPrice": 99.95, "remark": "red"}],
    }
    made = erp.done("POST", "/orders", body)
    assert made["orderNo"] == "SO2026050001"
    assert erp.got(f"/orders/{made['id']}") == {
        "id": made["id"],
        "orderNo": "SO2026050001",
        "customerId": "customer-001",
        "customerName": "Rye & Sons",
        "contact": "",
        "phone": "",
        "address": "Rye",
        "orderDate": "2026-05-30",
        "deliveryDate": "2026-06-15",
        "paymentTerms": "30 days",
        "shippingTerms": "we pay",
        "remarks": "in a hurry",
        "totalAmount": 299.85,
        "status": "draft",
        "items": [
            {
                "id": f"{made['id']}:1",
                "productId": "prod-001",
                "productCode": "PROD001",
                "productName": "Lamp",
                "specification": "",
                "unit": "piece",
                "quantity": 3,
                "unitPrice": 99.95,
                "amount": 299.85,
                "deliveredQuantity": 0,
                "remark": "red",
            }
        ],
        "createdBy": "erp key",
        "createdAt": "2026-06-01T08:00:00Z",
        "updatedBy": "erp key",
        "updatedAt": "2026-06-01T08:00:00Z",
    }


@pytest.mark.parametrize("state", ALLOWED)
@pytest.mark.parametrize("call", CALLS)
def test_in_each_state_only_what_it_allows_can_be_done(
    shop: ErpShop, state: str, call: str
) -> None:
    order = in_state(shop, state)
    before, told = shop.got(f"/orders/{order}"), shop.shop.told()
    assert before["status"] == state
    method, path, body = CALLS[call]
    if call not in ALLOWED[state]:
        assert before["orderNo"] in shop.refused(method, f"/orders/{order}{path}", body)
        assert shop.got(f"/orders/{order}") == before
        assert shop.shop.told() == told
        return
    shop.done(method, f"/orders/{order}{path}", body)
    following = ALLOWED[state][call]
    if following is None:
        assert shop.refused("GET", f"/orders/{order}", code=404)
    else:
        assert shop.got(f"/orders/{order}")["status"] == following


def test_goods_go_out_bit_by_bit_and_never_more_than_ordered(
    erp: ErpShop,
) -> None:
    order = in_state(erp, "approved")
    level = erp.shop.level()
    made = deliver(erp, order, 2)
    assert made["deliveryNo"] == "DL2026060001"
    shown = erp.got(f"/orders/{order}")
    assert (shown["status"], shown["items"][0]["deliveredQuantity"]) == ("partially_delivered", 2)
    wanted = {"items": [{"orderItemId": shown["items"][0]["id"], "quantity": 4}]}
    assert "3" in erp.refused("POST", f"/orders/{order}/generate-delivery", wanted)
    wanted["items"][0]["quantity"] = 3
    erp.done("POST", f"/orders/{order}/generate-delivery", wanted)
    assert erp.got(f"/orders/{order}")["status"] == "fully_delivered"
    assert erp.shop.level() == level - 5


@pytest.mark.parametrize(
    "items",
    [
        [],
        [{"orderItemId": "2", "quantity": 1}],
        [{"orderItemId": "1", "quantity": 0}],
        [{"orderItemId": "1", "quantity": -1}],
        [{"orderItemId": "1", "quantity": 0.5}],
        [{"orderItemId": "1", "quantity": 3}, {"orderItemId": "1", "quantity": 3}],
        [{"orderItemId": 1, "quantity": 1}],
        [{"quantity": 1}],
        None,
    ],
)
def test_a_delivery_that_cannot_be_is_refused_and_moves_nothing(shop: ErpShop, items: Any) -> None:
    order, level = in_state(shop, "approved"), shop.shop.level()
    assert shop.refused("POST", f"/orders/{order}/generate-delivery", {"items": items})
    assert shop.shop.level() == level
    assert shop.got(f"/orders/{order}")["status"] == "approved"


def test_more_than_is_in_stock_does_not_go_out(shop: ErpShop) -> None:
    level = int(shop.shop.level())
    order = shop.make_order(
        items=[{"productId": "prod-001", "quantity": level + 1, "unitPrice": 1}]
    )
    shop.done("POST", f"/orders/{order}/approve", APPROVE)
    wanted = {"items": [{"orderItemId": "1", "quantity": level + 1}]}
    assert str(level) in shop.refused("POST", f"/orders/{order}/generate-delivery", wanted)
    assert shop.shop.level() == level


def test_an_order_that_was_invoiced_cannot_be_cancelled(shop: ErpShop) -> None:
    order = in_state(shop, "approved")
    with shop.shop.desk() as desk:
        invoice_order(desk, order, basis=InvoiceBasis.ORDERED)
    assert "invoiced" in shop.refused("POST", f"/orders/{order}/cancel", {"reason": "changed"})
    assert shop.refused("POST", f"/orders/{order}/approve", REJECT)


@pytest.mark.parametrize("body", [{}, {"reason": ""}, {"reason": "  "}, {"reason": 5}, []])
def test_a_cancellation_says_why(shop: ErpShop, body: Any) -> None:
    assert shop.refused("POST", f"/orders/{in_state(shop, 'draft')}/cancel", body)


@pytest.mark.parametrize("body", [{}, {"approved": "true"}, {"approved": 1}, {"approved": None}])
def test_a_decision_says_yes_or_no(shop: ErpShop, body: Any) -> None:
    order = in_state(shop, "draft")
    assert "approved" in shop.refused("POST", f"/orders/{order}/approve", body)
    assert shop.got(f"/orders/{order}")["status"] == "draft"


def test_a_change_takes_away_the_day_that_is_null_and_leaves_what_it_does_not_name(
    shop: ErpShop,
) -> None:
    order = shop.make_order(deliveryDate="2026-06-20", remarks="first", shippingTerms="none")
    shop.done("PUT", f"/orders/{order}", {"remarks": "second"})
    before = shop.got(f"/orders/{order}")
    assert (before["remarks"], before["deliveryDate"]) == ("second", "2026-06-20")
    shop.done("PUT", f"/orders/{order}", {"deliveryDate": None})
    after = shop.got(f"/orders/{order}")
    assert after == {**before, "deliveryDate": None}
    shop.done("PUT", f"/orders/{order}", after)  # as it is shown
    assert shop.got(f"/orders/{order}") == after


def test_what_a_till_wrote_goes_through_an_erp_unharmed(shop: ErpShop) -> None:
    """A discount, and a line of no product: the ERP has no word for them and leaves them alone."""
    order = shop.make_order()
    with shop.shop.desk() as desk:
        known = desk.get(Order, order)
        lower = replace(known.lines[0].line, discount=LineDiscount(Decimal(10)))
        carving = DocumentLine("2", "Carving", Decimal(1), Decimal("12.5"), specification="oak")
        lines = (OrderLine(lower), OrderLine(carving))
        desk.keep(replace(known, lines=lines), FactKind.ORDER_SAVED, "change")
    before = shop.got(f"/orders/{order}")
    assert before["totalAmount"] == 462.5
    shop.done("PUT", f"/orders/{order}", before)
    after = shop.got(f"/orders/{order}")
    assert after == {**before, "updatedBy": "erp key"}
    other_way_round = [{**line, "quantity": 1} for line in reversed(before["items"])]
    shop.done("PUT", f"/orders/{order}", {"items": other_way_round})
    after = shop.got(f"/orders/{order}")
    assert [line["productName"] for line in after["items"]] == ["Carving", "Lamp"]
    assert after["totalAmount"] == 102.5
    unnamed = [{**before["items"][1], "id": None}]
    assert shop.refused("PUT", f"/orders/{order}", {"items": unnamed}, code=404)


def credited(shop: ErpShop, **terms: Any) -> str:
    """Return a new customer with credit terms."""
    return str(shop.done("POST", "/customers", {"name": "On Credit", **terms})["id"])


def approve(shop: ErpShop, order: str) -> Any:
    return shop.ask("POST", f"/orders/{order}/approve", APPROVE)


def test_orders_stop_at_the_customers_limit(erp: ErpShop) -> None:
    customer = credited(erp, creditLimit=1000)
    first, second, third = (erp.make_order(customerId=customer) for _ in range(3))  # 500 each
    assert approve(erp, first).status_code == 200
    assert approve(erp, second).status_code == 200
    sentence = erp.refused("POST", f"/orders/{third}/approve", APPROVE)
    assert "1000" in sentence
    assert erp.got(f"/orders/{third}")["status"] == "draft"
    erp.done("POST", f"/orders/{first}/cancel", {"reason": "room for another"})
    assert approve(erp, third).status_code == 200


def test_what_is_owed_on_invoices_counts_and_nothing_counts_twice(shop: ErpShop) -> None:
    customer = credited(shop, creditLimit=1000)
    first, second = (shop.make_order(customerId=customer) for _ in range(2))
    assert approve(shop, first).status_code == 200
    with shop.shop.desk() as desk:
        invoice_order(desk, first, basis=InvoiceBasis.ORDERED)
    assert approve(shop, second).status_code == 200
    third = shop.make_order(customerId=customer)
    assert "500" in shop.refused("POST", f"/orders/{third}/approve", APPROVE)


def test_who_should_have_paid_gets_no_more(shop: ErpShop) -> None:
    customer = credited(shop, creditDays=14)
    first, second = (shop.make_order(customerId=customer) for _ in range(2))
    assert approve(shop, first).status_code == 200
    with shop.shop.desk() as desk:
        due = desk.today + timedelta(days=14)
        invoice_order(desk, first, basis=InvoiceBasis.ORDERED, due=due)
    shop.at(NOW + timedelta(days=14))
    assert approve(shop, second).status_code == 200
    shop.at(NOW + timedelta(days=15))
    third = shop.make_order(customerId=customer)
    assert "2026-06-15" in shop.refused("POST", f"/orders/{third}/approve", APPROVE)


def test_an_approver_goes_beyond_the_limit_and_the_journal_says_so(shop: ErpShop) -> None:
    customer = credited(shop, creditLimit=499)
    order = shop.make_order(customerId=customer)
    assert shop.refused("POST", f"/orders/{order}/approve", APPROVE)
    assert shop.shop.told().count("approval_given") == 0
    approver = with_rights(shop, Right.READ, Right.WRITE, Right.APPROVE)
    assert approve(approver, order).status_code == 200
    assert shop.got(f"/orders/{order}")["status"] == "approved"
    given = given_approval(shop)
    assert (given.request.action, given.request.about) == (Action.CREDIT_LIMIT, "On Credit")
    assert str(given.request.amount) == "500.00 EUR"
    assert (given.asker, given.approver, given.how) == ("erp key", "erp key", "api")


def test_an_approver_within_the_limit_approves_without_a_word(
    erp: ErpShop,
) -> None:
    approver = with_rights(erp, Right.READ, Right.WRITE, Right.APPROVE)
    order = erp.make_order(customerId=credited(erp, creditLimit=500))
    assert approve(approver, order).status_code == 200
    assert "approval_given" not in erp.shop.told()


def given_approval(shop: ErpShop) -> GivenApproval:
    company_id = shop.shop.company_id
    with shop.shop.served.office.company(company_id) as connection:
        payload = connection.execute(
            select(journal.c.payload).where(
                journal.c.company_id == company_id, journal.c.kind == "approval_given"
            )
        ).scalar_one()
    return from_plain(GivenApproval, json.loads(payload)["state"])


def test_of_many_who_approve_at_once_the_limit_lets_through_as_many_as_fit(
    erp: ErpShop,
) -> None:
    customer = credited(erp, creditLimit=1200)
    orders = [erp.make_order(customerId=customer) for _ in range(6)]
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda one: approve(erp, one).status_code, orders))
    assert sorted(answers) == [200, 200, 400, 400, 400, 400]


def test_two_who_deliver_the_same_at_once_deliver_it_once(
    erp: ErpShop,
) -> None:
    order, level = in_state(erp, "approved"), erp.shop.level()
    path = f"/orders/{order}/generate-delivery"
    wanted = {"items": [{"orderItemId": "1", "quantity": 5}]}
    with ThreadPoolExecutor(3) as threads:
        answers = list(threads.map(lambda _n: erp.ask("POST", path, wanted), range(3)))
    assert sorted(answer.status_code for answer in answers) == [200, 400, 400]
    assert erp.shop.level() == level - 5
