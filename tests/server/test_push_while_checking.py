"""A push that goes on where a branch ends is written while it is checked, all of it or nothing."""

import msgspec
import psycopg
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from pos_app.domain.facts import FactKind
from pos_app.server import ingest as ingesting
from pos_app.server.database import Office
from pos_app.server.ingest import ingest
from pos_app.server.journal_rows import PART, BranchKey, EntryDamaged, writing
from pos_app.server.tables import branches, journal
from tests.server.paper_tills import NOW, PaperTill, new_company

MANY = 2 * PART + 50


@pytest.fixture
def office(shared_office: Office) -> Office:
    return shared_office


@pytest.fixture
def till(office: Office) -> PaperTill:
    """A till of a new company whose first entry is there."""
    till = PaperTill()
    till.tell(FactKind.STORE_OPENED, {"public_key": till.public_key})
    till.enrol(office, new_company(office))
    push(office, till, till.batch())
    return till


def push(office, till, batch):
    with office.company(till.company_id) as connection:
        return ingest(connection, till.company_id, till.identity(), batch, NOW)


def rows(office, till, table=journal):
    with office.company(till.company_id) as connection:
        found = select(table).where(table.c.company_id == till.company_id)
        return connection.execute(found).all()


def write_and_find_damage(connection, key, pairs):
    with writing(connection, key, "now") as write:
        write(pairs)
        raise EntryDamaged


def changed(batch, place, **fields):
    entries = list(batch.entries)
    entries[place] = msgspec.structs.replace(entries[place], **fields)
    return msgspec.structs.replace(batch, entries=tuple(entries))


def test_many_entries_are_stored_as_they_were_sent(office, till):
    till.sell(MANY, amount=3)
    answer = push(office, till, till.batch(2))
    assert (answer.verdict, answer.seq, answer.stored) == ("accepted", MANY + 1, MANY)
    assert (answer.head.head.receipts, answer.head.head.total_minor) == (MANY, 3 * MANY)
    found = sorted(rows(office, till), key=lambda row: row.seq)
    for row, (_, prev, entry) in zip(found, till.journal, strict=True):
        assert (row.seq, row.id, row.kind, row.at, row.staff, row.payload) == (
            *(entry.seq, entry.id, entry.kind, entry.at, entry.staff, entry.payload),
        )
        assert (row.prev.hex(), row.hash.hex(), row.signature.hex()) == (
            *(prev, entry.hash, entry.signature),
        )


@pytest.mark.parametrize("place", [0, PART - 1, PART, MANY - 2, MANY - 1])
@pytest.mark.parametrize("fields", [{"payload": "{}"}, {"signature": "00"}, {"staff": "8"}])
def test_damage_anywhere_leaves_that_entry_out_and_doubles_none(office, till, place, fields):
    till.sell(MANY, amount=3)
    answer = push(office, till, changed(till.batch(2), place, **fields))
    assert (answer.verdict, answer.seq, answer.stored) == ("damaged", place + 2, MANY - 1)
    assert answer.head.head.receipts == MANY - 1
    there = sorted(row.seq for row in rows(office, till))
    assert there == [seq for seq in range(1, MANY + 2) if seq != place + 2]


def test_another_key_stores_nothing(office, till):
    stranger = till.copy()
    stranger.keys = {1: PaperTill().keys[1]}
    stranger.sell(MANY)
    answer = push(office, till, stranger.batch(2))
    assert (answer.verdict, answer.stored) == ("damaged", 0)
    assert len(rows(office, till)) == 1


def test_a_push_of_one_entry_of_nobody_and_of_any_script_comes_through(office, till, monkeypatch):
    monkeypatch.setattr(ingesting, "hash_faults", lambda _till, _push: {})
    till.tell(FactKind.DRAWER_OPENED, {"note": 'naïve 漢字 \\N {a,"b"} NULL'})
    batch = changed(till.batch(2), 0, staff="", kind="{,}")
    assert push(office, till, batch).stored == 1
    [row] = [row for row in rows(office, till) if row.seq == 2]
    assert (row.staff, row.kind, row.payload) == ("", "{,}", batch.entries[0].payload)


def test_what_was_written_before_damage_is_taken_back_and_the_rest_of_a_transaction_stays(
    office, till
):
    till.sell(3)
    pairs = [(prev, entry) for _, prev, entry in till.journal[1:]]
    key = BranchKey(till.company_id, till.till_id, 1, 0)
    with office.company(till.company_id) as connection:
        mine = branches.c.company_id == till.company_id
        connection.execute(branches.update().where(mine).values(reason="kept"))
        with pytest.raises(EntryDamaged):
            write_and_find_damage(connection, key, pairs)
    assert [row.seq for row in rows(office, till)] == [1]
    assert [row.reason for row in rows(office, till, branches)] == ["kept"]


def test_a_database_that_goes_away_is_told_as_anywhere_else(postgresql_office, postgres_server):
    till = PaperTill()
    till.tell(FactKind.STORE_OPENED, {"public_key": till.public_key})
    till.enrol(postgresql_office, new_company(postgresql_office))
    push(postgresql_office, till, till.batch())
    till.sell(MANY)

    def lose_the_connection() -> None:
        with postgresql_office.company(till.company_id) as connection:
            pid = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
            key = BranchKey(till.company_id, till.till_id, 1, 0)
            with writing(connection, key, "now") as write:
                name = connection.connection.driver_connection.info.dbname
                with psycopg.connect(postgres_server.conninfo(name, "postgres")) as other:
                    other.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
                write([(prev, entry) for _, prev, entry in till.journal[1:]])

    with pytest.raises(OperationalError):
        lose_the_connection()
    assert len(rows(postgresql_office, till)) == 1
    assert push(postgresql_office, till, till.batch(2)).stored == MANY
