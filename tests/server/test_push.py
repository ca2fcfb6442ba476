"""Pushing entries: each is stored exactly once, in its place, whatever is sent how often."""

import threading
from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import select

from pos_app.domain.facts import FactKind
from pos_app.domain.till_head import head_message
from pos_app.server.database import Office
from pos_app.server.enrolment import begin_epoch
from pos_app.server.entry_check import PushUnusable
from pos_app.server.inbox import list_waiting, missing_of
from pos_app.server.ingest import ingest
from pos_app.server.sync_refusals import EpochUnknown
from pos_app.server.tables import branches, journal
from pos_app.server.till_identity import is_signed
from pos_app.sync import wire
from tests.server.paper_tills import NOW, PaperTill, new_company


@pytest.fixture
def office(shared_office: Office) -> Office:
    return shared_office


@pytest.fixture
def till(office: Office) -> PaperTill:
    """A till of a new company that is enrolled and opened its store."""
    till = PaperTill()
    till.tell(FactKind.STORE_OPENED, {"public_key": till.public_key})
    return till.enrol(office, new_company(office))


def push(office, till, batch, *, epoch=None, now=NOW):
    with office.company(till.company_id) as connection:
        identity = till.identity(epoch=epoch)
        return ingest(connection, till.company_id, identity, batch, now)


def tell_epoch(office, till):
    with office.company(till.company_id) as connection:
        begin_epoch(connection, till.company_id, till.identity(), till.new_epoch(), NOW)
    till.told_epoch = till.epoch


def stored(office, till):
    """Every stored entry: (epoch, branch, seq)."""
    with office.company(till.company_id) as connection:
        rows = connection.execute(
            select(journal.c.epoch, journal.c.branch, journal.c.seq)
            .where(journal.c.company_id == till.company_id)
            .order_by(journal.c.epoch, journal.c.branch, journal.c.seq)
        )
        return [tuple(row) for row in rows]


def own_journal(till):
    return select(journal).where(journal.c.company_id == till.company_id).order_by(journal.c.seq)


def branch_rows(office, till):
    with office.company(till.company_id) as connection:
        rows = connection.execute(
            select(branches)
            .where(branches.c.company_id == till.company_id)
            .order_by(branches.c.epoch, branches.c.branch)
        )
        return [row._mapping for row in rows]


def inbox(office, till):
    with office.company(till.company_id) as connection:
        return list_waiting(connection, till.company_id)


def test_a_batch_is_stored_as_it_was_sent(office, till):
    till.sell(4)
    answer = push(office, till, till.batch())
    assert (answer.verdict, answer.seq, answer.stored, answer.known) == ("accepted", 5, 5, 0)
    with office.company(till.company_id) as connection:
        rows = connection.execute(own_journal(till)).all()
    for row, (epoch, prev, entry) in zip(rows, till.journal, strict=True):
        assert (row.epoch, row.seq, row.id, row.kind, row.at, row.staff, row.payload) == (
            epoch,
            *(entry.seq, entry.id, entry.kind, entry.at, entry.staff, entry.payload),
        )
        assert (row.prev.hex(), row.hash.hex()) == (prev, entry.hash)
        assert row.signature.hex() == entry.signature


def test_texts_of_any_script_and_escapes_come_through(office, till):
    texts = ["naïve – 漢字 – العربية – 👍", 'a \\ b " c', "tab\tline\nend\r\\N", "\\.", ""]
    for text in texts:
        till.tell(FactKind.DRAWER_OPENED, {"note": text})
    till.tell(FactKind.DRAWER_OPENED, '{\n\t"note": "pretty\\\\"\r\n}')  # signed, so it is stored
    assert push(office, till, till.batch()).verdict == "accepted"
    with office.company(till.company_id) as connection:
        found = [row.payload for row in connection.execute(own_journal(till))]
        assert found == [entry.payload for _, _, entry in till.journal]


def test_the_same_batch_again_is_known_and_nothing_is_doubled(office, till):
    till.sell(4)
    first = push(office, till, till.batch())
    again = push(office, till, till.batch(), now=NOW + timedelta(minutes=1))
    assert (again.verdict, again.seq, again.stored, again.known) == ("accepted", 5, 0, 5)
    assert again.head.head == first.head.head
    assert stored(office, till) == [(1, 0, seq) for seq in range(1, 6)]


@pytest.mark.parametrize("first", [1, 3, 5])
def test_a_batch_that_overlaps_what_is_known_adds_the_rest(office, till, first):
    till.sell(4)
    push(office, till, till.batch())
    till.sell(3)
    answer = push(office, till, till.batch(first))
    assert (answer.verdict, answer.seq) == ("accepted", 8)
    assert (answer.stored, answer.known) == (3, 6 - first)
    assert stored(office, till) == [(1, 0, seq) for seq in range(1, 9)]


