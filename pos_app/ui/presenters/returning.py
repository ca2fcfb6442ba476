"""Taking goods back at the counter: the receipt's lines as a sheet, and undoing a finished sale.

Scanning a receipt opens the sheet; each item scanned then is given back once, a number typed
before it says how many. Goods scanned after the sheet is gone make the return an exchange.
"""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from pos_app.domain import cart as carts
from pos_app.domain.cart import Cart, SaleKind
from pos_app.domain.errors import PosError
from pos_app.domain.payment import TenderMethod
from pos_app.domain.sale import CartIsEmpty, Sale
from pos_app.domain.void import AlreadyVoided
from pos_app.texts import later, t
from pos_app.ui.presenters import checkout_words as words
from pos_app.ui.presenters import number_buffer as buffer
from pos_app.ui.presenters.checkout_state import SheetKind, SheetView
from pos_app.ui.presenters.paying import Paying
from pos_app.ui.presenters.sale_on_screen import SaleOnScreen, gesture
from pos_app.ui.views import SearchHit, TenderChoice

if TYPE_CHECKING:
    from pos_app.services.returning import ReturnableLine, Returning

ALL, REFUND, CREDIT = "all", "refund", "credit"
# Why a finished sale is undone, in the source language; they are stored as they stand here.
VOID_REASONS: tuple[str, ...] = (
    later("Rung up by mistake"),
    later("Customer changed their mind"),
    later("Wrong customer"),
    later("Wrong payment"),
)
# The reasons for returns that come with the program; the shop's own are shown as it wrote them.
RETURN_REASONS: tuple[str, ...] = (
    later("Does not fit"),
    later("Not needed"),
    later("Faulty"),
    later("Past its date"),
)


class OtherRules(PosError):
    """The sale on the screen is priced by other rules than the receipt was."""

    sentence = "Finish or park the sale on the screen first: {number} was sold by other rules."


class NothingToVoid(PosError):
    """No sale was finished here yet."""

    sentence = "There is no finished sale to void yet."


