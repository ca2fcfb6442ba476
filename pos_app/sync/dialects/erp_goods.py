"""Deliveries and returns there: what went out of an order's lines, and what of it came back.

Both name the remote's own id of an order's line, which is read from the order first.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial

from pos_app.domain.delivery_note import DeliveryNote, DeliveryNoteState
from pos_app.domain.money import Money
from pos_app.domain.sales_return import SalesReturn
from pos_app.sync.dialect import (
    Ask,
    Carried,
    Done,
    Known,
    LookUp,
    NotSayable,
    Outgoing,
    Refused,
    Reply,
    Step,
    Undecidable,
    Verdict,
    WaitsForOther,
)
from pos_app.sync.dialects.erp_changes import refusing
from pos_app.sync.dialects.erp_customers import customer_id
from pos_app.sync.dialects.erp_lines import (
    Line,
    key_of,
    line_ids,
    order_amount,
    ordered_parts,
    product_there,
    same_items,
)
from pos_app.sync.dialects.erp_orders import order_there
from pos_app.sync.dialects.erp_replies import (
    DELIVERIES,
    ORDERS,
    RETURNS,
    Row,
    carries,
    data_of,
    detail_of,
    failure,
    find_numbered,
    find_state,
    judge_done,
    made,
    remarks,
    text_of,
)
from pos_app.sync.foreign_prices import number, parts_of
from pos_app.texts import later

_DELIVERY_IDS = (("delivery", "id"), ("number", "deliveryNo"))
_RETURN_IDS = (("return", "id"), ("number", "returnNo"))
_NO_LINES = later("The order there does not have these lines.")
Wanted = Callable[[Known], Sequence[tuple[str, str, Decimal | None]]]


class CreditedWithoutGoods(NotSayable):
    """A credit note for which nothing came back, which the API has no call for."""

    sentence = (
        "{name} credits an invoice without goods, and the API has no call for that. Do it there "
        "by hand."
    )


@dataclass(frozen=True, slots=True)
class Back:
    """What came back of one line there: `line_id` is the remote's, `amount` what it is worth."""

    line_id: str
    quantity: Decimal
    amount: Money
    reason: str = ""


def reading_lines(own_id: str, order_id: str, name: str, wanted: Wanted) -> Step:
    """Return the step that reads which line there each of ours is; `own_id` keeps it."""

    def request(known: Known) -> Ask:
        return Ask("GET", f"{ORDERS}/{_order_of(order_id, name, known)}")

    def judge(reply: Reply, known: Known) -> Verdict:
        data = data_of(reply)
        if not isinstance(data, dict):
            return failure(reply)
        found = line_ids(wanted(known), data.get("items"))
        return Refused(_NO_LINES) if found is None else Done(found)

    def look_up(known: Known) -> LookUp:
        detail = yield from detail_of(f"{ORDERS}/{_order_of(order_id, name, known)}")
        found = None if detail is None else line_ids(wanted(known), detail.get("items"))
        return Undecidable(_NO_LINES) if found is None else Done(found)

    return Step(lines_key(own_id), request, judge, look_up)


def delivering(own_id: str, order_id: str, doc_number: str, write: Callable[[Known], Row]) -> Step:
    """Return the step that delivers what `write` writes, looked up by our number."""

    def look_up(known: Known) -> LookUp:
        sent = write(known)
        return find_numbered(
            DELIVERIES,
            (("orderId", _order_of(order_id, doc_number, known)),),
            lambda row: carries(row, doc_number),
            lambda row: same_items(
                sent["items"], row.get("items"), "orderItemId", "deliveredQuantity"
            ),
            lambda row: {name: text_of(row.get(field)) for name, field in _DELIVERY_IDS},
            known,
        )

    return Step(
        delivery_key(own_id),
        lambda known: Ask("POST", DELIVERIES, body=write(known), is_change=True),
        made(*_DELIVERY_IDS),
        look_up,
        names="delivery",
    )


def delivering_all(own_id: str, name: str, day: date, lines: Sequence[Line]) -> tuple[Step, ...]:
    """Return the steps that deliver all of an order that was told as these lines."""

    def wanted(known: Known) -> Sequence[tuple[str, str, Decimal | None]]:
        return [
            (key, product_there(name, line, known), part.quantity)
            for line in lines
            for key, part in ordered_parts(line, known, len(lines))
        ]

    def write(known: Known) -> Row:
        quantities = {
            line_there(own_id, key, name, known): part.quantity
            for line in lines
            for key, part in ordered_parts(line, known, len(lines))
        }
        order = order_there(own_id, name, known)
        return delivery_body(order, day, remarks(name), quantities, known)

    return reading_lines(own_id, own_id, name, wanted), delivering(own_id, own_id, name, write)


def returning(key: str, order_id: str, doc_number: str, write: Callable[[Known], Row]) -> Step:
    """Return the step that takes back what `write` writes, looked up by our number."""

    def look_up(known: Known) -> LookUp:
        sent = write(known)
        return find_numbered(
            RETURNS,
            (("orderId", _order_of(order_id, doc_number, known)),),
            lambda row: carries(row, doc_number),
            lambda row: same_items(
                sent["items"], row.get("items"), "orderItemId", "quantity", "unitPrice"
            ),
            lambda row: {name: text_of(row.get(field)) for name, field in _RETURN_IDS},
            known,
        )

    return Step(
        key,
        lambda known: Ask("POST", RETURNS, body=write(known), is_change=True),
        made(*_RETURN_IDS),
        look_up,
        names="return",
    )


