"""News inside head office: entries wait to be judged, things wait to be pulled.

Told after the commit that makes them true. On PostgreSQL every process hears them (LISTEN and
NOTIFY), on SQLite there is one process only. News may be lost or come twice: whoever listens looks
into the database, and looks by itself now and then.
"""

import contextlib
import logging
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import psycopg
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from pos_app.server.database import Office

CHANNEL = "pos_app_news"
LOOK_S = 0.5  # how often the listening thread looks whether it is to stop
RECONNECT_S = 2.0
RETELL_S = 0.1  # other processes hear of a company's entries at most this often
_NOTIFY = text("SELECT pg_notify(:channel, :message)")
_log = logging.getLogger(__name__)


class Topic(StrEnum):
    """What there is news of."""

    ENTRIES = "entries"  # a till's journal grew: there is something to judge
    THINGS = "things"  # a thing or a stock level has a new revision: there is something to pull


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of news; an empty `company_id` means that any company may have some."""

    topic: Topic
    company_id: str


Hear = Callable[[Piece], None]


class News:
    """Tells and hears news; `start` lets it hear what other processes tell."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._listeners: list[Hear] = []
        self._lock = threading.Lock()
        self._told_s: dict[str, float] = {}
        self._sender = uuid.uuid4().hex
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self.is_stopping = False  # whoever waits for news answers at once and waits no more

    def tell(self, company_id: str, topic: Topic) -> None:
        """Tell everybody, after the commit; a database that is away by then does no harm."""
        self._deliver(Piece(topic, company_id))
        if not self._office.is_postgresql or self._was_just_told(topic, company_id):
            return
        message = f"{self._sender} {topic} {company_id}"
        try:
            alone = self._office.engine.execution_options(isolation_level="AUTOCOMMIT")
            with alone.connect() as connection:
                connection.execute(_NOTIFY, {"channel": CHANNEL, "message": message})
        except SQLAlchemyError as failure:
            _log.warning("other processes were not told of %s: %s", topic, type(failure).__name__)

    def _was_just_told(self, topic: Topic, company_id: str) -> bool:
        """Whether others were told of entries a moment ago: who judges looks by itself anyway."""
        if topic is not Topic.ENTRIES:
            return False
        now_s = time.monotonic()
        with self._lock:
            if now_s - self._told_s.get(company_id, -RETELL_S) < RETELL_S:
                return True
            self._told_s[company_id] = now_s
        return False

    def listen(self, hear: Hear) -> Callable[[], None]:
        """Call `hear` for each piece of news, in whichever thread; returns what ends that.

        `hear` only takes note and returns at once.
        """
        with self._lock:
            self._listeners.append(hear)

        def end() -> None:
            with self._lock, contextlib.suppress(ValueError):
                self._listeners.remove(hear)

        return end

    def start(self) -> None:
        """Begin to hear other processes; nothing to do where there is only this one."""
        if self._office.is_postgresql and self._thread is None:
            self._stopping.clear()
            self._thread = threading.Thread(target=self._run, name="news", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Hear no more."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def stop_waiting(self) -> None:
        """Let go whoever waits for news: the process is to stop and finishes what runs."""
        self.is_stopping = True
        for topic in Topic:
            self._deliver(Piece(topic, ""))

    def _run(self) -> None:
        is_away = False
        while not self._stopping.is_set():
            try:
                self._hear_others(is_away)
                is_away = False
            except (SQLAlchemyError, psycopg.Error) as failure:
                if not is_away:  # once, not at each try
                    _log.warning("news of other processes are cut off: %s", type(failure).__name__)
                is_away = True
                self._stopping.wait(RECONNECT_S)

    def _hear_others(self, was_away: bool) -> None:
        pooled = self._office.engine.raw_connection()
        connection: Any = pooled.driver_connection
        pooled.detach()  # it is listened on as long as the program runs
        try:
            connection.rollback()
            connection.autocommit = True
            connection.execute(f"LISTEN {CHANNEL}")
            if was_away:
                _log.warning("news of other processes come again")
                for topic in Topic:
                    self._deliver(Piece(topic, ""))
            while not self._stopping.is_set():
                for notice in connection.notifies(timeout=LOOK_S):
                    self._take(notice.payload)
        finally:
            connection.close()

    def _take(self, message: str) -> None:
        sender, _, rest = message.partition(" ")
        topic, _, company_id = rest.partition(" ")
        if sender != self._sender and topic in set(Topic):
            self._deliver(Piece(Topic(topic), company_id))

    def _deliver(self, piece: Piece) -> None:
        with self._lock:
            listeners = tuple(self._listeners)
        for hear in listeners:
            hear(piece)
