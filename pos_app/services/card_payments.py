"""Card payments that are never lost and never made twice, whatever stops in between.

Asking is durable before the terminal hears of it, the approval before anything else is done with
it. What no sale has used is found at the next start and taken back, or offered to the sale it was
for.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from pos_app.domain import card_payment as rules
from pos_app.domain.card_owed import CardOwed, NothingOwed
from pos_app.domain.card_payment import (
    CardDeclined,
    CardNotPaid,
    CardPayment,
    CardState,
    CardStateUnclear,
)
from pos_app.domain.errors import PosError
from pos_app.domain.facts import FactKind
from pos_app.domain.money import Money
from pos_app.domain.payment import TenderMethod, TenderRequest
from pos_app.domain.sale import Sale
from pos_app.services.card_owed import CARD_OWED, note_refusal, paid_in
from pos_app.services.card_terminals import (
    CardTerminal,
    NoAnswer,
    Say,
    TerminalAnswer,
    TerminalAway,
    Waiting,
)
from pos_app.store.records import RecordKind

if TYPE_CHECKING:
    from pos_app.domain.cart import Cart
    from pos_app.store.store import Store
    from pos_app.store.transaction import Transaction

LetIn = Callable[["Transaction"], Money | None]
CARD_PAYMENT = RecordKind(
    "card_payment",
    CardPayment,
    id_of=lambda payment: payment.id,
    place_of=lambda payment: payment.id,
    is_open_of=lambda payment: payment.is_open,
)
_FACTS = {
    CardState.ASKED: FactKind.CARD_ASKED,
    CardState.APPROVED: FactKind.CARD_APPROVED,
    CardState.DECLINED: FactKind.CARD_DECLINED,
    CardState.USED: FactKind.CARD_USED,
    CardState.REVERSED: FactKind.CARD_REVERSED,
}


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of payments that were left over: taken back, kept for a sale, not known yet."""

    reversed: tuple[CardPayment, ...] = ()
    kept: tuple[CardPayment, ...] = ()
    unclear: tuple[CardPayment, ...] = ()


class CardPayments:
    """The use cases; all but `ask` and `unfinished` wait for the terminal."""

    def __init__(
        self,
        store: "Store",
        now: Callable[[], datetime],
        terminal: CardTerminal,
        staff: str = "1",
    ) -> None:
        self._store = store
        self._now = now
        self._terminal = terminal
        self.staff = staff

    def ask(self, cart_id: str, amount: Money, let_in: "LetIn | None" = None) -> CardPayment:
        """Write down that `amount` (below zero: a refund) is about to be asked for.

        `let_in` says in the same transaction which refund may be given, or raises why it may not:
        the approval is durable before the card has its money back.
        """
        with self._store.transaction() as tx:
            allowed = None if let_in is None else let_in(tx)
            earlier = attempts_in(tx, cart_id)
            attempt = 1 + max((one.attempt for one in earlier), default=0)
            payment = rules.asked(cart_id, attempt, amount, self._now(), allowed)
            self._put(tx, payment)
        return payment

    def take(self, payment: CardPayment, waiting: Waiting, say: Say) -> CardPayment:
        """Charge what was asked for; it is durable as approved when this returns.

        Raises CardDeclined, CardNotPaid, TerminalAway or CardStateUnclear.
        """
        minor = payment.amount.minor
        do = self._terminal.refund if minor < 0 else self._terminal.pay
        amount = Money(abs(minor), payment.amount.currency)
        try:
            answer = do(payment.id, amount, waiting, say)
        except TerminalAway:
            self._keep(rules.declined(payment, "terminal away"))
            raise
        except NoAnswer:
            answer = self._status(payment)
        return self._answered(payment, answer)

    def pay_owed(self, void_id: str, waiting: Waiting, say: Say) -> Money:
        """Give what a void owes to its card and return how much went; it is open until then.

        What was asked for before and never answered is asked after first, so that nothing goes
        back twice. Raises NothingOwed, or what `take` raises.
        """
        before = self._owed(void_id).left
        for earlier in attempts_in(self._store, void_id):
            known = self._found_out(earlier) if earlier.is_open else earlier
            if known.state is CardState.APPROVED:
                self._use(known)
        left = self._owed(void_id).left
        if left.minor:
            try:
                self._use(self.take(self.ask(void_id, left), waiting, say))
            except PosError as refusal:
                note_refusal(self._store, void_id, str(refusal), self._now(), self.staff)
                raise
        return before - self._owed(void_id).left

    def _owed(self, void_id: str) -> CardOwed:
        debt = self._store.records.get(CARD_OWED, void_id)
        if debt is None or debt.by_hand:
            raise NothingOwed()
        return debt

    def reverse(self, payment: CardPayment, why: str) -> CardPayment:
        """Take an approved payment back; raises CardStateUnclear where the terminal is silent."""
        try:
            answer = self._terminal.reverse(payment.id)
        except (TerminalAway, NoAnswer):
            raise CardStateUnclear(amount=payment.approved or payment.amount) from None
        if answer.result not in ("reversed", "unknown"):
            raise CardStateUnclear(amount=payment.approved or payment.amount)
        done = rules.reversed_(payment, why)
        self._keep(done)
        return done

    def unfinished(self) -> list[CardPayment]:
        """Return the payments that neither a sale nor a reversal has ended."""
        return self._store.records.in_progress(CARD_PAYMENT)

    def settle_left(self, cart: "Cart | None") -> Settled:
        """End what was left over; `cart` is the sale on the screen, which keeps its own.

        One that was asked for and not answered is asked after first.
        """
        gone: list[CardPayment] = []
        kept: list[CardPayment] = []
        unclear: list[CardPayment] = []
        for payment in self.unfinished():
            try:
                known = self._found_out(payment)
                if known.state is not CardState.APPROVED:
                    continue
                if self._store.sales.has(known.cart_id):
                    self._use(known)  # the refund of a void, or a sale that is finished
                elif cart is not None and payment.cart_id == cart.id:
                    kept.append(known)
                else:
                    gone.append(self.reverse(known, "no sale used it"))
            except PosError:
                unclear.append(payment)
        return Settled(tuple(gone), tuple(kept), tuple(unclear))

    def _found_out(self, payment: CardPayment) -> CardPayment:
        if payment.state is not CardState.ASKED:
            return payment
        try:
            return self._answered(payment, self._status(payment))
        except (CardDeclined, CardNotPaid):
            return rules.declined(payment, "")

    def _status(self, payment: CardPayment) -> TerminalAnswer:
        """Ask what became of a payment, and see to it that a silent one never comes later."""
        try:
            answer = self._terminal.status(payment.id)
            if not answer.is_approved:
                self._terminal.reverse(payment.id)
        except (TerminalAway, NoAnswer):
            raise CardStateUnclear(amount=payment.amount) from None
        return answer

    def _answered(self, payment: CardPayment, answer: TerminalAnswer) -> CardPayment:
        if answer.is_approved and answer.amount is not None:
            return self._approved(payment, answer, answer.amount)
        why = answer.why or answer.result
        self._keep(rules.declined(payment, why))
        raise (CardDeclined if answer.result == "declined" else CardNotPaid)(why=why)

    def _approved(
        self, payment: CardPayment, answer: TerminalAnswer, charged: Money
    ) -> CardPayment:
        sign = -1 if payment.amount.minor < 0 else 1
        amount = Money(sign * charged.minor, charged.currency)
        done = rules.approved(payment, amount, answer.card)
        self._keep(done)
        most = abs(payment.amount.minor)
        if charged.currency != payment.amount.currency or not 0 < charged.minor <= most:
            self.reverse(done, "another amount than was asked for")
            raise CardNotPaid(why=str(charged))
        return done

    def _use(self, payment: CardPayment) -> None:
        end_void(self._store, payment, self._now(), self.staff)

    def _keep(self, payment: CardPayment) -> None:
        with self._store.transaction() as tx:
            self._put(tx, payment)

    def _put(self, tx: "Transaction", payment: CardPayment) -> None:
        tx.records.put(CARD_PAYMENT, payment, _FACTS[payment.state], self._now(), self.staff)


