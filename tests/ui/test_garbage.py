"""Closed sheets are collected on the GUI thread, whatever other threads allocate."""

import gc
import threading
import weakref

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pos_app.ui.garbage import GarbageCollector


class Sheet:
    """Something that refers to itself, as a sheet with a lambda does."""

    def __init__(self) -> None:
        self.itself = self


def allocate() -> None:
    made = [[number] for number in range(50_000)]
    made.append(made)  # type: ignore[arg-type]


def test_a_worker_thread_never_collects_what_the_screen_let_go(
    qapp: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pos_app.ui.garbage._SOON_MS", 50)
    monkeypatch.setattr(gc, "freeze", lambda: None)
    keeper = GarbageCollector()
    try:
        closed = Sheet()
        gone = weakref.ref(closed)
        del closed
        worker = threading.Thread(target=allocate)
        worker.start()
        worker.join()
        assert gone() is not None
        qtbot.waitUntil(lambda: gone() is None)
    finally:
        keeper.deleteLater()
        qtbot.waitUntil(gc.isenabled)


def test_what_has_lived_for_minutes_is_never_looked_at_again(
    qapp: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a pass would take longer the more screens were opened, and stop the counter."""
    monkeypatch.setattr("pos_app.ui.garbage._STARTED_MS", 60_000)
    monkeypatch.setattr("pos_app.ui.garbage._SELDOM_MS", 50)
    keeper = GarbageCollector()
    try:
        kept = [Sheet() for _ in range(1_000)]
        frozen = gc.get_freeze_count()
        closed = Sheet()
        gone = weakref.ref(closed)
        del closed
        qtbot.waitUntil(lambda: gc.get_freeze_count() >= frozen + len(kept))
        assert gone() is None
    finally:
        keeper.deleteLater()
        qtbot.waitUntil(gc.isenabled)
    assert gc.get_freeze_count() == 0


def test_what_the_start_has_made_is_left_alone_soon(
    qapp: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pos_app.ui.garbage._STARTED_MS", 50)
    keeper = GarbageCollector()
    try:
        made = [Sheet() for _ in range(1_000)]
        frozen = gc.get_freeze_count()
        qtbot.waitUntil(lambda: gc.get_freeze_count() >= frozen + len(made))
    finally:
        keeper.deleteLater()
        qtbot.waitUntil(gc.isenabled)
