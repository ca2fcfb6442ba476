"""A shop's documents in an ERP written from the document alone: each state, whatever gets lost."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest

from pos_app.domain.cart import SaleKind, append_line, choose_customer
from pos_app.domain.money import Money
from pos_app.domain.payment import TenderMethod, TenderRequest
from pos_app.domain.return_ import return_line
from pos_app.domain.sale import Sale
from pos_app.services.customers import Customers
from pos_app.services.delivery_notes import Transport
from pos_app.services.document_records import DELIVERY_NOTE
from pos_app.services.invoicing import Received
from pos_app.services.returning import Returning
from pos_app.services.sales_returns import Back
from pos_app.store.foreign import HeldState
from pos_app.sync.connections import FROM_BEGINNING, Entered, add_connection
from pos_app.sync.foreign import ForeignEngine
from pos_app.sync.transport import Request
from tests.services.document_office import LAPTOP, PAPER, Office, new_office
from tests.simulators.apis.erp import Erp, Product
from tests.sync.foreign.compliance import KEY, URL, Till
from tests.sync.foreign.wire import ApiWire, Fault
from tests.sync.office_stand_in import Clock

USER = "admin"
Things = dict[str, list[dict[str, Any]]]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    shop = new_office(tmp_path / "shop.db")
    yield shop
    shop.store.close()


@pytest.fixture(params=["nothing", "every answer", "every first request"])
def till(request: pytest.FixtureRequest, office: Office) -> Till:
    """A till whose ERP answers well, or of whose changes something gets lost."""
    products = {one.code: Product(one.code, one.name) for one in (LAPTOP, PAPER)}
    server = Erp(USER, KEY, products, page_size=2)
    clock = Clock()
    wire = ApiWire(server, clock)
    entered = Entered("erp", "ERP", URL, key=KEY, user=USER, options={"other_product": "PROD002"})
    connection = add_connection(office.store, entered, clock(), FROM_BEGINNING)
    engine = ForeignEngine(office.store, connection.id, wire, clock, Random(1))
    seen: set[tuple[str, str, bytes]] = set()

    def weather(asked: Request) -> Fault | None:
        is_first = (asked.method, asked.target, asked.body) not in seen
        seen.add((asked.method, asked.target, asked.body))
        if asked.method == "GET" or asked.target.endswith("/login"):
            return None
        if request.param == "every answer":
            return Fault.LOST_AFTER
        return Fault.LOST_BEFORE if is_first and request.param != "nothing" else None

    wire.weather = weather
    return Till(office.store, wire, clock, connection.id, engine)


def things(till: Till) -> Things:
    server: Erp = till.wire.server  # type: ignore[assignment]
    return server.things


def only(rows: list[dict[str, Any]]) -> dict[str, Any]:
    (row,) = rows
    return row


def test_a_customer_is_created_once_and_changed(office: Office, till: Till) -> None:
    till.run()
    customers = Customers(office.store, office.clock)
    customers.save(replace(office.customer, phone="030 123", city="Berlin", note="by the river"))
    till.run()
    row = only(things(till)["customers"])
    assert (row["name"], row["contact"], row["phone"]) == ("Rye & Sons", "Li", "030 123")
    assert row["remarks"] == "CUS001 · by the river"
    assert row["address"] == "Berlin, DE"
    assert not till.held()


def test_a_quotation_becomes_an_order_that_is_delivered_invoiced_paid_and_returned(
    office: Office, till: Till
) -> None:
    quotation = office.quotations.submit(office.quotation())
    quotation = office.quotations.decide(quotation, True, "good")
    order = office.quotations.to_order(quotation)
    order = office.orders.decide(order, True, "go")
    first = office.notes.deliver(order, {"1": Decimal(4)}, Transport(carrier="Post"))
    office.notes.deliver(office.now(order), {"1": Decimal(6), "2": Decimal(3)})
    office.notes.change_transport(office.notes.get(DELIVERY_NOTE, first.head.id), "DHL", "T1")
    invoice = office.invoicing.of_order(office.now(order))
    paid = office.invoicing.receive(invoice, Received(Money.of("300.00", "EUR"), remark="part"))
    office.invoicing.receive(paid, Received(paid.balance, TenderMethod.CHEQUE))
    office.pass_days(1)
    back = office.returns.take_back(office.now(order), {"1": Back(Decimal(2), "scratched")})
    till.run()
    assert not till.held(), till.engine.status()
    there = things(till)
    quoted, ordered = only(there["quotations"]), only(there["orders"])
    assert (quoted["status"], quoted["decision"]) == ("approved", "good")
    assert ordered["status"] == "fully_delivered"
    assert ordered["remarks"] == order.head.number
    assert ordered["totalAmount"] == invoice.total.amount == Decimal("1009.89")
    deliveries = there["deliveries"]
    assert [one["totalQuantity"] for one in deliveries] == [4, 9]
    assert (deliveries[0]["carrier"], deliveries[0]["trackingNo"]) == ("DHL", "T1")
    billed = only(there["invoices"])
    assert billed["totalAmount"] == billed["paidAmount"] == invoice.total.amount
    assert (billed["netAmount"], billed["taxAmount"]) == (invoice.net.amount, invoice.tax.amount)
    assert billed["status"] == "fully_paid"
    assert [one["paymentMethod"] for one in billed["receipts"]] == ["bank_transfer", "cheque"]
    returned = only(there["returns"])
    assert returned["remarks"] == back.head.number
    assert returned["totalAmount"] == back.total.amount
    assert returned["items"][0]["quantity"] == 2


def test_drafts_change_and_end_as_they_do_here(office: Office, till: Till) -> None:
    rejected = office.quotations.submit(office.quotation())
    office.quotations.decide(rejected, False, "too dear")
    office.quotations.delete(office.quotation())
    draft = office.quotation()
    office.quotations.change(draft, replace(draft, lines=office.lines(3)))
    cancelled = office.order(2)
    office.orders.cancel(cancelled, "changed their mind")
    plain = office.orders.draft(office.customer)
    lines = office.order(1).lines
    deleted = office.orders.create(replace(plain, lines=lines))
    office.orders.delete(deleted)
    again = office.orders.create(replace(plain, head=replace(plain.head, id="again"), lines=lines))
    office.orders.change(again, replace(again, lines=office.order(5).lines))
    till.run()
    assert not till.held(), till.engine.status()
    there = things(till)
    states = [(one["status"], one.get("decision")) for one in there["quotations"]]
    assert states == [("rejected", "too dear"), ("draft", None)]
    assert there["quotations"][1]["items"][0]["quantity"] == 3
    by_number = {one["remarks"]: one for one in there["orders"]}
    assert deleted.head.number not in by_number
    ended = by_number[cancelled.head.number]
    assert (ended["status"], ended["reason"]) == ("cancelled", "changed their mind")
    changed = by_number[again.head.number]
    assert (changed["status"], changed["items"][0]["quantity"]) == ("draft", 5)


def test_an_invoice_of_its_own_is_postponed_and_paid(office: Office, till: Till) -> None:
    draft = office.invoicing.save_draft(office.invoicing.draft(office.customer, office.lines(1)))
    invoice = office.invoicing.issue(draft)
    later = replace(invoice, due=invoice.due.replace(year=2024)).due
    invoice = office.invoicing.postpone(invoice, later)
    office.invoicing.receive(invoice, Received(invoice.balance))
    till.run()
    assert not till.held(), till.engine.status()
    row = only(things(till)["invoices"])
    ordered = only(things(till)["orders"])
    assert (row["orderId"], row["dueDate"]) == (ordered["id"], later.isoformat())
    assert (ordered["remarks"], ordered["status"]) == (invoice.head.number, "fully_delivered")
    assert row["totalAmount"] == invoice.total.amount
    assert row["status"] == "fully_paid"


def sell(office: Office, *tenders: TenderRequest, customer: bool = False) -> Sale:
    cart = office.checkout.new_cart()
    cart = office.checkout.add(cart, LAPTOP.id, Decimal(3))
    cart = office.checkout.add(cart, PAPER.id, Decimal(7))
    if customer:
        cart = choose_customer(cart, office.customer)
    return office.checkout.complete(cart, tenders or [TenderRequest(TenderMethod.CASH)])


def test_sales_of_the_till_are_ordered_delivered_invoiced_and_paid(
    office: Office, till: Till
) -> None:
    cash = sell(office)
    split = sell(
        office,
        TenderRequest(TenderMethod.CARD, Money.of("100.00", "EUR")),
        TenderRequest(TenderMethod.CASH),
        customer=True,
    )
    till.run()
    assert not till.held(), till.engine.status()
    there = things(till)
    assert [one["name"] for one in there["customers"]] == ["Rye & Sons", "Walk-in customer"]
    for sale in (cash, split):
        ordered = only([one for one in there["orders"] if sale.number in one["remarks"]])
        billed = only([one for one in there["invoices"] if one["orderId"] == ordered["id"]])
        assert ordered["status"] == "fully_delivered"
        assert ordered["totalAmount"] == billed["totalAmount"] == sale.gross.amount
        assert billed["netAmount"] == sale.net.amount
        assert billed["status"] == "fully_paid"
    methods = [[one["paymentMethod"] for one in row["receipts"]] for row in there["invoices"]]
    assert methods == [["cash"], ["card", "cash"]]


def test_what_was_put_on_account_is_paid_on_the_invoice_of_its_sale(
    office: Office, till: Till
) -> None:
    cash = TenderRequest(TenderMethod.CASH, Money.of("100.00", "EUR"), Money.of("100.00", "EUR"))
    sale = sell(office, TenderRequest(TenderMethod.ON_ACCOUNT), cash, customer=True)
    invoice = office.invoicing.of_sale(sale)
    assert invoice.balance == sale.gross - Money.of("100.00", "EUR")
    office.invoicing.receive(invoice, Received(invoice.balance))
    till.run()
    assert not till.held(), till.engine.status()
    billed = only(things(till)["invoices"])
    assert (billed["status"], billed["totalAmount"]) == ("fully_paid", sale.gross.amount)
    assert [one["paymentMethod"] for one in billed["receipts"]] == ["cash", "bank_transfer"]


def test_voids_returns_and_exchanges_go_back_to_their_sales(office: Office, till: Till) -> None:
    gone, returned, swapped = sell(office), sell(office), sell(office)
    void = Returning(office.checkout).void(gone.id, "rung up twice")
    back = office.checkout.complete(
        append_line(
            office.checkout.new_cart(SaleKind.RETURN),
            return_line(returned, 1, Decimal(2), Decimal(0), "broken"),
        ),
        [TenderRequest(TenderMethod.CASH)],
    )
    cart = append_line(
        office.checkout.new_cart(SaleKind.EXCHANGE),
        return_line(swapped, 2, Decimal(7), Decimal(0), "wrong size"),
    )
    exchange = office.checkout.complete(
        office.checkout.add(cart, LAPTOP.id), [TenderRequest(TenderMethod.CARD)]
    )
    till.run()
    assert not till.held(), till.engine.status()
    there = things(till)
    by_number = {one["remarks"].split(" ")[0]: one for one in there["returns"]}
    assert by_number[void.number]["totalAmount"] == gone.gross.amount
    assert by_number[void.number]["reason"] == "rung up twice"
    assert by_number[back.number]["totalAmount"] == -back.gross.amount
    first, second = exchange.lines
    assert by_number[exchange.number]["totalAmount"] == -first.figures.gross.amount
    bought = only([one for one in there["orders"] if exchange.number in one["remarks"]])
    assert bought["totalAmount"] == second.figures.gross.amount
    billed = only([one for one in there["invoices"] if one["orderId"] == bought["id"]])
    assert billed["status"] == "fully_paid"


def test_what_the_api_has_no_word_for_is_left_to_a_person_and_keeps_nothing_else(
    office: Office, till: Till
) -> None:
    order = office.order(4)
    office.notes.deliver(order, {"1": Decimal(1)})
    office.orders.finish(office.now(order), "enough")
    cart = office.checkout.new_cart(SaleKind.RETURN)
    without_receipt = office.checkout.add(cart, PAPER.id, Decimal(-1))
    back = office.checkout.complete(without_receipt, [TenderRequest(TenderMethod.CASH)])
    sale = sell(office)
    till.run()
    assert till.held(HeldState.UNSAYABLE) == till.held() == [order.head.number, back.number]
    assert any(sale.number in one["remarks"] for one in things(till)["orders"])
