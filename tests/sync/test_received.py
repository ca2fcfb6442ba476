"""What head office has for a till is written whole, keeps the till's own, and never blocks."""

import json
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pos_app.domain.customer import Customer
from pos_app.domain.facts import FactKind
from pos_app.domain.payloads import product_payload, tax_payload
from pos_app.domain.product import Category, Product
from pos_app.domain.shop import PrinterKind, PrinterSettings, ShopSettings
from pos_app.services.catalogue import Catalogue
from pos_app.services.customers import Customers
from pos_app.services.shop_setup import ShopSetup
from pos_app.services.stock_elsewhere import stock_elsewhere
from pos_app.store.remotes import HEAD_OFFICE
from pos_app.store.store import Store, create_store
from pos_app.sync import wire
from pos_app.sync.received import apply_page
from pos_app.sync.remote import PULL_CURSOR, STOCK_CURSOR
from tests.store.shops import CASH, START, Counter, new_shop
from tests.sync.shared_things import (
    NOW,
    all_told,
    assert_sound,
    customer_thing,
    page,
    product_thing,
    receive,
    shared_state,
    thing,
    things_of,
)

GROUP = Category("c", "All")
MILK = Product("01900000-0000-7000-8000-0000000000f1", "M1", "Milk", Decimal("1.19"))
CREAM = Product("01900000-0000-7000-8000-0000000000f2", "K1", "Cream", Decimal("2.05"))
ANNA = Customer("01900000-0000-7000-a000-0000000000f1", "C1", "Anna", phone="1")


@pytest.fixture
def till(tmp_path: Path) -> Iterator[Store]:
    with create_store(tmp_path / "two.db", ShopSettings(name="Two"), till="2", now=START) as made:
        yield made


@pytest.fixture
def first(tmp_path: Path) -> Iterator[Store]:
    """Till 1 with a catalogue, a customer and settings, all told to its journal."""
    (tmp_path / "one").mkdir()
    with new_shop(tmp_path / "one" / "shop.db") as store:
        Customers(store, lambda: START).save(ANNA)
        setup = ShopSetup(store, lambda: START)
        setup.save(replace(store.settings.shop(), name="Harbour Shop", phone="01 555"))
        yield store


def last_payload(store: Store, kind: FactKind) -> dict[str, object]:
    payload = [told for _, _, told in store.journal.told_after(0, kind)][-1]
    return dict(json.loads(payload))


def test_a_new_till_has_what_the_first_one_has_and_proves_itself(first: Store, till: Store) -> None:
    applied = receive(till, *things_of(first))
    assert applied.refused == ()
    assert applied.counts["product"] == 5
    assert list(till.products.every()) == list(first.products.every())
    assert till.products.categories() == first.products.categories()
    assert till.products.taxes() == first.products.taxes()
    assert till.customers.get(ANNA.id) == ANNA
    assert till.settings.shop().name == "Harbour Shop"
    assert till.remotes.value(HEAD_OFFICE, PULL_CURSOR) == "c1"
    assert_sound(till)


def test_what_stands_already_is_not_written_again(first: Store, till: Store) -> None:
    things = things_of(first)
    receive(till, *things)
    before = till.journal.count()
    again = receive(till, *things)
    assert (again.counts, again.unchanged) == ({}, len(things))
    assert till.journal.count() == before


def test_a_repeated_page_writes_nothing_at_all(first: Store, till: Store) -> None:
    empty = page([], "c9", tills=(("1", "2026-11-21T11:00:00+00:00"),))
    apply_page(till, empty, NOW)
    written = till.remotes.values(HEAD_OFFICE)
    apply_page(till, empty, NOW)
    assert till.remotes.values(HEAD_OFFICE) == written
    assert written[PULL_CURSOR] == "c9"


