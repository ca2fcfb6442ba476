"""Gestures of taking money; the last payment finishes the sale and shows the change."""

import logging
from collections.abc import Callable
from dataclasses import replace

from pos_app.domain import cart as carts
from pos_app.domain.errors import PosError
from pos_app.domain.money import Money, total
from pos_app.domain.payment import (
    Settlement,
    TenderMethod,
    TenderRequest,
    check_change,
    settle,
)
from pos_app.domain.sale import CustomerNeeded, Sale, check_sellable
from pos_app.texts import t
from pos_app.ui.presenters import checkout_words as words
from pos_app.ui.presenters import notice_board as board
from pos_app.ui.presenters import number_buffer as buffer
from pos_app.ui.presenters.checkout_state import NO_SHEET, Prompt, ReceiptPrinting
from pos_app.ui.presenters.checkout_view import finished_total
from pos_app.ui.presenters.payment_desk import QUICK
from pos_app.ui.presenters.refusals import sentence_of
from pos_app.ui.presenters.sale_on_screen import SaleOnScreen, gesture

# Gives a card's part of a refund back, and then finishes with the tender that came of it.
CardRefund = Callable[[Money, Callable[[TenderRequest], None]], bool]
log = logging.getLogger(__name__)


class Paying:
    """Takes payments until nothing is left, then makes the sale durable and prints.

    `on_card` may take a card payment over; `after_part` is called once, after the next payment
    that leaves something to pay.
    """

    def __init__(self, sale: SaleOnScreen, receipts: ReceiptPrinting) -> None:
        self.sale = sale
        self._receipts = receipts
        self.on_card: Callable[[Money | None], bool] | None = None
        self.on_card_refund: CardRefund | None = None
        self.after_part: Callable[[], None] | None = None
        self.on_given_back: Callable[[TenderRequest], None] | None = None

    @gesture
    def pay(self, method: TenderMethod) -> None:
        """Take what is typed, or the rest, in this way."""
        amount = self.typed_amount()
        if method is TenderMethod.CARD and self.on_card is not None and self.on_card(amount):
            return
        self._pay(method, amount)

    def typed_amount(self) -> Money | None:
        """Return what is typed as an amount; raises QuantityStillOpen or what is no amount."""
        self._check_open_quantity()
        text = self.sale.figures.text
        return buffer.amount_of(text, self.sale.cart.policy.currency) if text else None

    @gesture
    def pay_quick(self, key: str) -> None:
        """Take the cash sum of a quick button."""
        self.sale.end_prompt()
        amount = Money(int(key.removeprefix(QUICK)), self.sale.cart.policy.currency)
        self._pay(TenderMethod.CASH, amount)

    def refund(self, requests: tuple[TenderRequest, ...]) -> None:
        """Give money back by these tenders and finish; raises what the store refuses."""
        sale = self.sale
        priced = check_sellable(sale.cart)
        requests = requests or (TenderRequest(TenderMethod.CASH),)
        settled = settle(priced.gross, requests, sale.cart.cash_rounding)
        sale.close()
        if settled.is_settled and not self._is_on_terminal(requests, settled):
            self._finish(requests)

    def _is_on_terminal(self, requests: tuple[TenderRequest, ...], settled: Settlement) -> bool:
        """Let the terminal give the card's part back first, if there is one to ask."""
        cards = [t.amount for t in settled.tenders if t.method is TenderMethod.CARD]
        if not cards or self.on_card_refund is None:
            return False
        others = tuple(r for r in requests if r.method is not TenderMethod.CARD)
        amount = total(cards, settled.amount_due.currency)
        return self.on_card_refund(amount, lambda tender: self._finish((*others, tender)))

    @gesture
    def give_back(self, place: int) -> None:
        """Undo one of the payments taken so far."""
        sale = self.sale
        given = sale.cart.taken[place] if place < len(sale.cart.taken) else None
        sale.put(carts.give_back_payment(sale.cart, place))
        if given is not None and self.on_given_back is not None:
            self.on_given_back(given)

    def _check_open_quantity(self) -> None:
        """Two digits after `*` may have been meant as cash: let the cashier look first.

        So does a quantity that waits for Enter, because lowering it needs somebody's approval.
        """
        figures = self.sale.figures
        is_asked = figures.prompt is Prompt.QUANTITY and bool(figures.text)
        is_doubtful = len(figures.text) > 1 and buffer.has_no_point(figures.text)
        if is_asked and (is_doubtful or buffer.number_of(figures.text) != self.sale.line.quantity):
            quantity = self.sale.line.quantity
            self.sale.clear_entry()
            raise words.QuantityStillOpen(quantity=quantity)
        self.sale.end_prompt()

    def _pay(self, method: TenderMethod, amount: Money | None) -> None:
        priced = check_sellable(self.sale.cart)
        if amount is not None and priced.gross.minor < 0:
            amount = -amount  # what is typed goes back to the customer
        is_cash = method is TenderMethod.CASH
        request = TenderRequest(
            method, amount=None if is_cash else amount, tendered=amount if is_cash else None
        )
        self.take(request)

    def take(self, request: TenderRequest) -> None:
        """Take a payment; the last one finishes the sale. Raises what the sale refuses."""
        sale = self.sale
        sale.before_paying()
        priced = check_sellable(sale.cart)
        if request.method is TenderMethod.ON_ACCOUNT and sale.cart.customer is None:
            raise CustomerNeeded()
        requests = (*sale.cart.taken, request)
        settled = settle(priced.gross, requests, sale.cart.cash_rounding)
        check_change(settled, sale.shop.quick_amounts)
        if not settled.is_settled:
            sale.put(carts.take_payment(sale.cart, request))
        sale.clear_entry()
        sale.sheet = NO_SHEET
        after, self.after_part = self.after_part, None
        if settled.is_settled:
            self._finish(requests)
        elif after is not None:
            after()

    def _finish(self, requests: tuple[TenderRequest, ...]) -> None:
        """Make the sale durable, then show the change, and only then think of paper."""
        sale = self.sale
        rows = sale.rows.rows(sale.cart, sale.priced)
        done = sale.checkout.complete(sale.cart, requests, sale.priced)
        sale.begin()
        sale.notices.take_down(board.UNDO)
        due = sale.desk.due(sale.cart, sale.priced)
        sale.finished = replace(
            sale.state,
            rows=rows,
            selected="",
            total=finished_total(done, sale.amounts),
            tenders=(),
            quick=sale.desk.quick(due, False, sale.amounts),
            ways=sale.desk.ways(due, False, sale.amounts),
            fkeys=words.function_keys(sale.shelf.parked),
            customer=done.customer.name if done.customer else "",
            note="",
            can_pay=False,
            is_finished=True,
        )
        self._print(done)

    def _print(self, done: Sale) -> None:
        is_cash = any(tender.method is TenderMethod.CASH for tender in done.tenders)
        notices = self.sale.notices
        try:
            self._receipts.print_sale(done, is_cash)
        except PosError as trouble:
            sentence = sentence_of(trouble, self.sale.amounts)
            notices.refuse(f"{sentence} {t('The sale is safe.')}")
        except Exception:
            log.exception("receipt %s could not be handed to the printer", done.number)
            notices.refuse(
                t("The sale is safe, but its receipt could not be printed. Press F9 to try again.")
            )
