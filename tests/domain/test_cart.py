from dataclasses import fields, replace
from decimal import Decimal

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from pos_app.domain.cart import (
    Cart,
    CartLine,
    DiscountTooLarge,
    FixedByReceipt,
    NoSuchLine,
    PriceOutOfRange,
    QuantityOutOfRange,
    QuantityTooFine,
    SaleKind,
    TextTooLong,
    add_product,
    add_unknown,
    append_line,
    choose_customer,
    discount_cart,
    discount_line,
    note_cart,
    note_line,
    price_cart,
    remove_line,
    set_price,
    set_quantity,
    total_due,
)
from pos_app.domain.customer import Customer
from pos_app.domain.discount import (
    NO_DISCOUNT,
    DiscountBasis,
    DiscountKind,
    DiscountOutOfRange,
    DocumentDiscount,
    LineDiscount,
)
from pos_app.domain.errors import PosError
from pos_app.domain.pricing import PriceLine, PricePolicy, price
from pos_app.domain.product import KILOGRAM, Product
from pos_app.domain.return_ import return_line
from pos_app.domain.tax import Tax, TaxRounding
from tests.domain.documents import cart_of, return_cart, sold

EUR = PricePolicy("EUR")
EMPTY = Cart("c1", EUR)
BREAD = Product("p1", "100", "Bread", Decimal("2.50"), taxes=(Tax(Decimal(7)),))
APPLES = Product("p2", "200", "Apples", Decimal("1.99"), unit=KILOGRAM, min_price=Decimal("1.50"))
GIFT = Product("p3", "300", "Gift card", None)
PRODUCTS = [BREAD, APPLES, GIFT]
UNUSABLE = ["0", "-1", "NaN", "sNaN", "Infinity", "-Infinity", "1000000", "1e999999", "1e400"]


def test_the_same_product_counts_up_and_a_touched_line_stays_apart():
    cart = add_product(add_product(EMPTY, BREAD), BREAD, Decimal(2))
    assert [line.quantity for line in cart.lines] == [3]
    for touch in (
        lambda cart: discount_line(cart, 1, LineDiscount(Decimal(5))),
        lambda cart: set_price(cart, 1, Decimal("2.00")),
        lambda cart: note_line(cart, 1, "sliced"),
    ):
        twice = add_product(touch(cart), BREAD)
        assert [line.quantity for line in twice.lines] == [3, 1]
        assert [line.id for line in twice.lines] == [1, 2]


def test_every_field_but_id_and_quantity_tells_lines_apart():
    cart = add_product(EMPTY, BREAD)
    others = {
        "product_id": "p9",
        "code": "9",
        "name": "Roll",
        "unit_price": Decimal(3),
        "taxes": (),
        "note": "x",
        "cost": Decimal(1),
    }
    for name, value in others.items():
        changed = replace(cart, lines=(replace(cart.lines[0], **{name: value}),))
        assert len(add_product(changed, BREAD).lines) == 2, name
    assert {"id", "quantity"} < {field.name for field in fields(CartLine)}


@pytest.mark.parametrize("quantity", UNUSABLE)
def test_an_impossible_quantity_is_refused(quantity):
    cart = add_product(EMPTY, APPLES)
    with pytest.raises(QuantityOutOfRange, match="Enter a number above 0"):
        add_product(EMPTY, APPLES, Decimal(quantity))
    with pytest.raises(QuantityOutOfRange):
        set_quantity(cart, 1, Decimal(quantity))


@pytest.mark.parametrize("price_text", [*UNUSABLE[1:6], "10000000", "1e400", "0.00001"])
def test_an_impossible_price_is_refused(price_text):
    cart = add_unknown(EMPTY, "4711")
    with pytest.raises(PriceOutOfRange, match="at most 4 decimal places"):
        set_price(cart, 1, Decimal(price_text))
    with pytest.raises(PriceOutOfRange):
        add_product(EMPTY, GIFT, unit_price=Decimal(price_text))


def test_a_price_of_nothing_and_four_places_are_fine():
    cart = set_price(add_unknown(EMPTY, "4711"), 1, Decimal("0.0001"), "Screw")
    assert cart.lines[0].name == "Screw"
    assert set_price(cart, 1, Decimal(0)).lines[0].unit_price == 0


