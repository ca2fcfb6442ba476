"""The sales documents of a company of samples, under the ids and dates that the published have."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from pos_app.domain import invoice as invoices
from pos_app.domain import order as orders
from pos_app.domain.delivery_note import DeliveredLine, DeliveryNote, goods_out
from pos_app.domain.document import DocumentHead, DocumentLine, line_of
from pos_app.domain.document_settings import Series
from pos_app.domain.facts import FactKind
from pos_app.domain.invoice import Invoice, InvoiceLine
from pos_app.domain.invoice_draft import blank_invoice
from pos_app.domain.issuer import issuer_of
from pos_app.domain.money import Money
from pos_app.domain.order import InvoiceBasis, Order, OrderLine
from pos_app.domain.product import Product
from pos_app.domain.quotation import Quotation
from pos_app.domain.sales_return import ReturnedLine, SalesReturn, goods_back
from pos_app.server.office_desk import OfficeDesk

_ORDERED = date(2023, 6, 1)
_DELIVERED, _DUE = date(2023, 6, 15), date(2023, 7, 15)
_RETURNED = date(2023, 6, 20)
_STILL_DAYS = 30  # how long the quotation is good for, and the invoice not overdue
_PAYMENT, _SHIPPING = "30天内付款", "运费由我方承担"
_LINE, _OTHER_LINE = "order-item-001", "item-001"


@dataclass(frozen=True, slots=True)
class _Goods:
    """What the documents are for: a customer, a product and where it stands."""

    desk: OfficeDesk
    customer_id: str
    product: Product
    specification: str
    location: str

    def head(self, document_id: str, series: Series, day: date, remarks: str = "") -> DocumentHead:
        """Return a head with the published moments and the next number of its month."""
        desk = self.desk
        at = datetime(day.year, day.month, day.day, 8, tzinfo=UTC)
        return replace(
            desk.new_head(desk.customer(self.customer_id), day),
            id=document_id,
            number=desk.next_number(series, day),
            created_at=at,
            updated_at=at,
            remarks=remarks,
        )

    def line(self, line_id: str, quantity: int, price: int = 5000) -> DocumentLine:
        """Return a line of the product."""
        plain = line_of(self.product, line_id, Decimal(quantity))
        return replace(
            plain,
            unit_price=Decimal(price),
            specification=self.specification,
            remark="正品保证",
        )

    def order(self, order_id: str, *lines: DocumentLine) -> Order:
        """Return a draft."""
        head = self.head(order_id, Series.ORDER, _ORDERED, "加急订单，请尽快发货")
        head = replace(head, payment_terms=_PAYMENT, shipping_terms=_SHIPPING)
        wanted = tuple(OrderLine(line) for line in lines)
        return orders.checked(Order(head, wanted, _DELIVERED, location=self.location))


def add_documents(
    desk: OfficeDesk, customer_id: str, product: Product, specification: str, location: str
) -> None:
    """Add a quotation and an order as drafts, and a delivery, an invoice and a return.

    The last three stand on orders of their own: what is invoiced or returned already could not be
    taken off a delivery any more.
    """
    goods = _Goods(desk, customer_id, product, specification, location)
    _add_quotation(goods)
    order = goods.order("order-001", goods.line(_OTHER_LINE, 10), goods.line(_LINE, 10))
    desk.keep_new(order, FactKind.ORDER_SAVED)
    # Cheap, so that the customer's credit is left for the samples.
    delivered = _delivered(goods, "order-002", "delivery-001", 10, price=500)
    desk.keep_new(delivered, FactKind.ORDER_SAVED)
    _add_invoice(goods, _delivered(goods, "order-003", "delivery-002", 10))
    _add_return(goods, _delivered(goods, "order-004", "delivery-003", 1))
    _add_placeholder(desk)


def _add_quotation(goods: _Goods) -> None:
    head = goods.head("quotation-001", Series.QUOTATION, _ORDERED, remarks="批量采购可享受折扣")
    head = replace(head, payment_terms=_PAYMENT, shipping_terms=_SHIPPING)
    expires = goods.desk.today + timedelta(days=_STILL_DAYS)
    quotation = Quotation(head, (goods.line(_OTHER_LINE, 10),), expires)
    goods.desk.keep_new(quotation, FactKind.QUOTATION_SAVED)


def _delivered(
    goods: _Goods, order_id: str, delivery_id: str, quantity: int, price: int = 5000
) -> Order:
    """Return an approved order of which everything went out, and keep its delivery note."""
    desk = goods.desk
    order = orders.decided(goods.order(order_id, goods.line(_LINE, quantity, price)), True, "")
    lines = tuple(
        DeliveredLine(line.line.id, replace(line.line, id="item-001"), line.line.quantity)
        for line in order.lines
    )
    note = DeliveryNote(
        head=goods.head(delivery_id, Series.DELIVERY_NOTE, _DELIVERED, remarks="加急发货"),
        order_id=order.head.id,
        order_number=order.head.number,
        location=goods.location,
        lines=lines,
        carrier="顺丰快递",
        tracking="SF1234567890",
    )
    desk.keep_new(note, FactKind.DELIVERY_NOTE_SAVED)
    desk.move_stock(goods_out(note))
    return orders.delivered(order, {_LINE: Decimal(quantity)})


def _add_invoice(goods: _Goods, order: Order) -> None:
    desk, line = goods.desk, order.lines[0].line
    head = goods.head("invoice-001", Series.INVOICE, _DELIVERED)
    due = max(_DUE, desk.today + timedelta(days=_STILL_DAYS))
    figures = order.priced.lines[0]
    own = InvoiceLine(replace(line, id="item-001"), figures, order_line_id=line.id)
    plain = blank_invoice(head, [own], desk.shop.documents, due)
    draft: Invoice = replace(
        invoices.summed(plain),
        basis=InvoiceBasis.DELIVERED,
        order_id=order.head.id,
        order_number=order.head.number,
        delivered_on=_DELIVERED,
        issuer=issuer_of(desk.shop),
    )
    desk.keep_new(invoices.issued(draft, head.number, head.day), FactKind.INVOICE_ISSUED)
    invoiced = orders.invoiced(order, {line.id: line.quantity}, InvoiceBasis.DELIVERED)
    desk.keep_new(invoiced, FactKind.ORDER_SAVED)


def _add_return(goods: _Goods, order: Order) -> None:
    """Add the return of goods that nobody had invoiced."""
    desk, line = goods.desk, order.lines[0].line
    reason, zero = "质量问题", Money(0, desk.currency)
    figures = order.priced.lines[0]
    document = SalesReturn(
        head=goods.head("return-001", Series.RETURN, _RETURNED, remarks="退货处理"),
        order_id=order.head.id,
        order_number=order.head.number,
        reason=reason,
        lines=(ReturnedLine(line.id, replace(line, id="item-001"), figures, reason),),
        credited=(),
        taxes=(),
        net=zero,
        tax=zero,
        gross=zero,
        rounding=zero,
        total=figures.gross,
        location=goods.location,
    )
    desk.keep_new(document, FactKind.GOODS_TAKEN_BACK)
    desk.move_stock(goods_back(document))
    desk.keep_new(orders.taken_back(order, {line.id: line.quantity}), FactKind.ORDER_SAVED)


def _add_placeholder(desk: OfficeDesk) -> None:
    """Add the order `string`, of the customer and the product of that name, ready to invoice."""
    head = replace(
        desk.new_head(desk.customer("string")),
        id="string",
        number=desk.next_number(Series.ORDER, desk.today),
    )
    line = OrderLine(line_of(desk.product("string"), "1", Decimal(1)))
    draft = orders.checked(Order(head, (line,), location=desk.shop.location))
    desk.keep_new(orders.decided(draft, True, ""), FactKind.ORDER_SAVED)
