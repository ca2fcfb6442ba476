"""The scanner filter, driven by real key events through the window with set times."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from pos_app.ui.scan_timing import ScannerSettings, learn, read_code, undo_caps
from pos_app.ui.scanner import ScannerFilter
from tests.ui.keyboard import Keyboard

CODE = "4006381333931"
_NO = Qt.KeyboardModifier.NoModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier


class Till:
    """A window with an entry line, and what the scanner said."""

    def __init__(self, qtbot: QtBot, settings: ScannerSettings | None = None) -> None:
        self.codes: list[str] = []
        self.page = QWidget()
        self.line = QLineEdit(self.page)
        QVBoxLayout(self.page).addWidget(self.line)
        self.pressed = 0
        self.line.returnPressed.connect(self._count)
        qtbot.addWidget(self.page)
        self.page.show()
        qtbot.waitUntil(lambda: self.page.windowHandle() is not None)
        self.page.activateWindow()
        self.line.setFocus()
        qtbot.waitUntil(self.line.hasFocus)
        self.filter = ScannerFilter(self.codes.append, settings)
        app().installEventFilter(self.filter)
        self.keyboard = Keyboard(self.page.windowHandle())

    def _count(self) -> None:
        self.pressed += 1


def app() -> QApplication:
    instance = QApplication.instance()
    assert isinstance(instance, QApplication)
    return instance


@pytest.fixture
def till(qtbot: QtBot) -> Iterator[Till]:
    made = Till(qtbot)
    yield made
    app().removeEventFilter(made.filter)


def make_till(qtbot: QtBot, request: pytest.FixtureRequest, settings: ScannerSettings) -> Till:
    made = Till(qtbot, settings)
    request.addfinalizer(lambda: app().removeEventFilter(made.filter))
    return made


def test_a_scan_is_handed_over_and_leaves_the_focused_line_as_it_was(till: Till) -> None:
    till.line.setText("3*")
    edits: list[str] = []
    till.line.textEdited.connect(edits.append)
    till.keyboard.scan(CODE)
    assert till.codes == [CODE]
    assert till.line.text() == "3*"
    assert till.line.cursorPosition() == 2
    assert edits[-1] == "3*"
    assert till.pressed == 0


def test_selected_text_survives_a_scan(till: Till) -> None:
    till.line.setText("12.50")
    till.line.selectAll()
    till.keyboard.scan(CODE)
    assert (till.line.text(), till.line.selectedText()) == ("12.50", "12.50")


def test_a_scan_never_presses_the_default_button_of_a_modal_dialog(
    till: Till, qtbot: QtBot
) -> None:
    dialog = QDialog(till.page)
    dialog.setModal(True)
    field, button = QLineEdit(dialog), QPushButton("Delete everything", dialog)
    column = QVBoxLayout(dialog)
    column.addWidget(field)
    column.addWidget(button)
    button.setDefault(True)
    pressed: list[bool] = []
    button.clicked.connect(lambda: pressed.append(True))
    dialog.open()
    qtbot.waitUntil(lambda: dialog.windowHandle() is not None)
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    keyboard = Keyboard(dialog.windowHandle())
    keyboard.scan(CODE)
    assert till.codes == [CODE]
    assert field.text() == ""
    assert pressed == []
    assert dialog.isVisible()
    keyboard.now_ms += 1000
    keyboard.type("\r", 500)
    assert pressed == [True]


def test_a_focused_button_is_not_pressed_by_a_scan_with_spaces(till: Till, qtbot: QtBot) -> None:
    button = QPushButton("Pay", till.page)
    till.page.layout().addWidget(button)  # type: ignore[union-attr]
    pressed: list[bool] = []
    button.clicked.connect(lambda: pressed.append(True))
    button.setFocus()
    qtbot.waitUntil(button.hasFocus)
    till.keyboard.scan(" LOT 42 A")
    assert till.codes == [" LOT 42 A"]
    assert pressed == []


def test_a_single_key_still_reaches_a_focused_button(till: Till, qtbot: QtBot) -> None:
    button = QPushButton("Pay", till.page)
    till.page.layout().addWidget(button)  # type: ignore[union-attr]
    pressed: list[bool] = []
    button.clicked.connect(lambda: pressed.append(True))
    button.setFocus()
    qtbot.waitUntil(button.hasFocus)
    till.keyboard.type(" ", 500)
    qtbot.waitUntil(lambda: pressed == [True])


def test_ten_scans_while_the_till_is_busy_all_arrive_in_order(till: Till, qtbot: QtBot) -> None:
    codes = [f"40063813339{number:02}" for number in range(10)]
    till.keyboard.send = QCoreApplication.postEvent
    till.keyboard.type("1", 500)
    import time

    app().processEvents()
    for code in codes:
        till.keyboard.scan(code)
    time.sleep(0.3)
    qtbot.waitUntil(lambda: len(till.codes) == 10)
    assert till.codes == codes
    assert till.line.text() == "1"


def test_a_scan_cut_in_two_by_a_blocked_loop_is_still_one_scan(till: Till, qtbot: QtBot) -> None:
    import time

    till.keyboard.send = QCoreApplication.postEvent
    till.keyboard.type(CODE[:5], 8)
    app().processEvents()
    time.sleep(0.3)
    till.keyboard.type(CODE[5:] + "\r", 8)
    qtbot.waitUntil(lambda: till.codes == [CODE])
    assert till.line.text() == ""


def test_a_scan_that_runs_while_another_is_handled_waits_its_turn(till: Till) -> None:
    order: list[str] = []

    def slow(code: str) -> None:
        order.append(f"begin {code}")
        if code == "111111":
            till.filter.feed("222222\r\n")
        order.append(f"end {code}")

    till.filter._on_scan = slow
    till.keyboard.scan("111111")
    assert order == ["begin 111111", "end 111111", "begin 222222", "end 222222"]


def test_an_error_in_the_till_loses_no_later_scan_and_lets_no_enter_through(
    till: Till, qtbot: QtBot
) -> None:
    def broken(code: str) -> None:
        till.codes.append(code)
        raise ValueError(code)

    till.filter._on_scan = broken
    with qtbot.captureExceptions() as errors:
        till.keyboard.scan("111111")
        till.keyboard.scan("222222")
        qtbot.waitUntil(lambda: len(errors) == 2)
    assert till.codes == ["111111", "222222"]
    assert till.pressed == 0


@pytest.mark.parametrize("gap_ms", [60, 90, 140, 400])
def test_a_typist_gets_every_key_at_once_and_enter_too(till: Till, gap_ms: int) -> None:
    seen = []
    for char in CODE:
        till.keyboard.type(char, gap_ms)
        seen.append(till.line.text())
    assert seen == [CODE[: end + 1] for end in range(len(CODE))]
    till.keyboard.type("\r", gap_ms)
    assert till.pressed == 1
    assert till.codes == []


def test_a_quick_pair_of_keys_is_held_a_moment_and_comes_in_order(till: Till, qtbot: QtBot) -> None:
    till.keyboard.type("2", 300)
    till.keyboard.type("0", 30)
    assert till.line.text() == "2"
    qtbot.waitUntil(lambda: till.line.text() == "20")
    till.keyboard.type("\r", 200)
    assert (till.pressed, till.codes) == (1, [])


def test_five_fast_characters_and_enter_are_typing_not_a_scan(till: Till) -> None:
    till.keyboard.scan("12345")
    assert till.line.text() == "12345"
    assert (till.pressed, till.codes) == (1, [])


def test_slow_hands_on_six_digits_are_no_scan_even_below_the_limit(till: Till) -> None:
    till.keyboard.scan("123456", gap_ms=49)
    assert till.line.text() == "123456"
    assert (till.pressed, till.codes) == (1, [])


def test_a_function_key_flushes_what_was_typed_before_it(till: Till) -> None:
    till.keyboard.type("20", 30)
    till.keyboard.key(int(Qt.Key.Key_F12), "", 30)
    assert till.line.text() == "20"


def test_a_key_held_down_is_no_scan(till: Till) -> None:
    till.keyboard.type("1", 500)
    for gap_ms in (400, *[30] * 9):
        till.keyboard.key(ord("1"), "1", gap_ms, repeated=True)
    till.keyboard.type("\r", 30)
    assert till.line.text() == "1" * 11
    assert (till.pressed, till.codes) == (1, [])


def test_equal_digits_flagged_as_repeats_within_a_scan_count(till: Till) -> None:
    till.keyboard.type("4", 500)
    till.keyboard.type("0", 8)
    till.keyboard.key(ord("0"), "0", 8, repeated=True)
    till.keyboard.type("6381\r", 8)
    assert till.codes == ["4006381"]


def test_tab_ends_a_scan_and_does_not_move_the_focus(till: Till, qtbot: QtBot) -> None:
    other = QLineEdit(till.page)
    till.page.layout().addWidget(other)  # type: ignore[union-attr]
    till.keyboard.scan(CODE, end="\t")
    assert till.codes == [CODE]
    assert till.line.hasFocus()
    qtbot.wait(0)


def test_enter_and_line_feed_after_a_scan_are_both_swallowed(till: Till) -> None:
    till.keyboard.scan(CODE, end="\r\r")
    assert till.codes == [CODE]
    assert till.pressed == 0


def test_a_learned_prefix_needs_no_rhythm_and_nothing_flickers(
    qtbot: QtBot, request: pytest.FixtureRequest
) -> None:
    till = make_till(qtbot, request, ScannerSettings(prefix="~"))
    edits: list[str] = []
    till.line.textEdited.connect(edits.append)
    till.keyboard.scan("~42", gap_ms=90)
    assert till.codes == ["42"]
    assert edits == []


def test_a_control_character_can_be_the_prefix(
    qtbot: QtBot, request: pytest.FixtureRequest
) -> None:
    till = make_till(qtbot, request, ScannerSettings(prefix="\x02", suffix="\t"))
    till.keyboard.key(int(Qt.Key.Key_B), "\x02", 500, Qt.KeyboardModifier.ControlModifier)
    till.keyboard.type("42\t", 8)
    assert till.codes == ["42"]


def test_a_prefix_typed_by_hand_is_given_back(qtbot: QtBot, request: pytest.FixtureRequest) -> None:
    till = make_till(qtbot, request, ScannerSettings(prefix="~"))
    till.keyboard.type("~", 500)
    qtbot.waitUntil(lambda: till.line.text() == "~")
    assert till.codes == []


def test_a_scanner_without_suffix_is_ended_by_a_pause(
    qtbot: QtBot, request: pytest.FixtureRequest
) -> None:
    till = make_till(qtbot, request, ScannerSettings(suffix=""))
    till.keyboard.scan(CODE, end="")
    qtbot.waitUntil(lambda: till.codes == [CODE])
    assert till.line.text() == ""


def test_a_group_separator_arrives_as_control_bracket(till: Till) -> None:
    till.keyboard.type("0104006381333931", 8)
    till.keyboard.key(int(Qt.Key.Key_BracketRight), "\x1d", 8, Qt.KeyboardModifier.ControlModifier)
    till.keyboard.type("10ABC\r", 8)
    assert till.codes == ["0104006381333931\x1d10ABC"]


def test_a_group_separator_arrives_as_an_alt_code(till: Till) -> None:
    till.keyboard.type("010400638133393110AB", 8)
    alt = Qt.KeyboardModifier.AltModifier
    keyboard = till.keyboard
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        if kind == QEvent.Type.KeyRelease:
            for digit in "029":
                keyboard.key(ord(digit), digit, 4, alt | Qt.KeyboardModifier.KeypadModifier)
        event = QKeyEvent(kind, Qt.Key.Key_Alt, alt)
        event.setTimestamp(keyboard.now_ms + 4)
        keyboard.send(keyboard.window, event)
    keyboard.type("21X\r", 8)
    assert till.codes == ["010400638133393110AB\x1d21X"]


def test_caps_lock_does_not_turn_the_letters_of_a_code_round(till: Till) -> None:
    till.keyboard.now_ms += 500
    for char, is_shifted in (("a", True), ("B", False), ("c", True), *[(d, False) for d in "1234"]):
        till.keyboard.key(ord(char.upper()), char, 8, _SHIFT if is_shifted else _NO)
    till.keyboard.type("\r", 8)
    assert till.codes == ["AbC1234"]


def test_two_scans_run_together_by_a_fast_scanner_stay_two(till: Till) -> None:
    till.keyboard.type(f"{CODE}\r{CODE}\r", 3)
    assert till.codes == [CODE, CODE]


def test_a_digit_shortcut_cannot_eat_the_middle_of_a_scan(till: Till, qtbot: QtBot) -> None:
    from PySide6.QtTest import QTest

    fired: list[int] = []
    for sequence in ("3", "Return"):
        QShortcut(QKeySequence(sequence), till.page).activated.connect(lambda: fired.append(1))
    for char in CODE:
        QTest.keyClick(till.page.windowHandle(), ord(char))
    QTest.keyClick(till.page.windowHandle(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: till.codes == [CODE])
    assert fired == []


@pytest.mark.parametrize("make", [QPlainTextEdit, QSpinBox])
def test_other_fields_get_their_character_back_too(
    till: Till, qtbot: QtBot, make: type[QWidget]
) -> None:
    field = make(till.page)
    till.page.layout().addWidget(field)  # type: ignore[union-attr]
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    if isinstance(field, QPlainTextEdit):
        field.setPlainText("note\nmore")
        field.selectAll()
    till.keyboard.scan(CODE)
    assert till.codes == [CODE]
    if isinstance(field, QPlainTextEdit):
        assert field.toPlainText() == "note\nmore"
        assert field.textCursor().hasSelection()
    if isinstance(field, QSpinBox):
        assert field.value() == 0


def test_a_serial_scanner_is_fed_past_the_keyboard(till: Till) -> None:
    till.filter.feed("4006381333931\r\n")
    till.filter.feed("\r\n")
    assert till.codes == [CODE]


def test_a_ten_thousand_character_scan_is_one_scan(till: Till) -> None:
    till.keyboard.scan("7" * 10_000, gap_ms=1)
    assert till.codes == ["7" * 10_000]
    assert till.line.text() == ""


def test_learning_finds_what_stands_around_the_code() -> None:
    assert learn("]E04006381333931\r\n", CODE) == ScannerSettings(prefix="]E0", suffix="\r")
    assert learn("12345\r", CODE) is None


def test_a_prefix_is_taken_off_even_when_the_rhythm_decides() -> None:
    settings = ScannerSettings(prefix="]E0", suffix="\t")
    assert read_code("]E0123456", "\r", list(range(0, 100, 10)), settings) == "123456"


def test_capital_letters_without_shift_are_left_alone() -> None:
    assert undo_caps([("A", False), ("b", False)]) == "Ab"
