"""The invoice of a sale at the till: the same figures to the last cent, and what was paid."""

from collections.abc import Callable
from datetime import date

from pos_app.domain.cart import SaleKind
from pos_app.domain.document import CustomerMissing, DocumentHead, DocumentLine
from pos_app.domain.errors import PosError
from pos_app.domain.invoice import Invoice, InvoiceLine, InvoicePayment
from pos_app.domain.payment import TenderMethod
from pos_app.domain.product import ProductKind
from pos_app.domain.sale import Sale, SaleLine

_NO_SUPPLY = (
    ProductKind.GIFT_CARD,
    ProductKind.DEPOSIT,
    ProductKind.ACCOUNT_PAYMENT,
    ProductKind.INVOICE_PAYMENT,
    ProductKind.TIP,
)


class SaleNotInvoiced(PosError):
    """A document of the till that no invoice can be made of."""

    sentence = (
        "{number} cannot become an invoice: only a sale can, and one without gift cards, deposits, "
        "tips or payments of other invoices."
    )


class SaleUndone(PosError):
    """A sale that was undone has nothing to invoice."""

    sentence = "{number} was voided. There is nothing left of it to invoice."


def invoice_of_sale(
    sale: Sale, head: DocumentHead, due: date, new_id: Callable[[], str]
) -> Invoice:
    """Return the draft invoice of a sale; what was put on account is what is still owed.

    Raises SaleNotInvoiced or CustomerMissing.
    """
    is_plain = sale.kind is SaleKind.SALE and sale.amount_due.minor >= 0
    if not is_plain or any(line.kind in _NO_SUPPLY for line in sale.lines):
        raise SaleNotInvoiced(number=sale.number)
    if not head.customer.id:
        raise CustomerMissing()
    return Invoice(
        head=head,
        lines=tuple(InvoiceLine(_line(line), line.figures) for line in sale.lines),
        due=due,
        taxes=sale.taxes,
        net=sale.net,
        tax=sale.tax,
        gross=sale.gross,
        rounding=sale.rounding,
        discounts=sale.discounts,
        discount_amounts=sale.discount_amounts,
        payments=tuple(
            InvoicePayment(
                id=new_id(),
                day=head.day,
                amount=tender.amount,
                method=tender.method,
                staff=sale.stamp.staff,
                at=sale.stamp.at,
                remark=sale.number,
                sale_id=sale.id,
            )
            for tender in sale.tenders
            if tender.method is not TenderMethod.ON_ACCOUNT
        ),
        sale_id=sale.id,
        sale_number=sale.number,
        delivered_on=sale.stamp.business_day,
    )


def _line(line: SaleLine) -> DocumentLine:
    return DocumentLine(
        id=str(line.line_no),
        name=line.name or line.code,
        quantity=line.quantity,
        unit_price=line.unit_price,
        product_id=line.product_id,
        code=line.code,
        unit=line.unit,
        kind=line.kind,
        taxes=tuple(figure.tax for figure in line.figures.taxes),
        discount=line.discount,
        remark=line.note,
    )
