"""The door of the native protocol: a request as bytes in, an answer as bytes out.

The web server's routes and the simulator both come through here. Each request that changes
something is one transaction, committed before the answer is made.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar
from urllib.parse import parse_qs

import msgspec
from sqlalchemy import Connection
from sqlalchemy.exc import DataError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from pos_app.domain.errors import PosError
from pos_app.server.database import Office
from pos_app.server.enrolment import Random, begin_epoch, enrol, renew
from pos_app.server.ingest import ingest
from pos_app.server.news import News, Topic
from pos_app.server.pulling import news_revision, pull
from pos_app.server.refusals import status_of
from pos_app.server.settling import settle
from pos_app.server.stamps import stamp
from pos_app.server.sync_refusals import (
    BodyUnreadable,
    MethodWrong,
    RouteUnknown,
    ServiceAway,
    SyncRefusal,
    VersionUnknown,
)
from pos_app.server.till_identity import (
    Nonces,
    SyncRequest,
    Till,
    authenticate,
    authenticated,
    from_hex,
)
from pos_app.server.till_report import report
from pos_app.sync.wire import (
    BATCH_BYTES,
    PREFIX,
    VERSION,
    VERSIONS,
    BodyTooLarge,
    Enrolment,
    Failure,
    Hello,
    NewEpoch,
    NotOurWire,
    Pull,
    Push,
    Renewal,
    Settle,
    decode,
    encode,
    squeeze,
    unsqueeze,
)

PRODUCT = "pos_app head office"
# One entry may be larger than a batch is meant to be, and must still find its way.
MOST_PLAIN_BYTES = 4 * BATCH_BYTES
RETRY_S = 2
JSON = "application/json"

Shape = TypeVar("Shape")


@dataclass(frozen=True, slots=True)
class SyncAnswer:
    """An answer; `till` is who asked, where that is known, for the log."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""
    till: Till | None = None


@dataclass(slots=True)
class _Course:
    """One request on its way: what it turned out to be."""

    request: SyncRequest
    now: datetime
    till: Till | None = None
    headers: dict[str, str] = field(default_factory=dict)


