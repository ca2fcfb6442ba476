"""Making the tables of a new store, and telling whether a store has the tables it should have."""

from collections.abc import Iterator
from functools import cache

from pos_app.store.connection import APPLICATION_ID, Database

REVISION = "0006"
KNOWN_REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006")
# Facts and documents stay as they were written; the program has no statement that changes them.
APPEND_ONLY = (
    "till_epochs",
    "journal",
    "taxes",
    "sales",
    "sale_lines",
    "sale_taxes",
    "tenders",
    "stock_moves",
)
# Contentless: the words live in the products and customers, which write here when they change.
_WORDS = "unicode61 remove_diacritics 2 categories ''L* N* Co M*''"
WORD_INDEXES = {
    "product_words": f"tokenize='{_WORDS}', prefix='1 2 3 4'",
    "name_word_parts": "tokenize='trigram'",
    "product_code_parts": "tokenize='trigram'",
    "customer_words": f"tokenize='{_WORDS}', prefix='1 2 3 4'",
    "customer_parts": "tokenize='trigram'",
}


def make_schema(database: Database) -> None:
    """Make every table of the present revision in an empty database, in the running transaction."""
    for statement in declared_statements():
        database.run(statement)
    database.run(
        "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
        "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
    )
    database.run("INSERT INTO alembic_version VALUES (?)", (REVISION,))
    database.run(f"PRAGMA application_id = {APPLICATION_ID}")


@cache  # putting them together takes longer than running them
def declared_statements() -> tuple[str, ...]:
    """Return the statements that make the declared tables, indexes and triggers."""
    return (*_table_statements(), *word_index_statements(), *trigger_statements())


def _table_statements() -> Iterator[str]:
    from sqlalchemy.dialects.sqlite import dialect  # noqa: PLC0415 - opening a store needs none
    from sqlalchemy.schema import CreateIndex, CreateTable  # noqa: PLC0415

    from pos_app.store import tables  # noqa: PLC0415

    speech = dialect()
    for table in tables.metadata.sorted_tables:
        yield str(CreateTable(table).compile(dialect=speech)).strip()
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            yield str(CreateIndex(index).compile(dialect=speech)).strip()


def trigger_statements() -> list[str]:
    """Return the triggers that keep facts and documents from being changed or removed."""
    return [
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for table in APPEND_ONLY
        for verb in ("UPDATE", "DELETE")
    ]


def word_index_statements() -> list[str]:
    """Return the full-text indexes (SQLite FTS5)."""
    return [
        f"CREATE VIRTUAL TABLE {name} USING fts5(words, content='', contentless_delete=1, "
        f"detail=none, {options})"
        for name, options in WORD_INDEXES.items()
    ]


def revision_of(database: Database) -> str | None:
    """Return the revision that a database is stamped with, or None where there is no stamp."""
    if database.row("SELECT 1 FROM sqlite_schema WHERE name = 'alembic_version'") is None:
        return None
    found = database.value("SELECT version_num FROM alembic_version")
    return None if found is None else str(found)


def schema_of(database: Database) -> dict[str, str]:
    """Return every table, index and trigger with its statement, white space evened out.

    The indexes that SQLite makes by itself and the tables of the word indexes are among them.
    """
    rows = database.rows(
        "SELECT type, name, tbl_name, sql FROM sqlite_schema "
        "WHERE tbl_name <> 'alembic_version' ORDER BY name"
    )
    return {
        f"{kind} {name}": " ".join((sql or f"of {table}").split())
        for kind, name, table, sql in rows
    }
