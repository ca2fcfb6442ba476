"""Orders there: written or made of their quotation, changed, approved, cancelled, deleted.

The module has no call to finish an order early, or to open a cancelled one again; what of that
concerns an order is left to a person.
"""

from collections.abc import Callable
from functools import partial

from pos_app.domain.order import Order, OrderState
from pos_app.sync.dialect import (
    Ask,
    Done,
    Known,
    LookUp,
    NotSayable,
    Outgoing,
    Reply,
    Step,
    Verdict,
    WaitsForOther,
)
from pos_app.sync.dialects.erp_changes import ITEM, deciding, deleting, putting, refusing
from pos_app.sync.dialects.erp_customers import creating, customer_id
from pos_app.sync.dialects.erp_lines import of_document, order_items, same_items
from pos_app.sync.dialects.erp_quotations import decision_key, quotation_there
from pos_app.sync.dialects.erp_replies import (
    ORDERS,
    QUOTATIONS,
    Row,
    carries,
    find_numbered,
    find_state,
    judge_done,
    judged,
    made,
    remarks,
    text_of,
)
from pos_app.texts import later

_IDS = (("order", "id"), ("number", "orderNo"))
_IDS_OF_QUOTATION = (("order", "orderId"), ("number", "orderNo"))
_CHANGES = ("deliveryDate", "remarks", "items")
_APPROVED = {"approved", "partially_delivered", "fully_delivered"}
_UNDER_WAY = {OrderState.APPROVED, OrderState.PARTIALLY_DELIVERED, OrderState.FULLY_DELIVERED}
_COLLECTED = "Collected and paid at the till"
_UNSAID = {
    "finish": later("finished early"),
    "collect": later("collected in part at the till"),
    "uncollect": later("brought back to the till"),
}
Write = Callable[[Known], Row]


class NotDoneThere(NotSayable):
    """Something that was done with an order, which the API has no call for."""

    sentence = "{name} was {action} here, and the API has no call for that. Do it there by hand."


def steps_of_order(thing: Outgoing, known: Known) -> tuple[Step, ...]:
    """Return what leads to an order's state, each step once."""
    order: Order = thing.document
    own_id, key, path = order.head.id, order_key(order.head.id), path_of(order)
    steps = [*creating(order.head.customer), _creating(order)]
    if "from" in (known.ids(key) or {}):  # it came from its quotation, without our number
        steps.append(putting(f"{key} remarks", path, partial(_changes, order)))
    if thing.action == "change":
        steps.append(putting(f"{key} {thing.entry}", path, partial(_changes, order)))
    if order.state in _UNDER_WAY:
        steps.append(_approving(thing, order, known))
    if thing.action == "reject":
        rejecting = f"reject {own_id} {thing.entry}"
        steps.append(
            deciding(rejecting, path, False, order.remark, leads_to={"draft"}, comes_from=_APPROVED)
        )
    return (*steps, *_endings(thing, order))


def order_key(own_id: str) -> str:
    """Return the key of the step that creates an order."""
    return f"order {own_id}"


def order_there(own_id: str, name: str, known: Known, other: str = "") -> str:
    """Return an order's id there; raises WaitsForOther for it, or for the `other` one."""
    found = (known.ids(order_key(own_id)) or {}).get("order")
    if not found:
        raise WaitsForOther(name=name, other=other or name, key=order_key(own_id))
    return found


def creating_order(own_id: str, number: str, write: Write) -> Step:
    """Return the step that creates an order as `write` writes it, looked up by our number.

    Whose it is there is kept beside its id, for what comes back of it later.
    """

    def judge(reply: Reply, known: Known) -> Verdict:
        verdict = made(*_IDS)(reply, known)
        if not isinstance(verdict, Done):
            return verdict
        return Done({**verdict.ids, "buyer": write(known)["customerId"]})

    def look_up(known: Known) -> LookUp:
        sent = write(known)
        buyer = {"buyer": sent["customerId"]}
        return _find(
            sent, lambda row: carries(row, number), lambda row: _ids_of(row) | buyer, known
        )

    return Step(
        order_key(own_id),
        lambda known: Ask("POST", ORDERS, body=write(known), is_change=True),
        judge,
        look_up,
        names="order",
    )


def buyer_there(own_id: str, known: Known) -> str:
    """Return whose an order is there, empty where only its id was entered."""
    return (known.ids(order_key(own_id)) or {}).get("buyer", "")


def approving(key: str, own_id: str, number: str, words: str = "", entry: str = "") -> Step:
    """Return the step that approves an order; one that is further on was approved.

    What it leaves behind is the journal's entry that it was for.
    """
    left = {"entry": entry} if entry else {}

    def path(known: Known) -> str:
        return f"{ORDERS}/{order_there(own_id, number, known)}"

    def judge(reply: Reply, known: Known) -> Verdict:
        del known
        return judged(reply, lambda _data: left)

    def look_up(known: Known) -> LookUp:
        found = yield from find_state(
            path(known),
            lambda row: row.get("status") in _APPROVED,
            lambda row: row.get("status") == "draft",
        )
        return Done(left) if isinstance(found, Done) else found

    body = {"approved": True, "remarks": words}
    return Step(
        key,
        lambda known: Ask("POST", f"{path(known)}/approve", body=body, is_change=True),
        judge,
        look_up,
    )


