"""The manager's day on receipt paper."""

from collections.abc import Iterator, Sequence

from pos_app.domain.day_figures import StaffSum, Watched
from pos_app.domain.day_review import CashSum, DayReview
from pos_app.domain.day_words import WATCHED_WORDS, method_words
from pos_app.domain.money import Money
from pos_app.domain.shop import ShopSettings
from pos_app.printing.amounts import Writing
from pos_app.printing.cash_slips import finished, head_parts, staff_words
from pos_app.printing.day_telling import (
    attention_line,
    cash_title,
    cause_line,
    change_words,
    difference_line,
    mean_line,
    period_words,
    proof_lines,
    share_words,
    tax_line,
    was,
)
from pos_app.printing.printable import printable
from pos_app.printing.receipt_lines import Translate
from pos_app.printing.slip import Align, Gap, Line, Part, Row, Rule, Size, Slip, Table

MOST_PRODUCTS, MOST_CATEGORIES, MOST_CASHIERS = 5, 6, 12
MOST_ATTENTION, MOST_PIECES, MOST_DRAWERS = 8, 31, 6
_NAME_LIMIT = 60


def day_slip(review: DayReview, shop: ShopSettings) -> Slip:
    """Return a review as a slip in the staff's language; long lists are cut and say so."""
    t, written = staff_words(shop)
    parts = [
        *_head(review, shop, written, t),
        *_section(t("To look at"), _attention(review, written, t)),
        *_figures(review, written, t),
        *_section(t("Payments"), _payments(review, written, t)),
        *_taxes(review, written, t),
        *_over_time(review, written, t),
        *_section(t("Best sellers"), _products(review, written)),
        *_section(t("Categories"), _categories(review, written, t)),
        *_section(t("Cashiers"), _cashiers(review, written, t)),
        *_section(t("Cash"), _cash(review, written, t)),
        *_section(t("Sent"), map(Line, proof_lines(review, t))),
        Gap(),
    ]
    return finished(parts, shop)


def _head(review: DayReview, shop: ShopSettings, written: Writing, t: Translate) -> Iterator[Part]:
    yield from head_parts(t("THE DAY"), shop)
    yield Line(period_words(review.period, written), Align.CENTRE, bold=True)
    if review.is_running:
        yield Line(t("So far: the day still runs."), Align.CENTRE)
    yield Row(t("Made"), written.date_and_time(review.made_at))
    yield Row(t("Against"), period_words(review.before.period, written, "medium"))


def _attention(review: DayReview, written: Writing, t: Translate) -> Iterator[Part]:
    for one in review.attention[:MOST_ATTENTION]:
        yield Line(f"! {attention_line(one, written, t)}")
    yield from _more(review.attention, MOST_ATTENTION, t)


def _figures(review: DayReview, written: Writing, t: Translate) -> Iterator[Part]:
    totals, money = review.totals, written.money
    yield Rule(strong=True)
    takings = written.money_with_currency(totals.money("takings"))
    yield Row(t("Takings"), takings, Size.BIG, bold=True)
    before = was(review, "takings")
    if before is not None:
        change = change_words(totals.takings, before, written)
        yield Row(f"{t('Before')} {money(Money(before, review.currency))}", change)
    if words := mean_line(review, written, t):
        yield Line(words)
    yield Row(t("Net"), money(totals.money("net")))
    yield Row(t("Tax"), money(totals.money("tax")))
    yield Row(t("Tickets"), f"{totals.tickets}", bold=True)
    if (basket := totals.basket) is not None:
        yield Row(t("Average basket"), money(basket))
    if (items := totals.items_per_ticket) is not None:
        yield Row(t("Items per ticket"), written.number(items, 2))
    if totals.costed_net:
        share = share_words(totals.margin_percent, written)
        yield Row(f"{t('Margin')} {share}".strip(), money(totals.margin))
    counted = (
        (t("Refunds"), totals.refund_count, "refunds"),
        (t("Voids"), totals.void_count, "voids"),
    )
    for word, count, name in counted:
        if count:
            yield Row(f"{count} × {word}", money(totals.money(name)))
    for word, name in ((t("Discounts"), "discounts"), (t("Held for others"), "held")):
        if getattr(totals, name):
            yield Row(word, money(totals.money(name)))


