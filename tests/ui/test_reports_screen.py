"""The reports screen in a real window: every report, every filter, and the workbook it saves."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from pos_app.domain.money import Money
from pos_app.domain.report_period import ReportPeriod
from pos_app.services.report_sheet import ReportKind
from pos_app.spreadsheets.writing import FileNotWritable
from pos_app.store.store import Store, create_store
from pos_app.ui import theme
from pos_app.ui.changes import Changes
from pos_app.ui.main_window import MainWindow
from pos_app.ui.presenters.reports import ReportsPresenter
from pos_app.ui.presenters.reports_state import ReportsState
from pos_app.ui.reports_screen import ReportsScreen
from tests.services.document_office import Office
from tests.services.reported_shop import historic_shop, with_documents
from tests.ui.at_once import Later, at_once
from tests.ui.conftest import SHOP

NOW = datetime(2011, 6, 1, 9, tzinfo=UTC)
ORDERS, CUSTOMERS = ReportKind.ORDERS.value, ReportKind.CUSTOMERS.value
TREND, RECEIVABLES = ReportKind.TREND.value, ReportKind.RECEIVABLES.value


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("POS_APP_KEYS", "file")
        with historic_shop(tmp_path_factory.mktemp("reported") / "shop.db") as store:
            yield with_documents(store)


@pytest.fixture
def screen(office: Office, qtbot: QtBot, qapp: QApplication) -> Iterator[ReportsScreen]:
    theme.apply_theme(qapp, theme.LIGHT)
    window = MainWindow()
    window.resize(1024, 768)
    made = ReportsScreen(office.store, lambda: NOW)
    window.add_screen("reports", "Reports", "chart-column", made)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    qtbot.waitUntil(window.interior.rail.button("reports").isVisible)
    window.show_screen("reports")
    qtbot.waitUntil(made.isVisible)
    settle(made, qtbot)
    made.presenter.type_day("start", "2010-12-01")
    settle(made, qtbot)
    yield made
    window.close()


def settle(screen: ReportsScreen, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: screen.presenter.state.can_save)


def turn(screen: ReportsScreen, section: str, qtbot: QtBot) -> None:
    chip = screen.chips.button(section)
    assert chip is not None
    chip.click()
    settle(screen, qtbot)


def type_keys(screen: ReportsScreen, text: str) -> None:
    handle = screen.window().windowHandle()
    for sign in text:
        key = Qt.Key.Key_Return if sign == "\n" else Qt.Key(ord(sign.upper()))
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            shown = "\r" if sign == "\n" else sign
            event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, shown)
            QCoreApplication.sendEvent(handle, event)


def cells(screen: ReportsScreen, place: int) -> list[str]:
    model = screen.table.rows()
    return [str(model.index(place, column).data()) for column in range(model.columnCount())]


def figures(screen: ReportsScreen) -> dict[str, str]:
    return dict(screen.presenter.state.figures)


def test_each_report_is_shown_with_its_totals_and_chart(
    screen: ReportsScreen, qtbot: QtBot
) -> None:
    assert figures(screen)["Amount"] == "£28,038.97"
    assert cells(screen, 0)[:4] == ["13777", "Customer 13777", "1", "3,070.11"]
    assert screen.chart.view.is_lying
    turn(screen, TREND, qtbot)
    assert figures(screen)["Amount"] == "£28,038.97"
    assert cells(screen, 0)[0] == "Dec 2010"
    assert len(screen.chart.view.groups) == screen.table.rows().rowCount() == 7
    turn(screen, ORDERS, qtbot)
    assert figures(screen)["Went out %"] == "62.4%"
    assert screen.presenter.state.about.startswith("One draft or cancelled order")
    assert screen.chart.view.series == ("Ordered", "Went out")
    turn(screen, RECEIVABLES, qtbot)
    assert figures(screen)["Balance"] == "£2,906.77"
    assert not screen.filters.period.isVisible()
    assert screen.grab().width() == screen.width()


def test_days_are_typed_and_a_wrong_one_is_told_and_changes_nothing(
    screen: ReportsScreen, qtbot: QtBot
) -> None:
    turn(screen, TREND, qtbot)
    screen.filters.end.setFocus()
    screen.filters.end.selectAll()
    type_keys(screen, "31/12/2010\n")
    settle(screen, qtbot)
    assert screen.presenter.state.period == "own"
    assert screen.presenter.state.grain == "auto"
    assert len(screen.chart.view.groups) == 31  # a month is cut into days
    screen.filters.end.selectAll()
    type_keys(screen, "31/13/2010\n")
    assert "is not a date" in screen.presenter.state.notices[0].text
    screen.presenter.type_day("end", "2010-11-30")
    assert "before it begins" in screen.presenter.state.notices[0].text
    assert screen.presenter.state.end == "31/12/2010"


def test_usual_periods_and_pieces_are_chosen(screen: ReportsScreen, qtbot: QtBot) -> None:
    turn(screen, TREND, qtbot)
    screen.filters.chosen.emit("period", "last_month")
    settle(screen, qtbot)
    assert (screen.filters.start.text(), screen.filters.end.text()) == ("01/05/2011", "31/05/2011")
    screen.filters.chosen.emit("grain", "week")
    settle(screen, qtbot)
    assert screen.chart.view.groups[0].full_label.startswith("Week from")
    screen.filters.chosen.emit("period", "last_year")
    settle(screen, qtbot)
    assert len(screen.chart.view.groups) == 53


def test_a_customer_and_a_product_narrow_the_orders_and_are_let_go(
    screen: ReportsScreen, qtbot: QtBot
) -> None:
    turn(screen, ORDERS, qtbot)
    screen.filters.search.setFocus()
    type_keys(screen, "harbour")
    assert screen.presenter.state.hits[0].name == "Harbour Gifts"
    type_keys(screen, "\n")
    settle(screen, qtbot)
    assert screen.filters.search.text() == ""
    assert screen.table.rows().rowCount() == 3
    screen.presenter.search("PROD002")
    screen.presenter.pick(screen.presenter.state.hits[0].key)
    settle(screen, qtbot)
    assert [cells(screen, place)[2] for place in range(3)] == ["10.69"] * 3
    chip = screen.filters.chip("customer")
    assert chip is not None
    chip.click()
    settle(screen, qtbot)
    assert screen.table.rows().rowCount() == 9
    screen.filters.let_go.emit("product")
    settle(screen, qtbot)


def test_a_customers_row_opens_their_orders(screen: ReportsScreen, qtbot: QtBot) -> None:
    rows = [cells(screen, place)[0] for place in range(screen.table.rows().rowCount())]
    screen.table.selectRow(rows.index("B1"))
    screen.table.setFocus()
    type_keys(screen, "\n")
    settle(screen, qtbot)
    assert screen.presenter.state.section == ORDERS
    assert {cells(screen, place)[1] for place in range(3)} == {"Harbour Gifts"}


def test_the_report_in_sight_is_saved_as_a_workbook(
    screen: ReportsScreen, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn(screen, RECEIVABLES, qtbot)
    path = tmp_path / "owed"
    asked: list[str] = []

    def choose(_parent: object, _title: str, suggested: str, _kinds: str) -> tuple[str, str]:
        asked.append(suggested)
        return str(path), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    screen.save.click()
    qtbot.waitUntil(lambda: bool(screen.presenter.state.notices))
    assert "3 rows are in owed.xlsx" in screen.presenter.state.notices[0].text
    assert asked[0].endswith("Receivables by age.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "owed.xlsx").worksheets[0]
    assert sheet.title == "Receivables by age"


def test_a_folder_that_is_not_there_is_told_and_the_report_stays(
    screen: ReportsScreen, qtbot: QtBot, tmp_path: Path
) -> None:
    screen.presenter.save(tmp_path / "none" / "report.xlsx")
    qtbot.waitUntil(lambda: bool(screen.presenter.state.notices))
    told = screen.presenter.state.notices[0].text
    assert told == str(FileNotWritable(name="report.xlsx"))
    assert screen.table.rows().rowCount() > 0


def test_days_without_anything_say_so_and_what_to_do(screen: ReportsScreen, qtbot: QtBot) -> None:
    screen.presenter.type_day("start", "2009-01-01")
    settle(screen, qtbot)
    screen.presenter.type_day("end", "2009-02-01")
    settle(screen, qtbot)
    assert screen._nothing.isVisible()
    assert not screen.figures.isVisible()
    assert not screen.chart.view.groups


def test_news_from_elsewhere_are_read_and_others_are_not(
    screen: ReportsScreen, qtbot: QtBot
) -> None:
    before = screen.presenter.state.serial
    screen.refresh(Changes(spool=True, staff=True))
    assert screen.presenter.state.serial == before
    screen.refresh(Changes(sales=True))
    qtbot.waitUntil(lambda: screen.presenter.state.serial == before + 1)
    screen.refresh(Changes(documents=True))
    qtbot.waitUntil(lambda: screen.presenter.state.serial == before + 2)


def test_a_newer_wish_stops_the_reading_before_it(office: Office) -> None:
    later, states = Later(), list[ReportsState]()
    presenter = ReportsPresenter(office.store, lambda: NOW, later, states.append)
    presenter.begin()
    presenter.turn(RECEIVABLES)
    assert [working.is_cancelled for working, _ in later.waiting] == [True, False]
    assert states[-1].is_reading
    assert not states[-1].can_save
    later.run()
    assert presenter.made is not None
    assert presenter.made.sheet.kind is ReportKind.RECEIVABLES
    assert states[-1].serial == 1


def test_an_order_is_opened_where_orders_are_shown(office: Office) -> None:
    opened: list[str] = []
    presenter = ReportsPresenter(
        office.store, lambda: NOW, at_once, lambda _state: None, opened.append
    )
    presenter.begin()
    presenter.turn(ORDERS)
    presenter.type_day("start", "2010-12-01")
    made = presenter.made
    assert made is not None
    presenter.open(made.sheet.keys[0])
    assert opened == [made.sheet.keys[0]]


def test_several_currencies_are_offered_one_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POS_APP_KEYS", "file")
    with create_store(tmp_path / "shop.db", SHOP, now=NOW) as store:
        monkeypatch.setattr(
            "pos_app.store.report_sums.ReportSums.currencies", lambda *_: ["EUR", "JPY"]
        )
        presenter = ReportsPresenter(store, lambda: NOW, at_once, lambda _state: None)
        presenter.begin()
        assert [one.key for one in presenter.state.currencies] == ["EUR", "JPY"]
        presenter.choose_currency("JPY")
        assert presenter.made is not None
        assert presenter.made.report.currency == "JPY"
        assert presenter._amounts.money(Money(1234, "JPY")) == "JP¥1,234"


def test_a_right_to_left_window_mirrors_the_chart(
    office: Office, qtbot: QtBot, qapp: QApplication
) -> None:
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        made = ReportsScreen(office.store, lambda: NOW)
        qtbot.addWidget(made)
        made.resize(948, 720)
        with qtbot.waitExposed(made):
            made.show()
        settle(made, qtbot)
        made.presenter.turn(TREND)
        settle(made, qtbot)
        bars = made.chart.plan().bars
        assert bars[0].box.left() > bars[-1].box.left()
        made.grab()
    finally:
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def test_periods_follow_the_shops_own_day(office: Office, store: Store) -> None:
    presenter = ReportsPresenter(office.store, lambda: NOW, at_once, lambda _state: None)
    presenter.begin()
    presenter.choose_period("this_month")
    made = presenter.made
    assert made is not None
    assert getattr(made.report, "period", None) == ReportPeriod(date(2011, 6, 1), date(2011, 6, 1))
