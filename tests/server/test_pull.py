"""Pulling: every thing once, whole revisions together, in an order in which each can be used."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select

from pos_app.server.database import Office
from pos_app.server.news import News
from pos_app.server.pulling import CursorWrong, news_revision, pull
from pos_app.server.sync_door import SyncDoor
from pos_app.server.tables import stock_levels, thing_states, things, tills
from pos_app.server.thing_kinds import PULLED_KINDS
from pos_app.sync import wire
from tests.server.paper_tills import NOW, PaperTill, new_company


@pytest.fixture
def office(shared_office: Office) -> Office:
    return shared_office


@pytest.fixture
def till(office: Office) -> PaperTill:
    return PaperTill().enrol(office, new_company(office))


def put(office, till, *rows):
    """Write things: (revision, kind, id, more columns)."""
    values = []
    for revision, kind, thing_id, *more in rows:
        columns = {
            "shop": "",
            "state": json.dumps({"id": thing_id, "revision": revision}),
            "by": "Ada",
            "till_id": "",
            "at": NOW.isoformat(),
            "lost": "",
            "is_pulled": 1,
        }
        columns |= more[0] if more else {}
        key = {"company_id": till.company_id, "kind": kind, "id": thing_id, "revision": revision}
        values.append(key | columns)
    with office.company(till.company_id) as connection:
        connection.execute(insert(things), values)


def ask(office, till, cursor="", stock_cursor="", limit=500):
    with office.company(till.company_id) as connection:
        asked = wire.Pull(cursor=cursor, stock_cursor=stock_cursor, limit=limit)
        return pull(connection, till.company_id, till.identity(), asked, NOW)


def drain(office, till, cursor="", limit=500):
    """Pull until nothing is left; returns the pages."""
    pages = []
    while True:
        page = ask(office, till, cursor, limit=limit)
        pages.append(page)
        if page.cursor == cursor:
            return pages
        assert len(pages) < 200
        cursor = page.cursor


def names(pages):
    return [(thing.revision, thing.kind, thing.id) for page in pages for thing in page.things]


def test_a_new_till_gets_everything_and_then_nothing(office, till):
    put(office, till, (1, "product", "p1"), (1, "unit", "kg"), (2, "customer", "c1"))
    first = ask(office, till)
    assert names([first]) == [(1, "unit", "kg"), (1, "product", "p1"), (2, "customer", "c1")]
    assert (first.left, first.cursor) == (0, "2")
    thing = first.things[1]
    assert (json.loads(thing.state)["id"], thing.by, thing.lost) == ("p1", "Ada", "")
    after = ask(office, till, first.cursor)
    assert (after.things, after.cursor, after.left) == ((), "2", 0)
    with office.company(till.company_id) as connection:
        row = connection.execute(select(tills).where(tills.c.id == till.till_id)).one()
    assert row.pulled_revision == 2
    assert row.heard_at


def test_a_page_never_parts_a_revision_that_fits_on_one(office, till):
    put(office, till, *[(1, "product", f"a{i}") for i in range(3)])
    put(office, till, *[(2, "product", f"b{i}") for i in range(3)])
    first = ask(office, till, limit=5)
    assert [name[0] for name in names([first])] == [1, 1, 1]
    assert first.left == 3
    second = ask(office, till, first.cursor, limit=5)
    assert [name[0] for name in names([second])] == [2, 2, 2]


def test_a_revision_larger_than_a_page_comes_in_the_order_of_its_kinds(office, till):
    rows = [(3, "product", f"p{i:02}") for i in range(9)]
    rows += [(3, "unit", "kg"), (3, "tax", "a"), (3, "customer", "z"), (4, "unit", "g")]
    put(office, till, (1, "unit", "old"), *rows)
    pages = drain(office, till, limit=4)
    told = names(pages)
    ranks = [(revision, PULLED_KINDS.index(kind), id) for revision, kind, id in told]
    assert ranks == sorted(ranks)
    assert len(told) == len(set(told)) == 14
    assert [page.left for page in pages][-1] == 0
    assert max(len(page.things) for page in pages) <= 4


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    sizes=st.lists(st.integers(1, 6), min_size=1, max_size=6),
    limit=st.integers(1, 7),
    data=st.data(),
)
def test_whatever_the_page_each_thing_comes_once_and_what_is_left_is_told(
    office, till, sizes, limit, data
):
    rows = []
    for revision, size in enumerate(sizes, 1):
        for number in range(size):
            kind = data.draw(st.sampled_from(PULLED_KINDS))
            rows.append((revision, kind, f"{revision}-{number}", {"state": '{"is_open":true}'}))
    with office.company(till.company_id) as connection:
        connection.execute(delete(things).where(things.c.company_id == till.company_id))
    put(office, till, *rows)
    cursor, told = "", []
    while True:
        page = ask(office, till, cursor, limit=limit)
        told += names([page])
        assert page.left == len(rows) - len(told)
        if page.cursor == cursor:
            break
        cursor = page.cursor
    assert sorted(told) == sorted(row[:3] for row in rows)
    revisions = [revision for revision, _, _ in told]
    assert revisions == sorted(revisions)


def test_a_thing_that_changes_while_pages_are_read_comes_with_its_later_state(office, till):
    put(office, till, *[(1, "product", f"p{i}") for i in range(6)])
    first = ask(office, till, limit=3)
    with office.company(till.company_id) as connection:
        connection.execute(
            things.update()
            .where(things.c.company_id == till.company_id, things.c.id == "p5")
            .values(revision=2, state="new")
        )
    rest = drain(office, till, first.cursor, limit=3)
    assert (2, "product", "p5") in names(rest)
    assert len(names([first, *rest])) == 6


def test_other_shops_things_and_what_is_not_pulled_stay_away(office, till):
    put(
        office,
        till,
        (1, "settings", "main", {"shop": "main"}),
        (1, "settings", "other", {"shop": "other"}),
        (1, "product", "hidden", {"is_pulled": 0}),
        (1, "shift", "s1"),
    )
    assert names([ask(office, till)]) == [(1, "settings", "main")]
    with office.company(till.company_id) as connection:
        assert news_revision(connection, till.company_id, "main") == 1
        assert news_revision(connection, till.company_id, "nowhere") == 0


def test_another_companys_things_stay_away(office, till):
    other = PaperTill().enrol(office, new_company(office))
    put(office, other, (5, "product", "theirs"))
    assert ask(office, till).things == ()


def closed(till_id=""):
    return {"state": '{"state":{"state":"deleted"}}', "till_id": till_id}


def test_closed_documents_come_only_to_tills_that_may_have_them(office, till):
    put(
        office,
        till,
        (1, "order", "open", {"state": '{"state":{"state":"approved"}}'}),
        (2, "order", "closed", closed("another")),
        (3, "invoice", "own", closed(till.till_id)),
    )
    assert names([ask(office, till)]) == [(1, "order", "open"), (3, "invoice", "own")]
    with office.company(till.company_id) as connection:
        for revision in (2, 4):
            connection.execute(
                insert(thing_states),
                {
                    "company_id": till.company_id,
                    "kind": "order",
                    "id": "later",
                    "revision": revision,
                    "state": "{}",
                    "at": "",
                },
            )
    put(office, till, (4, "order", "later", closed("another")))
    assert names([ask(office, till, "3")]) == [(4, "order", "later")]
    assert names([ask(office, till, "1")]) == [(3, "invoice", "own")]


@pytest.mark.parametrize("cursor", ["x", "-1", "1/nothing/x", "1" * 30, "1.5", "²", "1/unit/\0"])
def test_a_place_that_nobody_gave_out_is_refused(office, till, cursor):
    with pytest.raises(CursorWrong):
        ask(office, till, cursor)


@pytest.mark.parametrize("cursor", ["x", "-1", "1" * 30])
def test_a_place_in_the_stock_that_nobody_gave_out_is_refused(office, till, cursor):
    with pytest.raises(CursorWrong):
        ask(office, till, stock_cursor=cursor)


def level(till, of, product, quantity, revision, shop="main"):
    return {
        "company_id": till.company_id,
        "shop": shop,
        "product_id": product,
        "location": "shop",
        "till_id": of,
        "level_micro": quantity,
        "revision": revision,
    }


def test_stock_of_the_shops_other_tills_comes_with_how_fresh_it_is(office, till):
    other = PaperTill(number="2").enrol(office, till.company_id)
    with office.company(till.company_id) as connection:
        connection.execute(
            insert(stock_levels),
            [
                level(till, other.till_id, "p1", -3_000_000, 4),
                level(till, other.till_id, "p2", 7, 6),
                level(till, till.till_id, "p1", -9, 5),
                level(till, other.till_id, "p9", 1, 7, shop="elsewhere"),
            ],
        )
        connection.execute(
            tills.update().where(tills.c.id == other.till_id).values(heard_at="14:02")
        )
    page = ask(office, till)
    told = [(one.product_id, one.till, one.quantity_micro, one.heard_at) for one in page.stock]
    assert told == [("p1", "2", -3_000_000, "14:02"), ("p2", "2", 7, "14:02")]
    assert page.tills == (("2", "14:02"),)
    assert page.stock_cursor == "6"
    assert ask(office, till, stock_cursor="6").stock == ()
    assert [one.product_id for one in ask(office, till, stock_cursor="4").stock] == ["p2"]


def test_much_stock_comes_in_pages_of_whole_revisions(office, till, monkeypatch):
    monkeypatch.setattr("pos_app.server.pulling.PAGE_STOCK", 5)
    other = PaperTill(number="2").enrol(office, till.company_id)
    sizes = {1: 3, 2: 3, 3: 8, 4: 1}
    with office.company(till.company_id) as connection:
        connection.execute(
            insert(stock_levels),
            [
                level(till, other.till_id, f"p{revision}-{number}", 1, revision)
                for revision, size in sizes.items()
                for number in range(size)
            ],
        )
    cursor, counts, lefts = "", [], []
    for _ in range(4):
        page = ask(office, till, stock_cursor=cursor)
        counts.append(len(page.stock))
        lefts.append(page.left)
        cursor = page.stock_cursor
    assert counts == [3, 3, 8, 1]
    assert lefts == [1, 1, 1, 0]


def test_a_till_pulls_through_the_door_with_its_token(office, till):
    put(office, till, (1, "product", "p1"))
    door = SyncDoor(office, News(office))
    answer = till.ask(door, "POST", "pull", wire.Pull())
    assert names([wire.decode(wire.Pulled, answer.body)]) == [(1, "product", "p1")]
    wrong = till.ask(door, "POST", "pull", wire.Pull(cursor="x"))
    assert (wrong.status, wire.decode(wire.Failure, wrong.body).code) == (400, "bad_request")
