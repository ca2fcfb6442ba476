"""Real tills, a real head office and its database, killed on a failing network: nothing is lost."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from pos_app.server.database import Office
from pos_app.server.judging import judge_some
from pos_app.server.tables import journal, sales, stock_levels
from pos_app.store.store import Store
from pos_app.sync.engine import Did
from tests.proofs.small_shop import open_shop
from tests.proofs.sync_evidence import examine, examine_office, is_judged
from tests.proofs.sync_till import Seller
from tests.server.conftest import skip_without_postgres
from tests.server.offices import (  # noqa: F401 - fixtures
    company_id,
    founded,
    sqlite_office,
    sqlite_template,
    sqlite_url,
)
from tests.sync.office_stand_in import Clock, chance
from tests.sync.real_office import door_wire, joined

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.skipif(sys.platform != "linux", reason="processes and PostgreSQL are killed")
@pytest.mark.parametrize(
    "words",
    [
        "--sales 200 --tills 2 --till-kills 3 --office-kills 1 --database-kills 1 --outages 1",
        pytest.param("--sales 20000 --tills 8", marks=pytest.mark.long),
    ],
)
def test_head_office_has_everything_once_whatever_is_killed(words: str, tmp_path: Path) -> None:
    skip_without_postgres()
    command = [sys.executable, "tests/proofs/sync_processes.py", "--json", "--in-memory"]
    done = subprocess.run(
        [*command, *words.split(), "--folder", str(tmp_path / "company")],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout, done.stderr
    report: Any = json.loads(done.stdout)
    assert report["faults"] == []
    planned = words.split()
    assert sum(till["sales"] for till in report["tills"]) >= int(planned[1])
    assert all(report["kills"].values())
    assert sum(report["hits"].values()) > 0
    assert {till["heads"] for till in report["tills"]} == {"equal"}


@pytest.fixture
def sold(
    tmp_path: Path, sqlite_office: Office, company_id: str, monkeypatch: pytest.MonkeyPatch  # noqa: F811
) -> Path:  # fmt: skip
    """A till that sold a little and told all of it."""
    monkeypatch.setenv("POS_APP_KEYS", "file")
    path, clock = tmp_path / "shop.db", Clock()
    with open_shop(path) as store:
        seller = Seller(store, chance())
        for _ in range(5):
            seller.sell()
        _tell_all(store, sqlite_office, company_id, clock)
    return path


def _tell_all(store: Store, office: Office, company: str, clock: Clock) -> None:
    engine = joined(store, door_wire(office, clock), company, clock)
    for turn in range(200):
        step = engine.step()
        while judge_some(office, company, clock()):
            engine.try_again()
        if step.did is Did.IDLE and turn > 50:
            return
    raise AssertionError(engine.status().sentence)


def test_what_is_alike_is_found_alike(sold: Path, sqlite_office: Office, company_id: str) -> None:  # noqa: F811
    found = examine("till 1", sold, sqlite_office, {})
    assert found.faults == []
    assert examine_office(sqlite_office, company_id) == []
    assert is_judged(sqlite_office, company_id)
    assert (found.sales, found.office_sales, found.lost, found.doubled) == (5, 5, 0, 0)
    assert found.entries == found.office_entries > 5


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        ("an entry is gone", "lost"),
        ("an entry is another", "is another at head office"),
        ("a document is gone", "lost"),
        ("a document costs more", "at head office"),
        ("a document is there twice", "is there 2 times"),
        ("stock is other", "at head office"),
    ],
)
def test_what_is_not_alike_is_named(
    sold: Path, sqlite_office: Office, company_id: str, harm: str, words: str  # noqa: F811
) -> None:  # fmt: skip
    with sqlite_office.company(company_id) as connection:
        last = connection.execute(select(journal).order_by(journal.c.seq.desc())).first()
        number = connection.execute(select(sales.c.number)).scalars().first()
        of_number = sales.c.number == number
        assert last is not None
        if harm == "an entry is gone":
            connection.execute(delete(journal).where(journal.c.seq == last.seq))
        elif harm == "an entry is another":
            payload = {"payload": last.payload + " "}
            connection.execute(update(journal).where(journal.c.seq == last.seq).values(payload))
        elif harm == "a document is gone":
            connection.execute(delete(sales).where(of_number))
        elif harm == "a document costs more":
            connection.execute(update(sales).where(of_number).values(amount_due=999_999))
        elif harm == "a document is there twice":
            row = dict(connection.execute(select(sales).where(of_number)).mappings().one())
            connection.execute(sales.insert(), row | {"id": "another"})
        else:
            connection.execute(update(stock_levels).values(level_micro=1))
    found = examine("till 1", sold, sqlite_office, {}, is_verified=False)
    faults = [*found.faults, *examine_office(sqlite_office, company_id)]
    faults += ["lost"] * found.lost + ["doubled"] * found.doubled
    assert any(words in fault for fault in faults), faults


def test_a_promise_that_the_store_does_not_keep_is_named(
    sold: Path, sqlite_office: Office  # noqa: F811
) -> None:  # fmt: skip
    found = examine("till 1", sold, sqlite_office, {"P1-000999": 100}, is_verified=False)
    assert any("P1-000999 was promised" in fault for fault in found.faults)
