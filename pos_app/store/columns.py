"""The words in which the store's tables are declared (SQLAlchemy Core)."""

from collections.abc import Iterable

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)
from sqlalchemy.schema import SchemaItem

metadata = MetaData(
    naming_convention={
        "ix": "%(table_name)s_by_%(column_0_N_name)s",
        "uq": "%(table_name)s_one_%(column_0_N_name)s",
        "ck": "%(table_name)s_%(constraint_name)s",
        "fk": "%(table_name)s_%(column_0_N_name)s_fk",
    }
)


def text(name: str, *parts: CheckConstraint | ForeignKey, key: bool = False) -> Column[str]:
    """A text that is always there."""
    return Column(name, Text, *parts, primary_key=key, nullable=False)


def text_or_null(name: str, *parts: ForeignKey) -> Column[str]:
    """A text that may be missing."""
    return Column(name, Text, *parts, nullable=True)


def whole(name: str, *parts: ForeignKey, key: bool = False) -> Column[int]:
    """A whole number that is always there."""
    return Column(name, Integer, *parts, primary_key=key, nullable=False, autoincrement=False)


def whole_or_null(name: str, *parts: ForeignKey) -> Column[int]:
    """A whole number that may be missing."""
    return Column(name, Integer, *parts, nullable=True)


def row_key(name: str = "row") -> Column[int]:
    """SQLite's own row number as the key."""
    return Column(name, Integer, primary_key=True)


def blob(name: str) -> Column[bytes]:
    """Bytes that are always there."""
    return Column(name, LargeBinary, nullable=False)


def check(rule: str, name: str) -> CheckConstraint:
    """A rule that every row keeps."""
    return CheckConstraint(rule, name=name)


def one_of(column: str, values: Iterable[str]) -> CheckConstraint:
    """A column that holds one of a few words."""
    words = ", ".join(f"'{value}'" for value in values)
    return check(f"{column} IN ({words})", f"{column}_is_known")


def flag(column: str) -> CheckConstraint:
    """A column that holds yes or no."""
    return check(f"{column} IN (0, 1)", f"{column}_is_flag")


def numbered(name: str, *parts: SchemaItem, reuses_numbers: bool = True) -> Table:
    """A STRICT table whose rows SQLite numbers."""
    return Table(
        name, metadata, *parts, sqlite_strict=True, sqlite_autoincrement=not reuses_numbers
    )


def keyed(name: str, *parts: SchemaItem) -> Table:
    """A STRICT table kept in the order of its key, without a row number."""
    return Table(name, metadata, *parts, sqlite_strict=True, sqlite_with_rowid=False)
