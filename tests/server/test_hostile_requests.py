"""What nobody honest sends: it is refused with a sentence, never a 500, and nothing stays of it."""

import gzip
import json
import zlib
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from pos_app.server.database import Office
from pos_app.server.roles import Role
from pos_app.sync import wire
from tests.server.offices import NOW, PASSWORD, SHOP
from tests.server.two_companies import PRODUCT, Both, both_served

INJECTIONS = (
    "'; DROP TABLE companies; --",
    '" OR 1=1 --',
    "' UNION SELECT password FROM accounts --",
    "%' ESCAPE '\\",
    "$$; SELECT pg_sleep(9); $$",
    "{{7*7}}${7*7}",
    "<script>alert(1)</script>",
    "../../../../etc/passwd",
    "%s%n{0}{name}",
    "\\x00\\",
    "\u202egnp.exe",
    "٣",
    "𝕊" * 50,
)
BROKEN = ("\0", "a\0b", "\ud800", "a\udfffb", "\x7f", "\n", "\x1f")
# As they stand in the body: Python's own `json` writes none of them.
ODD_NUMBERS = (
    *("NaN", "Infinity", "-Infinity", "1e400", "-1e400", "-0", "-0.0", "1e-400"),
    *("9" * 400, "9" * 5_000, "1" + "0" * 100 + ".5", "0.1"),
)
WHOLE = {"-0", "9" * 400}
ODD_MOMENTS = (
    *("0000-01-01T00:00:00+00:00", "9999-12-31T23:59:59.999999+00:00", "0001-01-01T00:00:00+14:00"),
    *("9999-12-31T23:59:59-23:59", "2026-02-30T00:00:00Z", "-1", "1e9"),
)
DEEP = 100_000
LIST_ROUTES = ("shops", "tills", "accounts", "log", "inbox", "quarrels", "catalogue/product")


@pytest.fixture(scope="module")
def both(shared_office: Office) -> Iterator[Both]:
    with both_served(shared_office) as served:
        yield served


@pytest.fixture(scope="module")
def owner(both: Both) -> httpx2.Client:
    return both.clients[both.ours.mark, Role.OWNER]


@pytest.fixture
def untouched(both: Both) -> Iterator[None]:
    """Everything of both companies is as before when the test is over."""
    before = both.ours.rows(), both.theirs.rows()
    yield
    assert (both.ours.rows(), both.theirs.rows()) == before


def refused(answer: httpx2.Response, *allowed: int) -> None:
    """It is a refusal of the caller's own fault, in the one shape, with a sentence."""
    assert answer.status_code in (allowed or range(400, 500)), answer.text[:300]
    failure = answer.json()
    assert set(failure) == {"code", "message", "request_id"}
    assert failure["message"].rstrip().endswith((".", "?", "!", "POST /office/v1/me/password."))
    for word in ("Traceback", "sqlalchemy", "psycopg", "pydantic.dev"):
        assert word not in failure["message"]


def put(owner: httpx2.Client, path: str, body: str | bytes) -> httpx2.Response:
    content = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
    return owner.request("PUT", f"/office/v1/catalogue/{path}", content=content, headers=JSON_BODY)


JSON_BODY = {"Content-Type": "application/json"}
TEXT_FIELDS: tuple[tuple[str, str, dict[str, Any], str], ...] = (
    ("PATCH", "company", {}, "name"),
    ("POST", "shops", {"code": "new", "name": "New"}, "code"),
    ("POST", "shops", {"code": "new", "name": "New"}, "name"),
    ("POST", "shops", {"code": "new", "name": "New"}, "time_zone"),
    ("PATCH", f"shops/{SHOP}", {}, "name"),
    ("PATCH", f"shops/{SHOP}", {}, "time_zone"),
    ("POST", "enrolment-codes", {}, "shop"),
    ("POST", "accounts", {"email": "n@b.c", "name": "N", "role": "auditor"}, "email"),
    ("POST", "accounts", {"email": "n@b.c", "name": "N", "role": "auditor"}, "name"),
    ("POST", "accounts", {"email": "n@b.c", "name": "N", "role": "auditor"}, "role"),
    ("POST", "me/password", {"password": "x", "new_password": "long enough it is"}, "password"),
    ("POST", "sign-in", {"email": "a@b.c", "password": "x"}, "email"),
    ("POST", "sign-in", {"email": "a@b.c", "password": "x"}, "password"),
)


