"""What happened in the shop, in past tense: the kinds of journal entries and their payloads."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pos_app.domain.cart import Cart, CartLine, price_cart
from pos_app.domain.customer import Customer
from pos_app.domain.money import Money
from pos_app.domain.payloads import (
    cash_rounding_payload,
    customer_payload,
    move_payload,
    optional_text,
    policy_payload,
    product_payload,
    sale_line_payload,
    tax_figure_payload,
    tender_payload,
    text,
    unit_payload,
)
from pos_app.domain.product import Product
from pos_app.domain.sale import Sale
from pos_app.domain.stock import StockMove

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
    STAFF_SAVED = "staff_saved"
    ROLE_SAVED = "role_saved"
    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    SIGN_IN_REFUSED = "sign_in_refused"
    APPROVAL_GIVEN = "approval_given"
    APPROVAL_REFUSED = "approval_refused"
    SHIFT_OPENED = "shift_opened"
    CASH_MOVED = "cash_moved"
    CASH_COUNTED = "cash_counted"
    SHIFT_READ = "shift_read"
    SHIFT_CLOSED = "shift_closed"
    CARD_ASKED = "card_asked"
    CARD_APPROVED = "card_approved"
    CARD_DECLINED = "card_declined"
    CARD_USED = "card_used"
    CARD_REVERSED = "card_reversed"
    CARD_OWED = "card_owed"
    CARD_OWED_ENDED = "card_owed_ended"
    STORED_VALUE_CHANGED = "stored_value_changed"
    QUANTITY_LOWERED = "quantity_lowered"
    DISCOUNT_GIVEN = "discount_given"
    PAYMENT_GIVEN_BACK = "payment_given_back"
    STOCK_RULE_SAVED = "stock_rule_saved"
    SUPPLIER_SAVED = "supplier_saved"
    BATCH_SAVED = "batch_saved"
    AVERAGE_COST_CHANGED = "average_cost_changed"
    GOODS_RECEIVED = "goods_received"
    STOCK_TAKE_OPENED = "stock_take_opened"
    STOCK_TAKE_COUNTED = "stock_take_counted"
    STOCK_TAKE_CLOSED = "stock_take_closed"
    KITCHEN_TOLD = "kitchen_told"
    KITCHEN_SLIP_REPRINTED = "kitchen_slip_reprinted"
    LABELS_MADE = "labels_made"
    QUOTATION_SAVED = "quotation_saved"
    ORDER_SAVED = "order_saved"
    DELIVERY_NOTE_SAVED = "delivery_note_saved"
    INVOICE_SAVED = "invoice_saved"
    INVOICE_ISSUED = "invoice_issued"
    INVOICE_PAID = "invoice_paid"
    INVOICE_CREDITED = "invoice_credited"
    INVOICE_REMINDED = "invoice_reminded"
    GOODS_TAKEN_BACK = "goods_taken_back"
    CREDIT_TERMS_SAVED = "credit_terms_saved"
    CREDIT_EVALUATED = "credit_evaluated"
    PRICE_LIST_SAVED = "price_list_saved"
    LIST_PRICE_SAVED = "list_price_saved"
    CUSTOMERS_IMPORTED = "customers_imported"
    CUSTOMERS_MERGED = "customers_merged"
    CUSTOMER_ERASED = "customer_erased"
    RECORD_RECEIVED = "record_received"
    EPOCH_BEGUN = "epoch_begun"


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
        else cash_rounding_payload(sale.cash_rounding),
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
        "tenders": [tender_payload(tender) for tender in sale.tenders],
        "till": stamp.till,
    }
    if sale.voids is not None:
        payload["voids"] = sale.voids
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


def sale_recalled(cart: Cart, into: str = "") -> Fact:
    """A parked cart came back to the screen, or `into` another one there."""
    payload: dict[str, Any] = {"cart": cart.id, "lines": len(cart.lines)}
    return Fact(FactKind.SALE_RECALLED, {**payload, "into": into} if into else payload)


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


def record_changed(
    kind: FactKind, record: str, record_id: str, state: Payload, details: Payload | None = None
) -> Fact:
    """A thing that changes with time (a shift, a member of staff …) has this whole new state.

    `record` is the kind of thing; `details` say what else belongs to the change.
    """
    told = {"record": record, "id": record_id, "state": state}
    return Fact(kind, {**(details or {}), **told})


def _may_hold_floats(written: str) -> bool:
    """Whether 1.5, 1e-07 or NaN could stand outside the texts; much quicker than a close look."""
    return '\\"' in written or not _WITHOUT_FLOATS.fullmatch(written)


def _refuse_floats(value: Any) -> None:
    """Look at every value: the JSON writer takes a float without asking."""
    for inner in value.values() if isinstance(value, Mapping) else value:
        if isinstance(inner, (dict, list, tuple)):
            _refuse_floats(inner)
        elif isinstance(inner, float):
            _refuse(inner)


def _refuse(value: object) -> Any:
    raise ValueError(f"{value!r} has no place in a journal payload")


# Texts may hold anything; outside them no point, plus, e- or capital letter stands.
_OUTSIDE = '[^".+NIe]*+(?:e(?!-)[^".+NIe]*+)*+'
_WITHOUT_FLOATS = re.compile(rf'(?:{_OUTSIDE}"[^"]*+")*+{_OUTSIDE}')
# Payloads are made of fresh values, so none can hold itself.
_WRITER = json.JSONEncoder(
    sort_keys=True,
    separators=(",", ":"),
    ensure_ascii=False,
    check_circular=False,
    default=_refuse,
)
