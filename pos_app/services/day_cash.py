"""The drawers of some business days: what was expected, counted and missing, and why maybe."""

from datetime import date
from typing import TYPE_CHECKING

from pos_app.domain.cash_count import CashCount, total_of
from pos_app.domain.day_review import CashSum
from pos_app.domain.denominations import counted_denominations
from pos_app.domain.difference import Cause, Evidence, likely_causes
from pos_app.domain.money import Money
from pos_app.domain.report_period import ReportPeriod
from pos_app.domain.shift import Shift
from pos_app.domain.shift_report import DrawerFigure
from pos_app.services.shift_records import SHIFT, drawers_of, movements_of
from pos_app.services.time_zones import business_day

if TYPE_CHECKING:
    from pos_app.store.store import Store

MOST_DRAWERS = 100  # the latest; a longer list nobody reads
_EXPLAINED = 10  # drawers with a difference whose payments are looked through
_PAGE = 20


def cash_of(
    store: "Store", period: ReportPeriod, currency: str, today: date, *, hides_open: bool = False
) -> tuple[CashSum, ...]:
    """Return the drawers that were closed in a period, and that is open in it, the latest first.

    `hides_open` leaves a drawer out that is not closed, where a shop counts blind.
    """
    found: list[CashSum] = []
    explained = 0
    for shift in _shifts_in(store, period, today):
        if shift.currency != currency or (hides_open and not shift.is_closed):
            continue
        drawer = _drawer(store, shift)
        if drawer is None:
            continue
        is_explained = bool(drawer.difference) and explained < _EXPLAINED
        explained += is_explained
        causes = _causes(store, shift, drawer) if is_explained else ()
        found.append(_sum_of(shift, drawer, causes))
    return tuple(found)


def _shifts_in(store: "Store", period: ReportPeriod, today: date) -> list[Shift]:
    """Shifts of the days, the latest first; those after them are passed over page by page."""
    found: list[Shift] = []
    before = ""
    while len(found) < MOST_DRAWERS:
        page = store.records.latest(SHIFT, _PAGE, before)
        for shift in page:
            ended = _last_day(store, shift, today)
            if ended < period.start:
                return found
            if ended <= period.end or (not shift.is_closed and shift.business_day <= period.end):
                found.append(shift)
        if len(page) < _PAGE:
            return found
        before = SHIFT.place_of(page[-1])
    return found[:MOST_DRAWERS]


def _last_day(store: "Store", shift: Shift, today: date) -> date:
    if shift.report is not None and shift.is_closed:
        return shift.report.business_day
    if shift.closed_at is not None:
        return business_day(shift.closed_at, store.settings.shop())
    return max(today, shift.business_day)


def _drawer(store: "Store", shift: Shift) -> DrawerFigure | None:
    if shift.report is not None and shift.is_closed:
        return shift.report.drawer(shift.currency)
    counts = shift.counts if shift.counted_at is not None else None
    drawers = drawers_of(store, shift, counts)
    return next((one for one in drawers if one.expected.currency == shift.currency), None)


def _sum_of(shift: Shift, drawer: DrawerFigure, causes: tuple[Cause, ...]) -> CashSum:
    return CashSum(
        shift_id=shift.id,
        number=shift.z_number,
        opened_at=shift.opened_at,
        closed_at=shift.closed_at,
        staff=shift.counted_by or shift.closed_by or shift.opened_by,
        expected=drawer.expected,
        counted=drawer.counted,
        difference=drawer.difference,
        causes=causes,
        after_row=shift.opened.sale_row,
        up_to_row=None if shift.ended is None else shift.ended.sale_row,
    )


def _causes(store: "Store", shift: Shift, drawer: DrawerFigure) -> tuple[Cause, ...]:
    """What the cash screen says of a difference, said again of a shift that may be long closed."""
    code = shift.currency
    others = [
        one.difference
        for one in (shift.report.drawers if shift.report else ())
        if one.difference is not None and one.expected.currency != code
    ]
    mine = next((one for one in shift.counts if one.currency == code), CashCount(code))
    opened = total_of(shift.opening, code)
    left = next((one for one in shift.opening_expected if one.currency == code), opened)
    return likely_causes(
        Evidence(
            difference=drawer.difference or Money.zero(code),
            count=mine,
            denominations=counted_denominations(code, store.settings.shop().cash.denominations),
            payments=store.takings.payments(shift.opened, code, up_to=shift.ended),
            movements=movements_of(store, shift.id),
            opening_difference=opened - left,
            others=tuple(others),
        )
    )
