"""Days of a shop as a manager reviews them: an ordinary one, an enormous one, an empty one."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from pos_app.domain.day_figures import (
    CategorySum,
    DayTotals,
    ExceptionSum,
    HourFigure,
    ProductSum,
    StaffSum,
    TaxSum,
    TenderSum,
    Watched,
)
from pos_app.domain.day_review import (
    Attention,
    AttentionKind,
    Before,
    CashSum,
    DayReview,
    DaySum,
    LowStock,
    Severity,
    SlowProduct,
    week_before,
)
from pos_app.domain.difference import Cause, CauseKind, Receipt
from pos_app.domain.money import Money
from pos_app.domain.report_period import ReportPeriod

DAY = date(2026, 3, 14)  # a Saturday
MADE = datetime(2026, 3, 14, 19, 5, tzinfo=UTC)
HOSTILE = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://example.org";"pay")')


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


def totals(scale: int = 1, currency: str = "EUR") -> DayTotals:
    return DayTotals(
        currency,
        tickets=214,
        documents=223,
        items=611,
        takings=482_360 * scale,
        net=421_955 * scale,
        tax=60_405 * scale,
        discounts=11_240 * scale,
        refund_count=4,
        refunds=5_980 * scale,
        void_count=2,
        voids=2_310 * scale,
        held=10_000 * scale,
        rounding=-3,
        cost=251_740 * scale,
        costed_net=402_115 * scale,
    )


def hours(scale: int = 1, shift: int = 0) -> tuple[HourFigure, ...]:
    takings = (18_420, 32_180, 47_940, 61_230, 55_100, 39_870, 42_560, 58_340, 71_250, 55_470)
    tickets = (9, 15, 22, 28, 24, 18, 19, 25, 31, 23)
    if shift:
        takings = takings[1:] + takings[:1]
    return tuple(
        HourFigure(9 + place, count, amount * scale - shift * 4_100)
        for place, (count, amount) in enumerate(zip(tickets, takings, strict=True))
    )


def staff(code: str, takings: int, seed: int = 1) -> StaffSum:
    found = tuple(
        ExceptionSum(kind, (place * seed) % 4, 0 if kind is Watched.NO_SALE else place * seed * 370)
        for place, kind in enumerate(Watched)
        if (place * seed) % 4
    )
    return StaffSum(code, 71, takings, found)


def products(scale: int = 1) -> tuple[ProductSum, ...]:
    names = (
        "Sourdough loaf", "Oat flat white", "Cinnamon bun", "Rye bread, sliced, 500 g",
        "Filter coffee", "Croissant", "Cheese sandwich", "Orange juice", "Lemon cake", "Tea",
    )  # fmt: skip
    return tuple(
        ProductSum(
            f"p{place}", f"10{place:02}", name, Decimal(84 - 7 * place),
            (42_000 - 3_500 * place) * scale, (38_000 - 3_200 * place) * scale,
            (19_000 - 1_700 * place) * scale, (38_000 - 3_200 * place) * scale,
        )
        for place, name in enumerate(names)
    )  # fmt: skip


def ordinary(scale: int = 1, currency: str = "EUR") -> DayReview:
    """A good Saturday with something to look at; `scale` makes every amount larger."""
    before = totals(scale, currency)
    period = ReportPeriod(DAY, DAY)
    was = replace(
        before, tickets=198, takings=441_870 * scale, net=386_500 * scale, tax=55_370 * scale,
        refunds=7_120 * scale, discounts=9_800 * scale, items=590,
    )  # fmt: skip
    cause = Cause(
        CauseKind.CARD_RUNG_AS_CASH, 85, Money(1_250, currency),
        receipts=(Receipt("s1", "T1-000412"),),
    )  # fmt: skip
    opened = datetime(2026, 3, 14, 7, 30, tzinfo=UTC)
    return DayReview(
        shop="Corner Bakery",
        period=period,
        currency=currency,
        made_at=MADE,
        totals=before,
        before=Before(week_before(period), was, hours(scale, shift=1)),
        mean=replace(was, takings=450_120 * scale, tickets=203),
        mean_days=4,
        hours=hours(scale),
        days=(),
        tenders=(
            TenderSum("card", 131, 301_240 * scale, 2_100 * scale),
            TenderSum("cash", 79, 172_630 * scale, 3_880 * scale),
            TenderSum("mobile", 9, 14_470 * scale, 0),
            TenderSum("gift_card", 3, 10_000 * scale, 0),
        ),
        taxes=(
            TaxSum("S", "VAT", "19", 231_040 * scale, 43_898 * scale),
            TaxSum("R", "VAT", "7", 190_915 * scale, 16_507 * scale),
        ),
        top_products=products(scale),
        slow_products=(SlowProduct("p90", "1090", "Rusks", Decimal(12), date(2026, 1, 9)),),
        categories=(
            CategorySum("c1", "Bread", Decimal(240), 201_410 * scale, 180_200 * scale),
            CategorySum("c2", "Hot drinks", Decimal(231), 140_020 * scale, 118_340 * scale),
            CategorySum("c3", "Cakes", Decimal(101), 98_780 * scale, 87_110 * scale),
            CategorySum("", "", Decimal(39), 42_150 * scale, 36_305 * scale),
        ),
        staff=(staff("1", 242_180 * scale), staff("2", 150_090 * scale, 2), staff("7", 90_090, 3)),
        cash=(
            CashSum(
                "h1", 88, opened, datetime(2026, 3, 14, 19, 1, tzinfo=UTC), "1",
                Money(198_750 * scale, currency), Money(197_500 * scale, currency),
                Money(-1_250 * scale, currency), (cause,),
            ),
        ),
        low_stock=(LowStock("p3", "1003", "Rye bread", Decimal(2), Decimal(10)),),
        attention=(
            Attention(
                AttentionKind.CASH_DIFFERENCE, Severity.DANGER, 1, Money(-1_250 * scale, currency)
            ),
            Attention(AttentionKind.VOIDS, Severity.WARNING, 2, Money(2_310, currency), "2"),
            Attention(AttentionKind.UNSENT, Severity.WARNING, 12),
            Attention(AttentionKind.LOW_STOCK, Severity.INFO, 1),
        ),
    )  # fmt: skip


def month(scale: int = 1) -> DayReview:
    """Four weeks of days against the four weeks before."""
    day = ordinary(scale)
    period = ReportPeriod(date(2026, 2, 15), DAY)
    back = week_before(period)

    def every(start: date, more: int) -> tuple[DaySum, ...]:
        return tuple(
            DaySum(
                start + timedelta(days=at),
                replace(day.totals, takings=(380_000 + (at * 37 % 11) * 12_000 + more) * scale),
            )
            for at in range(period.days)
        )

    before = Before(back, day.before.totals, days=every(back.start, -21_000))
    return replace(
        day, period=period, before=before, hours=(), days=every(period.start, 0), mean=None,
        mean_days=0,
    )  # fmt: skip


def enormous() -> DayReview:
    """Amounts of fifteen digits, 40 cashiers, 60 products, and names that never end."""
    day = ordinary(1_000_000_007)
    long = "An article with a name that somebody typed without ever coming to an end " * 3
    return replace(
        day,
        shop=long,
        staff=tuple(staff(f"Cashier {at} {long}", 10**14 + at, at) for at in range(40)),
        top_products=tuple(replace(day.top_products[0], name=f"{at} {long}") for at in range(60)),
        categories=tuple(replace(day.categories[0], name=f"{at} {long}") for at in range(40)),
        tenders=day.tenders * 5,
        taxes=day.taxes * 6,
        cash=day.cash * 9,
        attention=day.attention * 8,
        low_stock=day.low_stock * 200,
    )


def empty() -> DayReview:
    """A day on which nothing was sold, and nothing the week before."""
    day = ordinary()
    nothing = DayTotals("EUR")
    return replace(
        day, totals=nothing, before=Before(day.before.period, nothing), mean=None, mean_days=0,
        hours=(), tenders=(), taxes=(), top_products=(), slow_products=(), categories=(), staff=(),
        cash=(), low_stock=(), attention=(),
    )  # fmt: skip


def hostile() -> DayReview:
    """A day whose every name would run as a formula if a spreadsheet let it."""
    day = ordinary()
    evil = HOSTILE[-1]
    return replace(
        day,
        shop=evil,
        taxes=tuple(replace(one, code="=1+1", name=evil) for one in day.taxes),
        top_products=tuple(replace(day.top_products[0], code=name, name=name) for name in HOSTILE),
        slow_products=tuple(replace(one, code="@A1", name=evil) for one in day.slow_products),
        low_stock=tuple(replace(one, code="-1", name=evil) for one in day.low_stock),
        categories=tuple(replace(day.categories[0], name=name) for name in HOSTILE),
        staff=tuple(replace(day.staff[0], staff=name) for name in HOSTILE),
        tenders=tuple(replace(day.tenders[0], method=name) for name in HOSTILE),
        cash=tuple(replace(one, staff=evil) for one in day.cash),
    )
