"""Head office's pages under attack: hostile addresses and forms, other companies, own accounts."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from pos_app.server.accounts import NewAccount, add_account
from pos_app.server.companies import Founding, found_company
from pos_app.server.roles import Role
from pos_app.server.web import rooms
from tests.server.offices import NOW, PASSWORD, SHOP, sign_in_fast
from tests.server.serving import Served, serve
from tests.server.web.conftest import UNLIMITED, token_of
from tests.server.web.pages import paths_of
from tests.server.web.stage import Stage, evening, opened_stage
from tests.server.web.test_door import FORM, Browser
from tests.server.web.test_pages_by_role import routes
from tests.store.shops import product_id

HOSTILE_VALUES = (
    "²",
    "١٢",
    "9" * 500,
    "1e-999999",
    "NaN",
    "\x00",
    "a\x00b\r\nSet-Cookie: x=y",
    "../../../etc/passwd",
    "{name.__class__}%s%(x)s{0}",
    "<script>document.title='taken'</script>",
    "\u202e\ud7ff\U0010ffff",
    "-1",
    "2000-01-01",
    "9999-12-31",
    "0001-01-01",
)
BROKEN_ADDRESSES = ("//[", "http://[", "//ex\u2100mple/", "https://[::1/office/", "\\\\[")
ASKED = """start end compare shop currency hour method tax product name category staff watched only
after find status number id api on state next date kind level before""".split()


class Links(HTMLParser):
    """Collects every address that a page leads or sends to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.inline: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in {"href", "action", "formaction", "src", "poster", "data-live"}:
                self.found.append(value or "")
            if name == "style" or name.startswith("on"):
                self.inline.append(f"{tag} {name}")
        if tag == "script" and "src" not in dict(attrs):
            self.inline.append("script")


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stage, Served, str]]:
    """A stage of its own, which forms may change, with the owner of another company in it."""
    with opened_stage(Path(tmp_path_factory.mktemp("attacked")) / "office.db", busy=3) as made:
        other = Founding("Hill", "owner@hill.example", PASSWORD, shop="hilltop")
        founded = found_company(made.office, other, NOW)
        with made.office.company(founded.company_id) as connection:
            sign_in_fast(connection, founded.company_id)
        with serve(made.office, UNLIMITED, now=evening) as running:
            yield made, running, founded.owner_id


def browser_of(attacked: tuple[Stage, Served, str], email: str) -> Browser:
    made = Browser(attacked[1])
    answer = made.sign_in(email=email)
    assert answer.headers["location"] == "/office/", answer.text
    return made


@pytest.fixture
def owner(attacked: tuple[Stage, Served, str]) -> Iterator[Browser]:
    made = browser_of(attacked, attacked[0].email(Role.OWNER))
    yield made
    made.client.close()


@pytest.fixture
def stranger(attacked: tuple[Stage, Served, str]) -> Iterator[Browser]:
    made = browser_of(attacked, "owner@hill.example")
    yield made
    made.client.close()


GETS = sorted({name.split()[1] for name in routes(rooms.router) if name.startswith("GET")})
POSTS = sorted({name.split()[1] for name in routes(rooms.router) if name.startswith("POST")})
ENDING = ("/sign-out", "/password", "/stop", "/sessions/", "/second-step", "sign-out-everywhere")


def filled(path: str, stage: Stage, person: str = "") -> str:
    own = {
        "{code}": SHOP,
        "{till_id}": stage.till_id,
        "{account_id}": person or stage.people[Role.AUDITOR],
        "{inbox_id}": stage.inbox_id,
        "{sale_id}": stage.sale_id,
        "{kind}": "csv",
        "{mark}": "0",
        "{name:path}": "office.css",
        "{session_id}": "x",
    }
    for part, value in own.items():
        path = path.replace(part, value)
    return path


