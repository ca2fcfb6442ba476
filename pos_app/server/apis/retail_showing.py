"""Sales as the Retail Sale API shows them: head office's own, and those of the tills.

The figures of an own sale are those that were sent. A till's line is shown without tax and with
every discount taken off, so that total + tax is what was paid; the discount beside them is 0.00.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from pos_app.domain.money import Money, minor_digits
from pos_app.domain.payloads import text
from pos_app.domain.payment import TenderMethod
from pos_app.server import number_kinds as kinds
from pos_app.server.api_keys import Api
from pos_app.server.api_notes import notes_of
from pos_app.server.apis.exact import whole_or_fraction
from pos_app.server.apis.retail_giving import shown_moment
from pos_app.server.apis.retail_shapes import PaymentMethod, SaleStatus
from pos_app.server.companies import shop_of
from pos_app.server.number_kinds import line_key
from pos_app.server.sale_reading import SaleSeen, sales_seen
from pos_app.server.series import numbers_of
from pos_app.server.thing_kinds import CATEGORY, PRODUCT
from pos_app.server.thing_rows import load_things
from pos_app.sync.foreign_prices import MOST_PLACES
from pos_app.sync.foreign_prices import unit_price as price_for

Plain = Mapping[str, Any]
SALE_NOTE = "sale"
Wanted = dict[str, list[str]]  # ids that need a whole number, by kind
_AT_ONCE = 500
# What is neither cash nor owed nor sent by a bank was paid with some card.
_METHODS = {
    TenderMethod.CASH: PaymentMethod.CASH,
    TenderMethod.ON_ACCOUNT: PaymentMethod.CREDIT,
    TenderMethod.BANK_TRANSFER: PaymentMethod.TRANSFER,
    TenderMethod.CHEQUE: PaymentMethod.TRANSFER,
}


@dataclass
class Shelf:
    """Everything that some sales are shown with, and which ids still lack a number."""

    seen: list[SaleSeen]
    notes: dict[str, dict[str, Any]]
    categories: dict[str, str]  # of products: the id of their category
    category_names: dict[str, str]
    zones: dict[str, ZoneInfo]
    numbers: dict[str, dict[str, int]] = field(default_factory=dict)
    missing: Wanted = field(default_factory=dict)

    def number(self, kind: str, thing_id: str) -> int:
        """Return the whole number of an id."""
        return self.numbers[kind][thing_id]


def shelf_of(connection: Connection, company_id: str, sale_ids: Sequence[str]) -> Shelf:
    """Read what sales are shown with."""
    seen = sales_seen(connection, company_id, sale_ids)
    products = {line["product"] for sale in seen for line in sale.told["lines"]} - {None}
    categories = {
        product_id: state["category"]
        for product_id, state in _states(connection, company_id, PRODUCT, products)
        if state["category"]
    }
    names = {
        category_id: state["name"]
        for category_id, state in _states(
            connection, company_id, CATEGORY, set(categories.values())
        )
    }
    zones = {
        shop: ZoneInfo(shop_of(connection, company_id, shop).time_zone)
        for shop in {sale.shop for sale in seen}
    }
    notes = notes_of(connection, company_id, Api.RETAIL.value, SALE_NOTE, sale_ids)
    shelf = Shelf(seen, notes, categories, names, zones)
    for kind, ids in _wanted(shelf).items():
        found: dict[str, int] = {}
        for start in range(0, len(ids), _AT_ONCE):
            found |= numbers_of(connection, company_id, kind, ids[start : start + _AT_ONCE])
        shelf.numbers[kind] = found
        lacking = [thing_id for thing_id in ids if thing_id not in found]
        if lacking:
            shelf.missing[kind] = lacking
    return shelf


def sale_shown(shelf: Shelf, sale: SaleSeen) -> dict[str, Any]:
    """Return a sale under its published names."""
    told, note = sale.told, shelf.notes.get(sale.id, {})
    currency = told["currency"]
    lines = [_figures(line, sale.is_own, currency) for line in told["lines"]]
    discount = sum(one["amount"] for one in told["discounts"]) if sale.is_own else 0
    buyer = told["customer"] or {}
    return {
        "saleId": shelf.number(kinds.SALE, sale.id),
        "saleNumber": sale.number,
        "customerName": note.get("customerName", buyer.get("name", "")),
        "customerPhone": note.get("customerPhone", buyer.get("phone", "")),
        "saleDate": note.get("saleDate") or _moment(told["at"], shelf.zones[sale.shop]),
        "totalAmount": money_text(sum(amount for amount, _ in lines), currency),
        "totalTaxAmount": money_text(told["tax"], currency),
        "discount": money_text(discount, currency),
        "paymentMethod": note.get("paymentMethod") or _method(told["tenders"]).value,
        "status": (SaleStatus.VOID if sale.is_voided else SaleStatus.COMPLETED).value,
        "createdBy": note.get("createdBy", told["staff"]),
        "items": [
            _item(shelf, sale, line, figures)
            for line, figures in zip(told["lines"], lines, strict=True)
        ],
    }


def money_text(minor: int, currency: str) -> str:
    """Write an amount with the currency's places: 65.00."""
    return f"{Money(minor, currency).amount:f}"


