"""Tills that sell from one shelf: a count corrects what the shelf holds, not one till's share."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from pos_app.domain.stock import MoveReason
from pos_app.services.catalogue import Catalogue
from pos_app.services.stock_takes import StockTakes
from pos_app.services.verification import verify
from pos_app.store.received import Elsewhere
from pos_app.store.store import Store
from tests.store.shops import START, Counter, new_shop, product, product_id

MILK = product_id(1)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A till that moved nothing of its milk, while till 2 took in twelve and sold two."""
    monkeypatch.setenv("POS_APP_KEYS", "file")
    with new_shop(tmp_path / "shop.db") as made:
        with made.transaction() as tx:
            moved = Elsewhere("2", "shop", 10_000_000, START.isoformat())
            tx.received.put_elsewhere(MILK, [moved])
        yield made
    assert verify(tmp_path / "shop.db").faults == ()


def test_a_stock_take_that_finds_what_the_shelf_holds_moves_nothing(store: Store) -> None:
    before = store.stock.level(MILK, "shop")
    takes = StockTakes(Counter(store).checkout)
    take = takes.begin("Dairy")
    count = takes.count(take, product(1), before + 10)
    takes.book(takes.review(take))
    assert count.expected == before + 10
    assert store.stock.level(MILK, "shop") == before


def test_a_counted_figure_leaves_the_shelf_with_that_figure(store: Store) -> None:
    catalogue = Catalogue(store, lambda: START)
    level = catalogue.correct_stock(MILK, "shop", MoveReason.COUNT, Decimal(7))
    assert level == store.stock.shop_level(MILK, "shop") == 7
    assert store.stock.level(MILK, "shop") == -3
