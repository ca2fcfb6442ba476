"""A full day at the till: records, voids, foreign cash, batches, more ways to sell and pay."""

from alembic import op

revision = "0002"
down_revision = "0001"

# Tables that are made anew, each with what the columns it did not have hold for older rows.
REBUILT = {
    "products": "",
    "sales": ", NULL",
    "sale_lines": "",
    "tenders": ", NULL, NULL, NULL",
    "stock_moves": ", ''",
}
TABLES = {
    "products": """CREATE TABLE products (
    "row" INTEGER NOT NULL,
    id TEXT NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    price TEXT,
    unit TEXT NOT NULL,
    kind TEXT NOT NULL,
    category_id TEXT,
    tax_group INTEGER,
    barcodes TEXT NOT NULL,
    cost TEXT,
    min_price TEXT,
    is_active INTEGER NOT NULL,
    tile_position INTEGER,
    search_text TEXT NOT NULL,
    PRIMARY KEY ("row"),
    CONSTRAINT products_one_id UNIQUE (id),
    CONSTRAINT products_kind_is_known CHECK (kind IN ('goods', 'service', 'postage',
        'voucher', 'discount', 'fee', 'manual', 'sample', 'adjustment', 'gift_card',
        'tip', 'deposit', 'account_payment', 'invoice_payment')),
    CONSTRAINT products_is_active_is_flag CHECK (is_active IN (0, 1)),
    CONSTRAINT products_barcodes_is_list CHECK (json_type(barcodes) = 'array'),
    CONSTRAINT products_unit_fk FOREIGN KEY(unit) REFERENCES units (code),
    CONSTRAINT products_category_id_fk FOREIGN KEY(category_id) REFERENCES categories
        (id),
    CONSTRAINT products_tax_group_fk FOREIGN KEY(tax_group) REFERENCES tax_groups
        ("row")
)
 STRICT""",
    "sales": """CREATE TABLE sales (
    "row" INTEGER NOT NULL,
    id TEXT NOT NULL,
    number TEXT NOT NULL,
    kind TEXT NOT NULL,
    till TEXT NOT NULL,
    shop TEXT NOT NULL,
    staff TEXT NOT NULL,
    at TEXT NOT NULL,
    business_day TEXT NOT NULL,
    currency TEXT NOT NULL,
    prices_include_tax INTEGER NOT NULL,
    tax_rounding TEXT NOT NULL,
    rounding_mode TEXT NOT NULL,
    step TEXT,
    cash_step TEXT,
    cash_mode TEXT,
    cash_only INTEGER,
    customer_id TEXT,
    customer_name TEXT NOT NULL,
    customer TEXT,
    discounts TEXT NOT NULL,
    line_count INTEGER NOT NULL,
    net INTEGER NOT NULL,
    tax INTEGER NOT NULL,
    gross INTEGER NOT NULL,
    rounding INTEGER NOT NULL,
    amount_due INTEGER NOT NULL,
    paid INTEGER NOT NULL,
    change INTEGER NOT NULL,
    note TEXT NOT NULL,
    voids_sale_id TEXT,
    PRIMARY KEY ("row"),
    CONSTRAINT sales_one_id UNIQUE (id),
    CONSTRAINT sales_one_number UNIQUE (number),
    CONSTRAINT sales_kind_is_known CHECK (kind IN ('sale', 'return', 'adjustment',
        'exchange', 'void')),
    CONSTRAINT sales_tax_rounding_is_known CHECK (tax_rounding IN ('per_line',
        'per_unit', 'per_document', 'sum_then_round', 'round_lines_then_tax_per_rate')),
    CONSTRAINT sales_rounding_mode_is_known CHECK (rounding_mode IN ('half_up',
        'half_even', 'half_down', 'up', 'down')),
    CONSTRAINT sales_cash_mode_is_known CHECK (cash_mode IN ('half_up', 'half_even',
        'half_down', 'up', 'down')),
    CONSTRAINT sales_prices_include_tax_is_flag CHECK (prices_include_tax IN (0, 1)),
    CONSTRAINT sales_cash_only_is_flag CHECK (cash_only IN (0, 1)),
    CONSTRAINT sales_has_lines CHECK (line_count > 0),
    CONSTRAINT sales_net_and_tax_are_gross CHECK (net + tax = gross),
    CONSTRAINT sales_gross_and_rounding_are_due CHECK (gross + rounding = amount_due),
    CONSTRAINT sales_paid_less_change_is_due CHECK (paid - change = amount_due),
    CONSTRAINT sales_customer_is_whole CHECK ((customer IS NULL) = (customer_id IS
        NULL))
)
 STRICT""",
    "sale_lines": """CREATE TABLE sale_lines (
    sale INTEGER NOT NULL,
    line_no INTEGER NOT NULL,
    product_id TEXT,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    quantity TEXT NOT NULL,
    unit TEXT NOT NULL,
    unit_name TEXT NOT NULL,
    unit_decimals INTEGER NOT NULL,
    unit_price TEXT NOT NULL,
    list_price TEXT,
    cost TEXT,
    discount_percent TEXT NOT NULL,
    discount_per_unit TEXT NOT NULL,
    discount_reason TEXT NOT NULL,
    net INTEGER NOT NULL,
    tax INTEGER NOT NULL,
    gross INTEGER NOT NULL,
    discount INTEGER NOT NULL,
    document_discount INTEGER NOT NULL,
    taxes TEXT NOT NULL,
    note TEXT NOT NULL,
    is_return INTEGER NOT NULL,
    returns_sale_id TEXT,
    returns_number TEXT NOT NULL,
    returns_line_no INTEGER,
    returns_reason TEXT NOT NULL,
    PRIMARY KEY (sale, line_no),
    CONSTRAINT sale_lines_kind_is_known CHECK (kind IN ('goods', 'service', 'postage',
        'voucher', 'discount', 'fee', 'manual', 'sample', 'adjustment', 'gift_card',
        'tip', 'deposit', 'account_payment', 'invoice_payment')),
    CONSTRAINT sale_lines_is_return_is_flag CHECK (is_return IN (0, 1)),
    CONSTRAINT sale_lines_line_no_counts_from_one CHECK (line_no > 0),
    CONSTRAINT sale_lines_net_and_tax_are_gross CHECK (net + tax = gross),
    CONSTRAINT sale_lines_sale_fk FOREIGN KEY(sale) REFERENCES sales ("row"),
    CONSTRAINT sale_lines_product_id_fk FOREIGN KEY(product_id) REFERENCES products (id)
)
 WITHOUT ROWID,
 STRICT""",
    "tenders": """CREATE TABLE tenders (
    sale INTEGER NOT NULL,
    position INTEGER NOT NULL,
    method TEXT NOT NULL,
    amount INTEGER NOT NULL,
    tendered INTEGER NOT NULL,
    change INTEGER NOT NULL,
    reference TEXT NOT NULL,
    foreign_currency TEXT,
    foreign_tendered INTEGER,
    foreign_rate TEXT,
    PRIMARY KEY (sale, position),
    CONSTRAINT tenders_method_is_known CHECK (method IN ('cash', 'card',
        'bank_transfer', 'on_account', 'mobile', 'cheque', 'gift_card', 'store_credit',
        'deposit', 'points')),
    CONSTRAINT tenders_tendered_less_change_is_amount CHECK (tendered - change =
        amount),
    CONSTRAINT tenders_sale_fk FOREIGN KEY(sale) REFERENCES sales ("row")
)
 WITHOUT ROWID,
 STRICT""",
    "stock_moves": """CREATE TABLE stock_moves (
    "row" INTEGER NOT NULL,
    product_id TEXT NOT NULL,
    location TEXT NOT NULL,
    quantity_micro INTEGER NOT NULL,
    reason TEXT NOT NULL,
    note TEXT NOT NULL,
    at TEXT NOT NULL,
    document_id TEXT NOT NULL,
    batch TEXT NOT NULL,
    PRIMARY KEY ("row"),
    CONSTRAINT stock_moves_reason_is_known CHECK (reason IN ('sale', 'return',
        'receipt', 'write_off', 'found', 'count', 'opening', 'void', 'transfer',
        'supplier_return')),
    CONSTRAINT stock_moves_product_id_fk FOREIGN KEY(product_id) REFERENCES products
        (id)
)
 STRICT""",
    "records": """CREATE TABLE records (
    record TEXT NOT NULL,
    id TEXT NOT NULL,
    code TEXT,
    place TEXT NOT NULL,
    is_open INTEGER NOT NULL,
    state TEXT NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (record, id),
    CONSTRAINT records_is_open_is_flag CHECK (is_open IN (0, 1))
)
 WITHOUT ROWID,
 STRICT""",
}
AFTERWARDS = (
    """CREATE INDEX products_by_category ON products (category_id, search_text)
    WHERE category_id IS NOT NULL""",
    """CREATE INDEX products_by_name ON products (search_text)""",
    """CREATE INDEX products_by_tile ON products (tile_position)
    WHERE tile_position IS NOT NULL""",
    """CREATE INDEX sales_by_customer ON sales (customer_id) WHERE customer_id IS NOT NULL""",
    """CREATE INDEX sales_by_day ON sales (business_day)""",
    """CREATE UNIQUE INDEX sales_by_voided ON sales (voids_sale_id)
    WHERE voids_sale_id IS NOT NULL""",
    """CREATE TRIGGER sales_no_update BEFORE UPDATE ON sales
    BEGIN SELECT RAISE(ABORT, 'sales is append-only'); END""",
    """CREATE TRIGGER sales_no_delete BEFORE DELETE ON sales
    BEGIN SELECT RAISE(ABORT, 'sales is append-only'); END""",
    """CREATE INDEX sale_lines_by_returned ON sale_lines (returns_sale_id, returns_line_no)
    WHERE returns_sale_id IS NOT NULL""",
    """CREATE TRIGGER sale_lines_no_update BEFORE UPDATE ON sale_lines
    BEGIN SELECT RAISE(ABORT, 'sale_lines is append-only'); END""",
    """CREATE TRIGGER sale_lines_no_delete BEFORE DELETE ON sale_lines
    BEGIN SELECT RAISE(ABORT, 'sale_lines is append-only'); END""",
    """CREATE TRIGGER tenders_no_update BEFORE UPDATE ON tenders
    BEGIN SELECT RAISE(ABORT, 'tenders is append-only'); END""",
    """CREATE TRIGGER tenders_no_delete BEFORE DELETE ON tenders
    BEGIN SELECT RAISE(ABORT, 'tenders is append-only'); END""",
    """CREATE TRIGGER stock_moves_no_update BEFORE UPDATE ON stock_moves
    BEGIN SELECT RAISE(ABORT, 'stock_moves is append-only'); END""",
    """CREATE TRIGGER stock_moves_no_delete BEFORE DELETE ON stock_moves
    BEGIN SELECT RAISE(ABORT, 'stock_moves is append-only'); END""",
    """CREATE UNIQUE INDEX records_by_code ON records (record, code) WHERE code IS NOT NULL""",
    """CREATE INDEX records_by_open ON records (record, place) WHERE is_open = 1""",
    """CREATE INDEX records_by_place ON records (record, place, id)""",
)


def upgrade() -> None:
    """Make the changed tables anew with their rows, and the new one."""
    op.execute("PRAGMA legacy_alter_table = ON")  # other tables go on naming the new one
    for table, more in REBUILT.items():
        op.execute(f"ALTER TABLE {table} RENAME TO {table}_before")
        op.execute(TABLES[table])
        op.execute(f"INSERT INTO {table} SELECT *{more} FROM {table}_before")
        op.execute(f"DROP TABLE {table}_before")
    op.execute("PRAGMA legacy_alter_table = OFF")
    op.execute(TABLES["records"])
    for statement in AFTERWARDS:
        op.execute(statement)
