"""Head office's schema: making it, bringing it up to date, and locking each company in.

On PostgreSQL all tables but `doors` are under forced row-level security: a transaction sees the
company that `pos_app.company` names and no other, not even as the owner of the tables. The program
serves as the role `pos_app_service`, which owns nothing and may not bypass it.
"""

import logging
from collections.abc import Sequence
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine, text

from pos_app.domain.errors import PosError
from pos_app.server.tables import PARTITIONED, PARTITIONS, SHARED, metadata

SERVICE_ROLE = "pos_app_service"
MIGRATIONS = Path(__file__).parent / "migrations"
REVISION = "0004"
KNOWN_REVISIONS = ("0001", "0002", "0003", "0004")
_COMPANY = "current_setting('pos_app.company', true)"
_log = logging.getLogger(__name__)


class SchemaMissing(PosError):
    """The database was never set up."""

    sentence = (
        "This database is not set up for head office yet. "
        "Run: pos-app server init --database URL --company NAME"
    )


class SchemaOlder(PosError):
    """The database is of an older version of the program."""

    sentence = (
        "This database has version {theirs} and the program needs {ours}. Make a backup, then "
        "run: pos-app server migrate --database URL"
    )


class SchemaNewer(PosError):
    """The database is of a newer version of the program."""

    sentence = (
        "This database has version {theirs}, which a newer program made. "
        "Install that program here too."
    )


def revision_of(connection: Connection) -> str | None:
    """Return the version of a database, or None where it was never set up."""
    return MigrationContext.configure(connection).get_current_revision()


def check_schema(engine: Engine) -> None:
    """Refuse to serve another version; raises SchemaMissing, SchemaOlder or SchemaNewer."""
    with engine.connect() as connection:
        found = revision_of(connection)
    if found is None:
        raise SchemaMissing()
    if found not in KNOWN_REVISIONS:
        raise SchemaNewer(theirs=found)
    if found != REVISION:
        raise SchemaOlder(theirs=found, ours=REVISION)


def bring_up_to_date(engine: Engine, target: str = REVISION) -> None:
    """Run every migration that the database lacks, all in one transaction."""
    with engine.connect() as connection:
        found = revision_of(connection)
    if found == target:
        return
    if found is not None and found not in KNOWN_REVISIONS:
        raise SchemaNewer(theirs=found)
    _log.info("head office's database: version %s becomes %s", found, target)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, target)
        if connection.dialect.name == "postgresql":  # who serves looks whether the version fits
            connection.execute(text(f"GRANT SELECT ON alembic_version TO {SERVICE_ROLE}"))


def make_tables(connection: Connection, names: Sequence[str]) -> None:
    """Make tables by their names, their partitions and their locks."""
    made = [metadata.tables[name] for name in names]
    metadata.create_all(connection, made)
    if connection.dialect.name != "postgresql":
        return
    for name in PARTITIONED:
        for number in range(PARTITIONS if name in names else 0):
            connection.execute(
                text(
                    f"CREATE TABLE {name}_p{number} PARTITION OF {name} "
                    f"FOR VALUES WITH (MODULUS {PARTITIONS}, REMAINDER {number})"
                )
            )
    make_service_role(connection)
    for table in made:
        lock_in(connection, table.name)


def make_service_role(connection: Connection) -> None:
    """Make the role that serves, unless the cluster has it."""
    connection.execute(
        text(
            f"DO $$ BEGIN CREATE ROLE {SERVICE_ROLE} NOLOGIN NOBYPASSRLS; "
            "EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
        )
    )
    # Roles belong to the whole cluster: another database may be set up at the same moment.
    connection.execute(
        text(
            f"DO $$ BEGIN FOR attempt IN 1..20 LOOP BEGIN GRANT {SERVICE_ROLE} TO CURRENT_USER; "
            "EXIT; EXCEPTION WHEN internal_error OR unique_violation THEN PERFORM pg_sleep(0.05); "
            "END; END LOOP; END $$"
        )
    )
    connection.execute(text(f"GRANT USAGE ON SCHEMA public TO {SERVICE_ROLE}"))


def lock_in(connection: Connection, name: str) -> None:
    """Let the serving role use a table, and see only one company's rows in it."""
    connection.execute(text(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {name} TO {SERVICE_ROLE}"))
    if name in SHARED:
        return
    connection.execute(text(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY"))
    connection.execute(text(f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY"))
    connection.execute(
        text(
            f"CREATE POLICY one_company ON {name} "
            f"USING (company_id = {_COMPANY}) WITH CHECK (company_id = {_COMPANY})"
        )
    )
