"""What the sales APIs need: their keys and numbers, and lists of customers and documents."""

from alembic import op

from pos_app.server.listed import list_all_again
from pos_app.server.schema import make_tables

revision = "0002"
down_revision = "0001"
TABLES = "api_keys api_numbers api_notes listed stock_values series".split()


def upgrade() -> None:
    make_tables(op.get_bind(), TABLES)
    list_all_again(op.get_bind())
