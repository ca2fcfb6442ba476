"""The manager's day as sheets: each list of it with sums and shares that follow the figures."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, tzinfo
from decimal import Decimal, InvalidOperation
from functools import partial

from pos_app.domain.cause_words import cause_words
from pos_app.domain.day_figures import ProductSum, StaffSum, Watched, share
from pos_app.domain.day_review import CashSum, DayReview
from pos_app.domain.day_words import WATCHED_WORDS, method_words
from pos_app.domain.money import Money, minor_digits
from pos_app.domain.words import Say
from pos_app.spreadsheets.day_summary import change_cell, summary_sheet
from pos_app.spreadsheets.sheet import (
    SUM,
    Cell,
    CellKind,
    Formula,
    Sheet,
    SheetChart,
    SheetColumn,
    Value,
    value_of,
)
from pos_app.texts import t_in

_SHARE_OF = 'IF({{sum_{0}}}<=0,"",ROUND({{{0}}}/{{sum_{0}}},3))'
_MARGIN = 'IF({costed}<=0,"",ROUND(({costed}-{cost})/{costed},3))'


def day_sheets(review: DayReview, language: str, zone: tzinfo = UTC) -> tuple[Sheet, ...]:
    """Return the sheets of a review; moments stand in `zone`, words in `language`.

    Lists that are empty have no sheet, but payments, taxes and products always do.
    """
    t = partial(t_in, language)
    sheets = [
        summary_sheet(review, t, zone),
        *_over_time(review, t),
        _payments(review, t),
        _taxes(review, t),
        _products(review, t),
        *_stock(review, t),
        _categories(review, t),
        _cashiers(review, t),
    ]
    if review.cash:
        sheets.append(_cash(review, t, zone))
    return tuple(sheets)


def _over_time(review: DayReview, t: Say) -> Iterator[Sheet]:
    if review.hours or review.before.hours:
        yield _hours(review, t)
    if review.days:
        yield _days(review, t)


def _hours(review: DayReview, t: Say) -> Sheet:
    columns = (
        SheetColumn("hour", t("Hour")),
        SheetColumn("tickets", t("Tickets"), CellKind.COUNT, SUM),
        SheetColumn("takings", t("Takings"), CellKind.MONEY, SUM),
        SheetColumn("tickets_before", t("Tickets before"), CellKind.COUNT, SUM),
        SheetColumn("takings_before", t("Takings before"), CellKind.MONEY, SUM),
        SheetColumn("change", t("Against before"), CellKind.PERCENT),
    )
    now = {one.hour: one for one in review.hours}
    before = {one.hour: one for one in review.before.hours}
    hours = range(min((*now, *before)), max((*now, *before)) + 1)
    rows: list[tuple[Cell, ...]] = []
    for hour in hours:
        here, there = now.get(hour), before.get(hour)
        sold, was = (here.takings if here else 0), (there.takings if there else 0)
        rows.append(
            (
                f"{hour:02}:00",
                here.tickets if here else 0,
                Money(sold, review.currency),
                there.tickets if there else 0,
                Money(was, review.currency),
                change_cell("takings", "takings_before", sold, was),
            )
        )
    chart = SheetChart("hour", ("takings", "takings_before"), len(rows))
    return _sheet(t("Hours"), review, columns, rows, t, chart)


def _days(review: DayReview, t: Say) -> Sheet:
    columns = (
        SheetColumn("day", t("Day"), CellKind.DAY),
        SheetColumn("tickets", t("Tickets"), CellKind.COUNT, SUM),
        SheetColumn("items", t("Items"), CellKind.COUNT, SUM),
        SheetColumn("takings", t("Takings"), CellKind.MONEY, SUM),
        SheetColumn("net", t("Before tax"), CellKind.MONEY, SUM),
        SheetColumn("tax", t("Tax"), CellKind.MONEY, SUM),
        SheetColumn("discounts", t("Discounts"), CellKind.MONEY, SUM),
        SheetColumn("refunds", t("Refunds"), CellKind.MONEY, SUM),
        SheetColumn("voids", t("Voids"), CellKind.MONEY, SUM),
        SheetColumn("day_before", t("Day before"), CellKind.DAY),
        SheetColumn("takings_before", t("Takings before"), CellKind.MONEY, SUM),
        SheetColumn("change", t("Against before"), CellKind.PERCENT),
    )
    offset = review.period.start - review.before.period.start
    now = {one.day: one.totals for one in review.days}
    before = {one.day: one.totals for one in review.before.days}
    days = sorted({*now, *(day + offset for day in before)})
    rows: list[tuple[Cell, ...]] = []
    for day in days:
        here, earlier = now.get(day), day - offset
        there = before.get(earlier)
        sold, was = (here.takings if here else 0), (there.takings if there else 0)
        amounts = ("takings", "net", "tax", "discounts", "refunds", "voids")
        rows.append(
            (
                day,
                here.tickets if here else 0,
                here.items if here else 0,
                *(Money(getattr(here, name) if here else 0, review.currency) for name in amounts),
                earlier,
                Money(was, review.currency),
                change_cell("takings", "takings_before", sold, was),
            )
        )
    chart = SheetChart("day", ("takings", "takings_before"), min(len(rows), 400))
    return _sheet(t("Days"), review, columns, rows, t, chart)


def _payments(review: DayReview, t: Say) -> Sheet:
    columns = (
        SheetColumn("method", t("Payment")),
        SheetColumn("count", t("Count"), CellKind.COUNT, SUM),
        SheetColumn("taken", t("Taken"), CellKind.MONEY, SUM),
        SheetColumn("given_back", t("Given back"), CellKind.MONEY, SUM),
        SheetColumn("left", t("Left"), CellKind.MONEY, SUM),
        SheetColumn("share", t("Share"), CellKind.PERCENT),
    )
    money = _money(review)
    whole = sum(one.taken - one.given_back for one in review.tenders)
    rows: list[tuple[Cell, ...]] = [
        (
            t(method_words(one.method)),
            one.count,
            money(one.taken),
            money(one.given_back),
            Formula("{taken}-{given_back}", money(one.taken - one.given_back)),
            Formula(_SHARE_OF.format("left"), share(one.taken - one.given_back, whole)),
        )
        for one in review.tenders
    ]
    return _sheet(t("Payments"), review, columns, rows, t)


def _taxes(review: DayReview, t: Say) -> Sheet:
    columns = (
        SheetColumn("code", t("Tax code")),
        SheetColumn("name", t("Tax")),
        SheetColumn("rate", t("Rate"), CellKind.PERCENT),
        SheetColumn("base", t("Before tax"), CellKind.MONEY, SUM),
        SheetColumn("amount", t("Tax amount"), CellKind.MONEY, SUM),
        SheetColumn("gross", t("With tax"), CellKind.MONEY, SUM),
    )
    money = _money(review)
    rows: list[tuple[Cell, ...]] = [
        (
            one.code,
            one.name,
            rate_of(one.rate),
            money(one.base),
            money(one.amount),
            Formula("{base}+{amount}", money(one.base + one.amount)),
        )
        for one in review.taxes
    ]
    return _sheet(t("Taxes"), review, columns, rows, t)


def _products(review: DayReview, t: Say) -> Sheet:
    columns = (
        SheetColumn("code", t("Code")),
        SheetColumn("name", t("Product")),
        SheetColumn("quantity", t("Quantity"), CellKind.QUANTITY),
        SheetColumn("takings", t("Takings"), CellKind.MONEY, SUM),
        SheetColumn("net", t("Before tax"), CellKind.MONEY, SUM),
        SheetColumn("costed", t("Of that with a cost"), CellKind.MONEY, SUM),
        SheetColumn("cost", t("Cost"), CellKind.MONEY, SUM),
        SheetColumn("margin", t("Margin"), CellKind.MONEY, SUM),
        SheetColumn("rate", t("Margin %"), CellKind.PERCENT, _MARGIN),
    )
    rows = [_product_row(one, review) for one in review.top_products]
    return _sheet(t("Products"), review, columns, rows, t)


def _product_row(one: ProductSum, review: DayReview) -> tuple[Cell, ...]:
    money, margin = _money(review), one.costed_net - one.cost
    return (
        one.code,
        one.name,
        one.quantity,
        money(one.takings),
        money(one.net),
        money(one.costed_net),
        money(one.cost),
        Formula("{costed}-{cost}", money(margin)),
        Formula(_MARGIN, share(margin, one.costed_net)),
    )


def _stock(review: DayReview, t: Say) -> Iterator[Sheet]:
    """What nobody buys and what runs out, where there is any."""
    named = (SheetColumn("code", t("Code")), SheetColumn("name", t("Product")))
    level = SheetColumn("level", t("In stock"), CellKind.QUANTITY)
    if review.slow_products:
        last = SheetColumn("last", t("Last sold"), CellKind.DAY)
        rows = [(one.code, one.name, one.level, one.last_sold) for one in review.slow_products]
        yield Sheet(t("Slow products"), review.currency, (), (*named, level, last), rows)
    if review.low_stock:
        order = SheetColumn("order", t("Order at"), CellKind.QUANTITY)
        short = [(one.code, one.name, one.level, one.reorder_level) for one in review.low_stock]
        yield Sheet(t("Low stock"), review.currency, (), (*named, level, order), short)


def _categories(review: DayReview, t: Say) -> Sheet:
    columns = (
        SheetColumn("name", t("Category")),
        SheetColumn("items", t("Items"), CellKind.QUANTITY, SUM),
        SheetColumn("takings", t("Takings"), CellKind.MONEY, SUM),
        SheetColumn("net", t("Before tax"), CellKind.MONEY, SUM),
        SheetColumn("share", t("Share"), CellKind.PERCENT),
    )
    money = _money(review)
    whole = sum(one.takings for one in review.categories)
    rows: list[tuple[Cell, ...]] = [
        (
            one.name or t("No category"),
            one.items,
            money(one.takings),
            money(one.net),
            Formula(_SHARE_OF.format("takings"), share(one.takings, whole)),
        )
        for one in review.categories
    ]
    return _sheet(t("Categories"), review, columns, rows, t)


def _cashiers(review: DayReview, t: Say) -> Sheet:
    columns = [
        SheetColumn("staff", t("Cashier")),
        SheetColumn("tickets", t("Tickets"), CellKind.COUNT, SUM),
        SheetColumn("takings", t("Takings"), CellKind.MONEY, SUM),
    ]
    for kind in Watched:
        word = t(WATCHED_WORDS[kind])
        columns += [
            SheetColumn(f"{kind}_count", word, CellKind.COUNT, SUM),
            SheetColumn(f"{kind}_amount", f"{word}: {t('Amount')}", CellKind.MONEY, SUM),
            SheetColumn(f"{kind}_share", f"{word}: {t('Share')}", CellKind.PERCENT),
        ]
    rows = [_cashier_row(one, review) for one in review.staff]
    return _sheet(t("Cashiers"), review, tuple(columns), rows, t)


def _cashier_row(one: StaffSum, review: DayReview) -> tuple[Cell, ...]:
    cells: list[Cell] = [one.staff, one.tickets, Money(one.takings, review.currency)]
    for kind in Watched:
        found = one.of(kind)
        text = f'IF({{takings}}<=0,"",ROUND({{{kind}_amount}}/{{takings}},3))'
        cells += [
            found.count,
            Money(found.amount, review.currency),
            Formula(text, one.share_of(kind)),
        ]
    return tuple(cells)


def _cash(review: DayReview, t: Say, zone: tzinfo) -> Sheet:
    one_currency = len({one.expected.currency for one in review.cash}) == 1
    total = SUM if one_currency else ""  # amounts of two currencies are never summed
    columns = (
        SheetColumn("number", t("Z report"), CellKind.COUNT),
        SheetColumn("opened", t("Opened"), CellKind.MOMENT),
        SheetColumn("closed", t("Closed"), CellKind.MOMENT),
        SheetColumn("staff", t("Cashier")),
        SheetColumn("expected", t("Expected"), CellKind.MONEY, total),
        SheetColumn("counted", t("Counted"), CellKind.MONEY, total),
        SheetColumn("difference", t("Difference"), CellKind.MONEY, total),
        SheetColumn("cause", t("Likely cause")),
    )
    rows = [_cash_row(one, t, zone) for one in review.cash]
    if one_currency:
        return _sheet(t("Cash"), review, columns, rows, t)
    return Sheet(t("Cash"), review.currency, (), columns, rows)


def _cash_row(one: CashSum, t: Say, zone: tzinfo) -> tuple[Cell, ...]:
    difference: Cell = None
    if one.counted is not None and one.difference is not None:
        difference = Formula("{counted}-{expected}", one.difference)
    return (
        one.number or None,
        one.opened_at.astimezone(zone),
        one.closed_at.astimezone(zone) if one.closed_at else None,
        one.staff,
        one.expected,
        one.counted,
        difference,
        _cause(one, t) if one.causes else "",
    )


def _cause(one: CashSum, t: Say) -> str:
    cause = one.causes[0]
    return t(cause_words(cause)).format(
        amount=plain_money(Money(abs(cause.amount.minor), cause.amount.currency)),
        other="" if cause.other is None else plain_money(cause.other),
        pieces=cause.pieces,
        reason=cause.reason,
    )


def plain_money(amount: Money) -> str:
    """Write an amount as machines read it: 12.50 EUR."""
    return f"{amount.amount:.{minor_digits(amount.currency)}f} {amount.currency}"


def rate_of(rate: str) -> Decimal | None:
    """Return a tax's rate in percent; None for a tax by the piece."""
    try:
        found = Decimal(rate)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _money(review: DayReview) -> Callable[[int], Money]:
    return lambda minor: Money(minor, review.currency)


def _sheet(
    title: str,
    review: DayReview,
    columns: Sequence[SheetColumn],
    rows: Sequence[tuple[Cell, ...]],
    t: Say,
    chart: SheetChart | None = None,
) -> Sheet:
    totals = [
        _total([value_of(row[at]) for row in rows], one, review) for at, one in enumerate(columns)
    ]
    keys = [one.key for one in columns]
    if any(one.total == _MARGIN for one in columns):
        sums = sum(one.costed_net for one in review.top_products)
        costs = sum(one.cost for one in review.top_products)
        totals[keys.index("rate")] = share(sums - costs, sums)
    unsummed = next(at for at, one in enumerate(columns) if not one.total)
    totals[unsummed] = t("Total")
    return Sheet(title, review.currency, (), tuple(columns), rows, tuple(totals), chart=chart)


def _total(values: Sequence[Value], column: SheetColumn, review: DayReview) -> Value:
    if column.total != SUM:
        return None
    if column.kind is CellKind.MONEY:
        amounts = [one for one in values if isinstance(one, Money)]
        currency = amounts[0].currency if amounts else review.currency
        return Money(sum(one.minor for one in amounts), currency)
    return sum((Decimal(one) for one in values if isinstance(one, Decimal | int)), Decimal(0))
