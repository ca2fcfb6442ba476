"""Head office's database: one engine, and transactions that see one company.

`company` opens a transaction of one company; on PostgreSQL row-level security shuts out all
others, on SQLite only the statements' own `company_id` does. `shared` is for `doors` alone.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import ConnectionPoolEntry

from pos_app.domain.errors import PosError
from pos_app.server.schema import SERVICE_ROLE

POOL, OVERFLOW = 20, 20
ONLY_LOOKS = "only_looks"


class DatabaseUrlWrong(PosError):
    """The address of the database cannot be used."""

    sentence = (
        "{url} is not a database that head office can use. Give sqlite:///FILE or "
        "postgresql://USER:PASSWORD@HOST/NAME."
    )


@dataclass(frozen=True, slots=True)
class Office:
    """The open database of head office."""

    engine: Engine

    @property
    def is_postgresql(self) -> bool:
        """Whether it is PostgreSQL; else it is SQLite."""
        return self.engine.dialect.name == "postgresql"

    @contextmanager
    def company(self, company_id: str) -> Iterator[Connection]:
        """A transaction that sees one company: kept whole at the end, or not at all."""
        with self.engine.begin() as connection:
            self.enter(connection, company_id)
            yield connection

    @contextmanager
    def snapshot(self, company_id: str) -> Iterator[Connection]:
        """A transaction that only looks at one company, all of it as it was at one moment.

        It stands in nobody's way, however long it reads.
        """
        with self.engine.connect() as connection:
            if self.is_postgresql:
                connection.execution_options(
                    isolation_level="REPEATABLE READ", postgresql_readonly=True
                )
            else:
                connection.execution_options(**{ONLY_LOOKS: True})
            with connection.begin():
                self.enter(connection, company_id)
                yield connection

    def enter(self, connection: Connection, company_id: str) -> None:
        """Let the rest of a transaction see one company, as where a door said which."""
        if self.is_postgresql:
            connection.execute(
                text("SELECT set_config('pos_app.company', :company, true)"),
                {"company": company_id},
            )

    @contextmanager
    def shared(self) -> Iterator[Connection]:
        """A transaction that sees the doors and no company."""
        with self.engine.begin() as connection:
            yield connection

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def open_office(url: str, *, pool: int = POOL) -> Office:
    """Open a database to serve from; on PostgreSQL as the role that is shut into one company.

    Raises DatabaseUrlWrong.
    """
    engine = open_engine(url, pool=pool)
    if engine.dialect.name == "postgresql":
        event.listen(engine, "connect", _serve_as_service_role)
    return Office(engine)


def open_engine(url: str, *, pool: int = POOL) -> Engine:
    """Open a database as whoever the address names, for setting it up; raises DatabaseUrlWrong."""
    try:
        parsed = make_url(url)
    except Exception as failure:
        raise DatabaseUrlWrong(url=_without_password(url)) from failure
    if parsed.get_backend_name() == "sqlite":
        import pysqlite3  # noqa: PLC0415 - not needed over PostgreSQL

        engine = create_engine(parsed, module=pysqlite3, connect_args={"timeout": 30})
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_to_write)
        return engine
    if parsed.get_backend_name() != "postgresql":
        raise DatabaseUrlWrong(url=_without_password(url))
    return create_engine(
        parsed.set(drivername="postgresql+psycopg"),
        pool_size=pool,
        max_overflow=OVERFLOW,
        pool_pre_ping=True,
    )


def _serve_as_service_role(raw: Any, _record: ConnectionPoolEntry) -> None:
    with raw.cursor() as cursor:
        cursor.execute(f"SET ROLE {SERVICE_ROLE}")
    raw.commit()


def _set_up_sqlite(raw: Any, _record: ConnectionPoolEntry) -> None:
    raw.isolation_level = None  # SQLAlchemy's BEGIN below is the only one
    raw.create_function("lower", 1, _lower, deterministic=True)  # its own knows ASCII alone
    raw.execute("PRAGMA journal_mode = WAL")
    raw.execute("PRAGMA synchronous = FULL")
    raw.execute("PRAGMA foreign_keys = ON")


def _lower(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


def _begin_to_write(connection: Connection) -> None:
    only_looks = connection.get_execution_options().get(ONLY_LOOKS, False)
    connection.exec_driver_sql("BEGIN" if only_looks else "BEGIN IMMEDIATE")


def _without_password(url: str) -> str:
    return url.partition("://")[0] + "://…" if "@" in url else url
