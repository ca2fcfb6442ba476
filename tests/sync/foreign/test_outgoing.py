"""What the journal tells foreign servers: which things, in which order, as they were then."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from pos_app.domain.customer import Customer
from pos_app.domain.sale import Sale
from pos_app.services.customer_privacy import CustomerPrivacy
from pos_app.services.customers import Customers
from pos_app.services.invoicing import Received
from pos_app.services.sales_returns import Back
from pos_app.services.shop_setup import ShopSetup
from pos_app.store.base_revision import RECEIVED
from pos_app.store.store import Store
from pos_app.sync.dialect import Carried, Outgoing
from pos_app.sync.outgoing import things_of
from tests.services.document_office import Office, new_office
from tests.store.shops import START, Counter


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = new_office(tmp_path / "office.db")
    yield office
    office.store.close()


def told(store: Store, after: int = 0) -> list[Outgoing]:
    return [thing for entry in store.journal.entries(after) for thing in things_of(entry, store)]


def words(store: Store, after: int = 0) -> list[tuple[Carried, str]]:
    return [(thing.kind, thing.action) for thing in told(store, after)]


def test_an_order_comes_with_each_of_its_states_and_with_what_follows(office: Office) -> None:
    store, before = office.store, office.store.journal_seq
    order = office.order()
    office.notes.deliver(order, {"1": Decimal(2)})
    invoice = office.invoicing.of_order(office.now(order))
    office.invoicing.receive(invoice, Received(invoice.balance))
    office.returns.take_back(office.now(order), {"1": Back(Decimal(1))})
    assert sorted(words(store, before)) == sorted(
        [
            (Carried.ORDER, "create"),
            (Carried.ORDER, "approve"),
            (Carried.ORDER, "deliver"),
            (Carried.DELIVERY, "create"),
            (Carried.ORDER, "invoice"),
            (Carried.INVOICE, "create"),
            (Carried.PAYMENT, "receive"),
            (Carried.INVOICE, "credit"),
            (Carried.SALES_RETURN, "create"),
            (Carried.ORDER, "take_back"),
        ]
    )
    things = told(store, before)
    assert (things[0].id, things[0].number) == (order.head.id, order.head.number)
    assert [thing.document.state.value for thing in things[:2]] == ["draft", "approved"]
    assert len({thing.entry for thing in things}) == len(things)
    (paid,) = [thing for thing in things if thing.kind is Carried.PAYMENT]
    assert paid.document.paid == invoice.balance


def test_a_draft_of_an_invoice_is_nobodys_business(office: Office) -> None:
    before = office.store.journal_seq
    draft = office.invoicing.save_draft(office.invoicing.draft(office.customer, office.lines()))
    assert words(office.store, before) == []
    office.invoicing.issue(draft)
    assert words(office.store, before) == [(Carried.INVOICE, "issue")]


def test_a_void_and_a_return_bring_the_sale_they_go_back_to(store: Store, counter: Counter) -> None:
    sale, other = counter.sell(1), counter.sell(2)
    back = counter.give_back(other, 1)
    with store.transaction() as tx:
        counter.checkout.void_in(tx, sale, "01900000-0000-7000-8000-00000000beef", "wrong")
    assert [(thing.kind, _number(thing.before)) for thing in told(store)] == [
        (Carried.SALE, ""),
        (Carried.SALE, ""),
        (Carried.RETURN, other.number),
        (Carried.VOID, sale.number),
    ]
    assert told(store)[2].document == back


def _number(sale: Sale | None) -> str:
    return sale.number if sale else ""


def test_a_customer_comes_as_told_then_and_an_erased_one_without_what_was_personal(
    store: Store, counter: Counter
) -> None:
    people = Customers(store, counter.clock)
    rye = people.save(Customer(people.new_id(), "", "Rye & Sons", phone="111"))
    people.save(replace(rye, phone="222"))
    assert [thing.document.phone for thing in told(store)] == ["111", "222"]
    CustomerPrivacy(store, counter.clock).erase(store.customers.get(rye.id) or rye)
    for thing in told(store):
        assert thing.document.phone == ""
        assert "Rye" not in thing.document.name


def test_what_came_from_head_office_is_not_told_on(store: Store, counter: Counter) -> None:
    people = Customers(store, counter.clock)
    people.save(Customer(people.new_id(), "", "Rye & Sons"))
    (entry,) = store.journal.entries(store.journal_seq - 1)
    assert things_of(entry, store)
    received = replace(entry, payload=entry.payload[:-1] + f',"{RECEIVED}":7}}')
    assert things_of(received, store) == ()


def test_other_facts_tell_nothing(store: Store, counter: Counter) -> None:
    counter.checkout.open_drawer("change")
    counter.deliver(1, "5")
    assert told(store) == []


def test_a_sale_comes_with_the_offset_of_its_shop_so_that_its_day_stays_its_day(
    store: Store, counter: Counter
) -> None:
    shop = replace(store.settings.shop(), time_zone="Pacific/Auckland")
    ShopSetup(store, lambda: START).save(shop)
    before = store.journal_seq
    counter.sell(1)
    [thing] = told(store, before)
    assert isinstance(thing.document, Sale)
    assert thing.at == thing.document.stamp.at
    assert thing.at.utcoffset() in {timedelta(hours=12), timedelta(hours=13)}
