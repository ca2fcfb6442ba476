"""The journal, a receipt's entries and a replayed shift in all their states, for `shots_office`."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from PySide6.QtWidgets import QWidget

from pos_app.domain.cash_movement import MovementKind
from pos_app.domain.payment import TenderRequest
from pos_app.services.shop_setup import ShopSetup
from pos_app.ui.journal_screen import JournalScreen
from pos_app.ui.receipts_screen import ReceiptsScreen
from pos_app.ui.replay_screen import ReplayScreen
from tests.services.cash_day import CARD, CASH, GIFT_CARD, GOODS, CashDay, eur, euros
from tests.store.shops import behind_our_back


def busy_day(path: Path) -> CashDay:
    """A shift with sales, exceptions and cash, then one that is still open."""
    day = CashDay(path)
    day.shifts.open([euros(100)])
    for turn in range(40):
        day.moment += timedelta(minutes=7)
        day.sell(*GOODS[: 1 + turn % 3], method=CARD if turn % 4 == 0 else CASH, tendered=None)
    cart = day.cart(*GOODS, *GOODS)
    cart = day.checkout.remove(cart, cart.lines[0].id)
    cart = day.checkout.override_price(cart, cart.lines[0].id, Decimal("9.50"))
    sale = day.checkout.complete(cart, [TenderRequest(CASH, tendered=eur(50))])
    day.shifts.open_drawer("meter")
    day.shifts.move(MovementKind.PAY_OUT, eur(12), "Cleaning")
    day.give_back(sale)
    day.checkout.discard(day.cart(*GOODS))
    day.checkout.park(day.cart(*GOODS), "Table 4")
    day.sell(GOODS[0], GIFT_CARD)
    day.close_as_counted()
    day.shifts.open([euros(80)])
    day.sell(GOODS[1])
    return day


def journal_pages(
    folder: Path, language: str, wait: Callable[..., None]
) -> Iterator[tuple[str, QWidget]]:
    """Yield (name, widget) of each state, over a store of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"journal-{len(list(folder.iterdir()))}.db"
    day = busy_day(path)
    shop = day.store.settings.shop()
    spoken = replace(shop, screen=replace(shop.screen, language=language))
    ShopSetup(day.store, day.now).save(spoken)
    screen = JournalScreen(day.store, day.now, lambda _sale: None, lambda: None)
    presenter = screen.presenter
    wait(until=lambda: presenter.state.chain.icon == "shield-check")
    yield "journal", screen
    sale = next(e for e in day.store.journal.entries(0, 1000) if e.kind == "price_overridden")
    screen.show_entry(sale.seq + 1)
    wait(0.3)
    yield "journal-entry", screen
    screen.detail.tabs.setCurrentIndex(1)
    yield "journal-proof", screen
    presenter.close()
    presenter.choose_group("cart")
    wait(until=lambda: not presenter.state.is_searching)
    yield "journal-group", screen
    presenter.choose_group("sales")
    wait(until=lambda: not presenter.state.is_searching)
    screen.frame.search.setText("Thing")
    presenter.search("Thing")
    presenter.type_day("start", "2026-03-04")
    presenter.type_day("end", "2026-02-31")
    wait(until=lambda: not presenter.state.is_searching)
    yield "journal-search", screen
    presenter.forget_filters()
    yield from replay_pages(day, wait)
    yield from receipt_pages(day, wait)
    behind_our_back(
        path, f'UPDATE journal SET payload = \'{{"reason":"x"}}\' WHERE seq = {sale.seq}'
    )
    broken = JournalScreen(day.store, day.now, lambda _sale: None, lambda: None)
    wait(until=lambda: broken.presenter.state.chain.is_button)
    broken.frame.button("chain").click()
    wait(0.2)
    yield "journal-broken", broken
    wait(0.2)


def replay_pages(day: CashDay, wait: Callable[..., None]) -> Iterator[tuple[str, QWidget]]:
    """Yield the list of shifts, and frames of one."""
    screen = ReplayScreen(day.store, lambda _seq: None)
    presenter = screen.presenter
    yield "replay-shifts", screen
    presenter.open(presenter.state.shifts.fetch(1, 1)[0].key)
    wait(until=lambda: bool(presenter.state.title))
    presenter.to_exception()
    presenter.step(1)
    yield "replay-override", screen
    presenter.step(1)
    yield "replay-sold", screen
    presenter.go(presenter.state.count)
    yield "replay-end", screen


def receipt_pages(day: CashDay, wait: Callable[..., None]) -> Iterator[tuple[str, QWidget]]:
    """Yield the journal's tab of a receipt, and why its price."""
    screen = ReceiptsScreen(day.store, None, day.now, on_entry=lambda _seq: None)  # type: ignore[arg-type]
    entry = next(e for e in day.store.journal.entries(0, 1000) if e.kind == "drawer_opened")
    told = day.store.journal.get(entry.seq - 1)
    assert told is not None
    sale = next(s for _, s in day.store.sales.stream() if s.id in told.payload)
    screen.presenter.open(sale.id)
    screen.tabs.setCurrentWidget(screen.entries)
    wait(until=lambda: screen.told.state.rows.count() > 2 and not screen.told.state.said)
    yield "receipt-entries", screen
    screen.tabs.setCurrentWidget(screen.why)
    yield "receipt-why-lines", screen
