"""The lower part of the day's page: payments, taxes, cash, products, categories, cashiers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pos_app.domain.day_figures import StaffSum, Watched, share
from pos_app.domain.day_review import CashSum
from pos_app.domain.day_words import WATCHED_WORDS, method_words
from pos_app.domain.money import Money
from pos_app.domain.report_period import ReportPeriod
from pos_app.printing.day_paper import (
    BAD,
    GOOD,
    HEADING,
    DayPaper,
    Span,
    shared_rows,
)
from pos_app.printing.day_telling import (
    cash_title,
    cause_line,
    difference_line,
    period_words,
    tax_line,
)
from pos_app.printing.document_sheet import FAINT, INK, MM, PALE, QUIET
from pos_app.printing.document_text import set_lines

_GAP = 9.0
_BETWEEN = 8 * MM
_PLAIN, _BARRED, _DRAWER, _CASHIER = 11.2, 14.0, 35.0, 17.5
_CASHIERS_HEAD = 22.0
_MOST_TOLD = 40
_MOST_SHORT = 4
_EASIEST = 1.3


@dataclass(frozen=True, slots=True)
class _Entry:
    """A row of a list: its name, a small note, its amount, its share of the whole (0 to 100)."""

    name: str
    note: str
    amount: str
    share: float | None = None


@dataclass(frozen=True, slots=True)
class _List:
    """A list with its title; `drawers` stand in place of rows where it is that of the cash."""

    title: str
    rows: Sequence[_Entry]
    row_height: float
    drawers: Sequence[CashSum] = ()
    most: int = 60
    note_mm: float = 14

    @property
    def count(self) -> int:
        return len(self.drawers) or len(self.rows)

    @property
    def wanted(self) -> int:
        return min(self.count, self.most)

    def stretched(self, factor: float) -> "_List":
        """Return the list with its rows further apart."""
        return replace(self, row_height=self.row_height * factor)


def draw_lists(paper: DayPaper, top: float, bottom: float) -> None:
    """Draw two columns of lists with the cashiers below; what has no room is counted."""
    left, right = _columns(paper)
    room = bottom - top
    cashiers = len(paper.review.staff)
    wanted = max(_height(left), _height(right))
    below = _cashiers_height(min(cashiers, _MOST_TOLD))
    if wanted + below <= room:
        easier = min(room / (wanted + below), _EASIEST) if wanted + below else 1
        left, right = ([one.stretched(easier) for one in column] for column in (left, right))
    else:
        left, right = _columns(paper, with_stock=False)
        wanted = max(_height(left), _height(right))
        below = min(below, max(room - wanted, room * 0.36))
    edge = bottom - below
    start, end = paper.span
    middle = (start + end) / 2
    reached = max(
        _draw_column(paper, left, (start, middle - _BETWEEN / 2), top, edge),
        _draw_column(paper, right, (middle + _BETWEEN / 2, end), top, edge),
    )
    if cashiers:
        _draw_cashiers(paper, reached, bottom)


def wanted_height(paper: DayPaper) -> float:
    """Return how many points the lists need to show everything."""
    left, right = _columns(paper)
    cashiers = _cashiers_height(min(len(paper.review.staff), _MOST_TOLD))
    return max(_height(left), _height(right)) + cashiers


def _columns(paper: DayPaper, *, with_stock: bool = True) -> tuple[list[_List], list[_List]]:
    left = [_payments(paper), _taxes(paper), _cash(paper)]
    right = [_products(paper), _categories(paper)]
    shorter = left if _height(left) < _height(right) else right
    if with_stock:
        shorter += [_low_stock(paper), _slow(paper)]
    return left, right


def _height(lists: Sequence[_List]) -> float:
    return sum(
        HEADING + _GAP + one.wanted * one.row_height + (_PLAIN if one.wanted < one.count else 0)
        for one in lists
        if one.count
    )


def _cashiers_height(rows: int) -> float:
    return HEADING + _CASHIERS_HEAD + rows * _CASHIER + _GAP if rows else 0


def _draw_column(
    paper: DayPaper, lists: Sequence[_List], span: Span, top: float, bottom: float
) -> float:
    """Draw lists below each other; each gets rows in turn until the column is full."""
    shown = [one for one in lists if one.count]
    room = bottom - top - len(shown) * (HEADING + _GAP)
    is_cut = _height(shown) > bottom - top
    room -= sum(_PLAIN for one in shown if is_cut or one.wanted < one.count)  # for "and n more"
    given = shared_rows([one.wanted for one in shown], [one.row_height for one in shown], room)
    for one, rows in zip(shown, given, strict=True):
        top = paper.heading(one.title, span, top)
        for place in range(rows):
            if one.drawers:
                _draw_drawer(paper, one.drawers[place], span, top)
            else:
                _draw_entry(paper, one.rows[place], (one.note_mm * MM, one.row_height), span, top)
            top += one.row_height
        if rows < one.count:
            top = _draw_more(paper, one.count - rows, span, top)
        top += _GAP
    return top


def _draw_more(paper: DayPaper, count: int, span: Span, top: float) -> float:
    paper.text(paper.t("and {count} more").format(count=count), span, top + 7.6, 7, QUIET)
    return top + _PLAIN


def _draw_entry(
    paper: DayPaper, one: _Entry, look: tuple[float, float], span: Span, top: float
) -> None:
    """Draw a row; `look` is the width of its note and the row's height."""
    start, end = span
    note, height = look
    amounts, notes = (end - 24 * MM, end), (end - 26 * MM - note, end - 26 * MM)
    top += (height - (_PLAIN if one.share is None else _BARRED)) / 2
    below = top + 8
    paper.figure(one.amount, amounts, below, 8, INK)
    if one.note:
        paper.figure(one.note, notes, below, 7, QUIET)
    names = (start, (notes if one.note else amounts)[0] - 4)
    paper.text(one.name, names, below, 8, INK)
    if one.share is not None:
        paper.sheet.fill(span, top + 10.6, 1.5, PALE)
        width = (end - start) * min(max(one.share, 0), 100) / 100
        paper.sheet.fill((start, start + width), top + 10.6, 1.5, paper.ink)