@pytest.mark.parametrize(("method", "path", "body", "field"), TEXT_FIELDS)
def test_broken_signs_are_refused_in_every_field_and_nothing_is_kept(
    owner: httpx2.Client,
    untouched: None,
    method: str,
    path: str,
    body: dict[str, Any],
    field: str,
):
    for text in BROKEN:
        content = json.dumps(body | {field: text})
        answer = owner.request(
            method, f"/office/v1/{path}", content=content.encode(), headers=JSON_BODY
        )
        refused(answer, 400, 401, 404, 409, 422)


@pytest.mark.parametrize(("method", "path", "body", "field"), TEXT_FIELDS)
def test_injections_are_texts_like_any_other(
    both: Both,
    owner: httpx2.Client,
    method: str,
    path: str,
    body: dict[str, Any],
    field: str,
):
    theirs = both.theirs.rows()
    for text in INJECTIONS:
        if text in {"٣", "𝕊" * 50} and field == "email":
            continue
        answer = owner.request(method, f"/office/v1/{path}", json=body | {field: text})
        if answer.status_code >= 400:
            refused(answer)
        elif field in answer.json():
            assert answer.json()[field] == text
    assert both.theirs.rows() == theirs
    assert owner.patch("/office/v1/company", json={"name": f"{both.ours.mark} Shops"}).is_success


def test_injections_in_addresses_and_queries_find_nothing(owner: httpx2.Client, untouched: None):
    for text in (*INJECTIONS, "%00", "%ED%A0%80", "%FF", "a" * 5_000):
        quoted = text if text.startswith("%") and len(text) < 20 else httpx2.QueryParams({"": text})
        quoted = str(quoted).removeprefix("=").replace("+", "%20")
        for path in ("shops", "tills", "accounts", "catalogue/product"):
            answer = owner.get(f"/office/v1/{path}/{quoted}")
            refused(answer, 404, 409, 414, 422)
        for path in LIST_ROUTES:
            for name in ("after", "search", "limit", "shop"):
                answer = owner.get(f"/office/v1/{path}?{name}={quoted}")
                if answer.status_code != 200:
                    refused(answer, 409, 422)


@pytest.mark.parametrize("number", ODD_NUMBERS)
def test_odd_numbers_are_refused_wherever_a_number_or_a_price_stands(
    owner: httpx2.Client, number: str
):
    shown = owner.get(f"/office/v1/catalogue/product/{PRODUCT}").json()
    state = json.dumps(shown["state"])
    for field in ("price", "code", "taxes", "unit", "name"):
        value = json.dumps(shown["state"][field])
        changed = state.replace(f'"{field}": {value}', f'"{field}": {number}')
        assert changed != state
        refused(put(owner, f"product/{PRODUCT}", f'{{"state": {changed}}}'), 400, 409, 422)
    refused(put(owner, f"product/{PRODUCT}", f'{{"state": {{"odd": {number}}}}}'), 400, 409, 422)
    seen = put(owner, "unit/pc", f'{{"state": {{}}, "seen": {number}}}')
    refused(seen, 400, 409, 422)
    after = owner.get(f"/office/v1/catalogue/product/{PRODUCT}").json()
    assert after == shown


