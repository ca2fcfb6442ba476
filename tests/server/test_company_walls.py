"""Nobody reaches into another company: the database's own wall, as the role that serves.

Only PostgreSQL has that wall; over SQLite the routes keep companies apart (see
test_office_routes.py).
"""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from pos_app.server.companies import Founding, found_company
from pos_app.server.database import Office, open_engine, open_office
from pos_app.server.schema import SERVICE_ROLE
from pos_app.server.tables import PARTITIONED, PARTITIONS, SHARED, metadata
from tests.server.offices import NOW, PASSWORD, Template
from tests.server.postgres import PostgresServer

TABLES = sorted(table.name for table in metadata.sorted_tables if table.name not in SHARED)
VALUES = {"TEXT": "'x'", "BIGINT": "1", "INTEGER": "1", "BLOB": "'\\x00'::bytea"}


class Two:
    """Two companies in one database, with a row of each in every table."""

    def __init__(self, office: Office, owner: Engine, ours: str, theirs: str) -> None:
        self.office, self.owner, self.ours, self.theirs = office, owner, ours, theirs


@pytest.fixture(scope="module")
def two(postgres_server: PostgresServer, postgresql_template: Template) -> Iterator[Two]:
    with postgres_server.database(postgresql_template.place) as database:
        office, owner = open_office(database.url), open_engine(database.url)
        other = Founding("Hill Shops", "hill@example.com", PASSWORD)
        ours = postgresql_template.founded.company_id
        theirs = found_company(office, other, NOW).company_id
        for company_id in (ours, theirs):
            for name in TABLES:
                with office.company(company_id) as connection:
                    if name != "companies":
                        connection.execute(text(_insert(name, company_id)))
        yield Two(office, owner, ours, theirs)
        owner.dispose()
        office.close()


def _insert(name: str, company_id: str) -> str:
    table = metadata.tables[name]
    columns = [column.name for column in table.columns]
    values = [
        f"'{company_id}'" if column.name == "company_id" else VALUES[str(column.type)]
        for column in table.columns
    ]
    return f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({', '.join(values)})"


def _count(connection: Connection, name: str, company_id: str) -> int:
    words = f"SELECT count(*) FROM {name} WHERE company_id = '{company_id}'"
    return int(connection.execute(text(words)).scalar_one())


def test_the_server_serves_as_a_role_that_owns_nothing_and_bypasses_nothing(two: Two):
    with two.office.shared() as connection:
        role, is_super, bypasses = connection.execute(
            text(
                "SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
            )
        ).one()
        owned = connection.execute(
            text("SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) = current_user")
        ).scalar_one()
    assert (role, is_super, bypasses, owned) == (SERVICE_ROLE, False, False, 0)


def test_every_table_but_the_doors_is_walled_and_the_wall_binds_its_owner(two: Two):
    with two.owner.connect() as connection:
        rows = connection.execute(
            text(
                "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relrowsecurity "
                "AND relforcerowsecurity AND relnamespace = 'public'::regnamespace"
            )
        ).scalars()
        assert sorted(rows) == TABLES
        there = set(inspect(connection).get_table_names())
    parts = {f"{name}_p{number}" for name in PARTITIONED for number in range(PARTITIONS)}
    assert there == {*TABLES, *SHARED, *parts, "alembic_version"}


@pytest.mark.parametrize("name", TABLES)
def test_rows_of_another_company_are_neither_seen_nor_changed_nor_deleted(two: Two, name: str):
    with two.office.company(two.ours) as connection:
        assert _count(connection, name, two.ours) >= 1
        assert _count(connection, name, two.theirs) == 0
        everything = text(f"SELECT DISTINCT company_id FROM {name}")
        assert connection.execute(everything).scalars().all() == [two.ours]
        where = f"WHERE company_id = '{two.theirs}'"
        changed = connection.execute(text(f"UPDATE {name} SET company_id = company_id {where}"))
        deleted = connection.execute(text(f"DELETE FROM {name} {where}"))
        assert (changed.rowcount, deleted.rowcount) == (0, 0)
    with two.office.company(two.theirs) as connection:
        assert _count(connection, name, two.theirs) >= 1


@pytest.mark.parametrize("name", TABLES)
def test_no_row_is_written_into_another_company_nor_moved_there(two: Two, name: str):
    inserted = _insert(name, two.theirs).replace("'x'", "'y'").replace("1)", "2)")
    for words in (inserted, f"UPDATE {name} SET company_id = '{two.theirs}'"):
        with (
            pytest.raises(DBAPIError, match="row-level security"),
            two.office.company(two.ours) as connection,
        ):
            connection.execute(text(words))


@pytest.mark.parametrize("name", TABLES)
def test_without_a_company_there_is_nothing(two: Two, name: str):
    with two.office.shared() as connection:
        rows = connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one()
        deleted = connection.execute(text(f"DELETE FROM {name}")).rowcount
    assert (rows, deleted) == (0, 0)


def test_the_owner_of_the_tables_sees_no_company_either(two: Two):
    with two.owner.connect() as connection:
        for name in TABLES:
            assert connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() == 0


def test_the_wall_stands_again_as_soon_as_the_transaction_is_over(two: Two):
    with two.office.company(two.ours) as connection:
        assert _count(connection, "companies", two.ours) == 1
    for _ in range(5):
        with two.office.shared() as connection:
            assert connection.execute(text("SELECT count(*) FROM companies")).scalar_one() == 0


@pytest.mark.parametrize(
    "words",
    [
        "SELECT count(*) FROM journal_p0",
        "ALTER TABLE sales DISABLE ROW LEVEL SECURITY",
        "DROP POLICY one_company ON sales",
        "TRUNCATE sales",
        "CREATE TABLE mine (id int)",
        f"ALTER ROLE {SERVICE_ROLE} BYPASSRLS",
    ],
)
def test_the_serving_role_may_not_go_round_the_wall(two: Two, words: str):
    with pytest.raises(ProgrammingError), two.office.company(two.ours) as connection:
        connection.execute(text(words))


def test_even_a_statement_that_takes_the_owner_role_back_sees_one_company(two: Two):
    with two.office.company(two.ours) as connection:
        connection.execute(text("RESET ROLE"))
        rows = connection.execute(text("SELECT company_id FROM companies")).scalars().all()
        assert rows == [two.ours]
        connection.execute(text(f"SET ROLE {SERVICE_ROLE}"))
