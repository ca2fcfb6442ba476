"""Pushing from copied disks: which branch a machine's word belongs to, however odd the copying."""

import msgspec
import pytest
from sqlalchemy import select

from pos_app.domain.facts import FactKind
from pos_app.server.database import Office
from pos_app.server.enrolment import begin_epoch
from pos_app.server.ingest import ingest
from pos_app.server.tables import branches
from pos_app.server.till_report import report
from pos_app.sync import wire
from tests.server.paper_tills import NOW, PaperTill, new_company


@pytest.fixture
def office(shared_office: Office) -> Office:
    return shared_office


@pytest.fixture
def till(office: Office) -> PaperTill:
    """A till of a new company that sold four times and told everything."""
    till = PaperTill()
    till.tell(FactKind.STORE_OPENED, {"public_key": till.public_key})
    till.sell(4)
    till.enrol(office, new_company(office))
    push(office, till, till.batch())
    return till


def push(office: Office, till: PaperTill, batch: wire.Push, branch: int = 0) -> wire.Pushed:
    with office.company(till.company_id) as connection:
        identity = till.identity(branch)
        return ingest(connection, till.company_id, identity, batch, NOW)


def tell_epoch(office: Office, till: PaperTill) -> None:
    with office.company(till.company_id) as connection:
        begin_epoch(connection, till.company_id, till.identity(), till.new_epoch(), NOW)
    till.told_epoch = till.epoch


def ends(office: Office, till: PaperTill) -> list[tuple[int, int, int]]:
    with office.company(till.company_id) as connection:
        rows = connection.execute(
            select(branches)
            .where(branches.c.company_id == till.company_id)
            .order_by(branches.c.epoch, branches.c.branch)
        )
        return [(row.epoch, row.branch, row.seq) for row in rows]


def test_a_damaged_entry_of_a_copy_is_kept_on_the_copy_s_own_branch(
    office: Office, till: PaperTill
) -> None:
    copy = till.copy()
    till.sell(3)
    push(office, till, till.batch(6))
    copy.sell(3, amount=7)
    batch = copy.batch(5, 6)
    damaged = msgspec.structs.replace(batch.entries[1], payload="{}")
    answer = push(office, copy, msgspec.structs.replace(batch, entries=(batch.entries[0], damaged)))
    assert (answer.verdict, answer.seq) == ("forked", 6)
    after = push(office, copy, copy.batch(7))
    assert (after.verdict, after.seq, after.stored) == ("forked", 8, 2)
    assert ends(office, till) == [(1, 0, 8), (1, 1, 8)]


def test_a_third_machine_on_a_fork_that_another_one_left_is_forked_too(
    office: Office, till: PaperTill
) -> None:
    second = till.copy()
    till.sell(1)
    push(office, till, till.batch(6))
    second.sell(1, amount=7)
    third = second.copy()
    assert push(office, second, second.batch(6)).verdict == "forked"
    second.begin_epoch()
    tell_epoch(office, second)
    assert push(office, second, second.batch(7)).verdict == "accepted"
    third.sell(1, amount=9)
    answer = push(office, third, third.batch(6))
    assert (answer.verdict, answer.stored, answer.known) == ("forked", 1, 1)


def test_each_of_two_machines_in_one_epoch_is_told_its_own_head(
    office: Office, till: PaperTill
) -> None:
    machines = [till.copy(), till.copy()]
    for count, machine in enumerate(machines, 1):
        machine.begin_epoch()
        machine.sell(count)
        tell_epoch(office, machine)
    for branch, machine in enumerate(machines):
        push(office, machine, machine.batch(6), branch)
    for branch, machine in enumerate(machines):
        with office.company(till.company_id) as connection:
            told = report(connection, till.company_id, machine.identity(branch), NOW)
        assert told.head is not None
        assert told.head.head.hash == machine.journal[-1][2].hash


def test_a_backup_that_is_restored_twice_counts_from_where_it_was_made(
    office: Office, till: PaperTill
) -> None:
    till.sell(2)
    push(office, till, till.batch(6))
    for _ in range(2):
        till.begin_epoch(kept=5)
        till.sell(1, amount=7)
        tell_epoch(office, till)
        head = push(office, till, till.batch(6)).head
        assert head is not None
        assert (head.head.receipts, head.head.total_minor) == (5, 1_007)
