"""What should be at the remote and what is, of the two APIs that know orders: see `books`."""

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from pos_app.domain.cart import SaleKind
from pos_app.domain.sale import Sale
from tests.proofs.foreign_world.books import CENT, Due, Print, goes_back, last_of
from tests.proofs.foreign_world.papers import papers
from tests.proofs.foreign_world.remotes import Independent, OfficeShelf
from tests.proofs.foreign_world.shop import PRODUCTS
from tests.proofs.foreign_world.till import Till

NUMBER = re.compile(r"P\d-\d{6}|^SO[\d.-]+")
CODES = {product.id: product.code for product in PRODUCTS}


# Sales API: an order and its invoice for each sale, with nothing of ours on them; and each
# customer who bought.


def due_at_sales(till: Till) -> Iterator[Due]:
    """Return each sale as an order that was invoiced, and whoever bought."""
    is_net = till.setup.options["prices"] == "net"
    known = set()
    for paper in papers(till):
        head, priced = paper.order.head, paper.order.priced
        total = (priced.net if is_net else priced.gross).amount
        lines = [(line.line.code, line.line.quantity) for line in paper.order.lines]
        yield Due((head.customer.name, total, _added(lines), paper.invoices), head.number)
        if head.customer.name not in known:
            known.add(head.customer.name)
            yield Due(("customer", head.customer.name), "")
    for sale in till.sales():
        if sale.kind is not SaleKind.SALE or goes_back(sale):
            continue
        buyer = sale.customer.name if sale.customer else till.setup.options["walk_in"]
        total = (sale.net if is_net else sale.gross).amount
        yield Due((buyer, total, _pieces(sale), 1), sale.number)
        if buyer not in known:
            known.add(buyer)
            yield Due(("customer", buyer), "")


def _pieces(sale: Sale) -> Print:
    pieces: Counter[str] = Counter()
    for line in sale.lines:
        pieces[line.code] += line.quantity  # type: ignore[assignment]
    return tuple(sorted(pieces.items()))


def held_by_sales(remote: Independent) -> Iterator[Print]:
    """Return orders and customers of the small server."""
    names = {one["id"]: one["name"] for one in remote.server.customers}
    invoiced = Counter(one["order_id"] for one in remote.server.invoices)
    for one in remote.server.orders:
        lines = [(item["product_id"], item["quantity"]) for item in one["items"]]
        total = one["total_amount"]
        yield names[one["customer_id"]], total, _added(lines), invoiced[one["id"]]
    for name in names.values():
        yield "customer", name


def held_by_office_sales(office: OfficeShelf) -> Iterator[Print]:
    """Return orders and customers of head office's own journal."""
    invoiced = Counter(one["order_id"] for one in last_of(office, "invoice").values())
    for own_id, order in last_of(office, "order").items():
        lines = [one["line"] for one in order["lines"]]
        pieces = [(CODES[one["product_id"]], Decimal(one["quantity"])) for one in lines]
        total = sum(
            (_cents(Decimal(one["quantity"]) * Decimal(one["unit_price"])) for one in lines),
            Decimal(),
        )
        buyer = order["head"]["customer"]["name"]
        yield buyer, total, _added(pieces), invoiced[own_id]
    for name in office.customers():
        yield "customer", name


def _added(lines: list[tuple[str, Decimal]]) -> Print:
    pieces: Counter[str] = Counter()
    for code, quantity in lines:
        pieces[code] += quantity  # type: ignore[assignment]
    return tuple(sorted(pieces.items()))


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, "ROUND_HALF_UP")


# ERP: each sale is an order under its number, delivered, invoiced and paid; what came back stands
# as returns of it.


def due_at_erp(till: Till) -> Iterator[Due]:
    """Return each sale with its chain, and whoever bought."""
    returned: Counter[str] = Counter()
    for sale in till.sales():
        for line in sale.lines:
            if sale.voids or (line.quantity < 0 and line.returns is not None):
                origin = sale.voids or (line.returns and line.returns.sale_id)
                returned[str(origin)] -= line.figures.gross.minor
    known = set()
    for paper in papers(till):
        head, total = paper.order.head, paper.order.priced.gross.amount
        state, money = paper.order.state.value, (paper.invoiced, paper.paid)
        figures = (head.number, state, paper.deliveries, total, *money, Decimal())
        yield Due(figures, head.number)
        if head.customer.name not in known:
            known.add(head.customer.name)
            yield Due(("customer", head.customer.name), "", is_shared=True)
    for sale in till.sales():
        if sale.kind is SaleKind.SALE:
            gross, back = sale.gross.amount, returned[sale.id] * CENT
            yield Due((sale.number, "fully_delivered", 1, gross, gross, gross, back), sale.number)
            buyer = sale.customer.name if sale.customer else "Walk-in customer"
            if buyer not in known:
                known.add(buyer)
                yield Due(("customer", buyer), "", is_shared=True)


def held_by_erp(remote: Independent) -> Iterator[Print]:
    """Return orders with their chains, and customers, of the small server."""
    things = remote.server.things
    for order in things["orders"]:
        own = [[one for one in things[kind] if one.get("orderId") == order["id"]]
               for kind in ("deliveries", "invoices", "returns")]  # fmt: skip
        deliveries, invoices, returns = own
        yield (
            _number(order["remarks"]),
            order["status"],
            len(deliveries),
            _sum(order["totalAmount"] for _ in (1,)),
            _sum(one["totalAmount"] for one in invoices),
            _sum(one["paidAmount"] for one in invoices),
            _sum(one["totalAmount"] for one in returns),
        )
    for one in things["customers"]:
        yield "customer", one["name"]


def held_by_office_erp(office: OfficeShelf) -> Iterator[Print]:
    """Return orders with their chains, and customers, of head office's own journal."""
    kinds = ("delivery_note", "invoice", "sales_return")
    rest = {kind: list(last_of(office, kind).values()) for kind in kinds}
    for own_id, order in last_of(office, "order").items():
        deliveries, invoices, returns = (
            [one for one in rest[kind] if one["order_id"] == own_id] for kind in kinds
        )
        lines = [one["line"] for one in order["lines"]]
        total = sum(
            (_cents(Decimal(one["quantity"]) * Decimal(one["unit_price"])) for one in lines),
            Decimal(),
        )
        yield (
            _number(order["head"]["remarks"]),
            order["state"],
            len(deliveries),
            total,
            _sum(_minor(one["gross"]) for one in invoices),
            _sum(_minor(pay["amount"]) for one in invoices for pay in one["payments"]),
            _sum(_minor(one["total"]) for one in returns),
        )
    for name in office.customers():
        yield "customer", name


def _number(remarks: str | None) -> str:
    found = NUMBER.search(remarks or "")
    return found[0] if found else f"no number in {remarks}"


def _minor(money: Any) -> Decimal:
    return int(money["minor"]) * CENT


def _sum(amounts: Iterator[Any]) -> Decimal:
    return sum((Decimal(one) for one in amounts), Decimal())