def _payments(review: DayReview, written: Writing, t: Translate) -> Iterator[Part]:
    for one in review.tenders:
        left = Money(one.taken - one.given_back, review.currency)
        yield Row(f"{one.count} × {printable(t(method_words(one.method)))}", written.money(left))


def _taxes(review: DayReview, written: Writing, t: Translate) -> Iterator[Part]:
    if not review.taxes:
        return
    rows: list[tuple[str, ...]] = [("", t("Net"), t("Tax"))]
    for one in review.taxes:
        amounts = (Money(minor, review.currency) for minor in (one.base, one.amount))
        rows.append((tax_line(one, written, t), *map(written.money, amounts)))
    yield Rule()
    yield Table(tuple(rows))


def _over_time(review: DayReview, written: Writing, t: Translate) -> Iterator[Part]:
    """Hours of a day, or the days of a period that a slip can hold."""
    if review.period.days == 1 or len(review.days) > MOST_PIECES:
        title = t("Hour")
        found = [(f"{one.hour:02}:00", one.tickets, one.takings) for one in review.hours]
    else:
        title = t("Day")
        found = [
            (f"{one.day:%d.%m.}", one.totals.tickets, one.totals.takings) for one in review.days
        ]
    if not found:
        return
    rows = [
        (name, f"{count}", written.money(Money(amount, review.currency)))
        for name, count, amount in found
    ]
    yield Rule()
    yield Table(((title, t("Tickets"), t("Takings")), *rows))


def _products(review: DayReview, written: Writing) -> Iterator[Part]:
    for one in review.top_products[:MOST_PRODUCTS]:
        name = printable(one.name or one.code, _NAME_LIMIT)
        count = written.plain(one.quantity)
        yield Row(f"{count} × {name}", written.money(Money(one.takings, review.currency)))


def _categories(review: DayReview, written: Writing, t: Translate) -> Iterator[Part]:
    for one in review.categories[:MOST_CATEGORIES]:
        name = printable(one.name, _NAME_LIMIT) or t("No category")
        yield Row(name, written.money(Money(one.takings, review.currency)))
    yield from _more(review.categories, MOST_CATEGORIES, t)


def _cashiers(review: DayReview, written: Writing, t: Translate) -> Iterator[Part]:
    for one in review.staff[:MOST_CASHIERS]:
        takings = written.money(Money(one.takings, review.currency))
        yield Row(printable(one.staff, _NAME_LIMIT) or "–", takings, bold=True)
        yield from _exceptions(one, review.currency, written, t)
    yield from _more(review.staff, MOST_CASHIERS, t)


def _exceptions(one: StaffSum, currency: str, written: Writing, t: Translate) -> Iterator[Part]:
    for found in one.exceptions:
        if not found.count:
            continue
        words = f"{found.count} × {t(WATCHED_WORDS[found.kind])}"
        share = one.share_of(found.kind)
        if share and found.kind is not Watched.NO_SALE:
            words = f"{words} {share_words(share, written)}"
        amount = written.money(Money(found.amount, currency)) if found.amount else ""
        yield Row(words, amount, indent=2)


def _cash(review: DayReview, written: Writing, t: Translate) -> Iterator[Part]:
    for one in review.cash[:MOST_DRAWERS]:
        yield from _drawer(one, written, t)
    yield from _more(review.cash, MOST_DRAWERS, t)


def _drawer(one: CashSum, written: Writing, t: Translate) -> Iterator[Part]:
    yield Line(cash_title(one, written, t), bold=True)
    yield Row(t("Expected"), written.money_with_currency(one.expected))
    if one.counted is not None and one.difference is not None:
        yield Row(t("Counted"), written.money_with_currency(one.counted))
        difference = written.money_with_currency(one.difference)
        yield Row(t("Difference"), difference, Size.TALL, bold=True)
    if one.counted is None or not one.difference:
        yield Line(difference_line(one, written, t))
    elif one.causes:
        yield Line(cause_line(one.causes[0], written, t))


def _more(found: Sequence[object], most: int, t: Translate) -> Iterator[Part]:
    if len(found) > most:
        yield Line(t("and {count} more").format(count=len(found) - most))


def _section(title: str, parts: Iterator[Part]) -> Iterator[Part]:
    """Yield a heading and what belongs under it, or nothing where that is empty."""
    inside = list(parts)
    if inside:
        yield Rule()
        yield Line(title, bold=True)
        yield from inside
