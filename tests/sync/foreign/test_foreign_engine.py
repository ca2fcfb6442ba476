"""A connection's engine over a real store: order, what is put aside, what people do about it."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pos_app.domain.cart import SaleKind
from pos_app.domain.customer import Customer
from pos_app.domain.facts import Fact, FactKind
from pos_app.domain.payloads import customer_payload
from pos_app.domain.sale import Sale
from pos_app.services.customers import Customers
from pos_app.services.verification import verify
from pos_app.store.backup import backup_store, restore_store
from pos_app.store.foreign import HeldState
from pos_app.store.store import Store, open_store
from pos_app.sync.connections import (
    FROM_BEGINNING,
    FROM_NOW,
    Entered,
    change_connection,
    connection_in,
    connections_in,
    remove_connection,
    switch_connection,
)
from pos_app.sync.foreign_settling import (
    Remedy,
    RemedyImpossible,
    held_things,
    set_product_ids,
    settle,
    try_connection,
)
from pos_app.sync.foreign_status import ForeignPhase
from tests.simulators.apis.sales_api import SalesApi
from tests.store.shops import CASH, Counter, product_id
from tests.sync.foreign.compliance import Till, connected
from tests.sync.foreign.wire import ApiWire, Fault
from tests.sync.office_stand_in import Clock

URL = "https://sales.example.com"
KEY = "a-very-secret-key"
Answer = tuple[int, Mapping[str, str], bytes]


class Picky(SalesApi):
    """A server that refuses customers with this mail address, and fails over this product."""

    refuses_mail = ""
    fails_over = ""

    def handle(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
        if method == "POST" and self.fails_over and f'"{self.fails_over}"'.encode() in body:
            return 500, {}, b"Internal Server Error"
        if method == "POST" and self.refuses_mail and self.refuses_mail.encode() in body:
            return 422, {}, b'{"detail":"That address is not real"}'
        return super().handle(method, target, headers, body)


def entered(**options: str) -> Entered:
    return Entered("sales", "Their server", URL, KEY, options=options)


@pytest.fixture
def server() -> Picky:
    return Picky(KEY, page_size=3)


@pytest.fixture
def till(store: Store, server: Picky, clock: Clock) -> Till:
    return connected(store, server, clock, entered())


@pytest.fixture
def people(store: Store, clock: Clock) -> Customers:
    return Customers(store, clock)


def sell(till: Till, quantity: int, who: Customer | None = None, product: int = 1) -> Sale:
    counter = Counter(till.store)
    cart = counter.checkout.new_cart()
    cart = counter.checkout.add(cart, product_id(product), Decimal(quantity))
    return counter.checkout.complete(replace(cart, customer=who), CASH)


def sold_there(server: SalesApi) -> list[int]:
    return [int(order["items"][0]["quantity"]) for order in server.orders]


def posted(server: SalesApi, path: str) -> list[Any]:
    return [one.body for one in server.arrived if one.method == "POST" and one.path.endswith(path)]


def test_a_customer_goes_before_their_sale_and_once(
    till: Till, server: Picky, people: Customers
) -> None:
    rye = people.save(Customer(people.new_id(), "", "Rye & Sons", email="rye@example.org"))
    sell(till, 1, rye)
    sell(till, 2, rye)
    till.run()
    assert [one["name"] for one in server.customers] == ["Rye & Sons"]
    assert {order["customer_id"] for order in server.orders} == {server.customers[0]["id"]}
    assert sold_there(server) == [1, 2]
    assert len(server.invoices) == 2


def test_what_is_known_of_a_server_is_no_fault_of_the_store(
    till: Till, server: Picky, people: Customers
) -> None:
    before = verify(till.store.path).faults
    server.stock = {"P1": Decimal(1)}
    for quantity in (1, 5):
        sell(till, quantity, people.save(Customer(people.new_id(), "", f"Rye {quantity}")))
    till.run()
    assert held_things(till.store, till.connection_id)
    assert verify(till.store.path).faults == before


def test_a_customer_from_before_the_connection_comes_with_their_first_sale(
    store: Store, server: Picky, clock: Clock, people: Customers
) -> None:
    rye = people.save(Customer(people.new_id(), "", "Rye & Sons"))
    till = connected(store, server, clock, entered())
    till.run()
    assert server.customers == []
    sell(till, 1, rye)
    till.run()
    assert server.orders[0]["customer_id"] == server.customers[0]["id"]
    assert server.customers[0]["name"] == "Rye & Sons"


def test_what_was_refused_waits_with_the_reason_and_the_rest_goes_on(
    till: Till, server: Picky, clock: Clock
) -> None:
    server.stock = {"P1": Decimal(3)}
    refused = sell(till, 5)
    sell(till, 2)
    till.run()
    assert sold_there(server) == [2]
    (held,) = held_things(till.store, till.connection_id)
    assert (held.kind, held.number, held.state) == ("sale", refused.number, HeldState.REFUSED)
    assert held.reason == "Invalid order data"
    assert till.engine.status().held == 1
    server.stock = {"P1": Decimal(5)}
    settle(till.store, till.connection_id, held.id, Remedy.AGAIN, clock())
    till.run()
    assert sold_there(server) == [2, 5]
    assert held_things(till.store, till.connection_id) == []
    assert till.engine.status().phase is ForeignPhase.UP_TO_DATE


def test_what_is_left_out_is_never_sent(till: Till, server: Picky, clock: Clock) -> None:
    server.stock = {}
    sell(till, 5)
    till.run()
    (held,) = held_things(till.store, till.connection_id)
    settle(till.store, till.connection_id, held.id, Remedy.LEAVE, clock())
    server.stock = None
    till.run()
    till.restart()
    till.run()
    assert server.orders == []


def test_sales_wait_for_a_refused_customer_and_go_when_that_was_mended(
    till: Till, server: Picky, people: Customers
) -> None:
    server.refuses_mail = "no@where"
    rye = people.save(Customer(people.new_id(), "", "Rye & Sons", email="no@where"))
    sell(till, 1, rye)
    sell(till, 2)
    till.run()
    assert sold_there(server) == [2]
    states = [one.state for one in held_things(till.store, till.connection_id)]
    assert states == [HeldState.REFUSED, HeldState.WAITS]
    assert len(posted(server, "customers")) == 1  # the walk-in of the other sale
    people.save(replace(rye, email="rye@example.org"))
    till.run()
    assert sorted(sold_there(server)) == [1, 2]
    assert held_things(till.store, till.connection_id) == []


@pytest.mark.parametrize("remedy", [Remedy.ARRIVED, Remedy.AGAIN, Remedy.LEAVE])
def test_a_person_settles_what_may_have_arrived(
    store: Store, server: Picky, clock: Clock, remedy: Remedy
) -> None:
    till = connected(store, server, clock, entered(invoices="unsure"))
    till.wire.faults = {3: Fault.LOST_AFTER if remedy is Remedy.ARRIVED else Fault.LOST_BEFORE}
    sell(till, 1)
    sell(till, 2)
    till.run()
    (held,) = held_things(store, till.connection_id)
    assert held.state is HeldState.DOUBTFUL
    assert "It may have arrived" in held.reason
    assert sold_there(server) == [1, 2]  # the next sale went on
    settle(store, till.connection_id, held.id, remedy, clock(), "inv-1")
    till.run()
    assert held_things(store, till.connection_id) == []
    assert len(server.invoices) == (1 if remedy is Remedy.LEAVE else 2)
    till.restart()
    till.run()
    assert len(server.invoices) == (1 if remedy is Remedy.LEAVE else 2)


def test_what_waits_for_another_cannot_be_said_to_have_arrived(
    till: Till, server: Picky, people: Customers, clock: Clock
) -> None:
    server.refuses_mail = "no@where"
    sell(till, 1, people.save(Customer(people.new_id(), "", "Rye", email="no@where")))
    till.run()
    waiting = held_things(till.store, till.connection_id)[1]
    with pytest.raises(RemedyImpossible):
        settle(till.store, till.connection_id, waiting.id, Remedy.ARRIVED, clock())


def test_a_thing_that_the_server_fails_over_does_not_keep_the_rest_and_goes_when_it_can(
    till: Till, server: Picky, clock: Clock
) -> None:
    server.fails_over = "P2"
    sell(till, 7, product=2)
    sell(till, 1)
    for _ in range(40):
        clock.pass_s(till.engine.step().wait_s)
    assert sold_there(server) == [1]
    (held,) = held_things(till.store, till.connection_id)
    assert held.state is HeldState.FAULTY
    server.fails_over = ""
    till.run()
    assert sold_there(server) == [1, 7]


def test_a_refused_key_stops_everything_until_there_is_another(
    store: Store, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    server = SalesApi("another-secret")
    till = connected(store, server, clock, entered())
    sell(till, 1)
    turn = till.engine.step()
    assert turn.is_pause
    status = till.engine.status()
    assert status.phase is ForeignPhase.KEY_REFUSED
    assert "Not authenticated" in status.sentence
    change_connection(store, till.connection_id, replace(entered(), key="another-secret"), clock())
    till.run()
    assert sold_there(server) == [1]
    connection = connection_in(store.remotes, till.connection_id)
    shown = repr((till.engine.status(), connection, entered(), caplog.text))
    told = "".join(entry.payload for entry in store.journal.entries())
    assert "secret" not in shown + told


def test_an_empty_key_leaves_the_known_one(till: Till, server: Picky, clock: Clock) -> None:
    renamed = replace(entered(), key="", name="The other name")
    change_connection(till.store, till.connection_id, renamed, clock())
    sell(till, 1)
    till.run()
    assert sold_there(server) == [1]
    assert till.engine.status().name == "The other name"


@pytest.mark.parametrize(
    ("since", "arrived"), [(FROM_NOW, [3]), (FROM_BEGINNING, [1, 2, 3]), ("2026-03-05", [2, 3])]
)
def test_a_connection_tells_from_its_beginning_on(
    store: Store, server: Picky, clock: Clock, since: str, arrived: list[int]
) -> None:
    for day, quantity in ((4, 1), (5, 2)):
        counter = Counter(store)
        counter.clock.moment = counter.clock.moment.replace(day=day)
        cart = counter.checkout.add(counter.checkout.new_cart(), product_id(1), Decimal(quantity))
        counter.checkout.complete(cart, CASH)
    till = connected(store, server, clock, entered(), since)
    sell(till, 3)
    till.run()
    assert sold_there(server) == arrived


def test_what_happens_while_it_is_off_goes_when_it_is_on_again(
    till: Till, server: Picky, clock: Clock
) -> None:
    switch_connection(till.store, till.connection_id, False, clock())
    sell(till, 1)
    till.run()
    assert server.arrived == []
    assert till.engine.status().phase is ForeignPhase.OFF
    switch_connection(till.store, till.connection_id, True, clock())
    till.run()
    assert sold_there(server) == [1]


def test_a_removed_connection_leaves_nothing_behind(till: Till, people: Customers) -> None:
    rye = people.save(Customer(people.new_id(), "", "Rye & Sons"))
    till.wire.faults = {4: Fault.LOST_BEFORE}
    sell(till, 1, rye)
    for _ in range(6):
        till.engine.step()
    set_product_ids(till.store, till.connection_id, {product_id(1): "17"})
    remove_connection(till.store, till.connection_id)
    till.run()
    database = till.store._own.database
    for table in ("remote_values", "refusals", "sync_log", "cursors"):
        assert database.value(f"SELECT count(*) FROM {table}") == 0, table
    for table in ("remote_ids", "attempts", "held_steps"):
        assert database.value(f"SELECT count(*) FROM {table}") == 0, table
    assert connections_in(till.store.remotes) == []


def test_a_connection_that_is_removed_while_it_is_asked_keeps_nothing_of_the_answer(
    till: Till, server: Picky
) -> None:
    sell(till, 1)
    handled = server.handle

    def removing(*asked: Any) -> Answer:
        remove_connection(till.store, till.connection_id)
        return handled(*asked)

    server.handle = removing  # type: ignore[method-assign]
    till.run()
    assert till.store._own.database.value("SELECT count(*) FROM remote_ids") == 0
    assert till.store._own.database.value("SELECT count(*) FROM attempts") == 0


def test_a_till_that_was_restored_looks_up_what_it_may_have_sent_before(
    tmp_path: Path, store: Store, server: Picky, clock: Clock
) -> None:
    till = connected(store, server, clock, entered())
    for quantity in (1, 2):
        sell(till, quantity)
    backup_store(store, tmp_path / "copy.db")
    till.run()
    path = store.path
    store.close()
    restore_store(tmp_path / "copy.db", path, clock())
    with open_store(path) as restored:
        again = Till(restored, till.wire, clock, till.connection_id, till.engine)
        again.restart()
        again.run()
        sell(again, 3)
        again.run()
        assert sold_there(server) == [1, 2, 3]
        assert len(server.invoices) == 3
        assert held_things(restored, till.connection_id) == []


def test_the_clock_that_is_set_back_makes_the_till_wait_again(
    till: Till, server: Picky, clock: Clock
) -> None:
    till.wire.faults = {2: Fault.SLOW}
    sell(till, 1)
    till.engine.step()
    till.engine.step()
    clock.pass_s(-7_200)
    turn = till.engine.step()
    assert 0 < turn.wait_s <= 120
    till.wire.arrive_late(all_of_it=True)
    till.run()
    assert sold_there(server) == [1]


def test_a_product_without_an_id_there_waits_until_it_has_one(
    store: Store, server: Picky, clock: Clock
) -> None:
    till = connected(store, server, clock, entered(product_ids="mapping"))
    sell(till, 1)
    till.run()
    (held,) = held_things(store, till.connection_id)
    assert held.state is HeldState.UNSAYABLE
    assert "no product id there" in held.reason
    set_product_ids(store, till.connection_id, {product_id(1): "their-17"})
    till.run()
    assert server.orders[0]["items"][0]["product_id"] == "their-17"


def test_voids_are_not_sent_where_the_api_has_no_word_for_them(till: Till, server: Picky) -> None:
    counter = Counter(till.store)
    sale = sell(till, 1)
    with till.store.transaction() as tx:
        counter.checkout.void_in(tx, sale, "01900000-0000-7000-8000-00000000beef", "wrong")
    till.run()
    assert [one.kind for one in [till.store.sales.get(sale.id)] if one] == [SaleKind.SALE]
    assert sold_there(server) == [1]
    assert held_things(till.store, till.connection_id) == []


def test_the_test_of_a_connection_says_what_works_and_changes_nothing(
    store: Store, server: Picky, clock: Clock
) -> None:
    wire = ApiWire(server, clock)
    assert [line.works for line in try_connection(store, entered(), wire)] == [True, True]
    wrong = replace(entered(), key="wrong")
    lines = try_connection(store, wrong, wire)
    assert [line.works for line in lines] == [False, False]
    assert "Not authenticated" in lines[0].sentence
    wire.faults = {len(wire.sent): Fault.AWAY}
    assert "nobody is there" in try_connection(store, entered(), wire)[0].sentence
    assert all(one.method == "GET" for one in server.arrived)
    assert connections_in(store.remotes) == []


def imported(till: Till, people: Customers, *names: str) -> None:
    """Import customers in one entry, as a list from a file does."""
    new = [Customer(people.new_id(), f"C{name}", name, email=f"{name}@x.ie") for name in names]
    payload = {"customers": [customer_payload(one) for one in new]}
    with till.store.transaction() as tx:
        for one in new:
            tx.customers.save(one)
        tx.journal.append(Fact(FactKind.CUSTOMERS_IMPORTED, payload), till.clock(), "1")


def test_of_many_customers_in_one_entry_one_is_left_out_and_the_till_starts_again_in_between(
    till: Till, server: Picky, people: Customers, clock: Clock
) -> None:
    server.refuses_mail = "Ash@"
    imported(till, people, "Ash", "Birch", "Cedar")
    for _ in range(2):
        till.engine.step()
    (held,) = held_things(till.store, till.connection_id)
    assert held.number == "CAsh"
    settle(till.store, till.connection_id, held.id, Remedy.LEAVE, clock())
    server.refuses_mail = ""
    till.restart()
    till.run()
    assert [one["name"] for one in server.customers] == ["Birch", "Cedar"]
    till.restart()
    till.run()
    assert len(server.customers) == 2


def test_what_a_server_says_is_shown_without_the_key(till: Till, server: Picky) -> None:
    handled = server.handle

    def telling(method: str, *asked: Any) -> Answer:
        if method == "GET":
            return handled(method, *asked)
        return 400, {}, b'{"detail":"nobody may write with a-very-secret-key here"}'

    server.handle = telling  # type: ignore[method-assign]
    sell(till, 1)
    till.run()
    (held,) = held_things(till.store, till.connection_id)
    assert held.reason == "nobody may write with ••• here"
    assert "secret" not in repr(till.engine.status())


def test_somebody_elses_page_before_the_first_sale_leaves_nothing_in_doubt(
    till: Till, server: Picky
) -> None:
    till.wire.weather = lambda _request: Fault.HTML_BEFORE
    sell(till, 1)
    for _ in range(20):
        till.clock.pass_s(till.engine.step().wait_s)
    assert {request.method for request in till.wire.sent} == {"GET"}
    assert not till.store.foreign.has_attempts(f"connection {till.connection_id}")
    assert till.engine.status().phase is ForeignPhase.TROUBLE
    till.wire.weather = lambda _request: None
    till.run()
    assert sold_there(server) == [1]
