"""What a manager should look at first: worked out from a day's review, the most pressing first."""

from collections.abc import Iterator

from pos_app.domain.day_figures import Watched, share
from pos_app.domain.day_review import Attention, AttentionKind, DayReview, Severity
from pos_app.domain.money import Money

# What comes back or is voided in every shop; above it, it is worth a look (percent of takings).
_USUAL_REFUNDS, _USUAL_VOIDS = 5, 2
# Some entries are always on their way.
_USUAL_UNSENT = 100
_WATCHED = (
    (AttentionKind.OVERRIDES, Watched.PRICE_OVERRIDE),
    (AttentionKind.NO_SALES, Watched.NO_SALE),
)
_BY_SEVERITY = list(Severity)
_BY_KIND = list(AttentionKind)


def attention_of(review: DayReview) -> tuple[Attention, ...]:
    """Return what needs a look, by severity and then in the order of `AttentionKind`.

    `about` is a cashier's code where one is meant, for sums that of who did most of it.
    """
    found = [
        *_drawers(review),
        *_sending(review),
        *_given_back(review),
        *_exceptions(review),
        *_standing(review),
    ]
    found.sort(key=lambda one: (_BY_SEVERITY.index(one.severity), _BY_KIND.index(one.kind)))
    return tuple(found)


def _drawers(review: DayReview) -> Iterator[Attention]:
    for drawer in review.cash:
        if drawer.difference:
            yield Attention(
                AttentionKind.CASH_DIFFERENCE, Severity.DANGER, 1, drawer.difference, drawer.staff
            )
        if drawer.closed_at is None and not review.is_running:
            yield Attention(AttentionKind.SHIFT_OPEN, Severity.WARNING, 1, about=drawer.staff)
        elif drawer.closed_at is None:
            yield Attention(AttentionKind.SHIFT_OPEN, Severity.INFO, 1, about=drawer.staff)


def _sending(review: DayReview) -> Iterator[Attention]:
    unsent = review.unsent
    if unsent is None:
        return
    if unsent.proof is not None and unsent.proof.at is not None and not unsent.proof.is_same:
        yield Attention(AttentionKind.CHAIN_BROKEN, Severity.DANGER, 1)
    if unsent.refused:
        yield Attention(AttentionKind.REFUSED, Severity.DANGER, unsent.refused)
    if unsent.waiting:
        is_usual = unsent.waiting <= _USUAL_UNSENT
        severity = Severity.INFO if is_usual else Severity.WARNING
        yield Attention(AttentionKind.UNSENT, severity, unsent.waiting)


def _given_back(review: DayReview) -> Iterator[Attention]:
    totals = review.totals
    for kind, watched, count, amount, usual in (
        (AttentionKind.VOIDS, Watched.VOID, totals.void_count, totals.voids, _USUAL_VOIDS),
        (
            AttentionKind.REFUNDS,
            Watched.REFUND,
            totals.refund_count,
            totals.refunds,
            _USUAL_REFUNDS,
        ),
    ):
        if not count:
            continue
        part = share(amount, totals.takings)
        severity = Severity.INFO if part is not None and part <= usual else Severity.WARNING
        money = Money(amount, review.currency)
        yield Attention(kind, severity, count, money, _most_of(review, watched))


def _exceptions(review: DayReview) -> Iterator[Attention]:
    for kind, watched in _WATCHED:
        sums = [one.of(watched) for one in review.staff]
        if count := sum(one.count for one in sums):
            amount = Money(sum(one.amount for one in sums), review.currency)
            about = _most_of(review, watched)
            yield Attention(kind, Severity.INFO, count, amount or None, about)


def _standing(review: DayReview) -> Iterator[Attention]:
    if review.low_stock:
        yield Attention(AttentionKind.LOW_STOCK, Severity.WARNING, len(review.low_stock))
    if review.overdue is not None and review.overdue.count:
        yield Attention(
            AttentionKind.OVERDUE, Severity.WARNING, review.overdue.count, review.overdue.amount
        )


def _most_of(review: DayReview, kind: Watched) -> str:
    """Return who did something most often; among equals, whoever sold most."""
    best = max(review.staff, key=lambda one: one.of(kind).count, default=None)
    return "" if best is None or not best.of(kind).count else best.staff
