"""Sales with figures of somebody else's: whatever is taken over adds up, and nothing else is."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos_app.domain.given_sale import (
    DiscountTooHigh,
    GivenLine,
    GivenSale,
    GivenTax,
    SubtotalOff,
    TotalOff,
    given_moves,
    taken_over,
)
from pos_app.domain.money import Money, RoundingMode
from pos_app.domain.payment import TenderMethod
from pos_app.domain.price_figures import PricePolicy
from pos_app.domain.product import KILOGRAM, Product, ProductKind
from pos_app.domain.sale import Sale, Stamp
from pos_app.domain.tax import Tax, TaxRounding
from pos_app.domain.void import voided

STAMP = Stamp("HO", "main", "admin", datetime(2026, 2, 20, 5, tzinfo=UTC), date(2026, 2, 20))
GST = Tax(rate=Decimal(10), name="GST", code="GST")
BOTTLE = Tax(fixed_per_unit=Decimal("0.15"), name="Deposit", code="D")
PRODUCT = Product("1", "1", "Oil", Decimal(10), KILOGRAM, taxes=(GST, BOTTLE))
EUR = PricePolicy("EUR")


def sale(*lines: GivenLine, discount: str = "0", currency: str = "EUR") -> GivenSale:
    amount = Money.of(Decimal(discount), currency)
    return GivenSale("id", "N-1", STAMP, lines, TenderMethod.CASH, amount)


def line(quantity: str, unit_price: str, **more: object) -> GivenLine:
    return GivenLine("Oil", Decimal(quantity), Decimal(unit_price), **more)  # type: ignore[arg-type]


def check_adds_up(made: Sale, discount: Money) -> None:
    lines = [one.figures for one in made.lines]
    for figures in lines:
        assert figures.net + figures.tax == figures.gross
        assert sum(tax.amount.minor for tax in figures.taxes) == figures.tax.minor
    for name in ("net", "tax", "gross"):
        assert sum(getattr(one, name).minor for one in lines) == getattr(made, name).minor
    assert sum(tax.amount.minor for tax in made.taxes) == made.tax.minor
    assert sum(one.document_discount.minor for one in lines) == discount.minor
    assert made.gross == made.amount_due == made.paid
    assert [one.amount for one in made.tenders] == [made.amount_due]


quantities = st.decimals(-999, 999, places=3).filter(bool)
prices = st.decimals(0, 9999, places=4)
given_lines = st.builds(
    line,
    quantities.map(str),
    prices.map(str),
    product=st.sampled_from([None, PRODUCT]),
    taxes=st.sampled_from([None, (), (GivenTax(GST),), (GivenTax(GST, Money(7, "EUR")),)]),
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(given_lines, min_size=1, max_size=6),
    st.integers(0, 100),
    st.sampled_from(TaxRounding),
    st.sampled_from(RoundingMode),
    st.booleans(),
)
def test_what_is_taken_over_adds_up_and_its_void_is_the_exact_negative(
    lines: list[GivenLine],
    percent: int,
    tax_rounding: TaxRounding,
    rounding: RoundingMode,
    is_with_tax: bool,
):
    policy = PricePolicy("EUR", is_with_tax, tax_rounding, rounding, Decimal("0.05"))
    plain = taken_over(sale(*lines), policy)
    whole = plain.net.minor
    discount = Money(int(whole * percent / 100), "EUR")
    made = taken_over(replace(sale(*lines), discount=discount), policy)
    check_adds_up(made, discount)
    assert made.tax == plain.tax  # taken before the discount
    assert made.net.minor == whole - discount.minor
    void = voided(made, "v", "V-1", STAMP, "")
    assert (void.net, void.tax, void.amount_due) == (-made.net, -made.tax, -made.amount_due)


def test_tax_stands_beside_the_price_whatever_the_shops_prices_hold():
    included = replace(PRODUCT, taxes=(replace(GST, included=True),))
    made = taken_over(sale(line("3", "10.00", product=included)), EUR)
    assert (made.net.minor, made.tax.minor) == (3000, 300)
    assert made.policy.prices_include_tax is False


def test_a_fixed_tax_counts_by_the_unit_and_keeps_its_name_on_the_document():
    made = taken_over(sale(line("4", "2.00", product=PRODUCT)), EUR)
    assert [(one.tax.fixed_per_unit, one.amount.minor) for one in made.taxes] == [
        (None, 80),
        (Decimal("0.15"), 60),
    ]


def test_a_cent_of_rounding_is_let_pass_and_more_is_not():
    third = line("3", "3.333333", subtotal=Money(1000, "EUR"))
    assert taken_over(sale(third), EUR).net.minor == 1000
    with pytest.raises(SubtotalOff):
        taken_over(sale(replace(third, subtotal=Money(1002, "EUR"))), EUR)
    with pytest.raises(TotalOff):
        taken_over(replace(sale(third), total=Money(1001, "EUR")), EUR)
    with pytest.raises(DiscountTooHigh):
        taken_over(sale(third, discount="10.01"), EUR)


def test_only_goods_move_and_each_from_its_place():
    service = replace(PRODUCT, id="2", kind=ProductKind.SERVICE)
    wanted = sale(
        line("2", "1", product=PRODUCT, location="A-01-03"),
        line("-1", "1", product=PRODUCT),
        line("1", "1", product=service),
        line("1", "1"),
    )
    moves = given_moves(wanted, taken_over(wanted, EUR), "shop")
    assert [(move.location, move.quantity) for move in moves] == [("A-01-03", -2), ("shop", 1)]


def test_yen_and_dinars_have_their_own_places():
    for currency, unit_price, minor in (("JPY", "105", 315), ("KWD", "1.005", 3015)):
        made = taken_over(sale(line("3", unit_price), currency=currency), PricePolicy(currency))
        assert made.net.minor == minor
