"""The ERP dialect through the engine against a server written from the document alone."""

from decimal import Decimal
from typing import Any, ClassVar

from pos_app.domain.sale import Sale
from tests.simulators.apis.erp import Erp, Product
from tests.sync.foreign.compliance import KEY, Compliance, Till

USER = "admin"


class TestErp(Compliance):
    """Lists, states and what is paid settle every lost answer."""

    api = "erp"
    entered: ClassVar[dict[str, str]] = {"user": USER}

    def server(self) -> Any:
        products = {
            f"P{number}": Product(f"P{number}", f"Product {number}") for number in range(1, 6)
        }
        return Erp(USER, KEY, products, page_size=3)

    def told(self, server: Any) -> list[Decimal]:
        return [Decimal(order["items"][0]["quantity"]) for order in server.things["orders"]]

    def check(self, till: Till, sales: list[Sale]) -> None:
        """Every sale is ordered, delivered, invoiced and paid once, at our own total."""
        super().check(till, sales)
        things = till.wire.server.things  # type: ignore[attr-defined]
        totals = sorted(sale.gross.amount for sale in sales)
        for kind in ("orders", "invoices"):
            assert sorted(one["totalAmount"] for one in things[kind]) == totals
        assert sorted(one["paidAmount"] for one in things["invoices"]) == totals
        assert [one["status"] for one in things["orders"]] == ["fully_delivered"] * len(sales)
        assert len(things["deliveries"]) == len(sales)
        assert [one["name"] for one in things["customers"]] == ["Walk-in customer"]
