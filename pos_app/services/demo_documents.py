"""The demo shop's business on account: quotations, orders, deliveries, invoices, in every state.

Each deal is a short story over the last weeks. It waits with `yield` for the day, counted back
from today, on which it goes on; so documents and sales stand in the journal in their order.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from pos_app.domain.customer import Customer
from pos_app.domain.delivering import Transport
from pos_app.domain.document import DocumentLine, line_of
from pos_app.domain.document_settings import BankDetails, DocumentSettings, SellerAddress
from pos_app.domain.errors import PosError
from pos_app.domain.invoice import Invoice
from pos_app.domain.money import Money
from pos_app.domain.order import Order, OrderLine
from pos_app.domain.product import Product
from pos_app.domain.quotation import Quotation
from pos_app.domain.taking_back import Back, ReturnTerms
from pos_app.services.checkout import Checkout
from pos_app.services.document_records import INVOICE, ORDER
from pos_app.services.document_use_cases import DocumentUseCases, document_use_cases
from pos_app.services.invoicing import Received
from pos_app.store.store import Store

Deal = Iterator[int]

CAFE, GUESTHOUSE = "Harbour Café Ltd", "Quayside Guesthouse"
SCHOOL, CLUB = "St Brendan's School", "Claddagh Rowing Club"
# What the shop knows of those that it writes invoices to.
ADDRESSES = {
    CAFE: ("3 Dock Road", "H91 E2X4", "IE1111111L", "office@harbour-cafe.example"),
    GUESTHOUSE: ("28 Quay Street", "H91 R8KF", "IE2222222M", "stay@quayside.example"),
    SCHOOL: ("Fairhill Road", "H91 V0XN", "", "kitchen@brendans.example"),
    CLUB: ("The Slip, Claddagh", "H91 T2WD", "", "treasurer@claddagh-rowing.example"),
}


def demo_document_settings() -> DocumentSettings:
    """How the demo shop writes its documents; the account is the registry's example for Ireland."""
    return DocumentSettings(
        due_days=14,
        payment_terms="Within 14 days of the invoice, without deduction.",
        shipping_terms="Delivered within Galway.",
        invoice_note="Thank you for your order.",
        colour="#0B6E6E",
        address=SellerAddress("12 Quay Street", "H91 XY12", "Galway"),
        bank=BankDetails("Harbour Grocer", "IE29AIBK93115212345678", "AIBKIE2D", "AIB"),
        vat_id="IE9999999W",
        email="shop@harbour-grocer.example",
        contact="Accounts",
    )


def business_customer(customer: Customer) -> Customer:
    """Return a customer of the demo with the address of those that get invoices."""
    known = ADDRESSES.get(customer.name)
    if known is None:
        return customer
    address, postcode, tax_number, email = known
    return replace(customer, address=address, postcode=postcode, tax_number=tax_number, email=email)


class DemoOffice:
    """Lets the deals go on, day after day; one that would begin before the history is left out."""

    def __init__(
        self,
        store: Store,
        checkout: Checkout,
        customers: Sequence[Customer],
        products: Sequence[Product],
        days: int,
    ) -> None:
        self.cases: DocumentUseCases = document_use_cases(checkout)
        self._store = store
        self._customers = {one.name: one for one in customers}
        self._products = {one.name: one for one in products}
        begun = [(deal, next(deal)) for deal in (story(self) for story in _STORIES)]
        self._deals = [(deal, day) for deal, day in begun if day <= days]

    def work(self, days_ago: int) -> None:
        """Do what the deals have for a day."""
        self._deals = [
            (deal, day)
            for deal, waits in self._deals
            if (day := self._gone_on(deal, waits, days_ago)) >= 0
        ]

    def lines(self, **wanted: str) -> tuple[DocumentLine, ...]:
        """Return lines that sell products by their names, `_` for a space, each so many."""
        goods = ((self._products[name.replace("_", " ")], much) for name, much in wanted.items())
        return tuple(
            line_of(product, str(place), Decimal(much))
            for place, (product, much) in enumerate(goods, 1)
        )

    def quote(self, name: str, lines: tuple[DocumentLine, ...], remarks: str = "") -> Quotation:
        """Write a quotation and submit it."""
        return self.cases.quotations.submit(self.draft_quotation(name, lines, remarks))

    def draft_quotation(
        self, name: str, lines: tuple[DocumentLine, ...], remarks: str = ""
    ) -> Quotation:
        """Write a quotation."""
        draft = self.cases.quotations.draft(self._customers[name])
        head = replace(draft.head, remarks=remarks)
        return self.cases.quotations.create(replace(draft, lines=lines, head=head))

    def draft_order(self, name: str, lines: tuple[DocumentLine, ...]) -> Order:
        """Write an order."""
        draft = self.cases.orders.draft(self._customers[name])
        return self.cases.orders.create(replace(draft, lines=tuple(map(OrderLine, lines))))

    def order(self, name: str, lines: tuple[DocumentLine, ...]) -> Order:
        """Write an order and approve it."""
        return self.cases.orders.decide(self.draft_order(name, lines), True)

    def deliver(self, order: Order, share: str = "1", carrier: str = "Own van") -> Order:
        """Deliver a share of what is still to come of each line, and return the order then."""
        open_lines = self.cases.deliveries.open_quantities(self.now(order))
        part = {
            line_id: Decimal(int(quantity * Decimal(share)))
            for line_id, quantity in open_lines.items()
        }
        going = {line_id: quantity for line_id, quantity in part.items() if quantity}
        self.cases.deliveries.deliver(self.now(order), going, Transport(carrier=carrier))
        return self.now(order)

    def bill(self, order: Order) -> Invoice:
        """Invoice what was delivered."""
        return self.cases.invoicing.of_order(self.now(order))

    def receive(self, invoice: Invoice, share: str = "1") -> None:
        """Write down a transfer for a share of what is owed."""
        now = self.cases.invoicing.get(INVOICE, invoice.head.id)
        minor = int(now.balance.minor * Decimal(share))
        self.cases.invoicing.receive(now, Received(Money(minor, now.currency)))

    def take_back(self, order: Order, quantities: Mapping[str, str], reason: str) -> None:
        """Take goods back and credit what of them had been invoiced."""
        back = {line: Back(Decimal(much), reason) for line, much in quantities.items()}
        self.cases.returns.take_back(self.now(order), back, ReturnTerms(reason))

    def invoice(
        self, name: str, lines: tuple[DocumentLine, ...], *, issues: bool = True
    ) -> Invoice:
        """Write an invoice without an order."""
        draft = self.cases.invoicing.save_draft(
            self.cases.invoicing.draft(self._customers[name], lines)
        )
        return self.cases.invoicing.issue(draft) if issues else draft

    def bill_last_sale(self, name: str) -> None:
        """Make an invoice of the till's last sale."""
        sale = self._store.sales.last()
        if sale is not None:
            self.cases.invoicing.of_sale(sale, self._customers[name])

    def remind(self, invoice: Invoice) -> None:
        """Write down that a reminder went out."""
        self.cases.invoicing.remind(self.cases.invoicing.get(INVOICE, invoice.head.id))

    def now(self, order: Order) -> Order:
        """Return an order as it is now."""
        return self.cases.orders.get(ORDER, order.head.id)

    def _gone_on(self, deal: Deal, waits: int, days_ago: int) -> int:
        """Let a deal go on until it waits for a later day; returns that day, -1 at its end."""
        while waits >= days_ago:
            try:
                waits = next(deal)
            except (StopIteration, PosError):  # such as goods that the shop has sold meanwhile
                return -1
        return waits


