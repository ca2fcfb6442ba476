"""Any mixture of invoices, payments, sales on account, voids, returns and merges adds up."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from pos_app.domain import cart as carts
from pos_app.domain.customer import Customer
from pos_app.domain.errors import PosError
from pos_app.domain.held_lines import add_account_payment
from pos_app.domain.money import Money
from pos_app.domain.order import InvoiceBasis, OrderLine
from pos_app.domain.payment import TenderMethod, TenderRequest
from pos_app.domain.sale import Sale
from pos_app.services.customer_merges import CustomerMerges
from pos_app.services.customers import Customers
from pos_app.services.document_records import INVOICE
from pos_app.services.invoicing import Received
from pos_app.services.receivables import owed_by, statement_of
from pos_app.services.returning import Returning
from pos_app.services.shop_setup import ShopSetup
from pos_app.services.verification import verify
from tests.services.document_office import LAPTOP, Office, new_office

FIRST, LAST = date(2023, 1, 1), date(2023, 12, 31)
CASH = TenderRequest(TenderMethod.CASH)


class Desk:
    """Two customers who may be one, and everything that can be done with them."""

    def __init__(self, office: Office) -> None:
        self.office = office
        shop = office.store.settings.shop()
        tenders = replace(shop.tenders, keeps_accounts=True)
        ShopSetup(office.store, office.clock).save(replace(shop, tenders=tenders))
        office.checkout.reload_settings()
        customers = Customers(office.store, office.clock)
        self.people = [office.customer, customers.save(Customer(customers.new_id(), "", "Twin"))]
        self.sales: list[Sale] = []

    def who(self, which: int) -> Customer:
        found = self.office.store.customers.get(self.people[which % len(self.people)].id)
        assert found is not None
        return found

    def invoice(self, which: int, _minor: int) -> None:
        draft = self.office.orders.draft(self.who(which))
        lines = tuple(OrderLine(line) for line in self.office.lines(1))
        order = self.office.orders.create(replace(draft, lines=lines))
        order = self.office.orders.decide(order, True)
        self.office.invoicing.of_order(order, InvoiceBasis.ORDERED)

    def pay(self, which: int, minor: int) -> None:
        owed = self.office.store.documents.owed(INVOICE.name, self.who(which).id)
        if owed:
            invoice = self.office.invoicing.get(INVOICE, owed[0].id)
            self.office.invoicing.receive(invoice, Received(Money(minor, "EUR")))

    def credit(self, which: int, _minor: int) -> None:
        owed = self.office.store.documents.owed(INVOICE.name, self.who(which).id)
        if owed:
            self.office.returns.credit(self.office.invoicing.get(INVOICE, owed[-1].id), "unwanted")

    def buy(self, which: int, minor: int) -> None:
        cart = carts.choose_customer(self.office.checkout.new_cart(), self.who(which))
        cart = self.office.checkout.add(cart, LAPTOP.id)
        on_account = TenderRequest(TenderMethod.ON_ACCOUNT, Money(minor, "EUR"))
        self.sales.append(self.office.checkout.complete(cart, [on_account, CASH]))

    def pay_account(self, which: int, minor: int) -> None:
        cart = carts.choose_customer(self.office.checkout.new_cart(), self.who(which))
        cart = add_account_payment(cart, Money(minor, "EUR"))
        self.office.checkout.complete(cart, [CASH])

    def give_back(self, which: int, _minor: int) -> None:
        if self.sales:
            sale = self.sales[which % len(self.sales)]
            returning = Returning(self.office.checkout)
            cart = returning.give_back_all(returning.begin(sale), sale, "unwanted")
            self.office.checkout.complete(cart, returning.refund(cart))

    def void(self, which: int, _minor: int) -> None:
        if self.sales:
            Returning(self.office.checkout).void(self.sales[which % len(self.sales)].id, "typo")

    def invoice_sale(self, which: int, _minor: int) -> None:
        if self.sales:
            self.office.invoicing.of_sale(self.sales[which % len(self.sales)])

    def merge(self, _which: int, _minor: int) -> None:
        if len(self.people) > 1:
            merges = CustomerMerges(self.office.store, self.office.clock)
            merges.merge(self.who(0), self.who(1))
            del self.people[1]

    def wait(self, _which: int, minor: int) -> None:
        self.office.pass_days(minor % 20)


DEEDS: tuple[Callable[[Desk, int, int], None], ...] = (
    Desk.invoice,
    Desk.pay,
    Desk.credit,
    Desk.buy,
    Desk.pay_account,
    Desk.give_back,
    Desk.void,
    Desk.invoice_sale,
    Desk.merge,
    Desk.wait,
)
steps = st.lists(
    st.tuples(st.sampled_from(DEEDS), st.integers(0, 3), st.integers(1, 9_000)), max_size=14
)


@pytest.fixture(autouse=True)
def keys_in_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POS_APP_KEYS", "file")


# Without shrinking: an example opens a whole shop, and a failing one is short enough to read.
@settings(max_examples=20, deadline=None, derandomize=True, phases=(Phase.explicit, Phase.generate))
@given(steps)
@example([(Desk.invoice, 0, 1), (Desk.credit, 0, 1), (Desk.buy, 0, 900), (Desk.merge, 0, 1)])
@example([(Desk.buy, 1, 900), (Desk.invoice_sale, 0, 1), (Desk.merge, 0, 1), (Desk.void, 0, 1)])
def test_a_statement_closes_with_what_is_owed(
    deeds: list[tuple[Callable[[Desk, int, int], None], int, int]],
) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "shop.db"
        office = new_office(path)
        desk = Desk(office)
        for deed, which, minor in deeds:
            try:
                deed(desk, which, minor)
            except PosError:
                continue
        for person in desk.people:
            owed = owed_by(office.store, person.id, "EUR").amount
            told = statement_of(office.store, person.id, "EUR", FIRST, LAST)
            assert told.closing == owed
            assert all(entry.number for entry in told.entries), "a balance nobody explains"
            assert told.opening + told.charged - told.settled == told.closing
            assert owed <= told.ages.all
            middle = date(2023, 6, 20)
            before = statement_of(office.store, person.id, "EUR", FIRST, middle)
            after = statement_of(office.store, person.id, "EUR", date(2023, 6, 21), LAST)
            assert before.closing == after.opening
            assert len(before.entries) + len(after.entries) == len(told.entries)
        office.store.close()
        found = verify(path)
        assert found.is_sound, found.faults
