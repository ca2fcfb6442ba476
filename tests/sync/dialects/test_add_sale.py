"""The Add Sale dialect: the published samples both ways, and answers that are none."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from pos_app.domain.cart import Cart, SaleKind, add_product, choose_customer, note_cart
from pos_app.domain.customer import Customer
from pos_app.domain.document import Party
from pos_app.domain.held_lines import add_invoice_payment
from pos_app.domain.invoice import Invoice, InvoiceState, figured
from pos_app.domain.money import Money
from pos_app.domain.payment import TenderMethod, TenderRequest
from pos_app.domain.pricing import PricePolicy
from pos_app.domain.product import Product
from pos_app.domain.sale import Sale, Stamp, complete
from pos_app.domain.tax import Tax
from pos_app.sync.dialect import (
    Again,
    Carried,
    Done,
    NotSayable,
    Outgoing,
    Refused,
    Reply,
    SignInNeeded,
    Step,
    Unclear,
)
from pos_app.sync.dialects.add_sale import AddSaleApi
from tests.domain.sales_documents import draft_invoice, line, payment
from tests.simulators.apis.add_sale import AddSale
from tests.sync.dialects.telling import CREDENTIALS, KnownHere, Teller, answer, sample

API = AddSaleApi()
AT = datetime(2024, 8, 4, 8, 23, 45, tzinfo=UTC)
STAMP = Stamp("1", "main", "Jones Nathal", AT, date(2024, 8, 4))
# A tax as high as the net amount: the published sums of 100.00 and 200.00 mean nothing else.
DOUBLE = (Tax(Decimal(100), name="Tax"),)
DESIGN = Product("p1", "WD", "Web Design", Decimal("50.00"), taxes=DOUBLE)
PETER = Customer("c1", "CUS001", "Peter Amos")
PUBLISHED = sample("add_sale", "add-sale")


def cart(kind: SaleKind = SaleKind.SALE, currency: str = "GHS") -> Cart:
    policy = PricePolicy(currency, prices_include_tax=False)
    quantity = Decimal(-2 if kind is SaleKind.RETURN else 2)
    filled = add_product(Cart("s1", policy, kind), DESIGN, quantity)
    return note_cart(choose_customer(filled, PETER), "Thanks for doing business")


def sold(filled: Cart | None = None, *tenders: TenderRequest) -> Sale:
    paid = tenders or (TenderRequest(TenderMethod.CASH),)
    return complete(filled or cart(), paid, "INV-000001", STAMP)


def thing(document: Any, kind: Carried = Carried.SALE) -> Outgoing:
    return Outgoing(kind, "x", "INV-000001", AT, document)


def known(**options: str) -> KnownHere:
    return KnownHere(API, **{"customers": "CUS001=42", **options})


def body_of(document: Any, kind: Carried = Carried.SALE, **options: str) -> dict[str, Any]:
    here = known(**options)
    (step,) = API.steps(thing(document, kind), here)
    ask = step.request(here)
    assert (ask.method, ask.path, ask.is_change) == ("POST", PUBLISHED["path"], True)
    body: dict[str, Any] = ask.body
    return body


def invoice(*, paid: int = 20000) -> Invoice:
    """The published sale as an invoice: it has a colour, terms and a reminder."""
    unpaid = draft_invoice(replace(line("1", "2", "50.00"), name="Web Design", taxes=DOUBLE))
    head = replace(
        unpaid.head,
        number="INV-000001",
        customer=Party("c1", "CUS001", "Peter Amos"),
        day=date(2024, 8, 4),
        policy=PricePolicy("EUR", prices_include_tax=False),
        created_by="Jones Nathal",
        remarks="Thanks for doing business",
        payment_terms="60% payment before work commerce",
    )
    written = figured(replace(unpaid, head=head))
    return replace(
        written,
        state=InvoiceState.FULLY_PAID if paid else InvoiceState.UNPAID,
        colour="#FFFFFF",
        due=date(2024, 8, 30),
        remind_on=date(2024, 8, 25),
        payments=(payment(paid, date(2024, 8, 4)),) if paid else (),
    )


def test_the_published_request_is_what_an_equal_invoice_becomes() -> None:
    # Ours never says `None` of a payment: with nothing paid, that would be a draft.
    wanted = PUBLISHED["request"] | {
        "invoice_type": "main",
        "payment_type": "Bank Transfer / Deposit",
    }
    assert body_of(invoice(), Carried.INVOICE) == wanted


def test_a_sale_of_the_till_becomes_a_published_request_of_the_pos() -> None:
    told = body_of(sold())
    wanted = PUBLISHED["request"]
    shared = set(told) & set(wanted)
    assert set(wanted) - shared == {
        "invoice_colour",
        "invoice_terms",
        "reminder_date",
        "reminder_message",
    }
    assert set(told) - shared == {"payment_internal_note"}
    ours = {"payment_type": "Cash", "due_date": "2024-08-04"}
    assert {name: told[name] for name in shared} == ({name: wanted[name] for name in shared} | ours)


def test_the_key_goes_in_the_header() -> None:
    here = known()
    (step,) = API.steps(thing(sold()), here)
    ask = API.with_key(step.request(here), CREDENTIALS)
    assert ask.headers["Authorization"] == "Bearer abc123"


def judged(reply: Reply, total: str | None = None) -> Any:
    here, sale = known(), sold()
    if total is not None:
        sale = replace(sale, amount_due=Money.of(total, "GHS"))
    (step,) = API.steps(thing(sale), here)
    return step.judge(reply, here)


def test_the_published_success_is_understood_with_its_ids() -> None:
    found = judged(answer(PUBLISHED["response"]))
    assert found == Done({"sale": "32", "invoice_code": "324232", "number": "INV-000001"})


@pytest.mark.parametrize("name", ["missing-token", "invalid-key"])
def test_the_published_refusals_ask_for_another_key(name: str) -> None:
    published = sample("add_sale", name)
    reason = published["response"]["error"]
    assert judged(answer(published["response"], 401)) == SignInNeeded(reason)
    # Its own status counts where that of HTTP says nothing.
    assert judged(answer(published["response"], 200)) == SignInNeeded(reason)


def told(**changes: Any) -> Reply:
    """The published success, with something else in what was kept."""
    data = PUBLISHED["response"]["data"]
    sales = data["sales"] | changes
    return answer(PUBLISHED["response"] | {"data": data | {"sales": sales}})


@pytest.mark.parametrize(
    "number", ["INV-000002", "INV-1000001", "000001", "", None, 7, "XINV-000002"]
)
def test_another_number_than_ours_is_no_success(number: Any) -> None:
    assert isinstance(judged(told(invoice_number=number)), Unclear)


def test_a_prefix_that_the_server_puts_before_is_ours_still() -> None:
    assert isinstance(judged(told(invoice_number="SHOP-INV-000001")), Done)


def test_the_number_of_another_till_that_ends_like_ours_is_no_success() -> None:
    sale = replace(sold(), number="1-000042")
    (step,) = API.steps(thing(sale), known())
    assert isinstance(step.judge(told(invoice_number="11-000042"), known()), Unclear)
    assert isinstance(step.judge(told(invoice_number="INV-1-000042"), known()), Done)


@pytest.mark.parametrize("total", ["199.99", 201, None, "x", True])
def test_another_total_than_ours_is_no_success(total: Any) -> None:
    assert isinstance(judged(told(total_amount=total)), Unclear)


@pytest.mark.parametrize(
    ("reply", "verdict"),
    [
        (answer({"status": 400, "error": "invoice_number is taken"}, 400), Refused),
        (answer({"status": 400, "error": "invoice_number is taken"}), Refused),
        (answer({"status": 500, "error": "oops"}), Unclear),
        (answer({"status": "200", "data": {}}), Unclear),
        (answer({"status": 200, "data": []}), Unclear),
        (answer({"status": 200}), Unclear),
        (answer({"message": ["ok"], "data": 7}), Unclear),
        (answer(["ok"]), Unclear),
        (answer(PUBLISHED["response"], 500), Unclear),
        (Reply(200, {}, b"<html>Sign in</html>"), Unclear),
        (Reply(404, {}, b"<html>Nothing here</html>"), Unclear),
        (Reply(429, {"retry-after": "7"}, b""), Again),
    ],
)
def test_only_the_status_in_the_body_with_our_own_figures_is_a_success(
    reply: Reply, verdict: type
) -> None:
    assert isinstance(judged(reply), verdict)


def test_there_is_nothing_to_look_a_lost_answer_up_by() -> None:
    (step,) = API.steps(thing(sold()), known())
    assert step.look_up is None


@pytest.mark.parametrize(
    ("method", "word"),
    [
        (TenderMethod.CASH, "Cash"),
        (TenderMethod.CARD, "Card Payment"),
        (TenderMethod.MOBILE, "Mobile Money"),
        (TenderMethod.CHEQUE, "Cheque"),
        (TenderMethod.BANK_TRANSFER, "Bank Transfer / Deposit"),
        (TenderMethod.GIFT_CARD, "Other Payment"),
    ],
)
def test_each_payment_has_a_published_word(method: TenderMethod, word: str) -> None:
    assert body_of(sold(cart(), TenderRequest(method)))["payment_type"] == word


def test_what_is_put_on_account_is_no_draft_and_is_due_later() -> None:
    told = body_of(sold(cart(), TenderRequest(TenderMethod.ON_ACCOUNT)))
    assert (told["amount_paid"], told["payment_type"]) == ("0.00", "Other Payment")
    assert (told["payment_status"], told["due_date"]) == ("unpaid", "2024-09-03")
    part = TenderRequest(TenderMethod.CASH, Money.of("50.00", "GHS"), Money.of("50.00", "GHS"))
    told = body_of(sold(cart(), TenderRequest(TenderMethod.ON_ACCOUNT), part))
    assert (told["amount_paid"], told["payment_type"]) == ("50.00", "Cash")
    assert told["payment_status"] == "partial"
    assert told["payment_internal_note"] == "paid: on account 150.00, cash 50.00"


def test_lines_and_codes_are_sent_only_where_the_connection_says_so() -> None:
    assert not {"items", "invoice_code"} & set(body_of(sold()))
    told = body_of(sold(), items="on", invoice_code="number")
    assert told["invoice_code"] == "000001"
    sent = PUBLISHED["response"]["data"]["sales-item"][0]
    names = ("item_name", "unit_price", "quantity")
    (item,) = told["items"]
    assert {name: item[name] for name in names} == {
        "item_name": sent["item_name"],
        "unit_price": "50.00",
        "quantity": sent["quantity"],
    }
    assert item["tax"] == "100.00"


def test_a_customer_without_an_id_there_is_the_walk_in_or_keeps_the_sale_back() -> None:
    with pytest.raises(NotSayable, match="Peter Amos"):
        body_of(sold(), customers="")
    assert body_of(sold(), customers="", walk_in="7")["customer_id"] == "7"
    assert body_of(sold())["customer_id"] == "42"


def test_amounts_that_the_api_cannot_keep_are_not_sent() -> None:
    priced = replace(DESIGN, price=Decimal("50.005"), taxes=())
    filled = choose_customer(add_product(Cart("s1", PricePolicy("KWD")), priced), PETER)
    with pytest.raises(NotSayable, match="two places"):
        body_of(sold(filled))


def test_money_for_an_invoice_is_left_to_a_person() -> None:
    filled = add_invoice_payment(cart(), "INV-000007", Money.of("10.00", "GHS"))
    with pytest.raises(NotSayable, match="by hand"):
        body_of(sold(filled))


def test_drafts_and_invoices_of_sales_are_not_sent() -> None:
    draft = replace(invoice(), state=InvoiceState.DRAFT)
    assert API.steps(thing(draft, Carried.INVOICE), known()) == ()
    of_sale = replace(invoice(), sale_id="s1")
    assert API.steps(thing(of_sale, Carried.INVOICE), known()) == ()
    told = body_of(invoice(paid=0), Carried.INVOICE)
    assert (told["payment_type"], told["payment_status"]) == ("Other Payment", "unpaid")


def test_returns_stay_here_unless_the_connection_says_negative() -> None:
    back = sold(cart(SaleKind.RETURN))
    assert API.steps(thing(back, Carried.RETURN), known()) == ()
    told = body_of(back, Carried.RETURN, returns="negative")
    assert (told["total_amount"], told["amount_paid"]) == ("-200.00", "-200.00")
    carried = {one.kind for one in API.abilities(known()) if one.carries}
    assert carried == {Carried.SALE, Carried.INVOICE}
    carried = {one.kind for one in API.abilities(known(returns="negative")) if one.carries}
    assert carried == {Carried.SALE, Carried.INVOICE, Carried.VOID, Carried.RETURN}


def test_a_server_of_the_document_keeps_what_is_told() -> None:
    server = AddSale("abc123", takes_items=True)
    teller = Teller(API, server, walk_in="42", items="on")
    teller.tell(thing(sold()), thing(invoice(), Carried.INVOICE))
    assert [one["total_amount"] for one in server.sales] == ["200.00", "200.00"]
    assert [one["payment_status"] for one in server.sales] == ["paid", "paid"]
    assert teller.known.done["sale s1"]["sale"] == "32"


def test_the_test_of_a_connection_adds_nothing() -> None:
    (probe,) = API.probes(known())
    server = AddSale("abc123")
    teller = Teller(API, server)
    assert not probe.ask.is_change
    assert probe.judge(teller.send(probe.ask)) == Done({})
    teller.credentials = replace(CREDENTIALS, key="wrong")
    assert isinstance(probe.judge(teller.send(probe.ask)), SignInNeeded)
    assert isinstance(probe.judge(Reply(200, {}, b"<html>")), Unclear)
    assert isinstance(probe.judge(answer({"status": 404, "error": "Not found"}, 404)), Unclear)
    assert server.sales == []


def test_the_api_has_no_tokens_and_lists_no_customers() -> None:
    assert API.sign_in(CREDENTIALS) is None
    assert API.customers() is None
    step: Step
    (step,) = API.steps(thing(sold()), known())
    assert step.names == "sale"