class SyncDoor:
    """Answers requests of the native protocol; may be used by many threads at once.

    `random` gives as many random bytes as it is asked for: tokens are made of them.
    """

    def __init__(self, office: Office, news: News, random: Random = os.urandom) -> None:
        self.office = office
        self.news = news
        self._random = random
        self._nonces = Nonces()
        self._routes: dict[tuple[str, str], Callable[[_Course], msgspec.Struct | None]] = {
            ("GET", "hello"): self._hello,
            ("POST", "enrol"): self._enrol,
            ("POST", "token"): self._token,
            ("POST", "epoch"): self._epoch,
            ("POST", "push"): self._push,
            ("POST", "pull"): self._pull,
            ("GET", "report"): self._report,
            ("POST", "settle"): self._settle,
            ("GET", "wait"): self._wait,
        }

    def handle(self, request: SyncRequest, now: datetime) -> SyncAnswer:
        """Answer a request; what no rule names is raised. `wait` answers at once here."""
        course = _Course(request, now)
        try:
            answer = self._route(request)(course)
        except (PosError, DataError, OperationalError, InterfaceError, PoolTimeout) as failure:
            return self.refused(request, failure, now, course.till)
        headers = _headers(request, now) | course.headers
        if answer is None:
            return SyncAnswer(204, headers, b"", course.till)
        body, is_gzip = encode(answer), False
        if "gzip" in request.headers.get("accept-encoding", ""):
            body, is_gzip = squeeze(body)
        headers["content-type"] = JSON
        if is_gzip:
            headers["content-encoding"] = "gzip"
        return SyncAnswer(200, headers, body, course.till)

    def refused(
        self, request: SyncRequest, failure: Exception, now: datetime, till: Till | None = None
    ) -> SyncAnswer:
        """Return the answer that a refusal is."""
        if isinstance(failure, DataError):
            failure = SyncRefusal()  # signs that the database does not store
        elif not isinstance(failure, PosError):
            failure = ServiceAway()
        status, code = status_of(failure)
        headers = _headers(request, now) | {"content-type": JSON}
        if status == 503:
            headers["retry-after"] = str(RETRY_S)
        if status == 401:
            headers["www-authenticate"] = "Bearer"
        request_id = request.headers.get("x-request-id", "")
        body = Failure(code=code, message=str(failure), request_id=request_id)
        return SyncAnswer(status, headers, encode(body), till)

    def who_waits(self, request: SyncRequest, now: datetime) -> Till:
        """Return the till that asks to wait for news; raises as `authenticate` does."""
        return authenticate(self.office, request, self._nonces, now)

    def _route(self, request: SyncRequest) -> Callable[[_Course], msgspec.Struct | None]:
        path = request.target.partition("?")[0]
        own, _, name = path.rpartition("/")
        if own != PREFIX:
            if own.startswith("/sync/v") and name in {name for _, name in self._routes}:
                raise VersionUnknown(ours=VERSION)
            raise RouteUnknown()
        found = self._routes.get((request.method, name))
        if found is None:
            known = {name for _, name in self._routes} | {"events"}
            raise (MethodWrong if name in known else RouteUnknown)()
        return found

    def _hello(self, course: _Course) -> Hello:
        return Hello(PRODUCT, VERSIONS, stamp(course.now))

    def _enrol(self, course: _Course) -> msgspec.Struct:
        enrolment = _body(course.request, Enrolment)
        return enrol(self.office, enrolment, course.now, self._random)

    def _token(self, course: _Course) -> msgspec.Struct:
        renewal = _body(course.request, Renewal)
        return renew(self.office, course.request, renewal, self._nonces, course.now, self._random)

    def _epoch(self, course: _Course) -> msgspec.Struct:
        new = _body(course.request, NewEpoch)
        with self._entered(course, from_hex(new.public_key)) as (connection, till):
            begin_epoch(connection, till.company_id, till, new, course.now)
            return report(connection, till.company_id, till, course.now)

    def _push(self, course: _Course) -> msgspec.Struct:
        with self._entered(course) as (connection, till):
            push = _body(course.request, Push)  # what nobody vouches for is not even unpacked
            pushed = ingest(connection, till.company_id, till, push, course.now)
        if pushed.stored:
            self.news.tell(till.company_id, Topic.ENTRIES)
        return pushed

    def _pull(self, course: _Course) -> msgspec.Struct:
        with self._entered(course) as (connection, till):
            asked = _body(course.request, Pull)
            return pull(connection, till.company_id, till, asked, course.now)

    def _report(self, course: _Course) -> msgspec.Struct:
        with self._entered(course) as (connection, till):
            return report(connection, till.company_id, till, course.now)

    def _settle(self, course: _Course) -> msgspec.Struct:
        with self._entered(course) as (connection, till):
            asked = _body(course.request, Settle)
            company_id, by = till.company_id, f"till {till.number}"
            settle(connection, company_id, asked.id, asked.remedy, by, course.now, till_id=till.id)
            answer = report(connection, company_id, till, course.now)
        self.news.tell(company_id, Topic.THINGS)
        return answer

    def _wait(self, course: _Course) -> msgspec.Struct | None:
        with self._entered(course) as (connection, till):
            revision = news_revision(connection, till.company_id, till.shop)
        return Latest(revision) if revision > since_of(course.request) else None

    @contextmanager
    def _entered(self, course: _Course, new_key: bytes = b"") -> Iterator[tuple[Connection, Till]]:
        """The one transaction of a request, after the till proved who it is."""
        entered = authenticated(self.office, course.request, self._nonces, course.now, new_key)
        with entered as (connection, till):
            course.till = till
            yield connection, till


class Latest(msgspec.Struct, frozen=True):
    """What `wait` answers where there is something new: the latest revision."""

    revision: int


def since_of(request: SyncRequest) -> int:
    """Return the revision that a till knows of, 0 where it names none."""
    given = parse_qs(request.target.partition("?")[2]).get("since", ["0"])[0]
    return int(given) if given.isascii() and given.isdigit() and len(given) <= 18 else 0


def _body(request: SyncRequest, kind: type[Shape]) -> Shape:
    body = request.body
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    try:
        if encoding == "gzip":
            body = unsqueeze(body, MOST_PLAIN_BYTES)
        elif len(body) > MOST_PLAIN_BYTES:
            raise BodyTooLarge(limit=MOST_PLAIN_BYTES)
        return decode(kind, body)
    except NotOurWire as failure:  # whose sentence is for a till that hears an answer
        raise BodyUnreadable(problem=failure.fields["detail"]) from failure


def _headers(request: SyncRequest, now: datetime) -> dict[str, str]:
    at = stamp(now)
    headers = {"x-pos-office": "1", "x-pos-at": at, "cache-control": "no-store"}
    if request_id := request.headers.get("x-request-id", ""):
        headers["x-request-id"] = request_id
    return headers
