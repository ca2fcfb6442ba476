"""Gestures of taking money; the last payment finishes the sale and shows the change."""

import logging
from dataclasses import replace

from pos_app.domain import cart as carts
from pos_app.domain.errors import PosError
from pos_app.domain.money import Money
from pos_app.domain.payment import TenderMethod, TenderRequest, check_change, settle
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

log = logging.getLogger(__name__)


class Paying:
    """Takes payments until nothing is left, then makes the sale durable and prints."""

    def __init__(self, sale: SaleOnScreen, receipts: ReceiptPrinting) -> None:
        self.sale = sale
        self._receipts = receipts

    @gesture
    def pay(self, method: TenderMethod) -> None:
        """Take what is typed, or the rest, in this way."""
        self._check_open_quantity()
        text = self.sale.figures.text
        currency = self.sale.cart.policy.currency
        self._pay(method, buffer.amount_of(text, currency) if text else None)

    @gesture
    def pay_quick(self, key: str) -> None:
        """Take the cash sum of a quick button."""
        self.sale.end_prompt()
        amount = Money(int(key.removeprefix(QUICK)), self.sale.cart.policy.currency)
        self._pay(TenderMethod.CASH, amount)

    @gesture
    def give_back(self, place: int) -> None:
        """Undo one of the payments taken so far."""
        sale = self.sale
        sale.put(carts.give_back_payment(sale.cart, place))

    def _check_open_quantity(self) -> None:
        """Two digits after `*` may have been meant as cash: let the cashier look first."""
        figures = self.sale.figures
        is_doubtful = len(figures.text) > 1 and buffer.has_no_point(figures.text)
        if figures.prompt is Prompt.QUANTITY and is_doubtful:
            quantity = self.sale.line.quantity
            self.sale.clear_entry()
            raise words.QuantityStillOpen(quantity=quantity)
        self.sale.end_prompt()

    def _pay(self, method: TenderMethod, amount: Money | None) -> None:
        sale = self.sale
        priced = check_sellable(sale.cart)
        if method is TenderMethod.ON_ACCOUNT and sale.cart.customer is None:
            raise CustomerNeeded()
        is_cash = method is TenderMethod.CASH
        request = TenderRequest(
            method, amount=None if is_cash else amount, tendered=amount if is_cash else None
        )
        requests = (*sale.cart.taken, request)
        settled = settle(priced.gross, requests, sale.cart.cash_rounding)
        check_change(settled, sale.shop.quick_amounts)
        if not settled.is_settled:
            sale.put(carts.take_payment(sale.cart, request))
        sale.clear_entry()
        sale.sheet = NO_SHEET
        if settled.is_settled:
            self._finish(requests)

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
