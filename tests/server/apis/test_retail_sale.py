"""The Retail Sale API over real HTTP: published requests, side effects, on both databases."""

import json
import threading
from typing import Any

import httpx2
from sqlalchemy import select

from pos_app.server.database import Office
from pos_app.server.roles import Role
from pos_app.server.tables import journal, sales
from tests.server.apis.api_shops import UNLIMITED
from tests.server.apis.retail_shops import (
    API,
    FILTER,
    PLUG,
    PREFIX,
    Clock,
    RetailShop,
    line,
    one_line,
    opened,
    sample_sale,
    sentence,
)
from tests.server.apis.transcripts import transcript
from tests.server.serving import serve


def differing(published: Any, ours: Any, at: str = "") -> list[str]:
    """Return where our answer lacks a published name or has another value or kind."""
    if isinstance(published, dict):
        if not isinstance(ours, dict):
            return [f"{at}: {ours!r} is no map"]
        return [
            fault
            for name in published
            for fault in (
                differing(published[name], ours[name], f"{at}.{name}")
                if name in ours
                else [f"{at}.{name} is missing"]
            )
        ]
    if isinstance(published, list):
        if not isinstance(ours, list) or len(ours) < len(published):
            return [f"{at}: {ours!r} is not {len(published)} long"]
        # The published answer to `get` shows the first line only.
        pairs = enumerate(zip(published, ours, strict=False))
        return [
            fault
            for place, (left, right) in pairs
            for fault in differing(left, right, f"{at}[{place}]")
        ]
    is_same = type(published) is type(ours) and published == ours
    return [] if is_same else [f"{at}: {ours!r} is not {published!r}"]


def shape(value: Any) -> Any:
    """Return names and kinds of an answer, of lists the first."""
    if isinstance(value, dict):
        return {name: shape(inner) for name, inner in value.items()}
    return [shape(value[0])] if isinstance(value, list) else type(value).__name__


def test_every_published_request_gets_its_published_answer(office: Office, company_id: str):
    with serve(office, UNLIMITED, now=Clock()) as served:
        retail = opened(served, company_id)
        with retail.client:
            check_published(retail)


def check_published(retail: RetailShop) -> None:
    """Send every published request to a fresh company, word for word."""
    create = transcript(API, "create")
    answer = retail.client.post(create["path"], json=create["request"])
    assert answer.json() == create["response"]
    for name in ("list", "get"):
        sample = transcript(API, name)
        path = sample["path"].format(saleId=1, userName="admin", authKey="abc123")
        ours = retail.client.get(path).json()
        assert differing(sample["response"], ours) == []
    whole = transcript(API, "list")["response"]["data"][0]
    assert shape(retail.all()[0]) == shape(whole)
    assert list(retail.all()[0]) == list(whole)
    retail.made(saleNumber="INV-2026-0041", saleDate="2026-02-19T18:00:00.000+0530")
    retail.made(saleNumber="INV-2026-0043", saleDate="2026-03-01T00:30:00.000+0530")
    search = transcript(API, "search")
    assert differing(search["response"], retail.client.get(search["path"]).json()) == []
    for name in ("void", "void-again"):
        sample = transcript(API, name)
        path = sample["path"].format(saleId=1, userName="admin", authKey="abc123")
        assert retail.client.get(path).json() == sample["response"]
    assert retail.ask("get/1").json()["data"]["status"] == "VOID"


def test_a_sale_takes_total_value_and_place_and_its_void_brings_all_three_back(
    retail: RetailShop,
):
    before = retail.stock(), retail.stock(PLUG)
    sale = retail.made()
    total, value, at_place = retail.stock()
    assert (total, value, at_place) == (
        before[0][0] - 3,
        before[0][1] - 3000,
        before[0][2] - 3,
    )
    # Without a location the plugs leave the shop floor and not the shelf.
    assert retail.stock(PLUG) == (before[1][0] - 5, before[1][1] - 3500, before[1][2])
    assert retail.void(sale["saleId"]) is True
    assert (retail.stock(), retail.stock(PLUG)) == before
    assert retail.void(sale["saleId"]) is False
    assert (retail.stock(), retail.stock(PLUG)) == before


