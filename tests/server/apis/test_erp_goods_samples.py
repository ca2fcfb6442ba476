"""Chapters 6 to 9 of the ERP sales module: every published request, word for word.

The published answers are compared as those of the chapters before: what differs in value is listed
here with its reason; names and kinds never do.
"""

import json
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from pos_app.spreadsheets.workbook import XLSX_TYPE
from tests.server.apis.test_erp_samples import (  # noqa: F401 - two of them are fixtures
    same,
    samples,
    served,
)
from tests.server.apis.transcripts import DATA
from tests.server.serving import Served

IDS = {"orders": "order-001", "deliveries": "delivery-001"} | {
    "invoices": "invoice-001",
    "returns": "return-001",
}
# What has to be done first: the sample order begins as a draft.
BEFORE = {
    "6.3": ["5.6"],
    "7.3": ["5.6", "6.3"],
    "8.3": ["5.6", "6.3"],
}
# Delivery, invoice and return of the samples stand on orders of their own; the invoice is due in
# thirty days, so that nobody is late. An invoice's published figures do not add up; ours do.
ORDERS = {"orderId", "orderNo"}
DIFFERS = {
    "6.1": {"total", "updatedAt"} | ORDERS,
    "6.2": {"updatedAt"} | ORDERS,
    "6.3": {"id", "deliveryNo"},
    "7.1": {"total", "dueDate", "updatedAt"} | ORDERS,
    "7.2": {"dueDate", "updatedAt", "unitPrice", "taxAmount", "totalAmount"} | ORDERS,
    "7.3": {"id", "invoiceNo"},
    "8.1": {"total", "updatedAt"} | ORDERS,
    "8.2": {"updatedAt"} | ORDERS,
    "8.3": {"id", "returnNo"},
    "9.1": {"totalOrders", "totalAmount", "amount", "deliveredAmount", "orderNo"},
    "9.2": {"totalOrders", "totalAmount", "avgOrderAmount", "paymentRate"},
    "9.3": {"quantity", "amount"},
}
FILES = {path.name.partition("-")[0]: path for path in sorted((DATA / "erp").glob("[5-9].*.json"))}
OURS = [name for name in FILES if not name.startswith("5")]


def test_every_call_of_the_four_chapters_has_its_file() -> None:
    counted = [sum(name.startswith(chapter) for name in FILES) for chapter in "6789"]
    assert counted == [5, 6, 5, 4]


@pytest.mark.parametrize("name", [name for name in OURS if name != "9.4"])
def test_the_published_request_gets_the_published_answer(
    name: str,
    served: tuple[Served, str],  # noqa: F811 - the fixture
) -> None:
    office, token = served
    with office.client(token) as client:
        for one in (*BEFORE.get(name, ()), name):
            answer = ask(client, sample(one))
            assert answer.status_code == 200, answer.text
    assert same(sample(name)["response"], answer.json(), DIFFERS.get(name, set())) == []


def test_the_figures_of_the_sample_invoice_add_up(
    served: tuple[Served, str],  # noqa: F811 - the fixture
) -> None:
    office, token = served
    with office.client(token) as client:
        told = ask(client, sample("7.2")).json()["data"]
    assert (told["netAmount"], told["taxAmount"], told["totalAmount"]) == (44247.79, 5752.21, 50000)
    [item] = told["items"]
    assert (item["taxAmount"], item["totalAmount"], item["taxRate"]) == (5752.21, 50000, 13)


def test_the_published_export_is_a_workbook(
    served: tuple[Served, str],  # noqa: F811 - the fixture
) -> None:
    office, token = served
    with office.client(token) as client:
        answer = ask(client, sample("9.4"))
    assert answer.headers["content-type"] == XLSX_TYPE
    named = 'attachment; filename="order_execution_2023-06-01_2023-06-30.xlsx"'
    assert answer.headers["content-disposition"] == named
    book = openpyxl.load_workbook(BytesIO(answer.content))
    assert book.active is not None
    assert book.active.max_row > 5


def sample(name: str) -> dict[str, Any]:
    """Return a published sample by its number in the document."""
    return dict(json.loads(FILES[name].read_text(encoding="utf-8")))


def ask(client: Any, published: dict[str, Any]) -> Any:
    """Send a published request."""
    path = published["path"]
    if "{id}" in path:
        path = path.replace("{id}", IDS[path.split("/")[4]])
    body = published["request"]
    sent = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
    return client.request(published["method"], path, content=sent, params=published.get("query"))
