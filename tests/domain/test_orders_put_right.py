"""Deliveries and returns written anew or deleted: order and stock are as if it had been so at once.

A state machine delivers, takes back, invoices, changes and deletes at random; what the order and
the stock say is always the sum of the documents that stand.
"""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from pos_app.domain import order as orders
from pos_app.domain.delivering import (
    USUAL_TRANSPORT,
    DeliveryAtTheTill,
    DeliveryIsFollowed,
    changed_delivery,
    deleted_delivery,
    missing_goods,
    note_of,
)
from pos_app.domain.delivery_note import DeliveryNote, goods_out
from pos_app.domain.document import DocumentEmpty
from pos_app.domain.errors import PosError
from pos_app.domain.order import InvoiceBasis, MoreThanOrdered, Order, OrderLine, OrderState
from pos_app.domain.sales_return import SalesReturn, goods_back
from pos_app.domain.stock import StockMove
from pos_app.domain.taking_back import (
    USUAL_TERMS,
    Back,
    ReturnAtTheTill,
    ReturnIsFollowed,
    changed_return,
    deleted_return,
    planned_return,
)
from tests.domain.sales_documents import head, line

UNITS = st.integers(0, 7).map(Decimal)
LINES = ("1", "2")


def approved_order() -> Order:
    """Return an approved order of 7 and 3 units, at prices of which a share must be rounded."""
    lines = (line("1", "7", "9.9949"), replace(line("2", "3", "3.3337"), product_id="p2"))
    lines = (replace(lines[0], product_id="p1"), lines[1])
    return Order(head("SO1"), tuple(OrderLine(one) for one in lines), state=OrderState.APPROVED)


def note(order: Order, **units: int) -> tuple[DeliveryNote, Order]:
    """Deliver units of an order's lines: `_1=2`."""
    wanted = {name[1:]: Decimal(count) for name, count in units.items()}
    made = note_of(order, wanted, head("DL1"), USUAL_TRANSPORT, "shop")
    return made, orders.delivered(order, wanted)


def came_back(order: Order, number: str = "RTN1", **units: int) -> tuple[SalesReturn, Order]:
    """Take units of an order's lines back."""
    backs = {name[1:]: Back(Decimal(count)) for name, count in units.items()}
    plan = planned_return(order, backs, [], head(number), USUAL_TERMS, location="shop", issuer=None)
    return plan.document, plan.order


def test_a_deleted_delivery_was_never_written() -> None:
    before = approved_order()
    made, order = note(before, _1=4, _2=1)
    change = deleted_delivery(made, order)
    assert change.order == before
    assert change.note.state.value == "deleted"
    assert {move.quantity for move in change.moves} == {Decimal(4), Decimal(1)}


def test_a_delivery_with_other_quantities_moves_the_difference() -> None:
    made, order = note(approved_order(), _1=4)
    change = changed_delivery(made, order, {"1": Decimal(1), "2": Decimal(2)})
    assert [line.delivered for line in change.order.lines] == [1, 2]
    assert [move.quantity for move in change.moves] == [Decimal(3), Decimal(-2)]
    assert change.order.state is OrderState.PARTIALLY_DELIVERED
    with pytest.raises(DocumentEmpty):
        changed_delivery(made, order, {"1": Decimal(0)})
    with pytest.raises(MoreThanOrdered):
        changed_delivery(made, order, {"1": Decimal(1000)})


def test_a_line_keeps_its_id_and_remark_when_its_quantity_changes() -> None:
    made, order = note(approved_order(), _1=4)
    [only] = made.lines
    named = replace(only, line=replace(only.line, id="x", remark="mine"))
    made = replace(made, lines=(named,))
    [after] = changed_delivery(made, order, {"1": Decimal(2)}).note.lines
    assert (after.line.id, after.line.remark, after.line.quantity) == ("x", "mine", 2)


def test_what_was_invoiced_or_came_back_stays_delivered() -> None:
    made, order = note(approved_order(), _1=4)
    billed = orders.invoiced(order, {"1": Decimal(3)}, InvoiceBasis.DELIVERED)
    changed_delivery(made, billed, {"1": Decimal(3)})
    with pytest.raises(DeliveryIsFollowed, match="only 1 can be taken off"):
        changed_delivery(made, billed, {"1": Decimal(2)})
    _, returned = came_back(order, _1=1)
    with pytest.raises(DeliveryIsFollowed):
        deleted_delivery(made, returned)


def test_what_the_till_wrote_is_left_to_it() -> None:
    made, order = note(approved_order(), _1=1)
    with pytest.raises(DeliveryAtTheTill):
        deleted_delivery(replace(made, sale_id="s1"), order)
    back, order = came_back(order, _1=1)
    with pytest.raises(ReturnAtTheTill):
        deleted_return(replace(back, sale_id="s1"), order, [])


def test_a_return_before_another_of_the_same_goods_stays() -> None:
    _, order = note(approved_order(), _1=4, _2=2)
    first, order = came_back(order, _1=1)
    second, order = came_back(order, "RTN2", _1=1)
    other, order = came_back(order, "RTN3", _2=1)
    with pytest.raises(ReturnIsFollowed, match="RTN2 came after"):
        deleted_return(first, order, [second, other])
    assert deleted_return(second, order, [other]).order.lines[0].returned == 1


