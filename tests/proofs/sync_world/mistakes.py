"""Mistakes of the till that people make with sync, each as what is put in the place of what."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from pos_app.store.remotes import HEAD_OFFICE
from pos_app.store.store import Store
from pos_app.sync import engine, pulling, wire
from pos_app.sync.calls import Calls
from pos_app.sync.engine import SyncEngine
from pos_app.sync.pushing import Batch
from pos_app.sync.remote import PULL_CURSOR, Remote
from pos_app.sync.steps import Did, Step
from pos_app.sync.transport import NoAnswer

Replacement = tuple[Any, str, Any]  # in which owner, which name, by what
HOURS_S = 7_200.0


def cursor_moves_before_the_push() -> Iterator[Replacement]:
    real = SyncEngine._push

    def push(self: SyncEngine, remote: Remote, batch: Batch) -> Step:
        with self._store.transaction() as tx:
            tx.cursors.set(HEAD_OFFICE, batch.last)
        return real(self, remote, batch)

    yield SyncEngine, "_push", push


def lost_answer_counts_as_yes() -> Iterator[Replacement]:
    """Sent is sent: who did not hear a no has heard a yes."""
    real = Calls.push

    def push(self: Calls, remote: Remote, *args: Any) -> Any:
        try:
            return real(self, remote, *args)
        except NoAnswer:
            last = self.store.journal_seq
            return wire.Pushed(verdict="accepted", seq=last, stored=0, known=0)

    yield Calls, "push", push


def pull_cursor_is_kept_before_the_rows() -> Iterator[Replacement]:
    real = pulling.apply_page

    def apply_page(store: Store, page: wire.Pulled, now: datetime, *args: Any) -> Any:
        with store.transaction() as tx:
            tx.remotes.put(HEAD_OFFICE, **{PULL_CURSOR: page.cursor})
        return real(store, page, now, *args)

    yield pulling, "apply_page", apply_page


def new_key_is_told_to_nobody() -> Iterator[Replacement]:
    def tell_epoch(self: SyncEngine, remote: Remote) -> Step:
        self._keep(engine.replace(remote, epoch=self._store.identity.epoch))
        return Step(Did.EPOCH)

    yield SyncEngine, "_tell_epoch", tell_epoch


def forked_till_goes_on_in_its_epoch() -> Iterator[Replacement]:
    yield Store, "begin_epoch", lambda self, _reason, _now: self.identity


def retry_after_is_taken_for_hours() -> Iterator[Replacement]:
    def asked_pause_s(retry_after: str, _tries: int, _random: Any) -> float:
        return HOURS_S if retry_after else 1.0

    yield engine, "asked_pause_s", asked_pause_s


def clock_is_never_corrected() -> Iterator[Replacement]:
    yield SyncEngine, "_correct_clock", lambda *_: None


def one_batch_a_poll() -> Iterator[Replacement]:
    real = SyncEngine._push

    def push(self: SyncEngine, remote: Remote, batch: Batch) -> Step:
        real(self, remote, batch)
        return Step(Did.PUSH, engine.POLL_S, is_pause=True)

    yield SyncEngine, "_push", push


def news_are_trusted_to_come() -> Iterator[Replacement]:
    """Why poll when head office tells?"""
    yield engine, "POLL_S", HOURS_S


def refused_push_is_skipped() -> Iterator[Replacement]:
    """Whatever head office does not answer well goes into a drawer, and the rest goes on."""
    real = SyncEngine._push

    def push(self: SyncEngine, remote: Remote, batch: Batch) -> Step:
        try:
            return real(self, remote, batch)
        except engine.answers.OfficeRefusal:
            with self._store.transaction() as tx:
                tx.cursors.set(HEAD_OFFICE, batch.last)
            raise

    yield SyncEngine, "_push", push
