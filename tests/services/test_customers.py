from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pos_app.domain.customer import Customer
from pos_app.services.catalogue_rules import FieldRefusal
from pos_app.services.customers import Customers, customer_refusals
from pos_app.store.errors import NumberTaken
from pos_app.store.store import Store, create_store
from tests.services.office_shop import SHOP, facts_of, now


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setenv("POS_APP_KEYS", "file")
    with create_store(tmp_path / "shop.db", SHOP, now=now()) as made:
        yield made


@pytest.fixture
def customers(store: Store) -> Customers:
    return Customers(store, now, "7")


def test_a_customer_without_a_number_gets_the_next_free_one(
    customers: Customers, store: Store
) -> None:
    with store.transaction() as tx:
        tx.customers.save(Customer("taken", "CUS1001", "Somebody"))
    first = customers.save(Customer(customers.new_id(), "", " Quayside Hotel "))
    second = customers.save(Customer(customers.new_id(), "", "Rowing Club"))
    assert (first.number, first.name) == ("CUS1002", "Quayside Hotel")
    assert second.number == "CUS1003"
    assert store.customers.find("CUS1002") == first


def test_a_changed_customer_is_journalled_once(customers: Customers, store: Store) -> None:
    saved = customers.save(Customer(customers.new_id(), "C1", "Hotel"))
    customers.save(saved)
    customers.save(replace(saved, phone="+353 91 555 0100"))
    told = [payload["phone"] for kind, payload in facts_of(store) if kind == "customer_saved"]
    assert told == ["", "+353 91 555 0100"]


def test_a_card_of_another_customer_is_refused_and_no_number_is_lost(
    customers: Customers, store: Store
) -> None:
    customers.save(Customer(customers.new_id(), "C1", "Hotel", card_code="99001"))
    with pytest.raises(NumberTaken, match="Hotel"):
        customers.save(Customer(customers.new_id(), "", "Thief", card_code="99001"))
    assert customers.save(Customer(customers.new_id(), "", "Next")).number == "CUS1001"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "name"),
        ({"email": "nobody"}, "email"),
        ({"email": "a b@example.org"}, "email"),
        ({"name": "Bell\x07"}, "name"),
        ({"note": "x" * 501}, "note"),
    ],
)
def test_a_wrong_field_of_a_customer_is_named(change: dict[str, str], field: str) -> None:
    wrong = replace(Customer("1", "C1", "Hotel"), **change)  # type: ignore[arg-type]
    assert list(customer_refusals(wrong)) == [field]


def test_an_address_may_have_several_lines(customers: Customers, store: Store) -> None:
    saved = customers.save(Customer(customers.new_id(), "C1", "Hotel", address="1 Quay\nGalway"))
    assert store.customers.get(saved.id) == saved


def test_a_refused_customer_is_not_written(customers: Customers, store: Store) -> None:
    with pytest.raises(FieldRefusal):
        customers.save(Customer(customers.new_id(), "C1", ""))
    assert store.customers.count() == 0
