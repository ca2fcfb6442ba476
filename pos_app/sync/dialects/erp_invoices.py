"""Invoices there, with net prices and tax rates, and the money that came in for them.

An invoice has no remarks, so one whose answer was lost is known by its order or customer, its date
and its total.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial

from pos_app.domain.invoice import Invoice, InvoicePayment, InvoiceState
from pos_app.domain.money import Money
from pos_app.sync.dialect import (
    Absent,
    Ask,
    Done,
    Found,
    Known,
    LookUp,
    NotSayable,
    Outgoing,
    Step,
    Undecidable,
    WaitsForOther,
)
from pos_app.sync.dialects.erp_changes import refusing
from pos_app.sync.dialects.erp_customers import creating, customer_id
from pos_app.sync.dialects.erp_goods import delivering_all
from pos_app.sync.dialects.erp_lines import Line, invoice_items, of_document, order_items
from pos_app.sync.dialects.erp_orders import approving, creating_order, order_there
from pos_app.sync.dialects.erp_replies import (
    INVOICES,
    Row,
    detail_of,
    find_state,
    judge_done,
    listed,
    made,
    remarks,
    text_of,
)
from pos_app.sync.foreign_prices import number, read_amount
from pos_app.texts import later

AS_ORDER = "order"
_IDS = (("invoice", "id"), ("number", "invoiceNo"))
_SEVERAL = later("The server has several invoices of that day with this total.")
_OTHER_SUM = later("The server has another amount paid on this invoice.")
_GONE = later("The server does not have this invoice any more.")


class PaidBack(NotSayable):
    """Money that went back to a customer, which the API has no call for."""

    sentence = (
        "{name} cannot be told there: {amount} went back to the customer, and the API has no call "
        "for that. Enter it there by hand."
    )


@dataclass(frozen=True, slots=True)
class Receipt:
    """Money that came in for an invoice, after `before` had come in; amounts above zero."""

    key: str
    amount: Money
    before: Money
    day: date
    method: str
    words: str


def steps_of_invoice(thing: Outgoing, known: Known) -> tuple[Step, ...]:
    """Return what an issued invoice needs; a sale that was invoiced went there as the sale.

    One of no order goes as an order of its own first, where the connection says so.
    """
    invoice: Invoice = thing.document
    is_none = invoice.state in {InvoiceState.DRAFT, InvoiceState.DELETED}
    if invoice.sale_id or is_none:
        return ()
    steps = [*creating(invoice.head.customer)]
    if not invoice.order_id and known.option("free_invoices") == AS_ORDER:
        steps.extend(_ordered_first(invoice))
    steps.append(invoicing(invoice.head.id, invoice.total, partial(_body, invoice)))
    if thing.action == "postpone":
        steps.append(_postponing(invoice, thing.entry))
    return tuple(steps)


def steps_of_payment(thing: Outgoing, known: Known) -> tuple[Step, ...]:
    """Return what the last payment of an invoice needs; what was paid with its sale went there."""
    del known
    invoice: Invoice = thing.document
    if not invoice.payments:
        return ()
    *earlier, payment = invoice.payments
    if payment.sale_id and payment.sale_id == invoice.sale_id:
        return ()
    name, key = invoice.head.number, f"payment {payment.id}"
    if payment.amount.minor <= 0:
        return (refusing(key, PaidBack(name=name, amount=-payment.amount)),)
    before = Money(sum(paid.amount.minor for paid in earlier), invoice.currency)
    if invoice.sale_id:  # the sale was told without its rounding to coins
        before -= invoice.rounding
    receipt = Receipt(
        key, payment.amount, before, payment.day, payment.method.value, _words(payment, name)
    )
    return (receiving(invoice.sale_id or invoice.head.id, name, receipt),)


def invoicing(own_id: str, total: Money, write: Callable[[Known], Row]) -> Step:
    """Return the step that issues what `write` writes, looked up by order, date and total."""
    return Step(
        invoice_key(own_id),
        lambda known: Ask("POST", INVOICES, body=write(known), is_change=True),
        made(*_IDS),
        lambda known: _find(write(known), total, known),
        names="invoice",
    )


def receiving(own_id: str, name: str, receipt: Receipt) -> Step:
    """Return the step that books money on the invoice `own_id`, looked up by what is paid there."""

    def path(known: Known) -> str:
        found = (known.ids(invoice_key(own_id)) or {}).get("invoice")
        if not found:
            raise WaitsForOther(name=name, other=name, key=invoice_key(own_id))
        return f"{INVOICES}/{found}"

    body = {
        "amount": number(receipt.amount),
        "receiveDate": receipt.day.isoformat(),
        "paymentMethod": receipt.method,
        "remarks": receipt.words,
    }
    return Step(
        receipt.key,
        lambda known: Ask("POST", f"{path(known)}/receive", body=body, is_change=True),
        judge_done,
        lambda known: _find_paid(path(known), receipt),
    )


def invoice_key(own_id: str) -> str:
    """Return the key of the step that issues an invoice."""
    return f"invoice {own_id}"


def invoice_body(customer: str, order: str, days: tuple[date, date], items: list[Row]) -> Row:
    """Write an invoice; `days` are its date and the last one to pay."""
    return {
        "customerId": customer,
        **({"orderId": order} if order else {}),
        "invoiceDate": days[0].isoformat(),
        "dueDate": days[1].isoformat(),
        "items": items,
    }


def _ordered_first(invoice: Invoice) -> tuple[Step, ...]:
    """Return the steps that order and deliver what an invoice of no order is for."""
    head, lines = invoice.head, _lines(invoice)
    own_id, name, day = head.id, head.number, head.day.isoformat()

    def order(known: Known) -> Row:
        return {
            "customerId": customer_id(head.customer, name, known),
            "orderDate": day,
            "deliveryDate": day,
            "paymentTerms": head.payment_terms,
            "shippingTerms": head.shipping_terms,
            "remarks": remarks(name, head.remarks),
            "items": order_items(name, lines, known),
        }

    return (
        creating_order(own_id, name, order),
        approving(f"approve {own_id}", own_id, name),
        *delivering_all(own_id, name, head.day, lines),
    )


def _body(invoice: Invoice, known: Known) -> Row:
    head = invoice.head
    customer = customer_id(head.customer, head.number, known)
    ordered = invoice.order_id
    if not ordered and known.option("free_invoices") == AS_ORDER:
        ordered = head.id
    other = invoice.order_number or head.number
    order = order_there(ordered, head.number, known, other) if ordered else ""
    items = invoice_items(head.number, _lines(invoice), known)
    return invoice_body(customer, order, (head.day, invoice.due), items)


def _lines(invoice: Invoice) -> tuple[Line, ...]:
    return of_document((line.line, line.figures) for line in invoice.lines)


def _postponing(invoice: Invoice, entry: str) -> Step:
    """Return the step that gives the customer until another day."""

    def path(known: Known) -> str:
        found = (known.ids(invoice_key(invoice.head.id)) or {}).get("invoice", "")
        return f"{INVOICES}/{found}"

    def write(known: Known) -> Row:
        return {"dueDate": invoice.due.isoformat(), "items": _body(invoice, known)["items"]}

    return Step(
        f"{invoice_key(invoice.head.id)} {entry}",
        lambda known: Ask("PUT", path(known), body=write(known), is_change=True),
        judge_done,
        lambda known: find_state(
            path(known),
            lambda row: row.get("dueDate") == invoice.due.isoformat(),
            lambda _row: True,
        ),
    )


def _find(sent: Row, total: Money, known: Known) -> LookUp:
    """Look among the invoices of an order or a customer that are nobody's yet for this one."""
    order = sent.get("orderId", "")
    mine = ("orderId", order) if order else ("customerId", sent["customerId"])
    rows = yield from listed(INVOICES, mine)
    hits = []
    for row in rows:
        is_mine = text_of(row.get(mine[0])) in {mine[1], ""}
        is_taken = known.is_taken("invoice", text_of(row.get("id")))
        is_alike = row.get("invoiceDate") == sent["invoiceDate"]
        if is_mine and is_alike and not is_taken and _is_amount(row.get("totalAmount"), total):
            hits.append(row)
    return _only(hits)


def _only(hits: list[Row]) -> Found:
    if not hits:
        return Absent()
    if len(hits) > 1:
        return Undecidable(_SEVERAL)
    return Done({name: text_of(hits[0].get(field)) for name, field in _IDS})


def _find_paid(path: str, receipt: Receipt) -> LookUp:
    detail = yield from detail_of(path)
    if detail is None:
        return Undecidable(_GONE)
    paid = read_amount(detail.get("paidAmount"))
    if paid == (receipt.before + receipt.amount).amount:
        return Done({})
    return Absent() if paid == receipt.before.amount else Undecidable(_OTHER_SUM)


def _is_amount(plain: object, amount: Money) -> bool:
    value = read_amount(plain)
    return value is not None and Decimal(value) == amount.amount


def _words(payment: InvoicePayment, name: str) -> str:
    return remarks(name, payment.remark)