def test_a_part_that_is_known_for_long_is_accepted_up_to_its_own_end(office, till):
    till.sell(8)
    push(office, till, till.batch())
    answer = push(office, till, till.batch(2, 4))
    assert (answer.verdict, answer.seq, answer.known, answer.stored) == ("accepted", 4, 3, 0)


def test_a_gap_names_the_entry_to_go_on_from(office, till):
    till.sell(9)
    push(office, till, till.batch(1, 4))
    answer = push(office, till, till.batch(7))
    assert (answer.verdict, answer.seq, answer.stored) == ("gap", 4, 0)
    assert push(office, till, till.batch(5)).verdict == "accepted"
    assert len(stored(office, till)) == 10


def test_a_gap_before_anything_came_begins_at_the_beginning(office, till):
    till.sell(9)
    answer = push(office, till, till.batch(7))
    assert (answer.verdict, answer.seq) == ("gap", 0)


def test_the_head_counts_documents_and_is_signed_by_the_company(office, till):
    till.sell(3, amount=1999)
    till.sell(1, amount=-500)
    till.tell(FactKind.DRAWER_OPENED, {})
    signed = push(office, till, till.batch()).head
    head = signed.head
    assert (head.till, head.epoch, head.seq, head.currency) == ("1", 1, 6, "EUR")
    assert (head.hash, head.receipts, head.total_minor) == (till.journal[-1][2].hash, 4, 5497)
    message = head_message(head, till.company_id, signed.at)
    assert is_signed(bytes.fromhex(till.office_key), bytes.fromhex(signed.signature), message)
    other = head_message(replace(head, receipts=5), till.company_id, signed.at)
    assert not is_signed(bytes.fromhex(till.office_key), bytes.fromhex(signed.signature), other)


@pytest.mark.parametrize(
    "payload", ["", "[]", "{", '{"amount_due":"x"}', '{"amount_due":9999999999999999}', "null"]
)
def test_a_sale_that_cannot_be_read_is_stored_all_the_same(office, till, payload):
    till.tell(FactKind.SALE_COMPLETED, payload)
    till.sell(1, amount=100)
    answer = push(office, till, till.batch())
    assert (answer.verdict, answer.stored) == ("accepted", 3)
    assert (answer.head.head.receipts, answer.head.head.total_minor) == (2, 100)


def changed(batch, place, **fields):
    entries = list(batch.entries)
    entries[place] = msgspec.structs.replace(entries[place], **fields)
    return msgspec.structs.replace(batch, entries=tuple(entries))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"payload": '{"amount_due":1}'}, "changed"),
        ({"kind": "drawer_opened"}, "changed"),
        ({"at": "2020-01-01T00:00:00.000+00:00"}, "changed"),
        ({"signature": "00"}, "signature"),
        ({"signature": "zz" * 64}, "signature"),
    ],
)
@pytest.mark.parametrize("place", [0, 2, 4])
def test_a_damaged_entry_waits_and_the_rest_goes_on(office, till, fields, words, place):
    till.sell(4)
    answer = push(office, till, changed(till.batch(), place, **fields))
    assert (answer.verdict, answer.seq) == ("damaged", place + 1)
    assert words in answer.reason
    [waiting] = inbox(office, till)
    assert (waiting.seq, waiting.remedy) == (place + 1, "office")
    raw = msgspec.json.decode(waiting.raw, type=list[wire.WireEntry])
    assert raw == [changed(till.batch(), place, **fields).entries[place]]
    assert {seq for _, _, seq in stored(office, till)} == {1, 2, 3, 4, 5} - {place + 1}


def test_a_wrong_hash_takes_the_entry_after_it_along(office, till):
    till.sell(4)
    answer = push(office, till, changed(till.batch(), 1, hash="ab" * 32))
    assert (answer.verdict, answer.seq, answer.stored) == ("damaged", 2, 3)
    assert push(office, till, till.batch()).stored == 2
    assert stored(office, till) == [(1, 0, seq) for seq in range(1, 6)]
    assert inbox(office, till) == []


def test_what_follows_a_damaged_entry_is_stored_and_the_till_goes_on_after_it(office, till):
    till.sell(4)
    damaged = changed(till.batch(), 2, payload="{}")
    push(office, till, damaged)
    after = push(office, till, till.batch(4))  # from the entry after the damaged one
    assert (after.verdict, after.seq, after.stored) == ("accepted", 5, 0)
    again = push(office, till, damaged)  # the answer was lost
    assert (again.verdict, again.seq, again.stored) == ("accepted", 5, 0)
    till.sell(2)
    assert push(office, till, till.batch(6)).seq == 7
    assert len(inbox(office, till)) == 1
    assert {row["branch"] for row in branch_rows(office, till)} == {0}
    with office.company(till.company_id) as connection:
        assert missing_of(connection, till.company_id, till.till_id, 1) == ((3, 3),)