def test_every_change_of_a_thing_says_which_revision_it_goes_back_to(
    first: Store, till: Store
) -> None:
    receive(till, *things_of(first))
    catalogue = Catalogue(till, lambda: NOW)
    bread = next(till.products.every())
    known = till.received.revision("product", bread.id)
    catalogue.save_product(replace(bread, name="Rye bread"))
    assert last_payload(till, FactKind.PRODUCT_SAVED)["base"] == known > 0
    catalogue.save_category(Category("c", "Everything"))
    assert last_payload(till, FactKind.CATEGORY_SAVED)["base"] == till.received.revision(
        "category", "c"
    )
    Customers(till, lambda: NOW).save(replace(ANNA, phone="2"))
    assert last_payload(till, FactKind.CUSTOMER_SAVED)["base"] == till.received.revision(
        "customer", ANNA.id
    )
    ShopSetup(till, lambda: NOW).save(replace(till.settings.shop(), name="Quay Shop"))
    assert last_payload(till, FactKind.SETTINGS_CHANGED)["base"] == till.received.revision(
        "settings", "main"
    )
    catalogue.save_product(MILK)
    assert "base" not in last_payload(till, FactKind.PRODUCT_SAVED)
    assert_sound(till)


def test_what_the_till_changed_and_nobody_merged_yet_is_left_out(first: Store, till: Store) -> None:
    receive(till, *things_of(first))
    all_told(till)
    bread = next(till.products.every())
    mine = Catalogue(till, lambda: NOW).save_product(replace(bread, name="Mine"))
    theirs = replace(bread, name="Theirs")
    applied = receive(till, product_thing(theirs, 90), product_thing(MILK, 91), cursor="c2")
    assert (applied.left_out, applied.counts) == (1, {"product": 1})
    assert till.products.get(bread.id) == mine
    assert till.received.revision("product", bread.id) < 90
    all_told(till)
    receive(till, product_thing(theirs, 92), cursor="c3")
    assert till.products.get(bread.id) == theirs
    assert_sound(till)


def test_what_head_office_has_stored_and_not_judged_is_left_out_too(
    first: Store, till: Store
) -> None:
    receive(till, *things_of(first))
    judged = till.journal.count()
    bread = next(till.products.every())
    mine = Catalogue(till, lambda: NOW).save_product(replace(bread, name="Mine"))
    all_told(till)
    theirs = product_thing(replace(bread, name="Theirs"), 90)
    apply_page(till, page([theirs], "c2", judged=judged), NOW)
    assert till.products.get(bread.id) == mine
    apply_page(till, page([theirs], "c2", judged=till.journal.count()), NOW)
    assert till.products.get(bread.id) != mine


def test_a_new_tax_comes_with_all_that_holds_it(first: Store, till: Store) -> None:
    receive(till, *things_of(first))
    old = till.products.taxes()[0]
    new = replace(old, rate=Decimal(21))
    holders = [one for one in till.products.every() if old in one.taxes]
    changed = [
        replace(one, taxes=tuple(new if tax == old else tax for tax in one.taxes))
        for one in holders
    ]
    things = [thing("tax", new.code, tax_payload(new), 50)]
    things += [product_thing(one, 50) for one in changed]
    applied = receive(till, *things, cursor="c2")
    assert applied.counts == {"tax": 1}
    assert [till.products.get(one.id) for one in holders] == changed
    assert_sound(till)


def test_a_code_that_is_somebody_elses_here_waits_with_its_reason(till: Store) -> None:
    mine = Catalogue(till, lambda: NOW).save_product(replace(MILK, id=MILK.id[:-2] + "a9"))
    all_told(till)
    applied = receive(till, product_thing(MILK, 5), product_thing(CREAM, 6))
    assert [str(one.reason)[:40] for one in applied.refused] == [
        "Milk came from head office with M1, whic"
    ]
    assert till.products.find("M1") == mine
    assert till.products.get(CREAM.id) == CREAM
    card = till.remotes.refusals(HEAD_OFFICE)[0]
    assert (card.kind, card.remedy, card.seq) == ("product", "here", 0)
    Catalogue(till, lambda: NOW).save_product(replace(mine, code="M2"))
    all_told(till)
    settled = apply_page(till, page([], "c2"), NOW)
    assert settled.counts == {"product": 1}
    assert till.products.find("M1") == MILK
    assert till.remotes.refusals(HEAD_OFFICE) == []
    assert till.received.waiting() == {}
    assert_sound(till)


