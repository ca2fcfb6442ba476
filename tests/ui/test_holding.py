"""Splitting the sale on the screen, joining it with a parked one; nothing is lost or doubled."""

from pos_app.services.verification import verify
from tests.ui.conftest import BREAD, COFFEE, MILK, Till


def test_chosen_lines_are_parked_under_a_name(till: Till) -> None:
    till.scan(MILK, BREAD, COFFEE)
    till.presenter.splitting.open()
    till.presenter.sheet.choose(till.state.sheet.rows[0].key)
    assert [row.name.startswith("✓") for row in till.state.sheet.rows] == [True, False, True]
    till.presenter.entry.type_text("Table 4")
    till.presenter.entry.enter()
    assert [row.name for row in till.state.rows] == ["Rye bread"]
    assert [(p.name, p.line_count) for p in till.checkout.parked()] == [("Table 4", 2)]
    till.press("F12")
    till.press("F8")
    assert [row.name for row in till.state.rows] == ["Whole milk", "Ground coffee"]


def test_a_typed_name_stays_while_lines_are_touched(till: Till) -> None:
    till.scan(MILK, BREAD)
    till.presenter.splitting.open()
    till.presenter.entry.type_text("Anna")
    till.presenter.sheet.choose(till.state.sheet.rows[0].key)
    assert till.state.entry.text == "Anna"


def test_splitting_all_of_it_is_refused(till: Till) -> None:
    till.scan(MILK)
    till.presenter.splitting.open()
    till.presenter.entry.enter()
    assert "not all of them" in till.told
    assert len(till.state.rows) == 1


def test_a_parked_sale_joins_the_one_on_the_screen(till: Till) -> None:
    till.scan(MILK)
    till.press("F7")
    till.scan(BREAD)
    till.presenter.joining.open()
    till.presenter.entry.enter()
    assert [row.name for row in till.state.rows] == ["Rye bread", "Whole milk"]
    assert till.checkout.parked() == []
    assert till.checkout.resume() is not None
    till.press("F12")
    assert till.receipts.printed[-1][0].gross.minor == 599


def test_the_split_survives_a_restart_on_both_sides(till: Till) -> None:
    till.scan(MILK, BREAD)
    till.presenter.splitting.open()
    till.presenter.entry.enter()
    kept = till.checkout.resume()
    assert kept is not None
    assert [line.name for line in kept.lines] == ["Whole milk"]
    told = verify(till.store.path).faults
    assert [fault for fault in told if "parked" in fault.where] == []
