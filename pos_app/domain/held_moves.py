"""What a document does to value held for customers, read from its lines and its payments."""

from collections.abc import Iterator
from dataclasses import dataclass

from pos_app.domain.cart import SaleKind
from pos_app.domain.payment import TenderMethod
from pos_app.domain.points import PointsEffect
from pos_app.domain.product import ProductKind
from pos_app.domain.sale import CustomerNeeded, Sale
from pos_app.domain.stored_value import ValueAction, ValueKind

# Lines that are no turnover and have no tax: their money is held for somebody.
HELD_KINDS = frozenset(
    {
        ProductKind.GIFT_CARD,
        ProductKind.TIP,
        ProductKind.DEPOSIT,
        ProductKind.ACCOUNT_PAYMENT,
        ProductKind.INVOICE_PAYMENT,
    }
)
_OF_LINE = {
    ProductKind.GIFT_CARD: ValueKind.GIFT_CARD,
    ProductKind.DEPOSIT: ValueKind.DEPOSIT,
    ProductKind.ACCOUNT_PAYMENT: ValueKind.ACCOUNT,
}
_OF_TENDER = {
    TenderMethod.GIFT_CARD: ValueKind.GIFT_CARD,
    TenderMethod.STORE_CREDIT: ValueKind.STORE_CREDIT,
    TenderMethod.DEPOSIT: ValueKind.DEPOSIT,
    TenderMethod.ON_ACCOUNT: ValueKind.ACCOUNT,
}
_TOUCHING = frozenset({*_OF_TENDER, TenderMethod.POINTS})
_EARNING = (SaleKind.SALE, SaleKind.RETURN, SaleKind.EXCHANGE)


@dataclass(frozen=True, slots=True)
class HeldMove:
    """One change of one account: `reference` is its number, or the id of its customer."""

    kind: ValueKind
    reference: str
    action: ValueAction
    units: int

    @property
    def signed(self) -> int:
        """The change of the balance."""
        is_less = self.action in (ValueAction.REDEEM, ValueAction.TAKE_BACK)
        return -self.units if is_less else self.units


def touches_value(sale: Sale, collects_points: bool) -> bool:
    """Tell, as cheaply as can be, whether a document has to do with value held for somebody."""
    if collects_points and sale.customer is not None:
        return True
    return any(tender.method in _TOUCHING for tender in sale.tenders) or any(
        line.returns is not None or line.kind in HELD_KINDS for line in sale.lines
    )


def held_moves(sale: Sale) -> list[HeldMove]:
    """Return the changes of gift cards, credit, deposits and accounts; what takes comes first.

    So nothing can be paid with what the same document brings. Raises CustomerNeeded.
    """
    return sorted(_moves(sale), key=lambda move: move.signed > 0)


def points_effects(sale: Sale) -> list[PointsEffect]:
    """Return how a document that is no void changes points: its own, then those it gives back of.

    What was paid with points earns none; a part that goes back as points takes none away.
    """
    if sale.kind not in _EARNING:
        return []
    own = 0
    back: dict[str, int] = {}
    for line in sale.lines:
        if line.kind in HELD_KINDS:
            continue
        origin = line.returns.sale_id if line.returns is not None else None
        if origin is None:
            own += line.figures.gross.minor
        else:
            back[origin] = back.get(origin, 0) - line.figures.gross.minor
    tenders = [t.amount.minor for t in sale.tenders if t.method is TenderMethod.POINTS]
    paid = sum(amount for amount in tenders if amount > 0)
    refunded = -sum(amount for amount in tenders if amount < 0)
    own = max(own - paid, 0) if own > 0 else own
    effects = [PointsEffect(sale.id, base=own, paid=paid)] if own or paid else []
    for origin, amount in back.items():
        effects.append(PointsEffect(origin, returned=amount - refunded, refunded=refunded))
        refunded = 0
    if refunded:
        effects.append(PointsEffect(sale.id, refunded=refunded))
    return effects


def _moves(sale: Sale) -> Iterator[HeldMove]:
    is_void = sale.kind is SaleKind.VOID
    for line in sale.lines:
        of_line, gross = _OF_LINE.get(line.kind), line.figures.gross.minor
        if of_line is not None and gross:
            reference = _customer(sale) if of_line is ValueKind.ACCOUNT else line.code
            action = ValueAction.TOP_UP if gross > 0 else ValueAction.TAKE_BACK
            yield HeldMove(of_line, reference, action, abs(gross))
    for tender in sale.tenders:
        of_tender, amount = _OF_TENDER.get(tender.method), tender.amount.minor
        if of_tender is not None and amount:
            reference = _customer(sale) if of_tender is ValueKind.ACCOUNT else tender.reference
            taken = ValueAction.TAKE_BACK if is_void else ValueAction.REDEEM
            yield HeldMove(
                of_tender, reference, taken if amount > 0 else ValueAction.REFUND, abs(amount)
            )


def _customer(sale: Sale) -> str:
    if sale.customer is None:
        raise CustomerNeeded()
    return sale.customer.id
