"""Head office in a simulated world: its real functions over SQLite, crashes, clock and versions."""

import json
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import select

from pos_app.server.database import Office
from pos_app.server.enrolment_codes import make_code
from pos_app.server.judging import judge_some
from pos_app.server.news import News, Piece, Topic
from pos_app.server.sync_door import SyncDoor
from pos_app.server.tables import things, tills
from pos_app.server.things import save_thing
from pos_app.server.till_identity import SyncRequest
from pos_app.server.till_list import revoke_till
from pos_app.sync import wire
from pos_app.sync.transport import Answer, Request

if TYPE_CHECKING:
    from tests.proofs.sync_world.world import Limits

OTHER_VERSIONS = (2,)
SHOP = "main"


class Crashed(BaseException):
    """Head office's process is gone; nothing of head office may catch this."""


class World(Protocol):
    """What head office needs to know of the world around it."""

    now: datetime
    limits: "Limits"

    def after(self, wait_s: float, do: Callable[[], None]) -> None:
        """Do something later in virtual time."""

    def news(self) -> None:
        """Hear that head office may have something new."""

    def told(self, push: wire.Push, pushed: wire.Pushed) -> None:
        """Hear what head office said to a push."""


class HeadOffice:
    """One head office: what it answers, and when its machine dies; the file outlives it."""

    def __init__(self, office: Office, company_id: str, world: World) -> None:
        self._office, self.company_id, self._world = office, company_id, world
        self.is_up = True
        self.skew = timedelta()
        self.speaks_other_version = False
        self.crash_in_judging = ""  # or `before`, `after` its next commit
        self.crashes = 0
        self._crash_in = 0
        self._dies_after = False
        self._door = self._new_door()
        self._is_judging = self._is_serving = False

    @property
    def now(self) -> datetime:
        """What head office's own clock shows."""
        return self._world.now + self.skew

    def answer(self, request: Request) -> Answer | None:
        """Answer a request; None where head office died over it."""
        if not self.is_up:
            return None
        if self.speaks_other_version:
            return self._in_other_version(request)
        headers = {name.lower(): value for name, value in request.headers.items()}
        asked = SyncRequest(request.method, request.target, headers, request.body)
        self._is_serving = True
        try:
            said = self._door.handle(asked, self.now)
        except Crashed:
            self._die()
            return None
        finally:
            self._is_serving = False
        self._take_note(request, said.status, said.body)
        return Answer(said.status, dict(said.headers), said.body)

    def crash_at_commit(self, count: int, *, is_after: bool) -> None:
        """Die at one of the next commits, before it or right after it."""
        self._crash_in, self._dies_after = count, is_after

    def commit(self, connection: Any, real: Callable[[Any], None]) -> None:
        """Stand in for the database's commit, so that head office can die there."""
        if not self._is_serving:
            real(connection)
            return
        self._crash_in -= 1
        is_last = self._crash_in == 0
        if is_last and not self._dies_after:
            raise Crashed
        real(connection)
        if is_last:
            raise Crashed

    def judge(self) -> None:
        """Judge all that waits, as the thread beside the routes does."""
        self._is_judging = False
        if not self.is_up:
            return
        count, self._is_serving, limit = 0, True, self._world.limits.judged_at_once
        if self.crash_in_judging:
            self.crash_at_commit(1, is_after=self.crash_in_judging == "after")
            self.crash_in_judging = ""
        try:
            while done := judge_some(self._office, self.company_id, self.now, limit):
                count += done
        except Crashed:
            self._die()
            return
        finally:
            self._is_serving = False
        if count:
            self._world.news()

    def edit(self, kind: str, thing_id: str, **changed: Any) -> bool:
        """Let a person at head office change fields of a thing; False where it is not there."""
        if not self.is_up:
            return False
        known = self.state_of(kind, thing_id)
        if known is None:
            return False
        with self._office.company(self.company_id) as connection:
            state = {**known, **changed}
            save_thing(connection, self.company_id, kind, thing_id, state, "Owner", self.now)
        self._world.news()
        return True

    def state_of(self, kind: str, thing_id: str) -> Mapping[str, Any] | None:
        """Return what head office knows of a thing."""
        with self._office.company(self.company_id) as connection:
            found = connection.execute(
                select(things.c.state).where(things.c.kind == kind, things.c.id == thing_id)
            ).one_or_none()
        return None if found is None or not found.state else dict(json.loads(found.state))

    def code(self) -> str:
        """Give out an enrolment code."""
        with self._office.company(self.company_id) as connection:
            return make_code(connection, self.company_id, SHOP, self.now).code

    def revoke(self, till_id: str) -> None:
        """Shut a till out."""
        with self._office.company(self.company_id) as connection:
            revoke_till(connection, self.company_id, till_id)

    def till_ids(self) -> dict[str, str]:
        """Return the numbers of the tills by their ids."""
        with self._office.company(self.company_id) as connection:
            return {row.id: row.till for row in connection.execute(select(tills))}

    def company(self) -> Any:
        """Open a transaction of the company's, for whoever checks."""
        return self._office.company(self.company_id)

    def heal(self) -> None:
        """Let nothing happen to head office any more."""
        self._crash_in, self.crash_in_judging = 0, ""
        self.speaks_other_version = False
        self.is_up = True

    def _in_other_version(self, request: Request) -> Answer:
        headers = {"x-pos-office": "1", "content-type": "application/json"}
        if request.target.endswith("/hello"):
            at = self.now.isoformat(timespec="milliseconds")
            hello = wire.Hello("pos_app head office", OTHER_VERSIONS, at)
            return Answer(200, headers, wire.encode(hello))
        failure = wire.Failure(code="version", message="Update the older side.")
        return Answer(426, headers, wire.encode(failure))

    def _take_note(self, request: Request, status: int, body: bytes) -> None:
        if status != 200 or not request.target.endswith("/push"):
            return
        sent = request.body
        if request.headers.get("Content-Encoding") == "gzip":
            sent = wire.unsqueeze(sent)
        self._world.told(wire.decode(wire.Push, sent), wire.decode(wire.Pushed, body))
        self._judge_soon()  # whatever the news: the judge looks every other second by itself

    def _judge_soon(self) -> None:
        if not self._is_judging:
            self._is_judging = True
            self._world.after(0.5, self.judge)

    def _die(self) -> None:
        self.is_up = False
        self._crash_in = 0
        self.crashes += 1
        self._world.after(5.0, self._come_back)

    def _come_back(self) -> None:
        self.is_up = True
        self._door = self._new_door()
        self._judge_soon()

    def _new_door(self) -> SyncDoor:
        news = News(self._office)
        news.listen(self._hear)
        return SyncDoor(self._office, news, secrets.token_bytes)

    def _hear(self, piece: Piece) -> None:
        if piece.topic is Topic.ENTRIES:
            self._judge_soon()