@pytest.mark.parametrize("path", GETS)
def test_no_question_in_an_address_breaks_a_page(
    attacked: tuple[Stage, Served, str], owner: Browser, path: str
):
    place = filled(path, attacked[0])
    for value in HOSTILE_VALUES:
        answer = owner.client.get(place, params=dict.fromkeys(ASKED, value))
        assert answer.status_code < 500, (value, answer.text[:300])
        assert "<script>document" not in answer.text, value
        assert not any("x=y" in one for one in answer.headers.get_list("set-cookie"))
    if place != path:
        for value in ("%00", "%ff", "..%2f..", "a" * 3_000, "%F0%9F%92%A9"):
            answer = owner.client.get(re.sub(r"\{[a-z_:]+\}", value, path))
            assert answer.status_code < 500, (value, answer.text[:300])


@pytest.mark.parametrize("path", [one for one in POSTS if not any(end in one for end in ENDING)])
def test_no_form_breaks_by_what_stands_in_it(
    attacked: tuple[Stage, Served, str], owner: Browser, path: str
):
    names = """name email role time_zone code shop minutes remedy reason text state seen price cost
    min_price unit kind category taxes barcodes tile_position rate fixed_per_unit included decimals
    position colour percent product_id language rights api user_name url key user since since_day
    password next back theme figure-discount lock_minutes cash_rounding-step""".split()
    place = filled(path, attacked[0], attacked[0].people[Role.AUDITOR])
    for value in HOSTILE_VALUES:
        answer = owner.post(place, **dict.fromkeys(names, value))
        assert answer.status_code < 500, (value, answer.text[:300])
        assert "<script>document" not in answer.text, value


def test_pages_lead_only_to_pages_of_ours_and_hold_no_script_of_anybody(
    attacked: tuple[Stage, Served, str], owner: Browser
):
    for name, path in paths_of(attacked[0]).items():
        links = Links()
        links.feed(owner.client.get(path).text)
        assert links.found, name
        foreign = [
            one for one in links.found if not re.match(r"/office(/|$)|#|\?|data:image/png", one)
        ]
        assert not foreign, (name, foreign)
        assert not links.inline, (name, links.inline)


@pytest.mark.parametrize("target", BROKEN_ADDRESSES)
def test_broken_addresses_lead_to_the_first_page(owner: Browser, target: str):
    assert owner.post("/office/looks", back=target).headers["location"] == "/office/"
    answer = owner.client.post("/office/looks", data={}, headers={"origin": "http://["})
    assert answer.status_code == 403


def test_ids_of_another_company_open_nothing(
    attacked: tuple[Stage, Served, str], stranger: Browser
):
    stage = attacked[0]
    named = {name: path for name, path in paths_of(stage).items() if any(
        part in path for part in (stage.till_id, stage.sale_id, f"shops/{SHOP}", f"id={SHOP}",
                                  product_id(1), stage.people[Role.AUDITOR], "id=food")
    )}  # fmt: skip
    assert {"receipt", "till", "shop", "person", "product", "category", "shop_settings"} <= set(
        named
    )
    for name, path in named.items():
        assert stranger.client.get(path).status_code == 404, name
    for path in POSTS:
        if "{" not in path or "session_id" in path:
            continue
        answer = stranger.post(filled(path, stage))
        told = answer.text.casefold()
        is_refused = answer.status_code in {403, 404, 409, 422}
        is_nothing = answer.headers.get("location") == "/office/codes"  # none to withdraw
        assert is_refused or is_nothing, (path, answer.status_code)
        assert "harbour" not in told, path
    for path, about in (
        ("/office/keys/revoke", stage.key_id),
        ("/office/products/edit", product_id(1)),
        ("/office/categories/edit", "food"),
        ("/office/settings/shop", SHOP),
        ("/office/connections/remove", "x"),
    ):
        answer = stranger.post(f"{path}?id={about}", name="Taken", seen="1")
        assert answer.status_code == 404, (path, answer.status_code)


def test_another_persons_session_is_not_ended(attacked: tuple[Stage, Served, str], owner: Browser):
    stage = attacked[0]
    token = token_of(stage, Role.MANAGER)
    manager = Browser(attacked[1])
    manager.client.cookies.set("office_session", token)
    page = manager.client.get("/office/account").text
    manager.post("/office/account/sessions/x/end")
    with stage.office.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT hash, account_id FROM sessions").all()
    theirs = [one[0] for one in rows if one[1] == stage.people[Role.MANAGER]]
    for one in theirs:
        owner.post(f"/office/account/sessions/{one}/end")
    assert "This session" in page
    assert manager.status() == 200
    manager.client.close()


