"""The German fiscal export on the command line."""

import json
from pathlib import Path

import pytest

from pos_app.app.cli import run
from tests.services.cash_day import GOODS, CashDay, counted, eur


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    day = CashDay(tmp_path / "shop.db")
    day.shifts.open(counted(eur(100)))
    day.sell(*GOODS, tendered=20)
    day.close_as_counted()
    day.sell(GOODS[0], tendered=5)
    day.store.close()
    return day.path


def test_a_medium_is_written_and_its_sums_are_checked(
    shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "medium.zip"
    options = ["dsfinvk", str(path), "--from", "2026-03-04", "--to", "2026-03-04"]
    assert run([*options, "--json", "--store", str(shop)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told == {
        "file": str(path),
        "closings": 1,
        "receipts": 1,
        "unclosed": 1,
        "faults": [],
    }
    assert path.is_file()


def test_days_without_a_closing_are_a_refusal_that_says_what_to_do(
    shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "medium.zip"
    assert run(["dsfinvk", str(path), "--from", "2025-01-01", "--store", str(shop)]) == 2
    assert "close the day" in capsys.readouterr().err
    assert not path.exists()