@pytest.mark.parametrize(
    ("product", "quantity", "places"), [(BREAD, "1.5", 0), (APPLES, "0.0005", 3)]
)
def test_a_unit_limits_the_decimals_of_a_quantity(product, quantity, places):
    with pytest.raises(QuantityTooFine, match=f"at most {places} decimal places"):
        add_product(EMPTY, product, Decimal(quantity))


def test_returns_and_adjustments_have_their_own_signs():
    returns = replace(EMPTY, kind=SaleKind.RETURN)
    assert price_cart(add_product(returns, BREAD, Decimal(-1))).gross.minor == -250
    with pytest.raises(QuantityOutOfRange):
        add_product(returns, BREAD, Decimal(1))
    adjustment = replace(EMPTY, kind=SaleKind.ADJUSTMENT)
    owed = add_product(adjustment, BREAD, Decimal(1), unit_price=Decimal("-11062.06"))
    assert total_due(owed).minor == -1106206
    with pytest.raises(QuantityOutOfRange):
        add_product(adjustment, BREAD, Decimal(0))


@pytest.mark.parametrize("value", ["-0.01", "NaN", "sNaN", "Infinity", "1e-400", "1e16"])
def test_an_impossible_discount_is_refused(value):
    amount = Decimal(value)
    for make in (
        lambda: LineDiscount(percent=amount),
        lambda: LineDiscount(amount_per_unit=amount),
        lambda: DocumentDiscount(DiscountKind.AMOUNT, amount),
        lambda: DocumentDiscount(DiscountKind.PERCENT, amount),
    ):
        with pytest.raises(DiscountOutOfRange, match="Enter 0 to 100 percent"):
            make()
    for make in (
        lambda: LineDiscount(percent=Decimal("100.01")),
        lambda: DocumentDiscount(DiscountKind.PERCENT, Decimal("100.01")),
    ):
        with pytest.raises(DiscountOutOfRange):
            make()


def test_a_discount_is_never_more_than_there_is():
    cart = add_product(EMPTY, BREAD)
    with pytest.raises(DiscountTooLarge, match=r"2\.51 is more than the 2\.50"):
        discount_line(cart, 1, LineDiscount(amount_per_unit=Decimal("2.51")))
    with pytest.raises(DiscountTooLarge):
        discount_cart(cart, DocumentDiscount(DiscountKind.AMOUNT, Decimal("2.51")))
    whole = discount_cart(cart, DocumentDiscount(DiscountKind.AMOUNT, Decimal("2.50")))
    assert total_due(whole).minor == 0
    again = discount_cart(whole, DocumentDiscount(DiscountKind.AMOUNT, Decimal("1.00")))
    assert total_due(again).minor == 150
    assert total_due(discount_cart(again, None)).minor == 250


def test_long_notes_are_refused_and_the_limit_named():
    cart = add_product(EMPTY, BREAD)
    for gesture in (
        lambda: note_line(cart, 1, "x" * 501),
        lambda: note_cart(cart, "x" * 501),
        lambda: discount_line(cart, 1, LineDiscount(Decimal(1), reason="x" * 501)),
    ):
        with pytest.raises(TextTooLong, match="Shorten it to 500"):
            gesture()


def test_fixed_figures_stand_beside_priced_lines():
    sale = sold(cart_of([PriceLine(Decimal(3), Decimal("3.33"))], EUR))
    cart = append_line(return_cart(EUR), return_line(sale, 1, Decimal(1), Decimal(0), ""))
    cart = add_product(cart, BREAD, Decimal(-2))
    priced = price_cart(cart)
    assert [line.gross.minor for line in priced.lines] == [-333, -500]
    assert priced.gross.minor == -833
    with pytest.raises(FixedByReceipt):
        set_price(cart, 1, Decimal(1))
    with pytest.raises(FixedByReceipt):
        discount_line(cart, 1, NO_DISCOUNT)
    assert remove_line(cart, 1).lines == cart.lines[1:]


