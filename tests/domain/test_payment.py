"""Tenders, change and cash rounding; rounding tables as published by those who sell tills."""

from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.money import Money, RoundingMode, StepTooFine
from pos_app.domain.payment import (
    CashRounding,
    TenderedTooLittle,
    TenderMethod,
    TenderNotPositive,
    TenderRequest,
    TenderTooLarge,
    cash_due,
    round_cash,
    settle,
)

FIVE_CENTS = CashRounding(Decimal("0.05"))
WHOLE_TOTAL = CashRounding(Decimal("0.05"), only_cash=False)


def eur(amount: str | None) -> Money | None:
    return None if amount is None else Money.of(amount, "EUR")


def pay(method: str, amount: str | None = None, tendered: str | None = None) -> TenderRequest:
    return TenderRequest(TenderMethod(method), eur(amount), eur(tendered))


def settled(gross: str, rounding: CashRounding | None, *requests: TenderRequest) -> str:
    result = settle(Money.of(gross, "EUR"), requests, rounding)
    figures = (result.amount_due, result.rounding, result.paid, result.change, result.remaining)
    return " ".join(str(figure.amount) for figure in figures)


@pytest.mark.parametrize(
    ("gross", "rounding", "requests", "expected"),
    [
        # Odoo, test_pos_cash_rounding.py: 13.67 and 15 % come to 15.72
        ("15.72", FIVE_CENTS, [pay("cash")], "15.70 -0.02 15.70 0.00 0.00"),
        ("15.72", FIVE_CENTS, [pay("card")], "15.72 0.00 15.72 0.00 0.00"),
        ("15.72", FIVE_CENTS, [pay("card", "0.68"), pay("cash")], "15.73 0.01 15.73 0.00 0.00"),
        ("15.72", WHOLE_TOTAL, [pay("cash")], "15.70 -0.02 15.70 0.00 0.00"),
        ("-15.72", FIVE_CENTS, [pay("cash")], "-15.70 0.02 -15.70 0.00 0.00"),
        (
            "-15.72",
            FIVE_CENTS,
            [pay("card", "-0.68"), pay("cash")],
            "-15.73 -0.01 -15.73 0.00 0.00",
        ),
        # The total is rounded once, whoever pays it
        ("15.72", WHOLE_TOTAL, [pay("card")], "15.70 -0.02 15.70 0.00 0.00"),
        ("15.72", WHOLE_TOTAL, [pay("card", "0.68"), pay("cash")], "15.70 -0.02 15.70 0.00 0.00"),
        ("15.72", WHOLE_TOTAL, [], "15.70 -0.02 0.00 0.00 15.70"),
        # Tryton, scenario_account_cash_rounding: 42.07 and 42.02
        ("42.07", FIVE_CENTS, [pay("cash")], "42.05 -0.02 42.05 0.00 0.00"),
        ("42.02", FIVE_CENTS, [pay("cash")], "42.00 -0.02 42.00 0.00 0.00"),
        # Comarch, Swiss payment rounding: 999.99 in cash is 1000
        ("999.99", FIVE_CENTS, [pay("cash")], "1000.00 0.01 1000.00 0.00 0.00"),
        # Change, part payments, nothing yet
        ("15.72", None, [pay("cash", None, "20.00")], "15.72 0.00 20.00 4.28 0.00"),
        ("15.72", FIVE_CENTS, [pay("cash", None, "20.00")], "15.70 -0.02 20.00 4.30 0.00"),
        ("15.72", None, [pay("cash", "10.00", "20.00")], "15.72 0.00 20.00 10.00 5.72"),
        ("15.72", FIVE_CENTS, [pay("cash", None, "10.00")], "15.72 0.00 10.00 0.00 5.72"),
        ("15.72", FIVE_CENTS, [], "15.72 0.00 0.00 0.00 15.72"),
        ("0.00", FIVE_CENTS, [pay("cash")], "0.00 0.00 0.00 0.00 0.00"),
        ("0.02", FIVE_CENTS, [pay("cash")], "0.00 -0.02 0.00 0.00 0.00"),
        # Cash between the total and its rounding still lacks the last cent
        ("15.68", FIVE_CENTS, [pay("cash", None, "15.69")], "15.70 0.02 15.69 0.00 0.01"),
        ("15.72", None, [pay("on_account")], "15.72 0.00 15.72 0.00 0.00"),
        ("15.72", None, [pay("cash"), pay("card", "15.00")], "15.72 0.00 15.72 0.00 0.00"),
    ],
)
def test_worked_examples(gross, rounding, requests, expected):
    assert settled(gross, rounding, *requests) == expected


