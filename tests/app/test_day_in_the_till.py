"""The day in the whole till: from the rail, two touches to a receipt, and fresh after a sale."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from pos_app import texts
from pos_app.app.screens import CASH, DAY, JOURNAL, RECEIPTS
from pos_app.app.till import Till
from pos_app.domain.day_figures import Watched
from pos_app.domain.facts import FactKind
from pos_app.services.checkout import utc_now
from pos_app.services.demo_shop import create_demo_shop
from pos_app.services.verification import verify
from pos_app.ui.day_screen import DayScreen
from pos_app.ui.journal_screen import JournalScreen
from pos_app.ui.main_window import SELL
from pos_app.ui.receipts_screen import ReceiptsScreen


@pytest.fixture
def till(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Till]:
    monkeypatch.setenv("POS_APP_KEYS", "file")
    path = tmp_path / "shop.db"
    create_demo_shop(path, utc_now() - timedelta(minutes=3), days=3).close()
    made = Till(path, lambda _path, _job: None)
    made.show((1024, 768))
    qtbot.waitUntil(lambda: made.presenter is not None)
    yield made
    made.window.close()
    assert verify(path).is_sound
    texts.use_language("en")


def opened(till: Till, qtbot: QtBot) -> DayScreen:
    button = till.window.interior.rail.button(DAY)
    qtbot.waitUntil(button.isVisible)
    touch(button)
    screen = till.window.interior.screen_of(DAY)
    assert isinstance(screen, DayScreen)
    qtbot.waitUntil(lambda: screen.presenter.state.can_save)
    return screen


def touch(widget: QWidget, at: QPoint | None = None) -> None:
    middle = widget.rect().center() if at is None else at
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=middle)


def test_two_touches_lead_from_the_takings_to_a_receipt(till: Till, qtbot: QtBot) -> None:
    screen = opened(till, qtbot)
    screen.presenter.choose_period("this_year")
    qtbot.waitUntil(lambda: screen.presenter.state.can_save)
    touch(screen.figures.card("takings"))
    table = screen.side.table
    qtbot.waitUntil(lambda: table.isVisible() and table.rows().rowCount() > 0)
    number = str(table.rows().index(0, 0).data())
    touch(table.viewport(), table.visualRect(table.rows().index(0, 0)).center())
    assert till.window.current_screen() == RECEIPTS
    receipts = till.window.interior.screen_of(RECEIPTS)
    assert isinstance(receipts, ReceiptsScreen)
    assert receipts.presenter.state.detail is not None
    assert number in receipts.presenter.state.detail.title


def test_a_sale_at_the_counter_is_in_the_day_when_one_comes_back(till: Till, qtbot: QtBot) -> None:
    screen = opened(till, qtbot)
    review = screen.presenter.review
    assert review is not None
    before = review.totals.documents
    till.window.show_screen(SELL)
    presenter, store = till.presenter, till.store
    assert presenter is not None
    assert store is not None
    found = next(one.product for one in store.products.page(0, 50) if one.product.barcodes)
    presenter.entry.scan(found.barcodes[0])
    presenter.press("F12")
    opened(till, qtbot)

    def has_it() -> bool:
        now = screen.presenter.review
        return now is not None and now.totals.documents == before + 1

    qtbot.waitUntil(has_it)


def test_a_drawer_opened_without_a_sale_is_two_touches_from_its_entry(
    till: Till, qtbot: QtBot
) -> None:
    presenter, store = till.presenter, till.store
    assert presenter is not None
    assert store is not None
    presenter.sale.checkout.open_drawer("change for a customer")
    head = store.journal.head()
    assert head is not None
    assert head.kind == FactKind.DRAWER_OPENED
    screen = opened(till, qtbot)
    review = screen.presenter.review
    assert review is not None
    cashier = next(one for one in review.staff if one.of(Watched.NO_SALE).count)
    table = screen.board.exceptions.table
    row = next(
        place for place, one in enumerate(table.view().rows) if one.key == f"staff:{cashier.staff}"
    )
    index = table.model().index(row, table.view().columns.index("Drawer opened") + 1)
    touch(table.viewport(), table.visualRect(index).center())
    rows = screen.side.evidence
    qtbot.waitUntil(rows.isVisible)
    assert len(rows.rows()) == cashier.of(Watched.NO_SALE).count
    touch(rows.viewport(), rows.row_box(0).center())
    assert till.window.current_screen() == JOURNAL
    journal = till.window.interior.screen_of(JOURNAL)
    assert isinstance(journal, JournalScreen)
    qtbot.waitUntil(lambda: journal.presenter.state.detail is not None)
    detail = journal.presenter.state.detail
    assert detail is not None
    assert detail.seq == head.seq


def test_the_drawer_leads_to_the_cash_screen_and_the_rail_fits_a_small_screen(
    till: Till, qtbot: QtBot
) -> None:
    screen = opened(till, qtbot)
    assert till.window.height() == 768
    rail = till.window.interior.rail
    last = rail.button("settings")
    assert rail.rect().contains(last.geometry())
    screen.presenter.open_screen(CASH)
    assert till.window.current_screen() == CASH