def test_goods_that_are_missing_are_named_once_with_what_is_left() -> None:
    made, _ = note(approved_order(), _1=4, _2=2)
    levels = dict(zip(("p1", "p2"), (Decimal(3), Decimal(2)), strict=True))
    missing = missing_goods(made, goods_out(made), lambda product, _: levels[product])
    assert missing == [(made.lines[0].line.name, Decimal(3))]


class PuttingRight(RuleBasedStateMachine):
    """An order, the documents of it that stand, and the stock that they moved."""

    def __init__(self) -> None:
        super().__init__()
        self.order = approved_order()
        self.notes: list[DeliveryNote] = []
        self.returns: list[SalesReturn] = []
        self.stock: dict[str, Decimal] = {}

    @rule(one=UNITS, two=UNITS)
    def deliver(self, one: Decimal, two: Decimal) -> None:
        wanted = {line: units for line, units in zip(LINES, (one, two), strict=True) if units}
        try:
            order = orders.delivered(self.order, wanted)
            made = note_of(self.order, wanted, head(), USUAL_TRANSPORT, "shop")
        except PosError:
            return
        if made.lines:
            self.order = order
            self.notes.append(made)
            self._move(goods_out(made))

    @rule(data=st.data(), one=UNITS, two=UNITS)
    def change_delivery(self, data: st.DataObject, one: Decimal, two: Decimal) -> None:
        self._with_note(data, lambda made: changed_delivery(made, self.order, {"1": one, "2": two}))

    @rule(data=st.data())
    def delete_delivery(self, data: st.DataObject) -> None:
        self._with_note(data, lambda made: deleted_delivery(made, self.order))

    @rule(one=UNITS, two=UNITS)
    def take_back(self, one: Decimal, two: Decimal) -> None:
        backs = {"1": Back(one), "2": Back(two)}
        try:
            plan = planned_return(
                self.order, backs, [], head(), USUAL_TERMS, location="shop", issuer=None
            )
        except PosError:
            return
        self.order = plan.order
        self.returns.append(plan.document)
        self._move(goods_back(plan.document))

    @rule(data=st.data(), one=UNITS, two=UNITS)
    def change_return(self, data: st.DataObject, one: Decimal, two: Decimal) -> None:
        backs = {"1": Back(one), "2": Back(two)}
        self._with_return(
            data, lambda back, later: changed_return(back, self.order, backs, later, [])
        )

    @rule(data=st.data())
    def delete_return(self, data: st.DataObject) -> None:
        self._with_return(data, lambda back, later: deleted_return(back, self.order, later))

    @invariant()
    def the_order_is_the_sum_of_its_documents(self) -> None:
        for one in self.order.lines:
            assert one.delivered == total(self.notes, one.line.id)
            assert one.returned == total(self.returns, one.line.id)
            assert 0 <= one.returned <= one.delivered <= one.line.quantity

    @invariant()
    def the_stock_is_what_the_documents_moved(self) -> None:
        moved: dict[str, Decimal] = {}
        moves = [move for one in self.notes for move in goods_out(one)]
        moves += [move for one in self.returns for move in goods_back(one)]
        for move in moves:
            moved[move.product_id] = moved.get(move.product_id, Decimal(0)) + move.quantity
        assert {k: v for k, v in self.stock.items() if v} == {k: v for k, v in moved.items() if v}

    @invariant()
    def the_state_says_how_far_it_is(self) -> None:
        left = [line.to_deliver for line in self.order.lines]
        gone = [line.delivered for line in self.order.lines]
        expected = OrderState.PARTIALLY_DELIVERED if any(gone) else OrderState.APPROVED
        assert self.order.state is (expected if any(left) else OrderState.FULLY_DELIVERED)

    @invariant()
    def what_came_back_is_worth_its_share(self) -> None:
        """All of a line that came back is worth the line, whatever was put right on the way."""
        for mine, figures in zip(self.order.lines, self.order.priced.lines, strict=True):
            if mine.returned == mine.line.quantity:
                worth = [
                    one.figures.gross.minor
                    for back in self.returns
                    for one in back.lines
                    if one.order_line_id == mine.line.id
                ]
                assert sum(worth) == figures.gross.minor

    def _with_note(self, data: st.DataObject, change: Any) -> None:
        if not self.notes:
            return
        place = data.draw(st.integers(0, len(self.notes) - 1))
        try:
            done = change(self.notes[place])
        except PosError:
            return
        self.order = done.order
        stays = done.note.state.value != "deleted"
        self.notes[place : place + 1] = [done.note] if stays else []
        self._move(done.moves)

    def _with_return(self, data: st.DataObject, change: Any) -> None:
        if not self.returns:
            return
        place = data.draw(st.integers(0, len(self.returns) - 1))
        try:
            done = change(self.returns[place], self.returns[place + 1 :])
        except PosError:
            return
        self.order = done.order
        stays = done.document.state.value != "deleted"
        self.returns[place : place + 1] = [done.document] if stays else []
        self._move(done.moves)

    def _move(self, moves: tuple[StockMove, ...]) -> None:
        for move in moves:
            self.stock[move.product_id] = (
                self.stock.get(move.product_id, Decimal(0)) + move.quantity
            )


def total(documents: Any, line_id: str) -> Decimal:
    """Return how many units of an order's line documents have."""
    return sum(
        (
            one.line.quantity
            for document in documents
            for one in document.lines
            if one.order_line_id == line_id
        ),
        Decimal(0),
    )


TestPuttingRight = PuttingRight.TestCase
TestPuttingRight.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
