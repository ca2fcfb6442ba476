"""The cash screen through the real window: counted keys and taps, refusals, notices, receipts."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from pos_app.app import late_pieces
from pos_app.domain.approval import Action, ApprovalNeeded, ApprovalRequest
from pos_app.domain.cart import SaleKind, append_line
from pos_app.domain.cash_count import CashCount, put_pieces
from pos_app.domain.cash_movement import MovementKind
from pos_app.domain.cash_settings import AcceptedCurrency, CashSettings
from pos_app.domain.payment import TenderMethod
from pos_app.domain.return_ import return_line
from pos_app.domain.shift import ShiftState
from pos_app.services.checkout import utc_now
from pos_app.services.drawer_guard import DrawerGuard
from pos_app.services.shifts import Shifts
from pos_app.services.verification import verify
from pos_app.ui import theme
from pos_app.ui.cash_screen import CashScreen
from pos_app.ui.main_window import MainWindow
from pos_app.ui.presenters.cash_state import Step
from pos_app.ui.presenters.shift_news import tell_of_shift
from tests.services.cash_day import CARD, GOODS, SHOP, CashDay, euros
from tests.ui.conftest import COFFEE, NOW, Till


class Hands:
    """Somebody at the window whose keys and taps are counted."""

    def __init__(self, window: QWidget) -> None:
        self.window = window
        self.count = 0

    def tap(self, widget: QWidget) -> None:
        assert widget.isVisible()
        assert widget.isEnabled()
        self.count += 1
        place = widget.mapTo(self.window, widget.rect().center())
        for kind, buttons in (
            (QEvent.Type.MouseButtonPress, Qt.MouseButton.LeftButton),
            (QEvent.Type.MouseButtonRelease, Qt.MouseButton.NoButton),
        ):
            event = QMouseEvent(
                kind, QPointF(place), QPointF(self.window.mapToGlobal(place)),
                Qt.MouseButton.LeftButton, buttons, Qt.KeyboardModifier.NoModifier,
            )  # fmt: skip
            QCoreApplication.sendEvent(self.window.windowHandle(), event)

    def type(self, text: str) -> None:
        for sign in text:
            self.count += 1
            key = Qt.Key.Key_Return if sign == "\n" else Qt.Key(ord(sign.upper()))
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                shown = "\r" if sign == "\n" else sign
                event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, shown)
                QCoreApplication.sendEvent(self.window.windowHandle(), event)


@pytest.fixture
def day(tmp_path: Path) -> Iterator[CashDay]:
    made = CashDay(tmp_path / "shop.db", replace(SHOP, cash=CashSettings()))
    yield made
    made.store.close()
    assert verify(made.path).faults == ()


Show = Callable[..., tuple[CashScreen, Hands]]


@pytest.fixture
def show(day: CashDay, qtbot: QtBot, qapp: QApplication) -> Show:
    def made(opened: list[str] | None = None) -> tuple[CashScreen, Hands]:
        theme.apply_theme(qapp, theme.LIGHT)
        window = MainWindow()
        window.resize(1024, 768)
        receipts = [] if opened is None else opened
        screen = CashScreen(day.store, day.shifts, day.now, on_receipt=receipts.append)
        assert window.interior.checkout is not None  # made now rather than after the first paint
        window.add_screen("cash", "Cash", "coins", screen)
        qtbot.addWidget(window)
        with qtbot.waitExposed(window):
            window.show()
        window.activateWindow()
        hands = Hands(window)
        qtbot.waitUntil(window.interior.rail.button("cash").isVisible)
        hands.tap(window.interior.rail.button("cash"))
        qtbot.waitUntil(screen.isVisible)
        return screen, hands

    return made


def plain(text: str) -> str:
    """A text without the marks that keep amounts in one piece."""
    return text.replace("\u2068", "").replace("\u2069", "").replace("\u2212", "-")


def told(screen: CashScreen) -> str:
    return plain(" | ".join(notice.text for notice in screen.presenter.state.notices))


def test_a_day_ends_in_three_taps_beside_the_counting(day: CashDay, show: Show) -> None:
    day.shifts.open([euros(100)])
    day.sell(GOODS[0], tendered=10)
    screen, hands = show()
    before = hands.count
    hands.tap(screen.count.field("100"))
    hands.type("1")
    hands.tap(screen.count.buttons("5")[1])
    counting = hands.count - before
    hands.tap(screen.count.confirm)
    assert plain(screen.presenter.state.difference) == "The drawer holds exactly what it should."
    hands.tap(screen.closing.close_shift)
    assert day.shifts.current() is None
    assert day.store.sequences.last("z") == 1
    assert hands.count - counting <= 3
    assert screen.presenter.state.step is Step.CLOSED


def test_enter_walks_through_the_count_and_never_confirms_it(day: CashDay, show: Show) -> None:
    day.shifts.open([euros(100)])
    screen, hands = show()
    assert screen.count.field("500").hasFocus()
    hands.type("\n\n1\n\n\n3\n")
    assert plain(screen.presenter.state.count.total) == "€130.00"
    for _ in range(30):
        hands.type("\n")
    assert screen.presenter.state.step is Step.COUNTING
    assert screen.count.confirm.hasFocus()


def test_the_shift_opens_with_the_float_as_it_was_left(day: CashDay, show: Show) -> None:
    day.shifts.open([euros(0)])
    count = put_pieces(put_pieces(CashCount("EUR"), Decimal(50), 1), Decimal(2), 5)
    shift = day.shifts.confirm_count([count])
    day.shifts.close(shift.id)
    screen, hands = show()
    assert plain(screen.presenter.state.count.total) == "€60.00"
    hands.tap(screen.count.confirm)
    assert hands.count == 2
    opened = day.shifts.current()
    assert opened is not None
    assert opened.opening == (count,)


def test_the_first_shift_is_opened_in_the_background(
    day: CashDay, show: Show, qtbot: QtBot
) -> None:
    day.sell(GOODS[0])
    screen, hands = show()
    for _ in range(2):
        hands.tap(screen.count.buttons("20")[1])
    hands.tap(screen.count.confirm)
    qtbot.waitUntil(lambda: screen.presenter.state.is_open)
    assert plain(screen.presenter.state.title) == "By the books €40.00 is in the drawer."


@pytest.mark.parametrize(
    ("key", "text", "sentence"),
    [
        ("20", "two", "two is not a count. Enter how many there are, such as 12."),
        ("20", "1.5", "There cannot be 1.5 of a note or coin. Enter a whole number."),
        ("20", "-1", "A count of -1 is not possible. Enter 0 or more."),
        ("20", "1234567", "1234567 of one note or coin do not fit a drawer. Enter at most 99999."),
        ("loose", "x", "“x” is not a number. Write it like 12.50."),
        ("loose", "0.001", "0.001 EUR cannot be counted. Enter an amount of 0 or more."),
    ],
)
def test_a_wrong_count_says_why_and_confirms_nothing(
    day: CashDay, show: Show, key: str, text: str, sentence: str
) -> None:
    day.shifts.open([euros(100)])
    screen, hands = show()
    screen.count.typed.emit("50", "2")
    screen.count.typed.emit(key, text)
    assert screen.count.error.text() == f"⚠ {sentence}"
    hands.tap(screen.count.confirm)
    assert screen.presenter.state.step is Step.COUNTING
    assert sentence in told(screen)
    screen.count.typed.emit(key, "")
    assert not screen.count.error.isVisible()
    assert plain(screen.presenter.state.count.total) == "€100.00"


def test_a_count_is_kept_a_second_after_the_last_figure(
    day: CashDay, show: Show, qtbot: QtBot
) -> None:
    day.shifts.open([euros(100)])
    screen, hands = show()
    hands.tap(screen.count.buttons("50")[1])
    entries = day.store.journal.count()
    hands.tap(screen.count.buttons("50")[1])
    assert day.store.journal.count() == entries
    qtbot.waitUntil(lambda: day.store.journal.count() == entries + 1)
    day.restart()
    shift = day.shifts.current()
    assert shift is not None
    assert shift.counts[0].of(Decimal(50)) == 2


def test_a_count_that_was_interrupted_is_back_and_can_be_given_up(day: CashDay, show: Show) -> None:
    day.shifts.open([euros(100)])
    day.shifts.keep_count([put_pieces(CashCount("EUR"), Decimal(20), 3)])
    day.moment += timedelta(days=1)
    screen, hands = show()
    assert "A count was begun" in told(screen)
    assert "open since another day" in told(screen)
    assert plain(screen.presenter.state.count.total) == "€60.00"
    hands.tap(screen.count.give_up)
    shift = day.shifts.current()
    assert shift is not None
    assert shift.state is ShiftState.OPEN
    assert "A count was begun" not in told(screen)


def test_a_clock_set_back_is_told(day: CashDay, show: Show) -> None:
    day.shifts.open([euros(100)])
    day.moment -= timedelta(days=3)
    screen, _ = show()
    assert "The clock of this machine was set back." in told(screen)


def test_a_difference_leads_to_its_receipt(day: CashDay, show: Show, qtbot: QtBot) -> None:
    day.shifts.open([euros(100)])
    wrong = day.sell(GOODS[1], tendered=20)
    receipts: list[str] = []
    screen, hands = show(receipts)
    hands.tap(screen.count.field("100"))
    hands.type("1")
    hands.tap(screen.count.confirm)
    state = screen.presenter.state
    assert plain(state.difference) == "€12.05 is missing from the drawer."
    assert (
        plain(state.causes[0].text) == "A payment of €12.05 by card may have been rung up as cash."
    )
    button = screen.closing.receipt_buttons()[0]
    qtbot.waitUntil(button.isVisible)
    hands.tap(button)
    assert receipts == [wrong.id]
    hands.tap(screen.closing.again)
    assert screen.presenter.state.step is Step.COUNTING


def test_a_blind_count_hides_the_books_until_it_is_confirmed(tmp_path: Path, qtbot: QtBot) -> None:
    day = CashDay(tmp_path / "blind.db", replace(SHOP, cash=CashSettings(is_blind=True)))
    day.shifts.open([euros(100)])
    day.sell(GOODS[0], tendered=10)
    screen = CashScreen(day.store, day.shifts, day.now)
    qtbot.addWidget(screen)
    shown = f"{screen.presenter.state.title} {screen.presenter.state.figures}"
    assert "105.00" not in shown
    assert "Should be" not in shown
    assert "Turnover" not in shown
    screen.count.typed.emit("100", "1")
    screen.presenter.confirm()
    assert plain(screen.presenter.state.difference) == "€5.00 is missing from the drawer."
    assert "€105.00" in plain(screen.presenter.state.title)
    day.store.close()


def test_the_float_is_planned_as_one_types(day: CashDay, show: Show) -> None:
    day.shifts.open([euros(0)])
    screen, hands = show()
    for value, pieces in (("50", "2"), ("20", "1"), ("5", "6")):
        screen.count.typed.emit(value, pieces)
    screen.presenter.confirm()
    screen.closing.target_typed.emit("45")
    plan = {row.label: plain(row.figure) for row in screen.presenter.state.plan}
    assert plan["Stays in the drawer"] == "€45.00"
    assert plan["Into the bag"] == "€105.00"
    screen.closing.target_typed.emit("lots")
    assert screen.presenter.state.target_error.startswith("lots cannot be a float.")
    assert not screen.closing.close_shift.isEnabled()
    screen.closing.target_typed.emit("45")
    screen.closing.bag_typed.emit("B 7")
    screen.closing.note_typed.emit("one customer too many")
    hands.tap(screen.closing.close_shift)
    last = day.shifts.last_closed()
    assert last is not None
    assert (last.kept[0].total, last.bag_reference) == (euros(45).total, "B 7")
    assert last.note == "one customer too many"


def test_foreign_notes_are_counted_on_their_own_page(tmp_path: Path, qtbot: QtBot) -> None:
    accepted = (AcceptedCurrency("USD", Decimal("0.92")),)
    day = CashDay(tmp_path / "usd.db", replace(SHOP, cash=CashSettings(accepted=accepted)))
    day.shifts.open([euros(100)])
    day.sell_for_dollars(20, GOODS[1])
    screen = CashScreen(day.store, day.shifts, day.now)
    qtbot.addWidget(screen)
    assert plain(screen.presenter.state.title) == "By the books €93.65 + US$20.00 is in the drawer."
    screen.count.typed.emit("loose", "93.65")
    screen.presenter.choose_currency("USD")
    assert [row.label for row in screen.presenter.state.count.rows][:3] == ["100", "50", "20"]
    screen.count.stepped.emit("20", 1)
    screen.presenter.confirm()
    assert plain(screen.presenter.state.difference) == "The drawer holds exactly what it should."
    screen.presenter.close()
    day.store.close()
    assert verify(day.path).is_sound


def test_cash_moves_with_a_reason_and_its_errors_stand_under_their_fields(
    day: CashDay, show: Show
) -> None:
    day.shifts.open([euros(100)])
    screen, hands = show()
    hands.tap(screen.moves[MovementKind.PAY_OUT])
    sheet = screen._sheet
    assert sheet is not None
    form = sheet._movement
    for amount, reason, wrong, sentence in (
        ("", "Staff", "amount", "€0.00 cannot be moved."),
        ("ten", "Staff", "amount", "“ten” is not a number."),
        ("10.001", "Staff", "amount", "10.001 has more places than EUR has."),
        ("100.05", "Staff", "amount", "By the books there is less than €100.05"),
        ("10", "", "reason", "Say why the cash moves."),
    ):
        form.change(amount=amount, reason=reason)
        assert not form.save()
        assert plain(form.state.errors[wrong]).startswith(sentence)
    form.change(amount="10", reason="Staff", reference="bill 9")
    assert form.save()
    assert "Pay out: €10.00, slip 1" in told(screen)
    assert plain(screen.presenter.state.title) == "By the books €90.00 is in the drawer."


def test_without_a_shift_nothing_can_move(day: CashDay, show: Show) -> None:
    screen, hands = show()
    assert not any(button.isEnabled() for button in screen.moves.values())
    assert not screen.x_report.isEnabled()
    assert not screen.last_z.isEnabled()
    hands.tap(screen.drawer)
    assert "The drawer was opened." in told(screen)


def test_an_x_is_printed_and_nothing_closes(day: CashDay, show: Show) -> None:
    day.shifts.open([euros(100)])
    screen, hands = show()
    hands.tap(screen.x_report)
    assert "Nothing is closed by it." in told(screen)
    assert day.shifts.current() is not None


class Strict:
    """Asks for somebody else until told otherwise."""

    def __init__(self) -> None:
        self.lets = False

    def require(self, request: ApprovalRequest, tx: object = None) -> None:
        if not self.lets and request.action is Action.CLOSE_SHIFT:
            raise ApprovalNeeded(request)


def test_closing_asks_for_approval_and_goes_on_when_it_is_given(day: CashDay, show: Show) -> None:
    strict = Strict()
    day.shifts.authority = strict
    day.shifts.open([euros(100)])
    screen, hands = show()
    screen.count.typed.emit("100", "1")
    screen.presenter.confirm()
    hands.tap(screen.closing.close_shift)
    assert "needs the approval" in told(screen)
    asked: list[Callable[[], None]] = []
    screen.presenter.on_approval = lambda _need, retry: asked.append(retry)
    hands.tap(screen.closing.close_shift)
    strict.lets = True
    asked[0]()
    assert day.shifts.current() is None


def test_sales_while_the_drawer_is_counted_send_it_back_to_the_count(
    day: CashDay, show: Show
) -> None:
    day.shifts.open([euros(100)])
    screen, hands = show()
    screen.count.typed.emit("100", "1")
    screen.presenter.confirm()
    day.sell(GOODS[0], tendered=5)
    hands.tap(screen.closing.close_shift)
    assert "Cash came or went after the drawer was counted." in told(screen)
    assert day.shifts.current() is not None


def test_a_cash_refund_above_the_drawer_asks_at_the_checkout(till: Till) -> None:
    till.checkout.guard = DrawerGuard(till.store.identity.till)
    till.scan(COFFEE)
    till.presenter.paying.pay(TenderMethod.CARD)
    sale = till.store.sales.last()
    assert sale is not None
    moment = datetime.fromisoformat("2026-03-02T10:00:00+00:00")
    Shifts(till.store, lambda: moment).open([euros(5)])
    cart = append_line(
        till.checkout.new_cart(SaleKind.RETURN),
        return_line(sale, 1, Decimal(1), Decimal(0), "sour"),
    )
    till.presenter.sale.put(cart)
    till.presenter.paying.pay(TenderMethod.CASH)
    assert till.store.sales.count() == 1
    assert "less than €9.00 in the drawer" in plain(till.state.sheet.about)
    till.presenter.sheet.choose("leave")
    assert till.store.sales.count() == 1
    till.presenter.paying.pay(TenderMethod.CASH)
    till.presenter.sheet.choose("pay_anyway")
    assert till.store.sales.count() == 2


def test_selling_without_a_shift_is_refused_where_the_shop_wants_one(till: Till) -> None:
    shop = replace(till.checkout.shop, cash=CashSettings(needs_shift=True))
    with till.store.transaction() as tx:
        tx.settings.save(shop)
    till.checkout.guard = DrawerGuard(till.store.identity.till)
    till.scan(COFFEE)
    till.presenter.paying.pay(TenderMethod.CASH)
    assert "Open a shift before you sell" in till.told
    assert till.store.sales.count() == 0
    assert CARD is TenderMethod.CARD


def test_a_shift_open_since_another_day_is_told_at_the_counter(till: Till) -> None:
    Shifts(till.store, lambda: NOW).open([euros(5)])
    tell_of_shift(till.presenter.sale, Shifts(till.store, lambda: NOW + timedelta(hours=2)))
    assert till.told == ""
    tell_of_shift(till.presenter.sale, Shifts(till.store, lambda: NOW + timedelta(days=1)))
    assert "This shift is open since another day." in till.told


def test_a_till_whose_clock_is_behind_says_so_once_as_it_comes_up(till: Till) -> None:
    def come_up() -> str:
        till.presenter.sale.notices.take_down("clock_set_back")
        late_pieces.tell_of_shift(till.store, till.presenter, None)  # type: ignore[arg-type]
        till.presenter.sale.show()
        return till.told

    assert "clock" not in come_up()
    till.checkout._now = lambda: datetime.now(UTC) + timedelta(days=3)
    till.checkout.open_drawer()
    assert "The clock of this machine was set back." in come_up()
    till.checkout._now = utc_now
    till.checkout.open_drawer()
    assert "clock" not in come_up()
