"""What holds for every test: which ones run only by command, and how random ones are tried."""

import os
import shutil
import sys
from collections.abc import Iterator

import pytest
from hypothesis import settings

# Headless and without the user's keyring, also when pytest is started by hand.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("POS_APP_KEYS", "file")

# Deadlines measure the machine, not the rule; the benchmarks measure time on purpose.
settings.register_profile("suite", deadline=None)
settings.load_profile("suite")

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


def has_xvfb() -> bool:
    return sys.platform.startswith("linux") and shutil.which("Xvfb") is not None


@pytest.fixture(autouse=True, scope="module")
def no_window_is_left() -> Iterator[None]:
    """Put the windows of a file away: each new style would dress what they hold once more."""
    yield
    if "PySide6.QtWidgets" not in sys.modules:
        return
    from PySide6.QtCore import QCoreApplication, QEvent
    from PySide6.QtWidgets import QApplication

    if isinstance(QApplication.instance(), QApplication):
        for window in QApplication.topLevelWidgets():
            window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
