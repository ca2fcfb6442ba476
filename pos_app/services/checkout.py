"""Selling: from a scanned code to a document that is durable before anyone says "paid"."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from random import SystemRandom
from typing import TYPE_CHECKING

from pos_app.domain import cart as carts
from pos_app.domain import facts
from pos_app.domain.approval import Action, ApprovalRequest
from pos_app.domain.cart import Cart, CartLine, SaleKind
from pos_app.domain.cart_watch import NOTHING, line_worth, price_changed, watch
from pos_app.domain.customer import Customer
from pos_app.domain.ids import uuid7
from pos_app.domain.money import Money
from pos_app.domain.payment import TenderRequest
from pos_app.domain.pricing import Priced
from pos_app.domain.product import Category, Product, ProductKind
from pos_app.domain.return_settings import written_off
from pos_app.domain.sale import Sale, Stamp, check_sellable, complete, stock_moves
from pos_app.domain.shop import ShopSettings, sale_number
from pos_app.domain.stock import StockMove
from pos_app.services.authority import UNRESTRICTED, Authority
from pos_app.services.kitchen_paper import KitchenPaper, NoKitchen
from pos_app.services.sale_effects import follow
from pos_app.services.scanning import LookedUp, Scanned, Scanning
from pos_app.services.stock_watch import StockWatch
from pos_app.services.time_zones import business_day
from pos_app.store.customer_lists import CustomerFilter

if TYPE_CHECKING:
    from pos_app.services.drawer_guard import DrawerGuard
    from pos_app.services.till_documents import TillDocuments
    from pos_app.store.parked import ParkedSale
    from pos_app.store.products import Found
    from pos_app.store.store import Store
    from pos_app.store.transaction import Transaction

Clock = Callable[[], datetime]
KeepReceipt = Callable[["Transaction", Sale, datetime], None]

SALE_SERIES = "sale"


class Checkout:
    """The counter's use cases; every write is one transaction of `store`.

    `keep_receipt` puts the receipt of a finished sale into the same transaction, so that no crash
    can part them; `kitchen` does so for the slips of sales that are put aside or given up.
    `guard` may refuse a document for what it would do to the drawer.
    """

    def __init__(
        self,
        store: "Store",
        now: Clock,
        staff: str = "1",
        keep_receipt: KeepReceipt | None = None,
        kitchen: KitchenPaper | None = None,
    ) -> None:
        self._store = store
        self._now = now
        self._keep_receipt = keep_receipt
        self._kitchen = kitchen or NoKitchen()
        self.guard: DrawerGuard | None = None
        self.authority: Authority = UNRESTRICTED
        self.staff = staff
        self.reload_settings()

    @property
    def shop(self) -> ShopSettings:
        """The settings in force."""
        return self._shop

    def reload_settings(self) -> None:
        """Read the shop's settings again after somebody changed them."""
        self._shop = self._store.settings.shop()
        self._scanning = Scanning(self._store, self._now, self._shop)
        self.stock_watch = StockWatch(self._store, self._shop)

    def follow_stock_rules(self) -> None:
        """Look again whether any product has a rule of its own."""
        self.stock_watch = StockWatch(self._store, self._shop)

    @property
    def store(self) -> "Store":
        """The store that it writes to, for the use cases that go with selling."""
        return self._store

    @property
    def now(self) -> Clock:
        """The clock by which documents are stamped."""
        return self._now

    def new_cart(self, kind: SaleKind = SaleKind.SALE) -> Cart:
        """Start an empty document under the shop's present price policy."""
        return Cart(
            id=uuid7(int(self._now().timestamp() * 1000), SystemRandom().getrandbits(74)),
            policy=self._shop.policy,
            kind=kind,
            cash_rounding=self._shop.cash_rounding,
        )

    def scan(self, cart: Cart, code: str, quantity: Decimal = Decimal(1)) -> Scanned:
        """Put what was scanned into the cart; see `Scanning.scan`."""
        return self._scanning.scan(cart, code, quantity)

    def look_up(self, code: str) -> LookedUp:
        """Return what a code stands for, without selling it; raises why it cannot be read."""
        return self._scanning.look_up(code)

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
        return carts.add_product(carts.open_to_goods(cart), product, quantity, unit_price)

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
        """Find active customers by number, name, phone or part of them."""
        return self._store.customers.search(text, limit, chosen=CustomerFilter(is_active=True))

    def remove(self, cart: Cart, line_id: int) -> Cart:
        """Take a line out and write down that it was taken out."""
        line, smaller = cart.line(line_id), carts.remove_line(cart, line_id)
        self._write(facts.line_removed(cart, line), smaller, _removal(cart, line))
        return smaller

    def override_price(
        self, cart: Cart, line_id: int, unit_price: Decimal, name: str | None = None
    ) -> Cart:
        """Sell a line at another price and write down that it was changed."""
        changed = carts.set_price(cart, line_id, unit_price, name)
        line = changed.line(line_id)
        if line.list_price is not None and line.list_price != unit_price:
            requests = price_changed(cart, changed, line)
            self._write(facts.price_overridden(changed, line), changed, *requests)
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
            if sale.gross.minor < 0:
                self._let_refund_in(tx, sale.id, sale.gross)
            tx.draft.put(None)
            self.keep_receipt_in(tx, sale)
        return sale

    def let_refund_in(self, tx: "Transaction", cart: Cart, priced: Priced) -> Money | None:
        """Let a refund through before a part of it goes back to a card; None where none is owed.

        Raises ApprovalNeeded, or why the goods cannot come back any more. The finished document
        then asks nobody again.
        """
        if priced.gross.minor >= 0:
            return None
        _check_returns(tx, cart)
        return self._let_refund_in(tx, cart.id, priced.gross)

    def _let_refund_in(self, tx: "Transaction", cart_id: str, gross: Money) -> Money:
        from pos_app.services.card_payments import is_allowed_in  # noqa: PLC0415 - refunds only

        paid_out = Money(-gross.minor, gross.currency)
        if not is_allowed_in(tx, cart_id, paid_out):
            self.authority.require(ApprovalRequest(Action.REFUND, paid_out), tx)
        return paid_out

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
        _check_returns(tx, cart)
        self.stock_watch.check(tx, cart, self.authority)
        number, stamp = self._number_in(tx, at)
        sale = complete(cart, requests, number, stamp, priced)
        spoilt = written_off(sale, self._shop.returns, self._shop.location)
        self._keep_in(tx, sale, spoilt)
        if cart.order_id:
            self._documents().collect_in(tx, cart, sale)
        return sale

    def void_in(self, tx: "Transaction", original: Sale, sale_id: str, reason: str) -> Sale:
        """Undo a document inside a running transaction; stock goes back where it came from.

        Raises VoidOfVoid; whoever calls has looked that nothing of it came back.
        """
        from pos_app.domain.void import voided  # noqa: PLC0415 - few sales are undone

        number, stamp = self._number_in(tx, self._now())
        void = voided(original, sale_id, number, stamp, reason)
        spoilt = written_off(original, self._shop.returns, self._shop.location)
        self._keep_in(tx, void, tuple(replace(move, quantity=-move.quantity) for move in spoilt))
        return void

    def _number_in(self, tx: "Transaction", at: datetime) -> tuple[str, Stamp]:
        """Take the next number, and say when, where and by whom."""
        identity = self._store.identity
        stamp = Stamp(
            till=identity.till,
            shop=identity.shop,
            staff=self.staff,
            at=at,
            business_day=business_day(at, self._shop),
        )
        serial = tx.sequences.next(SALE_SERIES)
        return sale_number(self._shop, identity.till, serial, identity.epoch), stamp

    def _keep_in(self, tx: "Transaction", sale: Sale, spoilt: tuple[StockMove, ...]) -> None:
        """Write a document with its stock and its fact; what is spoilt leaves the stock again."""
        at = sale.stamp.at
        moves = stock_moves(sale, self._shop.location)
        tx.sales.add(sale)
        tx.stock.move(moves, at, sale.id)
        if self.guard is not None:
            self.guard.check(tx, sale)
        tx.journal.append(facts.sale_completed(sale, moves), at, self.staff)
        if spoilt:
            self.move_stock_in(tx, spoilt, at)
        follow(tx, sale, self._shop.tenders, self.staff, self.authority)
        if any(line.returns or line.kind is ProductKind.INVOICE_PAYMENT for line in sale.lines):
            self._documents().follow_in(tx, sale)

    def _documents(self) -> "TillDocuments":
        from pos_app.services.till_documents import TillDocuments  # noqa: PLC0415 - few sales do

        return TillDocuments(self)

    def keep_receipt_in(self, tx: "Transaction", sale: Sale) -> None:
        """Keep the receipt of a document that was finished in a running transaction."""
        if self._keep_receipt is not None:
            self._keep_receipt(tx, sale, sale.stamp.at)

    def move_stock_in(
        self, tx: "Transaction", moves: tuple[StockMove, ...], at: datetime | None = None
    ) -> None:
        """Move stock for another reason than a sale, inside a running transaction."""
        at = at or self._now()
        entry = tx.journal.append(facts.stock_moved(moves), at, self.staff)
        tx.stock.move(moves, at, entry.id)

    def keep(self, cart: Cart | None, before: Cart | None = None) -> None:
        """Remember the cart on the screen, so that it is back after a crash.

        What was taken back since `before` (a lowered quantity, a discount, a payment) is told to
        the journal, and may raise ApprovalNeeded.
        """
        watched = NOTHING if cart is None or before is None else watch(before, cart)
        with self._store.transaction() as tx:
            for request in watched.requests:
                self.authority.require(request, tx)
            tx.draft.put(cart)
            for fact in watched.facts:
                tx.journal.append(fact, self._now(), self.staff)

    def may_keep(self, cart: Cart, before: Cart | None) -> bool:
        """Whether the cashier may alone take back what was taken back since `before`."""
        requests = () if before is None else watch(before, cart).requests
        return all(self.authority.allows(request) for request in requests)

    def resume(self) -> Cart | None:
        """Give back the cart that was on the screen when the till last stopped."""
        return self._store.draft.get()

    def park(self, cart: Cart, name: str = "") -> None:
        """Put a cart aside; it survives restarts."""
        with self._store.transaction() as tx:
            self._park_in(tx, cart, name)
            tx.draft.put(None)
        self._kitchen.print_kept()

    def split(self, cart: Cart, line_ids: Collection[int], name: str = "") -> Cart:
        """Put some lines aside as a sale of their own and return the rest.

        Raises what `split_cart` refuses.
        """
        from pos_app.domain.cart_parts import split_cart  # noqa: PLC0415 - few sales are split

        stays, goes = split_cart(cart, line_ids, self.new_cart().id)
        with self._store.transaction() as tx:
            self._park_in(tx, goes, name)
            tx.draft.put(stays)
        self._kitchen.print_kept()
        return stays

    def merge(self, cart: Cart, parked_id: str) -> Cart:
        """Bring a parked sale into the one on the screen; raises what `merge_carts` refuses."""
        from pos_app.domain.cart_parts import merge_carts  # noqa: PLC0415 - few sales are joined

        with self._store.transaction() as tx:
            other = tx.parked.take(parked_id)
            joined = merge_carts(cart, other)
            tx.draft.put(joined)
            tx.journal.append(facts.sale_recalled(other, into=cart.id), self._now(), self.staff)
        return joined

    def parked(self) -> list["ParkedSale"]:
        """List what was put aside: the cashier's own first, each the oldest first."""
        return sorted(self._store.parked.list(), key=lambda sale: sale.staff != self.staff)

    def recall(self, parked_id: str) -> Cart:
        """Bring a parked cart back to the screen; raises ParkedSaleGone."""
        with self._store.transaction() as tx:
            cart = tx.parked.take(parked_id)
            tx.draft.put(cart)
            tx.journal.append(facts.sale_recalled(cart), self._now(), self.staff)
        return cart

    def _park_in(self, tx: "Transaction", cart: Cart, name: str) -> None:
        import hashlib  # noqa: PLC0415 - loads OpenSSL, which a till that starts has no time for

        at = self._now()
        text = tx.parked.put(cart, name, at, self.staff)
        digest = hashlib.sha256(text.encode()).hexdigest()
        tx.journal.append(facts.sale_parked(cart, name, digest), at, self.staff)
        self._kitchen.keep_parked(tx, cart, name, at, self.staff)

    def discard(self, cart: Cart) -> None:
        """Give up a whole cart and write down that it was given up."""
        if cart.is_empty:
            self.keep(None)
            return
        gross = carts.price_cart(cart).gross
        at, fact = self._now(), facts.sale_discarded(cart, gross)
        with self._store.transaction() as tx:
            worth = Money(abs(gross.minor), gross.currency)
            self.authority.require(ApprovalRequest(Action.REMOVE_LINE, worth), tx)
            tx.draft.put(None)
            tx.journal.append(fact, at, self.staff)
            self._kitchen.keep_discarded(tx, cart, at, self.staff)
        self._kitchen.print_kept()

    def open_drawer(self, reason: str = "") -> None:
        """Write down that the drawer was opened without a sale."""
        with self._store.transaction() as tx:
            self.authority.require(ApprovalRequest(Action.NO_SALE, about=reason), tx)
            tx.journal.append(facts.drawer_opened(reason), self._now(), self.staff)

    def _write(self, fact: facts.Fact, draft: Cart, *requests: ApprovalRequest) -> None:
        with self._store.transaction() as tx:
            for request in requests:
                self.authority.require(request, tx)
            tx.draft.put(draft)
            tx.journal.append(fact, self._now(), self.staff)


def _check_returns(tx: "Transaction", cart: Cart) -> None:
    """Look whether goods can still come back, where the cart gives any back."""
    if any(line.returns is not None for line in cart.lines):
        from pos_app.services.return_checks import check_returns  # noqa: PLC0415 - most sell only

        check_returns(tx, cart)


def _removal(cart: Cart, line: CartLine) -> ApprovalRequest:
    return ApprovalRequest(Action.REMOVE_LINE, line_worth(cart, line), about=line.name or line.code)


def utc_now() -> datetime:
    """Return the present moment in UTC to the millisecond, which is what the journal keeps."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)
