"""Judging: what tills told becomes documents and stock, once, whatever else is in the way."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import DBAPIError, OperationalError

from pos_app.domain.facts import FactKind
from pos_app.domain.payloads import product_payload
from pos_app.server.database import Office
from pos_app.server.judging import NothingToJudge, judge_again, judge_some
from pos_app.server.settling import settle
from pos_app.server.tables import branches, journal, sale_lines, sale_taxes, sales, tenders
from pos_app.services.returning import Returning
from tests.server.offices import NOW, enrolled_till
from tests.server.paper_tills import PaperTill, new_company
from tests.server.told_tills import (
    judge_all,
    levels,
    push,
    push_store,
    sale_payload,
    saved,
    sold,
    state_of,
    waiting,
)
from tests.store.shops import Counter, new_shop, product, product_id

SALE = FactKind.SALE_COMPLETED


@pytest.fixture
def company(shared_office: Office) -> str:
    return new_company(shared_office)


@pytest.fixture
def till(shared_office: Office, company: str) -> PaperTill:
    return PaperTill().enrol(shared_office, company)


def move(product: str, quantity: str, location: str = "shop") -> dict[str, str]:
    return {
        "product": product,
        "location": location,
        "quantity": quantity,
        "reason": "receipt",
        "note": "",
    }


def judged_up_to(office: Office, company_id: str) -> list[tuple[int, int]]:
    with office.company(company_id) as connection:
        rows = connection.execute(
            select(branches.c.epoch, branches.c.judged_seq)
            .where(branches.c.company_id == company_id)
            .order_by(branches.c.epoch)
        )
        return [(row.epoch, row.judged_seq) for row in rows]


def test_a_real_day_at_a_till_becomes_the_same_day_at_head_office(
    office: Office, company_id: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POS_APP_KEYS", "file")
    with new_shop(tmp_path / "shop.db") as store:
        counter = Counter(store)
        counter.deliver(1, "12.5")
        first = counter.sell()
        told = [first, counter.sell(2, 2, 3), counter.give_back(first, 2)]
        told.append(Returning(counter.checkout).void(told[1].id, "rung twice"))
        till = enrolled_till(office, company_id, store)
        push_store(office, till, store)
        assert judge_all(office, company_id, limit=7) == store.journal.count()
        assert waiting(office, company_id) == []
        assert sold(office, company_id) == sorted(
            (one.number, one.amount_due.minor) for one in told
        )
        by_product: dict[str, int] = {}
        for (product, _, _), micro in levels(office, company_id).items():
            by_product[product] = by_product.get(product, 0) + micro
        for number in range(1, 6):
            level = store.stock.level(product_id(number), "shop")
            assert Decimal(by_product[product_id(number)]) == level * 1_000_000
            standing = state_of(office, company_id, "product", product_id(number))
            standing.pop("units")
            assert standing == product_payload(store.products.get(product_id(number)))
        with office.company(company_id) as connection:
            for table, count in (
                (sale_lines, sum(len(one.lines) for one in told)),
                (sale_taxes, sum(len(one.taxes) for one in told)),
                (tenders, sum(len(one.tenders) for one in told)),
            ):
                rows = connection.execute(select(table)).all()
                assert len(rows) == count


def test_judging_once_more_finds_nothing_to_do(shared_office, company, till) -> None:
    till.tell(SALE, sale_payload("1", 1))
    push(shared_office, till)
    assert judge_some(shared_office, company, NOW) == 1
    before = levels(shared_office, company)
    assert judge_some(shared_office, company, NOW) == 0
    push(shared_office, till)
    assert judge_some(shared_office, company, NOW) == 0
    assert levels(shared_office, company) == before
    assert len(sold(shared_office, company)) == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"net": 1}, "do not sum to its total"),
        ({"amount_due": 1}, "not the amount due"),
        ({"taxes": []}, "taxes are not those of its lines"),
        ({"tenders": []}, "payments do not sum"),
        ({"change": 5}, "less the change"),
    ],
)
def test_a_receipt_that_does_not_add_up_waits_and_the_others_go_on(
    shared_office, company, till, changes: dict[str, Any], words: str
) -> None:
    till.tell(SALE, sale_payload("1", 1))
    till.tell(SALE, sale_payload("1", 2, **changes))
    till.tell(SALE, sale_payload("1", 3))
    push(shared_office, till)
    judge_all(shared_office, company)
    assert [number for number, _ in sold(shared_office, company)] == ["1-000001", "1-000003"]
    (row,) = waiting(shared_office, company)
    assert (row.seq, row.kind, row.remedy) == (2, SALE, "accept")
    assert "1-000002" in row.reason
    assert words in row.reason


def test_a_line_whose_figures_contradict_each_other_is_found(shared_office, company, till) -> None:
    payload = sale_payload("1", 1)
    payload["lines"][2]["tax"] += 1
    payload["lines"][2]["net"] -= 1
    till.tell(SALE, payload)
    push(shared_office, till)
    judge_all(shared_office, company)
    (row,) = waiting(shared_office, company)
    assert "line 3" in row.reason


def test_what_is_accepted_counts_with_its_flag_and_its_stock(shared_office, company, till) -> None:
    till.tell(SALE, sale_payload("1", 1, change=7))
    push(shared_office, till)
    judge_all(shared_office, company)
    assert levels(shared_office, company) == {}
    (row,) = waiting(shared_office, company)
    with shared_office.company(company) as connection:
        with pytest.raises(Exception, match="does not add up"):
            settle(connection, company, row.id, "retry", "Ann", NOW)
        settle(connection, company, row.id, "accept", "Ann", NOW)
    with shared_office.company(company) as connection:
        (kept,) = connection.execute(select(sales).where(sales.c.company_id == company))
        judge_again(connection, company, row._mapping, True, NOW)  # a second press does nothing
    assert "does not add up" in kept.flag
    assert sum(levels(shared_office, company).values()) == -5_000_000
    assert len(sold(shared_office, company)) == 1


def test_what_is_dropped_stays_in_the_journal_only(shared_office, company, till) -> None:
    till.tell(SALE, sale_payload("1", 1, change=7))
    push(shared_office, till)
    judge_all(shared_office, company)
    (row,) = waiting(shared_office, company)
    with shared_office.company(company) as connection:
        settle(connection, company, row.id, "drop", "Ann", NOW)
        entries = connection.execute(select(journal.c.seq).where(journal.c.company_id == company))
        assert len(entries.all()) == 1
    assert sold(shared_office, company) == []
    assert judge_all(shared_office, company) == 0


@pytest.mark.parametrize("payload", ["[]", "{}", '{"id":5}', "nothing", '{"id":"\\ud800"}'])
def test_what_cannot_be_read_waits_and_says_what_is_wrong(
    shared_office, company, till, payload: str
) -> None:
    till.tell(SALE, payload)
    till.tell(FactKind.PRODUCT_SAVED, payload)
    till.tell(SALE, sale_payload("1", 3))
    push(shared_office, till)
    judge_all(shared_office, company)
    assert len(sold(shared_office, company)) == 1
    rows = waiting(shared_office, company)
    assert [row.seq for row in rows] == [1, 2]
    assert all("cannot be read (" in row.reason and row.remedy == "retry" for row in rows)


def test_one_entry_that_the_database_refuses_is_found_among_many(
    postgresql_office: Office, company_id: str
) -> None:
    till = PaperTill().enrol(postgresql_office, company_id)
    for number in range(1, 21):
        payload = sale_payload("1", number)
        if number == 13:
            payload["lines"][0]["name"] = "nul \0 inside"
        till.tell(SALE, payload)
    push(postgresql_office, till)
    assert judge_all(postgresql_office, company_id) == 20
    assert len(sold(postgresql_office, company_id)) == 19
    (row,) = waiting(postgresql_office, company_id)
    assert (row.seq, row.remedy) == (13, "retry")


def test_a_number_that_another_receipt_has_waits(shared_office, company, till) -> None:
    till.tell(SALE, sale_payload("1", 1))
    till.tell(SALE, sale_payload("1", 2, number="1-000001"))
    push(shared_office, till)
    judge_all(shared_office, company, limit=1)
    (row,) = waiting(shared_office, company)
    assert "1-000001 belongs to another receipt" in row.reason
    with shared_office.company(company) as connection:
        settle(connection, company, row.id, "accept", "Ann", NOW)
    assert [number for number, _ in sold(shared_office, company)] == ["1-000001", "1-000001"]


def test_another_till_may_have_the_same_number(shared_office, company, till) -> None:
    other = PaperTill(number="2").enrol(shared_office, company)
    till.tell(SALE, sale_payload("1", 1))
    other.tell(SALE, sale_payload("2", 1, number="1-000001"))
    push(shared_office, till)
    push(shared_office, other)
    judge_all(shared_office, company)
    assert waiting(shared_office, company) == []
    assert len(sold(shared_office, company)) == 2


def test_a_sale_that_was_finished_twice_is_there_once_until_a_person_says_so(
    shared_office, company, till
) -> None:
    till.tell(SALE, sale_payload("1", 1))
    till.begin_epoch()
    till.tell(SALE, sale_payload("1", 1, number="1.2-000001"))
    push(shared_office, till)
    judge_all(shared_office, company)
    assert sold(shared_office, company) == [("1-000001", 1745)]
    (row,) = waiting(shared_office, company)
    assert "is here already as 1-000001" in row.reason
    with shared_office.company(company) as connection:
        settle(connection, company, row.id, "accept", "Ann", NOW)
    assert sold(shared_office, company) == [("1-000001", 1745), ("1.2-000001", 1745)]
    assert sum(levels(shared_office, company).values()) == -10_000_000


def test_the_older_epoch_is_judged_first(shared_office, company, till) -> None:
    till.tell(SALE, sale_payload("1", 1))
    till.begin_epoch()
    till.tell(SALE, sale_payload("1", 2))
    push(shared_office, till)
    assert judge_some(shared_office, company, NOW) == 1
    assert judged_up_to(shared_office, company) == [(1, 1), (2, 1)]
    assert judge_some(shared_office, company, NOW) == 2
    assert judged_up_to(shared_office, company) == [(1, 1), (2, 3)]


def test_entries_that_are_missing_do_not_stop_those_that_follow(
    shared_office, company, till
) -> None:
    for number in (1, 2, 3):
        till.tell(SALE, sale_payload("1", number))
    push(shared_office, till)
    with shared_office.company(company) as connection:
        connection.execute(
            journal.delete().where(journal.c.company_id == company, journal.c.seq.in_([2, 3]))
        )
    assert judge_some(shared_office, company, NOW, limit=1) == 1
    assert judge_some(shared_office, company, NOW, limit=1) == 1
    assert judge_some(shared_office, company, NOW, limit=1) == 0
    assert judged_up_to(shared_office, company) == [(1, 3)]


def test_trouble_with_the_database_is_raised_and_the_batch_is_judged_later(
    shared_office, company, till
) -> None:
    till.tell(SALE, sale_payload("1", 1))
    till.tell(FactKind.STOCK_MOVED, {"moves": [move(product_id(1), "3")]})
    push(shared_office, till)

    def fail(_connection, _cursor, statement: str, *_rest: Any) -> None:
        if "stock_levels" in statement:
            raise OperationalError(statement, {}, Exception("the disk is full"))

    event.listen(shared_office.engine, "before_cursor_execute", fail)
    try:
        with pytest.raises(DBAPIError, match="disk is full"):
            judge_some(shared_office, company, NOW)
    finally:
        event.remove(shared_office.engine, "before_cursor_execute", fail)
    assert sold(shared_office, company) == []
    assert waiting(shared_office, company) == []
    assert judged_up_to(shared_office, company) == [(1, 0)]
    assert judge_all(shared_office, company) == 2
    assert len(sold(shared_office, company)) == 1


def test_two_workers_never_take_the_same_till_and_never_wait_for_each_other(
    postgresql_office: Office, company_id: str
) -> None:
    first = PaperTill(number="1").enrol(postgresql_office, company_id)
    second = PaperTill(number="2").enrol(postgresql_office, company_id)
    first.tell(SALE, sale_payload("1", 1))
    push(postgresql_office, first)
    for number in (1, 2):
        second.tell(SALE, sale_payload("2", number))
    push(postgresql_office, second)
    with postgresql_office.company(company_id) as connection:
        from pos_app.server.judging import _take_branch

        taken = _take_branch(connection, company_id)
        assert taken is not None
        assert taken["till_id"] == first.till_id
        assert judge_some(postgresql_office, company_id, NOW) == 2  # the other till
        assert judge_some(postgresql_office, company_id, NOW) == 0
        # And the till itself may push while it is judged.
        first.tell(SALE, sale_payload("1", 2))
        push(postgresql_office, first, first=2)
    assert judge_all(postgresql_office, company_id) == 2
    assert len(sold(postgresql_office, company_id)) == 4


def test_a_notice_is_nothing_to_judge(shared_office, company, till) -> None:
    till.tell(SALE, sale_payload("1", 1))
    push(shared_office, till)
    row = {"till_id": till.till_id, "epoch": 1, "branch": 0, "seq": 1, "kind": "overdrawn"}
    with shared_office.company(company) as connection, pytest.raises(NothingToJudge):
        judge_again(connection, company, row, False, NOW)


def test_what_head_office_itself_said_is_no_change(shared_office, company, till) -> None:
    till.tell(FactKind.PRODUCT_SAVED, {**saved(product(1)), "received": 4})
    till.tell("record_received", {"record": "role", "id": "x", "received": 4, "state": {}})
    push(shared_office, till)
    assert judge_all(shared_office, company) == 2
    with pytest.raises(Exception, match="No row was found"):
        state_of(shared_office, company, "product", product_id(1))
    assert waiting(shared_office, company) == []
