"""A till that takes a card payment and may be killed on the way, for the tests of card payments."""

import os
import signal
import sys
from pathlib import Path

from pos_app.domain.money import Money
from pos_app.services.card_payments import CardPayments, tender_of
from pos_app.services.card_terminals import NetworkTerminal
from pos_app.store.store import open_store
from tests.store.shops import Counter, product_id


class Patient:
    """Nobody cancels."""

    is_cancelled = False


def main(path: str, target: str, dies: str) -> None:
    """Ring up, keep the cart, take the card, and die where `dies` says."""
    store = open_store(Path(path))
    counter = Counter(store)
    cart = counter.checkout.add(counter.checkout.new_cart(), product_id(1))
    counter.checkout.keep(cart)
    payments = CardPayments(store, counter.clock, NetworkTerminal(target, 5))
    payment = payments.ask(cart.id, Money(149, "EUR"))

    def die(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    if dies == "before asking":
        die()
    if dies == "before the approval is kept":
        payments._approved = die  # type: ignore[method-assign]
    approved = payments.take(payment, Patient(), lambda _text: None)
    if dies == "before the sale":
        die()
    if dies == "inside the sale":
        counter.checkout._keep_receipt = die  # everything is written, nothing is committed
    counter.checkout.complete(cart, [tender_of(approved)])
    if dies == "after the sale":
        die()


if __name__ == "__main__":
    main(*sys.argv[1:])
