"""Taking goods back without a receipt that this till knows, and by the customer's receipts."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from pos_app.domain.cart import Cart, SaleKind
from pos_app.domain.customer import Customer
from pos_app.domain.errors import PosError
from pos_app.domain.sale import CartIsEmpty
from pos_app.services.customer_codes import customer_by_code
from pos_app.texts import t
from pos_app.ui.presenters import checkout_words as words
from pos_app.ui.presenters import number_buffer as buffer
from pos_app.ui.presenters.checkout_state import SheetKind, SheetView
from pos_app.ui.presenters.office_words import sale_kind_words
from pos_app.ui.presenters.paying import Paying
from pos_app.ui.presenters.receipt_words import day_words
from pos_app.ui.presenters.returning import REFUND, ReturnDesk
from pos_app.ui.presenters.sale_gestures import CUSTOMER_LIMIT
from pos_app.ui.presenters.sale_on_screen import SaleOnScreen, gesture
from pos_app.ui.views import SearchHit

if TYPE_CHECKING:
    from pos_app.services.returning import Returning
    from pos_app.store.sales import SaleSummary

RECEIPTS_MOST = 20


class OnlyByItself(PosError):
    """A return of a receipt is on the screen, which pays back the way that receipt was paid."""

    sentence = "Finish the return of {number} first, then take goods back without a receipt."


class FreeReturn:
    """Owns the sheet: each item scanned comes back at today's price, where the policy allows it.

    A number typed before an item says how many; typed alone and entered it is the number of a
    receipt of somewhere else, which stays with the goods.
    """

    def __init__(
        self, sale: SaleOnScreen, paying: Paying, returning: "Callable[[], Returning]"
    ) -> None:
        self.sale = sale
        self._paying = paying
        self._returning = returning
        self._number = ""

    @gesture
    def open(self) -> None:
        """Open the sheet for goods without a receipt."""
        sale = self.sale
        origins = (line.returns for line in sale.cart.lines if line.returns)
        known = next((origin for origin in origins if origin.sale_id), None)
        if sale.finished is None and known is not None:
            raise OnlyByItself(number=known.sale_number)
        if sale.finished is not None or sale.cart.is_empty:
            sale.begin(sale.checkout.new_cart(SaleKind.RETURN))
        self._number = ""
        self._show(self._reasons()[0][0])

    def choose(self, key: str) -> None:
        """Pay out in cash; how it was paid once, nobody knows."""
        if key == REFUND:
            self._refund()

    def enter(self, text: str) -> None:
        """Keep the number of a receipt that this till does not know, or pay out."""
        if text.strip():
            self._number = text.strip()[:40]
            self._show(self.sale.sheet.reason)
        else:
            self._refund()

    def follow(self, text: str) -> None:
        """A number typed is how many of the next item come back."""

    def scan(self, code: str) -> bool:
        """Give back one of a scanned item, or as many as were typed; may raise ApprovalNeeded."""
        sale = self.sale
        scanned = sale.checkout.look_up(code)
        if scanned.product is None:
            return False
        typed = sale.figures.text
        quantity = scanned.quantity or (buffer.number_of(typed) if typed else Decimal(1))
        reason = sale.sheet.reason
        cart = self._returning().without_receipt(
            self._as_return(), scanned.product, quantity, reason, self._number
        )
        sale.put(cart)
        self._show(reason)
        return True

    def _as_return(self) -> Cart:
        """The cart, ready to hold what comes back; goods that are sold too make an exchange."""
        cart = self.sale.cart
        if cart.kind is SaleKind.SALE:
            return replace(cart, kind=SaleKind.EXCHANGE)
        return cart

    def _refund(self) -> None:
        sale = self.sale
        if sale.cart.is_empty:
            raise CartIsEmpty()
        if sale.priced.gross.minor >= 0:
            sale.close()
            return
        self._paying.refund(())

    def _reasons(self) -> tuple[tuple[str, str], ...]:
        reasons = self.sale.shop.returns.reasons
        return tuple((one.text, t(one.text)) for one in reasons) or (("", ""),)

    def _show(self, reason: str) -> None:
        about = t("A number before an item says how many; with Enter it is a receipt's.")
        if self._number:
            about = t("Of receipt {number}, which this till does not know.").format(
                number=self._number
            )
        view = SheetView(
            kind=SheetKind.RETURN,
            title=t("Return without a receipt"),
            about=about,
            asks=t("Scan, or number"),
            hint=t("Enter: refund"),
            reasons=self._reasons(),
            reason=reason,
            empty=t("Scan what comes back. It counts at today's price."),
            confirm=t("Pay out in cash"),
        )
        self.sale.open(view, self)


class CustomerReceipts:
    """Finds the receipt by its customer: who it was, then one of their latest documents."""

    def __init__(self, sale: SaleOnScreen, returns: ReturnDesk) -> None:
        self.sale = sale
        self._returns = returns
        self._customer: Customer | None = None

    @gesture
    def open(self) -> None:
        """List the documents of the sale's customer, or ask who it is."""
        sale = self.sale
        self._customer = sale.cart.customer if sale.finished is None else None
        self._show("")

    def choose(self, key: str) -> None:
        """Take the touched customer, or open the return of the touched document."""
        sale = self.sale
        if self._customer is None:
            found = sale.checkout.store.customers.get(key)
            self._customer = found
            self._show("")
            return
        document = sale.checkout.store.sales.get(key)
        if document is None:
            raise words.NothingFound(text=key)
        self._returns.take_document(document)

    def enter(self, text: str) -> None:
        """Take the first of the list."""
        rows = self.sale.sheet.rows
        if not rows:
            raise words.NothingFound(text=text.strip()[:40])
        self.choose(rows[0].key)

    def follow(self, text: str) -> None:
        """Look for a customer as one types."""
        if self._customer is None:
            self.sale.sheet = replace(self.sale.sheet, rows=self._rows(text), text=text)

    def scan(self, code: str) -> bool:
        """Take a customer's card; a receipt's code goes to its return."""
        checkout = self.sale.checkout
        holder = customer_by_code(checkout.store, code)
        if holder is not None:
            self._customer = holder
            self._show("")
            return True
        if checkout.look_up(code).receipt_number:
            self._returns.take(code)
            return True
        return False

    def _show(self, text: str) -> None:
        customer = self._customer
        title, asks = t("Whose receipt is it?"), t("Name, number or card")
        if customer is not None:
            title = t("Receipts of {name}").format(name=customer.name or customer.number)
            asks = t("Receipt")
        view = SheetView(
            kind=SheetKind.CHOICE,
            title=title,
            asks=asks,
            hint=t("Enter takes the first"),
            rows=self._rows(text),
            empty=t("No receipt that can come back."),
        )
        self.sale.open(view, self)

    def _rows(self, text: str) -> tuple[SearchHit, ...]:
        checkout, customer = self.sale.checkout, self._customer
        if customer is None:
            found = checkout.find_customers(text.strip(), CUSTOMER_LIMIT) if text.strip() else []
            return tuple(SearchHit(one.id, one.name or one.number, one.number) for one in found)
        documents = checkout.store.sales.of_customer(customer.id, RECEIPTS_MOST)
        kinds = (SaleKind.SALE, SaleKind.EXCHANGE)
        return tuple(self._row(one) for one in documents if one.kind in kinds and not one.is_voided)

    def _row(self, one: "SaleSummary") -> SearchHit:
        day = day_words(one.business_day, self.sale.shop)
        kind = sale_kind_words()[one.kind]
        return SearchHit(one.id, f"{one.number} · {day}", kind, self.sale.amounts.money(one.gross))