def attempts_in(source: "Store | Transaction", cart_id: str) -> list[CardPayment]:
    """Return all that was ever asked of the terminal for a cart or a void, in order."""
    return source.records.starting_with(CARD_PAYMENT, f"{cart_id}/")


def is_allowed_in(tx: "Transaction", cart_id: str, refund: Money) -> bool:
    """Tell whether this very refund was let through before the terminal was asked for a part."""
    return any(one.allowed == refund for one in attempts_in(tx, cart_id))


def tender_of(payment: CardPayment) -> TenderRequest:
    """Return the payment as the sale takes it; the reference is masked."""
    amount = payment.approved or payment.amount
    return TenderRequest(TenderMethod.CARD, amount, reference=payment.card.words)


def is_taken(cart: "Cart", payment: CardPayment) -> bool:
    """Tell whether a cart counts a card payment already."""
    return tender_of(payment) in cart.taken


def use_in(tx: "Transaction", sale: Sale, staff: str) -> None:
    """Tie the card payments of a document's cart to it, in its transaction.

    Each card tender uses one payment with the same amount and reference.
    """
    approved = [one for one in attempts_in(tx, sale.id) if one.state is CardState.APPROVED]
    for tender in sale.tenders:
        wanted = (tender.method, tender.amount, tender.reference)
        for payment in approved:
            request = tender_of(payment)
            if (request.method, request.amount, request.reference) == wanted:
                approved.remove(payment)
                done = rules.used(payment)
                tx.records.put(
                    CARD_PAYMENT, done, FactKind.CARD_USED, sale.stamp.at, staff, {"sale": sale.id}
                )
                break


def end_void(store: "Store", payment: CardPayment, at: datetime, staff: str) -> None:
    """Write down that a refund on the terminal belongs to the void it was made for, and paid it."""
    with store.transaction() as tx:
        tx.records.put(
            CARD_PAYMENT,
            rules.used(payment),
            FactKind.CARD_USED,
            at,
            staff,
            {"sale": payment.cart_id},
        )
        paid_in(tx, payment.cart_id, payment.approved or payment.amount, at, staff)
