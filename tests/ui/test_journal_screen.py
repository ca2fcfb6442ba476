"""The journal in a real window: filters, an entry whole, the chain, exports, a receipt."""

import csv
import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from pos_app.app import screens
from pos_app.domain.facts import FactKind
from pos_app.domain.payment import TenderRequest
from pos_app.domain.sale import Sale
from pos_app.domain.shop import ShopSettings
from pos_app.services import journal_reading
from pos_app.ui import theme
from pos_app.ui.journal_screen import JournalScreen
from pos_app.ui.main_window import MainWindow
from pos_app.ui.presenters.fact_fields import fields_of
from pos_app.ui.presenters.fact_sentences import sentence_of_fact
from pos_app.ui.presenters.fact_told import FactWriter, Told
from pos_app.ui.presenters.fact_values import values_of
from pos_app.ui.presenters.fact_words import SENTENCES, fact_icon, fact_word
from pos_app.ui.presenters.journal import JournalPresenter
from pos_app.ui.presenters.journal_export import AUDITOR, FISCAL, LIST
from pos_app.ui.presenters.journal_state import JournalState
from pos_app.ui.receipts_screen import ReceiptsScreen
from tests.services.cash_day import CASH, GOODS, CashDay, eur, euros
from tests.store.shops import behind_our_back
from tests.ui.at_once import Later, at_once


def a_day(path: Path) -> tuple[CashDay, Sale]:
    day = CashDay(path)
    day.shifts.open([euros(100)])
    for _ in range(5):
        day.sell(*GOODS[:2])
    cart = day.cart(*GOODS)
    cart = day.checkout.remove(cart, cart.lines[0].id)
    cart = day.checkout.override_price(cart, cart.lines[0].id, Decimal("9.50"))
    sale = day.checkout.complete(cart, [TenderRequest(CASH, tendered=eur(50))])
    day.shifts.open_drawer("=meter")
    return day, sale


@pytest.fixture
def day(tmp_path: Path) -> Iterator[CashDay]:
    made, _ = a_day(tmp_path / "shop.db")
    yield made
    made.store.close()


def in_window(
    qtbot: QtBot, qapp: QApplication, screen: JournalScreen | ReceiptsScreen
) -> MainWindow:
    theme.apply_theme(qapp, theme.LIGHT)
    window = MainWindow()
    window.resize(1024, 768)
    window.add_screen("journal", "Journal", "list", screen)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    qtbot.waitUntil(window.interior.rail.button("journal").isVisible)
    window.show_screen("journal")
    qtbot.waitUntil(screen.isVisible)
    return window


@pytest.fixture
def screen(day: CashDay, qtbot: QtBot, qapp: QApplication) -> Iterator[JournalScreen]:
    opened: list[str] = []
    made = JournalScreen(day.store, day.now, opened.append, lambda: opened.append("replay"))
    made.opened = opened  # type: ignore[attr-defined]
    window = in_window(qtbot, qapp, made)
    verified(made, qtbot)
    yield made
    window.close()


def verified(screen: JournalScreen, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: screen.presenter.state.chain.icon != "hourglass")