def _coffee(office: DemoOffice) -> Deal:
    yield 28
    lines = office.lines(Coffee_beans_1_kg="12", Breakfast_tea_80_bags="6", Oat_drink_1_l="24")
    quotation = office.quote(CAFE, lines, "Prices are good for the whole season.")
    yield 26
    approved = office.cases.quotations.decide(quotation, True, "As agreed on the phone")
    order = office.cases.orders.decide(office.cases.quotations.to_order(approved), True)
    yield 25
    office.deliver(order)
    office.bill(order)  # nobody has paid: it is overdue, and its reminder waits


def _breakfasts(office: DemoOffice) -> Deal:
    yield 24
    lines = office.lines(
        Free_range_eggs_12="20", Back_bacon_300_g="18", Sourdough_loaf="10",
        Orange_marmalade_454_g="8",
    )  # fmt: skip
    order = office.order(GUESTHOUSE, lines)
    yield 23
    office.deliver(order)
    invoice = office.bill(order)
    yield 15
    office.take_back(order, {"4": "2"}, "Faulty")
    yield 12
    office.receive(invoice)


def _canteen(office: DemoOffice) -> Deal:
    yield 20
    lines = office.lines(
        Penne_500_g="40", Chopped_tomatoes_400_g="60", Whole_milk_2_l="24",
        Garden_peas_900_g="12",
    )  # fmt: skip
    order = office.order(SCHOOL, lines)
    yield 19
    office.deliver(order, "0.5")
    invoice = office.bill(order)
    yield 9
    office.receive(invoice, "0.4")


def _regatta(office: DemoOffice) -> Deal:
    yield 27
    lines = office.lines(Victoria_sponge="6", Brownie="30", Ice_lollies_6="15")
    invoice = office.invoice(CLUB, lines)
    yield 6
    office.remind(invoice)


def _offers(office: DemoOffice) -> Deal:
    yield 10
    lines = office.lines(Mince_pies_6="20", Hot_chocolate_400_g="5")
    rejected = office.quote(CLUB, lines)
    yield 8
    office.cases.quotations.decide(rejected, False, "Found it for less")
    office.quote(CLUB, office.lines(Bagels_5="12", Cream_cheese_180_g="8"), "For the summer camp")


def _on_the_way(office: DemoOffice) -> Deal:
    yield 7
    office.bill_last_sale(CAFE)
    yield 5
    office.order(GUESTHOUSE, office.lines(Honey_340_g="6", Granola_450_g="10"))
    yield 3
    office.draft_quotation(SCHOOL, office.lines(Porridge_oats_1_kg="24", Muesli_750_g="12"))
    office.draft_order(CAFE, office.lines(Ground_coffee_227_g="24"))
    yield 2
    order = office.order(CAFE, office.lines(Whole_milk_1_l="60", Caster_sugar_1_kg="10"))
    office.deliver(order, "0.4")


def _yesterday(office: DemoOffice) -> Deal:
    yield 1
    office.invoice(SCHOOL, office.lines(Fruit_scone="40", Strawberry_jam_370_g="6"))
    office.invoice(CLUB, office.lines(Bread_roll_white="50"), issues=False)


_STORIES: tuple[Callable[[DemoOffice], Deal], ...] = (
    _coffee,
    _breakfasts,
    _canteen,
    _regatta,
    _offers,
    _on_the_way,
    _yesterday,
)
