"""What an entry of the journal has to tell a foreign server: the things in it, as they were then.

Which of them go where is the dialect's business. What came from head office is not told on: a
customer who did comes along with the first document that names them.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pos_app.domain.cart import SaleKind
from pos_app.domain.customer import Customer
from pos_app.domain.facts import FactKind
from pos_app.domain.invoice import Invoice
from pos_app.domain.journal import JournalEntry
from pos_app.domain.payload_reading import customer_of
from pos_app.domain.plain import from_plain
from pos_app.domain.product import ProductKind
from pos_app.domain.sale import Sale
from pos_app.services.customer_records import CUSTOMER_ERASURE
from pos_app.services.document_records import (
    DELIVERY_NOTE,
    INVOICE,
    ORDER,
    QUOTATION,
    SALES_RETURN,
)
from pos_app.services.time_zones import shop_zone
from pos_app.store.base_revision import RECEIVED
from pos_app.sync.dialect import Carried, Outgoing

if TYPE_CHECKING:
    from pos_app.store.store import Store

Told = Mapping[str, Any]
_KIND_OF_SALE = {SaleKind.SALE: Carried.SALE, SaleKind.VOID: Carried.VOID}


def things_of(entry: JournalEntry, store: "Store") -> tuple[Outgoing, ...]:
    """Return what an entry tells, in its order; nothing of kinds that no foreign server hears.

    Raises what reading a damaged payload raises (`domain.plain.UNREADABLE`).
    """
    reader = _READERS.get(entry.kind)
    if reader is None:
        return ()
    told = json.loads(entry.payload)
    return () if RECEIVED in told else reader(entry, told, store)


def _sale(entry: JournalEntry, told: Told, store: "Store") -> tuple[Outgoing, ...]:
    sale = store.sales.get(told["id"])
    if sale is None or all(line.kind is ProductKind.INVOICE_PAYMENT for line in sale.lines):
        return ()  # what is paid on invoices is told by the invoices
    kind = _KIND_OF_SALE.get(sale.kind, Carried.RETURN)
    before = _before(sale, store)
    # A moment without the shop's zone would stand under another day over there.
    at = sale.stamp.at.astimezone(shop_zone(store.settings.shop().time_zone))
    return (Outgoing(kind, sale.id, sale.number, at, sale, before=before, entry=entry.id),)


def _before(sale: Sale, store: "Store") -> Sale | None:
    """Return the sale that a void or a return goes back to, where it is known."""
    returned = (line.returns.sale_id for line in sale.lines if line.returns is not None)
    origin = sale.voids or next((sale_id for sale_id in returned if sale_id), None)
    return store.sales.get(origin) if origin else None


def _customer(entry: JournalEntry, told: Told, store: "Store") -> tuple[Outgoing, ...]:
    customer = _unerased(customer_of(told), store)
    return (
        Outgoing(
            Carried.CUSTOMER,
            customer.id,
            customer.number,
            datetime.fromisoformat(entry.at),
            customer,
            action="save",
            entry=entry.id,
        ),
    )


def _customers(entry: JournalEntry, told: Told, store: "Store") -> tuple[Outgoing, ...]:
    return tuple(
        replace(thing, action="import")
        for one in told.get("customers", ())
        for thing in _customer(entry, one, store)
    )


def _unerased(customer: Customer, store: "Store") -> Customer:
    """Return a customer as told, or as they are now where the person was erased since."""
    if store.records.get(CUSTOMER_ERASURE, customer.id) is None:
        return customer
    return store.customers.get(customer.id) or Customer(customer.id, customer.number, "")


def _document(kind: Carried, record: Any) -> "Reader":
    def read(entry: JournalEntry, told: Told, _store: "Store") -> tuple[Outgoing, ...]:
        document = from_plain(record.type, told["state"])
        if isinstance(document, Invoice) and not document.head.number:
            return ()  # a draft is nobody's business yet
        head = document.head
        return (
            Outgoing(
                kind,
                head.id,
                head.number,
                datetime.fromisoformat(entry.at),
                document,
                action=told.get("action", "create"),
                entry=entry.id,
            ),
        )

    return read


Reader = Callable[[JournalEntry, Told, "Store"], tuple[Outgoing, ...]]
_READERS: dict[str, Reader] = {
    FactKind.SALE_COMPLETED.value: _sale,
    FactKind.CUSTOMER_SAVED.value: _customer,
    FactKind.CUSTOMERS_IMPORTED.value: _customers,
    FactKind.QUOTATION_SAVED.value: _document(Carried.QUOTATION, QUOTATION),
    FactKind.ORDER_SAVED.value: _document(Carried.ORDER, ORDER),
    FactKind.DELIVERY_NOTE_SAVED.value: _document(Carried.DELIVERY, DELIVERY_NOTE),
    FactKind.INVOICE_ISSUED.value: _document(Carried.INVOICE, INVOICE),
    FactKind.INVOICE_SAVED.value: _document(Carried.INVOICE, INVOICE),
    FactKind.INVOICE_CREDITED.value: _document(Carried.INVOICE, INVOICE),
    FactKind.INVOICE_PAID.value: _document(Carried.PAYMENT, INVOICE),
    FactKind.GOODS_TAKEN_BACK.value: _document(Carried.SALES_RETURN, SALES_RETURN),
}
TOLD_KINDS = tuple(FactKind(kind) for kind in _READERS)
