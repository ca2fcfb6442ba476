"""An auditor gets everything, or some days that are tied to the rest, whole or not at all."""

import hashlib
import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from pos_app.app.cli import run
from pos_app.domain.payment import TenderMethod
from pos_app.domain.product import Product
from pos_app.domain.report_period import ReportPeriod
from pos_app.domain.shop import ShopSettings
from pos_app.services.auditor_export import (
    SIGNED_WITH,
    NothingInPeriod,
    export_for_auditor,
    suggested_name,
)
from pos_app.services.catalogue import Catalogue
from pos_app.services.checkout import Checkout, TenderRequest
from pos_app.services.export_files import FolderNotEmpty
from pos_app.spreadsheets.writing import FileNotWritable
from pos_app.store.errors import KeyMissing
from pos_app.store.store import Store, create_store, open_reader
from tests.proofs.stand_alone import report_of, said_of

FIRST = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Day:
    """A clock that stands still until it is moved on."""

    def __init__(self) -> None:
        self.now = FIRST

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(autouse=True)
def keys_in_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POS_APP_KEYS", "file")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A shop that sold one thing on each of five days."""
    clock = Day()
    path = tmp_path / "shop.db"
    with create_store(path, ShopSettings(time_zone="Europe/Berlin"), now=FIRST) as made:
        catalogue, checkout = Catalogue(made, clock), Checkout(made, clock, "1")
        milk = catalogue.save_product(Product(catalogue.new_id(), "A1", "Milk €", Decimal("1.20")))
        for _ in range(5):
            cart = checkout.add(checkout.new_cart(), milk.id)
            checkout.complete(cart, (TenderRequest(TenderMethod.CASH),))
            checkout.open_drawer("change")
            clock.now += timedelta(days=1)
        yield made


def lines(path: Path, name: str) -> list[dict[str, object]]:
    with zipfile.ZipFile(path) as archive:
        return [json.loads(line) for line in archive.read(name).splitlines()]


def test_everything_is_in_it_and_the_manifest_names_each_file_and_is_signed(
    store: Store, tmp_path: Path
) -> None:
    path = tmp_path / "audit.zip"
    done = export_for_auditor(store, path)
    assert (done.entries, done.documents) == (store.journal.count(), 5)
    assert (done.first_seq, done.last_seq) == (1, store.journal.count())
    with zipfile.ZipFile(path) as archive:
        raw = archive.read("manifest.json")
        told, signed = json.loads(raw), json.loads(archive.read("manifest.sig"))
        for name in set(archive.namelist()) - {"manifest.json", "manifest.sig"}:
            assert told["files"][name]["sha256"] == hashlib.sha256(archive.read(name)).hexdigest()
        assert set(archive.namelist()) == {*told["files"], "manifest.json", "manifest.sig"}
        assert b"def check(" in archive.read("verify.py")
        assert "AUSFUHR FÜR DIE PRÜFUNG" in archive.read("README.txt").decode()
    key = Ed25519PublicKey.from_public_bytes(store.identity.public_key)
    key.verify(bytes.fromhex(signed["signature"]), SIGNED_WITH + raw)
    assert done.keys == {1: store.identity.public_key.hex()}
    entries = lines(path, "journal.jsonl")
    assert [entry["hash"] for entry in entries] == [e.hash for e in store.journal.entries()]
    assert [sale["number"] for sale in lines(path, "rows/sales.jsonl")] == [
        sale.number for _, sale in store.sales.stream()
    ]


def test_days_are_tied_to_the_beginning_and_the_end_by_the_hashes_of_all_other_entries(
    store: Store, tmp_path: Path
) -> None:
    path, days = tmp_path / "days.zip", ReportPeriod(date(2026, 3, 3), date(2026, 3, 4))
    done = export_for_auditor(store, path, days)
    assert done.documents == 2
    assert [sale["business_day"] for sale in lines(path, "rows/sales.jsonl")] == [
        "2026-03-03",
        "2026-03-04",
    ]
    told = lines(path, "journal.jsonl")
    links = lines(path, "links.jsonl")
    numbers = [entry["seq"] for entry in (*told, *links)]
    assert sorted(numbers) == list(range(1, store.journal.count() + 1))  # type: ignore[type-var]
    in_full = [entry["seq"] for entry in links if "payload" in entry]
    assert in_full == [1, done.last_seq + 1, done.head_seq]
    assert all(str(entry["at"])[:10] in ("2026-03-03", "2026-03-04") for entry in told)
    assert said_of(path) == []
    [before] = lines(path, "rows/stock_before.jsonl")
    [after] = lines(path, "rows/stock_levels.jsonl")
    assert (before["level_micro"], after["level_micro"]) == (-1_000_000, -3_000_000)


