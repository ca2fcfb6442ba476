"""The top of the day's page: whose day it is, what needs a look, and the large figures."""

from dataclasses import dataclass
from decimal import Decimal

from pos_app.domain.day_review import Severity
from pos_app.domain.money import Money
from pos_app.printing.day_paper import BAD, GOOD, WARN, DayPaper, Span, fitted
from pos_app.printing.day_telling import (
    attention_line,
    change_words,
    isolated,
    mean_line,
    period_words,
    share_words,
    was,
)
from pos_app.printing.document_sheet import FAINT, INK, MM, PALE, QUIET, Colour

_ROW = 12.5
_MOST_SHOWN = 6
_COLOURS = {Severity.DANGER: BAD, Severity.WARNING: WARN, Severity.INFO: QUIET}


@dataclass(frozen=True, slots=True)
class _Tile:
    """A large figure; `now` and `before` say how it changed, `good` which way is the good one."""

    label: str
    value: str
    now: int = 0
    before: int | None = None
    told: str = ""
    good: int = 0


def draw_title(paper: DayPaper, top: float) -> float:
    """Draw the shop, the days and when this was made; return where the page goes on."""
    review, written, t = paper.review, paper.written, paper.t
    start, end = paper.span
    near, far = (start, end - 52 * MM), (end - 50 * MM, end)
    paper.text(review.shop, near, top + 15, 18, INK, "strong")
    paper.text(period_words(review.period, written), near, top + 30, 11.5, QUIET)
    paper.figure(t("Day report"), far, top + 12, 9.5, paper.ink, "strong")
    made = isolated(written.date_and_time(review.made_at), written)
    paper.figure(f"{t('Made')} {made}", far, top + 22, 7.5, QUIET)
    note = t("So far: the day still runs.") if review.is_running else review.currency
    paper.figure(note, far, top + 31, 7.5, BAD if review.is_running else QUIET)
    paper.sheet.fill(paper.span, top + 37, 2.2, paper.ink)
    return top + 37 + 2.2 + 7


