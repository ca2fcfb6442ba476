"""What each cashier did that is worth a look: count, amount and share of what they sold."""

from dataclasses import replace

from pos_app.domain.day_figures import ReceiptQuery, StaffSum, Watched
from pos_app.domain.day_review import DayReview
from pos_app.domain.day_words import WATCHED_WORDS
from pos_app.texts import t
from pos_app.ui.presenters.day_state import MatrixCell, MatrixRow, MatrixView, Target
from pos_app.ui.presenters.day_writing import DayWriting
from pos_app.ui.presenters.refusals import isolated


def people_of(review: DayReview, say: DayWriting) -> tuple[MatrixView, dict[str, Target]]:
    """Return a row per cashier and a column per kind that happened, and where each cell leads."""
    kinds = [kind for kind in Watched if any(one.of(kind).count for one in review.staff)]
    targets: dict[str, Target] = {}
    rows = tuple(_row(one, kinds, review, say, targets) for one in review.staff)
    missing = [t(WATCHED_WORDS[kind]) for kind in Watched if kind not in kinds]
    about = ""
    if kinds and missing:
        about = t("Nothing of: {kinds}.").format(kinds=", ".join(missing))
    empty = "" if rows else t("Nobody sold anything.")
    if rows and not kinds:
        about = t("No voids, refunds, discounts, changed prices, removed lines or opened drawers.")
    columns = tuple(t(WATCHED_WORDS[kind]) for kind in kinds)
    return MatrixView(t("Cashiers"), columns, rows, empty, about), targets


def _row(
    one: StaffSum,
    kinds: list[Watched],
    review: DayReview,
    say: DayWriting,
    targets: dict[str, Target],
) -> MatrixRow:
    name = isolated(one.staff) or t("Without a name")
    base = ReceiptQuery(
        review.period.start,
        review.period.end,
        review.currency,
        staff=one.staff,
        is_unnamed=not one.staff,
    )
    key = f"staff:{one.staff}"
    targets[key] = Target(name, base)
    cells = []
    for kind in kinds:
        found = one.of(kind)
        if not found.count:
            cells.append(MatrixCell())
            continue
        cell = f"{key}:{kind.value}"
        targets[cell] = Target(f"{t(WATCHED_WORDS[kind])} · {name}", replace(base, watched=kind))
        # Eight columns share the width: the currency stands beside the cashier's takings.
        amount = say.plain(found.amount) if found.amount else ""
        percent = one.share_of(kind) if found.amount else None
        shown = "" if percent is None else say.percent(percent)
        cells.append(MatrixCell(cell, say.count(found.count), amount, shown))
    tickets = t("{count} tickets").format(count=say.count(one.tickets))
    about = f"{isolated(say.minor(one.takings))} · {tickets}"
    return MatrixRow(key, name, about, tuple(cells))
