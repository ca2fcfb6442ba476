"""The manager's day over a real history: every day's figures are what the journal says.

The short form runs over the project's sample. All days of the half year are read with --run-long,
where it stands beside the project.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_app.domain.day_figures import ReceiptQuery
from pos_app.domain.report_period import ReportPeriod
from pos_app.services.day_review import receipts_of, review_day
from pos_app.services.sales_import import history_shop, import_sales
from pos_app.store.store import Store, create_store
from tests.flows.test_real_reports import HALF_YEAR, NOW, SAMPLE
from tests.proofs.day_oracle import Oracle, differences


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setenv("POS_APP_KEYS", "file")
    with create_store(tmp_path / "shop.db", history_shop(), now=NOW) as made:
        yield made


def same(name: str, ours: object, theirs: object) -> None:
    assert ours == theirs, name


def every_day_is_right(store: Store) -> int:
    shop = history_shop()
    oracle = Oracle(store.path, shop.time_zone, shop.policy.currency)
    days = oracle.days()
    for day in days:
        review = review_day(store, ReportPeriod(day, day), now=NOW)
        differences(review, oracle, same)
        assert review.totals.documents == sum(one.day == day for one in oracle.documents)
    whole = review_day(store, ReportPeriod(days[0], days[-1]), now=NOW)
    differences(whole, oracle, same)
    best = whole.top_products[0]
    query = ReceiptQuery(days[0], days[-1], whole.currency, product_id=best.product_id)
    behind = {one.id for one in receipts_of(store, query, limit=1_000_000)}
    sold = [
        line["gross"]
        for one in oracle.documents
        if one.told["id"] in behind
        for line in one.sold
        if line["product"] == best.product_id
    ]
    assert sum(sold) == best.takings
    return len(days)


def test_the_days_of_a_real_sample_are_what_the_journal_says(store: Store) -> None:
    import_sales(store, SAMPLE, lambda: NOW)
    assert every_day_is_right(store) > 10


@pytest.mark.long
def test_all_days_of_half_a_year_are_what_the_journal_says(store: Store) -> None:
    if not HALF_YEAR.exists():
        pytest.skip(f"the half year is not here: {HALF_YEAR.name} stands beside the project")
    import_sales(store, HALF_YEAR, lambda: NOW)
    assert every_day_is_right(store) == 141
