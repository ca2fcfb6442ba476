"""The card terminal of the settings, tied to the checkout; without one nothing is imported."""

from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from pos_app.domain.tender_settings import TenderSettings
    from pos_app.store.store import Store
    from pos_app.ui.presenters.checkout import CheckoutPresenter


def use_terminal(
    presenter: "CheckoutPresenter", store: "Store", tenders: "TenderSettings", owner: "QWidget"
) -> None:
    """Let card payments go to the terminal that the settings name, and end what was left over."""
    from pos_app.ui.background import run_in_background

    run = partial(run_in_background, owner=owner)
    if not tenders.asks_terminal:
        presenter.cards.connect(run, None)
        presenter.cards.settle_left()
        return
    from pos_app.services.card_payments import CardPayments
    from pos_app.services.card_terminals import NetworkTerminal

    checkout = presenter.sale.checkout
    terminal = NetworkTerminal(tenders.terminal_target, tenders.terminal_timeout_s)
    payments = CardPayments(store, checkout.now, terminal, checkout.staff)
    presenter.cards.connect(run, payments)
    presenter.cards.settle_left()
