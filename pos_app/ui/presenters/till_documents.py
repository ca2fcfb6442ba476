"""Orders and invoices at the counter: an order is collected, an invoice paid, a deposit taken."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from pos_app.domain import cart as carts
from pos_app.domain.cart import Cart, SaleKind
from pos_app.domain.document import DocumentHead
from pos_app.domain.errors import PosError
from pos_app.domain.held_lines import add_invoice_payment
from pos_app.domain.invoice import Invoice, MoreThanOwed
from pos_app.domain.money import Money
from pos_app.domain.order import Order, OrderState
from pos_app.domain.product import ProductKind
from pos_app.services.document_records import INVOICE, ORDER, money_of
from pos_app.store.documents import DocumentFilter, Listed
from pos_app.store.records import RecordKind
from pos_app.texts import t
from pos_app.ui.presenters import checkout_words as words
from pos_app.ui.presenters import number_buffer as buffer
from pos_app.ui.presenters.checkout_state import SheetKind, SheetView
from pos_app.ui.presenters.more_actions import MoreAction
from pos_app.ui.presenters.sale_on_screen import SaleOnScreen, gesture
from pos_app.ui.views import SearchHit, TenderChoice

if TYPE_CHECKING:
    from pos_app.services.till_documents import TillDocuments

LISTED_MOST = 50
COLLECTABLE = DocumentFilter(
    statuses=(OrderState.APPROVED.value, OrderState.PARTIALLY_DELIVERED.value)
)
PAYABLE = DocumentFilter(is_open=True)
_PARK, _ADD, _LEAVE = "park", "add", "leave"


class PaidHereAlready(PosError):
    """An invoice that the sale on the screen pays."""

    sentence = "This sale pays {number} already."


class DocumentsAtTill:
    """Brings documents into the sale on the screen; one that is under way is never lost.

    `take_deposit` puts a deposit into the cart, as the shop sells them.
    """

    def __init__(
        self,
        sale: SaleOnScreen,
        make: "Callable[[], TillDocuments]",
        take_deposit: Callable[[Money], None],
    ) -> None:
        self.sale = sale
        self._make = make
        self._take_deposit = take_deposit

    @gesture
    def collect(self) -> None:
        """List the orders that can be collected."""
        self._list(ORDER, COLLECTABLE, t("Collect an order"), self.bring)

    @gesture
    def pay(self) -> None:
        """List the invoices that are owed."""
        self._list(INVOICE, PAYABLE, t("Pay an invoice"), self._ask_payment)

    @gesture
    def deposit(self) -> None:
        """List the orders that a deposit can be taken for."""
        self._list(ORDER, COLLECTABLE, t("Deposit for an order"), self._ask_deposit)

    def actions(self, takes_deposits: bool) -> list[MoreAction]:
        """Return what the sheet of further actions offers for documents."""
        entries = [
            MoreAction("collect", t("Collect an order"), "package-open", self.collect, "Ctrl+O"),
            MoreAction("invoice", t("Pay an invoice"), "file-text", self.pay, "Ctrl+I"),
        ]
        if takes_deposits:
            label = t("Take a deposit for an order")
            entries.append(MoreAction("order_deposit", label, "wallet", self.deposit))
        return entries

    @gesture
    def sell(self, cart: Cart) -> None:
        """Go on with a cart that another screen brings; what is on the screen is parked first."""
        self._bring_cart(cart)

    def found(self, code: str) -> bool:
        """Bring the order or invoice whose number was scanned or typed; tell whether it is one."""
        text = code.strip()
        documents = self._make()
        found = documents.by_code(text) or documents.by_code(text.upper())
        if found is not None:
            self.bring(found)
        return found is not None

    def bring(self, document: Order | Invoice) -> None:
        """Sell what is left of an order, or pay an invoice; raises why that cannot be."""
        if isinstance(document, Invoice):
            self._pay(document, None)
        else:
            self._bring_cart(self._make().cart_of(document))

    def _pay(self, invoice: Invoice, amount: Money | None) -> None:
        sale = self.sale
        paying = self._make().cart_paying(invoice, amount)
        if _is_free(sale):
            self._bring_cart(paying)
            return
        [line] = paying.lines
        if any(_pays(one.kind, one.code, line.code) for one in sale.cart.lines):
            raise PaidHereAlready(number=line.code)
        self._ask_to_park(paying, line.code, can_add=sale.cart.kind is SaleKind.SALE)

    def _bring_cart(self, cart: Cart) -> None:
        sale = self.sale
        if not _is_free(sale):
            self._ask_to_park(cart, self._number_of(cart))
            return
        if cart.order_id and not cart.note:
            told = t("Order {number}").format(number=self._number_of(cart))
            cart = replace(cart, note=told)
        sale.checkout.keep(cart)
        sale.begin(cart)

    def _number_of(self, cart: Cart) -> str:
        order = self.sale.checkout.store.records.get(ORDER, cart.order_id)
        if order is not None:
            return order.head.number
        return cart.lines[0].code if cart.lines else ""

    def _ask_to_park(self, cart: Cart, number: str, *, can_add: bool = False) -> None:
        told = t("A sale is on the screen. Park it first; F8 recalls it afterwards.")
        ways = (
            TenderChoice(_PARK, t("Park it and go on"), icon="list"),
            TenderChoice(_ADD, t("Pay it with this sale"), icon="plus", is_enabled=can_add),
            TenderChoice(_LEAVE, t("Leave it"), icon="x", is_main=True),
        )
        view = SheetView(
            kind=SheetKind.ACTIONS,
            title=t("Bring {number}").format(number=number),
            about=told,
            ways=tuple(way for way in ways if way.is_enabled),
        )
        self.sale.open(view, _Parking(self, cart))

    def park_and_bring(self, cart: Cart) -> None:
        """Put the sale on the screen aside, then go on with another; raises PaymentsTaken."""
        sale = self.sale
        if sale.cart.taken:
            raise words.PaymentsTaken()
        sale.checkout.park(sale.cart)
        sale.begin()
        sale.count_parked()
        self._bring_cart(cart)

    def add_payment(self, paying: Cart) -> None:
        """Pay an invoice together with the sale on the screen."""
        sale, [line] = self.sale, paying.lines
        cart = sale.cart
        if cart.customer is None and paying.customer is not None:
            cart = carts.choose_customer(cart, paying.customer)
        amount = Money.of(line.unit_price or 0, cart.policy.currency)
        sale.put(add_invoice_payment(cart, line.code, amount, t("Invoice")))
        sale.close()

    def _ask_payment(self, document: Order | Invoice) -> None:
        """Ask how much of an invoice is paid; Enter alone pays all that is owed."""
        if not isinstance(document, Invoice):
            return
        owed = document.balance
        about = t("{amount} is owed.").format(amount=self.sale.amounts.money(owed))
        hint = t("Enter alone takes all of it")

        def pay(text: str) -> None:
            amount = buffer.amount_of(text, owed.currency) if text.strip() else owed
            if amount.minor > owed.minor:
                raise MoreThanOwed(balance=owed, number=document.head.number)
            self.sale.close()
            self._pay(document, amount)

        self._ask_amount(document.head, about, hint, pay)

    def _ask_deposit(self, document: Order | Invoice) -> None:
        head, about = document.head, t("How much?")

        def take(text: str) -> None:
            self._deposit_for(head, buffer.amount_of(text, head.policy.currency))

        self._ask_amount(head, about, t("Type it and press Enter"), take)

    def _deposit_for(self, head: DocumentHead, amount: Money) -> None:
        """Take a deposit as the shop does, with the order's number in its note."""
        sale = self.sale
        self._take_deposit(amount)
        cart = sale.cart
        customer = sale.checkout.store.customers.get(head.customer.id)
        if cart.customer is None and customer is not None:
            cart = carts.choose_customer(cart, customer)
        told = t("Order {number}").format(number=head.number)
        sale.put(carts.note_line(cart, cart.lines[-1].id, told))

    def _ask_amount(
        self, head: DocumentHead, about: str, hint: str, use: Callable[[str], None]
    ) -> None:
        view = SheetView(
            kind=SheetKind.ASK,
            title=f"{head.number} · {head.customer.name}",
            about=about,
            asks=t("Amount"),
            hint=hint,
        )
        self.sale.open(view, _AmountAsked(self.sale, use))

    def _list(
        self,
        kind: RecordKind[Any],
        chosen: DocumentFilter,
        title: str,
        use: Callable[[Order | Invoice], None],
    ) -> None:
        owner = _Chosen(self, kind, chosen, use)
        view = SheetView(
            kind=SheetKind.CHOICE,
            title=title,
            asks=t("Number or customer"),
            hint=t("Enter takes the first"),
            rows=owner.rows(""),
            empty=t("There is none."),
        )
        self.sale.open(view, owner)


