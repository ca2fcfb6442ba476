"""The thread that prints: takes jobs from the store one by one until a printer has them.

Before a job goes out the store remembers that it is going out, so that after a crash none is lost
and none is printed twice: one that was cut short waits until somebody has looked at the paper.
Jobs of one printer keep their order; while it is away they wait longer and longer, up to a minute.
"""

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING

from pos_app.domain.errors import PosError
from pos_app.domain.shop import PrinterKind, PrinterSettings
from pos_app.printing.errors import (
    CoverOpen,
    PaperOut,
    PrintCutShort,
    PrinterError,
    ReceiptNotReady,
)
from pos_app.services.print_jobs import JobKind, kicks_drawer, printer_named
from pos_app.services.print_payload import payload_of

if TYPE_CHECKING:
    from pos_app.store.spool import PrintJob
    from pos_app.store.store import Store

log = logging.getLogger(__name__)

FIRST_PAUSE_S, LONGEST_PAUSE_S = 2.0, 60.0
_GOING_OUT = "going out"
_LOOK_AT_PAPER = (_GOING_OUT, "PrintCutShort", "PaperRanOut")


@dataclass(frozen=True, slots=True)
class PrintTrouble:
    """A job that waits for its printer, and why; `refusal` holds the sentence to translate."""

    job_id: int
    printer: str
    refusal: PosError
    may_have_printed: bool = False

    @property
    def sentence(self) -> str:
        """What is wrong and what to do, in English."""
        return str(self.refusal)


def _nothing(*_: object) -> None:
    """Stand in for a listener that nobody gave."""


@dataclass(frozen=True, slots=True)
class Listeners:
    """Who hears what happens; all are called from the printing thread.

    `on_trouble` is told once until things change, `on_recovered` gets the printer's name, and
    `on_preview` the PNG of a receipt for the printer that is only a screen, and whether somebody
    asked for it (a copy, a test page) rather than sold.
    """

    on_trouble: Callable[[PrintTrouble], None] = _nothing
    on_recovered: Callable[[str], None] = _nothing
    on_preview: Callable[[bytes, bool], None] = _nothing