# Rounding of the last digits, from the rounding tables in a cash register maker's handbook.
@pytest.mark.parametrize(
    ("country", "step", "mode", "up_to"),
    [
        ("Australia", "0.05", "half_up", {0: 2, 5: 7, 10: 9}),
        ("New Zealand A", "0.10", "half_up", {0: 4, 10: 9}),
        ("New Zealand B", "0.10", "half_down", {0: 5, 10: 9}),
        ("Sweden until 2010", "0.50", "half_up", {0: 24, 50: 74, 100: 99}),
        ("Norway", "1.00", "half_up", {0: 49, 100: 99}),
        ("Japan 10", "0.10", "down", {0: 9}),
        ("South Africa", "0.05", "down", {0: 4, 5: 9}),
    ],
)
def test_countries_round_the_last_digits_as_published(country, step, mode, up_to):
    rounding = CashRounding(Decimal(step), RoundingMode(mode))
    low = 0
    for rounded, high in up_to.items():
        for cents in range(low, high + 1):
            assert round_cash(Money(700 + cents, "SEK"), rounding).minor == 700 + rounded
        low = high + 1


amounts = st.integers(0, 5000)
requests = st.lists(
    st.builds(
        TenderRequest,
        st.sampled_from(TenderMethod),
        st.none() | st.integers(1, 3000).map(lambda minor: Money(minor, "EUR")),
    )
    | st.builds(
        TenderRequest,
        st.just(TenderMethod.CASH),
        st.none(),
        st.integers(1, 6000).map(lambda minor: Money(minor, "EUR")),
    ),
    max_size=4,
)
roundings = st.none() | st.builds(
    CashRounding,
    st.sampled_from([Decimal("0.05"), Decimal("0.10"), Decimal("0.50"), Decimal(1)]),
    st.sampled_from(RoundingMode),
    st.booleans(),
)


@given(amounts, requests, roundings)
def test_tenders_minus_change_and_what_is_left_make_the_amount_due(gross, tenders, rounding):
    try:
        result = settle(Money(gross, "EUR"), tenders, rounding)
    except TenderTooLarge:
        return
    assert result.paid - result.change + result.remaining == result.amount_due
    assert result.amount_due == Money(gross, "EUR") + result.rounding
    assert result.remaining.minor >= 0
    assert len(result.tenders) == len(tenders)
    for tender, request in zip(result.tenders, tenders, strict=True):
        assert tender.method is request.method
        assert tender.tendered - tender.change == tender.amount
        assert tender.change.minor == 0 or tender.method is TenderMethod.CASH
        assert tender.change.minor >= 0
    limit = rounding.step * 100 if rounding else 0
    assert abs(result.rounding.minor) <= limit
    pays_cash = any(tender.method is TenderMethod.CASH for tender in tenders)
    if rounding is None or (rounding.only_cash and not pays_cash):
        assert result.rounding.minor == 0


@given(amounts, requests, roundings)
def test_a_refund_is_settled_as_the_mirror_of_the_sale(gross, tenders, rounding):
    mirrored = [
        TenderRequest(t.method, t.amount and -t.amount, t.tendered and -t.tendered) for t in tenders
    ]
    try:
        sale = settle(Money(gross, "EUR"), tenders, rounding)
    except TenderTooLarge:
        return
    if gross:
        refund = settle(Money(-gross, "EUR"), mirrored, rounding)
        assert (refund.paid, refund.change) == (-sale.paid, -sale.change)
        assert (refund.amount_due, refund.remaining) == (-sale.amount_due, -sale.remaining)


@given(amounts, requests, roundings)
def test_the_order_of_methods_does_not_matter(gross, tenders, rounding):
    """Exact amounts of cash apart, any order comes to the same figures."""
    if sum(1 for t in tenders if t.method is TenderMethod.CASH) > 1:
        return
    outcomes = set()
    for order in permutations(tenders):
        try:
            result = settle(Money(gross, "EUR"), order, rounding)
            outcomes.add((result.amount_due, result.paid, result.change, result.remaining))
        except TenderTooLarge:
            outcomes.add(None)
    assert len(outcomes) == 1


def test_impossible_tenders_are_refused_and_counted():
    five = Money(500, "EUR")
    with pytest.raises(
        TenderTooLarge, match=r"6\.00 EUR is more than the 5\.00 EUR left"
    ) as refusal:
        settle(five, [pay("cash"), pay("card", "6.00")])
    assert refusal.value.fields["position"] == 1
    with pytest.raises(TenderNotPositive, match="Enter an amount above zero"):
        settle(five, [pay("cash", "-5.00")])
    with pytest.raises(TenderNotPositive):
        settle(five, [pay("cash", None, "0.00")])
    with pytest.raises(TenderedTooLittle, match="Enter what the customer handed over"):
        settle(five, [pay("cash", "5.00", "4.00")])
    with pytest.raises(TenderNotPositive):
        settle(-five, [pay("cash", "5.00")])


def test_a_coin_finer_than_the_currency_is_refused():
    for step in ("0", "0.025", "0.001", "-0.05", "NaN"):
        with pytest.raises(StepTooFine):
            round_cash(Money(5, "EUR"), CashRounding(Decimal(step)))


def test_cash_due_rounds_only_where_the_cash_is_rounded():
    assert cash_due(Money(1572, "EUR"), FIVE_CENTS).minor == 1570
    assert cash_due(Money(1572, "EUR"), WHOLE_TOTAL).minor == 1572
    assert cash_due(Money(1572, "EUR"), None).minor == 1572
