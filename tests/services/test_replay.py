"""A shift stepped through from the journal: carts, figures and exceptions at their own moments."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from pos_app.domain.cash_movement import MovementKind
from pos_app.domain.facts import FactKind
from pos_app.domain.payment import TenderMethod, TenderRequest
from pos_app.services import replay as replays
from pos_app.services.replay import (
    CartState,
    Frame,
    RowKind,
    next_exception,
    pause_s,
    replay_shift,
    shifts_of,
)
from tests.services.cash_day import CARD, CASH, GIFT_CARD, GOODS, TIP, CashDay, eur, euros


@pytest.fixture
def day(tmp_path: Path) -> Iterator[CashDay]:
    made = CashDay(tmp_path / "shop.db")
    yield made
    made.store.close()


def busy_shift(day: CashDay) -> None:
    """Sell before the opening, then everything a shift may have."""
    day.sell(GOODS[0])
    day.shifts.open([euros(100)])
    first = day.sell(GOODS[1], GOODS[2])
    day.sell(GOODS[0], GIFT_CARD, method=CARD)
    day.sell_for_dollars(20, GOODS[1])
    day.shifts.move(MovementKind.PAY_IN, eur(30), "change")
    day.shifts.move(MovementKind.DROP, eur(50), "safe")
    day.give_back(first)
    day.sell(GOODS[0], TIP, tendered=10)
    day.shifts.open_drawer("meter")


def kinds(frames: tuple[Frame, ...]) -> list[str]:
    return [frame.kind for frame in frames]


def test_the_last_frame_has_the_figures_of_the_z_report(day: CashDay) -> None:
    busy_shift(day)
    shift = day.close_as_counted()
    assert shift.report is not None
    replay = replay_shift(day.store, shift)
    last = replay.frames[-1]
    assert last.kind == FactKind.SHIFT_CLOSED
    assert last.takings == shift.report.sales.turnover.minor != 0
    drawer = shift.report.drawer("EUR")
    assert drawer is not None
    assert last.drawer == drawer.expected.minor != 0
    assert last.tickets == shift.report.sales.document_count == 6


def test_the_next_shift_begins_where_the_one_before_was_closed(day: CashDay) -> None:
    busy_shift(day)
    day.close_as_counted()
    day.sell(GOODS[2])
    day.shifts.open([euros(80)])
    day.sell(GOODS[0])
    second, first = shifts_of(day.store)
    assert not second.is_closed
    frames = replay_shift(day.store, second).frames
    assert kinds(frames).count(FactKind.SALE_COMPLETED) == 2
    assert frames[0].drawer is None  # nobody had counted the float yet
    figures = day.shifts.figures()
    assert frames[-1].takings == figures.sales.turnover.minor
    assert frames[-1].drawer == figures.drawers[0].expected.minor
    assert replay_shift(day.store, first).frames[-1].seq < frames[0].seq


def test_lines_appear_together_and_what_was_taken_out_stands_at_its_own_moment(
    day: CashDay,
) -> None:
    day.shifts.open([euros(100)])
    cart = day.cart(*GOODS)
    cart = day.checkout.remove(cart, cart.lines[0].id)
    cart = day.checkout.override_price(cart, cart.lines[0].id, Decimal(9))
    sale = day.checkout.complete(cart, [TenderRequest(CASH)])
    frames = replay_shift(day.store, shifts_of(day.store)[0]).frames
    assert kinds(frames) == ["shift_opened", "line_removed", "price_overridden", "sale_completed"]
    removed, priced, sold = frames[1:]
    assert [row.kind for row in removed.cart.rows] == [RowKind.REMOVED]
    assert removed.cart.id == sale.id
    assert removed.cart.state is CartState.OPEN
    assert removed.takings == 0
    assert priced.cart.rows[1].before == "12.03"
    assert [row.kind for row in sold.cart.rows] == [
        *(RowKind.SOLD, RowKind.SOLD),
        *(RowKind.REMOVED, RowKind.PRICE),
    ]
    assert (sold.cart.state, sold.cart.number) == (CartState.FINISHED, sale.number)
    assert sold.cart.total == sale.amount_due.minor
    assert [frame.is_exception for frame in frames] == [False, True, True, False]


def test_a_sale_put_aside_comes_back_with_what_was_done_to_it(day: CashDay) -> None:
    day.shifts.open([euros(100)])
    cart = day.cart(*GOODS)
    cart = day.checkout.remove(cart, cart.lines[0].id)
    day.checkout.park(cart, "Ann")
    day.sell(GOODS[0])
    cart = day.checkout.recall(cart.id)
    day.checkout.complete(cart, [TenderRequest(TenderMethod.CASH)])
    frames = replay_shift(day.store, shifts_of(day.store)[0]).frames
    states = [frame.cart.state for frame in frames]
    assert states == [
        *(CartState.EMPTY, CartState.OPEN, CartState.PARKED),
        *(CartState.FINISHED, CartState.OPEN, CartState.FINISHED),
    ]
    assert RowKind.REMOVED in [row.kind for row in frames[-1].cart.rows]
    assert RowKind.REMOVED not in [row.kind for row in frames[3].cart.rows]


def test_one_jumps_from_exception_to_exception(day: CashDay) -> None:
    busy_shift(day)
    frames = replay_shift(day.store, shifts_of(day.store)[0]).frames
    places = [place for place, frame in enumerate(frames) if frame.is_exception]
    assert [frames[place].kind for place in places] == ["sale_completed", "drawer_opened"]
    assert next_exception(frames, 0) == places[0]
    assert next_exception(frames, places[0]) == places[1]
    assert next_exception(frames, places[1]) == places[1]
    assert next_exception(frames, places[1], -1) == places[0]


def test_long_gaps_are_shortened_when_a_shift_plays(day: CashDay) -> None:
    busy_shift(day)
    frames = replay_shift(day.store, shifts_of(day.store)[0]).frames
    far = replace(frames[1], at="2026-03-05T08:00:00.000+00:00")
    assert pause_s((frames[0], far), 0, 1) == 2
    assert pause_s(frames, 0, 8) == Decimal("0.25")
    assert pause_s(frames, len(frames) - 1, 1) == 0


def test_a_shift_without_end_is_cut(day: CashDay, monkeypatch: pytest.MonkeyPatch) -> None:
    busy_shift(day)
    monkeypatch.setattr(replays, "FRAMES_MOST", 3)
    replay = replay_shift(day.store, shifts_of(day.store)[0])
    assert replay.is_cut
    assert len(replay.frames) == 3