def delivery_body(
    order: str, day: date, words: str, quantities: Mapping[str, Decimal], known: Known
) -> Row:
    """Write a delivery; `quantities` are by the remote's line ids."""
    warehouse = known.option("warehouse").strip()
    return {
        "orderId": order,
        "deliveryDate": day.isoformat(),
        **({"warehouseId": warehouse} if warehouse else {}),
        "carrier": "",
        "trackingNo": "",
        "remarks": words,
        "items": [
            {"orderItemId": line_id, "deliveredQuantity": number(quantity), "remark": ""}
            for line_id, quantity in quantities.items()
        ],
    }


def return_items(backs: Sequence[Back]) -> list[Row]:
    """Write what came back; a line that no unit price comes to is written as two."""
    return [
        {
            "orderItemId": back.line_id,
            "quantity": number(part.quantity),
            "unitPrice": number(part.unit_price),
            "reason": back.reason,
        }
        for back in backs
        for part in parts_of(back.amount, back.quantity, len(backs))
    ]


def steps_of_delivery(thing: Outgoing, known: Known) -> tuple[Step, ...]:
    """Return what a delivery note needs; goods collected at the till went with their sale."""
    del known
    note: DeliveryNote = thing.document
    if note.sale_id or note.state is not DeliveryNoteState.COMPLETED:
        return ()
    own_id, name = note.head.id, note.head.number
    steps = [
        reading_lines(own_id, note.order_id, name, partial(_delivered_lines, note)),
        delivering(own_id, note.order_id, name, partial(_delivery_of, note)),
    ]
    if thing.action != "create":
        steps.append(_sending(note, thing.entry))
    return tuple(steps)


def steps_of_return(thing: Outgoing, known: Known) -> tuple[Step, ...]:
    """Return what goods that came back need; those that came back at the till went from there."""
    del known
    back: SalesReturn = thing.document
    if back.sale_id:
        return ()
    own_id, name = back.head.id, back.head.number
    if not back.lines or not back.order_id:
        return (refusing(return_key(own_id), CreditedWithoutGoods(name=name)),)
    return (
        reading_lines(own_id, back.order_id, name, partial(_returned_lines, back)),
        returning(return_key(own_id), back.order_id, name, partial(_return_of, back)),
    )


def lines_key(own_id: str) -> str:
    """Return the key of the step that reads the ids of an order's lines."""
    return f"lines {own_id}"


def delivery_key(own_id: str) -> str:
    """Return the key of the step that delivers."""
    return f"delivery {own_id}"


def return_key(own_id: str) -> str:
    """Return the key of the step that takes back."""
    return f"{Carried.SALES_RETURN.value} {own_id}"


def line_there(own_id: str, key: str, name: str, known: Known) -> str:
    """Return the id there of one of our lines; raises WaitsForOther."""
    found = (known.ids(lines_key(own_id)) or {}).get(key)
    if not found:
        raise WaitsForOther(name=name, other=name, key=lines_key(own_id))
    return found


def _order_of(order_id: str, name: str, known: Known) -> str:
    return order_there(order_id, name, known, later("its order"))


def _delivered_lines(note: DeliveryNote, known: Known) -> Sequence[tuple[str, str, Decimal | None]]:
    name = note.head.number
    return [
        (key_of(out.order_line_id), product_there(name, out.line, known), out.ordered)
        for out in note.lines
    ]


def _returned_lines(back: SalesReturn, known: Known) -> Sequence[tuple[str, str, Decimal | None]]:
    name = back.head.number
    return [
        (key_of(came.order_line_id), product_there(name, came.line, known), None)
        for came in back.lines
    ]


def _delivery_of(note: DeliveryNote, known: Known) -> Row:
    name, own_id = note.head.number, note.head.id
    quantities = {
        line_there(own_id, key_of(out.order_line_id), name, known): out.line.quantity
        for out in note.lines
    }
    words = remarks(name, note.head.remarks)
    order = _order_of(note.order_id, name, known)
    body = delivery_body(order, note.head.day, words, quantities, known)
    for item, out in zip(body["items"], note.lines, strict=True):
        item["remark"] = out.line.remark
    return {**body, "carrier": note.carrier, "trackingNo": note.tracking}


def _sending(note: DeliveryNote, entry: str) -> Step:
    """Return the step that says with whom a delivery goes."""

    def path(known: Known) -> str:
        found = (known.ids(delivery_key(note.head.id)) or {}).get("delivery", "")
        if not found:
            key = delivery_key(note.head.id)
            raise WaitsForOther(name=note.head.number, other=note.head.number, key=key)
        return f"{DELIVERIES}/{found}"

    def write(known: Known) -> Row:
        whole = _delivery_of(note, known)
        return {name: whole[name] for name in ("carrier", "trackingNo", "remarks", "items")}

    def look_up(known: Known) -> LookUp:
        sent = write(known)
        fields = ("carrier", "trackingNo", "remarks")
        return find_state(
            path(known),
            lambda row: all(text_of(row.get(field)) == sent[field].strip() for field in fields),
            lambda _row: True,
        )

    return Step(
        f"{delivery_key(note.head.id)} {entry}",
        lambda known: Ask("PUT", path(known), body=write(known), is_change=True),
        judge_done,
        look_up,
    )


def _return_of(back: SalesReturn, known: Known) -> Row:
    name, own_id = back.head.number, back.head.id
    backs = [
        Back(
            line_there(own_id, key_of(came.order_line_id), name, known),
            came.line.quantity,
            order_amount(came.figures, known),
            came.reason or back.reason,
        )
        for came in back.lines
    ]
    return {
        "customerId": customer_id(back.head.customer, name, known),
        "orderId": _order_of(back.order_id, name, known),
        "returnDate": back.head.day.isoformat(),
        "reason": back.reason,
        "remarks": remarks(name, back.head.remarks),
        "items": return_items(backs),
    }
