"""Two records of one customer become one, and a person is exported and erased."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from pos_app.domain import cart as carts
from pos_app.domain.credit import CreditTerms, Risk
from pos_app.domain.customer import Customer
from pos_app.domain.customer_erasure import MoneyStillOpen, StillInUse
from pos_app.domain.customer_merge import MergedAlready, SameCustomer, suggested
from pos_app.domain.money import Money
from pos_app.domain.order import InvoiceBasis
from pos_app.domain.payment import TenderMethod, TenderRequest
from pos_app.domain.sale import Sale
from pos_app.domain.stored_value import ValueKind
from pos_app.services.customer_codes import CustomerInactive, active_by_code, customer_by_code
from pos_app.services.customer_credit import CustomerCredit
from pos_app.services.customer_merges import CustomerMerges, Likeness
from pos_app.services.customer_privacy import CustomerPrivacy
from pos_app.services.customers import CustomerChangedMeanwhile, Customers
from pos_app.services.invoicing import Received
from pos_app.services.receivables import owed_by, statement_of
from pos_app.services.returning import Returning
from pos_app.services.scanning import Outcome
from pos_app.services.shop_setup import ShopSetup
from pos_app.services.stored_value_records import account_of
from pos_app.services.verification import verify
from tests.services.document_office import LAPTOP, Office, new_office
from tests.services.held_shop import ALL_ON

CASH = TenderRequest(TenderMethod.CASH)


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setenv("POS_APP_KEYS", "file")
    made = new_office(tmp_path / "shop.db")
    shop = made.store.settings.shop()
    tenders = replace(ALL_ON, credit_limit=None)
    ShopSetup(made.store, made.clock).save(replace(shop, tenders=tenders))
    made.checkout.reload_settings()
    yield made
    made.store.close()
    found = verify(tmp_path / "shop.db")
    assert found.is_sound, found.faults


@pytest.fixture
def merges(office: Office) -> CustomerMerges:
    return CustomerMerges(office.store, office.clock, "7")


def add(office: Office, **fields: str) -> Customer:
    customers = Customers(office.store, office.clock)
    values = {"number": "", "name": "Rye and Sons", **fields}
    return customers.save(Customer(customers.new_id(), **values))  # type: ignore[arg-type]


def buy(office: Office, customer: Customer, *tenders: TenderRequest) -> Sale:
    cart = carts.choose_customer(office.checkout.new_cart(), customer)
    cart = office.checkout.add(cart, LAPTOP.id)
    return office.checkout.complete(cart, list(tenders) or [CASH])


def balance(office: Office, kind: ValueKind, customer: Customer) -> int:
    account = account_of(office.store, kind, customer.id)
    return account.balance if account else 0


def test_records_that_look_like_one_customer_are_found(
    office: Office, merges: CustomerMerges
) -> None:
    first = add(office, email="A@x.example", phone="+49 30 1234567", postcode="10 115")
    add(office, name="Other", phone="4567")
    pairs = {
        add(office, name="E", email="a@X.example").id: Likeness.EMAIL,
        add(office, name="P", phone="(030) 123-4567").id: Likeness.PHONE,
        add(office, name="RYE  and sóns", postcode="10115").id: Likeness.NAME_AND_POSTCODE,
    }
    taxed = add(office, name="T", tax_number="DE 811-907")
    pairs[add(office, name="U", tax_number="de811907").id] = Likeness.TAX_NUMBER
    found = {one.second_id: one for one in merges.duplicates()}
    assert {key: one.likeness for key, one in found.items()} == pairs
    assert {one.first_id for one in found.values()} == {first.id, taxed.id}
    assert len(merges.duplicates(limit=2)) == 2


def test_a_merge_keeps_the_chosen_texts_and_both_numbers_find_the_survivor(
    office: Office, merges: CustomerMerges
) -> None:
    first = add(office, phone="1", card_code="CARD-1")
    other = add(office, name="Rye & Sons Ltd", email="rye@x.example", card_code="CARD-2")
    chosen = {**suggested(first, other), "name": "other"}
    saved = merges.merge(first, other, chosen)
    assert (saved.id, saved.name, saved.phone, saved.email) == (
        first.id,
        "Rye & Sons Ltd",
        "1",
        "rye@x.example",
    )
    for code in (first.number, other.number, "CARD-1", "CARD-2"):
        assert customer_by_code(office.store, code) == saved
        scanned = office.checkout.scan(office.checkout.new_cart(), code)
        assert scanned.outcome is Outcome.CUSTOMER
        assert scanned.cart.customer == saved
    assert other.id not in [one.id for one in office.checkout.find_customers("rye")]
    with pytest.raises(MergedAlready):
        merges.merge(saved, replace(other, is_active=False))


def test_a_card_goes_over_to_a_survivor_without_one(office: Office, merges: CustomerMerges) -> None:
    first, other = add(office), add(office, card_code="CARD-2")
    assert merges.merge(first, other).card_code == "CARD-2"
    assert office.store.customers.find("CARD-2") == office.store.customers.get(first.id)


def test_balances_points_terms_and_documents_follow(office: Office, merges: CustomerMerges) -> None:
    first, other = add(office), add(office)
    credit = CustomerCredit(office.store, office.clock)
    credit.save(other, CreditTerms(other.id), CreditTerms(other.id, Money(500_000, "EUR"), 14))
    credit.evaluate(other.id, date(2023, 5, 1), 80, Risk.LOW)
    credit.evaluate(first.id, date(2023, 5, 2), 70, Risk.LOW)
    on_account = TenderRequest(TenderMethod.ON_ACCOUNT, Money(100, "EUR"))
    buy(office, first, on_account, CASH)
    sale = buy(office, other, on_account, CASH)
    points = balance(office, ValueKind.POINTS, first) + balance(office, ValueKind.POINTS, other)
    draft = office.orders.draft(other)
    order = office.orders.decide(
        office.orders.create(replace(draft, lines=office.order().lines)), True
    )
    invoice = office.invoicing.of_order(order, InvoiceBasis.ORDERED)
    saved = merges.merge(first, other)
    owed = owed_by(office.store, saved.id, "EUR")
    assert (owed.on_account.minor, owed.invoices) == (200, invoice.total)
    assert balance(office, ValueKind.ACCOUNT, other) == 0
    assert balance(office, ValueKind.POINTS, saved) == points > 0
    told = statement_of(office.store, saved.id, "EUR", date(2023, 1, 1), date(2023, 12, 31))
    assert told.closing == owed.amount
    assert sale.number in {entry.number for entry in told.entries}
    terms = credit.terms(saved.id)
    assert (terms.credit_days, [one.score for one in terms.evaluations]) == (14, [70, 80])


def test_a_return_after_the_merge_takes_the_points_from_the_survivor(
    office: Office, merges: CustomerMerges
) -> None:
    first, other = add(office), add(office)
    sale = buy(office, other)
    earned = balance(office, ValueKind.POINTS, other)
    saved = merges.merge(first, other)
    assert balance(office, ValueKind.POINTS, saved) == earned > 0
    returning = Returning(office.checkout)
    cart = returning.give_back_all(returning.begin(sale), sale, "unwanted")
    office.checkout.complete(cart, returning.refund(cart))
    assert balance(office, ValueKind.POINTS, saved) == 0
    assert balance(office, ValueKind.POINTS, other) == 0


def test_a_stale_or_foolish_merge_changes_nothing(office: Office, merges: CustomerMerges) -> None:
    first, other = add(office), add(office)
    with pytest.raises(SameCustomer):
        merges.merge(first, first)
    Customers(office.store, office.clock).save(replace(other, phone="2"))
    with pytest.raises(CustomerChangedMeanwhile):
        merges.merge(first, other)
    assert office.store.customers.get(first.id) == first


def test_an_inactive_customer_is_not_chosen_at_the_till(office: Office) -> None:
    gone = add(office, card_code="GONE")
    Customers(office.store, office.clock).save(replace(gone, is_active=False))
    with pytest.raises(CustomerInactive):
        active_by_code(office.store, "GONE")
    scanned = office.checkout.scan(office.checkout.new_cart(), "GONE")
    assert scanned.outcome is Outcome.REFUSED
    assert isinstance(scanned.refusal, CustomerInactive)


def test_all_that_is_known_of_a_person_is_in_the_export(office: Office, tmp_path: Path) -> None:
    person = add(office, phone="+49 30 77", note="likes tea")
    other = add(office, name="Somebody Else", phone="0777888")
    sale = buy(office, person)
    buy(office, other)
    draft = office.quotations.draft(person)
    quotation = office.quotations.create(replace(draft, lines=office.lines()))
    privacy = CustomerPrivacy(office.store, office.clock)
    readable = privacy.export(person, tmp_path / "person.json")
    text = (tmp_path / "person.json").read_text("utf-8")
    data = json.loads(text)
    assert data["customer"]["phone"] == "+49 30 77"
    assert [one["number"] for one in data["receipts"]] == [sale.number]
    assert [one["head"]["number"] for one in data["documents"]] == [quotation.head.number]
    assert {entry["kind"] for entry in data["journal"]} >= {"customer_saved", "sale_completed"}
    assert "0777888" not in text
    assert "likes tea" in readable.read_text("utf-8")


def test_an_erased_person_is_nowhere_but_in_the_fiscal_record(
    office: Office, merges: CustomerMerges
) -> None:
    person = add(office, phone="+49 30 77", email="p@x.example", card_code="P-1")
    twin = add(office, name="Rye Twin", phone="88")
    credit = CustomerCredit(office.store, office.clock)
    credit.save(person, CreditTerms(person.id), CreditTerms(person.id, bank_account="DE00"))
    sale = buy(office, person)
    invoice = office.invoicing.of_sale(sale)
    person = merges.merge(person, twin)
    privacy = CustomerPrivacy(office.store, office.clock)
    left = privacy.erase(person)
    assert left == Customer(person.id, person.number, "Erased customer", is_active=False)
    assert office.store.customers.search("rye twin") == []
    assert office.store.customers.find("P-1") is None
    assert credit.terms(person.id).is_empty
    assert balance(office, ValueKind.POINTS, person) == 0
    assert office.store.sales.get(sale.id) == sale
    assert office.invoicing.of_sale_id(sale.id) == invoice
    rows = " ".join(
        str(office.store.records.plain(name, one))
        for name in ("credit_terms", "customer_merge", "stored_value")
        for one in (person.id, twin.id, f"points:{person.id}")
    )
    assert "Rye" not in rows
    assert "DE00" not in rows


def test_nobody_is_erased_while_money_or_business_is_open(office: Office) -> None:
    privacy = CustomerPrivacy(office.store, office.clock)
    debtor = add(office)
    buy(office, debtor, TenderRequest(TenderMethod.ON_ACCOUNT))
    with pytest.raises(MoneyStillOpen):
        privacy.erase(debtor)
    buyer = add(office)
    draft = office.invoicing.draft(buyer, office.lines())
    invoice = office.invoicing.save_draft(draft)
    with pytest.raises(StillInUse):
        privacy.erase(buyer)
    issued = office.invoicing.issue(invoice)
    with pytest.raises(MoneyStillOpen, match=issued.head.number):
        privacy.erase(buyer)
    office.invoicing.receive(issued, Received(issued.total))
    parked = carts.choose_customer(office.checkout.new_cart(), buyer)
    parked = office.checkout.add(parked, LAPTOP.id)
    office.checkout.park(parked, "Table 4")
    with pytest.raises(StillInUse, match="Table 4"):
        privacy.erase(buyer)
    assert office.store.customers.get(buyer.id) == buyer
