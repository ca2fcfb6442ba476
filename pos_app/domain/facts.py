"""What happened in the shop, in past tense: the kinds of journal entries and their payloads."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from pos_app.domain.cart import Cart, CartLine, price_cart
from pos_app.domain.customer import Customer
from pos_app.domain.money import Money
from pos_app.domain.pricing import PricePolicy, TaxFigure
from pos_app.domain.product import Product, Unit
from pos_app.domain.sale import Sale, SaleLine
from pos_app.domain.stock import StockMove
from pos_app.domain.tax import Tax

Payload = Mapping[str, Any]


class FactKind(StrEnum):
    """Every kind of business fact; the journal holds no other."""

    STORE_OPENED = "store_opened"
    SALE_COMPLETED = "sale_completed"
    LINE_REMOVED = "line_removed"
    PRICE_OVERRIDDEN = "price_overridden"
    SALE_PARKED = "sale_parked"
    SALE_RECALLED = "sale_recalled"
    SALE_DISCARDED = "sale_discarded"
    DRAWER_OPENED = "drawer_opened"
    RECEIPT_REPRINTED = "receipt_reprinted"
    STOCK_MOVED = "stock_moved"
    PRODUCT_SAVED = "product_saved"
    PRODUCTS_IMPORTED = "products_imported"
    CATEGORY_SAVED = "category_saved"
    CUSTOMER_SAVED = "customer_saved"
    SETTINGS_CHANGED = "settings_changed"
    STORE_RESTORED = "store_restored"


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that happened; the payload holds strings, integers, booleans, lists and maps."""

    kind: FactKind
    payload: Payload


def canonical(payload: Payload) -> str:
    """Write a payload the one way it is hashed: sorted keys, no spaces, UTF-8, no floats.

    In the manner of RFC 8785; a float raises ValueError because money must never be one.
    """
    written = _WRITER.encode(payload)
    if _may_hold_floats(written):
        _refuse_floats(payload)
    return written


def sale_completed(sale: Sale, moves: tuple[StockMove, ...] = ()) -> Fact:
    """A document was finished: everything on it, and how it moved stock. Money in minor units."""
    stamp = sale.stamp
    payload = {  # In the order of their names, which spares the writer most of its sorting.
        "amount_due": sale.amount_due.minor,
        "at": stamp.at.isoformat(),
        "business_day": stamp.business_day.isoformat(),
        "cash_rounding": None
        if sale.cash_rounding is None
        else {
            "mode": sale.cash_rounding.mode.value,
            "only_cash": sale.cash_rounding.only_cash,
            "step": text(sale.cash_rounding.step),
        },
        "change": sale.change.minor,
        "currency": sale.currency,
        "customer": None if sale.customer is None else customer_payload(sale.customer),
        "discounts": [
            {
                "amount": amount.minor,
                "basis": discount.basis.value,
                "kind": discount.kind.value,
                "reason": discount.reason,
                "value": text(discount.value),
            }
            for discount, amount in zip(sale.discounts, sale.discount_amounts, strict=True)
        ],
        "gross": sale.gross.minor,
        "id": sale.id,
        "kind": sale.kind.value,
        "lines": [sale_line_payload(line) for line in sale.lines],
        "net": sale.net.minor,
        "note": sale.note,
        "number": sale.number,
        "paid": sale.paid.minor,
        "policy": policy_payload(sale.policy),
        "rounding": sale.rounding.minor,
        "shop": stamp.shop,
        "staff": stamp.staff,
        "stock": [move_payload(move) for move in moves],
        "tax": sale.tax.minor,
        "taxes": [tax_figure_payload(figure) for figure in sale.taxes],
        "tenders": [
            {
                "amount": tender.amount.minor,
                "change": tender.change.minor,
                "method": tender.method.value,
                "reference": tender.reference,
                "tendered": tender.tendered.minor,
            }
            for tender in sale.tenders
        ],
        "till": stamp.till,
    }
    return Fact(FactKind.SALE_COMPLETED, payload)


