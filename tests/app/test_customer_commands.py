"""Customers on the command line: in, out, and a person's own data."""

import json
from pathlib import Path

import pytest

from pos_app.app.cli import run
from pos_app.store.store import open_reader

LIST = "Number,Name,Phone\nK1,Anna,1\nK2,,2\nK3,Berta,3\n"


@pytest.fixture
def shop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Path:
    monkeypatch.setenv("POS_APP_KEYS", "file")
    path, listed = tmp_path / "shop.db", tmp_path / "list.csv"
    listed.write_text(LIST)
    assert run(["import-customers", str(listed), "--store", str(path)]) == 1
    told = capsys.readouterr().out
    assert "2 customers added" in told
    assert "row 3" in told
    return path


def test_customers_come_in_and_go_out(
    shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.csv"
    assert run(["export-customers", str(out), "--store", str(shop), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["customers"] == 2
    other = tmp_path / "other.db"
    assert run(["import-customers", str(out), "--store", str(other)]) == 0
    assert run(["verify", "--store", str(other)]) == 0


def test_a_dry_run_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    listed, store = tmp_path / "list.csv", tmp_path / "none.db"
    listed.write_text("Wer,Wo\nAnna,Ulm\n")
    chosen = ["--column", "name=Wer", "--column", "city=Wo", "--dry-run", "--store", str(store)]
    assert run(["import-customers", str(listed), *chosen]) == 0
    assert "name: Anna, city: Ulm" in capsys.readouterr().out
    assert not store.exists()


def test_a_persons_data_is_written_and_the_person_erased(
    shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "k1.json"
    assert run(["customer-data", "K1", str(out), "--store", str(shop)]) == 0
    assert json.loads(out.read_text("utf-8"))["customer"]["phone"] == "1"
    assert run(["erase-customer", "K1", "--store", str(shop)]) == 0
    with open_reader(shop) as store:
        assert store.customers.search("anna") != []
    assert run(["erase-customer", "K1", "--yes", "--store", str(shop)]) == 0
    with open_reader(shop) as store:
        assert store.customers.search("anna") == []
    assert run(["verify", "--store", str(shop)]) == 0
    assert run(["erase-customer", "K9", "--yes", "--store", str(shop)]) == 2
    assert "K9" in capsys.readouterr().err
