"""What holds for every test: which ones run only by command, and how random ones are tried."""

import os
import shutil
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings

# Headless and without the user's keyring, also when pytest is started by hand.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("POS_APP_KEYS", "file")
# The tests start the program hundreds of times, and each start would compile it anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# Deadlines measure the machine, not the rule; the benchmarks measure time on purpose. Each run
# tries other examples, so the short form is short; the long form tries five times Hypothesis's own.
settings.register_profile("suite", deadline=None, max_examples=50)
settings.register_profile("long", deadline=None, max_examples=500)
settings.load_profile("suite")

# How long a test's own work in other threads may go on after it, before its store is closed.
WORK_ENDS_S = 5.0
# A limit ends a hang and measures nothing: a busy machine gets the time it needs.
PATIENCE_MS = 90_000
BY_COMMAND = {"build": "--run-build", "long": "--run-long"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--run-build", action="store_true", help="build and start the bundle too")
    parser.addoption("--run-long", action="store_true", help="run the long form of each proof")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        for marker, option in BY_COMMAND.items():
            if marker in item.keywords and not config.getoption(option):
                item.add_marker(pytest.mark.skip(reason=f"only with {option}"))
        if "xvfb" in item.keywords and not has_xvfb():
            item.add_marker(pytest.mark.skip(reason="no Xvfb on this machine"))


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    from pytestqt.qtbot import QtBot

    if config.getoption("--run-long"):
        settings.load_profile("long")
    for wait in (QtBot.waitUntil, QtBot.waitExposed, QtBot.waitSignal):
        wait_long(wait)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown() -> None:
    """Let work in other threads end before a fixture closes the store under it."""
    background = sys.modules.get("pos_app.ui.background")
    if background is not None:
        until = time.monotonic() + WORK_ENDS_S
        for job in background.running():
            job.wait(max(until - time.monotonic(), 0.0))


def wait_long(wait: Any) -> None:
    """Raise the limit that a wait of pytest-qt has where the test names none."""
    wait.__kwdefaults__["timeout"] = PATIENCE_MS


def has_xvfb() -> bool:
    return sys.platform.startswith("linux") and shutil.which("Xvfb") is not None


@pytest.fixture(autouse=True, scope="module")
def no_window_of_a_file_is_left() -> Iterator[None]:
    """Put the windows of a file away, also those that its tests share."""
    yield
    put_away(set())


@pytest.fixture(autouse=True)
def no_window_of_a_test_is_left() -> Iterator[None]:
    """Put the windows of a test away: each new style would dress what they hold once more."""
    before = set(windows())
    yield
    put_away(before)


def windows() -> dict[int, Any]:
    """Return the windows that nothing else owns, by where they are in memory."""
    if "PySide6.QtWidgets" not in sys.modules:
        return {}
    from PySide6.QtWidgets import QApplication
    from shiboken6 import getCppPointer

    if not isinstance(QApplication.instance(), QApplication):
        return {}
    every = [one for one in QApplication.topLevelWidgets() if one.parent() is None]
    return {getCppPointer(one)[0]: one for one in every}


def put_away(kept: set[int]) -> None:
    found = [window for place, window in windows().items() if place not in kept]
    if found:
        from PySide6.QtCore import QCoreApplication, QEvent

        for window in found:
            window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
