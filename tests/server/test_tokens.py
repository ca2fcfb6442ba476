"""Tokens: bound to the till's key, short-lived, used once, and refused when anything is off."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from pos_app.domain.facts import FactKind
from pos_app.server.database import Office
from pos_app.server.enrolment import USED_KEPT_DAYS
from pos_app.server.news import News
from pos_app.server.sync_door import SyncDoor
from pos_app.server.tables import doors, journal
from pos_app.server.till_identity import Nonces, SyncRequest
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


def said(answer):
    if answer.status == 200:
        return 200, ""
    return answer.status, wire.decode(wire.Failure, answer.body).code


def renew(door, till, refresh=None, now=NOW, key=None):
    body = wire.Renewal(till.refresh if refresh is None else refresh)
    return door.handle(till.request("POST", "token", body, access="", now=now, key=key), now)


def take(till, answer):
    tokens = wire.decode(wire.Tokens, answer.body)
    till.access, till.refresh = tokens.access, tokens.refresh


def test_a_refresh_token_gives_new_tokens_and_works_once(door, till):
    old = till.copy()
    take(till, renew(door, till))
    assert till.refresh != old.refresh
    assert said(till.ask(door, "GET", "report")) == (200, "")


def test_a_refresh_token_that_comes_again_ends_its_whole_family(door, till):
    old = till.copy()
    take(till, renew(door, till))
    again = renew(door, old)
    assert said(again) == (200, "")  # it is signed by the till's key: a lost answer, or a copy
    assert said(till.ask(door, "GET", "report")) == (401, "unauthorised")
    assert said(old.ask(door, "GET", "report")) == (401, "unauthorised")
    take(old, again)
    assert said(old.ask(door, "GET", "report")) == (200, "")


def test_two_machines_with_the_same_tokens_end_up_with_tokens_of_their_own(door, till):
    clone = till.copy()
    take(till, renew(door, till))
    take(clone, renew(door, clone))  # ends the family
    take(till, renew(door, till))
    for machine in (till, clone, till, clone):
        assert said(machine.ask(door, "GET", "report")) == (200, "")
        take(machine, renew(door, machine))


def test_a_till_whose_tokens_a_restored_head_office_lost_comes_back_by_its_key(office, door, till):
    with office.shared() as connection:
        connection.execute(delete(doors).where(doors.c.company_id == till.company_id))
    named = wire.Renewal(till.refresh, till.company_id, till.till_id)
    stranger = till.request("POST", "token", named, access="", key=PaperTill().keys[1])
    assert door.handle(stranger, NOW).status == 401
    answer = door.handle(till.request("POST", "token", named, access=""), NOW)
    assert answer.status == 200
    till.access = wire.decode(wire.Tokens, answer.body).access
    assert till.ask(door, "GET", "report").status == 200


def test_a_stolen_refresh_token_is_no_use_without_the_key_and_harms_nobody(door, till):
    thief = PaperTill()
    stolen = renew(door, till, key=thief.keys[1])
    assert said(stolen) == (401, "unauthorised")
    take(till, renew(door, till))
    old_refresh, _ = till.refresh, take(till, renew(door, till))
    assert said(renew(door, till, old_refresh, key=thief.keys[1])) == (401, "unauthorised")
    assert said(till.ask(door, "GET", "report")) == (200, "")


def test_a_stolen_access_token_is_no_use_without_the_key(office, door, till):
    thief = PaperTill().enrol(office, new_company(office))
    request = thief.request("GET", "report", access=till.access)
    assert said(door.handle(request, NOW)) == (401, "unauthorised")


def test_a_till_of_the_same_shop_cannot_use_another_tills_token(office, door, till):
    other = PaperTill(number="2").enrol(office, till.company_id)
    other.sell(1)
    request = other.request("POST", "push", other.batch(), access=till.access)
    assert said(door.handle(request, NOW)) == (401, "unauthorised")
    assert said(renew(door, other, till.refresh)) == (401, "unauthorised")


def test_entries_of_another_till_are_damage_and_never_stored_as_its_own(office, door, till):
    other = PaperTill(number="2").enrol(office, till.company_id)
    other.sell(1)
    answer = till.ask(door, "POST", "push", other.batch())
    assert wire.decode(wire.Pushed, answer.body).verdict == "damaged"
    with office.company(till.company_id) as connection:
        mine = journal.c.company_id == till.company_id
        assert connection.execute(select(journal).where(mine)).all() == []


def test_an_access_token_lives_ten_minutes(door, till):
    soon, late = NOW + timedelta(seconds=599), NOW + timedelta(seconds=600)
    assert said(till.ask(door, "GET", "report", now=soon)) == (200, "")
    assert said(till.ask(door, "GET", "report", now=late)) == (401, "token_expired")
    take(till, renew(door, till, now=late))
    assert said(till.ask(door, "GET", "report", now=late)) == (200, "")


def test_a_refresh_token_lives_ninety_days_and_a_used_one_is_known_for_two_weeks(door, till):
    first = till.copy()
    take(till, renew(door, till))
    within = NOW + timedelta(days=USED_KEPT_DAYS - 1)
    take(till, renew(door, till, now=within))
    take(first, renew(door, first, now=within))
    oldest = till.copy()
    take(till, renew(door, till, now=within + timedelta(days=USED_KEPT_DAYS + 1)))
    take(till, renew(door, till, now=within + timedelta(days=2 * USED_KEPT_DAYS + 3)))
    late = within + timedelta(days=2 * USED_KEPT_DAYS + 3)
    assert said(renew(door, oldest, now=late)) == (401, "unauthorised")
    over = late + timedelta(days=90)
    assert said(renew(door, till, now=over))[0] == 401


@pytest.mark.parametrize("token", ["", "x", "a" * 64, "\0", "é"])
def test_a_token_that_nobody_gave_out_opens_nothing(door, till, token):
    request = till.request("GET", "report", access=token)
    assert said(door.handle(request, NOW)) in {(401, "unauthorised"), (400, "bad_request")}
    assert said(renew(door, till, token)) in {(401, "unauthorised"), (400, "bad_request")}


def test_a_refresh_token_is_no_access_token_and_the_other_way_round(door, till):
    request = till.request("GET", "report", access=till.refresh)
    assert said(door.handle(request, NOW)) == (401, "unauthorised")
    assert said(renew(door, till, till.access)) == (401, "unauthorised")


def altered(request, **changes):
    fields = {name: getattr(request, name) for name in ("method", "target", "headers", "body")}
    return SyncRequest(**fields | changes)


def test_any_change_of_a_signed_request_is_found(door, till):
    till.sell(2)
    request = till.request("POST", "push", till.batch())
    other = till.request("POST", "push", till.batch(1, 1))
    wrong = [
        altered(request, body=other.body, headers={**request.headers, "content-encoding": ""}),
        altered(request, target=request.target + "?x=1"),
        altered(request, target=f"{wire.PREFIX}/pull"),
        *(
            altered(request, headers={**request.headers, name: value})
            for name, value in (
                ("x-pos-at", (NOW + timedelta(seconds=1)).isoformat()),
                ("x-pos-nonce", "0" * 32),
                ("x-pos-nonce", "short"),
                ("x-pos-proof", "00" * 64),
                ("x-pos-proof", "no hex"),
                ("x-pos-proof", ""),
            )
        ),
    ]
    for changed in wrong:
        assert said(door.handle(changed, NOW)) == (401, "unauthorised")
    for name in ("x-pos-at", "x-pos-nonce", "x-pos-proof", "authorization"):
        headers = {key: value for key, value in request.headers.items() if key != name}
        assert said(door.handle(altered(request, headers=headers), NOW)) == (401, "unauthorised")
    assert said(door.handle(request, NOW)) == (200, "")


def test_a_request_that_was_listened_in_on_works_no_second_time(door, till):
    request = till.request("GET", "report")
    assert said(door.handle(request, NOW)) == (200, "")
    assert said(door.handle(request, NOW)) == (409, "replayed")
    token = till.request("POST", "token", wire.Renewal(till.refresh), access="")
    assert said(door.handle(token, NOW)) == (200, "")
    assert said(door.handle(token, NOW)) == (409, "replayed")


@pytest.mark.parametrize("apart_s", [-301, 301, -86400, 86400])
def test_a_wrong_clock_is_told_head_offices_time_and_the_till_goes_on_by_it(door, till, apart_s):
    till.offset = timedelta(seconds=apart_s)
    answer = till.ask(door, "GET", "report")
    assert said(answer) == (401, "clock")
    assert answer.headers["x-pos-at"] == NOW.isoformat(timespec="milliseconds")
    assert said(renew(door, till)) == (401, "clock")
    till.offset = timedelta()
    assert said(till.ask(door, "GET", "report")) == (200, "")


@pytest.mark.parametrize("at", ["", "yesterday", "2026-06-01T08:00:00", "9" * 400])
def test_a_moment_that_is_none_is_refused(door, till, at):
    request = till.request("GET", "report")
    changed = altered(request, headers={**request.headers, "x-pos-at": at})
    assert said(door.handle(changed, NOW)) == (401, "unauthorised")


def test_numbers_used_once_are_forgotten_when_the_clock_would_refuse_them_anyway():
    nonces = Nonces()
    assert nonces.take("a", "1", NOW)
    assert not nonces.take("a", "1", NOW + timedelta(seconds=599))
    assert nonces.take("b", "1", NOW)
    assert nonces.take("a", "2", NOW + timedelta(seconds=601))
    assert nonces.take("a", "1", NOW + timedelta(seconds=601))
    assert len(nonces._seen) == len(nonces._order) == 2


def test_the_database_holds_hashes_and_no_secret(office, till):
    with office.shared() as connection:
        rows = connection.execute(select(doors).where(doors.c.subject == till.till_id)).all()
    assert {row.kind for row in rows} == {"access", "refresh"}
    assert not {till.access, till.refresh} & {str(value) for row in rows for value in row}


def test_expired_tokens_of_a_till_are_swept_away(office, door, till):
    for day in range(5):
        take(till, renew(door, till, now=NOW + timedelta(days=day)))
    with office.shared() as connection:
        rows = connection.execute(select(doors).where(doors.c.subject == till.till_id)).all()
    assert sorted(row.kind for row in rows) == ["access"] + ["refresh"] * 6
