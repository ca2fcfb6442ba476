"""The open store's chores, done in a thread of their own so that no sale stops for them.

The key that signs is fetched before the first sale: the operating system's keyring may take its
time. SQLite copies what was committed into the main file now and then, and would do so inside the
commit that makes it due: a sale or a scan would wait for some thousand pages. Here it is done
between the gestures, without the writer's turn.
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
        """Tidy where enough has come together; tell whether there was."""
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
