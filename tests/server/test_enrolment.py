"""Enrolling a till: a code works once, for the machine whose key signed with it."""

from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import select

from pos_app.domain.journal import GENESIS
from pos_app.server.database import Office
from pos_app.server.news import News
from pos_app.server.sync_door import SyncDoor
from pos_app.server.tables import branches, tills
from pos_app.sync import wire
from tests.server.paper_tills import NOW, PaperTill, code_for, new_company

LATER = NOW + timedelta(minutes=3)


@pytest.fixture
def office(shared_office: Office) -> Office:
    return shared_office


@pytest.fixture
def company(office: Office) -> str:
    return new_company(office)


@pytest.fixture
def door(office: Office) -> SyncDoor:
    return SyncDoor(office, News(office))


def ask(door, till, code, now=NOW, /, **changes):
    body = msgspec.structs.replace(till.enrolment(code), **changes)
    answer = door.handle(till.request("POST", "enrol", body, access="", now=now), now)
    kind = wire.Enrolled if answer.status == 200 else wire.Failure
    return answer.status, wire.decode(kind, answer.body)


def rows(office, company, table):
    with office.company(company) as connection:
        found = connection.execute(select(table).where(table.c.company_id == company))
        return [row._mapping for row in found]


def test_a_code_takes_a_till_into_its_shop_and_gives_tokens_and_the_office_key(
    office, company, door
):
    till = PaperTill(number="7")
    status, enrolled = ask(door, till, code_for(office, company).lower())
    assert status == 200
    assert (enrolled.company_id, enrolled.company) == (company, "Harbour Shops")
    assert (enrolled.shop, enrolled.access_s) == ("main", 600)
    [row] = rows(office, company, tills)
    assert (row["id"], row["till"], row["state"]) == (enrolled.till_id, "7", "active")
    [branch] = rows(office, company, branches)
    assert (branch["public_key"].hex(), branch["seq"]) == (till.public_key, 0)
    assert (branch["hash"], branch["state"]) == (GENESIS, "open")
    till.keep(enrolled)
    report = till.ask(door, "GET", "report")
    assert report.status == 200
    assert wire.decode(wire.Report, report.body).head is None
    assert len(bytes.fromhex(enrolled.office_key)) == 32


def test_the_answer_that_was_lost_is_asked_for_again_with_the_same_code(office, company, door):
    till, code = PaperTill(), code_for(office, company)
    _, first = ask(door, till, code)
    status, again = ask(door, till, code, LATER)
    assert (status, again.till_id) == (200, first.till_id)
    assert len(rows(office, company, branches)) == 1


def test_a_till_of_another_currency_is_refused_and_the_code_stays_good(office, company, door):
    till, code = PaperTill(), code_for(office, company)
    status, failure = ask(door, till, code, currency="GBP")
    assert (status, failure.code) == (409, "currency")
    assert "--currency GBP" in failure.message
    assert rows(office, company, tills) == []
    assert ask(door, till, code, currency="EUR")[0] == 200


def test_another_machine_cannot_use_a_used_code(office, company, door):
    code = code_for(office, company)
    ask(door, PaperTill(), code)
    status, failure = ask(door, PaperTill(number="2"), code)
    assert (status, failure.code) == (403, "code_used")
    assert len(rows(office, company, tills)) == 1


def test_a_copied_disk_of_another_key_cannot_use_a_used_code(office, company, door):
    till, code = PaperTill(), code_for(office, company)
    ask(door, till, code)
    other = PaperTill(store_id=till.store_id)
    assert ask(door, other, code)[1].code == "code_used"


@pytest.mark.parametrize("code", ["", "AAAAA-AAAAA", "x" * 500, "\0", "' OR 1=1"])
def test_a_code_that_nobody_gave_out_is_wrong(door, company, code):
    status, failure = ask(door, PaperTill(), code)
    assert status in {400, 403}
    assert failure.code in {"bad_request", "code_wrong"}


def test_a_code_that_is_too_old_is_refused_whether_it_was_used_or_not(office, company, door):
    till, code = PaperTill(), code_for(office, company)
    late = NOW + timedelta(days=2)
    assert ask(door, till, code, late)[1].code == "code_expired"
    ask(door, till, code)
    assert ask(door, till, code, late)[1].code == "code_used"


