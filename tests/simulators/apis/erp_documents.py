"""What becomes of the ERP's customers and documents: their figures, states and refusals."""

from decimal import Decimal

from tests.simulators.apis.answering import cents
from tests.simulators.apis.erp_goods import (
    change_delivery,
    change_return,
    create_delivery,
    create_return,
    delete_delivery,
    delete_return,
)
from tests.simulators.apis.erp_records import (
    SINGULAR,
    Made,
    Office,
    Thing,
    by_id,
    head_of,
    next_of,
    product_of,
    require,
)


def create_customer(office: Office, sent: Thing) -> Thing:
    """Chapter 3.3."""
    at = next_of(office, "customers")
    return {
        **sent,
        "id": f"customer-{at:03}",
        "customerNo": f"CUS{at:03}",
        "status": "active",
    }


def change_customer(office: Office, customer: Thing, sent: Thing) -> None:
    """Chapter 3.4."""
    customer |= sent


def delete_customer(office: Office, customer: Thing) -> None:
    """Chapter 3.5; one who has documents stays."""
    for kind in ("quotations", "orders", "invoices"):
        has_some = any(one["customerId"] == customer["id"] for one in office.things[kind])
        require(not has_some, "the customer has documents")


def evaluate(office: Office, customer: Thing, sent: Thing) -> Made:
    """Chapter 3.6."""
    customer.setdefault("evaluations", []).append(sent)


def create_quotation(office: Office, sent: Thing) -> Thing:
    """Chapter 4.3."""
    return _sold(office, "quotations", sent, sent["quotationDate"])


def create_order(office: Office, sent: Thing) -> Thing:
    """Chapter 5.3."""
    return _sold(office, "orders", sent, sent["orderDate"])


def change_sold(office: Office, thing: Thing, sent: Thing) -> None:
    """Chapters 4.4 and 5.4; only a draft changes."""
    require(thing["status"] == "draft", "only a draft can be changed")
    if "items" in sent:
        sent = {**sent, **_items(office, sent["items"], _prefix(thing))}
    thing |= sent


def delete_draft(office: Office, thing: Thing) -> None:
    """Chapters 4.5 and 5.5."""
    require(thing["status"] == "draft", "only a draft can be deleted")


def decide_quotation(office: Office, quotation: Thing, sent: Thing) -> Made:
    """Chapter 4.6."""
    require(quotation["status"] in {"draft", "submitted"}, "it was decided already")
    quotation["status"] = "approved" if sent["approved"] else "rejected"
    quotation["decision"] = sent.get("remarks")


def order_of_quotation(office: Office, quotation: Thing, sent: Thing) -> Made:
    """Chapter 4.7."""
    require(quotation["status"] == "approved", "the quotation is not approved")
    require(sent["orderDate"] <= quotation["expiryDate"], "the quotation has expired")
    same = ("customerId", "paymentTerms", "shippingTerms", "remarks")
    items = [
        {name: one[name] for name in ("productId", "quantity", "unitPrice", "remark")}
        for one in quotation["items"]
    ]
    given = {name: quotation[name] for name in same if name in quotation}
    return "orders", create_order(office, {**given, **sent, "items": items})


def decide_order(office: Office, order: Thing, sent: Thing) -> Made:
    """Chapter 5.6; over the credit limit is refused."""
    require(order["status"] == "draft", "only a draft can be approved")
    order["decision"] = sent.get("remarks")
    if sent["approved"]:
        customer = by_id(office, "customers", order["customerId"])
        limit = customer.get("creditLimit")
        owed = sum(
            (
                one["balanceAmount"]
                for one in office.things["invoices"]
                if one["customerId"] == customer["id"]
            ),
            Decimal(),
        )
        over = limit is not None and owed + order["totalAmount"] > limit
        require(not over, "the customer is over the credit limit")
        order["status"] = "approved"


def cancel_order(office: Office, order: Thing, sent: Thing) -> Made:
    """Chapter 5.7."""
    require(order["status"] in {"draft", "approved"}, "the order cannot be cancelled any more")
    order |= {"status": "cancelled", "reason": sent.get("reason")}


def delivery_of_order(office: Office, order: Thing, sent: Thing) -> Made:
    """Chapter 5.8."""
    items = [
        {"orderItemId": one["orderItemId"], "deliveredQuantity": one["quantity"]}
        for one in sent["items"]
    ]
    return "deliveries", create_delivery(office, {**sent, "orderId": order["id"], "items": items})


