"""Mistakes of head office that people make with sync, each as what is put in the place of what."""

import itertools
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, update

from pos_app.domain.field_merge import Merged
from pos_app.server import (
    ingest,
    judging,
    placing,
    pulling,
    sync_door,
    thing_merge,
    till_identity,
)
from pos_app.server.database import Office
from pos_app.server.doors import DoorKind, find_door
from pos_app.server.journal_rows import BranchKey, write_entries
from pos_app.server.news import Topic
from pos_app.server.stamps import stamp
from pos_app.server.sync_refusals import TokenMissing
from pos_app.server.tables import branches
from pos_app.server.things import Change, Things
from pos_app.server.till_identity import Till
from pos_app.sync.wire import Push, Pushed
from tests.proofs.sync_world import head_office
from tests.proofs.sync_world.mistakes import Replacement


class _GoBack(Exception):
    """Let a transaction go."""


def acknowledged_before_the_commit() -> Iterator[Replacement]:
    """Committing with the next request is quicker."""
    real_handle = sync_door.SyncDoor.handle

    def push(self: Any, course: Any) -> Pushed:
        with suppress(_GoBack), self._entered(course) as (connection, till):
            batch = sync_door._body(course.request, Push)
            pushed = sync_door.ingest(connection, till.company_id, till, batch, course.now)
            raise _GoBack
        self.waiting = [*getattr(self, "waiting", []), (till, batch)]
        return pushed

    def handle(self: Any, request: Any, now: datetime) -> Any:
        waiting, self.waiting = getattr(self, "waiting", []), []
        for till, batch in waiting:
            with self.office.company(till.company_id) as connection:
                sync_door.ingest(connection, till.company_id, till, batch, now)
            self.news.tell(till.company_id, Topic.ENTRIES)
        return real_handle(self, request, now)

    yield sync_door.SyncDoor, "_push", push
    yield sync_door.SyncDoor, "handle", handle


def what_is_known_is_stored_again() -> Iterator[Replacement]:
    real, places = sync_door.ingest, itertools.count(100)

    def again(
        connection: Connection, company_id: str, till: Till, push: Push, now: datetime
    ) -> Any:
        pushed = real(connection, company_id, till, push, now)
        if pushed.known == len(push.entries):
            key = BranchKey(company_id, till.id, push.epoch, next(places))
            hashes = [push.prev, *(entry.hash for entry in push.entries)]
            pairs = list(zip(hashes, push.entries, strict=False))
            write_entries(connection, key, pairs, stamp(now))
        return pushed

    yield sync_door, "ingest", again


def batch_stops_at_a_damaged_entry() -> Iterator[Replacement]:
    real = sync_door.ingest

    def stop(connection: Connection, company_id: str, till: Till, push: Push, now: datetime) -> Any:
        faults = ingest.hash_faults(till.number, push)
        if not faults:
            return real(connection, company_id, till, push, now)
        at = min(faults)
        if at:
            sound = Push(epoch=push.epoch, prev=push.prev, entries=push.entries[:at])
            real(connection, company_id, till, sound, now)
        return Pushed(verdict="damaged", seq=push.entries[at].seq, stored=at, known=0)

    yield sync_door, "ingest", stop


def judging_stops_at_a_bad_entry() -> Iterator[Replacement]:
    def judge(bench: Any, entries: Any) -> None:
        reads = []
        for entry in entries:
            try:
                reads.append(judging._read(entry))
            except judging.PosError as refusal:
                judging._put_aside(bench, entry, refusal)
                break
        judging._judge_together(bench, reads)

    yield judging, "_judge", judge


def fork_is_merged_silently() -> Iterator[Replacement]:
    """The other entries have the same numbers, so they are there already."""
    real = sync_door.ingest

    def merge(
        connection: Connection, company_id: str, till: Till, push: Push, now: datetime
    ) -> Any:
        mark = connection.begin_nested()
        pushed = real(connection, company_id, till, push, now)
        if pushed.verdict != "forked":
            mark.commit()
            return pushed
        mark.rollback()
        return Pushed(verdict="accepted", seq=push.entries[-1].seq, stored=0, known=0)

    yield sync_door, "ingest", merge