def line_removed(cart: Cart, line: CartLine) -> Fact:
    """A line was taken out of a cart before payment."""
    return Fact(
        FactKind.LINE_REMOVED,
        {
            "cart": cart.id,
            "code": line.code,
            "name": line.name,
            "quantity": text(line.quantity),
            "unit_price": optional_text(line.unit_price),
        },
    )


def price_overridden(cart: Cart, line: CartLine) -> Fact:
    """A line sells at another price than the product's."""
    return Fact(
        FactKind.PRICE_OVERRIDDEN,
        {
            "cart": cart.id,
            "code": line.code,
            "list_price": optional_text(line.list_price),
            "unit_price": optional_text(line.unit_price),
        },
    )


def sale_parked(cart: Cart, name: str, sha256: str) -> Fact:
    """A cart was put aside under a name; `sha256` (hex) is that of its text in the store."""
    gross = price_cart(cart).gross
    return Fact(
        FactKind.SALE_PARKED,
        {
            "cart": cart.id,
            "name": name,
            "lines": len(cart.lines),
            "gross": gross.minor,
            "currency": gross.currency,
            "sha256": sha256,
        },
    )


def sale_recalled(cart: Cart) -> Fact:
    """A parked cart came back to the screen."""
    return Fact(FactKind.SALE_RECALLED, {"cart": cart.id, "lines": len(cart.lines)})


def sale_discarded(cart: Cart, gross: Money) -> Fact:
    """A whole cart was given up before payment."""
    return Fact(
        FactKind.SALE_DISCARDED,
        {
            "cart": cart.id,
            "lines": len(cart.lines),
            "gross": gross.minor,
            "currency": gross.currency,
        },
    )


def drawer_opened(reason: str) -> Fact:
    """The drawer was opened without a sale."""
    return Fact(FactKind.DRAWER_OPENED, {"reason": reason})


def receipt_reprinted(sale: Sale) -> Fact:
    """A copy of a receipt was printed."""
    return Fact(FactKind.RECEIPT_REPRINTED, {"sale": sale.id, "number": sale.number})


def stock_moved(moves: tuple[StockMove, ...]) -> Fact:
    """Stock moved for another reason than a sale."""
    return Fact(FactKind.STOCK_MOVED, {"moves": [move_payload(move) for move in moves]})


def product_saved(product: Product) -> Fact:
    """A product was made or changed; the whole new state, with its unit in full."""
    payload = {**product_payload(product), "units": [unit_payload(product.unit)]}
    return Fact(FactKind.PRODUCT_SAVED, payload)


def customer_saved(customer: Customer) -> Fact:
    """A customer was made or changed; the whole new state."""
    return Fact(FactKind.CUSTOMER_SAVED, customer_payload(customer))


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
        "unit_name": line.unit.name,
        "unit_decimals": line.unit.decimals,
        "unit_price": text(line.unit_price),
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
    return {
        "location": move.location,
        "note": move.note,
        "product": move.product_id,
        "quantity": text(move.quantity),
        "reason": move.reason.value,
    }


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
    """A customer as plain values."""
    return {name: getattr(customer, name) for name in Customer.__slots__}


def text(value: Decimal) -> str:
    """Write a Decimal plainly: no exponent, no trailing zeros, so equal values look equal."""
    plain = f"{value:f}"
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return "0" if plain == "-0" else plain


def optional_text(value: Decimal | None) -> str | None:
    """Write a Decimal plainly, or keep None."""
    return None if value is None else text(value)


def _may_hold_floats(written: str) -> bool:
    """Whether 1.5, 1e-07 or NaN could stand outside the texts; much quicker than a close look."""
    if '\\"' in written:
        return True
    outside = "".join(written.split('"')[::2])
    return any(sign in outside for sign in (".", "+", "e-", "N", "I"))


def _refuse_floats(value: Any) -> None:
    """Look at every value: the JSON writer takes a float without asking."""
    for inner in value.values() if isinstance(value, Mapping) else value:
        if isinstance(inner, (dict, list, tuple)):
            _refuse_floats(inner)
        elif isinstance(inner, float):
            _refuse(inner)


def _refuse(value: object) -> Any:
    raise ValueError(f"{value!r} has no place in a journal payload")


_WRITER = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_refuse
)