def test_a_damaged_last_entry_does_not_stop_the_next_batch(office, till):
    till.sell(4)
    damaged = changed(till.batch(), 4, payload="{}")
    assert push(office, till, damaged).verdict == "damaged"
    assert push(office, till, damaged).verdict == "accepted"
    till.sell(2)
    answer = push(office, till, till.batch(6))
    assert (answer.verdict, answer.seq, answer.stored) == ("accepted", 7, 2)
    assert [row["state"] for row in branch_rows(office, till)] == ["open"]


def test_a_damaged_entry_that_comes_whole_takes_its_place(office, till):
    till.sell(4, amount=100)
    push(office, till, changed(till.batch(), 2, payload="{}"))
    answer = push(office, till, till.batch())
    assert (answer.verdict, answer.stored, answer.known) == ("accepted", 1, 4)
    assert (answer.head.head.receipts, answer.head.head.total_minor) == (4, 400)
    assert stored(office, till) == [(1, 0, seq) for seq in range(1, 6)]
    assert inbox(office, till) == []
    with office.company(till.company_id) as connection:
        assert missing_of(connection, till.company_id, till.till_id, 1) == ()


def test_entries_signed_by_another_key_wait_as_one_row(office, till):
    stranger = till.copy()
    stranger.keys = {1: PaperTill().keys[1]}
    stranger.sell(30)
    answer = push(office, till, stranger.batch())
    assert (answer.verdict, answer.seq, answer.stored) == ("damaged", 2, 1)
    [waiting] = inbox(office, till)
    assert "Entries 2 to 31" in waiting.reason
    assert "key" in waiting.reason


def test_signs_that_no_entry_may_hold_are_damage(office, till):
    till.tell("drawer\x1fopened", {})
    till.tell("drawer_opened", '{"a":"\x00"}')
    till.sell(1)
    answer = push(office, till, till.batch())
    assert (answer.verdict, answer.seq, answer.stored) == ("damaged", 2, 2)


@pytest.mark.parametrize(
    "broken",
    [
        lambda push: msgspec.structs.replace(push, entries=()),
        lambda push: msgspec.structs.replace(push, entries=push.entries[::-1]),
        lambda push: msgspec.structs.replace(push, entries=push.entries[:1] + push.entries[2:]),
        lambda push: msgspec.structs.replace(push, prev="zz"),
        lambda push: msgspec.structs.replace(push, epoch=0),
        lambda push: msgspec.structs.replace(push, epoch=2**40),
        lambda push: changed(push, 0, hash="\0" * 64),
        lambda push: msgspec.structs.replace(push, entries=push.entries * 300),
    ],
)
def test_what_is_no_batch_is_refused_whole(office, till, broken):
    till.sell(4)
    with pytest.raises(PushUnusable):
        push(office, till, broken(till.batch()))
    assert stored(office, till) == []


def test_a_copied_disk_is_kept_apart_and_told_to_begin_an_epoch(office, till):
    till.sell(4, amount=100)
    push(office, till, till.batch())
    clone = till.copy()
    till.sell(3, amount=100)
    clone.sell(5, amount=7)
    push(office, till, till.batch(6))
    answer = push(office, clone, clone.batch(6, 8))
    assert (answer.verdict, answer.seq, answer.stored) == ("forked", 8, 3)
    assert (answer.head.head.receipts, answer.head.head.total_minor) == (7, 421)
    again = push(office, clone, clone.batch(4, 8))
    assert (again.verdict, again.stored, again.known) == ("forked", 0, 5)
    [notice] = inbox(office, till)
    assert notice.seq == 6
    assert "Two machines" in notice.reason

    clone.begin_epoch()
    tell_epoch(office, clone)
    rest = push(office, clone, clone.batch(9, 10), epoch=2)
    assert (rest.verdict, rest.seq, rest.stored) == ("accepted", 10, 2)
    clone.sell(1, amount=7)
    after = push(office, clone, clone.batch(11))
    assert (after.verdict, after.seq, after.stored) == ("accepted", 12, 2)
    assert (after.head.head.receipts, after.head.head.total_minor) == (10, 442)
    till.sell(1, amount=100)
    mine = push(office, till, till.batch(9))
    assert (mine.verdict, mine.head.head.receipts, mine.head.head.total_minor) == (
        "accepted",
        8,
        800,
    )
    rows = [(r["epoch"], r["branch"], r["seq"], r["state"]) for r in branch_rows(office, till)]
    assert rows == [(1, 0, 9, "open"), (1, 1, 10, "closed"), (2, 0, 12, "open")]
    assert len(stored(office, till)) == 9 + 5 + 2


