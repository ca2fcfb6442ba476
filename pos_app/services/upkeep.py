"""The open store's chores, done in a thread of their own so that no sale stops for them.

The key that signs is fetched before the first sale: the operating system's keyring may take its
time. SQLite copies what was committed into the main file now and then, and would do so inside the
commit that makes it due: a sale or a scan would wait for some thousand pages. Here it is done
between the gestures, without the writer's turn. The sums of business days follow the sales here,
too, so that a manager who opens the day does not wait for a store full of years.
"""

import logging
from contextlib import suppress
from threading import Event, Thread
from typing import TYPE_CHECKING

from pos_app.domain.errors import PosError

if TYPE_CHECKING:
    from pos_app.store.store import Store

log = logging.getLogger(__name__)

LOOK_EVERY_S = 5.0
# Some minutes of selling: few enough to be copied between two scans.
TIDY_PAGES = 500
# What the day's screen adds by itself in an instant is left to it.
FOLD_DOCUMENTS = 400
_REST_S = 0.02  # between two steps of a long first fold, for whoever sells meanwhile


class _Stopped(Exception):
    """The store is about to be closed."""


class Upkeep:
    """Looks after a store while it is open; `start` begins, `stop` ends before it is closed."""

    def __init__(self, store: "Store", every_s: float = LOOK_EVERY_S) -> None:
        self._store = store
        self._every_s = every_s
        self._end = Event()
        self._thread: Thread | None = None

    def start(self) -> None:
        """Begin, and take the tidying from the thread that sells, which must be this one."""
        self._store.leave_tidying()
        self._end.clear()
        self._thread = Thread(target=self._work, name="upkeep", daemon=True)
        self._thread.start()

    def stop(self, timeout_s: float = 5) -> None:
        """Finish the chore in hand and stop."""
        self._end.set()
        if self._thread is not None:
            self._thread.join(timeout_s)
            self._thread = None

    def work_once(self) -> bool:
        """Tidy and add to the days' sums where enough has come together; tell whether there was."""
        has_added = self._add_to_days()
        return self._tidy() or has_added

    def _add_to_days(self) -> bool:
        """Add what is missing step by step, tidying between the steps; a stop waits for one."""
        if self._store.day_sums.behind < FOLD_DOCUMENTS:
            return False
        from pos_app.services.day_sums import catch_up  # noqa: PLC0415 - after the first paint

        def rest() -> None:
            self._tidy()
            if self._end.wait(_REST_S):
                raise _Stopped

        with suppress(_Stopped):
            catch_up(self._store, rest)
        return True

    def _tidy(self) -> bool:
        if self._store.untidied_pages() < TIDY_PAGES:
            return False
        self._store.tidy()
        return True

    def _work(self) -> None:
        with suppress(PosError):  # the first sale says what is wrong with the key
            self._store.load_key()
        was_well = True
        while not self._end.wait(self._every_s):
            try:
                self.work_once()
            except PosError as refusal:
                if was_well:  # the next sale says it too, and says it to somebody
                    log.warning("the store cannot be tidied: %s", refusal)
                was_well = False
            else:
                was_well = True
