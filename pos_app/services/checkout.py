"""Selling: from a scanned code to a document that is durable before anyone says "paid"."""

import hashlib
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from pos_app.domain import cart as carts
from pos_app.domain import facts
from pos_app.domain.barcode import (
    Barcode,
    BarcodeKind,
    BarcodesRunTogether,
    parse_barcode,
    unknown_barcode,
)
from pos_app.domain.cart import Cart, SaleKind
from pos_app.domain.customer import Customer
from pos_app.domain.errors import PosError
from pos_app.domain.ids import uuid7
from pos_app.domain.payment import TenderRequest
from pos_app.domain.pricing import Priced
from pos_app.domain.product import Category, Product
from pos_app.domain.receipt_code import parse_receipt_qr
from pos_app.domain.return_ import check_still_returnable
from pos_app.domain.sale import Sale, Stamp, check_sellable, complete, stock_moves
from pos_app.domain.shop import ShopSettings
from pos_app.domain.stock import StockMove
from pos_app.domain.tax import taxes_of_unknown
from pos_app.services.scale_labels import embedded_patterns, priced_label
from pos_app.services.time_zones import shop_zone

if TYPE_CHECKING:
    from pos_app.store.parked import ParkedSale
    from pos_app.store.products import Found
    from pos_app.store.store import Store
    from pos_app.store.transaction import Transaction

Clock = Callable[[], datetime]
KeepReceipt = Callable[["Transaction", Sale, datetime], None]
SALE_SERIES = "sale"


class Outcome(StrEnum):
    """What a scan turned out to be."""

    FOUND = "found"
    UNKNOWN = "unknown"
    CUSTOMER = "customer"
    RECEIPT = "receipt"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Scanned:
    """The cart after a scan, the lines it touched, and what to tell the cashier (may be empty)."""

    cart: Cart
    line_ids: tuple[int, ...]
    outcome: Outcome
    refusal: PosError | None = None
    receipt_number: str = ""


