"""A return: what came back of an order, and the credit note for what of it had been invoiced."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from pos_app.domain.document import DocumentHead, DocumentLine, check_head, check_text
from pos_app.domain.invoice import Invoice, InvoiceLine
from pos_app.domain.issuer import Issuer
from pos_app.domain.line_shares import share_of
from pos_app.domain.money import Money
from pos_app.domain.pricing import LineFigures, TaxFigure, sum_lines
from pos_app.domain.product import ProductKind
from pos_app.domain.stock import MoveReason, StockMove

_NONE = Decimal(0)
REASON_LIMIT = 500


class SalesReturnState(StrEnum):
    """A return is written when the goods are back; head office can delete one by mistake."""

    COMPLETED = "completed"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class CreditedLine:
    """Units of an invoice's line that are credited, with their figures (above zero)."""

    invoice_id: str
    invoice_number: str
    invoice_line_id: str
    quantity: Decimal
    line: DocumentLine
    figures: LineFigures


@dataclass(frozen=True, slots=True)
class ReturnedLine:
    """What came back of one line of the order; `figures` is its worth by the order (above zero)."""

    order_line_id: str
    line: DocumentLine
    figures: LineFigures
    reason: str = ""
    is_spoilt: bool = False


@dataclass(frozen=True, slots=True)
class SalesReturn:
    """Goods back and what is credited for them; without lines it only credits an invoice.

    `net`, `tax`, `gross` and `taxes` are those of the credit note: of what had been invoiced.
    `total` is what came back is worth. Of goods that came back at the till, `sale_id` and
    `sale_number` name the document there.
    """

    head: DocumentHead
    order_id: str
    order_number: str
    reason: str
    lines: tuple[ReturnedLine, ...]
    credited: tuple[CreditedLine, ...]
    taxes: tuple[TaxFigure, ...]
    net: Money
    tax: Money
    gross: Money
    rounding: Money
    total: Money
    location: str = ""
    delivery_id: str = ""
    delivery_number: str = ""
    state: SalesReturnState = SalesReturnState.COMPLETED
    issuer: Issuer | None = None
    sale_id: str = ""
    sale_number: str = ""

    @property
    def credit(self) -> Money:
        """What the customer is credited with tax."""
        return self.gross + self.rounding

    @property
    def is_credit_note(self) -> bool:
        """Whether anything of it had been invoiced."""
        return bool(self.credited)

    @property
    def invoice_numbers(self) -> tuple[str, ...]:
        """The invoices that it credits."""
        return tuple(dict.fromkeys(line.invoice_number for line in self.credited))


def credit_lines(
    invoices: Sequence[Invoice], quantities: Mapping[str, Decimal]
) -> list[CreditedLine]:
    """Return which lines of an order's invoices so many units are credited on.

    `quantities` are by the order line's id; `invoices` are credited in their order.
    """
    billing: dict[str, list[tuple[Invoice, InvoiceLine]]] = {}
    for invoice in invoices:
        for line in invoice.lines:
            billing.setdefault(line.order_line_id, []).append((invoice, line))
    found = []
    for order_line_id, quantity in quantities.items():
        left = quantity
        for invoice, line in billing.get(order_line_id, ()):
            units = min(line.to_credit, left)
            if units > 0:
                found.append(credit_line(invoice, line, units))
                left -= units
    return found


def still_billed(invoice: Invoice) -> dict[str, Decimal]:
    """Return how many units of each order line an invoice still bills, by the order line's id."""
    found: dict[str, Decimal] = {}
    for line in invoice.lines:
        if line.order_line_id and line.to_credit:
            found[line.order_line_id] = found.get(line.order_line_id, _NONE) + line.to_credit
    return found


def credit_line(invoice: Invoice, line: InvoiceLine, quantity: Decimal) -> CreditedLine:
    """Return the credit of some units of an invoice's line: its exact share of the figures."""
    figures = share_of(
        line.figures, line.line.quantity, line.credited, quantity, invoice.head.policy
    )
    return CreditedLine(
        invoice.head.id, invoice.head.number, line.line.id, quantity, line.line, figures
    )


def credit_of(credited: Sequence[CreditedLine], invoice: Invoice) -> Money:
    """Return what some credited lines take off one invoice.

    The last credit of an invoice takes its rounding along, so that nothing stays owed.
    """
    mine = [line for line in credited if line.invoice_id == invoice.head.id]
    gross = Money(sum(line.figures.gross.minor for line in mine), invoice.currency)
    return gross + rounding_back(credited, invoice)


def rounding_back(credited: Sequence[CreditedLine], invoice: Invoice) -> Money:
    """Return the invoice's rounding where these lines are the rest of it, else nothing."""
    mine: dict[str, Decimal] = {}
    gross = Money(0, invoice.currency)
    for line in credited:
        if line.invoice_id == invoice.head.id:
            before = mine.get(line.invoice_line_id, _NONE)
            mine[line.invoice_line_id] = before + line.quantity
            gross += line.figures.gross
    if not mine:
        return Money(0, invoice.currency)
    is_rest = all(line.to_credit == mine.get(line.line.id, _NONE) for line in invoice.lines)
    # What was rounded off with earlier credits is not rounded off again.
    return invoice.total - invoice.credited - gross if is_rest else Money(0, invoice.currency)


def figures_of(
    credited: Sequence[CreditedLine], currency: str
) -> tuple[tuple[TaxFigure, ...], Money, Money, Money]:
    """Return tax table, net, tax and gross of what is credited."""
    priced = sum_lines(tuple(line.figures for line in credited), currency)
    return priced.taxes, priced.net, priced.tax, priced.gross


def checked(document: SalesReturn) -> SalesReturn:
    """Return it if it can stand; raises CustomerMissing or DocumentTextWrong."""
    check_head(document.head)
    check_text(document.reason, REASON_LIMIT)
    for line in document.lines:
        check_text(line.reason, REASON_LIMIT)
    return document


def goods_back(document: SalesReturn) -> tuple[StockMove, ...]:
    """Return the stock that comes back; what is spoilt is written off again at once."""
    moves = []
    for back in document.lines:
        line = back.line
        if line.product_id is None or line.kind is not ProductKind.GOODS:
            continue
        note, place = document.head.number, document.location
        came = StockMove(line.product_id, place, line.quantity, MoveReason.RETURN, note)
        moves.append(came)
        if back.is_spoilt:
            gone = MoveReason.WRITE_OFF
            moves.append(StockMove(line.product_id, place, -line.quantity, gone, note))
    return tuple(moves)