def _payments(paper: DayPaper) -> _List:
    review = paper.review
    left = [one.taken - one.given_back for one in review.tenders]
    whole = sum(left)
    rows = []
    for one, minor in zip(review.tenders, left, strict=True):
        part = share(minor, whole)
        name = f"{one.count} × {paper.t(method_words(one.method))}"
        note = "" if part is None else paper.written.percent(part)
        rows.append(_Entry(name, note, paper.money(minor), 0 if part is None else float(part)))
    return _List(paper.t("Payments"), rows, _BARRED)


def _taxes(paper: DayPaper) -> _List:
    rows = [
        _Entry(
            tax_line(one, paper.written, paper.t), paper.money(one.base), paper.money(one.amount)
        )
        for one in paper.review.taxes
    ]
    return _List(paper.t("Tax, with the net amount"), rows, _PLAIN, note_mm=24)


def _cash(paper: DayPaper) -> _List:
    return _List(paper.t("Cash"), (), _DRAWER, paper.review.cash)


def _products(paper: DayPaper) -> _List:
    rows = [
        _Entry(
            one.name or one.code, f"{paper.written.plain(one.quantity)} ×", paper.money(one.takings)
        )
        for one in paper.review.top_products
    ]
    return _List(paper.t("Best sellers"), rows, _PLAIN)


def _categories(paper: DayPaper) -> _List:
    whole = sum(one.takings for one in paper.review.categories)
    rows = []
    for one in paper.review.categories:
        part = share(one.takings, whole)
        note = "" if part is None else paper.written.percent(part)
        name = one.name or paper.t("No category")
        rows.append(
            _Entry(name, note, paper.money(one.takings), 0 if part is None else float(part))
        )
    return _List(paper.t("Categories"), rows, _BARRED)


def _low_stock(paper: DayPaper) -> _List:
    plain, t = paper.written.plain, paper.t
    rows = [
        _Entry(one.name or one.code, "", f"{plain(one.level)} / {plain(one.reorder_level)}")
        for one in paper.review.low_stock[: _MOST_SHORT + 1]
    ]
    rest = [_Entry("", "", "")] * max(len(paper.review.low_stock) - len(rows), 0)
    return _List(t("Runs low: left / order at"), [*rows, *rest], _PLAIN, most=_MOST_SHORT)


