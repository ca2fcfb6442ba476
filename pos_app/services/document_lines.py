"""New lines of documents: what a product costs a customer today, and lines typed by hand."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from pos_app.domain.customer import Customer
from pos_app.domain.document import DocumentLine, line_of, next_line_id
from pos_app.domain.product import Product
from pos_app.domain.tax import taxes_of_unknown

if TYPE_CHECKING:
    from pos_app.store.store import Store


def product_line(
    store: "Store",
    customer: Customer | None,
    lines: Sequence[DocumentLine],
    product: Product,
    quantity: Decimal = Decimal(1),
) -> DocumentLine:
    """Return a new line that sells a product at the price of the customer's list."""
    from pos_app.services.price_lists import price_of  # noqa: PLC0415 - has records of its own

    line = line_of(product, next_line_id(lines), quantity)
    price = price_of(store, product, customer)
    return line if price is None else replace(line, unit_price=price)


def free_line(store: "Store", lines: Sequence[DocumentLine]) -> DocumentLine:
    """Return a new line for what is in no catalogue, taxed as the shop's highest rate."""
    return DocumentLine(
        id=next_line_id(lines),
        name="",
        quantity=Decimal(1),
        unit_price=Decimal(0),
        taxes=taxes_of_unknown(store.products.taxes()),
    )
