"""A till with staff, in its real window: locked at the start, one cashier after the other."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from pos_app import texts
from pos_app.app.till import Till
from pos_app.domain.facts import FactKind
from pos_app.domain.staff import CASHIER, MANAGER, OWNER, StaffMember
from pos_app.services.checkout import utc_now
from pos_app.services.demo_shop import create_demo_shop
from pos_app.services.shop_setup import ShopSetup
from pos_app.services.staff import Staff
from pos_app.services.verification import verify
from pos_app.store.store import open_store
from pos_app.ui.changes import Changes
from tests.ui.keyboard import Keyboard

PINS = {"1": "2580", "2": "1357", "3": "7294"}
NAMES = {"1": "Olga", "2": "Ann", "3": "Max"}
ROLES = {"1": OWNER, "2": CASHIER, "3": MANAGER}
OLGA, ANN, MAX = PINS


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A demo shop with three members of staff and their badges, made once."""
    path = tmp_path_factory.mktemp("people") / "demo.db"
    badges = {}
    with create_demo_shop(path, utc_now(), days=1) as store:
        staff = Staff(store, utc_now)
        for code, pin in PINS.items():
            member = replace(staff.new_member(), name=NAMES[code], role=ROLES[code])
            staff.save(member, (pin, pin))
            badges[code] = staff.new_badge(member.id)
    return path, badges


class Counter:
    """Somebody in front of the window."""

    def __init__(self, till: Till, badges: dict[str, str], qtbot: QtBot) -> None:
        self.till = till
        self.badges = badges
        self.qtbot = qtbot
        self.count = 0

    def keys(self, text: str) -> None:
        """Type slowly, as a person does, and count the keys."""
        self.count += len(text)
        keyboard = Keyboard(self.till.window.windowHandle())
        keyboard.type(text, 300)

    def chord(self, letter: str) -> None:
        self.count += 1
        keyboard = Keyboard(self.till.window.windowHandle())
        ctrl = Qt.KeyboardModifier.ControlModifier
        keyboard.key(ord(letter), "", 300, ctrl)

    def tap(self, widget: QWidget) -> None:
        assert widget.isVisible()
        self.count += 1
        window = self.till.window
        place = widget.mapTo(window, widget.rect().center())
        press, release = QMouseEvent.Type.MouseButtonPress, QMouseEvent.Type.MouseButtonRelease
        for kind, held in ((press, Qt.MouseButton.LeftButton), (release, Qt.MouseButton.NoButton)):
            event = QMouseEvent(
                kind, QPointF(place), QPointF(window.mapToGlobal(QPoint(place))),
                Qt.MouseButton.LeftButton, held, Qt.KeyboardModifier.NoModifier,
            )  # fmt: skip
            QApplication.sendEvent(window.windowHandle(), event)

    def scan(self, code: str) -> None:
        assert self.till._scanner is not None
        self.till._scanner.feed(code)

    @property
    def people(self):  # type: ignore[no-untyped-def]
        assert self.till.people is not None
        return self.till.people

    @property
    def cover(self):  # type: ignore[no-untyped-def]
        return self.people._cover

    @property
    def state(self):  # type: ignore[no-untyped-def]
        assert self.till.presenter is not None
        return self.till.presenter.state

    @property
    def told(self) -> str:
        return " | ".join(notice.text for notice in self.state.notices)

    def member(self, code: str) -> StaffMember:
        return next(one for one in self.people.sign_in.people() if one.code == code)

    def wait_until_in(self, code: str) -> None:
        self.qtbot.waitUntil(lambda: not self.people.is_locked and self.people.code == code)

    def enter(self, code: str) -> None:
        """Choose the name, type the PIN, press Enter."""
        self.qtbot.waitUntil(lambda: self.till.window.isActiveWindow())  # noqa: PLW0108 - another one by then
        self.people.lock.choose(self.member(code).id)
        self.keys(PINS[code])
        self.wait_until_in(code)

    def codes(self) -> list[str]:
        assert self.till.store is not None
        found = [one.product for one in self.till.store.products.page(0, 50)]
        return [p.barcodes[0] for p in found if p.barcodes and p.price and not p.unit.decimals]

    def facts(self, *kinds: FactKind) -> list[str]:
        assert self.till.store is not None
        names = {kind.value for kind in kinds}
        entries = self.till.store.journal.entries(limit=100_000)
        return [entry.kind for entry in entries if entry.kind in names]


