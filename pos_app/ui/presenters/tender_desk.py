"""The less usual ways to pay: by a number, by points, with foreign notes, in parts, with a tip."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from pos_app.domain.errors import PosError
from pos_app.domain.foreign_cash import ForeignRefund, enough_of, foreign_request
from pos_app.domain.held_lines import add_tip
from pos_app.domain.money import Money
from pos_app.domain.payment import TenderMethod, TenderRequest
from pos_app.domain.sale import CartIsEmpty, CustomerNeeded
from pos_app.domain.split import equal_parts
from pos_app.domain.stored_value import ValueKind
from pos_app.texts import t
from pos_app.ui.presenters import number_buffer as buffer
from pos_app.ui.presenters.checkout_state import SheetKind, SheetView
from pos_app.ui.presenters.paying import Paying
from pos_app.ui.presenters.payment_desk import method_name
from pos_app.ui.presenters.sale_on_screen import SaleOnScreen, gesture
from pos_app.ui.presenters.tender_ways import FOREIGN, KEEP_CHANGE, PARTS, part_ways

if TYPE_CHECKING:
    from pos_app.services.held_desk import HeldDesk

NUMBERED = {
    TenderMethod.GIFT_CARD: ValueKind.GIFT_CARD,
    TenderMethod.STORE_CREDIT: ValueKind.STORE_CREDIT,
    TenderMethod.DEPOSIT: ValueKind.DEPOSIT,
}


class ForeignAmountMissing(PosError):
    """Foreign notes have to be counted before they are worth something."""

    sentence = "Type how much {currency} the customer hands over; {enough} would be enough."


class TipTooSmall(PosError):
    """Nothing is left of what was handed over."""

    sentence = "{amount} leaves no change to keep. Type what the customer hands over."


class TenderDesk:
    """Takes what the F5 sheet offers; `held` is made when the first number comes."""

    def __init__(self, sale: SaleOnScreen, paying: Paying, held: "Callable[[], HeldDesk]") -> None:
        self.sale = sale
        self._paying = paying
        self._held = held

    @gesture
    def choose_way(self, key: str) -> None:
        """Take the typed amount, or the rest, in a way of the F5 sheet."""
        amount = self._paying.typed_amount()
        if key.startswith(FOREIGN):
            self._take_foreign(key.removeprefix(FOREIGN))
        elif key == KEEP_CHANGE:
            self._keep_change(amount)
        elif key == PARTS:
            self.sale.open(_parts_question(), _Parts(self.sale, self._paying))
        else:
            self._take(TenderMethod(key), amount)

    @gesture
    def tip(self) -> None:
        """Add the typed amount as a tip, or ask for it."""
        sale = self.sale
        if sale.finished is not None or sale.cart.is_empty:
            raise CartIsEmpty()
        amount = self._paying.typed_amount()
        if amount is None:
            sale.open(_tip_question(), _TipAsked(self))
        else:
            self.add_tip(amount)

    def add_tip(self, amount: Money) -> None:
        """Put a tip into the cart; raises ValueNotPositive."""
        sale = self.sale
        sale.put(add_tip(sale.cart, amount, t("Tip")))
        sale.close()
        sale.clear_entry()

    def give_credit(self) -> None:
        """Give a refund back as store credit on a new slip."""
        self.take_number(TenderMethod.STORE_CREDIT, "", None)

    def take_number(self, method: TenderMethod, text: str, amount: Money | None) -> None:
        """Pay with what a card or slip holds, or put a refund on it; raises what it refuses."""
        sale, held = self.sale, self._held()
        due = sale.desk.due(sale.cart, sale.priced).remaining
        kind = NUMBERED[method]
        if due.minor < 0:
            number = held.number_for_refund(kind, text)
            back = -amount if amount is not None else due
            self._paying.take(TenderRequest(method, back, reference=number))
            sale.notices.tell(t("The refund is on {number}.").format(number=held.shown(number)))
            return
        number = held.number(kind, text)
        same = [r.amount for r in sale.cart.taken if r.reference == number]
        taken = sum(one.minor for one in same if one is not None)
        part = held.payable(kind, number, amount or due, taken, is_typed=amount is not None)
        self._paying.take(TenderRequest(method, part, reference=number))

    def _take(self, method: TenderMethod, amount: Money | None) -> None:
        if method in NUMBERED:
            is_refund = self.sale.desk.due(self.sale.cart, self.sale.priced).remaining.minor < 0
            self.sale.open(_number_question(method, is_refund), _NumberAsked(self, method, amount))
        elif method is TenderMethod.POINTS:
            self._take_points(amount)
        else:
            self._paying.pay(method)

    def _take_points(self, amount: Money | None) -> None:
        sale = self.sale
        if sale.cart.customer is None:
            raise CustomerNeeded()
        due = sale.desk.due(sale.cart, sale.priced).remaining
        if due.minor < 0:
            back = -amount if amount is not None else due
            self._paying.take(TenderRequest(TenderMethod.POINTS, back))
            return
        part = self._held().points_payable(
            sale.cart.customer.id, amount or due, is_typed=amount is not None
        )
        self._paying.take(TenderRequest(TenderMethod.POINTS, part))

    def _take_foreign(self, code: str) -> None:
        sale = self.sale
        due = sale.desk.due(sale.cart, sale.priced).in_cash
        currency = sale.cart.policy.currency
        if due.minor < 0:
            raise ForeignRefund(currency=currency)
        text = sale.figures.text
        accepted = sale.shop.cash.accepted
        if not text:
            known = next((one for one in accepted if one.code == code), None)
            enough = enough_of(due, known) if known is not None and known.rate > 0 else due
            raise ForeignAmountMissing(currency=code, enough=enough)
        request = foreign_request(buffer.number_of(text), code, accepted, currency)
        self._paying.take(request)

    def _keep_change(self, amount: Money | None) -> None:
        sale = self.sale
        due = sale.desk.due(sale.cart, sale.priced)
        if amount is None or amount <= due.in_cash:
            raise TipTooSmall(amount=amount or Money.zero(due.in_cash.currency))
        sale.put(add_tip(sale.cart, amount - due.remaining, t("Tip")))
        self._paying.take(TenderRequest(TenderMethod.CASH, tendered=amount))


class _NumberAsked:
    """Waits for the number of a gift card, a credit slip or a deposit."""

    def __init__(self, desk: TenderDesk, method: TenderMethod, amount: Money | None) -> None:
        self._desk = desk
        self._method = method
        self._amount = amount

    def choose(self, key: str) -> None:
        """There is nothing to choose."""

    def enter(self, text: str) -> None:
        """Take the number that was typed."""
        self._desk.take_number(self._method, text, self._amount)

    def follow(self, text: str) -> None:
        """The number is taken with Enter."""

    def scan(self, code: str) -> bool:
        """Take the number that was scanned."""
        self._desk.take_number(self._method, code, self._amount)
        return True


class _TipAsked:
    """Waits for a tip."""

    def __init__(self, desk: TenderDesk) -> None:
        self._desk = desk

    def choose(self, key: str) -> None:
        """There is nothing to choose."""

    def enter(self, text: str) -> None:
        """Take the tip that was typed."""
        self._desk.add_tip(buffer.amount_of(text, self._desk.sale.cart.policy.currency))

    def follow(self, text: str) -> None:
        """The tip is taken with Enter."""

    def scan(self, code: str) -> bool:
        """A scan belongs to the sale."""
        self._desk.sale.close()
        return False


class _Parts:
    """Asks how many people pay, and then takes one part after the other."""

    def __init__(self, sale: SaleOnScreen, paying: Paying) -> None:
        self.sale = sale
        self._paying = paying
        self._parts: list[Money] = []
        self._count = 0

    def choose(self, key: str) -> None:
        """Take the next part in a way; raises what the sale refuses."""
        sale = self.sale
        due = sale.desk.due(sale.cart, sale.priced).remaining
        is_last = len(self._parts) <= 1
        part = due if is_last else min(self._parts[0], due, key=lambda money: money.minor)
        method = TenderMethod(key)
        is_cash = method is TenderMethod.CASH
        before = len(sale.cart.taken)
        amount = None if is_last else part
        if method is TenderMethod.CARD and self._on_terminal(amount):
            return
        self._paying.take(
            TenderRequest(method, None if is_cash else amount, amount if is_cash else None)
        )
        if len(sale.cart.taken) > before:
            self._parts = self._parts[1:]
            self._show()

    def enter(self, text: str) -> None:
        """Split the bill among so many."""
        if self._parts:
            return
        sale = self.sale
        due = sale.desk.due(sale.cart, sale.priced).remaining
        number = buffer.number_of(text)
        self._count = int(number) if number == int(number) else 0
        self._parts = list(equal_parts(due, self._count))
        self._show()

    def follow(self, text: str) -> None:
        """The number is taken with Enter."""

    def scan(self, code: str) -> bool:
        """A scan belongs to the sale; what is left to pay has changed then."""
        self.sale.close()
        return False

    def _on_terminal(self, amount: Money | None) -> bool:
        """Let the terminal take this part, if there is one; the next part follows then."""
        if self._paying.on_card is None:
            return False
        cart_id = self.sale.cart.id
        self._paying.after_part = lambda: self._next(cart_id)
        is_taken = self._paying.on_card(amount)
        if not is_taken:
            self._paying.after_part = None
        return is_taken

    def _next(self, cart_id: str) -> None:
        """Go on with the next part, once the terminal has taken this one."""
        if self.sale.cart.id == cart_id and len(self._parts) > 1:
            self._parts = self._parts[1:]
            self._show()

    def _show(self) -> None:
        sale = self.sale
        number = self._count - len(self._parts) + 1
        told = t("Part {number} of {count}: {amount}")
        title = told.format(
            number=number, count=self._count, amount=sale.amounts.money(self._parts[0])
        )
        view = SheetView(
            SheetKind.ACTIONS,
            title,
            asks=title,
            hint=t("Touch how this part is paid"),
            ways=part_ways(sale.cart, sale.shop),
        )
        sale.open(view, self)


def _number_question(method: TenderMethod, is_refund: bool) -> SheetView:
    asks = t("Number of the card or slip")
    makes_new = is_refund and method is TenderMethod.STORE_CREDIT
    return SheetView(
        kind=SheetKind.ASK,
        title=method_name(method),
        about=t("Scan it, or type its number."),
        asks=asks,
        hint=t("Enter alone makes a new slip") if makes_new else t("Type it and press Enter"),
        confirm=t("New slip") if makes_new else t("Continue"),
    )


def _parts_question() -> SheetView:
    return SheetView(
        kind=SheetKind.ASK,
        title=t("Split into equal parts"),
        about=t("How many people pay? The parts sum exactly to what is due."),
        asks=t("How many people"),
        hint=t("Type it and press Enter"),
    )


def _tip_question() -> SheetView:
    return SheetView(
        kind=SheetKind.ASK,
        title=t("Tip"),
        about=t("The tip stands on the receipt and is no takings of the shop."),
        asks=t("Amount of the tip"),
        hint=t("Type it and press Enter"),
    )
