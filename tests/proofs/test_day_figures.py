"""Every figure of the manager's day, against an independent sum over the journal."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos_app.domain.day_figures import ReceiptQuery, StaffSum, Watched
from pos_app.domain.report_period import ReportPeriod
from pos_app.services.day_review import receipts_of, review_day
from pos_app.services.day_sums import catch_up, make_anew
from pos_app.services.verification import verify
from pos_app.store.day_fold import SUM_TABLES, add_part, gather
from pos_app.store.store import Store
from tests.proofs.day_oracle import Document, Figures, Oracle, differences
from tests.proofs.random_days import ZONE, Days

DOING = st.tuples(st.integers(0, 13), st.integers(0, 999), st.integers(0, 99))
# How many days later, how many minutes after it began, and what is done.
DAY = st.tuples(
    st.sampled_from([1, 1, 2, 7, 7]),
    st.sampled_from([0, 61, 330, 600, 1380]),
    st.lists(DOING, min_size=1, max_size=9),
)
WEEKS = st.lists(DAY, min_size=1, max_size=8)


@contextmanager
def lived(weeks: list[Any]) -> Iterator[Days]:
    with tempfile.TemporaryDirectory() as folder:
        days = Days(Path(folder) / "shop.db")
        with days.store:
            for later, minutes, doings in weeks:
                days.next_day(later, minutes)
                for doing in doings:
                    days.do(*doing)
            yield days


def same(name: str, ours: object, theirs: object) -> None:
    assert ours == theirs, name


def every_day_is_right(days: Days, oracle: Oracle) -> int:
    known = oracle.days()
    for day in known:
        now = max(one.at for one in oracle.documents if one.day == day)
        for currency in ("EUR", "JPY"):
            review = review_day(days.store, ReportPeriod(day, day), currency, now=now)
            differences(review, oracle, same)
    if known:
        whole = ReportPeriod(known[0] - timedelta(days=3), known[-1])
        differences(review_day(days.store, whole, now=days.moment), oracle, same)
    return len(known)


@given(WEEKS)
@settings(max_examples=12)
def test_random_days_are_what_the_journal_says(weeks: list[Any]) -> None:
    with lived(weeks) as days:
        every_day_is_right(days, Oracle(days.store.path, ZONE, "EUR"))


@pytest.mark.long
def test_two_hundred_random_days_are_what_the_journal_says() -> None:
    seen = 0

    @given(st.lists(DAY, min_size=4, max_size=8))
    @settings(max_examples=100)
    def live(weeks: list[Any]) -> None:
        nonlocal seen
        with lived(weeks) as days:
            seen += every_day_is_right(days, Oracle(days.store.path, ZONE, "EUR"))

    live()
    assert seen >= 200, seen


def rows_of(store: Store) -> dict[str, list[Any]]:
    database = store._session().database
    return {
        table: sorted(database.rows(f"SELECT * FROM {table}"))
        for table in (*SUM_TABLES, "day_fold")
    }


@given(WEEKS, st.lists(st.integers(1, 5), min_size=1, max_size=12))
@settings(max_examples=8)
def test_sums_made_in_steps_are_the_sums_made_at_once(weeks: list[Any], steps: list[int]) -> None:
    with lived(weeks) as days:
        store = days.store
        for step in steps:
            if (part := store.day_sums.gather("EUR", step)) is not None:
                with store.transaction() as tx:
                    tx.day_sums.add(part)
        for doing in ((0, 5, 1), (8, 5, 0), (11, 1, 1)):
            days.do(*doing)
        catch_up(store)
        in_steps = rows_of(store)
        make_anew(store)
        assert not rows_of(store)["day_totals"]
        catch_up(store)
        assert rows_of(store) == in_steps


def test_a_part_that_another_thread_added_meanwhile_is_not_added_twice(tmp_path: Path) -> None:
    days = Days(tmp_path / "shop.db")
    with days.store as store:
        days.do(0, 1, 1)
        database = store._session().database
        part = gather(database, "EUR")
        assert part is not None
        catch_up(store)
        before = rows_of(store)
        with store.transaction():
            gather(database, "EUR")
            assert not add_part(database, part)
        assert rows_of(store) == before


def receipts(store: Store, query: ReceiptQuery, page: int) -> list[str]:
    found: list[str] = []
    while True:
        more = receipts_of(store, query, found[-1] if found else "", page)
        found += [one.id for one in more]
        if len(more) < page:
            assert len(found) == len(set(found))
            return found


class Asked:
    """Asks for the receipts behind figures of all days, and sums what the journal says of them."""

    def __init__(self, store: Store, oracle: Oracle) -> None:
        self.store, self.oracle = store, oracle
        self.start, self.end = oracle.days()[0], oracle.days()[-1]

    def __call__(self, **narrowed: Any) -> Figures:
        query = ReceiptQuery(self.start, self.end, "EUR", **narrowed)
        by_id: dict[str, Document] = {one.told["id"]: one for one in self.oracle.documents}
        found = [by_id[one] for one in receipts(self.store, query, 3)]
        return Figures(self.oracle, found, [], "EUR")


@given(WEEKS)
@settings(max_examples=8)
def test_the_receipts_behind_a_figure_sum_to_it(weeks: list[Any]) -> None:
    with lived(weeks) as days:
        oracle = Oracle(days.store.path, ZONE, "EUR")
        if not oracle.days():
            return
        asked = Asked(days.store, oracle)
        period = ReportPeriod(asked.start, asked.end)
        review = review_day(days.store, period, now=days.moment)
        assert asked().totals() == review.totals
        for hour in review.hours:
            got = asked(hour=hour.hour).totals()
            assert (got.tickets, got.takings) == (hour.tickets, hour.takings)
        for tender in review.tenders:
            assert tender in asked(method=tender.method).tenders()
        for tax in review.taxes:
            assert tax in asked(tax_code=tax.code).taxes()
        for product in (one for one in review.top_products if one.product_id):
            assert product in asked(product_id=product.product_id).products()
        for category in review.categories:
            assert category in asked(category_id=category.category_id).categories()
        assert asked(only_discounted=True).totals().discounts == review.totals.discounts
        costed = asked(only_costed=True).totals()
        assert (costed.cost, costed.costed_net) == (review.totals.cost, review.totals.costed_net)
        for staff in review.staff:
            receipts_behind_a_cashier(asked, staff)


def receipts_behind_a_cashier(asked: Asked, staff: StaffSum) -> None:
    got = asked(staff=staff.staff).totals()
    assert (got.tickets, got.takings) == (staff.tickets, staff.takings)
    documented = (Watched.VOID, Watched.REFUND, Watched.DISCOUNT)
    for kind in documented:
        mine = asked(staff=staff.staff, watched=kind).staff()
        found = [one.of(kind) for one in mine]
        assert found == ([staff.of(kind)] if staff.of(kind).count else [])
    oracle = asked.oracle
    for kind in set(Watched) - set(documented):
        of_kind = [one for one in oracle.facts if (one.kind, one.staff) == (kind, staff.staff)]
        carts = {one.cart for one in of_kind}
        mine_ids = {one.told["id"] for one in asked(staff=staff.staff, watched=kind).documents}
        in_euros = [one.told for one in oracle.documents if one.told["currency"] == "EUR"]
        assert mine_ids == {one["id"] for one in in_euros if one["id"] in carts}


def test_sums_that_somebody_changed_are_found_and_named_by_their_day(tmp_path: Path) -> None:
    days = Days(tmp_path / "shop.db")
    with days.store as store:
        days.next_day(1, 600)
        days.do(0, 1, 1)
        days.do(11, 0, 0)
        catch_up(store)
        assert verify(store.path).is_sound
        day = date(2026, 3, 3).isoformat()
        database = store._session().database
        for table, column in (
            ("day_totals", "takings"),
            ("day_products", "quantity_micro"),
            ("watched_facts", "amount"),
            ("day_fold", "seq"),
        ):
            database.run(f"UPDATE {table} SET {column} = {column} + 1")
            faults = verify(store.path).faults
            assert faults, table
            if table.startswith("day_") and table != "day_fold":
                assert any(day in fault.where and column in fault.sentence for fault in faults)
            database.run(f"UPDATE {table} SET {column} = {column} - 1")
        database.run("DELETE FROM day_staff")
        assert any(
            "day_staff" in str(fault) or day in fault.where for fault in verify(store.path).faults
        )
        make_anew(store)
        catch_up(store)
        assert verify(store.path).is_sound
