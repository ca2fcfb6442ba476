"""A store that was restored counts Z reports and slips once more, and says so on each of them."""

from pathlib import Path

from pos_app.domain.cash_movement import MovementKind
from pos_app.printing.cash_slips import slip_name
from pos_app.printing.shift_slip import z_name
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
    assert (slip_name(lost_slip), slip_name(slip)) == ("1", "2-1")
    day.store.close()
    assert verify(day.path).is_sound
