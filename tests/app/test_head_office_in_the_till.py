"""Head office in the whole till: connected from the screen, told of sales, and let go again.

The window, the store, the engine and its threads are real; only the wire is spoken by hand.
"""

import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from pos_app.app.head_office import HeadOffice, changes_of
from pos_app.app.screens import SYNC
from pos_app.app.till import Till
from pos_app.services.checkout import utc_now
from pos_app.services.training import make_training_copy
from pos_app.services.verification import verify
from pos_app.store.remotes import HEAD_OFFICE
from pos_app.store.store import open_reader, open_store
from pos_app.sync.enrolment import enrol
from pos_app.sync.transport import Aborted, Answer, Request
from pos_app.ui.changes import ChangeHub, Changes
from pos_app.ui.main_window import SELL
from pos_app.ui.sync_screen import SyncScreen
from tests.store.shops import new_shop, product
from tests.sync.office_stand_in import URL, Office
from tests.sync.shared_things import page, product_thing

PATIENCE_MS = 30_000


class Cable:
    """A wire to the office in memory that can be ended; `hangs` holds every request."""

    turn = threading.Lock()  # the office hears one at a time

    def __init__(self, office: Office, *, hangs: bool = False) -> None:
        self._office = office
        self._hangs = hangs
        self._end = threading.Event()

    def send(self, request: Request, timeout_s: float) -> Answer:
        if self._hangs:
            self._end.wait(timeout_s)
        if self._end.is_set():
            raise Aborted
        with self.turn:
            return self._office.send(request, timeout_s)

    def abort(self) -> None:
        self._end.set()

    def close(self) -> None:
        """Nothing is open."""


@pytest.fixture(autouse=True)
def keys_in_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POS_APP_KEYS", "file")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("template")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("POS_APP_KEYS", "file")
        new_shop(folder / "shop.db").close()
    return folder


@pytest.fixture
def path(template: Path, tmp_path: Path) -> Path:
    shutil.copytree(template, tmp_path / "shop")
    return tmp_path / "shop" / "shop.db"


@pytest.fixture
def office() -> Office:
    return Office(utc_now)


@pytest.fixture
def till(path: Path, office: Office, qtbot: QtBot) -> Iterator[Till]:
    made = Till(path, lambda _path, _job: None)
    made.show((1280, 800))
    qtbot.waitUntil(lambda: made.presenter is not None, timeout=PATIENCE_MS)
    made.head_office().make_wire = lambda: Cable(office)
    qtbot.waitUntil(lambda: not made.window._pieces.isActive(), timeout=PATIENCE_MS)
    yield made
    made.window.close()
    assert verify(path).is_sound


def screen_of(till: Till) -> SyncScreen:
    screen = till.window.interior.screen_of(SYNC)
    assert isinstance(screen, SyncScreen)
    return screen


def chip(till: Till) -> str:
    assert till.presenter is not None
    return next(one.text for one in till.presenter.state.chips if one.key == SYNC)


def connect(till: Till, office: Office, qtbot: QtBot) -> None:
    button = till.window.interior.status.button(SYNC)
    assert button is not None
    button.click()
    assert till.window.current_screen() == SYNC
    screen = screen_of(till)
    screen.connect_till()
    assert screen.sheet is not None
    screen.sheet.presenter.type_address(URL)
    screen.sheet.presenter.type_code(office.code)
    screen.sheet.press("connect")
    qtbot.waitUntil(lambda: chip(till) == "Connected", timeout=PATIENCE_MS)


def sell(till: Till, number: int = 1) -> None:
    assert till.presenter is not None
    till.window.show_screen(SELL)
    till.presenter.entry.scan(f"P{number}")
    till.presenter.press("F12")
    assert till.presenter.state.is_finished


def test_connected_from_the_screen_a_till_tells_its_sales_and_shows_the_proof(
    till: Till, office: Office, qtbot: QtBot
) -> None:
    assert chip(till) == "This till only"
    connect(till, office, qtbot)
    sell(till)
    sell(till, 2)
    assert till.store is not None
    written = till.store.journal_seq
    qtbot.waitUntil(lambda: len(office.entries) >= written, timeout=PATIENCE_MS)
    till.window.show_screen(SYNC)
    till.head_office().hurry()
    screen = screen_of(till)
    qtbot.waitUntil(
        lambda: "2 receipts here, 2 at head office, heads equal" in screen.proof.verdict.text(),
        timeout=PATIENCE_MS,
    )
    assert "Harbour Shops" in screen.state_card.headline.text()
    assert till.store.cursors.unsent(HEAD_OFFICE) == 0


