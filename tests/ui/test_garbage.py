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
