"""Goods of the ERP on their way: deliveries and returns, and what they do to an order."""

from collections.abc import Callable
from decimal import Decimal

from tests.simulators.apis.answering import Refused, cents
from tests.simulators.apis.erp_records import Office, Thing, by_id, head_of, product_of, require


def create_delivery(office: Office, sent: Thing) -> Thing:
    """Chapter 6.3; not more than ordered, nor than in stock."""
    order = by_id(office, "orders", sent["orderId"])
    is_open = order["status"] in {"approved", "partially_delivered"}
    require(is_open and bool(sent["items"]), "the order is not open for delivery")
    items = _deliver(office, order, sent["items"], 1)
    made = _of_order(office, "deliveries", order, sent, sent["deliveryDate"])
    total = sum((one["deliveredQuantity"] for one in items), Decimal())
    return made | {"items": items, "totalQuantity": total, "warehouseName": None}


def change_delivery(office: Office, delivery: Thing, sent: Thing) -> None:
    """Chapter 6.4."""
    if "items" in sent:
        order = by_id(office, "orders", delivery["orderId"])
        items = _instead(_deliver, office, order, delivery["items"], sent["items"])
        total = sum((one["deliveredQuantity"] for one in items), Decimal())
        sent = {**sent, "items": items, "totalQuantity": total}
    delivery |= sent


def delete_delivery(office: Office, delivery: Thing) -> None:
    """Chapter 6.5: the goods are back."""
    _deliver(office, by_id(office, "orders", delivery["orderId"]), delivery["items"], -1)


def create_return(office: Office, sent: Thing) -> Thing:
    """Chapter 8.3; not more than delivered."""
    order = by_id(office, "orders", sent["orderId"])
    require(order["customerId"] == sent["customerId"], "the order is another customer's")
    require(bool(sent["items"]), "a return has lines")
    items = _take_back(office, order, sent["items"], 1)
    made = _of_order(office, "returns", order, sent, sent["returnDate"])
    total = sum((one["amount"] for one in items), Decimal())
    return made | {"items": items, "totalAmount": total}


def change_return(office: Office, back: Thing, sent: Thing) -> None:
    """Chapter 8.4."""
    if "items" in sent:
        order = by_id(office, "orders", back["orderId"])
        items = _instead(_take_back, office, order, back["items"], sent["items"])
        sent = {**sent, "items": items, "totalAmount": sum((i["amount"] for i in items), Decimal())}
    back |= sent


def delete_return(office: Office, back: Thing) -> None:
    """Chapter 8.5."""
    _take_back(office, by_id(office, "orders", back["orderId"]), back["items"], -1)


def _of_order(office: Office, kind: str, order: Thing, sent: Thing, day: str) -> Thing:
    customer = by_id(office, "customers", order["customerId"])
    head = head_of(office, kind, customer, day)
    return {**sent, **head, "orderNo": order["orderNo"], "status": "completed"}


def _order_item(order: Thing, item_id: str) -> Thing:
    for one in order["items"]:
        if one["id"] == item_id:
            return one  # type: ignore[no-any-return]
    raise Refused(404, "order item not found")


def _instead(
    move: Callable[[Office, Thing, list[Thing], int], list[Thing]],
    office: Office,
    order: Thing,
    before: list[Thing],
    sent: list[Thing],
) -> list[Thing]:
    """Take what was moved before back and move this; where that is refused, nothing is changed."""
    move(office, order, before, -1)
    try:
        return move(office, order, sent, 1)
    except Refused:
        move(office, order, before, 1)
        raise


def _deliver(office: Office, order: Thing, sent: list[Thing], sign: int) -> list[Thing]:
    """Deliver lines of an order, or with -1 take their delivery back; all or none of them."""
    lines = [(_order_item(order, one["orderItemId"]), one) for one in sent]
    for item, quantity in _sums(lines, "deliveredQuantity", sign):
        delivered = item["deliveredQuantity"] + quantity
        require(item["returnedQuantity"] <= delivered <= item["quantity"], "more than ordered")
        _require_in_stock(office, item["productId"], quantity)
    for item, one in lines:
        item["deliveredQuantity"] += sign * one["deliveredQuantity"]
    order["status"] = _delivery_state(order)
    return [
        {
            "id": f"item-{at:03}",
            "orderItemId": item["id"],
            **product_of(office, item["productId"]),
            "orderedQuantity": item["quantity"],
            "deliveredQuantity": one["deliveredQuantity"],
            "remark": one.get("remark"),
        }
        for at, (item, one) in enumerate(lines, start=1)
    ]


def _take_back(office: Office, order: Thing, sent: list[Thing], sign: int) -> list[Thing]:
    """Take goods of an order back, or with -1 undo that; all or none of them."""
    lines = [(_order_item(order, one["orderItemId"]), one) for one in sent]
    for item, quantity in _sums(lines, "quantity", sign):
        returned = item["returnedQuantity"] + quantity
        require(returned <= item["deliveredQuantity"], "more than delivered")
    for item, one in lines:
        item["returnedQuantity"] += sign * one["quantity"]
    return [
        {
            "id": f"item-{at:03}",
            "orderItemId": item["id"],
            **product_of(office, item["productId"]),
            "quantity": one["quantity"],
            "unitPrice": one["unitPrice"],
            "amount": cents(Decimal(one["quantity"]) * one["unitPrice"]),
            "reason": one.get("reason"),
        }
        for at, (item, one) in enumerate(lines, start=1)
    ]


def _sums(lines: list[tuple[Thing, Thing]], name: str, sign: int) -> list[tuple[Thing, Decimal]]:
    """Return the lines of an order that are moved, each once, with how much of it is."""
    sums: dict[str, tuple[Thing, Decimal]] = {}
    for item, one in lines:
        earlier = sums.get(item["id"], (item, Decimal()))[1]
        sums[item["id"]] = (item, earlier + sign * one[name])
    return list(sums.values())


def _require_in_stock(office: Office, product_id: str, quantity: Decimal) -> None:
    stock = office.products[product_id].stock
    is_there = stock is None or _moved(office, product_id) + quantity <= stock
    require(is_there, "more than in stock")


def _moved(office: Office, product_id: str) -> Decimal:
    """Return how much of a product has left the house for good."""
    return sum(
        (
            item["deliveredQuantity"] - item["returnedQuantity"]
            for order in office.things["orders"]
            for item in order["items"]
            if item["productId"] == product_id
        ),
        Decimal(),
    )


def _delivery_state(order: Thing) -> str:
    if all(one["deliveredQuantity"] == one["quantity"] for one in order["items"]):
        return "fully_delivered"
    is_begun = any(one["deliveredQuantity"] for one in order["items"])
    return "partially_delivered" if is_begun else "approved"
