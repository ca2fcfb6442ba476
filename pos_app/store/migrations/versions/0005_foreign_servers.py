"""Foreign servers: what they call our things, what may have arrived there, what waits."""

from alembic import op

revision = "0005"
down_revision = "0004"

TABLES = (
    """CREATE TABLE attempts (
    remote TEXT NOT NULL,
    "key" TEXT NOT NULL,
    at TEXT NOT NULL,
    asked TEXT NOT NULL,
    PRIMARY KEY (remote, "key")
)
 WITHOUT ROWID,
 STRICT""",
    """CREATE TABLE held_steps (
    remote TEXT NOT NULL,
    id TEXT NOT NULL,
    "key" TEXT NOT NULL,
    number TEXT NOT NULL,
    names TEXT NOT NULL,
    PRIMARY KEY (remote, id)
)
 WITHOUT ROWID,
 STRICT""",
    """CREATE TABLE remote_ids (
    remote TEXT NOT NULL,
    "key" TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (remote, "key", name)
)
 WITHOUT ROWID,
 STRICT""",
    """CREATE INDEX held_steps_by_key ON held_steps (remote, "key")""",
    """CREATE INDEX remote_ids_by_value ON remote_ids (remote, value, name)""",
)


def upgrade() -> None:
    """Make the tables of what a till knows of foreign servers."""
    for statement in TABLES:
        op.execute(statement)
