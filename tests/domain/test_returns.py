from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.cart import FixedByReceipt, NoSuchLine, append_line, price_cart, set_quantity
from pos_app.domain.payment import TenderMethod, TenderRequest
from pos_app.domain.pricing import PriceLine, PricePolicy
from pos_app.domain.return_ import MoreThanWasSold, return_line
from pos_app.domain.sale import complete, stock_moves
from pos_app.domain.tax import Tax
from tests.domain.documents import ONE, STAMP, cart_of, return_cart, sales, sold


@given(sales, st.data())
def test_a_full_refund_in_any_number_of_parts_is_the_exact_negative(sale, data):
    """Every part is its own document; all of them together undo the sale to the last step."""
    net = tax = gross = 0
    by_tax: dict[object, int] = {}
    already = dict.fromkeys((line.line_no for line in sale.lines), Decimal(0))
    while any(already[line.line_no] < line.quantity for line in sale.lines):
        cart = return_cart(sale.policy)
        for line in sale.lines:
            left = line.quantity - already[line.line_no]
            if not left:
                continue
            share = data.draw(st.sampled_from([Decimal("0.3"), Decimal("0.5"), ONE, ONE]))
            back = min(left, (left * share).quantize(Decimal("0.001"))) or left
            cart = append_line(
                cart, return_line(sale, line.line_no, back, already[line.line_no], "broken")
            )
            already[line.line_no] += back
        priced = price_cart(cart)
        assert priced.net.minor + priced.tax.minor == priced.gross.minor
        assert all(
            figure.minor % sale.policy.step_minor == 0
            for figures in priced.lines
            for figure in (figures.net, figures.tax, figures.gross, figures.discount)
        )
        net, tax, gross = (
            net + priced.net.minor,
            tax + priced.tax.minor,
            gross + priced.gross.minor,
        )
        for row in priced.taxes:
            key = (row.tax.rate, row.tax.fixed_per_unit)
            by_tax[key] = by_tax.get(key, 0) + row.amount.minor
    assert (net, tax, gross) == (-sale.net.minor, -sale.tax.minor, -sale.gross.minor)
    for row in sale.taxes:
        assert by_tax[row.tax.rate, row.tax.fixed_per_unit] == -row.amount.minor


def one_third_sale():
    line = PriceLine(Decimal(3), Decimal("3.35"), taxes=(Tax(Decimal(20)),))
    return sold(cart_of([line], PricePolicy("CHF", step=Decimal("0.05"))))


def test_parts_keep_to_the_step_the_document_was_priced_in():
    sale = one_third_sale()
    parts = [return_line(sale, 1, ONE, Decimal(before), "") for before in range(3)]
    assert [part.figures.gross.minor for part in parts] == [-335, -335, -335]
    assert [part.figures.tax.minor for part in parts] == [-55, -60, -55]


def test_no_more_comes_back_than_was_sold():
    sale = one_third_sale()
    with pytest.raises(MoreThanWasSold, match="Only 1 of Product 1 can still come back from 1-1"):
        return_line(sale, 1, Decimal(2), Decimal(2), "")
    for quantity in ("0", "-1", "NaN", "Infinity", "3.001"):
        with pytest.raises(MoreThanWasSold):
            return_line(sale, 1, Decimal(quantity), Decimal(0), "")
    with pytest.raises(NoSuchLine):
        return_line(sale, 9, ONE, Decimal(0), "")


def test_a_linked_return_keeps_its_figures_and_its_link():
    sale = one_third_sale()
    cart = append_line(return_cart(sale.policy), return_line(sale, 1, ONE, Decimal(0), "stale"))
    assert cart.lines[0].returns.sale_id == sale.id
    assert cart.lines[0].returns.reason == "stale"
    with pytest.raises(FixedByReceipt, match="Remove the line and enter the return again"):
        set_quantity(cart, 1, Decimal(-2))
    refund = complete(cart, [TenderRequest(TenderMethod.CASH)], "1-2", replace(STAMP))
    assert refund.gross.minor == refund.amount_due.minor == refund.paid.minor == -335
    assert [move.quantity for move in stock_moves(refund, "shop")] == [1]
