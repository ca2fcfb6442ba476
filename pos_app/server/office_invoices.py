"""Invoices at head office: of orders or written freely; paid, postponed, rewritten, deleted."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from pos_app.domain import invoice as rules
from pos_app.domain import order as orders
from pos_app.domain.customer import Customer
from pos_app.domain.document import DocumentEmpty, DocumentHead, check_dates, party_of
from pos_app.domain.document_settings import Series
from pos_app.domain.facts import FactKind
from pos_app.domain.invoice import Invoice, InvoiceLine, InvoicePayment
from pos_app.domain.invoice_draft import (
    blank_invoice,
    due_day,
    reminder_day_after,
    unpriced,
)
from pos_app.domain.invoice_of_order import (
    OwnPrice,
    billed_after_cancelling,
    charged_lines,
    head_of_invoice,
    of_order,
    own_line,
    shared_lines,
    units_by_line,
    wanted_of,
)
from pos_app.domain.invoice_rewriting import check_untouched, rewritten, withdrawn
from pos_app.domain.issuer import issuer_of
from pos_app.domain.money import Money
from pos_app.domain.order import InvoiceBasis, Order
from pos_app.domain.payment import TenderMethod
from pos_app.domain.pricing import LineFigures
from pos_app.domain.sales_return import SalesReturn
from pos_app.server.document_kinds import DELIVERY_NOTE, INVOICE, SALES_RETURN
from pos_app.server.listed import ListFilter, ids_of_origin, rows_of
from pos_app.server.merged_customers import survivor_id
from pos_app.server.office_credit import require_credit
from pos_app.server.office_customers import buyer
from pos_app.server.office_desk import CustomerUnknown, OfficeDesk
from pos_app.server.office_orders import OrderedItem, document_lines
from pos_app.server.tables import listed

_SAVED = FactKind.INVOICE_SAVED


def invoice_order(
    desk: OfficeDesk,
    order_id: str,
    *,
    day: date | None = None,
    due: date | None = None,
    basis: InvoiceBasis = InvoiceBasis.DELIVERED,
    quantities: Mapping[str, Decimal] | None = None,
    lines: Sequence[OwnPrice] | None = None,
    remarks: str = "",
) -> Invoice:
    """Invoice an order: by line id so many units of it, or `lines` at prices of their own.

    Without either it is all that can be invoiced on that basis. Units count against the order
    whatever their price is. Raises DocumentUnknown, MoreThanDelivered, OrderNotApproved,
    DocumentEmpty or DatesTurned.
    """
    order = desk.get(Order, order_id)
    head = _head_for(desk, order, day, remarks)
    check_dates(order.head.day, head.day)
    if lines is None:
        wanted = wanted_of(order, basis, quantities)
        shared = shared_lines(order, wanted, _billed(desk, order))
        invoice = rules.summed(blank(desk, head, shared, due))
        invoice = replace(invoice, discounts=order.discounts)
    else:
        own = _own_head(head)
        charged = _charged(order, lines, basis, head.policy.currency)
        invoice = rules.figured(blank(desk, own, charged, due))
        wanted = _units(invoice)
    invoice = of_order(invoice, order, basis, _last_delivery(desk, order))
    desk.keep(orders.invoiced(order, wanted, basis), FactKind.ORDER_SAVED, "invoice")
    return _keep_issued(desk, invoice)


def free_invoice(
    desk: OfficeDesk,
    customer_id: str,
    lines: Sequence[OwnPrice],
    *,
    day: date | None = None,
    due: date | None = None,
    remarks: str = "",
    may_override: bool = False,
) -> Invoice:
    """Invoice products without an order, at prices without tax.

    Raises CustomerUnknown, CustomerNotActive, ProductUnknown, DocumentEmpty, CustomerOverLimit,
    CustomerPastDue or what `document` checks refuse.
    """
    head = _own_head(replace(desk.new_head(buyer(desk, customer_id), day), remarks=remarks))
    invoice = rules.figured(blank(desk, head, _free(desk, lines), due))
    return issue(desk, invoice, may_override=may_override)


def issue(
    desk: OfficeDesk, draft: Invoice, *, may_override: bool, paying: Money | None = None
) -> Invoice:
    """Keep a new draft as issued: what is not paid at once must be within the customer's credit.

    A number that the draft has stays. Raises CustomerOverLimit, CustomerPastDue or what
    `invoice.checked` refuses.
    """
    owed = draft.total if paying is None else draft.total - paying
    require_credit(desk, draft.head.customer.id, owed, may_override=may_override)
    return _keep_issued(desk, draft)


def receive(
    desk: OfficeDesk,
    invoice_id: str,
    amount: Money,
    method: TenderMethod = TenderMethod.BANK_TRANSFER,
    day: date | None = None,
    remark: str = "",
) -> Invoice:
    """Write down money that came in; no `day` is today.

    Raises DocumentUnknown, MoreThanOwed, InvoiceSettled, PaymentNotPositive, PaidInOtherCurrency or
    PaidBeforeInvoiced.
    """
    now = desk.get(Invoice, invoice_id)
    payment = InvoicePayment(
        id=desk.new_id(),
        day=day or max(desk.today, now.head.day),
        amount=amount,
        method=method,
        staff=desk.staff,
        at=desk.now,
        remark=remark,
    )
    return desk.keep(rules.received(now, payment), FactKind.INVOICE_PAID, "receive")


def postpone(
    desk: OfficeDesk, invoice_id: str, due: date, remind_on: date | None = None
) -> Invoice:
    """Give the customer until another day; raises InvoiceSettled or DatesTurned."""
    now = desk.get(Invoice, invoice_id)
    check_dates(now.head.day, due)
    remind = reminder_day_after(due, remind_on, now.remind_on)
    return desk.keep(rules.postponed(now, due, remind), _SAVED, "postpone")


def change_invoice(
    desk: OfficeDesk,
    invoice_id: str,
    *,
    due: date | None = None,
    lines: Sequence[OwnPrice] | None = None,
    may_override: bool = False,
) -> Invoice:
    """Write an invoice anew on which nothing was paid, credited or reminded; its number stays.

    Raises DocumentUnknown, InvoiceInUse, MoreThanDelivered, CustomerOverLimit, CustomerPastDue or
    what `document` checks refuse.
    """
    now = desk.get(Invoice, invoice_id)
    check_untouched(now)
    new = now
    if due is not None:
        check_dates(now.head.day, due)
        remind = reminder_day_after(due, None, now.remind_on)
        new = replace(new, due=due, remind_on=remind)
    if lines is not None:
        new = _with_lines(desk, new, lines)
    anew = rewritten(now, new)
    more = anew.total - now.total
    if now.state is not rules.InvoiceState.DRAFT and more.minor > 0:
        require_credit(desk, now.head.customer.id, more, may_override=may_override)
    return desk.keep(anew, _SAVED, "rewrite")


def delete_invoice(desk: OfficeDesk, invoice_id: str) -> Invoice:
    """Delete an invoice on which nothing was paid, credited or reminded; its number stays used.

    What it billed of an order can be invoiced again. Raises DocumentUnknown or InvoiceInUse.
    """
    now = desk.get(Invoice, invoice_id)
    gone = withdrawn(now)
    order = desk.find(Order, now.order_id) if now.order_id else None
    if order is not None and now.basis is not None:
        free = orders.uninvoiced(order, _units(now), now.basis)
        desk.keep(free, FactKind.ORDER_SAVED, "invoice_deleted")
    return desk.keep(gone, _SAVED, "delete")


def invoices_of_order(desk: OfficeDesk, order_id: str) -> list[Invoice]:
    """Return an order's invoices, the first first; no deleted ones."""
    ids = ids_of_origin(desk.connection, desk.company_id, INVOICE, order_id)
    found = [desk.find(Invoice, one) for one in ids]
    return [one for one in found if one and one.state is not rules.InvoiceState.DELETED]