def hashes_are_not_checked() -> Iterator[Replacement]:
    yield ingest, "hash_faults", lambda _till, _push: {}
    yield ingest, "add_signature_faults", lambda _push, _key, _faults: None
    yield placing, "add_signature_faults", lambda _push, _key, _faults: None


def judged_number_is_a_second_transaction() -> Iterator[Replacement]:
    def judge_some(office: Office, company_id: str, now: datetime, limit: int = 500) -> int:
        with office.company(company_id) as connection:
            branch = judging._take_branch(connection, company_id)
            if branch is None:
                return 0
            entries = judging.entries_after(connection, company_id, branch, limit)
            judging._judge(judging._Bench(connection, company_id, now), entries)
        last = entries[-1].seq if len(entries) == limit else branch["seq"]
        with office.company(company_id) as connection:
            same = judging._same(company_id, branch)
            connection.execute(update(branches).where(*same).values(judged_seq=last))
        return max(len(entries), 1)

    yield head_office, "judge_some", judge_some


def forks_are_not_judged() -> Iterator[Replacement]:
    real = judging._take_branch

    def take(connection: Connection, company_id: str) -> Any:
        branch = real(connection, company_id)
        return None if branch is not None and branch["branch"] else branch

    yield judging, "_take_branch", take


def numbers_are_not_compared() -> Iterator[Replacement]:
    yield judging, "check_sales_new", lambda *_: {}


def page_ends_inside_a_revision() -> Iterator[Replacement]:
    def cut(rows: list[Any], limit: int, cursor: Any) -> Any:
        page = rows[:limit]
        return page, pulling._Cursor(page[-1].revision) if page else cursor

    yield pulling, "_cut", cut


def base_is_not_looked_at() -> Iterator[Replacement]:
    """What a till says is what stands now, changed."""
    real = Things.put

    def put(self: Things, change: Change) -> Any:
        standing = self.thing(*change.key)
        if change.till_id and standing is not None:
            change = replace(change, base=standing.revision)
        return real(self, change)

    yield Things, "put", put


def balance_is_the_last_writers() -> Iterator[Replacement]:
    def balance(sides: Any) -> int:
        side = sides.coming if sides.coming_wins else sides.standing
        return int(side["state"]["balance"])

    yield thing_merge, "_balance", balance


def losing_values_are_dropped() -> Iterator[Replacement]:
    real = thing_merge.merge_fields

    def merge(*sides: Any) -> Merged:
        return Merged(real(*sides).state)

    yield thing_merge, "merge_fields", merge


def used_token_shuts_the_till_out() -> Iterator[Replacement]:
    real = sync_door.renew

    def renew(office: Office, request: Any, renewal: Any, *rest: Any) -> Any:
        with office.shared() as connection:
            door = find_door(connection, DoorKind.REFRESH, renewal.refresh)
        if door is not None and door.used_at:
            raise TokenMissing()
        return real(office, request, renewal, *rest)

    yield sync_door, "renew", renew


def only_the_newest_key_counts() -> Iterator[Replacement]:
    real = till_identity._signer
    yield till_identity, "_signer", lambda request, keys: real(request, keys[:1])


def stock_of_a_void_counts_twice() -> Iterator[Replacement]:
    real = judging.read_sale

    def read(entry: Any) -> Any:
        sale = real(entry)
        if sale.told.kind != "void":
            return sale
        return replace(sale, moved={key: 2 * units for key, units in sale.moved.items()})

    yield judging, "read_sale", read


def heads_are_of_the_first_branch() -> Iterator[Replacement]:
    from pos_app.server import till_report

    real = till_report.head_of_till

    def head(connection: Connection, company_id: str, till_id: str, now: datetime, *_: Any) -> Any:
        return real(connection, company_id, till_id, now)

    yield till_report, "head_of_till", head
