"""The day screen in a real window: two touches to a receipt, keys, room, readers, threads."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from pos_app.domain.day_review import DayReview
from pos_app.domain.report_period import ReportPeriod
from pos_app.store.store import Store, create_store
from pos_app.ui import theme
from pos_app.ui.changes import Changes
from pos_app.ui.day_rows import BarRows
from pos_app.ui.day_screen import DayScreen
from pos_app.ui.presenters.day_doors import DayDoors
from tests.ui import day_desks as desks
from tests.ui.conftest import SHOP
from tests.ui.test_day_presenter import plain

SMALL, LARGE = (948, 720), (1844, 1032)
SCREENS = frozenset({"stock", "invoices", "sync", "cash"})


@dataclass
class Desk:
    """The screen, its figures, and where it led."""

    screen: DayScreen
    figures: desks.MadeFigures
    receipts: list[str] = field(default_factory=list)
    screens: list[str] = field(default_factory=list)
    entries: list[int] = field(default_factory=list)
    touches: int = 0

    def touch(self, widget: QWidget, at: QPoint) -> None:
        """One touch, after the page was scrolled to it."""
        inner = self.screen._scroll.widget()
        if inner is not None and inner.isAncestorOf(widget):
            middle = widget.mapTo(inner, at)
            self.screen._scroll.ensureVisible(middle.x(), middle.y(), 20, 80)
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=at)
        self.touches += 1


@dataclass
class Watching(desks.MadeFigures):
    """Figures that tell in which thread they were read."""

    threads: set[threading.Thread] = field(default_factory=set)

    def review(
        self,
        period: ReportPeriod,
        currency: str | None,
        compared: ReportPeriod,
        now: datetime,
        check: Callable[[], None],
    ) -> DayReview:
        self.threads.add(threading.current_thread())
        return super().review(period, currency, compared, now, check)


def open_desk(
    store: Store, qtbot: QtBot, figures: desks.MadeFigures, size: tuple[int, int] = SMALL
) -> Desk:
    receipts: list[str] = []
    screens: list[str] = []
    entries: list[int] = []
    doors = DayDoors(receipts.append, screens.append, SCREENS, open_entry=entries.append)
    screen = DayScreen(store, lambda: desks.NOW, doors, figures)
    qtbot.addWidget(screen)
    screen.resize(*size)
    with qtbot.waitExposed(screen):
        screen.show()
    screen.activateWindow()
    qtbot.waitUntil(lambda: screen.presenter.state.can_save)
    QApplication.processEvents()
    return Desk(screen, figures, receipts, screens, entries)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One for all tests of this file: the screen only reads its settings."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("POS_APP_KEYS", "file")
        path = tmp_path_factory.mktemp("day") / "shop.sqlite"
        with create_store(path, SHOP, now=desks.NOW) as made:
            yield made


@pytest.fixture
def desk(store: Store, qtbot: QtBot, qapp: QApplication) -> Iterator[Desk]:
    theme.apply_theme(qapp, theme.LIGHT)
    made = open_desk(store, qtbot, desks.MadeFigures(lambda _period: desks.lively()))
    yield made
    made.screen.close()


def touch_row(desk: Desk, card: str, place: int = 0) -> None:
    rows = desk.screen.board.list_card(card).list
    desk.touch(rows.viewport(), rows.row_box(place).center())


def touch_figure(desk: Desk, key: str) -> None:
    card = desk.screen.figures.card(key)
    desk.touch(card, card.rect().center())


def touch_bar(desk: Desk, place: int) -> None:
    chart = desk.screen.board.chart
    desk.touch(chart, chart.plan().places[place].center())


def touch_cell(desk: Desk, row: int, column: str) -> None:
    table = desk.screen.board.exceptions.table
    index = table.model().index(row, table.view().columns.index(column) + 1)
    desk.touch(table.viewport(), table.visualRect(index).center())


def touch_chip(desk: Desk, icon: str) -> None:
    page = desk.screen.presenter.state.page
    assert page is not None
    chip = desk.screen.strip.chip(next(one.key for one in page.attention if one.icon == icon))
    desk.touch(chip, chip.rect().center())


FIRST_TOUCHES: dict[str, Callable[[Desk], None]] = {
    **{
        key: lambda desk, key=key: touch_figure(desk, key)  # type: ignore[misc]
        for key in (
            "takings", "tickets", "basket", "items", "margin", "refunds", "discounts", "tax",
        )
    },
    "bar": lambda desk: touch_bar(desk, 3),
    "tender": lambda desk: touch_row(desk, "tenders", 1),
    "top product": lambda desk: touch_row(desk, "top", 2),
    "category": lambda desk: touch_row(desk, "categories", 1),
    "tax rate": lambda desk: touch_row(desk, "taxes", 1),
    "exception": lambda desk: touch_cell(desk, 1, "Voids"),
    "drawer": lambda desk: touch_row(desk, "cash", 0),
    "cash difference": lambda desk: touch_chip(desk, "coins"),
}  # fmt: skip


@pytest.mark.parametrize("name", FIRST_TOUCHES)
def test_any_figure_is_two_touches_from_a_receipt(desk: Desk, qtbot: QtBot, name: str) -> None:
    FIRST_TOUCHES[name](desk)
    side = desk.screen.side
    qtbot.waitUntil(lambda: side.isVisible() and side.table.rows().rowCount() == 3)
    row = side.table.visualRect(side.table.rows().index(1, 0))
    desk.touch(side.table.viewport(), row.center())
    assert desk.receipts == ["sale-2"]
    assert desk.touches == 2


@pytest.mark.parametrize(
    ("first", "place", "receipts", "entries"),
    [
        (lambda desk: touch_cell(desk, 0, "Drawer opened"), 0, [], [1001]),
        (lambda desk: touch_cell(desk, 1, "Sales given up"), 1, ["sale-2"], []),
        (lambda desk: touch_cell(desk, 0, "Lines removed"), 2, [], [1003]),
        (lambda desk: touch_chip(desk, "lock-open"), 0, [], [1001]),
    ],
)
def test_what_left_no_receipt_is_two_touches_from_its_entry(
    desk: Desk,
    qtbot: QtBot,
    first: Callable[[Desk], None],
    place: int,
    receipts: list[str],
    entries: list[int],
) -> None:
    if desk.screen.strip.more.isVisible():
        desk.screen.strip.more.click()
    first(desk)
    rows = desk.screen.side.evidence
    qtbot.waitUntil(lambda: rows.isVisible() and len(rows.rows()) == 3)
    assert not desk.screen.side.table.isVisible()
    assert "Free-range eggs" in rows.rows()[0].name
    desk.touch(rows.viewport(), rows.row_box(place).center())
    assert (desk.receipts, desk.entries, desk.touches) == (receipts, entries, 2)


def test_keys_alone_lead_from_an_exception_to_its_entry(desk: Desk, qtbot: QtBot) -> None:
    desk.figures.receipts_behind = 40
    table = desk.screen.board.exceptions.table
    table.setFocus()
    desk.screen.presenter.open("staff:anna:no_sale")
    rows = desk.screen.side.evidence
    qtbot.waitUntil(rows.hasFocus)
    bar = desk.screen.side._scroll.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    for _ in range(30):
        QTest.keyClick(rows, Qt.Key.Key_Down)
    assert bar.value() > 0  # the marked row is kept in sight
    QTest.keyClick(rows, Qt.Key.Key_Return)
    assert desk.receipts or desk.entries
    QTest.keyClick(rows, Qt.Key.Key_Escape)
    assert not desk.screen.side.isVisible()
    assert table.hasFocus()


@pytest.mark.parametrize(
    ("card", "screen"),
    [("low_stock", "stock"), ("slow", "stock"), ("overdue", "invoices"), ("sent", "sync")],
)
def test_what_stands_elsewhere_is_one_touch_away(desk: Desk, card: str, screen: str) -> None:
    touch_row(desk, card)
    assert desk.screens == [screen]


def test_the_panel_of_the_drawer_offers_the_cash_screen(desk: Desk, qtbot: QtBot) -> None:
    touch_row(desk, "cash", 0)
    button = desk.screen.side.onward
    qtbot.waitUntil(button.isVisible)
    desk.touch(button, button.rect().center())
    assert desk.screens == ["cash"]


def test_keys_alone_lead_from_a_figure_to_a_receipt_and_back(desk: Desk, qtbot: QtBot) -> None:
    card = desk.screen.figures.card("refunds")
    card.setFocus()
    QTest.keyClick(card, Qt.Key.Key_Return)
    table = desk.screen.side.table
    qtbot.waitUntil(table.hasFocus)
    QTest.keyClick(table, Qt.Key.Key_Down)
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert desk.receipts == ["sale-2"]
    QTest.keyClick(table, Qt.Key.Key_Escape)
    assert not desk.screen.side.isVisible()
    assert card.hasFocus()


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Space])
def test_rows_bars_and_cells_open_by_key(desk: Desk, qtbot: QtBot, key: Qt.Key) -> None:
    board = desk.screen.board
    rows = board.list_card("tenders").list
    for count, widget in enumerate((rows, board.chart, board.exceptions.table), start=1):
        widget.setFocus()
        QTest.keyClick(widget, Qt.Key.Key_Down)
        QTest.keyClick(widget, key)
        assert desk.screen.side.isVisible()
        qtbot.waitUntil(lambda count=count: len(desk.figures.queries) == count)  # type: ignore[misc]
        desk.screen.presenter.close_panel()
    method, hour, watched = (query for query, _ in desk.figures.queries)
    assert method.method == "cash"
    assert hour.hour == 7
    assert watched.staff == "ben"


def tab_stops(screen: DayScreen) -> list[QWidget]:
    found, at = [], screen.nextInFocusChain()
    while at is not screen and len(found) < 500:
        takes_tab = bool(at.focusPolicy() & Qt.FocusPolicy.TabFocus)
        if takes_tab and at.isVisibleTo(screen) and screen.isAncestorOf(at) and at.isEnabled():
            found.append(at)
        at = at.nextInFocusChain()
    return found


def test_tab_follows_the_order_of_reading(desk: Desk) -> None:
    stops, screen = tab_stops(desk.screen), desk.screen
    wanted = [
        screen.head.period,
        screen.strip.chips()[0],
        screen.figures.card("takings"),
        screen.figures.card("tax"),
        screen.board.chart,
        screen.board.list_card("tenders").list,
        screen.board.list_card("top").list,
        screen.board.exceptions.table,
        screen.board.list_card("overdue").list,
    ]
    places = [stops.index(one) for one in wanted]
    assert places == sorted(places)


def test_everything_that_takes_the_focus_has_a_name_for_readers(desk: Desk) -> None:
    for widget in tab_stops(desk.screen):
        assert widget.accessibleName(), widget
    takings = desk.screen.figures.card("takings").accessibleName()
    assert takings.startswith("Takings: €4,128.45")
    assert "53.5% more" in takings
    chart = desk.screen.board.chart
    chart.mark(2)
    assert "tickets" in chart.accessibleDescription()
    rows = desk.screen.board.list_card("tenders").list
    spoken = rows.model().index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert plain(spoken) == "Card, €2,652.10, 63.9% · 131 payments · €32.00 given back"
    table = desk.screen.board.exceptions.table
    cell = table.model().index(1, 1).data(Qt.ItemDataRole.AccessibleTextRole)
    assert plain(cell) == "ben, Voids: 1, 24.20, 1.4%"


@pytest.mark.parametrize(
    ("make", "size", "is_mirrored"),
    [
        (desks.lively, SMALL, False),
        (desks.lively, SMALL, True),
        (desks.lively, LARGE, False),
        (desks.enormous, SMALL, False),
        (desks.enormous, SMALL, True),
        (desks.enormous, LARGE, True),
        (desks.empty, SMALL, True),
        (desks.month, SMALL, False),
    ],
)
def test_nothing_scrolls_sideways_overlaps_or_is_cut(
    store: Store,
    qtbot: QtBot,
    qapp: QApplication,
    make: Callable[[], DayReview],
    size: tuple[int, int],
    is_mirrored: bool,
) -> None:
    sides = (Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft)
    qapp.setLayoutDirection(sides[is_mirrored])
    try:
        desk = open_desk(store, qtbot, desks.MadeFigures(lambda _period: make()), size)
        screen = desk.screen
        assert (screen.width(), screen.height()) == size
        inner, room = screen._scroll.widget(), screen._scroll.viewport().width()
        assert inner.width() == room
        assert screen.head.width() <= size[0] - 16
        boxes = [card.geometry() for card in screen.board.cards()]
        assert_apart(boxes, screen.board.rect())
        assert_apart([card.geometry() for card in screen.figures.cards()], screen.figures.rect())
        for card in screen.figures.cards():
            assert card.height() >= card.height_for(card.width())
        for rows in screen.board.findChildren(BarRows):
            if rows.isVisible():
                assert rows.height() >= rows.height_for(rows.viewport().width())
        assert not screen.grab().isNull()
        screen.close()
    finally:
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def assert_apart(boxes: list[QRect], within: QRect) -> None:
    for place, box in enumerate(boxes):
        assert within.contains(box), (box, within)
        assert not any(box.intersects(other) for other in boxes[place + 1 :])


def test_a_wide_screen_has_all_figures_side_by_side_and_three_columns(
    store: Store, qtbot: QtBot
) -> None:
    desk = open_desk(store, qtbot, desks.MadeFigures(lambda _period: desks.lively()), LARGE)
    assert len({card.y() for card in desk.screen.figures.cards()}) == 1
    assert len({card.x() for card in desk.screen.board.cards()}) >= 3


@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_the_panel_lies_over_the_page_and_moves_nothing(
    store: Store, qtbot: QtBot, size: tuple[int, int]
) -> None:
    desk = open_desk(store, qtbot, desks.MadeFigures(lambda _period: desks.lively()), size)
    screen = desk.screen

    def places() -> list[QRect]:
        parts = (*screen.figures.cards(), *screen.board.cards(), *screen.strip.chips())
        return [QRect(one.mapTo(screen, QPoint()), one.size()) for one in parts]

    before = places()
    screen.presenter.open("takings")
    qtbot.waitUntil(lambda: screen.side.isVisible() and screen.side.table.isVisible())
    assert places() == before
    assert screen.side.geometry().right() >= screen.width() - 16
    screen.presenter.close_panel()
    assert places() == before


@pytest.mark.parametrize("is_mirrored", [False, True])
def test_a_small_screen_shows_the_whole_chart_without_scrolling(
    store: Store, qtbot: QtBot, qapp: QApplication, is_mirrored: bool
) -> None:
    sides = (Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft)
    qapp.setLayoutDirection(sides[is_mirrored])
    try:
        desk = open_desk(store, qtbot, desks.MadeFigures(lambda _period: desks.lively()))
        chart, room = desk.screen.board.chart, desk.screen._scroll.viewport()
        foot = chart.mapTo(room, QPoint(0, chart.height())).y()
        assert foot <= room.height()
        desk.screen.close()
    finally:
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def test_a_day_without_anything_says_so(store: Store, qtbot: QtBot) -> None:
    desk = open_desk(store, qtbot, desks.MadeFigures(lambda _period: desks.empty()))
    assert desk.screen._nothing.isVisible()
    assert not desk.screen.figures.isVisible()
    assert desk.screen.strip.chips() == []


def test_figures_are_read_outside_the_thread_of_the_window(store: Store, qtbot: QtBot) -> None:
    figures = Watching(lambda _period: desks.lively())
    desk = open_desk(store, qtbot, figures)
    desk.screen.presenter.step(-1)
    qtbot.waitUntil(lambda: desk.screen.presenter.state.can_save)
    assert figures.threads
    assert threading.main_thread() not in figures.threads


def test_a_sale_is_read_at_once_in_sight_and_later_out_of_sight(desk: Desk, qtbot: QtBot) -> None:
    screen, asked = desk.screen, desk.figures.asked
    screen.refresh(Changes(spool=True))
    assert len(asked) == 1
    screen.refresh(Changes(sales=True))
    qtbot.waitUntil(lambda: len(asked) == 2 and screen.presenter.state.can_save)
    screen.hide()
    screen.refresh(Changes(cash=True))
    screen.refresh(Changes(sales=True))
    assert len(asked) == 2
    screen.show()
    qtbot.waitUntil(lambda: len(asked) == 3)


def test_whoever_counts_blind_reads_why_nothing_is_shown(store: Store, qtbot: QtBot) -> None:
    doors = DayDoors(hidden_from=lambda: desks.DAY)
    screen = DayScreen(
        store, lambda: desks.NOW, doors, desks.MadeFigures(lambda _p: desks.lively())
    )
    qtbot.addWidget(screen)
    screen.resize(*SMALL)
    screen.show()
    assert screen._hidden.isVisible()
    assert "counts blind" in screen._why_hidden.text()
    assert not screen.head.slip.isEnabled()


def test_days_are_chosen_by_arrow_by_word_and_by_typing(desk: Desk, qtbot: QtBot) -> None:
    head, asked = desk.screen.head, desk.figures.asked
    assert not head.on.isEnabled()
    desk.touch(head.back, head.back.rect().center())
    qtbot.waitUntil(lambda: len(asked) == 2)
    assert head.period.currentText() == "Yesterday"
    assert head.on.isEnabled()
    field_ = head.fields["start"]
    assert isinstance(field_, QLineEdit)
    field_.setFocus()
    field_.selectAll()
    QTest.keyClicks(field_, "10/02/2026")
    QTest.keyClick(field_, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(asked) == 3)
    assert asked[-1][0].days == 20
    head.picked.emit("end", desks.DAY)
    qtbot.waitUntil(lambda: len(asked) == 4)
    assert asked[-1][0].end == desks.DAY


def test_a_file_is_proposed_by_name_and_saved(
    desk: Desk, qtbot: QtBot, tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"{tmp_path}/day"
    proposed: list[str] = []

    def choose(_parent: object, _title: str, name: str, _kinds: str) -> tuple[str, str]:
        proposed.append(name)
        return path, ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    for kind in ("pdf", "csv", "xlsx"):
        button = desk.screen.head.files[kind]
        desk.touch(button, button.rect().center())
    qtbot.waitUntil(lambda: len(desk.screen.presenter.state.notices) > 0)
    assert [name.rsplit(".", 1)[1] for name in proposed] == ["pdf", "csv", "xlsx"]


def test_long_strips_of_attention_are_unfolded_by_a_touch(desk: Desk) -> None:
    strip = desk.screen.strip
    hidden = [chip for chip in strip.chips() if not chip.isVisible()]
    assert hidden
    assert strip.more.text() == f"{len(hidden)} more"
    desk.touch(strip.more, strip.more.rect().center())
    assert all(chip.isVisible() for chip in strip.chips())
    assert not strip.more.isVisible()


def test_a_chip_that_leads_nowhere_here_is_no_button(store: Store, qtbot: QtBot) -> None:
    made = desks.lively()
    doors = DayDoors()
    screen = DayScreen(
        store, lambda: desks.NOW, doors, desks.MadeFigures(lambda _period: replace(made))
    )
    qtbot.addWidget(screen)
    screen.show()
    qtbot.waitUntil(lambda: screen.presenter.state.can_save)
    page = screen.presenter.state.page
    assert page is not None
    key = next(one.key for one in page.attention if one.icon == "package-x")
    assert screen.strip.chip(key).focusPolicy() == Qt.FocusPolicy.NoFocus
