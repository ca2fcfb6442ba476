"""The bytes that a print job becomes when its turn comes."""

from typing import TYPE_CHECKING

from pos_app.domain.shop import PrinterSettings
from pos_app.printing.errors import ReceiptNotReady
from pos_app.services.print_jobs import SLIPS, JobKind
from pos_app.texts import later

if TYPE_CHECKING:
    from pos_app.domain.sale import Sale
    from pos_app.printing.receipt_held import HeldBalance
    from pos_app.store.spool import PrintJob
    from pos_app.store.store import Store


def payload_of(store: "Store", job: "PrintJob", printer: PrinterSettings, *, kick: bool) -> bytes:
    """Return the bytes of a job for this printer; raises ReceiptNotReady or a bad setting's name.

    The bytes are made here and not when the sale is paid, because that takes longer than a sale.
    """
    from pos_app.printing.escpos_job import kick_job  # noqa: PLC0415 - loaded at the first receipt
    from pos_app.printing.receipt import render_receipt  # noqa: PLC0415 - as above

    shop = store.settings.shop()
    if shop.is_training and job.kind in (*SLIPS, JobKind.CASH):
        from pos_app.printing.training_mark import training_mark  # noqa: PLC0415 - in a copy only

        return training_mark(shop, printer) + _slip_of(store, job, printer)
    if job.kind in (*SLIPS, JobKind.CASH):
        return _slip_of(store, job, printer)
    if job.payload:
        return job.payload
    if job.kind == JobKind.DRAWER:
        return kick_job(printer)
    sale = store.sales.get(job.sale_id) if job.sale_id else None
    if sale is None:
        raise ReceiptNotReady(name=printer.name, reason=later("its sale is not in the store"))
    entry = store.journal.of_sale(sale.id)
    return render_receipt(
        sale,
        shop,
        printer,
        copy=job.kind == JobKind.COPY,
        kick=kick,
        journal_hash=entry.hash if entry else "",
        balances=_balances(store, job, sale),
    )


def _balances(store: "Store", job: "PrintJob", sale: "Sale") -> "tuple[HeldBalance, ...]":
    """What is left on the accounts; a copy made later would tell another balance."""
    if job.kind == JobKind.COPY:
        return ()
    from pos_app.services.held_balances import held_balances  # noqa: PLC0415 - as above

    return held_balances(store, sale, store.settings.shop().tenders.points.is_on)


def _slip_of(store: "Store", job: "PrintJob", printer: PrinterSettings) -> bytes:
    if job.kind in SLIPS:
        from pos_app.services.kitchen import slip_bytes  # noqa: PLC0415 - few shops have a kitchen

        return slip_bytes(job, store.settings.shop(), printer)
    from pos_app.services.cash_paper import cash_bytes  # noqa: PLC0415 - not with every sale

    return cash_bytes(store, job, printer)
