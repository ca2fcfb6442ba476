"""What voids still owe to cards: a notice while something is open, and a sheet to end each one."""

import logging
from typing import TYPE_CHECKING, Protocol

from pos_app.domain.errors import PosError
from pos_app.domain.money import Money
from pos_app.printing.amounts import writing
from pos_app.services.card_owed import end_by_hand, open_debts
from pos_app.texts import t
from pos_app.ui.presenters import notice_board as board
from pos_app.ui.presenters.checkout_state import SheetKind, SheetView
from pos_app.ui.presenters.refusals import sentence_of
from pos_app.ui.presenters.sale_on_screen import SaleOnScreen, gesture
from pos_app.ui.views import Notice, NoticeAction, SearchHit, Severity, TenderChoice

if TYPE_CHECKING:
    from pos_app.domain.card_owed import CardOwed

AGAIN, OPEN, BY_HAND = "again", "open", "by_hand"
BY_HAND_NOTE = "ended at the till by hand"
log = logging.getLogger(__name__)


class Terminal(Protocol):
    """Whoever asks the terminal."""

    @property
    def is_on(self) -> bool:
        """Whether there is one."""

    def pay_owed(self, void_id: str, amount: Money) -> None:
        """Let it give back what a void owes, elsewhere; raises CardBusy."""


class OwedCards:
    """Owns the sheet; the terminal itself is asked by the card desk."""

    def __init__(self, sale: SaleOnScreen, desk: Terminal) -> None:
        self.sale = sale
        self._desk = desk
        self._chosen = ""

    def pay(self, void_id: str) -> None:
        """Ask the terminal for what a void owes; where it cannot be asked now, it stays open."""
        debt = self._debt(void_id)
        if debt is None:
            return
        try:
            self._desk.pay_owed(debt.id, debt.left)
        except PosError as refusal:
            self.failed(refusal)

    def paid(self, amount: Money) -> None:
        """Say what the card has now, and what it still waits for."""
        self.tell()
        words = t("{amount} went back to the card.")
        if amount.minor > 0:
            words = t("{amount} was charged to the card.")
        self.sale.notices.tell(words.format(amount=self.sale.amounts.money(_worth(amount))))

    def failed(self, error: Exception) -> None:
        """Say why the card does not have it yet; nothing is lost."""
        if isinstance(error, PosError):
            self.sale.notices.refuse(sentence_of(error, self.sale.amounts))
        else:
            log.error("what a void owes to a card could not be paid", exc_info=error)
        self.tell()

    def tell(self) -> None:
        """Hang up what is open, for as long as it is."""
        debts = open_debts(self.sale.checkout.store)
        notices = self.sale.notices
        notices.take_down(board.CARD_OWED)
        if not debts:
            return
        actions = [NoticeAction(OPEN, t("Show"), "credit-card")]
        if self._desk.is_on:
            actions.insert(0, NoticeAction(AGAIN, t("Try again"), "refresh-cw"))
        notices.put(
            Notice(board.CARD_OWED, Severity.BAR, self._words(debts), actions=tuple(actions))
        )

    def act(self, action: str) -> None:
        """Do what the notice's button says, for the oldest."""
        debts = open_debts(self.sale.checkout.store)
        if action == AGAIN and debts:
            self.pay(debts[0].id)
        elif action == OPEN:
            self._list()

    @gesture
    def open(self) -> None:
        """Show each one that is open."""
        self._list()

    def choose(self, key: str) -> None:
        """Show what can be done with the touched one, or do it."""
        if key == AGAIN:
            self.sale.close()
            self.pay(self._chosen)
        elif key == BY_HAND:
            self._end_by_hand()
            self.sale.close()
            self.tell()
            self.sale.notices.tell(t("It is written down that the card has its money."))
        else:
            self._ways_for(key)

    def enter(self, text: str) -> None:
        """Show what can be done with the only one."""
        if not self._chosen and self.sale.sheet.rows:
            self._ways_for(self.sale.sheet.rows[0].key)

    def follow(self, text: str) -> None:
        """Nothing is typed here."""

    def scan(self, code: str) -> bool:
        """A scan belongs to the sale."""
        return False

    def _list(self) -> None:
        self._chosen = ""
        shop, money = self.sale.shop, self.sale.amounts.money
        since = writing(shop.screen.language or "en", shop.country, shop.time_zone).date_and_time
        rows = tuple(
            SearchHit(debt.id, debt.number, since(debt.since), money(_worth(debt.left)))
            for debt in open_debts(self.sale.checkout.store)
        )
        view = SheetView(
            SheetKind.CHOICE,
            t("Open card refunds"),
            t("The goods came back; the card does not have its money yet."),
            t("Open card refunds"),
            t("Touch one to end it"),
            rows=rows,
            empty=t("Every card has its money."),
        )
        self.sale.open(view, self)

    def _ways_for(self, void_id: str) -> None:
        debt = self._debt(void_id)
        if debt is None:
            self._list()
            return
        self._chosen = void_id
        by_hand = TenderChoice(BY_HAND, t("Done by hand"), icon="check")
        again = TenderChoice(AGAIN, t("Try again"), icon="refresh-cw", is_enabled=self._desk.is_on)
        view = SheetView(
            SheetKind.ACTIONS,
            debt.number,
            self._words([debt]),
            debt.number,
            t("Touch what to do"),
            ways=(again, by_hand),
        )
        self.sale.open(view, self)

    def _end_by_hand(self) -> None:
        checkout = self.sale.checkout
        end_by_hand(
            checkout.store,
            checkout.authority,
            self._chosen,
            BY_HAND_NOTE,
            checkout.now(),
            checkout.staff,
        )

    def _debt(self, void_id: str) -> "CardOwed | None":
        debts = open_debts(self.sale.checkout.store)
        return next((debt for debt in debts if debt.id == void_id), None)

    def _words(self, debts: "list[CardOwed]") -> str:
        first = debts[0]
        words = t("{amount} of {number} has not gone back to the card yet.")
        if first.left.minor > 0:
            words = t("{amount} of {number} has not been charged to the card yet.")
        text = words.format(amount=self.sale.amounts.money(_worth(first.left)), number=first.number)
        if len(debts) == 1:
            return text
        return f"{text} {t('{count} more wait.').format(count=len(debts) - 1)}"


def _worth(amount: Money) -> Money:
    return Money(abs(amount.minor), amount.currency)