class _Chosen:
    """A list of documents that is narrowed as one types."""

    def __init__(
        self,
        desk: DocumentsAtTill,
        kind: RecordKind[Any],
        chosen: DocumentFilter,
        use: Callable[[Order | Invoice], None],
    ) -> None:
        self._desk = desk
        self._kind = kind
        self._filter = chosen
        self._use = use

    def choose(self, key: str) -> None:
        """Go on with the touched document."""
        sale = self._desk.sale
        document: Order | Invoice | None = sale.checkout.store.records.get(self._kind, key)
        if document is None:
            raise words.NothingFound(text=key)
        sale.close()
        self._use(document)

    def enter(self, text: str) -> None:
        """Take the first of the list."""
        rows = self._desk.sale.sheet.rows
        if not rows:
            raise words.NothingFound(text=text.strip()[:40])
        self.choose(rows[0].key)

    def follow(self, text: str) -> None:
        """Look for a number or a customer as one types."""
        sale = self._desk.sale
        sale.sheet = replace(sale.sheet, rows=self.rows(text), text=text)

    def scan(self, code: str) -> bool:
        """Take the document whose number was scanned; what else was belongs to the sale."""
        sale = self._desk.sale
        records = sale.checkout.store.records
        document: Order | Invoice | None = records.by_code(self._kind, code.strip())
        sale.close()
        if document is not None:
            self._use(document)
        return document is not None

    def rows(self, text: str) -> tuple[SearchHit, ...]:
        """Return the documents that a text finds, the latest first."""
        store = self._desk.sale.checkout.store
        found = store.documents.page(
            self._kind.name, replace(self._filter, text=text.strip()), limit=LISTED_MOST
        )
        return tuple(self._row(one) for one in found)

    def _row(self, one: Listed) -> SearchHit:
        sale = self._desk.sale
        customer = sale.checkout.store.customers.get(one.customer_id)
        total, owed = money_of(one)
        amount = owed if self._kind is INVOICE else total
        name = customer.name if customer is not None else ""
        return SearchHit(one.id, name or one.number, one.number, sale.amounts.money(amount))


