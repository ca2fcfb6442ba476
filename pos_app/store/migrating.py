"""Bringing an older store to the present revision, after a copy of it was made."""

import logging
from pathlib import Path

import pysqlite3
from alembic import command
from alembic.config import Config
from sqlalchemy import StaticPool, create_engine, event

from pos_app.store.connection import Database, naming
from pos_app.store.schema import REVISION

MIGRATIONS = Path(__file__).parent / "migrations"
_log = logging.getLogger(__name__)


def migrate(
    path: Path,
    database: Database,
    found: str,
    *,
    scripts: Path = MIGRATIONS,
    target: str = REVISION,
) -> Path:
    """Upgrade a store in one transaction and return the copy that was made before.

    Raises what the store raises when it cannot write; then the store stays as it was.
    """
    copy = path.with_name(f"{path.stem}.before-{target}{path.suffix}")
    with naming(copy):
        saved = pysqlite3.connect(copy, isolation_level=None)
        try:
            database.raw.backup(saved)
        finally:
            saved.close()
    _log.warning("store %s: version %s becomes %s; copy in %s", path, found, target, copy)
    with naming(path):
        upgrade(database, scripts, target)
    return copy


def upgrade(database: Database, scripts: Path = MIGRATIONS, target: str = REVISION) -> None:
    """Run the migrations up to `target` over an open connection, all in one transaction."""
    database.run("PRAGMA foreign_keys = OFF")  # tables that are made anew are dropped for a moment
    try:
        _upgrade(database, scripts, target)
    finally:
        database.run("PRAGMA foreign_keys = ON")


def _upgrade(database: Database, scripts: Path, target: str) -> None:
    engine = create_engine(
        "sqlite://",
        module=pysqlite3,
        creator=lambda: database.raw,
        poolclass=StaticPool,
    )
    # The driver's own handling of transactions is off: it would commit before each table.
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, target)
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if broken is not None:
            raise RuntimeError(f"the migration broke a reference: {broken}")