@pytest.fixture
def counter(
    shop: tuple[Path, dict[str, str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> Iterator[Counter]:
    monkeypatch.setenv("POS_APP_KEYS", "file")
    for suffix in ("", ".key"):
        source = shop[0].with_name(shop[0].name + suffix)
        (tmp_path / source.name).write_bytes(source.read_bytes())
    path = tmp_path / shop[0].name
    till = Till(path, lambda _path, _job: None)
    till.show((1280, 800))
    till._scan("4000000000009")  # scanned before the store is open
    qtbot.waitUntil(lambda: till.presenter is not None)
    till.window.make_all()
    yield Counter(till, shop[1], qtbot)
    till.window.close()
    texts.use_language("en")
    assert verify(path).is_sound


def test_a_till_with_staff_begins_locked_and_scans_are_badges_or_nothing(counter: Counter) -> None:
    assert counter.people.is_locked
    assert counter.cover.isVisible()
    assert counter.cover.geometry() == counter.till.window.rect()
    counter.scan(counter.codes()[0])
    counter.qtbot.waitUntil(lambda: counter.people.lock.state.is_problem)
    assert "nobody's badge" in counter.people.lock.state.sentence
    assert counter.state.rows == ()
    counter.keys("12\x1b")
    assert counter.till.window.checkout.entry.text() == ""
    counter.scan(counter.badges[ANN])
    counter.wait_until_in(ANN)
    assert not counter.cover.isVisible()
    assert counter.state.rows == ()  # not even what was scanned before the store was open
    counter.qtbot.waitUntil(counter.till.window.checkout.entry.hasFocus)


def test_a_name_and_a_pin_let_somebody_in(counter: Counter) -> None:
    counter.tap(counter.cover.tiles[counter.member(ANN).id])
    counter.keys(PINS[ANN])
    counter.wait_until_in(ANN)
    assert counter.count == 5
    assert counter.state.chips[-1].text == "Cashier Ann"
    counter.scan(counter.codes()[0])
    counter.till.presenter.press("F12")
    assert counter.till.store.sales.last().stamp.staff == ANN


def test_the_pad_lets_somebody_in_by_touch(counter: Counter) -> None:
    counter.tap(counter.cover.tiles[counter.member(OLGA).id])
    for digit in PINS[OLGA]:
        counter.tap(counter.cover.pad[digit])
    counter.wait_until_in(OLGA)


def test_a_wrong_pin_is_a_sentence_and_the_next_one_is_right(counter: Counter) -> None:
    counter.people.lock.choose(counter.member(ANN).id)
    counter.keys("0471")
    counter.qtbot.waitUntil(lambda: counter.people.lock.state.is_problem)
    assert "not Ann's" in counter.people.lock.state.sentence
    counter.keys(PINS[ANN] + "\r")  # Enter from habit does no harm
    counter.wait_until_in(ANN)


def test_one_key_changes_the_cashier_and_each_ones_sale_waits(counter: Counter) -> None:
    first, second, third = counter.codes()[:3]
    counter.enter(ANN)
    counter.scan(first)
    before = counter.count
    counter.chord("L")
    assert counter.count - before == 1
    assert counter.people.is_locked
    counter.enter(MAX)
    assert counter.state.rows == ()
    assert "The sale of Ann is parked" in counter.told
    counter.scan(second)
    counter.scan(third)
    counter.scan(counter.badges[ANN])  # a badge alone changes, too
    counter.wait_until_in(ANN)
    assert len(counter.state.rows) == 1
    assert "Your sale is back" in counter.told
    counter.scan(counter.badges[MAX])
    counter.wait_until_in(MAX)
    assert len(counter.state.rows) == 2


def test_the_same_cashier_finds_the_screen_as_it_was(counter: Counter) -> None:
    counter.enter(ANN)
    counter.scan(counter.codes()[0])
    counter.tap(counter.till.window.interior.status.button("staff"))
    assert counter.people.is_locked
    counter.scan(counter.badges[ANN])
    counter.wait_until_in(ANN)
    assert len(counter.state.rows) == 1
    assert counter.till.store.parked.list() == []


def test_while_money_was_taken_nobody_locks_and_nobody_takes_over(counter: Counter) -> None:
    counter.enter(ANN)
    counter.scan(counter.codes()[0])
    counter.till.presenter.entry.type_text("0.50")
    counter.till.presenter.press("F12")
    counter.people.lock_now("idle")
    assert not counter.people.is_locked
    counter.scan(counter.badges[MAX])
    assert counter.people.code == ANN
    assert "Payments were taken" in counter.told


def test_an_idle_till_locks_itself_but_not_while_paying(counter: Counter) -> None:
    setup = ShopSetup(counter.till.store, utc_now)
    shop = counter.till.store.settings.shop()
    counter.enter(ANN)
    setup.save(replace(shop, approvals=replace(shop.approvals, auto_lock_s=1)))
    counter.till.hub.publish(Changes(settings=True))
    counter.scan(counter.codes()[0])
    counter.till.presenter.entry.type_text("0.50")
    counter.till.presenter.press("F12")
    counter.qtbot.wait(1_500)
    assert not counter.people.is_locked
    counter.till.presenter.paying.give_back(0)
    counter.qtbot.waitUntil(lambda: counter.people.is_locked)
    assert counter.facts(FactKind.PAYMENT_GIVEN_BACK, FactKind.SIGNED_OUT) == [
        "payment_given_back", "signed_out",
    ]  # fmt: skip


def test_a_manager_opens_the_drawer_for_a_cashier_with_pin_or_badge(counter: Counter) -> None:
    counter.enter(ANN)
    before = counter.count
    counter.till.presenter.press("F10")
    assert counter.state.sheet.kind == "approval"
    entry = counter.till.window.checkout.entry
    counter.keys(PINS[MAX][:3])
    assert entry.text() == PINS[MAX][:3]
    assert not set(entry.displayText()) & set(PINS[MAX])
    counter.keys(PINS[MAX][3])
    counter.qtbot.waitUntil(lambda: counter.state.sheet.kind == "")
    assert counter.count - before + 1 == 5
    counter.till.presenter.press("F10")
    counter.scan(counter.badges[MAX])
    counter.qtbot.waitUntil(lambda: counter.state.sheet.kind == "")
    assert counter.facts(FactKind.APPROVAL_GIVEN, FactKind.DRAWER_OPENED) == [
        "approval_given", "drawer_opened", "approval_given", "drawer_opened",
    ]  # fmt: skip
    assert counter.people.code == ANN


def test_a_void_needs_six_keys_with_a_pin_and_two_with_a_badge(counter: Counter) -> None:
    counter.enter(ANN)
    for way, most in ((PINS[MAX], 6), (counter.badges[MAX], 2)):
        counter.scan(counter.codes()[0])
        counter.till.presenter.press("F12")
        before = counter.count
        counter.chord("Z")
        counter.keys("\r")
        assert counter.state.sheet.kind == "approval"
        if most == 6:
            counter.keys(way)
        else:
            counter.scan(way)
        counter.qtbot.waitUntil(lambda: counter.state.sheet.kind == "")
        assert counter.till.store.sales.last().kind == "void"
        assert counter.count - before <= most


def test_goods_scanned_while_the_manager_comes_go_into_the_sale(counter: Counter) -> None:
    counter.enter(ANN)
    counter.scan(counter.codes()[0])
    counter.till.presenter.entry.type_text("50")
    counter.till.presenter.lines.percent()
    assert counter.state.sheet.kind == "approval"
    counter.scan(counter.codes()[1])
    assert len(counter.state.rows) == 2
    assert counter.state.sheet.kind == "approval"
    counter.scan("98" + "1" * 18)
    counter.qtbot.waitUntil(lambda: "nobody's badge" in counter.state.sheet.problem)
    counter.keys("\r")  # Enter from habit leaves the sentence where it is
    assert counter.state.sheet.problem
    counter.till.presenter.entry.escape()
    assert counter.state.sheet.kind == ""
    assert counter.state.rows[0].discount == ""


def test_a_reserved_screen_opens_once_somebody_has_agreed(counter: Counter) -> None:
    counter.enter(ANN)
    window = counter.till.window
    window.show_screen("settings")
    assert window.current_screen() == "sell"
    dialog = counter.people._dialog
    assert dialog.isVisible()
    counter.scan(counter.badges[MAX])  # a manager may not change the settings
    counter.qtbot.waitUntil(lambda: bool(dialog.question.view.problem))
    assert "may not approve" in dialog.question.view.problem
    counter.scan(counter.badges[OLGA])
    counter.qtbot.waitUntil(lambda: window.current_screen() == "settings")
    assert counter.facts(FactKind.APPROVAL_GIVEN) == ["approval_given"]


@pytest.mark.parametrize("key", ["journal", "replay"])
def test_what_others_did_is_shown_once_a_manager_has_agreed(counter: Counter, key: str) -> None:
    counter.enter(ANN)
    window = counter.till.window
    window.show_screen(key)
    assert window.current_screen() == "sell"
    counter.scan(counter.badges[MAX])
    counter.qtbot.waitUntil(lambda: window.current_screen() == key)
    assert counter.facts(FactKind.APPROVAL_GIVEN) == ["approval_given"]


def test_the_next_cashier_does_not_find_the_screens_of_the_one_before(counter: Counter) -> None:
    counter.enter(OLGA)
    counter.till.window.show_screen("settings")
    counter.people.lock_now()
    counter.enter(ANN)
    assert counter.till.window.current_screen() == "sell"


def test_everybody_may_have_a_language_of_their_own(counter: Counter) -> None:
    staff = Staff(counter.till.store, utc_now)
    staff.save(replace(counter.member(ANN), language="de"))
    before = counter.till.window
    counter.enter(ANN)
    counter.qtbot.waitUntil(lambda: texts.t("Park") == "Parken")
    counter.qtbot.waitUntil(lambda: counter.till.window is not before)  # drawn anew in German
    counter.qtbot.waitUntil(lambda: counter.state.chips[-1].text.endswith("Ann"))
    assert not counter.people.is_locked
    counter.people.lock_now()
    counter.enter(OLGA)
    counter.qtbot.waitUntil(lambda: texts.t("Park") == "Park")


def test_a_locked_till_that_is_drawn_anew_gives_its_keys_to_nobody_but_the_cover(
    counter: Counter,
) -> None:
    counter.enter(ANN)
    counter.people.lock_now()
    counter.till.renew_window()  # as when the cashier before had another language
    counter.qtbot.waitUntil(counter.till.window.isActiveWindow)
    counter.enter(OLGA)
    assert counter.till.window.checkout.entry.text() == ""
    counter.people.lock_now()
    counter.till.window.checkout.entry.setFocus()  # whatever it is that wants the keys
    counter.enter(MAX)
    assert counter.till.window.checkout.entry.text() == ""


def test_whoever_registers_as_the_first_is_signed_in_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setenv("POS_APP_KEYS", "file")
    path = tmp_path / "bare.db"
    create_demo_shop(path, utc_now(), days=1).close()
    till = Till(path, lambda _path, _job: None)
    till.show((1280, 800))
    qtbot.waitUntil(lambda: till.presenter is not None)
    counter = Counter(till, {}, qtbot)
    assert not counter.people.is_locked
    assert counter.state.chips[-1].text == "Cashier 1"
    counter.scan(counter.codes()[0])
    till.window.show_screen("settings")
    staff = Staff(till.store, utc_now)
    staff.save(replace(staff.new_member(), name="Olga"), ("2580", "2580"))
    till.hub.publish(Changes(staff=True))
    assert not counter.people.is_locked
    assert till.window.current_screen() == "settings"
    assert counter.state.chips[-1].text == "Cashier Olga"
    assert len(counter.state.rows) == 1
    assert counter.people.authority.member.name == "Olga"
    counter.people.lock_now()
    assert counter.people.is_locked
    till.window.close()
    assert verify(path).is_sound


def test_closing_the_till_signs_out_and_the_next_start_is_locked(counter: Counter) -> None:
    counter.enter(ANN)
    path = counter.till.path
    counter.till.window.close()
    with open_store(path) as store:
        kinds = [entry.kind for entry in store.journal.entries(limit=100_000)]
    assert kinds[-1] == "signed_out"
