"""Head office as it was first."""

from alembic import op

from pos_app.server.schema import make_tables

revision = "0001"
down_revision = None


def upgrade() -> None:
    make_tables(op.get_bind())
