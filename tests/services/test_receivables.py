"""What customers owe: invoices and buying on account in one statement."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from pos_app.domain import cart as carts
from pos_app.domain.held_lines import add_account_payment
from pos_app.domain.money import Money
from pos_app.domain.order import InvoiceBasis
from pos_app.domain.payment import TenderMethod, TenderRequest
from pos_app.domain.sale import Sale
from pos_app.domain.statement import EntryKind
from pos_app.services.invoicing import Received
from pos_app.services.receivables import owed_by, put_on_account, statement_of, take_off_account
from pos_app.services.shop_setup import ShopSetup
from pos_app.services.verification import verify
from tests.services.document_office import LAPTOP, Office, new_office

CASH = TenderRequest(TenderMethod.CASH)
FIRST, LAST = date(2023, 1, 1), date(2023, 12, 31)


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setenv("POS_APP_KEYS", "file")
    made = new_office(tmp_path / "shop.db")
    shop = made.store.settings.shop()
    tenders = replace(shop.tenders, keeps_accounts=True)
    ShopSetup(made.store, made.clock).save(replace(shop, tenders=tenders))
    made.checkout.reload_settings()
    yield made
    made.store.close()
    assert verify(tmp_path / "shop.db").is_sound


def buy_on_account(office: Office) -> Sale:
    cart = carts.choose_customer(office.checkout.new_cart(), office.customer)
    cart = office.checkout.add(cart, LAPTOP.id)
    return office.checkout.complete(cart, [TenderRequest(TenderMethod.ON_ACCOUNT)])


def pay_account(office: Office, minor: int) -> Sale:
    cart = carts.choose_customer(office.checkout.new_cart(), office.customer)
    cart = add_account_payment(cart, Money(minor, "EUR"))
    return office.checkout.complete(cart, [CASH])


def test_a_statement_tells_every_invoice_payment_and_sale_on_account(office: Office) -> None:
    invoice = office.invoicing.of_order(office.order(), InvoiceBasis.ORDERED)
    office.pass_days(5)
    sale = buy_on_account(office)
    office.pass_days(5)
    office.invoicing.receive(invoice, Received(Money(10_000, "EUR"), remark="transfer"))
    pay_account(office, 4_000)
    told = statement_of(office.store, office.customer.id, "EUR", FIRST, LAST)
    assert [(entry.kind, entry.amount.minor) for entry in told.entries] == [
        (EntryKind.INVOICE, invoice.total.minor),
        (EntryKind.ACCOUNT_SALE, sale.amount_due.minor),
        (EntryKind.PAYMENT, -10_000),
        (EntryKind.ACCOUNT_PAYMENT, -4_000),
    ]
    rest = invoice.total.minor + sale.amount_due.minor - 14_000
    assert told.opening.minor == 0
    assert told.closing.minor == told.entries[-1].balance.minor == told.ages.all.minor == rest
    assert told.charged - told.settled == told.closing
    assert owed_by(office.store, office.customer.id, "EUR").amount == told.closing


def test_what_was_before_the_statement_is_its_opening_balance(office: Office) -> None:
    invoice = office.invoicing.of_order(office.order(), InvoiceBasis.ORDERED)
    office.pass_days(40)
    sale = buy_on_account(office)
    told = statement_of(office.store, office.customer.id, "EUR", date(2023, 7, 1), LAST)
    assert told.opening == invoice.total
    assert [entry.number for entry in told.entries] == [sale.number]
    june = statement_of(office.store, office.customer.id, "EUR", FIRST, date(2023, 7, 10))
    assert june.closing == invoice.total
    assert [(item.number, item.days_late) for item in june.items] == [(invoice.head.number, 9)]
    assert june.ages.overdue == invoice.total


def test_a_credit_note_and_money_paid_back_stand_in_the_statement(office: Office) -> None:
    from pos_app.domain.taking_back import Back

    order = office.order()
    office.notes.deliver(order, {"1": order.lines[0].line.quantity})
    invoice = office.invoicing.of_order(office.now(order))
    office.invoicing.receive(invoice, Received(invoice.total))
    back = office.returns.take_back(office.now(order), {"1": Back(order.lines[0].line.quantity)})
    told = statement_of(office.store, office.customer.id, "EUR", FIRST, LAST)
    kinds = [entry.kind for entry in told.entries]
    assert kinds == [EntryKind.INVOICE, EntryKind.PAYMENT, EntryKind.CREDIT_NOTE]
    assert told.closing == -back.credit
    assert told.items == ()
    assert owed_by(office.store, office.customer.id, "EUR").amount == -back.credit


def test_a_sale_on_account_that_became_an_invoice_is_owed_once(office: Office) -> None:
    sale = buy_on_account(office)
    invoice = office.invoicing.of_sale(sale)
    assert invoice.balance == sale.amount_due
    owed = owed_by(office.store, office.customer.id, "EUR")
    assert owed.amount == sale.amount_due
    told = statement_of(office.store, office.customer.id, "EUR", FIRST, LAST)
    assert [entry.kind for entry in told.entries] == [EntryKind.INVOICE]
    assert told.closing == sale.amount_due


def test_nothing_is_taken_off_an_account_that_is_not_kept(office: Office) -> None:
    shop = office.store.settings.shop()
    tenders = replace(shop.tenders, keeps_accounts=False)
    ShopSetup(office.store, office.clock).save(replace(shop, tenders=tenders))
    office.checkout.reload_settings()
    sale = buy_on_account(office)
    with office.store.transaction() as tx:
        take_off_account(tx, sale, put_on_account(sale), office.clock(), "1")
    told = statement_of(office.store, office.customer.id, "EUR", FIRST, LAST)
    assert told.entries == ()
