"""What the sales APIs need: their keys and numbers, and lists of customers and documents."""

from alembic import op

from pos_app.server.listed import list_all_again
from pos_app.server.schema import make_tables
from pos_app.server.shared_ids import share_ids
from pos_app.server.tables import sales

revision = "0002"
down_revision = "0001"
TABLES = "api_keys api_numbers api_notes listed stock_values series".split()


def upgrade() -> None:
    make_tables(op.get_bind(), TABLES)
    for index in sales.indexes:
        if index.name == "sales_by_void":
            index.create(op.get_bind(), checkfirst=True)  # a new database has it already
    share_ids(op.get_bind())
    list_all_again(op.get_bind())
