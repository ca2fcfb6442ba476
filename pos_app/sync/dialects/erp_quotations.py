"""Quotations there: created, written anew, approved or rejected, deleted.

The module has no call to hand a quotation in; it is decided straight away.
"""

from collections.abc import Callable
from functools import partial

from pos_app.domain.quotation import Quotation, QuotationState
from pos_app.sync.dialect import Ask, Known, LookUp, Outgoing, Step, WaitsForOther
from pos_app.sync.dialects.erp_changes import ITEM, deciding, deleting, putting
from pos_app.sync.dialects.erp_customers import creating, customer_id
from pos_app.sync.dialects.erp_lines import of_document, order_items, same_items
from pos_app.sync.dialects.erp_replies import (
    QUOTATIONS,
    Row,
    carries,
    find_numbered,
    made,
    remarks,
    text_of,
)

_IDS = (("quotation", "id"), ("number", "quotationNo"))
_CHANGES = ("expiryDate", "remarks", "items")
_OPEN = {"draft", "submitted"}
_DECISIONS = {QuotationState.APPROVED: "approved", QuotationState.REJECTED: "rejected"}


def steps_of_quotation(thing: Outgoing, known: Known) -> tuple[Step, ...]:
    """Return what leads to a quotation's state, each step once."""
    del known
    quotation: Quotation = thing.document
    own_id, path = quotation.head.id, _path(quotation)
    steps = [*creating(quotation.head.customer), _creating(quotation)]
    if thing.action == "change":
        key = f"{quotation_key(own_id)} {thing.entry}"
        steps.append(putting(key, path, partial(_changes, quotation)))
    if state := _DECISIONS.get(quotation.state):
        is_approved = quotation.state is QuotationState.APPROVED
        steps.append(
            deciding(
                decision_key(own_id),
                path,
                is_approved,
                quotation.decision,
                leads_to={state},
                comes_from=_OPEN,
            )
        )
    if quotation.state is QuotationState.DELETED:
        steps.append(deleting(f"delete {own_id}", path))
    return tuple(steps)


def quotation_key(own_id: str) -> str:
    """Return the key of the step that creates a quotation."""
    return f"quotation {own_id}"


def decision_key(own_id: str) -> str:
    """Return the key of the step that approves or rejects a quotation."""
    return f"decide {own_id}"


def quotation_there(own_id: str, known: Known) -> str:
    """Return a quotation's id there, empty where it has none."""
    return (known.ids(quotation_key(own_id)) or {}).get("quotation", "")


def _creating(quotation: Quotation) -> Step:
    def request(known: Known) -> Ask:
        return Ask("POST", QUOTATIONS, body=_body(quotation, known), is_change=True)

    def look_up(known: Known) -> LookUp:
        sent = _body(quotation, known)
        return find_numbered(
            QUOTATIONS,
            (("customerId", sent["customerId"]),),
            lambda row: carries(row, quotation.head.number),
            lambda row: same_items(sent["items"], row.get("items"), *ITEM),
            lambda row: {name: text_of(row.get(field)) for name, field in _IDS},
            known,
        )

    key = quotation_key(quotation.head.id)
    return Step(key, request, made(*_IDS), look_up, names="quotation")


def _path(quotation: Quotation) -> Callable[[Known], str]:
    own_id, number = quotation.head.id, quotation.head.number

    def path(known: Known) -> str:
        found = quotation_there(own_id, known)
        if not found:
            raise WaitsForOther(name=number, other=number, key=quotation_key(own_id))
        return f"{QUOTATIONS}/{found}"

    return path


def _body(quotation: Quotation, known: Known) -> Row:
    head = quotation.head
    lines = of_document(zip(quotation.lines, quotation.priced.lines, strict=True))
    return {
        "customerId": customer_id(head.customer, head.number, known),
        "quotationDate": head.day.isoformat(),
        "expiryDate": quotation.expires.isoformat(),
        "paymentTerms": head.payment_terms,
        "shippingTerms": head.shipping_terms,
        "remarks": remarks(head.number, head.remarks),
        "items": order_items(head.number, lines, known),
    }


def _changes(quotation: Quotation, known: Known) -> Row:
    whole = _body(quotation, known)
    return {name: whole[name] for name in _CHANGES}
