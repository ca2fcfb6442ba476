"""All use cases of sales documents over one counter."""

from dataclasses import dataclass

from pos_app.services.delivery_notes import DeliveryNotes
from pos_app.services.document_desk import Counter
from pos_app.services.invoicing import Invoicing
from pos_app.services.orders import Orders
from pos_app.services.quotations import Quotations
from pos_app.services.sales_returns import SalesReturns
from pos_app.services.till_documents import TillDocuments


@dataclass(frozen=True, slots=True)
class DocumentUseCases:
    """What the document screens can do."""

    quotations: Quotations
    orders: Orders
    deliveries: DeliveryNotes
    invoicing: Invoicing
    returns: SalesReturns
    till: TillDocuments


def document_use_cases(counter: Counter) -> DocumentUseCases:
    """Return the use cases of documents that are made at a counter."""
    return DocumentUseCases(
        Quotations(counter),
        Orders(counter),
        DeliveryNotes(counter),
        Invoicing(counter),
        SalesReturns(counter),
        TillDocuments(counter),
    )
