"""The Add Sale dialect through the engine against a server written from the document alone."""

from decimal import Decimal
from typing import Any, ClassVar

from tests.simulators.apis.add_sale import AddSale
from tests.sync.foreign.compliance import KEY, Compliance


class TestAddSale(Compliance):
    """Nothing can be looked up, so every lost answer is put aside for a person."""

    api = "xtrakit"
    looks_up = False
    options: ClassVar[dict[str, str]] = {"walk_in": "42", "items": "on"}

    def server(self) -> Any:
        return AddSale(KEY, takes_items=True)

    def told(self, server: Any) -> list[Decimal]:
        return [Decimal(items[0]["quantity"]) for items in server.items.values()]
