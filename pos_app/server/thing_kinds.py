"""The kinds of things that head office keeps: which of them tills pull, and how each is merged."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from pos_app.domain.machine_settings import without_machine

Plain = Mapping[str, Any]


class MergeRule(StrEnum):
    """Whose value stands where two sides changed the same field since they agreed."""

    OFFICE = "office"  # head office's, unless nobody but this till wrote it since
    LATEST = "latest"  # the later one
    WHOLE = "whole"  # a document is changed by one side only: the other waits in the inbox
    VALUE = "value"  # as LATEST, but the balance is a sum of changes
    REPLACE = "replace"  # a till's own business: its latest state


UNIT, TAX, CATEGORY, PRODUCT = "unit", "tax", "category", "product"
CUSTOMER, SETTINGS, STAFF, ROLE = "customer", "settings", "staff", "role"
STORED_VALUE, CREDIT_TERMS = "stored_value", "credit_terms"
CUSTOMER_ERASURE = "customer_erasure"
CONNECTION = "connection"  # of tills to other systems; no till says anything of one
# The kinds that tills pull, in the order in which the things of one revision must come.
PULLED_KINDS = (
    UNIT,
    TAX,
    CATEGORY,
    SETTINGS,
    ROLE,
    STAFF,
    PRODUCT,
    "price_list",
    "list_price",
    CUSTOMER,
    CREDIT_TERMS,
    STORED_VALUE,
    "quotation",
    "order",
    "invoice",
    CONNECTION,
)
DOCUMENTS = frozenset({"quotation", "order", "invoice"})
# Kinds whose state is {"state", "code", "place", "is_open"}: records of the till's store.
RECORDS = frozenset(PULLED_KINDS) - {
    UNIT,
    TAX,
    CATEGORY,
    SETTINGS,
    PRODUCT,
    CUSTOMER,
    CONNECTION,
}
_RULES = {
    **dict.fromkeys(PULLED_KINDS, MergeRule.OFFICE),
    **dict.fromkeys(DOCUMENTS, MergeRule.WHOLE),
    CUSTOMER: MergeRule.LATEST,
    CREDIT_TERMS: MergeRule.LATEST,
    STORED_VALUE: MergeRule.VALUE,
}
# What a till makes of these kinds is for its own shop; everything else is for all shops.
_OF_ITS_SHOP = frozenset({SETTINGS, STAFF, CONNECTION, *DOCUMENTS})
# Ids that mean the same at every till, though no till pulls the kind.
_SHARED_IDS = frozenset({CUSTOMER_ERASURE, "customer_merge", "delivery_note", "sales_return"})
_STAFF_SECRETS = (
    "pin_hash",
    "pin_epoch",
    "pin_digits",
    "badge_hash",
    "badge_epoch",
    "code_serial",
    "code_epoch",
)
# States in which nobody has anything left to do with a document.
_OVER = {
    "quotation": frozenset({"rejected", "expired", "deleted"}),
    "order": frozenset({"cancelled", "deleted"}),
    "invoice": frozenset({"fully_paid", "deleted"}),
}


def merge_rule(kind: str) -> MergeRule:
    """Return how things of a kind are merged."""
    return _RULES.get(kind, MergeRule.REPLACE)


def is_pulled(kind: str, state: Plain) -> bool:
    """Whether tills should hear of a thing in this state that they never heard of."""
    if kind not in _RULES:
        return False
    over = _OVER.get(kind)
    return over is None or state["state"].get("state") not in over


def shop_of(kind: str, shop: str) -> str:
    """Return for which shop a thing is that a till of `shop` made; empty for all."""
    return shop if kind in _OF_ITS_SHOP else ""


def thing_id(kind: str, told_id: str, till_id: str) -> str:
    """Return a thing's id in the company: what tills keep for themselves is told apart by till."""
    if kind in _RULES or kind in _SHARED_IDS:
        return told_id
    return f"{till_id} {told_id}"


def as_kept(kind: str, state: Plain) -> dict[str, Any]:
    """Return what head office keeps of a state: nothing of a machine's, no secret, no allowance."""
    if kind == SETTINGS:
        return without_machine(state)
    if kind == STAFF:
        return {**state, "state": _without(state["state"], _STAFF_SECRETS)}
    if kind == STORED_VALUE:
        return {**state, "state": _confirmed(state["state"])}
    return dict(state)


def _without(state: Plain, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: value for name, value in state.items() if name not in names}


def _confirmed(state: Plain) -> dict[str, Any]:
    """What was spent unconfirmed at a till, and what it allowed a strange card, is settled here."""
    kept = {**state, "unconfirmed": 0, "is_foreign": False}
    if kept.get("kind") != "account":
        kept["limit"] = 0
    return kept