def ids_numbered(desk: OfficeDesk, number: str) -> list[str]:
    """Return the ids of the invoices that have a number, or had it before they were deleted."""
    found = select(listed.c.id).where(
        listed.c.company_id == desk.company_id,
        listed.c.kind == INVOICE,
        listed.c.number == number,
    )
    return list(desk.connection.execute(found.order_by(listed.c.place)).scalars())


def blank(
    desk: OfficeDesk, head: DocumentHead, lines: Sequence[InvoiceLine], due: date | None = None
) -> Invoice:
    """Return a draft without sums; without `due` the last day to pay is as agreed.

    Raises DatesTurned or DayOutOfRange.
    """
    check_dates(head.day, due)
    settings = desk.shop.documents
    last = due or due_day(head.day, desk.terms(head.customer.id).credit_days, settings)
    return blank_invoice(head, lines, settings, last)


def _with_lines(desk: OfficeDesk, invoice: Invoice, lines: Sequence[OwnPrice]) -> Invoice:
    """Return an invoice with lines written anew; the order behind it knows of them."""
    order = desk.find(Order, invoice.order_id) if invoice.order_id else None
    if order is None or invoice.basis is None:
        return _written_anew(invoice, _free(desk, lines))
    free = orders.uninvoiced(order, _units(invoice), invoice.basis)
    new = _written_anew(invoice, _charged(free, lines, invoice.basis, invoice.currency))
    billed = orders.invoiced(free, _units(new), invoice.basis)
    desk.keep(billed, FactKind.ORDER_SAVED, "invoice_rewritten")
    return new


