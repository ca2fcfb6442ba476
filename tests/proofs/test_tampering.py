"""Who changes a store behind the till's back is found out, and sound stores raise no alarm."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pysqlite3
import pytest

from pos_app.services.verification import verify
from pos_app.store.backup import backup_store, restore_store
from pos_app.store.seen import SEEN
from pos_app.store.store import open_store
from tests.proofs.clean_shops import make_clean_shop
from tests.proofs.tamper import run, said_of, work_folder

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def quick(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where there is one, so that nothing waits for a disk."""
    where = work_folder()
    if where is None:
        yield tmp_path
        return
    folder = Path(where) / f"pos-app-{os.getpid()}-{tmp_path.name}"
    folder.mkdir()
    yield folder
    shutil.rmtree(folder)


def test_no_false_alarm_on_two_hundred_shops_made_by_random_selling(quick: Path) -> None:
    entries = documents = epochs = 0
    for seed in range(200):
        path = quick / f"{seed}.db"
        make_clean_shop(path, seed, gestures=12 + seed % 10)
        found = verify(path)
        assert found.faults == (), f"seed {seed}"
        assert found.notes == (), f"seed {seed}"
        entries, documents = entries + found.entries, documents + found.documents
        epochs += path.with_name(f"{path.name}.backup").exists()
        for file in quick.iterdir():
            file.unlink()
    assert (entries > 4_000, documents > 1_000, epochs > 20) == (True, True, True)


def test_each_of_a_thousand_tampers_is_found_and_said_where(quick: Path) -> None:
    report = run(1_000, seed=20, folder=quick)
    assert report.missed == []
    assert report.found + report.no_effect + report.unproven + report.log_cut == 1_000
    assert report.found > 750
    assert len(report.by_way) == 17


@pytest.mark.long
def test_each_of_ten_thousand_tampers_is_found_and_said_where() -> None:
    command = [sys.executable, "tests/proofs/tamper.py", "--tampers", "10000", "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert json.loads(done.stdout)["missed"] == [], done.stderr


@pytest.fixture
def shop(quick: Path) -> Path:
    path = quick / "shop.db"
    make_clean_shop(path, seed=1, gestures=12)
    return path


def older_copy(path: Path) -> Path:
    """Sell on, and return a copy of the file as it was before."""
    older = path.with_name("older")
    shutil.copyfile(path, older)
    with open_store(path) as store, store.transaction() as tx:
        tx.products.save_many([])
        shown = store.settings.shop()
        tx.journal.append(_drawer(), datetime(2026, 6, 1, tzinfo=UTC), "1")
        assert shown.name
    return older


def _drawer():  # type: ignore[no-untyped-def]
    from pos_app.domain.facts import drawer_opened

    return drawer_opened("change")


def test_an_older_copy_is_shown_by_the_mark_beside_the_store(shop: Path) -> None:
    older = older_copy(shop)
    assert said_of(shop) == []
    older.replace(shop)
    [said] = said_of(shop)
    assert "older copy" in said


def test_an_older_copy_without_the_mark_cannot_be_seen_from_the_file_alone(shop: Path) -> None:
    older_copy(shop).replace(shop)
    shop.with_name(f"{shop.name}{SEEN}").unlink()
    assert said_of(shop) == []


def test_a_receipt_of_a_lost_sale_names_an_entry_that_an_older_copy_does_not_have(
    shop: Path,
) -> None:
    before = verify(shop)
    older = older_copy(shop)
    after = verify(shop)
    assert (after.head_seq, after.head_hash) != (before.head_seq, before.head_hash)
    assert verify(older).head_hash == before.head_hash


def test_a_mark_that_cannot_be_read_raises_no_alarm(shop: Path) -> None:
    for broken in (b"", b"{", b"[]", b'{"store": "another", "seq": 9, "hash": "x"}', b"\xff\xfe"):
        shop.with_name(f"{shop.name}{SEEN}").write_bytes(broken)
        assert said_of(shop) == []


def test_a_restored_backup_raises_no_alarm_though_it_is_older(shop: Path) -> None:
    backup = shop.with_name("backup.db")
    backup_store(shop, backup)
    older_copy(shop)
    restore_store(backup, shop, datetime(2026, 6, 2, tzinfo=UTC))
    assert said_of(shop) == []


def test_a_store_signed_with_a_strangers_key_is_found_only_beside_its_own_key(shop: Path) -> None:
    shop.with_name(f"{shop.name}.key").unlink()
    found = verify(shop)
    assert found.is_sound
    assert "not on this machine" in found.notes[0]


def test_a_damaged_text_that_sqlite_cannot_even_name_is_a_named_refusal(shop: Path) -> None:
    content = shop.read_bytes()
    shop.write_bytes(content.replace(b"CREATE TABLE sales", b"CREATE TABLE sal\xa0s"))
    assert said_of(shop)


def test_the_price_of_a_product_changed_in_the_file_is_told_with_both_prices(shop: Path) -> None:
    with pysqlite3.connect(shop) as raw:
        raw.execute("UPDATE products SET price = '0.01' WHERE row = 1")
        [(name,)] = raw.execute("SELECT name FROM products WHERE row = 1")
    raw.close()
    [said] = said_of(shop)
    assert f"product {name}: price is 0.01 in the rows and" in said


def test_settings_changed_in_the_file_are_told(shop: Path) -> None:
    with pysqlite3.connect(shop) as raw:
        raw.execute("UPDATE settings SET value = replace(value, 'Corner', 'Corner-')")
    raw.close()
    [said] = said_of(shop)
    assert "name is Corner- shop in the rows and Corner shop in the journal" in said


def test_a_file_that_was_cut_short_says_after_which_page(shop: Path) -> None:
    with shop.open("rb+") as file:
        file.truncate(5 * 4096)
    [said] = said_of(shop)
    assert "the file ends after page 5 of" in said
    assert replace(verify(shop), faults=()).is_sound