def test_what_breaks_a_rule_of_the_forms_waits_under_its_name(till: Store) -> None:
    applied = receive(till, product_thing(replace(MILK, tile_position=0), 5))
    assert str(applied.refused[0].reason).startswith("Milk came from head office and cannot stand")


def test_products_and_customers_may_swap_their_codes(till: Store) -> None:
    bert = Customer(ANNA.id[:-1] + "2", "C2", "Bert")
    receive(till, product_thing(MILK), product_thing(CREAM), customer_thing(ANNA))
    receive(till, customer_thing(bert, 2))
    all_told(till)
    applied = receive(
        till,
        product_thing(replace(MILK, code="K1"), 3),
        product_thing(replace(CREAM, code="M1"), 3),
        customer_thing(replace(ANNA, number="C2"), 3),
        customer_thing(replace(bert, number="C1"), 3),
        cursor="c2",
    )
    assert applied.refused == ()
    milk, found = till.products.find("K1"), till.customers.find("C1")
    assert milk is not None
    assert found is not None
    assert (milk.id, found.id) == (MILK.id, bert.id)
    assert_sound(till)


def test_what_cannot_be_read_waits_and_the_page_goes_on(till: Store) -> None:
    broken = thing("product", "x1", {**product_payload(MILK), "id": "x1", "price": "much"}, 2)
    strange = thing("hologram", "h", {}, 3)
    applied = receive(till, broken, strange, product_thing(CREAM, 4))
    assert len(applied.refused) == 1
    assert "cannot be read here" in str(applied.refused[0].reason)
    assert till.products.get(CREAM.id) == CREAM
    orphan = replace(MILK, category_id="nowhere")
    assert "group" in str(receive(till, product_thing(orphan, 5)).refused[-1].reason)
    receive(till, thing("category", "nowhere", {"id": "nowhere", "name": "Dairy"}, 6))
    assert till.products.get(MILK.id) == orphan
    assert_sound(till)


def test_a_till_keeps_its_printers_and_refuses_another_currency_after_a_sale(till: Store) -> None:
    printer = PrinterSettings("Kitchen", PrinterKind.NETWORK, "10.0.0.9:9100")
    setup = ShopSetup(till, lambda: NOW)
    setup.save(replace(till.settings.shop(), printers=(printer,)))
    Catalogue(till, lambda: NOW).save_category(GROUP)
    Catalogue(till, lambda: NOW).save_product(MILK)
    Counter(till).checkout.complete(
        Counter(till).checkout.add(Counter(till).checkout.new_cart(), MILK.id), CASH
    )
    all_told(till)
    receive(till, thing("settings", "main", {"name": "Quay", "printers": [], "receipt": {}}, 1))
    shop = till.settings.shop()
    assert (shop.name, shop.printers) == ("Quay", (printer,))
    policy = {"currency": "USD", "prices_include_tax": True, "tax_rounding": "per_line"}
    state = {"name": "Pier", "policy": policy | {"rounding": "half_up", "step": None}}
    applied = receive(till, thing("settings", "main", state, 2), cursor="c2")
    assert "already sold in EUR" in str(applied.refused[0].reason)
    assert till.settings.shop().name == "Quay"
    assert_sound(till)


def test_a_thing_that_is_gone_is_offered_no_more(till: Store) -> None:
    receive(till, product_thing(MILK), customer_thing(ANNA, 2))
    receive(till, thing("product", MILK.id, None, 3), thing("customer", ANNA.id, None, 4))
    assert till.products.find("M1") is None
    known = till.customers.get(ANNA.id)
    assert known is not None
    assert not known.is_active
    assert_sound(till)


