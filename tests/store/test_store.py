"""Opening, closing and sharing a store, and what a transaction promises."""

import os
import subprocess
import sys
import threading
from itertools import pairwise
from pathlib import Path

import pysqlite3
import pytest

from pos_app.domain import facts
from pos_app.domain.shop import ShopSettings
from pos_app.store import connection
from pos_app.store.errors import (
    DiskFull,
    KeyMissing,
    RowRefused,
    SqliteTooOld,
    StoreDamaged,
    StoreExists,
    StoreFolderMissing,
    StoreInUse,
    StoreIsReadOnlyView,
    StoreMissing,
    StoreNewer,
    StoreReadOnly,
)
from pos_app.store.store import Store, create_store, open_reader, open_store
from tests.store.shops import CASH, START, Counter, behind_our_back, fails, new_store, product

ROOT = Path(__file__).resolve().parents[2]


def test_a_commit_that_was_kept_and_yet_failed_does_not_stop_the_till(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, failing = connection.Database.run, [True]

    def kept_and_failed(
        self: connection.Database, sql: str, values: tuple[object, ...] = ()
    ) -> None:
        run(self, sql, values)
        if sql == "COMMIT" and failing:
            failing.clear()
            raise DiskFull(path=self.path)

    monkeypatch.setattr(connection.Database, "run", kept_and_failed)
    with pytest.raises(DiskFull):
        counter.sell()
    counter.sell()
    assert counter.store.sales.count() == 2
    assert counter.store.journal.count() == counter.store.journal.entries()[-1].seq


def test_what_was_sold_is_there_when_the_store_is_opened_again(tmp_path: Path) -> None:
    with new_store(tmp_path / "shop.db") as store:
        sale = Counter(store).sell(1, 2)
    with open_store(tmp_path / "shop.db") as store:
        assert store.sales.get(sale.id) == sale
        assert store.sales.by_number(sale.number) == sale
        assert store.settings.shop().name == "Corner"


def test_every_commit_waits_for_the_disk(store: Store) -> None:
    database = store._own.database
    assert database.value("PRAGMA journal_mode") == "wal"
    assert database.value("PRAGMA synchronous") == 2  # FULL
    assert database.value("PRAGMA foreign_keys") == 1


def test_an_error_inside_a_transaction_leaves_nothing_behind(counter: Counter) -> None:
    store, before = counter.store, counter.store.journal.count()
    with fails(store) as tx:
        counter.checkout.complete_in(tx, counter.cart(1), CASH)
    with fails(store) as tx:
        tx.products.save(product(77))
        tx.journal.append(facts.drawer_opened("test"), START, "1")
    assert (store.sales.count(), store.journal.count()) == (0, before)
    assert store.products.find("P77") is None
    assert counter.sell().number == "1-000001"


def test_numbers_have_no_gap_after_a_transaction_was_let_go(counter: Counter) -> None:
    first = counter.sell()
    with fails(counter.store) as tx:
        assert tx.sequences.next("sale") == 2
    second = counter.sell()
    assert (first.number, second.number) == ("1-000001", "1-000002")


def test_a_transaction_inside_another_is_a_mistake_of_the_program(store: Store) -> None:
    def again() -> None:
        with store.transaction():
            pass

    with store.transaction(), pytest.raises(RuntimeError, match="already running"):
        again()
    with store.transaction() as tx:
        tx.draft.put(None)


def test_an_open_store_is_refused_to_a_second_window(store: Store) -> None:
    with pytest.raises(StoreInUse, match="already open in another window"):
        open_store(store.path)


def test_an_open_store_is_refused_to_another_process_until_that_dies(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    new_store(path).close()
    program = (
        "import sys, time; from pathlib import Path; from pos_app.store.store import open_store; "
        "store = open_store(Path(sys.argv[1])); print('open', flush=True); time.sleep(60)"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", program, str(path)], cwd=ROOT, stdout=subprocess.PIPE
    )
    try:
        assert other.stdout is not None
        assert other.stdout.readline() == b"open\n"
        with pytest.raises(StoreInUse):
            open_store(path)
        with open_reader(path) as reader:
            assert reader.products.find("P1") is not None
    finally:
        other.kill()
        other.communicate()
    open_store(path).close()


def test_a_reader_sees_what_is_sold_and_cannot_sell(counter: Counter) -> None:
    with counter.store.reader() as reader:
        sale = counter.sell()
        assert reader.sales.last() == sale
        with pytest.raises(StoreIsReadOnlyView), reader.transaction():
            pass
        with pytest.raises(StoreReadOnly):
            reader._own.database.run("DELETE FROM draft")


def test_threads_write_in_turn_and_the_chain_stays_whole(counter: Counter) -> None:
    store = counter.store

    def work() -> None:
        for _ in range(20):
            with store.transaction() as tx:
                tx.journal.append(facts.drawer_opened("change"), START, "2")

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for _ in range(20):
        counter.sell(1)
    for thread in threads:
        thread.join()
    entries = store.journal.entries(limit=1000)
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    assert len(entries) == 1 + 3 * 20 + 20
    assert all(b.prev == a.hash for a, b in pairwise(entries))


def test_a_thread_does_not_see_what_another_has_not_finished(counter: Counter) -> None:
    seen: list[int] = []
    with counter.store.transaction() as tx:
        tx.journal.append(facts.drawer_opened("change"), START, "1")
        thread = threading.Thread(target=lambda: seen.append(counter.store.journal.count()))
        thread.start()
        thread.join()
        assert counter.store.journal.count() == seen[0] + 1


def test_the_settings_saved_in_one_thread_are_read_in_another(store: Store) -> None:
    assert store.settings.shop().name == "Corner"

    def rename() -> None:
        with store.transaction() as tx:
            tx.settings.save(ShopSettings(name="Market"))

    thread = threading.Thread(target=rename)
    thread.start()
    thread.join()
    assert store.settings.shop().name == "Market"


def test_a_missing_file_or_folder_is_told_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(StoreMissing, match=r"nothing\.db"):
        open_store(tmp_path / "nothing.db")
    with pytest.raises(StoreFolderMissing, match="no-folder"):
        open_store(tmp_path / "no-folder" / "shop.db")
    with pytest.raises(StoreFolderMissing):
        create_store(tmp_path / "no-folder" / "shop.db", ShopSettings(), now=START)


def test_a_new_store_never_overwrites_a_file(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    new_store(path).close()
    before = path.read_bytes()
    with pytest.raises(StoreExists):
        create_store(path, ShopSettings(), now=START)
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"not a database at all" * 300, b"SQLite format 3\0" * 9])
def test_a_file_that_is_no_store_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "shop.db"
    path.write_bytes(content)
    with pytest.raises(StoreDamaged):
        open_store(path)
    assert path.read_bytes()[:16] == content[:16]


def test_a_database_of_another_program_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    other = pysqlite3.connect(path)
    other.execute("CREATE TABLE sales (id)")
    other.close()
    with pytest.raises(StoreDamaged, match="not a store of this program"):
        open_store(path)


def test_a_truncated_store_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    new_store(path, products=200).close()
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 3])

    def read_all() -> None:
        with open_store(path) as store:
            for number in range(200):
                store.products.find(f"P{number}")

    with pytest.raises(StoreDamaged):
        read_all()


