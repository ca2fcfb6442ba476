"""Reports in the whole till: from the rail, on to an order, and fresh after a sale."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from pos_app import texts
from pos_app.app.screens import ORDERS, REPORTS
from pos_app.app.till import Till
from pos_app.services.report_sheet import ReportKind
from pos_app.services.verification import verify
from pos_app.ui.main_window import SELL
from pos_app.ui.reports_screen import ReportsScreen
from tests.services.document_office import new_office


@pytest.fixture
def till(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Till]:
    monkeypatch.setenv("POS_APP_KEYS", "file")
    path = tmp_path / "shop.db"
    office = new_office(path)
    order = office.order()
    office.notes.deliver(order, {"1": Decimal(4)})
    office.store.close()
    made = Till(path, lambda _path, _job: None)
    made.show((1280, 800))
    qtbot.waitUntil(lambda: made.presenter is not None)
    yield made
    made.window.close()
    assert verify(path).is_sound
    texts.use_language("en")


def opened(till: Till, qtbot: QtBot) -> ReportsScreen:
    till.window.show_screen(REPORTS)
    screen = till.window.interior.screen_of(REPORTS)
    assert isinstance(screen, ReportsScreen)
    qtbot.waitUntil(lambda: screen.presenter.state.can_save)
    return screen


def test_a_row_of_the_orders_leads_to_the_order(till: Till, qtbot: QtBot) -> None:
    screen = opened(till, qtbot)
    screen.presenter.turn(ReportKind.ORDERS.value)
    screen.presenter.type_day("start", "2023-06-01")
    qtbot.waitUntil(lambda: screen.presenter.state.rows.count() == 1)
    screen.table.selectRow(0)
    screen.table.row_opened.emit(screen.table.chosen_key())
    assert till.window.current_screen() == ORDERS


def test_a_sale_at_the_counter_is_in_the_report_when_one_comes_back_to_it(
    till: Till, qtbot: QtBot
) -> None:
    screen = opened(till, qtbot)
    assert screen.presenter.state.rows.count() == 0
    till.window.show_screen(SELL)
    assert till.presenter is not None
    till.presenter.entry.scan("PROD001")
    till.presenter.press("F12")
    opened(till, qtbot)
    qtbot.waitUntil(lambda: screen.presenter.state.rows.count() == 1)
    assert dict(screen.presenter.state.figures)["Purchases"] == "1"