def draw_attention(paper: DayPaper, top: float) -> float:
    """Draw what needs a look in two columns, the most pressing first."""
    found = paper.review.attention
    start, end = paper.span
    shown = found[:_MOST_SHOWN] if len(found) <= _MOST_SHOWN else found[: _MOST_SHOWN - 1]
    lines = [(attention_line(one, paper.written, paper.t), _COLOURS[one.severity]) for one in shown]
    if len(found) > len(shown):
        more = paper.t("and {count} more").format(count=len(found) - len(shown))
        lines.append((more, QUIET))
    if not lines:
        lines = [(paper.t("Nothing needs a look."), GOOD)]
    rows = -(-len(lines) // 2)
    height = rows * _ROW + 8
    paper.sheet.fill((start, end), top, height, PALE)
    paper.sheet.fill((start, start + 3), top, height, lines[0][1])
    middle = (start + end) / 2
    for place, (words, colour) in enumerate(lines):
        left = start + 10 if place < rows else middle + 4
        right = (middle - 4 if len(lines) > 1 else end - 8) if place < rows else end - 8
        below = top + 4 + (place % rows) * _ROW + 9
        paper.sheet.fill((left, left + 5), below - 5.2, 5, colour)
        is_grave = colour is BAD
        paper.text(words, (left + 9, right), below, 8.3, INK, "strong" if is_grave else "regular")
    return top + height + 8


def draw_figures(paper: DayPaper, top: float) -> float:
    """Draw the large figures against those before: takings first, then the others."""
    first, others, rest = _tiles(paper)
    start, end = paper.span
    quarter = (end - start) / 4
    _draw_tile(paper, first, (start, start + 2 * quarter - 10), top - 1, 26)
    below = mean_line(paper.review, paper.written, paper.t)
    if below:
        paper.text(below, (start, start + 2 * quarter - 10), top + 57.5, 7, QUIET)
    for place, tile in enumerate(others):
        left = start + (2 + place) * quarter
        _rule(paper, left - 5, top, 48)
        _draw_tile(paper, tile, (left + 4, left + quarter - 9), top, 19)
    top += 66
    paper.sheet.fill(paper.span, top, 0.5, FAINT)
    top += 6
    width = (end - start) / len(rest)
    for place, tile in enumerate(rest):
        left = start + place * width
        if place:
            _rule(paper, left - 5, top, 33)
        inner = (left + (4 if place else 0), left + width - 9)
        _draw_tile(paper, tile, inner, top, 13)
    return top + 44


def _rule(paper: DayPaper, left: float, top: float, height: float) -> None:
    paper.sheet.fill((left, left + 0.5), top + 2, height, FAINT)


def _draw_tile(paper: DayPaper, tile: _Tile, span: Span, top: float, size: float) -> None:
    """A label, the figure, and how it changed; the sign says what the colour says."""
    paper.text(tile.label, span, top + 7.5, 7.5, QUIET)
    piece, fitting = fitted(tile.value, "strong", span[1] - span[0], size)
    below = top + 10.5 + size * 0.95
    paper.sheet.put(piece, span, below, fitting, INK)
    below += 13 if size > 20 else 11
    left, end = span
    change = "" if tile.before is None else change_words(tile.now, tile.before, paper.written)
    if change:
        words, fitting = fitted(change, "strong", end - left, 7.5)
        paper.sheet.put(words, span, below, fitting, _colour(tile))
        left += words.width * fitting + 4
    if tile.told and end - left > 12:
        words, fitting = fitted(tile.told, "regular", end - left, 7)
        paper.sheet.put(words, (left, end), below, fitting, QUIET)


def _colour(tile: _Tile) -> Colour:
    moved = (tile.now > tile.before) - (tile.now < tile.before) if tile.before is not None else 0
    if not moved or not tile.good:
        return QUIET
    return GOOD if moved == tile.good else BAD


def _tiles(paper: DayPaper) -> tuple[_Tile, list[_Tile], list[_Tile]]:
    totals, review, t, written = paper.review.totals, paper.review, paper.t, paper.written
    before = review.before.totals
    known = was(review, "net") is not None  # not of a day that still runs
    day = period_words(review.before.period, written, "medium")

    def amount(label: str, name: str, good: int) -> _Tile:
        earlier = was(review, name)
        words = "" if earlier is None else _before(paper, paper.money(earlier))
        return _Tile(
            label, paper.money(getattr(totals, name)), getattr(totals, name), earlier, words, good
        )

    sold = written.money_with_currency(Money(totals.takings, review.currency))
    earlier = was(review, "takings")
    against = (
        ""
        if earlier is None
        else t("against {figure} on {day}").format(
            figure=isolated(paper.money(earlier), written), day=isolated(day, written)
        )
    )
    first = _Tile(t("Takings"), sold, totals.takings, earlier, against, 1)
    tickets = was(review, "tickets")
    count = _Tile(
        t("Tickets"),
        _whole(paper, totals.tickets),
        totals.tickets,
        tickets,
        "" if tickets is None else _before(paper, _whole(paper, tickets)),
        1,
    )
    basket, was_basket = totals.basket, before.basket if known else None
    average = _Tile(
        t("Average basket"),
        "–" if basket is None else written.money(basket),
        basket.minor if basket else 0,
        was_basket.minor if was_basket else None,
        _before(paper, written.money(was_basket)) if was_basket else "",
        1,
    )
    return (
        first,
        [count, average],
        [
            _items(paper, known=known),
            _margin(paper, known=known),
            amount(t("Refunds"), "refunds", -1),
            amount(t("Discounts"), "discounts", -1),
            amount(t("Tax"), "tax", 0),
        ],
    )


def _items(paper: DayPaper, *, known: bool) -> _Tile:
    items = paper.review.totals.items_per_ticket
    before = paper.review.before.totals.items_per_ticket if known else None
    return _Tile(
        paper.t("Items per ticket"),
        "–" if items is None else paper.written.number(items, 2),
        int(items * 100) if items else 0,
        int(before * 100) if before else None,
        "" if before is None else _before(paper, paper.written.number(before, 2)),
        1,
    )


def _margin(paper: DayPaper, *, known: bool) -> _Tile:
    totals, before = paper.review.totals, paper.review.before.totals
    label = f"{paper.t('Margin')} {share_words(totals.margin_percent, paper.written)}".strip()
    return _Tile(
        label,
        paper.written.money(totals.margin) if totals.costed_net else "–",
        totals.margin.minor,
        before.margin.minor if known and before.costed_net else None,
        _before(paper, paper.written.money(before.margin)) if known else "",
        1,
    )


def _before(paper: DayPaper, figure: str) -> str:
    return paper.t("before: {figure}").format(figure=isolated(figure, paper.written))


def _whole(paper: DayPaper, count: int) -> str:
    return paper.written.number(Decimal(count), 0)
