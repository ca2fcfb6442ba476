"""A retailer's own history told to head office through each sales API that can carry it.

python tests/flows/real_foreign.py --api retail                     the sample beside the tests
python tests/flows/real_foreign.py --api erp --file …/half-year.csv.gz --documents 500

Every document is sold at a till first. What an API cannot carry is counted by its reason; of all
that it carries, head office must hold the same sums, to the penny. Exit status 1: it does not.
"""

import argparse
import csv
import gzip
import json
import logging
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[2])

from pos_app.domain.cart import SaleKind
from pos_app.domain.customer import Customer
from pos_app.domain.facts import customer_saved, product_saved
from pos_app.domain.product import Product
from pos_app.domain.sale import Sale
from pos_app.domain.stock import DEFAULT_LOCATION, MoveReason, StockMove
from pos_app.server.api_keys import Api, NewKey, Right, make_key
from pos_app.server.app import make_app
from pos_app.server.database import open_office
from pos_app.server.office_desk import OfficeDesk
from pos_app.server.series import give_number
from pos_app.services.checkout import Checkout
from pos_app.services.returning import Returning
from pos_app.services.sales_import import history_shop, import_sales
from pos_app.store.store import Store, create_store
from pos_app.sync.connections import FROM_BEGINNING, Connection, Entered, add_connection
from pos_app.sync.foreign import ForeignEngine
from pos_app.sync.foreign_settling import set_product_ids
from pos_app.sync.transport import Answer, Request
from tests.proofs.foreign_world.asgi import AsgiLine
from tests.proofs.foreign_world.books import facts, last_of
from tests.proofs.foreign_world.remotes import UNLIMITED, OfficeShelf
from tests.server.offices import FOUNDING, SHOP, set_up

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "tests" / "data" / "online-retail-sample.csv"
HALF_YEAR = ROOT.parent / "shared" / "data" / "online-retail-2010-12--2011-05.csv.gz"
NOW = datetime(2026, 6, 1, 8, tzinfo=UTC)
USER, URL, WALK_IN = "admin", "http://127.0.0.1:8700", 42
CARRYING = ("retail", "sales", "erp", "xtrakit")
OPTIONS = {
    "retail": {"returns": "negative", "product_ids": "mapping"},
    "sales": {"product_ids": "mapping"},
    "erp": {"product_ids": "mapping"},
    "xtrakit": {"walk_in": str(WALK_IN)},
}


@dataclass(slots=True)
class Told:
    """What came of it: sums in minor units by name, ours and theirs; what was not carried."""

    documents: int = 0
    lines: int = 0
    requests: int = 0
    seconds: float = 0.0
    ours: dict[str, int] = field(default_factory=dict)
    theirs: dict[str, int] = field(default_factory=dict)
    left: Counter[str] = field(default_factory=Counter)


def told_history(folder: Path, api: str, file: Path, most: int = 0) -> Told:
    """Ring up a history, tell head office all of it, and add up both ends."""
    with (
        _store(folder, _first(file, folder, most), most) as store,
        _office(folder, store) as office,
    ):
        connection = _connect(store, office, api)
        wire = _Wire(office.line)
        told = Told()
        begun = time.monotonic()
        engine = ForeignEngine(store, connection.id, wire, lambda: NOW, random.Random(1))
        while not engine.step().is_idle:
            pass
        told.seconds, told.requests = time.monotonic() - begun, wire.count
        _count(told, store, office, connection)
        return told


@dataclass(slots=True)
class _Wire:
    line: AsgiLine
    count: int = 0

    def send(self, request: Request, timeout_s: float) -> Answer:
        """Send a request to the head office in this process."""
        self.count += 1
        return Answer(
            *self.line.handle(request.method, request.target, request.headers, request.body)
        )


def _first(file: Path, folder: Path, most: int) -> Path:
    """Return a file with at least the first documents, some more than are wanted."""
    if not most:
        return file
    part = folder / "part.csv"
    opened = gzip.open if file.suffix == ".gz" else open
    with opened(file, "rt", encoding="utf-8-sig", newline="") as whole, part.open("w") as kept:
        rows, seen = csv.reader(whole), set[str]()
        writer = csv.writer(kept)
        writer.writerow(next(rows))
        for row in rows:
            seen.add(row[0])
            if len(seen) > most:
                break
            writer.writerow(row)
    return part


@contextmanager
def _store(folder: Path, file: Path, most: int) -> Iterator[Store]:
    """Ring the history up; then every twentieth sale is undone, where nothing came back of it."""
    store = create_store(folder / "shop.db", history_shop(), now=NOW)
    import_sales(store, file, lambda: NOW)
    returning = Returning(Checkout(store, lambda: NOW))
    sales = [sale for _, sale in store.sales.stream()]
    returned = {
        line.returns.sale_id for sale in sales for line in sale.lines if line.returns is not None
    }
    undone = [one for one in sales if one.kind is SaleKind.SALE and one.id not in returned]
    for sale in undone[::20]:
        returning.void(sale.id, "Wrong customer")
    yield store
    store.close()


