"""The manager's day at head office: the till's own figures after a real sync, and their past."""

import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from pos_app.domain.day_review import AttentionKind, DayReview
from pos_app.domain.facts import FactKind, receipt_reprinted
from pos_app.domain.given_sale import GivenLine, GivenSale
from pos_app.domain.money import Money
from pos_app.domain.payment import TenderMethod
from pos_app.domain.report_period import ReportPeriod
from pos_app.domain.sale import Stamp
from pos_app.domain.stock_rule import StockRule
from pos_app.server.companies import Shop, add_shop
from pos_app.server.database import Office
from pos_app.server.day_recomputing import day_sum_faults
from pos_app.server.news import News
from pos_app.server.office_day import office_review, shop_totals, till_states
from pos_app.server.office_desk import office_desk
from pos_app.server.office_receipt import ReceiptUnknown, receipt_of
from pos_app.server.office_sales import sell, void_sale
from pos_app.server.stamps import stamp
from pos_app.server.tables import shops, tills
from pos_app.services.day_review import review_day
from pos_app.services.returning import Returning
from pos_app.services.stock_records import RULE
from pos_app.sync.engine import Did, SyncEngine
from pos_app.sync.enrolment import enrol
from pos_app.sync.http_transport import HttpTransport
from tests.proofs.random_days import ZONE, Days
from tests.server.offices import NOW, SHOP, enrolled_till
from tests.server.paper_tills import PaperTill, new_company
from tests.server.serving import Served, serve
from tests.server.told_tills import judge_all, push, push_store, sale_payload
from tests.services.cash_day import CashDay, counted, eur
from tests.sync.office_stand_in import Clock, chance
from tests.sync.real_office import new_code

LIMIT_S = 60.0
# What a day is made of, in numbers that `Days.do` understands.
DOINGS = [(what, 17 * what + 5, 7 * what + 3) for what in range(14)]
WEEK = timedelta(days=7)
# What only one of the two sides knows: drawers' causes, what is on its way, and when it was asked.
OWN = ("shop", "made_at", "cash", "unsent", "attention", "low_stock", "slow_products", "before")


def set_zone(office: Office, company_id: str, zone: str = ZONE) -> None:
    with office.company(company_id) as connection:
        connection.execute(
            update(shops).where(shops.c.company_id == company_id).values(time_zone=zone)
        )


def review(
    office: Office, company_id: str, day: date, now: datetime = NOW, codes: Any = None
) -> DayReview:
    with office.snapshot(company_id) as connection:
        period = ReportPeriod(day, day)
        return office_review(connection, company_id, codes, period, None, None, now)


@pytest.fixture
def days(tmp_path: Path) -> Iterator[Days]:
    lived = Days(tmp_path / "till.db")
    with lived.store:
        for week in range(3):
            for doing in DOINGS[week:] + DOINGS:
                lived.do(*doing)
            lived.next_day(7, 420)
        for doing in DOINGS:
            lived.do(*doing)
        yield lived


def until_idle(engine: SyncEngine, clock: Clock) -> None:
    for _ in range(300):
        step = engine.step()
        if step.did is Did.IDLE:
            return
        clock.pass_s(step.wait_s)
    raise AssertionError(engine.status().sentence)


def test_the_day_is_the_tills_own_after_a_sync_over_http(
    office: Office, company_id: str, days: Days
) -> None:
    set_zone(office, company_id)
    clock = Clock()
    with serve(office, now=clock) as served, closing(HttpTransport()) as wire:
        enrol(days.store, served.url, new_code(office, company_id, clock()), wire, clock())
        engine = SyncEngine(days.store, wire, clock, chance())
        until_idle(engine, clock)
        _until_judged(office, company_id)
        day = days.moment.date()
        slot_end = days.moment.replace(minute=days.moment.minute // 15 * 15, second=0) + timedelta(
            minutes=15, microseconds=-1
        )
        for one in (day, day - WEEK, day - 2 * WEEK):
            ours = review(office, company_id, one, slot_end)
            theirs = review_day(days.store, ReportPeriod(one, one), now=slot_end)
            for name in sorted(set(DayReview.__slots__) - set(OWN)):
                assert getattr(ours, name) == getattr(theirs, name), name
            assert replace(ours.before, so_far=None) == replace(theirs.before, so_far=None)
            assert ours.totals.tickets
            assert ours.staff
        shown = _json(served, f"/office/v1/day?start={day}&end={day}&shop={SHOP}")
        assert shown["totals"]["takings"] == review(office, company_id, day).totals.takings
        by_shop = _json(served, f"/office/v1/day/shops?start={day}&end={day}")
        assert [one["totals"]["takings"] for one in by_shop] == [shown["totals"]["takings"]]
        (state,) = _json(served, "/office/v1/day/tills")
        assert (state["waiting"], state["refused"], state["is_silent"]) == (0, 0, False)
        page = _json(served, f"/office/v1/day/receipts?start={day}&end={day}&watched=void")
        assert page["rows"]
        whole = _json(served, f"/office/v1/receipts/{page['rows'][0]['id']}")
        assert whole["voids"]["is_voided"]
        with served.as_owner() as owner:
            path = f"/office/v1/day?start={day}&end={day}"
            for more, status in (
                ("&shop=nowhere", 404),
                ("&compare_start=2026-01-01", 409),
                ("&currency=XXQ", 409),
                ("&currency=euro", 422),
            ):
                assert owner.get(path + more).status_code == status
            assert owner.get("/office/v1/receipts/nothing").status_code == 404


