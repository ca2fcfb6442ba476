"""One spool for each printer, each with a thread of its own: one that is away holds up no other."""

from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING

from pos_app.services.print_spool import PrintSpool

if TYPE_CHECKING:
    from pos_app.store.spool import PrintJob
    from pos_app.store.store import Store


class PrintLanes:
    """Hands each job to the spool of its printer; `make(name)` makes a spool when first needed."""

    def __init__(self, store: "Store", make: Callable[[str], PrintSpool]) -> None:
        self._store = store
        self._make = make
        self._lock = Lock()
        self._spools: dict[str, PrintSpool] = {}
        self._runs = False

    def of(self, printer: str) -> PrintSpool:
        """Return the spool of a printer, at work if the others are."""
        with self._lock:
            known = self._spools.get(printer)
            if known is None:
                known = self._spools[printer] = self._make(printer)
                if self._runs:
                    known.start()
            return known

    def take(self, job: "PrintJob") -> None:
        """Take a job without touching the store now."""
        self.of(job.printer).take(job)

    def waiting(self) -> int:
        """Return how many jobs wait for paper."""
        fresh = sum(spool.not_kept_yet() for spool in self._all())
        return self._store.spool.count() + fresh

    def start(self) -> None:
        """Begin to print; what waited from earlier goes first."""
        self._meet()
        with self._lock:
            self._runs = True
            for spool in self._spools.values():
                spool.start()

    def stop(self, timeout_s: float = 5) -> None:
        """Let every printer finish the job in hand, and stop; what waits stays in the store."""
        with self._lock:
            self._runs = False
        for spool in self._all():
            spool.end_soon()
        for spool in self._all():
            spool.stop(timeout_s)

    def work_once(self) -> float | None:
        """Print here and now what can be printed; return seconds until the next try, if any."""
        self._meet()
        pauses = [spool.work_once() for spool in self._all()]
        return min((pause for pause in pauses if pause is not None), default=None)

    def _meet(self) -> None:
        """Have a spool for every printer that a job waits for."""
        for printer in self._store.spool.printers():
            self.of(printer)

    def _all(self) -> list[PrintSpool]:
        with self._lock:
            return list(self._spools.values())
