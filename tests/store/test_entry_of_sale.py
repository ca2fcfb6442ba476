"""The journal entry of a document is found at once, in a long journal and under a wrong clock."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from pos_app.domain.sale import Sale
from pos_app.store.store import Store, open_store
from tests.store.shops import Counter, behind_our_back, new_store

BETWEEN = 40_000
STEPS_AT_MOST = 400  # thousands of SQLite's own steps; walking through all takes twice as many
# Entries that tell of no sale, copied from the latest one; nobody signed them.
FILL = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) "
    "INSERT INTO journal SELECT seq + i, till, epoch, 'filler-' || (seq + i), 'drawer_opened', at, "
    'staff, \'{"reason":""}\', randomblob(32), randomblob(32), signature '
    "FROM (SELECT * FROM journal ORDER BY seq DESC LIMIT 1), n"
)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[tuple[Store, list[Sale]]]:
    """A hundred and sixty thousand entries with few sales between, and a clock that went wrong."""
    path = tmp_path / "shop.db"
    new_store(path).close()
    sold = []
    for round_ in range(4):
        with open_store(path) as store:
            counter = Counter(store)
            counter.clock.moment -= timedelta(days=30 * round_)
            sold += [counter.sell(1) for _ in range(5)]
        behind_our_back(path, (FILL, (BETWEEN,)))
    with open_store(path) as store:
        yield store, sold


def test_every_entry_is_the_one_of_its_document_and_found_in_few_steps(
    shop: tuple[Store, list[Sale]],
) -> None:
    store, sold = shop
    assert store.journal.count() > 4 * BETWEEN
    for sale in sold:
        steps = [0]
        _count_thousands(store, steps)
        entry = store.journal.of_sale(sale.id)
        assert entry is not None
        assert json.loads(entry.payload)["number"] == sale.number
        assert steps[0] < STEPS_AT_MOST


def test_what_was_never_sold_here_has_no_entry(shop: tuple[Store, list[Sale]]) -> None:
    store, _ = shop
    steps = [0]
    _count_thousands(store, steps)
    assert store.journal.of_sale("019a9000-0000-7000-8000-000000000000") is None
    assert steps[0] < 2


def _count_thousands(store: Store, steps: list[int]) -> None:
    def one_more() -> int:
        steps[0] += 1
        return 0

    store._own.database.raw.set_progress_handler(one_more, 1_000)