def create_invoice(office: Office, sent: Thing) -> Thing:
    """Chapter 7.3: unit prices are net, `taxRate` is a percentage, each line is rounded."""
    customer = by_id(office, "customers", sent["customerId"])
    order = by_id(office, "orders", sent["orderId"]) if sent.get("orderId") else None
    require(bool(sent["items"]), "an invoice has lines")
    if order is not None:
        require(order["customerId"] == customer["id"], "the order is another customer's")
        _check_delivered(office, order, sent["items"])
    figures = _invoice_figures(office, sent["items"])
    return {
        **sent,
        **head_of(office, "invoices", customer, sent["invoiceDate"]),
        **figures,
        "orderNo": order and order["orderNo"],
        "customerTaxNo": customer.get("taxNo"),
        "paidAmount": Decimal(),
        "balanceAmount": figures["totalAmount"],
        "status": "unpaid",
        "receipts": [],
    }


def change_invoice(office: Office, invoice: Thing, sent: Thing) -> None:
    """Chapter 7.4; only while nothing was paid."""
    require(invoice["status"] == "unpaid", "the invoice was paid")
    if "items" in sent:
        figures = _invoice_figures(office, sent["items"])
        sent = {**sent, **figures, "balanceAmount": figures["totalAmount"]}
    invoice |= sent


def delete_invoice(office: Office, invoice: Thing) -> None:
    """Chapter 7.5; only while nothing was paid."""
    require(invoice["status"] == "unpaid", "the invoice was paid")


def receive(office: Office, invoice: Thing, sent: Thing) -> Made:
    """Chapter 7.6; not more than the balance."""
    require(sent["amount"] <= invoice["balanceAmount"], "more than the balance")
    invoice["receipts"].append(sent)
    invoice["paidAmount"] += sent["amount"]
    invoice["balanceAmount"] -= sent["amount"]
    invoice["status"] = "partially_paid" if invoice["balanceAmount"] else "fully_paid"


CREATE = {
    "customers": create_customer,
    "quotations": create_quotation,
    "orders": create_order,
    "deliveries": create_delivery,
    "invoices": create_invoice,
    "returns": create_return,
}
CHANGE = {
    "customers": change_customer,
    "quotations": change_sold,
    "orders": change_sold,
    "deliveries": change_delivery,
    "invoices": change_invoice,
    "returns": change_return,
}
DELETE = {
    "customers": delete_customer,
    "quotations": delete_draft,
    "orders": delete_draft,
    "deliveries": delete_delivery,
    "invoices": delete_invoice,
    "returns": delete_return,
}


def _sold(office: Office, kind: str, sent: Thing, day: str) -> Thing:
    customer = by_id(office, "customers", sent["customerId"])
    head = head_of(office, kind, customer, day)
    prefix = f"{SINGULAR[kind]}-item-{head['id']}"
    return {**sent, **head, **_items(office, sent["items"], prefix), "status": "draft"}


def _prefix(thing: Thing) -> str:
    return str(thing["items"][0]["id"]).rpartition("-")[0]


def _items(office: Office, sent: list[Thing], prefix: str) -> Thing:
    require(bool(sent), "there are no lines")
    items = [
        {
            "id": f"{prefix}-{at:03}",
            **one,
            **product_of(office, one["productId"]),
            "amount": cents(Decimal(one["quantity"]) * one["unitPrice"]),
            "deliveredQuantity": Decimal(),
            "returnedQuantity": Decimal(),
            "remark": one.get("remark"),
        }
        for at, one in enumerate(sent, start=1)
    ]
    return {"items": items, "totalAmount": sum((one["amount"] for one in items), Decimal())}


def _check_delivered(office: Office, order: Thing, sent: list[Thing]) -> None:
    """Refuse to invoice more of a product than was delivered and not invoiced yet."""
    left: dict[str, Decimal] = {}
    for item in order["items"]:
        left[item["productId"]] = left.get(item["productId"], Decimal()) + item["deliveredQuantity"]
    earlier = [
        item
        for one in office.things["invoices"]
        if one.get("orderId") == order["id"]
        for item in one["items"]
    ]
    for item in (*earlier, *sent):
        left[item["productId"]] = left.get(item["productId"], Decimal()) - item["quantity"]
    require(min(left.values()) >= 0, "more than delivered")


def _invoice_figures(office: Office, sent: list[Thing]) -> Thing:
    items = []
    for at, one in enumerate(sent, start=1):
        net = cents(Decimal(one["quantity"]) * one["unitPrice"])
        tax = cents(net * one["taxRate"] / 100)
        named = product_of(office, one["productId"])
        named.pop("unit")  # an invoice's lines have none
        figures = {"taxAmount": tax, "totalAmount": net + tax}
        items.append({"id": f"item-{at:03}", **one, **named, **figures})
    tax = sum((one["taxAmount"] for one in items), Decimal())
    total = sum((one["totalAmount"] for one in items), Decimal())
    return {"items": items, "taxAmount": tax, "netAmount": total - tax, "totalAmount": total}
