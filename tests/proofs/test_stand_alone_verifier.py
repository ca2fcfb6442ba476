"""The auditor's own program finds what was changed, names the place, and needs nothing of ours."""

import ast
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import pysqlite3
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pos_app.domain.journal import entry_hash
from pos_app.services.checkout import Checkout
from pos_app.store.keys import KeyName, load_key
from pos_app.store.store import open_store
from tests.proofs.clean_shops import make_clean_shop
from tests.proofs.stand_alone import VERIFIER, report_of, said_of
from tests.proofs.tamper import STAND_ALONE, VERIFY, run_with, work_folder
from tests.proofs.tamper_exports import export, false_alarms, period_of_shop, run_exports
from tests.proofs.tampering import Tool, rewrite

ROOT = Path(__file__).resolve().parents[2]
OWN_LIBRARIES = {"cryptography", "nacl"}
# Runs the verifier and then looks what it has imported.
ALONE = """
import runpy, sys
verifier, *sys.argv[1:] = sys.argv[1:]
try:
    runpy.run_path(verifier, run_name="__main__")
except SystemExit as end:
    code = end.code
ours = sorted(name for name in sys.modules if name.split(".")[0] in ("pos_app", "tests"))
print(ours, file=sys.stderr)
sys.exit(99 if ours else code)
"""


@pytest.fixture
def quick(tmp_path: Path) -> Iterator[Path]:
    where = work_folder()
    folder = tmp_path if where is None else Path(where) / f"pos-app-alone-{tmp_path.name}"
    folder.mkdir(exist_ok=True)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def shop(quick: Path) -> Path:
    make_clean_shop(quick / "shop.db", seed=3, gestures=16)
    return quick / "shop.db"


def run_alone(
    *arguments: str, flags: tuple[str, ...] = ("-I",)
) -> subprocess.CompletedProcess[str]:
    """Run the verifier as an auditor does: no path of ours, no environment of ours."""
    command = [sys.executable, *flags, "-c", ALONE, str(VERIFIER), *arguments]
    return subprocess.run(
        command, cwd="/", env={"PYTHONPATH": ""}, capture_output=True, text=True, check=False
    )


def test_it_imports_the_standard_library_one_signature_library_and_nothing_of_ours() -> None:
    tree = ast.parse(VERIFIER.read_text("utf-8"), feature_version=(3, 8))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import)
             for alias in node.names}  # fmt: skip
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    rooms = {name.partition(".")[0] for name in names}
    assert rooms - set(sys.stdlib_module_names) == OWN_LIBRARIES


def test_run_apart_from_the_program_it_calls_till_and_exports_sound(shop: Path) -> None:
    whole = export(shop, shop.with_name("whole.zip"))
    part = export(shop, shop.with_name("part"), period_of_shop(shop))
    for path in (shop, whole, part):
        done = run_alone(str(path), "--json")
        assert done.returncode == 0, done.stderr + done.stdout
        told = json.loads(done.stdout)
        assert told["faults"] == []
        assert told["looked_at"]["entries"] > 5
    told = json.loads(run_alone(str(part), "--json").stdout)
    assert told["looked_at"]["hashes of other entries"] > 5


def test_run_apart_it_names_document_column_and_both_values_of_a_fault(shop: Path) -> None:
    with pysqlite3.connect(shop) as raw:
        raw.execute("DROP TRIGGER sale_lines_no_update")
        [(sale, number)] = raw.execute("SELECT row, number FROM sales ORDER BY row LIMIT 1")
        raw.execute("UPDATE sale_lines SET quantity = '77' WHERE sale = ? AND line_no = 1", (sale,))
    raw.close()
    done = run_alone(str(shop))
    assert done.returncode == 1
    assert f"document {number}, line 1: quantity is '77' in the row and " in done.stdout
    assert "trigger sale_lines_no_update" in done.stdout


def test_without_a_signature_library_it_says_which_to_install_and_checks_nothing(
    shop: Path,
) -> None:
    done = run_alone(str(shop), flags=("-I", "-S"))
    assert done.returncode == 2
    assert "pip install cryptography" in done.stderr


def test_what_is_no_export_and_no_till_is_refused(quick: Path) -> None:
    (quick / "letter.txt").write_text("Dear auditor")
    (quick / "empty").mkdir()
    for name in ("letter.txt", "empty", "missing.zip"):
        done = run_alone(str(quick / name))
        assert done.returncode == 2, done.stdout
        assert done.stderr.startswith("verify: ")


