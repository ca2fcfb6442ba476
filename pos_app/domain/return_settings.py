"""What the shop says about goods that come back: the reasons, and what becomes of the goods."""

from dataclasses import dataclass

from pos_app.domain.cart import SaleKind
from pos_app.domain.product import ProductKind
from pos_app.domain.sale import Sale, SaleLine
from pos_app.domain.stock import MoveReason, StockMove


@dataclass(frozen=True, slots=True)
class ReturnReason:
    """Why goods come back; what is `written_off` does not go on the shelf again."""

    text: str
    written_off: bool = False


@dataclass(frozen=True, slots=True)
class ReturnSettings:
    """The reasons to choose from, the usual one first, and how long a receipt is taken back.

    `days` counts from the business day of the sale; 0 takes everything back.
    """

    reasons: tuple[ReturnReason, ...] = (
        ReturnReason("Does not fit"),
        ReturnReason("Not needed"),
        ReturnReason("Faulty", written_off=True),
        ReturnReason("Past its date", written_off=True),
    )
    days: int = 0


def written_off(sale: Sale, settings: ReturnSettings, location: str) -> tuple[StockMove, ...]:
    """Return the movements that take spoilt goods off the stock they have just come back to."""
    if sale.kind not in (SaleKind.RETURN, SaleKind.EXCHANGE):
        return ()
    spoilt = {reason.text for reason in settings.reasons if reason.written_off}
    return tuple(
        StockMove(
            line.product_id or "",
            location,
            line.quantity,
            MoveReason.WRITE_OFF,
            f"{sale.number} {line.returns.reason}",
        )
        for line in sale.lines
        if _is_goods_back(line) and line.returns is not None and line.returns.reason in spoilt
    )


def _is_goods_back(line: SaleLine) -> bool:
    is_goods = line.kind is ProductKind.GOODS and line.product_id is not None
    return is_goods and line.quantity < 0