def _written_anew(invoice: Invoice, lines: Sequence[InvoiceLine]) -> Invoice:
    """Return an invoice with other lines at prices without tax; raises DocumentEmpty."""
    if not lines:
        raise DocumentEmpty()
    head = _own_head(invoice.head)
    bare = replace(invoice, head=head, lines=tuple(lines), discounts=(), discount_amounts=())
    return rules.figured(bare)


def _charged(
    order: Order, lines: Sequence[OwnPrice], basis: InvoiceBasis, currency: str
) -> list[InvoiceLine]:
    orders.state_after(order, orders.OrderAction.INVOICE)
    charged = charged_lines(order, lines, basis)
    if not charged:
        raise DocumentEmpty()
    bare = unpriced([line for line, _ in charged], currency)
    return [
        replace(line, order_line_id=order_line_id)
        for line, (_, order_line_id) in zip(bare, charged, strict=True)
    ]


def _free(desk: OfficeDesk, lines: Sequence[OwnPrice]) -> list[InvoiceLine]:
    items = [OrderedItem(one.item, one.quantity, one.unit_price, one.remark) for one in lines]
    known = [
        own_line(line, line.id, line.quantity, price)
        for line, price in zip(document_lines(desk, items), lines, strict=True)
    ]
    return unpriced(known, desk.shop.policy.currency)


def _keep_issued(desk: OfficeDesk, draft: Invoice) -> Invoice:
    number = draft.head.number or _next_number(desk, draft.head.day)
    issued = rules.issued(draft, number, draft.head.day)
    return desk.keep_new(replace(issued, issuer=issuer_of(desk.shop)), FactKind.INVOICE_ISSUED)


def _next_number(desk: OfficeDesk, day: date) -> str:
    """Count on past numbers that somebody else's system has used."""
    while True:
        number = desk.next_number(Series.INVOICE, day)
        if not ids_numbered(desk, number):
            return number


def _head_for(desk: OfficeDesk, order: Order, day: date | None, remarks: str) -> DocumentHead:
    survivor = survivor_id(desk.connection, desk.company_id, order.head.customer.id)
    try:
        customer = desk.customer(survivor)
    except CustomerUnknown:  # told by a till that has not told of them
        new = desk.new_head(Customer("", "", ""), day)
        return head_of_invoice(new, order, order.head.customer, remarks)
    return head_of_invoice(desk.new_head(customer, day), order, party_of(customer), remarks)


def _own_head(head: DocumentHead) -> DocumentHead:
    """Return a head whose prices are without tax."""
    return replace(head, policy=replace(head.policy, prices_include_tax=False))


def _units(invoice: Invoice) -> dict[str, Decimal]:
    return units_by_line((line.order_line_id, line.line.quantity) for line in invoice.lines)


def _billed(desk: OfficeDesk, order: Order) -> Mapping[str, LineFigures]:
    ids = ids_of_origin(desk.connection, desk.company_id, SALES_RETURN, order.head.id)
    notes = [note for one in ids if (note := desk.find(SalesReturn, one)) is not None]
    return billed_after_cancelling(order, invoices_of_order(desk, order.head.id), notes)


def _last_delivery(desk: OfficeDesk, order: Order) -> date | None:
    chosen = ListFilter(equal={"origin": order.head.id})
    rows = rows_of(desk.connection, desk.company_id, DELIVERY_NOTE, chosen)
    return date.fromisoformat(rows[-1].day) if rows else None
