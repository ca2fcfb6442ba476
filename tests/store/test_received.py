"""What came from head office, as the store keeps it: revisions, what waits, stock elsewhere."""

import json
from dataclasses import replace

import pytest

from pos_app.domain.customer import Customer
from pos_app.domain.facts import Fact, FactKind, customer_saved, product_saved
from pos_app.domain.tax import Tax
from pos_app.services.catalogue import tax_saved
from pos_app.store.errors import BarcodeTaken, NumberTaken
from pos_app.store.received import Elsewhere
from pos_app.store.store import Store
from tests.store.shops import START, VAT, Counter, product, product_id

ANNA = Customer("01900000-0000-7000-a000-0000000000f1", "C1", "Anna")
BERT = replace(ANNA, id="01900000-0000-7000-a000-0000000000f2", number="C2", name="Bert")


def told(store: Store, fact: Fact) -> dict[str, object]:
    with store.transaction() as tx:
        entry = tx.journal.append(fact, START, "1")
    return dict(json.loads(entry.payload))


def test_what_never_came_from_head_office_is_told_as_ever(store: Store) -> None:
    assert told(store, product_saved(product(1))) == json.loads(
        json.dumps(product_saved(product(1)).payload)
    )


def test_a_change_says_which_revision_it_goes_back_to(store: Store) -> None:
    with store.transaction() as tx:
        tx.received.put_many([("product", product_id(1), 7, ""), ("customer", ANNA.id, 8, "")])
        tx.received.put_many([("tax", VAT.code, 9, ""), ("settings", "main", 11, "")])
    assert told(store, product_saved(product(1)))["base"] == 7
    assert "base" not in told(store, product_saved(product(2)))
    assert told(store, customer_saved(ANNA))["base"] == 8
    assert told(store, tax_saved(VAT))["base"] == 9
    assert "base" not in told(store, tax_saved(Tax(rate=VAT.rate, code="Z", name="Zero")))
    assert told(store, Fact(FactKind.SETTINGS_CHANGED, {"name": "Quay"}))["base"] == 11
    one = dict(product_saved(product(1)).payload)
    other = dict(product_saved(product(2)).payload)
    listed = told(store, Fact(FactKind.PRODUCTS_IMPORTED, {"products": [one, other]}))["products"]
    assert isinstance(listed, list)
    assert [item.get("base") for item in listed] == [7, None]


def test_what_came_from_head_office_has_no_base(store: Store) -> None:
    with store.transaction() as tx:
        tx.received.put("product", product_id(1), 7)
    payload = {**product_saved(product(1)).payload, "received": 8}
    assert "base" not in told(store, Fact(FactKind.PRODUCT_SAVED, payload))


def test_a_sale_never_says_what_it_goes_back_to(store: Store, counter: Counter) -> None:
    with store.transaction() as tx:
        tx.received.put("product", product_id(1), 7)
    counter.sell(1)
    head = store.journal.head()
    assert head is not None
    assert '"base":7' not in head.payload


def test_a_thing_waits_until_it_stands(store: Store) -> None:
    with store.transaction() as tx:
        tx.received.wait("product", "p", 3, "{1}")
        tx.received.wait("product", "p", 4, "{2}")
    assert store.received.waiting() == {("product", "p"): "{2}"}
    assert (store.received.waits("product", "p"), store.received.waits("product", "q")) == (
        "{2}",
        "",
    )
    with store.transaction() as tx:
        tx.received.wait_no_more("product", "p")
    assert not store.received.has_waiting()


def test_forgetting_head_office_forgets_all_that_came_from_there(store: Store) -> None:
    with store.transaction() as tx:
        tx.received.put("product", "p", 3)
        tx.received.wait("product", "q", 3, "{}")
        tx.received.put_elsewhere("p", [Elsewhere("2", "shop", 5, "x")])
        tx.received.forget()
    assert store.received.revision("product", "p") == 0
    assert store.received.waiting() == {}
    assert store.received.elsewhere("p") == []


def test_codes_are_swapped_only_where_both_are_released(store: Store) -> None:
    one, two = product(1), product(2)
    swapped = (replace(one, code=two.code), replace(two, code=one.code))
    with pytest.raises(BarcodeTaken), store.transaction() as tx:
        tx.products.save_many(swapped)
    with store.transaction() as tx:
        tx.products.release_codes([one.id, two.id])
        tx.products.save_many(swapped)
    assert store.products.find(two.code) == swapped[0]
    assert store.products.find(one.code) == swapped[1]
    assert store.products.owners([one.code, "?"]) == {one.code: (two.id, two.name)}


def test_customers_swap_numbers_where_both_are_released(store: Store) -> None:
    with store.transaction() as tx:
        tx.customers.save(ANNA)
        tx.customers.save(BERT)
    with pytest.raises(NumberTaken), store.transaction() as tx:
        tx.customers.save(replace(ANNA, number="C2"))
    with store.transaction() as tx:
        tx.customers.release_codes([ANNA.id, BERT.id])
        tx.customers.save(replace(ANNA, number="C2"))
        tx.customers.save(replace(BERT, number="C1"))
    owners = store.customers.owners(["C1", "C2"])
    assert {code: owner[0] for code, owner in owners.items()} == {"C1": BERT.id, "C2": ANNA.id}
