"""The Sales API as it is spoken: customers, orders and the invoices that are generated for them.

Published as `sales-api.md`. A sale of the till goes as an order with its invoice; one without a
customer belongs to a customer of this connection's own, so that orders of other tills are never
taken for ours. Lost answers are settled by the lists: an order of the same customer with the same
lines that no other sale of ours has.
"""

from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from typing import Any

from pos_app.domain.customer import Customer
from pos_app.domain.document import DocumentLine, Party
from pos_app.domain.invoice import Invoice
from pos_app.domain.money import Money
from pos_app.domain.order import Order, OrderState
from pos_app.domain.pricing import LineFigures
from pos_app.domain.product import ProductKind
from pos_app.domain.sale import Sale
from pos_app.sync.dialect import (
    CUSTOMER_ID,
    Ability,
    Absent,
    Ask,
    Carried,
    Credentials,
    Known,
    LookUp,
    NoGoodAnswer,
    NotSayable,
    Option,
    Outgoing,
    Probe,
    RemoteCustomer,
    Reply,
    Step,
    Unclear,
    WaitsForOther,
)
from pos_app.sync.dialects.sales_api_replies import (
    INVOICE_ID,
    ORDER_ID,
    ROOT,
    STRANGE,
    TOTAL,
    customers_of,
    find_order,
    find_person,
    judge_made,
    judge_page,
)
from pos_app.sync.foreign_prices import number, parts_of
from pos_app.texts import later, t

WALK_IN = "customer walk-in"
_GROSS, _NET = "gross", "net"
_ONCE, _UNSURE, _OFF = "once", "unsure", "off"
_NO_PRODUCT = later("{line} has no product id there")
_IN_PART = later("it is for a part of the order, and the API invoices whole orders only")
_SENT_FROM = (OrderState.APPROVED, OrderState.PARTIALLY_DELIVERED, OrderState.FULLY_DELIVERED)
_NOT_KNOWN = later("what its order comes to there is not known here")
_ITS_CUSTOMER, _ITS_ORDER = later("its customer"), later("its order")
_OWN_WALK_IN = "Walk-in customer"


@dataclass(frozen=True, slots=True)
class Amount:
    """What one line comes to, of how much of which product."""

    amount: Money
    quantity: Decimal
    product_id: str | None
    code: str
    name: str


