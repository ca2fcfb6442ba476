"""From a document of the file to a cart, its tenders and its stock movements: pure, no store."""

from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo

from pos_app.domain.cart import Cart, CartLine, ReturnOf, SaleKind
from pos_app.domain.customer import Customer
from pos_app.domain.money import Money
from pos_app.domain.payment import TenderMethod, TenderRequest
from pos_app.domain.pricing import PricePolicy
from pos_app.domain.product import Product, ProductKind
from pos_app.domain.stock import MoveReason, StockMove
from pos_app.services.retail_history.documents import DocumentKind, HistoryDocument, utc
from pos_app.services.retail_history.lines import HistoryLine

CART_KINDS = {
    DocumentKind.SALE: SaleKind.SALE,
    DocumentKind.RETURN: SaleKind.RETURN,
    DocumentKind.ADJUSTMENT: SaleKind.ADJUSTMENT,
}
STOCK_REASONS = (MoveReason.WRITE_OFF, MoveReason.FOUND)
# Why a cancelled line of a code that is no goods has no sale that it takes back.
_RETURN_REASONS = {
    ProductKind.DISCOUNT: "discount granted afterwards",
    ProductKind.SAMPLE: "samples charged back",
    ProductKind.FEE: "fee booked by cancellation",
    ProductKind.ADJUSTMENT: "adjustment of the books",
}


def cart_of(
    document: HistoryDocument,
    lines: Iterable[CartLine],
    customer: Customer | None,
    policy: PricePolicy,
) -> Cart:
    """Put finished lines into a cart of the document's kind; its id never changes between runs."""
    numbered = tuple(lines)
    return Cart(
        id=document.id,
        policy=policy,
        kind=CART_KINDS[document.kind],
        lines=numbered,
        customer=customer,
        note=note_of(document),
        next_line_id=len(numbered) + 1,
    )


def cart_line(
    line: HistoryLine, product: Product, line_id: int, returns: ReturnOf | None = None
) -> CartLine:
    """Make a line that keeps the file's own price, and its own description where it has one."""
    return CartLine(
        id=line_id,
        product_id=product.id,
        code=product.code,
        name=line.description or product.name,
        quantity=line.quantity,
        unit_price=line.price,
        unit=product.unit,
        kind=product.kind,
        taxes=product.taxes,
        list_price=product.price,
        note="" if line.price else "free of charge",
        returns=returns,
    )


def unlinked(line: HistoryLine, product: Product, line_id: int, reason: str) -> CartLine:
    """Make the line of a return whose sale is not known; the note says why."""
    why = _RETURN_REASONS.get(product.kind, reason)
    return cart_line(line, product, line_id, ReturnOf(reason=why))


def tenders_for(document: HistoryDocument, gross: Money) -> list[TenderRequest]:
    """Say how a document was paid, which the file does not.

    Customers with a number buy on account; without one it is the web shop's, paid by card;
    entries of the books go by bank transfer.
    """
    if not gross:
        return []
    if document.customer:
        return [TenderRequest(TenderMethod.ON_ACCOUNT)]
    if document.kind is DocumentKind.ADJUSTMENT:
        return [TenderRequest(TenderMethod.BANK_TRANSFER)]
    return [TenderRequest(TenderMethod.CARD)]


def stock_moves_of(
    document: HistoryDocument, products: Mapping[str, Product], location: str
) -> tuple[StockMove, ...]:
    """Turn unpriced lines without a customer into goods written off (below zero) or found."""
    return tuple(
        StockMove(
            product_id=products[line.key].id,
            location=location,
            quantity=line.quantity,
            reason=MoveReason.WRITE_OFF if line.quantity < 0 else MoveReason.FOUND,
            note=move_note(document, line),
        )
        for line in document.lines
    )


def moved_mark(document: HistoryDocument, zone: tzinfo | None) -> tuple[datetime, str]:
    """By what a stock document is known again: when its first line moved, and that line's note."""
    return utc(document.at, zone), move_note(document, document.lines[0])


def move_note(document: HistoryDocument, line: HistoryLine) -> str:
    """The note of a movement: the document's, and the file's remark."""
    return f"{note_of(document)}: {line.description}".removesuffix(": ")


def note_of(document: HistoryDocument) -> str:
    """The file's own number of the document, and its other minutes where it stands at several."""
    minutes = sorted({line.at.isoformat(" ", "minutes") for line in document.lines})
    more = f" ({', '.join(minutes)})" if len(minutes) > 1 else ""
    return f"Invoice {document.invoice}{more}"