def test_a_store_of_a_newer_program_is_refused_with_both_versions(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    new_store(path).close()
    behind_our_back(path, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreNewer, match=r"version 9999.*up to 0006"):
        open_store(path)


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_read_only_folder_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(StoreReadOnly):
            create_store(tmp_path / "shop.db", ShopSettings(), now=START)
    finally:
        tmp_path.chmod(0o700)


def test_an_old_sqlite_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection.pysqlite3, "sqlite_version_info", (3, 51, 2))
    with pytest.raises(SqliteTooOld, match=r"3\.51\.3"):
        create_store(tmp_path / "shop.db", ShopSettings(), now=START)


def test_a_full_disk_refuses_the_sale_and_selling_goes_on_when_there_is_room(
    counter: Counter,
) -> None:
    store = counter.store
    sold = [counter.sell()]
    database = store._own.database
    database.run(f"PRAGMA max_page_count = {database.value('PRAGMA page_count')}")

    def sell_on() -> None:
        for _ in range(500):
            sold.append(counter.sell())  # noqa: PERF401 - what was sold before the refusal counts

    with pytest.raises(DiskFull, match="Make room"):
        sell_on()
    assert store.sales.count() == len(sold)
    assert store.journal.count() == len(sold) + 1
    database.run("PRAGMA max_page_count = 1000000")
    assert counter.sell().number == f"1-{len(sold) + 1:06d}"


def test_without_its_key_a_store_can_be_read_but_not_sold_from(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    with new_store(path) as store:
        sale = Counter(store).sell()
    path.with_name("shop.db.key").unlink()
    with open_store(path) as store:
        assert store.sales.get(sale.id) == sale
        with pytest.raises(KeyMissing, match="pos-app restore"):
            Counter(store).sell()
        with pytest.raises(KeyMissing):
            store.load_key()
        assert store.sales.count() == 1


def test_the_key_file_is_for_its_owner_only(store: Store) -> None:
    mode = store.path.with_name("shop.db.key").stat().st_mode
    assert mode & 0o777 == 0o600
    assert store.key_place == "file"


@pytest.mark.parametrize(
    "table", ["journal", "sales", "sale_lines", "sale_taxes", "tenders", "stock_moves"]
)
def test_facts_and_documents_cannot_be_changed_or_removed(counter: Counter, table: str) -> None:
    counter.sell()
    database = counter.store._own.database
    column = database.value("SELECT name FROM pragma_table_info(?) LIMIT 1", (table,))
    with pytest.raises(RowRefused, match="append-only"):
        database.run(f'UPDATE {table} SET "{column}" = "{column}"')
    with pytest.raises(RowRefused, match="append-only"):
        database.run(f"DELETE FROM {table}")


@pytest.mark.parametrize("statement", range(0, 14, 2))
def test_a_till_killed_between_two_statements_of_a_sale_keeps_all_or_nothing(
    tmp_path: Path, statement: int
) -> None:
    path = tmp_path / "shop.db"
    with new_store(path) as store:
        Counter(store).sell()
    program = Path(__file__).with_name("killed_while_selling.py")
    died = subprocess.run(
        [sys.executable, str(program), str(path), str(statement)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert died.returncode == -9
    with open_store(path) as store:
        assert store.sales.count() == 1
        assert store.journal.count() == 2
        assert store.draft.get() is not None
        assert Counter(store).sell().number == "1-000002"


def test_opening_a_store_needs_neither_sqlalchemy_nor_alembic_nor_keyring(tmp_path: Path) -> None:
    new_store(tmp_path / "shop.db").close()
    program = (
        "import sys; from pathlib import Path; from pos_app.store.store import open_store; "
        "store = open_store(Path(sys.argv[1])); store.products.find('P1'); "
        "store.products.search('bro'); print(sorted({'sqlalchemy', 'alembic', 'keyring', "
        "'cryptography'} & set(sys.modules)))"
    )
    told = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "shop.db")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == "[]"
