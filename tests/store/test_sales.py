"""Documents come back from their rows exactly as they were written."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.cart import Cart, ReturnOf, SaleKind
from pos_app.domain.customer import Customer
from pos_app.domain.money import Money, RoundingMode
from pos_app.domain.payment import CashRounding, Tender, TenderMethod
from pos_app.domain.product import Product, ProductKind
from pos_app.domain.sale import Sale
from pos_app.domain.shop import ShopSettings
from pos_app.store.errors import FigureTooLarge, RowRefused, TextNotStorable
from pos_app.store.store import Store, create_store
from tests.domain import documents
from tests.store.shops import START, Counter

SERIAL = count(1)
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
decimals = st.decimals(0, 999, places=4)
people = st.builds(Customer, id=st.just("k1"), number=words, name=words, note=words, city=words)
roundings = st.none() | st.builds(
    CashRounding, st.sampled_from([Decimal("0.05"), Decimal("0.5")]), st.sampled_from(RoundingMode)
)


@pytest.fixture(scope="module")
def wide_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("POS_APP_KEYS", "file")
        path = tmp_path_factory.mktemp("sales") / "shop.db"
        store = create_store(path, ShopSettings(), now=START)
    with store:
        with store.transaction() as tx:
            for number in range(1, 8):
                tx.products.save(Product(f"p{number}", str(number), "x", None))
        yield store


@st.composite
def dressed(draw: st.DrawFn) -> Sale:
    """A document with every field that a document can have."""
    sale = draw(documents.sales)
    returns = draw(
        st.none()
        | st.builds(ReturnOf, st.none() | words, words, st.none() | st.integers(1, 9), words)
    )
    dress = {
        "code": draw(words),
        "name": draw(words),
        "note": draw(words),
        "cost": draw(st.none() | decimals),
        "kind": draw(st.sampled_from(ProductKind)),
        "returns": returns,
    }
    first = replace(sale.lines[0], **dress, product_id=draw(st.sampled_from([None, "p7"])))
    tender = draw(st.sampled_from(TenderMethod))
    moment = START + timedelta(microseconds=draw(st.integers(0, 10**12)))
    serial = next(SERIAL)
    return replace(
        sale,
        id=f"sale-{serial}",
        number=f"1-{serial:06d}",
        kind=draw(st.sampled_from(SaleKind)),
        stamp=replace(sale.stamp, at=moment, staff=draw(words)),
        cash_rounding=draw(roundings),
        customer=draw(st.none() | people),
        lines=(first, *sale.lines[1:]),
        tenders=(*sale.tenders, _nothing(sale, tender, draw(words))),
        note=draw(words),
    )


def _nothing(sale: Sale, method: TenderMethod, reference: str) -> Tender:
    zero = Money.zero(sale.currency)
    return Tender(method, zero, zero, zero, reference)


@given(sale=dressed())
def test_a_document_comes_back_equal(wide_store: Store, sale: Sale) -> None:
    with wide_store.transaction() as tx:
        tx.sales.add(sale)
        assert tx.sales.get(sale.id) == sale
    assert wide_store.sales.by_number(sale.number) == sale
    assert wide_store.sales.last() == sale


def test_pages_show_the_latest_first_and_can_be_searched(counter: Counter) -> None:
    sales = [counter.sell(1) for _ in range(5)]
    listed = counter.store.sales.page(0, 3)
    assert [row.number for row in listed] == [sale.number for sale in reversed(sales)][:3]
    assert listed[0].gross == sales[4].gross
    assert listed[0].tender_methods == (TenderMethod.CASH,)
    assert [row.id for row in counter.store.sales.page(3, 3)] == [sales[1].id, sales[0].id]
    assert [row.id for row in counter.store.sales.page(0, 9, text="00003")] == [sales[2].id]
    assert counter.store.sales.page(0, 9, text="%") == []
    assert counter.store.sales.page(0, 9, day=date(2020, 1, 1)) == []
    day = sales[0].stamp.business_day
    assert len(counter.store.sales.page(0, 9, day=day)) == counter.store.sales.count(day) == 5


def test_what_came_back_is_counted_per_line(counter: Counter) -> None:
    cart = counter.cart(1, 1, 1, 2)
    sale = counter.checkout.complete(cart, [documents.TenderRequest(TenderMethod.CASH)])
    counter.give_back(sale, 1)
    counter.give_back(sale, 1)
    assert counter.store.sales.returned(sale.id, 1) == 2
    assert counter.store.sales.returned(sale.id, 2) == 0


def test_the_sale_behind_a_product_is_found_until_all_came_back(counter: Counter) -> None:
    first, second = counter.sell(1), counter.sell(1, 2)
    counter.sell(2)
    found = counter.store.sales.of_product("P1")
    assert [line.sale_number for line in found] == [second.number, first.number]
    assert [line.left for line in found] == [1, 1]
    counter.give_back(second, 1)
    assert [line.sale_id for line in counter.store.sales.of_product("P1")] == [first.id]
    before = counter.store.sales.of_product(found[1].line.product_id or "", before=first.stamp.at)
    assert before == []


def test_a_taken_number_is_refused(counter: Counter) -> None:
    sale = counter.sell()
    with pytest.raises(RowRefused, match="number"), counter.store.transaction() as tx:
        tx.sales.add(replace(sale, id="another"))
    assert counter.store.sales.count() == 1


def test_a_document_that_does_not_add_up_is_refused(counter: Counter) -> None:
    sale = counter.sell()
    wrong = replace(sale, id="x", number="1-9", net=sale.net + Money(1, "EUR"))
    with (
        pytest.raises(RowRefused, match="net_and_tax_are_gross"),
        counter.store.transaction() as tx,
    ):
        tx.sales.add(wrong)


def test_a_document_of_local_time_is_a_mistake_of_the_program(counter: Counter) -> None:
    sale = counter.sell()
    local = datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=1)))
    with pytest.raises(ValueError, match="UTC"), counter.store.transaction() as tx:
        tx.sales.add(replace(sale, id="x", number="9", stamp=replace(sale.stamp, at=local)))


def test_figures_and_texts_that_no_row_can_hold_are_refused_by_name(counter: Counter) -> None:
    sale = counter.sell()
    huge = Money(10**19, "EUR")
    with pytest.raises(FigureTooLarge), counter.store.transaction() as tx:
        tx.sales.add(replace(sale, id="x", number="9", gross=huge, amount_due=huge))
    with pytest.raises(TextNotStorable), counter.store.transaction() as tx:
        tx.sales.add(replace(sale, id="x", number="9", note="\ud800"))
    assert counter.store.sales.by_number("\ud800") is None


def test_a_cart_comes_back_as_it_was_kept(counter: Counter, tmp_path: Path) -> None:
    cart = counter.cart(1, 2, 2, 3)
    customer = Customer("k1", "7", "Someone", city="Zürich")
    cart = replace(cart, customer=customer, cash_rounding=CashRounding(Decimal("0.05")))
    counter.checkout.keep(cart)
    assert counter.checkout.resume() == cart
    bigger = counter.checkout.add(cart, cart.lines[0].product_id or "")
    counter.checkout.keep(bigger)
    assert counter.checkout.resume() == bigger
    counter.checkout.keep(None)
    assert counter.checkout.resume() is None


@given(sale=documents.sales, kind=st.sampled_from(SaleKind))
def test_any_cart_survives_being_parked(wide_store: Store, sale: Sale, kind: SaleKind) -> None:
    cart = Cart("c1", sale.policy, kind, discounts=sale.discounts, note="n")
    for line in sale.lines:
        plain = documents.product(line.line_no, documents.PriceLine(line.quantity, line.unit_price))
        cart = documents.add_product(replace(cart, kind=SaleKind.SALE), plain, line.quantity)
    figures = tuple(
        replace(line, figures=sold.figures, returns=ReturnOf("s", "n", 1, "r"))
        for line, sold in zip(cart.lines, sale.lines, strict=False)
    )
    cart = replace(cart, lines=figures, kind=kind)
    with wide_store.transaction() as tx:
        tx.parked.put(cart, "Table 4", START, "1")
        tx.draft.put(cart)
    assert wide_store.parked.get("c1") == wide_store.draft.get() == cart
    assert [parked.name for parked in wide_store.parked.list()] == ["Table 4"]
    with wide_store.transaction() as tx:
        assert tx.parked.take("c1") == cart
    assert wide_store.parked.list() == []
