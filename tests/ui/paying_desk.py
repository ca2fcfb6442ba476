"""A till that takes every way to pay, with or without a simulated terminal, for its tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal

from pos_app.domain.cash_settings import AcceptedCurrency, CashSettings
from pos_app.domain.payment import TenderMethod
from pos_app.domain.sale import Sale
from pos_app.domain.tender_settings import PointsSettings, TenderSettings, TerminalKind
from pos_app.services.card_payments import CARD_PAYMENT, CardPayments
from pos_app.services.card_simulator import CardSimulator
from pos_app.services.card_terminals import NetworkTerminal
from pos_app.services.shop_setup import ShopSetup
from pos_app.services.verification import verify
from tests.ui.at_once import at_once
from tests.ui.conftest import NOW, Till

ALL = tuple(m for m in TenderMethod if m not in (TenderMethod.CASH, TenderMethod.CARD))
EVERYTHING = TenderSettings(
    methods=ALL,
    tips=True,
    keeps_accounts=True,
    credit_limit=Decimal(20),
    points=PointsSettings(Decimal(1), Decimal("0.10")),
)
CASH = CashSettings(accepted=(AcceptedCurrency("USD", Decimal("0.92")),))
MULLER = "99001"


def use(till: Till, tenders: TenderSettings) -> None:
    shop = replace(till.store.settings.shop(), tenders=tenders, cash=CASH)
    ShopSetup(till.store, lambda: NOW).save(shop)
    till.checkout.reload_settings()
    till.presenter.settings_changed(till.checkout.shop)


@contextmanager
def taking_everything(till: Till) -> Iterator[Till]:
    """The till with every way to pay; its store must be as sound afterwards as it was."""
    path = till.store.path
    before = {str(fault) for fault in verify(path).faults}  # its catalogue has no facts
    use(till, EVERYTHING)
    yield till
    till.store.close()
    assert {str(fault) for fault in verify(path).faults} <= before


def way(till: Till, key: str, typed: str = "") -> None:
    till.press("F5")
    till.keys(typed)
    till.presenter.tenders.choose_way(key)


def more(till: Till, key: str) -> None:
    till.press("Ctrl+M")
    till.presenter.sheet.choose(key)


def enter(till: Till, text: str = "") -> None:
    till.presenter.entry.type_text(text)
    till.presenter.entry.enter()


def last(till: Till) -> Sale:
    sale = till.store.sales.last()
    assert sale is not None
    return sale


def refusal(till: Till) -> str:
    return next((n.text for n in till.state.notices if n.key == "refusal"), "")


def card_of(till: Till, amount: str = "50") -> str:
    """Sell a gift card for cash and return its number."""
    more(till, "card")
    enter(till, amount)
    enter(till)
    till.press("F12")
    return last(till).lines[0].code


class Terminal:
    """A till whose cards go to a simulated terminal, without threads."""

    def __init__(self, till: Till, target: str) -> None:
        use(till, replace(EVERYTHING, terminal=TerminalKind.NETWORK, terminal_target=target))
        self.payments = CardPayments(till.store, till.checkout.now, NetworkTerminal(target, 1))
        till.presenter.cards.connect(at_once, self.payments)


@contextmanager
def on_terminal(desk: Till, simulator: CardSimulator) -> Iterator[Till]:
    """The till with a terminal; in the end its money is that of the documents, none is open."""
    with simulator.serve() as server:
        Terminal(desk, server.target)
        yield desk
        assert simulator.net == sum(
            t.amount.minor
            for _, sale in desk.store.sales.stream()
            for t in sale.tenders
            if t.method is TenderMethod.CARD
        )
        assert not desk.store.records.in_progress(CARD_PAYMENT)
