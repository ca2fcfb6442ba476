"""Puts the state of the checkout screen together from the cart, its figures and the shelf."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pos_app.domain.cart import Cart
from pos_app.domain.pricing import Priced
from pos_app.domain.product import Category, Product
from pos_app.domain.sale import Sale
from pos_app.texts import t
from pos_app.ui.presenters import checkout_words as words
from pos_app.ui.presenters.amounts import AmountFormat
from pos_app.ui.presenters.checkout_state import (
    CheckoutState,
    EntryView,
    Prompt,
    SheetView,
)
from pos_app.ui.presenters.payment_desk import PaymentDesk
from pos_app.ui.views import (
    CartRow,
    CategoryView,
    ChipView,
    Notice,
    SearchHit,
    TileView,
    TotalView,
)

if TYPE_CHECKING:
    from pos_app.store.products import Found

ALL_PRODUCTS = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """What stands on the entry line and what it found; `serial` grows when the till changes it."""

    text: str = ""
    prompt: Prompt = Prompt.NONE
    about: str = ""
    times: Decimal | None = None
    hits: tuple[SearchHit, ...] = ()
    found: tuple[Product, ...] = ()
    is_searching: bool = False
    serial: int = 0

    def as_entry(self, amounts: AmountFormat, sheet: SheetView) -> EntryView:
        """Return the entry line as the screen shows it."""
        asks = {
            Prompt.NONE: "",
            Prompt.QUANTITY: t("Quantity of {name}"),
            Prompt.PRICE: t("Price of {name}"),
        }[self.prompt]
        return EntryView(
            self.text,
            sheet.asks or asks.format(name=self.about),
            sheet.hint or (t("Type it and press Enter") if self.prompt else ""),
            "" if self.times is None else f"{amounts.number(self.times)} ×",
            self.serial,
            sheet.is_secret,
        )

    def with_found(self, found: Sequence["Found"], amounts: AmountFormat) -> "Figures":
        """Return the same entry line with the products that were found for it."""
        hits = tuple(_hit(one.product, one.stock, amounts) for one in found)
        return replace(
            self, hits=hits, found=tuple(one.product for one in found), is_searching=True
        )


@dataclass(frozen=True, slots=True)
class Shelf:
    """What surrounds the cart: tiles, categories, and how the till is doing."""

    categories: tuple[CategoryView, ...] = ()
    category: str = ALL_PRODUCTS
    tiles: tuple[TileView, ...] = ()
    parked: int = 0
    sync: ChipView | None = None
    waiting: int = 0
    staff: str = ""
    can_lock: bool = False
    presets: tuple[tuple[str, str], ...] = ()
    is_ready: bool = False

    def filled(
        self, categories: Sequence[Category], products: Sequence[Product], amounts: AmountFormat
    ) -> "Shelf":
        """Return the shelf with these products on it."""
        colours = {category.id: category.colour for category in categories}
        chips = tuple(CategoryView(c.id, c.name, c.colour) for c in categories)
        tiles = tuple(
            TileView(
                product.id,
                _unit_kept(product.name),
                _tile_price(product, amounts),
                colours.get(product.category_id or "", ""),
            )
            for product in products
        )
        everything = (CategoryView(ALL_PRODUCTS, t("Favourites")),) if chips else ()
        return replace(self, categories=everything + chips, tiles=tiles)

    def as_fields(self) -> dict[str, Any]:
        """Return the fields of the state that come from here."""
        return {
            "categories": self.categories,
            "category": self.category,
            "tiles": self.tiles,
            "chips": words.status_chips(
                self.sync, self.waiting, self.staff, can_lock=self.can_lock
            ),
            "parked_count": self.parked,
            "presets": self.presets,
            "is_ready": self.is_ready,
        }


def state_of(
    cart: Cart,
    priced: Priced,
    rows: tuple[CartRow, ...],
    *,
    selected: str,
    desk: PaymentDesk,
    figures: Figures,
    shelf: Shelf,
    amounts: AmountFormat,
    notices: tuple[Notice, ...],
    sheet: SheetView,
) -> CheckoutState:
    """Return what the screen shows while a sale is being made."""
    due = desk.due(cart, priced)
    can_pay = bool(rows) and all(line.is_priced for line in cart.lines)
    paid = priced.gross - due.remaining if cart.taken else None
    return CheckoutState(
        rows=rows,
        selected=selected if rows else "",
        total=TotalView(
            total=amounts.money(priced.gross),
            count=_count(cart, amounts),
            tax=amounts.plain(priced.tax) if rows else "",
            discount=_discount(priced, amounts),
            paid=amounts.plain(paid) if paid is not None else "",
            remaining=amounts.money(due.remaining) if cart.taken else "",
            is_refund=priced.gross.minor < 0,
        ),
        entry=figures.as_entry(amounts, sheet),
        hits=figures.hits,
        is_searching=figures.is_searching,
        tenders=desk.tenders(cart, amounts),
        quick=desk.quick(due, can_pay, amounts),
        ways=desk.ways(due, can_pay, amounts),
        fkeys=words.function_keys(shelf.parked),
        notices=notices,
        customer=cart.customer.name if cart.customer else "",
        note=cart.note,
        sheet=sheet,
        can_pay=can_pay,
        **shelf.as_fields(),
    )


def finished_total(sale: Sale, amounts: AmountFormat) -> TotalView:
    """Return the large figure of a finished sale: the change, or else what was paid."""
    has_change = sale.change.minor != 0
    return TotalView(
        total=amounts.money(sale.amount_due),
        paid=amounts.money(sale.paid) if has_change else "",
        change=amounts.money(sale.change if has_change else sale.amount_due),
        caption=t("Change") if has_change else t("Paid"),
        count=t("Receipt {number}").format(number=sale.number),
        rounding=amounts.plain(sale.rounding) if sale.rounding else "",
        is_refund=sale.amount_due.minor < 0,
    )


def _count(cart: Cart, amounts: AmountFormat) -> str:
    if cart.is_empty:
        return ""
    pieces = sum((_pieces(line.quantity, line.unit.decimals) for line in cart.lines), Decimal(0))
    return t("{count} items").format(count=amounts.number(pieces)) if pieces != 1 else t("1 item")


def _pieces(quantity: Decimal, decimals: int) -> Decimal:
    """Weighed goods count as one item each, whatever they weigh."""
    return quantity if decimals == 0 else Decimal(1)


def _discount(priced: Priced, amounts: AmountFormat) -> str:
    whole = sum(line.discount.minor for line in priced.lines)
    return amounts.plain(type(priced.gross)(-whole, priced.gross.currency)) if whole else ""


def _hit(product: Product, stock: Decimal, amounts: AmountFormat) -> SearchHit:
    is_stocked = product.is_stocked
    quantity = amounts.quantity(stock, product.unit)
    return SearchHit(
        key=product.id,
        name=product.name,
        code=product.code,
        price=_tile_price(product, amounts),
        stock=t("{quantity} in stock").format(quantity=quantity) if is_stocked else "",
        is_out_of_stock=is_stocked and stock <= 0,
    )


def _unit_kept(name: str) -> str:
    """Keep a short last word such as `g` on the line of its figure."""
    head, space, last = name.rpartition(" ")
    return f"{head}\u00a0{last}" if space and len(last) <= 2 else name


def _tile_price(product: Product, amounts: AmountFormat) -> str:
    if product.price is None:
        return ""
    price = amounts.price(product.price)
    return price if product.unit.code == "pc" else f"{price} / {product.unit.code}"
