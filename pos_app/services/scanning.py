"""What a scanned code does to a cart: a product, a customer's card, a receipt, or nobody knows."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from pos_app.domain import cart as carts
from pos_app.domain.barcode import (
    Barcode,
    BarcodeKind,
    BarcodesRunTogether,
    parse_barcode,
    unknown_barcode,
)
from pos_app.domain.card_number import LooksLikeCardNumber, is_card_code
from pos_app.domain.cart import Cart
from pos_app.domain.errors import PosError
from pos_app.domain.product import Product
from pos_app.domain.receipt_code import parse_receipt_qr
from pos_app.domain.shop import ShopSettings
from pos_app.domain.tax import taxes_of_unknown
from pos_app.services.customer_codes import CustomerInactive, active_by_code
from pos_app.services.scale_labels import embedded_patterns, priced_label

if TYPE_CHECKING:
    from pos_app.store.store import Store


class Outcome(StrEnum):
    """What a scan turned out to be."""

    FOUND = "found"
    UNKNOWN = "unknown"
    CUSTOMER = "customer"
    RECEIPT = "receipt"
    HELD = "held"
    DOCUMENT = "document"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Scanned:
    """The cart after a scan, the lines it touched, and what to tell the cashier (may be empty).

    `unmeasured` is the id of the one product of which the code says neither how much nor its price.
    `warning` is about goods that were sold all the same, such as those past their date.
    """

    cart: Cart
    line_ids: tuple[int, ...]
    outcome: Outcome
    refusal: PosError | None = None
    receipt_number: str = ""
    unmeasured: str = ""
    warning: PosError | None = None


@dataclass(frozen=True, slots=True)
class LookedUp:
    """What a code stands for, without putting it anywhere; `quantity` None is not in the code."""

    product: Product | None = None
    quantity: Decimal | None = None
    receipt_number: str = ""


class Scanning:
    """Reads codes by the shop's settings and puts what they mean into carts; writes nothing."""

    def __init__(self, store: "Store", now: Callable[[], datetime], shop: ShopSettings) -> None:
        self._store = store
        self._now = now
        self._patterns = embedded_patterns(shop)
        self._shop = shop

    def scan(self, cart: Cart, code: str, quantity: Decimal = Decimal(1)) -> Scanned:
        """Put what was scanned into the cart.

        Never raises for a code: an unknown one becomes an unpriced line, a damaged one is told
        by `refusal`, a customer's card chooses the customer, and two scans run together count
        as two.
        """
        try:
            barcode = parse_barcode(code, self._patterns, self._now().date())
        except BarcodesRunTogether as together:
            return self._scan_together(cart, code.strip(), together.codes, quantity)
        except PosError as refusal:
            return Scanned(cart, (), Outcome.REFUSED, refusal)
        return self._scan_one(cart, barcode, quantity)

    def look_up(self, code: str) -> LookedUp:
        """Return what a code stands for; raises why a damaged one cannot be read."""
        barcode = parse_barcode(code, self._patterns, self._now().date())
        for known in barcode.lookup_codes:
            product = self._store.products.find(known)
            if product is not None:
                return LookedUp(product, barcode.weight_kg or barcode.quantity)
        return LookedUp(receipt_number=receipt_number(barcode.raw))

    def _scan_together(
        self, cart: Cart, code: str, codes: Iterable[str], quantity: Decimal
    ) -> Scanned:
        # A shop's own long number can look like two codes in a row: its product goes first.
        product = self._store.products.find(code)
        if product is not None:
            return self._scanned_product(
                cart, product, Barcode(code, BarcodeKind.INTERNAL, (code,)), quantity
            )
        touched: tuple[int, ...] = ()
        scanned = Scanned(cart, (), Outcome.REFUSED)
        for part in codes:
            scanned = self.scan(scanned.cart, part, quantity)
            touched = (*touched, *scanned.line_ids)
        return replace(scanned, line_ids=touched, unmeasured="")

    def _scan_one(self, cart: Cart, barcode: Barcode, quantity: Decimal) -> Scanned:
        for code in barcode.lookup_codes:
            product = self._store.products.find(code)
            if product is not None:
                return self._scanned_product(cart, product, barcode, quantity)
        receipt = receipt_number(barcode.raw)
        if receipt:
            return Scanned(cart, (), Outcome.RECEIPT, receipt_number=receipt)
        try:
            customer = active_by_code(self._store, barcode.lookup_codes[0])
        except CustomerInactive as refusal:
            return Scanned(cart, (), Outcome.REFUSED, refusal)
        if customer is not None:
            return Scanned(carts.choose_customer(cart, customer), (), Outcome.CUSTOMER)
        if is_card_code(barcode.raw):
            return Scanned(cart, (), Outcome.REFUSED, LooksLikeCardNumber())
        ours = self._number_of_ours(barcode.raw)
        if ours is not None:
            return Scanned(cart, (), ours)
        return self._scanned_unknown(cart, barcode, quantity)

    def _number_of_ours(self, code: str) -> Outcome | None:
        """Whether a code is a number that the shop itself gave out."""
        if self._is_held(code):
            return Outcome.HELD
        return Outcome.DOCUMENT if self._is_document(code) else None

    def _is_held(self, code: str) -> bool:
        """Whether a code is the number of a gift card, store credit or deposit."""
        from pos_app.services.stored_value_records import (  # noqa: PLC0415 - for unknown codes only
            account_by_number,
        )

        return account_by_number(self._store, code.strip().upper()) is not None

    def _is_document(self, code: str) -> bool:
        """Whether a code is the number of an order or an invoice, which few shops write."""
        records, text = self._store.records, code.strip()
        if not (records.has_any("order") or records.has_any("invoice")):
            return False
        from pos_app.services.document_records import INVOICE, ORDER  # noqa: PLC0415 - as above

        codes = {text, text.upper()}
        has_order = any(records.by_code(ORDER, one) is not None for one in codes)
        return has_order or any(records.by_code(INVOICE, one) is not None for one in codes)

    def _scanned_product(
        self, cart: Cart, product: Product, barcode: Barcode, quantity: Decimal
    ) -> Scanned:
        measure, unit_price, unmeasured = Decimal(1), None, ""
        if barcode.price is not None:
            measure, unit_price = priced_label(product, barcode.price)
        elif barcode.weight_kg is not None and product.unit.decimals:
            measure = barcode.weight_kg
        elif barcode.quantity is not None:
            measure = barcode.quantity
        else:
            unmeasured = product.id
        try:
            bigger = carts.add_product(
                carts.open_to_goods(cart), product, quantity * measure, unit_price
            )
        except PosError as refusal:
            return Scanned(cart, (), Outcome.REFUSED, refusal)
        touched = changed_lines(cart, bigger)
        warning = self._date_warning(product, barcode) if barcode.batch or barcode.expires else None
        return Scanned(bigger, touched, Outcome.FOUND, unmeasured=unmeasured, warning=warning)

    def _date_warning(self, product: Product, barcode: Barcode) -> PosError | None:
        """What to say of goods by the date in their code, or that of their batch."""
        from pos_app.services.batch_dates import date_of, warn_of  # noqa: PLC0415 - few codes have one

        expires = barcode.expires or date_of(self._store, product.id, barcode.batch or "")
        return warn_of(product.name, expires, self._shop, self._now())

    def _scanned_unknown(self, cart: Cart, barcode: Barcode, quantity: Decimal) -> Scanned:
        refusal = unknown_barcode(barcode)
        try:
            taxes = taxes_of_unknown(self._store.products.taxes())
            bigger = carts.add_unknown(
                carts.open_to_goods(cart), barcode.lookup_codes[0], quantity, taxes
            )
        except PosError as wrong:
            return Scanned(cart, (), Outcome.REFUSED, wrong)
        return Scanned(bigger, changed_lines(cart, bigger), Outcome.UNKNOWN, refusal)


def changed_lines(before: Cart, after: Cart) -> tuple[int, ...]:
    """Return the ids of lines that are new or different in `after`."""
    known = {line.id: line for line in before.lines}
    return tuple(line.id for line in after.lines if known.get(line.id) is not line)


def receipt_number(text: str) -> str:
    """Return the receipt number that a receipt's QR code carries, or an empty text."""
    code = parse_receipt_qr(text)
    return "" if code is None else code.number
