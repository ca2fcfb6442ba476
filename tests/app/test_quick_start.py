"""What keeps the start short, guarded by counts and not by the clock.

A till that is ready to scan has loaded what a scan needs and nothing else. Whoever adds a screen,
a service or a table finds here that it is loaded too early; resources/decisions/0012 says where it
belongs instead.
"""

import dataclasses
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from pos_app.app import kept_code
from pos_app.app.late_pieces import listen_everywhere
from pos_app.app.till import Till
from pos_app.services.checkout import utc_now
from pos_app.services.demo_shop import create_demo_shop

READY = """
import json, linecache, sys
from pos_app import __main__
from pos_app.app import interpreter
ordinary = interpreter.import_without_reading
def and_listen():
    ordinary()
    from pos_app.ui.main_window import MainWindow
    furnish, attach, at_once = MainWindow._furnish, MainWindow.attach, []
    def furnished(window):
        from PySide6 import QtCore
        at_once.append("Qt" not in vars(QtCore))
        furnish(window)
    def attached(window, presenter):
        attach(window, presenter)
        from PySide6.QtCore import QTimer
        QTimer.singleShot(0, window, lambda: ready(window))
    def ready(window):
        texts = [name for name in linecache.cache if "pos_app" in name]
        print(json.dumps([sorted(sys.modules), texts, all(at_once)]))
        window.close()
    MainWindow._furnish, MainWindow.attach = furnished, attached
interpreter.import_without_reading = and_listen
sys.argv = ["pos-app", "run", "--store", sys.argv[1]]
__main__.main()
"""

# Each costs a till that starts more than a millisecond, some of them a hundred.
TOO_EARLY = (
    "PIL alembic argon2 asyncio cryptography email escpos hashlib http keyring logging.handlers "
    "openpyxl qrcode reportlab secrets segno sqlalchemy statistics urllib.request uuid xml "
    "zoneinfo "
    "PySide6.QtNetwork PySide6.QtPrintSupport PySide6.QtSvg "
    "pos_app.app.data_commands pos_app.printing.escpos_job pos_app.printing.receipt "
    "pos_app.services.demo_shop pos_app.store.migrating pos_app.store.tables pos_app.sync "
    "pos_app.ui.icons pos_app.ui.line_actions pos_app.ui.navigation pos_app.ui.notices "
    "pos_app.ui.payment_bar pos_app.ui.sale_header pos_app.ui.sheet_panel pos_app.ui.welcome_sheet "
    "pos_app.ui.widgets.button pos_app.ui.widgets.number_pad pos_app.ui.widgets.tile_grid"
).split()
MOST_OWN_MODULES = 167  # day_tables came with the day, as every table of the store's


Loaded = tuple[list[str], list[str], bool]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    os.environ["POS_APP_KEYS"] = "file"
    path = tmp_path_factory.mktemp("shop") / "shop.db"
    create_demo_shop(path, utc_now(), days=1).close()
    return path


@pytest.fixture(scope="module")
def loaded(shop: Path) -> Loaded:
    """The modules of a till that is ready, the source files it has in memory, and one thing more:
    whether it was painted before PySide made the enums of the name `Qt`."""
    done = subprocess.run(
        [sys.executable, "-c", READY, str(shop)],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        check=True,
        capture_output=True,
        text=True,
        timeout=300,
    )
    modules, texts, was_quick = json.loads(done.stdout)
    return modules, texts, was_quick


def test_a_till_that_is_ready_has_loaded_nothing_that_a_scan_does_not_need(
    loaded: Loaded,
) -> None:
    modules = loaded[0]
    early = [name for name in modules if name in TOO_EARLY]
    screens = [name for name in modules if re.fullmatch(r"pos_app\.ui\.\w+_screen", name)]
    assert early == []
    assert screens == ["pos_app.ui.checkout_screen"]


def test_a_till_that_is_ready_has_loaded_no_more_modules_than_agreed(
    loaded: Loaded,
) -> None:
    own = [name for name in loaded[0] if name.startswith("pos_app")]
    assert len(own) <= MOST_OWN_MODULES, own


def test_no_source_text_is_read_and_kept_for_switches_that_nobody_uses(
    loaded: Loaded,
) -> None:
    assert loaded[1] == []


def test_the_window_is_painted_before_ninety_enums_are_made(loaded: Loaded) -> None:
    assert loaded[2]


@pytest.fixture
def till(shop: Path, qtbot: QtBot) -> Iterator[Till]:
    till = Till(shop, lambda _path, _job: None)
    till.show((1280, 800))
    qtbot.waitUntil(lambda: till.presenter is not None)
    yield till
    till.window.close()


def barcode(till: Till) -> str:
    assert till.store is not None
    found = (one.product for one in till.store.products.page(0, 50))
    return next(one.barcodes[0] for one in found if one.barcodes and one.price)


