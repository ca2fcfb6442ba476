"""Documents that head office may change: those that it wrote itself, for the same shop.

A till's delivery or return is the till's own business: nobody pulls it, and what the till says of
it next would stand.
"""

from sqlalchemy import Connection

from pos_app.domain.errors import PosError
from pos_app.server.companies import list_shops
from pos_app.server.own_journal import own_till_id
from pos_app.server.thing_rows import ThingRow, load_things

SHOPS_MOST = 10_000


class MadeElsewhere(PosError):
    """A delivery or return that a till or another shop wrote."""

    sentence = "{number} was written at {place}. Change or delete it there."


def check_own(
    connection: Connection, company_id: str, shop: str, kind: str, document_id: str, number: str
) -> None:
    """Refuse what head office did not write for this shop; raises MadeElsewhere."""
    row = load_things(connection, company_id, [(kind, document_id)]).get((kind, document_id))
    if row is not None and row.till_id != own_till_id(shop):
        raise MadeElsewhere(number=number, place=_place(connection, company_id, row))


def _place(connection: Connection, company_id: str, row: ThingRow) -> str:
    """Return where a document was written: a till, or head office for another shop."""
    shops = list_shops(connection, company_id, "", SHOPS_MOST)
    own = next((one.code for one in shops if own_till_id(one.code) == row.till_id), None)
    return row.by if own is None else f"head office for {own}"
