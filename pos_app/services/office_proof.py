"""Head office as reports and rules of the counter see it: what it signed, and when it was heard."""

import json
from datetime import datetime
from typing import TYPE_CHECKING

from pos_app.domain.offline_rules import OfflineRules, is_out_of_touch
from pos_app.domain.shift_report import OfficeProof
from pos_app.store.plain import UNREADABLE
from pos_app.store.remotes import HEAD_OFFICE, LAST_CONTACT, SIGNED_HEAD, SIGNED_HEAD_AT, URL

if TYPE_CHECKING:
    from pos_app.store.store import Store
    from pos_app.store.transaction import Transaction

    Source = Store | Transaction


def office_proof(source: "Source") -> OfficeProof | None:
    """Return how the till's receipts compare with the last head that head office signed.

    None for a till without head office. Quick: an entry's hash stands for all before it.
    """
    if not source.remotes.value(HEAD_OFFICE, URL):
        return None
    here = source.sales.count()
    try:
        head = json.loads(source.remotes.value(HEAD_OFFICE, SIGNED_HEAD))["head"]
        at = datetime.fromisoformat(source.remotes.value(HEAD_OFFICE, SIGNED_HEAD_AT))
        there, seq, hashed = int(head["receipts"]), int(head["seq"]), str(head["hash"])
    except UNREADABLE:
        return OfficeProof(here, 0, None, is_same=False)
    entry = source.journal.get(seq)
    is_same = entry is not None and entry.hash == hashed and there <= here
    return OfficeProof(here, there, at, is_same)


def offline_rules(source: "Source", now: datetime) -> OfflineRules | None:
    """Return the rules for a till that lost touch with head office; None while it has not."""
    rules = source.settings.shop().head_office
    if not rules.limits_anything or not source.remotes.value(HEAD_OFFICE, URL):
        return None
    told = source.remotes.value(HEAD_OFFICE, LAST_CONTACT)
    last_contact = datetime.fromisoformat(told) if told else None
    return rules if is_out_of_touch(rules, last_contact, now) else None