def _json(served: Served, path: str) -> Any:
    with served.as_owner() as owner:
        answer = owner.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json()


def _until_judged(office: Office, company_id: str) -> None:
    end = time.monotonic() + LIMIT_S
    while True:
        with office.snapshot(company_id) as connection:
            if not any(one.waiting for one in till_states(connection, company_id, NOW)):
                return
        assert time.monotonic() < end
        time.sleep(0.02)


def test_drawers_are_those_that_the_till_closed(
    office: Office, company_id: str, tmp_path: Path
) -> None:
    day = CashDay(tmp_path / "shop.db")
    with day.store:
        for short in (0, 250, -75):
            day.shifts.open(counted(eur(100)))
            day.sell()
            expected = day.shifts.figures().drawers[0].expected
            shift = day.shifts.confirm_count(counted(Money(expected.minor - short, "EUR")))
            day.shifts.close(shift.id, eur(100))
        day.shifts.open(counted(eur(100)))
        till = enrolled_till(office, company_id, day.store)
        push_store(office, till, day.store)
        judge_all(office, company_id)
        period = ReportPeriod(day.moment.date(), day.moment.date())
        theirs = [  # the rows of a till's store are its own affair
            replace(one, causes=(), after_row=0, up_to_row=None)
            for one in review_day(day.store, period, now=day.moment).cash
            if one.closed_at is not None
        ]
        ours = review(office, company_id, day.moment.date(), day.moment)
    assert list(ours.cash) == theirs
    assert [one.difference for one in ours.cash] == [eur("0.75"), eur("-2.50"), eur(0)]
    kinds = [one.kind for one in ours.attention]
    assert kinds.count(AttentionKind.CASH_DIFFERENCE) == 2


def test_a_receipt_tells_why_it_cost_that_and_all_that_its_journal_says(
    office: Office, company_id: str, days: Days
) -> None:
    checkout = days.checkout
    cart = days.cart(0, 5)
    cart = checkout.override_price(cart, cart.lines[0].id, Decimal("1.50"))
    days.finish(cart)
    sale = days.sold[-1]
    with days.store.transaction() as tx:
        tx.journal.append(receipt_reprinted(sale), days.now(), "1")
    Returning(checkout).void(sale.id, "wrong")
    till = enrolled_till(office, company_id, days.store)
    push_store(office, till, days.store)
    judge_all(office, company_id)
    with office.snapshot(company_id) as connection:
        seen = receipt_of(connection, company_id, sale.id)
        void = receipt_of(connection, company_id, seen.voided_by.id if seen.voided_by else "")
        with pytest.raises(ReceiptUnknown):
            receipt_of(connection, company_id, "nothing\0")
    assert seen.row.is_voided
    assert seen.sale is not None
    assert seen.sale.gross == sale.gross
    assert any("1.5" in sentence for sentence in seen.why())
    kinds = [one.kind for one in seen.entries]
    assert kinds == [
        FactKind.PRICE_OVERRIDDEN,
        FactKind.SALE_COMPLETED,
        FactKind.RECEIPT_REPRINTED,
        FactKind.SALE_COMPLETED,
    ]
    assert void.voids is not None
    assert void.voids.id == sale.id
    hashes = {one.hash for one in days.store.journal.entries(0, 100_000)}
    assert {one.hash for one in seen.entries} <= hashes


