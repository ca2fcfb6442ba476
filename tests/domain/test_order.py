"""Every action in every state of an order, and how far its lines may go."""

from decimal import Decimal

import pytest

from pos_app.domain import order as orders
from pos_app.domain.errors import PosError
from pos_app.domain.order import (
    InvoiceBasis,
    InvoicedAhead,
    MoreThanDelivered,
    MoreThanOrdered,
    OrderAction,
    OrderIsOver,
    OrderLine,
    OrderNotApproved,
    OrderNotDraft,
    OrderState,
    OrderUnderWay,
    ReasonMissing,
)
from tests.domain.sales_documents import line, order

A, S = OrderAction, OrderState
Outcome = OrderState | type[PosError]
TABLE: dict[OrderState, dict[OrderAction, Outcome]] = {
    S.DRAFT: {
        A.CHANGE: S.DRAFT,
        A.APPROVE: S.APPROVED,
        A.REJECT: S.DRAFT,
        A.DELIVER: OrderNotApproved,
        A.INVOICE: OrderNotApproved,
        A.TAKE_BACK: OrderNotApproved,
        A.FINISH: OrderNotApproved,
        A.CANCEL: S.CANCELLED,
        A.DELETE: S.DELETED,
    },
    S.APPROVED: {
        A.CHANGE: OrderNotDraft,
        A.APPROVE: OrderIsOver,
        A.REJECT: S.DRAFT,
        A.DELIVER: S.PARTIALLY_DELIVERED,
        A.INVOICE: S.APPROVED,
        A.TAKE_BACK: OrderNotApproved,
        A.FINISH: OrderNotApproved,
        A.CANCEL: S.CANCELLED,
        A.DELETE: OrderNotDraft,
    },
    S.PARTIALLY_DELIVERED: {
        A.CHANGE: OrderNotDraft,
        A.APPROVE: OrderIsOver,
        A.REJECT: OrderUnderWay,
        A.DELIVER: S.PARTIALLY_DELIVERED,
        A.INVOICE: S.PARTIALLY_DELIVERED,
        A.TAKE_BACK: S.PARTIALLY_DELIVERED,
        A.FINISH: S.FULLY_DELIVERED,
        A.CANCEL: OrderUnderWay,
        A.DELETE: OrderNotDraft,
    },
    S.FULLY_DELIVERED: {
        A.CHANGE: OrderNotDraft,
        A.APPROVE: OrderIsOver,
        A.REJECT: OrderUnderWay,
        A.DELIVER: OrderIsOver,
        A.INVOICE: S.FULLY_DELIVERED,
        A.TAKE_BACK: S.FULLY_DELIVERED,
        A.FINISH: OrderIsOver,
        A.CANCEL: OrderUnderWay,
        A.DELETE: OrderNotDraft,
    },
    S.CANCELLED: dict.fromkeys(A, OrderIsOver),
    S.DELETED: dict.fromkeys(A, OrderIsOver),
}
DELIVERED = {S.PARTIALLY_DELIVERED: 4, S.FULLY_DELIVERED: 10}
PAIRS = [(state, action) for state in S for action in A]


@pytest.mark.parametrize(("state", "action"), PAIRS)
def test_every_action_in_every_state_leads_somewhere_or_says_why_not(
    state: OrderState, action: OrderAction
) -> None:
    one = order(state, delivered=DELIVERED.get(state, 0))
    expected = TABLE[state][action]
    if isinstance(expected, OrderState):
        assert orders.state_after(one, action) is expected
        return
    with pytest.raises(expected) as refusal:
        orders.state_after(one, action)
    assert type(refusal.value) is expected
    assert "{" not in str(refusal.value)


@pytest.mark.parametrize(
    ("progress", "by_delivery", "by_order"),
    [
        ({}, 0, 10),
        ({"delivered": 4}, 4, 10),
        ({"delivered": 4, "invoiced": 4}, 0, 6),
        ({"delivered": 4, "ahead": 10}, 0, 0),
        ({"delivered": 10, "ahead": 3}, 7, 7),
        ({"delivered": 10, "returned": 2}, 8, 8),
        ({"delivered": 10, "invoiced": 10, "returned": 2, "credited": 2}, 0, 0),
        ({"delivered": 6, "invoiced": 4, "returned": 1}, 1, 5),
    ],
)
def test_what_can_be_invoiced_follows_what_went_out_and_came_back(
    progress: dict[str, int], by_delivery: int, by_order: int
) -> None:
    one = OrderLine(line(), **{name: Decimal(value) for name, value in progress.items()})
    assert one.to_invoice(InvoiceBasis.DELIVERED) == by_delivery
    assert one.to_invoice(InvoiceBasis.ORDERED) == by_order


@pytest.mark.parametrize(
    ("progress", "back", "credit"),
    [
        ({"delivered": 10, "invoiced": 7}, 3, 0),
        ({"delivered": 10, "invoiced": 7}, 5, 2),
        ({"delivered": 10, "invoiced": 10}, 10, 10),
        ({"delivered": 6, "ahead": 10}, 2, 2),
        ({"delivered": 6, "invoiced": 6, "ahead": 4}, 6, 6),
        ({"delivered": 6}, 6, 0),
    ],
)
def test_of_what_comes_back_only_what_was_invoiced_is_credited(
    progress: dict[str, int], back: int, credit: int
) -> None:
    one = OrderLine(line(), **{name: Decimal(value) for name, value in progress.items()})
    assert one.to_credit(Decimal(back)) == credit


@pytest.mark.parametrize("quantity", ["0", "-1", "7", "NaN", "Infinity"])
def test_no_quantity_beyond_what_is_left_is_delivered(quantity: str) -> None:
    one = order(S.PARTIALLY_DELIVERED, delivered=4)
    with pytest.raises(MoreThanOrdered, match="6"):
        orders.delivered(one, {"1": Decimal(quantity)})


@pytest.mark.parametrize("quantity", ["0", "-1", "5", "NaN"])
def test_no_quantity_beyond_what_went_out_is_invoiced_or_taken_back(quantity: str) -> None:
    one = order(S.PARTIALLY_DELIVERED, delivered=4)
    with pytest.raises(MoreThanDelivered):
        orders.invoiced(one, {"1": Decimal(quantity)}, InvoiceBasis.DELIVERED)
    with pytest.raises(MoreThanDelivered):
        orders.taken_back(one, {"1": Decimal(quantity)})


def test_the_last_delivery_makes_it_fully_delivered() -> None:
    one = orders.delivered(order(S.APPROVED), {"1": Decimal(4)})
    assert one.state is S.PARTIALLY_DELIVERED
    assert orders.delivered(one, {"1": Decimal(6)}).state is S.FULLY_DELIVERED


def test_one_invoiced_ahead_is_not_finished_before_the_invoice_is_credited() -> None:
    with pytest.raises(InvoicedAhead, match="Item 1"):
        orders.finished(order(S.PARTIALLY_DELIVERED, delivered=4, ahead=5))
    assert orders.finished(order(S.PARTIALLY_DELIVERED, delivered=4)).state is S.FULLY_DELIVERED


def test_a_cancellation_has_a_reason() -> None:
    with pytest.raises(ReasonMissing):
        orders.cancelled(order(S.APPROVED), "  ")
    assert orders.cancelled(order(S.APPROVED), "changed plans").remark == "changed plans"


def test_an_approved_order_that_was_invoiced_goes_neither_back_nor_away() -> None:
    one = order(S.APPROVED, ahead=1)
    for action in (A.REJECT, A.CANCEL):
        with pytest.raises(OrderUnderWay):
            orders.state_after(one, action)
