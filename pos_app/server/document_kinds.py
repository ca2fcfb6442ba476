"""The sales documents and customers' terms as head office keeps them: things of these types.

The names are those of the till's records, because tills pull and tell the same things.
"""

import json
from collections.abc import Mapping
from typing import Any, TypeVar

from pos_app.domain.credit import CreditTerms
from pos_app.domain.delivery_note import DeliveryNote
from pos_app.domain.invoice import Invoice
from pos_app.domain.order import Order
from pos_app.domain.plain import from_plain
from pos_app.domain.quotation import Quotation
from pos_app.domain.sales_return import SalesReturn

Document = TypeVar("Document", Quotation, Order, DeliveryNote, Invoice, SalesReturn)
AnyDocument = Quotation | Order | DeliveryNote | Invoice | SalesReturn

QUOTATION, ORDER, DELIVERY_NOTE = "quotation", "order", "delivery_note"
INVOICE, SALES_RETURN = "invoice", "sales_return"
NAMES: Mapping[type[Any], str] = {
    Quotation: QUOTATION,
    Order: ORDER,
    DeliveryNote: DELIVERY_NOTE,
    Invoice: INVOICE,
    SalesReturn: SALES_RETURN,
    CreditTerms: "credit_terms",
}
TYPES: Mapping[str, type[AnyDocument]] = {
    QUOTATION: Quotation,
    ORDER: Order,
    DELIVERY_NOTE: DeliveryNote,
    INVOICE: Invoice,
    SALES_RETURN: SalesReturn,
}


def document_of(kind: type[Document], state: str) -> Document:
    """Read a document from the state of its thing (JSON)."""
    return from_plain(kind, json.loads(state)["state"])


def any_document(kind: str, state: str) -> AnyDocument:
    """Read a document of the kind with this name."""
    return from_plain(TYPES[kind], json.loads(state)["state"])


def found_by(document: AnyDocument) -> dict[str, Any]:
    """Return how a till finds the record: its code, its place in lists, whether it is open."""
    place = getattr(document, "sale_id", "")
    return {"code": document.head.number or None, "place": place, "is_open": False}