def test_a_day_is_the_shops_own_day_not_that_of_utc(store: Store, tmp_path: Path) -> None:
    clock = Day()
    clock.now = datetime(2026, 3, 9, 23, 30, tzinfo=UTC)  # half past midnight in Berlin
    Checkout(store, clock).open_drawer("late")
    day = date(2026, 3, 10)
    done = export_for_auditor(store, tmp_path / "late.zip", ReportPeriod(day, day))
    assert done.entries == 1
    assert said_of(tmp_path / "late.zip") == []


def test_a_folder_holds_the_same_and_one_in_use_is_refused(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "audit"
    folder.mkdir()
    export_for_auditor(store, folder, now=lambda: FIRST)
    assert said_of(folder) == []
    with pytest.raises(FolderNotEmpty):
        export_for_auditor(store, folder)
    export_for_auditor(store, tmp_path / "audit.zip", now=lambda: FIRST)
    with zipfile.ZipFile(tmp_path / "audit.zip") as archive:
        for name in archive.namelist():
            assert (folder / name).read_bytes() == archive.read(name)


def test_days_without_an_entry_are_refused(store: Store, tmp_path: Path) -> None:
    day = date(2025, 1, 1)
    with pytest.raises(NothingInPeriod, match="2025-01-01"):
        export_for_auditor(store, tmp_path / "none.zip", ReportPeriod(day, day))
    assert [path.name for path in tmp_path.iterdir() if "none" in path.name] == []


def test_stopped_half_way_nothing_is_left_and_an_older_export_stays(
    store: Store, tmp_path: Path
) -> None:
    path = tmp_path / "audit.zip"
    path.write_bytes(b"the one of last year")
    before = sorted(tmp_path.iterdir())

    class Stopped(Exception):
        pass

    def stop(_done: int, _total: int) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        export_for_auditor(store, path, on_progress=stop)
    assert path.read_bytes() == b"the one of last year"
    assert sorted(tmp_path.iterdir()) == before


def test_a_folder_that_is_not_there_is_a_named_refusal(store: Store, tmp_path: Path) -> None:
    with pytest.raises(FileNotWritable):
        export_for_auditor(store, tmp_path / "nowhere" / "audit.zip")


def test_without_the_tills_key_nothing_is_signed_and_nothing_written(
    store: Store, tmp_path: Path
) -> None:
    (tmp_path / "shop.db.key").unlink()
    with open_reader(tmp_path / "shop.db") as reader, pytest.raises(KeyMissing):
        export_for_auditor(reader, tmp_path / "audit.zip")
    assert not (tmp_path / "audit.zip").exists()


def test_what_is_sold_while_it_is_written_is_in_the_next_one(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "audit.zip"
    before = store.journal.count()

    def sell_on(_done: int, _total: int) -> None:
        if store.journal.count() == before:
            Checkout(store, lambda: FIRST).open_drawer("meanwhile")

    with open_reader(store.path) as reader:
        done = export_for_auditor(reader, path, on_progress=sell_on)
    assert (done.head_seq, store.journal.count()) == (before, before + 1)
    assert said_of(path) == []


def test_a_name_is_proposed_that_says_till_and_days(store: Store) -> None:
    assert suggested_name(store) == "audit-1.zip"
    days = ReportPeriod(date(2026, 1, 1), date(2026, 3, 31))
    assert suggested_name(store, days) == "audit-1-2026-01-01-2026-03-31.zip"


def test_the_command_writes_it_and_says_how_it_is_checked(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "audit.zip"
    shop = ["--store", str(store.path)]
    assert run(["export-auditor", *shop, str(path), "--from", "2026-03-03", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["keys"] == {"1": store.identity.public_key.hex()}
    assert report_of(path)["period"] == {"start": "2026-03-03", "end": "2026-03-03"}
    assert run(["export-auditor", *shop, str(path)]) == 0
    assert "python verify.py audit.zip" in capsys.readouterr().out
    assert run(["export-auditor", *shop, str(path), "--from", "2020-01-01"]) == 2
    assert "Nothing was written from 2020-01-01" in capsys.readouterr().err
