"""Keys of connections: sealed for one connection, shown to nobody, told to tills."""

import json
import secrets

import pytest

from pos_app.domain.catalogue_rules import FieldRefusal
from pos_app.server.catalogue import save_thing
from pos_app.server.database import Office
from pos_app.server.journal_entries import Told
from pos_app.server.judge_sales import PayloadUnreadable
from pos_app.server.judge_things import changes_told
from pos_app.server.sealing import SealBroken, opened, sealed
from pos_app.server.thing_rows import load_things
from pos_app.server.till_connections import kept_connection, shown_connection, told_connections
from tests.server.offices import NOW

ID, KEY = "01900000-0000-7000-8000-00000000c001", "a key of theirs"
STATE = {"id": ID, "api": "sales", "name": "Theirs", "url": "https://x.example", "key": KEY}


def test_what_is_sealed_opens_only_with_its_key_its_purpose_and_its_thing() -> None:
    key = secrets.token_bytes(32)
    hidden = sealed(key, "one end", ID, KEY)
    assert KEY not in hidden
    assert opened(key, "one end", ID, hidden) == KEY
    assert sealed(key, "one end", ID, KEY) != hidden
    flipped = hidden[:-4] + ("AAAA" if hidden[-4:] != "AAAA" else "BBBB")
    for broken in (
        (secrets.token_bytes(32), "one end", ID, hidden),
        (key, "another", ID, hidden),
        (key, "one end", "other", hidden),
        (key, "one end", ID, flipped),
        (key, "one end", ID, "no base64 at all"),
        (key, "one end", ID, ""),
    ):
        with pytest.raises(SealBroken):
            opened(*broken)


def test_a_key_is_kept_where_none_is_entered_and_asked_for_at_another_address() -> None:
    key = secrets.token_bytes(32)
    first = kept_connection(key, None, ID, STATE)
    assert "key" not in first
    assert KEY not in json.dumps(first)
    same = kept_connection(key, first, ID, {**STATE, "key": "", "name": "Renamed"})
    assert (same["sealed"], same["name"]) == (first["sealed"], "Renamed")
    with pytest.raises(FieldRefusal) as refusal:
        kept_connection(key, first, ID, {**STATE, "key": "", "url": "https://evil.example"})
    assert refusal.value.field == "key"
    assert shown_connection(first) == {
        **{name: value for name, value in first.items() if name != "sealed"},
        "has_key": True,
    }
    gone = kept_connection(key, first, ID, {"is_removed": True})
    assert gone == {"id": ID, "name": "Theirs", "is_removed": True}


def test_a_till_is_told_the_key_and_a_damaged_one_stops_nothing(
    sqlite_office: Office, company_id: str
) -> None:
    with sqlite_office.company(company_id) as connection:
        save_thing(connection, company_id, "connection", ID, STATE, "Owner", NOW)
        row = load_things(connection, company_id, [("connection", ID)])["connection", ID]
        assert KEY not in row.state
        told = told_connections(connection, company_id, {ID: row.state})
        assert json.loads(told[ID])["key"] == KEY
        damaged = json.dumps({**json.loads(row.state), "sealed": "AAAA"})
        told = told_connections(connection, company_id, {ID: damaged, "gone": ""})
        assert json.loads(told[ID])["key"] == ""
        assert "gone" not in told


def test_no_till_can_say_where_other_tills_send_to() -> None:
    moment = "2026-06-01T08:00:00.000+00:00"
    payload = {"record": "connection", "id": ID, "code": None, "place": "", "is_open": True}
    told = {**payload, "state": STATE}
    entry = Told(
        "till", "main", "1", 1, 0, 7, ID, "record_saved", moment, "1", json.dumps(told), moment
    )
    with pytest.raises(PayloadUnreadable):
        changes_told(entry, told)
    told["record"] = "price_list"
    assert [change.kind for change in changes_told(entry, told)] == ["price_list"]
