"""Days made by hand for the day screen: a lively one, an empty one, and an enormous one."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from pos_app.domain.cart import SaleKind
from pos_app.domain.day_attention import attention_of
from pos_app.domain.day_figures import (
    CategorySum,
    DayTotals,
    ExceptionSum,
    HourFigure,
    ProductSum,
    ReceiptQuery,
    StaffSum,
    TaxSum,
    TenderSum,
    Watched,
)
from pos_app.domain.day_review import (
    Before,
    CashSum,
    DayReview,
    DaySum,
    LowStock,
    Overdue,
    SlowProduct,
    Unsent,
)
from pos_app.domain.difference import Cause, CauseKind, Receipt
from pos_app.domain.journal import JournalEntry
from pos_app.domain.money import Money
from pos_app.domain.payment import TenderMethod
from pos_app.domain.report_period import ReportPeriod
from pos_app.domain.shift_report import OfficeProof
from pos_app.services.day_evidence import Evidence
from pos_app.store.day_evidence import LAST, Place
from pos_app.store.sales import SaleSummary

DAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 16, 20, tzinfo=UTC)
_SHAPE = (0, 0, 0, 0, 0, 0, 0, 4, 9, 14, 18, 22, 31, 26, 17, 15, 19, 28, 33, 21, 8)
_NAMES = (
    ("Flat white", "612.40"), ("Sourdough loaf", "508.80"), ("Croissant", "431.20"),
    ("Free-range eggs, ten", "289.10"), ("Olive oil from the mill, extra virgin 0.75 l", "261.00"),
    ("Bio-Vollkornbrot mit Sonnenblumenkernen 1000 g", "244.80"), ("خبز عربي", "198.50"),
    ("Whole milk 1 l", "171.36"), ("Sparkling water", "96.20"), ("Apples", "84.90"),
)  # fmt: skip


def hours(scale: int, until: int = 24) -> tuple[HourFigure, ...]:
    """Return a day's curve; the 23 keeps figures from being round."""
    return tuple(
        HourFigure(hour, part, part * scale * 23)
        for hour, part in enumerate(_SHAPE)
        if part and hour < until
    )


def totals(size: int = 100, currency: str = "EUR") -> DayTotals:
    """Return what a day of a size in percent came to."""

    def of(amount: int) -> int:
        return amount * size // 100

    return DayTotals(
        currency, of(214), of(221), of(655), of(412_845), of(352_100), of(60_745), of(9_870),
        of(6), of(8_455), of(2), of(4_310), of(2_500), -3, of(198_400), of(301_900),
    )  # fmt: skip


def lively(day: date = DAY, *, is_running: bool = True) -> DayReview:
    """Return a day on which a manager finds something to look at."""
    week = ReportPeriod(day - timedelta(days=7), day - timedelta(days=7))
    so_far = replace(totals(71), takings=269_000, tickets=139)
    before = Before(week, totals(93), hours(66), (), so_far if is_running else None)
    made = DayReview(
        shop="Corner shop",
        period=ReportPeriod(day, day),
        currency="EUR",
        made_at=NOW,
        totals=totals(),
        before=before,
        mean=totals(97),
        mean_days=4,
        hours=hours(74, 17 if is_running else 24),
        days=(),
        tenders=_TENDERS,
        taxes=(
            TaxSum("S", "VAT 23 %", "23", 201_340, 46_308),
            TaxSum("R", "VAT 13.5 %", "13.5", 106_940, 14_437),
            TaxSum("Z", "Zero rated", "", 43_820, 0),
        ),
        top_products=_products(),
        slow_products=tuple(
            SlowProduct(f"s{place}", f"S{place}", name, Decimal(level), sold)
            for place, (name, level, sold) in enumerate(
                (
                    ("Panettone in a tin", 14, date(2025, 12, 23)),
                    ("Rye crackers with caraway", 31, date(2026, 1, 12)),
                    ("Herbal tea “Good night”", 22, None),
                )
            )
        ),
        categories=(
            CategorySum("c1", "Bakery", Decimal(241), 131_280, 115_600),
            CategorySum("c2", "Coffee and drinks", Decimal(209), 112_460, 93_400),
            CategorySum("c3", "Fruit & vegetables", Decimal(81), 74_230, 65_300),
            CategorySum("c4", "Dairy", Decimal(88), 61_115, 53_700),
            CategorySum("", "", Decimal(36), 33_760, 24_100),
        ),
        staff=_STAFF,
        cash=_cash(is_running=is_running),
        unsent=Unsent(3, 1, OfficeProof(48_221, 48_218, NOW - timedelta(minutes=9), True)),
        low_stock=(
            LowStock("l1", "L1", "Oat drink 1 l", Decimal(2), Decimal(12)),
            LowStock("l2", "L2", "Butter, salted", Decimal(0), Decimal(10)),
            LowStock("l3", "L3", "Bananas", Decimal("3.4"), Decimal(8)),
        ),
        overdue=Overdue(2, Money(128_450, "EUR")),
        is_running=is_running,
    )
    return replace(made, attention=attention_of(made))