def test_a_price_is_a_number_of_the_currency_and_no_other(owner: httpx2.Client):
    path = f"product/{PRODUCT}"
    shown = owner.get(f"/office/v1/catalogue/{path}").json()
    plain = {"1_000": "1000", "٣": "3", " 1": "1", "0.1": "0.1", "-0": "0", "-0.0": "0"}
    for text in {*ODD_NUMBERS, "sNaN", "0x10", "1,5", "", "+", "1e9999999"} - set(plain):
        state = shown["state"] | {"price": text}
        refused(put(owner, path, json.dumps({"state": state})), 409, 422)
    assert owner.get(f"/office/v1/catalogue/{path}").json() == shown
    for text, kept in plain.items():  # however it is written, tills are told it in one form
        answer = put(owner, path, json.dumps({"state": shown["state"] | {"price": text}}))
        assert answer.json()["state"]["price"] in {kept, f"{kept}.0"}, text


@pytest.mark.parametrize("number", ODD_NUMBERS)
def test_a_till_may_not_send_odd_numbers_either(both: Both, untouched: None, number: str):
    for name, body in (
        ("pull", f'{{"limit": {number}}}'),
        ("push", f'{{"epoch": {number}, "prev": "{"0" * 64}", "entries": []}}'),
        ("epoch", f'{{"epoch": {number}, "public_key": "", "signature": ""}}'),
        ("settle", f'{{"id": {number}, "remedy": "drop"}}'),
        ("token", f'{{"refresh": {number}}}'),
    ):
        if name == "pull" and number in WHOLE:
            continue  # a page of so many is cut to what a page may hold
        refused(send_raw(both, name, body.encode()), 400)


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_a_body_deeper_than_any_is_refused(
    both: Both, owner: httpx2.Client, untouched: None, opening: str
):
    closing = "]" if opening == "[" else "}"
    for depth in (500, DEEP):
        deep = opening * depth + "1" + closing * depth
        refused(owner.post("/office/v1/shops", content=deep, headers=JSON_BODY))
        refused(put(owner, "unit/pc", f'{{"state": {{"code": {deep}}}}}'))
        refused(put(owner, "settings/main", f'{{"state": {{"name": {deep}}}}}'))
        for name, field in (
            ("pull", "cursor"),
            ("push", "entries"),
            ("settle", "id"),
            ("token", "refresh"),
            ("epoch", "epoch"),
        ):
            refused(send_raw(both, name, f'{{"{field}": {deep}}}'.encode()), 400)
        payload = deep if opening != "[" else f'{{"a":{deep}}}'
        body = wire.encode(wire.Push(epoch=1, prev="0" * 64, entries=(entry(payload),)))
        assert send_raw(both, "push", body).status_code < 500


def entry(payload: str = "{}", **changes: Any) -> wire.WireEntry:
    fields = {
        "seq": 1_000,
        "id": "x",
        "kind": "odd",
        "at": NOW.isoformat(),
        "staff": "",
        "payload": payload,
        "hash": "0" * 64,
        "signature": "0" * 128,
    }
    return wire.WireEntry(**(fields | changes))


def send_raw(both: Both, name: str, body: bytes, **headers: str) -> httpx2.Response:
    """Send any bytes as our till does, with its own signature."""
    from tests.server.test_schemathesis import sign

    request = both.anybody.build_request(
        "POST", f"{wire.PREFIX}/{name}", content=body, headers=JSON_BODY | headers
    )
    sign(request, both)
    return both.anybody.send(request)


def test_a_body_of_ten_megabytes_is_refused_everywhere(
    both: Both, owner: httpx2.Client, untouched: None
):
    body = b'{"name": "' + b"x" * 10_000_000 + b'"}'
    for path in ("/office/v1/shops", "/office/v1/sign-in", "/sync/v1/push", "/sync/v1/enrol"):
        try:
            answer = owner.post(path, content=body, headers=JSON_BODY)
        except (httpx2.WriteError, httpx2.ReadError):
            continue  # it hung up in the middle, as it may
        refused(answer, 413)


