"""Ringing up a retailer's history through the till's own checkout, and proving it is all there."""

import secrets
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pos_app.domain.cart import CartLine
from pos_app.domain.customer import Customer
from pos_app.domain.errors import PosError
from pos_app.domain.facts import Fact, FactKind, customer_saved
from pos_app.domain.ids import uuid7
from pos_app.domain.payloads import product_payload
from pos_app.domain.pricing import PricePolicy
from pos_app.domain.product import Product
from pos_app.domain.sale import check_sellable
from pos_app.domain.shop import ShopSettings
from pos_app.services.checkout import Checkout, utc_now
from pos_app.services.product_import import unit_payloads
from pos_app.services.progress import Progress, never, unwatched
from pos_app.services.retail_history.catalogue import Survey, survey
from pos_app.services.retail_history.documents import (
    CANCELLATION,
    DocumentKind,
    HistoryDocument,
    documents_by_day,
    utc,
    zone_of,
)
from pos_app.services.retail_history.lines import HistoryLine, read_history
from pos_app.services.retail_history.links import Links
from pos_app.services.retail_history.reconciliation import Reconciler
from pos_app.services.retail_history.report import NotASale, SalesImportReport, Tally
from pos_app.services.retail_history.ringing import (
    STOCK_REASONS,
    cart_line,
    cart_of,
    moved_mark,
    stock_moves_of,
    tenders_for,
)
from pos_app.spreadsheets.reading import file_sha256

if TYPE_CHECKING:
    from pos_app.store.store import Store
    from pos_app.store.transaction import Transaction

CURRENCY = "GBP"
TIME_ZONE = "Europe/London"
# Documents in one transaction: a kill loses at most these, and the counter waits for no more.
BATCH_DOCUMENTS = 50
BATCH_MASTER_ROWS = 500

_Item = TypeVar("_Item")


class HistoryNeedsAnotherShop(PosError):
    """The shop's documents are in another currency than the file's."""

    sentence = (
        "The file is in {theirs}, and this shop sells in {ours}. Import it into a store of its own."
    )


def history_shop() -> ShopSettings:
    """The settings for the retailer's history: pounds, prices before tax, London time."""
    return ShopSettings(
        name="Online Retail",
        country="GB",
        policy=PricePolicy(CURRENCY, prices_include_tax=False),
        time_zone=TIME_ZONE,
    )


def import_sales(
    store: "Store",
    path: Path,
    now: Callable[[], datetime] = utc_now,
    on_progress: Progress = unwatched,
    cancelled: Callable[[], bool] = never,
    staff: str = "1",
) -> SalesImportReport:
    """Ring up every invoice of the file and reconcile file and store to the last digit.

    Documents get the file's time and business day, the till's own gapless numbers, and the
    file's number as a note; their ids are made from the file's, so that a second run, or one
    after a kill, goes on where the first stopped. `on_progress` is told lines done and lines in
    the file. Raises FileMissing, FileUnreadable, FileIsEmpty, NotATable, HistoryColumnsMissing,
    HistoryEncodingWrong or HistoryDamaged before anything is written, HistoryNeedsAnotherShop,
    or a refusal of the store.
    """
    shop = store.settings.shop()
    if shop.policy.currency != CURRENCY:
        raise HistoryNeedsAnotherShop(theirs=CURRENCY, ours=shop.policy.currency)
    store.read_unmapped()
    started = time.monotonic()
    surveyed = survey(read_history(path))
    run = _Run(store, now, staff, shop, surveyed, path)
    products_added = run.save_products()
    customers_added = run.save_customers()
    run.ring_up(_in_day_order(path, surveyed), on_progress, cancelled)
    with store.reader() as reader:
        reader.read_unmapped()
        reconciled = Reconciler(reader).reconcile(_in_day_order(path, surveyed))
    kinds = run.tally.kinds
    return SalesImportReport(
        file=path.name,
        lines=surveyed.line_count,
        invoices=kinds[DocumentKind.SALE],
        returns=kinds[DocumentKind.RETURN],
        adjustments=kinds[DocumentKind.ADJUSTMENT],
        stock_documents=kinds[DocumentKind.STOCK],
        cancellations=run.tally.cancellations,
        refused=run.tally.refused,
        skipped=run.tally.skipped,
        linked_return_lines=run.tally.linked,
        unlinked_return_lines=run.tally.unlinked,
        products_added=products_added,
        customers_added=customers_added,
        named=tuple(run.tally.named),
        reconciliation=reconciled,
        seconds=time.monotonic() - started,
    )


