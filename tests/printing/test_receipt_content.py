"""What stands on a receipt: its figures add up, and everything a customer needs is there."""

from dataclasses import replace
from decimal import Decimal

import pytest
from babel.numbers import parse_decimal
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.cart import choose_customer, discount_cart, discount_line
from pos_app.domain.customer import Customer
from pos_app.domain.discount import DiscountBasis, DiscountKind, DocumentDiscount, LineDiscount
from pos_app.domain.money import Money
from pos_app.domain.payment import CashRounding, TenderMethod, TenderRequest
from pos_app.domain.sale import Sale
from pos_app.domain.shop import ReceiptSettings, ShopSettings
from pos_app.domain.tax import Tax
from pos_app.printing.receipt import receipt_slip
from pos_app.printing.slip import Code, Line, Row, Size, Table
from tests.printing import sales


def rows(sale: Sale, shop: ShopSettings = sales.ENGLISH, **options: bool) -> dict[str, str]:
    parts = receipt_slip(sale, shop, **options).parts
    return {part.text: part.figure for part in parts if isinstance(part, Row)}


def texts(sale: Sale, shop: ShopSettings = sales.ENGLISH, **options: bool) -> list[str]:
    parts = receipt_slip(sale, shop, **options).parts
    return [part.text for part in parts if isinstance(part, Line | Row)]


def figure(text: str) -> Decimal:
    return Decimal(parse_decimal(text.replace("£", ""), locale="en"))


def test_a_receipt_says_who_when_and_where() -> None:
    shown = rows(sales.rich_sale("GBP"))
    assert shown["Receipt"] == "1-000123"
    assert shown["Date"] == "14/03/2026 09:26"
    assert (shown["Till"], shown["Cashier"]) == ("1", "2")
    assert (shown["Customer"], shown["Customer number"]) == ("Anna Muster", "C-0042")
    words = texts(sales.rich_sale("GBP"))
    for word in ("Corner Grocer", "12 High Street", "Tax number GB 123 4567 89"):
        assert word in words
    assert "Open every day from 7 to 22" in words
    assert "Thank you for your visit" in words


def test_the_time_is_the_shops_and_the_figures_its_countrys() -> None:
    shown = rows(sales.rich_sale(), sales.GERMAN)
    assert shown["Datum"] == "14.03.2026 10:26"
    assert next(f for t, f in shown.items() if t in ("Total", "Gesamt", "Summe")) == "22,23 €"


def test_weights_show_their_unit_and_fine_prices_their_places() -> None:
    words = texts(sales.rich_sale("GBP"))
    assert "1.245 kg × 1.99" in words
    assert "40 × 0.0125" in words
    assert "3 × 2.79" in words


def test_discounts_carry_their_reason_and_notes_stand_under_their_line() -> None:
    shown = rows(sales.rich_sale("GBP"))
    assert shown["Discount 10% (Short date)"] == "-0.90"
    assert shown["Discount 5% (Regular guest)"] == "-1.17"
    words = texts(sales.rich_sale("GBP"))
    assert words.index("Without sugar") == words.index("Crème brûlée") + 1
    assert "Please keep the receipt for the guarantee." in words


def test_rounding_tenders_and_change_lead_to_the_amount_due() -> None:
    shown = {text: figure(f) for text, f in rows(sales.rich_sale("GBP")).items() if "." in f}
    assert shown["Total"] + shown["Rounding"] == shown["To pay"]
    assert shown["Card (4711)"] + shown["Cash"] - shown["Change"] == shown["To pay"]


def goods_and_totals(sale: Sale) -> tuple[list[Row], dict[str, Row]]:
    """The rows between the first rule and the total, and the rest by their words."""
    parts = receipt_slip(sale, replace(sales.ENGLISH, receipt=ReceiptSettings(language="en"))).parts
    all_rows = [part for part in parts if isinstance(part, Row)]
    start = next(i for i, row in enumerate(all_rows) if row.text == "Cashier") + 1
    end = next(i for i, row in enumerate(all_rows) if row.size is Size.BIG)
    return all_rows[start : end + 1], {row.text: row for row in all_rows[end:]}


DISCOUNTS = st.one_of(
    st.none(),
    st.builds(
        DocumentDiscount,
        st.just(DiscountKind.PERCENT),
        st.decimals(0, 50, places=1),
        st.sampled_from(list(DiscountBasis)),
    ),
    st.builds(
        DocumentDiscount,
        st.just(DiscountKind.AMOUNT),
        st.decimals(0, 3, places=2),
        st.sampled_from(list(DiscountBasis)),
    ),
)


@given(
    st.lists(
        st.tuples(
            st.decimals("0.5", 400, places=2), st.integers(1, 9), st.decimals(0, 90, places=0)
        ),
        min_size=1,
        max_size=6,
    ),
    DISCOUNTS,
    st.booleans(),
)
def test_what_is_printed_above_the_total_adds_up_to_it(
    items: list[tuple[Decimal, int, Decimal]], discount: DocumentDiscount | None, included: bool
) -> None:
    cart = sales.cart_of(currency="GBP", included=included)
    for number, (price, quantity, percent) in enumerate(items):
        tax = sales.FULL if number % 2 else sales.REDUCED
        item = sales.product(f"Item {number}", str(price), taxes=(tax,))
        cart = sales.added(cart, item, Decimal(quantity))
        cart = discount_line(cart, number + 1, LineDiscount(percent))
    if discount is not None:
        cart = discount_cart(cart, None if cart.is_empty else _affordable(cart, discount))
    sale = sales.sold(cart, TenderRequest(TenderMethod.CARD))
    above, _ = goods_and_totals(sale)
    *before, last = above
    with_subtotal = [row for row in before if row.text != "Subtotal"]
    assert sum(figure(row.figure) for row in with_subtotal) == sale.gross.amount
    assert figure(last.figure) == sale.gross.amount
    subtotal = [i for i, row in enumerate(before) if row.text == "Subtotal"]
    for index in subtotal:
        goods = sum(figure(row.figure) for row in before[:index])
        assert goods == figure(before[index].figure)