class SalesApi:
    """The dialect; every method is pure."""

    api = "sales"
    title = "Sales API"
    needs = frozenset({"key"})
    options = (
        Option(
            "prices",
            later("Unit prices there"),
            _GROSS,
            ((_GROSS, later("With tax")), (_NET, later("Without tax"))),
        ),
        Option(
            "product_ids",
            later("Product ids there"),
            "code",
            (
                ("code", later("Are our product codes")),
                ("mapping", later("Are entered for each product")),
            ),
        ),
        Option(
            "invoices",
            later("Invoices there"),
            _ONCE,
            (
                (_ONCE, later("Are generated; asked twice, the server gives the first one")),
                (_UNSURE, later("Are generated; after a lost answer a person decides")),
                (_OFF, later("Are not generated")),
            ),
        ),
        Option("walk_in", later("Customer name of sales without a customer (empty: our own)")),
    )

    def abilities(self, known: Known) -> tuple[Ability, ...]:
        """Say what goes there: customers, orders, and invoices where the connection says so."""
        has_invoices = known.option("invoices") != _OFF
        nothing = later("The API has no word for them. They stay here.")
        undone = later("The API cannot take an order back. Cancel it there by hand.")
        return (
            Ability(
                Carried.CUSTOMER,
                True,
                later("New ones, both ways. Later changes come from there, and do not go there."),
            ),
            Ability(
                Carried.SALE,
                True,
                later("As orders with their invoice; discounts are in the prices."),
            ),
            Ability(Carried.VOID, False, undone),
            Ability(Carried.RETURN, False, undone),
            Ability(Carried.QUOTATION, False, nothing),
            Ability(Carried.ORDER, True, later("Once they are approved. Later changes stay here.")),
            Ability(Carried.DELIVERY, False, nothing),
            Ability(
                Carried.INVOICE,
                has_invoices,
                later("Of whole orders, and free ones as an order of their own."),
            ),
            Ability(Carried.PAYMENT, False, nothing),
            Ability(Carried.SALES_RETURN, False, undone),
        )

    def sign_in(self, credentials: Credentials) -> Ask | None:
        """Return None: the key is the bearer token."""
        del credentials
        return None

    def token(self, reply: Reply) -> str:
        """Raise NoGoodAnswer: there is no sign-in."""
        del reply
        raise NoGoodAnswer(Unclear(t(STRANGE)))

    def with_key(self, ask: Ask, credentials: Credentials) -> Ask:
        """Return a request with the bearer token."""
        return replace(ask, headers={**ask.headers, "Authorization": f"Bearer {credentials.key}"})

    def probes(self, known: Known) -> tuple[Probe, ...]:
        """Try to read the first order and the first customer."""
        del known
        first = (("page", "1"), ("size", "1"))
        return (
            Probe(later("Read orders"), Ask("GET", f"{ROOT}/orders", first), judge_page),
            Probe(later("Read customers"), Ask("GET", f"{ROOT}/customers", first), judge_page),
        )

    def steps(self, thing: Outgoing, known: Known) -> Sequence[Step]:
        """Return the customer first, then the order, then its invoice."""
        document = thing.document
        if thing.kind is Carried.CUSTOMER:
            return (_customer_step(document),) if document.is_active else ()
        if thing.kind is Carried.SALE:
            return _sale_steps(document, known)
        if thing.kind is Carried.ORDER and document.state in _SENT_FROM:
            return _order_steps(document, known)
        if thing.kind is Carried.INVOICE and known.option("invoices") != _OFF:
            return _invoice_steps(document, known)
        return ()

    def customers(self) -> Generator[Ask, Reply, list[RemoteCustomer]] | None:
        """Walk the customers to the last page."""
        return customers_of()


def _sale_steps(sale: Sale, known: Known) -> Sequence[Step]:
    is_net = known.option("prices") == _NET
    amounts = [
        Amount(_figure(line.figures, is_net), line.quantity, line.product_id, line.code, line.name)
        for line in sale.lines
        if line.kind is not ProductKind.INVOICE_PAYMENT
    ]
    who = _customer_step(sale.customer) if sale.customer else _walk_in_step(known)
    order = _order_step(f"sale {sale.id}", sale.number, who.key, amounts)
    return (who, order, *_generated(f"invoice of sale {sale.id}", order.key, sale.number, known))


def _order_steps(order: Order, known: Known) -> Sequence[Step]:
    who = _customer_step(order.head.customer)
    pairs = zip((line.line for line in order.lines), order.priced.lines, strict=True)
    amounts = _amounts(pairs, known)
    key, number_of = f"order {order.head.id}", order.head.number
    return (who, _order_step(key, number_of, who.key, amounts))


def _invoice_steps(invoice: Invoice, known: Known) -> Sequence[Step]:
    """Return the generation of an order's invoice; a free one is an order of its own."""
    if invoice.sale_id or not invoice.head.number:
        return ()  # a sale brought its invoice along
    key, name = f"invoice {invoice.head.id}", invoice.head.number
    if known.ids(key) is not None:
        return ()
    if invoice.order_id:
        order_key = f"order {invoice.order_id}"
        total = invoice.net if known.option("prices") == _NET else invoice.gross
        _check_whole(name, order_key, invoice.order_number, total, known)
        return tuple(_generated(key, order_key, name, known))
    who = _customer_step(invoice.head.customer)
    amounts = _amounts(((line.line, line.figures) for line in invoice.lines), known)
    order = _order_step(f"order of {key}", name, who.key, amounts)
    return (who, order, *_generated(key, order.key, name, known))


def _amounts(lines: Iterable[tuple[DocumentLine, LineFigures]], known: Known) -> list[Amount]:
    is_net = known.option("prices") == _NET
    return [
        Amount(_figure(figures, is_net), line.quantity, line.product_id, line.code, line.name)
        for line, figures in lines
    ]


