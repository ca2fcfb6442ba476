"""Head office lost and brought back: serve, back up, go on, lose all, restore, and go on again.

And an older head office brought up to date while its tills wait.
"""

import contextlib
import json
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from pos_app.domain.facts import FactKind
from pos_app.domain.till_head import TillHead
from pos_app.server.backup import back_up, restore
from pos_app.server.database import Office, open_engine, open_office
from pos_app.server.heads import heads
from pos_app.server.news import News
from pos_app.server.schema import MIGRATIONS, REVISION, SchemaNewer, SchemaOlder, revision_of
from pos_app.server.setting_up import migrate_database, open_checked_office
from pos_app.server.sync_door import SyncDoor
from pos_app.server.tables import journal, metadata
from pos_app.sync import wire
from tests.server.offices import NOW, Template
from tests.server.paper_tills import PaperTill
from tests.server.postgres import SUPERUSER, PostgresServer
from tests.server.told_tills import judge_all, sale_payload, saved, sold, state_of
from tests.store.shops import product, product_id

LATER = NOW + timedelta(hours=5)
NEXT = "9999"
ADDS_A_COLUMN = f'''"""Adds a column."""
from alembic import op
revision = "{NEXT}"
down_revision = "{REVISION}"


def upgrade() -> None:
    op.execute("ALTER TABLE shops ADD COLUMN street TEXT NOT NULL DEFAULT 'x'")
'''
FAILS = ADDS_A_COLUMN + '    op.execute("INSERT INTO nowhere VALUES (1)")\n'

# Address of the database, address to back it up from, address of an empty one to restore into.
Places = tuple[str, str, Callable[[], str]]


@pytest.fixture(params=["postgresql", "sqlite"])
def places(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Places]:
    template: Template = request.getfixturevalue(f"{request.param}_template")
    if request.param == "sqlite":
        shutil.copyfile(template.place, tmp_path / "office.db")
        url = f"sqlite:///{tmp_path / 'office.db'}"
        yield url, url, lambda: f"sqlite:///{tmp_path / 'restored.db'}"
        return
    if shutil.which("pg_dump") is None:
        pytest.skip("PostgreSQL's client programs are not installed")
    server: PostgresServer = request.getfixturevalue("postgres_server")
    with contextlib.ExitStack() as kept, server.database(template.place) as database:
        yield (
            database.url,
            server.url(database.name, SUPERUSER),
            lambda: kept.enter_context(server.database()).url,
        )


def sell(till: PaperTill, count: int) -> None:
    for _ in range(count):
        till.tell(FactKind.SALE_COMPLETED, sale_payload(till.number, len(till.journal) + 1))


def send(door: SyncDoor, till: PaperTill, first: int, now=NOW) -> wire.Pushed:
    """Push what the till has from an entry on, and return what became of it."""
    answer = till.ask(door, "POST", "push", till.batch(first), now=now)
    assert answer.status == 200, answer.body
    return wire.decode(wire.Pushed, answer.body)


def renew(door: SyncDoor, till: PaperTill, now=NOW) -> None:
    """Get new tokens as a till does, which says whose key signs."""
    renewal = wire.Renewal(till.refresh, till.company_id, till.till_id)
    request = till.request("POST", "token", renewal, access="", now=now)
    answer = door.handle(request, now)
    assert answer.status == 200, answer.body
    tokens = wire.decode(wire.Tokens, answer.body)
    till.access, till.refresh = tokens.access, tokens.refresh


def catch_up(door: SyncDoor, till: PaperTill, acknowledged: int, now=LATER) -> int:
    """Push as a till does: from what was acknowledged, and from further back where asked."""
    first, rounds = acknowledged + 1, 0
    while (pushed := send(door, till, first, now)).verdict == "gap":
        assert pushed.seq < first - 1
        first, rounds = pushed.seq + 1, rounds + 1
        assert rounds < 10
    assert pushed.verdict == "accepted"
    assert pushed.seq == len(till.journal)
    return pushed.stored


def entries(office: Office, company_id: str) -> list[tuple[str, int, str]]:
    """Every stored entry: whose, its number and its id."""
    with office.company(company_id) as connection:
        rows = connection.execute(
            select(journal.c.till_id, journal.c.seq, journal.c.id).where(
                journal.c.company_id == company_id
            )
        )
        return sorted((row.till_id, row.seq, row.id) for row in rows)