class _Run:
    """One run over one file: who sells what to whom, and what was counted so far."""

    def __init__(
        self,
        store: "Store",
        now: Callable[[], datetime],
        staff: str,
        shop: ShopSettings,
        surveyed: Survey,
        path: Path,
    ) -> None:
        self._source = {"file": path.name, "sha256": file_sha256(path)}
        self._store = store
        self._now = now
        self._staff = staff
        self._shop = shop
        self._survey = surveyed
        self._zone = zone_of(shop)
        self._policy = PricePolicy(
            CURRENCY,
            prices_include_tax=False,
            tax_rounding=shop.policy.tax_rounding,
            rounding=shop.policy.rounding,
        )
        self._checkout = Checkout(store, now, staff)
        self._products: dict[str, Product] = {}
        self._customers: dict[str, Customer] = {}
        self._moved = store.stock.notes(*STOCK_REASONS)
        self.tally = Tally()

    def save_products(self) -> int:
        """Take every product of the file that the shop does not know into its catalogue."""
        added = 0
        for keys in _batches(iter(self._survey.products), BATCH_MASTER_ROWS):
            with self._store.transaction() as tx:
                new = [product for key in keys if (product := self._new_product(tx, key))]
                if new:
                    tx.products.save_many(new)
                    payload = self._source | {
                        "units": unit_payloads(product.unit for product in new),
                        "products": [product_payload(product) for product in new],
                    }
                    fact = Fact(FactKind.PRODUCTS_IMPORTED, payload)
                    tx.journal.append(fact, self._now(), self._staff)
            added += len(new)
        return added

    def save_customers(self) -> int:
        """Take every customer number of the file that the shop does not know."""
        added = 0
        for numbers in _batches(iter(self._survey.customers), BATCH_MASTER_ROWS):
            with self._store.transaction() as tx:
                added += sum(self._save_customer(tx, number) for number in numbers)
        return added

    def ring_up(
        self, lines: Iterator[HistoryLine], on_progress: Progress, cancelled: Callable[[], bool]
    ) -> None:
        """Ring up document after document, some dozens in one transaction."""
        done = 0
        total = self._survey.line_count

        def counted() -> Iterator[HistoryLine]:
            for line in lines:
                if line.refusal is not None:
                    self.tally.refuse(line, line.refusal)
                yield line

        for day in documents_by_day(counted()):
            for batch in _batches(iter(day), BATCH_DOCUMENTS):
                if cancelled():
                    return
                with self._store.transaction() as tx:
                    for document in batch:
                        self._take(tx, document)
                done += sum(len(document.lines) for document in batch)
                on_progress(done, total)
        on_progress(total, total)

    def _take(self, tx: "Transaction", document: HistoryDocument) -> None:
        kind = document.kind
        self.tally.kinds[kind] += 1
        self.tally.cancellations += document.invoice.upper().startswith(CANCELLATION)
        is_stock = kind is DocumentKind.STOCK
        mark = moved_mark(document, self._zone)
        is_known = mark in self._moved if is_stock else tx.sales.has(document.id)
        self.tally.skipped += is_known
        if is_stock:
            self._move_stock(tx, document, is_known)
            return
        cart_lines = [] if is_known else self._cart_lines(tx, document)
        self._name_lines(tx, document, cart_lines)
        if is_known:
            return
        customer = self._customers.get(document.customer)
        cart = cart_of(document, cart_lines, customer, self._policy)
        priced = check_sellable(cart)
        tenders = tenders_for(document, priced.gross)
        at = utc(document.at, self._zone)
        self._checkout.complete_in(tx, cart, tenders, priced=priced, at=at)

    def _cart_lines(self, tx: "Transaction", document: HistoryDocument) -> list[CartLine]:
        numbered = [(n, line, self._products[line.key]) for n, line in enumerate(document.lines, 1)]
        if document.kind is not DocumentKind.RETURN:
            return [cart_line(line, product, n) for n, line, product in numbered]
        customer = self._customers.get(document.customer)
        links = Links(tx, customer, utc(document.at, self._zone))
        return [links.returned_line(line, product, n) for n, line, product in numbered]

    def _move_stock(self, tx: "Transaction", document: HistoryDocument, is_known: bool) -> None:
        for line in document.lines:
            what = NotASale.WRITE_OFF if line.quantity < 0 else NotASale.FOUND
            self.tally.name(line, what, f"{what.value} ({line.description or 'no remark'})")
        if is_known:
            return
        moves = stock_moves_of(document, self._products, self._shop.location)
        at = utc(document.at, self._zone)
        self._checkout.move_stock_in(tx, moves, at)

    def _name_lines(
        self, tx: "Transaction", document: HistoryDocument, cart_lines: list[CartLine]
    ) -> None:
        """Name the lines that are no line of a sale or of a linked return."""
        if document.kind is DocumentKind.ADJUSTMENT:
            for line in document.lines:
                unpriced = line.price == 0 and not document.customer
                self.tally.name(line, NotASale.UNPRICED if unpriced else NotASale.BOOKED)
        if document.kind is not DocumentKind.RETURN:
            return
        if cart_lines:
            links = [line.returns for line in cart_lines]
        else:  # rung up by an earlier run: what it decided stands in the store
            known = tx.sales.get(document.id)
            links = [line.returns for line in known.lines] if known else []
        for line, returns in zip(document.lines, links, strict=False):
            if returns is not None and returns.sale_id is not None:
                self.tally.linked += 1
            else:
                self.tally.unlinked += 1
                why = returns.reason if returns else ""
                self.tally.name(line, NotASale.UNLINKED_RETURN, why)

    def _new_product(self, tx: "Transaction", key: str) -> Product | None:
        """Look a product of the file up; what the shop does not have is returned to be saved."""
        seen = self._survey.products[key]
        known = tx.products.find(seen.code)
        if known is not None:
            self._products[key] = known
            return None
        product = Product(
            id=self._new_id(),
            code=seen.code,
            name=seen.name,
            price=seen.price,
            kind=seen.kind,
            taxes=seen.taxes,
        )
        self._products[key] = product
        return product

    def _save_customer(self, tx: "Transaction", number: str) -> bool:
        known = tx.customers.find(number)
        if known is None:
            country = self._survey.customers[number]
            known = Customer(self._new_id(), number, f"Customer {number}", country=country)
            tx.customers.save(known)
            tx.journal.append(customer_saved(known), self._now(), self._staff)
            self._customers[number] = known
            return True
        self._customers[number] = known
        return False

    def _new_id(self) -> str:
        return uuid7(int(self._now().timestamp() * 1000), secrets.randbits(74))


def _in_day_order(path: Path, surveyed: Survey) -> Iterator[HistoryLine]:
    """Read the file; one that is not in day order, as no till writes it, is sorted in memory."""
    if surveyed.is_in_day_order:
        return read_history(path)
    return iter(sorted(read_history(path), key=lambda line: line.at.date()))


def _batches(items: Iterator[_Item], size: int) -> Iterator[list[_Item]]:
    while batch := list(islice(items, size)):
        yield batch
