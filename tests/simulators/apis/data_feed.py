"""The sales data feed as its document has it: what a point of sale sold, read and never written.

Where the document's table and its sample disagree, the sample holds: gross = net + tax,
`goods-service`, `PAID`. `is_full` says every field of both tables, else those of the sample.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from tests.simulators.apis.answering import Answer, Arrived, Asked, Refused, asked, served, told

PUBLISHED_COMPANY = "69894a02-9c03-40ac-a06a-ee6e4b38c6fb"
PUBLISHED_CONNECTION = "52684382-abff-45fa-a3f2-ced175adfe61"
ONLY_IN_TABLES = {"transaction_outstanding_amount"}
ONLY_IN_ITEM_TABLE = {
    "item_net_unit_discount_value",
    "item_unit_tax_value",
    "item_price_list_reference",
}


@dataclass(frozen=True, slots=True)
class FeedLine:
    """One line of a sale in the feed: net, tax and discount are of all that were sold."""

    identifier: str
    name: str
    quantity: Decimal
    net: Decimal
    tax: Decimal
    discount: Decimal = Decimal()
    price_list: str = ""


def sale(
    reference: str,
    moment: str,
    *lines: FeedLine,
    due: str = "",
    currency: str = "NZD",
    outstanding: Decimal = Decimal(),
) -> dict[str, Any]:
    """Return one sale with every field of the document; `moment` and `due` as it writes dates."""
    items = [_item(reference, at, one) for at, one in enumerate(lines)]
    totals = {
        name: sum((one[f"item_total_{name}_value"] for one in items), Decimal())
        for name in ("gross", "net", "tax")
    }
    return {
        "transaction_outstanding_amount": outstanding,
        "currency_rate": Decimal(1),
        **{f"transaction_{name}_value": total for name, total in totals.items()},
        "transaction_date": moment,
        "transaction_due_date": due or moment,
        "transaction_reference": reference,
        "transaction_currency": currency,
        "transaction_status": "UNPAID" if outstanding else "PAID",
        "line_items": items,
    }


def _item(reference: str, at: int, line: FeedLine) -> dict[str, Any]:
    quantity = line.quantity or Decimal(1)
    return {
        "product_name": line.name,
        "item_category": "sales-revenue",
        "item_type": "goods-service",
        "item_quantity": line.quantity,
        "item_identifier": line.identifier,
        "item_net_unit_sale_value": line.net / quantity,
        "item_net_unit_discount_value": line.discount / quantity,
        "item_unit_tax_value": line.tax / quantity,
        "item_price_list_reference": line.price_list,
        "item_total_net_value": line.net,
        "item_total_tax_value": line.tax,
        "item_total_gross_value": line.net + line.tax,
        "system_id": str(uuid5(NAMESPACE_URL, f"{reference}/{at}")),
    }


class DataFeed:
    """Feeds by company and connection, each with the keys that open it."""

    def __init__(self, *, is_full: bool = True) -> None:
        self.is_full = is_full
        self.arrived: list[Arrived] = []
        self.feeds: dict[tuple[str, str], list[dict[str, Any]]] = {}
        self.keys: dict[str, set[str]] = {}

    def connect(self, company: str, connection: str, key: str) -> None:
        """Make a connection of a company, opened by this key."""
        self.feeds.setdefault((company, connection), [])
        self.keys.setdefault(company, set()).add(key)

    def add(self, company: str, connection: str, one: dict[str, Any]) -> None:
        """Put a sale into a feed; its figures must hold."""
        for name in ("net", "tax", "gross"):
            lines = (line[f"item_total_{name}_value"] for line in one["line_items"])
            assert sum(lines, Decimal()) == one[f"transaction_{name}_value"], name
        net, tax = one["transaction_net_value"], one["transaction_tax_value"]
        assert net + tax == one["transaction_gross_value"]
        self.feeds[company, connection].append(one)

    def serve(self) -> AbstractContextManager[int]:
        """Serve on a port of loopback."""
        return served(self.handle)

    def handle(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Answer one request."""
        request = asked(method, target, headers, body)
        try:
            status, said = 200, self._sales(request)
        except Refused as refused:
            status, said = refused.status, {"error": refused.said}
        self.arrived.append(Arrived(method, request.path, None, status))
        return told(status, said)

    def _sales(self, request: Asked) -> Any:
        match (request.method, *request.parts):
            case ("GET", "companies", company, "connections", connection, "data", "sales"):
                pass
            case _:
                raise Refused(404, "Not found")
        key = request.headers.get("authorization", "")
        if not any(key in keys for keys in self.keys.values()):
            raise Refused(401, "Unauthorized")
        feed = self.feeds.get((company, connection))
        if feed is None or key not in self.keys[company]:
            raise Refused(404, "Not found")
        return {"results": [{"data": self._shown(one)} for one in feed]}

    def _shown(self, one: dict[str, Any]) -> dict[str, Any]:
        if self.is_full:
            return one
        items = [_without(line, ONLY_IN_ITEM_TABLE) for line in one["line_items"]]
        return _without(one, ONLY_IN_TABLES) | {"line_items": items}


def _without(one: dict[str, Any], names: set[str]) -> dict[str, Any]:
    return {name: value for name, value in one.items() if name not in names}
