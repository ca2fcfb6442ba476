"""What business days came to, as sums beside the documents; made of all that is there already."""

from alembic import op

from pos_app.server.day_recomputing import recompute_all
from pos_app.server.listed import list_all_again
from pos_app.server.schema import make_tables
from pos_app.server.tables import journal, listed
from pos_app.server.thing_kinds import PRODUCT

revision = "0003"
down_revision = "0002"
TABLES = (
    "day_totals day_slots day_tenders day_taxes day_products month_products day_staff "
    "day_exceptions event_exceptions"
).split()


def upgrade() -> None:
    make_tables(op.get_bind(), TABLES)
    for index in (*listed.indexes, *journal.indexes):
        if index.name in {"listed_owed", "journal_watched"}:
            index.create(op.get_bind(), checkfirst=True)  # a new database has it already
    list_all_again(op.get_bind(), frozenset({PRODUCT}))  # with their categories
    recompute_all(op.get_bind())
