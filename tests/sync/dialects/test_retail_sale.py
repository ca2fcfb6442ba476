"""The Retail Sale dialect: the published samples both ways, and answers that are none."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from pos_app.domain.cart import Cart, SaleKind, add_product, choose_customer, note_cart
from pos_app.domain.customer import Customer
from pos_app.domain.held_lines import add_gift_card
from pos_app.domain.money import Money
from pos_app.domain.payment import TenderMethod, TenderRequest
from pos_app.domain.pricing import PricePolicy
from pos_app.domain.product import Product
from pos_app.domain.sale import Sale, Stamp, complete
from pos_app.domain.tax import Tax
from pos_app.domain.void import voided
from pos_app.sync.dialect import (
    Absent,
    Again,
    Carried,
    Credentials,
    Done,
    NoGoodAnswer,
    NotSayable,
    Outgoing,
    Refused,
    Reply,
    SignInNeeded,
    Step,
    Unclear,
    Undecidable,
    WaitsForOther,
)
from pos_app.sync.dialects.retail_sale import RetailSaleApi
from tests.simulators.apis.retail_sale import RetailSale
from tests.sync.dialects.telling import (
    CREDENTIALS,
    KnownHere,
    Teller,
    answer,
    sample,
    walked,
)

API = RetailSaleApi()
INDIA = timezone(timedelta(hours=5, minutes=30))
AT = datetime(2026, 2, 20, 10, 30, tzinfo=INDIA)
GST = (Tax(Decimal("10.0"), name="GST"),)
POLICY = PricePolicy("MYR", prices_include_tax=False)
STAMP = Stamp("1", "main", "admin", AT.astimezone(UTC), date(2026, 2, 20))
FILTER = Product("p1", "OF", "Oil Filter", Decimal("10.00"), taxes=GST)
PLUG = Product("p3", "SP", "Spark Plug", Decimal("7.00"), taxes=GST)
ALI = Customer("c1", "C1", "Ali bin Ahmad", phone="0123456789")
# What the till does not know of a line there, or tells in the prices.
NOT_OURS = {"categoryId", "categoryName", "locationName", "stockLocationId"}


def cart(kind: SaleKind = SaleKind.SALE) -> Cart:
    sign = -1 if kind is SaleKind.RETURN else 1
    filled = add_product(Cart("s1", POLICY, kind), FILTER, Decimal(3 * sign))
    filled = add_product(filled, PLUG, Decimal(5 * sign))
    return note_cart(choose_customer(filled, ALI), "Walk-in customer")


def sold(filled: Cart | None = None, *tenders: TenderRequest) -> Sale:
    paid = tenders or (TenderRequest(TenderMethod.CASH),)
    return complete(filled or cart(), paid, "INV-2026-0042", STAMP)


def thing(sale: Sale, kind: Carried = Carried.SALE, before: Sale | None = None) -> Outgoing:
    return Outgoing(kind, sale.id, sale.number, AT, sale, before=before)


def known(**options: str) -> KnownHere:
    found = KnownHere(API, **{"warehouse": "1", **options})
    found.products = {"p1": "1", "p3": "3"}
    return found


def steps_of(sale: Sale, **options: str) -> tuple[Step, KnownHere]:
    here = known(**options)
    (step,) = API.steps(thing(sale), here)
    return step, here


def test_the_published_request_is_what_an_equal_sale_becomes() -> None:
    published = sample("retail_sale", "create")
    step, here = steps_of(sold())
    ask = API.with_key(step.request(here), CREDENTIALS)
    assert (ask.method, ask.path, ask.is_change) == ("POST", published["path"], True)
    wanted = published["request"]
    wanted["sale"] |= {"discount": "0.00"}
    for item in wanted["sale"]["items"]:
        for name in NOT_OURS & set(item):
            del item[name]
    assert ask.body == wanted


@pytest.mark.parametrize(("name", "verdict"), [("create", Done({})), ("void", Done({}))])
def test_the_published_answers_are_understood(name: str, verdict: Done) -> None:
    reply = answer(sample("retail_sale", name)["response"])
    step, here = steps_of(sold()) if name == "create" else voiding()
    assert step.judge(reply, here) == verdict


def voiding() -> tuple[Step, KnownHere]:
    here, sale = known(), sold()
    here.done["sale s1"] = {"sale": "1"}
    void = voided(sale, "v1", "1-000043", STAMP, "wrong")
    (step,) = API.steps(thing(void, Carried.VOID, sale), here)
    return step, here


def test_a_second_void_is_as_good_as_the_first() -> None:
    step, here = voiding()
    ask = API.with_key(step.request(here), CREDENTIALS)
    assert (ask.method, ask.path) == ("GET", "/rest/inventory/sale/void/1/admin/abc123")
    assert ask.is_change
    reply = answer(sample("retail_sale", "void-again")["response"])
    assert step.judge(reply, here) == Done({})


def look_up(step: Step, here: KnownHere, *names: str | Any) -> tuple[Any, list[str]]:
    """Answer a look-up with published samples; returns what it found, and the paths it asked."""
    asked: list[str] = []
    said = iter(names)

    def send(ask: Any) -> Reply:
        asked.append(API.with_key(ask, CREDENTIALS).path)
        name = next(said)
        return answer(sample("retail_sale", name)["response"] if isinstance(name, str) else name)

    assert step.look_up is not None
    return walked(step.look_up(here), send), asked


def test_the_published_search_and_sale_settle_a_lost_answer() -> None:
    step, here = steps_of(sold())
    found, asked = look_up(step, here, "search", "get")
    assert found == Done({"sale": "1"})
    assert asked == [
        "/rest/inventory/sale/search/2026-02-19/2026-02-21/admin/abc123",
        "/rest/inventory/sale/get/1/admin/abc123",
    ]


def test_the_published_list_is_a_search_answer_too() -> None:
    step, here = steps_of(sold())
    assert look_up(step, here, "list")[0] == Done({"sale": "1"})


def test_another_sale_under_our_number_or_two_of_it_are_for_a_person() -> None:
    step, here = steps_of(sold())
    row = sample("retail_sale", "list")["response"]["data"][0]
    other = {"data": [row | {"totalAmount": "66.00"}]}
    assert isinstance(look_up(step, here, other)[0], Undecidable)
    assert isinstance(look_up(step, here, {"data": [row, row]})[0], Undecidable)
    assert look_up(step, here, {"data": [row | {"saleNumber": "INV-2026-0041"}]})[0] == Absent()


@pytest.mark.parametrize(
    "said", [None, [], {"data": 7}, {"data": {}}, {"data": [1]}, {"data": [{"saleNumber": 1}, 2]}]
)
def test_a_look_up_gives_up_where_the_answer_is_none(said: Any) -> None:
    step, here = steps_of(sold())
    with pytest.raises(NoGoodAnswer) as failure:
        look_up(step, here, said if isinstance(said, dict) else {"x": said})
    assert isinstance(failure.value.verdict, Unclear)


@pytest.mark.parametrize(
    ("reply", "verdict"),
    [
        (answer({"data": False}), Refused),
        (answer({"data": False}, 400), Refused),
        (answer({"message": "saleNumber is used"}, 409), Refused),
        (answer({"data": False}, 401), SignInNeeded),
        (answer({"data": "yes"}), Unclear),
        (answer(["ok"]), Unclear),
        (answer({"data": True}, 201), Unclear),
        (answer({"data": True}, 500), Unclear),
        (Reply(200, {}, b"<html>Sign in</html>"), Unclear),
        (Reply(404, {}, b"<html>Nothing here</html>"), Unclear),
        (Reply(302, {"location": "/login"}, b""), Unclear),
        (Reply(200, {}, b'{"data": tr'), Unclear),
        (Reply(429, {"retry-after": "7"}, b""), Again),
    ],
)
def test_answers_that_are_not_true_are_told_apart(reply: Reply, verdict: type) -> None:
    step, here = steps_of(sold())
    found = step.judge(reply, here)
    assert isinstance(found, verdict)
    if isinstance(found, Again):
        assert found.after_s == 7


def test_a_refusal_says_the_servers_own_words() -> None:
    step, here = steps_of(sold())
    found = step.judge(answer({"message": "saleNumber is used"}, 409), here)
    assert found == Refused("saleNumber is used")


def test_the_key_never_stands_bare_in_a_path() -> None:
    step, here = voiding()
    ask = API.with_key(step.request(here), Credentials("", "a/b?c", "x y"))
    assert ask.path.endswith("/1/x%20y/a%2Fb%3Fc")
    assert "a/b" not in step.request(here).path


def test_several_payments_are_told_as_the_largest_and_noted() -> None:
    card = TenderRequest(TenderMethod.CARD, Money.of("50.00", "MYR"))
    step, here = steps_of(sold(cart(), card, TenderRequest(TenderMethod.CASH)))
    body = step.request(here).body["sale"]
    assert body["paymentMethod"] == "CARD"
    assert body["notes"] == "Walk-in customer · paid: card 50.00, cash 21.50"


@pytest.mark.parametrize(
    ("method", "word"),
    [
        (TenderMethod.CARD, "CARD"),
        (TenderMethod.ON_ACCOUNT, "CREDIT"),
        (TenderMethod.BANK_TRANSFER, "TRANSFER"),
        (TenderMethod.MOBILE, "TRANSFER"),
    ],
)
def test_each_payment_has_a_published_word(method: TenderMethod, word: str) -> None:
    step, here = steps_of(sold(cart(), TenderRequest(method)))
    assert step.request(here).body["sale"]["paymentMethod"] == word


def test_a_gift_card_is_a_line_without_an_item_and_a_tax_of_none() -> None:
    step, here = steps_of(sold(add_gift_card(cart(), "123456789", Money.of("20.00", "MYR"))))
    line = step.request(here).body["sale"]["items"][-1]
    assert "itemId" not in line
    assert (line["subTotal"], line["taxAmount"], line["taxes"]) == ("20.00", "0.00", [])


def test_a_product_without_its_item_id_keeps_the_sale_back_unless_names_will_do() -> None:
    step, here = steps_of(sold())
    here.products = {"p1": "1"}
    with pytest.raises(NotSayable, match="Spark Plug"):
        step.request(here)
    here.options["unmapped"] = "name"
    assert "itemId" not in step.request(here).body["sale"]["items"][1]


def test_returns_stay_here_unless_the_connection_says_negative() -> None:
    back = sold(cart(SaleKind.RETURN))
    here = known()
    assert API.steps(thing(back, Carried.RETURN), here) == ()
    abilities = {one.kind: one.carries for one in API.abilities(here)}
    assert abilities == {kind: kind in {Carried.SALE, Carried.VOID} for kind in Carried}
    here.options["returns"] = "negative"
    (step,) = API.steps(thing(back, Carried.RETURN), here)
    body = step.request(here).body["sale"]
    assert (body["totalAmount"], body["items"][0]["quantity"]) == ("-65.00", -3)
    assert body["items"][0]["unitPrice"] == "10.00"


def test_a_void_waits_for_its_sale_and_finds_its_id() -> None:
    sale = sold()
    void = voided(sale, "v1", "1-000043", STAMP, "wrong")
    here = known()
    find, undo = API.steps(thing(void, Carried.VOID, sale), here)
    with pytest.raises(WaitsForOther) as waiting:
        find.request(here)
    assert waiting.value.fields["key"] == "sale s1"
    with pytest.raises(WaitsForOther):
        undo.request(here)
    here.done["sale s1"] = {}
    assert not find.request(here).is_change
    row = sample("retail_sale", "list")["response"]
    assert find.judge(answer(row), here) == Done({"sale": "1"})
    assert isinstance(find.judge(answer({"data": []}), here), Refused)
    here.done[find.key] = {"sale": "1"}
    (undo,) = API.steps(thing(void, Carried.VOID, sale), here)
    assert undo.request(here).path == "/rest/inventory/sale/void/1"


@pytest.mark.parametrize("lost", [set(), {"sale s1", "void v1"}])
def test_a_sale_and_its_void_take_stock_and_give_it_back(lost: set[str]) -> None:
    server = RetailSale()
    teller = Teller(API, server)
    teller.known = known()
    teller.lost = lost
    sale = sold()
    void = voided(sale, "v1", "1-000043", STAMP, "wrong")
    teller.tell(thing(sale))
    assert server.stock == {1: Decimal(-3), 3: Decimal(-5)}
    teller.tell(thing(void, Carried.VOID, sale))
    assert [(one["status"], one["totalTaxAmount"]) for one in server.sales] == [("VOID", "6.50")]
    assert server.stock == {1: Decimal(0), 3: Decimal(0)}


def test_the_test_of_a_connection_changes_nothing() -> None:
    (probe,) = API.probes(known())
    teller = Teller(API, RetailSale())
    assert not probe.ask.is_change
    assert probe.judge(teller.send(probe.ask)) == Done({})
    teller.credentials = replace(CREDENTIALS, key="wrong")
    assert isinstance(probe.judge(teller.send(probe.ask)), SignInNeeded)


def test_the_api_has_no_tokens_and_lists_no_customers() -> None:
    assert API.sign_in(CREDENTIALS) is None
    assert API.customers() is None
    with pytest.raises(NoGoodAnswer):
        API.token(answer({"token": "x"}))