class CartMachine(RuleBasedStateMachine):
    """Random gestures: a refusal leaves the cart as it was, and the cart always adds up."""

    @initialize(
        tax_rounding=st.sampled_from(TaxRounding),
        inclusive=st.booleans(),
        kind=st.sampled_from(SaleKind),
    )
    def open_cart(self, tax_rounding, inclusive, kind):
        self.cart = Cart("c1", PricePolicy("EUR", inclusive, tax_rounding), kind)
        self.removed: set[int] = set()
        self.last_sentence = "Ready."

    def gesture(self, make) -> None:
        before = self.cart
        copy = replace(before)
        try:
            after = make(before)
        except PosError as refusal:
            self.last_sentence = str(refusal)
            after = before
        assert before == copy
        self.removed |= {line.id for line in before.lines} - {line.id for line in after.lines}
        self.cart = after

    line_ids = st.integers(0, 6)
    quantities = st.sampled_from([Decimal(q) for q in ("1", "2", "-1", "0.25", "0", "NaN", "1e9")])
    prices = st.sampled_from([Decimal(p) for p in ("0", "1.99", "0.0001", "-3", "1e8", "NaN")])
    percents = st.sampled_from([Decimal(p) for p in ("0", "10", "33.3", "100")])
    values = st.sampled_from([Decimal(v) for v in ("0", "0.5", "2.00", "50")])

    @rule(product=st.sampled_from(PRODUCTS), quantity=quantities)
    def scan(self, product, quantity):
        self.gesture(lambda cart: add_product(cart, product, quantity))

    @rule(quantity=quantities)
    def scan_unknown(self, quantity):
        self.gesture(lambda cart: add_unknown(cart, "4711", quantity))

    @rule(line_id=line_ids, quantity=quantities)
    def change_quantity(self, line_id, quantity):
        self.gesture(lambda cart: set_quantity(cart, line_id, quantity))

    @rule(line_id=line_ids, unit_price=prices)
    def change_price(self, line_id, unit_price):
        self.gesture(lambda cart: set_price(cart, line_id, unit_price))

    @rule(line_id=line_ids, percent=percents, amount=values)
    def take_off_line(self, line_id, percent, amount):
        self.gesture(lambda cart: discount_line(cart, line_id, LineDiscount(percent, amount)))

    @rule(kind=st.sampled_from(DiscountKind), value=values, basis=st.sampled_from(DiscountBasis))
    def take_off_total(self, kind, value, basis):
        self.gesture(lambda cart: discount_cart(cart, DocumentDiscount(kind, value, basis)))

    @rule()
    def give_no_discount(self):
        self.gesture(lambda cart: discount_cart(cart, None))

    @rule(line_id=line_ids, length=st.sampled_from([0, 3, 501]))
    def write_notes(self, line_id, length):
        self.gesture(lambda cart: note_line(cart, line_id, "n" * length))
        self.gesture(lambda cart: note_cart(cart, "n" * length))

    @rule(name=st.sampled_from(["", "Corner café"]))
    def name_customer(self, name):
        customer = Customer("k1", "17", name) if name else None
        self.gesture(lambda cart: choose_customer(cart, customer))

    @rule(line_id=line_ids)
    def remove(self, line_id):
        self.gesture(lambda cart: remove_line(cart, line_id))

    @invariant()
    def a_refusal_says_a_sentence(self):
        assert self.last_sentence.endswith(".")
        assert "{" not in self.last_sentence

    @invariant()
    def line_ids_are_never_used_twice(self):
        ids = [line.id for line in self.cart.lines]
        assert ids == sorted(set(ids))
        assert not self.removed & set(ids)
        assert all(line_id < self.cart.next_line_id for line_id in ids)

    @invariant()
    def quantities_have_the_sign_of_the_document(self):
        for line in self.cart.lines:
            assert line.quantity != 0
            assert self.cart.kind in (SaleKind.ADJUSTMENT, SaleKind.EXCHANGE, SaleKind.VOID) or (
                (line.quantity > 0) is (self.cart.kind is SaleKind.SALE)
            )

    @invariant()
    def the_cart_adds_up(self):
        priced = price_cart(self.cart)
        assert priced.net + priced.tax == priced.gross
        assert sum(line.gross.minor for line in priced.lines) == priced.gross.minor
        assert len(priced.lines) == len(self.cart.lines)

    @invariant()
    def what_is_remembered_is_what_pricing_afresh_gives(self):
        afresh = [
            PriceLine(
                line.quantity,
                line.unit_price or Decimal(0),
                line.discount,
                line.min_price,
                line.taxes,
            )
            for line in self.cart.lines
        ]
        assert price(afresh, self.cart.policy, self.cart.discounts) == price_cart(self.cart)


CartMachine.TestCase.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
TestCartMachine = CartMachine.TestCase


def test_a_line_that_is_gone_is_named():
    with pytest.raises(NoSuchLine, match="Select a line and try again"):
        remove_line(EMPTY, 1)
