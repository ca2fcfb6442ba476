"""The Retail Sale API as its document has it: sales that take stock, and voids that give it back.

The document names no refusals. Here a body that is not as published is answered 400 and a wrong
key 401, both with `{"data": false}`; with `says_no_with=200` the status of the first says nothing.
Nor does it promise that the same sale number twice is one sale: it is two.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, tzinfo
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
from tests.simulators.apis.shapes import Field, check, optional

MOMENT = shapes.matches(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d{4}")
AMOUNT = shapes.matches(r"-?\d{1,12}\.\d{2}")
UNIT_PRICE = shapes.matches(r"-?\d{1,12}\.\d{2,6}")
TAX = {
    "taxName": Field(shapes.words),
    "taxPercentage": Field(shapes.number),
    "taxAmount": Field(AMOUNT),
}
ITEM = {
    "itemId": Field(shapes.whole),
    "itemName": Field(shapes.text),
    "quantity": Field(shapes.number),
    "unitPrice": Field(UNIT_PRICE),
    "subTotal": Field(AMOUNT),
    "taxAmount": optional(AMOUNT),
    "warehouseId": optional(shapes.whole),
    "categoryId": optional(shapes.whole),
    "categoryName": optional(shapes.text),
    "stockLocationId": optional(shapes.whole),
    "locationName": optional(shapes.text),
    "taxes": optional([TAX]),
}
SALE = {
    "saleNumber": Field(shapes.words),
    "customerName": optional(shapes.text),
    "customerPhone": optional(shapes.text),
    "saleDate": Field(MOMENT),
    "paymentMethod": Field(shapes.one_of("CASH", "CARD", "CREDIT", "TRANSFER")),
    "totalAmount": Field(AMOUNT),
    "discount": optional(AMOUNT),
    "createdBy": optional(shapes.text),
    "notes": optional(shapes.text),
    "items": Field([ITEM]),
}
CREATE = {
    "authKey": Field(shapes.text),
    "userName": Field(shapes.text),
    "sale": Field(SALE),
}
SHOWN = (
    "saleId saleNumber customerName customerPhone saleDate totalAmount totalTaxAmount discount "
    "paymentMethod status createdBy items"
).split()
SHOWN_OF_ITEM = (
    "saleItemId itemId itemName quantity unitPrice subTotal taxAmount warehouseId categoryId "
    "categoryName taxes"
).split()
BRIEF = "saleId saleNumber status totalAmount totalTaxAmount items".split()
BRIEF_OF_ITEM = "saleItemId itemId itemName taxAmount taxes".split()


class RetailSale:
    """Its state, and one method that answers.

    `item_taxes` are the taxes of an item's master, as name and percentage. `zone` is where the
    server stands: the day of a sale in a search is the one it had there.
    """

    def __init__(
        self,
        user: str = "admin",
        key: str = "abc123",
        *,
        item_taxes: Mapping[int, tuple[tuple[str, Decimal], ...]] | None = None,
        zone: tzinfo = UTC,
        says_no_with: int = 400,
    ) -> None:
        self.keys = {(user, key)}
        self.item_taxes = item_taxes or {}
        self.zone, self.says_no_with = zone, says_no_with
        self.arrived: list[Arrived] = []
        self.sales: list[dict[str, Any]] = []
        self.stock: dict[int, Decimal] = {}
        self.value: dict[int, Decimal] = {}
        self.places: dict[tuple[int, int], Decimal] = {}
        self.clock = Clock()
        self._lines = 0

    def serve(self) -> AbstractContextManager[int]:
        """Serve on a port of loopback."""
        return served(self.handle)

    def handle(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Answer one request."""
        request = asked(method, target, headers, body)
        sent = None
        try:
            if (method, *request.parts) == ("POST", "rest", "inventory", "sale", "create"):
                sent = request.json(Refused(self.says_no_with, "no JSON"))
                status, said = 200, self._create(sent)
            else:
                status, said = 200, self._read(request)
        except Refused as refused:
            status, said = refused.status, False
        self.arrived.append(Arrived(method, request.path, sent, status))
        return told(status, {"data": said})

    def _create(self, body: Any) -> bool:
        try:
            check(body, CREATE)
        except shapes.Wrong as wrong:
            raise Refused(self.says_no_with, str(wrong)) from None
        self._let_in(body["userName"], body["authKey"])
        sale = body["sale"]
        self._check_figures(sale)
        kept = [self._line(one) for one in sale["items"]]
        tax = sum((Decimal(one["taxAmount"]) for one in kept), Decimal())
        self.sales.append(
            {
                "customerName": "",
                "customerPhone": "",
                "discount": "0.00",
                "createdBy": body["userName"],
                **sale,
                "saleId": len(self.sales) + 1,
                "totalTaxAmount": f"{tax:.2f}",
                "status": "COMPLETED",
                "items": kept,
                "createdDate": self.clock(),
            }
        )
        for one in sale["items"]:
            self._move(one, -1)
        return True

    def _check_figures(self, sale: dict[str, Any]) -> None:
        """Check quantity x price of each line, the sum of its taxes, and the sum of the lines."""
        for one in sale["items"]:
            product = cents(Decimal(one["quantity"]) * Decimal(one["unitPrice"]))
            if product != Decimal(one["subTotal"]) or not one["quantity"]:
                raise Refused(self.says_no_with, f"{one} does not multiply")
            if "taxes" in one:
                taxes = sum((Decimal(tax["taxAmount"]) for tax in one["taxes"]), Decimal())
                if taxes != Decimal(one.get("taxAmount", "0.00")):
                    raise Refused(self.says_no_with, f"the taxes of {one} do not add up")
        lines = sum((Decimal(one["subTotal"]) for one in sale["items"]), Decimal())
        if lines != Decimal(sale["totalAmount"]) or not sale["items"]:
            raise Refused(self.says_no_with, "the lines do not add up")

    def _line(self, item: dict[str, Any]) -> dict[str, Any]:
        """Return a line as it is kept: numbered, with the item's own taxes where none came."""
        self._lines += 1
        taxes = item.get("taxes")
        if taxes is None:
            net = Decimal(item["subTotal"])
            taxes = [
                {
                    "taxName": name,
                    "taxPercentage": percentage,
                    "taxAmount": f"{cents(net * percentage / 100):.2f}",
                }
                for name, percentage in self.item_taxes.get(item["itemId"], ())
            ]
        total = sum((Decimal(tax["taxAmount"]) for tax in taxes), Decimal())
        numbered = [{"taxId": at, **tax} for at, tax in enumerate(taxes, start=1)]
        return {
            "warehouseId": None,
            "categoryId": None,
            "categoryName": None,
            **item,
            "saleItemId": self._lines,
            "taxAmount": f"{total:.2f}",
            "taxes": numbered,
        }

    def _move(self, item: dict[str, Any], sign: int) -> None:
        """Take a line's goods from stock, or give them back; the value does not fall below 0."""
        item_id, quantity = item["itemId"], sign * Decimal(item["quantity"])
        self.stock[item_id] = self.stock.get(item_id, Decimal()) + quantity
        value = self.value.get(item_id, Decimal()) + quantity * Decimal(item["unitPrice"])
        self.value[item_id] = max(value, Decimal())
        if "stockLocationId" in item:
            place = (item_id, item["stockLocationId"])
            self.places[place] = self.places.get(place, Decimal()) + quantity

    def _read(self, request: Asked) -> Any:
        match (request.method, *request.parts):
            case ("GET", "rest", "inventory", "sale", "list", user, key):
                self._let_in(user, key)
                newest = sorted(self.sales, key=lambda one: one["createdDate"], reverse=True)
                return [_shown(one) for one in newest]
            case ("GET", "rest", "inventory", "sale", "get", sale_id, user, key):
                self._let_in(user, key)
                return _shown(self._by_id(sale_id), BRIEF, BRIEF_OF_ITEM)
            case ("GET", "rest", "inventory", "sale", "search", first, last, user, key):
                self._let_in(user, key)
                return self._search(first, last)
            case ("GET", "rest", "inventory", "sale", "void", sale_id, user, key):
                self._let_in(user, key)
                return self._void(self._by_id(sale_id))
        raise Refused(404, "there is nothing")

    def _search(self, first: str, last: str) -> list[dict[str, Any]]:
        if not (shapes.day(first) and shapes.day(last)):
            raise Refused(self.says_no_with, "no days")
        between = (date.fromisoformat(first), date.fromisoformat(last))
        found = [one for one in self.sales if between[0] <= self._at(one).date() <= between[1]]
        return [_shown(one) for one in sorted(found, key=self._at, reverse=True)]

    def _at(self, sale: dict[str, Any]) -> datetime:
        at = datetime.strptime(sale["saleDate"], "%Y-%m-%dT%H:%M:%S.%f%z")
        return at.astimezone(self.zone)

    def _void(self, sale: dict[str, Any]) -> bool:
        if sale["status"] == "VOID":
            return False
        sale["status"] = "VOID"
        for one in sale["items"]:
            self._move(one, 1)
        return True

    def _by_id(self, said: str) -> dict[str, Any]:
        for one in self.sales:
            if str(one["saleId"]) == said:
                return one
        raise Refused(404, "there is no such sale")

    def _let_in(self, user: str, key: str) -> None:
        if (user, key) not in self.keys:
            raise Refused(401, "the key is not good")


def _shown(
    sale: dict[str, Any], names: list[str] = SHOWN, of_item: list[str] = SHOWN_OF_ITEM
) -> dict[str, Any]:
    items = [{name: one[name] for name in of_item} for one in sale["items"]]
    return {name: sale[name] for name in names if name != "items"} | {"items": items}
