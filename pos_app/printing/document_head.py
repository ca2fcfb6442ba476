"""The upper part of a document: letterhead, address window, details, title; and every page's edge.

The address stands where a window envelope shows it, and the marks where the letter is folded:
DIN 5008, form B.
"""

from dataclasses import dataclass

from pos_app.printing.document_flow import SMALL, TINY, Flow, baseline, beside, fit, pair, shrunk
from pos_app.printing.document_logo import document_logo
from pos_app.printing.document_page import Address, DocumentPage, PaperSize
from pos_app.printing.document_sheet import FAINT, INK, MM, PALE, QUIET, Sheet
from pos_app.printing.document_text import Piece, set_text
from pos_app.printing.document_words import word

LEFT, RIGHT = 25 * MM, 20 * MM  # Margins by DIN 5008.
_HEAD_TOP, _HEAD_BOTTOM = 12 * MM, 40 * MM
_BAR = 2.2 * MM
_RUNNING = 14 * MM
_LOGO = (70 * MM, 24 * MM)
_WINDOW_TOP, _WINDOW_WIDTH = 45 * MM, 80 * MM
_ADDRESS_TOP = _WINDOW_TOP + 12.7 * MM
_ADDRESS_BOTTOM = 90 * MM
_DETAILS_LEFT, _DETAILS_TOP = 125 * MM, 50 * MM
_BODY_TOP = 95 * MM
_FOLDS = {PaperSize.A4: (105 * MM, 148.5 * MM, 210 * MM), PaperSize.LETTER: (93 * MM, 186 * MM)}
_NAME, _TITLE = 15.0, 19.0
# Sizes of an address with the distance of its lines: the first is tried first.
_STEPS = ((10.5, 1.3), (9.5, 1.25), (8.0, 1.2), (6.5, 1.15))


@dataclass(frozen=True, slots=True)
class _LaidAddress:
    names: tuple[Piece, ...]
    lines: tuple[Piece, ...]
    size: float
    leading: float

    @property
    def height(self) -> float:
        return (len(self.names) + len(self.lines)) * self.leading


def draw_head(flow: Flow, page: DocumentPage) -> None:
    """Draw letterhead, address, details and title; what comes next follows below."""
    _draw_folds(flow, page.size)
    _draw_letterhead(flow, page)
    _draw_window(flow, page)
    details = _draw_details(flow, page)
    flow.y = max(_BODY_TOP, details + 5 * MM)
    _draw_title(flow, page)


def draw_edges(flow: Flow, page: DocumentPage, number: int) -> None:
    """Draw what every page has: the bar, the footer, which page it is, and whose it continues."""
    sheet = flow.sheet
    bar = _BAR if number == 1 else _BAR / 2
    sheet.fill((0, sheet.width), 0, bar, flow.look.accent)
    if number > 1:
        _draw_running_head(flow, page)
    _draw_footer(flow, page, number)


def footer_height(page: DocumentPage) -> float:
    """Return how many points the footer takes above the lower margin."""
    lines = max((len(column) for column in page.footer), default=0)
    return (lines * TINY * 1.4) + 7 * MM


def draw_mark(sheet: Sheet, text: str) -> None:
    """Write a word large and pale across the page, below everything else."""
    piece = set_text(text, "strong")
    if piece.width <= 0:
        return
    size = min(96.0, sheet.width * 0.7 / piece.width)
    left = (sheet.width - piece.width * size) / 2
    span = (left, left + piece.width * size)
    sheet.put(piece, span, sheet.height * 0.56, size, PALE)
    # Below everything: what is drawn first lies below.
    sheet.page.letters.insert(0, sheet.page.letters.pop())


def _draw_folds(flow: Flow, size: PaperSize) -> None:
    for height in _FOLDS[size]:
        flow.sheet.fill((4 * MM, 8 * MM), height, 0.4, FAINT)


def _draw_letterhead(flow: Flow, page: DocumentPage) -> None:
    logo = document_logo(page.logo_path)
    middle = flow.left + (flow.right - flow.left) * 0.6
    if logo is not None:
        image, (width_px, height_px) = logo
        scale = min(_LOGO[0] / width_px, _LOGO[1] / height_px)
        size = (width_px * scale, height_px * scale)
        flow.sheet.picture(flow.left, _HEAD_TOP, size, image)
    else:
        lines = fit(page.seller.name, "strong", (flow.left, middle), _NAME)[:2]
        flow.y = _HEAD_TOP
        beside(flow, lines, (flow.left, middle), _NAME, flow.look.accent_ink)
    _draw_contact(flow, page, (middle + 4 * MM, flow.right), with_name=logo is not None)


