"""Backups of head office: made while it is in use, restored, checked, and refused when damaged."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import insert, text

from pos_app.domain.journal import GENESIS
from pos_app.server.backup import (
    BackupFailed,
    BackupRoleTooSmall,
    DatabaseNotEmpty,
    FileThere,
    JournalNotWhole,
    ProgramMissing,
    back_up,
    restore,
)
from pos_app.server.companies import company_of
from pos_app.server.database import Office, open_office
from pos_app.server.tables import branches, journal
from tests.server.offices import NOW
from tests.server.postgres import SUPERUSER, PostgresServer

HASH = "ab" * 32


@pytest.fixture(autouse=True)
def _needs_programs(request: pytest.FixtureRequest) -> None:
    if "postgres_server" in request.fixturenames and shutil.which("pg_dump") is None:
        pytest.skip("PostgreSQL's client programs are not installed")


def tell(office: Office, company_id: str, entries: int, *, left_out: int = 0) -> None:
    """A till's journal as head office keeps it, one entry of which may be left out."""
    with office.company(company_id) as connection:
        branch = {
            "company_id": company_id,
            "till_id": "till-1",
            "epoch": 1,
            "branch": 0,
            "public_key": b"k" * 32,
            "first_seq": 1,
            "first_prev": GENESIS,
            "seq": entries,
            "hash": HASH,
            "judged_seq": 0,
            "state": "open",
        }
        connection.execute(insert(branches), branch)
        for seq in range(1, entries + 1):
            if seq != left_out:
                connection.execute(insert(journal), entry(company_id, seq))


def entry(company_id: str, seq: int) -> dict[str, object]:
    return {
        "company_id": company_id,
        "till_id": "till-1",
        "epoch": 1,
        "branch": 0,
        "seq": seq,
        "id": f"entry-{seq}",
        "kind": "sale_completed",
        "at": NOW.isoformat(),
        "staff": "",
        "payload": "{}",
        "prev": bytes(32),
        "hash": bytes.fromhex(HASH),
        "signature": bytes(64),
        "stored_at": NOW.isoformat(),
    }


def test_a_sqlite_backup_made_in_use_comes_back_whole(
    tmp_path: Path, sqlite_office: Office, sqlite_url: str, company_id: str
):
    tell(sqlite_office, company_id, 5)
    with sqlite_office.company(company_id) as busy:
        busy.execute(text("SELECT 1"))
        made = back_up(sqlite_url, tmp_path / "copy.db")
    assert (made.companies, made.tills, made.entries) == (1, 1, 5)
    url = f"sqlite:///{tmp_path / 'restored.db'}"
    assert restore(tmp_path / "copy.db", url) == made
    office = open_office(url)
    with office.company(company_id) as connection:
        assert company_of(connection, company_id).name == "Harbour Shops"
    office.close()


def test_a_postgresql_backup_made_in_use_comes_back_whole_and_walled(
    tmp_path: Path,
    postgres_server: PostgresServer,
    postgresql_office: Office,
    postgresql_url: str,
    company_id: str,
):
    tell(postgresql_office, company_id, 5)
    name = postgresql_url.rsplit("/", 1)[1]
    with pytest.raises(BackupRoleTooSmall, match="BYPASSRLS"):
        back_up(postgresql_url, tmp_path / "copy.dump")
    assert list(tmp_path.glob("copy*")) == []
    back_up(postgres_server.url(name, SUPERUSER), tmp_path / "copy.dump")
    with postgres_server.database() as other:
        restored = restore(tmp_path / "copy.dump", other.url)
        assert (restored.companies, restored.tills, restored.entries) == (1, 1, 5)
        with pytest.raises(DatabaseNotEmpty):
            restore(tmp_path / "copy.dump", other.url)
        office = open_office(other.url)
        with office.company(company_id) as connection:
            assert company_of(connection, company_id).name == "Harbour Shops"
        with office.shared() as connection:
            assert connection.execute(text("SELECT count(*) FROM companies")).scalar_one() == 0
        office.close()


@pytest.mark.parametrize("left_out", [3, 5])
def test_a_backup_in_which_an_entry_is_missing_is_found_out(
    tmp_path: Path, sqlite_office: Office, sqlite_url: str, company_id: str, left_out: int
):
    tell(sqlite_office, company_id, 5, left_out=left_out)
    with pytest.raises(JournalNotWhole, match="till-1"):
        back_up(sqlite_url, tmp_path / "copy.db")
    assert list(tmp_path.glob("copy*")) == []


def test_a_backup_replaces_no_file_and_a_restore_no_database(
    tmp_path: Path, sqlite_office: Office, sqlite_url: str
):
    back_up(sqlite_url, tmp_path / "copy.db")
    with pytest.raises(FileThere):
        back_up(sqlite_url, tmp_path / "copy.db")
    with pytest.raises(FileThere):
        restore(tmp_path / "copy.db", sqlite_url)


@pytest.mark.parametrize("content", [b"", b"not a database at all" * 100])
def test_a_file_that_is_no_backup_is_refused_and_leaves_nothing(tmp_path: Path, content: bytes):
    source = tmp_path / "source"
    source.write_bytes(content)
    with pytest.raises(BackupFailed):
        restore(source, f"sqlite:///{tmp_path / 'new.db'}")
    with pytest.raises(BackupFailed):
        restore(tmp_path / "nowhere", f"sqlite:///{tmp_path / 'new.db'}")
    assert not list(tmp_path.glob("new*"))


def test_without_postgresql_programs_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ProgramMissing, match="pg_dump"):
        back_up("postgresql://pos@127.0.0.1/office", tmp_path / "copy.dump")