@pytest.mark.parametrize(
    "changes",
    [
        {"store_id": "another"},
        {"till": "9"},
        {"epoch": 2},
        {"epoch": 0},
        {"epoch": 2**40},
        {"signature": "00" * 64},
        {"signature": "no"},
        {"public_key": "00" * 32},
        {"public_key": "short"},
        {"store_id": ""},
        {"store_id": "a\x1fb"},
        {"till": "x" * 100},
        {"name": "x" * 300},
        {"name": "\0"},
    ],
)
def test_an_enrolment_that_its_key_did_not_sign_is_refused_and_the_code_stays_good(
    office, company, door, changes
):
    till, code = PaperTill(), code_for(office, company)
    status, failure = ask(door, till, code, **changes)
    assert (status, failure.code) == (400, "bad_request")
    assert rows(office, company, tills) == []
    assert ask(door, till, code)[0] == 200


def test_two_machines_cannot_be_one_till_of_a_shop(office, company, door):
    first = PaperTill(number="1").enrol(office, company)
    status, failure = ask(door, PaperTill(number="1"), code := code_for(office, company))
    assert (status, failure.code) == (409, "till_taken")
    with office.company(company) as connection:
        connection.execute(
            tills.update().where(tills.c.id == first.till_id).values(state="revoked")
        )
    assert ask(door, PaperTill(number="1"), code)[0] == 200  # the code was not used up


def test_a_till_enrolled_anew_with_a_new_key_shuts_its_old_key_out(office, company, door):
    till = PaperTill().enrol(office, company)
    old = till.copy()
    till.keys = PaperTill().keys
    till.epoch, till.keys = 2, {2: till.keys[1]}
    till.enrol(office, company)
    assert till.till_id == old.till_id
    assert till.ask(door, "GET", "report").status == 200
    old.access = till.access
    assert old.ask(door, "GET", "report").status == 401


def test_a_revoked_till_comes_back_with_a_code_of_a_person(office, company, door):
    till = PaperTill().enrol(office, company)
    with office.company(company) as connection:
        connection.execute(tills.update().where(tills.c.id == till.till_id).values(state="revoked"))
    answer = till.ask(door, "GET", "report")
    assert (answer.status, wire.decode(wire.Failure, answer.body).code) == (403, "revoked")
    till.enrol(office, company)
    assert till.ask(door, "GET", "report").status == 200


def test_a_new_epoch_is_vouched_for_by_the_old_key(office, company, door):
    till = PaperTill().enrol(office, company)
    till.begin_epoch()
    answer = till.ask(door, "POST", "epoch", till.new_epoch())
    assert answer.status == 200
    again = till.ask(door, "POST", "epoch", till.new_epoch())  # the answer was lost
    assert again.status == 200
    till.told_epoch = 2
    assert till.ask(door, "GET", "report").status == 200
    assert [row["epoch"] for row in rows(office, company, branches)] == [1, 2]
    assert rows(office, company, tills)[0]["epoch"] == 2


def test_a_request_about_a_new_epoch_may_be_signed_by_the_new_key(office, company, door):
    till = PaperTill().enrol(office, company)
    till.begin_epoch()
    request = till.request("POST", "epoch", till.new_epoch(), key=till.keys[2])
    assert door.handle(request, NOW).status == 200


def test_a_new_key_without_the_old_ones_word_asks_a_person(office, company, door):
    till = PaperTill().enrol(office, company)
    till.begin_epoch()
    stranger = PaperTill()
    for word in ("", stranger.keys[1].sign(b"x").hex(), till.new_epoch().signature):
        body = msgspec.structs.replace(till.new_epoch(), old_signature=word)
        answer = door.handle(till.request("POST", "epoch", body, key=till.keys[2]), NOW)
        failure = wire.decode(wire.Failure, answer.body)
        assert (answer.status, failure.code) == (403, "epoch_unproven")
    assert len(rows(office, company, branches)) == 1


def test_a_till_of_another_company_cannot_begin_this_tills_epoch(office, company, door):
    till = PaperTill().enrol(office, company)
    other = PaperTill().enrol(office, new_company(office))
    till.begin_epoch()
    answer = other.ask(door, "POST", "epoch", till.new_epoch())
    assert answer.status == 400  # signed for another till's id
    assert len(rows(office, company, branches)) == 1
