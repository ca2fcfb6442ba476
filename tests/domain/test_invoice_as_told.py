"""Totals that somebody else worked out: taken to the cent, and what does not fit refused."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.errors import PosError
from pos_app.domain.given_sale import DiscountTooHigh, TotalOff
from pos_app.domain.invoice_as_told import (
    CHARGES,
    FURTHER_DISCOUNT,
    WHOLE_SALE,
    TaxBeyondTotal,
    TaxWithoutAmount,
    ToldItem,
    ToldTotals,
    lines_as_told,
    tax_of,
)
from pos_app.domain.money import Money, RoundingMode
from pos_app.domain.pricing import sum_lines
from pos_app.domain.tax import Tax

UP = RoundingMode.HALF_UP


def euros(text: str) -> Money:
    return Money.of(text, "EUR")


def totals(sub_total: str, discount: str, total: str) -> ToldTotals:
    return ToldTotals(euros(sub_total), euros(discount), euros(total))


def item(quantity: str, price: str, tax: str = "0") -> ToldItem:
    return ToldItem("Item", Decimal(quantity), Decimal(price), euros(tax))


def test_what_the_total_has_beyond_the_sub_total_stands_as_a_line_of_its_own() -> None:
    told = lines_as_told(totals("100", "0", "200"), [], UP)
    shown = [(one.line.name, one.figures.gross) for one in told.lines]
    assert shown == [(WHOLE_SALE, euros("100")), (CHARGES, euros("100"))]
    assert told.discounts == ()


def test_a_total_below_the_sub_total_takes_a_further_discount_off() -> None:
    told = lines_as_told(totals("100", "10", "85.50"), [item("3", "20"), item("1", "40")], UP)
    assert told.discount_amounts == (euros("10"), euros("4.50"))
    assert [one.reason for one in told.discounts] == ["", FURTHER_DISCOUNT]
    assert [one.figures.net for one in told.lines] == [euros("51.30"), euros("34.20")]


def test_an_items_tax_is_the_roundest_rate_that_makes_it() -> None:
    told = lines_as_told(totals("100", "10", "109"), [item("1", "100", "19")], UP)
    (line,) = told.lines
    assert line.figures.gross == euros("109")
    assert (line.line.taxes[0].rate, line.figures.taxes[0].base) == (Decimal(19), euros("100"))


@pytest.mark.parametrize(
    ("net", "amount", "rate"),
    [("100", "19", "19"), ("9.99", "0.70", "7"), ("3", "0.23", "7.7"), ("250", "18.75", "7.5")],
)
def test_a_rate_is_found_for_an_amount(net: str, amount: str, rate: str) -> None:
    found = tax_of(euros(net), euros(amount), (), UP)
    assert found is not None
    assert found.rate == Decimal(rate)


def test_a_known_tax_comes_before_a_round_rate() -> None:
    known = Tax(rate=Decimal("7.65"), code="X")
    assert tax_of(euros("3"), euros("0.23"), (known,), UP) is known


CASES: list[tuple[ToldTotals, list[ToldItem], type[PosError]]] = [
    (totals("100", "0", "100"), [item("1", "99.99")], TotalOff),
    (totals("100", "100.01", "0"), [], DiscountTooHigh),
    (totals("100", "0", "10"), [item("1", "100", "200")], TaxBeyondTotal),
    (totals("0", "0", "5"), [item("1", "0", "5")], TaxWithoutAmount),
]


@given(st.integers(1, 10**10), st.integers(0, 100))
def test_every_tax_up_to_the_amount_itself_has_a_rate(net: int, percent: int) -> None:
    for minor in {net * percent // 100, net - 1, 1}:
        assert tax_of(Money(net, "EUR"), Money(minor, "EUR"), (), UP) is not None


@pytest.mark.parametrize(("told", "items", "refusal"), CASES)
def test_figures_that_contradict_each_other_are_refused(
    told: ToldTotals, items: list[ToldItem], refusal: type[PosError]
) -> None:
    with pytest.raises(refusal) as raised:
        lines_as_told(told, items, UP)
    assert "{" not in str(raised.value)


@given(
    st.lists(st.tuples(st.integers(1, 50), st.integers(1, 10**6)), min_size=1, max_size=6),
    st.data(),
)
def test_lines_always_come_to_the_total_and_the_discounts_to_their_shares(
    rows: list[tuple[int, int]], data: st.DataObject
) -> None:
    items = [item(str(units), f"{Decimal(price).scaleb(-2)}") for units, price in rows]
    sub_total = Money(sum(units * price for units, price in rows), "EUR")
    discount = Money(data.draw(st.integers(0, sub_total.minor)), "EUR")
    total = Money(data.draw(st.integers(0, 2 * sub_total.minor)), "EUR")
    told = lines_as_told(ToldTotals(sub_total, discount, total), items, UP)
    summed = sum_lines(tuple(one.figures for one in told.lines), "EUR")
    assert summed.gross == total
    shares = sum(one.figures.document_discount.minor for one in told.lines)
    assert shares == sum(amount.minor for amount in told.discount_amounts)