def test_goods_that_came_back_lead_to_their_return(
    office: Office, company_id: str, days: Days
) -> None:
    days.finish(days.cart(0, 5))
    sale = days.sold[-1]
    returning = Returning(days.checkout)
    cart = returning.give_back(returning.begin(sale), sale, 1, Decimal(1), "faulty")
    days.finish(cart, returning.refund(cart))
    push_store(office, enrolled_till(office, company_id, days.store), days.store)
    judge_all(office, company_id)
    with office.snapshot(company_id) as connection:
        seen = receipt_of(connection, company_id, sale.id)
    assert [one.id for one in seen.returns] == [days.sold[-1].id]
    assert not seen.row.is_voided


def test_sales_of_head_office_itself_count_and_their_voids_from_another_shop_too(
    office: Office, company_id: str
) -> None:
    with office.company(company_id) as connection:
        add_shop(connection, company_id, Shop("side", "Side", "UTC", stamp(NOW)))
    news, today = News(office), NOW.date()
    lines = (GivenLine("Oil", Decimal(2), Decimal("3.50")),)
    given = GivenSale(
        "s1", "N-1", Stamp("HO", SHOP, "Ada", NOW, today), lines, TenderMethod.CASH, eur(0)
    )
    with office_desk(office, news, company_id, SHOP, "Ada", NOW) as desk:
        sell(desk, given)
        sell(desk, replace(given, id="s2", number="N-2"))
    found = review(office, company_id, today)
    assert (found.totals.tickets, found.totals.takings) == (2, 1400)
    assert found.top_products[0].name == "Oil"
    with office_desk(office, news, company_id, "side", "Ada", NOW) as desk:
        void_sale(desk, "s1", "wrong")
    found = review(office, company_id, today)
    assert (found.totals.tickets, found.totals.takings, found.totals.voids) == (1, 700, 700)
    with office.company(company_id) as connection:
        assert day_sum_faults(connection, company_id) == []
        by_shop = shop_totals(connection, company_id, ReportPeriod(today, today), "EUR")
    assert [(one.shop, one.totals.takings) for one in by_shop] == [(SHOP, 1400), ("side", -700)]


def test_hours_are_those_of_each_shops_own_clock(office: Office) -> None:
    company_id = new_company(office)
    with office.company(company_id) as connection:
        add_shop(connection, company_id, Shop("east", "East", "Asia/Kathmandu", stamp(NOW)))
    day = "2026-05-31"
    for number, shop in (("1", SHOP), ("2", "east")):
        till = PaperTill(number=number).enrol(office, company_id, shop)
        at = f"{day}T04:14:59.000+00:00"
        payload = sale_payload(number, 1, at=at, business_day=day)
        till.tell(FactKind.SALE_COMPLETED, payload)
        push(office, till)
    judge_all(office, company_id)
    found = review(office, company_id, date(2026, 5, 31))
    assert [(one.hour, one.tickets) for one in found.hours if one.tickets] == [(4, 1), (9, 1)]


def test_what_runs_low_and_what_nobody_buys_is_that_of_the_shop(
    office: Office, company_id: str, days: Days
) -> None:
    day = days.moment.date()
    with days.store.transaction() as tx:
        product = days.sold[-1].lines[0].product_id
        assert product is not None
        rule = StockRule(product, reorder_at=Decimal(5), reorder_to=Decimal(9))
        tx.records.put(RULE, rule, FactKind.STOCK_RULE_SAVED, days.now(), "1")
    push_store(office, enrolled_till(office, company_id, days.store), days.store)
    judge_all(office, company_id)
    found = review(office, company_id, day, days.moment)
    theirs = review_day(days.store, ReportPeriod(day, day), now=days.moment)
    assert found.low_stock == theirs.low_stock
    assert found.low_stock
    alone = review(office, company_id, day, days.moment, [SHOP])
    assert alone.low_stock == found.low_stock
    assert alone.slow_products == theirs.slow_products


def test_a_till_that_nobody_heard_for_a_day_is_silent(office: Office) -> None:
    company_id = new_company(office)
    loud, quiet = (PaperTill(number=one).enrol(office, company_id) for one in ("1", "2"))
    push_of(office, loud)
    with office.company(company_id) as connection:
        heard = stamp(NOW - timedelta(days=2))
        connection.execute(update(tills).where(tills.c.id == quiet.till_id).values(heard_at=heard))
        connection.execute(
            update(tills).where(tills.c.id == loud.till_id).values(heard_at=stamp(NOW))
        )
        states = till_states(connection, company_id, NOW)
        assert [(one.line.till, one.is_silent) for one in states] == [("1", False), ("2", True)]
        assert [one.waiting for one in states] == [1, 0]
        assert connection.execute(select(tills.c.id)).first()


def push_of(office: Office, till: PaperTill) -> None:
    till.tell(FactKind.DRAWER_OPENED, {"reason": "change"})
    push(office, till)
