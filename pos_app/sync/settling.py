"""Remedies that a person chose for refused entries: kept until head office has them."""

import json
from typing import TYPE_CHECKING

from pos_app.sync.remote import HEAD_OFFICE

if TYPE_CHECKING:
    from pos_app.store.remotes import Remotes
    from pos_app.store.store import Store

_NAME = "remedies"


def ask_to_settle(store: "Store", refusal_id: str, remedy: str) -> None:
    """Keep a chosen remedy (`retry`, `accept` or `drop`) for the engine; the last one counts."""
    with store.transaction() as tx:
        chosen = dict(remedies_in(tx.remotes)) | {refusal_id: remedy}
        tx.remotes.put(HEAD_OFFICE, **{_NAME: json.dumps(chosen)})


def remedies_in(remotes: "Remotes") -> list[tuple[str, str]]:
    """Return the remedies (refusal's id, remedy) that head office has not been told yet."""
    return list(json.loads(remotes.value(HEAD_OFFICE, _NAME) or "{}").items())


def forget_remedy(store: "Store", refusal_id: str, remedy: str) -> None:
    """Let a remedy go that head office has; another one chosen meanwhile stays."""
    with store.transaction() as tx:
        chosen = dict(remedies_in(tx.remotes))
        if chosen.get(refusal_id) == remedy:
            del chosen[refusal_id]
            tx.remotes.put(HEAD_OFFICE, **{_NAME: json.dumps(chosen)})
