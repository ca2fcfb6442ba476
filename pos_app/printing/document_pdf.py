"""A sales document as a PDF; the same page always gives the same bytes."""

from pos_app.printing.document_closing import (
    draw_figures,
    draw_signatures,
    draw_sums,
    sums_height,
)
from pos_app.printing.document_file import About, write_pdf
from pos_app.printing.document_flow import BODY, SMALL, Flow, Look, draw_passages, label
from pos_app.printing.document_head import (
    LEFT,
    RIGHT,
    draw_address,
    draw_edges,
    draw_head,
    draw_mark,
    footer_height,
)
from pos_app.printing.document_page import DocumentPage
from pos_app.printing.document_sheet import MM, Sheet, readable, rgb
from pos_app.printing.document_table import Carrying, draw_table

_FURTHER_TOP = 23 * MM  # Where the text of a further page begins.
_MARGIN = 7 * MM  # Below the footer.
_TALL = 0.12  # Arabic reaches further above and below.
_EASY = (1.38, 3.2)  # Distance of lines, free above and below a row.
_CLOSER = ((1.34, 1.9), (1.3, 0.65))
_MOST_CLOSE = 30  # With more lines than these no closer setting saves the second page.


def render_document(page: DocumentPage) -> bytes:
    """Return a document as a PDF with embedded fonts and the output intent sRGB.

    Text is drawn as text, whatever it says; a letter that no font has becomes a box.
    """
    sheet = lay_document(page)
    title = f"{page.title} {page.number}".strip()
    return write_pdf(sheet, About(title, page.seller.name, page.language, page.day))


def lay_document(page: DocumentPage) -> Sheet:
    """Return the pages of a document, its lines closer where that saves the second page."""
    easy = _laid(page, *_EASY)
    lines = len(page.table.rows) if page.table else 0
    if len(easy.pages) != 2 or lines > _MOST_CLOSE:
        return easy
    for closer in _CLOSER:
        sheet = _laid(page, *closer)
        if len(sheet.pages) == 1:
            return sheet
    return easy


def _laid(page: DocumentPage, leading: float, row_pad: float) -> Sheet:
    flow = _flow(page, leading, row_pad)
    draw_head(flow, page)
    if page.delivery is not None:
        _draw_delivery(flow, page)
    draw_passages(flow, page.opening, BODY)
    if page.table is not None:
        carrying = Carrying(page.language, page.writing)
        draw_table(flow, page.table, carrying, sums_height(flow, page))
    draw_sums(flow, page)
    draw_figures(flow, page.figures)
    draw_passages(flow, page.closing, SMALL)
    draw_signatures(flow, page.signatures)
    _draw_edges(flow, page)
    return flow.sheet


def _flow(page: DocumentPage, leading: float, row_pad: float) -> Flow:
    width, height = (side * MM for side in page.size.value)
    is_mirrored = page.language == "ar"
    accent = rgb(page.colour)
    leading += _TALL if is_mirrored else 0
    look = Look(accent, readable(accent), leading, row_pad)
    sheet = Sheet(width, height, is_mirrored)
    bottom = height - _MARGIN - footer_height(page)
    return Flow(sheet, look, LEFT, width - RIGHT, _FURTHER_TOP, _FURTHER_TOP, bottom)


def _draw_delivery(flow: Flow, page: DocumentPage) -> None:
    if page.delivery is None:
        return
    label(flow, page.delivery.heading, flow.span)
    draw_address(flow, page.delivery, flow.span, flow.y + 40 * MM)
    flow.y += 4 * MM


def _draw_edges(flow: Flow, page: DocumentPage) -> None:
    for number, made in enumerate(flow.sheet.pages, start=1):
        flow.sheet.page = made
        draw_edges(flow, page, number)
        draw_mark(flow.sheet, page.mark)
