"""What follows a document's lines: totals, taxes by rate, key figures, payment, signatures."""

from pos_app.printing.document_flow import (
    BODY,
    LABEL,
    SMALL,
    TINY,
    Flow,
    baseline,
    draw_lines,
    fit,
    label,
    pair,
    shrunk,
)
from pos_app.printing.document_fonts import Boldness
from pos_app.printing.document_page import (
    Align,
    Detail,
    DocumentPage,
    Payment,
    TaxTable,
    Total,
    Weight,
)
from pos_app.printing.document_qr import dark_modules, transfer_code
from pos_app.printing.document_sheet import FAINT, INK, MM, QUIET, contrast_to
from pos_app.printing.document_text import set_text

_TOTALS_WIDTH = 66 * MM
_TAXES_WIDTH = 78 * MM
_BESIDE = 92 * MM  # How wide taxes and payment are beside the totals.
_CODE, _CODE_DOWN = 27 * MM, 0.7 * MM
_GAP = 4 * MM
_MOST_LABEL = 26 * MM
_SIZE = 7.5  # Of the letters of the bank details.
_ABOVE, _BELOW = 3 * MM, 3.6 * MM
_AFTER_DUE = 1.2 * MM
_DUE = 8 * MM  # The height of the field with what is due.
_MOST_TAXES = 24  # Rows of taxes that stand beside the totals; more begin a page of their own.


def sums_height(flow: Flow, page: DocumentPage) -> float:
    """Return how many points totals, taxes and payment need, which stay on one page."""
    beside = _payment_height(flow, page.payment)
    if page.taxes and len(page.taxes.rows) <= _MOST_TAXES:
        beside += _taxes_height(flow, len(page.taxes.rows))
    height = max(_totals_height(flow, page.totals), beside)
    return height + _ABOVE if height else 0


def draw_sums(flow: Flow, page: DocumentPage) -> None:
    """Draw the totals where the lines end, and beside them taxes by rate and where to pay."""
    height = sums_height(flow, page)
    if not height:
        flow.y += _BELOW if page.table else 0
        return
    flow.keep(height)
    flow.y += _ABOVE
    top = flow.y
    is_long = page.taxes is not None and len(page.taxes.rows) > _MOST_TAXES
    if page.taxes is not None and not is_long:
        _draw_taxes(flow, page.taxes)
    if page.payment is not None:
        _draw_payment(flow, page.payment)
    after, flow.y = flow.y, top
    _draw_totals(flow, page.totals)
    flow.y = max(flow.y, after) + _BELOW
    if page.taxes is not None and is_long:
        _draw_taxes(flow, page.taxes)
        flow.y += _BELOW


def draw_figures(flow: Flow, figures: tuple[Detail, ...]) -> None:
    """Draw key figures in a row, each below its label."""
    if not figures:
        return
    height = 13 * MM
    flow.keep(height + _BELOW)
    width = (flow.right - flow.left) / len(figures)
    for place, figure in enumerate(figures):
        start = flow.left + place * width
        span = (start, start + width - 2 * MM)
        flow.sheet.fill(span, flow.y, 0.9, flow.look.accent)
        name, size = shrunk(figure.label, "regular", span[1] - span[0], TINY)
        flow.sheet.put(name, span, flow.y + 5 * MM, size, QUIET)
        value, size = shrunk(figure.value, "strong", span[1] - span[0], BODY)
        flow.sheet.put(value, span, flow.y + 10 * MM, size, INK)
    flow.y += height + _BELOW


def draw_signatures(flow: Flow, labels: tuple[str, ...]) -> None:
    """Draw lines to sign on, each with what it is for below."""
    if not labels:
        return
    flow.keep(22 * MM)
    flow.y += 15 * MM
    width = (flow.right - flow.left) / len(labels)
    for place, text in enumerate(labels):
        start = flow.left + place * width
        span = (start, start + width - 8 * MM)
        flow.sheet.fill(span, flow.y, 0.5, QUIET)
        piece, size = shrunk(text, "regular", span[1] - span[0], TINY)
        flow.sheet.put(piece, span, flow.y + 3.6 * MM, size, QUIET)
    flow.y += 7 * MM


def _draw_payment(flow: Flow, payment: Payment) -> None:
    """Draw where to pay beside the code that a bank's app reads."""
    text = transfer_code(payment.transfer) if payment.transfer else None
    top, left = flow.y, flow.left
    if text:
        flow.sheet.code(left, top + _CODE_DOWN, _CODE, dark_modules(text))
        left += _CODE + _GAP
    right, value = flow.left + _BESIDE, left + _label_width(payment)
    label(flow, payment.heading, (left, right))
    for detail in payment.details:
        spans = ((left, value - _GAP / 2), (value, right))
        flow.y += pair(flow, (detail.label, detail.value), spans, _SIZE) + 0.6
    if text:
        flow.y = max(flow.y, top + _CODE_DOWN + _CODE - len(payment.caption and " ") * _SIZE * 1.4)
        draw_lines(flow, fit(payment.caption, "regular", (left, right), TINY), (left, right), TINY)
        flow.y = max(flow.y, top + _CODE_DOWN + _CODE)


