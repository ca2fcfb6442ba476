"""Sums of business days, so that a manager does not wait for all documents to be read."""

from alembic import op

revision = "0006"
down_revision = "0005"

TABLES = (
    """CREATE TABLE day_fold (
    one INTEGER NOT NULL,
    sale_row INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    currency TEXT NOT NULL,
    PRIMARY KEY (one),
    CONSTRAINT day_fold_is_the_only_one CHECK (one = 1)
)
 WITHOUT ROWID,
 STRICT""",
    """CREATE TABLE day_products (
    business_day TEXT NOT NULL,
    currency TEXT NOT NULL,
    product_id TEXT NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    times INTEGER NOT NULL,
    items INTEGER NOT NULL,
    quantity_micro INTEGER NOT NULL,
    takings INTEGER NOT NULL,
    net INTEGER NOT NULL,
    cost INTEGER NOT NULL,
    costed_net INTEGER NOT NULL,
    PRIMARY KEY (business_day, currency, product_id, code, name)
)
 WITHOUT ROWID,
 STRICT""",
    """CREATE TABLE day_slots (
    business_day TEXT NOT NULL,
    currency TEXT NOT NULL,
    slot INTEGER NOT NULL,
    tickets INTEGER NOT NULL,
    takings INTEGER NOT NULL,
    PRIMARY KEY (business_day, currency, slot)
)
 WITHOUT ROWID,
 STRICT""",
    """CREATE TABLE day_staff (
    business_day TEXT NOT NULL,
    currency TEXT NOT NULL,
    staff TEXT NOT NULL,
    tickets INTEGER NOT NULL,
    takings INTEGER NOT NULL,
    void_count INTEGER NOT NULL,
    voids INTEGER NOT NULL,
    refund_count INTEGER NOT NULL,
    refunds INTEGER NOT NULL,
    discount_count INTEGER NOT NULL,
    discounts INTEGER NOT NULL,
    PRIMARY KEY (business_day, currency, staff)
)
 WITHOUT ROWID,
 STRICT""",
    """CREATE TABLE day_taxes (
    business_day TEXT NOT NULL,
    currency TEXT NOT NULL,
    tax INTEGER NOT NULL,
    base INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    PRIMARY KEY (business_day, currency, tax)
)
 WITHOUT ROWID,
 STRICT""",
    """CREATE TABLE day_tenders (
    business_day TEXT NOT NULL,
    currency TEXT NOT NULL,
    method TEXT NOT NULL,
    payments INTEGER NOT NULL,
    taken INTEGER NOT NULL,
    given_back INTEGER NOT NULL,
    PRIMARY KEY (business_day, currency, method)
)
 WITHOUT ROWID,
 STRICT""",
    """CREATE TABLE day_totals (
    business_day TEXT NOT NULL,
    currency TEXT NOT NULL,
    tickets INTEGER NOT NULL,
    documents INTEGER NOT NULL,
    items INTEGER NOT NULL,
    takings INTEGER NOT NULL,
    net INTEGER NOT NULL,
    tax INTEGER NOT NULL,
    discounts INTEGER NOT NULL,
    refund_count INTEGER NOT NULL,
    refunds INTEGER NOT NULL,
    void_count INTEGER NOT NULL,
    voids INTEGER NOT NULL,
    held INTEGER NOT NULL,
    rounding INTEGER NOT NULL,
    cost INTEGER NOT NULL,
    costed_net INTEGER NOT NULL,
    PRIMARY KEY (business_day, currency)
)
 WITHOUT ROWID,
 STRICT""",
    """CREATE TABLE last_bought (
    product_id TEXT NOT NULL,
    business_day TEXT NOT NULL,
    PRIMARY KEY (product_id)
)
 WITHOUT ROWID,
 STRICT""",
    """CREATE TABLE month_products (
    month TEXT NOT NULL,
    currency TEXT NOT NULL,
    product_id TEXT NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    times INTEGER NOT NULL,
    items INTEGER NOT NULL,
    quantity_micro INTEGER NOT NULL,
    takings INTEGER NOT NULL,
    net INTEGER NOT NULL,
    cost INTEGER NOT NULL,
    costed_net INTEGER NOT NULL,
    PRIMARY KEY (month, currency, product_id, code, name)
)
 WITHOUT ROWID,
 STRICT""",
    """CREATE TABLE watched_facts (
    slot INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    currency TEXT NOT NULL,
    staff TEXT NOT NULL,
    kind TEXT NOT NULL,
    amount INTEGER NOT NULL,
    cart TEXT NOT NULL,
    PRIMARY KEY (slot, seq)
)
 WITHOUT ROWID,
 STRICT""",
)


def upgrade() -> None:
    """Make the tables of the days' sums; they are filled afterwards, bit by bit."""
    for statement in TABLES:
        op.execute(statement)
