"""Addresses of databases: how they are shown, and which file one of SQLite names."""

from pathlib import Path

from sqlalchemy import URL
from sqlalchemy.engine import make_url

from pos_app.server.database import DatabaseUrlWrong


def shown_url(url: str) -> str:
    """Return an address without its password; raises DatabaseUrlWrong."""
    return _parsed(url).render_as_string(hide_password=True)


def is_sqlite(url: str) -> bool:
    """Whether an address names a SQLite file; raises DatabaseUrlWrong."""
    return _parsed(url).get_backend_name() == "sqlite"


def sqlite_file(url: str) -> Path:
    """Return the file that an address of SQLite names; raises DatabaseUrlWrong for none."""
    name = _parsed(url).database
    if not name or name == ":memory:":
        raise DatabaseUrlWrong(url=url)
    return Path(name)


def postgresql_words(url: str) -> tuple[str, str]:
    """Return an address for PostgreSQL's own programs and the password, which is not in it."""
    parsed = _parsed(url)
    plain = parsed.set(drivername="postgresql", password=None)
    return plain.render_as_string(hide_password=False), str(parsed.password or "")


def _parsed(url: str) -> URL:
    try:
        return make_url(url)
    except Exception as failure:
        raise DatabaseUrlWrong(url=url.partition("://")[0] + "://…") from failure