def _label_width(payment: Payment) -> float:
    widest = max((set_text(detail.label).width for detail in payment.details), default=0)
    return min(widest * _SIZE + _GAP / 2 + 1, _MOST_LABEL)


def _payment_height(flow: Flow, payment: Payment | None) -> float:
    if payment is None:
        return 0
    text = transfer_code(payment.transfer) if payment.transfer else None
    left = flow.left + (_CODE + _GAP if text else 0)
    value = (left + _label_width(payment), flow.left + _BESIDE)
    lines = sum(len(fit(detail.value, "regular", value, _SIZE)) for detail in payment.details)
    height = LABEL * flow.look.leading + lines * (_SIZE * flow.look.leading + 0.6)
    if text:
        caption = fit(payment.caption, "regular", (left, value[1]), TINY)
        height += len(caption) * TINY * flow.look.leading
    return max(height + 1, _CODE + _CODE_DOWN if text else 0)


def _draw_totals(flow: Flow, totals: tuple[Total, ...]) -> None:
    span = (flow.right - _TOTALS_WIDTH, flow.right)
    for total in totals:
        if total.weight is Weight.DUE:
            _draw_due(flow, total, span)
        else:
            _draw_total(flow, total, span)


def _draw_total(flow: Flow, total: Total, span: tuple[float, float]) -> None:
    is_strong = total.weight is Weight.STRONG
    boldness: Boldness = "strong" if is_strong else "regular"
    height = _total_height(flow, total)
    if is_strong:
        flow.sheet.fill(span, flow.y + 0.4 * MM, 0.5, FAINT)
    whole = span[1] - span[0]
    amount, size = shrunk(total.amount, boldness, whole * 0.6, BODY)
    below = flow.y + baseline(BODY, height)
    flow.sheet.put_at_end(amount, span, below, size, INK)
    room = whole - amount.width * size - 2 * MM
    name, size = shrunk(total.label, boldness, room, BODY)
    flow.sheet.put(name, span, below, size, INK if is_strong else QUIET)
    flow.y += height


def _draw_due(flow: Flow, total: Total, span: tuple[float, float]) -> None:
    """Draw what is due in a field of the document's colour."""
    flow.y += 1.6 * MM
    wide = (span[0] - 3 * MM, span[1] + 0)
    flow.sheet.fill(wide, flow.y, _DUE, flow.look.accent)
    ink = contrast_to(flow.look.accent)
    inner = (span[0], span[1] - 3 * MM)
    whole, below = inner[1] - inner[0], flow.y + baseline(11, _DUE)
    amount, size = shrunk(total.amount, "strong", whole * 0.6, 11)
    flow.sheet.put_at_end(amount, inner, below, size, ink)
    room = whole - amount.width * size - 3 * MM
    name, size = shrunk(total.label, "strong", room, size)
    flow.sheet.put(name, inner, below, size, ink)
    flow.y += _DUE + _AFTER_DUE


def _draw_taxes(flow: Flow, taxes: TaxTable) -> None:
    columns = len(taxes.heads)
    width = _TAXES_WIDTH / max(columns, 1)
    spans = [(flow.left + n * width, flow.left + (n + 1) * width - 2 * MM) for n in range(columns)]
    leading = SMALL * flow.look.leading * 1.1
    for number, text in enumerate(taxes.heads):
        align = Align.FIGURE if number else Align.START
        piece, size = shrunk(text, "strong", spans[number][1] - spans[number][0], TINY)
        below = flow.y + baseline(TINY, leading)
        flow.sheet.put(piece, spans[number], below, size, flow.look.accent_ink, align)
    flow.y += leading
    flow.sheet.fill((flow.left, spans[-1][1]), flow.y, 0.35, FAINT)
    flow.y += 1.5
    for row in taxes.rows:
        flow.keep(leading)
        for number, text in enumerate(row):
            align = Align.FIGURE if number else Align.START
            piece, size = shrunk(text, "regular", spans[number][1] - spans[number][0], SMALL)
            below = flow.y + baseline(SMALL, leading)
            flow.sheet.put(piece, spans[number], below, size, INK, align)
        flow.y += leading
    flow.y += _ABOVE


def _taxes_height(flow: Flow, rows: int) -> float:
    return (rows + 1) * SMALL * flow.look.leading * 1.1 + 1.5 + _ABOVE if rows else 0


def _totals_height(flow: Flow, totals: tuple[Total, ...]) -> float:
    return sum(
        _DUE + 1.6 * MM + _AFTER_DUE if total.weight is Weight.DUE else _total_height(flow, total)
        for total in totals
    )


def _total_height(flow: Flow, total: Total) -> float:
    extra = 1.4 if total.weight is Weight.STRONG else 1.12
    return BODY * flow.look.leading * extra
