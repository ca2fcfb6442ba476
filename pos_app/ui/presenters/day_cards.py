"""The figure cards of the day: each figure, what must be known about it, and how it changed."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

from pos_app.domain.day_figures import DayTotals, ReceiptQuery, Watched, change_percent, share
from pos_app.domain.day_periods import Comparison
from pos_app.domain.day_review import MEAN_WEEKS, DayReview
from pos_app.texts import t
from pos_app.ui.presenters.day_state import ChangeView, FigureView, Target
from pos_app.ui.presenters.day_writing import DayWriting
from pos_app.ui.views import Tone

NOTHING = "–"
_LEAST_WEEKS = 2  # the mean of one week is that week
_WORTH_COLOUR = 1  # percent; smaller changes say nothing about good or bad


@dataclass(frozen=True, slots=True)
class _Figure:
    """One figure: how it is got as a whole number, how that is written, and which way is good.

    `good` is 1 where more is better, -1 where less is, 0 where neither is. `by_clock` says that
    there is one of the same time of day.
    """

    key: str
    word: str
    of: Callable[[DayTotals], int | None]
    write: Callable[[int], str]
    good: int = 0
    by_clock: bool = False
    is_large: bool = False


def cards_of(
    review: DayReview, comparison: Comparison, say: DayWriting
) -> tuple[tuple[FigureView, ...], dict[str, Target]]:
    """Return the cards in the order of reading, and where each leads."""
    cards, targets = [], {}
    for one in _figures(say):
        shown = _shown(one, review.totals)
        changes = _changes(one, review, comparison, say)
        is_wide = one.key in ("takings", "margin")
        note = _note(one.key, review, say)
        cards.append(FigureView(one.key, one.word, shown, note, changes, one.is_large, is_wide))
        targets[one.key] = Target(one.word, _query(one.key, review))
    return tuple(cards), targets


def _figures(say: DayWriting) -> tuple[_Figure, ...]:
    return (
        _Figure(
            "takings", t("Takings"), lambda of: of.takings, say.minor, 1, by_clock=True,
            is_large=True,
        ),
        _Figure("tickets", t("Tickets"), lambda of: of.tickets, say.count, 1, by_clock=True),
        _Figure("basket", t("Average basket"), _basket, say.minor, 1, by_clock=True),
        _Figure("items", t("Items per ticket"), _items, lambda n: _hundredths(n, say), 1),
        _Figure("margin", t("Margin"), _margin, say.minor, 1),
        _Figure("refunds", t("Refunds"), lambda of: of.refunds, say.minor, -1),
        _Figure("discounts", t("Discounts"), lambda of: of.discounts, say.minor, 0),
        _Figure("tax", t("Tax"), lambda of: of.tax, say.minor, 0),
    )  # fmt: skip


def _basket(totals: DayTotals) -> int | None:
    return None if totals.basket is None else totals.basket.minor


def _items(totals: DayTotals) -> int | None:
    """Items per ticket in hundredths."""
    each = totals.items_per_ticket
    return None if each is None else int(each * 100)


def _margin(totals: DayTotals) -> int | None:
    return totals.margin.minor if totals.costed_net or totals.cost else None


def _hundredths(number: int, say: DayWriting) -> str:
    return say.number(Decimal(number) / 100)


def _note(key: str, review: DayReview, say: DayWriting) -> str:
    totals = review.totals
    match key:
        case "margin":
            return _margin_note(totals, say)
        case "refunds" if totals.refund_count == 1:
            return t("once")
        case "refunds" if totals.refund_count:
            return t("{count} times").format(count=say.count(totals.refund_count))
        case "tax" if totals.net:
            return t("Net {amount}").format(amount=say.minor(totals.net))
        case "discounts" if totals.discounts > 0:
            percent = share(totals.discounts, totals.discounts + totals.takings)
            return "" if percent is None else _of_takings(percent, say)
        case "takings" if totals.held:
            return t("and {amount} held for others").format(amount=say.minor(totals.held))
        case _:
            return ""


def _of_takings(percent: Decimal, say: DayWriting) -> str:
    return t("{percent} off the full prices").format(percent=say.percent(percent))


def _margin_note(totals: DayTotals, say: DayWriting) -> str:
    if not totals.costed_net and not totals.cost:
        return t("No cost is known of what was sold.") if totals.documents else ""
    parts = []
    if totals.margin_percent is not None:
        parts.append(say.percent(totals.margin_percent))
    known = share(totals.costed_net, totals.net)
    if known is not None and known < 100:
        without = say.percent(100 - known)
        parts.append(t("{percent} of the goods without a known cost").format(percent=without))
    return " · ".join(parts)


def _changes(
    one: _Figure, review: DayReview, comparison: Comparison, say: DayWriting
) -> tuple[ChangeView, ...]:
    against = say.against(review, comparison)
    mean, found = review.mean, [_against_before(one, review, against, say)]
    if mean is not None and review.mean_days >= _LEAST_WEEKS:
        words = _mean_words(review.mean_days, say)
        change = ChangeView("", "", words, _shown(one, mean))
        if not review.is_running:
            change = _compared(change, one, review.totals, mean, say)
        found.append(change)
    return tuple(found)


def _against_before(one: _Figure, review: DayReview, against: str, say: DayWriting) -> ChangeView:
    """A running day is only held against the same hours; whole days stand there as they are."""
    before = review.before
    if not review.is_running or before.so_far is None:
        change = ChangeView("", "", against, _shown(one, before.totals))
        return _compared(change, one, review.totals, before.totals, say)
    if not one.by_clock:
        return ChangeView("", "", against, _shown(one, before.totals), about=t("the whole day"))
    until = t("until {time}").format(time=say.clock(review.made_at))
    change = ChangeView("", "", against, _shown(one, before.so_far), about=until)
    return _compared(change, one, review.totals, before.so_far, say)


def _shown(one: _Figure, totals: DayTotals) -> str:
    value = one.of(totals)
    return NOTHING if value is None else one.write(value)


def _compared(
    change: ChangeView, one: _Figure, now: DayTotals, before: DayTotals, say: DayWriting
) -> ChangeView:
    new, old = one.of(now), one.of(before)
    percent = change_percent(new, old) if new is not None and old is not None else None
    if percent is None:
        return change
    size = say.percent(abs(percent))
    if not percent:
        return replace(change, arrow="minus", change=t("As much"), short=t("As much"))
    tone = Tone.PLAIN
    if one.good and abs(percent) >= _WORTH_COLOUR:
        tone = Tone.SUCCESS if one.good * percent > 0 else Tone.DANGER
    arrow, words, sign = ("arrow-up", t("{percent} more"), "+")
    if percent < 0:
        arrow, words, sign = ("arrow-down", t("{percent} less"), "\u2212")
    told, short = words.format(percent=size), f"{sign}{size}"
    return replace(change, arrow=arrow, change=told, short=short, tone=tone)


def _mean_words(days: int, say: DayWriting) -> str:
    if days == MEAN_WEEKS:
        return t("4-week mean")
    return t("mean of {count} weeks").format(count=say.count(days))


def _query(key: str, review: DayReview) -> ReceiptQuery:
    period = review.period
    return ReceiptQuery(
        period.start,
        period.end,
        review.currency,
        watched=Watched.REFUND if key == "refunds" else None,
        only_discounted=key == "discounts",
        only_costed=key == "margin",
    )
