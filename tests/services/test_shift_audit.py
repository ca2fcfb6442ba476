"""`verify` works every Z report out again from the journal and finds what does not follow."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pos_app.domain.cash_movement import MovementKind
from pos_app.domain.facts import FactKind
from pos_app.domain.shift import Mark, Shift, ShiftState
from pos_app.domain.shift_report import EventFigure, HeldFigure
from pos_app.services.shift_records import SHIFT, report_of
from pos_app.services.verification import verify
from tests.services.cash_day import TIP, CashDay, counted, eur, euros
from tests.store.shops import behind_our_back


@pytest.mark.parametrize(
    ("sql", "values"),
    [
        ("UPDATE sequences SET last = 7 WHERE series = 'z'", ()),
        ("UPDATE records SET state = replace(state, ?, ?) WHERE record = 'shift'", ("B17", "B18")),
        ("DELETE FROM records WHERE record = 'cash_movement'", ()),
    ],
)
def test_an_auditor_sees_what_was_changed(
    tmp_path: Path, sql: str, values: tuple[str, ...]
) -> None:
    day = CashDay(tmp_path / "shop.db")
    day.shifts.open([euros(100)])
    day.shifts.move(MovementKind.PAY_OUT, eur(5), "stamps")
    day.close_as_counted(bag_reference="B17")
    day.store.close()
    assert verify(day.path).is_sound
    behind_our_back(day.path, (sql, values))
    assert not verify(day.path).is_sound


WRONG_Z: dict[str, tuple[Callable[[Shift], Shift], str]] = {
    "number": (lambda z: with_report(z, number=4), "has a number of 4; the journal"),
    "change": (lambda z: with_sales(z, change=eur(1)), "change is 1.00 EUR in the report"),
    "gross": (lambda z: with_sales(z, gross=eur(5)), "gross is 5.00 EUR in the report"),
    "tenders": (lambda z: with_sales(z, tenders=()), "tenders"),
    "taxes": (lambda z: with_sales(z, taxes=()), "tax"),
    "held": (lambda z: with_sales(z, held=(HeldFigure(TIP.kind, eur(1), eur(0)),)), "held"),
    "refunds": (lambda z: with_sales(z, refunds=eur(1)), "refunds is 1.00 EUR"),
    "events": (lambda z: with_report(z, events=(EventFigure("drawer_opened", 4),)), "events"),
    "drawers": (lambda z: with_report(z, drawers=z.report.drawers[1:]), "drawers"),
    "movements": (lambda z: with_report(z, movement_count=7), "movement_count is 7"),
    "cash before": (lambda z: with_report(z, cash_before_opening=eur(9)), "cash_before_opening"),
    "total": (lambda z: with_report(z, grand_total=eur(0)), "grand_total is 0.00 EUR"),
    "total before": (lambda z: with_report(z, grand_total_before=eur(1)), "grand_total_before"),
    "kept": (lambda z: replace(z, kept=()), "what was kept and bagged is not what was counted"),
    "end": (lambda z: replace(z, ended=Mark(9, 9)), "has a end of 9"),
    "opening": (lambda z: replace(z, opening=()), "has a opening of []"),
}


def with_report(shift: Shift, **changes: object) -> Shift:
    assert shift.report is not None
    return replace(shift, report=replace(shift.report, **changes))  # type: ignore[arg-type]


def with_sales(shift: Shift, **changes: object) -> Shift:
    assert shift.report is not None
    sales = replace(shift.report.sales, **changes)  # type: ignore[arg-type]
    return with_report(shift, sales=sales)


@pytest.mark.parametrize("what", WRONG_Z)
def test_a_z_that_does_not_follow_from_the_journal_is_found(tmp_path: Path, what: str) -> None:
    """Written by a program with a mistake: signed, in its row and in the journal alike."""
    spoil, told = WRONG_Z[what]
    day = CashDay(tmp_path / "shop.db")
    day.shifts.open([euros(100)])
    day.sell(tendered=10)
    day.close_as_counted()
    opened = day.shifts.open([euros(105)])
    day.sell(tendered=10)
    expected = [one.expected for one in day.shifts.figures().drawers]
    day.shifts.confirm_count(counted(*expected))
    honest = day.shifts.close(opened.id)
    day.store.close()
    assert verify(day.path).is_sound
    day.start()
    day.shifts.open([euros(110)])
    day.sell(tendered=10)
    shift = day.shifts.confirm_count(counted(eur(115)))
    at = day.now()
    report = report_of(day.store, shift, at, at.date(), number=3, counts=shift.counts)
    with day.store.transaction() as tx:
        number = tx.sequences.next("z")
        ended = tx.takings.mark()
        right = replace(
            shift, state=ShiftState.CLOSED, report=report, ended=ended, kept=shift.counts
        )
        assert number == honest.z_number + 1
        tx.records.put(SHIFT, spoil(right), FactKind.SHIFT_CLOSED, day.now(), "1")
    day.store.close()
    sentences = " ".join(fault.sentence for fault in verify(day.path).faults)
    assert told in sentences
