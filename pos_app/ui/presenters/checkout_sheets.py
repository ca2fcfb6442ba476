"""The sheets of the checkout screen: lists to choose from and what the entry line asks for them."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from pos_app.domain.cart import Cart, CartLine
from pos_app.domain.customer import Customer
from pos_app.domain.shop import ShopSettings
from pos_app.services.time_zones import shop_zone
from pos_app.texts import t
from pos_app.ui.presenters import checkout_words as words
from pos_app.ui.presenters.amounts import AmountFormat
from pos_app.ui.presenters.checkout_rows import name_of
from pos_app.ui.presenters.checkout_state import SheetKind, SheetView
from pos_app.ui.presenters.payment_desk import Due
from pos_app.ui.presenters.tender_ways import other_ways
from pos_app.ui.views import SearchHit

if TYPE_CHECKING:
    from pos_app.store.parked import ParkedSale

NOBODY = "nobody"


class SheetWriter:
    """Writes sheets, and remembers the customers listed last so that one can be chosen by key."""

    def __init__(self, amounts: AmountFormat, shop: ShopSettings) -> None:
        self._amounts = amounts
        self._shop = shop
        self.presets = tuple(
            (f"{percent:f}", amounts.percent(percent)) for percent in shop.discount_presets
        )
        self._time_zone = shop.time_zone
        self._customers: dict[str, Customer] = {}

    def customers(self, found: Sequence[Customer], text: str, chosen: Customer | None) -> SheetView:
        """Return the list of customers found for `text`; whoever is chosen can be let go."""
        self._customers = {customer.id: customer for customer in found}
        rows = tuple(SearchHit(c.id, c.name, c.number, c.city, c.phone or c.email) for c in found)
        if chosen is not None and not text:
            rows = (SearchHit(NOBODY, t("No customer"), t("Now: {name}").format(name=chosen.name)),
                    *rows)  # fmt: skip
        return SheetView(
            SheetKind.CUSTOMER,
            t("Customer"),
            t("Scan a customer card, or type part of the name, number or phone."),
            t("Customer"),
            t("Name, number or phone"),
            text=text,
            rows=rows,
            empty=t("No customer found") if text.strip() else t("Type part of a name"),
        )

    def customer(self, key: str) -> Customer | None:
        """Return a listed customer, or None for nobody in particular."""
        if key == NOBODY:
            return None
        if key not in self._customers:
            raise words.NoSuchCustomer(text=key)
        return self._customers[key]

    def parked(self, parked: Sequence["ParkedSale"]) -> SheetView:
        """Return the list of parked sales, the oldest first."""
        rows = tuple(
            SearchHit(
                one.id,
                one.name or t("Parked at {time}").format(time=self._clock(one.at)),
                t("{time} · {count} lines").format(time=self._clock(one.at), count=one.line_count),
                self._amounts.plain(one.gross),
            )
            for one in parked
        )
        return SheetView(
            SheetKind.PARKED,
            t("Parked sales"),
            t("Touch the sale to recall; Enter recalls the oldest."),
            t("Parked sales"),
            t("Enter takes the first"),
            rows=rows,
            empty=t("No sale is parked"),
        )

    def of_line(self, kind: SheetKind, line: CartLine) -> SheetView:
        """Return the discount or note sheet of one line."""
        if kind is SheetKind.LINE_NOTE:
            return SheetView(
                kind,
                t("Note on the line"),
                name_of(line),
                t("Note"),
                t("Type it and press Enter"),
                line.note,
                line.id,
            )
        return self._discount(kind, t("Discount on the line"), name_of(line), line.id)

    def of_sale(self, kind: SheetKind, cart: Cart, due: Due) -> SheetView:
        """Return the discount, note or payment sheet of the whole sale."""
        to_pay = self._amounts.money(due.remaining)
        if kind is SheetKind.SALE_NOTE:
            return SheetView(
                kind,
                t("Note on the sale"),
                asks=t("Note"),
                hint=t("Type it and press Enter"),
                text=cart.note,
            )
        if kind is SheetKind.OTHER_PAYMENT:
            return SheetView(
                kind,
                t("Other payment"),
                t("{amount} to pay. Type an amount to take only a part.").format(amount=to_pay),
                t("Amount"),
                t("All of it"),
                ways=other_ways(cart, self._shop),
            )
        return self._discount(kind, t("Discount on the whole sale"), to_pay, 0)

    def _discount(self, kind: SheetKind, title: str, about: str, line_id: int) -> SheetView:
        return SheetView(
            kind,
            title,
            about,
            t("Discount"),
            t("Figure, then Enter"),
            line_id=line_id,
            presets=self.presets,
            reasons=words.reasons(),
        )

    def _clock(self, at: datetime) -> str:
        return at.astimezone(shop_zone(self._time_zone)).strftime("%H:%M")
