"""The five sales APIs as head office serves them, against routes that only write the same rows.

Head office runs as a process of its own over a durable PostgreSQL. What one request of an API
writes is taken from the tables; the floor is a FastAPI route in a process of its own that writes
the same rows into the same tables, one commit a request. One client asks them in turns and waits
for each answer; then four ask at once. Lists and the feed stand beside a route that reads as many
documents.
"""

import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from time import perf_counter_ns
from typing import Any

import psycopg
from psycopg.rows import dict_row

from pos_app.domain.customer import Customer
from pos_app.domain.facts import customer_saved, product_saved
from pos_app.domain.stock import DEFAULT_LOCATION, MoveReason, StockMove
from pos_app.server.api_keys import Api, NewKey, Right, make_key
from pos_app.server.office_desk import OfficeDesk
from pos_app.server.series import give_number
from pos_app.server.stamps import utc_now
from pos_app.server.tables import metadata
from tests.benchmarks.figures import MS, Figure, Size, in_turns, median, p99
from tests.benchmarks.head_offices import NOTHING, HeadOffice, head_office
from tests.benchmarks.shops import kept_folder, product
from tests.benchmarks.writing_routes import plain
from tests.proofs.sync_machines import free_port, wait_until

COUNT = {Size.TINY: 3, Size.QUICK: 300, Size.FULL: 2_000}
CLIENTS = 4
NO_LIMIT = "1000000"
ROUTES = Path(__file__).with_name("writing_routes.py")
SHOP, USER, BUYER = "main", "admin", "customer-042"
JSON = {"Content-Type": "application/json"}
Ask = Callable[[int], tuple[str, str, dict[str, str], bytes]]


@dataclass(frozen=True, slots=True)
class Call:
    """One call of an API: `ask` is given a number and returns method, target, headers and body.

    `reads` is the statement by which the floor of a list reads; empty for what writes.
    """

    name: str
    what: str
    ask: Ask
    reads: str = ""
    one_in: int = 1  # it is asked so many times less than the others


