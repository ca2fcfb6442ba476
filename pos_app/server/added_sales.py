"""Sales that another system made and adds here: each an invoice, with what was paid at once.

The invoice's number is the sale's own. The same sale added again is the one that is there.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from pos_app.domain import invoice as rules
from pos_app.domain.errors import PosError
from pos_app.domain.facts import FactKind
from pos_app.domain.invoice import Invoice, InvoiceState
from pos_app.domain.invoice_as_told import ToldItem, ToldTotals, lines_as_told
from pos_app.domain.money import Money
from pos_app.domain.payment import TenderMethod
from pos_app.domain.stock import MoveReason, StockMove
from pos_app.server import number_kinds
from pos_app.server.api_notes import note_of, put_note
from pos_app.server.document_kinds import INVOICE
from pos_app.server.listed import ListFilter, page
from pos_app.server.office_customers import buyer
from pos_app.server.office_desk import CustomerUnknown, OfficeDesk
from pos_app.server.office_invoices import blank, ids_numbered, issue, receive
from pos_app.server.product_codes import product_called
from pos_app.server.series import give_number, id_of_number
from pos_app.server.thing_kinds import CUSTOMER

CODE_FIGURES = 6
_TRIES = 50
_MOST_NUMBER = 2**63 - 1


class SaleNumberUsed(PosError):
    """Another sale or invoice has the number."""

    sentence = "The number {number} belongs to another sale already. Choose another one."


class SaleCodeUsed(PosError):
    """Another sale has the code."""

    sentence = "The code {code} belongs to another sale already. Choose another one, or none."


@dataclass(frozen=True, slots=True)
class AddedItem:
    """An item of an added sale; `product` is our id or the shop's code, for goods in stock."""

    name: str
    quantity: Decimal
    unit_price: Decimal
    tax: Decimal
    description: str = ""
    product: str = ""


@dataclass(frozen=True, slots=True)
class AddedSale:
    """A sale as another system tells it; amounts in currency units.

    Without `method` and with nothing paid it is a draft. `said` is everything that was sent, by
    which the same sale is known again.
    """

    number: str
    customer: int
    sub_total: Decimal
    discount: Decimal
    total: Decimal
    paid: Decimal
    method: TenderMethod | None
    due: date
    said: dict[str, Any]
    code: str = ""
    paid_on: date | None = None
    remind_on: date | None = None
    colour: str = ""
    note: str = ""
    terms: str = ""
    items: Sequence[AddedItem] = ()

    @property
    def is_draft(self) -> bool:
        """Whether nothing of it counts yet."""
        return self.method is None and not self.paid


@dataclass(frozen=True, slots=True)
class SaleKept:
    """The invoice that stands for an added sale, its code, and what was said when it came."""

    invoice: Invoice
    code: str
    said: dict[str, Any]


def add_sale(desk: OfficeDesk, sale: AddedSale, api: str, *, may_override: bool) -> SaleKept:
    """Keep a sale that another system made; the same one again is not kept twice.

    Raises SaleNumberUsed, SaleCodeUsed, CustomerUnknown, CustomerNotActive, ProductUnknown,
    NotWholeMinorUnits, MoreThanOwed, CustomerOverLimit, CustomerPastDue, or what `lines_as_told`
    and `document` refuse.
    """
    number = with_prefix(desk.shop.documents.invoice_prefix, sale.number)
    standing = _standing(desk, number, sale, api)
    if standing is not None:
        return standing
    if sale.code and _invoice_of_code(desk, sale.code) is not None:
        raise SaleCodeUsed(code=sale.code)
    draft = _draft(desk, sale, number)
    paid = Money.of(sale.paid, desk.currency)
    if sale.is_draft:
        invoice = desk.keep_new(rules.checked(draft), FactKind.INVOICE_SAVED)
    else:
        invoice = issue(desk, draft, may_override=may_override, paying=paid)
        if paid:
            method = sale.method or TenderMethod.CASH
            invoice = receive(desk, invoice.head.id, paid, method, _paid_on(desk, sale))
        desk.move_stock(_goods_out(desk, invoice))
    code = sale.code or _new_code(desk)
    give_number(
        desk.connection,
        desk.company_id,
        number_kinds.INVOICE_CODE,
        int(code),
        invoice.head.id,
    )
    note = {"code": code, "said": sale.said}
    put_note(desk.connection, desk.company_id, api, INVOICE, invoice.head.id, note)
    return SaleKept(invoice, code, sale.said)


