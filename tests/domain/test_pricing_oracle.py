"""The engine and a second opinion written from the definitions alone agree to the last step."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos_app.domain.money import RoundingMode
from pos_app.domain.pricing import PriceLine, PricePolicy, price
from pos_app.domain.tax import TaxRounding
from tests.domain.pricing_oracle import Oracle
from tests.domain.strategies import document_discounts, few_taxes, plain_taxes, price_lines

documents = st.lists(price_lines(few_taxes | plain_taxes), min_size=1, max_size=7)


def assert_agree(lines: list[PriceLine], policy: PricePolicy, discounts) -> None:
    step = policy.step or Decimal("0.01")
    oracle = Oracle(policy.tax_rounding, policy.rounding, step, policy.prices_include_tax)
    expected = oracle.document(lines, discounts)
    found = price(lines, policy, discounts)
    assert found.net.amount == expected.net
    assert found.tax.amount == expected.tax
    assert found.gross.amount == expected.gross
    by_tax = {(t.tax.rate, t.tax.fixed_per_unit): t.amount.amount for t in found.taxes}
    assert by_tax == expected.by_tax
    for mine, other in zip(found.lines, expected.lines, strict=True):
        assert (mine.net.amount, mine.gross.amount) == (other.net, other.gross)
        assert mine.document_discount.amount == other.shared
        assert mine.discount.amount == other.own_discount + other.shared


@pytest.mark.parametrize("mode", RoundingMode)
@pytest.mark.parametrize("tax_rounding", TaxRounding)
@given(
    lines=documents,
    inclusive=st.booleans(),
    step=st.sampled_from([None, None, Decimal("0.05")]),
    discounts=document_discounts(),
    sign=st.sampled_from([1, 1, -1]),
)
@settings(max_examples=40)  # by 25 policies and modes; the long form has 2000 for each
def test_every_policy_and_mode_agrees_with_the_second_opinion(
    tax_rounding, mode, *, lines, inclusive, step, discounts, sign
):
    policy = PricePolicy("EUR", inclusive, tax_rounding, mode, step)
    assert_agree(
        [replace(line, quantity=sign * line.quantity) for line in lines], policy, discounts
    )


@pytest.mark.long
@pytest.mark.parametrize("mode", RoundingMode)
@pytest.mark.parametrize("tax_rounding", TaxRounding)
@given(lines=documents, inclusive=st.booleans(), discounts=document_discounts(3))
@settings(max_examples=2000)
def test_many_more_documents_agree(tax_rounding, mode, lines, inclusive, discounts):
    assert_agree(lines, PricePolicy("EUR", inclusive, tax_rounding, mode), discounts)