def test_the_value_never_falls_below_zero_and_comes_back_as_published(retail: RetailShop):
    dear = one_line("DEAR", quantity=20, unitPrice="100.00", subTotal="2000.00")
    sale = retail.made(**dear)
    assert retail.stock()[1] == 0
    assert retail.void(sale["saleId"]) is True
    assert retail.stock()[1] == 200_000  # quantity × unit price, whatever was left to take


def test_a_line_without_taxes_gets_those_of_its_item(retail: RetailShop):
    sale = retail.made(**one_line(quantity=3, unitPrice="9.99", subTotal="29.97"))
    assert sale["items"][0]["taxes"] == [
        {"taxId": 1, "taxName": "GST", "taxPercentage": 10.0, "taxAmount": "3.00"}
    ]
    assert (sale["totalAmount"], sale["totalTaxAmount"]) == ("29.97", "3.00")
    told = retail.made(**one_line("NONE", taxes=[], taxAmount="0.00"))
    assert (told["items"][0]["taxes"], told["totalTaxAmount"]) == ([], "0.00")
    null = retail.made(**one_line("NULL", taxes=None))
    assert null["totalTaxAmount"] == "3.00"


def test_what_is_left_out_is_worked_out_and_a_line_may_be_of_no_item(retail: RetailShop):
    free = {"itemName": "Fitting", "quantity": 1.5, "unitPrice": 20}
    sent = {"saleNumber": "BARE", "items": [free]}
    assert retail.create(sent).json() == {"data": True}
    sale = retail.all()[0]
    assert sale["items"] == [
        {
            "saleItemId": 1,
            "itemId": None,
            "itemName": "Fitting",
            "quantity": 1.5,
            "unitPrice": "20.00",
            "subTotal": "30.00",
            "taxAmount": "0.00",
            "warehouseId": 1,
            "categoryId": None,
            "categoryName": "",
            "taxes": [],
        }
    ]
    assert sale["saleDate"].startswith("2026-06-01T08:00:")
    assert sale["saleDate"].endswith("+0000")
    texts = ("customerName", "customerPhone", "discount", "paymentMethod", "createdBy")
    assert [sale[name] for name in texts] == ["", "", "0.00", "CASH", "admin"]


def test_goods_come_back_with_a_quantity_below_zero(retail: RetailShop):
    before = retail.stock()
    back = line(quantity=-2, subTotal="-20.00", stockLocationId=1)
    sale = retail.made(saleNumber="BACK", items=[back], totalAmount="-20.00", discount="0.00")
    assert retail.stock() == (before[0] + 2, before[1] + 2000, before[2] + 2)
    assert (sale["totalAmount"], sale["totalTaxAmount"]) == ("-20.00", "-2.00")
    assert sale["status"] == "COMPLETED"
    assert retail.void(sale["saleId"]) is True
    assert retail.stock() == before


def test_the_same_number_is_the_same_sale_or_refused(retail: RetailShop):
    sale = retail.made()
    before = retail.stock()
    for same in (
        sample_sale(),
        sample_sale(totalAmount=65, saleDate="2026-02-20T10:30:00.000+0530"),
        sample_sale(totalAmount="65.0", unknownField="ignored"),
    ):
        assert retail.create(same).json() == {"data": True}
    assert "INV-2026-0042" in retail.refused(409, discount="4.00")
    assert "INV-2026-0042" in retail.refused(409, customerName="Somebody else")
    assert (len(retail.all()), retail.stock()) == (1, before)
    assert retail.void(sale["saleId"]) is True
    # Voided it is still the same sale, and is not made anew.
    assert retail.create(sample_sale()).json() == {"data": True}
    assert [one["status"] for one in retail.all()] == ["VOID"]
    assert "VOID-INV-2026-0042" in retail.refused(409, saleNumber="VOID-INV-2026-0042")


