"""Whatever a shop sells and however it rounds: each API is told sums that are ours to the cent."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pos_app.domain.money import minor_digits, smallest_step
from pos_app.domain.pricing import PriceLine, PricePolicy
from pos_app.domain.sale import Sale
from pos_app.domain.tax import Tax
from pos_app.sync.dialect import Carried, NotSayable, Outgoing
from pos_app.sync.dialects.add_sale import AddSaleApi
from pos_app.sync.dialects.erp import ErpApi
from pos_app.sync.dialects.erp_lines import invoice_items, of_sale, order_items
from pos_app.sync.dialects.retail_sale import RetailSaleApi
from tests.domain.documents import cart_of, sales, sold
from tests.sync.dialects.telling import KnownHere

D = Decimal


def thing_of(sale: Sale) -> Outgoing:
    return Outgoing(Carried.SALE, sale.id, sale.number, sale.stamp.at, sale)


def rounded(value: Decimal, currency: str) -> Decimal:
    return value.quantize(smallest_step(currency), ROUND_HALF_UP)


def sum_of(items: list[dict[str, Any]], field: str) -> Decimal:
    return sum((D(item[field]) for item in items), D(0))


@given(sales)
@settings(max_examples=150, deadline=None)
def test_retail_is_told_net_and_tax_line_by_line(sale: Sale) -> None:
    dialect = RetailSaleApi()
    known = KnownHere(dialect, unmapped="name", returns="negative")
    (step,) = dialect.steps(thing_of(sale), known)
    told = step.request(known).body["sale"]
    items = told["items"]
    assert D(told["totalAmount"]) == sum_of(items, "subTotal") == sale.net.amount
    assert sum_of(items, "taxAmount") == sale.tax.amount
    for item in items:
        product = D(item["quantity"]) * D(item["unitPrice"])
        assert rounded(product, sale.currency) == D(item["subTotal"])
        assert sum_of(item["taxes"], "taxAmount") == D(item["taxAmount"])


@given(sales)
@settings(max_examples=150, deadline=None)
def test_add_sale_is_told_net_total_and_lines(sale: Sale) -> None:
    dialect = AddSaleApi()
    known = KnownHere(dialect, walk_in="42", items="on", returns="negative")
    (step,) = dialect.steps(thing_of(sale), known)
    try:
        told = step.request(known).body
    except NotSayable:
        assert minor_digits(sale.currency) > 2  # decimal (10,2) has no fils
        return
    items = told["items"]
    prices = [D(item["quantity"]) * D(item["unit_price"]) for item in items]
    net = sum((rounded(price, sale.currency) for price in prices), D(0))
    assert net == D(told["sub_total_amount"]) == sale.net.amount
    assert net + sum_of(items, "tax") == sale.gross.amount
    assert D(told["total_amount"]) == D(told["amount_paid"]) == sale.amount_due.amount


@given(sales)
@settings(max_examples=150, deadline=None)
def test_the_erp_is_told_an_order_and_an_invoice_of_the_same_total(sale: Sale) -> None:
    known = KnownHere(ErpApi())
    lines = of_sale(sale.lines)
    try:
        ordered = order_items(sale.number, lines, known)
        invoiced = invoice_items(sale.number, lines, known)
    except NotSayable:
        # Some cents of tax can stand on a net amount of nothing, or below it.
        assert any(line.figures.net.minor <= 0 or line.figures.tax.minor < 0 for line in lines)
        return
    amounts = [D(item["quantity"]) * D(item["unitPrice"]) for item in ordered]
    assert sum(rounded(one, sale.currency) for one in amounts) == sale.gross.amount
    assert abs(sum(amounts) - sale.gross.amount) < smallest_step(sale.currency)
    totals = [_invoiced(item, sale.currency) for item in invoiced]
    assert sum((net for net, _ in totals), D(0)) == sale.net.amount
    assert sum((tax for _, tax in totals), D(0)) == sale.tax.amount


def _invoiced(item: dict[str, Any], currency: str) -> tuple[Decimal, Decimal]:
    """Add up a line as the document has it: net price x quantity, and a rate of that."""
    net = rounded(D(item["quantity"]) * D(item["unitPrice"]), currency)
    return net, rounded(net * D(item["taxRate"]) / 100, currency)


@given(
    st.integers(20_000, 900_000).map(D),
    st.decimals("0.01", "9.99", places=2),
    st.sampled_from(["7", "19", "20"]),
)
@settings(max_examples=100, deadline=None)
def test_the_erp_is_told_whole_pallets_in_two_lines_with_all_of_their_tax(
    quantity: Decimal, price: Decimal, rate: str
) -> None:
    cart = cart_of([PriceLine(quantity, price, taxes=(Tax(D(rate)),))], PricePolicy("EUR"))
    sale = sold(cart)
    items = invoice_items(sale.number, of_sale(sale.lines), KnownHere(ErpApi()))
    assert sum_of(items, "quantity") == quantity
    if len(items) == 2:
        assert items[0]["taxRate"] == D(rate)
    totals = [_invoiced(item, "EUR") for item in items]
    assert sum((net for net, _ in totals), D(0)) == sale.net.amount
    assert sum((tax for _, tax in totals), D(0)) == sale.tax.amount
