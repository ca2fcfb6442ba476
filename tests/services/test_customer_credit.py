"""Credit terms, price lists, and what a customer may still owe at the till."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from pos_app.domain import cart as carts
from pos_app.domain.approval import ApprovalNeeded, ApprovalRequest
from pos_app.domain.credit import CreditTerms, CustomerOverLimit, CustomerPastDue, Risk
from pos_app.domain.money import Money
from pos_app.domain.payment import TenderMethod, TenderRequest
from pos_app.domain.price_list import PriceList
from pos_app.domain.sale import Sale
from pos_app.domain.stored_value import CreditLimitReached, ValueKind
from pos_app.services.customer_credit import CreditChangedMeanwhile, CustomerCredit
from pos_app.services.customers import Customers
from pos_app.services.price_lists import PriceLists, price_of
from pos_app.services.receivables import owed_by
from pos_app.services.stored_value_records import account_of
from pos_app.services.verification import verify
from pos_app.store.store import Store
from tests.services.document_office import LAPTOP, Office, new_office
from tests.services.held_shop import ANNA, held_shop
from tests.store.shops import START, Counter

ON_ACCOUNT = TenderMethod.ON_ACCOUNT


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setenv("POS_APP_KEYS", "file")
    with held_shop(tmp_path / "shop.db") as made:
        yield made
    assert verify(tmp_path / "shop.db").is_sound


@pytest.fixture
def credit(store: Store) -> CustomerCredit:
    return CustomerCredit(store, lambda: START, "7")


class Manager:
    """An authority that asks for everything and remembers what was asked."""

    def __init__(self) -> None:
        self.asked: list[ApprovalRequest] = []
        self.is_granted = False

    def require(self, request: ApprovalRequest, tx: object = None) -> None:
        self.asked.append(request)
        if not self.is_granted:
            raise ApprovalNeeded(request)

    def allows(self, _request: ApprovalRequest) -> bool:
        return self.is_granted

    def has_staff(self) -> bool:
        return True


def buy(store: Store, counter: Counter) -> Sale:
    """Buy for 10.98 and put 10.00 of it on account."""
    cart = carts.choose_customer(counter.cart(5, 5), ANNA)
    paid = TenderRequest(ON_ACCOUNT, Money(1_000, "EUR"))
    return counter.checkout.complete(cart, [paid, TenderRequest(TenderMethod.CASH)])


def test_terms_are_kept_and_a_stale_window_overwrites_nothing(
    credit: CustomerCredit, store: Store
) -> None:
    empty = credit.terms(ANNA.id)
    new = replace(empty, credit_limit=Money(5_000, "EUR"), credit_days=14, bank_name=" Bank ")
    kept = credit.save(ANNA, empty, new)
    assert kept.bank_name == "Bank"
    assert credit.terms(ANNA.id) == kept
    with pytest.raises(CreditChangedMeanwhile):
        credit.save(ANNA, empty, replace(empty, credit_days=60))
    assert credit.terms(ANNA.id).credit_days == 14


def test_more_credit_needs_somebody_with_the_right_and_less_does_not(store: Store) -> None:
    manager = Manager()
    credit = CustomerCredit(store, lambda: START, "7", manager)
    empty = credit.terms(ANNA.id)
    more = replace(empty, credit_limit=Money(5_000, "EUR"))
    with pytest.raises(ApprovalNeeded):
        credit.save(ANNA, empty, more)
    manager.is_granted = True
    kept = credit.save(ANNA, empty, more)
    manager.is_granted = False
    credit.save(ANNA, kept, replace(kept, credit_limit=Money(100, "EUR")))
    assert [request.about for request in manager.asked] == [ANNA.name] * 2


def test_evaluations_are_kept_with_their_history(credit: CustomerCredit) -> None:
    credit.evaluate(ANNA.id, date(2020, 1, 1), 90, Risk.LOW, " fine ")
    terms = credit.evaluate(ANNA.id, date(2021, 1, 1), 30, Risk.HIGH)
    assert [one.score for one in terms.evaluations] == [30, 90]
    assert terms.evaluations[1].remark == "fine"
    assert credit.terms(ANNA.id) == terms


def test_the_customers_own_limit_holds_at_the_till(credit: CustomerCredit, store: Store) -> None:
    counter = Counter(store)
    empty = credit.terms(ANNA.id)
    kept = credit.save(ANNA, empty, replace(empty, credit_limit=Money(1_500, "EUR")))
    buy(store, counter)
    with pytest.raises(CustomerOverLimit):
        buy(store, counter)
    credit.save(ANNA, kept, replace(kept, credit_limit=Money(2_000, "EUR")))
    buy(store, counter)
    assert owed_by(store, ANNA.id, "EUR").amount == Money(2_000, "EUR")


def test_a_limit_above_the_shops_is_the_customers_own(credit: CustomerCredit, store: Store) -> None:
    counter = Counter(store)
    for _ in range(10):
        buy(store, counter)
    with pytest.raises(CreditLimitReached):  # the shop's: 100.00 for all
        buy(store, counter)
    empty = credit.terms(ANNA.id)
    credit.save(ANNA, empty, replace(empty, credit_limit=Money(50_000, "EUR")))
    buy(store, counter)
    account = account_of(store, ValueKind.ACCOUNT, ANNA.id)
    assert account is not None
    assert account.balance == -11_000


def test_past_the_limit_the_till_asks_for_approval(credit: CustomerCredit, store: Store) -> None:
    counter = Counter(store)
    counter.checkout.authority = manager = Manager()
    empty = credit.terms(ANNA.id)
    credit.save(ANNA, empty, replace(empty, credit_limit=Money(500, "EUR")))
    with pytest.raises(ApprovalNeeded):
        buy(store, counter)
    manager.is_granted = True
    buy(store, counter)
    assert manager.asked[-1].amount == Money(1_000, "EUR")


def test_an_invoice_past_its_day_stops_buying_on_account(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POS_APP_KEYS", "file")
    office = new_office(tmp_path / "shop.db")
    _keep_accounts(office)
    credit = CustomerCredit(office.store, office.clock)
    empty = CreditTerms(office.customer.id)
    credit.save(office.customer, empty, replace(empty, credit_days=10))
    order = office.order()
    from pos_app.domain.order import InvoiceBasis

    invoice = office.invoicing.of_order(order, InvoiceBasis.ORDERED)
    assert invoice.due == date(2023, 6, 11)
    office.pass_days(11)
    owed = owed_by(office.store, office.customer.id, "EUR")
    assert (owed.invoices, owed.oldest_due) == (invoice.total, invoice.due)
    cart = carts.choose_customer(office.checkout.new_cart(), office.customer)
    cart = office.checkout.add(cart, LAPTOP.id)
    with pytest.raises(CustomerPastDue):
        office.checkout.complete(cart, [TenderRequest(ON_ACCOUNT)])
    office.store.close()
    assert verify(tmp_path / "shop.db").is_sound


def _keep_accounts(office: Office) -> None:
    from pos_app.services.shop_setup import ShopSetup

    shop = office.store.settings.shop()
    tenders = replace(shop.tenders, keeps_accounts=True)
    ShopSetup(office.store, office.clock).save(replace(shop, tenders=tenders))
    office.checkout.reload_settings()


def test_a_customer_pays_the_prices_of_their_list(store: Store) -> None:
    product = store.products.tiles(None, 1)[0]
    lists = PriceLists(store, lambda: START)
    trade = lists.save(PriceList(" Trade  West ", Decimal(10)))
    customer = Customers(store, lambda: START).save(replace(ANNA, price_list="TRADE west"))
    assert product.price is not None
    assert price_of(store, product, None) == product.price
    assert price_of(store, product, customer) == round(product.price * Decimal("0.9"), 2)
    lists.set_price(trade, product, Decimal("0.5"))
    assert price_of(store, product, customer) == Decimal("0.5")
    assert [one.product_id for one in lists.prices(trade)] == [product.id]
    lists.set_price(trade, product, None)
    assert lists.prices(trade) == []
    lists.save(replace(trade, is_active=False))
    assert price_of(store, product, customer) == product.price
    assert [one.name for one in lists.all()] == ["Trade West"]
