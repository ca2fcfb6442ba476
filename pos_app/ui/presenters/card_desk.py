"""Card payments through a terminal: asked elsewhere, told in a notice, cancelled with a touch.

What the bank let through is durable before the sale hears of it. Where the sale then does not want
it any more, it is taken back.
"""

import logging
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from pos_app.domain.cart import Cart, SaleKind
from pos_app.domain.errors import PosError
from pos_app.domain.money import Money
from pos_app.domain.payment import TenderMethod, TenderRequest, settle
from pos_app.domain.pricing import Priced
from pos_app.domain.sale import Sale, check_sellable
from pos_app.texts import t
from pos_app.ui.presenters import notice_board as board
from pos_app.ui.presenters.background_work import RunWork, Stoppable, Working
from pos_app.ui.presenters.paying import Paying
from pos_app.ui.presenters.refusals import sentence_of
from pos_app.ui.presenters.sale_on_screen import SaleOnScreen
from pos_app.ui.views import Notice, NoticeAction, Severity

if TYPE_CHECKING:
    from pos_app.domain.card_payment import CardPayment
    from pos_app.services.card_payments import CardPayments, Settled
    from pos_app.ui.presenters.owed_cards import OwedCards

CARD, CANCEL, AGAIN = "card", "cancel", "again"
Outcome = TypeVar("Outcome")
log = logging.getLogger(__name__)


class SaleIsGone(PosError):
    """Another sale is on the screen by now."""

    sentence = "The sale of the card payment is gone. The payment goes back to the card."


