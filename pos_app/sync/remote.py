"""Head office as the till knows it: where it is, who the till is there, and the tokens.

Everything stands in the store's `remote_values`; the cursor into the journal stands in `cursors`.
The tokens are no secret to guard for themselves: without the till's private key they open nothing.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from pos_app.domain.till_head import SignedHead, TillHead, head_message
from pos_app.store.keys import is_signed
from pos_app.store.remotes import HEAD_OFFICE, LAST_CONTACT, SIGNED_HEAD, SIGNED_HEAD_AT
from pos_app.sync import wire

if TYPE_CHECKING:
    from pos_app.store.remotes import Remotes, RemotesWriter

__all__ = [
    "HEAD_OFFICE",
    "LAST_CONTACT",
    "PULL_CURSOR",
    "SIGNED_HEAD",
    "SIGNED_HEAD_AT",
    "STOCK_CURSOR",
    "Remote",
    "is_genuine",
    "is_still",
    "moment",
    "offset_ms",
    "put_remote",
    "put_signed_head",
    "remote_in",
    "signed_head_in",
    "with_tokens",
]

# Names of values that others than the engine write: how far the till has pulled.
PULL_CURSOR = "pull_cursor"
STOCK_CURSOR = "stock_cursor"
RENEW_EARLY_S = 60


@dataclass(frozen=True, slots=True)
class Remote:
    """A head office that the till belongs to.

    `office_key` is head office's public key (Ed25519, hex); `epoch` the till's epoch that it knows;
    `access_until` ISO 8601 UTC by head office's clock, which is `offset_ms` before the till's.
    """

    url: str
    company_id: str
    company: str
    shop: str
    till_id: str
    office_key: str
    epoch: int
    access: str = ""
    access_until: str = ""
    refresh: str = ""
    offset_ms: int = 0

    def office_time(self, now: datetime) -> datetime:
        """Return what head office's clock shows at the till's `now`."""
        return now + timedelta(milliseconds=self.offset_ms)


def remote_in(remotes: "Remotes") -> Remote | None:
    """Return the head office that the till belongs to, or None."""
    known = remotes.values(HEAD_OFFICE)
    if not known.get("url"):
        return None
    return Remote(
        known["url"],
        known.get("company_id", ""),
        known.get("company", ""),
        known.get("shop", ""),
        known.get("till_id", ""),
        known.get("office_key", ""),
        _whole(known, "epoch"),
        known.get("access", ""),
        known.get("access_until", ""),
        known.get("refresh", ""),
        _whole(known, "offset_ms"),
    )


def with_tokens(remote: Remote, tokens: wire.Tokens, now: datetime) -> Remote:
    """Return the remote with new tokens; the access token is renewed a while before its end."""
    early_s = min(RENEW_EARLY_S, tokens.access_s // 4)
    until = remote.office_time(now) + timedelta(seconds=tokens.access_s - early_s)
    return replace(remote, access=tokens.access, access_until=moment(until), refresh=tokens.refresh)


def offset_ms(office_at: str, now: datetime) -> int | None:
    """Return how far head office's clock (ISO 8601) is before the till's; None for no moment."""
    try:
        offset = datetime.fromisoformat(office_at) - now
    except (TypeError, ValueError):  # no moment, or one without a zone
        return None
    return round(offset / timedelta(milliseconds=1))


def is_still(remote: Remote, remotes: "Remotes") -> bool:
    """Whether the till belongs to this head office yet: it may have left while it was asked."""
    known = remote_in(remotes)
    return known is not None and (known.url, known.till_id) == (remote.url, remote.till_id)


def put_remote(remotes: "RemotesWriter", remote: Remote) -> None:
    """Remember the head office that the till belongs to."""
    remotes.put(HEAD_OFFICE, **{name: str(value) for name, value in asdict(remote).items()})


def put_signed_head(remotes: "RemotesWriter", head: SignedHead, now: datetime) -> None:
    """Remember the last head that head office signed, for the Z report and after a restart."""
    remotes.put(HEAD_OFFICE, **{SIGNED_HEAD: json.dumps(asdict(head)), SIGNED_HEAD_AT: moment(now)})


def signed_head_in(remotes: "Remotes") -> SignedHead | None:
    """Return the last head that head office signed, or None before the first."""
    text = remotes.value(HEAD_OFFICE, SIGNED_HEAD)
    if not text:
        return None
    told = json.loads(text)
    head = TillHead(**told["head"])
    return SignedHead(head, told["company_id"], told["at"], told["signature"])


def is_genuine(remote: Remote, signed: SignedHead) -> bool:
    """Whether a head was signed by the head office that the till belongs to (Ed25519, RFC 8032)."""
    if signed.company_id != remote.company_id:
        return False
    message = head_message(signed.head, signed.company_id, signed.at)
    try:
        key, signature = bytes.fromhex(remote.office_key), bytes.fromhex(signed.signature)
    except ValueError:
        return False
    return is_signed(key, signature, message)


def moment(now: datetime) -> str:
    """Write a moment as the protocol and the store do: ISO 8601 UTC, milliseconds."""
    return now.isoformat(timespec="milliseconds")


def _whole(known: Mapping[str, str], name: str) -> int:
    text = known.get(name, "")
    return int(text) if text.removeprefix("-").isdigit() else 0
