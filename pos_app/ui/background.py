"""Slow work off the GUI thread: results, errors and progress come back on it, in order.

The caller's functions are held until the job has ended and let go then. Work that is cancelled,
or whose owner has been destroyed, reports to nobody. Workers touch one single Qt object that lives
as long as the program: a short-lived one may be freed while a worker is still inside its signal.
"""

import sys
import threading
from collections.abc import Callable
from functools import lru_cache
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from PySide6.QtCore import QCoreApplication, QObject, Qt, QThreadPool, Signal
from shiboken6 import isValid

T = TypeVar("T")

# Python's own 5 ms are lost at each of the many calls to Qt and SQLite that a gesture makes: with a
# busy thread beside it a scan then takes 19 ms instead of 8 and now and then 170.
_TURN_S = 0.0005


class Cancelled(Exception):
    """Raised inside the work by `Job.stop_if_cancelled` once the user has cancelled."""


class Job:
    """A running piece of work: the work asks it whether to go on and tells it how far it is."""

    def __init__(self, courier: "_Courier") -> None:
        self._courier = courier
        self._cancelled = threading.Event()
        self._ended = threading.Event()

    def cancel(self) -> None:
        """Ask the work to stop; `done` and `failed` will not be called any more."""
        self._cancelled.set()

    @property
    def is_cancelled(self) -> bool:
        """Whether somebody has asked this work to stop."""
        return self._cancelled.is_set()

    @property
    def is_running(self) -> bool:
        """Whether the work function has not returned yet."""
        return not self._ended.is_set()

    def stop_if_cancelled(self) -> None:
        """Raise `Cancelled` if the user has cancelled; call it between rows of long work."""
        if self.is_cancelled:
            raise Cancelled

    def report(self, done: int, total: int) -> None:
        """Tell the screen how far the work is; `total` 0 means unknown. Raises `Cancelled`."""
        self.stop_if_cancelled()
        self._courier.carry(self, "progress", (done, total))

    def wait(self, timeout_s: float) -> bool:
        """Block until the work function has returned; False when it has not by then."""
        return self._ended.wait(timeout_s)

    def end(self, what: str, value: object) -> None:
        """Say that the work function has returned (`done`) or raised (`failed`)."""
        self._courier.carry(self, what, value)
        self._ended.set()


class _Listeners:
    """Who is to hear of one job; nobody any more once the owner is gone."""

    def __init__(self, owner: QObject | None, **tell: Callable[..., None] | None) -> None:
        self._owner = owner
        self._tell = {what: function for what, function in tell.items() if function is not None}

    def hear(self, what: str, value: Any) -> None:
        """Call the function for `what`; an error that nobody awaits is raised."""
        if self._owner is not None and not isValid(self._owner):
            return
        if what == "progress":
            self._tell.get("progress", _ignore)(*value)
        elif what == "failed" and "failed" not in self._tell:
            raise value
        else:
            self._tell[what](value)


class _Courier(QObject):
    """Carries what workers say over to the GUI thread."""

    woken = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.listeners: dict[Job, _Listeners] = {}
        self._letters: SimpleQueue[tuple[Job, str, object]] = SimpleQueue()
        self.woken.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def carry(self, job: Job, what: str, value: object) -> None:
        """Take a letter from a worker; called in any thread."""
        self._letters.put((job, what, value))
        if QCoreApplication.instance() is not None:
            self.woken.emit()

    def _deliver(self) -> None:
        """Deliver one letter: there is one waking for each."""
        try:
            job, what, value = self._letters.get_nowait()
        except Empty:
            return
        is_last = what != "progress"
        listeners = self.listeners.pop(job, None) if is_last else self.listeners.get(job)
        if listeners is not None and not job.is_cancelled:
            listeners.hear(what, value)


def run_in_background(
    work: Callable[[Job], T],
    done: Callable[[T], None],
    failed: Callable[[Exception], None] | None = None,
    progress: Callable[[int, int], None] | None = None,
    *,
    owner: QObject | None = None,
    pool: QThreadPool | None = None,
) -> Job:
    """Run `work(job)` in another thread; then call `done(result)` or `failed(error)` on this one.

    `progress(done, total)` follows `job.report`. Nothing is called after `job.cancel()` or once
    `owner` (usually the screen) is destroyed. Without `failed` an error is raised on the GUI
    thread. Call this on the GUI thread only.
    """
    courier = _courier()
    job = Job(courier)
    courier.listeners[job] = _Listeners(owner, done=done, failed=failed, progress=progress)
    (pool or QThreadPool.globalInstance()).start(_task(work, job))
    return job


def give_way_to_window() -> None:
    """Have Python in other threads give way after half a millisecond, for the whole process."""
    sys.setswitchinterval(_TURN_S)


def running() -> tuple[Job, ...]:
    """Return the jobs whose work function has not returned yet."""
    return tuple(job for job in _courier().listeners if job.is_running)


def cancel_all(timeout_s: float = 5.0) -> bool:
    """Cancel every job and wait for the work functions; call it when the last window closes.

    False when some work did not stop in time.
    """
    jobs = tuple(_courier().listeners)
    for job in jobs:
        job.cancel()
    _courier().listeners.clear()
    return all(job.wait(timeout_s) for job in jobs)


@lru_cache(maxsize=1)
def _courier() -> _Courier:
    """Return the one courier, made on the GUI thread by the first job."""
    return _Courier()


def _task(work: Callable[[Job], Any], job: Job) -> Callable[[], None]:
    def run() -> None:
        try:
            job.stop_if_cancelled()
            result = work(job)
        except Exception as error:  # noqa: BLE001 - whatever it is, the caller is told
            job.end("failed", error)
        else:
            job.end("done", result)

    return run


def _ignore(_done: int, _total: int) -> None:
    """Nobody asked for progress."""