def test_a_downloaded_table_holds_no_formulas(attacked: tuple[Stage, Served, str], owner: Browser):
    for kind, mark in (("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK")):
        answer = owner.client.get(f"/office/day/figures.{kind}?start=2026-06-01&end=2026-06-01")
        assert answer.content.startswith(mark)
        told = answer.headers["content-disposition"]
        assert told == f'attachment; filename="day-2026-06-01-2026-06-01.{kind}"'
        assert answer.headers["cache-control"] == "no-store"
    assert owner.client.get("/office/day/figures.html").status_code == 404


def person_made(stage: Stage, email: str, **more: Any) -> str:
    with stage.office.company(stage.company_id) as connection:
        new = NewAccount(email, "Ben", Role.MANAGER, PASSWORD, **more)
        found = add_account(connection, stage.company_id, new, NOW)
    return found.id


def test_who_was_invited_and_stopped_still_chooses_a_password_first(
    attacked: tuple[Stage, Served, str], owner: Browser
):
    person = person_made(attacked[0], "ben@harbour.example", is_invited=True)
    for way in ("stop", "start"):
        assert owner.post(f"/office/people/{person}/{way}").status_code == 303
    ben = Browser(attacked[1])
    ben.sign_in(email="ben@harbour.example")
    assert ben.client.get("/office/log").headers["location"] == "/office/password"
    ben.client.close()


def test_a_one_time_password_opens_nothing_but_the_choice_of_another_one(
    attacked: tuple[Stage, Served, str],
):
    person_made(attacked[0], "cleo@harbour.example", is_invited=True)
    cleo = Browser(attacked[1])
    cleo.sign_in(email="cleo@harbour.example")
    for path in ("/office/account", "/office/account/second-step"):
        assert cleo.client.get(path).headers["location"] == "/office/password"
    begun = cleo.post("/office/account/second-step", "/office/password", password=PASSWORD)
    assert begun.headers["location"] == "/office/password"
    same = {"password": PASSWORD, "new_password": PASSWORD, "new_again": PASSWORD}
    answer = cleo.post("/office/password", "/office/password", **same)
    assert answer.status_code == 422, "the password that somebody else saw was kept"
    assert "Choose another password" in answer.text
    assert cleo.status() == 303
    cleo.client.close()


@pytest.mark.parametrize("what", ["password", "second-step/drop"])
def test_nobody_goes_around_their_own_password_as_an_owner(
    attacked: tuple[Stage, Served, str], owner: Browser, what: str
):
    own = attacked[0].people[Role.OWNER]
    answer = owner.post(f"/office/people/{own}/{what}")
    assert answer.status_code == 409
    assert "your own account" in answer.text
    assert owner.status() == 200
    token = attacked[1].sign_in(attacked[0].email(Role.OWNER))
    with attacked[1].client(token) as program:
        assert program.post(f"/office/v1/accounts/{own}/password").status_code == 409


def test_recovery_codes_are_made_only_beside_a_second_step(owner: Browser):
    answer = owner.post("/office/account/recovery-codes", password=PASSWORD)
    assert answer.status_code == 422
    assert not re.search(r"<li><code>", answer.text)


def test_a_form_of_the_door_counts_for_no_session(owner: Browser, attacked: Any):
    guest = Browser(attacked[1])
    page = guest.client.get("/office/sign-in").text
    sent = {"form_token": FORM.search(page)[1]}
    assert owner.client.post("/office/account/sign-out-everywhere", data=sent).status_code == 403
    plain = {"email": "owner@hill.example", "password": PASSWORD}
    assert guest.client.post("/office/sign-in", data=plain).status_code == 403
    guest.client.close()


def test_pages_are_kept_by_nobody(attacked: tuple[Stage, Served, str], owner: Browser):
    for name, path in paths_of(attacked[0]).items():
        assert owner.client.get(path).headers["cache-control"] == "no-store", name
