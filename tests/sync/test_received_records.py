"""Staff, balances and sales documents of other tills: taken over without what belongs to a till."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pos_app.domain.credit import CreditTerms
from pos_app.domain.facts import FactKind
from pos_app.domain.money import Money
from pos_app.domain.order import InvoiceBasis
from pos_app.domain.price_list import PriceList
from pos_app.domain.shop import ShopSettings
from pos_app.domain.staff import CASHIER
from pos_app.domain.stored_value import StoredValue, ValueKind
from pos_app.services.customer_credit import CustomerCredit
from pos_app.services.customer_records import CREDIT_TERMS, LIST_PRICE
from pos_app.services.document_records import INVOICE, ORDER, QUOTATION
from pos_app.services.invoicing import Invoicing
from pos_app.services.price_lists import PriceLists
from pos_app.services.staff_records import STAFF
from pos_app.services.stored_value_records import STORED_VALUE, account_of
from pos_app.store.plain import to_plain
from pos_app.store.records import RecordKind
from pos_app.store.remotes import HEAD_OFFICE
from pos_app.store.store import Store, create_store
from pos_app.sync import wire
from tests.services.document_office import LAPTOP, Office, new_office
from tests.services.held_shop import held_shop
from tests.services.staffed_shop import ANN, OLGA, PINS, People, people
from tests.services.test_stored_values import CARD, Desk
from tests.store.shops import START
from tests.sync.shared_things import all_told, assert_sound, receive, thing, things_of


@pytest.fixture
def till(tmp_path: Path) -> Iterator[Store]:
    with create_store(tmp_path / "two.db", ShopSettings(name="Two"), till="2", now=START) as made:
        yield made


@pytest.fixture
def crew(tmp_path: Path) -> Iterator[People]:
    (tmp_path / "one").mkdir()
    made = people(tmp_path / "one")
    yield made
    made.store.close()


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    (tmp_path / "one").mkdir()
    made = new_office(tmp_path / "one" / "shop.db")
    yield made
    made.store.close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    (tmp_path / "one").mkdir()
    store = held_shop(tmp_path / "one" / "shop.db")
    yield Desk(store)
    store.close()


_DOCUMENTS = (QUOTATION.name, ORDER.name, INVOICE.name)


def record(kind: RecordKind[Any], value: Any, revision: int) -> wire.Thing:
    state = {
        "state": to_plain(value),
        "code": kind.code_of(value),
        "place": kind.place_of(value),
        "is_open": kind.is_open_of(value),
    }
    return thing(kind.name, kind.id_of(value), state, revision)


def account(store: Store, number: str = CARD, kind: ValueKind = ValueKind.GIFT_CARD) -> StoredValue:
    found = account_of(store, kind, number)
    assert found is not None
    return found


def test_staff_come_without_pins_and_a_till_keeps_its_own(crew: People, till: Store) -> None:
    receive(till, *things_of(crew.store))
    ann = till.records.by_code(STAFF, ANN)
    assert ann is not None
    assert (ann.name, ann.pin_hash, ann.badge_hash) == ("Ann", "", "")
    assert_sound(till)
    all_told(crew.store)
    olga = crew.member(OLGA)
    renamed = replace(olga, name="Olga K.", pin_hash="stolen", role="manager")
    receive(crew.store, record(STAFF, renamed, 90))
    assert crew.member(OLGA).name == "Olga"  # she is the last one who may change the settings
    second = replace(crew.member("4"), role="owner")
    receive(crew.store, record(STAFF, second, 91), record(STAFF, renamed, 92), cursor="c2")
    assert crew.member(OLGA) == replace(olga, name="Olga K.", role="manager")
    crew.sign_in.by_pin(olga.id, PINS[OLGA])
    assert_sound(crew.store)


def test_taking_the_last_right_to_the_settings_waits_with_its_reason(crew: People) -> None:
    all_told(crew.store)
    gone = replace(crew.member(OLGA), role=CASHIER)
    applied = receive(crew.store, record(STAFF, gone, 90))
    assert "the last one at this till" in str(applied.refused[0].reason)
    assert crew.member(OLGA).role == "owner"


def test_two_members_with_one_code_are_both_kept(crew: People, till: Store) -> None:
    all_told(crew.store)
    twin = replace(crew.member(ANN), id="01900000-0000-7000-b000-000000000009", name="Ada")
    applied = receive(crew.store, record(STAFF, twin, 5))
    assert str(applied.refused[0].reason).startswith("Ada came from head office with 2, which")
    assert crew.member(ANN).name == "Ann"
    other = replace(twin, code="9")
    receive(crew.store, record(STAFF, other, 6), cursor="c2")
    assert crew.member("9").name == "Ada"
    assert crew.store.remotes.refusals(HEAD_OFFICE) == []
    assert_sound(crew.store)


def test_a_gift_card_of_another_till_is_spent_here_and_its_balance_comes_back_confirmed(
    desk: Desk, tmp_path: Path
) -> None:
    desk.sell_card(500)
    (tmp_path / "two").mkdir()
    with held_shop(tmp_path / "two" / "shop.db") as store:
        all_told(store)
        sold = [one for one in things_of(desk.store) if one.kind == "stored_value"]
        receive(store, *sold)
        assert account(store).spendable == 500
        Desk(store).spend(120)
        assert (account(store).balance, account(store).unconfirmed) == (380, 120)
        late = record(STORED_VALUE, replace(account(store), balance=400), 40)
        assert receive(store, late, cursor="c2").left_out == 1
        all_told(store)
        merged = replace(account(store), balance=280, limit=300, is_foreign=True)
        receive(store, record(STORED_VALUE, merged, 41), cursor="c3")
        confirmed = account(store)
        assert (confirmed.balance, confirmed.unconfirmed, confirmed.limit) == (280, 0, 0)
        Desk(store).spend(280)
        assert account(store).balance == 0
        assert_sound(store)


def test_documents_of_another_till_are_used_and_numbers_stay_gapless(
    office: Office, tmp_path: Path
) -> None:
    quotation = office.quotation()
    order = office.order()
    invoice = office.invoicing.of_order(order, InvoiceBasis.ORDERED)
    draft = office.invoicing.save_draft(office.invoicing.draft(office.customer, office.lines()))
    shop = ShopSettings(name="Corner", country="DE")
    with create_store(tmp_path / "two.db", shop, till="2", now=START) as store:
        other = Office(store)
        own = other.order()
        all_told(store)
        applied = receive(
            store, *(one for one in things_of(office.store) if one.kind in _DOCUMENTS)
        )
        assert applied.refused == ()
        assert store.records.get(ORDER, own.head.id) == own
        assert store.records.get(QUOTATION, quotation.head.id) == quotation
        assert store.records.get(INVOICE, invoice.head.id) == invoice
        assert_sound(store)
        issued = Invoicing(other.checkout).issue(draft)
        assert issued.head.number == "INV2-2023060001"
        assert_sound(store)
        came_back = replace(issued, head=replace(issued.head, number="INV2-2023060009"))
        all_told(store)
        receive(store, record(INVOICE, came_back, 90), cursor="c2")
        assert_sound(store)


def test_a_document_that_is_over_does_not_come_to_a_till_that_never_had_it(
    office: Office, till: Store
) -> None:
    order = office.order()
    cancelled = office.orders.cancel(order, "changed their mind")
    applied = receive(till, record(ORDER, cancelled, 3))
    assert (applied.counts, applied.refused) == ({}, ())
    assert till.records.get(ORDER, order.head.id) is None
    receive(till, record(ORDER, order, 4))
    receive(till, record(ORDER, cancelled, 5))
    assert till.records.get(ORDER, order.head.id) == cancelled
    assert_sound(till)


def test_price_lists_and_credit_terms_arrive(office: Office, till: Store) -> None:
    lists = PriceLists(office.store, office.clock)
    trade = lists.save(PriceList("Trade", Decimal(10)))
    lists.set_price(trade, LAPTOP, Decimal("79.99"))
    credit = CustomerCredit(office.store, office.clock)
    terms = CreditTerms(office.customer.id, Money(50000, "EUR"), 14)
    credit.save(office.customer, CreditTerms(office.customer.id), terms)
    receive(till, *things_of(office.store))
    assert till.records.get(CREDIT_TERMS, office.customer.id) == terms
    prices = till.records.all(LIST_PRICE)
    assert [(one.product_id, one.price) for one in prices] == [(LAPTOP.id, Decimal("79.99"))]
    gone = [thing("list_price", LIST_PRICE.id_of(prices[0]), None, 90)]
    receive(till, *gone, cursor="c2")
    assert till.records.all(LIST_PRICE)[0].price is None
    assert_sound(till)


def test_a_record_that_changed_here_says_what_it_goes_back_to(crew: People) -> None:
    all_told(crew.store)
    ann = crew.member(ANN)
    receive(crew.store, record(STAFF, replace(ann, language="de"), 7))
    crew.staff.save(replace(crew.member(ANN), name="Anne"))
    told = crew.told(FactKind.STAFF_SAVED)[-1]
    assert (told["base"], told["state"]["name"]) == (7, "Anne")
    assert crew.told(FactKind.RECORD_RECEIVED)[-1]["received"] == 7
    assert "base" not in crew.told(FactKind.RECORD_RECEIVED)[-1]