class PrintSpool:
    """Drains the store's print jobs, all or those of one `printer`.

    `send` stands in for `printing.devices.send` in tests.
    """

    def __init__(
        self,
        store: "Store",
        now: Callable[[], datetime],
        listeners: Listeners,
        send: Callable[..., None] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        printer: str | None = None,
    ) -> None:
        self._store = store
        self._printer = printer
        self._now = now
        self._listeners = listeners
        self._send = send
        self._monotonic = monotonic
        self._lock, self._keeping = Lock(), Lock()
        self._fresh: list[PrintJob] = []
        self._asked_again: set[int] = set()
        self._kicked: set[int] = set()
        self._told: set[int] = set()
        self._away: dict[str, str] = {}
        self._speak_again: set[str] = set()
        self._pauses: dict[str, tuple[float, float]] = {}
        self._wake, self._stop = Event(), Event()
        self._thread: Thread | None = None

    def take(self, job: "PrintJob") -> None:
        """Take a job without touching the store now: the printing thread keeps it there."""
        with self._lock:
            self._fresh.append(job)
        self.wake()

    def wake(self) -> None:
        """Look for jobs now."""
        self._wake.set()

    def ask_again(self, job_id: int, printer: str) -> None:
        """Try a job again now, even one that may be on paper already."""
        with self._lock:
            self._asked_again.add(job_id)
        self.settle(printer)

    def forget(self, job_id: int, printer: str) -> None:
        """Drop what is remembered about a job that went away, and let its printer go on."""
        self._forget_job(job_id)
        self.settle(printer)

    def settle(self, printer: str) -> None:
        """Try a printer now, and if it still does not print speak of it anew."""
        with self._lock:
            self._pauses.pop(printer, None)
            self._speak_again.add(printer)
            self._told.clear()
        self.wake()

    def not_kept_yet(self) -> int:
        """Return how many jobs were handed over and are not in the store yet."""
        with self._lock:
            return len(self._fresh)

    def start(self) -> None:
        """Begin to print in a thread of its own; what waited from earlier goes first."""
        self._stop.clear()
        self._thread = Thread(target=self._work, name="receipts", daemon=True)
        self._thread.start()

    def end_soon(self) -> None:
        """Ask the thread to stop after the job in hand, without waiting for it."""
        self._stop.set()
        self.wake()

    def stop(self, timeout_s: float = 5) -> None:
        """Finish the job in hand and stop; what waits stays in the store."""
        self.end_soon()
        if self._thread is not None:
            self._thread.join(timeout_s)
            self._thread = None
        self._keep_fresh()

    def work_once(self) -> float | None:
        """Print what can be printed now; return seconds until the next try, None if none is due."""
        self._keep_fresh()
        jobs = self._store.spool.waiting(printer=self._printer)
        # The drawer goes first: change is due even while paper is missing.
        jobs.sort(key=lambda job: job.kind != JobKind.DRAWER)
        stuck: set[str] = set()
        for job in jobs:
            if self._stop.is_set():
                return None
            if self._waits_for_a_look(job):
                continue
            waits = job.printer in stuck or self._pause_left(job.printer) > 0
            if (waits and job.kind != JobKind.DRAWER) or not self._print(job):
                stuck.add(job.printer)
        return min((self._pause_left(name) for name in stuck), default=None)

    def _work(self) -> None:
        while not self._stop.is_set():
            self._wake.clear()
            try:
                pause_s = self.work_once()
            except Exception:
                # A full disk or a locked store must not end printing for the day.
                log.exception("the print spool failed")
                pause_s = LONGEST_PAUSE_S
            if not self._stop.is_set():
                self._wake.wait(pause_s)

    def _keep_fresh(self) -> None:
        """Put what was handed over into the store; until that is durable it counts as waiting."""
        with self._keeping:
            with self._lock:
                fresh = list(self._fresh)
            if not fresh:
                return
            with self._store.transaction() as tx:
                for job in fresh:
                    tx.spool.add(job)
            with self._lock:
                del self._fresh[: len(fresh)]

    def _print(self, job: "PrintJob") -> bool:
        """Print one job; tell whether its printer can take the next."""
        kick = kicks_drawer(job, self._now()) and job.id not in self._kicked
        if job.kind == JobKind.DRAWER and not kick:
            self._finish(job)
            return True
        try:
            self._put_on_paper(job, kick=kick)
        except PosError as refusal:
            return self._failed(job, refusal)
        except Exception as failure:
            log.exception("print job %s failed", job.id)
            reason = str(failure) or type(failure).__name__
            return self._failed(job, ReceiptNotReady(name=job.printer, reason=reason))
        self._finish(job)
        return True

    def _put_on_paper(self, job: "PrintJob", *, kick: bool) -> None:
        printer = printer_named(self._store.settings.shop().printers, job.printer)
        payload = payload_of(self._store, job, printer, kick=kick)
        if printer.kind is PrinterKind.PREVIEW:
            self._show(job, payload, printer)
            return
        with self._store.transaction() as tx:
            tx.spool.failed(job.id, _GOING_OUT)
        try:
            self._hand_over(printer, payload, needs_paper=job.kind != JobKind.DRAWER)
        except (PaperOut, CoverOpen) as refusal:
            if kick and not refusal.may_have_printed:
                self._kick_only(job, printer)
            raise

    def _hand_over(self, printer: PrinterSettings, payload: bytes, *, needs_paper: bool) -> None:
        """Send bytes; a failure that nobody foresaw may have come after they went out."""
        if self._send is None:
            from pos_app.printing import devices  # noqa: PLC0415 - loaded at the first receipt

            self._send = devices.send
        try:
            self._send(printer, payload, needs_paper=needs_paper)
        except PosError:
            raise
        except Exception as failure:
            log.exception("printer %s failed", printer.name)
            raise PrintCutShort(name=printer.name) from failure

    def _show(self, job: "PrintJob", payload: bytes, printer: PrinterSettings) -> None:
        from pos_app.printing.preview import receipt_image  # noqa: PLC0415 - as above

        if job.kind not in (JobKind.DRAWER, JobKind.SLIP):
            was_asked_for = job.kind in (JobKind.COPY, JobKind.READY, JobKind.SLIP_COPY)
            self._listeners.on_preview(receipt_image(payload, printer), was_asked_for)

    def _kick_only(self, job: "PrintJob", printer: PrinterSettings) -> None:
        """Open the drawer of a printer that cannot print: the customer waits for change."""
        from pos_app.printing.escpos_job import kick_job  # noqa: PLC0415 - as above

        with suppress(PrinterError):
            self._hand_over(printer, kick_job(printer), needs_paper=False)
            self._kicked.add(job.id)

    def _finish(self, job: "PrintJob") -> None:
        with self._store.transaction() as tx:
            tx.spool.done(job.id)
        self._forget_job(job.id)
        with self._lock:
            was_away = self._away.pop(job.printer, None) is not None
            self._pauses.pop(job.printer, None)
            self._speak_again.discard(job.printer)
            if was_away:
                self._told.clear()  # Jobs that wait for a look are spoken of again.
        if was_away:
            log.info("printer %s is back", job.printer)
            self._listeners.on_recovered(job.printer)
            self.wake()

    def _failed(self, job: "PrintJob", refusal: PosError) -> bool:
        """Keep a job that did not print, and say so once; tell whether others may go on."""
        doubtful = isinstance(refusal, PrinterError) and refusal.may_have_printed
        is_drawer = job.kind == JobKind.DRAWER
        name = type(refusal).__name__
        with self._store.transaction() as tx:
            if is_drawer:
                tx.spool.skip(job.id)  # Whoever asked has a key, or asks again.
            else:
                tx.spool.failed(job.id, f"{name}: {refusal}")
        with self._lock:
            self._asked_again.discard(job.id)
            is_new_state = doubtful or self._away.get(job.printer) != name
            is_news = is_new_state or job.printer in self._speak_again
            self._speak_again.discard(job.printer)
            if doubtful:
                self._told.add(job.id)
            elif not is_drawer:
                self._away[job.printer] = name
                self._lengthen_pause(job.printer)
        if is_new_state:
            log.warning("printer %s is away: %s", job.printer, name)
        if is_news:
            self._listeners.on_trouble(PrintTrouble(job.id, job.printer, refusal, doubtful))
        return doubtful or is_drawer

    def _waits_for_a_look(self, job: "PrintJob") -> bool:
        """Whether part of a job may be on paper and nobody has said yet what to do."""
        if not job.error.startswith(_LOOK_AT_PAPER) or job.id in self._asked_again:
            return False
        if job.id not in self._told:
            self._told.add(job.id)
            refusal = PrintCutShort(name=job.printer)
            trouble = PrintTrouble(job.id, job.printer, refusal, may_have_printed=True)
            self._listeners.on_trouble(trouble)
        return True

    def _pause_left(self, printer: str) -> float:
        until, _ = self._pauses.get(printer, (0.0, 0.0))
        return max(until - self._monotonic(), 0.0)

    def _lengthen_pause(self, printer: str) -> None:
        _, last = self._pauses.get(printer, (0.0, 0.0))
        pause = min(2 * last or FIRST_PAUSE_S, LONGEST_PAUSE_S)
        self._pauses[printer] = (self._monotonic() + pause, pause)

    def _forget_job(self, job_id: int) -> None:
        with self._lock:
            for known in (self._asked_again, self._kicked, self._told):
                known.discard(job_id)
