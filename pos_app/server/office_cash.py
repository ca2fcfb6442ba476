"""The drawers that tills closed on some business days, as their shifts tell head office.

A running shift is known here only by its opening, so what it should hold is not told.
"""

from datetime import UTC, date, datetime, time, timedelta

import msgspec
from sqlalchemy import and_, select

from pos_app.domain.day_review import CashSum
from pos_app.domain.ids import uuid7
from pos_app.domain.money import MINOR_DIGITS, Money
from pos_app.domain.report_period import ReportPeriod
from pos_app.server.day_sums import Scope
from pos_app.server.tables import things, tills

SHIFT = "shift"
MOST_DAYS = 31  # of a longer period the last ones: a longer list nobody reads
_LONGEST_SHIFT = timedelta(days=7)
_LAST_BITS = (1 << 74) - 1


class _Money(msgspec.Struct, frozen=True):
    minor: int
    currency: str


class _Drawer(msgspec.Struct, frozen=True):
    expected: _Money
    counted: _Money | None = None
    difference: _Money | None = None


class _Report(msgspec.Struct, frozen=True):
    number: int
    business_day: date
    drawers: tuple[_Drawer, ...] = ()


class _Shift(msgspec.Struct, frozen=True):
    id: str
    currency: str
    opened_at: datetime
    opened_by: str
    closed_at: datetime | None = None
    closed_by: str = ""
    counted_by: str = ""
    report: _Report | None = None


class _Record(msgspec.Struct, frozen=True):
    state: _Shift


_DECODER = msgspec.json.Decoder(_Record)


def cash_of(scope: Scope, period: ReportPeriod) -> tuple[CashSum, ...]:
    """Return the drawers that were closed in a period, the latest first.

    A shift is found by its id, which tells when it was opened: up to a week before it was closed.
    """
    start = max(period.start, period.end - timedelta(days=MOST_DAYS - 1))
    first = datetime.combine(start, time(), UTC) - _LONGEST_SHIFT
    last = datetime.combine(period.end, time(), UTC) + timedelta(days=2)
    is_of_till = and_(
        things.c.company_id == scope.company_id,
        things.c.kind == SHIFT,
        things.c.id >= tills.c.id.concat(f" {_id_at(first, 0)}"),
        things.c.id <= tills.c.id.concat(f" {_id_at(last, _LAST_BITS)}"),
    )
    rules = [tills.c.company_id == scope.company_id]
    if scope.shops is not None:
        rules.append(tills.c.shop.in_(scope.shops))
    found = select(things.c.state).select_from(tills.join(things, is_of_till)).where(*rules)
    drawers = [
        drawer
        for state in scope.connection.execute(found).scalars()
        if (drawer := _drawer(state, scope.currency, ReportPeriod(start, period.end))) is not None
    ]
    drawers.sort(key=lambda one: (one.closed_at or one.opened_at, one.shift_id), reverse=True)
    return tuple(drawers)


def _drawer(state: str, currency: str, period: ReportPeriod) -> CashSum | None:
    try:
        shift = _DECODER.decode(state).state
    except msgspec.MsgspecError:  # of a later version, or damaged: it is kept, and in no list
        return None
    report = shift.report
    is_meant = shift.currency == currency and currency in MINOR_DIGITS
    if report is None or not is_meant or not period.start <= report.business_day <= period.end:
        return None
    own = next((one for one in report.drawers if one.expected.currency == currency), None)
    if own is None or shift.closed_at is None:
        return None
    return CashSum(
        shift_id=shift.id,
        number=report.number,
        opened_at=shift.opened_at,
        closed_at=shift.closed_at,
        staff=shift.counted_by or shift.closed_by or shift.opened_by,
        expected=Money(own.expected.minor, currency),
        counted=_money(own.counted),
        difference=_money(own.difference),
    )


def _money(told: _Money | None) -> Money | None:
    return None if told is None else Money(told.minor, told.currency)


def _id_at(moment: datetime, bits: int) -> str:
    return uuid7(int(moment.timestamp() * 1000), bits)
