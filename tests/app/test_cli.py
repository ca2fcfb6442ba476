import json
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest

from pos_app import __version__
from pos_app.app.cli import run
from pos_app.domain.shop import ShopSettings
from pos_app.services.checkout import utc_now
from pos_app.services.demo_shop import DEMO_SHOP
from pos_app.store.store import create_store

README = Path(__file__).parent.parent.parent / "README.md"
SAMPLE = Path(__file__).parent.parent / "data"


@pytest.fixture(autouse=True)
def key_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POS_APP_KEYS", "file")


def write_list(folder: Path) -> Path:
    products = folder / "products.csv"
    products.write_text(
        "Code;Name;Price;Tax;Barcode\n"
        "A1;Milk;1,35;20;5000000000012\n"
        "A2;Bread;1,8955;20;5000000000029\n"
        "A3;Broken;minus;20;\n",
        "utf-8",
    )
    return products


def test_version_is_told_without_importing_qt_or_the_database() -> None:
    program = (
        "import sys; sys.argv = ['pos-app', '--version']\n"
        "from pos_app.__main__ import main\n"
        "status = main()\n"
        "heavy = {'PySide6', 'sqlalchemy', 'argparse', 'reportlab'} & set(sys.modules)\n"
        "sys.exit(status or bool(heavy))"
    )
    told = subprocess.run(
        [sys.executable, "-c", program], check=False, capture_output=True, text=True
    )
    assert told.returncode == 0
    assert told.stdout == f"pos-app {__version__}\n"


@pytest.mark.parametrize(
    "command",
    [
        "run",
        "demo",
        "import-products",
        "export-products",
        "import-customers",
        "export-customers",
        "customer-data",
        "erase-customer",
        "import-sales",
        "labels",
        "price",
        "verify",
        "backup",
        "restore",
    ],
)
def test_every_command_has_help_and_takes_a_store(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        run([command, "--help"])
    assert ended.value.code == 0
    assert "--store" in capsys.readouterr().out


def test_an_unknown_command_is_refused_with_status_2(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run(["sell-everything"])
    assert ended.value.code == 2


def test_products_are_imported_and_the_refused_rows_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = tmp_path / "shop.db"
    status = run(["import-products", str(write_list(tmp_path)), "--store", str(store), "--json"])
    told = json.loads(capsys.readouterr().out)
    assert status == 1
    assert (told["read"], told["added"], told["refused"]) == (3, 2, 1)
    assert told["refusals"][0]["row"] == 4
    assert Path(told["repair_file"]).exists()


def test_an_export_reads_back_as_the_same_catalogue(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store, other = tmp_path / "shop.db", tmp_path / "other.db"
    run(["import-products", str(write_list(tmp_path)), "--store", str(store)])
    exported = tmp_path / "out.xlsx"
    assert run(["export-products", str(exported), "--store", str(store)]) == 0
    assert run(["import-products", str(exported), "--store", str(other)]) == 0
    again = tmp_path / "again.csv"
    first = tmp_path / "first.csv"
    run(["export-products", str(again), "--store", str(other)])
    run(["export-products", str(first), "--store", str(store)])
    assert again.read_bytes() == first.read_bytes()


def test_a_store_that_is_not_there_is_one_sentence_and_status_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["verify", "--store", str(tmp_path / "none.db")]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("pos-app: ")
    assert told.err.count("\n") == 1


@pytest.mark.parametrize("command", ["import-products", "import-sales"])
def test_a_file_that_is_not_there_leaves_no_new_shop_behind(tmp_path: Path, command: str) -> None:
    store = tmp_path / "shop.db"
    assert run([command, str(tmp_path / "none.csv"), "--store", str(store)]) == 2
    assert not store.exists()


@pytest.mark.parametrize("command", ["import-products", "demo", "run"])
def test_a_folder_that_cannot_be_made_is_one_sentence_and_status_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    (tmp_path / "file").write_text("")
    words = [command, "--store", str(tmp_path / "file" / "shop.db")]
    words += [str(write_list(tmp_path))] if command == "import-products" else ["--offscreen"]
    assert run(words) == 2
    assert capsys.readouterr().err.startswith("pos-app: The folder ")


def test_a_shop_is_never_taken_for_a_demo_that_may_be_made_anew(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = tmp_path / "shop.db"
    run(["import-products", str(write_list(tmp_path)), "--store", str(store)])
    before = store.read_bytes()
    assert run(["demo", "--fresh", "--offscreen", "--store", str(store)]) == 2
    assert store.read_bytes() == before
    assert "not a demo shop" in capsys.readouterr().err


def test_a_demo_in_another_window_is_not_made_anew(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "demo.db"
    with create_store(path, ShopSettings(), shop_code=DEMO_SHOP, now=utc_now()):
        assert run(["demo", "--fresh", "--offscreen", "--store", str(path)]) == 2
        assert path.exists()
    assert "already open" in capsys.readouterr().err


def test_a_wrong_price_file_names_the_field_and_prints_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = tmp_path / "wrong.json"
    wrong.write_text('{"currency": "EUR", "lines": [{"quantity": 5, "unit_price": "1"}]}')
    assert run(["price", str(wrong)]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "lines[0].quantity" in told.err
    assert run(["price", str(tmp_path / "missing.json")]) == 2


def test_backup_verify_and_restore_bring_a_shop_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store, copy = tmp_path / "shop.db", tmp_path / "copy.db"
    run(["import-products", str(write_list(tmp_path)), "--store", str(store)])
    assert run(["backup", str(copy), "--store", str(store)]) == 0
    assert run(["restore", str(copy), "--store", str(store)]) == 0
    capsys.readouterr()
    assert run(["verify", "--store", str(store), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["faults"] == []


def test_verify_shows_a_person_how_far_it_is_and_nothing_to_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = tmp_path / "shop.db"
    run(["import-products", str(write_list(tmp_path)), "--store", str(store)])
    for is_person in (True, False):
        screen = StringIO()
        monkeypatch.setattr(screen, "isatty", lambda answer=is_person: answer)
        monkeypatch.setattr(sys, "stderr", screen)
        assert run(["verify", "--store", str(store)]) == 0
        assert ("Checking" in screen.getvalue() and "100 %" in screen.getvalue()) is is_person


def test_the_readme_names_commands_that_there_are_and_those_of_the_stock() -> None:
    lines = README.read_text("utf-8").splitlines()
    named = {line.split()[1] for line in lines if line.startswith(".venv/bin/pos-app ")}
    assert "stock" in named
    for command in named - {"--help"}:
        with pytest.raises(SystemExit) as ended:
            run([command, "--help"])
        assert ended.value.code == 0
