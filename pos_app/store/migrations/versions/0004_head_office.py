"""Head office: what a till knows of its remotes, and what came from there."""

from alembic import op

revision = "0004"
down_revision = "0003"

TABLES = (
    """CREATE TABLE remote_values (
    remote TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (remote, name)
)
 WITHOUT ROWID,
 STRICT""",
    """CREATE TABLE received (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    lost TEXT NOT NULL,
    PRIMARY KEY (kind, id)
)
 WITHOUT ROWID,
 STRICT""",
    """CREATE TABLE waiting_things (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    thing TEXT NOT NULL,
    PRIMARY KEY (kind, id)
)
 WITHOUT ROWID,
 STRICT""",
    """CREATE TABLE elsewhere (
    product_id TEXT NOT NULL,
    location TEXT NOT NULL,
    till TEXT NOT NULL,
    quantity_micro INTEGER NOT NULL,
    heard_at TEXT NOT NULL,
    PRIMARY KEY (product_id, location, till)
)
 WITHOUT ROWID,
 STRICT""",
    """CREATE TABLE refusals (
    remote TEXT NOT NULL,
    id TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    kind TEXT NOT NULL,
    at TEXT NOT NULL,
    reason TEXT NOT NULL,
    remedy TEXT NOT NULL,
    is_settled INTEGER NOT NULL,
    PRIMARY KEY (remote, id),
    CONSTRAINT refusals_is_settled_is_flag CHECK (is_settled IN (0, 1))
)
 WITHOUT ROWID,
 STRICT""",
    """CREATE TABLE sync_log (
    "row" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    remote TEXT NOT NULL,
    at TEXT NOT NULL,
    level TEXT NOT NULL,
    text TEXT NOT NULL
)
 STRICT""",
)


def upgrade() -> None:
    """Make the tables of what a till knows of its remotes."""
    for statement in TABLES:
        op.execute(statement)
