"""Carts put aside under a name, waiting to be recalled."""

from dataclasses import dataclass
from datetime import datetime

from pos_app.domain.cart import Cart, price_cart
from pos_app.domain.errors import PosError
from pos_app.domain.money import Money
from pos_app.domain.plain import to_text
from pos_app.store.carts import cart_of
from pos_app.store.connection import Database


class ParkedSaleGone(PosError):
    """The parked sale is not there any more."""

    sentence = "That parked sale is no longer there. Open the list again."


@dataclass(frozen=True, slots=True)
class ParkedSale:
    """A parked cart as a list shows it; the id is the cart's."""

    id: str
    name: str
    at: datetime
    staff: str
    line_count: int
    gross: Money


class Parked:
    """The parked carts for reading."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def list(self) -> list[ParkedSale]:
        """Return what was put aside, oldest first."""
        rows = self._db.rows(
            "SELECT id, name, at, staff, line_count, gross, currency FROM parked_sales "
            "ORDER BY at, id"
        )
        return [
            ParkedSale(
                id=row[0],
                name=row[1],
                at=datetime.fromisoformat(row[2]),
                staff=row[3],
                line_count=row[4],
                gross=Money(row[5], row[6]),
            )
            for row in rows
        ]

    def get(self, parked_id: str) -> Cart | None:
        """Return a parked cart and leave it parked."""
        text = self._db.value("SELECT cart FROM parked_sales WHERE id = ?", (parked_id,))
        return None if text is None else cart_of(text)


class ParkedWriter(Parked):
    """The parked carts inside a transaction."""

    def put(self, cart: Cart, name: str, at: datetime, staff: str) -> str:
        """Put a cart aside and return the text it is kept as; parking it again replaces it."""
        text = to_text(cart)
        self._db.run(
            "INSERT OR REPLACE INTO parked_sales VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                cart.id,
                name,
                at.isoformat(timespec="milliseconds"),
                staff,
                len(cart.lines),
                price_cart(cart).gross.minor,
                cart.policy.currency,
                text,
            ),
        )
        return text

    def take(self, parked_id: str) -> Cart:
        """Return a parked cart and take it off the list; raises ParkedSaleGone."""
        cart = self.get(parked_id)
        if cart is None:
            raise ParkedSaleGone()
        self._db.run("DELETE FROM parked_sales WHERE id = ?", (parked_id,))
        return cart
