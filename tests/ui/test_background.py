"""Background work reports on the GUI thread, stops when asked and keeps nothing alive."""

import gc
import threading
import weakref

import pytest
from PySide6.QtCore import QThreadPool
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from pos_app.ui.background import Cancelled, Job, cancel_all, run_in_background
from pos_app.ui.changes import ChangeHub, Changes


def test_the_result_comes_back_on_the_gui_thread(qtbot: QtBot) -> None:
    seen: list[tuple[int, bool]] = []
    gui = threading.current_thread()

    def work(_job: Job) -> bool:
        return threading.current_thread() is gui

    def done(was_gui: bool) -> None:
        seen.append((int(was_gui), threading.current_thread() is gui))

    run_in_background(work, done)
    assert seen == []
    qtbot.waitUntil(lambda: seen == [(0, True)])


def test_progress_comes_in_order_and_before_the_result(qtbot: QtBot) -> None:
    said: list[object] = []

    def work(job: Job) -> str:
        for number in range(50):
            job.report(number, 50)
        return "all"

    run_in_background(work, said.append, None, lambda done, total: said.append((done, total)))
    qtbot.waitUntil(lambda: len(said) == 51)
    assert said == [*((number, 50) for number in range(50)), "all"]


def test_an_error_goes_to_failed(qtbot: QtBot) -> None:
    errors: list[Exception] = []

    def work(_job: Job) -> None:
        raise KeyError("no such file")

    run_in_background(work, lambda _: pytest.fail("not done"), errors.append)
    qtbot.waitUntil(lambda: len(errors) == 1)
    assert isinstance(errors[0], KeyError)


def test_an_error_that_nobody_awaits_is_not_lost(qtbot: QtBot) -> None:
    def work(_job: Job) -> None:
        raise KeyError("no such file")

    with qtbot.captureExceptions() as errors:
        run_in_background(work, lambda _: None)
        qtbot.waitUntil(lambda: len(errors) == 1)
    assert errors[0][0] is KeyError


def test_cancelled_work_stops_at_its_next_report_and_tells_nobody(qtbot: QtBot) -> None:
    stopped = threading.Event()
    started = threading.Event()
    said: list[object] = []

    def work(job: Job) -> None:
        started.set()
        try:
            while True:
                job.report(1, 0)
        except Cancelled:
            stopped.set()
            raise

    job = run_in_background(work, said.append, said.append)
    assert started.wait(5)
    job.cancel()
    assert stopped.wait(5)
    qtbot.waitUntil(lambda: not job.is_running)
    finished: list[object] = []
    run_in_background(lambda _job: 1, finished.append)
    qtbot.waitUntil(lambda: finished == [1])
    assert said == []


def test_a_closed_window_is_not_told(qtbot: QtBot) -> None:
    window = QWidget()
    go = threading.Event()
    said: list[object] = []
    job = run_in_background(lambda _job: go.wait(5), said.append, said.append, owner=window)
    window.deleteLater()
    qtbot.waitUntil(lambda: not _is_valid(window))
    go.set()
    assert job.wait(5)
    finished: list[object] = []
    run_in_background(lambda _job: 1, finished.append)
    qtbot.waitUntil(lambda: finished == [1])
    assert said == []


def test_nothing_of_a_finished_job_is_kept_alive(qtbot: QtBot) -> None:
    class Screen:
        def __init__(self) -> None:
            self.results: list[int] = []

        def work(self, _job: Job) -> int:
            return 1

        def done(self, result: int) -> None:
            self.results.append(result)

    screen = Screen()
    results = screen.results
    job = run_in_background(screen.work, screen.done)
    gone = weakref.ref(screen)
    del screen
    gc.collect()
    qtbot.waitUntil(lambda: results == [1])
    QThreadPool.globalInstance().waitForDone()
    del job
    gc.collect()
    assert gone() is None


def test_at_the_end_everything_is_cancelled_and_awaited(qtbot: QtBot) -> None:
    def work(job: Job) -> None:
        while True:
            job.stop_if_cancelled()

    job = run_in_background(work, lambda _: None, lambda _: None)
    assert cancel_all(5)
    assert not job.is_running


def test_many_jobs_all_come_back(qtbot: QtBot) -> None:
    results: list[int] = []
    for number in range(200):
        run_in_background(lambda _job, number=number: number, results.append)  # type: ignore[misc]
    qtbot.waitUntil(lambda: len(results) == 200)
    assert sorted(results) == list(range(200))


def test_a_screen_hears_only_of_what_it_asks_for() -> None:
    hub = ChangeHub()
    heard: list[tuple[Changes, object]] = []
    end = hub.subscribe(lambda changes, origin: heard.append((changes, origin)))
    hub.publish(Changes(sales=True, stock=True), "checkout")
    end()
    hub.publish(Changes(products=True))
    assert heard == [(Changes(sales=True, stock=True), "checkout")]
    assert heard[0][0].touch(Changes(stock=True))
    assert not heard[0][0].touch(Changes(customers=True))
    assert Changes(sales=True) | Changes(spool=True) == Changes(sales=True, spool=True)


def test_one_screen_that_fails_does_not_keep_the_news_from_the_others() -> None:
    hub = ChangeHub()
    heard: list[object] = []

    def broken(_changes: Changes, _origin: object) -> None:
        raise ValueError("stale")

    hub.subscribe(broken)
    hub.subscribe(lambda _changes, origin: heard.append(origin))
    with pytest.raises(ValueError, match="stale"):
        hub.publish(Changes(sales=True), "till")
    assert heard == ["till"]


def _is_valid(widget: QWidget) -> bool:
    from shiboken6 import isValid

    return bool(isValid(widget))
