"""The figures of reports: periods cut into pieces, rates that never flatter, parts that sum up."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.document import DocumentHead, DocumentLine, Party
from pos_app.domain.money import Money
from pos_app.domain.order import Order, OrderLine, OrderState
from pos_app.domain.pricing import PricePolicy
from pos_app.domain.report_customers import Bought, analysed, owed_of_period
from pos_app.domain.report_orders import OrderExecution, executed_by_piece, order_figures
from pos_app.domain.report_period import (
    Grain,
    PeriodChoice,
    PeriodTurned,
    ReportPeriod,
    chosen_period,
    first_day,
    grain_of,
    last_day,
    period_of,
    pieces,
)
from pos_app.domain.report_rates import percent_of
from pos_app.domain.report_receivables import CustomerAges, Receivables
from pos_app.domain.report_trend import Sold, trend_of
from pos_app.domain.statement import Ages
from pos_app.domain.tax import Tax

TODAY = date(2026, 5, 14)
YEAR = ReportPeriod(date(2026, 1, 1), date(2026, 12, 31))
VAT = Tax(rate=Decimal(19), name="VAT", code="A")
days = st.dates(date(1990, 1, 1), date(2090, 12, 31))


@pytest.mark.parametrize(
    ("choice", "start", "end"),
    [
        (PeriodChoice.THIS_MONTH, date(2026, 5, 1), TODAY),
        (PeriodChoice.LAST_MONTH, date(2026, 4, 1), date(2026, 4, 30)),
        (PeriodChoice.THIS_QUARTER, date(2026, 4, 1), TODAY),
        (PeriodChoice.THIS_YEAR, date(2026, 1, 1), TODAY),
        (PeriodChoice.LAST_YEAR, date(2025, 1, 1), date(2025, 12, 31)),
    ],
)
def test_the_usual_periods_end_today_or_are_over(
    choice: PeriodChoice, start: date, end: date
) -> None:
    assert chosen_period(choice, TODAY) == ReportPeriod(start, end)


def test_last_month_of_january_lies_in_the_year_before() -> None:
    found = chosen_period(PeriodChoice.LAST_MONTH, date(2026, 1, 31))
    assert found == ReportPeriod(date(2025, 12, 1), date(2025, 12, 31))


def test_a_period_that_ends_before_it_begins_is_refused_with_both_days() -> None:
    with pytest.raises(PeriodTurned) as refused:
        period_of(date(2026, 3, 2), date(2026, 3, 1))
    assert "2026-03-01" in str(refused.value)
    assert "2026-03-02" in str(refused.value)


@pytest.mark.parametrize(
    ("days_long", "grain"),
    [(1, Grain.DAY), (31, Grain.DAY), (32, Grain.WEEK), (92, Grain.WEEK), (93, Grain.MONTH)],
)
def test_a_short_period_is_cut_finer(days_long: int, grain: Grain) -> None:
    assert grain_of(ReportPeriod(TODAY, TODAY + timedelta(days=days_long - 1))) is grain


def test_a_chart_never_gets_more_pieces_than_can_be_looked_at() -> None:
    decade = ReportPeriod(date(2016, 1, 1), date(2025, 12, 31))
    assert grain_of(decade, Grain.DAY) is Grain.MONTH
    century = ReportPeriod(date(1926, 1, 1), date(2025, 12, 31))
    assert grain_of(century, Grain.DAY) is Grain.YEAR
    assert grain_of(ReportPeriod(date.min, date.max)) is Grain.YEAR


@given(days, st.integers(0, 900), st.sampled_from(list(Grain)))
def test_pieces_cover_a_period_without_gap_or_overlap(
    start: date, length: int, grain: Grain
) -> None:
    period = ReportPeriod(start, start + timedelta(days=length))
    found = list(pieces(period, grain))
    assert found[0] <= period.start <= last_day(found[0], grain)
    assert last_day(found[-1], grain) >= period.end
    for before, after in pairwise(found):
        assert last_day(before, grain) + timedelta(days=1) == after
    assert all(first_day(piece, grain) == piece for piece in found)


def test_the_first_and_last_days_there_are_can_be_cut_too() -> None:
    for grain in Grain:
        assert first_day(date.min, grain) >= date.min
        assert list(pieces(ReportPeriod(date.max, date.max), grain))


@pytest.mark.parametrize(
    ("part", "whole", "rate"),
    [
        (0, 100, "0.0"),
        (1, 3, "33.3"),
        (2, 3, "66.6"),
        (99999, 100000, "99.9"),  # never 100 while something is missing
        (100, 100, "100.0"),
        (-50, -100, "50.0"),
        (150, 100, "150.0"),
    ],
)
def test_rates_say_a_hundred_only_when_all_is_done(part: int, whole: int, rate: str) -> None:
    assert percent_of(part, whole) == Decimal(rate)


def test_a_rate_of_nothing_is_none() -> None:
    assert percent_of(5, 0) is None


def test_a_customers_parts_are_summed_and_voids_and_credits_take_away() -> None:
    parts = [
        Bought("a", 2, 8000, 10000),
        Bought("a", -1, -800, -1000),
        Bought("a", 0, -1600, -2000, 0),
        Bought("a", unpaid=3500),
        Bought("b", 1, 500, 600, 600),
        Bought("", 4, 100, 120),
    ]
    names = {"a": ("C1", "Rye"), "b": ("C2", "Ale")}
    report = analysed(parts, names, {}, YEAR, "EUR")
    first, second = report.customers
    assert (first.name, first.purchases, first.amount) == ("Rye", 1, Money(7000, "EUR"))
    assert first.average == Money(7000, "EUR")
    assert first.payment_rate == Decimal("50.0")
    assert second.payment_rate == Decimal("0.0")
    assert report.unnamed.purchases == 4
    assert report.total.amount == Money(7720, "EUR")
    assert report.total.net == Money(6200, "EUR")


def test_merged_customers_are_one() -> None:
    parts = [Bought("old", 1, 100, 120, 120), Bought("new", 1, 200, 240)]
    report = analysed(parts, {"new": ("1", "New")}, {"old": "new"}, YEAR, "EUR")
    assert [(one.name, one.purchases) for one in report.customers] == [("New", 2)]
    assert report.customers[0].payment_rate == Decimal("66.6")


def test_who_brought_more_back_than_they_bought_has_no_rate_and_no_average() -> None:
    report = analysed([Bought("a", 0, -100, -120)], {}, {}, YEAR, "EUR")
    assert report.customers[0].payment_rate is None
    assert report.customers[0].average is None


@given(
    st.lists(
        st.builds(
            Bought,
            st.sampled_from(["", "a", "b", "c"]),
            st.integers(-3, 9),
            st.integers(-9999, 99999),
            st.integers(-9999, 99999),
            st.integers(0, 9999),
        ),
        max_size=30,
    )
)
def test_the_whole_is_the_sum_of_its_customers(parts: list[Bought]) -> None:
    report = analysed(parts, {}, {"c": "b"}, YEAR, "EUR")
    assert report.total.amount.minor == sum(part.amount for part in parts)
    assert report.total.net.minor == sum(part.net for part in parts)
    assert report.total.purchases == sum(part.purchases for part in parts)
    amounts = [one.amount.minor for one in report.customers]
    assert amounts == sorted(amounts, reverse=True)
    for one in report.customers:
        assert one.payment_rate is None or 0 <= one.payment_rate <= 100


@pytest.mark.parametrize(
    ("debt", "charged", "later", "owed"),
    [(100, 80, 0, 80), (100, 80, 50, 50), (100, 80, 200, 0), (0, 80, 0, 0), (-5, 80, 0, 0),
     (50, -20, 0, 0), (50, 80, -10, 50)],
)  # fmt: skip
def test_what_is_owed_on_account_is_for_the_latest_charges(
    debt: int, charged: int, later: int, owed: int
) -> None:
    assert owed_of_period(debt, charged, later) == owed


def test_quantities_of_different_units_are_never_summed() -> None:
    sold = [
        Sold(date(2026, 1, 2), "pc", Decimal(3), 300, 360),
        Sold(date(2026, 1, 20), "kg", Decimal("0.75"), 75, 90),
        Sold(date(2026, 3, 1), "pc", Decimal(-1), -100, -120),
    ]
    report = trend_of(sold, YEAR, Grain.MONTH, "EUR")
    assert report.units == ("kg", "pc")
    assert len(report.trend) == 12
    assert report.trend[0].quantities == (Decimal("0.75"), Decimal(3))
    assert report.trend[1].amount == Money(0, "EUR")
    assert report.trend[2].quantities == (Decimal(0), Decimal(-1))
    assert report.total.quantities == (Decimal("0.75"), Decimal(2))
    assert report.total.amount == Money(330, "EUR")


@given(
    st.lists(
        st.builds(
            Sold,
            st.dates(YEAR.start, YEAR.end),
            st.sampled_from(["pc", "kg", "m"]),
            st.decimals(-99, 99, places=3),
            st.integers(-9999, 99999),
            st.integers(-9999, 99999),
        ),
        max_size=40,
    ),
    st.sampled_from(list(Grain)),
)
def test_the_pieces_of_a_trend_sum_to_what_was_sold(sold: list[Sold], grain: Grain) -> None:
    total = trend_of(sold, YEAR, grain, "EUR").total
    assert total.amount.minor == sum(one.amount for one in sold)
    assert total.net.minor == sum(one.net for one in sold)
    assert sum(total.quantities) == sum((one.quantity for one in sold), Decimal(0))


def order(lines: Sequence[tuple[str, int, str]], day: date = TODAY) -> Order:
    at = datetime(2026, 5, 14, 9, tzinfo=UTC)
    party = Party("c", "C1", "Rye")
    head = DocumentHead("o", "SO1", party, day, PricePolicy("EUR"), at, "1", at, "1")
    made = tuple(
        OrderLine(
            DocumentLine(
                str(place), "Thing", Decimal(quantity), Decimal(price), product, taxes=(VAT,)
            )
        )
        for place, (product, quantity, price) in enumerate(lines, 1)
    )
    return Order(head, made, state=OrderState.APPROVED)


def progress(found: Order, *done: tuple[str, str]) -> Order:
    lines = tuple(
        replace(line, delivered=Decimal(out), returned=Decimal(back))
        for line, (out, back) in zip(found.lines, done, strict=True)
    )
    return replace(found, lines=lines)


def test_an_order_says_what_went_out_and_what_came_back() -> None:
    found = progress(order([("p", 3, "10.00"), ("q", 1, "5.00")]), ("2", "1"), ("0", "0"))
    figures = order_figures(found, "Rye")
    assert figures.amount == Money(3500, "EUR")
    assert figures.delivered == Money(2000, "EUR")
    assert figures.returned == Money(1000, "EUR")
    assert figures.delivered_rate == Decimal("57.1")
    assert order_figures(found, "Rye", "q").amount == Money(500, "EUR")
    assert order_figures(found, "Rye", "p").delivered_rate == Decimal("66.6")


@given(st.integers(1, 30), st.integers(0, 30), st.decimals("0.01", "99.99", places=2))
def test_parts_of_an_order_never_exceed_it(quantity: int, delivered: int, price: Decimal) -> None:
    out = min(quantity, delivered)
    found = progress(order([("p", quantity, str(price))]), (str(out), "0"))
    figures = order_figures(found, "Rye")
    assert 0 <= figures.delivered.minor <= figures.amount.minor
    assert (figures.delivered == figures.amount) == (out == quantity)


def test_orders_stand_in_the_piece_of_their_day() -> None:
    rows = tuple(
        order_figures(order([("p", 1, "10.00")], day), "Rye")
        for day in (date(2026, 1, 5), date(2026, 1, 31), date(2026, 3, 1))
    )
    report = OrderExecution(ReportPeriod(date(2026, 1, 1), date(2026, 3, 31)), "EUR", rows)
    found = executed_by_piece(report, Grain.MONTH)
    assert [(start.month, amount.minor) for start, amount, _ in found] == [
        (1, 2000),
        (2, 0),
        (3, 1000),
    ]
    assert report.amount == Money(3000, "EUR")
    assert report.delivered_rate == Decimal("0.0")


def test_what_is_owed_sums_by_age_and_less_what_was_paid_too_much() -> None:
    def money(minor: int) -> Money:
        return Money(minor, "EUR")

    first = Ages(money(1), money(20), money(300), money(4000), money(50000))
    second = Ages(*(money(0) for _ in range(5)))
    report = Receivables(
        TODAY,
        "EUR",
        (
            CustomerAges("a", "1", "A", first, money(0)),
            CustomerAges("b", "2", "B", second, money(-21)),
        ),
    )
    assert report.total.ages == first
    assert report.total.balance == money(54300)
    assert report.total.ages.overdue == money(54320)
