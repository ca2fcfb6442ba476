"""The editing pages refuse what cannot be, keep what was typed, and let only those in who may."""

import json
from collections.abc import Callable, Iterator
from itertools import count

import pytest
from sqlalchemy import select

from pos_app.server.apis.sales_api import PREFIX
from pos_app.server.database import Office
from pos_app.server.roles import Role
from pos_app.server.tables import log, things
from pos_app.server.web.forms import TOKEN
from tests.server.offices import PASSWORD, Template, sqlite_copy
from tests.server.serving import Served, add_person, serve
from tests.server.web.conftest import UNLIMITED
from tests.server.web.page_reader import PageRead, Reader, reader

Typed = Callable[..., dict[str, object]]
_COUNT = count(1)
SCRIPT = '"><script>document.title="taken"</script>'
ORDERS = f"{PREFIX}/orders"
PRODUCT = "/office/products/edit"
# Where each kind is made, and a form that can be saved as it is.
FORMS: dict[str, dict[str, object]] = {
    PRODUCT: {"name": "Tea", "code": "T", "price": "3.50"},
    "/office/prices/list": {"name": "Trade", "percent": "10"},
    "/office/categories/edit": {"name": "Drinks"},
    "/office/units/edit": {"code": "kg", "name": "kilogram", "decimals": "3"},
    "/office/taxes/edit": {"code": "A", "name": "VAT", "rate": "19"},
    "/office/customers/edit": {"name": "Bakery", "number": "C1"},
    "/office/staff/edit": {"name": "Grete", "code": "g1"},
    "/office/roles/edit": {"name": "Floor lead"},
    "/office/settings/shop?id=main": {"name": "Harbour One"},
    "/office/connections/edit?api=sales": {
        "name": "Webshop",
        "url": "https://sales.example.com",
        "key": "k",
    },
}
LOOKED_AT = (
    *FORMS,
    *(f"/office/{key}" for key in "products prices categories taxes customers staff".split()),
    *(f"/office/{key}" for key in "settings connections keys".split()),
)


@pytest.fixture(scope="module")
def kept_office(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Template
) -> Iterator[Office]:
    with sqlite_copy(sqlite_template, tmp_path_factory) as office:
        yield office


@pytest.fixture(scope="module")
def served(kept_office: Office) -> Iterator[Served]:
    with serve(kept_office, UNLIMITED) as running:
        yield running


@pytest.fixture(scope="module")
def signed_in(served: Served) -> Iterator[Reader]:
    owner = reader(served)
    owner.send("/office/units/edit", code="pc", name="piece")
    yield owner
    owner.client.close()


@pytest.fixture
def owner(signed_in: Reader) -> Reader:
    signed_in.client.headers["Accept-Language"] = "en"
    return signed_in


@pytest.fixture
def typed(served: Served) -> Callable[..., dict[str, object]]:
    """A form that can be saved, with names and codes that nothing has yet."""

    def filled(path: str, **more: object) -> dict[str, object]:
        number = next(_COUNT)
        fresh = {
            name: f"{value}{number}" if name in {"name", "code", "number"} else value
            for name, value in FORMS[path].items()
        }
        return {**fresh, **more}

    return filled


def kept(office: Office, company_id: str) -> list[tuple[str, str, int]]:
    with office.company(company_id) as connection:
        rows = connection.execute(select(things.c.kind, things.c.id, things.c.revision))
        return sorted((kind, id, revision) for kind, id, revision in rows)


def refused(owner: Reader, path: str, **typed: object) -> PageRead:
    """Send what must not be saved, and return the page that says why."""
    return PageRead(owner.send(path, 422, **typed).text)


@pytest.fixture
def company_id(sqlite_template: Template) -> str:
    return sqlite_template.founded.company_id


@pytest.mark.parametrize("path", FORMS)
def test_a_form_that_is_filled_in_is_saved_logged_and_shown_again(
    owner: Reader, path: str, typed: Typed, kept_office: Office, company_id: str
) -> None:
    sent = typed(path)
    answer = owner.send(path, **sent)
    shown = owner.page(answer.headers["location"])
    assert str(sent["name"]) in shown.told or "Main shop" in shown.told
    assert "Saved." in shown.told
    with kept_office.company(company_id) as connection:
        told = connection.scalars(select(log.c.what).order_by(log.c.id.desc())).first()
    assert "saved" in str(told)