class _Parking:
    """Asks what becomes of the sale on the screen; Enter alone decides nothing."""

    def __init__(self, desk: DocumentsAtTill, cart: Cart) -> None:
        self._desk = desk
        self._ways: dict[str, Callable[[], None]] = {
            _PARK: partial(desk.park_and_bring, cart),
            _ADD: partial(desk.add_payment, cart),
        }

    def choose(self, key: str) -> None:
        """Park the sale, add to it, or leave all as it is."""
        self._desk.sale.close()
        self._ways.get(key, _nothing)()

    def enter(self, text: str) -> None:
        """A touch decides."""

    def follow(self, text: str) -> None:
        """There is nothing to type."""

    def scan(self, code: str) -> bool:
        """A scan belongs to the sale."""
        self._desk.sale.close()
        return False


class _AmountAsked:
    """Waits for an amount."""

    def __init__(self, sale: SaleOnScreen, use: Callable[[str], None]) -> None:
        self._sale = sale
        self._use = use

    def choose(self, key: str) -> None:
        """There is nothing to choose."""

    def enter(self, text: str) -> None:
        """Hand over what was typed."""
        self._use(text)

    def follow(self, text: str) -> None:
        """It is taken with Enter."""

    def scan(self, code: str) -> bool:
        """A scan belongs to the sale."""
        self._sale.close()
        return False


def _is_free(sale: SaleOnScreen) -> bool:
    """Whether nothing on the screen would be lost."""
    return sale.finished is not None or sale.cart.is_empty


def _pays(kind: ProductKind, code: str, number: str) -> bool:
    return kind is ProductKind.INVOICE_PAYMENT and code == number


def _nothing() -> None:
    """All stays as it is."""
