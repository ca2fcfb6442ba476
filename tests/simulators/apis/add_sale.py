"""Add Sale as its document has it: one call that keeps an invoice, and none that reads it.

The document's table requires `invoice_code` and its samples leave it out: here a missing one is
made. It calls the number unique and does not say what becomes of a second one: it is kept as well,
unless `refuses_same_number`. Lines are no part of the request, unless `takes_items`.
"""

from collections.abc import Iterable, Mapping
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
    served,
    told,
)
from tests.simulators.apis.shapes import Field, check, maybe, optional

AMOUNT = shapes.matches(r"-?\d{1,8}\.\d{2}")
PAYMENT_TYPES = (
    "None",
    "Mobile Money",
    "Cash",
    "Bank Transfer / Deposit",
    "Cheque",
    "Card Payment",
    "Digital Payment",
    "Other Payment",
)
SALE = {
    "invoice_code": optional(shapes.matches(r"\d{6}")),
    "invoice_number": Field(shapes.matches(r"([A-Za-z0-9]+-)?\d{6}")),
    "customer_id": Field(lambda value: shapes.whole(value) or shapes.matches(r"\d+")(value)),
    "sub_total_amount": Field(AMOUNT),
    "total_amount": Field(AMOUNT),
    "amount_paid": Field(AMOUNT),
    "discount": maybe(AMOUNT),
    "invoice_type": Field(shapes.one_of("main", "pos", "order")),
    "invoice_colour": maybe(shapes.matches(r"#[0-9A-Fa-f]{6}")),
    "invoice_note": maybe(shapes.text),
    "invoice_terms": maybe(shapes.text),
    "payment_type": Field(shapes.one_of(*PAYMENT_TYPES)),
    "payment_internal_note": maybe(shapes.text),
    "payment_date": maybe(shapes.day),  # in the samples only
    "payment_status": maybe(shapes.text),  # as above
    "issued_by": maybe(shapes.text),
    "due_date": Field(shapes.day),
    "reminder_date": maybe(shapes.day),
    "reminder_message": maybe(shapes.text),
}
ITEM = {
    "item_name": Field(shapes.words),
    "description": maybe(shapes.text),
    "unit_price": Field(shapes.matches(r"-?\d{1,8}\.\d{2,6}")),
    "quantity": Field(shapes.matches(r"-?\d+(\.\d+)?")),
    "tax": optional(AMOUNT),
}
SHOWN = (
    "id invoice_code invoice_number customer_id sub_total_amount total_amount amount_paid discount "
    "invoice_type invoice_colour invoice_note invoice_terms payment_internal_note payment_date "
    "payment_type payment_status issued_by due_date reminder_date reminder_message created_at "
    "updated_at"
).split()


class AddSale:
    """Its state, and one method that answers; `customers` are names by id."""

    def __init__(
        self,
        key: str = "API_KEY",
        customers: Mapping[int, str] | None = None,
        *,
        prefix: str = "INV-",
        refuses_same_number: bool = False,
        takes_items: bool = False,
    ) -> None:
        self.keys = {key}
        self.customers = dict(customers or {42: "Peter Amos"})
        self.prefix, self.refuses_same_number = prefix, refuses_same_number
        self.shape = SALE | ({"items": optional([ITEM])} if takes_items else {})
        self.arrived: list[Arrived] = []
        self.sales: list[dict[str, Any]] = []
        self.items: dict[int, list[dict[str, Any]]] = {}
        self.payments: dict[int, list[dict[str, Any]]] = {}
        self.clock = Clock()

    def serve(self) -> AbstractContextManager[int]:
        """Serve on a port of loopback."""
        return served(self.handle)

    def handle(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Answer one request."""
        request = asked(method, target, headers, body)
        sent = None
        try:
            self._let_in(request)
            sent = request.json(Refused(400, "Invalid JSON"))
            data = self._added(sent)
            status, said = 200, {"message": "Sale added successfully", "data": data}
        except Refused as refused:
            status, said = refused.status, {"error": refused.said}
        self.arrived.append(Arrived(method, request.path, sent, status))
        return told(status, {"status": status, **said})

    def _let_in(self, request: Asked) -> None:
        if (request.method, *request.parts) != ("POST", "api", "v1", "sales", "add"):
            raise Refused(404, "Not found")
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        if scheme != "Bearer" or not key:
            raise Refused(401, "Unauthorized: Missing Bearer Token")
        if key not in self.keys:
            raise Refused(401, "Unauthorized: Invalid API Key")

    def _added(self, body: Any) -> dict[str, Any]:
        try:
            check(body, self.shape)
        except shapes.Wrong as wrong:
            raise Refused(400, str(wrong)) from None
        customer = self.customers.get(int(body["customer_id"]))
        if customer is None:
            raise Refused(400, "Unknown customer")
        number = self._number(body["invoice_number"])
        code = body.get("invoice_code") or self._free_code()
        sale = self._kept(body, number, code)
        items = [_item(one, sale, at) for at, one in enumerate(body.get("items", ()), start=1)]
        payments = [_payment(sale, customer)] if Decimal(sale["amount_paid"]) else []
        self.items[sale["id"]], self.payments[sale["id"]] = items, payments
        shown = {name: sale[name] for name in SHOWN}
        return {"sales": shown, "sales-item": items, "sales-payment": payments}

    def _number(self, said: str) -> str:
        number = said if "-" in said else self.prefix + said
        if self.refuses_same_number and number in _each(self.sales, "invoice_number"):
            raise Refused(400, "The invoice number is taken")
        return number

    def _free_code(self) -> str:
        taken = {str(code) for code in _each(self.sales, "invoice_code")}
        return next(code for code in map(str, range(324232, 1_000_000)) if code not in taken)

    def _kept(self, body: dict[str, Any], number: str, code: str) -> dict[str, Any]:
        at = f"{self.clock():%Y-%m-%d %H:%M:%S}"
        is_draft = body["payment_type"] == "None" and not Decimal(body["amount_paid"])
        sent = {name: body.get(name) or None for name in SHOWN}
        sale = sent | {
            "id": len(self.sales) + 32,
            "invoice_code": int(code),
            "invoice_number": number,
            "customer_id": str(body["customer_id"]),
            "payment_status": "draft" if is_draft else sent["payment_status"],
            "created_at": at,
            "updated_at": at,
        }
        self.sales.append(sale)
        return sale


def _each(sales: list[dict[str, Any]], name: str) -> Iterable[Any]:
    return [one[name] for one in sales]


def _item(item: dict[str, Any], sale: dict[str, Any], at: int) -> dict[str, Any]:
    return {
        "id": at,
        "invoice_code": str(sale["invoice_code"]),
        "invoice_number": sale["invoice_number"],
        "item_name": item["item_name"],
        "description": item.get("description"),
        "unit_price": item["unit_price"],
        "quantity": item["quantity"],
        "tax": item.get("tax", "0.00"),
        "created_at": sale["created_at"],
        "updated_at": sale["updated_at"],
    }


def _payment(sale: dict[str, Any], customer: str) -> dict[str, Any]:
    return {
        "invoice_code": str(sale["invoice_code"]),
        "customer_name": customer,
        "amount_paid": sale["amount_paid"],
        "payment_method": sale["payment_type"],
        "internal_payment_note": sale["payment_internal_note"],
        "issued_by": sale["issued_by"],
        "payment_at": sale["created_at"],
        "created_at": sale["created_at"],
        "updated_at": sale["updated_at"],
    }
