"""Head office as it was first."""

from alembic import op

from pos_app.server.schema import make_tables

revision = "0001"
down_revision = None
TABLES = (
    "doors companies shops tills branches journal inbox things thing_states tellings quarrels "
    "stock_levels sales sale_lines sale_taxes tenders accounts log"
).split()


def upgrade() -> None:
    make_tables(op.get_bind(), TABLES)
