"""Shifts and cash movements as the store keeps them, and the figures that they come to."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from pos_app.domain.cash_count import CashCount
from pos_app.domain.cash_movement import CashMovement
from pos_app.domain.facts import FactKind
from pos_app.domain.money import Money, total
from pos_app.domain.shift import Mark, Shift
from pos_app.domain.shift_report import DrawerFigure, ShiftReport, drawer_figures
from pos_app.services.office_proof import office_proof
from pos_app.store.records import RecordKind

if TYPE_CHECKING:
    from pos_app.store.store import Store
    from pos_app.store.transaction import Transaction

    Source = Store | Transaction

MOST_MOVEMENTS = 100_000
# What a report counts from the journal, in the order in which it shows them.
EVENTS = (
    FactKind.DRAWER_OPENED,
    FactKind.LINE_REMOVED,
    FactKind.QUANTITY_LOWERED,
    FactKind.PRICE_OVERRIDDEN,
    FactKind.DISCOUNT_GIVEN,
    FactKind.SALE_DISCARDED,
    FactKind.RECEIPT_REPRINTED,
    FactKind.PAYMENT_GIVEN_BACK,
    FactKind.APPROVAL_GIVEN,
    FactKind.APPROVAL_REFUSED,
)


def _code_of(shift: Shift) -> str:
    """A drawer has one shift that is not closed, and each Z number belongs to one shift."""
    return f"z {shift.z_number}" if shift.is_closed else f"open {shift.drawer}"


SHIFT = RecordKind(
    "shift",
    Shift,
    id_of=lambda shift: shift.id,
    code_of=_code_of,
    place_of=lambda shift: f"{shift.number:08d}",
    is_open_of=lambda shift: not shift.is_closed,
)
MOVEMENT = RecordKind(
    "cash_movement",
    CashMovement,
    id_of=lambda movement: movement.id,
    code_of=lambda movement: f"slip {movement.number}",
    place_of=lambda movement: f"{movement.shift_id} {movement.number:08d}",
)


def open_shift_of(source: "Source", drawer: str) -> Shift | None:
    """Return the shift of a drawer that is not closed."""
    return source.records.by_code(SHIFT, f"open {drawer}")


def last_closed(source: "Source") -> Shift | None:
    """Return the shift with the latest Z report."""
    return next((one for one in source.records.latest(SHIFT, 2) if one.is_closed), None)


def movements_of(source: "Source", shift_id: str) -> list[CashMovement]:
    """Return what moved in a shift without a sale, in the order of the slips."""
    return source.records.starting_with(MOVEMENT, f"{shift_id} ", MOST_MOVEMENTS)


def drawers_of(
    source: "Source", shift: Shift, counts: Sequence[CashCount] | None = None
) -> tuple[DrawerFigure, ...]:
    """Return what a shift's drawer should hold now, by currency, the shop's own first."""
    flow = source.takings.cash(shift.opened, shift.currency)
    moved = movements_of(source, shift.id)
    return drawer_figures(shift.currency, shift.opening, flow, moved, counts)


def in_drawer(source: "Source", shift: Shift, currency: str) -> Money:
    """Return what a shift's drawer should hold of one currency now."""
    found = (one.expected for one in drawers_of(source, shift))
    return next((one for one in found if one.currency == currency), Money.zero(currency))


def report_of(
    source: "Source",
    shift: Shift,
    at: datetime,
    business_day: date,
    *,
    number: int = 0,
    counts: Sequence[CashCount] | None = None,
) -> ShiftReport:
    """Return the report of an open shift: X without a number, Z with one."""
    sales = source.takings.figures(shift.since, shift.currency)
    drawers = drawers_of(source, shift, counts)
    sold = next(one.sold for one in drawers if one.sold.currency == shift.currency)
    return ShiftReport(
        number=number,
        at=at,
        business_day=business_day,
        sales=sales,
        events=source.takings.events(shift.since, EVENTS),
        drawers=drawers,
        cash_before_opening=sales.cash.base - sold,
        movement_count=len(movements_of(source, shift.id)),
        grand_total_before=shift.grand_total_before,
        grand_total=shift.grand_total_before + sales.turnover,
        head_office=office_proof(source),
    )


def period_start(source: "Source", day: date) -> Mark:
    """Return where the next shift's period begins: at the last closing, or this day's first sale.

    A till that sold for years before its first shift does not find those years in its first Z.
    """
    before = last_closed(source)
    if before is not None and before.ended is not None:
        return before.ended
    return source.takings.mark_of_day(day)


def turnover_before(source: "Source", since: Mark, currency: str) -> Money:
    """Return all turnover up to the start of a period; reads every document where no Z says it."""
    before = last_closed(source)
    if before is not None and before.report is not None and before.currency == currency:
        return before.report.grand_total
    return source.takings.turnover_up_to(since, currency)


def left_in_drawer(source: "Source") -> tuple[Money, ...]:
    """Return what the next opening should find: what the last closing left, and cash sold since.

    Nothing where no shift was ever closed.
    """
    before = last_closed(source)
    if before is None or before.ended is None:
        return ()
    flow = source.takings.cash(before.ended, before.currency)
    amounts = [count.total for count in before.kept]
    amounts += [flow.base, *(one.tendered for one in flow.foreign)]
    codes = dict.fromkeys((before.currency, *(one.currency for one in amounts)))
    return tuple(total((one for one in amounts if one.currency == code), code) for code in codes)
