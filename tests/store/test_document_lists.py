"""The lists of documents: every filter finds what it should, far windows follow each other."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from pos_app.domain.customer import Customer
from pos_app.store.connection import Database, Row
from pos_app.store.documents import (
    EVERYTHING,
    MARK_ROWS,
    DocumentFilter,
    Documents,
    Listed,
    ListOrder,
    keep_listed,
)
from pos_app.store.store import Store
from tests.store.shops import new_store

FIRST = date(2024, 1, 1)
TODAY = FIRST + timedelta(days=300)
COUNT = 1_700
STATES = ("draft", "unpaid", "partially_paid", "fully_paid", "deleted")
PEOPLE = tuple(
    Customer(f"01900000-0000-7000-a000-{n:012d}", f"C{n}", name)
    for n, name in enumerate(("Quayside Hotel", "Quarry Works", "Muller & Sons"))
)


def listed(number: int) -> Listed:
    pick = random.Random(number)
    day = FIRST + timedelta(days=pick.randrange(300))
    total, status = pick.randrange(1, 100_000), pick.choice(STATES)
    is_owed = status in ("unpaid", "partially_paid")
    until = day + timedelta(days=30)
    return Listed(
        id=f"01910000-0000-7000-8000-{number:012d}",
        number=f"INV{number:05d}" if status != "draft" else "",
        customer_id=pick.choice(PEOPLE).id,
        status=status,
        day=day,
        until=until,
        made=day - timedelta(days=1),
        origin="",
        origin_number=f"SO{number // 2:05d}",
        total=total,
        open=total if is_owed else 0,
        currency="EUR",
        remind=until + timedelta(days=7) if is_owed else None,
    )


ROWS = tuple(listed(number) for number in range(COUNT))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with new_store(tmp_path_factory.mktemp("lists") / "shop.db") as made:
        with made.transaction() as tx:
            for person in PEOPLE:
                tx.customers.save(person)
        database = made._own.database
        database.run("BEGIN")
        for row in ROWS:
            keep_listed(database, "invoice", row)
            if row.total % 10 == 0:
                keep_listed(database, "order", row)
        database.run("COMMIT")
        yield made


def middle(days: int) -> date:
    return FIRST + timedelta(days=days)


FILTERS = {
    "everything": (EVERYTHING, lambda _one: True),
    "one state": (DocumentFilter(statuses=("unpaid",)), lambda one: one.status == "unpaid"),
    "two states": (
        DocumentFilter(statuses=("unpaid", "draft")),
        lambda one: one.status in ("unpaid", "draft"),
    ),
    "thrown away": (DocumentFilter(statuses=("deleted",)), lambda one: one.status == "deleted"),
    "days": (
        DocumentFilter(day_from=middle(50), day_to=middle(90)),
        lambda one: middle(50) <= one.day <= middle(90),
    ),
    "until a day": (DocumentFilter(day_to=middle(250)), lambda one: one.day <= middle(250)),
    "from a day": (DocumentFilter(day_from=middle(50)), lambda one: one.day >= middle(50)),
    "made": (
        DocumentFilter(made_from=middle(50), made_to=middle(90)),
        lambda one: middle(50) <= one.made <= middle(90),
    ),
    "until": (
        DocumentFilter(until_from=middle(50), until_to=middle(90)),
        lambda one: middle(50) <= one.until <= middle(90),
    ),
    "total": (
        DocumentFilter(total_from=500, total_to=40_000),
        lambda one: 500 <= one.total <= 40_000,
    ),
    "number": (DocumentFilter(number="07"), lambda one: "07" in one.number),
    "origin": (DocumentFilter(origin_number="so0012"), lambda one: "SO0012" in one.origin_number),
    "customer": (
        DocumentFilter(customer_id=PEOPLE[1].id),
        lambda one: one.customer_id == PEOPLE[1].id,
    ),
    "customer's name": (
        DocumentFilter(customer_name="qua"),
        lambda one: one.customer_id in (PEOPLE[0].id, PEOPLE[1].id),
    ),
    "text": (
        DocumentFilter(text="0150"),
        lambda one: "0150" in one.number or "0150" in one.origin_number,
    ),
    "name as text": (
        DocumentFilter(text="hotel"),
        lambda one: one.customer_id == PEOPLE[0].id,
    ),
    "a percent sign": (DocumentFilter(number="%"), lambda _one: False),
    "open": (DocumentFilter(is_open=True), lambda one: one.open != 0),
    "open in a state until a day": (
        DocumentFilter(is_open=True, statuses=("unpaid",), until_to=TODAY),
        lambda one: one.open != 0 and one.status == "unpaid" and one.until <= TODAY,
    ),
    "to remind": (
        DocumentFilter(remind_to=TODAY),
        lambda one: one.remind is not None and one.remind <= TODAY,
    ),
}


@pytest.mark.parametrize("name", FILTERS)
@pytest.mark.parametrize("order", ListOrder)
def test_each_filter_finds_what_it_should_in_windows_that_follow_each_other(
    store: Store, name: str, order: ListOrder
) -> None:
    chosen, is_meant = FILTERS[name]
    chosen = replace(chosen, order=order)
    wanted = [one for one in ROWS if is_meant(one) and (chosen.statuses or one.status != "deleted")]
    if order is ListOrder.LATEST:
        wanted.sort(key=lambda one: (one.day, one.number, one.id), reverse=True)
    else:
        wanted.sort(key=lambda one: (one.until, one.number, one.id))
    documents = store.documents
    marks = documents.marks("invoice", chosen)
    assert marks.count == documents.count("invoice", chosen) == len(wanted)
    assert len(marks.keys) == len(wanted) // MARK_ROWS
    found = [
        one
        for offset in range(0, len(wanted) + 100, 100)
        for one in documents.page("invoice", chosen, offset, 100, marks)
    ]
    assert found == wanted
    assert documents.page("invoice", chosen, 130, 40) == wanted[130:170]
    sums = documents.sums("invoice", chosen)
    totals = (sum(one.total for one in wanted), sum(one.open for one in wanted))
    assert sums == ({"EUR": totals} if wanted else {})


IN_DUE_ORDER = ("open", "open in a state until a day", "to remind")


@pytest.mark.parametrize(
    ("name", "order"),
    [(name, ListOrder.LATEST) for name in FILTERS]
    + [(name, ListOrder.DUE) for name in IN_DUE_ORDER],
)
def test_a_list_is_walked_in_its_own_order_whatever_it_is_narrowed_to(
    store: Store, name: str, order: ListOrder
) -> None:
    documents, database = store.documents, store._own.database
    told: list[str] = []
    row = database.row

    def explained(sql: str, values: Sequence[object] = ()) -> Row | None:
        plan = database.rows(f"EXPLAIN QUERY PLAN {sql}", values)
        told.append(" ".join(str(one[-1]) for one in plan))
        return row(sql, values)

    chosen = replace(FILTERS[name][0], order=order)
    watched = Documents(Watching(database, explained))  # type: ignore[arg-type]
    marks = watched.marks("invoice", chosen)
    assert marks == documents.marks("invoice", chosen)
    assert all("TEMP B-TREE" not in plan for plan in told), told
    for plan in told[1:]:  # each step goes on at the key of the one before
        assert "number,id)" in plan, plan


class Watching:
    """A database whose single rows are looked up by another function."""

    def __init__(self, database: Database, row: object) -> None:
        self.row = row
        self.rows = database.rows
        self.value = database.value
        self.stream = database.stream


def test_the_names_of_a_window_are_those_that_customers_have_now(store: Store) -> None:
    page = store.documents.page("order", EVERYTHING, 0, 10)
    names = store.documents.customer_names(page)
    assert {names[one.customer_id] for one in page} <= {person.name for person in PEOPLE}
    assert names


def test_several_currencies_are_summed_apart(tmp_path: Path) -> None:
    with new_store(tmp_path / "shop.db") as made:
        database = made._own.database
        euros, pounds = replace(ROWS[1], status="unpaid"), replace(ROWS[2], status="unpaid")
        keep_listed(database, "invoice", replace(euros, total=5, open=3))
        keep_listed(database, "invoice", replace(pounds, currency="GBP", total=7, open=0))
        assert made.documents.sums("invoice") == {"EUR": (5, 3), "GBP": (7, 0)}