class CardDesk:
    """Stands between `Paying` and the terminal; without `connect` it does nothing."""

    def __init__(self, sale: SaleOnScreen, paying: Paying) -> None:
        self.sale = sale
        self._paying = paying
        self._run: RunWork | None = None
        self._payments: CardPayments | None = None
        self._job: Stoppable | None = None
        self._amount: Money | None = None
        self._says = ""
        paying.on_card = self._takes
        paying.on_card_refund = self._refunds
        paying.on_given_back = self._given_back

    def connect(self, run: RunWork, payments: "CardPayments | None") -> None:
        """Let `run` ask the terminal of `payments` from now on; None takes cards by themselves."""
        self._run, self._payments = run, payments

    @property
    def is_on(self) -> bool:
        """Whether card payments go to a terminal."""
        return self._payments is not None

    def act(self, action: str) -> None:
        """Do what the notice's button says."""
        if action == CANCEL and self._job is not None:
            self._says = t("being cancelled")
            self._job.cancel()
            self._tell()
        elif action == AGAIN:
            self.settle_left()

    def settle_left(self) -> None:
        """End what was left over when the till last stopped, elsewhere; say what came of it."""
        run, payments = self._run, self._payments
        if run is None or payments is None or not payments.unfinished():
            self._tell_owed()
            return
        cart = self.sale.cart
        run(
            lambda _working: payments.settle_left(cart),
            lambda settled: self._left(cart, settled),
            self._could_not_settle,
        )

    @cached_property
    def owed(self) -> "OwedCards":
        """What voids still owe to cards."""
        from pos_app.ui.presenters.owed_cards import OwedCards  # noqa: PLC0415 - seldom needed

        return OwedCards(self.sale, self)

    def refund_of(self, document: Sale) -> None:
        """Give the card money of a void back on the terminal; it is owed until then."""
        if self._payments is not None and document.kind is SaleKind.VOID:
            self.owed.pay(document.id)

    def _tell_owed(self) -> None:
        """Say at the start what voids still owe; a till that never owed any imports nothing."""
        if self.sale.checkout.store.records.has_any(board.CARD_OWED):
            self.owed.tell()
            self.sale.show()

    def pay_owed(self, void_id: str, amount: Money) -> None:
        """Let the terminal give back what a void owes; raises CardBusy."""
        self._check_free()
        payments = self._payments
        if payments is not None:
            self._run_on_terminal(
                amount,
                lambda working, say: payments.pay_owed(void_id, working, say),
                self.owed.paid,
                self.owed.failed,
            )

    def _takes(self, amount: Money | None) -> bool:
        """Begin to take a card payment; False where there is no terminal to ask."""
        if self._payments is None or self._run is None:
            return False
        self._check_free()
        sale = self.sale
        sale.before_paying()
        priced = check_sellable(sale.cart)
        due = sale.desk.due(sale.cart, priced).remaining
        if amount is not None and due.minor < 0:
            amount = -amount
        wanted = due if amount is None else amount
        request = TenderRequest(TenderMethod.CARD, wanted)
        settle(priced.gross, (*sale.cart.taken, request), sale.cart.cash_rounding)
        sale.close()
        sale.clear_entry()
        cart = sale.cart
        sale.checkout.keep(cart)  # the sale is there again, whatever happens meanwhile
        self._ask(
            cart, wanted, lambda payment: self._approved(cart, payment, self._paying.take), priced
        )
        return True

    def _refunds(self, amount: Money, use: Callable[[TenderRequest], None]) -> bool:
        """Give `amount` (below zero) back to the card, then finish the refund with `use`."""
        if self._payments is None or self._run is None:
            return False
        self._check_free()
        cart = self.sale.cart
        self.sale.checkout.keep(cart)
        self._ask(
            cart,
            amount,
            lambda payment: self._approved(cart, payment, use),
            check_sellable(cart),
        )
        return True

    def _check_free(self) -> None:
        if self._amount is not None:
            from pos_app.domain.card_payment import CardBusy  # noqa: PLC0415 - with a terminal

            raise CardBusy(amount=self._amount)

    def _ask(
        self, cart: Cart, amount: Money, use: "Callable[[CardPayment], None]", priced: Priced
    ) -> None:
        """Ask the terminal for a payment; a refund that nobody let through is refused before."""
        payments, checkout = self._payments, self.sale.checkout
        if payments is None:
            return
        payments.staff = checkout.staff
        asked = payments.ask(cart.id, amount, lambda tx: checkout.let_refund_in(tx, cart, priced))
        self._run_on_terminal(
            amount, lambda working, say: payments.take(asked, working, say), use, self._refuse
        )

    def _run_on_terminal(
        self,
        amount: Money,
        do: "Callable[[Working, Callable[[str], None]], Outcome]",
        use: "Callable[[Outcome], None]",
        refuse: Callable[[Exception], None],
    ) -> None:
        """Do something at the terminal elsewhere, and show how far it is."""
        run = self._run
        if run is None:
            return
        self._amount, self._says = amount, ""

        def work(working: Working) -> "Outcome":
            def say(text: str) -> None:
                self._says = text
                working.report(0, 0)

            return do(working, say)

        def done(outcome: "Outcome") -> None:
            self._end()
            use(outcome)
            self.sale.show()

        def failed(error: Exception) -> None:
            self._end()
            refuse(error)
            self.sale.show()

        self._tell()
        job = run(work, done, failed, lambda _done, _total: self._show())
        if self._amount is not None:
            self._job = job

    def _approved(
        self, cart: Cart, payment: "CardPayment", use: Callable[[TenderRequest], None]
    ) -> None:
        """Take what was approved into the sale it was for, or give it back."""
        from pos_app.services.card_payments import tender_of  # noqa: PLC0415 - with a terminal

        sale = self.sale
        approved = payment.approved or payment.amount
        try:
            self._check_there(cart)
            use(tender_of(payment))
        except PosError as refusal:
            sale.notices.refuse(sentence_of(refusal, sale.amounts))
            self._reverse(payment)
            return
        except Exception:
            log.exception("the sale of card payment %s failed", payment.id)
            self._reverse(payment)
            raise
        if approved != payment.amount:
            told = t("The bank let through {amount}. Take the rest in another way.")
            sale.notices.tell(told.format(amount=sale.amounts.money(approved)))

    def _check_there(self, cart: Cart) -> None:
        if self.sale.finished is not None or self.sale.cart.id != cart.id:
            raise SaleIsGone()

    def _given_back(self, request: TenderRequest) -> None:
        """A card payment that was taken out of the sale goes back to the card."""
        if self._payments is None or request.method is not TenderMethod.CARD:
            return
        from pos_app.services.card_payments import tender_of  # noqa: PLC0415 - with a terminal

        for payment in self._payments.unfinished():
            if payment.cart_id == self.sale.cart.id and tender_of(payment) == request:
                self._reverse(payment)
                return

    def _reverse(self, payment: "CardPayment") -> None:
        run, payments, sale = self._run, self._payments, self.sale
        if run is None or payments is None:
            return
        amount = sale.amounts.money(payment.approved or payment.amount)

        def done(_payment: object) -> None:
            told = t("{amount} went back to the card.").format(amount=amount)
            sale.notices.tell(told, CARD)
            sale.show()

        run(lambda _working: payments.reverse(payment, "not used"), done, self._failed)

    def _left(self, cart: Cart, settled: "Settled") -> None:
        from pos_app.services.card_payments import is_taken, tender_of  # noqa: PLC0415 - as above

        sale = self.sale
        for payment in settled.kept:
            amount = sale.amounts.money(payment.approved or payment.amount)
            told = t("{amount} was paid by card before the till stopped. It is counted.")
            if sale.cart.id == cart.id and not is_taken(sale.cart, payment):
                self._paying.take(tender_of(payment))
            sale.notices.tell(told.format(amount=amount))
        for payment in settled.reversed:
            amount = sale.amounts.money(payment.approved or payment.amount)
            told = t("{amount} that no sale used went back to the card.")
            sale.notices.tell(told.format(amount=amount), f"{CARD} {payment.id}")
        if settled.unclear:
            self._could_not_settle(None)
        self._tell_owed()
        sale.show()

    def _could_not_settle(self, _error: Exception | None) -> None:
        text = t(
            "A card payment of before is not settled, because the terminal does not answer. The "
            "till asks again when it starts next."
        )
        again = NoticeAction(AGAIN, t("Try again"), "refresh-cw")
        self.sale.notices.put(Notice(CARD, Severity.BAR, text, actions=(again,)))
        self.sale.show()

    def _failed(self, error: Exception) -> None:
        """Say why something without a payment in hand did not work."""
        self._refuse(error)
        self.sale.show()

    def _refuse(self, error: Exception) -> None:
        notices = self.sale.notices
        if isinstance(error, PosError):
            notices.refuse(sentence_of(error, self.sale.amounts))
        else:
            log.error("a card payment failed", exc_info=error)
            notices.refuse(t("The terminal could not be asked, and the reason is in the log."))

    def _end(self) -> None:
        self._job = self._amount = None
        self.sale.notices.take_down(CARD)

    def _show(self) -> None:
        if self._amount is not None:
            self._tell()
            self.sale.show()

    def _tell(self) -> None:
        """Say how far it is, without a sound and for as long as it takes."""
        if self._amount is None:
            return
        amount = self.sale.amounts.money(self._amount)
        text = t("Card payment of {amount} on the terminal").format(amount=amount)
        text = f"{text}: {self._says}" if self._says else text
        button = NoticeAction(CANCEL, t("Cancel the payment"), "x")
        notices = self.sale.notices
        alarms = notices.alarms
        notices.put(Notice(CARD, Severity.MARK, text, actions=(button,), can_close=False))
        notices.alarms = alarms
