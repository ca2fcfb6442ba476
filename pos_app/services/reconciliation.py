"""A till's own sales as a feed would tell them, held against somebody else's feed of the same."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from pos_app.domain import sales_feed
from pos_app.domain.document_settings import Series, prefix_of
from pos_app.domain.invoice import InvoiceState
from pos_app.domain.money import Money, total
from pos_app.domain.payment import TenderMethod
from pos_app.domain.reconciliation import Period, Reconciliation, reconcile
from pos_app.domain.sale import Sale
from pos_app.domain.sales_feed import FeedDocument, reference_of
from pos_app.services.document_records import INVOICE, SALES_RETURN
from pos_app.services.invoiced_sales import invoices_of_sale
from pos_app.store.documents import DocumentFilter
from pos_app.store.remotes import HEAD_OFFICE

if TYPE_CHECKING:
    from pos_app.store.store import Store

__all__ = ["Period", "own_documents", "reconcile_till"]

# What a feed puts behind a number that two documents have.
_TOLD_APART = re.compile(r" \((\d+|invoice|credit note)\)$")
_NOT_ISSUED = (InvoiceState.DRAFT, InvoiceState.DELETED)
# From here head office numbers where the first till writes numbers of the same form.
_OFFICE_SERIAL = 5001


def reconcile_till(
    store: "Store",
    theirs: Iterable[FeedDocument],
    period: Period,
    *,
    counts_others: bool = False,
) -> Reconciliation:
    """Compare the sales in a till's store with a feed.

    A document that either side dates within the period is compared, so that a wrong day shows as
    one. What other tills and head office made is told as missing only with `counts_others`.
    """
    ours = {one.reference: one for one in own_documents(store, period)}
    chosen = []
    for one in _of_own_shop(store, theirs):
        if one.reference not in ours and period.holds(one.day):
            own = _document_numbered(store, one.reference)
            if own is not None:
                ours[one.reference] = own
            elif not counts_others and not _is_of_this_till(store, one.reference):
                continue
        if one.reference in ours or period.holds(one.day):
            chosen.append(one)
    return reconcile(ours.values(), chosen)


def _of_own_shop(store: "Store", theirs: Iterable[FeedDocument]) -> Iterator[FeedDocument]:
    """Yield a feed's documents by the numbers of this shop; see `sales_feed.reference_of`.

    Where head office puts this shop's code before its numbers, those without belong to another.
    """
    documents = list(theirs)
    shop = store.remotes.value(HEAD_OFFICE, "shop")
    mark = reference_of("", shop, "")
    if not shop or not any(one.reference.startswith(mark) for one in documents):
        yield from documents
        return
    for one in documents:
        is_own = one.reference.startswith(mark)
        reference = one.reference.removeprefix(mark) if is_own else f"/{one.reference}"
        yield replace(one, reference=reference)


def own_documents(store: "Store", period: Period) -> Iterator[FeedDocument]:
    """Yield what a till sold in a period as a feed tells it: receipts, invoices, credit notes."""
    for sale in store.sales.between(period.first, period.last):
        yield from _told(_of_sale(store, sale))
    chosen = DocumentFilter(day_from=period.first, day_to=period.last)
    for listed in store.documents.stream(INVOICE.name, chosen):
        invoice = store.records.get(INVOICE, listed.id)
        yield from _told(None if invoice is None else sales_feed.of_invoice(invoice))
    for listed in store.documents.stream(SALES_RETURN.name, chosen):
        note = store.records.get(SALES_RETURN, listed.id)
        yield from _told(None if note is None else sales_feed.of_credit_note(note))


def _told(document: FeedDocument | None) -> tuple[FeedDocument, ...]:
    return () if document is None else (document,)


def _of_sale(store: "Store", sale: Sale) -> FeedDocument | None:
    """Return a receipt; of one on account without an invoice a till cannot say what is owed.

    Other tills took money for the customer's account too, and it pays the earliest sale first.
    """
    charged = sum(
        tender.amount.minor
        for tender in sale.tenders
        if tender.method is TenderMethod.ON_ACCOUNT and tender.amount.minor > 0
    )
    if not charged:
        return sales_feed.of_sale(sale, Money(0, sale.currency))
    invoices = [one for one in invoices_of_sale(store, sale.id) if one.state not in _NOT_ISSUED]
    if not invoices:
        return sales_feed.of_sale(sale, None)
    owed = total((one.balance for one in invoices), sale.currency)
    return sales_feed.of_sale(sale, owed, invoices[-1].due)


def _document_numbered(store: "Store", number: str) -> FeedDocument | None:
    sale = store.sales.by_number(number)
    if sale is not None:
        return _of_sale(store, sale)
    invoice = store.records.by_code(INVOICE, number)
    if invoice is not None:
        return sales_feed.of_invoice(invoice)
    note = store.records.by_code(SALES_RETURN, number)
    return None if note is None else sales_feed.of_credit_note(note)


def _is_of_this_till(store: "Store", reference: str) -> bool:
    """Whether a number is of a series that this till writes, in whatever epoch."""
    shop, till = store.settings.shop(), re.escape(store.identity.till)
    reference = _TOLD_APART.sub("", reference)
    if re.fullmatch(rf"{re.escape(shop.number_prefix)}{till}(\.\d+)?-\d{{6,}}", reference):
        return True
    for series in (Series.INVOICE, Series.RETURN):
        prefix = re.escape(prefix_of(shop.documents, series))
        if re.fullmatch(rf"{prefix}{till}(\.\d+)?-\d{{10,}}", reference):
            return True
        plain = re.fullmatch(rf"{prefix}\d{{6}}(\d{{4,}})", reference)
        if plain and store.identity.till == "1" and int(plain.group(1)) < _OFFICE_SERIAL:
            return True
    return False
