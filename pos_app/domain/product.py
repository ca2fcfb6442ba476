"""What the shop sells: products with barcodes, units, categories, taxes and prices."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from pos_app.domain.tax import Tax


class ProductKind(StrEnum):
    """What a product is; only goods are kept in stock."""

    GOODS = "goods"
    SERVICE = "service"
    POSTAGE = "postage"
    VOUCHER = "voucher"
    DISCOUNT = "discount"
    FEE = "fee"
    MANUAL = "manual"
    SAMPLE = "sample"
    ADJUSTMENT = "adjustment"
    GIFT_CARD = "gift_card"
    TIP = "tip"
    DEPOSIT = "deposit"
    ACCOUNT_PAYMENT = "account_payment"
    INVOICE_PAYMENT = "invoice_payment"


# What a product of the catalogue can be; the other kinds are lines of documents only.
PRODUCT_KINDS = tuple(
    kind
    for kind in ProductKind
    if kind
    not in (
        ProductKind.GIFT_CARD,
        ProductKind.TIP,
        ProductKind.DEPOSIT,
        ProductKind.ACCOUNT_PAYMENT,
        ProductKind.INVOICE_PAYMENT,
    )
)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measure: `decimals` is how many places a quantity may have (0 for pieces)."""

    code: str
    name: str
    decimals: int = 0


PIECE = Unit("pc", "piece", 0)
KILOGRAM = Unit("kg", "kilogram", 3)


@dataclass(frozen=True, slots=True)
class Category:
    """A group of products; `colour` (#RRGGBB) marks its tiles."""

    id: str
    name: str
    colour: str = ""
    position: int = 0


@dataclass(frozen=True, slots=True)
class Product:
    """A product: prices and cost are Decimal currency units per unit, up to 4 places.

    `price` is None where the cashier has to name it; `id` is a UUIDv7, `code` the shop's own.
    """

    id: str
    code: str
    name: str
    price: Decimal | None
    unit: Unit = PIECE
    kind: ProductKind = ProductKind.GOODS
    category_id: str | None = None
    taxes: tuple[Tax, ...] = ()
    barcodes: tuple[str, ...] = ()
    cost: Decimal | None = None
    min_price: Decimal | None = None
    is_active: bool = True
    tile_position: int | None = None

    @property
    def is_stocked(self) -> bool:
        """Whether selling it moves stock."""
        return self.kind is ProductKind.GOODS