class Checkout:
    """The counter's use cases; every write is one transaction of `store`.

    `keep_receipt` puts the receipt of a finished sale into the same transaction, so that no crash
    can part them.
    """

    def __init__(
        self,
        store: "Store",
        now: Clock,
        staff: str = "1",
        keep_receipt: KeepReceipt | None = None,
    ) -> None:
        self._store = store
        self._now = now
        self._keep_receipt = keep_receipt
        self.staff = staff
        self._shop = store.settings.shop()
        self._patterns = embedded_patterns(self._shop)

    @property
    def shop(self) -> ShopSettings:
        """The settings in force."""
        return self._shop

    def reload_settings(self) -> None:
        """Read the shop's settings again after somebody changed them."""
        self._shop = self._store.settings.shop()
        self._patterns = embedded_patterns(self._shop)

    def new_cart(self, kind: SaleKind = SaleKind.SALE) -> Cart:
        """Start an empty document under the shop's present price policy."""
        return Cart(
            id=uuid7(int(self._now().timestamp() * 1000), secrets.randbits(74)),
            policy=self._shop.policy,
            kind=kind,
            cash_rounding=self._shop.cash_rounding,
        )

    def scan(self, cart: Cart, code: str, quantity: Decimal = Decimal(1)) -> Scanned:
        """Put what was scanned into the cart.

        Never raises for a code: an unknown one becomes an unpriced line, a damaged one is told
        by `refusal`, a customer's card chooses the customer, and two scans run together count
        as two.
        """
        try:
            barcode = parse_barcode(code, self._patterns, self._now().date())
        except BarcodesRunTogether as together:
            return self._scan_together(cart, code.strip(), together.codes, quantity)
        except PosError as refusal:
            return Scanned(cart, (), Outcome.REFUSED, refusal)
        return self._scan_one(cart, barcode, quantity)

    def add(
        self,
        cart: Cart,
        product_id: str,
        quantity: Decimal = Decimal(1),
        unit_price: Decimal | None = None,
    ) -> Cart:
        """Put a chosen product into the cart."""
        product = self._store.products.get(product_id)
        if product is None:
            raise carts.NoSuchLine()
        return carts.add_product(cart, product, quantity, unit_price)

    def search(self, text: str, limit: int = 30) -> list["Found"]:
        """Find products by name, code or part of either, best first."""
        return self._store.products.search(text, limit)

    def tiles(self, category_id: str | None, limit: int = 200) -> list[Product]:
        """Return the products of one category's tiles, or the favourites of all."""
        return self._store.products.tiles(category_id, limit)

    def categories(self) -> list[Category]:
        """Return the groups of products in the shop's order."""
        return self._store.products.categories()

    def find_customers(self, text: str, limit: int = 30) -> list[Customer]:
        """Find customers by number, name, phone or part of them."""
        return self._store.customers.search(text, limit)

    def remove(self, cart: Cart, line_id: int) -> Cart:
        """Take a line out and write down that it was taken out."""
        line = cart.line(line_id)
        smaller = carts.remove_line(cart, line_id)
        self._write(facts.line_removed(cart, line), draft=smaller)
        return smaller

    def override_price(
        self, cart: Cart, line_id: int, unit_price: Decimal, name: str | None = None
    ) -> Cart:
        """Sell a line at another price and write down that it was changed."""
        changed = carts.set_price(cart, line_id, unit_price, name)
        line = changed.line(line_id)
        if line.list_price is not None and line.list_price != unit_price:
            self._write(facts.price_overridden(changed, line), draft=changed)
        return changed

    def complete(
        self, cart: Cart, requests: Sequence[TenderRequest], priced: Priced | None = None
    ) -> Sale:
        """Finish a paid cart; the document is durable when this returns.

        A cart that was finished before gives the same document again: its id is the sale's.
        """
        with self._store.transaction() as tx:
            known = tx.sales.get(cart.id) if tx.sales.has(cart.id) else None
            if known is not None:
                return known
            sale = self.complete_in(tx, cart, requests, priced=priced)
            tx.draft.put(None)
            if self._keep_receipt is not None:
                self._keep_receipt(tx, sale, sale.stamp.at)
        return sale

    def complete_in(
        self,
        tx: "Transaction",
        cart: Cart,
        requests: Sequence[TenderRequest],
        *,
        priced: Priced | None = None,
        at: datetime | None = None,
    ) -> Sale:
        """Finish a cart inside a running transaction; `at` (UTC) is now unless history is read."""
        at = at or self._now()
        priced = priced or check_sellable(cart)
        check_returns(tx, cart)
        identity = self._store.identity
        stamp = Stamp(
            till=identity.till,
            shop=identity.shop,
            staff=self.staff,
            at=at,
            business_day=business_day(at, self._shop),
        )
        number = sale_number(
            self._shop, identity.till, tx.sequences.next(SALE_SERIES), identity.epoch
        )
        sale = complete(cart, requests, number, stamp, priced)
        moves = stock_moves(sale, self._shop.location)
        tx.sales.add(sale)
        tx.stock.move(moves, at, sale.id)
        tx.journal.append(facts.sale_completed(sale, moves), at, self.staff)
        return sale

    def move_stock_in(
        self, tx: "Transaction", moves: tuple[StockMove, ...], at: datetime | None = None
    ) -> None:
        """Move stock for another reason than a sale, inside a running transaction."""
        at = at or self._now()
        entry = tx.journal.append(facts.stock_moved(moves), at, self.staff)
        tx.stock.move(moves, at, entry.id)

    def keep(self, cart: Cart | None) -> None:
        """Remember the cart on the screen, so that it is back after a crash."""
        with self._store.transaction() as tx:
            tx.draft.put(cart)

    def resume(self) -> Cart | None:
        """Give back the cart that was on the screen when the till last stopped."""
        return self._store.draft.get()

    def park(self, cart: Cart, name: str = "") -> None:
        """Put a cart aside; it survives restarts."""
        at = self._now()
        with self._store.transaction() as tx:
            text = tx.parked.put(cart, name, at, self.staff)
            tx.draft.put(None)
            digest = hashlib.sha256(text.encode()).hexdigest()
            tx.journal.append(facts.sale_parked(cart, name, digest), at, self.staff)

    def parked(self) -> list["ParkedSale"]:
        """List what was put aside, oldest first."""
        return self._store.parked.list()

    def recall(self, parked_id: str) -> Cart:
        """Bring a parked cart back to the screen; raises ParkedSaleGone."""
        with self._store.transaction() as tx:
            cart = tx.parked.take(parked_id)
            tx.draft.put(cart)
            tx.journal.append(facts.sale_recalled(cart), self._now(), self.staff)
        return cart

    def discard(self, cart: Cart) -> None:
        """Give up a whole cart and write down that it was given up."""
        if cart.is_empty:
            self.keep(None)
        else:
            self._write(facts.sale_discarded(cart, carts.price_cart(cart).gross), draft=None)

    def open_drawer(self, reason: str = "") -> None:
        """Write down that the drawer was opened without a sale."""
        with self._store.transaction() as tx:
            tx.journal.append(facts.drawer_opened(reason), self._now(), self.staff)

    def last_sale(self) -> Sale | None:
        """Return the latest document of this till."""
        return self._store.sales.last()

    def _write(self, fact: facts.Fact, draft: Cart | None) -> None:
        with self._store.transaction() as tx:
            tx.draft.put(draft)
            tx.journal.append(fact, self._now(), self.staff)

    def _scan_together(
        self, cart: Cart, code: str, codes: Iterable[str], quantity: Decimal
    ) -> Scanned:
        # A shop's own long number can look like two codes in a row: its product goes first.
        product = self._store.products.find(code)
        if product is not None:
            return self._scanned_product(
                cart, product, Barcode(code, BarcodeKind.INTERNAL, (code,)), quantity
            )
        touched: tuple[int, ...] = ()
        scanned = Scanned(cart, (), Outcome.REFUSED)
        for part in codes:
            scanned = self.scan(scanned.cart, part, quantity)
            touched = (*touched, *scanned.line_ids)
        return replace(scanned, line_ids=touched)

    def _scan_one(self, cart: Cart, barcode: Barcode, quantity: Decimal) -> Scanned:
        for code in barcode.lookup_codes:
            product = self._store.products.find(code)
            if product is not None:
                return self._scanned_product(cart, product, barcode, quantity)
        receipt = receipt_number(barcode.raw)
        if receipt:
            return Scanned(cart, (), Outcome.RECEIPT, receipt_number=receipt)
        customer = self._store.customers.find(barcode.lookup_codes[0])
        if customer is not None:
            return Scanned(carts.choose_customer(cart, customer), (), Outcome.CUSTOMER)
        return self._scanned_unknown(cart, barcode, quantity)

    def _scanned_product(
        self, cart: Cart, product: Product, barcode: Barcode, quantity: Decimal
    ) -> Scanned:
        measure, unit_price = Decimal(1), None
        if barcode.price is not None:
            measure, unit_price = priced_label(product, barcode.price)
        elif barcode.weight_kg is not None and product.unit.decimals:
            measure = barcode.weight_kg
        elif barcode.quantity is not None:
            measure = barcode.quantity
        try:
            bigger = carts.add_product(cart, product, quantity * measure, unit_price)
        except PosError as refusal:
            return Scanned(cart, (), Outcome.REFUSED, refusal)
        return Scanned(bigger, changed_lines(cart, bigger), Outcome.FOUND)

    def _scanned_unknown(self, cart: Cart, barcode: Barcode, quantity: Decimal) -> Scanned:
        refusal = unknown_barcode(barcode)
        try:
            taxes = taxes_of_unknown(self._store.products.taxes())
            bigger = carts.add_unknown(cart, barcode.lookup_codes[0], quantity, taxes)
        except PosError as wrong:
            return Scanned(cart, (), Outcome.REFUSED, wrong)
        return Scanned(bigger, changed_lines(cart, bigger), Outcome.UNKNOWN, refusal)


