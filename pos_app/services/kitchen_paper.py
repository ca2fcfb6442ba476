"""How the checkout tells a kitchen of sales that are not finished, and what it does without one."""

from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from pos_app.domain.cart import Cart

if TYPE_CHECKING:
    from pos_app.store.transaction import Transaction


class KitchenPaper(Protocol):
    """Who keeps the slips; `services.receipts.Receipts` does at a till with printers."""

    def keep_parked(
        self, tx: "Transaction", cart: Cart, name: str, at: datetime, staff: str
    ) -> None:
        """Keep slips for a sale that is put aside."""

    def keep_discarded(self, tx: "Transaction", cart: Cart, at: datetime, staff: str) -> None:
        """Keep slips for a sale that is given up."""

    def print_kept(self) -> None:
        """Print what was kept, after the transaction."""


class NoKitchen:
    """Keeps nothing, for programs that print nothing."""

    def keep_parked(self, *_: object) -> None:
        """Keep nothing."""

    def keep_discarded(self, *_: object) -> None:
        """Keep nothing."""

    def print_kept(self) -> None:
        """Print nothing."""
