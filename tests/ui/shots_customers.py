"""The customers screen in its states, for `shots_office`."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from PySide6.QtWidgets import QWidget

from pos_app.domain.credit import CreditTerms, Risk
from pos_app.domain.customer import Customer
from pos_app.domain.document import line_of
from pos_app.domain.money import Money
from pos_app.domain.price_list import PriceList
from pos_app.services.checkout import Checkout
from pos_app.services.customer_credit import CustomerCredit
from pos_app.services.customers import Customers
from pos_app.services.invoicing import Invoicing, Received
from pos_app.services.price_lists import PriceLists
from pos_app.store.store import Store
from pos_app.ui.customer_sheet import ACCOUNT, CREDIT, DOCUMENTS, TRADE
from pos_app.ui.customers_screen import CustomersScreen

HOTEL = "Quayside Hotel and Restaurant Ltd"


def customer_pages(
    store: Store, now: Callable[[], object], wait: Callable[..., None]
) -> Iterator[tuple[str, QWidget]]:
    """Yield every state of the screen over a shop with some business on account."""
    hotel = _furnish(store, now)
    screen = CustomersScreen(store, now)  # type: ignore[arg-type]
    yield "customers", screen
    screen.presenter.narrow(category="Trade")
    yield "customers-filtered", screen
    screen.presenter.narrow(category="*any*")
    form = screen.presenter.open(hotel.id)
    assert form is not None
    sheet = screen.show_form(form)
    wait(until=lambda: not sheet._account.state.is_reading)
    yield "customer", screen
    for section in (TRADE, CREDIT, ACCOUNT, DOCUMENTS):
        sheet.show_section(section)
        yield f"customer-{section}", screen
    form.change(email="not a mail", number="1002", credit_days="soon")
    form.save()
    yield "customer-errors", screen
    sheet.hide()
    duplicates = screen.open_duplicates()
    wait(until=lambda: bool(duplicates.presenter.state.pairs))
    yield "duplicates", screen
    duplicates.presenter.open(duplicates.presenter.state.pairs[0].key)
    yield "duplicates-pair", screen
    duplicates.hide()
    lists = screen.open_price_lists()
    yield "price-lists", screen
    lists.hide()
    screen._ask_to_erase(hotel)
    yield "erase", screen
    screen._other.hide()


def _furnish(store: Store, now: Callable[[], object]) -> Customer:
    found = store.customers.search(HOTEL, 1)
    if found:
        return found[0]
    customers = Customers(store, now)  # type: ignore[arg-type]
    hotel = customers.save(
        Customer(
            customers.new_id(),
            "",
            HOTEL,
            phone="+353 91 555 0142",
            email="office@quayside.example",
            tax_number="IE1234567FA",
            address="1 Quay Street",
            city="Galway",
            postcode="H91 X0X0",
            country="IE",
            contact="Front desk",
            category="Trade",
            region="West",
            price_list="Trade",
        )
    )
    twin = Customer(customers.new_id(), "", "Quayside Hotel", phone="091 555 0142", city="Galway")
    customers.save(twin)
    lists = PriceLists(store, now)  # type: ignore[arg-type]
    trade = lists.save(PriceList("Trade", Decimal(12)))
    for product in store.products.tiles(None, 3):
        lists.set_price(trade, product, Decimal("2.5"))
    _invoices(store, now, hotel)
    credit = CustomerCredit(store, now)  # type: ignore[arg-type]
    empty = CreditTerms(hotel.id)
    new = replace(empty, credit_limit=Money(250_000, "EUR"), credit_days=30, bank_name="AIB")
    credit.save(hotel, empty, new)
    today = now().date()  # type: ignore[attr-defined]
    credit.evaluate(hotel.id, today - timedelta(days=200), 82, Risk.LOW, "pays on time")
    credit.evaluate(hotel.id, today - timedelta(days=20), 55, Risk.MEDIUM, "asked for more time")
    return hotel


def _invoices(store: Store, now: Callable[[], object], hotel: Customer) -> None:
    at = now()
    for days, count, paid in ((80, 40, 0), (50, 20, 2000), (5, 30, 0)):
        then = at - timedelta(days=days)  # type: ignore[operator]
        invoicing = Invoicing(Checkout(store, lambda then=then: then))
        product = store.products.tiles(None, 1)[0]
        draft = invoicing.draft(hotel, (line_of(product, "1", Decimal(count)),))
        invoice = invoicing.issue(invoicing.save_draft(draft))
        if paid:
            received = Received(Money(paid, "EUR"), remark="transfer")
            Invoicing(Checkout(store, now)).receive(invoice, received)  # type: ignore[arg-type]
