"""Gift cards and deposits at the counter: sold, topped up, looked up, and found by a scan."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from pos_app.domain.cart import Cart, SaleKind
from pos_app.domain.errors import PosError
from pos_app.domain.held_lines import add_account_payment, add_deposit, add_gift_card
from pos_app.domain.money import Money
from pos_app.domain.payment import TenderMethod
from pos_app.domain.sale import CustomerNeeded
from pos_app.domain.stored_value import StoredValue, ValueKind, ValueState
from pos_app.texts import t
from pos_app.ui.presenters import number_buffer as buffer
from pos_app.ui.presenters.background_work import RunWork
from pos_app.ui.presenters.checkout_state import SheetKind, SheetView
from pos_app.ui.presenters.sale_on_screen import SaleOnScreen, gesture
from pos_app.ui.presenters.tender_desk import TenderDesk
from pos_app.ui.views import TenderChoice

if TYPE_CHECKING:
    from pos_app.services.held_desk import HeldDesk

REDEEM, TOP_UP, HISTORY, BLOCK, RELEASE = "redeem", "top_up", "history", "block", "release"
_CLOSED = (ValueState.BLOCKED, ValueState.EXPIRED)
_METHODS = {
    ValueKind.GIFT_CARD: TenderMethod.GIFT_CARD,
    ValueKind.STORE_CREDIT: TenderMethod.STORE_CREDIT,
    ValueKind.DEPOSIT: TenderMethod.DEPOSIT,
}


class SoldInSalesOnly(PosError):
    """A return cannot sell a gift card."""

    sentence = "Finish the return on the screen first, then sell the card."


class GiftCardDesk:
    """Puts gift cards, deposits and payments on account into the cart."""

    def __init__(
        self,
        sale: SaleOnScreen,
        tenders: TenderDesk,
        held: "Callable[[], HeldDesk]",
        run: RunWork,
    ) -> None:
        self.sale = sale
        self._tenders = tenders
        self._held = held
        self._run = run

    @gesture
    def sell(self) -> None:
        """Sell a gift card of the typed amount, or ask for the amount first."""
        self._with_amount(t("Sell or top up a gift card"), self._ask_card)

    @gesture
    def deposit(self) -> None:
        """Take a deposit of the typed amount, or ask for the amount first."""
        self._with_amount(t("Deposit"), self.add_deposit)

    @gesture
    def pay_account(self) -> None:
        """Take money for what the customer owes, or ask how much."""
        if self.sale.cart.customer is None:
            raise CustomerNeeded()
        self._with_amount(t("Payment on account"), self.add_account_payment)

    @gesture
    def balance(self) -> None:
        """Ask which card to look up."""
        self.sale.open(_number_asked(t("Balance of a card")), _Asked(self.sale, self.show))

    def add_card(self, text: str, amount: Money) -> None:
        """Sell a card, or top it up: scanned, typed, or with a new number for an empty text."""
        held, sale = self._held(), self.sale
        is_new = not text.strip()
        kind = ValueKind.GIFT_CARD
        number = held.new_number(kind) if is_new else held.number(kind, text)
        sale.put(add_gift_card(self._cart(), number, amount, t("Gift card")))
        sale.close()
        if is_new:
            told = t("The new card is {number}. It stands on the receipt.")
            sale.notices.tell(told.format(number=held.shown(number)))

    def add_deposit(self, amount: Money) -> None:
        """Take a deposit under a new number."""
        held, sale = self._held(), self.sale
        number = held.new_number(ValueKind.DEPOSIT)
        sale.put(add_deposit(self._cart(), number, amount, t("Deposit")))
        sale.close()
        told = t("The deposit has the number {number}.")
        sale.notices.tell(told.format(number=held.shown(number)))

    def add_account_payment(self, amount: Money) -> None:
        """Take money for what the cart's customer owes."""
        self.sale.put(add_account_payment(self._cart(), amount, t("Paid on account")))
        self.sale.close()

    def show(self, text: str) -> None:
        """Say what is on a card; raises ValueUnknown or NumberMistyped."""
        account = self._held().find(text)
        if account is None:
            self._held().payable(
                ValueKind.GIFT_CARD,
                self._held().number(ValueKind.GIFT_CARD, text),
                Money(1, self.sale.cart.policy.currency),
            )
            return
        self.offer(account)

    def offer(self, account: StoredValue) -> None:
        """Show a card that was scanned: what is on it, and what can be done with it."""
        self.sale.open(self._card_view(account), _Offered(self, account))

    def found(self, code: str) -> bool:
        """Offer the card with a scanned code; tell whether there is one."""
        account = self._held().find(code)
        if account is not None:
            self.offer(account)
        return account is not None

    def redeem(self, account: StoredValue) -> None:
        """Pay the sale on the screen with a card."""
        self._tenders.take_number(_METHODS[account.kind], account.number, None)

    def top_up(self, account: StoredValue) -> None:
        """Ask how much goes on a card."""
        self._with_amount(
            t("Top up {number}").format(number=self._held().shown(account.number)),
            lambda amount: self.add_card(account.number, amount),
        )

    def block(self, account: StoredValue) -> None:
        """Stop a card that was lost, and show it; raises ApprovalNeeded."""
        self.offer(self._held().stop(account.number, account.kind))

    def release(self, account: StoredValue) -> None:
        """Let a blocked card be used again, and show it; raises ApprovalNeeded."""
        self.offer(self._held().release(account.number, account.kind))

    def history(self, account: StoredValue) -> None:
        """Show what happened to a card."""
        from pos_app.ui.presenters.value_history import ValueHistory  # noqa: PLC0415 - seldom seen

        ValueHistory(self.sale, account, self._held().shown(account.number)).open(self._run)

    def _card_view(self, account: StoredValue) -> SheetView:
        amounts, number = self.sale.amounts, self._held().shown(account.number)
        left = t("{amount} is left").format(amount=amounts.money(account.money))
        if account.state is ValueState.BLOCKED:
            left = f"{left} · {t('blocked')}"
        elif account.expires is not None:
            left = f"{left} · {t('good until {day}').format(day=account.expires.isoformat())}"
        is_open = self.sale.finished is None and not self.sale.cart.is_empty
        can_top_up = account.kind is ValueKind.GIFT_CARD and account.state not in _CLOSED
        stop = TenderChoice(
            BLOCK, t("Block it"), "", "lock", is_enabled=account.state is not ValueState.EXPIRED
        )
        if account.state is ValueState.BLOCKED:
            stop = TenderChoice(RELEASE, t("Release it"), "", "lock-open")
        ways = (
            TenderChoice(
                REDEEM, t("Pay with it"), "", "gift", is_enabled=is_open and account.spendable > 0
            ),
            TenderChoice(TOP_UP, t("Top it up"), "", "plus", is_enabled=can_top_up),
            TenderChoice(HISTORY, t("History"), "", "history"),
            stop,
        )
        return SheetView(SheetKind.ACTIONS, number, left, asks=number, hint=left, ways=ways)

    def _ask_card(self, amount: Money) -> None:
        view = _number_asked(
            t("Gift card of {amount}").format(amount=self.sale.amounts.money(amount)),
            t("Scan a card of yours, or press Enter for a new number."),
            t("New number"),
        )
        self.sale.open(view, _Asked(self.sale, lambda text: self.add_card(text, amount)))

    def _with_amount(self, title: str, use: Callable[[Money], None]) -> None:
        sale, text = self.sale, self.sale.figures.text
        currency = sale.cart.policy.currency
        if text:
            amount = buffer.amount_of(text, currency)
            sale.clear_entry()
            use(amount)
            return
        view = SheetView(
            kind=SheetKind.ASK,
            title=title,
            about=t("How much?"),
            asks=t("Amount"),
            hint=t("Type it and press Enter"),
        )
        sale.open(
            view, _Asked(sale, lambda typed: use(buffer.amount_of(typed, currency)), scans=False)
        )

    def _cart(self) -> Cart:
        sale = self.sale
        if sale.finished is not None:
            sale.begin()
        if sale.cart.kind is not SaleKind.SALE:
            raise SoldInSalesOnly()
        return sale.cart


