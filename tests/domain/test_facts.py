import json
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain import facts, payloads
from pos_app.domain.cart import Cart, add_product
from pos_app.domain.customer import Customer
from pos_app.domain.money import Money
from pos_app.domain.pricing import PricePolicy
from pos_app.domain.product import Product
from pos_app.domain.sale import stock_moves
from pos_app.domain.tax import Tax
from tests.domain.documents import sales

BREAD = Product("p1", "100", "Bröd “fein” \u2028", Decimal("2.50"), taxes=(Tax(Decimal("7.0")),))

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def no_float(text: str) -> float:
    raise AssertionError(f"a float in a journal payload: {text}")


def reread(payload) -> object:
    return json.loads(facts.canonical(payload), parse_float=no_float, parse_constant=no_float)


@given(st.dictionaries(st.text(), json_values, max_size=6))
def test_canonical_json_reads_back_and_writes_the_same_again(payload):
    written = facts.canonical(payload)
    assert reread(payload) == payload
    assert facts.canonical(json.loads(written)) == written
    assert facts.canonical(dict(reversed(payload.items()))) == written
    assert "\x1f" not in written
    assert "\n" not in written


@pytest.mark.parametrize("value", [1.5, float("nan"), float("inf"), 0.0, Decimal("1.5"), {1}, b"x"])
def test_nothing_inexact_or_foreign_enters_a_payload(value):
    with pytest.raises(ValueError, match="has no place in a journal payload"):
        facts.canonical({"amount": value})
    with pytest.raises(ValueError, match="has no place in a journal payload"):
        facts.canonical({"lines": [{"amount": value}]})


@given(sales)
def test_a_sale_fact_holds_the_sale_in_strings_and_whole_numbers(sale):
    fact = facts.sale_completed(sale, stock_moves(sale, "shop"))
    payload = reread(fact.payload)
    assert payload["gross"] == sale.gross.minor == sum(line["gross"] for line in payload["lines"])
    assert payload["net"] + payload["tax"] == payload["gross"]
    assert payload["paid"] - payload["change"] == payload["amount_due"]
    assert sum(row["amount"] for row in payload["taxes"]) == payload["tax"]
    for line, written in zip(sale.lines, payload["lines"], strict=True):
        assert Decimal(written["quantity"]) == line.quantity
        assert Decimal(written["unit_price"]) == line.unit_price
    assert len(payload["stock"]) == len(sale.lines)
    assert facts.canonical(fact.payload) == facts.canonical(
        facts.sale_completed(replace(sale), stock_moves(sale, "shop")).payload
    )


def test_every_fact_has_a_payload_that_can_be_written():
    cart = add_product(Cart("c1", PricePolicy("EUR")), BREAD)
    customer = Customer("k1", "17", "Corner café")
    made = [
        facts.line_removed(cart, cart.lines[0]),
        facts.price_overridden(cart, cart.lines[0]),
        facts.sale_parked(cart, "blue jacket", "0" * 64),
        facts.sale_recalled(cart),
        facts.sale_discarded(cart, Money(250, "EUR")),
        facts.drawer_opened("change"),
        facts.product_saved(BREAD),
        facts.customer_saved(customer),
    ]
    for fact in made:
        assert reread(fact.payload)
    assert len({fact.kind for fact in made}) == len(made)


@pytest.mark.parametrize(
    ("value", "expected"),
    [("1.50", "1.5"), ("100", "100"), ("1E+2", "100"), ("-0.00", "0"), ("1e-7", "0.0000001")],
)
def test_equal_decimals_are_written_alike(value, expected):
    assert payloads.text(Decimal(value)) == expected