def test_the_same_number_at_once_is_one_sale(retail: RetailShop):
    answers: list[httpx2.Response] = []
    bodies = [sample_sale(), sample_sale(discount="4.00")] * 4
    threads = [
        threading.Thread(target=lambda body=body: answers.append(retail.create(body)))
        for body in bodies
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(answer.status_code for answer in answers) == [200] * 4 + [409] * 4
    assert len(retail.all()) == 1
    assert retail.stock()[0] == 97


def test_a_void_at_once_is_one_void(retail: RetailShop):
    before = retail.stock()
    sale = retail.made()
    answers: list[Any] = []
    threads = [
        threading.Thread(target=lambda: answers.append(retail.void(sale["saleId"])))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(answers) == [False] * 5 + [True]
    assert retail.stock() == before


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"totalAmount": "64.00"}, "65.00"),
    ({"discount": "65.01"}, "65.01"),
    ({"discount": "-1.00"}, "-1.00"),
    ({"discount": "0.001"}, "0.001"),
    (one_line(subTotal="29.90"), "30.00"),
    (one_line(itemId=2), "no item 2"),
    (one_line(stockLocationId=9), "no stock location 9"),
    (one_line(warehouseId=9), "Warehouse 9"),
    (one_line(quantity=0), "0"),
    (one_line(quantity=1.5, subTotal="15.00"), "1.5"),
    (one_line(unitPrice="10000000.00", subTotal="30000000.00"), "10,000,000"),
    (one_line(itemId=..., itemName=" "), "no name"),
    (one_line(taxes=[{"taxName": "GST", "taxPercentage": 10}], taxAmount="9.00"), "9.00"),
    (one_line(taxes=[{"taxName": "GST", "taxPercentage": -1}]), "-1"),
]


def test_what_does_not_add_up_is_refused_with_a_sentence_and_nothing_is_kept(
    retail: RetailShop,
):
    before = retail.stock()
    for changes, word in REFUSED:
        assert word in retail.refused(409, **changes), changes
    assert (retail.all(), retail.stock()) == ([], before)


def test_a_sale_is_told_in_the_journal_as_a_tills_is(retail: RetailShop):
    sale = retail.made()
    retail.void(sale["saleId"])
    with retail.served.office.company(retail.company_id) as connection:
        told = [
            json.loads(payload)
            for payload in connection.execute(
                select(journal.c.payload)
                .where(
                    journal.c.company_id == retail.company_id,
                    journal.c.kind == "sale_completed",
                )
                .order_by(journal.c.seq)
            ).scalars()
        ]
        rows = connection.execute(
            select(sales.c.kind, sales.c.net, sales.c.tax, sales.c.gross, sales.c.voids)
            .where(sales.c.company_id == retail.company_id)
            .order_by(sales.c.seq)
        ).all()
    made, void = told
    assert (made["net"], made["tax"], made["gross"], made["amount_due"]) == (6000, 650, 6650, 6650)
    assert [one["amount"] for one in made["lines"][0]["taxes"]] == [300]
    assert [one["document_discount"] for one in made["lines"]] == [231, 269]
    assert {one["location"] for one in made["stock"]} == {"A-01-03", "shop"}
    assert made["business_day"] == "2026-02-20"
    assert made["at"] == "2026-02-20T05:00:00+00:00"
    assert void["voids"] == made["id"]
    assert [(one["net"], one["gross"]) for one in void["lines"]] == [
        (-one["net"], -one["gross"]) for one in made["lines"]
    ]
    assert [tuple(row) for row in rows] == [
        ("sale", 6000, 650, 6650, ""),
        ("void", -6000, -650, -6650, made["id"]),
    ]


