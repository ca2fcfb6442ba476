"""The sums of reports take the ways through the store that stay short in a large shop."""

from pathlib import Path

import pytest

from pos_app.domain.shop import ShopSettings
from pos_app.store import report_sums
from pos_app.store.store import create_store
from tests.store.shops import START

SPAN = ("2023-01-01", "2023-12-31", "EUR")
STATEMENTS = {
    "counter": (report_sums._BOUGHT_AT_COUNTER, SPAN),
    "invoices": (report_sums._BOUGHT_BY_INVOICE, ("invoice", *SPAN)),
    "credits": (report_sums._CREDITED, ("sales_return", *SPAN)),
    "sold": (report_sums._SOLD_AT_COUNTER, SPAN),
    "sold by invoice": (report_sums._SOLD_BY_INVOICE, ("invoice", *SPAN)),
    "owed for sales": (report_sums._OWED_FOR_SALES, SPAN),
    "on account": (report_sums._ON_ACCOUNT, ("2023-12-31", "2023-12-31", "2023-01-01", "EUR")),
    "orders": (report_sums._ORDERS, ("order", *SPAN)),
}
# All documents of a kind, or all of a table, would be walked through.
LONG_WAYS = ("SEARCH d USING PRIMARY KEY (record=?)", "SCAN s", "SCAN d", "SCAN r")


@pytest.mark.parametrize("name", STATEMENTS)
def test_no_report_walks_through_what_it_was_not_asked_for(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POS_APP_KEYS", "file")
    with create_store(tmp_path / "shop.db", ShopSettings(), now=START) as store:
        sql, values = STATEMENTS[name]
        rows = store._session().database.rows(f"EXPLAIN QUERY PLAN {sql}", values)
        plan = [row[3] for row in rows]
    assert plan
    assert [step for step in plan if step.startswith(LONG_WAYS)] == []