def check_returns(tx: "Transaction", cart: Cart) -> None:
    """Refuse lines whose goods came back meanwhile, while the cart waited or in the cart itself.

    Sales of another till cannot be looked at here. Raises MoreThanWasSold or ReturnedMeanwhile.
    """
    here: dict[tuple[str, int], Decimal] = {}
    for line in cart.lines:
        origin = line.returns
        if origin is None or origin.sale_id is None or origin.line_no is None:
            continue
        sale = tx.sales.get(origin.sale_id)
        if sale is not None:
            key = (origin.sale_id, origin.line_no)
            already = tx.sales.returned(*key) + here.get(key, Decimal(0))
            check_still_returnable(line, sale, already)
            here[key] = here.get(key, Decimal(0)) - line.quantity


def changed_lines(before: Cart, after: Cart) -> tuple[int, ...]:
    """Return the ids of lines that are new or different in `after`."""
    known = {line.id: line for line in before.lines}
    return tuple(line.id for line in after.lines if known.get(line.id) is not line)


def business_day(at: datetime, shop: ShopSettings) -> date:
    """Return the shop's date of a moment (UTC)."""
    return at.astimezone(shop_zone(shop.time_zone)).date()


def sale_number(shop: ShopSettings, till: str, sequence: int, epoch: int = 1) -> str:
    """Write a receipt number: the shop's prefix, the till, and six digits or more.

    A restored store begins a new epoch and names it, because its next numbers may be on paper
    already: 1-000042 and, after a restore, 1.2-000043.
    """
    series = till if epoch == 1 else f"{till}.{epoch}"
    return f"{shop.number_prefix}{series}-{sequence:06d}"


def receipt_number(text: str) -> str:
    """Return the receipt number that a receipt's QR code carries, or an empty text."""
    code = parse_receipt_qr(text)
    return "" if code is None else code.number


def utc_now() -> datetime:
    """Return the present moment in UTC to the millisecond, which is what the journal keeps."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)
