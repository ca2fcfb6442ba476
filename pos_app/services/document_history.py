"""What happened to a sales document, as the journal tells it: who did what, and when."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from pos_app.domain.facts import FactKind
from pos_app.services.document_desk import Document
from pos_app.services.document_records import (
    DELIVERY_NOTE,
    INVOICE,
    ORDER,
    QUOTATION,
    SALES_RETURN,
)
from pos_app.services.staff_records import STAFF
from pos_app.store.records import RecordKind

if TYPE_CHECKING:
    from pos_app.store.store import Store

MOST = 500
_FACTS = {
    QUOTATION.name: (FactKind.QUOTATION_SAVED,),
    ORDER.name: (FactKind.ORDER_SAVED,),
    DELIVERY_NOTE.name: (FactKind.DELIVERY_NOTE_SAVED,),
    SALES_RETURN.name: (FactKind.GOODS_TAKEN_BACK,),
    INVOICE.name: (
        FactKind.INVOICE_SAVED,
        FactKind.INVOICE_ISSUED,
        FactKind.INVOICE_PAID,
        FactKind.INVOICE_CREDITED,
        FactKind.INVOICE_REMINDED,
    ),
}


@dataclass(frozen=True, slots=True)
class DocumentEvent:
    """One change: when (UTC), by whom, and the action; the first one is `create`."""

    at: datetime
    staff: str
    action: str
    state: str


def history_of(
    store: "Store", kind: RecordKind[Document], document: Document
) -> tuple[DocumentEvent, ...]:
    """Return what happened to a document, the latest first; reads a part of the journal.

    Each change made one version more, so that no more is read than goes back to the first.
    """
    wanted = min(document.head.version, MOST)
    entries = store.journal.states_of(kind.name, document.head.id, _FACTS[kind.name], wanted)
    names: dict[str, str] = {}
    found = []
    for entry in entries:
        told = json.loads(entry.payload)
        if told["record"] != kind.name or told["id"] != document.head.id:
            continue
        if entry.staff not in names:
            names[entry.staff] = staff_name(store, entry.staff)
        found.append(
            DocumentEvent(
                datetime.fromisoformat(entry.at),
                names[entry.staff],
                told.get("action", "create"),
                told["state"].get("state", ""),
            )
        )
    return tuple(found)


def staff_name(store: "Store", code: str) -> str:
    """Return the name of whoever has a code, or the code where the shop has no such staff."""
    member = store.records.by_code(STAFF, code.casefold())
    return code if member is None else member.name
