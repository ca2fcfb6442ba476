"""A second step at the door, and sessions that people can see and end."""

from alembic import op

from pos_app.server.schema import make_tables

revision = "0004"
down_revision = "0003"
TABLES = "second_steps recovery_codes sessions".split()


def upgrade() -> None:
    make_tables(op.get_bind(), TABLES)
