"""A sale of the till as the ERP knows one: order, approval, delivery, invoice and money, in a row.

A void is a return of everything, because what was delivered cannot be deleted there. Returns name
the sale that they go back to; the other half of an exchange is a sale of its own.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from pos_app.domain.cart import SaleKind
from pos_app.domain.line_shares import turned
from pos_app.domain.money import Money
from pos_app.domain.payment import TenderMethod
from pos_app.domain.product import ProductKind
from pos_app.domain.sale import Sale, SaleLine
from pos_app.sync.dialect import Carried, Known, NotSayable, Outgoing, Step, WaitsForOther
from pos_app.sync.dialects.erp_changes import refusing
from pos_app.sync.dialects.erp_customers import buying, customer_id
from pos_app.sync.dialects.erp_goods import (
    Back,
    delivering_all,
    delivery_key,
    line_there,
    lines_key,
    return_items,
    returning,
)
from pos_app.sync.dialects.erp_invoices import Receipt, invoice_body, invoicing, receiving
from pos_app.sync.dialects.erp_lines import (
    REST,
    Line,
    invoice_items,
    of_sale,
    order_amount,
    order_items,
    ordered_parts,
)
from pos_app.sync.dialects.erp_orders import (
    approving,
    buyer_there,
    creating_order,
    order_there,
)
from pos_app.sync.dialects.erp_replies import Row, remarks
from pos_app.sync.foreign_prices import in_words, joined
from pos_app.texts import later

_APPROVED = "Sold at the till"
_EXCHANGED = "exchange"
_ADJUSTED = later("an adjustment goes back to no sale.")
_WITHOUT_RECEIPT = later("something came back without the receipt of its sale.")
_VOID_OF_RETURN = later("what was undone is itself a return, and the API cannot undo one.")


class OnAccountPaid(NotSayable):
    """Money for what a customer owes, which names no invoice."""

    sentence = (
        "{name} takes money for what a customer owes, and the API only knows money for an invoice. "
        "Enter it there by hand."
    )


def steps_of_sale(thing: Outgoing, known: Known) -> tuple[Step, ...]:
    """Return what a document of the till needs, in order."""
    sale: Sale = thing.document
    if thing.kind is Carried.VOID:
        return _void_steps(sale, thing.before)
    back = [line for line in sale.lines if line.quantity < 0]
    return (*_return_steps(sale, back), *_sale_steps(sale, known))


def _sale_steps(sale: Sale, known: Known) -> tuple[Step, ...]:
    """Return the steps of what a document sells."""
    lines = _sold(sale)
    if not lines:
        return ()
    if any(line.kind is ProductKind.ACCOUNT_PAYMENT for line in lines):
        return (refusing(f"order {sale.id}", OnAccountPaid(name=sale.number)),)
    own_id, name = sale.id, sale.number
    total = _total(lines, sale.currency)
    return (
        *buying(sale.customer, known),
        creating_order(own_id, name, partial(_order_body, sale, lines)),
        approving(f"approve {own_id}", own_id, name, _APPROVED),
        *delivering_all(own_id, name, sale.stamp.business_day, lines),
        invoicing(own_id, total, partial(_invoice_body, sale, lines)),
        *(receiving(own_id, name, receipt) for receipt in _receipts(sale, total)),
    )


def _sold(sale: Sale) -> tuple[Line, ...]:
    """Return what is sold; money for an invoice is told with that invoice."""
    return of_sale(
        line
        for line in sale.lines
        if line.quantity > 0 and line.kind is not ProductKind.INVOICE_PAYMENT
    )


def _total(lines: Sequence[Line], currency: str) -> Money:
    return Money(sum(line.figures.gross.minor for line in lines), currency)


def _order_body(sale: Sale, lines: Sequence[Line], known: Known) -> Row:
    day = sale.stamp.business_day.isoformat()
    return {
        "customerId": customer_id(sale.customer, sale.number, known),
        "orderDate": day,
        "deliveryDate": day,
        "paymentTerms": "",
        "shippingTerms": "",
        "remarks": remarks(sale.number, joined(sale.note, in_words(sale.tenders, sale.rounding))),
        "items": order_items(sale.number, lines, known),
    }


def _invoice_body(sale: Sale, lines: Sequence[Line], known: Known) -> Row:
    day = sale.stamp.business_day
    return invoice_body(
        customer_id(sale.customer, sale.number, known),
        order_there(sale.id, sale.number, known),
        (day, day),
        invoice_items(sale.number, lines, known),
    )


def _receipts(sale: Sale, total: Money) -> list[Receipt]:
    """Return the money for what was sold, payment by payment; what is on account stays owed.

    Rounding to coins stays here: the invoice there is paid to the cent. What goods brought back
    paid of an exchange is told as that.
    """
    on_account = sum(t.amount.minor for t in sale.tenders if t.method is TenderMethod.ON_ACCOUNT)
    left = total.minor - max(on_account, 0)
    sums: list[tuple[str, int]] = []
    for tender in sale.tenders:
        part = min(tender.amount.minor, left)
        if tender.method is not TenderMethod.ON_ACCOUNT and part > 0:
            sums.append((tender.method.value, part))
            left -= part
    if left > 0:
        has_returns = any(line.quantity < 0 for line in sale.lines)
        if sums and not has_returns:
            sums[0] = (sums[0][0], sums[0][1] + left)
        else:
            sums.append((_EXCHANGED if has_returns else TenderMethod.CASH.value, left))
    receipts, before = [], 0
    for place, (method, minor) in enumerate(sums, 1):
        receipts.append(
            Receipt(
                f"receive {sale.id} {place}",
                Money(minor, sale.currency),
                Money(before, sale.currency),
                sale.stamp.business_day,
                method,
                remarks(sale.number),
            )
        )
        before += minor
    return receipts


def _return_steps(sale: Sale, back: Sequence[SaleLine]) -> tuple[Step, ...]:
    """Return one return for each sale that something goes back to, or none of them."""
    if not back:
        return ()
    refusal = _not_returnable(sale, back)
    if refusal is not None:
        return (refusing(f"return {sale.id}", refusal),)
    by_sale: dict[str, list[SaleLine]] = {}
    for line in back:
        if line.returns is not None and line.returns.sale_id:
            by_sale.setdefault(line.returns.sale_id, []).append(line)
    return tuple(
        returning(
            f"return {sale.id} {origin}",
            origin,
            sale.number,
            partial(_return_body, sale, origin, lines),
        )
        for origin, lines in by_sale.items()
    )


def _not_returnable(sale: Sale, back: Sequence[SaleLine]) -> NotSayable | None:
    if sale.kind is SaleKind.ADJUSTMENT:
        return NotSayable(name=sale.number, reason=_ADJUSTED)
    if not all(line.returns and line.returns.sale_id and line.returns.line_no for line in back):
        return NotSayable(name=sale.number, reason=_WITHOUT_RECEIPT)
    return None


def _return_body(sale: Sale, origin: str, lines: Sequence[SaleLine], known: Known) -> Row:
    order = _order_of(sale, origin, lines[0], known)
    reasons = [line.returns.reason for line in lines if line.returns is not None]
    reason = next((text for text in reasons if text), "") or sale.note
    backs = [
        Back(
            line_there(origin, f"line {line.returns.line_no}", sale.number, known),
            -line.quantity,
            -order_amount(line.figures, known),
            line.returns.reason,
        )
        for line in lines
        if line.returns is not None
    ]
    return _back_body(sale, origin, order, reason, backs, known)


def _back_body(
    sale: Sale, origin: str, order: str, reason: str, backs: Sequence[Back], known: Known
) -> Row:
    # Whoever brings it back, it is the order's customer's.
    buyer = buyer_there(origin, known) or customer_id(sale.customer, sale.number, known)
    return {
        "customerId": buyer,
        "orderId": order,
        "returnDate": sale.stamp.business_day.isoformat(),
        "reason": reason,
        "remarks": remarks(sale.number, sale.note if sale.note != reason else ""),
        "items": return_items(backs),
    }


def _order_of(sale: Sale, origin: str, line: SaleLine, known: Known) -> str:
    if known.ids(delivery_key(origin)) is None:
        other = line.returns.sale_number if line.returns is not None else ""
        raise WaitsForOther(name=sale.number, other=other, key=delivery_key(origin))
    return order_there(origin, sale.number, known)


def _void_steps(void: Sale, origin: Sale | None) -> tuple[Step, ...]:
    """Return the return of everything; a void of anything but a plain sale is left to a person."""
    lines = [line for line in void.lines if line.kind is not ProductKind.INVOICE_PAYMENT]
    if not lines:
        return ()
    key = f"return {void.id}"
    has_back = any(line.quantity > 0 for line in lines) or not void.voids
    if has_back or (origin is not None and origin.kind is not SaleKind.SALE):
        return (refusing(key, NotSayable(name=void.number, reason=_VOID_OF_RETURN)),)
    sale_id = void.voids or ""
    return (returning(key, sale_id, void.number, partial(_void_body, void, sale_id, lines)),)


def _void_body(void: Sale, origin: str, lines: Sequence[SaleLine], known: Known) -> Row:
    order = _order_of(void, origin, lines[0], known)
    told = known.ids(lines_key(origin)) or {}
    backs = []
    for line in lines:
        key, amount = f"line {line.line_no}", -order_amount(line.figures, known)
        quantity = -line.quantity
        if key + REST in told:  # its last unit is a line of its own there
            (_, first), (_, rest) = ordered_parts(_turned(line), known, len(lines))
            backs.append(Back(told[key + REST], rest.quantity, rest.amount, void.note))
            quantity, amount = first.quantity, first.amount
        backs.append(Back(line_there(origin, key, void.number, known), quantity, amount, void.note))
    return _back_body(void, origin, order, void.note, backs, known)


def _turned(line: SaleLine) -> Line:
    """Return a voided line as it was sold."""
    (sold,) = of_sale([line])
    return replace(sold, quantity=-sold.quantity, figures=turned(sold.figures))
