"""The Retail Sale dialect through the engine against a server written from the document alone."""

from decimal import Decimal
from typing import Any, ClassVar

from tests.simulators.apis.retail_sale import RetailSale
from tests.store.shops import product_id
from tests.sync.foreign.compliance import KEY, Compliance

USER = "admin"


class TestRetailSale(Compliance):
    """A search by date and number settles every lost answer."""

    api = "retail"
    entered: ClassVar[dict[str, str]] = {"user": USER}

    def server(self) -> Any:
        return RetailSale(USER, KEY)

    def told(self, server: Any) -> list[Decimal]:
        return [Decimal(sale["items"][0]["quantity"]) for sale in server.sales]

    def product_ids(self) -> dict[str, str]:
        return {product_id(number): str(number) for number in range(1, 6)}