def _figure(figures: LineFigures, is_net: bool) -> Money:
    return figures.net if is_net else figures.gross


def _check_whole(name: str, key: str, number_of: str, total: Money, known: Known) -> None:
    """Refuse an invoice for a part of an order; raises NotSayable or WaitsForOther."""
    ids = known.ids(key)
    if ids is None:
        raise WaitsForOther(name=name, other=number_of, key=key)
    if TOTAL not in ids:
        raise NotSayable(name=name, reason=_NOT_KNOWN)
    if Decimal(ids[TOTAL]) != total.amount:
        raise NotSayable(name=name, reason=_IN_PART)


def _customer_step(who: Customer | Party) -> Step:
    body = {
        "name": who.name,
        "email": who.email,
        "phone": who.phone,
        "address": {
            "street": who.address,
            "city": who.city,
            "state": who.state,
            "postal_code": who.postcode,
            "country": who.country,
        },
    }
    return _person_step(f"customer {who.id}", body)


def _walk_in_step(known: Known) -> Step:
    empty = dict.fromkeys(("street", "city", "state", "postal_code", "country"), "")
    # One of this connection's own: orders of another till are never taken for ours then.
    name = known.option("walk_in") or f"{_OWN_WALK_IN} {known.option('mark')}".strip()
    return _person_step(WALK_IN, {"name": name, "email": "", "phone": "", "address": empty})


def _person_step(key: str, body: Mapping[str, Any]) -> Step:
    ask = Ask("POST", f"{ROOT}/customers", body=body, is_change=True)
    return Step(
        key,
        request=lambda _known: ask,
        judge=partial(judge_made, name=CUSTOMER_ID),
        look_up=partial(find_person, body),
        names=CUSTOMER_ID,
    )


def _order_step(key: str, name: str, customer_key: str, amounts: Sequence[Amount]) -> Step:
    total = sum((line.amount.amount for line in amounts), Decimal(0))

    def body(known: Known) -> dict[str, Any]:
        customer = (known.ids(customer_key) or {}).get(CUSTOMER_ID)
        if not customer:
            raise WaitsForOther(name=name, other=t(_ITS_CUSTOMER), key=customer_key)
        return {"customer_id": customer, "items": _items(name, amounts, known)}

    return Step(
        key,
        request=lambda known: Ask("POST", f"{ROOT}/orders", body=body(known), is_change=True),
        judge=partial(judge_made, name=ORDER_ID, also={TOTAL: str(total)}),
        look_up=lambda known: find_order(body(known), total, known),
        names=ORDER_ID,
    )


def _items(name: str, amounts: Sequence[Amount], known: Known) -> list[dict[str, Any]]:
    """Return the lines as the API multiplies them; raises NotSayable for an unknown product."""
    items = []
    for line in amounts:
        product = known.product(line.product_id, line.code)
        if product is None:
            raise NotSayable(name=name, reason=t(_NO_PRODUCT).format(line=line.name))
        items += [
            {
                "product_id": product,
                "quantity": number(part.quantity),
                "unit_price": number(part.unit_price),
            }
            for part in parts_of(line.amount, line.quantity, len(amounts))
        ]
    return items


def _generated(key: str, order_key: str, name: str, known: Known) -> list[Step]:
    """Return the step that has an order invoiced; nothing where the connection wants none."""
    wanted = known.option("invoices")
    if wanted == _OFF:
        return []

    def request(known: Known) -> Ask:
        order = (known.ids(order_key) or {}).get(ORDER_ID)
        if not order:
            raise WaitsForOther(name=name, other=t(_ITS_ORDER), key=order_key)
        return Ask("POST", f"{ROOT}/invoices", body={"order_id": order}, is_change=True)

    return [
        Step(
            key,
            request=request,
            judge=partial(judge_made, name=INVOICE_ID),
            look_up=None if wanted == _UNSURE else _ask_anew,
            names=INVOICE_ID,
        )
    ]


def _ask_anew(known: Known) -> LookUp:
    """Settle a lost invoice: asked again, the server gives the first one."""
    del known
    yield from ()
    return Absent()
