"""Orders on their way, for tests of deliveries, invoices and returns of the ERP sales module."""

from decimal import Decimal
from typing import Any

from pos_app.domain.order import Order, OrderLine
from pos_app.domain.stock import DEFAULT_LOCATION, MoveReason, StockMove
from tests.server.apis.erp_offices import ErpShop


def add_stock(erp: ErpShop, units: int, product_id: str = "prod-001") -> None:
    """Put more of a product on the shelf."""
    with erp.shop.desk() as desk:
        move = StockMove(product_id, DEFAULT_LOCATION, Decimal(units), MoveReason.RECEIPT)
        desk.move_stock((move,))


def approved_order(erp: ErpShop, *quantities: int, **more: Any) -> str:
    """Make an approved order with a line of lamps at 100 for each quantity, and return its id."""
    wanted = [
        {"productId": "prod-001", "quantity": units, "unitPrice": 100}
        for units in quantities or (5,)
    ]
    order_id = erp.make_order(items=wanted, **more)
    erp.done("POST", f"/orders/{order_id}/approve", {"approved": True, "remarks": ""})
    return order_id


def deliver(erp: ErpShop, order_id: str, units: Any, line: str = "1", **more: Any) -> str:
    """Deliver units of a line of an order, and return the delivery's id."""
    return str(erp.done("POST", "/deliveries", delivery(order_id, units, line, **more))["id"])


def delivery(order_id: str, units: Any, line: str = "1", **more: Any) -> dict[str, Any]:
    """Return the request that delivers units of a line."""
    items = [{"orderItemId": line, "deliveredQuantity": units}]
    return {"orderId": order_id, "items": items, **more}


def invoicing(order_id: str, units: Any, price: Any = 100, rate: Any = 20) -> dict[str, Any]:
    """Return the request that invoices units of an order's lamps at a net price."""
    items = [{"productId": "prod-001", "quantity": units, "unitPrice": price, "taxRate": rate}]
    return {"orderId": order_id, "items": items}


def invoice(erp: ErpShop, order_id: str, units: Any, price: Any = 100, rate: Any = 20) -> str:
    """Invoice units of an order's lamps, and return the invoice's id."""
    return str(erp.done("POST", "/invoices", invoicing(order_id, units, price, rate))["id"])


def returning(order_id: str, units: Any, line: str = "1", **more: Any) -> dict[str, Any]:
    """Return the request that takes units of a line back."""
    return {
        "orderId": order_id,
        "items": [{"orderItemId": line, "quantity": units, "reason": "broken"}],
        **more,
    }


def take_back(erp: ErpShop, order_id: str, units: Any, line: str = "1", **more: Any) -> str:
    """Take units of a line back, and return the return's id."""
    return str(erp.done("POST", "/returns", returning(order_id, units, line, **more))["id"])


def order_of(erp: ErpShop, order_id: str) -> Order:
    """Return an order as head office keeps it."""
    with erp.shop.desk() as desk:
        return desk.get(Order, order_id)


def line_of(erp: ErpShop, order_id: str) -> OrderLine:
    """Return the first line of an order, with its progress."""
    return order_of(erp, order_id).lines[0]


def progress(erp: ErpShop, order_id: str) -> tuple[Any, ...]:
    """Return the state of an order and the progress of its lines, and nothing that only counts."""
    order = order_of(erp, order_id)
    return order.state, order.lines
