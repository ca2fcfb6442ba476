"""What a dialect may know of its remote, read from the store."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pos_app.sync.connections import Connection
from pos_app.sync.known_dialects import dialect_of

if TYPE_CHECKING:
    from pos_app.store.store import Store

PRODUCT = "product"
MARK = "mark"
BY_MAPPING = "mapping"


class StoreKnown:
    """What the store knows of a connection's remote; `also` is known, but not kept yet."""

    def __init__(
        self,
        source: "Store",
        connection: Connection,
        also: Mapping[str, Mapping[str, str]] | None = None,
    ) -> None:
        self._source = source
        self._connection = connection
        self._also = also or {}

    def ids(self, key: str) -> Mapping[str, str] | None:
        """Return what a step with this key left behind, or None where it was not done."""
        if key in self._also:
            return self._also[key]
        return self._source.foreign.ids(self._connection.remote, key)

    def is_taken(self, name: str, remote_id: str) -> bool:
        """Whether a step of ours that was done left this remote id under a name."""
        return self._source.foreign.is_taken(self._connection.remote, name, remote_id)

    def product(self, product_id: str | None, code: str) -> str | None:
        """Return what the remote calls a product: as somebody said, else by its code if that goes.

        None where the connection goes by what somebody said, and nobody did.
        """
        found = self.ids(product_key(product_id)) if product_id else None
        if found:
            return found.get(PRODUCT)
        return (code or None) if self.option("product_ids") != BY_MAPPING else None

    def option(self, name: str) -> str:
        """Return how an option is set; nothing for one that the API does not have."""
        if name == MARK:
            return f"{self._source.identity.till}-{self._connection.id[-6:]}"
        if name in self._connection.options:
            return self._connection.options[name]
        options = dialect_of(self._connection.api).options
        return next((option.usual for option in options if option.name == name), "")


def product_key(product_id: str) -> str:
    """Return the key under which the remote's id of a product is kept."""
    return f"{PRODUCT} {product_id}"
