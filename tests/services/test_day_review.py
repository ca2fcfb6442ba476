"""What stands beside the sums of a day: its past, drawers, goods, what waits, what to look at."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from pos_app.domain.day_figures import ReceiptQuery, Watched
from pos_app.domain.day_review import AttentionKind, DayReview, Severity
from pos_app.domain.difference import CauseKind
from pos_app.domain.facts import FactKind
from pos_app.domain.report_period import ReportPeriod
from pos_app.domain.stock import MoveReason, StockMove
from pos_app.domain.stock_rule import StockRule
from pos_app.services.day_review import currencies_of, receipts_of, review_day
from pos_app.services.returning import Returning
from pos_app.services.stock_records import RULE
from pos_app.store.remotes import HEAD_OFFICE, URL, Refusal
from pos_app.store.store import open_reader
from tests.services.cash_day import CARD, GOODS, START, CashDay, counted, eur, euros
from tests.services.reported_shop import historic_shop, with_documents

DAY = START.date()


@pytest.fixture
def till(tmp_path: Path) -> Iterator[CashDay]:
    day = CashDay(tmp_path / "shop.db")
    yield day
    day.store.close()


def reviewed(till: CashDay, **more: object) -> DayReview:
    today = till.moment.date()
    return review_day(till.store, ReportPeriod(today, today), now=till.now(), **more)  # type: ignore[arg-type]


def kinds(review: DayReview) -> dict[AttentionKind, Severity]:
    return {one.kind: one.severity for one in review.attention}


def move(till: CashDay, number: int, quantity: int) -> None:
    moves = [StockMove(GOODS[number].id, "shop", Decimal(quantity), MoveReason.RECEIPT)]
    with till.store.transaction() as tx:
        till.checkout.move_stock_in(tx, moves)


def test_an_empty_store_has_an_empty_day(till: CashDay) -> None:
    review = reviewed(till)
    assert review.totals.is_empty
    assert review.totals.basket is None
    assert (review.hours, review.tenders, review.staff, review.attention) == ((), (), (), ())
    assert review.mean is None
    assert review.mean_days == 0


def test_a_running_day_is_compared_with_the_same_time_a_week_ago(till: CashDay) -> None:
    till.sell(GOODS[0])
    till.moment += timedelta(hours=6)
    till.sell(GOODS[1])
    till.moment = START + timedelta(days=7, hours=3)
    till.sell(GOODS[0], GOODS[0])
    review = reviewed(till)
    assert review.is_running
    assert review.before.period == ReportPeriod(DAY, DAY)
    assert review.before.totals.tickets == 2
    assert review.before.so_far is not None
    assert (review.before.so_far.tickets, review.before.so_far.takings) == (1, 499)
    assert (review.mean_days, review.mean and review.mean.tickets) == (1, 2)
    over = review_day(till.store, ReportPeriod(DAY, DAY), now=till.now())
    assert not over.is_running
    assert over.before.so_far is None


def test_two_periods_that_somebody_chose_are_compared(till: CashDay) -> None:
    for _ in range(3):
        till.sell(GOODS[0])
        till.moment += timedelta(days=1)
    period = ReportPeriod(DAY + timedelta(days=1), DAY + timedelta(days=2))
    chosen = ReportPeriod(DAY, DAY)
    review = review_day(till.store, period, compare_with=chosen, now=till.now())
    assert [one.day for one in review.days] == [period.start, period.end]
    assert review.totals.tickets == 2
    assert review.before.period == chosen
    assert review.before.totals.tickets == 1
    assert review.mean is None


def test_a_closed_drawer_says_what_was_missing_and_why_it_may_be(till: CashDay) -> None:
    till.shifts.open(counted(eur(100)))
    till.sell(GOODS[1])
    till.sell(GOODS[0])
    expected = till.shifts.figures().drawers[0].expected
    till.shifts.confirm_count((euros((expected - eur("5.00")).amount),))
    shift = till.shifts.close(till.shifts.confirm_count((euros((expected - eur(5)).amount),)).id)
    till.sell(GOODS[2])  # what is sold after the closing explains nothing
    review = reviewed(till)
    (drawer,) = review.cash
    assert (drawer.shift_id, drawer.number) == (shift.id, 1)
    assert drawer.expected == expected
    assert drawer.difference == eur(-5)
    assert drawer.causes[0].kind is CauseKind.CARD_RUNG_AS_CASH
    assert review.attention[0].kind is AttentionKind.CASH_DIFFERENCE
    assert review.attention[0].severity is Severity.DANGER
    assert review.attention[0].amount == eur(-5)
    earlier = review_day(till.store, ReportPeriod(date(2026, 3, 1), date(2026, 3, 3)),
                         now=till.now())  # fmt: skip
    assert earlier.cash == ()


def test_an_open_drawer_is_shown_unless_the_shop_counts_blind(till: CashDay) -> None:
    till.shifts.open(counted(eur(100)))
    till.sell(GOODS[0])
    (drawer,) = reviewed(till).cash
    assert (drawer.expected, drawer.counted, drawer.difference) == (eur(105), None, None)
    assert reviewed(till, hides_cash=True).cash == ()
    till.moment += timedelta(days=1)
    assert kinds(reviewed(till))[AttentionKind.SHIFT_OPEN] is Severity.INFO


def test_goods_that_lie_there_and_goods_that_are_short(till: CashDay) -> None:
    for number, quantity in enumerate((50, 80, 2)):
        move(till, number, quantity)
    with till.store.transaction() as tx:
        rule = StockRule(GOODS[2].id, reorder_at=Decimal(5))
        tx.records.put(RULE, rule, FactKind.STOCK_RULE_SAVED, till.now(), "1")
    till.sell(GOODS[0])
    till.moment += timedelta(days=28)
    till.sell(GOODS[2])
    review = reviewed(till)
    assert [(one.code, one.level, one.last_sold) for one in review.slow_products] == [
        ("C2", Decimal(80), None),
        ("C1", Decimal(49), DAY),
    ]
    assert [(one.code, one.level, one.reorder_level) for one in review.low_stock] == [
        ("C3", Decimal(1), Decimal(5))
    ]
    assert kinds(review)[AttentionKind.LOW_STOCK] is Severity.WARNING
    # Looked at from the day itself nothing of what came later is known.
    till.sell(GOODS[0])
    back_then = ReportPeriod(DAY + timedelta(days=27), DAY + timedelta(days=27))
    of_then = review_day(till.store, back_then, now=till.now())
    assert [one.code for one in of_then.slow_products] == ["C2", "C3"]
    later = ReportPeriod(DAY + timedelta(days=30), DAY + timedelta(days=60))
    assert {one.code for one in review_day(till.store, later, now=till.now()).slow_products} == {
        "C2"
    }


def test_what_a_cashier_undid_leads_to_its_receipts(till: CashDay) -> None:
    sale = till.sell(GOODS[0])
    void = Returning(till.checkout).void(sale.id, "wrong")
    cart = till.checkout.override_price(till.cart(GOODS[1]), 1, Decimal(10))
    till.checkout.keep(cart)
    till.checkout.open_drawer("change")
    review = reviewed(till)
    (cashier,) = review.staff
    assert {one.kind: (one.count, one.amount) for one in cashier.exceptions} == {
        Watched.VOID: (1, 499),
        Watched.PRICE_OVERRIDE: (1, 203),
        Watched.NO_SALE: (1, 0),
    }
    query = ReceiptQuery(DAY, DAY, "EUR", watched=Watched.VOID)
    assert [one.id for one in receipts_of(till.store, query)] == [void.id]
    assert {AttentionKind.VOIDS, AttentionKind.OVERRIDES, AttentionKind.NO_SALES} <= set(
        kinds(review)
    )
    assert [one.about for one in review.attention] == ["1"] * 3


def test_what_waits_and_what_was_refused_is_said(till: CashDay) -> None:
    assert reviewed(till).unsent is None
    till.sell(GOODS[0], method=CARD)
    with till.store.transaction() as tx:
        tx.remotes.put(HEAD_OFFICE, **{URL: "https://office.example.com"})
        refusal = Refusal("x", 1, 2, "sale_completed", START.isoformat(), "unknown tax", "again")
        tx.remotes.refuse(HEAD_OFFICE, refusal)
    review = reviewed(till)
    assert review.unsent is not None
    assert (review.unsent.waiting, review.unsent.refused) == (till.store.journal.count(), 1)
    assert review.unsent.proof is not None
    assert kinds(review)[AttentionKind.REFUSED] is Severity.DANGER
    assert kinds(review)[AttentionKind.UNSENT] is Severity.INFO


def test_invoices_that_should_have_been_paid(tmp_path: Path) -> None:
    with historic_shop(tmp_path / "shop.db") as store:
        office = with_documents(store)
        now = office.time + timedelta(days=400)
        review = review_day(store, ReportPeriod(now.date(), now.date()), now=now)
        assert review.overdue is not None
        assert review.overdue.count > 0
        assert review.overdue.amount.minor > 0
        assert kinds(review)[AttentionKind.OVERDUE] is Severity.WARNING
        early = review_day(store, ReportPeriod(now.date(), now.date()),
                           now=datetime(2010, 12, 1, 9, tzinfo=UTC))  # fmt: skip
        assert early.overdue is None


def test_a_view_for_reading_shows_the_same_without_writing(till: CashDay) -> None:
    till.sell(GOODS[0])
    reviewed(till)
    till.sell(GOODS[1])
    till.checkout.open_drawer("change")
    period = ReportPeriod(DAY, DAY)
    now = till.now()
    with open_reader(till.path) as reader:
        assert reader.day_sums.is_behind
        seen = review_day(reader, period, now=now)
        assert list(currencies_of(reader, period)) == ["EUR"]
        assert reader.day_sums.is_behind
    assert seen == review_day(till.store, period, now=now)
    assert seen.totals.tickets == 2
    assert seen.staff[0].of(Watched.NO_SALE).count == 1
