"""The cart on the screen, kept as it changes so that it is back after a crash."""

from pos_app.domain.cart import Cart
from pos_app.store.carts import CartText, cart_of
from pos_app.store.connection import Database

_PUT = "INSERT INTO draft VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET cart = excluded.cart"


class Draft:
    """The cart on the screen for reading."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def get(self) -> Cart | None:
        """Return the cart that was on the screen, or None."""
        text = self._db.value("SELECT cart FROM draft")
        return None if text is None else cart_of(text)


class DraftWriter(Draft):
    """The cart on the screen inside a transaction."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._text = CartText()

    def put(self, cart: Cart | None) -> None:
        """Keep the cart on the screen, or remember that there is none."""
        if cart is None:
            self._db.run("DELETE FROM draft")
        else:
            self._db.run(_PUT, (self._text.write(cart),))
