"""Sales of the till in an ERP: what is on account, split lines, and what is left to a person."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from pos_app.domain.cart import (
    Cart,
    SaleKind,
    add_product,
    append_line,
    choose_customer,
    discount_line,
)
from pos_app.domain.customer import Customer
from pos_app.domain.discount import LineDiscount
from pos_app.domain.document import Party
from pos_app.domain.held_lines import add_account_payment, add_gift_card, add_invoice_payment
from pos_app.domain.money import Money
from pos_app.domain.order import Order, OrderLine, OrderState
from pos_app.domain.payment import CashRounding, TenderMethod, TenderRequest
from pos_app.domain.pricing import PricePolicy
from pos_app.domain.product import Product
from pos_app.domain.return_ import return_line
from pos_app.domain.sale import Sale, Stamp, complete
from pos_app.domain.tax import Tax
from pos_app.domain.void import voided
from pos_app.sync.dialect import Carried, NotSayable, Outgoing, WaitsForOther
from pos_app.sync.dialects.erp import ErpApi
from tests.domain import sales_documents
from tests.simulators.apis.erp import Erp
from tests.simulators.apis.erp import Product as Known
from tests.sync.dialects.telling import Teller

API = ErpApi()
AT = datetime(2026, 3, 4, 12, tzinfo=UTC)
STAMP = Stamp("1", "main", "1", AT, date(2026, 3, 4))
VAT = (Tax(Decimal(20), name="VAT"),)
MUG = Product("p1", "MUG", "Mug", Decimal("9.99"), taxes=VAT)
ANN = Customer("c1", "CUS001", "Ann")
BEN = Customer("c2", "CUS002", "Ben")
CASH = TenderRequest(TenderMethod.CASH)


def cart(quantity: int = 3, sale_id: str = "s1", **how: Any) -> Cart:
    filled = Cart(sale_id, how.pop("policy", PricePolicy("EUR")), **how)
    return add_product(filled, MUG, Decimal(quantity))


def sold(filled: Cart, *tenders: TenderRequest, number: str = "1-000001") -> Sale:
    return complete(filled, tenders or [CASH], number, STAMP)


def thing(sale: Sale, before: Sale | None = None) -> Outgoing:
    kinds = {SaleKind.SALE: Carried.SALE, SaleKind.VOID: Carried.VOID}
    kind = kinds.get(sale.kind, Carried.RETURN)
    return Outgoing(kind, sale.id, sale.number, AT, sale, before=before)


def teller(**how: str) -> Teller:
    server = Erp("admin", "abc123", {"MUG": Known("MUG", "Mug"), "MISC": Known("MISC", "Other")})
    told = Teller(API, server, **how)
    told.sign_in()
    return told


def things(told: Teller) -> dict[str, list[dict[str, Any]]]:
    server: Erp = told.server  # type: ignore[assignment]
    return server.things


def test_what_is_put_on_account_stays_owed_there() -> None:
    told = teller()
    part = TenderRequest(TenderMethod.CARD, Money.of("10.00", "EUR"))
    sale = sold(choose_customer(cart(), ANN), part, TenderRequest(TenderMethod.ON_ACCOUNT))
    told.tell(thing(sale))
    (invoice,) = things(told)["invoices"]
    assert (invoice["status"], invoice["balanceAmount"]) == ("partially_paid", Decimal("19.97"))
    told = teller()
    told.tell(thing(sold(choose_customer(cart(), ANN), TenderRequest(TenderMethod.ON_ACCOUNT))))
    (invoice,) = things(told)["invoices"]
    assert (invoice["status"], invoice["receipts"]) == ("unpaid", [])


@pytest.mark.parametrize("quantity", [1, 3])
def test_rounding_to_coins_stays_here(quantity: int) -> None:
    told = teller()
    rounding = CashRounding(Decimal("0.05"))
    sale = sold(cart(quantity, cash_rounding=rounding))
    assert sale.rounding.minor in {1, -2}
    told.tell(thing(sale))
    (invoice,) = things(told)["invoices"]
    assert invoice["paidAmount"] == invoice["totalAmount"] == sale.gross.amount
    assert things(told)["orders"][0]["remarks"].startswith("1-000001 · rounded by ")


def test_a_later_payment_is_looked_up_without_the_rounding_of_its_sale() -> None:
    told = teller()
    cash = TenderRequest(TenderMethod.CASH, tendered=Money.of("10.00", "EUR"))
    filled = choose_customer(cart(3, cash_rounding=CashRounding(Decimal("0.05"))), ANN)
    account = TenderRequest(TenderMethod.ON_ACCOUNT, Money.of("20.00", "EUR"))
    sale = sold(filled, account, cash)
    assert sale.rounding.minor == -2
    told.tell(thing(sale))
    (invoice,) = things(told)["invoices"]
    assert invoice["balanceAmount"] == 20
    paper = replace(
        sales_documents.draft_invoice(),
        sale_id=sale.id,
        rounding=sale.rounding,
        payments=(
            replace(sales_documents.payment(995), sale_id=sale.id),
            sales_documents.payment(2000),
        ),
    )
    told.lost = {"payment p2000"}
    told.tell(Outgoing(Carried.PAYMENT, "i1", "INV1", AT, paper, "receive"))
    assert invoice["status"] == "fully_paid"


@pytest.mark.parametrize("prices", ["gross", "net"])
def test_a_line_that_no_price_fits_is_two_lines_there_and_comes_back_as_two(prices: str) -> None:
    told = teller(order_prices=prices)
    off = discount_line(cart(80995), 1, LineDiscount(Decimal("33.333")))
    sale = sold(off)
    told.tell(thing(sale))
    (order,) = things(told)["orders"]
    amount = sale.gross if prices == "gross" else sale.net
    assert order["totalAmount"] == amount.amount
    assert sum(item["quantity"] for item in order["items"]) == 80995
    void = voided(sale, "v1", "1-000002", STAMP, "wrong")
    told.tell(thing(void, sale))
    (back,) = things(told)["returns"]
    assert back["totalAmount"] == amount.amount
    assert [item["returnedQuantity"] for item in order["items"]] == [
        item["quantity"] for item in order["items"]
    ]
    (invoice,) = things(told)["invoices"]
    assert (invoice["totalAmount"], invoice["netAmount"]) == (sale.gross.amount, sale.net.amount)


def test_whoever_brings_goods_back_they_are_the_orders_customers() -> None:
    told = teller()
    sale = sold(choose_customer(cart(), ANN))
    told.tell(thing(sale))
    line = return_line(sale, 1, Decimal(1), Decimal(0), "broken")
    empty = choose_customer(Cart("r1", sale.policy, SaleKind.RETURN), BEN)
    back = sold(append_line(empty, line), number="1-000002")
    told.tell(thing(back, sale))
    (row,) = things(told)["returns"]
    assert (row["customerName"], row["reason"]) == ("Ann", "broken")
    assert row["totalAmount"] == Decimal("9.99")


def test_a_void_waits_for_the_delivery_of_its_sale() -> None:
    sale = sold(cart())
    void = voided(sale, "v1", "1-000002", STAMP, "wrong")
    told = teller()
    (step,) = API.steps(thing(void, sale), told.known)
    with pytest.raises(WaitsForOther) as waiting:
        step.request(told.known)
    assert waiting.value.fields["key"] == "delivery s1"


def refusal(told: Teller, document: Outgoing) -> NotSayable:
    """Go on until a step cannot be said, and return why."""
    for _ in range(20):
        step = told.next_step(document)
        assert step is not None
        try:
            step.request(told.known)
        except NotSayable as refused:
            return refused
        told.do(step)
    raise AssertionError("everything was said")


def test_a_gift_card_needs_a_product_there() -> None:
    sale = sold(add_gift_card(cart(), "123456789", Money.of("20.00", "EUR")))
    told = teller()
    assert "Gift card" in str(refusal(told, thing(sale)))
    assert things(told)["orders"] == []
    told = teller(other_product="MISC")
    told.tell(thing(sale))
    (order,) = things(told)["orders"]
    assert order["totalAmount"] == sale.gross.amount
    assert order["items"][1]["productId"] == "MISC"


def test_money_for_an_account_is_left_to_a_person_whole() -> None:
    filled = add_account_payment(choose_customer(cart(), ANN), Money.of("5.00", "EUR"))
    told = teller()
    assert "by hand" in str(refusal(told, thing(sold(filled))))
    assert all(rows == [] for rows in things(told).values())


def test_money_for_an_invoice_is_told_with_that_invoice_and_not_with_the_sale() -> None:
    filled = add_invoice_payment(cart(), "INV1", Money.of("50.00", "EUR"))
    told = teller()
    told.tell(thing(sold(filled)))
    (order,), (invoice,) = things(told)["orders"], things(told)["invoices"]
    assert order["totalAmount"] == invoice["paidAmount"] == Decimal("29.97")


def test_a_void_of_a_return_is_left_to_a_person() -> None:
    sale = sold(cart())
    line = return_line(sale, 1, Decimal(1), Decimal(0), "broken")
    back = sold(append_line(Cart("r1", sale.policy, SaleKind.RETURN), line), number="1-000002")
    void = voided(back, "v1", "1-000003", STAMP, "typed wrongly")
    assert "is itself a return" in str(refusal(teller(), thing(void, back)))


def test_an_exchange_of_which_a_part_cannot_be_said_is_not_sent_at_all() -> None:
    empty = Cart("x1", PricePolicy("EUR"), SaleKind.EXCHANGE)
    filled = add_product(empty, MUG, Decimal(-1), note="chipped")
    exchange = sold(add_product(filled, MUG, Decimal(2)))
    told = teller()
    assert "without the receipt" in str(refusal(told, thing(exchange)))
    assert all(rows == [] for rows in things(told).values())


def order_of(state: OrderState, **progress: int) -> Order:
    made = sales_documents.order(state, **progress)
    head = replace(made.head, customer=Party("c1", "CUS001", "Ann"))
    (line,) = made.lines
    goods = replace(line.line, product_id="p1", code="MUG")
    return replace(made, head=head, lines=(OrderLine(goods, line.delivered, sold=line.sold),))


def changed(order: Order, action: str, entry: str = "e1") -> Outgoing:
    return Outgoing(Carried.ORDER, order.head.id, "X1", AT, order, action, entry=entry)


def test_an_order_that_was_collected_whole_is_cancelled_there_and_one_in_part_is_not() -> None:
    told = teller()
    told.tell(changed(order_of(OrderState.FULLY_DELIVERED, delivered=10, sold=10), "collect"))
    (row,) = things(told)["orders"]
    assert (row["status"], row["reason"]) == ("cancelled", "Collected and paid at the till")
    told = teller()
    part = changed(order_of(OrderState.PARTIALLY_DELIVERED, delivered=4, sold=4), "collect")
    assert "collected in part" in str(refusal(told, part))
    assert things(told)["orders"][0]["status"] == "approved"


def test_an_order_that_went_back_to_draft_is_approved_once_more() -> None:
    told = teller()
    approved = order_of(OrderState.APPROVED)
    told.tell(changed(approved, "approve", "e1"))
    told.tell(changed(approved, "approve", "e1"))  # after a restart in the middle
    (row,) = things(told)["orders"]
    assert row["status"] == "approved"
    row["status"] = "draft"  # as `approved: false` leaves it
    told.known.done["reject d1 e2"] = {}
    told.tell(changed(approved, "approve", "e3"))
    assert row["status"] == "approved"
    told.tell(changed(approved, "deliver", "e4"))
    keys = {key for key in told.known.done if key.startswith("approve")}
    assert keys == {"approve d1", "approve d1 e3"}


def test_who_buys_without_a_name_is_there_once() -> None:
    told = teller(walk_in="Laufkundschaft")
    told.tell(thing(sold(cart())))
    told.tell(thing(sold(cart(sale_id="s2"), number="1-000002")))
    assert [one["name"] for one in things(told)["customers"]] == ["Laufkundschaft"]
    again = Teller(API, told.server, walk_in="Laufkundschaft")  # another till of the shop
    again.tell(thing(sold(cart(sale_id="s3"), number="2-000001")))
    assert [one["name"] for one in things(told)["customers"]] == ["Laufkundschaft"]
    assert {one["customerId"] for one in things(told)["orders"]} == {"customer-001"}
