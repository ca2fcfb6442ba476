"""Reports in words: dates of every length, and values of a table as the screen writes them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from pos_app.domain.money import Money
from pos_app.domain.report_period import Grain
from pos_app.domain.shop import ShopSettings
from pos_app.services.report_sheet import ReportKind, ReportSheet
from pos_app.spreadsheets.sheet import DATES, CellKind, SheetColumn, Value
from pos_app.texts import t
from pos_app.ui.presenters.amounts import AmountFormat
from pos_app.ui.presenters.receipt_words import day_words
from pos_app.ui.presenters.refusals import in_one_piece
from pos_app.ui.views import Column

_GRAINS = {
    CellKind.DAY: Grain.DAY,
    CellKind.WEEK: Grain.WEEK,
    CellKind.MONTH: Grain.MONTH,
    CellKind.YEAR: Grain.YEAR,
}
# Pixels: what a letter of a word, a digit and a letter of a number takes, and the air beside it.
_LETTER, _DIGIT, _CAPITAL, _AIR, _TITLE_AIR = 8, 9, 11, 26, 34
_NARROWEST, _WIDEST, _NAME, _NUMBER = 84, 200, 128, 100
_MEASURED_ROWS = 200
# The chart says these already.
_NO_FIGURE = ("to_30", "to_60", "to_90", "older")
_STRETCHING = ("name", "customer", "start")


@dataclass(frozen=True, slots=True)
class DayWords:
    """Writes days, weeks, months and years for one shop."""

    shop: ShopSettings

    def piece(self, start: date, grain: Grain) -> str:
        """Write a piece of a period: a day, a week by its Monday, a month or a year."""
        if grain is Grain.YEAR:
            return str(start.year)
        if grain is Grain.MONTH:
            return _skeleton(self.shop.screen.language, self.shop.country, "yMMM", start)
        return day_words(start, self.shop)

    def named(self, start: date, grain: Grain) -> str:
        """Write a piece where nothing around it says how long it is."""
        day = self.piece(start, grain)
        return t("Week from {day}").format(day=in_one_piece(day)) if grain is Grain.WEEK else day

    def with_weekday(self, day: date) -> str:
        """Write a day with its weekday: Sun, 22 Nov 2026."""
        return _skeleton(self.shop.screen.language, self.shop.country, "yMMMEd", day)

    def short_with_weekday(self, day: date) -> str:
        """Write a day with its weekday and without its year: Sun, 22 Nov."""
        return _skeleton(self.shop.screen.language, self.shop.country, "MMMEd", day)

    def short(self, start: date, grain: Grain) -> str:
        """Write a piece so short that many stand side by side."""
        if grain in (Grain.DAY, Grain.WEEK):
            return _skeleton(self.shop.screen.language, self.shop.country, "MMMd", start)
        return self.piece(start, grain)


@lru_cache(maxsize=2048)
def _skeleton(language: str, country: str, skeleton: str, day: date) -> str:
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - after the first paint
    from babel.dates import format_skeleton  # noqa: PLC0415 - as above

    for name in (f"{language}_{country}", language, "en"):
        try:
            return format_skeleton(skeleton, day, locale=Locale.parse(name))
        except (UnknownLocaleError, ValueError, KeyError):
            continue
    return day.isoformat()


def columns_of(sheet: ReportSheet, amounts: AmountFormat, days: DayWords) -> tuple[Column, ...]:
    """Return the columns of a report's list, so wide that no figure is cut."""
    sample = [cells_of(sheet, row, amounts, days) for row in sheet.rows[:_MEASURED_ROWS]]
    sample.append(cells_of(sheet, sheet.totals, amounts, days))
    return tuple(
        Column(
            column.title,
            _width(column, [row[place] for row in sample]),
            is_figure=column.kind is not CellKind.TEXT and column.kind not in DATES,
            stretches=column.key in _STRETCHING,
        )
        for place, column in enumerate(sheet.columns)
    )


def cells_of(
    sheet: ReportSheet, row: tuple[Value, ...], amounts: AmountFormat, days: DayWords
) -> tuple[str, ...]:
    """Write the values of a row; amounts without their currency, which stands above."""
    return tuple(
        _cell(value, column.kind, amounts, days, amounts.plain)
        for column, value in zip(sheet.columns, row, strict=True)
    )


def figures_of(
    sheet: ReportSheet, amounts: AmountFormat, days: DayWords
) -> tuple[tuple[str, str], ...]:
    """Return the totals of a report, each with its word."""
    return tuple(
        (column.title, _cell(value, column.kind, amounts, days, amounts.money))
        for column, value in zip(sheet.columns, sheet.totals, strict=True)
        if column.total and value is not None and column.key not in _NO_FIGURE
    )


def counted(sheet: ReportSheet, amounts: AmountFormat) -> str:
    """Say how many rows a report has."""
    count = amounts.count(len(sheet.rows))
    match sheet.kind:
        case ReportKind.ORDERS:
            return t("{count} orders").format(count=count)
        case ReportKind.TREND:
            return ""
        case ReportKind.CUSTOMERS:
            return t("{count} customers").format(count=count)
        case ReportKind.RECEIVABLES:
            return t("{count} customers owe something").format(count=count)


def _cell(
    value: Value,
    kind: CellKind,
    amounts: AmountFormat,
    days: DayWords,
    money: Callable[[Money], str],
) -> str:
    if value is None:
        return ""
    if isinstance(value, Money):
        return money(value)
    if isinstance(value, str):
        return value
    if isinstance(value, date):
        return days.piece(value, _GRAINS.get(kind, Grain.DAY))
    if kind is CellKind.PERCENT:
        return amounts.percent(Decimal(value))
    return amounts.number(Decimal(value))


def _width(column: SheetColumn, texts: list[str]) -> int:
    if column.key in _STRETCHING:
        return _NAME
    is_number = column.key == "number"
    each = _LETTER if column.kind is CellKind.TEXT else _DIGIT
    longest = max(len(text) for text in texts) * (_CAPITAL if is_number else each) + _AIR
    title = len(column.title) * _LETTER + _TITLE_AIR
    return min(max(longest, title, _NUMBER if is_number else _NARROWEST), _WIDEST)
