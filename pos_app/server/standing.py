"""What stands at head office, for who only looks: nothing is held and nothing changed."""

import json
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from pos_app.domain.credit import CreditTerms
from pos_app.domain.plain import from_plain
from pos_app.server.companies import shop_of
from pos_app.server.document_kinds import NAMES, Document, document_of
from pos_app.server.listed import ListedRow, ListFilter, page
from pos_app.server.office_desk import CustomerUnknown, DocumentUnknown
from pos_app.server.thing_kinds import CREDIT_TERMS, CUSTOMER
from pos_app.server.thing_rows import ThingRow, load_things


def standing_document(
    connection: Connection, company_id: str, kind: type[Document], document_id: str
) -> Document:
    """Return a document as it stands; raises DocumentUnknown, for a deleted one too."""
    row = standing_row(connection, company_id, NAMES[kind], document_id)
    found = None if row is None else document_of(kind, row.state)
    if found is None or found.state.value == "deleted":
        raise DocumentUnknown(id=document_id)
    return found


def standing_customer(
    connection: Connection, company_id: str, customer_id: str
) -> tuple[ListedRow, ThingRow]:
    """Return a customer as it stands, with who made it; raises CustomerUnknown."""
    chosen = ListFilter(equal={"id": customer_id})
    is_possible = bool(customer_id) and "\0" not in customer_id
    found = page(connection, company_id, CUSTOMER, chosen, 1, 1).rows if is_possible else []
    if not found:
        raise CustomerUnknown(id=customer_id)
    return found[0]


def standing_terms(connection: Connection, company_id: str, customer_id: str) -> CreditTerms:
    """Return what is agreed with a customer; empty terms where nothing is."""
    row = standing_row(connection, company_id, CREDIT_TERMS, customer_id)
    if row is None:
        return CreditTerms(customer_id)
    return from_plain(CreditTerms, json.loads(row.state)["state"])


def standing_row(
    connection: Connection, company_id: str, kind: str, thing_id: str
) -> ThingRow | None:
    """Return a thing of any kind as it stands, or None."""
    if not thing_id or "\0" in thing_id:
        return None
    return load_things(connection, company_id, [(kind, thing_id)]).get((kind, thing_id))


def zone_of(connection: Connection, company_id: str, shop: str) -> ZoneInfo:
    """Return the time zone of a shop; raises ShopUnknown."""
    return ZoneInfo(shop_of(connection, company_id, shop).time_zone)
