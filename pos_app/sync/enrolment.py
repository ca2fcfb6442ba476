"""A till joins a head office with a one-time code, and leaves it again."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from pos_app.domain.errors import PosError
from pos_app.store.remotes import LogLine
from pos_app.sync import answers, wire
from pos_app.sync.addresses import read_address
from pos_app.sync.remote import (
    HEAD_OFFICE,
    Remote,
    moment,
    offset_ms,
    put_remote,
    remote_in,
    with_tokens,
)
from pos_app.sync.sentences import filled
from pos_app.sync.transport import READ_TIMEOUT_S, Answer, NoAnswer, Request, Transport
from pos_app.texts import later

if TYPE_CHECKING:
    from pos_app.store.store import Store

SCHEME = "pos-app"
_CODE = re.compile(r"[A-Za-z0-9 -]{4,64}")

_CONNECTED = later("This till is connected to {company}, shop {shop}.")


class NotAnInvitation(PosError):
    """A text is no invitation of a head office."""

    sentence = "This is not an invitation from head office. Scan the code that it shows again."


class AlreadyConnected(PosError):
    """The till belongs to another head office."""

    sentence = "This till belongs to {company}. Disconnect it there first."


@dataclass(frozen=True, slots=True)
class Invitation:
    """Where head office is, and the one-time code for this till."""

    url: str
    code: str


def read_invitation(text: str) -> Invitation:
    """Read `pos-app://enrol?u=ADDRESS&c=CODE`, as head office shows it in a QR code.

    Raises NotAnInvitation, or NotAnAddress where the address inside is none.
    """
    try:
        parts = urlsplit(text.strip())
        fields = parse_qs(parts.query, strict_parsing=True, max_num_fields=8)
    except ValueError as failure:
        raise NotAnInvitation() from failure
    urls, codes = fields.get("u", []), fields.get("c", [])
    is_ours = parts.scheme.lower() == SCHEME and parts.netloc == "enrol"
    if not is_ours or len(urls) != 1 or len(codes) != 1 or not _CODE.fullmatch(codes[0]):
        raise NotAnInvitation()
    return Invitation(read_address(urls[0]), codes[0].strip())


def enrol(
    store: "Store", url: str, code: str, transport: Transport, now: datetime, name: str = ""
) -> Remote:
    """Let the till join the head office at `url`, which must be there and of our version.

    Asks the network, so not in the thread of the screen. Raises NotAnAddress, AlreadyConnected,
    TransportFailure (CertificateRefused, AddressNotSafe, Unreachable, NoAnswer), NotOurWire or
    OfficeRefusal (SignInPage, OtherVersion, CodeWrong, CodeUsed, CodeExpired, OfficeBusy).
    """
    base = read_address(url)
    before = remote_in(store.remotes)
    if before is not None and before.url != base:
        raise AlreadyConnected(company=before.company or before.url)
    hello = answers.read_answer(_get_hello(transport, base), wire.Hello)
    answers.check_hello(hello)
    enrolled = _ask(store, base, code.strip(), transport, name)
    remote = _remote_of(store, base, enrolled, hello.at, now)
    is_same = before is not None and before.till_id == remote.till_id
    with store.transaction() as tx:
        if not is_same:
            tx.remotes.forget(HEAD_OFFICE)
            tx.received.forget()
            tx.cursors.set(HEAD_OFFICE, 0)
        put_remote(tx.remotes, remote)
        text = filled(_CONNECTED, company=remote.company or base, shop=remote.shop)
        tx.remotes.log_line(HEAD_OFFICE, LogLine(moment(now), "good", text))
    return remote


def leave(store: "Store") -> None:
    """Let the till go on without head office; what came from there stays, as the till's own."""
    with store.transaction() as tx:
        tx.remotes.forget(HEAD_OFFICE)
        tx.received.forget()


def _get_hello(transport: Transport, base: str) -> Answer:
    return transport.send(Request("GET", base, f"{wire.PREFIX}/hello"), READ_TIMEOUT_S)


def _ask(store: "Store", base: str, code: str, transport: Transport, name: str) -> wire.Enrolled:
    identity = store.identity
    key = identity.public_key.hex()
    message = wire.enrolment_message(code, identity.store_id, identity.till, identity.epoch, key)
    body = wire.Enrolment(
        code=code,
        store_id=identity.store_id,
        till=identity.till,
        epoch=identity.epoch,
        public_key=key,
        signature=(store.sign(message) or b"").hex(),
        name=name,
        currency=store.settings.shop().policy.currency,
    )
    headers = {"Content-Type": "application/json"}
    request = Request("POST", base, f"{wire.PREFIX}/enrol", headers, wire.encode(body))
    try:
        answer = transport.send(request, READ_TIMEOUT_S)
    except NoAnswer:  # it may have worked: the same till with the same code is told again
        answer = transport.send(request, READ_TIMEOUT_S)
    return answers.read_answer(answer, wire.Enrolled)


def _remote_of(
    store: "Store", base: str, enrolled: wire.Enrolled, office_at: str, now: datetime
) -> Remote:
    remote = Remote(
        base,
        enrolled.company_id,
        enrolled.company,
        enrolled.shop,
        enrolled.till_id,
        enrolled.office_key,
        store.identity.epoch,
        offset_ms=offset_ms(office_at, now) or 0,
    )
    tokens = wire.Tokens(enrolled.access, enrolled.access_s, enrolled.refresh)
    return with_tokens(remote, tokens, now)