@pytest.mark.parametrize("path", [path for path in FORMS if "settings" not in path])
def test_names_that_are_scripts_stay_names(owner: Reader, path: str, typed: Typed) -> None:
    name = f"{SCRIPT}{next(_COUNT)}"
    answer = owner.send(path, **typed(path, name=name))
    page = owner.page(answer.headers["location"])
    assert "<script>document" not in page.html
    assert name in page.words


@pytest.mark.parametrize("path", FORMS)
def test_no_name_and_one_that_is_far_too_long_are_refused_at_the_field(
    owner: Reader, path: str, typed: Typed, kept_office: Office, company_id: str
) -> None:
    before = kept(kept_office, company_id)
    for name in ("", "x" * 5_000, "   "):
        page = refused(owner, path, **typed(path, name=name))
        assert 'id="name-problem"' in page.html
    assert kept(kept_office, company_id) == before


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"price": "-1"}, "price", "A price of -1 is not possible"),
        ({"price": "1" + "0" * 30}, "price", "is not possible"),
        ({"price": "1e30"}, "price", "is not a number"),
        ({"price": "NaN"}, "price", "is not a number"),
        ({"price": "<b>5"}, "price", "is not a number"),
        ({"price": "1.23456"}, "price", "at most 4 decimal places"),
        ({"code": ""}, "code", "cannot stay empty"),
        ({"min_price": "9"}, "min_price", "above the price"),
        ({"barcodes": "4006381333932"}, "barcodes", "last digit should be 1"),
        ({"barcodes": "777\n777"}, "barcodes", "stands there twice"),
        ({"tile_position": "1.5"}, "tile_position", "whole number"),
        ({"tile_position": "0"}, "tile_position", "not possible here"),
        ({"unit": "parsec"}, "unit", "There is no unit parsec"),
        ({"category": "nowhere"}, "category", "There is no category nowhere"),
        ({"taxes": ["Z"]}, "taxes", "There is no tax Z"),
    ],
)
def test_a_product_that_cannot_be_says_so_at_its_field_and_keeps_what_was_typed(
    owner: Reader, typed: Typed, wrong: dict[str, object], field: str, words: str
) -> None:
    sent = typed(PRODUCT, **wrong)
    page = refused(owner, PRODUCT, **sent)
    assert words in page.told
    assert f'id="{field}-problem"' in page.html or field == "taxes"
    assert page.forms[PRODUCT]["name"] == [sent["name"]]
    if field not in {"taxes", "unit", "category"}:
        assert page.forms[PRODUCT][field][0].split() == str(wrong[field]).split()


def test_a_code_or_barcode_of_another_product_is_refused_with_its_name(
    owner: Reader, typed: Typed
) -> None:
    first = typed(PRODUCT, barcodes="4006381333931")
    owner.send(PRODUCT, **first)
    again = refused(owner, PRODUCT, **typed(PRODUCT, code=first["code"]))
    assert f"{first['name']} has {first['code']} already" in again.told
    again = refused(owner, PRODUCT, **typed(PRODUCT, barcodes="4006381333931"))
    assert f"{first['name']} has 4006381333931 already" in again.told


def test_a_barcode_whose_last_digit_does_not_fit_can_be_kept_on_purpose(
    owner: Reader, typed: Typed
) -> None:
    sent = typed(PRODUCT, barcodes="4006381333932")
    page = refused(owner, PRODUCT, **sent)
    owner.post(PRODUCT, page.forms[PRODUCT], keep_barcodes="1")
    assert str(sent["name"]) in owner.page("/office/products?find=4006381333932").told


