"""The Sales API as its document has it: orders, customers and invoices, kept in memory.

What the document leaves open: `page` and `size` are query parameters (1 and 20), and generating an
invoice twice gives the first one; with `invoices_once=False` it makes a second one.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from decimal import Decimal
from typing import Any

from tests.simulators.apis import shapes
from tests.simulators.apis.answering import (
    Answer,
    Arrived,
    Asked,
    Clock,
    Refused,
    asked,
    cents,
    served,
    told,
)
from tests.simulators.apis.shapes import Field, check

ADDRESS = {
    name: Field(shapes.text) for name in ("street", "city", "state", "postal_code", "country")
}
CUSTOMER = {
    "name": Field(shapes.words),
    "email": Field(shapes.text),
    "phone": Field(shapes.text),
    "address": Field(ADDRESS),
}
ORDER_ITEM = {
    "product_id": Field(shapes.words),
    "quantity": Field(shapes.positive),
    "unit_price": Field(shapes.number),
}
ORDER = {"customer_id": Field(shapes.words), "items": Field([ORDER_ITEM])}
INVOICE = {"order_id": Field(shapes.words)}
INVALID_ORDER = "Invalid order data"


class SalesApi:
    """Its state, and one method that answers.

    `page_size` is the most that a page holds and may change at any time; `stock` (product id to
    quantity) is checked and taken from where it is given; `created` is the status of a creation.
    """

    def __init__(
        self,
        token: str = "token",
        *,
        page_size: int = 100,
        stock: dict[str, Decimal] | None = None,
        invoices_once: bool = True,
        created: int = 201,
    ) -> None:
        self.tokens = {token}
        self.page_size, self.stock = page_size, stock
        self.invoices_once, self.created = invoices_once, created
        self.arrived: list[Arrived] = []
        self.customers: list[dict[str, Any]] = []
        self.orders: list[dict[str, Any]] = []
        self.invoices: list[dict[str, Any]] = []
        self.clock = Clock()

    def serve(self) -> AbstractContextManager[int]:
        """Serve on a port of loopback."""
        return served(self.handle)

    def handle(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Answer one request."""
        request = asked(method, target, headers, body)
        try:
            status, said = self._answered(request)
        except Refused as refused:
            status, said = refused.status, {"detail": refused.said}
        self.arrived.append(Arrived(method, request.path, _plain(request), status))
        return told(status, said)

    def _answered(self, request: Asked) -> tuple[int, Any]:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme != "Bearer" or token not in self.tokens:
            raise Refused(401, "Not authenticated")
        match (request.method, *request.parts):
            case ("GET", "api", "sales", "orders"):
                return 200, self._page(self.orders, request)
            case ("POST", "api", "sales", "orders"):
                return self.created, self._order(request.json(Refused(400, INVALID_ORDER)))
            case ("GET", "api", "sales", "customers"):
                return 200, self._page(self.customers, request)
            case ("POST", "api", "sales", "customers"):
                return self.created, self._customer(request.json(Refused(422, "Invalid data")))
            case ("POST", "api", "sales", "invoices"):
                return self.created, self._invoice(request.json(Refused(422, "Invalid data")))
            case ("GET", "api", "sales", "invoices", invoice_id):
                return 200, _by_id(self.invoices, invoice_id, "Invoice not found")
        raise Refused(404, "Not Found")

    def _page(self, every: list[dict[str, Any]], request: Asked) -> dict[str, Any]:
        page, size = (_natural(request.query.get(n, d)) for n, d in (("page", "1"), ("size", "20")))
        size = min(size, self.page_size)
        start = (page - 1) * size
        found = every[start : start + size]
        return {"items": found, "total": len(every), "page": page, "size": size}

    def _customer(self, body: Any) -> dict[str, Any]:
        try:
            check(body, CUSTOMER)
        except shapes.Wrong as wrong:
            raise Refused(422, str(wrong)) from None
        customer = {"id": f"cus-{len(self.customers) + 1}", **body}
        self.customers.append(customer)
        return customer

    def _order(self, body: Any) -> dict[str, Any]:
        try:
            check(body, ORDER)
        except shapes.Wrong:
            raise Refused(400, INVALID_ORDER) from None
        _by_id(self.customers, body["customer_id"], "Customer not found")
        if not body["items"] or not self._take_stock(body["items"]):
            raise Refused(400, INVALID_ORDER)
        items = [
            {**one, "total": cents(Decimal(one["quantity"]) * one["unit_price"])}
            for one in body["items"]
        ]
        order = {
            "id": f"ord-{len(self.orders) + 1}",
            "customer_id": body["customer_id"],
            "order_date": self.clock().isoformat(),
            "status": "pending",
            "total_amount": sum((one["total"] for one in items), Decimal()),
            "items": items,
        }
        self.orders.append(order)
        return order

    def _take_stock(self, items: list[dict[str, Any]]) -> bool:
        if self.stock is None:
            return True
        left = dict(self.stock)
        for one in items:
            left[one["product_id"]] = left.get(one["product_id"], Decimal()) - one["quantity"]
        if min(left.values()) < 0:
            return False
        self.stock = left
        return True

    def _invoice(self, body: Any) -> dict[str, Any]:
        try:
            check(body, INVOICE)
        except shapes.Wrong as wrong:
            raise Refused(422, str(wrong)) from None
        order = _by_id(self.orders, body["order_id"], "Order not found")
        made = [one for one in self.invoices if one["order_id"] == order["id"]]
        if made and self.invoices_once:
            return made[0]
        invoice = {
            "id": f"inv-{len(self.invoices) + 1}",
            "order_id": order["id"],
            "customer_id": order["customer_id"],
            "invoice_date": self.clock().isoformat(),
            "total_amount": order["total_amount"],
            "items": order["items"],
        }
        self.invoices.append(invoice)
        return invoice


def _by_id(every: list[dict[str, Any]], thing_id: str, detail: str) -> dict[str, Any]:
    for one in every:
        if one["id"] == thing_id:
            return one
    raise Refused(404, detail)


def _natural(said: str) -> int:
    if not (said.isascii() and said.isdigit() and 0 < int(said) < 10**9):
        raise Refused(422, f"{said!r} is no page or size")
    return int(said)


def _plain(request: Asked) -> Any:
    try:
        return request.json(Refused(400, ""))
    except Refused:
        return None
