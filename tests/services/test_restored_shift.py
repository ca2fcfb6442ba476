"""A store that was restored counts Z reports and slips once more, and says so on each of them."""

from pathlib import Path

from pos_app.domain.cash_movement import MovementKind
from pos_app.printing.cash_slips import opening_slip
from pos_app.printing.shift_numbers import shift_name, slip_name, z_name
from pos_app.printing.shift_slip import report_slip
from pos_app.services.verification import verify
from pos_app.store.backup import backup_store, restore_store
from tests.services.cash_day import CashDay, eur, euros


def test_no_z_and_no_slip_has_a_number_that_was_on_paper_before_the_restore(
    tmp_path: Path,
) -> None:
    day = CashDay(tmp_path / "shop.db")
    day.shifts.open([euros(100)])
    day.sell(tendered=10)
    saved = tmp_path / "saved.db"
    backup_store(day.store, saved)
    lost_slip = day.shifts.move(MovementKind.PAY_OUT, eur(5), "stamps")
    lost = day.close_as_counted()
    day.store.close()

    restore_store(saved, day.path, day.now())
    day.start()
    slip = day.shifts.move(MovementKind.PAY_OUT, eur(5), "stamps")
    again = day.close_as_counted()

    assert z_name(lost, lost.z_number) == "1-Z0001"
    assert z_name(again, again.z_number) == "1.2-Z0001"
    assert (slip_name(lost_slip), slip_name(slip)) == ("1", "1.2-1")
    day.store.close()
    assert verify(day.path).is_sound


def test_a_shift_keeps_the_number_it_was_opened_with_and_the_next_one_names_its_epoch(
    tmp_path: Path,
) -> None:
    day = CashDay(tmp_path / "shop.db")
    opened = day.shifts.open([euros(100)])
    saved = tmp_path / "saved.db"
    backup_store(day.store, saved)
    day.close_as_counted()
    lost = day.shifts.open([euros(100)])
    day.store.close()

    restore_store(saved, day.path, day.now())
    day.start()
    closed = day.close_as_counted()
    again = day.shifts.open([euros(100)])

    assert (shift_name(opened), shift_name(closed), shift_name(lost)) == ("1", "1", "2")
    assert shift_name(again) == "1.2-2"
    shop = day.store.settings.shop()
    assert "1.2-2" in str(opening_slip(again, shop))
    report = day.shifts.figures()
    assert "1.2-2" in str(report_slip(again, report, shop))
    day.store.close()
    assert verify(day.path).is_sound