def path_of(order: Order) -> Callable[[Known], str]:
    """Return where an order is there, once that is known."""
    return lambda known: f"{ORDERS}/{order_there(order.head.id, order.head.number, known)}"


def _creating(order: Order) -> Step:
    """Return the step that makes an order: of its quotation, where that is approved there."""
    plain = creating_order(order.head.id, order.head.number, partial(_body, order))

    def request(known: Known) -> Ask:
        quotation = _quotation_there(order, known)
        if not quotation:
            return plain.request(known)
        whole = _body(order, known)
        body = {name: whole[name] for name in ("orderDate", "deliveryDate")}
        path = f"{QUOTATIONS}/{quotation}/generate-order"
        return Ask("POST", path, body=body, is_change=True)

    def judge(reply: Reply, known: Known) -> Verdict:
        quotation = _quotation_there(order, known)
        if not quotation:
            return plain.judge(reply, known)
        verdict = made(*_IDS_OF_QUOTATION)(reply, known)
        if not isinstance(verdict, Done):
            return verdict
        buyer = customer_id(order.head.customer, order.head.number, known)
        return Done({**verdict.ids, "from": quotation, "buyer": buyer})

    def look_up(known: Known) -> LookUp:
        quotation = _quotation_there(order, known)
        extra = {"from": quotation} if quotation else {}

        def bears(row: Row) -> bool:
            """Whether it is ours, or came from our quotation and has its remarks."""
            is_of_quotation = bool(quotation) and carries(row, order.quotation_number)
            return carries(row, order.head.number) or is_of_quotation

        sent = _body(order, known)
        extra["buyer"] = sent["customerId"]
        return _find(sent, bears, lambda row: _ids_of(row) | extra, known)

    return Step(plain.key, request, judge, look_up, names="order")


def _approving(thing: Outgoing, order: Order, known: Known) -> Step:
    """Return the step that approves; an order that went back to draft is approved once more."""
    own_id, number = order.head.id, order.head.number
    key = f"approve {own_id}"
    if thing.action != "approve":
        return approving(key, own_id, number, order.remark)
    before = known.ids(key)
    if before is not None and before.get("entry") != thing.entry:
        key = f"{key} {thing.entry}"
    return approving(key, own_id, number, order.remark, thing.entry)


def _endings(thing: Outgoing, order: Order) -> tuple[Step, ...]:
    """Return how an order ends there, or why nobody can say that it did."""
    own_id, path = order.head.id, path_of(order)
    if order.state is OrderState.CANCELLED:
        return (_cancelling(order, order.remark),)
    if order.state is OrderState.DELETED:
        return (deleting(f"delete {own_id}", path),)
    if thing.action == "collect" and all(line.sold == line.line.quantity for line in order.lines):
        return (_cancelling(order, _COLLECTED),)
    word = _UNSAID.get(thing.action)
    if word is None:
        return ()
    refusal = NotDoneThere(name=order.head.number, action=word)
    return (refusing(f"{thing.action} {own_id} {thing.entry}", refusal),)


def _cancelling(order: Order, reason: str) -> Step:
    path = path_of(order)
    return Step(
        f"cancel {order.head.id}",
        lambda known: Ask("POST", f"{path(known)}/cancel", body={"reason": reason}, is_change=True),
        judge_done,
        lambda known: find_state(
            path(known),
            lambda row: row.get("status") == "cancelled",
            lambda row: row.get("status") in {"draft", "approved"},
        ),
    )


def _quotation_there(order: Order, known: Known) -> str:
    """Return the id of an order's quotation where it is there and approved."""
    if not order.quotation_id or known.ids(decision_key(order.quotation_id)) is None:
        return ""
    return quotation_there(order.quotation_id, known)


def _body(order: Order, known: Known) -> Row:
    head = order.head
    lines = zip((line.line for line in order.lines), order.priced.lines, strict=True)
    return {
        "customerId": customer_id(head.customer, head.number, known),
        "orderDate": head.day.isoformat(),
        "deliveryDate": (order.deliver_by or head.day).isoformat(),
        "paymentTerms": head.payment_terms,
        "shippingTerms": head.shipping_terms,
        "remarks": remarks(head.number, head.remarks),
        "items": order_items(head.number, of_document(lines), known),
    }


def _changes(order: Order, known: Known) -> Row:
    whole = _body(order, known)
    return {name: whole[name] for name in _CHANGES}


def _find(
    sent: Row, bears: Callable[[Row], bool], ids_of: Callable[[Row], dict[str, str]], known: Known
) -> LookUp:
    return find_numbered(
        ORDERS,
        (("customerId", sent["customerId"]),),
        bears,
        lambda row: same_items(sent["items"], row.get("items"), *ITEM),
        ids_of,
        known,
    )


def _ids_of(row: Row) -> dict[str, str]:
    return {name: text_of(row.get(field)) for name, field in _IDS}
