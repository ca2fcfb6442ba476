"""The manager's day over a hundred shops at head office, beside a plain sum of the days' rows.

Three hundred tills with three hundred tickets a day each have a year of sums behind them (the short
form: quarter hours and products of the last weeks, as a review of one day reads no others). The
floor counts and sums the documents' own rows of the days that a review speaks of.
"""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import perf_counter_ns

import psycopg

from pos_app.domain.day_figures import SUMMED, ReceiptQuery
from pos_app.domain.day_review import mean_days_of
from pos_app.domain.report_period import ReportPeriod
from pos_app.server.office_day import office_review, shop_totals
from pos_app.server.office_receipts import receipts_of
from tests.benchmarks.figures import MS, Figure, Size, median
from tests.benchmarks.head_offices import NOTHING, HeadOffice, head_office
from tests.benchmarks.shops import kept_folder

SHOPS = {Size.TINY: 2, Size.QUICK: 100, Size.FULL: 100}
DAYS = {Size.TINY: 30, Size.QUICK: 400, Size.FULL: 400}
FINE_DAYS = {Size.TINY: 10, Size.QUICK: 14, Size.FULL: 400}  # quarter hours and products by day
PRODUCTS = {Size.TINY: 50, Size.QUICK: 5_000, Size.FULL: 5_000}
TICKETS = {Size.TINY: 3, Size.QUICK: 300, Size.FULL: 300}
TIMES = {Size.TINY: 3, Size.QUICK: 30, Size.FULL: 200}
BOUGHT = 400  # products that a till sells of in a day
BAR = 500.0  # ms, of 95 in 100
LAST = date(2026, 6, 1)
NOW = datetime(2026, 6, 1, 16, 20, tzinfo=UTC)


def measure(size: Size) -> list[Figure]:
    with (
        tempfile.TemporaryDirectory(dir=kept_folder()) as folder,
        head_office(Path(folder), size, JUDGES="0") as head,
    ):
        if head is None:
            return NOTHING
        _fill(head, size)
        return _figures(head, size)


@dataclass(frozen=True, slots=True)
class _Filling:
    """Writes sums by generated series, as the tables' owner."""

    connection: psycopg.Connection
    company_id: str
    size: Size

    def run(self, statement: str) -> None:
        values = {
            "company": self.company_id,
            "shops": SHOPS[self.size],
            "first": LAST - timedelta(days=DAYS[self.size] - 1),
            "fine": LAST - timedelta(days=FINE_DAYS[self.size] - 1),
            "last": LAST,
            "products": PRODUCTS[self.size],
            "bought": min(BOUGHT, PRODUCTS[self.size]),
            "tickets": TICKETS[self.size],
        }
        self.connection.execute(statement, values)
        self.connection.commit()


_TILLS = (
    "(SELECT 'shop' || lpad(s::text, 3, '0') AS shop, 'till' || lpad(s::text, 3, '0') || t AS till "
    "FROM generate_series(1, %(shops)s) s, generate_series(1, 3) t) tills"
)
_DAYS = "(SELECT d::date::text AS day FROM generate_series(%({first})s, %(last)s, '1 day') d) days"
_KEY = "%(company)s, day, 'EUR', shop, till"


def _fill(head: HeadOffice, size: Size) -> None:
    with psycopg.connect(head.admin) as connection:
        filling = _Filling(connection, head.company_id, size)
        for statement in _statements():
            filling.run(statement)
        connection.autocommit = True
        connection.execute("VACUUM ANALYZE")


