"""Slips of drawer and day on their way to paper: kept with what they tell, made at their turn."""

import json
from datetime import datetime
from typing import TYPE_CHECKING

from pos_app.domain.cash_movement import CashMovement
from pos_app.domain.day_review import DayReview
from pos_app.domain.plain import UNREADABLE, from_plain, to_plain
from pos_app.domain.shift import Shift
from pos_app.domain.shift_report import ShiftReport
from pos_app.domain.shop import PrinterSettings, ShopSettings
from pos_app.printing.errors import NoPrinter, ReceiptNotReady
from pos_app.services.print_jobs import JobKind, default_printer, drawer_printer
from pos_app.services.shift_records import MOVEMENT, SHIFT
from pos_app.store.spool import PrintJob
from pos_app.texts import later

if TYPE_CHECKING:
    from pos_app.printing.slip import Slip
    from pos_app.store.store import Store
    from pos_app.store.transaction import Transaction

Printers = tuple[str, ...]  # the names of those that got something to do


def keep_movement(tx: "Transaction", movement: CashMovement, at: datetime) -> Printers:
    """Keep the slip of a movement, and open the drawer for it."""
    return (*_keep(tx, {"what": "movement", "id": movement.id}, at), *keep_drawer(tx, at))


def keep_opening(tx: "Transaction", shift: Shift) -> Printers:
    """Keep the slip of a counted float."""
    return _keep(tx, {"what": "opening", "shift": shift.id}, shift.opened_at)


def keep_sheet(tx: "Transaction", currency: str, at: datetime) -> Printers:
    """Keep an empty sheet to count on."""
    return _keep(tx, {"what": "sheet", "currency": currency}, at)


def keep_x(tx: "Transaction", shift: Shift, report: ShiftReport, *, hides_cash: bool) -> Printers:
    """Keep the print of an X report as it was read; whoever may not see the cash gets none."""
    told = {"what": "x", "shift": shift.id, "report": to_plain(report), "hides_cash": hides_cash}
    return _keep(tx, told, report.at)


def keep_z(tx: "Transaction", shift: Shift, at: datetime, *, is_copy: bool = False) -> Printers:
    """Keep the print of a Z report."""
    return _keep(tx, {"what": "z", "shift": shift.id, "copy": is_copy}, at)


def keep_day(tx: "Transaction", review: DayReview, at: datetime) -> Printers:
    """Keep the print of a day as it was reviewed; raises NoPrinter."""
    default_printer(tx.settings.shop().printers)
    return _keep(tx, {"what": "day", "review": to_plain(review)}, at)


def keep_drawer(tx: "Transaction", at: datetime) -> Printers:
    """Open the drawer, where a printer has one."""
    try:
        printer = drawer_printer(tx.settings.shop().printers)
    except NoPrinter:
        return ()
    tx.spool.add(PrintJob(printer.name, JobKind.DRAWER.value, b"", at))
    return (printer.name,)


def cash_bytes(store: "Store", job: PrintJob, printer: PrinterSettings) -> bytes:
    """Return the bytes of a slip of the drawer; raises ReceiptNotReady."""
    from pos_app.printing.escpos_job import write_job  # noqa: PLC0415 - loaded at the first slip

    try:
        slip = _slip(store, json.loads(job.payload))
    except UNREADABLE as failure:
        reason = later("what it should print is not in the store")
        raise ReceiptNotReady(name=printer.name, reason=reason) from failure
    return write_job(slip, printer)


def z_picture(shift: Shift, shop: ShopSettings, printer: PrinterSettings) -> bytes:
    """Return a PNG of a Z report as `printer` draws it; raises a printer setting's refusal."""
    from pos_app.printing.escpos_job import write_job  # noqa: PLC0415 - as above
    from pos_app.printing.preview import receipt_image  # noqa: PLC0415 - as above
    from pos_app.printing.shift_slip import z_slip  # noqa: PLC0415 - as above

    return receipt_image(write_job(z_slip(shift, shop), printer), printer)


def _slip(store: "Store", told: dict[str, object]) -> "Slip":
    from pos_app.printing import cash_slips, shift_slip  # noqa: PLC0415 - as above

    shop = store.settings.shop()
    if told["what"] == "day":
        from pos_app.printing.day_slip import day_slip  # noqa: PLC0415 - as above

        return day_slip(from_plain(DayReview, told["review"]), shop)
    if told["what"] == "movement":
        movement = store.records.get(MOVEMENT, str(told["id"]))
        if movement is None:
            raise KeyError(told["id"])
        return cash_slips.movement_slip(movement, shop)
    if told["what"] == "sheet":
        return cash_slips.sheet_slip(str(told["currency"]), shop)
    shift = store.records.get(SHIFT, str(told["shift"]))
    if shift is None:
        raise KeyError(told["shift"])
    if told["what"] == "opening":
        return cash_slips.opening_slip(shift, shop)
    if told["what"] == "x":
        report = from_plain(ShiftReport, told["report"])
        hides_cash = bool(told.get("hides_cash", shop.cash.is_blind))
        return shift_slip.report_slip(shift, report, shop, hides_cash=hides_cash)
    return shift_slip.z_slip(shift, shop, is_copy=bool(told.get("copy")))


def _keep(tx: "Transaction", told: dict[str, object], at: datetime) -> Printers:
    """Put a job into the spool of the shop's printer; a shop without one goes without paper."""
    try:
        printer = default_printer(tx.settings.shop().printers)
    except NoPrinter:
        return ()
    payload = json.dumps(told, ensure_ascii=False).encode()
    tx.spool.add(PrintJob(printer.name, JobKind.CASH.value, payload, at))
    return (printer.name,)
