"""What holds for every document, whatever its policy: proved on random ones."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.discount import DiscountBasis, DiscountKind, DocumentDiscount
from pos_app.domain.money import RoundingMode, StepTooFine, smallest_step, spread
from pos_app.domain.pricing import PriceLine, PricePolicy, price, sum_lines
from pos_app.domain.tax import Tax, TaxNeedsRateOrFixed, TaxOutOfRange
from tests.domain.strategies import document_discounts, plain_taxes, policies, price_lines

documents = st.lists(price_lines(with_minimum=True), max_size=8)


@given(documents, policies, document_discounts())
def test_net_and_tax_make_gross_and_the_lines_make_the_document(lines, policy, discounts):
    priced = price(lines, policy, discounts)
    assert priced.net.minor + priced.tax.minor == priced.gross.minor
    for side in ("net", "tax", "gross"):
        parts = [getattr(line, side).minor for line in priced.lines]
        assert sum(parts) == getattr(priced, side).minor
    for line in priced.lines:
        assert line.net.minor + line.tax.minor == line.gross.minor
        assert sum(row.amount.minor for row in line.taxes) == line.tax.minor
    assert sum(row.amount.minor for row in priced.taxes) == priced.tax.minor


@given(documents, policies, document_discounts())
def test_every_figure_is_a_whole_number_of_steps(lines, policy, discounts):
    priced = price(lines, policy, discounts)
    for line in priced.lines:
        for figure in (line.net, line.tax, line.gross, line.discount, line.document_discount):
            assert figure.minor % policy.step_minor == 0


@given(documents, policies, document_discounts())
def test_shares_of_a_discount_sum_to_the_discount(lines, policy, discounts):
    priced = price(lines, policy, discounts)
    given_away = sum(amount.minor for amount in priced.document_discounts)
    assert sum(line.document_discount.minor for line in priced.lines) == given_away
    assert all(line.document_discount.minor >= 0 for line in priced.lines)


@given(documents, policies, document_discounts(1))
def test_a_discount_lowers_the_total_it_is_on_by_itself(lines, policy, discounts):
    before, after = price(lines, policy), price(lines, policy, discounts)
    for discount, amount in zip(discounts, after.document_discounts, strict=True):
        side = discount.basis.value
        lowered = getattr(before, side).minor - getattr(after, side).minor
        # A fraction kept until the document is summed may round its step either way.
        keeps = policy.tax_rounding in ("per_document", "sum_then_round")
        assert abs(lowered - amount.minor) <= (policy.step_minor * len(lines) if keeps else 0)


@given(documents, policies, document_discounts(1))
def test_no_line_gives_more_than_its_minimum_price_leaves(lines, policy, discounts):
    untaxed = [replace(line, taxes=()) for line in lines]
    before, after = price(untaxed, policy), price(untaxed, policy, discounts)
    for line, full, left in zip(untaxed, before.lines, after.lines, strict=True):
        least = (line.min_unit_price or 0) * line.quantity
        if left.document_discount:
            assert full.gross.amount - left.document_discount.amount >= least
            assert left.gross.amount >= least


@given(st.lists(price_lines(plain_taxes), max_size=8), policies, st.sampled_from(DiscountBasis))
def test_a_total_discounted_to_nothing_comes_to_nothing(lines, policy, basis):
    """With one tax a line: two taxes rounded up on a cent are more than the cent itself."""
    free = [replace(line, min_unit_price=None) for line in lines]
    all_of_it = DocumentDiscount(DiscountKind.PERCENT, Decimal(100), basis)
    before, after = price(free, policy), price(free, policy, [all_of_it])
    sides = [getattr(line, basis.value).minor for line in before.lines]
    if all(side >= 0 for side in sides):
        assert getattr(after, basis.value).minor == 0


@given(documents, policies, document_discounts(1))
def test_an_amount_is_given_whole_or_as_far_as_there_is_room(lines, policy, discounts):
    free = [replace(line, min_unit_price=None) for line in lines]
    amounts = [replace(discount, kind=DiscountKind.AMOUNT) for discount in discounts]
    before, after = price(free, policy), price(free, policy, amounts)
    for discount, amount in zip(amounts, after.document_discounts, strict=True):
        sides = [getattr(line, discount.basis.value).minor for line in before.lines]
        room = max(0, min(sum(sides), sum(side for side in sides if side > 0)))
        wanted = discount.value / smallest_step(policy.currency)
        assert amount.minor == room or abs(amount.minor - wanted) < policy.step_minor


@given(documents, policies, document_discounts())
def test_negating_quantities_negates_every_figure(lines, policy, discounts):
    sale = price(lines, policy, discounts)
    refund = price([replace(line, quantity=-line.quantity) for line in lines], policy, discounts)
    assert (refund.net, refund.tax, refund.gross) == (-sale.net, -sale.tax, -sale.gross)
    for back, sold in zip(refund.lines, sale.lines, strict=True):
        assert (back.net, back.tax, back.gross) == (-sold.net, -sold.tax, -sold.gross)
        assert back.discount == -sold.discount
        assert [row.amount for row in back.taxes] == [-row.amount for row in sold.taxes]


@given(documents, policies, document_discounts())
def test_pricing_again_from_new_values_gives_the_same(lines, policy, discounts):
    again = [
        PriceLine(
            Decimal(str(line.quantity)),
            Decimal(str(line.unit_price)),
            replace(line.discount),
            line.min_unit_price,
            tuple(replace(tax) for tax in line.taxes),
        )
        for line in lines
    ]
    assert price(lines, policy, discounts) == price(again, replace(policy), discounts)


@given(documents, policies)
def test_line_figures_add_up_to_the_same_document(lines, policy):
    priced = price(lines, policy)
    assert sum_lines(priced.lines, policy.currency) == priced


@given(
    st.lists(st.tuples(st.integers(-10_000, 10_000), st.integers(1, 300)), max_size=12),
    st.sampled_from(RoundingMode),
)
def test_parts_of_a_rounded_sum_stay_within_a_step_and_mirror(parts, mode):
    steps = spread(parts, mode)
    for (numerator, denominator), step in zip(parts, steps, strict=True):
        assert abs(step * denominator - numerator) < denominator
    assert spread([(-n, d) for n, d in parts], mode) == [-step for step in steps]


def test_hundreds_of_documents_do_not_disturb_each_other():
    """Answers are remembered by object; a used-up memory must never answer for another line."""
    policy = PricePolicy("EUR", False)
    for index in range(5000):
        line = PriceLine(Decimal(1 + index % 7), Decimal(index) / 100, taxes=(Tax(Decimal(10)),))
        assert price([line], policy).net.minor == index * (1 + index % 7)


def test_lines_of_both_signs_share_a_discount_only_among_the_sold():
    lines = [PriceLine(Decimal(2), Decimal(5)), PriceLine(Decimal(-1), Decimal(4))]
    ten = DocumentDiscount(DiscountKind.AMOUNT, Decimal(10))
    priced = price(lines, PricePolicy("EUR"), [ten])
    assert [line.document_discount.minor for line in priced.lines] == [600, 0]
    assert priced.gross.minor == 0


@pytest.mark.parametrize("step", ["0", "-0.01", "0.001", "0.015", "NaN", "Infinity", "1e-400"])
def test_a_step_that_does_not_fit_the_currency_is_refused(step):
    with pytest.raises(StepTooFine, match=r"multiple of its smallest unit, 0\.01"):
        PricePolicy("EUR", step=Decimal(step))


def test_a_tax_needs_exactly_one_sensible_figure():
    with pytest.raises(TaxNeedsRateOrFixed):
        Tax()
    with pytest.raises(TaxNeedsRateOrFixed):
        Tax(Decimal(1), Decimal(1))
    for value in ("-1", "NaN", "Infinity", "1e400"):
        with pytest.raises(TaxOutOfRange):
            Tax(Decimal(value))
        with pytest.raises(TaxOutOfRange):
            Tax(fixed_per_unit=Decimal(value))
