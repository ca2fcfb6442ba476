"""What a print job is in the spool, and which printer it goes to."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from pos_app.domain.payment import TenderMethod
from pos_app.domain.sale import Sale
from pos_app.domain.shop import PrinterKind, PrinterSettings
from pos_app.printing.errors import NoPrinter, PrinterUnknown

if TYPE_CHECKING:
    from pos_app.store.spool import PrintJob

# A drawer that springs open long after the sale surprises people and worries the owner.
KICK_FOR = timedelta(seconds=60)


class JobKind(StrEnum):
    """What a job prints; `ready` jobs bring their bytes along, slips (for kitchens) their items.

    `cash` jobs are slips of the drawer and its reports, and say which.
    """

    RECEIPT = "receipt"
    RECEIPT_AND_DRAWER = "receipt_and_drawer"
    COPY = "copy"
    DRAWER = "drawer"
    READY = "ready"
    SLIP = "slip"
    SLIP_COPY = "slip_copy"
    CASH = "cash"


SLIPS = (JobKind.SLIP, JobKind.SLIP_COPY)


def receipt_job(sale: Sale, printer: str, at: datetime, kick: bool | None = None) -> "PrintJob":
    """Make the job of a sale's receipt; the drawer opens with it where cash changed hands."""
    from pos_app.store.spool import PrintJob  # noqa: PLC0415 - the store is opened after first paint

    cash = any(tender.method is TenderMethod.CASH for tender in sale.tenders)
    kicks = cash if kick is None else kick
    kind = JobKind.RECEIPT_AND_DRAWER if kicks else JobKind.RECEIPT
    return PrintJob(printer, kind.value, b"", at, sale_id=sale.id)


def kicks_drawer(job: "PrintJob", at: datetime) -> bool:
    """Tell whether a job still opens the drawer: not when its sale is long past."""
    opens = job.kind in (JobKind.RECEIPT_AND_DRAWER, JobKind.DRAWER)
    return opens and at - job.created_at <= KICK_FOR


def printer_named(printers: Iterable[PrinterSettings], name: str) -> PrinterSettings:
    """Return the shop's printer of this name; raises PrinterUnknown."""
    for printer in printers:
        if printer.name == name:
            return printer
    raise PrinterUnknown(name=name, target=name)


def default_printer(printers: tuple[PrinterSettings, ...]) -> PrinterSettings:
    """Return the printer that receipts go to; raises NoPrinter."""
    if not printers:
        raise NoPrinter()
    return printers[0]


def drawer_printer(printers: tuple[PrinterSettings, ...]) -> PrinterSettings:
    """Return the printer that a cash drawer hangs on; raises NoPrinter."""
    with_drawer = [one for one in printers if one.kicks_drawer]
    real = [one for one in with_drawer if one.kind is not PrinterKind.PREVIEW]
    return default_printer(tuple(real or with_drawer))