def test_a_restored_backup_goes_on_under_a_new_epoch_after_an_older_entry(office, till):
    till.sell(9, amount=100)
    push(office, till, till.batch())
    till.begin_epoch(kept=6)
    till.sell(2, amount=1)
    tell_epoch(office, till)
    answer = push(office, till, till.batch(7))
    assert (answer.verdict, answer.seq, answer.stored) == ("accepted", 9, 3)
    head = answer.head.head
    assert (head.epoch, head.receipts, head.total_minor) == (2, 7, 502)
    rows = [(r["epoch"], r["seq"], r["state"], r["judged_seq"]) for r in branch_rows(office, till)]
    assert rows == [(1, 10, "closed", 0), (2, 9, "open", 6)]
    assert len(stored(office, till)) == 10 + 3


def test_a_new_epoch_before_the_older_one_came_is_a_gap_and_heals(office, till):
    till.sell(5)
    push(office, till, till.batch(1, 3))
    till.begin_epoch()
    till.sell(1)
    tell_epoch(office, till)
    answer = push(office, till, till.batch(7))
    assert (answer.verdict, answer.seq) == ("gap", 3)
    assert push(office, till, till.batch(4)).seq == 6
    assert push(office, till, till.batch(7)).seq == 8


def test_a_till_that_was_restored_before_it_enrolled_brings_its_older_epochs(office):
    till = PaperTill(number="4")
    till.tell(FactKind.STORE_OPENED, {"public_key": till.public_key})
    till.sell(3, amount=100)
    till.begin_epoch(kept=3)
    till.sell(2, amount=10)
    till.enrol(office, new_company(office))
    first = push(office, till, till.batch(1))
    assert (first.verdict, first.seq, first.stored) == ("accepted", 3, 3)
    second = push(office, till, till.batch(4))
    assert (second.verdict, second.seq, second.stored) == ("accepted", 6, 3)
    assert (second.head.head.receipts, second.head.head.total_minor) == (4, 220)


def test_an_epoch_whose_key_was_not_told_is_refused(office, till):
    till.begin_epoch()
    push(office, till, till.batch(1))
    with pytest.raises(EpochUnknown):
        push(office, till, till.batch(2))


def test_two_machines_with_the_same_new_epoch_each_have_their_own_branch(office, till):
    till.sell(4)
    push(office, till, till.batch())
    one, two = till.copy(), till.copy()
    for machine in (one, two):
        machine.begin_epoch()
        machine.sell(2)
        tell_epoch(office, machine)
    assert push(office, two, two.batch(6)).verdict == "accepted"
    assert push(office, one, one.batch(6)).verdict == "accepted"
    rows = [(r["epoch"], r["branch"], r["seq"], r["state"]) for r in branch_rows(office, till)]
    assert rows == [(1, 0, 5, "closed"), (2, 0, 8, "open"), (2, 1, 8, "open")]
    assert inbox(office, till) == []


def test_head_office_restored_from_its_backup_asks_for_what_it_lost(office, till):
    till.sell(9)
    push(office, till, till.batch())
    with office.company(till.company_id) as connection:  # what an older backup looks like
        mine = journal.c.company_id == till.company_id
        connection.execute(journal.delete().where(mine, journal.c.seq > 4))
        connection.execute(
            branches.update()
            .where(branches.c.company_id == till.company_id)
            .values(seq=4, hash=till.journal[3][2].hash, receipts=3, total_minor=750)
        )
    till.sell(1)
    answer = push(office, till, till.batch(11))
    assert (answer.verdict, answer.seq) == ("gap", 4)
    after = push(office, till, till.batch(5))
    assert (after.seq, after.head.head.receipts) == (11, 10)


def test_one_batch_from_two_connections_at_once_is_stored_once(office, till):
    till.sell(400)
    ready = threading.Barrier(4)
    answers = []

    def run() -> None:
        ready.wait()
        answers.append(push(office, till, till.batch()))

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.stored for answer in answers) == [0, 0, 0, 401]
    assert {answer.verdict for answer in answers} == {"accepted"}
    assert len(stored(office, till)) == 401


def test_a_push_that_fails_at_the_end_leaves_nothing(office, till):
    till.sell(4)

    def fail() -> None:
        with office.company(till.company_id) as connection:
            ingest(connection, till.company_id, till.identity(), till.batch(), NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert stored(office, till) == []
    assert [row["seq"] for row in branch_rows(office, till)] == [0]
    assert push(office, till, till.batch()).stored == 5
