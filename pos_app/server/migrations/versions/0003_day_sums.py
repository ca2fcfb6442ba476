"""What business days came to, as sums beside the documents; made of all that is there already."""

from alembic import op
from sqlalchemy import Connection, text

from pos_app.server.day_recomputing import recompute_all
from pos_app.server.listed import list_all_again
from pos_app.server.schema import make_tables
from pos_app.server.tables import PARTITIONED, PARTITIONS, journal, listed
from pos_app.server.thing_kinds import PRODUCT

revision = "0003"
down_revision = "0002"
TABLES = (
    "day_totals day_slots day_tenders day_taxes day_products month_products day_staff "
    "day_exceptions event_exceptions"
).split()


def upgrade() -> None:
    make_tables(op.get_bind(), TABLES)
    _leave_room(op.get_bind())
    for index in (*listed.indexes, *journal.indexes):
        if index.name in {"listed_owed", "journal_watched"}:
            index.create(op.get_bind(), checkfirst=True)  # a new database has it already
    list_all_again(op.get_bind(), frozenset({PRODUCT}))  # with their categories
    recompute_all(op.get_bind())


def _leave_room(connection: Connection) -> None:
    """Keep free space on each page of sums, so that adding to a row leaves all indexes alone."""
    if connection.dialect.name != "postgresql":
        return
    for name in TABLES:
        parts = [f"{name}_p{n}" for n in range(PARTITIONS)] if name in PARTITIONED else [name]
        for part in parts:
            connection.execute(text(f"ALTER TABLE {part} SET (fillfactor = 60)"))