def price_text(price: Decimal, currency: str) -> str:
    """Write a unit price with the currency's places, or more where it has more."""
    places = minor_digits(currency)
    return f"{price:.{places}f}" if price == round(price, places) else text(price)


def _figures(line: Plain, is_own: bool, currency: str) -> tuple[int, Decimal]:
    """Return a line's amount before tax in minor units, and its unit price."""
    if is_own:
        return line["net"] + line["document_discount"], Decimal(line["unit_price"])
    amount, quantity = Money(line["net"], currency), Decimal(line["quantity"])
    price = price_for(amount, quantity)
    if price is None:  # no price of six places comes to it
        price = round(amount.amount / quantity, MOST_PLACES) if quantity else amount.amount
    return amount.minor, price


def _item(
    shelf: Shelf, sale: SaleSeen, line: Plain, figures: tuple[int, Decimal]
) -> dict[str, Any]:
    currency, product = sale.told["currency"], line["product"]
    subtotal, unit_price = figures
    category, category_name = _category(shelf, sale, line)
    return {
        "saleItemId": shelf.number(kinds.SALE_LINE, line_key(sale.id, line["line_no"])),
        "itemId": None if product is None else shelf.number(kinds.PRODUCT, product),
        "itemName": line["name"] or line["code"],
        "quantity": whole_or_fraction(Decimal(line["quantity"])),
        "unitPrice": price_text(unit_price, currency),
        "subTotal": money_text(subtotal, currency),
        "taxAmount": money_text(line["tax"], currency),
        "warehouseId": shelf.number(kinds.WAREHOUSE, sale.shop),
        "categoryId": category,
        "categoryName": category_name,
        "taxes": [
            {
                "taxId": shelf.number(kinds.TAX, _tax_key(tax)),
                "taxName": tax["name"],
                "taxPercentage": float(tax["rate"] or 0),
                "taxAmount": money_text(tax["amount"], currency),
            }
            for tax in line["taxes"]
        ],
    }


def _category(shelf: Shelf, sale: SaleSeen, line: Plain) -> tuple[int | None, str]:
    """Return number and name of a line's category: as they were sent, else the product's."""
    sent = shelf.notes.get(sale.id, {}).get("items", [])
    said = sent[line["line_no"] - 1] if line["line_no"] <= len(sent) else {}
    own = shelf.categories.get(line["product"] or "")
    number = said.get("categoryId")
    if number is None and own is not None:
        number = shelf.number(kinds.CATEGORY, own)
    name = said.get("categoryName")
    return number, shelf.category_names.get(own or "", "") if name is None else name


def _wanted(shelf: Shelf) -> Wanted:
    """Return which ids the sales need whole numbers of."""
    found: Wanted = {kinds.SALE: [sale.id for sale in shelf.seen], kinds.SALE_LINE: []}
    others: dict[str, set[str]] = {kinds.PRODUCT: set(), kinds.TAX: set()}
    for sale in reversed(shelf.seen):  # the first sale and its lines get the first numbers
        for line in sale.told["lines"]:
            found[kinds.SALE_LINE].append(line_key(sale.id, line["line_no"]))
            if line["product"] is not None:
                others[kinds.PRODUCT].add(line["product"])
            others[kinds.TAX].update(map(_tax_key, line["taxes"]))
    found[kinds.SALE].reverse()
    others[kinds.CATEGORY] = set(shelf.categories.values())
    others[kinds.WAREHOUSE] = {sale.shop for sale in shelf.seen}
    return found | {kind: sorted(ids) for kind, ids in others.items()}


def _tax_key(tax: Plain) -> str:
    """Return under which id a tax has its number: its code, or its name and rate without one."""
    return tax["code"] or f"{tax['name']} {tax['rate'] or tax['fixed_per_unit']}"


def _method(tenders: Sequence[Plain]) -> PaymentMethod:
    """Return how a sale was paid: what paid the most of it."""
    if not tenders:
        return PaymentMethod.CASH
    largest = max(tenders, key=lambda one: abs(one["amount"]))
    return _METHODS.get(TenderMethod(largest["method"]), PaymentMethod.CARD)


def _moment(at: str, zone: ZoneInfo) -> str:
    return shown_moment(datetime.fromisoformat(at).astimezone(zone))


def _states(
    connection: Connection, company_id: str, kind: str, ids: Iterable[str]
) -> list[tuple[str, dict[str, Any]]]:
    rows = load_things(connection, company_id, [(kind, thing_id) for thing_id in ids])
    return [(row.id, json.loads(row.state)) for row in rows.values() if row.state]