class _Asked:
    """Waits for something that is typed or scanned and hands it over."""

    def __init__(
        self, sale: SaleOnScreen, use: Callable[[str], None], *, scans: bool = True
    ) -> None:
        self._sale = sale
        self._use = use
        self._scans = scans

    def choose(self, key: str) -> None:
        """There is nothing to choose."""

    def enter(self, text: str) -> None:
        """Hand over what was typed."""
        self._use(text)

    def follow(self, text: str) -> None:
        """It is taken with Enter."""

    def scan(self, code: str) -> bool:
        """Hand over what was scanned, or leave it to the sale."""
        if self._scans:
            self._use(code)
            return True
        self._sale.close()
        return False


class _Offered:
    """The sheet of one card."""

    def __init__(self, desk: GiftCardDesk, account: StoredValue) -> None:
        self._desk = desk
        self._account = account

    def choose(self, key: str) -> None:
        """Pay with it, put more on it, look at its past, stop or release it."""
        {
            REDEEM: self._desk.redeem,
            TOP_UP: self._desk.top_up,
            HISTORY: self._desk.history,
            BLOCK: self._desk.block,
            RELEASE: self._desk.release,
        }[key](self._account)

    def enter(self, text: str) -> None:
        """Pay with it where there is something to pay."""
        if self._desk.sale.finished is None and not self._desk.sale.cart.is_empty:
            self._desk.redeem(self._account)

    def follow(self, text: str) -> None:
        """Nothing is typed here."""

    def scan(self, code: str) -> bool:
        """A scan belongs to the sale."""
        self._desk.sale.close()
        return False


def _number_asked(title: str, about: str = "", confirm: str = "") -> SheetView:
    return SheetView(
        kind=SheetKind.ASK,
        title=title,
        about=about or t("Scan the card, or type its number."),
        asks=t("Number of the card"),
        hint=about or t("Type it and press Enter"),
        confirm=confirm,
    )
