"""Whatever is ordered, delivered, invoiced, paid and brought back: the figures always agree.

The model counts what really left and came back and what money really moved; the documents must
say the same after every step, and verify must find the store sound at the end.
"""

import os
import tempfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from pos_app.domain.discount import (
    NO_DISCOUNT,
    DiscountBasis,
    DiscountKind,
    DocumentDiscount,
    LineDiscount,
)
from pos_app.domain.document import DocumentLine, line_of
from pos_app.domain.errors import PosError
from pos_app.domain.invoice import Invoice, InvoiceState
from pos_app.domain.money import Money
from pos_app.domain.order import InvoiceBasis, Order, OrderLine, OrderState
from pos_app.domain.payment import TenderMethod, TenderRequest
from pos_app.domain.pricing import PricePolicy
from pos_app.domain.shop import ShopSettings
from pos_app.domain.taking_back import Back
from pos_app.domain.tax import TaxRounding
from pos_app.services.document_records import DELIVERY_NOTE, INVOICE, ORDER, SALES_RETURN
from pos_app.services.invoicing import Received
from pos_app.services.returning import Returning
from pos_app.services.verification import verify
from tests.services.document_office import LAPTOP, PAPER, new_office

OPENING = 100
PRICES = st.sampled_from([Decimal("0.01"), Decimal("3.33"), Decimal("9.9999"), Decimal(120)])
QUANTITIES = st.integers(1, 9).map(Decimal)
LINE_DISCOUNTS = st.sampled_from(
    [NO_DISCOUNT, LineDiscount(percent=Decimal("12.5")), LineDiscount(percent=Decimal(100))]
)
DISCOUNTS = st.sampled_from(
    [
        (),
        (DocumentDiscount(DiscountKind.PERCENT, Decimal(3)),),
        (DocumentDiscount(DiscountKind.AMOUNT, Decimal("1.11"), DiscountBasis.NET),),
    ]
)
POLICIES = st.builds(
    PricePolicy,
    st.just("EUR"),
    prices_include_tax=st.booleans(),
    tax_rounding=st.sampled_from(list(TaxRounding)),
)
BASES = st.sampled_from(list(InvoiceBasis))
_NONE = Decimal(0)


