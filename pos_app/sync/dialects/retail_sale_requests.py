"""A sale as the Retail Sale API wants it written, and where to look for it again."""

import re
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from pos_app.domain.payment import TenderMethod
from pos_app.domain.sale import Sale, SaleLine
from pos_app.sync.dialect import Ask, Known, NotSayable
from pos_app.sync.foreign_prices import figure, in_words, joined, largest, number, parts_of

ROOT = "/rest/inventory/sale"
BY_NAME = "name"
_METHODS = {
    TenderMethod.CASH: "CASH",
    TenderMethod.CARD: "CARD",
    TenderMethod.ON_ACCOUNT: "CREDIT",
}
_OTHER_METHOD = "TRANSFER"
_WHOLE = re.compile(r"[0-9]{1,18}")
_PLACES = (("warehouseId", "warehouse"), ("stockLocationId", "stock_location"))


class ItemIdUnknown(NotSayable):
    """A product whose item id at the remote nobody entered."""

    sentence = (
        "{name} cannot be sent there: the item id of {product} is not known. Enter it in the "
        "connection, or let such lines go by their name."
    )


def create(sale: Sale, at: datetime, known: Known) -> Ask:
    """Write a sale; raises ItemIdUnknown."""
    customer = sale.customer
    body = {
        "saleNumber": sale.number,
        "customerName": customer.name if customer else known.option("walk_in"),
        "customerPhone": customer.phone if customer else "",
        "saleDate": _moment(sale, at),
        "paymentMethod": _method(sale),
        "totalAmount": figure(sale.net),
        "discount": "0.00",
        "createdBy": sale.stamp.staff,
        "notes": joined(sale.note, in_words(sale.tenders, sale.rounding)),
        "items": [item for line in sale.lines for item in _items(sale, line, known)],
    }
    return Ask("POST", f"{ROOT}/create", body={"sale": body}, is_change=True)


def search(sale: Sale, at: datetime) -> Ask:
    """Ask for the sales of the days that a sale may stand under there."""
    sold = sale.stamp.at
    days = {sale.stamp.business_day, sold.date(), sold.astimezone(at.tzinfo).date()}
    first, last = min(days) - timedelta(days=1), max(days) + timedelta(days=1)
    return Ask("GET", f"{ROOT}/search/{first.isoformat()}/{last.isoformat()}")


def _method(sale: Sale) -> str:
    most = largest(sale.tenders)
    return "CASH" if most is None else _METHODS.get(most, _OTHER_METHOD)


def _moment(sale: Sale, at: datetime) -> str:
    """Write when it was sold, with the offset of `at`: 2026-02-20T10:30:00.000+0530."""
    moment = sale.stamp.at.astimezone(at.tzinfo)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}{moment:%z}"


def _items(sale: Sale, line: SaleLine, known: Known) -> list[dict[str, Any]]:
    """Write a line; one whose amount no unit price comes to is written as two."""
    item_id = _item_id(sale, line, known)
    parts = parts_of(line.figures.net, line.quantity, len(sale.lines))
    return [
        {
            **({} if item_id is None else {"itemId": item_id}),
            "itemName": line.name or line.code,
            "quantity": number(part.quantity),
            "unitPrice": figure(part.unit_price),
            "subTotal": figure(part.amount),
            "taxAmount": figure(line.figures.tax) if part is parts[0] else "0.00",
            **_places(known),
            # Said even where there are none, or the item's own would be added there.
            "taxes": _taxes(line) if part is parts[0] else [],
        }
        for part in parts
    ]


def _item_id(sale: Sale, line: SaleLine, known: Known) -> int | None:
    """Return the item's id there; a line of no product, such as a gift card, has none."""
    if line.product_id is None:
        return None
    item_id = known.product(line.product_id, line.code) or ""
    if _WHOLE.fullmatch(item_id):
        return int(item_id)
    if known.option("unmapped") == BY_NAME:
        return None
    raise ItemIdUnknown(name=sale.number, product=line.name or line.code)


def _places(known: Known) -> dict[str, int]:
    """Return the warehouse and the place in it that the connection names."""
    chosen = {field: known.option(option) for field, option in _PLACES}
    return {field: int(text) for field, text in chosen.items() if _WHOLE.fullmatch(text)}


def _taxes(line: SaleLine) -> list[dict[str, Any]]:
    return [
        {
            "taxName": taxed.tax.name or taxed.tax.code or "Tax",
            "taxPercentage": number(taxed.tax.rate or Decimal(0)),
            "taxAmount": figure(taxed.amount),
        }
        for taxed in line.figures.taxes
    ]