def with_prefix(prefix: str, number: str) -> str:
    """Return a number that is figures only with the shop's prefix before it: INV-000001."""
    if not number.isdecimal() or not prefix:
        return number
    return f"{prefix}{number}" if prefix.endswith(("-", "_")) else f"{prefix}-{number}"


def _standing(desk: OfficeDesk, number: str, sale: AddedSale, api: str) -> SaleKept | None:
    """Return the sale that has the number if it is the same; raises SaleNumberUsed."""
    standing = ids_numbered(desk, number)
    for invoice_id in standing:
        note = note_of(desk.connection, desk.company_id, api, INVOICE, invoice_id)
        invoice = desk.find(Invoice, invoice_id)
        if note is None or invoice is None or invoice.state is InvoiceState.DELETED:
            continue
        if note["said"] == sale.said:
            return SaleKept(invoice, note["code"], note["said"])
    if not standing:
        return None
    raise SaleNumberUsed(number=number)


def _draft(desk: OfficeDesk, sale: AddedSale, number: str) -> Invoice:
    customer = buyer(desk, _customer_id(desk, sale.customer))
    days = (sale.paid_on, sale.due, sale.remind_on)
    day = min(desk.today, *(one for one in days if one is not None))
    new = desk.new_head(customer, day)
    policy = replace(new.policy, prices_include_tax=False, step=None)
    head = replace(
        new,
        number=number,
        policy=policy,
        remarks=sale.note,
        payment_terms=sale.terms or new.payment_terms,
    )
    totals = ToldTotals(
        Money.of(sale.sub_total, desk.currency),
        Money.of(sale.discount, desk.currency),
        Money.of(sale.total, desk.currency),
    )
    told = lines_as_told(totals, _items(desk, sale), policy.rounding)
    draft = blank(desk, head, told.lines, sale.due)
    draft = replace(
        draft,
        discounts=told.discounts,
        discount_amounts=told.discount_amounts,
        remind_on=sale.remind_on or draft.remind_on,
        colour=sale.colour or draft.colour,
    )
    return rules.summed(draft)


def _items(desk: OfficeDesk, sale: AddedSale) -> list[ToldItem]:
    return [
        ToldItem(
            item.name,
            item.quantity,
            item.unit_price,
            Money.of(item.tax, desk.currency),
            item.description,
            product_called(desk, item.product) if item.product else None,
        )
        for item in sale.items
    ]


def _customer_id(desk: OfficeDesk, number: int) -> str:
    """Return whom a whole number means: given by head office, or the shop's own customer number."""
    found = None
    if number <= _MOST_NUMBER:
        found = id_of_number(desk.connection, desk.company_id, number_kinds.CUSTOMER, number)
    if found is not None:
        return found
    chosen = ListFilter(equal={"number": str(number)})
    rows = page(desk.connection, desk.company_id, CUSTOMER, chosen, 1, 1).rows
    if not rows:
        raise CustomerUnknown(id=number)
    return rows[0][0].id


def _paid_on(desk: OfficeDesk, sale: AddedSale) -> date:
    return sale.paid_on or desk.today


def _goods_out(desk: OfficeDesk, invoice: Invoice) -> tuple[StockMove, ...]:
    return tuple(
        StockMove(
            line.line.product_id,
            desk.shop.location,
            -line.line.quantity,
            MoveReason.SALE,
            invoice.head.number,
        )
        for line in invoice.lines
        if line.line.product_id is not None and line.line.kind.value == "goods"
    )


def _invoice_of_code(desk: OfficeDesk, code: str) -> str | None:
    kind = number_kinds.INVOICE_CODE
    return id_of_number(desk.connection, desk.company_id, kind, int(code))


def _new_code(desk: OfficeDesk) -> str:
    """Return six figures that no sale has; where almost all are used, more of them."""
    for attempt in range(_TRIES):
        first = 10 ** (CODE_FIGURES - 1 + attempt // 10)
        code = str(first + secrets.randbelow(9 * first))
        if _invoice_of_code(desk, code) is None:
            return code
    raise SaleCodeUsed(code="?")
