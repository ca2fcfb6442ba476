"""A till's sales held against head office's own feed of them: every part is the real one."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, update

from pos_app.app.cli import run
from pos_app.domain.reconciliation import Period
from pos_app.server.companies import Shop, add_shop
from pos_app.server.database import Office as HeadOffice
from pos_app.server.enrolment_codes import make_code
from pos_app.server.tables import journal, sales
from pos_app.services.reconciliation import reconcile_till
from pos_app.sync.dialect import Credentials
from pos_app.sync.engine import SyncEngine
from pos_app.sync.enrolment import enrol
from pos_app.sync.feed_reading import read_feed
from pos_app.sync.http_transport import HttpTransport
from tests.server.apis.feeds import Told, feed_key, fill, sell
from tests.server.offices import (  # noqa: F401 - fixtures
    EnrolledTill,
    company_id,
    founded,
    sqlite_office,
    sqlite_template,
    sqlite_url,
)
from tests.server.serving import Served, serve
from tests.server.told_tills import judge_all
from tests.services.document_office import new_office
from tests.sync.engine_runs import run as run_engine
from tests.sync.office_stand_in import URL, Clock, chance
from tests.sync.real_office import door_wire, joined

Compare = Callable[..., Any]
DOCUMENTS = 9  # seven receipts, the invoice of an order and its credit note


@pytest.fixture
def told(sqlite_office: HeadOffice, company_id: str, tmp_path: Path) -> Iterator[Told]:  # noqa: F811
    """A till with one of each, synced to head office by its own engine."""
    shop = new_office(tmp_path / "shop.db")
    fill(shop)
    sync(shop.store, sqlite_office, company_id)
    till = EnrolledTill(company_id, "", "main", "1", "", "", "")
    yield Told(shop, till, feed_key(sqlite_office, company_id))
    shop.store.close()


def sync(store: Any, office: HeadOffice, company: str) -> None:
    clock = Clock()
    engine = joined(store, door_wire(office, clock), company, clock)
    run_engine(engine, clock)
    judge_all(office, company)


@pytest.fixture
def served(sqlite_office: HeadOffice) -> Iterator[Served]:  # noqa: F811
    with serve(sqlite_office) as running:
        yield running


@pytest.fixture
def compare(served: Served, told: Told, capsys: pytest.CaptureFixture[str]) -> Compare:
    """`pos-app reconcile --json` in this process; returns its report."""

    def compared(*words: str, status: int = 0, key: str = told.key.secret) -> Any:
        capsys.readouterr()
        found = run(
            [
                *("reconcile", "--store", str(told.shop.store.path), "--url", served.url),
                *("--company", told.till.company_id, "--connection", told.key.key.id),
                *("--key", key, *words),
            ]
        )
        written = capsys.readouterr()
        assert found == status, (written.out, written.err)
        if status == 2:
            return written.err
        return json.loads(written.out) if "--json" in words else written.out

    return compared


def test_a_till_and_head_offices_feed_of_it_agree_to_the_cent(compare: Compare):
    report = compare("--json")
    assert report["is_same"]
    assert report["same"] == DOCUMENTS
    assert compare().endswith("9 the same, 0 missing here, 0 missing there, 0 differing, "
                              "0 doubled.\n")  # fmt: skip


def test_what_was_changed_there_is_told_with_the_field_and_both_values(
    compare: Compare, told: Told, sqlite_office: HeadOffice  # noqa: F811
):  # fmt: skip
    company = told.till.company_id
    with sqlite_office.company(company) as connection:
        number = sales.c.number == "1-000001"
        row = connection.execute(sales.select().where(sales.c.company_id == company, number)).one()
        connection.execute(
            update(sales).where(sales.c.id == row.id).values(business_day="2023-06-02")
        )
        place = (journal.c.till_id == row.till_id, journal.c.seq == row.seq)
        payload = connection.execute(journal.select().where(*place)).one().payload
        changed = json.loads(payload)
        changed["lines"][0]["net"] += 1
        connection.execute(update(journal).where(*place).values(payload=json.dumps(changed)))
    report = compare("--json", status=1)
    assert report["same"] == DOCUMENTS - 1
    (one,) = report["differing"]
    assert one["reference"] == "1-000001"
    fields = {each["field"]: (each["ours"], each["theirs"]) for each in one["fields"]}
    assert set(fields) == {"day", "net", "gross", "line 1 net"}
    assert fields["day"] == ("2023-06-01", "2023-06-02")
    assert "1-000001, day: 2023-06-01 here, 2023-06-02 there" in compare(status=1)
    # A period that holds the day of one side only compares the document all the same.
    for words in (("--to", "2023-06-01"), ("--from", "2023-06-02")):
        assert compare("--json", *words, status=1)["differing"][0]["fields"] == one["fields"]


def test_what_one_side_lost_is_missing_there_or_here(
    compare: Compare, told: Told, sqlite_office: HeadOffice  # noqa: F811
):  # fmt: skip
    sell(told.shop)  # not synced
    report = compare("--json", status=1)
    assert [one["reference"] for one in report["missing_there"]] == ["1-000008"]
    with sqlite_office.company(told.till.company_id) as connection:
        lost = sales.c.number.in_(["1-000002", "1-000003"])
        connection.execute(delete(sales).where(lost))
        connection.execute(
            update(sales).where(sales.c.number == "1-000004").values(number="1-000044")
        )
        connection.execute(
            update(sales).where(sales.c.number == "1-000005").values(number="2-000001")
        )
    report = compare("--json", status=1)
    missing = {one["reference"] for one in report["missing_there"]}
    assert missing == {"1-000002", "1-000003", "1-000004", "1-000005", "1-000008"}
    # What another till sold is not missing here, unless somebody asks for it.
    assert [one["reference"] for one in report["missing_here"]] == ["1-000044"]
    others = compare("--json", "--others", status=1)["missing_here"]
    assert {one["reference"] for one in others} == {"1-000044", "2-000001"}


def test_two_of_one_number_are_told(
    compare: Compare, told: Told, sqlite_office: HeadOffice  # noqa: F811
):  # fmt: skip
    with sqlite_office.company(told.till.company_id) as connection:
        connection.execute(
            update(sales).where(sales.c.number == "1-000002").values(number="1-000001")
        )
    report = compare("--json", status=1)
    assert [one["reference"] for one in report["missing_here"]] == ["1-000001 (2)"]
    assert [one["reference"] for one in report["missing_there"]] == ["1-000002"]


def test_a_till_of_another_shop_finds_its_own_numbers_beside_the_first_shops(
    compare: Compare, told: Told, sqlite_office: HeadOffice, served: Served, tmp_path: Path,  # noqa: F811
    request: pytest.FixtureRequest,
):  # fmt: skip
    """Both shops have a till 1, and both rang up 1-000001 and the following."""
    company, clock = told.till.company_id, Clock()
    with sqlite_office.company(company) as connection:
        add_shop(connection, company, Shop("side", "Side", "UTC", "2026-06-02T00:00:00.000+00:00"))
        code = make_code(connection, company, "side", clock()).code
    side = new_office(tmp_path / "side.db")
    request.addfinalizer(side.store.close)
    sell(side, percent=20)
    sell(side)
    wire = door_wire(sqlite_office, clock)
    enrol(side.store, URL, code, wire, clock())
    run_engine(SyncEngine(side.store, wire, clock, chance()), clock)
    judge_all(sqlite_office, company)
    transport = HttpTransport()
    with closing(transport):
        where = Credentials(served.url, told.key.secret, "", company, told.key.key.id)
        theirs = read_feed(transport, where)
    assert {one.reference for one in theirs} >= {"side/1-000001", "side/1-000002", "1-000001"}
    found = reconcile_till(side.store, theirs, Period())
    assert found.is_same
    assert [one.reference for one in found.same] == ["1-000001", "1-000002"]
    others = reconcile_till(side.store, theirs, Period(), counts_others=True)
    assert len(others.missing_here) == DOCUMENTS
    assert compare("--json")["same"] == DOCUMENTS  # the first shop's till sees its own


def test_head_office_compares_a_feed_with_its_own_sales_too(
    compare: Compare, told: Told, sqlite_office: HeadOffice, sqlite_url: str  # noqa: F811
):  # fmt: skip
    words = ("--json", "--database", sqlite_url)
    assert compare(*words)["same"] == DOCUMENTS
    with sqlite_office.company(told.till.company_id) as connection:
        connection.execute(
            update(sales).where(sales.c.number == "1-000002").values(number="1-000022")
        )
    assert compare(*words)["is_same"]  # both are the same head office
    assert compare(*words, "--of", "Harbour Shops", "--to", "2000-01-01")["same"] == 0
    assert "Nowhere" not in compare(*words, "--of", "Nowhere", status=2)


def test_a_feed_that_is_not_given_is_refused_with_a_reason(
    compare: Compare, monkeypatch: pytest.MonkeyPatch, told: Told
):
    assert "401" in compare(status=2, key="x" * 43)
    assert "401" in compare("--json", status=2, key="")
    monkeypatch.setattr("sys.stdin", _Line(told.key.secret))
    assert compare("--json", key="-")["is_same"]


class _Line:
    """Standard input with one line in it."""

    def __init__(self, line: str) -> None:
        self.line = line

    def readline(self) -> str:
        return f"{self.line}\n"
