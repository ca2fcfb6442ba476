"""What a manager should look at first, as chips: an icon, a sentence, and where it leads."""

from pos_app.domain.day_figures import ReceiptQuery, Watched
from pos_app.domain.day_review import Attention, AttentionKind, CashSum, DayReview, Severity
from pos_app.domain.day_words import attention_sentence
from pos_app.domain.money import Money
from pos_app.domain.payment import TenderMethod
from pos_app.texts import t
from pos_app.ui.presenters.day_state import AttentionView, Target
from pos_app.ui.presenters.day_writing import DayWriting
from pos_app.ui.presenters.refusals import isolated
from pos_app.ui.views import Tone

CASH_SCREEN, STOCK_SCREEN, INVOICE_SCREEN, OFFICE_SCREEN = "cash", "stock", "invoices", "sync"
JOURNAL_SCREEN = "journal"
_TONES = {
    Severity.DANGER: Tone.DANGER,
    Severity.WARNING: Tone.WARNING,
    Severity.INFO: Tone.PLAIN,
}
_ICONS = {
    AttentionKind.CASH_DIFFERENCE: "coins",
    AttentionKind.CHAIN_BROKEN: "octagon-alert",
    AttentionKind.REFUSED: "circle-x",
    AttentionKind.UNSENT: "cloud-off",
    AttentionKind.VOIDS: "ban",
    AttentionKind.REFUNDS: "undo-2",
    AttentionKind.OVERRIDES: "tag",
    AttentionKind.NO_SALES: "lock-open",
    AttentionKind.LOW_STOCK: "package-x",
    AttentionKind.OVERDUE: "hourglass",
    AttentionKind.SHIFT_OPEN: "clock",
}
_SCREENS = {
    AttentionKind.CHAIN_BROKEN: JOURNAL_SCREEN,
    AttentionKind.REFUSED: OFFICE_SCREEN,
    AttentionKind.UNSENT: OFFICE_SCREEN,
    AttentionKind.LOW_STOCK: STOCK_SCREEN,
    AttentionKind.OVERDUE: INVOICE_SCREEN,
    AttentionKind.SHIFT_OPEN: CASH_SCREEN,
}
_WATCHED = {
    AttentionKind.VOIDS: Watched.VOID,
    AttentionKind.REFUNDS: Watched.REFUND,
    AttentionKind.OVERRIDES: Watched.PRICE_OVERRIDE,
    AttentionKind.NO_SALES: Watched.NO_SALE,
}


def attention_of(
    review: DayReview, say: DayWriting
) -> tuple[tuple[AttentionView, ...], dict[str, Target]]:
    """Return the chips, the most pressing first as the review has them, and where each leads."""
    views, targets = [], {}
    short = (one for one in review.cash if one.difference)
    for place, one in enumerate(review.attention):
        key = f"attention:{place}"
        text = _sentence(one, say)
        views.append(AttentionView(key, _ICONS[one.kind], text, _TONES[one.severity]))
        if one.kind is AttentionKind.CASH_DIFFERENCE:
            # One for each drawer with a difference, in the order of the drawers.
            targets[key] = _to_drawer(next(short, None), text, review, say)
        else:
            targets[key] = _target(one, text, review)
    return tuple(views), targets


def _sentence(one: Attention, say: DayWriting) -> str:
    """The shared sentence without its full stop, since a chip is no prose."""
    size = one.amount
    amount = "" if size is None else say.money(Money(abs(size.minor), size.currency))
    return attention_sentence(one, t, isolated(amount), isolated(one.about)).rstrip(".")


def _target(one: Attention, text: str, review: DayReview) -> Target:
    if one.kind in _SCREENS:
        return Target(screen=_SCREENS[one.kind])
    period = review.period
    query = ReceiptQuery(period.start, period.end, review.currency, watched=_WATCHED.get(one.kind))
    if one.kind is AttentionKind.NO_SALES:
        return Target(text, query, JOURNAL_SCREEN, t("Journal"))
    return Target(text, query)


def cash_query(drawer: CashSum, review: DayReview, say: DayWriting) -> ReceiptQuery:
    """Ask for the documents whose cash lies in a drawer, on whatever days it was open."""
    opened = say.local(drawer.opened_at).date()
    closed = review.period.end if drawer.closed_at is None else say.local(drawer.closed_at).date()
    return ReceiptQuery(
        min(opened, review.period.start),
        max(closed, review.period.end),
        drawer.expected.currency,
        method=TenderMethod.CASH.value,
        after_row=drawer.after_row,
        up_to_row=drawer.up_to_row,
    )


def _to_drawer(drawer: CashSum | None, text: str, review: DayReview, say: DayWriting) -> Target:
    if drawer is None:
        return Target(screen=CASH_SCREEN)
    return Target(text, cash_query(drawer, review, say), CASH_SCREEN, t("Cash drawer"))
