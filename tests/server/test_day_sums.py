"""Head office's day figures: the journal's, however its entries came, and made anew the same."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, insert, select, text, update

from pos_app.app.cli import run
from pos_app.domain.day_figures import SLOT_S, DayTotals, ReceiptQuery, Watched
from pos_app.domain.facts import FactKind
from pos_app.domain.report_period import ReportPeriod
from pos_app.server.database import Office, open_engine, open_office
from pos_app.server.day_recomputing import day_sum_faults, recompute_day_sums
from pos_app.server.inbox import ACCEPT, DROP
from pos_app.server.ingest import ingest
from pos_app.server.judging import judge_some
from pos_app.server.office_day import office_review, shop_totals
from pos_app.server.office_receipts import receipts_of
from pos_app.server.schema import bring_up_to_date
from pos_app.server.settling import settle
from pos_app.server.stamps import stamp
from pos_app.server.tables import DAY_TABLES, metadata, shops
from tests.proofs.day_oracle import Document, Figures, Oracle, differences
from tests.proofs.random_days import ZONE, Days
from tests.server.offices import NOW, EnrolledTill, enrolled_till
from tests.server.paper_tills import PaperTill, new_company
from tests.server.test_own_journal import FIRST_TABLES
from tests.server.told_tills import judge_all, push, push_store, sale_payload, waiting
from tests.store.shops import PowerGone

DOING = st.tuples(st.integers(0, 13), st.integers(0, 999), st.integers(0, 99))
DAY = st.tuples(
    st.sampled_from([1, 1, 2, 7, 7]),
    st.sampled_from([0, 61, 330, 600, 1380]),
    st.lists(DOING, min_size=1, max_size=6),
)
WEEKS = st.lists(DAY, min_size=1, max_size=5)
SECOND_TABLES = frozenset("api_keys api_numbers api_notes listed stock_values series".split())
FEW = settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def office(shared_office: Office) -> Office:
    return shared_office


class DyingOffice(Office):
    """A head office whose transactions all end in a power cut."""

    @contextmanager
    def company(self, company_id: str) -> Iterator[Connection]:
        with super().company(company_id) as connection:
            yield connection
            raise PowerGone


@dataclass
class LivedTill:
    """A till with its past, and how head office knows it."""

    shop: str
    days: Days
    till: EnrolledTill


@contextmanager
def lived(
    office: Office, company_id: str, pasts: dict[str, list[Any]]
) -> Iterator[list[LivedTill]]:
    """Let one till in each shop live through some days; each tells head office as it goes."""
    with tempfile.TemporaryDirectory() as folder:
        tills = []
        for place, shop in enumerate(pasts):
            days = Days(Path(folder) / f"{shop}.db")
            tills.append(LivedTill(shop, days, enrolled(office, company_id, days, shop, place)))
        try:
            for one in tills:
                for later, minutes, doings in pasts[one.shop]:
                    one.days.next_day(later, minutes)
                    for doing in doings:
                        one.days.do(*doing)
            yield tills
        finally:
            for one in tills:
                one.days.store.close()


def enrolled(office: Office, company_id: str, days: Days, shop: str, place: int) -> EnrolledTill:
    with office.company(company_id) as connection:
        connection.execute(
            insert(shops),
            {
                "company_id": company_id,
                "code": shop,
                "name": shop,
                "time_zone": ZONE,
                "made_at": stamp(NOW),
            },
        )
    return enrolled_till(office, company_id, days.store, NOW + timedelta(seconds=place), shop=shop)


def rows_of(office: Office, company_id: str) -> dict[str, set[tuple[Any, ...]]]:
    with office.company(company_id) as connection:
        return {
            table.name: {
                tuple(row)
                for row in connection.execute(select(table).where(table.c.company_id == company_id))
            }
            for table in DAY_TABLES
        }


def no_faults(office: Office, company_id: str) -> None:
    with office.company(company_id) as connection:
        assert day_sum_faults(connection, company_id) == []


def same(name: str, ours: object, theirs: object) -> None:
    assert ours == theirs, name


@given(WEEKS, WEEKS, st.lists(st.integers(1, 40), min_size=1, max_size=8), st.booleans())
@FEW
def test_random_days_of_two_tills_are_what_their_journals_say(
    office: Office, first: list[Any], second: list[Any], limits: list[int], dies: bool
) -> None:
    company_id = new_company(office)
    with lived(office, company_id, {"north": first, "south": second}) as tills:
        for one in tills:
            push_store(office, one.till, one.days.store)
        for limit in limits:
            if dies:
                with pytest.raises(PowerGone):
                    judge_some(DyingOffice(office.engine), company_id, NOW, limit)
            judge_some(office, company_id, NOW, limit)
        for one in tills:
            push_store(office, one.till, one.days.store)  # all of it once more
        judge_all(office, company_id, 50)
        no_faults(office, company_id)
        together = DayTotals("EUR")
        for one in tills:
            oracle = Oracle(one.days.store.path, ZONE, "EUR")
            known = oracle.days()
            for day in known:
                for currency in ("EUR", "JPY"):
                    at = max(it.at for it in oracle.documents if it.day == day)
                    # What a day came to so far is counted by whole quarter hours here.
                    whole = (int(at.timestamp()) // SLOT_S + 1) * SLOT_S
                    now = at + timedelta(seconds=whole - at.timestamp() - 0.001)
                    differences(
                        review_of(office, company_id, [one.shop], day, day, currency, now),
                        oracle,
                        same,
                    )
            if known:
                every = (known[0] - timedelta(days=40), known[-1])
                differences(
                    review_of(office, company_id, [one.shop], *every, "EUR", NOW), oracle, same
                )
                together += oracle.of(*every, "EUR").totals()
        whole_year = ReportPeriod(NOW.date() - timedelta(days=365), NOW.date())
        with office.company(company_id) as connection:
            review = office_review(connection, company_id, None, whole_year, "EUR", None, NOW)
            by_shop = shop_totals(connection, company_id, whole_year, "EUR")
        assert review.totals == together
        assert sum((one.totals for one in by_shop), DayTotals("EUR")) == together


def review_of(  # noqa: PLR0917 - what is asked for
    office: Office, company_id: str, codes: list[str], start: Any, end: Any, currency: str, now: Any
) -> Any:
    with office.company(company_id) as connection:
        period = ReportPeriod(start, end)
        return office_review(connection, company_id, codes, period, currency, None, now)


@given(WEEKS)
@FEW
def test_the_receipts_behind_a_figure_sum_to_it(  # noqa: C901, PLR0915 - one figure after the other
    office: Office, weeks: list[Any]
) -> None:
    company_id = new_company(office)
    with lived(office, company_id, {"north": weeks}) as (one,):
        push_store(office, one.till, one.days.store)
        judge_all(office, company_id)
        oracle = Oracle(one.days.store.path, ZONE, "EUR")
        if not oracle.days():
            return
        start, end = oracle.days()[0], oracle.days()[-1]
        review = review_of(office, company_id, ["north"], start, end, "EUR", NOW)
        by_id: dict[str, Document] = {it.told["id"]: it for it in oracle.documents}

        def asked(**narrowed: Any) -> Figures:
            query = ReceiptQuery(start, end, "EUR", **narrowed)
            found, after = list[str](), ""
            with office.company(company_id) as connection:
                while True:
                    page = receipts_of(connection, company_id, query, ["north"], after, 3)
                    found += [row.id for row in page.rows]
                    after = page.after
                    if not after:
                        break
            assert len(found) == len(set(found))
            return Figures(oracle, [by_id[key] for key in found], [], "EUR")

        assert asked().totals() == review.totals
        for hour in review.hours:
            got = asked(hour=hour.hour).totals()
            assert (got.tickets, got.takings) == (hour.tickets, hour.takings)
        for tender in review.tenders:
            assert tender in asked(method=tender.method).tenders()
        for tax in review.taxes:
            assert tax in asked(tax_code=tax.code).taxes()
        for product in review.top_products:
            narrowed = {"product_id": product.product_id}
            if not product.product_id:
                narrowed = {"product_name": product.name}
            brought = asked(**narrowed).products()
            assert product in brought or not product.product_id
            assert product.name in {one.name for one in brought}
        for category in review.categories:
            assert category in asked(category_id=category.category_id).categories()
        assert asked(only_discounted=True).totals().discounts == review.totals.discounts
        costed = asked(only_costed=True).totals()
        assert (costed.cost, costed.costed_net) == (review.totals.cost, review.totals.costed_net)
        for staff in review.staff:
            for kind in Watched:
                mine = asked(staff=staff.staff, watched=kind)
                if kind in {Watched.VOID, Watched.REFUND, Watched.DISCOUNT}:
                    sums = [it.of(kind) for it in mine.staff() if it.staff == staff.staff]
                    assert (sums or [staff.of(kind)]) == [staff.of(kind)]
                    assert bool(sums) == bool(staff.of(kind).count)
                    continue
                carts = {
                    it.cart for it in oracle.facts if it.kind is kind and it.staff == staff.staff
                }
                wanted = {
                    it.told["id"]
                    for it in oracle.documents
                    if it.told["id"] in carts and it.told["currency"] == "EUR"
                }
                assert {it.told["id"] for it in mine.documents} == wanted


def void_of(sale: dict[str, Any], number: int, till: str = "1") -> dict[str, Any]:
    """The payload of a void that undoes a document."""
    void = sale_payload(till, number, kind="void", voids=sale["id"])
    for name in ("net", "tax", "gross", "rounding", "amount_due", "paid", "change"):
        void[name] = -void[name]
    for line in void["lines"]:
        for name in ("net", "tax", "gross", "discount"):
            line[name] = -line[name]
        line["quantity"] = f"-{line['quantity']}"
        for tax in line["taxes"]:
            tax["base"], tax["amount"] = -tax["base"], -tax["amount"]
    for tax in void["taxes"]:
        tax["base"], tax["amount"] = -tax["base"], -tax["amount"]
    for tender in void["tenders"]:
        for name in ("amount", "tendered", "change"):
            tender[name] = -tender[name]
    return void


def tickets(office: Office, company_id: str) -> int:
    year = ReportPeriod(NOW.date() - timedelta(days=365), NOW.date())
    with office.company(company_id) as connection:
        return office_review(connection, company_id, None, year, "EUR", None, NOW).totals.tickets


def test_a_void_takes_its_ticket_off_though_its_sale_is_accepted_later(office: Office) -> None:
    till = PaperTill().enrol(office, new_company(office))
    sale = sale_payload("1", 1)
    doubtful = {**sale, "gross": sale["gross"] + 1}
    till.tell(FactKind.SALE_COMPLETED, doubtful)
    till.tell(FactKind.SALE_COMPLETED, sale_payload("1", 2))
    till.tell(FactKind.SALE_COMPLETED, void_of(sale, 3))
    push(office, till)
    judge_all(office, till.company_id)
    assert tickets(office, till.company_id) == 1  # nobody knows yet what was voided
    no_faults(office, till.company_id)
    (row,) = waiting(office, till.company_id)
    with office.company(till.company_id) as connection:
        settle(connection, till.company_id, row.id, ACCEPT, "Ada", NOW)
    assert tickets(office, till.company_id) == 1  # the sale counts, and its void takes it off
    no_faults(office, till.company_id)


def test_a_second_document_of_one_sale_counts_when_a_person_accepts_it(office: Office) -> None:
    till = PaperTill().enrol(office, new_company(office))
    sale = sale_payload("1", 1)
    till.tell(FactKind.SALE_COMPLETED, sale)
    till.tell(FactKind.SALE_COMPLETED, {**sale, "number": "1-000009"})
    push(office, till)
    judge_all(office, till.company_id)
    assert tickets(office, till.company_id) == 1
    (row,) = waiting(office, till.company_id)
    with office.company(till.company_id) as connection:
        settle(connection, till.company_id, row.id, ACCEPT, "Ada", NOW)
    assert tickets(office, till.company_id) == 2
    no_faults(office, till.company_id)


def test_figures_that_cannot_be_read_stand_in_nobodys_way(office: Office) -> None:
    till = PaperTill().enrol(office, new_company(office))
    odd = sale_payload("1", 1, business_day="someday", at="then")
    strange = sale_payload("1", 2, kind="gift", currency="XXQ")
    sale = sale_payload("1", 3, at="then", kind="lease")
    for place, line in enumerate(sale["lines"]):
        line["cost"] = ("a lot", "1e30", None, "-1", "NaN")[place % 5]
        line["quantity"] = ("few", "1e99", "0.0000001", "1", "-2")[place % 5]
    for payload in (odd, strange, sale):
        till.tell(FactKind.SALE_COMPLETED, payload)
    till.tell(FactKind.LINE_REMOVED, {"quantity": [], "unit_price": {}, "cart": 7})
    till.tell(FactKind.SALE_DISCARDED, {"gross": 10**30, "currency": "EUR"})
    till.tell(FactKind.PRICE_OVERRIDDEN, {"list_price": "x", "unit_price": "1", "currency": []})
    push(office, till)
    judge_all(office, till.company_id)
    no_faults(office, till.company_id)
    day = NOW.date()
    with office.company(till.company_id) as connection:
        review = office_review(
            connection, till.company_id, None, ReportPeriod(day, day), "EUR", None, NOW
        )
    counts = {one.kind: one.count for one in review.staff[0].exceptions}
    assert counts == {
        Watched.LINE_REMOVED: 1,
        Watched.SALE_DISCARDED: 1,
        Watched.PRICE_OVERRIDE: 1,
    }


def test_a_fact_that_came_whole_too_late_counts_as_a_person_decides(office: Office) -> None:
    for remedy, expected in (("retry", 2), (DROP, 1)):
        till = PaperTill().enrol(office, new_company(office))
        for _ in range(2):
            till.tell(FactKind.DRAWER_OPENED, {"reason": "change"})
        till.sell(0)
        damaged = till.batch()
        first = damaged.entries[0]
        broken = type(first)(**{**_fields(first), "signature": "00" * 64, "payload": "{}"})
        sent = type(damaged)(
            epoch=damaged.epoch, prev=damaged.prev, entries=(broken, *damaged.entries[1:])
        )
        _push(office, till, sent)
        judge_all(office, till.company_id)
        _push(office, till, damaged)
        judge_all(office, till.company_id)
        row = next(one for one in waiting(office, till.company_id) if not one.raw)
        with office.company(till.company_id) as connection:
            settle(connection, till.company_id, row.id, remedy, "Ada", NOW)
        rows = rows_of(office, till.company_id)["event_exceptions"]
        assert sum(row[-2] for row in rows) == expected
        no_faults(office, till.company_id)


def _push(office: Office, till: PaperTill, batch: Any) -> None:

    with office.company(till.company_id) as connection:
        ingest(connection, till.company_id, till.identity(), batch, NOW)


def _fields(entry: Any) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in entry.__struct_fields__}


def test_a_sum_that_somebody_changed_is_named_and_put_right(office: Office) -> None:
    till = PaperTill().enrol(office, new_company(office))
    till.tell(FactKind.SALE_COMPLETED, sale_payload("1", 1))
    till.tell(FactKind.DRAWER_OPENED, {"reason": "change"})
    push(office, till)
    judge_all(office, till.company_id)
    good = rows_of(office, till.company_id)
    for table in DAY_TABLES:
        figure = list(table.columns)[-1]
        if not good[table.name]:
            continue
        with office.company(till.company_id) as connection:
            connection.execute(
                update(table)
                .where(table.c.company_id == till.company_id)
                .values({figure.name: figure + 1})
            )
            faults = day_sum_faults(connection, till.company_id)
            assert faults
            assert all(fault.startswith(table.name) for fault in faults)
            recompute_day_sums(connection, till.company_id)
        assert rows_of(office, till.company_id) == good
    with office.company(till.company_id) as connection:
        connection.execute(delete(DAY_TABLES[0]).where(DAY_TABLES[0].c.till_id == till.till_id))
        assert day_sum_faults(connection, till.company_id)


@pytest.mark.parametrize("kind", ["postgresql", "sqlite"])
def test_a_command_names_sums_that_are_not_the_journals_and_puts_them_right(
    kind: str, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    url: str = request.getfixturevalue(f"{kind}_url")
    company_id = request.getfixturevalue(f"{kind}_template").founded.company_id
    office = open_office(url)
    till = PaperTill().enrol(office, company_id)
    till.tell(FactKind.SALE_COMPLETED, sale_payload("1", 1))
    push(office, till)
    judge_all(office, company_id)
    good = rows_of(office, company_id)
    command = ["server", "day-sums", "--database", url]
    assert run(command) == 0
    table = DAY_TABLES[0]
    with office.company(company_id) as connection:
        connection.execute(update(table).values(takings=table.c.takings + 1))
    capsys.readouterr()
    assert run(command) == 1
    assert "Wrong: day_totals of " in capsys.readouterr().out
    assert run([*command, "--repair"]) == 0
    assert rows_of(office, company_id) == good
    assert run(command) == 0
    office.close()


@pytest.mark.parametrize("kind", ["postgresql", "sqlite"])
def test_a_database_of_before_gets_its_sums_from_its_journal(
    kind: str, request: pytest.FixtureRequest
) -> None:
    url: str = request.getfixturevalue(f"{kind}_url")
    template = request.getfixturevalue(f"{kind}_template")
    company_id = template.founded.company_id
    office = open_office(url)
    till = PaperTill().enrol(office, company_id)
    sale = sale_payload("1", 1)
    for payload in (sale, sale_payload("1", 2), void_of(sale, 3)):
        till.tell(FactKind.SALE_COMPLETED, payload)
    till.tell(FactKind.DRAWER_OPENED, {"reason": "change"})
    push(office, till)
    judge_all(office, company_id)
    before = rows_of(office, company_id)
    assert before["day_totals"]
    office.close()
    engine = open_engine(url)
    with engine.begin() as connection:
        for name in set(metadata.tables) - FIRST_TABLES - SECOND_TABLES:
            connection.execute(text(f"DROP TABLE {name}"))
        for name in ("journal_watched", "listed_owed"):
            connection.execute(text(f"DROP INDEX {name}"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0002'"))
    bring_up_to_date(engine)
    engine.dispose()
    office = open_office(url)
    assert rows_of(office, company_id) == before
    office.close()
