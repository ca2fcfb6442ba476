"""The migrations lead to the declared tables, and a store is copied before they touch it."""

import runpy
from pathlib import Path

import pytest

from pos_app.domain.customer import Customer
from pos_app.services.checkout import utc_now
from pos_app.services.customers import Customers
from pos_app.services.verification import verify
from pos_app.store.connection import Database, connect
from pos_app.store.day_fold import SUM_TABLES
from pos_app.store.inspection import declared_schema
from pos_app.store.migrating import MIGRATIONS, migrate, upgrade
from pos_app.store.schema import KNOWN_REVISIONS, REVISION, revision_of, schema_of
from pos_app.store.store import open_store
from tests.store.shops import Counter, new_store

ADDS_A_COLUMN = '''"""Adds a column."""
from alembic import op
revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.execute("ALTER TABLE categories ADD COLUMN icon TEXT NOT NULL DEFAULT 'x'")
'''
FAILS = ADDS_A_COLUMN + '    op.execute("INSERT INTO nowhere VALUES (1)")\n'


def with_another(tmp_path: Path, version: str) -> Path:
    scripts = tmp_path / "scripts"
    (scripts / "versions").mkdir(parents=True)
    for name in (
        "env.py",
        "script.py.mako",
        "versions/0001_the_till.py",
        "versions/0002_a_full_day.py",
        "versions/0003_documents.py",
        "versions/0004_head_office.py",
        "versions/0005_foreign_servers.py",
        "versions/0006_day_sums.py",
    ):
        (scripts / name).write_text((MIGRATIONS / name).read_text("utf-8"), "utf-8")
    (scripts / "versions" / "0007_more.py").write_text(version, "utf-8")
    return scripts


def test_the_migrated_schema_is_the_declared_one_with_checks_indexes_and_triggers(
    tmp_path: Path,
) -> None:
    database = connect(tmp_path / "empty.db", is_new=True)
    upgrade(database)
    migrated = schema_of(database)
    assert revision_of(database) == REVISION == KNOWN_REVISIONS[-1]
    database.close()
    declared = declared_schema()
    assert migrated.keys() == declared.keys()
    for name, statement in declared.items():
        assert migrated[name] == statement
    assert any("CHECK (net + tax = gross)" in statement for statement in migrated.values())
    assert "trigger journal_no_update" in migrated
    assert "index sales_by_day" in migrated


def test_a_new_store_has_the_declared_schema(tmp_path: Path) -> None:
    with new_store(tmp_path / "shop.db") as store:
        assert schema_of(store._own.database) == declared_schema()


def test_an_older_store_is_copied_and_then_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    with new_store(path) as store:
        sale = Counter(store).sell()
    database = connect(path)
    scripts = with_another(tmp_path, ADDS_A_COLUMN)
    copy = migrate(path, database, "0006", scripts=scripts, target="0007")
    assert revision_of(database) == "0007"
    assert database.value("SELECT icon FROM categories") == "x"
    assert database.value("SELECT id FROM sales") == sale.id
    assert database.value("PRAGMA foreign_keys") == 1
    database.close()
    copy.rename(path.with_name("old.db"))
    path.with_name("shop.db.key").rename(path.with_name("old.db.key"))
    with open_store(path.with_name("old.db")) as old:
        assert old.sales.get(sale.id) == sale


def test_a_migration_that_fails_leaves_the_store_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    new_store(path).close()
    database = connect(path)
    before = schema_of(database)
    with pytest.raises(Exception, match="nowhere"):
        migrate(path, database, "0006", scripts=with_another(tmp_path, FAILS), target="0007")
    assert schema_of(database) == before
    assert revision_of(database) == "0006"
    database.close()
    with open_store(path) as store:
        assert Counter(store).sell().number == "1-000001"


def test_a_shop_of_the_first_version_keeps_every_document_and_goes_on_selling(
    tmp_path: Path,
) -> None:
    path = tmp_path / "shop.db"
    with new_store(path) as store:
        sold = [Counter(store).sell() for _ in range(3)]
        customers = Customers(store, utc_now)
        known = customers.save(Customer(customers.new_id(), "", "Rye & Sons", tax_number="GB 91"))
    before = verify(path).faults
    database = connect(path)
    back_to_the_first_version(database)
    database.close()
    with open_store(path) as store:
        assert schema_of(store._own.database) == declared_schema()
        assert [store.sales.get(sale.id) for sale in sold] == sold
        assert Counter(store).sell().number == "1-000004"
        assert store.customers.search("gb 91") == [known]
    assert verify(path).faults == before


def back_to_the_first_version(database: Database) -> None:
    """Give a database the tables of revision 0001 with the rows that it has."""
    first = runpy.run_path(str(MIGRATIONS / "versions" / "0001_the_till.py"))["STATEMENTS"]
    changed = ("products", "customers", "sales", "sale_lines", "tenders", "stock_moves")
    database.run("PRAGMA foreign_keys = OFF")
    database.run("PRAGMA legacy_alter_table = ON")
    later = "records documents remote_values received waiting_things elsewhere refusals sync_log"
    foreign = "remote_ids attempts held_steps"
    days = (*SUM_TABLES, "day_fold")
    for table in (*later.split(), *foreign.split(), *days):
        database.run(f"DROP TABLE {table}")
    for table in changed:
        database.run(f"ALTER TABLE {table} RENAME TO {table}_new")
        made = next(s for s in first if s.startswith(f"CREATE TABLE {table} ("))
        database.run(made)
        columns = [row[1] for row in database.rows(f"PRAGMA table_info({table})")]
        names = ", ".join(f'"{name}"' for name in columns)
        database.run(f"INSERT INTO {table} SELECT {names} FROM {table}_new")
        database.run(f"DROP TABLE {table}_new")
        for statement in first:
            if f" ON {table} " in statement:
                database.run(statement)
    words = database.value("SELECT search_text FROM customers WHERE tax_number <> ''")
    database.run("UPDATE customers SET search_text = ?", (words.removesuffix(" gb 91"),))
    database.run("UPDATE alembic_version SET version_num = '0001'")
