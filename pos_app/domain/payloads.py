"""Values of the domain as the plain values that journal entries hold.

Texts, integers, booleans, lists and maps; money in minor units, Decimals as plain text.
"""

from decimal import Decimal
from typing import Any

from pos_app.domain.customer import Customer
from pos_app.domain.payment import CashRounding, Tender
from pos_app.domain.pricing import PricePolicy, TaxFigure
from pos_app.domain.product import Product, Unit
from pos_app.domain.sale import SaleLine
from pos_app.domain.stock import StockMove
from pos_app.domain.tax import Tax


def policy_payload(policy: PricePolicy) -> dict[str, Any]:
    """A price policy as plain values."""
    return {
        "currency": policy.currency,
        "prices_include_tax": policy.prices_include_tax,
        "tax_rounding": policy.tax_rounding.value,
        "rounding": policy.rounding.value,
        "step": optional_text(policy.step),
    }


def sale_line_payload(line: SaleLine) -> dict[str, Any]:
    """A sold line as plain values; money in minor units."""
    figures = line.figures
    return {
        "code": line.code,
        "cost": optional_text(line.cost),
        "discount": figures.discount.minor,
        "discount_per_unit": text(line.discount.amount_per_unit),
        "discount_percent": text(line.discount.percent),
        "discount_reason": line.discount.reason,
        "document_discount": figures.document_discount.minor,
        "gross": figures.gross.minor,
        "kind": line.kind.value,
        "line_no": line.line_no,
        "list_price": optional_text(line.list_price),
        "name": line.name,
        "net": figures.net.minor,
        "note": line.note,
        "product": line.product_id,
        "quantity": text(line.quantity),
        "returns": None
        if line.returns is None
        else {
            "line_no": line.returns.line_no,
            "number": line.returns.sale_number,
            "reason": line.returns.reason,
            "sale": line.returns.sale_id,
        },
        "tax": figures.tax.minor,
        "taxes": [tax_figure_payload(figure) for figure in figures.taxes],
        "unit": line.unit.code,
        "unit_decimals": line.unit.decimals,
        "unit_name": line.unit.name,
        "unit_price": text(line.unit_price),
    }


def tender_payload(tender: Tender) -> dict[str, Any]:
    """A payment as plain values; money in minor units, foreign cash only where there was some."""
    payload: dict[str, Any] = {
        "amount": tender.amount.minor,
        "change": tender.change.minor,
        "method": tender.method.value,
        "reference": tender.reference,
        "tendered": tender.tendered.minor,
    }
    if tender.foreign is not None:
        payload["foreign"] = {
            "currency": tender.foreign.tendered.currency,
            "rate": text(tender.foreign.rate),
            "tendered": tender.foreign.tendered.minor,
        }
    return payload


def cash_rounding_payload(rounding: CashRounding) -> dict[str, Any]:
    """A cash rounding as plain values; where a refund goes on from is no rule, so it is not in."""
    return {
        "mode": rounding.mode.value,
        "only_cash": rounding.only_cash,
        "step": text(rounding.step),
    }


def unit_payload(unit: Unit) -> dict[str, Any]:
    """A unit of measure as plain values."""
    return {"code": unit.code, "name": unit.name, "decimals": unit.decimals}


def tax_payload(tax: Tax) -> dict[str, Any]:
    """A tax as plain values."""
    return {
        "code": tax.code,
        "name": tax.name,
        "rate": optional_text(tax.rate),
        "fixed_per_unit": optional_text(tax.fixed_per_unit),
        "included": tax.included,
        "affects_next": tax.affects_next,
    }


def tax_figure_payload(figure: TaxFigure) -> dict[str, Any]:
    """A tax with its base and amount in minor units."""
    tax = figure.tax
    return {
        "affects_next": tax.affects_next,
        "amount": figure.amount.minor,
        "base": figure.base.minor,
        "code": tax.code,
        "fixed_per_unit": optional_text(tax.fixed_per_unit),
        "included": tax.included,
        "name": tax.name,
        "rate": optional_text(tax.rate),
    }


def move_payload(move: StockMove) -> dict[str, Any]:
    """A stock movement as plain values."""
    payload = {
        "location": move.location,
        "note": move.note,
        "product": move.product_id,
        "quantity": text(move.quantity),
        "reason": move.reason.value,
    }
    if move.batch:
        payload["batch"] = move.batch
    return payload


def product_payload(product: Product) -> dict[str, Any]:
    """A product as plain values."""
    return {
        "id": product.id,
        "code": product.code,
        "name": product.name,
        "price": optional_text(product.price),
        "unit": product.unit.code,
        "kind": product.kind.value,
        "category": product.category_id,
        "taxes": [tax_payload(tax) for tax in product.taxes],
        "barcodes": list(product.barcodes),
        "cost": optional_text(product.cost),
        "min_price": optional_text(product.min_price),
        "is_active": product.is_active,
        "tile_position": product.tile_position,
    }


def customer_payload(customer: Customer) -> dict[str, Any]:
    """A customer as plain values; what came with revision 0003 only where it says something."""
    payload = {name: getattr(customer, name) for name in _CUSTOMER_FIELDS}
    for name in _LATER_CUSTOMER_FIELDS:
        if value := getattr(customer, name):
            payload[name] = value
    if not customer.is_active:
        payload["is_active"] = False
    return payload


_CUSTOMER_FIELDS = Customer.__slots__[:12]
_LATER_CUSTOMER_FIELDS = Customer.__slots__[12:-1]


def text(value: Decimal) -> str:
    """Write a Decimal plainly: no exponent, no trailing zeros, so equal values look equal."""
    plain = str(value)
    if "E" in plain:  # Without an exponent this is the plain form already, and made much sooner.
        plain = f"{value:f}"
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return "0" if plain == "-0" else plain


def optional_text(value: Decimal | None) -> str | None:
    """Write a Decimal plainly, or keep None."""
    return None if value is None else text(value)