def measure(size: Size) -> list[Figure]:
    limits = {"TOKEN_RATE": NO_LIMIT, "ADDRESS_RATE": NO_LIMIT, "DOOR_RATE": NO_LIMIT}
    with (
        tempfile.TemporaryDirectory(dir=kept_folder()) as folder,
        head_office(Path(folder), size, JUDGES="0", **limits) as head,
    ):
        if head is None:
            return NOTHING
        calls = _calls(head)
        with _floor(head, Path(folder), calls) as port:
            rounds = [max(COUNT[size] // call.one_in, 3) for call in calls]
            return [
                figure
                for call, most in zip(calls, rounds, strict=True)
                for figure in _figures(call, head, port, most)
            ]


def _figures(call: Call, head: HeadOffice, floor_port: int, rounds: int) -> Iterator[Figure]:
    """Ask in turns for the times, then all at once for how many there are in a second."""
    numbers = count(1_000)
    ours, floor = _client(head.process.port), _client(floor_port)

    def asked(_turn: int) -> Callable[[], object]:
        request = call.ask(next(numbers))
        return lambda: ours(request)

    def written(_turn: int) -> Callable[[], object]:
        method, _, headers, body = call.ask(next(numbers))
        target = f"/read/{call.name}" if call.reads else f"/write/{call.name}"
        return lambda: floor((method, target, headers, body))

    asked(0)()
    written(0)()
    times = in_turns({"ours": asked, "floor": written}, rounds)
    mine, least = times["ours"].clock, times["floor"].clock
    yield Figure(f"{call.what}: half of the requests within", median(mine), floor=median(least))
    yield Figure("… 99 in 100 within", p99(mine), floor=p99(least))
    each = _at_once(head.process.port, call, numbers, rounds, "")
    route = f"/{'read' if call.reads else 'write'}/{call.name}"
    least_each = _at_once(floor_port, call, numbers, rounds, route)
    yield Figure(
        f"… each, {CLIENTS} clients at once",
        each,
        floor=least_each,
        note=f"{1_000 / each:,.0f} requests/s; floor: {1_000 / least_each:,.0f}",
    )


def _at_once(port: int, call: Call, numbers: Iterator[int], rounds: int, route: str) -> float:
    """Return how long a request took of all that time, in ms, where several ask at once."""
    requests = [call.ask(next(numbers)) for _ in range(max(rounds // CLIENTS, 1) * CLIENTS)]
    if route:
        requests = [(method, route, headers, body) for method, _, headers, body in requests]
    failed: list[BaseException] = []

    def work(mine: list[Any]) -> None:
        send = _client(port)
        try:
            for request in mine:
                send(request)
        except BaseException as failure:  # noqa: BLE001 - told to whoever measures
            failed.append(failure)

    threads = [
        threading.Thread(target=work, args=(requests[at::CLIENTS],)) for at in range(CLIENTS)
    ]
    begun = perf_counter_ns()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    return (perf_counter_ns() - begun) / MS / len(requests)


def _client(port: int) -> Callable[[tuple[str, str, dict[str, str], bytes]], bytes]:
    line = HTTPConnection("127.0.0.1", port, timeout=120)

    def send(request: tuple[str, str, dict[str, str], bytes]) -> bytes:
        method, target, headers, body = request
        line.request(method, target, body or None, headers)
        answer = line.getresponse()
        said = answer.read()
        if answer.status not in {200, 201}:
            raise RuntimeError(f"{method} {target}: {answer.status} {said[:300]!r}")
        return said

    return send


def _calls(head: HeadOffice) -> list[Call]:
    """Fill the company, and return the calls that are measured."""
    keys = _fill(head)
    retail, sales = keys[Api.RETAIL], {"Authorization": f"Bearer {keys[Api.SALES]}", **JSON}
    xtrakit = {"Authorization": f"Bearer {keys[Api.XTRAKIT]}", **JSON}
    send = _client(head.process.port)
    login = json.dumps({"username": USER, "password": keys[Api.ERP]}).encode()
    token = json.loads(send(("POST", "/api/v1/auth/login", JSON, login)))["data"]["token"]
    erp = {"Authorization": f"Bearer {token}", **JSON}
    feed = f"/companies/{head.company_id}/connections/{_feed_id(head)}/data/sales"

    def retail_sale(number: int) -> tuple[str, str, dict[str, str], bytes]:
        body = {"userName": USER, "authKey": retail, "sale": _retail_sale(number)}
        return "POST", "/rest/inventory/sale/create", JSON, json.dumps(body).encode()

    def posting(target: str, headers: dict[str, str], body: Callable[[int], Any]) -> Ask:
        return lambda number: ("POST", target, headers, json.dumps(body(number)).encode())

    def getting(target: str, headers: dict[str, str]) -> Ask:
        return lambda _number: ("GET", target, headers, b"")

    key = {"Authorization": keys[Api.FEED]}
    mine = f"WHERE company_id = '{head.company_id}'"
    told = f"SELECT payload FROM journal {mine}"
    orders = f"SELECT state FROM things {mine} AND kind = 'order' ORDER BY id"
    search = f"/rest/inventory/sale/search/2020-01-01/2020-01-01/{USER}/{retail}"
    return [
        Call("retail", "Retail Sale API: create a sale of two lines", retail_sale),
        Call("sales", "Sales API: create an order of two lines",
             posting("/api/sales/orders", sales, _order)),
        Call("xtrakit", "Add Sale: add a paid sale",
             posting("/api/v1/sales/add", xtrakit, _added_sale)),
        Call("erp", "ERP: create an order of two lines",
             posting("/api/v1/sales/orders", erp, _erp_order)),
        Call("retail_search", "Retail Sale API: search a day without sales",
             getting(search, {}), f"{told} AND false"),
        Call("sales_list", "Sales API: a page of 20 orders",
             getting("/api/sales/orders?page=1&size=20", sales), f"{orders} LIMIT 20"),
        Call("erp_list", "ERP: a page of 10 orders",
             getting("/api/v1/sales/orders?page=1&pageSize=10", erp), f"{orders} LIMIT 10"),
        Call("feed", "Sales data feed: everything that was sold", getting(feed, key),
             f"{told} AND kind IN ('sale_completed', 'invoice_issued')", one_in=10),
    ]  # fmt: skip


def _fill(head: HeadOffice) -> dict[Api, str]:
    now = utc_now()
    with head.books.company(head.company_id) as connection:
        desk = OfficeDesk(connection, head.company_id, head.shop, "benchmark", now)
        for number in (1, 2):
            one = product(number)
            desk.tell(product_saved(one))
            give_number(connection, head.company_id, "product", number, one.id)
            plenty = StockMove(one.id, DEFAULT_LOCATION, Decimal(10_000_000), MoveReason.OPENING)
            desk.move_stock((plenty,))
        buyer = Customer(BUYER, "CUS042", "Peter Amos")
        desk.tell(customer_saved(buyer))
        give_number(connection, head.company_id, "customer", 42, BUYER)
        desk.close()
        made = {}
        for api in Api:
            new = NewKey(api, head.shop, "benchmark", frozenset(Right), USER)
            made[api] = make_key(connection, head.company_id, new, "benchmark", now).secret
        return made


def _feed_id(head: HeadOffice) -> str:
    with psycopg.connect(head.admin) as connection:
        row = connection.execute("SELECT id FROM api_keys WHERE api = 'feed'").fetchone()
    assert row is not None
    return str(row[0])


def _retail_sale(number: int) -> dict[str, Any]:
    def item(own: int) -> dict[str, Any]:
        tax = {"taxName": "GST", "taxPercentage": 10, "taxAmount": "3.00"}
        return {"itemId": own, "itemName": f"Article {own}", "quantity": 3, "unitPrice": "10.00",
                "subTotal": "30.00", "taxAmount": "3.00", "taxes": [tax]}  # fmt: skip

    return {"saleNumber": f"B-{number:06d}", "customerName": "Ali bin Ahmad",
            "saleDate": "2026-02-20T10:30:00.000+0530", "paymentMethod": "CASH",
            "totalAmount": "60.00", "discount": "0.00", "items": [item(1), item(2)]}  # fmt: skip


def _order(_number: int) -> dict[str, Any]:
    items = [{"product_id": product(own).id, "quantity": 3, "unit_price": 10.5} for own in (1, 2)]
    return {"customer_id": BUYER, "items": items}


def _added_sale(number: int) -> dict[str, Any]:
    return {"invoice_number": f"INV-{number:06d}", "customer_id": "42",
            "sub_total_amount": "100.00", "total_amount": "120.00", "amount_paid": "120.00",
            "discount": "0.00", "invoice_type": "pos", "payment_type": "Cash",
            "payment_date": "2026-02-20", "due_date": "2026-03-20"}  # fmt: skip


def _erp_order(_number: int) -> dict[str, Any]:
    items = [{"productId": product(own).id, "quantity": 3, "unitPrice": 10.5} for own in (1, 2)]
    return {"customerId": BUYER, "orderDate": "2026-02-20", "deliveryDate": "2026-02-27",
            "remarks": "", "items": items}  # fmt: skip


@contextmanager
def _floor(head: HeadOffice, folder: Path, calls: list[Call]) -> Iterator[int]:
    """Serve routes that write the rows that one request of each call writes."""
    send, told = _client(head.process.port), {"write": {}, "read": {}}  # type: ignore[var-annotated]
    for call in calls:
        if call.reads:
            told["read"][call.name] = call.reads
            continue
        send(call.ask(1))
        before = _tables(head)
        send(call.ask(2))
        told["write"][call.name] = [
            (name, fresh)
            for name, rows in _tables(head).items()
            if (fresh := [plain(row) for row in rows if row not in before[name]])
        ]
    file, port = folder / "rows.json", free_port()
    file.write_text(json.dumps(told), "utf-8")
    process = subprocess.Popen([sys.executable, str(ROUTES), head.admin, str(file), str(port)])
    try:
        wait_until(lambda: _answers(port), "the floor starts")
        yield port
    finally:
        process.terminate()
        process.wait()


def _tables(head: HeadOffice) -> dict[str, list[dict[str, Any]]]:
    """Return every row of the company's tables."""
    found = {}
    with psycopg.connect(head.admin, row_factory=dict_row) as connection:
        for table in metadata.sorted_tables:
            if "company_id" in table.columns and table.name != "doors":
                query = f'SELECT * FROM "{table.name}" WHERE company_id = %s'
                found[table.name] = connection.execute(query, (head.company_id,)).fetchall()
    return found


def _answers(port: int) -> bool:
    line = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        line.request("GET", "/openapi.json")
        return line.getresponse().status == 200
    except OSError:
        return False
    finally:
        line.close()