def found(screen: JournalScreen, qtbot: QtBot) -> list[list[str]]:
    qtbot.waitUntil(lambda: not screen.presenter.state.is_searching)
    model = screen.frame.table.rows()
    return [
        [str(model.index(row, column).data()) for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def type_text(screen: JournalScreen, text: str) -> None:
    handle = screen.window().windowHandle()
    for sign in text:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, Qt.Key(ord(sign.upper())), Qt.KeyboardModifier(0), sign)
            QCoreApplication.sendEvent(handle, event)


def test_every_entry_is_listed_newest_first_with_a_sentence(
    screen: JournalScreen, day: CashDay, qtbot: QtBot
) -> None:
    rows = found(screen, qtbot)
    assert len(rows) == day.store.journal.count()
    assert rows[0][1:4] == [
        *("The drawer was opened without a sale: =meter", "Drawer opened"),
        "1",
    ]
    assert rows[1][1] == "Receipt 1-000006 over \u2068€9.87\u2069, paid by Cash"
    assert rows[-1][1].startswith("Till 1 of Corner was set up")
    assert screen.presenter.state.counted == f"{len(rows)} entries"
    state = screen.presenter.state.chain
    assert state.text == f"Chain verified up to entry {len(rows)}"
    assert screen.grab().width() == screen.width()


def test_groups_kinds_and_words_narrow_the_list(screen: JournalScreen, qtbot: QtBot) -> None:
    chip = screen.chips.button("cart")
    assert chip is not None
    chip.click()
    assert [row[2] for row in found(screen, qtbot)] == ["Other price", "Line removed"]
    assert screen.kind.isVisible()
    screen.kind.setCurrentIndex(1)
    screen.kind.activated.emit(1)
    assert [row[2] for row in found(screen, qtbot)] == ["Line removed"]
    screen.forget.click()
    assert screen.presenter.asked.is_all
    screen.frame.search.setFocus()
    type_text(screen, "meter")
    assert [row[2] for row in found(screen, qtbot)] == ["Drawer opened"]
    assert screen.presenter.state.counted == "1 found"
    screen.take_scan("1-000006")
    assert [row[2] for row in found(screen, qtbot)] == ["Receipt"]


def test_days_and_cashiers_narrow_the_list(
    screen: JournalScreen, day: CashDay, qtbot: QtBot
) -> None:
    screen.start.setText("05/03/2026")
    screen.start.editingFinished.emit()
    assert found(screen, qtbot) == []
    screen.end.picked.emit(date(2026, 3, 3))
    assert found(screen, qtbot) == []
    screen.start.setText("soon")
    screen.start.editingFinished.emit()
    assert "is not a date" in screen.presenter.state.notices[0].text
    screen.presenter.choose_days(date(2026, 3, 4), date(2026, 3, 4))
    assert len(found(screen, qtbot)) == day.store.journal.count()
    qtbot.waitUntil(lambda: screen.presenter._turns is not None)
    qtbot.waitUntil(lambda: len(screen.presenter.state.people) > 1)
    screen.presenter.choose_staff("1")
    assert all(row[3] == "1" for row in found(screen, qtbot))


def test_an_entry_is_shown_whole_and_leads_to_its_receipt(
    screen: JournalScreen, day: CashDay, qtbot: QtBot
) -> None:
    screen.frame.table.selectRow(1)
    detail = screen.presenter.state.detail
    assert detail is not None
    values = [row.cells for row in detail.values.fetch(0, 500)]
    assert ("Total with tax", "€9.87") in values
    assert ("Time", "4 Mar 2026 08:00:31") in values or any("08:00" in v for _, v in values)
    assert any(name.strip() == "Unit price" and value == "9.50" for name, value in values)
    assert json.loads(detail.raw)["number"] == "1-000006"

    def signature() -> str:
        shown = screen.presenter.state.detail
        return "" if shown is None else shown.proof.fetch(0, 1)[0].cells[1]

    qtbot.waitUntil(lambda: signature().startswith("right"))
    screen.detail.copy.click()
    assert QGuiApplication.clipboard().text() == detail.raw
    screen.detail.receipt.click()
    sale = day.store.sales.by_number("1-000006")
    assert sale is not None
    assert screen.opened == [sale.id]  # type: ignore[attr-defined]
    screen.frame.table.row_opened.emit(screen.frame.table.chosen_key())
    assert screen.opened == [sale.id, sale.id]  # type: ignore[attr-defined]
    screen.detail.close_button.click()
    assert screen.detail.isHidden()
    screen.frame.button("replay").click()
    assert screen.opened[-1] == "replay"  # type: ignore[attr-defined]


def test_a_broken_entry_is_named_and_one_touch_leads_to_it(
    screen: JournalScreen, day: CashDay, qtbot: QtBot
) -> None:
    behind_our_back(day.path, "UPDATE journal SET staff = '9' WHERE seq = 12")
    fresh = JournalScreen(day.store, day.now)
    window = in_window(qtbot, QApplication.instance(), fresh)  # type: ignore[arg-type]
    verified(fresh, qtbot)
    chip = fresh.frame.button("chain")
    assert chip.text() == "Chain broken at entry 12"
    qtbot.waitUntil(lambda: fresh.presenter.state.serial > 1)
    chip.click()
    detail = fresh.presenter.state.detail
    assert detail is not None
    assert detail.problem == "Entry 12 was changed after it was written."
    assert fresh.frame.table.chosen_key() == "12"
    window.close()


def test_the_chain_goes_on_with_what_was_sold_meanwhile(
    screen: JournalScreen, day: CashDay, qtbot: QtBot
) -> None:
    day.sell(GOODS[0])
    screen.refresh()
    count = day.store.journal.count()
    qtbot.waitUntil(
        lambda: screen.presenter.state.chain.text == f"Chain verified up to entry {count}"
    )
    assert len(found(screen, qtbot)) == count


def test_more_is_found_as_one_scrolls(
    day: CashDay, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr("pos_app.ui.presenters.journal.find_page", partial(_small_page))
    monkeypatch.setattr("pos_app.ui.presenters.journal.PAGE", 4)
    states: list[JournalState] = []
    presenter = JournalPresenter(day.store, day.now, at_once, states.append)
    presenter.begin()
    presenter.choose_group("sales")
    assert (states[-1].rows.count(), states[-1].has_more) == (4, True)
    assert states[-1].counted == "4 found so far"
    presenter.more()
    assert (states[-1].rows.count(), states[-1].has_more) == (6, False)
    assert states[-1].counted == "6 found"


def _small_page(*given: object) -> journal_reading.Page:
    return journal_reading.find_page(*given, limit=4)  # type: ignore[arg-type]


def test_another_letter_stops_the_search_before(day: CashDay) -> None:
    later, states = Later(), list[JournalState]()
    presenter = JournalPresenter(day.store, day.now, later, states.append)
    presenter.search("met")
    first = later.waiting[-1][0]
    presenter.search("meter")
    assert first.is_cancelled
    later.run()
    assert states[-1].rows.count() == 1


def test_the_list_is_saved_without_a_formula_in_it(
    screen: JournalScreen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    path = tmp_path / "list.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    screen.presenter.choose_group("cash")
    found(screen, qtbot)
    menu = screen.open_menu()
    assert len(menu.actions()) == 3
    menu.actions()[2].trigger()
    menu.close()
    qtbot.waitUntil(lambda: bool(screen.presenter.state.notices))
    assert screen.presenter.state.notices[0].text == "2 entries are in list.csv."
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert [row[2] for row in rows[1:]] == ["drawer_opened", "shift_opened"]
    assert json.loads(rows[1][6])["reason"] == "=meter"


@pytest.mark.parametrize(("what", "name"), [(AUDITOR, "audit.zip"), (FISCAL, "fiscal.zip")])
def test_the_journal_is_taken_out_for_others(
    day: CashDay, tmp_path: Path, what: str, name: str
) -> None:
    day.close_as_counted()
    states: list[JournalState] = []
    presenter = JournalPresenter(day.store, day.now, at_once, states.append)
    presenter.begin()
    assert presenter.export.suggested_name(what).endswith(".zip")
    presenter.save(what, tmp_path / name)
    told = states[-1].notices[0].text
    assert name in told
    assert (tmp_path / name).stat().st_size > 0
    presenter.save(LIST, tmp_path / "missing" / "list.csv")
    assert "cannot be written" in states[-1].notices[0].text
    assert states[-1].export_busy == ""


def test_a_receipt_tells_its_entries_and_leads_into_the_journal(
    day: CashDay, qtbot: QtBot, qapp: QApplication
) -> None:
    wanted: list[int] = []
    asked: list[object] = []

    def gate(again: object) -> bool:
        asked.append(again)
        return len(asked) > 1

    receipts = ReceiptsScreen(
        day.store,
        None,  # type: ignore[arg-type]
        day.now,
        on_entry=wanted.append,
        gate=gate,
    )
    window = in_window(qtbot, qapp, receipts)
    sale = day.store.sales.by_number("1-000006")
    assert sale is not None
    receipts.presenter.open(sale.id)
    assert receipts.told.state.rows.count() == 0
    receipts.tabs.setCurrentWidget(receipts.entries)
    assert receipts.told.state.rows.count() == 0  # somebody has to agree first
    asked[0]()  # type: ignore[operator]
    qtbot.waitUntil(lambda: receipts.told.state.rows.count() == 3 and not receipts.told.state.said)
    said = [row.cells[1] for row in receipts.told.state.rows.fetch(0, 9)]
    assert said == [
        "1 × Thing 1 at 4.99 taken out of the cart",
        "Thing 2 sells at 9.50 instead of 12.03",
        "Receipt 1-000006 over \u2068€9.87\u2069, paid by Cash",
    ]
    receipts.entries.table.selectRow(1)
    receipts.entries.journal.click()
    entry = day.store.journal.get(wanted[0])
    assert entry is not None
    assert entry.kind == FactKind.PRICE_OVERRIDDEN
    why = receipts.why.toPlainText()
    assert "\u2068Thing 2\u2069 – Line 1: 1 × 9.5 = 9.50." in why
    window.close()


def test_what_came_back_says_which_receipt_fixed_its_figures(
    day: CashDay, qtbot: QtBot, qapp: QApplication
) -> None:
    sale = day.store.sales.by_number("1-000006")
    assert sale is not None
    back = day.give_back(sale)
    receipts = ReceiptsScreen(day.store, None, day.now)  # type: ignore[arg-type]
    window = in_window(qtbot, qapp, receipts)
    receipts.presenter.open(back.id)
    qtbot.waitUntil(lambda: bool(receipts.presenter.state.detail))
    why = receipts.presenter.state.detail
    assert why is not None
    if len(why.why) == 2:
        assert "as it stands on receipt 1-000006" in why.why[1]
    assert "Thing 2" in " ".join(why.why)
    window.close()


def test_a_row_is_marked_also_where_it_is_read_from_the_right(
    screen: JournalScreen, qtbot: QtBot
) -> None:
    found(screen, qtbot)
    screen.frame.table.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    screen.frame.table.selectRow(5)
    assert screen.frame.table.currentIndex().row() == 5
    assert screen.frame.table.selectionModel().isRowSelected(5)


def test_each_kind_of_fact_has_a_word_a_picture_and_sentences(qapp: QApplication) -> None:
    from pos_app.ui import icons

    write = FactWriter(ShopSettings(name="Corner"))
    for kind in FactKind:
        assert fact_word(kind)
        assert SENTENCES[kind]
        assert not icons.pixmap(fact_icon(kind), "#000000").isNull()
        for payload in ("", "{", "[]", "{}", '{"state":1,"amount":"x","lines":[3]}'):
            said = sentence_of_fact(kind, Told(payload, write))
            assert said
            assert "{" not in said
        names = set(fields_of(kind, Told("{}", write)))
        blanks = {
            part.split("}")[0] for sentence in SENTENCES[kind] for part in sentence.split("{")[1:]
        }
        assert blanks <= names | _LATER_FIELDS, kind


# Filled only where the payload has what they are made from.
_LATER_FIELDS = {
    *("kind", "methods", "asker", "approver", "request", "percent", "method", "tax", "unit"),
    *("names", "supplier"),
}


def test_values_are_written_for_people_and_secrets_are_kept() -> None:
    write = FactWriter(ShopSettings(name="Corner", time_zone="Asia/Tokyo"))
    payload = {
        "state": {"pin_hash": "$argon2id$x", "amount": {"currency": "JPY", "minor": 1200}},
        "at": "2026-03-04T15:00:00.000+00:00",
        "currency": "EUR",
        "gross": -1250,
        "is_open": True,
        "lines": [{"unit_price": "1.5", "taxes": [{"amount": 20}]}],
        "nothing": None,
    }
    values = [(name, value) for _, name, value in values_of(json.dumps(payload), write)]
    assert ("Pin hash", "•••") in values
    assert ("Amount", "\u2068JP¥1,200\u2069") in values
    assert ("Time", "5 Mar 2026 00:00:00") in values or ("Time", "Mar 5, 2026 00:00:00") in values
    assert ("Total with tax", "\u2068−€12.50\u2069") in values
    assert ("Unit price", "1.50") in values
    assert ("Is open", "Yes") in values
    assert values_of("not json", write) == []


def test_screens_lead_to_the_journal_without_a_place_in_the_rail() -> None:
    class Window:
        """Stands where the window would."""

        def __init__(self) -> None:
            self.shown: list[str] = []

        def show_screen(self, key: str) -> None:
            self.shown.append(key)

        def current_screen(self) -> str:
            return "sell"  # the gate has not opened

    window = Window()
    screens.show_journal(window, 5)  # type: ignore[arg-type]
    screens.show_replay(window, "x")  # type: ignore[arg-type]
    assert window.shown == ["journal", "replay"]