def empty(day: date = DAY) -> DayReview:
    """Return a day on which nothing happened."""
    week = ReportPeriod(day - timedelta(days=7), day - timedelta(days=7))
    return DayReview(
        "Corner shop", ReportPeriod(day, day), "EUR", NOW, DayTotals("EUR"),
        Before(week, DayTotals("EUR")), None, 0, (), (), (), (), (), (), (), (),
    )  # fmt: skip


def enormous(day: date = DAY) -> DayReview:
    """Return a day of figures and names longer than anybody has seen."""
    made = lively(day, is_running=False)
    factor = 33_000
    huge = {
        name: getattr(made.totals, name) * factor
        for name in ("takings", "net", "tax", "discounts", "refunds", "cost", "costed_net", "held")
    }
    long = "Internationale Feinkostspezialitäten und Präsentkörbe für jeden Anlass GmbH "
    staff = tuple(
        StaffSum(
            f"{place}-Maximiliana-Charlotte",
            9_999 - place,
            987_654_321_00,
            tuple(ExceptionSum(kind, 1_234, 123_456_789_00) for kind in Watched),
        )
        for place in range(4)
    )
    made = replace(
        made,
        totals=replace(made.totals, **huge, tickets=1_234_567, items=98_765_432),
        before=replace(made.before, totals=replace(made.before.totals, takings=98_765_432_100)),
        hours=tuple(replace(one, takings=one.takings * factor) for one in made.hours),
        tenders=tuple(replace(one, taken=one.taken * factor) for one in made.tenders),
        top_products=tuple(
            replace(one, name=long + one.name, takings=one.takings * factor)
            for one in made.top_products
        ),
        categories=tuple(
            replace(one, name=long + one.name, takings=one.takings * factor)
            for one in made.categories
        ),
        staff=staff,
        overdue=Overdue(12_345, Money(987_654_321_00, "EUR")),
    )
    return replace(made, attention=attention_of(made))


def month(start: date = date(2026, 2, 1), end: date = date(2026, 2, 28)) -> DayReview:
    """Return four weeks, each Sunday quiet."""
    period = ReportPeriod(start, end)
    back = timedelta(days=28)

    def days(size: int, since: date) -> tuple[DaySum, ...]:
        return tuple(
            DaySum(day, totals(size + (place * 37) % 29 - 70 * (day.weekday() == 6)))
            for place in range(period.days)
            for day in (since + timedelta(days=place),)
        )

    now, old = days(96, start), days(90, start - back)
    sums = DayTotals("EUR"), DayTotals("EUR")
    for new, gone in zip(now, old, strict=True):
        sums = sums[0] + new.totals, sums[1] + gone.totals
    before = Before(ReportPeriod(start - back, end - back), sums[1], (), old)
    made = replace(
        lively(is_running=False),
        period=period, totals=sums[0], before=before, mean=None, mean_days=0, hours=(), days=now,
    )  # fmt: skip
    return replace(made, attention=attention_of(made))


def summary(number: int, day: date = DAY) -> SaleSummary:
    """Return a receipt of the day."""
    return SaleSummary(
        id=f"sale-{number}",
        number=f"1-{number:06}",
        kind=SaleKind.SALE,
        at=datetime(day.year, day.month, day.day, 9, number % 60, tzinfo=UTC),
        business_day=day,
        gross=Money(1_290 + number * 37, "EUR"),
        customer_name="",
        tender_methods=(TenderMethod.CASH,),
        line_count=2,
        staff="anna",
    )


def happened(number: int, day: date = DAY) -> Evidence:
    """Return an entry of the day; every other one belongs to a receipt."""
    at = datetime(day.year, day.month, day.day, 9, number % 60, tzinfo=UTC)
    fields = {"name": "Free-range eggs, ten", "quantity": "2", "unit_price": "4.15"}
    payload = json.dumps({**fields, "currency": "EUR"})
    entry = JournalEntry(
        "till", 1, 1_000 + number, f"e{number}", "line_removed", at.isoformat(), "anna",
        payload, "", "", "",
    )  # fmt: skip
    sold = (f"sale-{number}", f"1-{number:06}") if number % 2 == 0 else ("", "")
    return Evidence((-number, 0), at, "anna", Money(830, "EUR"), *sold, entry)


