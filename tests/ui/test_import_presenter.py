"""The import wizard without Qt: guessed columns, live preview, counts and the repair file."""

from pathlib import Path

import pytest

from pos_app.store.store import Store
from pos_app.ui.changes import Changes
from pos_app.ui.presenters.product_import import ImportPresenter, ImportState, Step
from pos_app.ui.views import Tone
from tests.ui.at_once import Later, at_once
from tests.ui.conftest import MILK, NOW

LIST = f"""Item no;Title;EAN;Retail price;What for
A001;Whole milk;{MILK};1,29;shelf
B100;Honey;;7,50;shelf
B101;;;2,00;shelf
B102;Jam;;acht;shelf
"""


def wizard(store: Store, run: object = at_once) -> tuple[ImportPresenter, list[Changes]]:
    told: list[Changes] = []
    states: list[ImportState] = []
    made = ImportPresenter(store, lambda: NOW, run, states.append, publish=told.append)  # type: ignore[arg-type]
    return made, told


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    path = tmp_path / "list.csv"
    path.write_text(LIST, encoding="cp1252")
    return path


def test_columns_are_guessed_and_the_first_rows_shown(store: Store, listed: Path) -> None:
    presenter, _ = wizard(store)
    presenter.choose_file(listed)
    state = presenter.state
    assert state.step is Step.COLUMNS
    fields = [column.field for column in state.columns]
    assert fields == ["code", "name", "barcodes", "price", ""]
    assert state.columns[3].samples == "1,29 · 7,50 · 2,00"
    assert state.decimal_mark == ","
    assert (state.good, state.bad, state.can_start) == (2, 2, True)
    bad = [row for row in state.preview if row.tone is Tone.DANGER]
    assert [row.cells[0] for row in bad] == ["4", "5"]
    assert "Name: " in bad[0].cells[1]
    assert "Price: " in bad[1].cells[1]


def test_a_changed_column_changes_the_preview_at_once(store: Store, listed: Path) -> None:
    presenter, _ = wizard(store)
    presenter.choose_file(listed)
    presenter.choose_field(3, "")
    assert not presenter.state.can_start
    assert "price" in presenter.state.problem
    presenter.choose_field(3, "price")
    assert presenter.state.can_start
    assert presenter.state.problem == ""


def test_a_field_goes_over_to_the_column_chosen_last(store: Store, listed: Path) -> None:
    presenter, _ = wizard(store)
    presenter.choose_file(listed)
    presenter.choose_field(4, "name")
    assert [column.field for column in presenter.state.columns][1] == ""
    assert presenter.state.columns[4].field == "name"


def test_the_import_counts_and_names_the_repair_file(store: Store, listed: Path) -> None:
    presenter, told = wizard(store)
    presenter.choose_file(listed)
    presenter.start()
    state = presenter.state
    assert state.step is Step.DONE
    assert state.result is not None
    assert state.result.counts[0].startswith("1 ")
    assert state.result.counts[1].startswith("1 ")
    assert state.result.counts[3].startswith("2 ")
    assert [row.cells[0] for row in state.result.refused] == ["4", "5"]
    assert state.result.repair_file == listed.with_name("list.repair.csv")
    assert listed.with_name("list.repair.csv").exists()
    assert told == [Changes(products=True, stock=True)]
    milk = store.products.find(MILK)
    assert milk is not None
    assert str(milk.price) == "1.29"


def test_new_products_get_the_tax_that_was_chosen(store: Store, listed: Path) -> None:
    presenter, _ = wizard(store)
    presenter.choose_file(listed)
    assert presenter.state.needs_tax
    presenter.start()
    honey = store.products.find("B100")
    assert honey is not None
    assert [tax.code for tax in honey.taxes] == ["S"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("none.csv", None),
        ("empty.csv", b""),
        ("binary.csv", bytes(range(256)) * 20),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
        ("broken.xlsx", b"PK\x03\x04broken"),
    ],
)
def test_a_file_that_is_no_list_is_told_and_another_can_be_chosen(
    store: Store, listed: Path, tmp_path: Path, name: str, content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    presenter, _ = wizard(store)
    presenter.choose_file(tmp_path / name)
    assert presenter.state.step is Step.CHOOSE
    assert name in presenter.state.problem
    presenter.choose_file(listed)
    assert presenter.state.step is Step.COLUMNS
    assert presenter.state.problem == ""


def test_an_import_can_be_stopped_between_two_chunks(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    rows = "".join(f"X{number};Thing {number};1.00\n" for number in range(2_000))
    path.write_text("code;name;price\n" + rows)
    presenter, _ = wizard(store)
    presenter.choose_file(path)
    going_on = presenter._going_on

    def stop_soon(done: int, total: int) -> None:
        going_on(done, total)
        if done:
            presenter.stop()

    presenter._going_on = stop_soon  # type: ignore[method-assign]
    presenter.start()
    assert presenter.state.result is not None
    assert "Stopped" in presenter.state.result.title
    assert store.products.count() == 504


def test_nothing_is_written_before_the_button_is_pressed(store: Store, listed: Path) -> None:
    later = Later()
    presenter, _ = wizard(store, later)
    presenter.choose_file(listed)
    later.run()
    later.run()
    presenter.start()
    assert presenter.state.step is Step.RUNNING
    assert store.products.count() == 4