def test_stock_of_other_tills_is_known_with_how_fresh_it_is(till: Store) -> None:
    receive(till, product_thing(MILK))
    Counter(till)
    moved = wire.StockElsewhere(
        product_id=MILK.id, till="1", location="shop", quantity_micro=-3_000_000, heard_at="x"
    )
    told = page(
        [],
        "c2",
        stock=(moved,),
        stock_cursor="s1",
        tills=(("1", "2026-11-21T11:58:00+00:00"), ("3", "")),
    )
    apply_page(till, told, NOW)
    found = stock_elsewhere(till, MILK.id)
    assert (found.own, found.level) == (Decimal(0), Decimal(-3))
    assert [(one.till, one.moved) for one in found.tills] == [("1", -3), ("3", 0)]
    assert found.tills[0].heard_at is not None
    assert found.tills[1].heard_at is None
    assert till.stock.level(MILK.id, "shop") == 0
    assert till.remotes.value(HEAD_OFFICE, STOCK_CURSOR) == "s1"


def test_a_page_that_is_cut_off_comes_once_more(
    till: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    things = [product_thing(replace(MILK, id=f"p{n}", code=f"P{n}"), n) for n in range(1, 251)]
    turns = []

    def stop_at_the_third(*_: object) -> None:
        turns.append(1)
        if len(turns) == 3:
            raise ConnectionAbortedError

    from pos_app.sync import received  # the power goes, whatever the program wanted

    write = received._write
    monkeypatch.setattr(received, "_write", lambda *given: (stop_at_the_third(), write(*given)))
    with pytest.raises(ConnectionAbortedError):
        receive(till, *things)
    assert till.products.count() == 200
    assert till.remotes.value(HEAD_OFFICE, PULL_CURSOR) == ""
    monkeypatch.undo()
    assert receive(till, *things).counts == {"product": 50}
    assert till.products.count() == 250
    assert_sound(till)


def test_what_the_till_changes_between_two_turns_is_kept(
    till: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    products = [replace(MILK, id=f"p{n}", code=f"P{n}") for n in range(1, 202)]
    receive(till, *(product_thing(one, n) for n, one in enumerate(products, 1)))
    all_told(till)
    mine = replace(products[-1], name="Mine")

    from pos_app.sync import received  # the counter writes between two turns of one page

    read_early, turns = received._read_early, []

    def read_and_sell(things: list[wire.Thing]) -> dict[tuple[str, str], object]:
        turns.append(len(things))
        if len(turns) == 2:
            Catalogue(till, lambda: NOW).save_product(mine)
        return read_early(things)

    monkeypatch.setattr(received, "_read_early", read_and_sell)
    changed = [replace(one, name="Theirs") for one in products]
    applied = receive(
        till, *(product_thing(one, 300 + n) for n, one in enumerate(changed)), cursor="c2"
    )
    assert (len(turns), applied.left_out) == (3, 1)
    assert till.products.get(mine.id) == mine
    assert_sound(till)


@settings(
    max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(cuts=st.sets(st.integers(1, 60), max_size=6), again=st.booleans())
def test_pages_cut_anywhere_give_the_same_till(
    first: Store, tmp_path_factory: pytest.TempPathFactory, cuts: set[int], again: bool
) -> None:
    things = things_of(first)
    results = []
    for places in ((), sorted(cuts)):
        path = tmp_path_factory.mktemp("split") / "two.db"
        with create_store(path, ShopSettings(), till="2", now=START) as store:
            edges = [0, *[place for place in places if place < len(things)], len(things)]
            for start, end in pairwise(edges):
                receive(store, *things[start:end], cursor=f"c{end}")
                if again:
                    receive(store, *things[start:end], cursor=f"c{end}")
            results.append(shared_state(store))
    assert results[0] == results[1]
