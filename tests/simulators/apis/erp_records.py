"""What the ERP keeps: things by kind, their ids and their numbers."""

from typing import Any, Protocol

from tests.simulators.apis.answering import Refused

Thing = dict[str, Any]
Made = tuple[str, Thing] | None
NUMBERS = {
    "customers": ("customerNo", "CUS"),
    "quotations": ("quotationNo", "QT"),
    "orders": ("orderNo", "SO"),
    "deliveries": ("deliveryNo", "DL"),
    "invoices": ("invoiceNo", "INV"),
    "returns": ("returnNo", "RTN"),
}
SINGULAR = {
    "customers": "customer",
    "quotations": "quotation",
    "orders": "order",
    "deliveries": "delivery",
    "invoices": "invoice",
    "returns": "return",
}


class Office(Protocol):
    """What the documents need of the server."""

    things: dict[str, list[Thing]]
    products: dict[str, Any]
    numbers: dict[str, int]


def by_id(office: Office, kind: str, thing_id: str) -> Thing:
    """Return a thing; raises Refused (404)."""
    for one in office.things[kind]:
        if one["id"] == thing_id:
            return one
    raise Refused(404, f"{SINGULAR[kind]} not found")


def require(holds: bool, said: str) -> None:
    """Refuse with 400 and this sentence where a rule does not hold."""
    if not holds:
        raise Refused(400, said)


def next_of(office: Office, series: str) -> int:
    """Return the next number of a series."""
    office.numbers[series] = office.numbers.get(series, 0) + 1
    return office.numbers[series]


def head_of(office: Office, kind: str, customer: Thing, day: str) -> Thing:
    """Return a new document's ids and whose it is; numbers begin anew each month."""
    name, letters = NUMBERS[kind]
    month = day[:4] + day[5:7]
    return {
        "id": f"{SINGULAR[kind]}-{next_of(office, kind):03}",
        name: f"{letters}{month}{next_of(office, kind + month):04}",
        "customerId": customer["id"],
        "customerName": customer["name"],
        **{field: customer.get(field) for field in ("contact", "phone", "address")},
    }


def product_of(office: Office, product_id: str) -> Thing:
    """Return a line's product as documents show it; raises Refused (404)."""
    product = office.products.get(product_id)
    if product is None:
        raise Refused(404, "product not found")
    return {
        "productId": product_id,
        "productCode": product.code,
        "productName": product.name,
        "specification": product.specification,
        "unit": product.unit,
    }
