"""The thread that judges: woken by news of entries, and looking by itself every two seconds."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from pos_app.server.database import Office
from pos_app.server.judging import judge_some
from pos_app.server.news import News, Piece, Topic
from pos_app.server.stamps import utc_now
from pos_app.server.tables import doors

LOOK_S = 2.0
LONGEST_PAUSE_S = 30.0
_log = logging.getLogger(__name__)


class JudgeThread:
    """Judges what the tills of all companies told, as long as it runs; several may run at once."""

    def __init__(self, office: Office, news: News, now: Callable[[], datetime] = utc_now) -> None:
        self._office = office
        self._news = news
        self._now = now
        self._lock = threading.Lock()
        self._named: set[str] = set()
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._end_listening: Callable[[], None] | None = None

    def start(self) -> None:
        """Begin to judge."""
        if self._thread is None:
            self._stopping.clear()
            self._end_listening = self._news.listen(self._hear)
            self._thread = threading.Thread(target=self._run, name="judge", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Judge no more; the batch that is being judged is finished first."""
        self._stopping.set()
        self._wake.set()
        if self._end_listening is not None:
            self._end_listening()
            self._end_listening = None
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _hear(self, piece: Piece) -> None:
        if piece.topic is Topic.ENTRIES:
            with self._lock:
                self._named.add(piece.company_id)
            self._wake.set()

    def _run(self) -> None:
        pause_s = 0.0
        while not self._stopping.is_set():
            was_woken = self._wake.wait(LOOK_S)
            self._wake.clear()
            try:
                # After trouble it is not known what was left undone.
                self._judge_all(self._waiting(looks_at_all=pause_s > 0 or not was_woken))
            except Exception as failure:  # noqa: BLE001 - a judge that dies would never be missed
                self._note_trouble(failure, is_new=not pause_s)
                pause_s = min(max(pause_s * 2, 1.0), LONGEST_PAUSE_S)
                self._stopping.wait(pause_s)
            else:
                if pause_s:
                    _log.warning("judging goes on")
                pause_s = 0.0

    def _waiting(self, *, looks_at_all: bool) -> list[str]:
        """Return whose entries to look at: those that news named, or everybody's."""
        with self._lock:
            named, self._named = self._named, set()
        if not looks_at_all and "" not in named:
            return sorted(named)
        with self._office.shared() as connection:
            return sorted(connection.execute(select(doors.c.company_id).distinct()).scalars())

    def _judge_all(self, companies: list[str]) -> None:
        """Judge a batch of each company in turn until nothing is left."""
        while companies and not self._stopping.is_set():
            left = []
            for company_id in companies:
                if self._stopping.is_set():
                    return
                if judge_some(self._office, company_id, self._now()):
                    self._news.tell(company_id, Topic.THINGS)
                    left.append(company_id)
            companies = left

    def _note_trouble(self, failure: Exception, *, is_new: bool) -> None:
        if not is_new:
            return
        if isinstance(failure, SQLAlchemyError):
            _log.warning("judging waits for the database: %s", type(failure).__name__)
        else:
            _log.error("judging stopped short and is tried again", exc_info=failure)
