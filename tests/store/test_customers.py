"""Customers: found by number, card, name or part of it."""

from dataclasses import replace

import pytest

from pos_app.domain.customer import Customer
from pos_app.services.checkout import Checkout, utc_now
from pos_app.store.customer_lists import CustomerFilter
from pos_app.store.errors import NumberTaken
from pos_app.store.store import Store

ANN = Customer("k1", "1001", "Ännchen Müller", phone="030 1234567", city="Köln", card_code="C-9")
BOB = Customer("k2", "1002", "Bo Svensson", email="bo@example.org", note="pays late")


@pytest.fixture
def known(store: Store) -> Store:
    with store.transaction() as tx:
        tx.customers.save(ANN)
        tx.customers.save(BOB)
    return store


def test_a_customer_comes_back_with_all_fields(known: Store) -> None:
    assert known.customers.get("k1") == known.customers.find("1001") == ANN
    assert known.customers.find("C-9") == ANN
    assert known.customers.get("k2") == BOB
    assert known.customers.count() == 2
    assert known.customers.page(0, 9) == [ANN, BOB]


@pytest.mark.parametrize("text", ["mull", "ann", "üller", "koln", "1234", "1001", "C-9"])
def test_a_customer_is_found_by_part_of_what_is_known(known: Store, text: str) -> None:
    assert known.customers.search(text) == [ANN]


def test_a_taken_number_or_card_is_refused_with_the_name(known: Store) -> None:
    with pytest.raises(NumberTaken, match="Ännchen Müller"), known.transaction() as tx:
        tx.customers.save(replace(BOB, card_code="1001"))


def test_a_changed_customer_is_found_by_the_new_words_only(known: Store) -> None:
    with known.transaction() as tx:
        tx.customers.save(replace(ANN, name="Anna Meier", card_code=""))
    assert known.customers.search("mull") == []
    assert known.customers.search("meier") == [replace(ANN, name="Anna Meier", card_code="")]
    assert known.customers.find("C-9") is None


@pytest.mark.parametrize(
    ("chosen", "names"),
    [
        (CustomerFilter(), ["Ännchen Müller", "Bo Svensson", "Cy 100%"]),
        (CustomerFilter(is_active=True), ["Ännchen Müller", "Bo Svensson"]),
        (CustomerFilter(is_active=False, region="North"), ["Cy 100%"]),
        (CustomerFilter(category="Trade"), ["Cy 100%"]),
        (CustomerFilter(category=""), ["Ännchen Müller", "Bo Svensson"]),
        (CustomerFilter(number="100_"), []),
        (CustomerFilter(number="00"), ["Ännchen Müller", "Bo Svensson", "Cy 100%"]),
        (CustomerFilter(contact="DORA"), ["Cy 100%"]),
        (CustomerFilter(phone="0301234"), ["Ännchen Müller"]),
        (CustomerFilter(phone="(12)34-567"), ["Ännchen Müller"]),
        (CustomerFilter(phone="1357"), []),
    ],
)
def test_a_list_is_narrowed_and_its_search_with_it(
    known: Store, chosen: CustomerFilter, names: list[str]
) -> None:
    third = Customer(
        "k3", "1003", "Cy 100%", category="Trade", region="North", contact="Dora", is_active=False
    )
    with known.transaction() as tx:
        tx.customers.save(third)
    listed = known.customers.listed(chosen)
    assert [one.name for one in listed.page(0, 9)] == names
    assert listed.total == known.customers.count(chosen) == len(names)
    assert [one.name for one in known.customers.page(0, 9, chosen=chosen)] == names
    for text, name in (("mull", "Ännchen Müller"), ("1003", "Cy 100%"), ("sven", "Bo Svensson")):
        wanted = [name] if name in names else []
        assert [one.name for one in listed.search(text, 9)] == wanted
        assert [one.name for one in known.customers.search(text, 9, 0, chosen)] == wanted


def test_the_till_offers_active_customers_only(known: Store) -> None:
    with known.transaction() as tx:
        tx.customers.save(replace(ANN, is_active=False))
    assert Checkout(known, utc_now).find_customers("mull") == []
    assert known.customers.search("mull") == [replace(ANN, is_active=False)]
