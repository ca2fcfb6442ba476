"""Backups: made while the till sells, checked, and restored under a new epoch."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_app.domain.cart import Cart
from pos_app.domain.facts import FactKind
from pos_app.domain.pricing import PricePolicy
from pos_app.services.verification import verify
from pos_app.store.backup import backup_store, restore_store
from pos_app.store.errors import (
    BackupDamaged,
    NotOurBackup,
    StoreDamaged,
    StoreExists,
    StoreFolderMissing,
    StoreInUse,
    StoreMissing,
)
from pos_app.store.spool import PrintJob
from pos_app.store.store import Store, open_store
from tests.store.shops import START, Counter, behind_our_back, new_shop, new_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_shop(tmp_path / "shop.db") as opened:
        yield opened


def test_a_backup_of_a_running_store_is_one_whole_file(counter: Counter, tmp_path: Path) -> None:
    sale = counter.sell()
    report = backup_store(counter.store, tmp_path / "copy.db")
    counter.sell()
    head = counter.store.journal.get(report.entries)
    assert head is not None
    assert (report.documents, report.head_hash) == (1, head.hash)
    assert report.size_bytes == (tmp_path / "copy.db").stat().st_size
    assert not list(tmp_path.glob("copy.db-*"))
    assert not (tmp_path / "copy.db.part").exists()
    assert verify(tmp_path / "copy.db").is_sound
    (tmp_path / "shop.db.key").rename(tmp_path / "copy.db.key")
    with open_store(tmp_path / "copy.db") as copy:
        assert copy.sales.last() == sale


def test_a_backup_never_replaces_the_store_itself(store: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreExists):
        backup_store(store, store.path)
    with pytest.raises(StoreFolderMissing):
        backup_store(store, tmp_path / "nowhere" / "copy.db")
    with pytest.raises(StoreMissing):
        backup_store(tmp_path / "nothing.db", tmp_path / "copy.db")


def test_a_restored_store_sells_on_in_a_new_epoch(counter: Counter, tmp_path: Path) -> None:
    store = counter.store
    first = counter.sell()
    with store.transaction() as tx:
        tx.spool.add(PrintJob("p", "receipt", b"x", START))
    backup_store(store, tmp_path / "copy.db")
    counter.sell()
    with pytest.raises(StoreInUse):
        restore_store(tmp_path / "copy.db", store.path, START)
    store.close()
    report = restore_store(tmp_path / "copy.db", store.path, START)
    assert (report.epoch, report.documents) == (2, 1)
    assert report.replaced is not None
    with open_store(report.path) as restored:
        last = restored.journal.head()
        assert last is not None
        assert (last.kind, last.epoch, last.seq) == (FactKind.STORE_RESTORED, 2, report.entries)
        assert restored.sales.last() == first
        assert restored.spool.count() == 0
        assert Counter(restored).sell().number == "1.2-000002"
    assert verify(report.path).faults == ()
    assert verify(report.path).notes == ()
    with open_store(report.replaced) as replaced:
        assert replaced.sales.count() == 2
    again = restore_store(tmp_path / "copy.db", report.path, START)
    assert again.epoch == 3
    assert again.replaced not in (None, report.replaced)


def test_a_backup_replaces_an_older_one_and_nothing_else(counter: Counter, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    backup_store(counter.store, copy)
    backup_store(counter.store, copy)
    letter, other = tmp_path / "letter.txt", tmp_path / "other.db"
    letter.write_text("Dear customer")
    new_store(other).close()
    for target in (letter, other):
        before = target.read_bytes()
        with pytest.raises(NotOurBackup):
            backup_store(counter.store, target)
        assert target.read_bytes() == before


def test_a_backup_is_restored_where_there_was_nothing(counter: Counter, tmp_path: Path) -> None:
    counter.sell()
    backup_store(counter.store, tmp_path / "copy.db")
    (tmp_path / "new").mkdir()
    report = restore_store(tmp_path / "copy.db", tmp_path / "new" / "shop.db", START)
    assert report.replaced is None
    with open_store(report.path) as store:
        Counter(store).sell()
    found = verify(report.path)
    assert found.is_sound
    assert "epoch 1 is not on this machine" in found.notes[0]


def test_a_damaged_backup_replaces_nothing(counter: Counter, tmp_path: Path) -> None:
    for _ in range(30):
        counter.sell()
    backup_store(counter.store, tmp_path / "copy.db")
    counter.store.close()
    kept = counter.store.path.read_bytes()
    content = bytearray((tmp_path / "copy.db").read_bytes())
    broken = tmp_path / "broken.db"
    broken.write_bytes(content[: len(content) // 2])
    with pytest.raises((BackupDamaged, StoreDamaged)):
        restore_store(broken, counter.store.path, START)
    behind_our_back(tmp_path / "copy.db", "UPDATE journal SET staff = 'x' WHERE seq = 5")
    with pytest.raises(BackupDamaged, match="entry 5 was changed"):
        restore_store(tmp_path / "copy.db", counter.store.path, START)
    assert counter.store.path.read_bytes() == kept
    assert not list(tmp_path.glob("*.part*"))


def test_a_leftover_log_of_the_replaced_store_does_not_reach_the_restored_one(
    counter: Counter, tmp_path: Path
) -> None:
    first = counter.sell()
    backup_store(counter.store, tmp_path / "copy.db")
    counter.sell()
    log = (tmp_path / "shop.db-wal").read_bytes()
    main = (tmp_path / "shop.db").read_bytes()
    counter.store.close()
    (tmp_path / "shop.db").write_bytes(main)  # as after a power cut: the log was not moved in yet
    (tmp_path / "shop.db-wal").write_bytes(log)
    report = restore_store(tmp_path / "copy.db", tmp_path / "shop.db", START)
    with open_store(report.path) as restored:
        assert restored.sales.last() == first
        assert Counter(restored).sell().number == "1.2-000002"
    assert verify(report.path).is_sound


def test_a_restored_store_has_no_sale_in_progress(counter: Counter, tmp_path: Path) -> None:
    store = counter.store
    with store.transaction() as tx:
        tx.draft.put(Cart("01900000-0000-7000-8000-000000000001", PricePolicy("EUR")))
    assert store.draft.get() is not None
    backup_store(store, tmp_path / "copy.db")
    store.close()
    report = restore_store(tmp_path / "copy.db", store.path, START)
    with open_store(report.path) as restored:
        assert restored.draft.get() is None
