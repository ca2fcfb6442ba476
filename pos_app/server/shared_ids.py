"""Deliveries and returns under the ids that they have themselves, for a migration.

Head office once told them apart by till, as it does with what is a till's own business.
"""

from sqlalchemy import Connection, select, text, update

from pos_app.server.document_kinds import DELIVERY_NOTE, SALES_RETURN
from pos_app.server.tables import doors, things


def share_ids(connection: Connection) -> None:
    """Take the till's id from the ids of deliveries and returns, of every company."""
    company_ids = connection.scalars(select(doors.c.company_id).distinct()).all()
    for company_id in company_ids:
        if connection.dialect.name == "postgresql":
            entering = text("SELECT set_config('pos_app.company', :company, true)")
            connection.execute(entering, {"company": company_id})
        for kind in (DELIVERY_NOTE, SALES_RETURN):
            _share_ids(connection, company_id, kind)


def _share_ids(connection: Connection, company_id: str, kind: str) -> None:
    mine = (things.c.company_id == company_id, things.c.kind == kind)
    rows = connection.execute(select(things.c.id, things.c.till_id).where(*mine)).all()
    taken = {row.id for row in rows}
    for row in rows:
        own = row.id.removeprefix(f"{row.till_id} ")
        if own not in taken:  # a copied till told it twice: the first has the id
            taken.add(own)
            named = update(things).where(*mine, things.c.id == row.id)
            connection.execute(named.values(id=own))
