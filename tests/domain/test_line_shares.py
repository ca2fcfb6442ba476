"""Parts of a line: each as a customer would reckon, all of them the whole."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.line_shares import share_of, turned
from pos_app.domain.pricing import PriceLine, PricePolicy, price
from pos_app.domain.tax import Tax, TaxRounding

NONE = Decimal(0)
TAXES = (Tax(rate=Decimal(19), name="VAT", code="A"), Tax(rate=Decimal(2), name="City", code="C"))
PRICES = st.decimals("0.01", "500", places=2, allow_nan=False, allow_infinity=False)
POLICIES = st.builds(
    PricePolicy,
    st.just("EUR"),
    prices_include_tax=st.booleans(),
    tax_rounding=st.sampled_from(list(TaxRounding)),
)


@pytest.mark.parametrize(("price_of_one", "quantity"), [("99.99", 4), ("1.19", 3), ("0.05", 7)])
def test_one_of_several_is_worth_what_one_costs_where_prices_include_tax(
    price_of_one: str, quantity: int
) -> None:
    policy = PricePolicy("EUR")
    line = PriceLine(Decimal(quantity), Decimal(price_of_one), taxes=TAXES[:1])
    [figures] = price([line], policy).lines
    for before in range(quantity):
        part = share_of(figures, Decimal(quantity), Decimal(before), Decimal(1), policy)
        assert part.gross.amount == Decimal(price_of_one)
        assert part.taxes[0].base == part.net


@given(
    policy=POLICIES, cost=PRICES, parts=st.lists(st.integers(1, 5), min_size=1, max_size=5),
    taxes=st.integers(0, 2),
)  # fmt: skip
def test_all_parts_sum_to_the_whole_and_each_adds_up(
    policy: PricePolicy, cost: Decimal, parts: list[int], taxes: int
) -> None:
    whole = Decimal(sum(parts))
    [figures] = price([PriceLine(whole, cost, taxes=TAXES[:taxes])], policy).lines
    before, shares = NONE, []
    for part in parts:
        shares.append(share_of(figures, whole, before, Decimal(part), policy))
        before += part
    for share in shares:
        assert share.net + share.tax == share.gross
        assert share.tax.minor == sum(figure.amount.minor for figure in share.taxes)
    for name in ("net", "tax", "gross", "discount", "document_discount"):
        assert sum(getattr(one, name).minor for one in shares) == getattr(figures, name).minor
    for place, figure in enumerate(figures.taxes):
        assert sum(one.taxes[place].base.minor for one in shares) == figure.base.minor
    assert turned(turned(figures)) == figures
