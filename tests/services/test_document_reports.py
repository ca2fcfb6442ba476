"""Reports over a real store: what counts, what does not, and that sums are those of their parts."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos_app.domain import cart as carts
from pos_app.domain.customer import Customer
from pos_app.domain.document import line_of
from pos_app.domain.held_lines import add_account_payment, add_gift_card, add_invoice_payment
from pos_app.domain.invoice import Invoice, InvoiceState
from pos_app.domain.money import Money
from pos_app.domain.order import InvoiceBasis, OrderLine
from pos_app.domain.payment import TenderMethod, TenderRequest
from pos_app.domain.pricing import PricePolicy
from pos_app.domain.report_customers import CustomerAnalysis, CustomerFigures
from pos_app.domain.report_period import Grain, ReportPeriod
from pos_app.domain.sale import Sale
from pos_app.domain.shift_report import HELD_KINDS
from pos_app.domain.taking_back import Back
from pos_app.services.customer_merges import CustomerMerges
from pos_app.services.customers import Customers
from pos_app.services.document_records import INVOICE, SALES_RETURN
from pos_app.services.document_reports import (
    ReportAsked,
    currencies_of,
    customer_analysis,
    order_execution,
    product_trend,
    receivables,
)
from pos_app.services.invoicing import Received
from pos_app.services.receivables import owed_by
from pos_app.services.returning import Returning
from pos_app.services.shop_setup import ShopSetup
from tests.services.document_office import LAPTOP, PAPER, START, Office, new_office
from tests.services.held_shop import card_number

JUNE = ReportPeriod(date(2023, 6, 1), date(2023, 6, 30))
YEAR = ReportPeriod(date(2023, 1, 1), date(2023, 12, 31))
CASH = TenderRequest(TenderMethod.CASH)
ON_ACCOUNT = TenderRequest(TenderMethod.ON_ACCOUNT)


def accounts(path: Path) -> Office:
    """An office whose till keeps accounts."""
    office = new_office(path / "shop.db")
    shop = office.store.settings.shop()
    tenders = replace(shop.tenders, keeps_accounts=True, credit_limit=None)
    tenders = replace(tenders, methods=(*tenders.methods, TenderMethod.ON_ACCOUNT))
    ShopSetup(office.store, office.clock).save(replace(shop, tenders=tenders))
    office.checkout.reload_settings()
    return office


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setenv("POS_APP_KEYS", "file")
    made = accounts(tmp_path)
    yield made
    made.store.close()


def sell(
    office: Office, *tenders: TenderRequest, customer: Customer | None = None, units: int = 1
) -> Sale:
    cart = office.checkout.add(office.checkout.new_cart(), LAPTOP.id, Decimal(units))
    if customer is not None:
        cart = carts.choose_customer(cart, customer)
    return office.checkout.complete(cart, tenders or (CASH,))


def analysis(office: Office, period: ReportPeriod = JUNE) -> CustomerAnalysis:
    return customer_analysis(office.store, ReportAsked(period))


def only(report: CustomerAnalysis) -> CustomerFigures:
    assert len(report.customers) == 1
    return report.customers[0]


def delivered_and_invoiced(office: Office) -> Invoice:
    order = office.order()
    office.notes.deliver(order, {"1": Decimal(10), "2": Decimal(3)})
    return office.invoicing.of_order(office.now(order))


def test_sales_at_the_counter_and_invoices_are_one_customers_turnover(office: Office) -> None:
    sale = sell(office, customer=office.customer, units=2)
    invoice = delivered_and_invoiced(office)
    office.invoicing.receive(invoice, Received(Money(10_000, "EUR")))
    found = only(analysis(office))
    assert (found.number, found.name, found.purchases) == ("CUS001", "Rye & Sons", 2)
    assert found.amount == sale.gross + invoice.gross
    assert found.net == sale.net + invoice.net
    assert found.unpaid.minor == invoice.total.minor - 10_000
    assert found.payment_rate is not None
    assert 0 < found.payment_rate < 100


def test_an_invoice_for_a_sale_counts_once_and_names_who_bought(office: Office) -> None:
    sale = sell(office)
    assert analysis(office).customers == ()
    office.invoicing.of_sale(sale, office.customer)
    report = analysis(office)
    assert only(report).amount == sale.gross
    assert only(report).payment_rate == 100
    assert report.unnamed.purchases == 0


def test_an_invoice_for_a_sale_on_account_is_owed_once(office: Office) -> None:
    sale = sell(office, ON_ACCOUNT, customer=office.customer)
    assert only(analysis(office)).unpaid == sale.amount_due
    office.invoicing.of_sale(sale)
    found = only(analysis(office))
    assert (found.amount, found.unpaid) == (sale.gross, sale.amount_due)


def test_payments_on_account_settle_the_oldest_sale_first(office: Office) -> None:
    first = sell(office, ON_ACCOUNT, customer=office.customer)
    office.pass_days(30)
    second = sell(office, ON_ACCOUNT, customer=office.customer, units=2)
    cart = carts.choose_customer(office.checkout.new_cart(), office.customer)
    office.checkout.complete(add_account_payment(cart, Money(5_000, "EUR")), (CASH,))
    june, july = only(analysis(office)), only(analysis(office, later(JUNE)))
    assert june.unpaid == first.amount_due - Money(5_000, "EUR")
    assert july.unpaid == second.amount_due
    assert july.purchases == 1  # what was paid is no purchase


def later(period: ReportPeriod) -> ReportPeriod:
    return ReportPeriod(period.end + timedelta(days=1), period.end + timedelta(days=31))


def test_money_held_for_others_is_no_turnover(office: Office) -> None:
    invoice = delivered_and_invoiced(office)
    before = analysis(office)
    cart = add_gift_card(office.checkout.new_cart(), card_number(1), Money(2_500, "EUR"))
    office.checkout.complete(cart, (CASH,))
    paying = add_invoice_payment(office.checkout.new_cart(), invoice.head.number, invoice.balance)
    office.checkout.complete(paying, (CASH,))
    after = analysis(office)
    assert after.total.amount == before.total.amount
    assert after.total.purchases == before.total.purchases
    assert only(after).payment_rate == 100
    assert product_trend(office.store, ReportAsked(JUNE)).total.amount == after.total.amount


def test_a_void_takes_the_purchase_away_and_a_return_its_amount(office: Office) -> None:
    kept = sell(office, customer=office.customer, units=3)
    voided = sell(office, customer=office.customer)
    returning = Returning(office.checkout)
    returning.void(voided.id, "mistake")
    cart = returning.begin(kept)
    cart = returning.give_back(cart, kept, 1, Decimal(1), "broken")
    office.checkout.complete(cart, returning.refund(cart))
    found = only(analysis(office))
    assert found.purchases == 1
    assert found.amount.minor * 3 == kept.gross.minor * 2
    trend = product_trend(office.store, ReportAsked(JUNE, product_id=LAPTOP.id))
    assert trend.total.quantities == (Decimal(2),)


def test_a_credit_note_is_taken_off_and_its_units_came_back(office: Office) -> None:
    order = office.order()
    office.notes.deliver(order, {"1": Decimal(10), "2": Decimal(3)})
    invoice = office.invoicing.of_order(office.now(order))
    credit = office.returns.take_back(office.now(order), {"1": Back(Decimal(4))})
    found = only(analysis(office))
    assert found.amount == invoice.gross - credit.gross
    trend = product_trend(office.store, ReportAsked(JUNE, product_id=LAPTOP.id))
    assert trend.total.quantities == (Decimal(6),)
    others = product_trend(office.store, ReportAsked(JUNE, product_id=PAPER.id))
    both = trend.total.amount + others.total.amount
    assert both == found.amount


def test_an_order_invoiced_in_parts_is_one_purchase_and_a_draft_none(office: Office) -> None:
    order = office.order()
    office.notes.deliver(order, {"1": Decimal(4)})
    first = office.invoicing.of_order(office.now(order))
    office.notes.deliver(office.now(order), {"1": Decimal(6)})
    second = office.invoicing.of_order(office.now(order))
    draft = office.invoicing.draft(office.customer, office.lines())
    assert office.invoicing.save_draft(draft).state is InvoiceState.DRAFT
    found = only(analysis(office))
    assert found.purchases == 1
    assert found.amount == first.gross + second.gross


def test_merged_customers_are_reported_as_the_one_that_stayed(office: Office) -> None:
    customers = Customers(office.store, office.clock)
    other = customers.save(Customer(customers.new_id(), "CUS002", "Rye and Sons"))
    sell(office, customer=other)
    sell(office, ON_ACCOUNT, customer=other)
    sell(office, customer=office.customer)
    order = office.orders.draft(other)
    lines = tuple(OrderLine(line) for line in office.lines())
    office.orders.decide(office.orders.create(replace(order, lines=lines)), True)
    CustomerMerges(office.store, office.clock).merge(office.customer, other)
    found = only(analysis(office))
    assert (found.name, found.purchases) == (office.customer.name, 3)
    assert found.unpaid == owed_by(office.store, office.customer.id, "EUR").amount
    asked = ReportAsked(JUNE, customer_id=office.customer.id)
    executed = order_execution(office.store, asked)
    assert [one.customer_name for one in executed.orders] == [office.customer.name]
    owed = receivables(office.store, START.date())
    assert [one.balance for one in owed.customers] == [found.unpaid]


def test_currencies_are_never_mixed(office: Office) -> None:
    euros = sell(office, customer=office.customer)
    shop = office.store.settings.shop()
    with office.store.transaction() as tx:  # as a store from elsewhere may be: settings refuse it
        tx.settings.save(replace(shop, policy=PricePolicy("GBP")))
    office.checkout.reload_settings()
    pounds = sell(office, customer=office.customer, units=2)
    assert currencies_of(office.store, JUNE) == ("GBP", "EUR")
    assert only(analysis(office)).amount == pounds.gross
    old = customer_analysis(office.store, ReportAsked(JUNE, "EUR"))
    assert only(old).amount == euros.gross
    assert product_trend(office.store, ReportAsked(JUNE, "EUR")).total.amount == euros.gross


def test_only_the_days_that_were_asked_for_count(office: Office) -> None:
    sell(office)
    office.pass_days(30)  # the first of July
    sell(office, units=2)
    assert analysis(office).total.purchases == 1
    trend = product_trend(office.store, ReportAsked(YEAR, grain=Grain.MONTH))
    assert [one.quantities[0] for one in trend.trend if one.amount] == [1, 2]
    assert len(trend.trend) == 12


def test_orders_are_reported_with_what_went_out(office: Office) -> None:
    whole, part, none = office.order(), office.order(), office.order(2)
    office.notes.deliver(whole, {"1": Decimal(10), "2": Decimal(3)})
    office.notes.deliver(part, {"1": Decimal(4)})
    cancelled = office.order()
    office.orders.cancel(cancelled, "too dear")
    office.orders.create(replace(office.orders.draft(office.customer), lines=whole.lines))
    report = order_execution(office.store, ReportAsked(JUNE))
    assert [one.number for one in report.orders] == [one.head.number for one in (whole, part, none)]
    assert [one.delivered_rate for one in report.orders] == [100, Decimal("39.6"), 0]
    assert report.orders[0].delivered == whole.priced.gross
    assert report.left_out == 2
    office.returns.take_back(office.now(whole), {"1": Back(Decimal(10))})
    after = order_execution(office.store, ReportAsked(JUNE)).orders[0]
    assert after.delivered == whole.priced.gross
    assert after.returned == whole.priced.lines[0].gross


def test_orders_are_narrowed_to_a_customer_and_a_product(office: Office) -> None:
    customers = Customers(office.store, office.clock)
    other = customers.save(Customer(customers.new_id(), "CUS002", "Quayside"))
    office.order()
    draft = office.orders.draft(other)
    lines = (OrderLine(line_of(PAPER, "1", Decimal(2))),)
    mine = office.orders.decide(office.orders.create(replace(draft, lines=lines)), True)

    def found(**asked: str) -> list[tuple[str, Money]]:
        report = order_execution(office.store, ReportAsked(JUNE, **asked))  # type: ignore[arg-type]
        return [(one.customer_name, one.amount) for one in report.orders]

    assert found(customer_id=other.id) == [("Quayside", mine.priced.gross)]
    assert [name for name, _ in found(product_id=LAPTOP.id)] == ["Rye & Sons"]
    assert [name for name, _ in found(product_id=PAPER.id)] == ["Rye & Sons", "Quayside"]
    of_paper = found(customer_id=office.customer.id, product_id=PAPER.id)
    assert of_paper[0][1] < found(customer_id=office.customer.id)[0][1]


def test_receivables_stand_at_their_age(office: Office) -> None:
    first = office.invoicing.of_order(office.order(), InvoiceBasis.ORDERED)  # due on 1 July
    office.pass_days(20)
    second = office.invoicing.of_order(office.order(3), InvoiceBasis.ORDERED)
    sale = sell(office, ON_ACCOUNT, customer=office.customer)
    today = first.due + timedelta(days=31)
    report = receivables(office.store, today)
    row = report.customers[0]
    assert row.ages.to_60 == first.total
    assert row.ages.to_30 == second.total + sale.amount_due
    assert row.balance == owed_by(office.store, office.customer.id, "EUR").amount
    assert report.total.balance == row.balance
    assert receivables(office.store, first.due).total.ages.overdue.minor == 0
    oldest = receivables(office.store, first.due + timedelta(days=91))
    assert oldest.customers[0].ages.older == first.total


def test_what_was_paid_too_much_is_to_the_customers_credit(office: Office) -> None:
    invoice = delivered_and_invoiced(office)
    office.invoicing.receive(invoice, Received(invoice.total))
    found = office.store.records.get(INVOICE, invoice.head.id)
    assert found is not None
    office.returns.credit(found, "wrong")
    row = receivables(office.store, START.date()).customers[0]
    assert row.credit == -invoice.total
    assert row.balance == -invoice.total


ACTIONS = st.lists(
    st.sampled_from(
        ["sell", "named", "account", "back", "void", "invoice", "pay", "credit", "part", "ofsale"]
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=12)
@given(ACTIONS)
def test_after_any_day_the_reports_are_the_sums_of_its_documents(actions: list[str]) -> None:
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("POS_APP_KEYS", "file")
        office = accounts(Path(folder))
        sales: list[Sale] = []
        for action in actions:
            act(office, action, sales)
            office.pass_days(3)
        check_sums(office)
        office.store.close()


def act(office: Office, action: str, sales: list[Sale]) -> None:
    if action in ("sell", "named", "account"):
        tenders = (ON_ACCOUNT,) if action == "account" else (CASH,)
        customer = None if action == "sell" else office.customer
        sales.append(sell(office, *tenders, customer=customer, units=2))
    elif action in ("back", "void", "ofsale") and sales:
        follow(office, action, sales.pop())
    elif action == "invoice":
        delivered_and_invoiced(office)
    elif action == "part":
        order = office.order()
        office.notes.deliver(order, {"1": Decimal(3)})
        office.invoicing.of_order(office.now(order))
    elif action in ("pay", "credit"):
        settle(office, action)


def follow(office: Office, action: str, sale: Sale) -> None:
    returning = Returning(office.checkout)
    if action == "void":
        returning.void(sale.id, "mistake")
    elif action == "ofsale":
        office.invoicing.of_sale(sale, office.customer)
    else:
        cart = returning.give_back(returning.begin(sale), sale, 1, Decimal(1), "no")
        office.checkout.complete(cart, returning.refund(cart))


def settle(office: Office, action: str) -> None:
    owed = office.store.documents.owed(INVOICE.name)
    invoice = office.store.records.get(INVOICE, owed[0].id) if owed else None
    if invoice is not None and action == "pay":
        pay = office.invoicing.receive if invoice.balance.minor > 0 else office.invoicing.pay_back
        pay(invoice, Received(Money(1, "EUR")))
    elif invoice is not None and not invoice.sale_id:
        office.returns.credit(invoice, "wrong")


def check_sums(office: Office) -> None:
    """Add everything up from the documents themselves."""
    store = office.store
    turnover = 0
    for _, sale in store.sales.stream():
        held = sum(line.figures.gross.minor for line in sale.lines if line.kind in HELD_KINDS)
        turnover += sale.gross.minor - held
    owed = 0
    for listed in store.documents.stream(INVOICE.name):
        invoice = store.records.get(INVOICE, listed.id)
        assert invoice is not None
        if invoice.state not in (InvoiceState.DRAFT, InvoiceState.DELETED):
            turnover += 0 if invoice.sale_id else invoice.gross.minor
            owed += invoice.balance.minor
    for listed in store.documents.stream(SALES_RETURN.name):
        note = store.records.get(SALES_RETURN, listed.id)
        assert note is not None
        turnover -= note.gross.minor
    customers = customer_analysis(store, ReportAsked(YEAR))
    assert customers.total.amount.minor == turnover
    for grain in Grain:
        trend = product_trend(store, ReportAsked(YEAR, grain=grain))
        assert trend.total.amount.minor == turnover
        assert trend.total.net == customers.total.net
    by_product = [
        product_trend(store, ReportAsked(YEAR, product_id=one.id)).total.amount.minor
        for one in (LAPTOP, PAPER)
    ]
    assert sum(by_product) == turnover
    everything = owed_by(store, office.customer.id, "EUR").amount
    assert receivables(store, office.time.date()).total.balance == everything
