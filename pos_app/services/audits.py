"""What else must agree with the journal: each auditor hears every entry, then names faults."""

from collections.abc import Callable

from pos_app.services.day_audit import DayAudit
from pos_app.services.document_audit import DocumentAudit
from pos_app.services.heard import Auditor, Heard
from pos_app.services.shift_audit import ShiftAudit
from pos_app.services.stock_audit import StockAudit
from pos_app.services.stored_value_audit import StoredValueAudit
from pos_app.store.inspection import Inspection

__all__ = ["AUDITORS", "Auditor", "Heard"]

AUDITORS: tuple[Callable[[Inspection], Auditor], ...] = (
    ShiftAudit,
    StoredValueAudit,
    StockAudit,
    DocumentAudit,
    DayAudit,
)