def told_by(tills: list[PaperTill]) -> set[tuple[str, int, str]]:
    """Every entry of some tills' journals, as `entries` names them."""
    return {(till.till_id, entry.seq, entry.id) for till in tills for _, _, entry in till.journal}


def opened_tills(office: Office, company_id: str, *numbers: str) -> list[PaperTill]:
    """Enrol tills that told nothing yet but that they are there."""
    tills = [PaperTill(number=number) for number in numbers]
    for till in tills:
        till.tell(FactKind.STORE_OPENED, {"public_key": till.public_key})
        till.enrol(office, company_id)
    return tills


def a_day_with_a_backup(url: str, backup_url: str, file: Path) -> tuple[str, list[PaperTill]]:
    """Sell and push; back up; go on with sales, a changed product, new tokens and a new till."""
    office = open_office(url)
    with office.shared() as connection:
        company_id = str(connection.scalar(text("SELECT company_id FROM doors")))
    door = SyncDoor(office, News(office))
    tills = opened_tills(office, company_id, "1", "2")
    for till in tills:
        sell(till, 3)
        assert send(door, till, 1).verdict == "accepted"
    judge_all(office, company_id)
    back_up(backup_url, file)
    for till in tills:
        sell(till, 4)
        assert send(door, till, 5).stored == 4
        renew(door, till)
    tills[0].tell(FactKind.PRODUCT_SAVED, saved(product(1, name="Renamed")))
    assert send(door, tills[0], 9).stored == 1
    judge_all(office, company_id)
    assert set(entries(office, company_id)) == told_by(tills)
    late = opened_tills(office, company_id, "3")
    office.close()
    return company_id, tills + late


def test_a_head_office_that_was_lost_hears_again_what_its_backup_lacks(
    places: Places, tmp_path: Path
):
    url, backup_url, empty = places
    company_id, [*tills, late] = a_day_with_a_backup(url, backup_url, tmp_path / "night.backup")
    restored_url = empty()
    report = restore(tmp_path / "night.backup", restored_url)
    assert (report.tills, report.entries) == (2, 8)
    office = open_office(restored_url)
    door = SyncDoor(office, News(office))
    for till, lacking in zip(tills, (5, 4), strict=True):
        acknowledged = len(till.journal)  # the till believes that all of it is there
        sell(till, 1)
        # Its access token is from after the backup, and so is its refresh token.
        assert till.ask(door, "GET", "report", now=LATER).status == 401
        renew(door, till, LATER)
        assert catch_up(door, till, acknowledged) == lacking + 1
        assert send(door, till, 2, LATER).stored == 0  # told once more, stored once
    found = entries(office, company_id)
    assert (set(found), len(found)) == (told_by(tills), len(told_by(tills)))
    judge_all(office, company_id)
    numbers = [number for number, _ in sold(office, company_id)]
    assert len(numbers) == len(set(numbers)) == 2 * (3 + 4 + 1)
    assert state_of(office, company_id, "product", product_id(1))["name"] == "Renamed"
    with office.company(company_id) as connection:
        shown = heads(connection, company_id, LATER)
    for till in tills:
        assert_whole(shown[till.till_id].head, till)
    # A till that came after the backup is not known any more: it needs a code, and is told so.
    stranger = late.request("POST", "token", wire.Renewal(late.refresh, company_id, late.till_id))
    assert door.handle(stranger, NOW).status == 401
    late.enrol(office, company_id, now=LATER)
    assert catch_up(door, late, 0) == 1
    office.close()


def assert_whole(head: TillHead, till: PaperTill) -> None:
    """Head office's head of a till is that of the till's own journal."""
    amounts = [
        json.loads(entry.payload)["amount_due"]
        for _, _, entry in till.journal
        if entry.kind == FactKind.SALE_COMPLETED
    ]
    assert (head.seq, head.hash) == (len(till.journal), till.journal[-1][2].hash)
    assert (head.receipts, head.total_minor) == (len(amounts), sum(amounts))