class ReturnDesk:
    """The return sheet's owner; `returning` is made when the first receipt comes."""

    def __init__(
        self, sale: SaleOnScreen, paying: Paying, returning: "Callable[[], Returning]"
    ) -> None:
        self.sale = sale
        self._paying = paying
        self._returning = returning
        self._receipt: Sale | None = None
        self.on_credit: Callable[[], None] | None = None

    @gesture
    def open(self, text: str) -> None:
        """Open the sheet of the receipt with a code or number."""
        self.take(text)

    @gesture
    def ask(self) -> None:
        """Ask for the number of a receipt, or take the one on the entry line."""
        text = self.sale.figures.text.strip()
        if text:
            self.take(text)
        else:
            self.sale.open(_question(), _NumberAsked(self))

    @gesture
    def take_in(self, receipt: Sale) -> None:
        """Open the sheet of a document that somebody marked in the list of receipts."""
        self.take_document(receipt)

    def take_document(self, receipt: Sale) -> None:
        """Open the sheet of a document; raises ReceiptTooOld, NothingLeftToReturn or OtherRules."""
        self._returning().check_age(receipt)
        self.take_back_of(receipt)

    @gesture
    def refund(self) -> None:
        """Give the money back the way it came, and finish."""
        self._refund()

    def take(self, text: str) -> None:
        """Open the sheet of a receipt, or raise why it cannot come back."""
        self.take_back_of(self._returning().find(text))

    def take_back_of(self, receipt: Sale) -> None:
        """Open the sheet of a document; raises NothingLeftToReturn or OtherRules."""
        sale = self.sale
        fresh = self._returning().begin(receipt)
        if sale.finished is not None or sale.cart.is_empty:
            sale.begin(fresh)
        elif sale.cart.policy != receipt.policy:
            raise OtherRules(number=receipt.number)
        self._receipt = receipt
        self._show(self._reasons()[0][0])

    def choose(self, key: str) -> None:
        """Give back a touched line, all that is left, or the money."""
        if key == REFUND:
            self._refund()
            return
        if key == CREDIT:
            self._credit()
            return
        cart = self._as_return()
        if key == ALL:
            cart = self._returning().give_back_all(cart, self._sold, self._reason)
        else:
            cart = self._give(cart, int(key), self._quantity())
        self.sale.put(cart)
        self._show(self._reason)

    def enter(self, text: str) -> None:
        """Pay out what was given back, or give all of it back when nothing was chosen yet."""
        if text:
            self.scan(text)
        elif any(line.returns for line in self.sale.cart.lines):
            self._refund()
        else:
            self.choose(ALL)

    def follow(self, text: str) -> None:
        """A number typed is how many of the next item come back."""

    def scan(self, code: str) -> bool:
        """Give back one of a scanned item, or as many as were typed."""
        returning, sale = self._returning(), self.sale
        scanned = sale.checkout.look_up(code)
        if scanned.product is None:
            if scanned.receipt_number:
                self.take(code)
                return True
            return False
        cart = self._as_return()
        line = returning.line_of(cart, self._sold, scanned.product)
        wanted = self._quantity() if scanned.quantity is None else scanned.quantity
        sale.put(self._give(cart, line.line.line_no, wanted))
        self._show(self._reason)
        return True

    @property
    def _sold(self) -> Sale:
        if self._receipt is None:
            raise words.NothingFound(text="")
        return self._receipt

    @property
    def _reason(self) -> str:
        return self.sale.sheet.reason or self._reasons()[0][0]

    def _reasons(self) -> tuple[tuple[str, str], ...]:
        reasons = self.sale.shop.returns.reasons
        return tuple((one.text, t(one.text)) for one in reasons) or (("", ""),)

    def _quantity(self) -> Decimal:
        text = self.sale.figures.text
        return buffer.number_of(text) if text else Decimal(1)

    def _as_return(self) -> Cart:
        """The cart, ready to hold what comes back; goods that are sold too make an exchange."""
        cart = self.sale.cart
        if cart.kind is SaleKind.SALE:
            return replace(cart, kind=SaleKind.EXCHANGE)
        return cart

    def _give(self, cart: Cart, line_no: int, quantity: Decimal) -> Cart:
        return self._returning().give_back(cart, self._sold, line_no, quantity, self._reason)

    def _refund(self) -> None:
        sale = self.sale
        if sale.cart.is_empty:
            raise CartIsEmpty()
        if carts.price_cart(sale.cart).gross.minor >= 0:
            sale.close()  # an exchange with something to pay is paid like a sale
            return
        self._paying.refund(self._returning().refund(sale.cart))

    def _credit_way(self) -> tuple[TenderChoice, ...]:
        methods = self.sale.shop.tenders.methods
        if self.on_credit is None or TenderMethod.STORE_CREDIT not in methods:
            return ()
        return (TenderChoice(CREDIT, t("Store credit"), "", "ticket"),)

    def _credit(self) -> None:
        """Give the money back as store credit on a new slip."""
        sale = self.sale
        if sale.cart.is_empty:
            raise CartIsEmpty()
        if carts.price_cart(sale.cart).gross.minor >= 0:
            sale.close()
        elif self.on_credit is not None:
            self.on_credit()

    def _show(self, reason: str) -> None:
        sale, receipt = self.sale, self._sold
        left = self._returning().returnable(receipt, sale.cart)
        rows = tuple(self._row(one) for one in left)
        view = SheetView(
            kind=SheetKind.RETURN,
            title=t("Return of {number}").format(number=receipt.number),
            about=t("Scan or touch what comes back; a number first says how many."),
            asks=t("How many, or scan"),
            hint=t("Enter: refund"),
            reasons=self._reasons(),
            reason=reason,
            rows=rows,
            ways=self._credit_way(),
            empty=t("Everything of it has come back."),
        )
        sale.open(view, self)

    def _row(self, one: "ReturnableLine") -> SearchHit:
        line, amounts = one.line, self.sale.amounts
        left = amounts.quantity(one.left, line.unit)
        sold = amounts.quantity(line.quantity, line.unit)
        return SearchHit(
            str(line.line_no),
            line.name or line.code,
            t("{left} of {sold} can come back").format(left=left, sold=sold),
            amounts.plain(line.figures.gross),
        )


