"""Shifts through their use cases: opened, moved, counted and closed, and what is refused."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from pos_app.domain.approval import Action, ApprovalNeeded, ApprovalRequest
from pos_app.domain.cart import SaleKind
from pos_app.domain.cash_count import CashCount, MoreThanADrawerHolds, put_pieces
from pos_app.domain.cash_movement import (
    AmountNotPositive,
    CurrencyNotTaken,
    LessInDrawer,
    MovementKind,
    ReasonMissing,
)
from pos_app.domain.cash_settings import CashSettings
from pos_app.domain.difference import CauseKind
from pos_app.domain.facts import FactKind
from pos_app.domain.money import Money
from pos_app.domain.payment import TenderMethod
from pos_app.domain.product import ProductKind
from pos_app.domain.shift import (
    CountFirst,
    CountIsStale,
    NoShiftOpen,
    NothingCounted,
    ShiftAlreadyOpen,
    ShiftNeeded,
    ShiftState,
    ShiftWarning,
)
from pos_app.services.drawer_guard import RefundAboveDrawer
from pos_app.services.shift_records import SHIFT
from pos_app.services.verification import verify
from pos_app.store.errors import StoreRefusal
from pos_app.store.store import Store
from pos_app.store.transaction import Transaction
from tests.services.cash_day import (
    CARD,
    DEPOSIT,
    GIFT_CARD,
    GOODS,
    SHOP,
    TIP,
    CashDay,
    eur,
    euros,
)


@pytest.fixture
def day(tmp_path: Path) -> Iterator[CashDay]:
    shop = CashDay(tmp_path / "shop.db")
    yield shop
    shop.store.close()
    assert verify(shop.path).faults == ()


def test_the_z_says_what_was_taken_and_what_the_drawer_holds(day: CashDay) -> None:
    day.shifts.open([euros(100)])
    first = day.sell(GOODS[0], GOODS[1], tendered=20)  # 17.02, rounded to 17.00
    day.sell(GOODS[0], method=CARD)
    day.sell_for_dollars(20, GOODS[1])  # worth 18.40 for 12.05: 6.35 in change
    day.give_back(first)  # 4.99, rounded to 5.00
    day.shifts.move(MovementKind.PAY_IN, eur(30), "change")
    day.shifts.move(MovementKind.PAY_OUT, eur("7.50"), "stamps", "bill 12")
    day.shifts.move(MovementKind.DROP, eur(20), "safe")
    day.sell(GIFT_CARD, TIP, DEPOSIT, method=CARD)
    closed = day.close_as_counted()
    report = closed.report
    assert report is not None
    assert report.number == 1
    sales = report.sales
    assert [(one.kind, one.count, one.gross) for one in sales.documents] == [
        (SaleKind.SALE, 4, eur("111.04")),
        (SaleKind.RETURN, 1, eur("-4.99")),
    ]
    assert sales.turnover == eur("29.05")  # 111.04 - 4.99 less 77.00 held for others
    assert sales.refunds == eur("4.99")
    assert {one.kind: one.net for one in sales.held} == {
        ProductKind.GIFT_CARD: eur(25),
        ProductKind.TIP: eur(2),
        ProductKind.DEPOSIT: eur(50),
    }
    tenders = {one.method: (one.count, one.taken, one.given_back) for one in sales.tenders}
    assert tenders == {
        TenderMethod.CASH: (3, eur("29.05"), eur(5)),
        TenderMethod.CARD: (2, eur("81.99"), eur(0)),
    }
    assert sales.change == eur("9.35")  # given, and nowhere among the takings
    own, dollars = report.drawers
    # 17.00 - 5.00 sold for euros, and 6.35 of change on the dollars went out.
    assert own.sold == eur("5.65")
    assert own.expected == eur("108.15")
    assert own.difference == eur(0)
    assert dollars.expected == Money.of(20, "USD")
    assert report.grand_total == sales.turnover
    assert report.grand_total_before == eur(0)


def test_what_is_sold_without_a_shift_belongs_to_the_next_one(day: CashDay) -> None:
    day.shifts.open([euros(100)])
    day.close_as_counted()
    day.sell(GOODS[1], tendered=20)
    assert day.shifts.left_in_drawer() == (eur("112.05"),)
    shift = day.shifts.open([euros("112.05")])
    assert shift.opening_expected == (eur("112.05"),)
    report = day.close_as_counted().report
    assert report is not None
    assert report.sales.turnover == eur("12.03")
    assert report.cash_before_opening == eur("12.05")
    assert report.drawers[0].expected == eur("112.05")
    assert report.drawers[0].sold == eur(0)


def test_years_before_the_first_shift_stand_in_the_grand_total_only(day: CashDay) -> None:
    day.sell(GOODS[1])
    day.sell(GIFT_CARD)
    day.moment += timedelta(days=1)
    day.sell(GOODS[0])  # the day on which the first shift is opened
    day.shifts.open([euros(50)])
    report = day.close_as_counted().report
    assert report is not None
    assert report.sales.document_count == 1
    assert report.grand_total_before == eur("12.03")
    assert report.grand_total == eur("17.02")


def test_the_grand_total_and_the_numbers_go_on_from_z_to_z(day: CashDay) -> None:
    totals = []
    for number in (1, 2, 3):
        day.shifts.open([euros(100)])
        day.sell(GOODS[0], method=CARD)
        closed = day.close_as_counted()
        assert (closed.z_number, closed.number) == (number, number)
        assert closed.report is not None
        totals.append((closed.report.grand_total_before, closed.report.grand_total))
    assert totals == [
        (eur("0"), eur("4.99")),
        (eur("4.99"), eur("9.98")),
        (eur("9.98"), eur("14.97")),
    ]


def test_an_x_changes_nothing_and_is_written_down(day: CashDay) -> None:
    day.shifts.open([euros(100)])
    day.sell(tendered=10)
    before, after = day.shifts.read_x(), day.shifts.read_x()
    assert before == replace(after, at=before.at)
    assert before.number == 0
    assert day.store.sequences.last("z") == 0
    kinds = [entry.kind for entry in day.store.journal.entries()]
    assert kinds.count("shift_read") == 2


def test_one_shift_at_a_time_and_none_where_none_is_open(day: CashDay) -> None:
    for act in (
        day.shifts.figures,
        day.shifts.read_x,
        day.shifts.give_up_count,
        lambda: day.shifts.keep_count([euros(1)]),
        lambda: day.shifts.confirm_count([euros(1)]),
        lambda: day.shifts.move(MovementKind.PAY_IN, eur(1), "change"),
        lambda: day.shifts.close("nobody"),
    ):
        with pytest.raises(NoShiftOpen):
            act()
    shift = day.shifts.open([euros(100)])
    with pytest.raises(ShiftAlreadyOpen):
        day.shifts.open([euros(100)])
    with pytest.raises(CountFirst):
        day.shifts.close(shift.id)
    with pytest.raises(NothingCounted):
        day.shifts.give_up_count()
    assert day.store.sequences.last("shift") == 1


@pytest.mark.parametrize(
    ("kind", "amount", "reason", "refusal"),
    [
        (MovementKind.PAY_OUT, "100.01", "stamps", LessInDrawer),
        (MovementKind.DROP, "5000", "safe", LessInDrawer),
        (MovementKind.PAY_OUT, "0", "stamps", AmountNotPositive),
        (MovementKind.PAY_IN, "-3", "change", AmountNotPositive),
        (MovementKind.PAY_OUT, "3", " ", ReasonMissing),
        (MovementKind.PAY_IN, "4006381333931", "change", MoreThanADrawerHolds),
    ],
)
def test_what_cannot_be_moved_leaves_no_trace(
    day: CashDay, kind: MovementKind, amount: str, reason: str, refusal: type[Exception]
) -> None:
    day.shifts.open([euros(100)])
    entries = day.store.journal.count()
    with pytest.raises(refusal):
        day.shifts.move(kind, eur(amount), reason)
    assert day.store.journal.count() == entries
    assert day.shifts.move(MovementKind.PAY_OUT, eur(100), "all of it").number == 1


def test_foreign_notes_are_dropped_as_they_are(day: CashDay) -> None:
    day.shifts.open([euros(100)])
    day.sell_for_dollars(20, GOODS[1])
    day.shifts.move(MovementKind.DROP, Money.of(20, "USD"), "safe")
    with pytest.raises(LessInDrawer):
        day.shifts.move(MovementKind.DROP, Money.of(1, "USD"), "safe")
    drawers = day.shifts.figures().drawers
    assert [one.expected for one in drawers] == [eur("93.65"), Money.of(0, "USD")]


def test_a_count_that_was_begun_survives_a_restart(day: CashDay) -> None:
    day.shifts.open([euros(100)])
    begun = put_pieces(put_pieces(CashCount("EUR"), Decimal(50), 1), Decimal("0.20"), 7)
    day.shifts.keep_count([begun])
    day.restart()
    shift = day.shifts.current()
    assert shift is not None
    assert shift.state is ShiftState.COUNTING
    assert shift.counts == (begun,)
    assert day.shifts.warnings() == [ShiftWarning.CLOSING_INTERRUPTED]
    day.shifts.give_up_count()
    assert day.shifts.warnings() == []


def test_cash_after_the_count_asks_for_the_count_again_and_card_sales_do_not(day: CashDay) -> None:
    day.shifts.open([euros(100)])
    shift = day.shifts.confirm_count([euros(100)])
    day.sell(method=CARD)
    day.sell(tendered=10)
    with pytest.raises(CountIsStale):
        day.shifts.close(shift.id)
    assert day.store.sequences.last("z") == 0
    day.shifts.confirm_count([euros(105)])
    day.sell(method=CARD)
    assert day.shifts.close(shift.id).z_number == 1
    assert day.shifts.current() is None


def test_cash_moved_after_the_count_opens_the_count_again(day: CashDay) -> None:
    day.shifts.open([euros(100)])
    shift = day.shifts.confirm_count([euros(100)])
    day.shifts.move(MovementKind.PAY_OUT, eur(5), "stamps")
    with pytest.raises(CountFirst):
        day.shifts.close(shift.id)
    current = day.shifts.current()
    assert current is not None
    assert current.counts == (euros(100),)


def test_closing_twice_gives_the_same_z(day: CashDay) -> None:
    day.shifts.open([euros(100)])
    day.sell()
    first = day.close_as_counted()
    assert day.shifts.close(first.id) == first
    assert day.store.sequences.last("z") == 1
    assert len(day.shifts.closed()) == 1


def test_the_float_stays_and_the_rest_is_bagged_with_all_foreign_notes(day: CashDay) -> None:
    day.shifts.open([euros(100)])
    day.sell_for_dollars(20, GOODS[1])
    count = CashCount("EUR")
    for value, pieces in ((50, 2), (20, 3), (5, 4)):
        count = put_pieces(count, Decimal(value), pieces)
    dollars = put_pieces(CashCount("USD"), Decimal(20), 1)
    shift = day.shifts.confirm_count([count, dollars])
    closed = day.shifts.close(shift.id, eur(80), bag_reference="B 17", note="too much?")
    (kept,) = closed.kept
    assert kept.total == eur(80)
    assert [one.total for one in closed.bagged] == [eur(100), Money.of(20, "USD")]
    assert (closed.bag_reference, closed.note) == ("B 17", "too much?")
    assert day.shifts.left_in_drawer() == (eur(80),)


def test_without_a_float_target_everything_stays(day: CashDay) -> None:
    day.shifts.open([euros(100)])
    closed = day.close_as_counted()
    assert (closed.kept, closed.bagged) == ((euros(100),), ())


def test_a_difference_names_the_receipt_to_look_at(day: CashDay) -> None:
    day.shifts.open([euros(100)])
    day.sell(GOODS[0], tendered=10)
    wrong = day.sell(GOODS[1], tendered=20)
    day.shifts.confirm_count([euros(105)])  # 12.05 short
    first = day.shifts.causes()[0]
    assert first.kind is CauseKind.CARD_RUNG_AS_CASH
    assert [receipt.sale_id for receipt in first.receipts] == [wrong.id]


def test_a_pay_out_of_yesterday_explains_the_same_gap_today(day: CashDay) -> None:
    day.shifts.open([euros(100)])
    day.shifts.move(MovementKind.PAY_OUT, eur(35), "window cleaner")
    day.close_as_counted()
    day.shifts.open([euros(65)])
    day.shifts.confirm_count([euros(30)])
    first = day.shifts.causes()[0]
    assert (first.kind, first.reason) == (CauseKind.PAY_OUT_MISSING, "window cleaner")


def test_a_shift_left_open_over_midnight_says_so_and_closes_whole(day: CashDay) -> None:
    day.shifts.open([euros(100)])
    day.sell(tendered=10)
    day.moment += timedelta(hours=20)
    day.sell(tendered=10)
    assert day.shifts.warnings() == [ShiftWarning.OPEN_SINCE_ANOTHER_DAY]
    closed = day.close_as_counted()
    assert closed.report is not None
    assert closed.report.sales.document_count == 2
    assert closed.business_day < closed.report.business_day


def test_a_clock_set_back_says_so_and_harms_no_figure(day: CashDay) -> None:
    day.shifts.open([euros(100)])
    day.sell(tendered=10)
    day.moment -= timedelta(days=400)
    day.sell(tendered=10)
    day.moment -= timedelta(hours=1)
    assert day.shifts.warnings() == [ShiftWarning.CLOCK_SET_BACK]
    report = day.close_as_counted().report
    assert report is not None
    assert report.sales.document_count == 2
    day.shifts.open([euros(110)])
    assert day.close_as_counted().z_number == 2


def test_a_refund_above_the_drawer_asks_and_is_paid_when_somebody_looked(day: CashDay) -> None:
    dear = day.sell(GOODS[1], method=CARD)
    day.shifts.open([euros(5)])
    with pytest.raises(RefundAboveDrawer):
        day.give_back(dear)
    assert day.store.sales.count() == 1
    guard = day.checkout.guard
    assert guard is not None
    with guard.allowing():
        day.give_back(dear)
    assert day.shifts.figures().drawers[0].expected == eur("-7.05")


def test_a_shop_may_sell_only_with_a_shift(tmp_path: Path) -> None:
    shop = replace(SHOP, cash=CashSettings(needs_shift=True))
    day = CashDay(tmp_path / "shop.db", shop)
    with pytest.raises(ShiftNeeded):
        day.sell()
    day.shifts.open([euros(100)])
    day.sell()
    assert day.store.sales.count() == 1
    day.store.close()


class Strict:
    """Nobody may do what is listed; what was asked is kept."""

    def __init__(self, *actions: Action) -> None:
        self.actions = actions
        self.asked: list[ApprovalRequest] = []

    def require(self, request: ApprovalRequest, tx: Transaction | None = None) -> None:
        assert tx is not None
        self.asked.append(request)
        if request.action in self.actions:
            raise ApprovalNeeded(request)


def test_policy_is_asked_for_cash_out_no_sale_closing_and_differences(day: CashDay) -> None:
    strict = Strict()
    day.shifts.authority = strict
    day.shifts.open([euros(100)])
    day.shifts.move(MovementKind.PAY_IN, eur(5), "change")
    day.shifts.move(MovementKind.PAY_OUT, eur(5), "stamps")
    day.shifts.open_drawer("meter")
    shift = day.shifts.confirm_count([euros("98.50")])
    day.shifts.close(shift.id)
    assert [(one.action, one.amount) for one in strict.asked] == [
        (Action.CASH_OUT, eur(5)),
        (Action.NO_SALE, None),
        (Action.CLOSE_SHIFT, None),
        (Action.CASH_DIFFERENCE, eur("1.50")),
    ]


@pytest.mark.parametrize("action", [Action.CLOSE_SHIFT, Action.CASH_DIFFERENCE])
def test_a_closing_that_needs_approval_changes_nothing(day: CashDay, action: Action) -> None:
    day.shifts.open([euros(100)])
    shift = day.shifts.confirm_count([euros(99)])
    day.shifts.authority = Strict(action)
    entries = day.store.journal.count()
    with pytest.raises(ApprovalNeeded):
        day.shifts.close(shift.id)
    assert day.store.journal.count() == entries
    assert day.store.sequences.last("z") == 0


def test_cash_of_a_currency_that_nobody_takes_is_not_moved(day: CashDay) -> None:
    day.shifts.open([euros(100)])
    with pytest.raises(CurrencyNotTaken, match="GBP"):
        day.shifts.move(MovementKind.PAY_IN, Money(500, "GBP"), "change")


def test_what_happened_is_counted_in_the_report(day: CashDay) -> None:
    day.shifts.open_drawer("before the shift")
    day.shifts.open([euros(100)])
    day.shifts.open_drawer("change")
    cart = day.cart(*GOODS)
    day.checkout.remove(cart, cart.lines[0].id)
    day.checkout.override_price(cart, cart.lines[1].id, Decimal("1.00"))
    day.checkout.discard(cart)
    events = {one.kind: one.count for one in day.shifts.figures().events}
    assert events == {
        "drawer_opened": 2,
        "line_removed": 1,
        "price_overridden": 1,
        "sale_discarded": 1,
    }
    day.close_as_counted()


def test_the_database_itself_lets_no_second_shift_be_open(day: CashDay) -> None:
    shift = day.shifts.open([euros(100)])
    again = replace(shift, id="another")
    with pytest.raises(StoreRefusal), day.store.transaction() as tx:
        tx.records.put(SHIFT, again, FactKind.SHIFT_OPENED, shift.opened_at, "1")


def last_payload(store: Store) -> dict[str, object]:
    entry = store.journal.head()
    assert entry is not None
    told: dict[str, object] = json.loads(entry.payload)
    return told


def test_the_whole_z_stands_in_its_fact(day: CashDay) -> None:
    day.shifts.open([euros(100)])
    day.sell(tendered=10)
    closed = day.close_as_counted()
    state = last_payload(day.store)["state"]
    assert isinstance(state, dict)
    assert state["report"]["sales"]["gross"] == {"currency": "EUR", "minor": 499}
    assert closed.report is not None
    assert state["report"]["number"] == 1
