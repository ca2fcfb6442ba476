"""Setting a database up for head office, and opening one that fits."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError

from pos_app.domain.errors import PosError
from pos_app.server.database import POOL, Office, open_engine, open_office
from pos_app.server.database_urls import shown_url
from pos_app.server.schema import bring_up_to_date, check_schema, revision_of


class DatabaseAway(PosError):
    """A database that cannot be reached, or lets nobody in."""

    sentence = (
        "The database {url} does not answer ({problem}). Check the address, and that it runs."
    )


def migrate_database(url: str) -> str | None:
    """Bring a database up to this program's version; returns the one before, None for an empty one.

    Raises DatabaseUrlWrong, DatabaseAway, SchemaNewer.
    """
    with _answering(url):
        engine = open_engine(url)
        try:
            with engine.connect() as connection:
                found = revision_of(connection)
            bring_up_to_date(engine)
        finally:
            engine.dispose()
    return found


def open_checked_office(url: str, pool: int = POOL) -> Office:
    """Open a database to serve from whose version fits.

    Raises DatabaseUrlWrong, DatabaseAway, SchemaMissing, SchemaOlder or SchemaNewer.
    """
    with _answering(url):
        engine = open_engine(url)  # the serving role may be missing where nothing was set up
        try:
            check_schema(engine)
        finally:
            engine.dispose()
    return open_office(url, pool=pool)


@contextmanager
def _answering(url: str) -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as failure:
        origin = getattr(failure, "orig", None)
        problem = type(origin or failure).__name__  # its words may hold the password
        raise DatabaseAway(url=shown_url(url), problem=problem) from failure