def _slow(paper: DayPaper) -> _List:
    written, t = paper.written, paper.t
    rows = []
    for one in paper.review.slow_products[: _MOST_SHORT + 1]:
        last = t("never")
        if one.last_sold is not None:
            last = period_words(ReportPeriod(one.last_sold, one.last_sold), written, "medium")
        rows.append(_Entry(one.name or one.code, last, written.plain(one.level)))
    rest = [_Entry("", "", "")] * max(len(paper.review.slow_products) - len(rows), 0)
    title = t("Nobody buys: last sold, left")
    return _List(title, [*rows, *rest], _PLAIN, most=_MOST_SHORT, note_mm=22)


def _draw_drawer(paper: DayPaper, one: CashSum, span: Span, top: float) -> None:
    """Who counted, what should have been there and what was, and what may explain it."""
    t, money = paper.t, paper.written.money
    start, end = span
    half = start + (end - start) * 0.3
    paper.text(cash_title(one, paper.written, t), (start, half), top + 8, 8, INK, "strong")
    counted = "–" if one.counted is None else money(one.counted)
    words = f"{counted} / {money(one.expected)}"
    paper.figure(f"{t('Counted / expected')} {words}", (half + 4, end), top + 8, 7, QUIET)
    is_even = one.difference is not None and not one.difference
    colour = GOOD if is_even else (QUIET if one.counted is None else BAD)
    told = difference_line(one, paper.written, t)
    paper.text(told, span, top + 18, 8, colour, "strong")
    if one.causes:
        cause = set_lines(cause_line(one.causes[0], paper.written, t), "regular", (end - start) / 7)
        paper.sheet.put(cause[0], span, top + 26.5, 7, QUIET)


def _draw_cashiers(paper: DayPaper, top: float, bottom: float) -> None:
    """A row for each cashier: how often, what share of their sales, and how much it came to."""
    staff, t = paper.review.staff, paper.t
    top = paper.heading(t("Cashiers: how often, share of own sales, amount"), paper.span, top)
    start, end = paper.span
    names, sold = (start, start + 25 * MM), (start + 26 * MM, start + 47 * MM)
    first = start + 49 * MM
    pitch = (end - first) / len(Watched)
    spans = [(first + at * pitch + 2, first + (at + 1) * pitch) for at in range(len(Watched))]
    leading = 7.2
    for kind, span in zip(Watched, spans, strict=True):
        lines = set_lines(t(WATCHED_WORDS[kind]), "regular", (span[1] - span[0] - 3) / 6.3)[:2]
        for place, line in enumerate(lines):
            below = top + 13.5 - (len(lines) - 1 - place) * leading
            paper.sheet.put_at_end(line, span, below, 6.3, QUIET)
    paper.text(t("Cashier"), names, top + 13.5, 6.5, QUIET)
    paper.figure(t("Takings"), sold, top + 13.5, 6.5, QUIET)
    top += _CASHIERS_HEAD - 5
    room = int((bottom - top) // _CASHIER)
    shown = (
        staff if len(staff) <= room else staff[: max(int((bottom - top - _PLAIN) // _CASHIER), 0)]
    )
    for place, one in enumerate(shown):
        if place:
            paper.sheet.fill(paper.span, top, 0.4, FAINT)
        _draw_cashier(paper, one, (names, sold), spans, top)
        top += _CASHIER
    if len(shown) < len(staff):
        _draw_more(paper, len(staff) - len(shown), paper.span, top)


def _draw_cashier(
    paper: DayPaper, one: StaffSum, edges: tuple[Span, Span], spans: Sequence[Span], top: float
) -> None:
    names, sold = edges
    paper.text(one.staff or "–", names, top + 8, 8, INK, "strong")
    tickets = paper.t("Tickets: {count}").format(count=one.tickets)
    paper.text(tickets, names, top + 15, 6.2, QUIET)
    paper.figure(paper.money(one.takings), sold, top + 8, 8, INK)
    for kind, span in zip(Watched, spans, strict=True):
        found = one.of(kind)
        if not found.count:
            paper.figure("–", span, top + 8, 7, FAINT)
            continue
        part = one.share_of(kind) if found.amount else None
        words = f"{found.count}"
        if part is not None:
            words = f"{words} · {paper.written.percent(part)}"
        paper.figure(words, span, top + 8, 7.5, INK, "strong")
        if found.amount:
            amount = paper.written.money(Money(found.amount, paper.review.currency))
            paper.figure(amount, span, top + 15, 6.2, QUIET)
