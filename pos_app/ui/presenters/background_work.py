"""How presenters hand slow work over without knowing whether threads do it."""

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

T = TypeVar("T")


class Working(Protocol):
    """What the work itself sees while it runs."""

    @property
    def is_cancelled(self) -> bool:
        """Whether somebody has asked the work to stop."""

    def report(self, done: int, total: int) -> None:
        """Tell how far the work is; `total` 0 means unknown."""

    def stop_if_cancelled(self) -> None:
        """Leave the work by an exception if somebody has asked it to stop."""


class Stoppable(Protocol):
    """Running work as its owner sees it."""

    def cancel(self) -> None:
        """Ask the work to stop."""


class RunWork(Protocol):
    """Runs `work(working)` elsewhere, then calls `done` or `failed` here."""

    def __call__(
        self,
        work: Callable[[Any], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None] | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> Stoppable:
        """Start the work and return a handle on it."""


class Here:
    """The handle on work that is done before anybody could stop it."""

    is_cancelled = False

    def report(self, done: int, total: int) -> None:
        """Nobody watches."""

    def stop_if_cancelled(self) -> None:
        """Nobody can have asked."""

    def cancel(self) -> None:
        """It is done already."""


def run_here(
    work: Callable[[Any], T],
    done: Callable[[T], None],
    failed: Callable[[Exception], None] | None = None,
    progress: Callable[[int, int], None] | None = None,  # noqa: ARG001 - over before anybody looks
) -> Stoppable:
    """Do the work at once, as long as there is no window whose threads could do it."""
    handle = Here()
    try:
        result = work(handle)
    except Exception as error:
        if failed is None:
            raise
        failed(error)
    else:
        done(result)
    return handle
