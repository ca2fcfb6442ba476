"""The numbers of shifts, Z reports and slips as they are written, on paper and on the screen.

A restored store begins a new epoch and counts once more from its backup, so that its next numbers
may be on paper already. It names the epoch as its receipts do: 1.2-000043.
"""

from pos_app.domain.cash_movement import CashMovement
from pos_app.domain.shift import Shift


def z_name(shift: Shift, number: int) -> str:
    """Write a Z report's number: 1-Z0007, after a restore 1.2-Z0007."""
    series = shift.drawer if shift.epoch == 1 else f"{shift.drawer}.{shift.epoch}"
    return f"{series}-Z{number:04d}"


def shift_name(shift: Shift) -> str:
    """Write a shift's number: 7, opened after a restore 1.2-7; closing it changes nothing."""
    epoch = shift.opened_epoch or shift.epoch
    return f"{shift.number}" if epoch == 1 else f"{shift.drawer}.{epoch}-{shift.number}"


def slip_name(movement: CashMovement) -> str:
    """Write the number of a slip: 7, after a restore 1.2-7."""
    if movement.epoch == 1:
        return f"{movement.number}"
    series = f"{movement.drawer}." if movement.drawer else ""
    return f"{series}{movement.epoch}-{movement.number}"
