"""Invoices at head office: shares of an order or own prices, and what can still be changed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from pos_app.domain import order as orders
from pos_app.domain.cart import QuantityTooFine
from pos_app.domain.credit import CreditTerms, CustomerOverLimit
from pos_app.domain.customer import Customer
from pos_app.domain.document import DatesTurned, DayOutOfRange, DocumentEmpty
from pos_app.domain.errors import PosError
from pos_app.domain.facts import FactKind, product_saved
from pos_app.domain.invoice import (
    Invoice,
    InvoiceState,
    MoreThanOwed,
    PaidBeforeInvoiced,
)
from pos_app.domain.invoice_of_order import OwnPrice
from pos_app.domain.invoice_rewriting import InvoiceInUse
from pos_app.domain.money import Money
from pos_app.domain.order import InvoiceBasis, MoreThanDelivered, Order, OrderNotApproved
from pos_app.domain.payment import TenderMethod
from pos_app.server.database import Office
from pos_app.server.document_kinds import INVOICE
from pos_app.server.listed import ListFilter, rows_of
from pos_app.server.office_desk import DocumentUnknown, OfficeDesk
from pos_app.server.office_invoices import (
    change_invoice,
    delete_invoice,
    free_invoice,
    ids_numbered,
    invoice_order,
    invoices_of_order,
    postpone,
    receive,
)
from pos_app.server.office_orders import OrderedItem, decide_order, new_order
from tests.server.offices import NOW, SHOP
from tests.store.shops import VAT, product

ORDERED = InvoiceBasis.ORDERED
DAY = date(2026, 6, 1)


class Books:
    """A company with two products and a customer; each step is a transaction of its own."""

    def __init__(self, office: Office, company_id: str) -> None:
        self.office, self.company_id = office, company_id
        with self.desk() as desk:
            for number, name in ((1, "Lamp"), (2, "Shade")):
                made = product(number, taxes=(VAT,), name=name)
                desk.tell(product_saved(replace(made, id=name.lower(), code=name)))
            desk.save_customer(Customer("c1", "CUS001", "Rye & Sons"))

    @contextmanager
    def desk(self, now: datetime = NOW) -> Iterator[OfficeDesk]:
        """A desk that is closed at the end."""
        with self.office.company(self.company_id) as connection:
            desk = OfficeDesk(connection, self.company_id, SHOP, "office", now)
            yield desk
            desk.close()

    def order(self, *wanted: tuple[str, int, str], delivered: int | None = None) -> Order:
        """Return an approved order; `delivered` units of each of its lines went out."""
        with self.desk() as desk:
            items = [OrderedItem(one, Decimal(n), Decimal(price)) for one, n, price in wanted]
            order = decide_order(desk, new_order(desk, "c1", items).head.id, True)
            if delivered:
                units = {line.line.id: Decimal(delivered) for line in order.lines}
                out = orders.delivered(order, units)
                order = desk.keep(out, FactKind.ORDER_SAVED, "deliver")
            return order

    def order_now(self, order: Order) -> Order:
        """Return an order as it stands."""
        with self.desk() as desk:
            return desk.get(Order, order.head.id)


@pytest.fixture
def books(sqlite_office: Office, company_id: str) -> Books:
    return Books(sqlite_office, company_id)


def test_parts_of_an_order_sum_to_it_exactly(books: Books) -> None:
    order = books.order(("lamp", 3, "9.99"), ("shade", 7, "0.05"))
    one, rest = {"1": Decimal(1), "2": Decimal(3)}, {"1": Decimal(2), "2": Decimal(4)}
    with books.desk() as desk:
        made = [
            invoice_order(desk, order.head.id, basis=ORDERED, quantities=units)
            for units in (one, rest)
        ]
        assert [one.head.number for one in made] == ["INV2026060001", "INV2026060002"]
        summed = sum(one.total.minor for one in made)
        assert summed == order.priced.gross.minor
        assert [one.due for one in made] == [date(2026, 7, 1)] * 2
        with pytest.raises(DocumentEmpty):
            invoice_order(desk, order.head.id, basis=ORDERED)


def test_only_what_went_out_is_invoiced_unless_it_is_for_what_was_ordered(books: Books) -> None:
    order = books.order(("lamp", 5, "10"), delivered=2)
    with books.desk() as desk:
        with pytest.raises(MoreThanDelivered):
            invoice_order(desk, order.head.id, quantities={"1": Decimal(3)})
        made = invoice_order(desk, order.head.id)
        assert [line.line.quantity for line in made.lines] == [2]
        ahead = invoice_order(desk, order.head.id, basis=ORDERED)
        assert [line.line.quantity for line in ahead.lines] == [3]
    (line,) = books.order_now(order).lines
    assert (line.invoiced, line.ahead) == (2, 3)


def test_own_net_prices_count_against_the_orders_lines_the_first_first(books: Books) -> None:
    order = books.order(("lamp", 2, "10"), ("shade", 1, "5"), ("lamp", 4, "12"))
    own = [
        OwnPrice("lamp", Decimal(1), Decimal("4424.78"), Decimal(13)),
        OwnPrice("lamp", Decimal(2), Decimal("4424.78"), Decimal(13)),
    ]
    with books.desk() as desk:
        made = invoice_order(desk, order.head.id, basis=ORDERED, lines=own)
        shown = [(line.order_line_id, line.line.quantity) for line in made.lines]
        assert shown == [("1", 1), ("1", 1), ("3", 1)]
        assert (made.net.amount, made.tax.amount) == (Decimal("13274.34"), Decimal("1725.66"))
        assert made.taxes[0].tax.rate == 13
        left = [line.to_invoice(ORDERED) for line in desk.get(Order, order.head.id).lines]
        assert left == [0, 1, 3]
        usual = OwnPrice("shade", Decimal(1), Decimal(5), Decimal(20))
        same = invoice_order(desk, order.head.id, basis=ORDERED, lines=[usual])
        assert same.taxes[0].tax.code == "A"  # the rate is that of the shop's own tax


TOO_MUCH: list[tuple[OwnPrice, type[PosError]]] = [
    (OwnPrice("lamp", Decimal(7), Decimal(1)), MoreThanDelivered),
    (OwnPrice("nothing", Decimal(1), Decimal(1)), MoreThanDelivered),
    (OwnPrice("lamp", Decimal(0), Decimal(1)), MoreThanDelivered),
    (OwnPrice("lamp", Decimal("NaN"), Decimal(1)), MoreThanDelivered),
    (OwnPrice("lamp", Decimal("0.5"), Decimal(1)), QuantityTooFine),
]


@pytest.mark.parametrize(("own", "refusal"), TOO_MUCH)
def test_own_prices_never_take_more_than_is_left(
    books: Books, own: OwnPrice, refusal: type[PosError]
) -> None:
    order = books.order(("lamp", 2, "10"), ("lamp", 4, "12"))
    with pytest.raises(refusal), books.desk() as desk:
        invoice_order(desk, order.head.id, basis=ORDERED, lines=[own])
    assert not any(line.ahead for line in books.order_now(order).lines)


def test_an_order_that_nobody_approved_or_has_is_not_invoiced(books: Books) -> None:
    with books.desk() as desk:
        draft = new_order(desk, "c1", [OrderedItem("lamp", Decimal(1), Decimal(1))])
        own = [OwnPrice("lamp", Decimal(1), Decimal(1))]
        with pytest.raises(OrderNotApproved):
            invoice_order(desk, draft.head.id, basis=ORDERED)
        with pytest.raises(OrderNotApproved):
            invoice_order(desk, draft.head.id, basis=ORDERED, lines=own)
        with pytest.raises(DocumentUnknown):
            invoice_order(desk, "nothing")


def test_a_deleted_invoice_makes_room_on_the_order_and_its_number_stays_used(books: Books) -> None:
    order = books.order(("lamp", 2, "10"), delivered=2)
    with books.desk() as desk:
        first = invoice_order(desk, order.head.id)
        gone = delete_invoice(desk, first.head.id)
        assert gone.state is InvoiceState.DELETED
        with pytest.raises(DocumentUnknown):
            desk.get(Invoice, first.head.id)
        again = invoice_order(desk, order.head.id)
        assert again.head.number == "INV2026060002"
        assert again.total == first.total
    with books.desk() as desk:
        assert ids_numbered(desk, first.head.number) == [first.head.id]
        assert [one.head.id for one in invoices_of_order(desk, order.head.id)] == [again.head.id]
        rows = rows_of(desk.connection, desk.company_id, INVOICE, ListFilter())
        assert [row.number for row in rows] == [again.head.number]


def test_a_rewritten_invoice_keeps_its_number_and_the_order_knows(books: Books) -> None:
    order = books.order(("lamp", 5, "12"), delivered=5)
    with books.desk() as desk:
        first = invoice_order(desk, order.head.id)
        own = [OwnPrice("lamp", Decimal(3), Decimal(8))]
        new = change_invoice(desk, first.head.id, due=date(2026, 8, 1), lines=own)
        assert (new.head.number, new.due) == (first.head.number, date(2026, 8, 1))
        assert (new.net.amount, new.state) == (24, InvoiceState.UNPAID)
        assert desk.get(Order, order.head.id).lines[0].invoiced == 3
        with pytest.raises(MoreThanDelivered):
            change_invoice(desk, first.head.id, lines=[OwnPrice("lamp", Decimal(6), Decimal(8))])
        with pytest.raises(DocumentEmpty):
            change_invoice(desk, first.head.id, lines=[])


def test_what_was_paid_is_neither_rewritten_nor_deleted(books: Books) -> None:
    order = books.order(("lamp", 1, "12"))
    with books.desk() as desk:
        made = invoice_order(desk, order.head.id, basis=ORDERED)
        receive(desk, made.head.id, Money(100, "EUR"), TenderMethod.CARD, None, "part")
        with pytest.raises(InvoiceInUse):
            change_invoice(desk, made.head.id, due=date(2026, 8, 1))
        with pytest.raises(InvoiceInUse):
            delete_invoice(desk, made.head.id)
        later = postpone(desk, made.head.id, date(2026, 9, 1))
        assert later.due == date(2026, 9, 1)
        with pytest.raises(MoreThanOwed):
            receive(desk, made.head.id, Money(1101, "EUR"))
        with pytest.raises(PaidBeforeInvoiced):
            receive(desk, made.head.id, Money(1, "EUR"), day=DAY - timedelta(days=1))
        done = receive(desk, made.head.id, Money(1100, "EUR"))
        assert done.state is InvoiceState.FULLY_PAID
        assert [one.remark for one in done.payments] == ["part", ""]


def test_an_invoice_without_an_order_has_own_prices_and_needs_credit(books: Books) -> None:
    lines = [OwnPrice("lamp", Decimal(2), Decimal("10.123456"), Decimal(7), "as agreed")]
    with books.desk() as desk:
        made = free_invoice(desk, "c1", lines, due=DAY)
        assert (made.net.amount, made.tax.amount) == (Decimal("20.25"), Decimal("1.42"))
        assert (made.due, made.lines[0].line.remark) == (DAY, "as agreed")
        terms = CreditTerms("c1", credit_limit=Money(3000, "EUR"), credit_days=10)
        desk.save_terms(terms, FactKind.CREDIT_TERMS_SAVED)
    with books.desk() as desk:
        with pytest.raises(CustomerOverLimit):
            free_invoice(desk, "c1", lines)
        over = free_invoice(desk, "c1", lines, may_override=True)
        assert over.due == DAY + timedelta(days=10)
    with books.desk() as desk:
        more = [OwnPrice("lamp", Decimal(3), Decimal(100))]
        with pytest.raises(CustomerOverLimit):
            change_invoice(desk, over.head.id, lines=more)
        less = [OwnPrice("shade", Decimal(1), Decimal(1))]
        assert change_invoice(desk, over.head.id, lines=less).lines[0].line.name == "Shade"


@pytest.mark.parametrize(
    ("day", "due", "refusal"),
    [
        (DAY, DAY - timedelta(days=1), DatesTurned),
        (DAY - timedelta(days=1), None, DatesTurned),
        (date.max, None, DayOutOfRange),
        (DAY, date.max, DayOutOfRange),
        (date.min, None, PosError),
    ],
)
def test_days_that_cannot_be_are_refused(
    books: Books, day: date, due: date | None, refusal: type[PosError]
) -> None:
    order = books.order(("lamp", 1, "12"))
    with pytest.raises(refusal), books.desk() as desk:
        invoice_order(desk, order.head.id, basis=ORDERED, day=day, due=due)


def test_numbers_that_another_system_used_are_passed_over(books: Books) -> None:
    order = books.order(("lamp", 2, "12"))
    with books.desk(datetime(2026, 6, 2, tzinfo=UTC)) as desk:
        made = free_invoice(desk, "c1", [OwnPrice("lamp", Decimal(1), Decimal(1))])
        taken = replace(made.head, id=desk.new_id(), number="INV2026060002")
        desk.keep_new(replace(made, head=taken), FactKind.INVOICE_ISSUED)
    with books.desk() as desk:
        assert invoice_order(desk, order.head.id, basis=ORDERED).head.number == "INV2026060003"