def test_a_file_that_stands_twice_in_a_zip_is_found_though_both_are_alike(shop: Path) -> None:
    path = export(shop, shop.with_name("audit.zip"))
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("rows/sales.jsonl", archive.read("rows/sales.jsonl"))
    [said] = said_of(path)
    assert "rows/sales.jsonl stands there twice" in said


def test_no_false_alarm_on_sound_shops_their_exports_and_their_periods(quick: Path) -> None:
    assert false_alarms(14, 700, quick) == []


def test_each_tamper_with_a_store_is_found_and_located_by_both_programs(quick: Path) -> None:
    reports = run_with((VERIFY, STAND_ALONE), 160, seed=31, folder=quick)
    for name, report in reports.items():
        assert report.missed == [], name
        assert report.found > 90, name
        assert len(report.by_way) > 10, name


def test_each_tamper_with_an_export_is_found_and_located(quick: Path) -> None:
    report = run_exports(250, seed=32, folder=quick)
    assert report.missed == []
    assert report.found + report.no_effect == 250
    assert len(report.by_way) == 17


@pytest.mark.long
def test_each_of_ten_thousand_tampers_is_found_and_located() -> None:
    for command in (
        ["tests/proofs/tamper.py", "--tampers", "10000", "--both"],
        ["tests/proofs/tamper_exports.py", "--tampers", "10000", "--clean", "1000"],
    ):
        done = subprocess.run(
            [sys.executable, *command], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout


def sell_on(path: Path) -> None:
    with open_store(path) as store:
        Checkout(store, lambda: datetime(2026, 8, 1, tzinfo=UTC)).open_drawer("change")


def test_an_older_copy_is_seen_only_by_who_kept_an_earlier_report(shop: Path) -> None:
    older = shop.with_name("older.db")
    shutil.copyfile(shop, older)
    sell_on(shop)
    earlier = report_of(shop)
    assert said_of(older) == []  # what nobody can see from the file alone
    [said] = said_of(older, earlier)
    assert f"entry {earlier['head']['seq']} is not there as it was" in said
    assert said_of(shop, earlier) == []


def test_the_mark_beside_the_till_shows_an_older_copy_too(shop: Path) -> None:
    older = shop.read_bytes()
    sell_on(shop)
    shop.write_bytes(older)
    [said] = said_of(shop)
    assert "older copy" in said


def test_a_journal_signed_with_another_key_is_seen_by_who_noted_the_keys(shop: Path) -> None:
    earlier = report_of(shop)
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes_raw()

    def change(tool: Tool) -> int:
        [first] = tool.rows("SELECT * FROM journal WHERE seq = 1")
        told = {**json.loads(first["payload"]), "public_key": public.hex()}
        tool.put("journal", first, payload=written(told))
        tool.raw.execute("UPDATE till_epochs SET public_key = ?", (public,))
        return 1

    assert write_as_the_till(shop, change, key.sign) == []  # nobody can see it in the file alone
    said = said_of(shop, {"keys": earlier["keys"]})
    assert ["the earlier report names" in sentence for sentence in said] == [True]


# --- What somebody with the till's own key writes is signed and chained; other checks see it. ---


def write_as_the_till(
    path: Path, change: Callable[[Tool], int], sign: Callable[[bytes], bytes] | None = None
) -> list[dict[str, Any]]:
    """Change rows with the key at hand, hash and sign the journal again, and check."""
    tool = Tool(path, Random(1))
    [epoch] = tool.rows("SELECT store_id, epoch FROM till_epochs")
    signer = load_key(KeyName(epoch["store_id"], epoch["epoch"], path))
    assert signer is not None
    first = change(tool)
    rewrite(tool, first, sign or signer.sign)
    tool.close()
    path.with_name(f"{path.name}.seen").unlink()
    return list(report_of(path)["faults"])


def written(plain: Any) -> str:
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def of_kind(tool: Tool, kind: str) -> dict[str, Any]:
    [*_, row] = tool.rows("SELECT * FROM journal WHERE kind = ? ORDER BY seq", (kind,))
    return row


def test_a_signed_document_that_does_not_add_up_is_found(shop: Path) -> None:
    def change(tool: Tool) -> int:
        entry = of_kind(tool, "sale_completed")
        told = json.loads(entry["payload"])
        for name in ("net", "gross", "amount_due", "paid"):
            told[name] += 1
        tool.raw.execute(
            "UPDATE sales SET net = net + 1, gross = gross + 1, amount_due = amount_due + 1, "
            "paid = paid + 1 WHERE id = ?",
            (told["id"],),
        )
        tool.put("journal", entry, payload=written(told))
        return int(entry["seq"])

    faults = write_as_the_till(shop, change)
    assert {fault["check"] for fault in faults} == {"arithmetic"}
    assert any("the lines have a net of" in fault["sentence"] for fault in faults)


def test_a_signed_payload_that_is_not_canonical_is_found(shop: Path) -> None:
    def change(tool: Tool) -> int:
        entry = of_kind(tool, "settings_changed")
        tool.put("journal", entry, payload=entry["payload"].replace(":", ": ", 1))
        return int(entry["seq"])

    assert "payload" in {fault["check"] for fault in write_as_the_till(shop, change)}


def test_a_signed_gap_in_the_numbers_of_documents_is_found(shop: Path) -> None:
    def change(tool: Tool) -> int:
        [*_, sale] = tool.rows("SELECT * FROM sales ORDER BY row")
        for table in ("sale_lines", "sale_taxes", "tenders"):
            tool.raw.execute(f"UPDATE {table} SET sale = sale + 1 WHERE sale = ?", (sale["row"],))
        tool.raw.execute("UPDATE sales SET row = row + 1 WHERE row = ?", (sale["row"],))
        tool.raw.execute("UPDATE sequences SET last = last + 1 WHERE series = 'sale'")
        return 1

    assert {fault["check"] for fault in write_as_the_till(shop, change)} == {"number"}


def test_a_signed_gap_in_the_journal_is_found(shop: Path) -> None:
    def change(tool: Tool) -> int:
        [last] = tool.rows("SELECT * FROM journal ORDER BY seq DESC LIMIT 1")
        tool.put("journal", last, seq=last["seq"] + 1)
        return 1

    faults = write_as_the_till(shop, change)
    assert any(fault["check"] == "chain" and "is missing before" in fault["sentence"]
               for fault in faults)  # fmt: skip


def test_a_signed_entry_that_follows_another_one_than_the_one_before_is_found(shop: Path) -> None:
    def change(tool: Tool) -> int:
        earlier, _, last = tool.rows("SELECT * FROM journal ORDER BY seq DESC LIMIT 3")[::-1]
        [epoch] = tool.rows("SELECT store_id, epoch FROM till_epochs")
        signer = load_key(KeyName(epoch["store_id"], epoch["epoch"], shop))
        assert signer is not None
        names = ("till", "epoch", "seq", "id", "kind", "at", "staff", "payload")
        own = entry_hash(*(last[name] for name in names), earlier["hash"].hex())
        raw = bytes.fromhex(own)
        tool.put("journal", last, prev=earlier["hash"], hash=raw, signature=signer.sign(raw))
        return int(last["seq"]) + 1  # nothing is hashed again

    [fault] = write_as_the_till(shop, change)
    assert (fault["check"], fault["field"]) == ("chain", "prev")


def test_an_epoch_that_nothing_announces_is_found(shop: Path) -> None:
    def change(tool: Tool) -> int:
        [first] = tool.rows("SELECT * FROM journal WHERE seq = 1")
        tool.put("journal", first, kind="drawer_opened")
        return 1

    assert "epoch" in {fault["check"] for fault in write_as_the_till(shop, change)}


def test_a_signed_movement_that_the_levels_do_not_show_is_found(shop: Path) -> None:
    def change(tool: Tool) -> int:
        tool.raw.execute("UPDATE stock_levels SET level_micro = level_micro + 5")
        return 1

    assert {fault["check"] for fault in write_as_the_till(shop, change)} == {"stock"}


def test_movements_that_cancel_each_other_and_belong_to_nothing_are_found(shop: Path) -> None:
    def change(tool: Tool) -> int:
        [move, *_] = tool.rows("SELECT * FROM stock_moves ORDER BY row DESC")
        for row, micro in ((1, 5_000_000), (2, -5_000_000)):
            stray = {"document_id": "nobody", "quantity_micro": micro, "row": move["row"] + row}
            tool.insert("stock_moves", {**move, **stray})
        return 1

    faults = write_as_the_till(shop, change)
    assert [fault["check"] for fault in faults] == ["stock", "stock"]
    assert "belongs to nothing that the journal tells of" in faults[0]["sentence"]


def test_a_tax_that_no_entry_tells_of_is_found(shop: Path) -> None:
    def change(tool: Tool) -> int:
        [tax, *_] = tool.rows("SELECT * FROM taxes WHERE rate IS NOT NULL ORDER BY row DESC")
        tool.insert("taxes", {**tax, "row": 99, "rate": "3.25"})
        return 1

    [fault] = write_as_the_till(shop, change)
    assert (fault["check"], fault["file"]) == ("standing", "table taxes")
    assert "3.25" in fault["sentence"]
