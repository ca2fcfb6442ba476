"""Values that gave way when two sides changed the same thing: kept, and shown to people."""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from pos_app.server.tables import quarrels


@dataclass(frozen=True, slots=True)
class Quarrel:
    """What gave way of a thing: `lost` names each field with the value kept and the one lost."""

    id: str
    kind: str
    thing_id: str
    revision: int
    lost: list[dict[str, Any]]
    by: str
    at: str
    state: str


def list_quarrels(
    connection: Connection, company_id: str, before: str, limit: int
) -> list[Quarrel]:
    """Return quarrels, the latest first; `before` is the id of the last one seen."""
    found = select(quarrels).where(quarrels.c.company_id == company_id)
    if before:
        found = found.where(quarrels.c.id < before)
    rows = connection.execute(found.order_by(quarrels.c.id.desc()).limit(limit)).mappings()
    return [
        Quarrel(
            row["id"],
            row["kind"],
            row["thing_id"],
            row["revision"],
            json.loads(row["lost"]),
            row["by"],
            row["at"],
            row["state"],
        )
        for row in rows
    ]
