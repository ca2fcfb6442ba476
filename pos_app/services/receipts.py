"""Receipts on their way to paper: kept in the store until a printer has them, never in the way.

The gestures of the counter return at once; `print_spool` makes the bytes and prints them in a
thread of its own, because a sale never waits for paper.
"""

import time
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from pos_app.domain import facts
from pos_app.domain.cart import Cart
from pos_app.domain.errors import PosError
from pos_app.domain.sale import Sale
from pos_app.domain.shop import PrinterSettings
from pos_app.services.print_jobs import (
    JobKind,
    default_printer,
    drawer_printer,
    printer_named,
    receipt_job,
)
from pos_app.services.print_lanes import PrintLanes
from pos_app.services.print_spool import Listeners, PrintSpool, PrintTrouble

if TYPE_CHECKING:
    from pos_app.store.spool import PrintJob
    from pos_app.store.store import Store
    from pos_app.store.transaction import Transaction

__all__ = ["Listeners", "PrintTrouble", "Receipts"]


class DrawerShutInTraining(PosError):
    """A training never touches the cash."""

    sentence = "The drawer stays shut in a training. Everything else goes on as usual."


class Receipts:
    """The counter's paper and drawer; `start` begins to print, `stop` ends it.

    Each printer is served by a thread of its own, so that one that is away holds up no other.

    The listeners are called from the printing thread. `send` and `monotonic` stand in for the
    wire and the clock in tests.
    """

    def __init__(
        self,
        store: "Store",
        now: Callable[[], datetime],
        staff: str = "1",
        listeners: Listeners | None = None,
        *,
        send: Callable[..., None] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._now = now
        self.staff = staff
        heard = listeners or Listeners()
        self._lanes = PrintLanes(
            store, lambda printer: PrintSpool(store, now, heard, send, monotonic, printer)
        )
        self._kept_sales: dict[str, set[str]] = {}
        self._kept_slips: set[str] = set()

    def keep_in(self, tx: "Transaction", sale: Sale, at: datetime) -> None:
        """Keep a sale's receipt in the sale's own transaction, so that no crash can lose it."""
        shop = tx.settings.shop()
        if shop.printers:
            name = default_printer(shop.printers).name
            tx.spool.add(receipt_job(sale, name, at))
            self._kept_sales[sale.id] = {name}
        if shop.kitchen:
            from pos_app.services import kitchen  # noqa: PLC0415 - few shops have one

            slips = kitchen.keep_sold(tx, sale, at)
            self._kept_sales.setdefault(sale.id, set()).update(slips)

    def keep_parked(
        self, tx: "Transaction", cart: Cart, name: str, at: datetime, staff: str
    ) -> None:
        """Keep the kitchen slips of a sale that is put aside, in the same transaction."""
        if tx.settings.shop().kitchen:
            from pos_app.services import kitchen  # noqa: PLC0415 - few shops have one

            self._kept_slips.update(kitchen.keep_parked(tx, cart, name, at, staff))

    def keep_discarded(self, tx: "Transaction", cart: Cart, at: datetime, staff: str) -> None:
        """Tell the kitchen, in the same transaction, that a sale it knows of is given up."""
        if tx.settings.shop().kitchen:
            from pos_app.services import kitchen  # noqa: PLC0415 - few shops have one

            self._kept_slips.update(kitchen.keep_discarded(tx, cart, at, staff))

    def print_kept(self) -> None:
        """Begin to print the slips of a sale that was put aside or given up, now that it is."""
        printers, self._kept_slips = self._kept_slips, set()
        self._wake(printers)

    def print_added(self, printers: Iterable[str]) -> None:
        """Begin to print what another use case has put into the store for these printers."""
        self._wake(printers)

    def print_sale(self, sale: Sale, kick: bool | None = None) -> None:
        """Hand over a finished sale's receipt; the drawer opens if cash changed hands or `kick`."""
        kept = self._kept_sales.pop(sale.id, None)
        if kept is not None:
            self._wake(kept)
            return
        printers = self._store.settings.shop().printers
        if printers:
            name = default_printer(printers).name
            self._lanes.take(receipt_job(sale, name, self._now(), kick))

    def reprint(self, sale: Sale) -> None:
        """Print a receipt again, marked as a copy, and write down that it was; raises NoPrinter."""
        printer = default_printer(self._store.settings.shop().printers)
        with self._store.transaction() as tx:
            tx.journal.append(facts.receipt_reprinted(sale), self._now(), self.staff)
            tx.spool.add(self._job(printer, JobKind.COPY, sale.id))
        self._wake((printer.name,))

    def reprint_slips(self, sale: Sale) -> None:
        """Print a sale's kitchen slips again, marked; raises NothingForTheKitchen."""
        from pos_app.services import kitchen  # noqa: PLC0415 - few shops have one

        with self._store.transaction() as tx:
            printers = kitchen.keep_copies(tx, sale, self._now(), self.staff)
        self._wake(printers)

    def kick_drawer(self, reason: str | None = None) -> None:
        """Open the drawer; with a reason (may be empty) that is written down here.

        Without one the caller has written it already. Raises NoPrinter where no drawer hangs on.
        """
        shop = self._store.settings.shop()
        if shop.is_training:
            raise DrawerShutInTraining()
        printer = drawer_printer(shop.printers)
        with self._store.transaction() as tx:
            if reason is not None:
                tx.journal.append(facts.drawer_opened(reason), self._now(), self.staff)
            tx.spool.add(self._job(printer, JobKind.DRAWER, None))
        self._wake((printer.name,))

    def print_ready(self, payload: bytes, printer_name: str = "") -> None:
        """Print a job made elsewhere (a test page, a report); raises NoPrinter, PrinterUnknown."""
        printers = self._store.settings.shop().printers
        named = printer_named(printers, printer_name) if printer_name else None
        job = self._job(named or default_printer(printers), JobKind.READY, None, payload)
        with self._store.transaction() as tx:
            tx.spool.add(job)
        self._wake((job.printer,))

    def retry(self, job_id: int) -> None:
        """Try a job again now, even one that may be on paper already."""
        printer = self._printer_of(job_id)
        if printer:
            self._lanes.of(printer).ask_again(job_id, printer)

    def skip(self, job_id: int) -> None:
        """Give a job up; the document stays and can be printed again."""
        printer = self._printer_of(job_id)
        with self._store.transaction() as tx:
            tx.spool.skip(job_id)
        if printer:
            self._lanes.of(printer).forget(job_id, printer)

    def send_to(self, job_id: int, printer_name: str) -> None:
        """Print a job on another printer, made anew for that one; raises PrinterUnknown."""
        printer = printer_named(self._store.settings.shop().printers, printer_name)
        before = self._printer_of(job_id)
        with self._store.transaction() as tx:
            job = tx.spool.get(job_id)
            if job is not None:
                tx.spool.send_to(job_id, printer.name, job.payload)
        if before:
            self._lanes.of(before).forget(job_id, before)
        self._lanes.of(printer.name).settle(printer.name)

    def waiting(self) -> int:
        """Return how many jobs wait for paper."""
        return self._lanes.waiting()

    def start(self) -> None:
        """Begin to print in a thread of its own; what waited from earlier goes first."""
        self._lanes.start()

    def stop(self, timeout_s: float = 5) -> None:
        """Finish the job in hand and stop; what waits stays in the store."""
        self._lanes.stop(timeout_s)

    def work_once(self) -> float | None:
        """Print here and now what can be printed, for programs without the thread."""
        return self._lanes.work_once()

    def _wake(self, printers: Iterable[str]) -> None:
        for printer in printers:
            self._lanes.of(printer).wake()

    def _printer_of(self, job_id: int) -> str:
        job = self._store.spool.get(job_id)
        return job.printer if job else ""

    def _job(
        self, printer: PrinterSettings, kind: JobKind, sale_id: str | None, payload: bytes = b""
    ) -> "PrintJob":
        from pos_app.store.spool import PrintJob  # noqa: PLC0415 - opened after the first paint

        return PrintJob(printer.name, kind.value, payload, self._now(), sale_id=sale_id)