def scripts_with(tmp_path: Path, version: str) -> Path:
    """Return migrations that have one more than the program's."""
    scripts = tmp_path / "scripts"
    (scripts / "versions").mkdir(parents=True)
    for path in (*MIGRATIONS.glob("*.*"), *MIGRATIONS.glob("versions/*.py")):
        if path.is_file():
            copy = scripts / path.relative_to(MIGRATIONS)
            copy.write_text(path.read_text("utf-8"), "utf-8")
    (scripts / "versions" / f"{NEXT}_more.py").write_text(version, "utf-8")
    return scripts


@pytest.fixture
def newer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], None]:
    """Make this program the next version, with one more migration."""

    def become(version: str) -> None:
        monkeypatch.setattr("pos_app.server.schema.MIGRATIONS", scripts_with(tmp_path, version))
        monkeypatch.setattr("pos_app.server.schema.KNOWN_REVISIONS", (REVISION, NEXT))
        monkeypatch.setattr("pos_app.server.schema.REVISION", NEXT)
        monkeypatch.setattr("pos_app.server.schema.bring_up_to_date.__defaults__", (NEXT,))

    return become


def dump(url: str) -> dict[str, int]:
    """Count the rows of every table, as whoever owns them."""
    engine = open_engine(url.replace("//pos@", "//postgres@"))
    with engine.connect() as connection:
        counts = {
            table.name: connection.scalar(select(func.count()).select_from(table)) or 0
            for table in metadata.sorted_tables
        }
    engine.dispose()
    return counts


def version_of(url: str) -> str | None:
    engine = open_engine(url)
    with engine.connect() as connection:
        found = revision_of(connection)
    engine.dispose()
    return found


def test_an_older_head_office_is_brought_up_to_date_and_its_tills_go_on(
    office_url: str, company_id: str, newer: Callable[[str], None]
):
    office = open_office(office_url)
    till = PaperTill()
    till.tell(FactKind.STORE_OPENED, {"public_key": till.public_key})
    till.enrol(office, company_id)
    sell(till, 3)
    assert send(SyncDoor(office, News(office)), till, 1).verdict == "accepted"
    office.close()
    counts = dump(office_url)
    newer(ADDS_A_COLUMN)
    with pytest.raises(SchemaOlder, match="pos-app server migrate"):
        open_checked_office(office_url)
    assert migrate_database(office_url) == REVISION
    assert version_of(office_url) == NEXT
    assert dump(office_url) == counts
    office = open_checked_office(office_url)
    with office.company(company_id) as connection:
        streets = connection.execute(text("SELECT street FROM shops")).scalars().all()
    assert streets == ["x"]
    sell(till, 2)
    assert send(SyncDoor(office, News(office)), till, 5).stored == 2
    assert judge_all(office, company_id) == 6
    assert len(sold(office, company_id)) == 5
    office.close()


def test_a_migration_that_fails_leaves_head_office_as_it_was(
    office_url: str, newer: Callable[[str], None]
):
    counts = dump(office_url)
    newer(FAILS)
    with pytest.raises(Exception, match="not answer"):
        migrate_database(office_url)
    assert (version_of(office_url), dump(office_url)) == (REVISION, counts)
    engine = open_engine(office_url)
    with engine.connect() as connection, pytest.raises(Exception, match="street"):
        connection.execute(text("SELECT street FROM shops"))
    engine.dispose()


def test_a_backup_of_an_older_head_office_is_brought_up_to_date_as_it_comes_back(
    places: Places, tmp_path: Path, newer: Callable[[str], None]
):
    _, backup_url, empty = places
    back_up(backup_url, tmp_path / "old.backup")
    newer(ADDS_A_COLUMN)
    restored_url = empty()
    restore(tmp_path / "old.backup", restored_url)
    assert version_of(restored_url) == NEXT
    open_checked_office(restored_url).close()


def test_a_head_office_of_a_newer_program_is_left_alone(
    office_url: str, newer: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
):
    newer(ADDS_A_COLUMN)
    migrate_database(office_url)
    monkeypatch.undo()  # an older program again
    for open_or_migrate in (open_checked_office, migrate_database):
        with pytest.raises(SchemaNewer, match=NEXT):
            open_or_migrate(office_url)
    assert version_of(office_url) == NEXT
