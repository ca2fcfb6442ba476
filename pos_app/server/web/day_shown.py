"""The figures of a day as head office's pages write them: with their change and their receipts."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from pos_app.domain.cause_words import cause_words
from pos_app.domain.day_figures import DayTotals, Watched, change_percent
from pos_app.domain.day_review import Attention, AttentionKind, DayReview
from pos_app.domain.day_words import WATCHED_WORDS, attention_sentence, method_words
from pos_app.domain.difference import Cause
from pos_app.domain.money import Money
from pos_app.domain.report_period import ReportPeriod
from pos_app.domain.words import Later, later
from pos_app.server.office_day import office_review, today_of
from pos_app.server.web import figures
from pos_app.server.web.day_choice import DayAsked, day_asked, hour_in
from pos_app.server.web.hours_chart import Piece
from pos_app.server.web.visits import Visit

MOST_PIECES = 400  # a picture of more days shows nothing any more
_LEADS = {
    AttentionKind.VOIDS: Watched.VOID,
    AttentionKind.REFUNDS: Watched.REFUND,
    AttentionKind.OVERRIDES: Watched.PRICE_OVERRIDE,
    AttentionKind.NO_SALES: Watched.NO_SALE,
}


@dataclass(frozen=True, slots=True)
class FigureShown:
    """A figure as it is written, how it changed, what it was, and where its receipts are."""

    name: Later
    value: str
    change: str
    is_more: bool | None
    before: str
    mean: str
    path: str


@dataclass(frozen=True, slots=True)
class DayFigure:
    """One of the figures of a day, and what narrows its receipts."""

    name: Later
    key: str
    more: dict[str, str]


FIGURES = (
    DayFigure(later("Takings"), "takings", {}),
    DayFigure(later("Tickets"), "tickets", {}),
    DayFigure(later("Average basket"), "basket", {}),
    DayFigure(later("Items per ticket"), "items_per_ticket", {}),
    DayFigure(later("Margin"), "margin", {"only": "costed"}),
    DayFigure(later("Refunds"), "refunds", {"watched": Watched.REFUND.value}),
    DayFigure(later("Discounts"), "discounts", {"only": "discounted"}),
    DayFigure(later("Tax"), "tax", {}),
)


def review_of(connection: Connection, visit: Visit, asked: DayAsked) -> DayReview:
    """Return what the days that are asked for came to; raises ShopUnknown."""
    return office_review(
        connection,
        visit.company_id,
        asked.shops,
        asked.period,
        asked.currency or None,
        asked.compared,
        visit.now,
    )


def todays_figures(connection: Connection, visit: Visit) -> list[tuple[str, FigureShown]]:
    """Return what `live` gives, for the first look at a page."""
    today = today_of(connection, visit.company_id, None, visit.now)
    asked = day_asked(today, "", "", "", "", "")
    review = review_of(connection, visit, asked)
    return [(one.key, figure_shown(visit, asked, review, one)) for one in FIGURES[:3]]


def figure_shown(visit: Visit, asked: DayAsked, review: DayReview, one: DayFigure) -> FigureShown:
    """Return one of the figures as it is written."""
    before, is_so_far = review.before.totals, False
    if review.before.so_far is not None and one.key in {"takings", "tickets", "basket"}:
        before, is_so_far = review.before.so_far, True
    change = change_percent(_size(review.totals, one.key), _size(before, one.key))
    if is_so_far and not before.tickets:
        change = None
    return FigureShown(
        one.name,
        _written(visit, review.totals, one.key),
        figures.change_words(change, visit.language) if change is not None else "",
        None if not change else change > 0,
        _written(visit, before, one.key),
        "" if review.mean is None else _written(visit, review.mean, one.key),
        asked.path("/receipts", **one.more),
    )


def _size(totals: DayTotals, key: str) -> int:
    value = totals.basket if key == "basket" else getattr(totals, key)
    if isinstance(value, Money):
        return value.minor
    return 0 if value is None else int(value * 100) if key == "items_per_ticket" else int(value)


def _written(visit: Visit, totals: DayTotals, key: str) -> str:
    if key in {"tickets", "items_per_ticket"}:
        return figures.number_words(getattr(totals, key), visit.language)
    amount = getattr(totals, key) if key in {"basket", "margin"} else totals.money(key)
    words = figures.money_words(amount, visit.language)
    if key == "margin" and totals.margin_percent is not None:
        words += f" · {figures.percent_words(totals.margin_percent, visit.language)}"
    return words


def attention_shown(visit: Visit, asked: DayAsked, one: Attention) -> dict[str, Any]:
    """One thing to look at in words, with where to look."""
    amount = None if one.amount is None else Money(abs(one.amount.minor), one.amount.currency)
    words = attention_sentence(
        one, visit.t, figures.money_words(amount, visit.language), f"\u2068{one.about}\u2069"
    )
    path = ""
    if one.kind in _LEADS:
        path = asked.path("/receipts", watched=_LEADS[one.kind].value)
    elif one.kind is AttentionKind.REFUSED:
        path = "/office/inbox"
    elif one.kind is AttentionKind.UNSENT:
        path = "/office/shops"
    elif one.kind is AttentionKind.CASH_DIFFERENCE:
        path = "#cash"
    elif one.kind is AttentionKind.LOW_STOCK:
        path = "#stock"
    return {"words": words, "severity": one.severity.value, "path": path}


def pieces_of(visit: Visit, asked: DayAsked, review: DayReview) -> list[Piece]:
    """Return the hours of a day, or the days of a longer period."""

    def piece(words: str, now: int, before: int | None, path: str) -> Piece:
        told = f"{words}: {figures.money_words(Money(now, review.currency), visit.language)}"
        return Piece(words, now, before, told, path)

    if asked.period.days == 1:
        own = {one.hour: one.takings for one in review.hours}
        other = {one.hour: one.takings for one in review.before.hours}
        hours = sorted({*own, *other})
        return [
            piece(
                f"{hour:02d}",
                own.get(hour, 0),
                other.get(hour, 0) if other else None,
                asked.path("/receipts", hour=hour),
            )
            for hour in (range(hours[0], hours[-1] + 1) if hours else ())
        ]
    back = timedelta(days=(asked.period.start - asked.compared.start).days)
    now = {one.day: one.totals.takings for one in review.days}
    before = {one.day + back: one.totals.takings for one in review.before.days}
    if asked.period.days > MOST_PIECES or not (now or before):
        return []
    return [
        piece(
            figures.day_mark(day, visit.language),
            now.get(day, 0),
            before.get(day, 0) if before else None,
            asked.at(ReportPeriod(day, day)).path(),
        )
        for day in (asked.period.start + timedelta(days=at) for at in range(asked.period.days))
    ]


def narrowed_to(visit: Visit, filters: dict[str, str]) -> list[str]:
    """What a list of receipts was narrowed to, in words."""
    told = []
    hour = hour_in(filters)
    if hour is not None:
        told.append(visit.t("from {hour}:00 to {hour}:59").format(hour=f"{hour:02d}"))
    if method := filters.get("method"):
        told.append(visit.t(method_words(method)))
    if watched := filters.get("watched"):
        told.append(
            visit.t(WATCHED_WORDS[Watched(watched)]) if watched in set(Watched) else watched
        )
    told += [filters[name] for name in ("tax", "name", "staff") if filters.get(name)]
    if filters.get("only") == "discounted":
        told.append(visit.t("with a discount"))
    if filters.get("only") == "costed":
        told.append(visit.t("with goods whose cost is known"))
    return told


def cause_shown(visit: Visit, cause: Cause) -> str:
    """Return what may explain a difference, as a sentence."""
    money = {
        "amount": figures.money_words(cause.amount, visit.language),
        "other": figures.money_words(cause.other, visit.language),
    }
    return visit.t(cause_words(cause)).format(**money, pieces=cause.pieces, reason=cause.reason)


def short_amount(visit: Visit, amount: Money) -> str:
    """An amount for the side of a chart: whole units, without a currency."""
    return figures.number_words(round(amount.amount), visit.language)
