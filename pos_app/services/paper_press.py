"""Makes papers in a process of their own, so that a window beside them never waits.

A thread will not do: each page is some milliseconds of Python, and for as long the window would
have to wait at each of its many calls (measured in tests/benchmarks/bench_invoice_batch.py).
"""

import os
import sys
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from types import TracebackType
from typing import Self

from pos_app.domain.errors import PosError
from pos_app.services.document_files import PaperOrder, made

_BELOW_NORMAL = 0x4000  # BELOW_NORMAL_PRIORITY_CLASS
_NICER = 10


class PressStopped(PosError):
    """The process that makes papers came to an end by itself."""

    sentence = "The paper could not be made: its process was ended by the system. Try it again."


class PaperPress:
    """Makes one paper after the other; used within `with`, which ends the process."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None

    def begin(self, order: PaperOrder) -> "Future[bytes]":
        """Start a paper; `finish` waits for it."""
        if self._pool is None:
            # Forking a program with threads and a window is not safe on any system.
            self._pool = ProcessPoolExecutor(1, get_context("spawn"), initializer=_give_way)
        try:
            return self._pool.submit(made, order)
        except BrokenProcessPool:
            self._pool = None
            return self.begin(order)

    def finish(self, paper: "Future[bytes]") -> bytes:
        """Wait for a paper; raises its refusal, or PressStopped."""
        try:
            return paper.result()
        except BrokenProcessPool as failure:
            self._end()
            raise PressStopped() from failure

    def make(self, order: PaperOrder) -> bytes:
        """Make a paper and wait for it; raises its refusal, or PressStopped."""
        return self.finish(self.begin(order))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        type_: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()

    def _end(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None


def _give_way() -> None:
    """Run behind the window that is in front, on every system."""
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415 - Windows only

        kernel = ctypes.windll.kernel32
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), _BELOW_NORMAL)
    else:
        os.nice(_NICER)
