"""Small sales documents to try every action on."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from pos_app.domain.document import DocumentHead, DocumentLine, Party
from pos_app.domain.invoice import Invoice, InvoiceLine, InvoicePayment, figured
from pos_app.domain.money import Money
from pos_app.domain.order import Order, OrderLine, OrderState
from pos_app.domain.payment import TenderMethod
from pos_app.domain.pricing import LineFigures, PricePolicy
from pos_app.domain.quotation import Quotation, QuotationState
from pos_app.domain.tax import Tax

AT = datetime(2023, 6, 1, 8, tzinfo=UTC)
DAY = date(2023, 6, 1)
ZERO = Money(0, "EUR")
VAT = Tax(rate=Decimal(19), name="VAT", code="A")


def head(number: str = "X1") -> DocumentHead:
    customer = Party("c1", "CUS001", "Rye & Sons")
    return DocumentHead("d1", number, customer, DAY, PricePolicy("EUR"), AT, "1", AT, "1")


def line(line_id: str = "1", quantity: str = "10", price: str = "9.99") -> DocumentLine:
    return DocumentLine(line_id, f"Item {line_id}", Decimal(quantity), Decimal(price), taxes=(VAT,))


def quotation(state: QuotationState, expires: date = date(2023, 6, 30)) -> Quotation:
    return Quotation(head(), (line(),), expires, state)


def order(state: OrderState, **progress: int) -> Order:
    figures = {name: Decimal(value) for name, value in progress.items()}
    return Order(head(), (OrderLine(line(), **figures),), state=state)


def draft_invoice(*lines: DocumentLine) -> Invoice:
    nothing = LineFigures(ZERO, ZERO, ZERO, ZERO, ZERO)
    made = Invoice(
        head=head(""),
        lines=tuple(InvoiceLine(one, nothing) for one in lines or (line(),)),
        due=date(2023, 7, 1),
        taxes=(),
        net=ZERO,
        tax=ZERO,
        gross=ZERO,
        rounding=ZERO,
    )
    return figured(made)


def payment(minor: int, day: date = DAY) -> InvoicePayment:
    return InvoicePayment(
        f"p{minor}", day, Money(minor, "EUR"), TenderMethod.BANK_TRANSFER, "1", AT
    )


def named(invoice: Invoice, number: str) -> Invoice:
    return replace(invoice, head=replace(invoice.head, number=number))