class Office(RuleBasedStateMachine):
    """A shop with a few orders under way, some of them collected at its till."""

    def __init__(self) -> None:
        super().__init__()
        os.environ.setdefault("POS_APP_KEYS", "file")
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "shop.db"
        self.office = new_office(self.path, ShopSettings(name="Corner", country="DE"))
        self.there = {LAPTOP.id: Decimal(OPENING), PAPER.id: Decimal(OPENING)}
        self.money: dict[str, int] = {}  # what came in for each invoice, less what went back
        self.collected: list[tuple[str, dict[str, Decimal]]] = []

    @property
    def orders(self) -> list[Order]:
        listed = self.office.store.documents.page(ORDER.name)
        return [self.office.orders.get(ORDER, one.id) for one in listed]

    @property
    def invoices(self) -> list[Invoice]:
        listed = self.office.store.documents.page(INVOICE.name)
        return [self.office.invoicing.get(INVOICE, one.id) for one in listed]

    def under_way(self, place: int) -> Order | None:
        found = [one for one in self.orders if one.state is not OrderState.CANCELLED]
        return found[place % len(found)] if found else None

    @rule(
        quantities=st.tuples(QUANTITIES, QUANTITIES),
        prices=st.tuples(PRICES, PRICES),
        discount=LINE_DISCOUNTS,
        discounts=DISCOUNTS,
        policy=POLICIES,
    )
    def order(
        self,
        quantities: tuple[Decimal, Decimal],
        prices: tuple[Decimal, Decimal],
        discount: LineDiscount,
        discounts: tuple[DocumentDiscount, ...],
        policy: PricePolicy,
    ) -> None:
        draft = self.office.orders.draft(self.office.customer)
        lines: list[DocumentLine] = []
        for number, product in enumerate((LAPTOP, PAPER)):
            line = line_of(product, str(number + 1), quantities[number])
            lines.append(replace(line, unit_price=prices[number]))
        lines[0] = replace(lines[0], discount=discount)
        draft = replace(
            draft,
            head=replace(draft.head, policy=policy),
            lines=tuple(OrderLine(line) for line in lines),
            discounts=discounts,
        )
        self.office.orders.decide(self.office.orders.create(draft), True)

    @precondition(lambda self: self.orders)
    @rule(place=st.integers(0, 5), quantities=st.tuples(QUANTITIES, QUANTITIES))
    def deliver(self, place: int, quantities: tuple[Decimal, Decimal]) -> None:
        order = self.under_way(place)
        if order is None:
            return
        wanted = {
            line.line.id: min(quantity, line.to_deliver)
            for line, quantity in zip(order.lines, quantities, strict=True)
        }
        try:
            note = self.office.notes.deliver(order, wanted)
        except PosError:
            return
        for line in note.lines:
            self.there[line.line.product_id or ""] -= line.line.quantity

    @precondition(lambda self: self.orders)
    @rule(place=st.integers(0, 5), basis=BASES, quantities=st.tuples(QUANTITIES, QUANTITIES))
    def invoice(self, place: int, basis: InvoiceBasis, quantities: tuple[Decimal, Decimal]) -> None:
        order = self.under_way(place)
        if order is None:
            return
        wanted = {
            line.line.id: min(quantity, line.to_invoice(basis))
            for line, quantity in zip(order.lines, quantities, strict=True)
        }
        try:
            made = self.office.invoicing.of_order(order, basis, wanted)
        except PosError:
            return
        self.money[made.head.id] = 0

    @precondition(lambda self: self.invoices)
    @rule(place=st.integers(0, 5), parts=st.integers(1, 4), at_till=st.booleans())
    def pay(self, place: int, parts: int, at_till: bool) -> None:
        invoices = self.invoices
        invoice = invoices[place % len(invoices)]
        amount = Money(max(invoice.balance.minor // parts, 1), "EUR")
        try:
            if at_till:
                cart = self.office.till.cart_paying(invoice, amount)
                self.office.checkout.complete(cart, [TenderRequest(TenderMethod.CASH)])
            else:
                self.office.invoicing.receive(invoice, Received(amount))
        except PosError:
            return
        self.money[invoice.head.id] += amount.minor

    @precondition(lambda self: self.invoices)
    @rule(place=st.integers(0, 5))
    def pay_back_what_was_too_much(self, place: int) -> None:
        invoices = self.invoices
        invoice = invoices[place % len(invoices)]
        if invoice.balance.minor < 0:
            self.office.invoicing.pay_back(invoice, Received(-invoice.balance))
            self.money[invoice.head.id] += invoice.balance.minor

    @precondition(lambda self: self.orders)
    @rule(place=st.integers(0, 5), quantities=st.tuples(QUANTITIES, QUANTITIES))
    def take_back(self, place: int, quantities: tuple[Decimal, Decimal]) -> None:
        order = self.under_way(place)
        if order is None:
            return
        backs = {
            line.line.id: Back(min(quantity, line.to_return))
            for line, quantity in zip(order.lines, quantities, strict=True)
        }
        try:
            document = self.office.returns.take_back(order, backs)
        except PosError:
            return
        for line in document.lines:
            self.there[line.line.product_id or ""] += line.line.quantity

    @precondition(lambda self: self.invoices)
    @rule(place=st.integers(0, 9))
    def cancel_an_invoice(self, place: int) -> None:
        invoices = self.invoices
        try:
            self.office.returns.credit(invoices[place % len(invoices)], "mistake")
        except PosError:
            return

    @precondition(lambda self: self.orders)
    @rule(place=st.integers(0, 5))
    def collect_at_the_till(self, place: int) -> None:
        order = self.under_way(place)
        if order is None:
            return
        try:
            cart = self.office.till.cart_of(order)
        except PosError:
            return
        sale = self.office.checkout.complete(cart, [TenderRequest(TenderMethod.CASH)])
        moved: dict[str, Decimal] = {}
        for line in sale.lines:
            product_id = line.product_id or ""
            moved[product_id] = moved.get(product_id, _NONE) + line.quantity
            self.there[product_id] -= line.quantity
        self.collected.append((sale.id, moved))

    @precondition(lambda self: self.collected)
    @rule()
    def void_what_was_collected(self) -> None:
        sale_id, moved = self.collected.pop()
        Returning(self.office.checkout).void(sale_id, "mistake")
        for product_id, quantity in moved.items():
            self.there[product_id] += quantity

    @invariant()
    def no_line_goes_further_than_the_one_before(self) -> None:
        for order in self.orders:
            for line in order.lines:
                out = line.delivered - line.sold
                assert line.line.quantity >= line.delivered >= line.sold >= 0
                assert out >= line.invoiced >= 0
                assert out >= line.returned >= line.credited >= 0
                assert line.line.quantity - line.sold >= line.billed >= 0

    @invariant()
    def every_balance_is_total_less_paid_less_credited(self) -> None:
        for invoice in self.invoices:
            assert invoice.paid.minor == self.money[invoice.head.id]
            assert invoice.balance == invoice.total - invoice.paid - invoice.credited
            assert invoice.net + invoice.tax == invoice.gross == invoice.total
            assert (invoice.state is InvoiceState.FULLY_PAID) == (invoice.balance.minor <= 0)
            assert sum(line.figures.gross.minor for line in invoice.lines) == invoice.gross.minor

    @invariant()
    def the_invoices_of_an_order_never_ask_for_more_than_it_does(self) -> None:
        for order in self.orders:
            mine = self.office.store.documents.of_origin(INVOICE.name, order.head.id)
            back = self.office.returns.of_order(order.head.id)
            cancelled = sum(one.credit.minor for one in back if not one.lines)
            asked = sum(one.total for one in mine) - cancelled
            whole = order.priced.gross.minor
            is_all = all(line.invoiced + line.ahead == line.line.quantity for line in order.lines)
            by_till = self.office.store.documents.of_origin(DELIVERY_NOTE.name, order.head.id)
            sold = [self.office.notes.get(DELIVERY_NOTE, one.id).sale_id for one in by_till]
            if is_all and not any(sold):
                assert asked == whole
            assert asked <= whole

    @invariant()
    def what_is_credited_by_returns_is_credited_on_invoices(self) -> None:
        listed = self.office.store.documents.page(SALES_RETURN.name)
        by_return = [self.office.returns.get(SALES_RETURN, one.id) for one in listed]
        given = sum(one.credit.minor for one in by_return)
        assert given == sum(one.credited.minor for one in self.invoices)

    @invariant()
    def the_stock_is_what_is_there(self) -> None:
        for product_id, quantity in self.there.items():
            assert self.office.store.stock.level(product_id, "shop") == quantity

    def teardown(self) -> None:
        self.office.store.close()
        faults = verify(self.path).faults
        self.folder.cleanup()
        assert faults == ()


TestOffice = Office.TestCase
TestOffice.settings = settings(max_examples=25, stateful_step_count=30, deadline=None)


@pytest.mark.long
def test_a_thousand_shops_and_their_orders() -> None:
    class Long(Office.TestCase):  # type: ignore[misc]
        settings = settings(max_examples=1000, stateful_step_count=50, deadline=None)

    Long("runTest").runTest()
