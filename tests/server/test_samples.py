"""`pos-app server init --samples`: what it makes, prints, and that no key comes into a log."""

import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import select

from pos_app.domain.delivery_note import DeliveryNote
from pos_app.domain.invoice import Invoice
from pos_app.domain.order import Order
from pos_app.domain.quotation import Quotation
from pos_app.domain.sales_return import SalesReturn
from pos_app.server.api_keys import Api
from pos_app.server.companies import Founding, found_company
from pos_app.server.database import Office
from pos_app.server.office_desk import OfficeDesk
from pos_app.server.samples import make_samples
from pos_app.server.series import id_of_number
from pos_app.server.tables import companies, inbox
from tests.server.apis.transcripts import transcript
from tests.server.offices import NOW, PASSWORD, SHOP
from tests.server.test_server_commands import environment, running

LIMIT_S = 120


def init(folder: Path, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "pos_app", "server", "init", "--company", "Muster", *words],
        env=environment(folder),
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def secrets_of(made: dict[str, Any]) -> list[str]:
    return [key["key"] for key in made["keys"]]


def test_the_command_prints_every_key_and_id_and_no_key_is_ever_logged(tmp_path: Path):
    made = json.loads(init(tmp_path, "--samples", "--json"))
    keys = {(key["api"], key["user"]): key["key"] for key in made["keys"]}
    apis = ["sales", "retail", "xtrakit", "feed", "erp"]
    assert set(keys) == {(api, "admin") for api in apis} | {("erp", "approver")}
    assert keys["retail", "admin"] == "abc123"
    assert made["samples"]["xtrakit"] == {"customer": 42}
    assert made["samples"]["feed"]["company"] == made["company"]
    feed = "/companies/{company}/connections/{connection}/data/sales"
    paths = [
        "/rest/inventory/sale/list/admin/abc123",
        "/rest/inventory/sale/get/1/admin/abc123",
        "/rest/inventory/sale/get/wrong/admin/abc123",
        "/rest/inventory/sale/search/2026-02-01/2026-02-28/admin/abc123",
        "/rest/inventory/sale/void/1/admin/abc123",
        "/rest/inventory/sale/void/1/admin/abc123",
        "/rest/inventory/sale/void/1/admin/abc123/and/more",
        "/rest/inventory/sale/list/abc123/admin",
        "/rest/inventory/nowhere/abc123",
    ]
    create = transcript("retail_sale", "create")
    with running(tmp_path) as office, httpx2.Client(base_url=office.url) as client:
        assert client.post(create["path"], json=create["request"]).json() == {"data": True}
        client.post(create["path"], content=b'{"authKey": "abc123", broken')
        for path in paths:
            client.get(path)
        client.request("PROPFIND", paths[0])
        bearer = {"Authorization": keys["feed", "admin"]}
        fed = client.get(feed.format(**made["samples"]["feed"]), headers=bearer)
        assert fed.status_code == 200
        metrics = client.get("/metrics").text
        answers = client.get(paths[2]).headers
        assert office.stop() == 0
    told = "".join(office.lines) + metrics + str(answers)
    assert sum('"event": "request"' in line for line in office.lines) >= len(paths)
    assert "/rest/inventory/sale/void/{saleId}/{userName}/{authKey}" in told
    for secret in secrets_of(made):
        assert secret not in told


def test_in_words_each_key_has_a_line_and_without_the_option_there_is_none(tmp_path: Path):
    words = init(tmp_path, "--samples")
    assert "Key for retail (user admin, may read, write): abc123\n" in words
    assert words.count("Key for ") == 6
    plain = json.loads(init(tmp_path, "--email", "second@localhost", "--json"))
    assert {"keys", "samples"}.isdisjoint(plain)
    # A second company of samples has the same ids, and keys of its own.
    third = json.loads(
        init(tmp_path, "--email", "third@localhost", "--samples", "--currency", "JPY", "--json")
    )
    assert "abc123" not in secrets_of(third)


@pytest.mark.parametrize("currency", ["EUR", "JPY", "KWD"])
def test_what_the_published_samples_name_is_there(office: Office, currency: str):
    founding = Founding("Muster", "muster@example.com", PASSWORD, currency, is_sample=True)
    founded = found_company(office, founding, NOW)
    company_id = founded.company_id
    with office.company(company_id) as connection:
        samples = make_samples(connection, company_id, SHOP, NOW)
    assert len(samples.key(Api.ERP)) == 43
    assert samples.key(Api.ERP) != samples.key(Api.ERP, "approver")
    with office.company(company_id) as connection:
        desk = OfficeDesk(connection, company_id, SHOP, "test", NOW)
        for kind, number, found in (
            ("customer", 42, "customer-042"),
            ("product", 1, "item-1"),
            ("product", 3, "item-3"),
            ("category", 1, "engine-parts"),
            ("tax", 1, "GST"),
            ("warehouse", 1, SHOP),
            ("location", 1, "A-01-03"),
        ):
            assert id_of_number(connection, company_id, kind, number) == found
        customer = desk.customer("customer-001")
        assert (customer.number, customer.name) == ("CUS001", "北京客户有限公司")
        terms = desk.terms("customer-001")
        assert terms.credit_limit is not None
        assert (terms.credit_limit.amount, terms.credit_days) == (Decimal(200_000), 30)
        assert desk.product("prod-001").unit.code == "台"
        states = {
            document.head.id: (document.head.number, document.state.value)
            for document in (
                desk.get(Quotation, "quotation-001"),
                desk.get(Order, "order-001"),
                desk.get(Invoice, "invoice-001"),
                desk.get(DeliveryNote, "delivery-001"),
                desk.get(SalesReturn, "return-001"),
            )
        }
        assert states == {
            "quotation-001": ("QT2023060001", "draft"),
            "order-001": ("SO2023060001", "draft"),
            "invoice-001": ("INV2023060001", "unpaid"),
            "delivery-001": ("DL2023060001", "completed"),
            "return-001": ("RTN2023060001", "completed"),
        }
        invoice = desk.get(Invoice, "invoice-001")
        assert invoice.total.amount == 50_000
        if currency == "EUR":
            assert (str(invoice.tax.amount), str(invoice.net.amount)) == ("5752.21", "44247.79")
        assert {line.line.id for line in desk.get(Order, "order-001").lines} == {
            "item-001",
            "order-item-001",
        }
        assert desk.level("item-1", "A-01-03") == 60
        assert desk.level("prod-001", "warehouse-001") == 500 - 10 - 10 - 1 + 1
        is_sample = select(companies.c.is_sample).where(companies.c.company_id == company_id)
        assert connection.execute(is_sample).scalar_one() == 1
        assert connection.execute(select(inbox.c.reason)).all() == []
