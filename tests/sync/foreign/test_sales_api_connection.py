"""The Sales API dialect through the engine against a server written from the document alone."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

from tests.simulators.apis.sales_api import SalesApi
from tests.sync.foreign.compliance import KEY, Compliance


class TestSalesApi(Compliance):
    """Its lists settle every lost answer."""

    api = "sales"
    options: ClassVar[Mapping[str, str]] = {}

    def server(self) -> Any:
        return SalesApi(KEY, page_size=3)

    def told(self, server: Any) -> list[Decimal]:
        return [order["items"][0]["quantity"] for order in server.orders]
