"""The ERP dialect and the published samples: each request that is spoken, and each answer."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from pos_app.domain.customer import Customer
from pos_app.domain.delivery_note import DeliveredLine, DeliveryNote
from pos_app.domain.document import DocumentHead, DocumentLine, Party
from pos_app.domain.invoice import Invoice, InvoicePayment, InvoiceState, figured
from pos_app.domain.money import Money
from pos_app.domain.order import Order, OrderLine, OrderState
from pos_app.domain.payment import TenderMethod
from pos_app.domain.pricing import PricePolicy
from pos_app.domain.quotation import Quotation, QuotationState
from pos_app.domain.sales_return import ReturnedLine, SalesReturn
from pos_app.domain.tax import Tax
from pos_app.sync.dialect import Absent, Carried, Done, Outgoing, RemoteCustomer, Step
from pos_app.sync.dialects.erp import ErpApi
from pos_app.sync.dialects.erp_replies import page_of
from tests.domain.sales_documents import draft_invoice
from tests.sync.dialects.telling import SAMPLES, KnownHere, answer, sample, walked

API = ErpApi()
AT = datetime(2023, 6, 1, 8, tzinfo=UTC)
VAT = (Tax(Decimal(13), name="VAT"),)
ENTRY = "e2"
BUYER = {"buyer": "customer-001"}
# What the till has no figure for: credit terms and bank accounts are a shop's own business.
STAYS_HERE = {"bankName", "bankAccount", "creditLimit", "creditDays"}
NOT_SPOKEN = {
    "3.5-delete-customer",
    "3.6-evaluate-credit",
    "5.8-delivery-of-order",
    "6.5-delete-delivery",
    "7.5-delete-invoice",
    "8.4-change-return",
    "8.5-delete-return",
    "9.1-order-execution",
    "9.2-customer-analysis",
    "9.3-product-trend",
    "9.4-export",
}
READ = {name.stem for name in (SAMPLES / "erp").glob("?.[12]-*.json")} - NOT_SPOKEN


def customer(**changes: str) -> Customer:
    # The published remarks stand for a number of ours: remarks begin with it.
    said: dict[str, str] = {
        "id": "c1",
        "number": "优质客户",
        "name": "北京客户有限公司",
        "contact": "李四",
        "phone": "13900139001",
        "email": "contact@customer.com",
        "address": "北京市朝阳区",
        "tax_number": "110105199001011234",
        "category": "企业客户",
        "region": "华北",
    }
    return Customer(**{**said, **changes})  # type: ignore[arg-type]


def head(own_id: str, number: str, day: date = date(2023, 6, 1), **policy: Any) -> DocumentHead:
    who = customer()
    party = Party(who.id, who.number, who.name, who.contact, who.phone)
    rules = PricePolicy("CNY", **policy)
    return DocumentHead(
        own_id,
        number,
        party,
        day,
        rules,
        AT,
        "1",
        AT,
        "1",
        payment_terms="30天内付款",
        shipping_terms="运费由我方承担",
    )


def line(quantity: int = 10, price: str = "5000", remark: str = "正品保证") -> DocumentLine:
    return DocumentLine(
        "1",
        "笔记本电脑",
        Decimal(quantity),
        Decimal(price),
        product_id="p1",
        code="PROD001",
        taxes=VAT,
        remark=remark,
    )


def quotation(number: str, one: DocumentLine, expires: date, **changes: Any) -> Quotation:
    return Quotation(head("q1", number), (one,), expires, **changes)


def order(number: str, one: DocumentLine, deliver_by: date, **changes: Any) -> Order:
    return Order(head("o1", number), (OrderLine(one),), deliver_by=deliver_by, **changes)


def note(**changes: str) -> DeliveryNote:
    said = {"number": "加急发货", "carrier": "顺丰快递", "tracking": "SF1234567890", **changes}
    number = said.pop("number")
    gone = DeliveredLine("1", line(), Decimal(10))
    day = date(2023, 6, 15)
    return DeliveryNote(head("d1", number, day), "o1", "SO1", "shop", (gone,), **said)  # type: ignore[arg-type]


def invoice(due: date, payments: tuple[InvoicePayment, ...] = ()) -> Invoice:
    made = draft_invoice(line(price="4424.78"))
    paper = head("i1", "INV1", date(2023, 6, 15), prices_include_tax=False)
    nothing = Money(0, "CNY")
    written = figured(replace(made, head=paper, due=due, rounding=nothing))
    state = InvoiceState.UNPAID
    return replace(written, state=state, order_id="o1", order_number="SO1", payments=payments)


def payment() -> InvoicePayment:
    amount = Money.of("50000", "CNY")
    day = date(2023, 7, 10)
    return InvoicePayment("p1", day, amount, TenderMethod.BANK_TRANSFER, "1", AT)


def sales_return() -> SalesReturn:
    figures = order("SO1", line(1), date(2023, 6, 15)).priced.lines[0]
    zero = Money(0, "CNY")
    return SalesReturn(
        head("r1", "退货处理", date(2023, 6, 20)),
        "o1",
        "SO1",
        "质量问题",
        (ReturnedLine("1", line(1), figures),),
        (),
        (),
        zero,
        zero,
        zero,
        zero,
        figures.gross,
    )


def thing(kind: Carried, document: Any, action: str = "create") -> Outgoing:
    return Outgoing(kind, "x", "x", AT, document, action, entry=ENTRY)


def known(**done: dict[str, str]) -> KnownHere:
    here = KnownHere(API, warehouse="warehouse-001")
    here.products = {"p1": "prod-001"}
    here.done = {
        "customer c1": {"customer": "customer-001"},
        "quotation q1": {"quotation": "quotation-001"},
        "order o1": {"order": "order-001"},
        "lines d1": {"line 1": "order-item-001"},
        "lines r1": {"line 1": "order-item-001"},
        "delivery d1": {"delivery": "delivery-001"},
        "invoice i1": {"invoice": "invoice-001"},
        **{key.replace("_", " "): ids for key, ids in done.items()},
    }
    return here


def last(kind: Carried, document: Any, action: str = "create") -> Callable[[KnownHere], Step]:
    """Return the step of a thing that is the last on its way."""
    return lambda here: API.steps(thing(kind, document, action), here)[-1]


def keyed(key: str, kind: Carried, document: Any) -> Callable[[KnownHere], Step]:
    return lambda here: next(
        step for step in API.steps(thing(kind, document), here) if step.key == key
    )


@dataclass(frozen=True)
class Spoken:
    """A published request, and what of ours becomes it; `ids` is what its answer leaves behind."""

    step: Callable[[KnownHere], Step]
    ids: dict[str, str]
    without: str = ""  # what must not be there yet
    known: dict[str, str] | None = None


JUNE_15, JUNE_20, JUNE_30 = date(2023, 6, 15), date(2023, 6, 20), date(2023, 6, 30)
ORDERED = order("加急订单，请尽快发货", line(), JUNE_15)
QUOTED = quotation("批量采购可享受折扣", line(), JUNE_30)
SPOKEN = {
    "3.3-make-customer": Spoken(
        last(Carried.CUSTOMER, customer()),
        {"customer": "customer-001", "number": "CUS001", "entry": ENTRY},
        "customer c1",
    ),
    "3.4-change-customer": Spoken(
        last(
            Carried.CUSTOMER,
            customer(name="北京客户有限公司（更新）", contact="王五", phone="13800138001"),
        ),
        {},
    ),
    "4.3-make-quotation": Spoken(
        last(Carried.QUOTATION, QUOTED), {"quotation": "quotation-001", "number": "QT2023060001"}
    ),
    "4.4-change-quotation": Spoken(
        last(
            Carried.QUOTATION,
            quotation("批量采购可享受折扣（更新）", line(15, "4800"), date(2023, 7, 15)),
            "change",
        ),
        {},
    ),
    "4.5-delete-quotation": Spoken(
        last(Carried.QUOTATION, replace(QUOTED, state=QuotationState.DELETED)), {}
    ),
    "4.6-approve-quotation": Spoken(
        last(
            Carried.QUOTATION,
            replace(QUOTED, state=QuotationState.APPROVED, decision="同意报价单"),
        ),
        {},
    ),
    "4.7-order-of-quotation": Spoken(
        keyed(
            "order o1",
            Carried.ORDER,
            Order(
                head("o1", "SO1", date(2023, 6, 10)),
                (OrderLine(line()),),
                deliver_by=JUNE_20,
                quotation_id="q1",
            ),
        ),
        {"order": "order-001", "number": "SO2023060001", "from": "quotation-001"} | BUYER,
        "order o1",
        {"decide q1": ""},
    ),
    "5.3-make-order": Spoken(
        last(Carried.ORDER, ORDERED), {"order": "order-001", "number": "SO2023060001"} | BUYER
    ),
    "5.4-change-order": Spoken(
        last(
            Carried.ORDER,
            order("加急订单，请尽快发货（更新）", line(15, "4800"), date(2023, 6, 10)),
            "change",
        ),
        {},
    ),
    "5.5-delete-order": Spoken(
        last(Carried.ORDER, replace(ORDERED, state=OrderState.DELETED), "delete"), {}
    ),
    "5.6-approve-order": Spoken(
        last(
            Carried.ORDER,
            replace(ORDERED, state=OrderState.APPROVED, remark="同意销售订单"),
            "approve",
        ),
        {"entry": ENTRY},
    ),
    "5.7-cancel-order": Spoken(
        last(
            Carried.ORDER,
            replace(ORDERED, state=OrderState.CANCELLED, remark="客户需求变更，取消订单"),
            "cancel",
        ),
        {},
    ),
    "6.3-make-delivery": Spoken(
        last(Carried.DELIVERY, note()), {"delivery": "delivery-001", "number": "DL2023060001"}
    ),
    "6.4-change-delivery": Spoken(
        last(
            Carried.DELIVERY,
            note(number="加急发货（更新）", carrier="京东物流", tracking="JD9876543210"),
            "transport",
        ),
        {},
    ),
    "7.3-make-invoice": Spoken(
        last(Carried.INVOICE, invoice(date(2023, 7, 15))),
        {"invoice": "invoice-001", "number": "INV2023060001"},
    ),
    "7.4-change-invoice": Spoken(last(Carried.INVOICE, invoice(date(2023, 7, 20)), "postpone"), {}),
    "7.6-receive": Spoken(
        last(
            Carried.PAYMENT,
            replace(
                invoice(date(2023, 7, 15), (payment(),)),
                head=head("i1", "全额收款", date(2023, 6, 15)),
            ),
        ),
        {},
    ),
    "8.3-make-return": Spoken(
        last(Carried.SALES_RETURN, sales_return()),
        {"return": "return-001", "number": "RTN2023060001"},
    ),
}


def test_every_published_sample_is_spoken_read_or_said_not_to_be() -> None:
    files = {path.stem for path in (SAMPLES / "erp").glob("*.json")}
    assert files == set(SPOKEN) | READ | NOT_SPOKEN


@pytest.mark.parametrize("name", sorted(SPOKEN))
def test_a_published_request_is_what_an_equal_thing_becomes(name: str) -> None:
    published, spoken = sample("erp", name), SPOKEN[name]
    here = known()
    here.done.pop(spoken.without, None)
    here.done.update({key: {} for key in spoken.known or {}})
    step = spoken.step(here)
    ask = step.request(here)
    assert ask.is_change
    assert ask.method == published["method"]
    assert ask.path == _filled(published["path"])
    wanted = published["request"]
    if wanted is not None and name.startswith("3."):
        wanted = {field: value for field, value in wanted.items() if field not in STAYS_HERE}
        assert {field: ask.body[field] for field in wanted} == wanted
        assert set(wanted) <= set(ask.body)
    else:
        assert ask.body == wanted
    assert step.judge(answer(published["response"]), here) == Done(spoken.ids)


def _filled(path: str) -> str:
    kind = path.split("/")[4]
    singular = {"deliveries": "delivery"}.get(kind, kind.removesuffix("s"))
    return path.replace("{id}", f"{singular}-001")


@pytest.mark.parametrize("name", sorted(name for name in READ if ".1-" in name))
def test_a_published_list_is_read(name: str) -> None:
    published = sample("erp", name)["response"]
    rows, total = page_of(answer(published))
    assert rows == published["data"]["list"]
    assert total == published["data"]["total"]


LOOKED_UP: dict[str, tuple[str, str, dict[str, str]]] = {
    # By whom: the list and the detail that settle it, and what is found.
    "5.3-make-order": (
        "5.1-list-orders",
        "5.2-order",
        {"order": "order-001", "number": "SO2023060001"} | BUYER,
    ),
    "4.3-make-quotation": (
        "4.1-list-quotations",
        "4.2-quotation",
        {"quotation": "quotation-001", "number": "QT2023060001"},
    ),
    "3.3-make-customer": (
        "3.1-list-customers",
        "3.2-customer",
        {"customer": "customer-001", "number": "CUS001", "entry": ENTRY},
    ),
    "6.3-make-delivery": (
        "6.1-list-deliveries",
        "6.2-delivery",
        {"delivery": "delivery-001", "number": "DL2023060001"},
    ),
    "8.3-make-return": (
        "8.1-list-returns",
        "8.2-return",
        {"return": "return-001", "number": "RTN2023060001"},
    ),
}


@pytest.mark.parametrize("name", sorted(LOOKED_UP))
def test_the_published_list_and_detail_settle_a_lost_answer(name: str) -> None:
    listing, detail, ids = LOOKED_UP[name]
    here = known()
    for key in ("customer c1", "quotation q1", "order o1", "delivery d1"):
        if key.split(" ", maxsplit=1)[0] in ids:
            del here.done[key]
    step = SPOKEN[name].step(here)
    assert step.look_up is not None
    here.done.setdefault("customer c1", {"customer": "customer-001"})
    if "order" in ids:
        assert step.key == "order o1"
    if "customer" in ids:
        del here.done["customer c1"]
    published = sample("erp", listing)["response"]
    published["data"]["total"] = 1
    asked: list[str] = []

    def send(ask: Any) -> Any:
        asked.append(ask.path)
        is_list = len(asked) == 1
        return answer(published if is_list else sample("erp", detail)["response"])

    assert walked(step.look_up(here), send) == Done(ids)
    assert asked[1].endswith(f"/{published['data']['list'][0]['id']}")


def test_the_published_invoice_settles_what_was_received() -> None:
    here = known()
    step = SPOKEN["7.6-receive"].step(here)
    assert step.look_up is not None
    published = sample("erp", "7.2-invoice")["response"]
    assert walked(step.look_up(here), lambda _ask: answer(published)) == Absent()
    published["data"]["paidAmount"] = 50000
    assert walked(step.look_up(here), lambda _ask: answer(published)) == Done({})


def test_the_published_order_names_the_lines_of_a_delivery() -> None:
    here = known()
    del here.done["lines d1"]
    reading = API.steps(thing(Carried.DELIVERY, note()), here)[0]
    assert reading.request(here).path == "/api/v1/sales/orders/order-001"
    assert not reading.request(here).is_change
    published = sample("erp", "5.2-order")["response"]
    assert reading.judge(answer(published), here) == Done({"line 1": "item-001"})


def test_the_published_customers_come_in() -> None:
    published = sample("erp", "3.1-list-customers")["response"]
    published["data"]["total"] = 1
    walk = API.customers()
    assert walk is not None
    asked: list[Any] = []

    def send(ask: Any) -> Any:
        asked.append(ask)
        return answer(published)

    assert walked(walk, send) == [  # type: ignore[arg-type]
        RemoteCustomer(
            "customer-001",
            "CUS001",
            "北京客户有限公司",
            "13900139001",
            "contact@customer.com",
            "李四",
            "110105199001011234",
            "北京市朝阳区",
            category="企业客户",
            region="华北",
        )
    ]
    assert asked[0].path == sample("erp", "3.1-list-customers")["path"]
