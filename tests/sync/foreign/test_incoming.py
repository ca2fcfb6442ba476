"""Customers of a foreign server come in, and nothing that was typed here is overwritten."""

from dataclasses import replace
from typing import Any

import pytest

from pos_app.domain.customer import Customer
from pos_app.domain.facts import FactKind
from pos_app.services.customer_privacy import CustomerPrivacy
from pos_app.services.customers import Customers
from pos_app.store.store import Store
from pos_app.sync.connections import Entered
from pos_app.sync.foreign import INCOMING_S
from tests.simulators.apis.sales_api import SalesApi
from tests.sync.foreign.compliance import KEY, URL, Till, connected
from tests.sync.foreign.wire import Fault
from tests.sync.office_stand_in import Clock


@pytest.fixture
def server() -> SalesApi:
    return SalesApi(KEY, page_size=2)


@pytest.fixture
def till(store: Store, server: SalesApi, clock: Clock) -> Till:
    return connected(store, server, clock, Entered("sales", "Their server", URL, KEY))


@pytest.fixture
def people(store: Store, clock: Clock) -> Customers:
    return Customers(store, clock)


def there(server: SalesApi, name: str, **more: Any) -> dict[str, Any]:
    """Make a customer at the server, as its other users do."""
    address = {"street": "1 Quay", "city": "Cork", "state": "", "postal_code": "T12", "country": ""}
    customer = {
        "id": f"their-{len(server.customers)}",
        "name": name,
        "email": f"{name.split(maxsplit=1)[0].lower()}@example.org",
        "phone": "",
        "address": address,
        **more,
    }
    server.customers.append(customer)
    return customer


def look_again(till: Till) -> None:
    till.clock.pass_s(INCOMING_S)
    till.run()


def here(store: Store) -> dict[str, Customer]:
    return {one.name: one for one in store.customers.stream()}


def test_new_customers_come_from_every_page_with_their_fact_and_are_not_sent_back(
    till: Till, store: Store, server: SalesApi
) -> None:
    for number in range(5):
        there(server, f"Name{number} Ltd")
    till.run()
    known = here(store)
    assert sorted(known) == [f"Name{number} Ltd" for number in range(5)]
    assert known["Name0 Ltd"].city == "Cork"
    assert known["Name0 Ltd"].number
    facts = [entry.kind for entry in store.journal.entries()]
    assert facts.count(FactKind.CUSTOMER_SAVED.value) == 5
    look_again(till)
    assert len(server.customers) == 5
    assert [entry.kind for entry in store.journal.entries()] == facts


def test_a_sale_to_somebody_who_came_from_there_names_them_as_they_are_called_there(
    till: Till, store: Store, server: SalesApi
) -> None:
    from tests.sync.foreign.test_foreign_engine import sell

    there(server, "Rye Ltd")
    till.run()
    sell(till, 1, here(store)["Rye Ltd"])
    till.run()
    assert server.orders[0]["customer_id"] == "their-0"
    assert len(server.customers) == 1


def test_a_field_that_changed_there_comes_and_one_that_was_typed_here_stays(
    till: Till, store: Store, server: SalesApi, people: Customers
) -> None:
    theirs = there(server, "Rye Ltd", phone="111")
    till.run()
    known = here(store)["Rye Ltd"]
    people.save(replace(known, phone="999", tax_number="IE 1"))
    theirs.update(phone="222", email="new@example.org")
    look_again(till)
    known = here(store)["Rye Ltd"]
    assert (known.phone, known.email, known.tax_number) == ("999", "new@example.org", "IE 1")
    changes = store.journal.count()
    look_again(till)
    assert store.journal.count() == changes


def test_somebody_who_is_known_here_already_is_not_there_twice(
    store: Store, server: SalesApi, clock: Clock, people: Customers
) -> None:
    mine = people.save(Customer(people.new_id(), "", "Rye Ltd", email="rye@example.org", city="B"))
    there(server, "Rye Ltd")
    till = connected(store, server, clock, Entered("sales", "Their server", URL, KEY))
    till.run()
    assert here(store) == {"Rye Ltd": mine}
    assert store.foreign.ids(f"connection {till.connection_id}", f"customer {mine.id}") == {
        "customer": "their-0"
    }


def test_nobody_comes_in_while_a_customer_of_ours_may_have_arrived(
    till: Till, store: Store, server: SalesApi, people: Customers
) -> None:
    till.wire.faults = {1: Fault.LOST_AFTER}
    people.save(Customer(people.new_id(), "", "Rye Ltd"))
    till.run()
    look_again(till)
    assert list(here(store)) == ["Rye Ltd"]
    assert len(server.customers) == 1


def test_an_erased_customer_does_not_come_back(
    till: Till, store: Store, server: SalesApi, clock: Clock
) -> None:
    theirs = there(server, "Rye Ltd")
    till.run()
    CustomerPrivacy(store, clock, "1").erase(here(store)["Rye Ltd"])
    theirs["phone"] = "222"
    look_again(till)
    (left,) = here(store).values()
    assert left.phone == ""
    assert not left.is_active
    rows = store._own.database.rows("SELECT value FROM remote_ids")
    assert "Rye" not in str(rows)


def test_a_customer_that_cannot_stand_here_is_said_once_and_keeps_nobody_else(
    till: Till, store: Store, server: SalesApi
) -> None:
    there(server, "Rye Ltd", email="no mail address")
    there(server, "Oak Ltd")
    till.run()
    look_again(till)
    assert list(here(store)) == ["Oak Ltd"]
    lines = [line.text for line in till.engine.status().log if line.level == "bad"]
    assert len(lines) == 1
    assert "Rye Ltd" in lines[0]
    assert "no mail address" in lines[0]