@contextmanager
def _office(folder: Path, store: Store) -> Iterator[OfficeShelf]:
    """Found a company in pounds that knows what the retailer sells."""
    url = f"sqlite:///{folder / 'office.db'}"
    founding = replace(FOUNDING, currency="GBP", time_zone="Europe/London")
    company_id = set_up(url, founding, NOW).company_id
    office = open_office(url)
    keys = {}
    with office.company(company_id) as connection:
        desk = OfficeDesk(connection, company_id, SHOP, "test", NOW)
        products = list(store.products.every())
        for number, product in enumerate(products, 1):
            desk.tell(product_saved(product))
            give_number(connection, company_id, "product", number, product.id)
        desk.move_stock(tuple(map(_plenty, products)))
        buyer = Customer("customer-042", "CUS042", "Whoever comes")
        desk.tell(customer_saved(buyer))
        give_number(connection, company_id, "customer", WALK_IN, buyer.id)
        desk.close()
        for api in Api:
            new = NewKey(api, SHOP, "till", frozenset(Right), USER)
            keys[api.value] = make_key(connection, company_id, new, "test", NOW).secret
    app = make_app(office, UNLIMITED, now=lambda: NOW)
    made = OfficeShelf(folder, office, app, AsgiLine(app), company_id, keys, NOW)
    yield made
    made.line.close()
    office.close()


def _plenty(product: Product) -> StockMove:
    from decimal import Decimal

    return StockMove(product.id, DEFAULT_LOCATION, Decimal(10_000_000), MoveReason.OPENING)


def _connect(store: Store, office: OfficeShelf, api: str) -> Connection:
    entered = Entered(api, "Head office", URL, office.keys[api], USER, options=OPTIONS[api])
    made = add_connection(store, entered, NOW, FROM_BEGINNING)
    products = enumerate(store.products.every(), 1)
    ids = {one.id: str(number) if api == "retail" else one.id for number, one in products}
    if api != "xtrakit":
        set_product_ids(store, made.id, ids)
    return made


def _count(told: Told, store: Store, office: OfficeShelf, connection: Connection) -> None:
    sales = [sale for _, sale in store.sales.stream()]
    told.documents, told.lines = len(sales), sum(len(one.lines) for one in sales)
    held = store.foreign.held(connection.remote)
    numbers = {one.number for one in held}
    told.left = Counter(f"{one.kind} {one.state}: {_reason(one.reason)}" for one in held)
    carried, left_out = _carried(connection.api, sales)
    told.left.update(left_out)
    told.ours = _our_sums(connection.api, [one for one in carried if one.number not in numbers])
    told.theirs = _their_sums(connection.api, office)


def _reason(text: str) -> str:
    """Return a reason without the numbers in it, so that like ones are counted together."""
    return "".join("#" if sign.isdigit() else sign for sign in text)[:110]


def _carried(api: str, sales: list[Sale]) -> tuple[list[Sale], Counter[str]]:
    """Return the documents that an API carries by itself, and what it leaves out by kind."""
    if api in {"retail", "erp"}:
        return sales, Counter()
    kinds = {SaleKind.SALE} if api == "sales" else set(SaleKind) - {SaleKind.VOID}
    kept = [one for one in sales if one.kind in kinds and not _has_less_than_nothing(one)]
    known = {one.id for one in kept}
    return kept, Counter(f"{one.kind.value} not carried" for one in sales if one.id not in known)


def _has_less_than_nothing(sale: Sale) -> bool:
    return any(line.quantity < 0 or line.figures.gross.minor < 0 for line in sale.lines)


def _our_sums(api: str, sales: list[Sale]) -> dict[str, int]:
    """Return the sums of what the till sold; what was undone counts against it."""
    if api == "sales":
        return {"orders": len(sales), "gross": sum(one.gross.minor for one in sales)}
    if api == "xtrakit":
        return {"invoices": len(sales), "total": sum(one.amount_due.minor for one in sales)}
    if api == "erp":
        lines = [line for sale in sales for line in sale.lines]
        return {
            "invoiced": sum(line.figures.gross.minor for line in lines if line.quantity > 0),
            "returned": -sum(line.figures.gross.minor for line in lines if line.quantity < 0),
        }
    return {
        "sales": sum(not one.voids for one in sales),
        "voids": sum(bool(one.voids) for one in sales),
        **{
            name: sum(getattr(one, name).minor for one in sales) for name in ("net", "tax", "gross")
        },
    }


def _their_sums(api: str, office: OfficeShelf) -> dict[str, int]:
    if api == "retail":
        told = [one for kind, one in facts(office) if kind == "sale_completed"]
        return {
            "sales": sum(not one.get("voids") for one in told),
            "voids": sum(bool(one.get("voids")) for one in told),
            **{name: sum(one[name] for one in told) for name in ("net", "tax", "gross")},
        }
    invoices = last_of(office, "invoice").values()
    gross = sum(one["gross"]["minor"] for one in invoices)
    if api == "xtrakit":
        return {"invoices": len(invoices), "total": gross}
    if api == "sales":
        return {"orders": len(invoices), "gross": gross}
    returns = last_of(office, "sales_return").values()
    return {"invoiced": gross, "returned": sum(one["total"]["minor"] for one in returns)}


def said(told: Told) -> str:
    """Return what came of it in a few lines."""
    lines = [
        (
            f"{told.documents} documents of {told.lines} lines, {told.requests} requests in "
            f"{told.seconds:.0f} s"
        ),
        f"  here:  {json.dumps(told.ours)}",
        f"  there: {json.dumps(told.theirs)}",
        *(f"  {count} × {reason}" for reason, count in told.left.most_common()),
    ]
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--api", choices=CARRYING, action="append")
    parser.add_argument("--file", type=Path, default=SAMPLE)
    parser.add_argument("--documents", type=int, default=0, help="the first ones of the file")
    arguments: Any = parser.parse_args()
    logging.disable(logging.CRITICAL)
    is_wrong = False
    for api in arguments.api or CARRYING:
        with tempfile.TemporaryDirectory() as folder:
            told = told_history(Path(folder), api, arguments.file, arguments.documents)
        print(f"{api}: {said(told)}", flush=True)
        is_wrong |= told.ours != told.theirs
    return 1 if is_wrong else 0


if __name__ == "__main__":
    sys.exit(main())