def _statements() -> list[str]:
    every, fine = _DAYS.format(first="first"), _DAYS.format(first="fine")
    sums = ", ".join("(random() * 90000)::int" for _ in SUMMED)
    slots = (
        "(extract(epoch FROM day::timestamptz) / 900)::bigint + 32 + n, 6, (random() * 9000)::int "
    )
    product = "'p' || lpad(((hashtext(till || n) & 65535) * n %% %(products)s)::text, 6, '0')"
    figures = "1, 3, 3000000, (random() * 9000)::int, 700, 400, 700"
    return [
        (
            "INSERT INTO shops (company_id, code, name, time_zone, made_at) "
            f"SELECT %(company)s, shop, shop, 'Europe/Berlin', '2025' FROM {_TILLS} GROUP BY shop"
        ),
        (
            "INSERT INTO tills (company_id, id, shop, till, store_id, state, epoch, enrolled_at) "
            "SELECT %(company)s, till, shop, right(till, 1), till, 'active', 1, '2025' "
            f"FROM {_TILLS}"
        ),
        f"INSERT INTO day_totals SELECT {_KEY}, {sums} FROM {_TILLS}, {every}",
        (
            f"INSERT INTO day_tenders SELECT {_KEY}, method, 100, 50000, 100 FROM {_TILLS}, "
            f"{every}, (VALUES ('cash'), ('card'), ('gift_card')) methods (method)"
        ),
        (
            f"INSERT INTO day_taxes SELECT {_KEY}, code, code, '19', 9000, 1700 FROM {_TILLS}, "
            f"{every}, (VALUES ('A'), ('B')) codes (code)"
        ),
        (
            f"INSERT INTO day_staff SELECT {_KEY}, till || n, 150, 70000 FROM {_TILLS}, {every}, "
            "generate_series(1, 2) n"
        ),
        (
            f"INSERT INTO day_exceptions SELECT {_KEY}, till || 1, kind, 3, 900 FROM {_TILLS}, "
            f"{every}, (VALUES ('void'), ('refund'), ('discount')) kinds (kind)"
        ),
        (
            "INSERT INTO event_exceptions SELECT %(company)s, extract(epoch FROM day::timestamptz)"
            f"::bigint / 900 + 40 + n, 'EUR', shop, till, till || 1, 'line_removed', 1, 300 "
            f"FROM {_TILLS}, {every}, generate_series(1, 5) n"
        ),
        (
            f"INSERT INTO day_slots SELECT {_KEY}, {slots} FROM {_TILLS}, {fine}, "
            "generate_series(0, 47) n"
        ),
        (
            "INSERT INTO day_products (company_id, business_day, currency, shop, till_id, "
            "product_id, code, name, times, items, quantity_micro, takings, net, cost, costed_net) "
            f"SELECT {_KEY}, {product}, '', '', {figures} FROM {_TILLS}, {fine}, "
            "generate_series(1, %(bought)s) n ON CONFLICT DO NOTHING"
        ),
        (
            "INSERT INTO month_products SELECT company_id, substr(business_day, 1, 7), currency, "
            "shop, till_id, product_id, code, name, sum(times), sum(items), sum(quantity_micro), "
            "sum(takings), sum(net), sum(cost), sum(costed_net) FROM day_products "
            "GROUP BY 1, 2, 3, 4, 5, 6, 7, 8"
        ),
        (
            "INSERT INTO listed (company_id, kind, id, number, status, category, made_at, made_by, "
            "place) SELECT %(company)s, 'product', 'p' || lpad(n::text, 6, '0'), n::text, "
            "'active', 'c' || n %% 30, '2025', 'Ada', n FROM generate_series(0, %(products)s) n"
        ),
        "INSERT INTO things (company_id, kind, id, revision, state, at) SELECT %(company)s, "
        "'category', 'c' || n, 1, '{{\"id\":\"c' || n || '\",\"name\":\"Category ' || n || '\"}}', "
        "'2025' FROM generate_series(0, 29) n".replace("{{", "{").replace("}}", "}"),
        (
            "INSERT INTO sales (company_id, id, shop, till_id, epoch, branch, seq, number, kind, "
            "at, business_day, staff, currency, net, tax, gross, rounding, amount_due, stored_at) "
            "SELECT %(company)s, till || day || n, shop, till, 1, 0, n, till || '-' || n, 'sale', "
            "day || 'T' || lpad((8 + n %% 12)::text, 2, '0') || ':00:00.000+00:00', day, "
            f"till || 1, 'EUR', 100, 19, 119, 0, 119, day FROM {_TILLS}, "
            "(SELECT (%(last)s - 7 * w)::text AS day FROM generate_series(0, 4) w) days, "
            "generate_series(1, %(tickets)s) n"
        ),
    ]


def _figures(head: HeadOffice, size: Size) -> list[Figure]:
    day = ReportPeriod(LAST, LAST)
    month = ReportPeriod(LAST - timedelta(days=27), LAST)
    year = ReportPeriod(LAST - timedelta(days=364), LAST)
    query = ReceiptQuery(LAST, LAST, "EUR", hour=12)
    company = head.company_id

    def review(period: ReportPeriod, shops: list[str] | None = None) -> Callable[[], None]:
        def run() -> None:
            with head.books.snapshot(company) as connection:
                found = office_review(connection, company, shops, period, None, None, NOW)
            assert found.totals.documents
            assert found.top_products
            assert found.before.totals.documents or size is Size.TINY

        return run

    def by_shop() -> None:
        with head.books.snapshot(company) as connection:
            assert len(shop_totals(connection, company, day, "EUR")) > SHOPS[size]

    def receipts() -> None:
        with head.books.snapshot(company) as connection:
            assert receipts_of(connection, company, query, None, "", 50).rows

    times = TIMES[size]
    floor = median(_timed(_floor(head), max(times // 6, 3)))
    of_day = _timed(review(day), times)
    note = f"{SHOPS[size]} shops, {3 * SHOPS[size]} tills; median {median(of_day):.0f} ms"
    against = median(of_day)
    return [
        Figure("a day of all shops, 95 in 100", p95(of_day), bar=BAR, note=note),
        Figure("a day of all shops, median", against, floor=floor,
               note="floor: counting and adding up the rows of those days' documents"),
        Figure("a day of one shop, 95 in 100", p95(_timed(review(day, ["shop001"]), times)),
               bar=BAR),
        Figure("the shops beside each other, 95 in 100", p95(_timed(by_shop, times)), bar=BAR),
        Figure("the receipts of an hour, of all shops", median(_timed(receipts, times // 3)),
               note="the first 50"),
        Figure("four weeks of all shops", median(_timed(review(month), max(times // 12, 2)))),
        Figure("a year of all shops", median(_timed(review(year), max(times // 12, 2)))),
    ]  # fmt: skip


def _floor(head: HeadOffice) -> Callable[[], None]:
    """Return what reads the same days' documents once, with nothing asked of lines or payments."""
    days = [LAST.isoformat(), *(one.isoformat() for one in mean_days_of(LAST))]

    def run() -> None:
        with psycopg.connect(head.admin) as connection:
            connection.execute(
                "SELECT business_day, count(*), sum(gross), sum(net), sum(tax) FROM sales "
                "WHERE company_id = %s AND business_day = ANY(%s) GROUP BY business_day",
                (head.company_id, days),
            ).fetchall()

    return run


def _timed(what: Callable[[], None], times: int) -> list[float]:
    what()
    found = []
    for _ in range(max(times, 2)):
        begun = perf_counter_ns()
        what()
        found.append((perf_counter_ns() - begun) / MS)
    return found


def p95(values: list[float]) -> float:
    """The value that 95 in 100 do not pass."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