class _NumberAsked:
    """Waits for the number of a receipt."""

    def __init__(self, desk: ReturnDesk) -> None:
        self._desk = desk

    def choose(self, key: str) -> None:
        """There is nothing to choose."""

    def enter(self, text: str) -> None:
        """Open the receipt with the number."""
        self._desk.take(text)

    def follow(self, text: str) -> None:
        """The number is taken with Enter."""

    def scan(self, code: str) -> bool:
        """Take the receipt's code."""
        self._desk.take(code)
        return True


class VoidDesk:
    """Undoes the last finished sale, or one chosen elsewhere, for a reason."""

    def __init__(
        self,
        sale: SaleOnScreen,
        returning: "Callable[[], Returning]",
        on_voided: Callable[[Sale], None],
    ) -> None:
        self.sale = sale
        self._returning = returning
        self._on_voided = on_voided
        self._number = ""
        self._sale_id = ""

    @gesture
    def open_last(self) -> None:
        """Ask why the last sale is undone."""
        last = self.sale.checkout.store.sales.last()
        if last is None:
            raise NothingToVoid()
        self.open(last)

    @gesture
    def ask(self, document: Sale) -> None:
        """Ask why a document that somebody marked in the list of receipts is undone."""
        self.open(document)

    def open(self, document: Sale) -> None:
        """Ask why a document is undone; raises AlreadyVoided."""
        self._sale_id, self._number = document.id, document.number
        self._refuse_again()
        amount = self.sale.amounts.money(document.amount_due)
        view = SheetView(
            kind=SheetKind.CHOICE,
            title=t("Void {number}").format(number=document.number),
            about=t("{amount} goes back and the goods return to stock. Why?").format(amount=amount),
            asks=t("Reason"),
            hint=t("Enter takes the first"),
            rows=tuple(SearchHit(reason, t(reason)) for reason in VOID_REASONS),
        )
        self.sale.open(view, self)

    def choose(self, key: str) -> None:
        """Undo it for a reason; raises what cannot be undone."""
        self._void(self._sale_id, key)

    def enter(self, text: str) -> None:
        """Undo it for the first reason, or the one that was typed."""
        self._void(self._sale_id, text.strip() or VOID_REASONS[0])

    def follow(self, text: str) -> None:
        """A reason typed is taken with Enter."""

    def scan(self, code: str) -> bool:
        """A scan belongs to the sale."""
        return False

    def _refuse_again(self) -> None:
        known = self.sale.checkout.store.sales.void_of(self._sale_id)
        if known is not None:
            raise AlreadyVoided(number=self._number, void=known.number)

    def _void(self, sale_id: str, reason: str) -> None:
        sale = self.sale
        self._refuse_again()  # or its receipt would come out, and the drawer open, once more
        void = self._returning().void(sale_id, reason)
        sale.close()
        if sale.finished is not None:
            sale.begin()
        self._on_voided(void)
        text = t("{number} is void: {amount} went back with {void}.")
        sale.notices.tell(
            text.format(
                number=self._number, amount=sale.amounts.money(-void.amount_due), void=void.number
            )
        )


def _question() -> SheetView:
    return SheetView(
        kind=SheetKind.ASK,
        title=t("Return"),
        about=t("Scan the code on the receipt, or type its number."),
        asks=t("Receipt number"),
        hint=t("Type it and press Enter"),
        confirm=t("Open receipt"),
    )
