"""The words of "Why this price?" carry the figures of the very pricing they explain."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.discount import (
    DiscountBasis,
    DiscountKind,
    DocumentDiscount,
    LineDiscount,
)
from pos_app.domain.money import Money
from pos_app.domain.payment import CashRounding, TenderMethod, TenderRequest, settle
from pos_app.domain.payment_trace import explain_payment
from pos_app.domain.price_trace import explain
from pos_app.domain.pricing import PriceLine, PricePolicy, price
from pos_app.domain.tax import Tax, TaxRounding
from tests.domain.strategies import document_discounts, policies, price_lines

FIVE = PriceLine(Decimal(5), Decimal("5.75"), LineDiscount(Decimal(18)), taxes=(Tax(Decimal(21)),))


def told(policy: PricePolicy, *lines: PriceLine, discounts=()) -> str:
    return "\n".join(explain(lines, policy, discounts))


@pytest.mark.parametrize(
    ("tax_rounding", "inclusive", "expected"),
    [
        (
            "per_line",
            True,
            [
                (
                    "Line 1: 5 × 5.75 = 28.75; 18 % off = 5.175, leaves 23.575,"
                    " rounded half up to 23.58."
                ),
                (
                    "Line 1: 21 % tax contained in 23.58, rounded half up to 4.09;"
                    " before tax 19.49, with tax 23.58."
                ),
                "Total: 19.49 before tax + 4.09 tax = 23.58 (21 % tax on 19.49: 4.09).",
            ],
        ),
        (
            "per_line",
            False,
            ["21 % tax of 23.58 = 4.9518, rounded half up to 4.95; before tax 23.58"],
        ),
        (
            "per_unit",
            False,
            [
                (
                    "each 5.75; 18 % off = 1.04 on each unit, rounded half up, leaves 4.71;"
                    " 5 × 4.71 = 23.55."
                ),
                "21 % tax of 4.71 = 0.9891, rounded half up to 0.99 on each, × 5 = 4.95",
            ],
        ),
        (
            "per_document",
            True,
            [
                "leaves 23.575 (not rounded yet).",
                "21 % tax over all its lines = 4.091528…, rounded half up once to 4.09.",
            ],
        ),
        ("sum_then_round", False, ["The tax of all lines and rates = 4.95075, rounded half up"]),
        (
            "round_lines_then_tax_per_rate",
            False,
            ["rounded half up to 23.58.", "21 % tax over all its lines = 4.9518, rounded"],
        ),
    ],
)
def test_each_policy_is_told_with_its_own_numbers(tax_rounding, inclusive, expected):
    words = told(PricePolicy("EUR", inclusive, TaxRounding(tax_rounding)), FIVE)
    for sentence in expected:
        assert sentence in words


def test_discounts_tell_who_gave_what_and_what_stopped_them():
    lines = [
        PriceLine(Decimal(1), Decimal(10), LineDiscount(Decimal(50)), Decimal(9)),
        PriceLine(Decimal(1), Decimal(20)),
    ]
    percent = DocumentDiscount(DiscountKind.PERCENT, Decimal(10), DiscountBasis.NET)
    words = told(PricePolicy("EUR", False), *lines, discounts=[percent])
    assert "50 % off = 1.00, leaves 9.00 (the minimum price 9.00 allows no more)" in words
    assert (
        "Discount 1: 10 % off the total before tax of 29.00 = 2.90, rounded half up;"
        " shared by size: line 2 2.90." in words
    )
    tied = [PriceLine(Decimal(1), Decimal(10), min_unit_price=Decimal(9))]
    amount = DocumentDiscount(DiscountKind.AMOUNT, Decimal(4))
    words = told(PricePolicy("EUR"), *tied, discounts=[amount])
    assert "leave room for 1.00; shared by size: line 1 1.00" in words


def test_payment_tells_rounding_tenders_and_change():
    gross = Money(1572, "EUR")
    tenders = [
        TenderRequest(TenderMethod.CARD, Money(68, "EUR")),
        TenderRequest(TenderMethod.CASH, None, Money(2000, "EUR")),
    ]
    rounding = CashRounding(Decimal("0.05"))
    assert explain_payment(gross, settle(gross, tenders, rounding), rounding) == (
        "Card pays 0.68.",
        "Cash pays 15.05: 20.00 handed over, 4.95 change.",
        "The part paid in cash, 15.04, is rounded half up to 0.05: 15.05.",
        "To pay: 15.72 and 0.01 rounding = 15.73.",
        "Paid 20.68, change 4.95, still to pay 0.00.",
    )
    whole = CashRounding(Decimal("0.05"), only_cash=False)
    words = explain_payment(gross, settle(gross, [], whole), whole)
    assert words[0] == "The total 15.72 is rounded half up to 0.05: 15.70."


@given(st.lists(price_lines(with_minimum=True), max_size=5), policies, document_discounts())
def test_every_document_can_be_told_and_ends_in_its_total(lines, policy, discounts):
    words = explain(lines, policy, discounts)
    priced = price(lines, policy, discounts)
    assert f"= {priced.gross.amount:f}" in words[-1]
    assert sum(1 for sentence in words if re.match(r"Line \d+: ", sentence)) >= len(lines)
    for number, line in enumerate(lines, 1):
        assert any(s.startswith(f"Line {number}: ") and f"{line.quantity:f}" in s for s in words)
    assert all(sentence.endswith(".") for sentence in words)
    assert not any("E+" in s or "E-" in s or "Fraction" in s for s in words)
