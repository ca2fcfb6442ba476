"""A review as a page: its cards, chart and lists, and where everything on it leads."""

from pos_app.domain.day_periods import Comparison
from pos_app.domain.day_review import DayReview
from pos_app.ui.presenters import day_lists as lists
from pos_app.ui.presenters.day_attention import attention_of
from pos_app.ui.presenters.day_bars import chart_of
from pos_app.ui.presenters.day_cards import cards_of
from pos_app.ui.presenters.day_drawers import drawers_of, sent_of
from pos_app.ui.presenters.day_people import people_of
from pos_app.ui.presenters.day_state import DayPage, Target
from pos_app.ui.presenters.day_writing import DayWriting


def page_of(review: DayReview, comparison: Comparison, say: DayWriting) -> DayPage:
    """Return everything that the screen shows of a review."""
    targets: dict[str, Target] = {}
    attention, found = attention_of(review, say)
    targets |= found
    figures, found = cards_of(review, comparison, say)
    targets |= found
    chart, chart_keys, found = chart_of(review, comparison, say)
    targets |= found
    staff, found = people_of(review, say)
    targets |= found
    makers = {
        "tenders": lists.tenders_of,
        "taxes": lists.taxes_of,
        "top": lists.top_of,
        "slow": lists.slow_of,
        "categories": lists.categories_of,
        "cash": drawers_of,
        "sent": sent_of,
        "low_stock": lists.low_of,
        "overdue": lists.overdue_of,
    }
    made = {name: make(review, say) for name, make in makers.items()}
    for _, leads in made.values():
        targets |= leads
    return DayPage(
        attention=attention,
        figures=figures,
        chart=chart,
        chart_keys=chart_keys,
        staff=staff,
        targets=targets,
        is_empty=review.totals.is_empty,
        **{name: view for name, (view, _) in made.items()},
    )
