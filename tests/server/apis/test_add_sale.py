"""Add Sale over HTTP: the published sample to the letter, totals to the cent, nothing twice."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from typing import Any

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos_app.domain.credit import CreditTerms
from pos_app.domain.facts import FactKind
from pos_app.domain.invoice import Invoice, InvoiceState
from pos_app.domain.money import Money
from pos_app.server.api_keys import Api, list_keys, revoke_key
from pos_app.server.database import Office
from pos_app.server.office_invoices import ids_numbered
from pos_app.server.series import give_number
from tests.server.apis.api_shops import ApiShop, key_of, second_company, shop_served
from tests.server.apis.transcripts import differences, transcript
from tests.server.offices import Template, sqlite_copy

ADD = "/api/v1/sales/add"
SAMPLE = transcript("add_sale", "add-sale")["request"]
_numbers = iter(range(100, 10_000))


def numbered(shop: ApiShop) -> None:
    with shop.desk() as desk:
        give_number(desk.connection, desk.company_id, "customer", 42, "customer-001")


@pytest.fixture
def shop(office: Office, company_id: str) -> Iterator[ApiShop]:
    with shop_served(office, company_id, Api.XTRAKIT) as served:
        numbered(served)
        yield served


@pytest.fixture(scope="module")
def kept_shop(
    sqlite_template: Template, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ApiShop]:
    """One shop for all tests that leave each other alone."""
    with (
        sqlite_copy(sqlite_template, tmp_path_factory) as office,
        shop_served(office, sqlite_template.founded.company_id, Api.XTRAKIT) as served,
    ):
        numbered(served)
        yield served


def sale(**changes: Any) -> dict[str, Any]:
    """The published sale with a number of its own."""
    return {**SAMPLE, "invoice_number": f"INV-{next(_numbers):06d}", **changes}


def added(shop: ApiShop, body: dict[str, Any]) -> dict[str, Any]:
    answer = shop.client.post(ADD, json=body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json()["data"])


def invoice_of(shop: ApiShop, body: dict[str, Any]) -> Invoice:
    with shop.desk() as desk:
        (invoice_id,) = ids_numbered(desk, body["invoice_number"])
        return desk.get(Invoice, invoice_id)


def test_the_published_sale_is_added_to_the_letter(shop: ApiShop) -> None:
    published = transcript("add_sale", "add-sale")
    answer = shop.client.post(ADD, json=SAMPLE)
    assert answer.status_code == published["status"]
    plain = answer.json()
    assert differences(published["response"], _with_texts(plain)) == []
    code = plain["data"]["sales"]["invoice_code"]
    assert 100_000 <= code <= 999_999
    own = {"id", "invoice_code", "created_at", "updated_at", "invoice_terms"}  # as in the sample
    for name, value in published["response"]["data"]["sales"].items():
        if name not in own:
            assert plain["data"]["sales"][name] == value, name
    payment = plain["data"]["sales-payment"][0]
    assert payment["payment_method"] == "Cash"
    assert payment["invoice_code"] == str(code)
    assert [one["item_name"] for one in plain["data"]["sales-item"]] == ["Sale", "Tax and charges"]

    invoice = invoice_of(shop, SAMPLE)
    assert (invoice.total.minor, invoice.paid.minor) == (20_000, 20_000)
    assert invoice.state is InvoiceState.FULLY_PAID
    assert (invoice.head.day, invoice.due) == (date(2024, 8, 4), date(2024, 8, 30))
    assert (invoice.remind_on, invoice.colour) == (date(2024, 8, 25), "#FFFFFF")
    assert invoice.head.remarks == SAMPLE["invoice_note"]


def _with_texts(plain: dict[str, Any]) -> dict[str, Any]:
    """A line that stands for the whole sale has no description, where the sample's has one."""
    for row in plain["data"]["sales-item"]:
        row["description"] = row["description"] or ""
    return plain