@pytest.mark.parametrize("name", ["push", "pull", "enrol", "token", "epoch", "settle"])
def test_a_small_body_that_swells_is_refused_before_it_does(both: Both, untouched: None, name: str):
    bomb = zlib.compressobj(9, zlib.DEFLATED, 31)
    packed = b"".join([bomb.compress(bytes(1_000_000)) for _ in range(300)]) + bomb.flush()
    assert len(packed) < 400_000
    refused(send_raw(both, name, packed, **{"Content-Encoding": "gzip"}), 413)
    twice = gzip.compress(packed)
    refused(send_raw(both, name, twice, **{"Content-Encoding": "gzip"}), 400)
    cut = gzip.compress(b'{"cursor": ""}')[:-5]
    refused(send_raw(both, name, cut, **{"Content-Encoding": "gzip"}), 400)


@pytest.mark.parametrize("at", ODD_MOMENTS)
def test_moments_at_the_ends_of_the_calendar_are_refused_as_the_tills_clock(both: Both, at: str):
    request = both.ours.till.request("GET", "report", now=NOW)
    headers = {**request.headers, "x-pos-at": at}
    answer = both.anybody.get(request.target, headers=headers)
    refused(answer, 401)


@pytest.mark.parametrize("at", ["", *ODD_MOMENTS, "x" * 500])
def test_an_entry_of_an_odd_moment_is_kept_as_it_was_told_or_put_aside(both: Both, at: str):
    till = both.ours.till
    body = wire.encode(
        wire.Push(epoch=1, prev="0" * 64, entries=(entry(at=at, payload='{"at":"' + at + '"}'),))
    )
    assert send_raw(both, "push", body).status_code in {200, 400, 409}
    answer = both.send(till.request("GET", "report", now=NOW))
    assert answer.status_code == 200


@pytest.mark.parametrize("text", BROKEN)
def test_an_entry_with_broken_signs_never_stops_the_till(both: Both, text: str):
    for field in ("id", "kind", "at", "staff", "payload", "hash", "signature"):
        quoted = json.dumps(text)[1:-1]
        one = wire.encode(entry()).decode()
        value = {"payload": "{}", "hash": "0" * 64, "signature": "0" * 128}.get(field)
        old = f'"{field}":"{value}"' if value else f'"{field}":"'
        new = f'"{field}":"{quoted}"' if value else f'"{field}":"{quoted}'
        assert old in one
        body = f'{{"epoch":1,"prev":"{"0" * 64}","entries":[{one.replace(old, new, 1)}]}}'
        answer = send_raw(both, "push", body.encode())
        assert answer.status_code in {200, 400, 409}, (field, answer.text)
        if answer.status_code == 200:
            assert answer.json()["verdict"] in {"gap", "damaged"}
    assert both.send(both.ours.till.request("GET", "report", now=NOW)).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Bearer"},
        {"Authorization": "Basic eDp5"},
        {"Authorization": "Bearer " + "x" * 10_000},
        {"Authorization": "Bearer \u00e9\u00ff".encode("latin-1")},
        {"Authorization": "Bearer a b c"},
        {"X-Request-Id": "x" * 5_000},
        {"X-Pos-Nonce": "\u00e9".encode("latin-1"), "X-Pos-At": "x", "X-Pos-Proof": "zz"},
        {"Accept-Encoding": "gzip;q=oops,,,,"},
        {"Content-Type": "text/plain; charset=nonsense"},
    ],
)
def test_odd_headers_are_no_way_in(both: Both, untouched: None, headers: dict[str, Any]):
    for path in ("/office/v1/me", "/office/v1/company", "/sync/v1/report"):
        answer = both.anybody.get(path, headers=headers)
        refused(answer, 401)
    asked = {"email": "nobody@example.com", "password": PASSWORD}
    posted = both.anybody.post("/office/v1/sign-in", json=asked, headers=headers)
    refused(posted, 401, 422)
