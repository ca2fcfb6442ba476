"""Receiving: one page of what head office has for the till, applied in the store's own turn."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from pos_app.sync import wire
from pos_app.sync.calls import Calls
from pos_app.sync.received import Applied, apply_page
from pos_app.sync.remote import HEAD_OFFICE, PULL_CURSOR, STOCK_CURSOR, Remote, is_still

if TYPE_CHECKING:
    from pos_app.store.store import Store


@dataclass(frozen=True, slots=True)
class Page:
    """A page that was applied: how many things it held, and how many more are waiting."""

    applied: Applied
    things: int
    left: int


def pull_page(store: "Store", calls: Calls, remote: Remote, clock: Callable[[], datetime]) -> Page:
    """Ask for what is new since the cursor and apply it; the cursor moves with the rows."""
    known = store.remotes.values(HEAD_OFFICE)
    before = known.get(PULL_CURSOR, "")
    body = wire.Pull(cursor=before, stock_cursor=known.get(STOCK_CURSOR, ""))
    pulled = calls.post(remote, "pull", body, wire.Pulled)
    if not is_still(remote, store.remotes):
        return Page(Applied(), 0, 0)
    applied = apply_page(store, pulled, clock())
    # Without a step forward asking again would bring the same for ever: wait for the next news.
    moved = (pulled.cursor, pulled.stock_cursor) != (before, body.stock_cursor)
    left = pulled.left if moved else 0
    return Page(applied, len(pulled.things), left)
