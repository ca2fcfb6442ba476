"""The store's chores are done beside the counter: commits of the till no longer do them."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_app.domain import facts
from pos_app.domain.shop import ShopSettings
from pos_app.services.checkout import utc_now
from pos_app.services.upkeep import FOLD_DOCUMENTS, TIDY_PAGES, Upkeep
from pos_app.store.connection import CHECKPOINT_PAGES
from pos_app.store.store import Store, create_store
from tests.store.shops import CASH, Counter, new_store

PAGE = 4096
A_LOT = "x" * 100 * PAGE


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with create_store(tmp_path / "shop.db", ShopSettings(), now=utc_now()) as opened:
        yield opened


def write_pages(store: Store, hundreds: int) -> None:
    for _ in range(hundreds):
        with store.transaction() as tx:
            tx.journal.append(facts.drawer_opened(A_LOT), utc_now(), "1")


def test_a_commit_that_would_be_due_to_tidy_leaves_it_to_the_upkeep(store: Store) -> None:
    upkeep = Upkeep(store, every_s=3600)
    upkeep.start()
    write_pages(store, CHECKPOINT_PAGES // 100 + 5)
    assert store.untidied_pages() > CHECKPOINT_PAGES
    upkeep.stop()


def test_without_upkeep_commits_tidy_as_ever(store: Store) -> None:
    write_pages(store, CHECKPOINT_PAGES // 100 + 5)
    assert store.untidied_pages() < CHECKPOINT_PAGES // 2


def test_few_pages_wait_and_many_are_moved(store: Store) -> None:
    upkeep = Upkeep(store)
    write_pages(store, 1)
    assert 0 < store.untidied_pages() < TIDY_PAGES
    assert not upkeep.work_once()
    write_pages(store, TIDY_PAGES // 100)
    assert upkeep.work_once()
    assert store.untidied_pages() == 0


def test_the_days_sums_follow_where_many_sales_are_missing(tmp_path: Path) -> None:
    with new_store(tmp_path / "shop.db") as store:
        counter = Counter(store)
        counter.sell()
        upkeep = Upkeep(store)
        assert not upkeep.work_once()
        assert store.day_sums.behind == 1
        with store.transaction() as tx:
            for _ in range(FOLD_DOCUMENTS):
                counter.checkout.complete_in(tx, counter.cart(1), CASH)
        assert upkeep.work_once()
        assert store.day_sums.behind == 0
        assert not upkeep.work_once()


def test_its_thread_tidies_while_the_till_has_the_writers_turn(store: Store) -> None:
    upkeep = Upkeep(store, every_s=0.01)
    write_pages(store, TIDY_PAGES // 100 + 1)
    mark = store.path.with_name("shop.db.seen")  # is written when it has tidied
    with store.transaction() as tx:
        tx.journal.append(facts.drawer_opened("in the middle"), utc_now(), "1")
        upkeep.start()
        until = time.monotonic() + 120
        while not mark.exists() and time.monotonic() < until:
            time.sleep(0.01)
        assert mark.exists()
    upkeep.stop()
    assert store.untidied_pages() < TIDY_PAGES
    assert store.journal.count() == TIDY_PAGES // 100 + 3  # with the opening of the store
