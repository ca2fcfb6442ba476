"""The inbox as tills see it: what waits, what is missing, and who may settle it."""

import msgspec
import pytest

from pos_app.domain.facts import FactKind
from pos_app.server.database import Office
from pos_app.server.inbox import Place, list_waiting, put_waiting
from pos_app.server.news import News
from pos_app.server.settling import settle
from pos_app.server.sync_door import SyncDoor
from pos_app.server.sync_refusals import NothingToSettle, RemedyWrong
from pos_app.sync import wire
from tests.server.paper_tills import NOW, PaperTill, new_company


@pytest.fixture
def office(shared_office: Office) -> Office:
    return shared_office


@pytest.fixture
def door(office: Office) -> SyncDoor:
    return SyncDoor(office, News(office))


@pytest.fixture
def till(office: Office) -> PaperTill:
    till = PaperTill()
    till.tell(FactKind.STORE_OPENED, {"public_key": till.public_key})
    return till.enrol(office, new_company(office))


def put(office, till, seq=1, remedy="drop", reason="Nobody knows why."):
    with office.company(till.company_id) as connection:
        place = Place(till.till_id, 1, 0, seq)
        moment = NOW.isoformat()
        return put_waiting(
            connection, till.company_id, place, "odd", moment, reason, NOW, remedy=remedy
        )


def report(door, till):
    return wire.decode(wire.Report, till.ask(door, "GET", "report").body)


def test_the_same_trouble_twice_is_one_row(office, till):
    assert put(office, till) == put(office, till)
    put(office, till, reason="Another one.")
    with office.company(till.company_id) as connection:
        assert len(list_waiting(connection, till.company_id, till_id=till.till_id)) == 2
        assert list_waiting(connection, till.company_id, till_id="another") == []


def test_a_till_sees_what_waits_of_its_own_and_settles_it(office, door, till):
    other = PaperTill(number="2").enrol(office, till.company_id)
    mine, theirs = put(office, till), put(office, other)
    [refused] = report(door, till).refused
    assert (refused.id, refused.seq, refused.remedy, refused.state) == (mine, 1, "drop", "waiting")
    answer = till.ask(door, "POST", "settle", wire.Settle(mine, "drop"))
    [settled] = wire.decode(wire.Report, answer.body).refused
    assert settled.state == "settled"
    again = till.ask(door, "POST", "settle", wire.Settle(mine, "drop"))
    assert again.status == 404
    assert till.ask(door, "POST", "settle", wire.Settle(theirs, "drop")).status == 404
    assert report(door, other).refused[0].state == "waiting"


@pytest.mark.parametrize(
    ("offered", "asked"), [("office", "drop"), ("office", "accept"), ("drop", "burn"), ("drop", "")]
)
def test_a_till_may_not_do_what_only_head_office_can(office, door, till, offered, asked):
    row = put(office, till, remedy=offered)
    answer = till.ask(door, "POST", "settle", wire.Settle(row, asked))
    assert (answer.status, wire.decode(wire.Failure, answer.body).code) == (403, "remedy")
    assert report(door, till).refused[0].state == "waiting"


def test_head_office_takes_note_of_a_notice(office, till):
    row = put(office, till, remedy="office")
    with office.company(till.company_id) as connection:
        settle(connection, till.company_id, row, "accept", "Ada", NOW)
        [settled] = list_waiting(connection, till.company_id, state="settled")
    assert (settled.settled_by, settled.settled_at) == ("Ada", "2026-06-01T08:00:00.000+00:00")


def test_another_company_settles_nothing(office, till):
    row = put(office, till)
    other = new_company(office)
    with office.company(other) as connection, pytest.raises(NothingToSettle):
        settle(connection, other, row, "drop", "Ada", NOW)


def test_damaged_entries_are_named_as_missing_until_they_come_or_are_let_go(office, door, till):
    till.sell(6)
    batch = till.batch()
    entries = list(batch.entries)
    for place in (1, 2, 5):
        entries[place] = msgspec.structs.replace(entries[place], payload="{}")
    till.ask(door, "POST", "push", msgspec.structs.replace(batch, entries=tuple(entries)))
    told = report(door, till)
    assert told.missing == ((2, 3), (6, 6))
    assert (told.head.head.seq, told.head.head.receipts) == (7, 3)
    row = next(one for one in told.refused if one.seq == 6)
    with office.company(till.company_id) as connection:
        with pytest.raises(RemedyWrong):
            settle(connection, till.company_id, row.id, "accept", "Ada", NOW)
        settle(connection, till.company_id, row.id, "drop", "Ada", NOW)
    assert report(door, till).missing == ((2, 3),)
    till.ask(door, "POST", "push", batch)
    told = report(door, till)
    assert (told.missing, told.head.head.receipts) == ((), 6)