@pytest.mark.parametrize(
    ("language", "price", "figure"),
    [
        ("de", "1.234,50", "1234.5"),
        ("de", "1.234", "1234"),
        ("en", "1,234.50", "1234.5"),
        ("en", "1,234", "1234"),
        ("ar", "١٢٣٤٫٥٠", "1234.5"),
    ],
)
def test_prices_are_typed_in_the_persons_own_notation(  # noqa: PLR0917 - a table
    owner: Reader,
    typed: Typed,
    language: str,
    price: str,
    figure: str,
    kept_office: Office,
    company_id: str,
) -> None:
    owner.client.headers["Accept-Language"] = language
    sent = typed(PRODUCT, price=price)
    owner.send(PRODUCT, **sent)
    with kept_office.company(company_id) as connection:
        found = select(things.c.state).where(things.c.kind == "product")
        states = [json.loads(state) for state in connection.scalars(found)]
    assert [one["price"] for one in states if one["code"] == sent["code"]] == [figure]


@pytest.mark.parametrize(
    ("path", "wrong", "words"),
    [
        ("/office/taxes/edit", {"rate": "-3"}, "A tax of -3 is not possible"),
        ("/office/taxes/edit", {"rate": "many"}, "is not a number"),
        ("/office/taxes/edit", {"rate": ""}, "Fill this in"),
        ("/office/taxes/edit", {"way": "fixed", "fixed_per_unit": ""}, "Fill this in"),
        ("/office/prices/list", {"percent": "101"}, "101 % off is not possible"),
        ("/office/categories/edit", {"has_colour": "1", "colour": "red;}"}, "is not a colour"),
        ("/office/categories/edit", {"position": "first"}, "whole number"),
        ("/office/units/edit", {"decimals": "9"}, "not possible here"),
        ("/office/customers/edit", {"email": "nobody"}, "nobody"),
        ("/office/customers/edit", {"number": ""}, "cannot stay empty"),
        ("/office/staff/edit", {"role": "emperor"}, "The role emperor does not exist"),
        ("/office/staff/edit", {"code": "x" * 40}, "Shorten it to 12"),
        ("/office/roles/edit", {"may": "refund", "limit-refund": "-5"}, "Enter 0 or more"),
        ("/office/settings/shop?id=main", {"time_zone": "Moon/Base"}, "no time zone Moon/Base"),
        ("/office/settings/shop?id=main", {"cash-float_target": "-1"}, "Enter 0 or more"),
        ("/office/settings/shop?id=main", {"returns-days": "99999"}, "too many"),
        ("/office/settings/shop?id=main", {"head_office-after_h": "0"}, "1 to 8760 hours"),
        ("/office/settings/shop?id=main", {"address": "a\n" * 12}, "Keep it to 8"),
        ("/office/settings/shop?id=main", {"policy-rounding": "sideways"}, "one of the list"),
        ("/office/connections/edit?api=sales", {"key": ""}, "Fill this in"),
        ("/office/connections/edit?api=sales", {"url": "ftp://x"}, "ftp://x"),
        ("/office/connections/edit?api=sales", {"url": "http://example.com"}, "http://example.com"),
        (
            "/office/connections/edit?api=sales",
            {"since": "day", "since_day": "soon"},
            "soon is not a date",
        ),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    owner: Reader, path: str, typed: Typed, wrong: dict[str, object], words: str
) -> None:
    page = refused(owner, path, **typed(path, **wrong))
    assert words in page.told
    assert page.html.count('class="problem"') + page.html.count('role="alert"') > 0


def test_a_form_without_its_token_or_from_elsewhere_changes_nothing(
    owner: Reader, typed: Typed, kept_office: Office, company_id: str
) -> None:
    before = kept(kept_office, company_id)
    for path in FORMS:
        action, fields = owner.form(path)
        sent = {**fields, **typed(path)}
        bare = {name: value for name, value in sent.items() if name != TOKEN}
        for broken, origin in (
            ({**sent, TOKEN: "guessed"}, owner.url),
            (bare, owner.url),
            (sent, "https://evil.example"),
        ):
            answer = owner.client.post(action, data=broken, headers={"Origin": origin})
            assert answer.status_code == 403, answer.text
    assert kept(kept_office, company_id) == before


def test_an_auditor_looks_at_every_page_and_changes_nothing(
    served: Served, owner: Reader, typed: Typed, kept_office: Office, company_id: str
) -> None:
    email = add_person(kept_office, company_id, Role.AUDITOR)
    before = kept(kept_office, company_id)
    auditor = reader(served, email=email, password=PASSWORD)
    try:
        for path in LOOKED_AT:
            page = auditor.page(path)
            assert "save-bar" not in page.html or '<fieldset class="plain" disabled>' in page.html
            assert "<span>Save</span>" not in page.html
        own = {TOKEN: [auditor.token()]}
        assert own[TOKEN] != [owner.token()]
        for path in FORMS:
            auditor.post(path, own, 403, **typed(path))
        for path in ("keys/new", "keys/revoke?id=x", "connections/remove?id=x", "prices/own?on=x"):
            auditor.post(f"/office/{path}", own, 403, name="n")
        auditor.page("/office/keys/new", 403)
    finally:
        auditor.client.close()
    assert kept(kept_office, company_id) == before


@pytest.mark.parametrize("path", [path for path in FORMS if "id=" not in path])
def test_what_somebody_else_saved_meanwhile_is_shown_and_nothing_is_lost(
    owner: Reader, path: str, typed: Typed, kept_office: Office, company_id: str
) -> None:
    before = {one[:2] for one in kept(kept_office, company_id)}
    owner.send(path, **typed(path))
    ((_, made),) = {one[:2] for one in kept(kept_office, company_id)} - before
    action, old = owner.form(f"{path.partition('?')[0]}?id={made}")
    field, mine, theirs = ("percent", "11", "12") if "prices" in path else ("name", "Mio", "Tuo")
    number = "" if field == "percent" else str(next(_COUNT))
    owner.post(action, old, **{field: theirs + number})
    answer = PageRead(owner.post(action, old, 409, **{field: mine + number}).text)
    assert mine + number in answer.told
    assert theirs + number in answer.told
    owner.post(action, answer.forms[action])
    assert owner.form(action)[1][field] == [mine + number]


def test_settings_are_changed_for_other_shops_too_where_they_are_ticked(owner: Reader) -> None:
    token = owner.token()
    made = owner.client.post(
        "/office/v1/shops",
        json={"code": "two", "name": "Harbour Two", "time_zone": "UTC"},
        headers={"Authorization": f"Bearer {owner.client.cookies['office_session']}"},
    )
    assert (made.status_code, bool(token)) == (201, True)
    owner.send("/office/settings/shop?id=two", phone="222", receipt__header="Two")
    owner.send(
        "/office/settings/shop?id=main", name="One", returns__days="30", phone="111", also="two"
    )
    other = owner.form("/office/settings/shop?id=two")[1]
    assert (other["returns-days"], other["phone"], other["name"]) == (
        ["30"],
        ["222"],
        ["Harbour Two"],
    )
    assert other["receipt-header"] == ["Two"]


def test_a_key_is_shown_once_opens_its_api_and_nothing_after_it_is_revoked(
    owner: Reader, served: Served
) -> None:
    answer = owner.send("/office/keys/new", 200, name="Webshop", rights=["read", "write"])
    assert answer.headers["cache-control"] == "no-store"
    secret = answer.text.split('<code class="secret" dir="ltr">')[1].split("</code>")[0]
    assert "Authorization: Bearer KEY" in PageRead(answer.text).told
    with served.client(secret) as client:
        assert client.get(ORDERS).status_code == 200
        listed = owner.page("/office/keys")
        assert secret not in listed.html
        revoke = next(path for path in listed.forms if "revoke" in path)
        owner.post(revoke, listed.forms[revoke])
        assert client.get(ORDERS).status_code == 401
    assert "Revoked" in owner.page("/office/keys").told


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "x" * 100},
        {"api": "fax"},
        {"shop": "nowhere"},
        {"rights": ["rule"]},
        {"rights": []},
    ],
)
def test_a_key_that_cannot_be_is_refused(owner: Reader, wrong: dict[str, object]) -> None:
    page = refused(owner, "/office/keys/new", **{"name": "Nobody", **wrong})
    assert 'class="problem"' in page.html
    assert "Nobody" not in owner.page("/office/keys").told
