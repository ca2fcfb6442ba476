"""What a second pair of eyes found in the sales documents: each of these went wrong once."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from time import process_time

import pytest

from pos_app.domain import order as orders
from pos_app.domain.cart import QuantityTooFine, price_cart, remove_line
from pos_app.domain.cart_parts import OtherOrder, merge_carts
from pos_app.domain.credit import CreditTerms, CustomerOverLimit, OrdersOverLimit
from pos_app.domain.customer_erasure import StillInUse
from pos_app.domain.delivering import Transport
from pos_app.domain.discount import DiscountBasis, DiscountKind, DocumentDiscount
from pos_app.domain.document import (
    DatesTurned,
    DayOutOfRange,
    DocumentLinesMixed,
    LineWithoutName,
)
from pos_app.domain.facts import FactKind
from pos_app.domain.invoice import Invoice, InvoiceState, PaidInOtherCurrency
from pos_app.domain.invoice_of_sale import SaleUndone
from pos_app.domain.money import Money
from pos_app.domain.order import InvoiceBasis, Order, OrderAction, OrderLine, OrderState, actions_of
from pos_app.domain.payment import CashRounding, TenderMethod, TenderRequest
from pos_app.domain.sale import Sale
from pos_app.domain.shop import ShopSettings
from pos_app.domain.taking_back import Back
from pos_app.domain.tender_settings import TenderSettings
from pos_app.services.customer_merges import CustomerMerges
from pos_app.services.customer_privacy import CustomerPrivacy
from pos_app.services.customer_records import CREDIT_TERMS
from pos_app.services.customers import Customers
from pos_app.services.document_records import INVOICE, QUOTATION, SALES_RETURN
from pos_app.services.invoiced_sales import CreditedWithInvoice
from pos_app.services.invoicing import InvoiceTerms, Received
from pos_app.services.receivables import owed_by, statement_of
from pos_app.services.returning import Returning
from pos_app.services.verification import verify
from pos_app.store.documents import DocumentFilter
from tests.services.document_office import LAPTOP, PAPER, Office, new_office

SHOP = ShopSettings(name="Corner", country="DE", tenders=TenderSettings(keeps_accounts=True))
CASH, ACCOUNT = TenderMethod.CASH, TenderMethod.ON_ACCOUNT


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    path = tmp_path / "shop.db"
    made = new_office(path, SHOP)
    yield made
    made.store.close()
    assert verify(path).faults == ()


def sold(office: Office, method: TenderMethod, quantity: int = 2) -> Sale:
    cart = office.checkout.add(office.checkout.new_cart(), LAPTOP.id, Decimal(quantity))
    cart = replace(cart, customer=office.customer)
    return office.checkout.complete(cart, [TenderRequest(method)])


def given_back(office: Office, sale: Sale, quantity: int = 1) -> Sale:
    desk = Returning(office.checkout)
    cart = desk.give_back(desk.begin(sale), sale, 1, Decimal(quantity), "broken")
    return office.checkout.complete(cart, desk.refund(cart))


def present(office: Office, invoice: Invoice) -> Invoice:
    return office.invoicing.get(INVOICE, invoice.head.id)


def owed(office: Office) -> tuple[int, int]:
    """What is owed in all, and what of it on account."""
    found = owed_by(office.store, office.customer.id, "EUR")
    return found.amount.minor, found.on_account.minor


def delivered(office: Office, quantity: int = 10) -> Order:
    order = office.order(quantity)
    office.notes.deliver(order, {"1": Decimal(quantity)})
    return office.now(order)


def agreed(office: Office, terms: CreditTerms) -> None:
    with office.store.transaction() as tx:
        tx.records.put(CREDIT_TERMS, terms, FactKind.CREDIT_TERMS_SAVED, office.time, "1")


@pytest.mark.parametrize("method", [CASH, ACCOUNT])
def test_a_void_of_an_invoiced_sale_credits_its_invoice(
    office: Office, method: TenderMethod
) -> None:
    sale = sold(office, method)
    invoice = office.invoicing.of_sale(sale)
    Returning(office.checkout).void(sale.id, "wrong goods")
    after = present(office, invoice)
    assert (after.credited, after.paid.minor, after.balance.minor) == (invoice.total, 0, 0)
    assert owed(office) == (0, 0)
    note = office.returns.get(SALES_RETURN, after.credits[0].return_id)
    assert (note.credit, note.reason) == (invoice.total, "wrong goods")
    assert office.level() == 100


@pytest.mark.parametrize("method", [CASH, ACCOUNT])
def test_goods_of_an_invoiced_sale_that_come_back_to_the_till_are_credited(
    office: Office, method: TenderMethod
) -> None:
    sale = sold(office, method)
    invoice = office.invoicing.of_sale(sale)
    back = given_back(office, sale)
    after = present(office, invoice)
    assert after.credited == -back.amount_due
    left = invoice.total + back.amount_due
    assert after.balance == (left if method is ACCOUNT else Money(0, "EUR"))
    assert owed(office) == (after.balance.minor, 0)
    days = date(2023, 1, 1), date(2023, 12, 31)
    statement = statement_of(office.store, office.customer.id, "EUR", *days)
    assert (statement.opening.minor, statement.closing) == (0, after.balance)
    given_back(office, sale)
    done = present(office, invoice)
    assert (done.credited, done.balance.minor, owed(office)) == (invoice.total, 0, (0, 0))


def test_parts_that_come_back_rounded_leave_no_cents_on_the_invoice(tmp_path: Path) -> None:
    shop = replace(SHOP, cash_rounding=CashRounding(step=Decimal("0.05")))
    path = tmp_path / "rounding.db"
    made = new_office(path, shop)
    sale = sold(made, CASH, 3)
    invoice = made.invoicing.of_sale(sale)
    assert invoice.rounding.minor
    for _ in range(3):
        given_back(made, sale)
        assert present(made, invoice).balance.minor == 0
    assert present(made, invoice).credited == invoice.total
    made.store.close()
    assert verify(path).faults == ()


def test_a_return_that_was_credited_cannot_be_voided(office: Office) -> None:
    sale = sold(office, CASH)
    office.invoicing.of_sale(sale)
    back = given_back(office, sale)
    with pytest.raises(CreditedWithInvoice, match="RTN2023060001"):
        Returning(office.checkout).void(back.id, "mistake")


def test_a_voided_sale_is_not_invoiced_and_what_came_back_before_is_credited(
    office: Office,
) -> None:
    undone = sold(office, ACCOUNT)
    Returning(office.checkout).void(undone.id, "mistake")
    with pytest.raises(SaleUndone):
        office.invoicing.of_sale(undone)
    sale = sold(office, ACCOUNT)
    back = given_back(office, sale)
    before = owed(office)[0]
    invoice = office.invoicing.of_sale(sale)
    assert (invoice.total, invoice.credited) == (sale.amount_due, -back.amount_due)
    assert owed(office) == (before, 0)


def test_a_cancelled_invoice_of_a_sale_is_written_again_and_the_money_goes_over(
    office: Office,
) -> None:
    sale = sold(office, CASH)
    first = office.invoicing.of_sale(sale)
    office.returns.credit(first, "wrong address")
    assert office.invoicing.of_sale_id(sale.id) is None
    second = office.invoicing.of_sale(sale)
    assert second.head.number == "INV2023060002"
    assert (present(office, first).balance.minor, second.balance.minor) == (0, 0)
    assert office.invoicing.of_sale(sale) == second
    Returning(office.checkout).void(sale.id, "mistake")
    assert (present(office, second).balance.minor, owed(office)) == (0, (0, 0))


def test_an_invoice_of_a_sale_on_account_is_written_again_and_asks_once(office: Office) -> None:
    sale = sold(office, ACCOUNT)
    office.returns.credit(office.invoicing.of_sale(sale), "wrong address")
    again = office.invoicing.of_sale(sale)
    assert owed(office) == (again.total.minor, 0)


def test_a_finished_order_is_not_invoiced_for_what_will_not_come(office: Office) -> None:
    order = office.order()
    office.notes.deliver(order, {"1": Decimal(4)})
    finished = office.orders.finish(office.now(order))
    invoice = office.invoicing.of_order(finished, InvoiceBasis.ORDERED)
    assert [line.line.quantity for line in invoice.lines] == [4]
    assert OrderAction.INVOICE not in actions_of(office.now(order))


def test_units_of_a_piece_are_not_split_when_they_move(office: Office) -> None:
    order = office.order()
    with pytest.raises(QuantityTooFine):
        office.notes.deliver(order, {"1": Decimal("0.5")})
    order = delivered(office)
    with pytest.raises(QuantityTooFine):
        office.invoicing.of_order(order, quantities={"1": Decimal("0.5")})
    with pytest.raises(QuantityTooFine):
        office.returns.take_back(order, {"1": Back(Decimal("0.5"))})


def test_money_of_another_currency_pays_no_invoice(office: Office) -> None:
    invoice = office.invoicing.of_order(delivered(office))
    with pytest.raises(PaidInOtherCurrency):
        office.invoicing.receive(invoice, Received(Money(5000, "USD")))
    with pytest.raises(PaidInOtherCurrency):
        office.till.cart_paying(invoice, Money(5000, "USD"))


def test_an_order_of_a_quotation_is_not_due_before_it_is_made(office: Office) -> None:
    quotation = office.quotations.decide(office.quotations.submit(office.quotation()), True)
    with pytest.raises(DatesTurned):
        office.quotations.to_order(quotation, deliver_by=date(2020, 1, 1))


def test_a_quotation_becomes_an_order_again_when_the_first_was_deleted(office: Office) -> None:
    quotation = office.quotations.decide(office.quotations.submit(office.quotation()), True)
    office.orders.delete(office.quotations.to_order(quotation))
    again = office.quotations.to_order(office.quotations.get(QUOTATION, quotation.head.id))
    assert again.head.number == "SO2023060002"


def test_an_invoice_dated_ahead_is_paid_and_credited_on_its_day_at_the_earliest(
    office: Office,
) -> None:
    ahead = InvoiceTerms(day=date(2023, 6, 10))
    invoice = office.invoicing.of_order(delivered(office), terms=ahead)
    paid = office.invoicing.receive(invoice, Received(Money(100, "EUR")))
    assert paid.payments[0].day == invoice.head.day
    assert office.returns.credit(paid, "mistake").head.day == invoice.head.day


def test_a_free_invoice_is_due_as_agreed_with_the_customer(office: Office) -> None:
    terms = CreditTerms(office.customer.id, Money(1000, "USD"), credit_days=10)
    agreed(office, terms)
    draft = office.invoicing.draft(office.customer, office.lines())
    assert draft.due == date(2023, 6, 11)
    issued = office.invoicing.issue(office.invoicing.save_draft(draft))  # a limit in dollars
    assert issued.state is InvoiceState.UNPAID


def test_a_draft_that_waited_is_issued_with_a_new_day_to_remind(office: Office) -> None:
    draft = office.invoicing.save_draft(office.invoicing.draft(office.customer, office.lines()))
    office.pass_days(60)
    later = office.invoicing.change(draft, replace(draft, due=date(2023, 8, 30)))
    issued = office.invoicing.issue(later, office.invoicing.today)
    assert issued.remind_on == date(2023, 9, 6)


def test_two_orders_are_not_collected_with_one_sale(office: Office) -> None:
    one, two = (office.till.cart_of(office.order(2)) for _ in range(2))
    with pytest.raises(OtherOrder):
        merge_carts(one, two)


def test_an_order_is_collected_even_where_the_till_changed_a_price(office: Office) -> None:
    order = office.order(2)
    cart = office.checkout.override_price(office.till.cart_of(order), 1, Decimal(90))
    office.checkout.complete(cart, [TenderRequest(CASH)])
    assert office.now(order).state is OrderState.FULLY_DELIVERED


def test_two_discounts_of_an_order_come_to_the_same_at_the_till(office: Office) -> None:
    draft = office.orders.draft(office.customer)
    off = DocumentDiscount(DiscountKind.AMOUNT, Decimal("11.11"), DiscountBasis.NET)
    discounts = (off, DocumentDiscount(DiscountKind.PERCENT, Decimal(5)))
    lines = tuple(OrderLine(line) for line in office.lines())
    order = office.orders.create(replace(draft, lines=lines, discounts=discounts))
    order = office.orders.decide(order, True)
    assert price_cart(office.till.cart_of(order)).gross == order.priced.gross


def test_lines_say_what_they_are_and_can_be_told_apart(office: Office) -> None:
    line = office.lines()[0]
    draft = office.invoicing.draft(office.customer, (replace(line, name=" "),))
    with pytest.raises(LineWithoutName):
        office.invoicing.save_draft(draft)
    with pytest.raises(DocumentLinesMixed):
        office.invoicing.save_draft(office.invoicing.draft(office.customer, (line, line)))


def test_what_was_agreed_with_a_merged_customer_is_looked_up_with_the_survivor(
    office: Office,
) -> None:
    order = office.order(1)
    survivor = replace(office.customer, id=office.orders.new_id(), number="CUS2", card_code="")
    survivor = Customers(office.store, office.clock).save(survivor)
    merges = CustomerMerges(office.store, office.clock)
    draft = office.orders.create(
        replace(order, head=replace(order.head, id=office.orders.new_id()), state=OrderState.DRAFT)
    )
    merges.merge(survivor, office.customer)
    agreed(office, CreditTerms(survivor.id, Money(100, "EUR"), credit_days=5))
    with pytest.raises(CustomerOverLimit):
        office.orders.decide(draft, True)
    office.notes.deliver(order, {"1": Decimal(1)})
    invoice = office.invoicing.of_order(office.now(order))
    assert (invoice.head.customer.id, invoice.due) == (survivor.id, date(2023, 6, 6))
    cart = office.till.cart_of(office.now(order))
    assert cart.customer == survivor


def test_what_was_cancelled_in_the_middle_is_invoiced_again_to_the_cent(office: Office) -> None:
    draft = office.orders.draft(office.customer)
    line = replace(office.lines()[0], unit_price=Decimal("0.99"))
    order = office.orders.create(replace(draft, lines=(OrderLine(line),)))
    order = office.orders.decide(order, True)
    office.notes.deliver(order, {"1": Decimal(10)})
    parts = [
        office.invoicing.of_order(office.now(order), quantities={"1": Decimal(3)}) for _ in "ab"
    ]
    office.returns.credit(parts[0], "wrong address")
    rest = office.invoicing.of_order(office.now(order))
    priced = order.priced
    assert (parts[1].total + rest.total, parts[1].tax + rest.tax) == (priced.gross, priced.tax)


def test_ten_times_the_lines_take_ten_times_as_long(office: Office) -> None:
    def seconds(count: int) -> float:
        line = office.lines()[0]
        lines = tuple(OrderLine(replace(line, id=str(place))) for place in range(count))
        order = replace(office.orders.draft(office.customer), lines=lines)
        order = replace(order, state=OrderState.APPROVED)
        wanted = {one.line.id: Decimal(1) for one in lines}
        start = process_time()
        order = orders.delivered(order, wanted)
        order = orders.invoiced(order, wanted, InvoiceBasis.DELIVERED)
        orders.taken_back(order, wanted)
        return process_time() - start

    small = min(seconds(500) for _ in range(3))
    assert min(seconds(5000) for _ in range(3)) < 40 * small


def test_a_customer_with_goods_to_invoice_is_not_erased(office: Office) -> None:
    order = office.order(1)
    office.notes.deliver(order, {"1": Decimal(1), "2": Decimal(3)})
    with pytest.raises(StillInUse):
        CustomerPrivacy(office.store, office.clock).erase(office.customer)


def test_orders_under_way_count_against_the_credit_limit(office: Office) -> None:
    agreed(office, CreditTerms(office.customer.id, Money(150000, "EUR")))
    first = office.order(10)
    with pytest.raises(OrdersOverLimit, match="ordered 1009"):
        office.order(10)
    office.orders.cancel(first, "changed their mind")
    office.order(10)


def to_remind(office: Office) -> list[str]:
    due = DocumentFilter(remind_to=office.invoicing.today)
    return [one.number for one in office.store.documents.page(INVOICE.name, due)]


def test_who_was_given_more_time_after_the_last_reminder_is_reminded_again(office: Office) -> None:
    invoice = office.invoicing.of_order(delivered(office))
    for _ in range(3):
        office.pass_days(40)
        invoice = office.invoicing.remind(invoice)
    assert to_remind(office) == []
    later = office.invoicing.today + timedelta(days=5)
    office.invoicing.postpone(invoice, later)
    office.pass_days(6)
    assert to_remind(office) == [invoice.head.number]


@pytest.mark.parametrize("year", [999, 9999])
def test_a_date_of_another_age_is_refused(office: Office, year: int) -> None:
    draft = office.invoicing.draft(office.customer, office.lines())
    day = date(year, 12, 31)
    with pytest.raises(DayOutOfRange):
        office.invoicing.save_draft(replace(draft, head=replace(draft.head, day=day), due=day))
    order = office.order()
    with pytest.raises(DayOutOfRange):
        office.notes.deliver(order, {"1": Decimal(1)}, Transport(day=day))
    invoice = office.invoicing.of_order(delivered(office))
    with pytest.raises(DayOutOfRange):
        office.invoicing.receive(invoice, Received(Money(1, "EUR"), day=day))
    with pytest.raises(DayOutOfRange):
        office.invoicing.postpone(invoice, day)


def test_a_cart_without_goods_of_its_order_is_sold_whatever_became_of_the_order(
    office: Office,
) -> None:
    draft = office.orders.draft(office.customer)
    draft = replace(draft, lines=(OrderLine(office.lines()[0]),))
    order = office.orders.decide(office.orders.create(draft), True)
    cart = office.till.cart_of(order)
    for line in cart.lines:
        cart = remove_line(cart, line.id)
    office.orders.decide(order, False, "not yet")
    cart = office.checkout.add(cart, PAPER.id, Decimal(1), Decimal(2))
    assert office.checkout.complete(cart, [TenderRequest(CASH)]).amount_due.minor == 200


def test_goods_of_an_invoiced_sale_are_exchanged_on_account(office: Office) -> None:
    sale = sold(office, ACCOUNT)
    invoice = office.invoicing.of_sale(sale)
    desk = Returning(office.checkout)
    cart = desk.give_back(desk.begin(sale), sale, 1, Decimal(1), "broken")
    cart = office.checkout.add(cart, PAPER.id, Decimal(3))
    exchange = office.checkout.complete(cart, [TenderRequest(ACCOUNT)])
    asked = invoice.total + exchange.amount_due
    assert (present(office, invoice).balance, owed(office)) == (asked, (asked.minor, 0))
    with pytest.raises(CreditedWithInvoice):
        Returning(office.checkout).void(exchange.id, "mistake")


def test_a_free_invoice_has_no_documents_of_its_order(office: Office) -> None:
    free = office.invoicing.draft(office.customer, office.lines())
    office.invoicing.issue(office.invoicing.save_draft(free))
    assert office.store.documents.of_origin(INVOICE.name, "") == []


def test_a_void_of_a_return_gives_a_cancelled_invoice_its_money_back(office: Office) -> None:
    sale = sold(office, CASH)
    invoice = office.invoicing.of_sale(sale)
    office.returns.credit(invoice, "wrong address")
    back = given_back(office, sale, 2)
    assert present(office, invoice).balance.minor == 0
    Returning(office.checkout).void(back.id, "mistake")
    assert present(office, invoice).balance == -invoice.total
    again = office.invoicing.of_sale(sale)
    assert (again.balance.minor, owed(office)) == (0, (0, 0))


def test_a_void_after_the_invoice_was_paid_stands_once_on_the_statement(office: Office) -> None:
    sale = sold(office, ACCOUNT)
    invoice = office.invoicing.of_sale(sale)
    office.invoicing.receive(invoice, Received(Money(15000, "EUR")))
    Returning(office.checkout).void(sale.id, "mistake")
    assert owed(office) == (-15000, -15000)
    days = date(2023, 1, 1), date(2023, 12, 31)
    statement = statement_of(office.store, office.customer.id, "EUR", *days)
    assert (statement.opening.minor, statement.closing.minor) == (0, -15000)


def test_an_order_is_invoiced_with_new_taxes_after_it_went_back_to_draft(office: Office) -> None:
    order = office.order()
    ahead = office.invoicing.of_order(order, InvoiceBasis.ORDERED)
    office.returns.credit(ahead, "wrong tax")
    draft = office.orders.decide(office.now(order), False, "wrong tax")
    lines = tuple(replace(one, line=replace(one.line, taxes=())) for one in draft.lines)
    changed = office.orders.change(draft, replace(draft, lines=lines))
    approved = office.orders.decide(changed, True)
    ordered, half = InvoiceBasis.ORDERED, {"1": Decimal(5)}
    parts = [office.invoicing.of_order(office.now(order), ordered, half) for _ in "ab"]
    assert [one.tax.minor for one in parts] == [0, 0]
    assert parts[0].total + parts[1].total == approved.priced.lines[0].gross


def test_goods_on_account_that_come_back_after_the_invoice_was_cancelled_bring_no_money(
    office: Office,
) -> None:
    sale = sold(office, ACCOUNT)
    invoice = office.invoicing.of_sale(sale)
    office.returns.credit(invoice, "mistake")
    given_back(office, sale)
    back = given_back(office, sale)
    assert (present(office, invoice).balance.minor, owed(office)) == (0, (0, 0))
    Returning(office.checkout).void(back.id, "mistake")
    assert (present(office, invoice).balance.minor, owed(office)) == (0, (0, 0))