def test_a_scan_is_sold_before_the_window_is_whole(till: Till) -> None:
    room = till.window._room()
    assert room._rail is None
    till._scan(barcode(till))
    assert till.presenter is not None
    assert len(till.presenter.state.rows) == 1
    assert room._rail is None


def test_nothing_moves_when_the_pieces_come_and_they_show_what_was_scanned_before(
    till: Till, qtbot: QtBot
) -> None:
    screen = till.window._room().checkout
    fixed = (screen.cart, screen.total, screen.entry, screen.upper, screen.shelf)
    till.app.processEvents()
    before = [part.geometry() for part in fixed]
    till._scan(barcode(till))
    qtbot.waitUntil(lambda: not till.window._pieces.isActive())
    assert till.window._room()._rail is not None
    assert [part.geometry() for part in fixed] == before
    assert screen.pay.button("cash").isEnabled()
    assert screen.line_actions.button("more").isEnabled()
    assert till.window.interior.rail.button("sell").isChecked()


def test_codes_are_taken_whatever_has_the_focus_once_the_window_is_whole(
    till: Till,
) -> None:
    told: list[object] = []
    listen_everywhere(_Told(told), till.window, till._scanner)  # type: ignore[arg-type]
    assert told == [till._scanner]


class _Told:
    def __init__(self, told: list[object]) -> None:
        self.installEventFilter = told.append
        self.removeEventFilter = told.append


# --- the kept code


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A place of its own for the code; `dataclasses` is as it was afterwards."""
    file = tmp_path / "kept.pyc"
    monkeypatch.setattr(kept_code, "_file", lambda: file)
    monkeypatch.setattr(kept_code, "_known", {})
    monkeypatch.setattr(kept_code, "_fresh", {})
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    yield file
    vars(dataclasses).pop("exec", None)


def made() -> type:
    @dataclasses.dataclass(frozen=True, slots=True)
    class Fruit:
        name: str
        grams: int = 5

    return Fruit


def start_again() -> None:
    """Forget everything, as the next process has."""
    kept_code._known.clear()
    kept_code._fresh.clear()
    kept_code.use_kept_code()


def test_a_class_made_from_kept_code_is_the_same_class(kept: Path) -> None:
    kept_code.use_kept_code()
    first = made()
    kept_code.keep_code()
    start_again()
    again = made()
    assert kept_code._fresh == {}, "nothing had to be compiled"
    assert repr(again("fig")) == repr(first("fig"))
    assert again("fig") == again("fig", 5)
    assert hash(again("fig")) == hash(again("fig", 5))
    with pytest.raises(dataclasses.FrozenInstanceError):
        again("fig").name = "date"
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'name'"):
        again()


def test_a_module_is_compiled_once_for_all_starts_and_anew_when_its_text_changes(
    kept: Path,
) -> None:
    kept_code.use_kept_code()
    with kept_code.compiling_once():
        compile(b"colour = 'red'", "paint.py", "exec")
    kept_code.keep_code()
    start_again()
    names: dict[str, object] = {}
    with kept_code.compiling_once():
        exec(compile(b"colour = 'red'", "paint.py", "exec"), names)
        assert kept_code._fresh == {}
        exec(compile(b"shade = 'blue'", "paint.py", "exec"), names)
        assert eval(compile("1 + 1", "sum.py", "eval")) == 2
    assert (names["colour"], names["shade"]) == ("red", "blue")
    assert len(kept_code._fresh) == 1
    assert compile is kept_code._compile


@pytest.mark.parametrize("place", [0, 3, 6, 300, -1])
def test_a_damaged_file_of_kept_code_costs_time_and_nothing_else(kept: Path, place: int) -> None:
    kept_code.use_kept_code()
    made()
    kept_code.keep_code()
    damaged = bytearray(kept.read_bytes())
    damaged[place] ^= 0x20
    kept.write_bytes(damaged)
    start_again()
    assert kept_code._known == {}
    assert made()("fig").grams == 5


def test_a_file_that_was_cut_short_costs_time_and_nothing_else(kept: Path) -> None:
    kept_code.use_kept_code()
    made()
    kept_code.keep_code()
    kept.write_bytes(kept.read_bytes()[:5])
    start_again()
    assert made()("fig").grams == 5


def test_a_file_that_grew_with_the_versions_is_cut_back_to_what_is_asked_for(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_code, "_MOST_BYTES", 0)
    monkeypatch.setattr(kept_code, "_asked", set())
    old = ("<string>", "an older version's text")
    kept_code._known[old] = compile("1", "<string>", "exec")
    kept_code.use_kept_code()
    made()
    kept_code.keep_code()
    start_again()
    assert kept_code._known
    assert old not in kept_code._known


def test_a_folder_that_cannot_be_written_is_no_reason_to_stop(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_code, "_file", lambda: kept / "no" / "folder" / "file")
    kept_code.use_kept_code()
    made()
    kept_code.keep_code()