def test_of_two_at_once_one_is_kept_and_both_get_it(shop: ApiShop) -> None:
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda _: shop.client.post(ADD, json=SAMPLE), range(2)))
    assert [one.status_code for one in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert shop.told().count("invoice_issued") == 1
    other = shop.client.post(ADD, json=SAMPLE | {"total_amount": "201.00"})
    assert other.status_code == 400
    assert other.json()["error"].startswith("The number INV-000001 belongs to another sale")


def test_a_form_says_the_same_as_json(kept_shop: ApiShop) -> None:
    body = sale(invoice_note="Grüße & so\r\nweiter", items=None)
    first = added(kept_shop, body)
    fields = {name: value for name, value in body.items() if name != "items"}
    form = kept_shop.client.post(ADD, data=fields)
    parts = {name: (None, value) for name, value in fields.items()}
    multipart = kept_shop.client.post(ADD, files=parts)
    assert form.json()["data"] == multipart.json()["data"] == first


def test_nothing_paid_and_no_way_to_pay_is_a_draft(kept_shop: ApiShop) -> None:
    body = sale(amount_paid="0.00", payment_status=None)
    shown = added(kept_shop, body)
    assert (shown["sales"]["payment_status"], shown["sales-payment"]) == ("draft", [])
    draft = invoice_of(kept_shop, body)
    assert draft.state is InvoiceState.DRAFT
    owed = sale(amount_paid=0, payment_type="cash")
    assert added(kept_shop, owed)["sales"]["payment_status"] == "unpaid"
    assert invoice_of(kept_shop, owed).state is InvoiceState.UNPAID


def test_a_number_without_a_prefix_gets_the_shops(kept_shop: ApiShop) -> None:
    assert added(kept_shop, sale(invoice_number="000777"))["sales"]["invoice_number"] == (
        "INV-000777"
    )
    own = sale(invoice_number="XK/1")
    assert added(kept_shop, own)["sales"]["invoice_number"] == "XK/1"


def test_a_code_that_is_given_stays_and_belongs_to_one_sale(kept_shop: ApiShop) -> None:
    shown = added(kept_shop, sale(invoice_code="012345"))
    assert shown["sales"]["invoice_code"] == 12_345
    assert shown["sales-item"][0]["invoice_code"] == "012345"
    again = kept_shop.client.post(ADD, json=sale(invoice_code=" 12345"))
    taken = kept_shop.client.post(ADD, json=sale(invoice_code="012345"))
    assert [again.status_code, taken.status_code] == [400, 400]
    assert taken.json()["error"].startswith("The code 012345 belongs to another sale")


def test_items_stand_on_the_invoice_and_goods_leave_the_stock(shop: ApiShop) -> None:
    items = [
        {"item_name": "Lamp", "unit_price": "45.00", "quantity": "2", "tax": "18.00",
         "description": "With a bulb", "product": "PROD001"},
        {"item_name": "Advice", "unit_price": 20, "quantity": 0.5},
    ]  # fmt: skip
    body = sale(total_amount="115.50", discount="3.00", amount_paid="100.00",
                payment_type="Card Payment", items=items)  # fmt: skip
    shown = added(shop, body)
    names = [(one["item_name"], one["quantity"], one["tax"]) for one in shown["sales-item"]]
    assert names == [("Lamp", "2", "18.00"), ("Advice", "0.5", "0.00"),
                     ("Tax and charges", "1", "0.00")]  # fmt: skip
    assert shop.level() == 8
    invoice = invoice_of(shop, body)
    assert (invoice.net.amount, invoice.tax.amount) == (Decimal("97.50"), Decimal("18.00"))
    assert [figure.tax.code for figure in invoice.taxes] == ["A"]  # the lamp's own 20 %
    assert invoice.state is InvoiceState.PARTIALLY_PAID
    added(shop, body)
    assert shop.level() == 8
    draft = sale(amount_paid=0, total_amount="115.50", items=items)
    added(shop, draft)
    assert shop.level() == 8
    wrong = shop.client.post(ADD, json=sale(items=items[:1]))
    assert (wrong.status_code, wrong.json()["error"]) == (
        400,
        "The lines sum to 90.00 EUR and not to 100.00 EUR. Correct the sale and send it again.",
    )


CENTS = st.integers(0, 10**9 - 1)


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_the_invoice_comes_to_exactly_the_total(kept_shop: ApiShop, data: st.DataObject) -> None:
    sub_total = data.draw(CENTS)
    discount = data.draw(st.integers(0, sub_total))
    total = data.draw(CENTS)
    paid = data.draw(st.integers(0, total))
    figures = {"sub_total_amount": sub_total, "discount": discount, "total_amount": total,
               "amount_paid": paid}  # fmt: skip
    texts = {name: f"{Decimal(minor).scaleb(-2):f}" for name, minor in figures.items()}
    body = sale(**texts)
    shown = added(kept_shop, body)["sales"]
    assert {name: shown[name] for name in texts} == texts
    invoice = invoice_of(kept_shop, body)
    assert (invoice.total.minor, invoice.paid.minor) == (total, paid)
    assert sum(line.figures.gross.minor for line in invoice.lines) == total


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("invoice_number", ""),
        ("invoice_number", "x" * 41),
        ("invoice_number", "a\0b"),
        ("invoice_number", "\ud800"),
        ("customer_id", "CUS001"),
        ("customer_id", 1.5),
        ("customer_id", True),
        ("sub_total_amount", "1.001"),
        ("sub_total_amount", "NaN"),
        ("sub_total_amount", "1e400"),
        ("sub_total_amount", "1,000.00"),
        ("total_amount", "100000000.00"),
        ("total_amount", "-1.00"),
        ("total_amount", None),
        ("amount_paid", "200.01"),
        ("discount", "100.01"),
        ("invoice_type", "shop"),
        ("invoice_colour", "white"),
        ("invoice_note", "x" * 2_001),
        ("invoice_note", "a\0b"),
        ("payment_type", "Shells"),
        ("payment_date", "2024-02-30"),
        ("due_date", "0000-01-01"),
        ("due_date", "9999-12-31"),
        ("due_date", ""),
        ("due_date", "2024-8-4"),
        ("reminder_date", "1969-12-31"),
        ("reminder_date", "9999-12-31"),
        ("items", {}),
        ("items", [{"item_name": "x"}]),
        ("items", [{"item_name": "x", "unit_price": "100", "quantity": "-1"}]),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_nothing_is_kept(
    kept_shop: ApiShop, name: str, value: Any
) -> None:
    told = len(kept_shop.told())
    answer = kept_shop.client.post(
        ADD, content=json.dumps(sale(**{name: value})), headers={"content-type": "text/plain"}
    )
    assert answer.status_code == 400, answer.text
    assert list(answer.json()) == ["status", "error"]
    assert answer.json()["status"] == 400
    assert len(kept_shop.told()) == told


NUMBERS = ("NaN", "Infinity", "1e400", "-1e400", "1e-400", "9" * 5_000, "1.005")


@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_of_json_that_is_no_amount_is_refused(kept_shop: ApiShop, number: str) -> None:
    body = json.dumps(sale(total_amount=12345)).replace("12345", number)
    assert kept_shop.client.post(ADD, content=body).status_code == 400


def test_a_zero_has_no_sign_and_unknown_fields_are_passed_over(kept_shop: ApiShop) -> None:
    body = sale(discount=0, colour="red", amount_paid=200)
    text = json.dumps(body).replace('"discount": 0', '"discount": -0.0')
    answer = kept_shop.client.post(ADD, content=text)
    assert answer.status_code == 200, answer.text
    assert answer.json()["data"]["sales"]["discount"] == "0.00"
    assert answer.json()["data"]["sales"]["amount_paid"] == "200.00"


BODIES = {
    "application/json": (b"", b"{", b"[]", b"null", b"\xff", b'{"a":' * 100_000, b'"x"'),
    "application/x-www-form-urlencoded": (b"a", b"%ff=%ff", b"a=1&" * 1_000, b"=", b"items=[{]"),
    "multipart/form-data; boundary=x": (b"--x", b"--x--", b"--x\r\n\r\nv\r\n--x--", b"nothing"),
    "application/json; boundary=x": (b"--x\r\nContent-Disposition: a\r\n\r\n1\r\n--x--\r\n",),
    "multipart/form-data": (b"--x\r\n",),
    "text/\xff": (b"{",),
}


@pytest.mark.parametrize(
    ("sent_as", "body"), [(kind, body) for kind, bodies in BODIES.items() for body in bodies]
)
def test_a_body_that_is_no_sale_is_refused(kept_shop: ApiShop, sent_as: str, body: bytes) -> None:
    headers = {b"content-type": sent_as.encode("latin-1")}
    answer = kept_shop.client.post(ADD, content=body, headers=headers)
    assert (answer.status_code, list(answer.json())) == (400, ["status", "error"])


def test_an_unknown_customer_is_not_found_and_a_shops_own_number_is(kept_shop: ApiShop) -> None:
    unknown = kept_shop.client.post(ADD, json=sale(customer_id=10**17))
    assert (unknown.status_code, unknown.json()["status"]) == (404, 404)
    with kept_shop.desk() as desk:
        known = desk.customer("customer-001")
        desk.save_customer(type(known)("customer-7", "7007", "Own number"))
    shown = added(kept_shop, sale(customer_id="7007"))
    assert shown["sales-payment"][0]["customer_name"] == "Own number"


def test_a_sale_on_credit_beyond_the_limit_is_refused(shop: ApiShop) -> None:
    with shop.desk() as desk:
        terms = CreditTerms("customer-001", credit_limit=Money(1000, "EUR"))
        desk.save_terms(terms, FactKind.CREDIT_TERMS_SAVED)
    answer = shop.client.post(ADD, json=sale(amount_paid="150.00"))
    assert answer.status_code == 400
    assert answer.json()["error"].startswith("This customer may owe 10.00 EUR at most")
    added(shop, sale(amount_paid="195.00"))


def test_the_published_refusals_are_answered_word_for_word(shop: ApiShop) -> None:
    refusals: list[tuple[httpx2.Client, str]] = [
        (shop.holder(), "missing-token"),
        (shop.holder("wrong"), "invalid-key"),
        (shop.holder(key_of(shop.served.office, shop.company_id, Api.ERP)), "invalid-key"),
    ]
    with shop.served.office.company(shop.company_id) as connection:
        for key in list_keys(connection, shop.company_id):
            revoke_key(connection, shop.company_id, key.id)
    refusals.append((shop.client, "invalid-key"))
    for client, name in refusals:
        published = transcript("add_sale", name)
        answer = client.post(ADD, json=SAMPLE)
        assert (answer.status_code, answer.json()) == (published["status"], published["response"])
    assert "invoice_issued" not in shop.told()


def test_each_company_has_its_own_numbers_codes_and_customers(shop: ApiShop) -> None:
    theirs = second_company(shop, Api.XTRAKIT)
    ours = added(shop, SAMPLE | {"invoice_code": "222222"})
    assert theirs.client.post(ADD, json=SAMPLE).status_code == 404  # nobody gave 42 there
    numbered(theirs)
    other = added(theirs, SAMPLE | {"invoice_code": "222222", "total_amount": "300.00"})
    assert ours["sales"]["id"] == other["sales"]["id"] == 1
    assert (ours["sales"]["total_amount"], other["sales"]["total_amount"]) == ("200.00", "300.00")


def test_the_description_has_the_published_example(kept_shop: ApiShop) -> None:
    described = kept_shop.served.app.openapi()
    route = described["paths"][ADD]["post"]
    content = route["requestBody"]["content"]
    assert set(content) == {
        "application/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
    }
    name = content["application/json"]["schema"]["$ref"].rpartition("/")[2]
    assert described["components"]["schemas"][name]["examples"] == [SAMPLE]
    example = route["responses"]["200"]["content"]["application/json"]["example"]
    published = transcript("add_sale", "add-sale")["response"]
    assert differences(published, example) == []
    assert route["security"] == [{"xtrakit": []}]