def test_dates_keep_the_offset_they_came_with_and_count_by_the_day_that_was_written(
    retail: RetailShop,
):
    written = {
        "A": ("2026-02-20T00:30:00.000+0530", "2026-02-20T00:30:00.000+0530"),
        "B": ("2026-02-20T23:59:59.999-08:00", "2026-02-20T23:59:59.999-0800"),
        "C": ("2026-02-20T10:30:00Z", "2026-02-20T10:30:00.000+0000"),
        "D": ("2026-02-20T10:30:00.5", "2026-02-20T10:30:00.500+0000"),
        "E": ("2026-02-20", "2026-02-20T00:00:00.000+0000"),
    }
    for number, (sent, shown) in written.items():
        assert retail.made(saleNumber=number, saleDate=sent)["saleDate"] == shown
    found = retail.ask("search/2026-02-20/2026-02-20").json()["data"]
    # The latest moment first: B was written in California.
    assert [one["saleNumber"] for one in found] == ["B", "D", "C", "E", "A"]
    for other in ("2026-02-19/2026-02-19", "2026-02-21/2026-02-28", "2026-02-21/2026-02-20"):
        assert retail.ask(f"search/{other}").json() == {"data": []}
    # The list is in the order in which they were made.
    assert [one["saleNumber"] for one in retail.all()] == list("EDCBA")


NO_DATES = [
    "0000-01-01T00:00:00.000+0000",
    "9999-12-31T23:59:59.999+0530",
    "0001-01-01T00:00:00.000+1400",
    "1969-12-31T23:59:59.000+0000",
    "2026-02-30T10:00:00.000+0000",
    "2026-02-20T25:00:00.000+0000",
    "2026-02-20T10:30:00.000+9900",
    "20.02.2026",
    "now",
    "",
]


def test_impossible_dates_are_refused(retail: RetailShop):
    for written in NO_DATES:
        assert "2026-02-20T10:30:00.000+0530" in retail.refused(409, saleDate=written), written


def test_a_search_takes_days_of_any_year_there_is(retail: RetailShop):
    sale = retail.made()
    found = retail.ask("search/0001-01-01/9999-12-31").json()["data"]
    assert found == [sale]
    for wrong in ("0000-01-01/2026-01-01", "2026-02-30/2026-03-01", "20260201/20260228", "x/y"):
        assert "fromDate" in sentence(retail.ask(f"search/{wrong}"), 400)


def test_only_the_one_customer_with_the_phone_is_taken_for_the_buyer(retail: RetailShop):
    retail.made(saleNumber="KNOWN", customerPhone="13900139001")
    retail.made(saleNumber="STRANGER")
    with retail.served.office.company(retail.company_id) as connection:
        buyers = dict(
            connection.execute(
                select(sales.c.number, sales.c.customer_id).where(
                    sales.c.company_id == retail.company_id
                )
            ).all()
        )
    assert buyers == {"KNOWN": "customer-001", "STRANGER": ""}
    # What was sent is what is shown.
    assert {one["customerName"] for one in retail.all()} == {"Ali bin Ahmad"}


def test_each_way_to_pay_comes_back(retail: RetailShop):
    for method in ("CASH", "CARD", "CREDIT", "TRANSFER"):
        made = retail.made(saleNumber=method, paymentMethod=method)
        assert made["paymentMethod"] == method


def test_stock_is_shown_to_people_with_the_numbers_that_the_api_uses(retail: RetailShop):
    retail.made()
    with retail.served.as_role(Role.OWNER, retail.company_id) as owner:
        shown = owner.get(f"/office/v1/stock/{FILTER}").json()
        assert shown == {
            "product_id": "item-1",
            "item_id": 1,
            "name": "Oil Filter",
            "total": "97",
            "value": "970.00",
            "currency": "EUR",
            "places": [
                {
                    "shop": "main",
                    "location": "A-01-03",
                    "quantity": "57",
                    "warehouse_id": 1,
                    "stock_location_id": 1,
                },
                {
                    "shop": "main",
                    "location": "shop",
                    "quantity": "40",
                    "warehouse_id": 1,
                    "stock_location_id": 2,
                },
            ],
        }
        assert owner.get("/office/v1/stock/nothing").status_code == 404
    assert retail.client.get(f"{PREFIX}/nothing").json()["data"] is None
