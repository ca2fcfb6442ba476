"""Sales documents: more about customers, and how quotations to invoices are listed."""

from pathlib import Path

from alembic import op

from pos_app.store.connection import Database
from pos_app.store.search import index_customer
from pos_app.store.words import search_text

revision = "0003"
down_revision = "0002"

CUSTOMERS = """CREATE TABLE customers (
    "row" INTEGER NOT NULL,
    id TEXT NOT NULL,
    number TEXT NOT NULL,
    name TEXT NOT NULL,
    phone TEXT NOT NULL,
    email TEXT NOT NULL,
    tax_number TEXT NOT NULL,
    address TEXT NOT NULL,
    city TEXT NOT NULL,
    postcode TEXT NOT NULL,
    country TEXT NOT NULL,
    card_code TEXT NOT NULL,
    note TEXT NOT NULL,
    contact TEXT NOT NULL,
    state TEXT NOT NULL,
    category TEXT NOT NULL,
    region TEXT NOT NULL,
    price_list TEXT NOT NULL,
    is_active INTEGER NOT NULL,
    search_text TEXT NOT NULL,
    PRIMARY KEY ("row"),
    CONSTRAINT customers_one_id UNIQUE (id),
    CONSTRAINT customers_is_active_is_flag CHECK (is_active IN (0, 1))
)
 STRICT"""
KEPT = (
    '"row", id, number, name, phone, email, tax_number, address, city, postcode, country, '
    "card_code, note"
)
DOCUMENTS = """CREATE TABLE documents (
    record TEXT NOT NULL,
    id TEXT NOT NULL,
    number TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    status TEXT NOT NULL,
    day TEXT NOT NULL,
    until TEXT NOT NULL,
    made TEXT NOT NULL,
    origin TEXT NOT NULL,
    origin_number TEXT NOT NULL,
    total INTEGER NOT NULL,
    open INTEGER NOT NULL,
    currency TEXT NOT NULL,
    remind TEXT NOT NULL,
    PRIMARY KEY (record, id)
)
 WITHOUT ROWID,
 STRICT"""
INDEXES = (
    """CREATE INDEX customers_by_name ON customers (search_text)""",
    """CREATE INDEX documents_by_customer ON documents (customer_id, record, day, number, id,
    status)""",
    """CREATE INDEX documents_by_day ON documents (record, day, number, id, status, customer_id,
    until, made, origin_number, total, open, currency)""",
    """CREATE INDEX documents_by_open ON documents (record, until, number, id, status, customer_id,
    total, open, currency, remind) WHERE open != 0""",
    """CREATE INDEX documents_by_origin ON documents (origin, record) WHERE origin != ''""",
    """CREATE INDEX documents_by_status ON documents (record, status, day, number,
    id)""",
)


def upgrade() -> None:
    """Make the customers anew with their rows, and the list of documents."""
    op.execute("PRAGMA legacy_alter_table = ON")  # other tables go on naming the new one
    op.execute("ALTER TABLE customers RENAME TO customers_before")
    op.execute(CUSTOMERS)
    op.execute(
        f"INSERT INTO customers SELECT {KEPT}, '', '', '', '', '', 1, search_text "
        "FROM customers_before"
    )
    op.execute("DROP TABLE customers_before")
    op.execute("PRAGMA legacy_alter_table = OFF")
    op.execute(DOCUMENTS)
    for statement in INDEXES:
        op.execute(statement)
    find_by_tax_number()


def find_by_tax_number() -> None:
    """Add the tax number to what a customer is found by."""
    database = Database(op.get_bind().connection.driver_connection, Path())
    rows = database.rows(
        "SELECT \"row\", search_text, tax_number FROM customers WHERE tax_number <> ''"
    )
    for row, words, tax_number in rows:
        longer = f"{words} {search_text(tax_number)}"
        database.run('UPDATE customers SET search_text = ? WHERE "row" = ?', (longer, row))
        index_customer(database, row, longer)
