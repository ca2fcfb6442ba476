"""Slow work done on the spot, so that presenters can be tested without threads."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


class Stopped(Exception):
    """The work was asked to stop."""


@dataclass
class Working:
    """What the work sees of its owner."""

    progress: Callable[[int, int], None] | None = None
    is_cancelled: bool = False

    def report(self, done: int, total: int) -> None:
        if self.progress is not None:
            self.progress(done, total)

    def stop_if_cancelled(self) -> None:
        if self.is_cancelled:
            raise Stopped

    def cancel(self) -> None:
        self.is_cancelled = True


def at_once(
    work: Callable[[Any], Any],
    done: Callable[[Any], None],
    failed: Callable[[Exception], None] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Working:
    """Do the work before returning."""
    working = Working(progress)
    try:
        result = work(working)
    except Exception as error:
        if failed is None:
            raise
        failed(error)
    else:
        done(result)
    return working


@dataclass
class Later:
    """Keeps work until a test lets it go on."""

    waiting: list[tuple[Working, Callable[[], None]]] = field(default_factory=list)

    def __call__(
        self,
        work: Callable[[Any], Any],
        done: Callable[[Any], None],
        failed: Callable[[Exception], None] | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> Working:
        working = Working(progress)

        def go_on() -> None:
            if not working.is_cancelled:
                at_once(work, done, failed, progress)

        self.waiting.append((working, go_on))
        return working

    def run(self) -> None:
        """Do what waits and was not cancelled."""
        waiting, self.waiting = self.waiting, []
        for _, go_on in waiting:
            go_on()
