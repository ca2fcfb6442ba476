"""Customers: found by number, card, name or part of it."""

from dataclasses import replace

import pytest

from pos_app.domain.customer import Customer
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