def _draw_contact(
    flow: Flow, page: DocumentPage, span: tuple[float, float], *, with_name: bool
) -> None:
    """Draw who writes at the end of the head, as far as there is room above the window."""
    flow.y = _HEAD_TOP
    leading = SMALL * flow.look.leading
    texts = [*page.seller.lines, *page.contact]
    if with_name:
        for line in fit(page.seller.name, "strong", span, SMALL)[:2]:
            flow.sheet.put_at_end(line, span, flow.y + baseline(SMALL, leading), SMALL, INK)
            flow.y += leading
    for line in (line for text in texts for line in fit(text, "regular", span, SMALL)):
        if flow.y + leading > _HEAD_BOTTOM + 4 * MM:
            return
        flow.sheet.put_at_end(line, span, flow.y + baseline(SMALL, leading), SMALL, QUIET)
        flow.y += leading


def _draw_window(flow: Flow, page: DocumentPage) -> None:
    span = (flow.left, flow.left + _WINDOW_WIDTH)
    sender = " · ".join((page.seller.name, *page.seller.lines))
    size = 6.5
    lines = fit(sender, "regular", span, size)[:2]
    flow.y = _ADDRESS_TOP - len(lines) * size * flow.look.leading - 1.6 * MM
    beside(flow, lines, span, size, QUIET)
    flow.sheet.fill(span, _ADDRESS_TOP - 1.2 * MM, 0.35, FAINT)
    flow.y = _ADDRESS_TOP
    draw_address(flow, page.buyer, span, _ADDRESS_BOTTOM)


def draw_address(flow: Flow, address: Address, span: tuple[float, float], bottom: float) -> None:
    """Draw name and lines of an address, smaller where that is needed to end above `bottom`."""
    height = bottom - flow.y
    fitting = (_set_address(address, span, step) for step in _STEPS)
    laid = next((one for one in fitting if one.height <= height), None)
    laid = laid or _set_address(address, span, _STEPS[-1])
    room = max(int(height / laid.leading), 1)
    # The street and the city matter more to the post than the end of a name without end.
    names = laid.names[: max(room - len(laid.lines), 1)]
    for line in [*names, *laid.lines][:room]:
        flow.sheet.put(line, span, flow.y + baseline(laid.size, laid.leading), laid.size)
        flow.y += laid.leading


def _set_address(
    address: Address, span: tuple[float, float], step: tuple[float, float]
) -> _LaidAddress:
    size, leading = step
    names = fit(address.name, "strong", span, size)
    lines = tuple(line for text in address.lines for line in fit(text, "regular", span, size))
    return _LaidAddress(names, lines, size, size * leading)


def _draw_details(flow: Flow, page: DocumentPage) -> float:
    """Draw the details beside the address and return where they end."""
    scale = flow.sheet.width / (210 * MM)
    start, end = _DETAILS_LEFT * scale, flow.right
    middle = start + (end - start) * 0.46
    flow.y = _DETAILS_TOP
    for detail in page.details:
        flow.y += pair(flow, (detail.label, detail.value), ((start, middle), (middle + 4, end))) + 1
    return flow.y


def _draw_title(flow: Flow, page: DocumentPage) -> None:
    leading = _TITLE * 1.3
    title = set_text(page.title, "strong")
    number = set_text(page.number)
    room = flow.right - flow.left
    size = min(_TITLE, _TITLE * room / max((title.width + 0.5 + number.width) * _TITLE, 1))
    below = flow.y + baseline(_TITLE, leading)
    flow.sheet.put(title, flow.span, below, size, flow.look.accent_ink)
    after = flow.left + (title.width + 0.4) * size
    flow.sheet.put(number, (after, flow.right), below, size, QUIET)
    flow.y += leading + 3 * MM


def _draw_running_head(flow: Flow, page: DocumentPage) -> None:
    title = fit(f"{page.title} {page.number}", "regular", (0, 80 * MM), SMALL)[0]
    flow.sheet.put_at_end(title, flow.span, _RUNNING, SMALL, QUIET)
    name = fit(page.seller.name, "strong", (flow.left, flow.right - 85 * MM), SMALL)[0]
    flow.sheet.put(name, flow.span, _RUNNING, SMALL, INK)
    flow.sheet.fill(flow.span, _RUNNING + 2.5 * MM, 0.35, FAINT)


def _draw_footer(flow: Flow, page: DocumentPage, number: int) -> None:
    sheet = flow.sheet
    top = flow.bottom + 4 * MM
    pages = word(page.language, "page", page=f"{number}", pages=f"{len(sheet.pages)}")
    sheet.put_at_end(set_text(pages), flow.span, top - 1.6 * MM, TINY, QUIET)
    if not page.footer:
        return
    sheet.fill(flow.span, top, 0.35, FAINT)
    width = (flow.right - flow.left) / len(page.footer)
    height = TINY * 1.4
    for place, column in enumerate(page.footer):
        start = flow.left + place * width
        span = (start, start + width - 4 * MM)
        for row, text in enumerate(column):
            piece, size = shrunk(text, "regular", span[1] - span[0], TINY)
            sheet.put(piece, span, top + 2 * MM + row * height + TINY, size, QUIET)