def test_a_new_price_waits_until_the_sale_is_done_and_the_cart_keeps_its_own(
    till: Till, office: Office, qtbot: QtBot
) -> None:
    connect(till, office, qtbot)
    presenter, store = till.presenter, till.store
    assert presenter is not None
    assert store is not None
    heard: list[Changes] = []
    till.hub.subscribe(lambda changes, _origin: heard.append(changes))
    till.window.show_screen(SELL)
    presenter.entry.scan("P1")
    before = presenter.state.total.total
    dearer = replace(product(1), price=Decimal("9.99"))
    office.pages.append(page((product_thing(dearer, 7),), cursor="1"))
    till.head_office().hurry()

    def has_come() -> bool:
        known = store.products.get(dearer.id)
        return known is not None and known.price == dearer.price

    qtbot.waitUntil(has_come, timeout=PATIENCE_MS)
    qtbot.wait(1_500)  # longer than two tellings are apart
    assert not any(changes.products for changes in heard)
    assert presenter.state.total.total == before
    presenter.press("F12")
    assert presenter.state.is_finished
    qtbot.waitUntil(lambda: any(one.products for one in heard), timeout=PATIENCE_MS)
    presenter.entry.scan("P1")
    assert "9.99" in presenter.state.total.total


def test_disconnected_the_till_sells_on_and_tells_nobody(
    till: Till, office: Office, qtbot: QtBot
) -> None:
    connect(till, office, qtbot)
    screen = screen_of(till)
    screen.presenter.ask_to_leave()
    screen.presenter.leave()
    qtbot.waitUntil(lambda: chip(till) == "This till only", timeout=PATIENCE_MS)
    qtbot.waitUntil(screen._alone.isVisible, timeout=PATIENCE_MS)
    asked = len(office.asked)
    sell(till)
    qtbot.wait(1_200)
    assert len(office.asked) == asked


def test_a_wrong_code_is_refused_on_the_sheet_and_the_till_stays_as_it_was(
    till: Till, office: Office, qtbot: QtBot
) -> None:
    screen = screen_of(till)
    screen.connect_till()
    assert screen.sheet is not None
    sheet = screen.sheet.presenter
    sheet.type_address(URL)
    sheet.type_code("WRONG-CODE")
    sheet.connect()
    qtbot.waitUntil(lambda: bool(sheet.state.problem), timeout=PATIENCE_MS)
    assert not sheet.state.is_done
    assert chip(till) == "This till only"


def test_a_till_that_is_enrolled_goes_on_by_itself_when_it_starts(
    path: Path, office: Office, qtbot: QtBot
) -> None:
    with open_store(path) as store:
        enrol(store, URL, office.code, office, utc_now())
        line = HeadOffice(store, ChangeHub(), lambda: None, make_wire=lambda: Cable(office))
        line.begin()
        qtbot.waitUntil(lambda: line.status.phase.value == "up to date", timeout=PATIENCE_MS)
        line.stop()
        assert len(office.entries) == store.journal_seq


def test_the_till_closes_within_two_seconds_whatever_the_network_does(
    path: Path, office: Office, qtbot: QtBot
) -> None:
    with open_store(path) as store:
        enrol(store, URL, office.code, office, utc_now())
        line = HeadOffice(
            store, ChangeHub(), lambda: None, make_wire=lambda: Cable(office, hangs=True)
        )
        line.begin()
        qtbot.waitUntil(lambda: line._runner is not None, timeout=PATIENCE_MS)
        began = time.monotonic()
        line.stop()
        assert time.monotonic() - began < 20  # ten times of what it may take
        store.close()


def test_a_till_that_closes_while_it_is_connecting_does_not_wait_for_the_answer(
    path: Path, office: Office
) -> None:
    with open_store(path) as store:
        line = HeadOffice(
            store, ChangeHub(), lambda: None, make_wire=lambda: Cable(office, hangs=True)
        )
        ended: list[str] = []

        def ask() -> None:
            with pytest.raises(Aborted):
                line.connect(URL, office.code)
            ended.append("yes")

        asking = threading.Thread(target=ask)
        asking.start()
        while line._asking is None:
            time.sleep(0.01)
        line.stop()
        asking.join(PATIENCE_MS / 1000)
        assert ended == ["yes"]


def test_a_training_knows_no_head_office(path: Path, office: Office, tmp_path: Path) -> None:
    with open_store(path) as store:
        enrol(store, URL, office.code, office, utc_now())
    copy = make_training_copy(path, tmp_path, utc_now)
    with open_reader(copy.path) as trained:
        assert trained.remotes.names() == []
    with open_reader(path) as store:
        assert store.remotes.names() == [HEAD_OFFICE]


def test_in_a_training_the_screen_of_head_office_is_not_there(
    path: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    copy = make_training_copy(path, tmp_path, utc_now)
    made = Till(copy.path, lambda _path, _job: None, copy.held)
    made.show((1280, 800))
    qtbot.waitUntil(lambda: made.presenter is not None, timeout=PATIENCE_MS)
    button = made.window.interior.status.button(SYNC)
    assert button is not None
    button.click()
    assert made.window.current_screen() == SELL
    made.window.close()


def test_what_came_is_told_to_the_screens_that_show_it() -> None:
    changes = changes_of(("customer", "product", "a kind of tomorrow"))
    assert changes.customers
    assert changes.products
    assert changes.sync
    assert not changes.settings
