"""What the cashier hears of the stock of what was just put into the cart; scanning goes on."""

from typing import TYPE_CHECKING

from pos_app.domain.errors import PosError
from pos_app.domain.stock_rule import GoodsExpired, NoneLeftToSell
from pos_app.ui.presenters import notice_board as board
from pos_app.ui.presenters.refusals import sentence_of
from pos_app.ui.views import Notice, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pos_app.ui.presenters.sale_on_screen import SaleOnScreen


def tell_of_stock(
    sale: "SaleOnScreen", line_ids: "Iterable[int]", warning: PosError | None = None
) -> None:
    """Mark what is short of the books, and goods past their date, in one notice."""
    watch = sale.checkout.stock_watch
    if warning is None and not watch.is_on:
        return
    found = [] if warning is None else [warning]
    for line_id in line_ids:
        trouble = watch.trouble(sale.cart, sale.cart.line(line_id))
        if trouble is not None:
            found.append(trouble)
    if found:
        is_loud = any(isinstance(one, GoodsExpired | NoneLeftToSell) for one in found)
        severity = Severity.BAR if is_loud else Severity.MARK
        text = " ".join(sentence_of(one, sale.amounts) for one in found)
        sale.notices.put(Notice(board.STOCK, severity, text))
