"""The manager's day on one page to pin up: figures, chart, lists, cash and cashiers."""

from functools import partial

from pos_app.domain.day_review import DayReview
from pos_app.domain.shop import ShopSettings
from pos_app.printing.amounts import writing
from pos_app.printing.day_chart import draw_chart
from pos_app.printing.day_head import draw_attention, draw_figures, draw_title
from pos_app.printing.day_lists import draw_lists, wanted_height
from pos_app.printing.day_paper import MARGIN, DayPaper
from pos_app.printing.day_telling import period_words, proof_lines
from pos_app.printing.document_file import About, write_pdf
from pos_app.printing.document_page import PaperSize
from pos_app.printing.document_sheet import MM, QUIET, Sheet, readable, rgb
from pos_app.printing.slip import RIGHT_TO_LEFT
from pos_app.texts import t_in

_TOP, _FOOT = 11 * MM, 9 * MM
_CHART = 0.178  # of the page's height
_CHART_MORE = 90  # points, where the lists leave room


def render_day(review: DayReview, shop: ShopSettings, size: PaperSize = PaperSize.A4) -> bytes:
    """Return a review as a PDF of exactly one page in the staff's language.

    The same review always gives the same bytes. Lists that have no room are cut and say how many
    more there are; a figure is never cut, its letters become smaller.
    """
    sheet = lay_day(review, shop, size)
    language = shop.screen.language or "en"
    written = writing(language, shop.country, shop.time_zone)
    title = f"{review.shop} – {period_words(review.period, written, 'medium')}"
    return write_pdf(sheet, About(title, review.shop, language, review.period.end))


def lay_day(review: DayReview, shop: ShopSettings, size: PaperSize = PaperSize.A4) -> Sheet:
    """Return the page as it is laid out."""
    language = shop.screen.language or "en"
    width, height = (side * MM for side in size.value)
    sheet = Sheet(width, height, language in RIGHT_TO_LEFT)
    paper = DayPaper(
        sheet,
        review,
        writing(language, shop.country, shop.time_zone),
        partial(t_in, language),
        readable(rgb(shop.documents.colour)),
    )
    y = draw_title(paper, _TOP)
    y = draw_attention(paper, y)
    y = draw_figures(paper, y)
    chart, bottom = height * _CHART, height - _FOOT - 6
    spare = bottom - y - chart - wanted_height(paper)
    y = draw_chart(paper, y, chart + min(max(spare, 0) * 0.6, _CHART_MORE))
    draw_lists(paper, y, bottom)
    _draw_foot(paper)
    return sheet


def _draw_foot(paper: DayPaper) -> None:
    """Say whether everything has been sent."""
    words = " ".join(proof_lines(paper.review, paper.t))
    span = (MARGIN, paper.sheet.width - MARGIN)
    if words:
        paper.text(words, span, paper.sheet.height - _FOOT + 3, 7, QUIET)
