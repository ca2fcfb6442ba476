"""Customers whose records became one: what each is known by, and where one that went is found."""

import json

from sqlalchemy import Connection, select

from pos_app.server.tables import things
from pos_app.server.thing_rows import load_things

MERGE = "customer_merge"


def survivor_id(connection: Connection, company_id: str, customer_id: str) -> str:
    """Return the id of the customer that one was merged into, or their own."""
    seen: set[str] = set()
    while customer_id not in seen:
        seen.add(customer_id)
        key = MERGE, customer_id
        row = load_things(connection, company_id, [key]).get(key)
        if row is None:
            break
        customer_id = str(json.loads(row.state)["state"]["survivor_id"])
    return customer_id


def members_of(connection: Connection, company_id: str, customer_id: str) -> list[str]:
    """Return a customer's id and those of all that were merged into it, also by way of others."""
    rows = connection.execute(
        select(things.c.state).where(things.c.company_id == company_id, things.c.kind == MERGE)
    )
    merges = [json.loads(row.state)["state"] for row in rows]
    found = [customer_id]
    for member in found:  # grows while it is read
        found += [
            merge["merged_id"]
            for merge in merges
            if merge["survivor_id"] == member and merge["merged_id"] not in found
        ]
    return found