@dataclass
class MadeFigures:
    """Figures that are the same whatever is asked; it remembers what was asked."""

    make: Callable[[ReportPeriod], DayReview]
    receipts_behind: int = 3
    known: Sequence[str] = ("EUR",)
    asked: list[tuple[ReportPeriod, str | None, ReportPeriod]] = field(default_factory=list)
    queries: list[tuple[ReceiptQuery, str]] = field(default_factory=list)

    def review(
        self,
        period: ReportPeriod,
        currency: str | None,
        compared: ReportPeriod,
        now: datetime,
        check: Callable[[], None],
    ) -> DayReview:
        check()
        self.asked.append((period, currency, compared))
        return replace(self.make(period), made_at=now)

    def receipts(self, query: ReceiptQuery, after: str, limit: int) -> Sequence[SaleSummary]:
        self.queries.append((query, after))
        first = int(after.removeprefix("sale-")) + 1 if after else 1
        return [summary(one) for one in range(first, self.receipts_behind + 1)][:limit]

    def evidence(self, query: ReceiptQuery, after: Place, limit: int) -> Sequence[Evidence]:
        self.queries.append((query, ""))
        first = 1 if after == LAST else -after[0] + 1
        return [happened(one) for one in range(first, self.receipts_behind + 1)][:limit]

    def currencies(self, _period: ReportPeriod) -> Sequence[str]:
        return self.known


_TENDERS = (
    TenderSum("card", 131, 268_410, 3_200),
    TenderSum("cash", 74, 141_235, 5_255),
    TenderSum("gift_card", 7, 9_655, 0),
    TenderSum("on_account", 2, 4_500, 0),
)
_STAFF = (
    StaffSum("anna", 121, 238_410, (
        ExceptionSum(Watched.VOID, 1, 1_890), ExceptionSum(Watched.DISCOUNT, 14, 5_310),
        ExceptionSum(Watched.LINE_REMOVED, 3, 2_210), ExceptionSum(Watched.NO_SALE, 2, 0),
    )),
    StaffSum("ben", 93, 174_435, (
        ExceptionSum(Watched.VOID, 1, 2_420), ExceptionSum(Watched.REFUND, 6, 8_455),
        ExceptionSum(Watched.DISCOUNT, 11, 4_560), ExceptionSum(Watched.PRICE_OVERRIDE, 4, 1_730),
        ExceptionSum(Watched.QUANTITY_LOWERED, 1, 480),
        ExceptionSum(Watched.SALE_DISCARDED, 1, 3_390), ExceptionSum(Watched.NO_SALE, 5, 0),
    )),
)  # fmt: skip


def _products() -> tuple[ProductSum, ...]:
    return tuple(
        ProductSum(
            f"p{place}",
            f"P{place}",
            name,
            Decimal(140 - 11 * place),
            int(Decimal(amount) * 100),
            int(Decimal(amount) * 85),
            0 if place == 3 else int(Decimal(amount) * (48 - place)),
            0 if place == 3 else int(Decimal(amount) * 85),
        )
        for place, (name, amount) in enumerate(_NAMES)
    )


def _cash(*, is_running: bool) -> tuple[CashSum, ...]:
    morning = datetime(2026, 3, 2, 6, 45, tzinfo=UTC)
    noon = morning + timedelta(hours=7)
    causes = (
        Cause(CauseKind.CARD_RUNG_AS_CASH, 90, Money(2_000, "EUR"),
              receipts=(Receipt("sale-7", "1-000007"),)),
        Cause(CauseKind.PIECE_MISCOUNTED, 60, Money(2_000, "EUR")),
    )  # fmt: skip
    early = CashSum(
        "shift-1", 211, morning, noon, "anna", Money(61_280, "EUR"), Money(59_280, "EUR"),
        Money(-2_000, "EUR"), causes,
    )  # fmt: skip
    if is_running:
        return (early, CashSum("shift-2", 212, noon, None, "ben", Money(83_115, "EUR"), None, None))
    end = noon + timedelta(hours=7)
    late = CashSum(
        "shift-2", 212, noon, end, "ben", Money(83_115, "EUR"), Money(83_115, "EUR"),
        Money(0, "EUR"),
    )  # fmt: skip
    return (early, late)
