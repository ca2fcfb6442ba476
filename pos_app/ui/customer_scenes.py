"""The scenes of the customer's screen, painted: nothing yet, a sale, the change and the code."""

from functools import lru_cache

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QPainter

from pos_app.ui import fonts, theme
from pos_app.ui.painted_text import as_figure, largest, write
from pos_app.ui.presenters.customer_display import CustomerView
from pos_app.ui.views import CartRow

_QUIET_MODULES = 4


def paint_idle(painter: QPainter, box: QRect, view: CustomerView) -> None:
    """Draw the shop's name and its lines below."""
    colours = theme.current()
    name = largest(view.shop, box.height() // 7, box.width())
    middle = box.adjusted(0, 0, 0, -box.height() // 8)
    _centre(painter, middle, view.shop, name, colours.text)
    top, high = middle.center().y() + box.height() // 8, _px(box, 16)
    for place, line in enumerate(view.lines[:4]):
        row = QRect(box.left(), top + place * high, box.width(), high)
        _centre(painter, row, line, largest(line, _px(box, 24), box.width(), fonts.REGULAR),
                colours.text2)  # fmt: skip


def paint_sale(painter: QPainter, box: QRect, view: CustomerView) -> None:
    """Draw the shop's name, the latest lines and the total below them."""
    colours = theme.current()
    head = QRect(box.left(), box.top(), box.width(), _px(box, 14))
    small = fonts.font(_px(box, 26), fonts.SEMIBOLD)
    write(painter, head, view.shop, small, colours.text2, is_elided=True)
    foot = QRect(box.left(), 0, box.width(), _px(box, 4))
    foot.moveBottom(box.bottom())
    rows = QRect(box.left(), head.bottom() + 4, box.width(), foot.top() - head.bottom() - 16)
    _paint_rows(painter, rows, view)
    _paint_total(painter, foot, view)


def paint_paid(painter: QPainter, box: QRect, view: CustomerView) -> None:
    """Draw the change large, what was due and paid, the shop's words, and the receipt's code."""
    colours = theme.current()
    painter.setPen(QColor(colours.success))
    painter.setBrush(QColor(colours.success_soft))
    card = QRect(box.left(), box.top(), box.width(), box.height() * 11 // 20)
    painter.drawRoundedRect(card, theme.RADIUS_CARD, theme.RADIUS_CARD)
    inner = card.adjusted(32, 16, -32, -16)
    caption = fonts.font(max(20, inner.height() // 7), fonts.SEMIBOLD)
    top = QRect(inner.left(), inner.top(), inner.width(), inner.height() // 4)
    _centre(painter, top, view.caption, caption, colours.success)
    middle = QRect(inner.left(), top.bottom(), inner.width(), inner.height() // 2)
    big = largest(view.figure, middle.height() * 9 // 10, inner.width())
    _centre(painter, middle, view.figure, big, colours.success)
    low = QRect(inner.left(), middle.bottom(), inner.width(), inner.height() // 4)
    told = "     ".join(f"{name} {as_figure(figure)}" for name, figure in view.details)
    small = fonts.figures(max(14, inner.height() // 11), fonts.REGULAR)
    _centre(painter, low, told, small, colours.text)
    rest = QRect(box.left(), card.bottom() + 16, box.width(), box.bottom() - card.bottom() - 16)
    _paint_thanks(painter, rest, view)


def _paint_rows(painter: QPainter, box: QRect, view: CustomerView) -> None:
    high = max(52, min(box.height() // 5, _px(box, 7)))
    keys = [row.key for row in view.rows]
    newest = keys.index(view.newest) if view.newest in keys else len(keys) - 1
    seen = in_sight(len(keys), newest, max(1, box.height() // high))
    for place, row in enumerate(view.rows[seen.start : seen.stop]):
        line = QRect(box.left(), box.top() + place * high, box.width(), high - 4)
        _paint_row(painter, line, row, is_newest=row.key == view.newest)


def in_sight(count: int, newest: int, room: int) -> range:
    """Return which of `count` lines are shown: the end of the list, or as far as `newest`."""
    last = count if newest >= count - room else newest + 1
    last = max(last, min(room, count))
    return range(max(0, last - room), last)


def _paint_row(painter: QPainter, box: QRect, row: CartRow, *, is_newest: bool) -> None:
    colours = theme.current()
    painter.setPen(QColor(colours.primary if is_newest else colours.line))
    painter.setBrush(QColor(colours.primary_soft if is_newest else colours.surface))
    painter.drawRoundedRect(box, theme.RADIUS_CARD, theme.RADIUS_CARD)
    inner = box.adjusted(16, 2, -16, -2)
    big = fonts.figures(max(16, box.height() * 2 // 5), fonts.SEMIBOLD)
    ink = colours.danger if row.is_return else colours.text
    room = inner.width() // 4
    total = QRect(inner)
    text = QRect(inner)
    mirrored = painter.layoutDirection() == Qt.LayoutDirection.RightToLeft
    (total.setRight if mirrored else total.setLeft)(
        inner.left() + room if mirrored else inner.right() - room
    )
    (text.setLeft if mirrored else text.setRight)(
        inner.left() + room + 12 if mirrored else inner.right() - room - 12
    )
    write(painter, total, row.total, largest(row.total, big.pixelSize(), room), ink, is_far=True)
    below = _how_much(row)
    if not below:
        write(painter, text, row.name, big, ink, is_elided=True)
        return
    upper = QRect(text.left(), text.top(), text.width(), text.height() * 3 // 5)
    lower = QRect(text.left(), upper.bottom(), text.width(), text.height() - upper.height())
    write(painter, upper, row.name, big, ink, is_elided=True)
    small = fonts.figures(max(14, box.height() * 3 // 10), fonts.REGULAR)
    write(painter, lower, below, small, colours.text2, is_elided=True)


def _how_much(row: CartRow) -> str:
    """How much of it, at which price and discount; nothing for one piece at its own price."""
    parts = []
    if row.quantity != "1" and row.unit_price:
        parts.append(as_figure(f"{row.quantity} × {row.unit_price}"))
    if row.discount:
        parts.append(
            row.discount if any(map(str.isalpha, row.discount)) else as_figure(row.discount)
        )
    return "   ".join(parts)


def _paint_total(painter: QPainter, box: QRect, view: CustomerView) -> None:
    colours = theme.current()
    painter.setPen(QColor(colours.line))
    painter.setBrush(QColor(colours.surface))
    painter.drawRoundedRect(box, theme.RADIUS_CARD, theme.RADIUS_CARD)
    inner = box.adjusted(24, 8, -24, -8)
    ink = colours.danger if view.is_refund else colours.text
    upper = QRect(inner.left(), inner.top(), inner.width(), inner.height() // 4)
    small = fonts.figures(max(14, upper.height() * 3 // 4), fonts.REGULAR)
    write(painter, upper, view.count, small, colours.text2)
    told = "   ".join(f"{name} {as_figure(figure)}" for name, figure in view.details)
    write(painter, upper, told, small, colours.text2, is_far=True)
    lower = QRect(inner.left(), upper.bottom(), inner.width(), inner.height() - upper.height())
    caption = fonts.font(max(18, lower.height() // 3), fonts.SEMIBOLD)
    write(painter, lower, view.caption, caption, colours.text2)
    figure = largest(view.figure, lower.height() * 4 // 5, inner.width() * 2 // 3)
    write(painter, lower, view.figure, figure, ink, is_far=True)


def _paint_thanks(painter: QPainter, box: QRect, view: CustomerView) -> None:
    colours = theme.current()
    words = QRect(box)
    if view.code:
        side = min(box.height(), box.width() // 2)
        code = QRect(0, box.top(), side, side)
        mirrored = painter.layoutDirection() == Qt.LayoutDirection.RightToLeft
        if mirrored:
            code.moveLeft(box.left())
            words.setLeft(code.right() + 24)
        else:
            code.moveRight(box.right())
            words.setRight(code.left() - 24)
        _paint_code(painter, code, view.code)
    lines = [(line, colours.text) for line in view.lines[:3]] + [(view.count, colours.text2)]
    high = min(words.height() // max(len(lines), 1), max(24, box.height() // 4))
    top = words.center().y() - high * len(lines) // 2
    fitting = (largest(line, high * 3 // 5, words.width(), fonts.SEMIBOLD) for line, _ in lines)
    font = min(fitting, key=QFont.pixelSize)
    for place, (line, ink) in enumerate(lines):
        row = QRect(words.left(), top + place * high, words.width(), high)
        write(painter, row, line, font, ink)


def _paint_code(painter: QPainter, box: QRect, text: str) -> None:
    """Draw a QR code, dark on white in every theme, each module a whole number of pixels."""
    rows = _modules(text)
    module = max(1, box.width() // (len(rows) + 2 * _QUIET_MODULES))
    side = module * (len(rows) + 2 * _QUIET_MODULES)
    ground = QRect(0, 0, side, side)
    ground.moveCenter(box.center())
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    painter.fillRect(ground, QColor(Qt.GlobalColor.white))
    left, top = (edge + module * _QUIET_MODULES for edge in (ground.left(), ground.top()))
    for y, row in enumerate(rows):
        for x, is_dark in enumerate(row):
            if is_dark:
                dot = QRect(left + x * module, top + y * module, module, module)
                painter.fillRect(dot, QColor(Qt.GlobalColor.black))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)


@lru_cache(maxsize=2)
def _modules(text: str) -> tuple[tuple[bool, ...], ...]:
    import segno  # noqa: PLC0415 - only shops with a second screen need it

    made = segno.make(text, error="m", micro=False)
    return tuple(tuple(bool(dark) for dark in row) for row in made.matrix)


def _px(box: QRect, part: int) -> int:
    """Return a size that grows with the screen: its height divided by `part`, 12 at least."""
    return max(12, min(box.height(), box.width()) // part)


def _centre(painter: QPainter, box: QRect, text: str, font: QFont, ink: str) -> None:
    painter.setFont(font)
    painter.setPen(QColor(ink))
    painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), text)
