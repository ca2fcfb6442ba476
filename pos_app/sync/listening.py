"""Waiting for news from head office on a connection of its own, so that a till hears at once.

A long poll: head office answers as soon as there is something new, or after a while that there is
nothing. Where that does not work the engine asks by itself, a little later.
"""

import msgspec

from pos_app.sync.calls import Calls
from pos_app.sync.remote import Remote
from pos_app.sync.transport import READ_TIMEOUT_S


class News(msgspec.Struct, frozen=True):
    """Head office's latest revision: `GET /sync/v1/wait`."""

    revision: int


def hear_news(calls: Calls, remote: Remote, since: int) -> int | None:
    """Wait until head office has more than revision `since`; None where it says there is nothing.

    Raises as `Calls` does.
    """
    news = calls.get(remote, f"wait?since={since}", News, READ_TIMEOUT_S)
    return None if news is None else news.revision