def _affordable(cart: sales.Cart, discount: DocumentDiscount) -> DocumentDiscount:
    """An amount never larger than the cheapest thing on the cart could bear."""
    if discount.kind is DiscountKind.PERCENT:
        return discount
    return replace(discount, value=min(discount.value, Decimal("0.04")))


def test_the_tax_table_sums_to_the_document() -> None:
    sale = sales.rich_sale("GBP")
    table = next(p for p in receipt_slip(sale, sales.ENGLISH).parts if isinstance(p, Table))
    net, tax, gross = (sum(figure(row[column]) for row in table.rows[1:]) for column in (1, 2, 3))
    assert (net, tax, gross) == (sale.net.amount, sale.tax.amount, sale.gross.amount)
    assert [row[0] for row in table.rows[1:]] == ["A MwSt 7%", "B MwSt 19%"]


def test_each_line_names_its_tax_where_there_are_several() -> None:
    parts = receipt_slip(sales.rich_sale("GBP"), sales.ENGLISH).parts
    tails = {part.text: part.tail for part in parts if isinstance(part, Row) and part.tail}
    assert tails["Organic bananas"] == "A"
    assert tails["Dish soap"] == "B"
    alone = receipt_slip(sales.simple_sale(), sales.ENGLISH).parts
    assert not any(part.tail for part in alone if isinstance(part, Row))


def test_prices_without_tax_show_the_tax_on_top() -> None:
    item = sales.product("Chair", "100", taxes=(Tax(rate=Decimal(20), name="VAT", code="S"),))
    sale = sales.sold(sales.cart_of((item, "2"), currency="GBP", included=False))
    shown = rows(sale)
    assert shown["Subtotal"] == "200.00"
    assert shown["VAT 20%"] == "40.00"
    assert shown["Total"] == "£240.00"


def test_a_return_is_titled_and_names_its_receipt_and_reason() -> None:
    back = sales.returned(sales.rich_sale("GBP"))
    words = texts(back)
    assert "RETURN" in words
    assert "Return of receipt 1-000123" in words
    assert "Reason: Mouldy" in words
    shown = rows(back)
    assert figure(shown["Refund"]) == back.gross.amount < 0
    goods = figure(shown["Sourdough bread, stone-baked, sliced, large"])
    assert goods + figure(shown["Discount 10% (Short date)"]) == back.gross.amount


def test_a_copy_says_so_and_an_original_does_not() -> None:
    assert "COPY" in texts(sales.simple_sale(), copy=True)
    assert "COPY" not in texts(sales.simple_sale())


def test_what_is_owed_on_account_is_said_and_signed_for() -> None:
    cart = sales.cart_of((sales.product("Wine", "30"), "1"), currency="GBP")
    cart = choose_customer(cart, Customer("c", "C-7", "Bistro"))
    sale = sales.sold(
        cart,
        TenderRequest(TenderMethod.CASH, Money.of("10", "GBP")),
        TenderRequest(TenderMethod.ON_ACCOUNT),
    )
    shown = rows(sale)
    assert shown["On account"] == "20.00"
    assert shown["Still owed for this receipt"] == "£20.00"
    assert "Signature" in shown


def test_an_unnamed_item_shows_its_code() -> None:
    cart = sales.cart_of((sales.product("x", "1", code="4006381333931"), "1"))
    cart = replace(cart, lines=tuple(replace(line, name="") for line in cart.lines))
    assert "4006381333931" in texts(sales.sold(cart))


@pytest.mark.parametrize("shows", [True, False])
def test_tax_table_and_code_can_be_left_out(shows: bool) -> None:
    receipt = ReceiptSettings(shows_tax_table=shows, shows_qr=shows)
    parts = receipt_slip(sales.simple_sale(), replace(sales.ENGLISH, receipt=receipt)).parts
    assert any(isinstance(part, Table) for part in parts) is shows
    assert any(isinstance(part, Code) for part in parts) is shows


def test_a_number_too_long_for_a_code_that_can_be_read_back_is_printed_without_one() -> None:
    for number, has_code in (("9" * 200, True), ("9" * 201, False), (" " * 5_000, False)):
        sale = replace(sales.rich_sale("GBP"), number=number)
        parts = receipt_slip(sale, sales.ENGLISH).parts
        assert any(isinstance(part, Code) for part in parts) is has_code


def test_rounding_of_the_whole_total_is_shown_too() -> None:
    cart = sales.cart_of((sales.product("Tea", "1.98"), "1"), currency="GBP")
    cart = replace(cart, cash_rounding=CashRounding(Decimal("0.05"), only_cash=False))
    shown = rows(sales.sold(cart, TenderRequest(TenderMethod.CARD)))
    assert (shown["Rounding"], shown["To pay"]) == ("0.02", "£2.00")
