"""The shops that the benchmarks sell in: made once, kept beside other temporary files.

A kept shop is named after its schema, so a program with another one makes a new shop.
"""

import hashlib
import os
import random
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

os.environ.setdefault("POS_APP_KEYS", "file")

from pos_app.domain.gtin import with_check_digit
from pos_app.domain.payment import TenderMethod, TenderRequest
from pos_app.domain.product import Category, Product
from pos_app.domain.shop import ShopSettings
from pos_app.domain.tax import Tax
from pos_app.services.checkout import Checkout
from pos_app.store.connection import Database, connect, sync_file
from pos_app.store.schema import declared_statements
from pos_app.store.store import create_store, open_store

MAKERS = (
    "Alder Bramble Cedar Dunmore Elmfield Fairway Glenside Harbour Ivybank Juniper Kingsway Larch "
    "Meadow Northgate Orchard Pinewood Quayside Riverside Sandhill Thornbury Upland Valley Willow "
    "Yarrow Zéphyr Bäckerhof Señora Løvberg Châtel Österland"
).split()
KINDS = (
    "bread milk butter cheese yoghurt coffee tea sugar flour rice pasta sauce honey jam biscuits "
    "chocolate crisps nuts soup beans peas carrots apples pears grapes juice water lemonade beer "
    "wine soap shampoo toothpaste towels candles batteries bulbs notebook pencils envelopes string "
    "teapot mug plate bowl spoon kettle umbrella lantern ribbon"
).split()
SORTS = (
    "fresh dried organic smoked roasted salted sweet whole light dark red green blue white golden "
    "large small family mini classic vintage handmade rustic premium everyday"
).split()
SIZES = ("50 g", "100 g", "250 g", "500 g", "1 kg", "330 ml", "750 ml", "1 l", "pack of 6", "x12")
RATES = (Tax(Decimal(20), code="A", name="VAT"), Tax(Decimal(5), code="B", name="VAT reduced"))
CATEGORIES = tuple(
    Category(f"01900000-0000-7000-9000-{n:012d}", name, colour, n)
    for n, (name, colour) in enumerate(
        (("Bakery", "#B3541E"), ("Dairy", "#3B6FB6"), ("Pantry", "#5E7D2E"), ("House", "#6B4E9B")),
        1,
    )
)
PAST_SALES_LINES = 5
_REAL_SALES = 1_000
_COPY_CHUNK = 50_000


def now() -> datetime:
    return datetime.now(UTC)


def product_id(number: int) -> str:
    return f"01900000-0000-7000-8000-{number:012d}"


def barcode(number: int) -> str:
    return with_check_digit(f"50{number:010d}")


def product(number: int) -> Product:
    """Product `number` of every shop here; names repeat their words as a real catalogue's do."""
    pick = random.Random(number)
    words = (pick.choice(MAKERS), pick.choice(SORTS), pick.choice(KINDS), pick.choice(SIZES))
    return Product(
        product_id(number),
        f"P{number:07d}",
        " ".join(words),
        Decimal(pick.randrange(40, 4000)) / 100,
        category_id=CATEGORIES[number % len(CATEGORIES)].id,
        taxes=(RATES[number % 10 == 0],),
        barcodes=(barcode(number),),
        tile_position=number if number < 40 else None,
    )


def kept_folder() -> Path:
    """Where shops are kept between runs: BENCH_FOLDER, or one beside other temporary files."""
    named = os.environ.get("BENCH_FOLDER")
    folder = Path(named) if named else Path(tempfile.gettempdir()) / "pos-app-benchmarks"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def shop_with_products(count: int) -> Path:
    """Return a shop with so many products, made on the spot where there is none yet."""
    return _kept(f"products-{count}", lambda path: _make_catalogue(path, count))


def shop_with_sales(count: int, products: int) -> Path:
    """Return a shop with so many past five-line sales of `products` products."""
    return _kept(f"sales-{count}", lambda path: _make_history(path, count, products))


def shop_with_days(count: int, products: int, tickets: int) -> Path:
    """Return a shop with so many past sales, `tickets` on each business day up to this one."""
    name = f"days-{count}-{tickets}"
    return _kept(name, lambda path: _make_history(path, count, products, tickets))


def shop_with_backlog(count: int, products: int, till: str = "1") -> Path:
    """Return a till with so many sales that the checkout made each, so that its chain is whole."""
    return _kept(f"backlog-{count}-{till}", lambda path: _make_backlog(path, count, products, till))


def is_kept_with_sales(count: int) -> bool:
    """Whether such a shop was made before."""
    return _place(f"sales-{count}").exists()


def schema_mark() -> str:
    """A few letters that are others when the tables, indexes or this file's products are others."""
    text = "\n".join(declared_statements()) + repr([product(n) for n in range(3)])
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def copy_of(shop: Path, folder: Path, name: str = "shop.db") -> Path:
    """Copy a shop with its key, to sell in without wearing the kept one out."""
    target = folder / name
    for suffix in ("", ".key", ".seen"):
        if (part := shop.with_name(shop.name + suffix)).exists():
            shutil.copyfile(part, target.with_name(name + suffix))
    target.with_name(name + ".key").chmod(0o600)
    sync_file(target)  # else the first checkpoint waits until the whole copy is on the disk
    return target


def _place(name: str) -> Path:
    return kept_folder() / f"{name}-{schema_mark()}.db"


def _kept(name: str, make) -> Path:  # type: ignore[no-untyped-def]
    path = _place(name)
    if not path.exists():
        making = path.with_name("making-" + path.name)
        for suffix in ("", "-wal", "-shm", ".key", ".lock", ".seen"):
            making.with_name(making.name + suffix).unlink(missing_ok=True)
        make(making)
        for suffix in (".key", ".seen", ""):
            made = making.with_name(making.name + suffix)
            if made.exists():
                made.replace(path.with_name(path.name + suffix))
        making.with_name(making.name + ".lock").unlink(missing_ok=True)
    return path


def _products(count: int) -> Iterator[Product]:
    return (product(number) for number in range(count))


def _make_catalogue(path: Path, count: int, till: str = "1") -> None:
    with create_store(path, ShopSettings(name="Benchmark"), till=till, now=now()) as store:
        with store.transaction() as tx:
            for category in CATEGORIES:
                tx.products.save_category(category)
            for rate in RATES:
                tx.products.save_tax(rate)
        with store.transaction() as tx:
            tx.products.save_many(_products(count))
    _settle(path)


def _make_history(path: Path, count: int, products: int, tickets: int = 0) -> None:
    """A thousand sales through the checkout, then copies of their rows by plain SQL."""
    _make_catalogue(path, products)
    _sell(path, min(count, _REAL_SALES), products)
    if count > _REAL_SALES:
        _copy_sales(path, count, _on_days(count, tickets) if tickets else {})
    _settle(path)


def _on_days(count: int, tickets: int) -> dict[str, str]:
    """When a copy was sold: `tickets` a day from eight to eight (UTC), the last ones today.

    The sales that are copied count to this day, too.
    """
    today = f"{now():%Y-%m-%d}"
    place = f"({count} - o.row - k + {_REAL_SALES})"
    day = f"date('{today}', -({place} / {tickets}) || ' days')"
    second = f"({tickets - 1} - {place} % {tickets}) * 43200 / {tickets}"
    at = f"strftime('%Y-%m-%dT%H:%M:%S+00:00', {day}, '+8 hours', ({second}) || ' seconds')"
    return {"business_day": day, "at": at}


def _make_backlog(path: Path, count: int, products: int, till: str) -> None:
    _make_catalogue(path, products, till)
    _sell(path, count, products)
    _settle(path)


def _sell(path: Path, count: int, products: int) -> None:
    with open_store(path) as store:
        checkout = Checkout(store, now)
        for start in range(0, count, 250):
            with store.transaction() as tx:
                for turn in range(start, min(start + 250, count)):
                    cart = checkout.new_cart()
                    for line in range(PAST_SALES_LINES):
                        number = (turn * PAST_SALES_LINES + line) * 7919 % products
                        cart = checkout.add(cart, product_id(number))
                    checkout.complete_in(tx, cart, [TenderRequest(TenderMethod.CASH)])


def _copy_sales(path: Path, count: int, moments: dict[str, str]) -> None:
    """Repeat the thousand sales; ids and numbers stay in time order, as they are in a shop."""
    database = connect(path)
    columns = {
        name: [row[1] for row in database.rows(f"PRAGMA table_info({name})")]
        for name in ("sales", "sale_lines", "sale_taxes", "tenders", "journal", "stock_moves")
    }
    head = int(database.value("SELECT max(seq) FROM journal"))
    first = head - _REAL_SALES
    for start in range(_REAL_SALES, count, _COPY_CHUNK):
        copies = min(_COPY_CHUNK, count - start) // _REAL_SALES
        database.run("BEGIN IMMEDIATE")
        database.run("CREATE TEMP TABLE steps AS WITH RECURSIVE n(k) AS "
                     f"(SELECT {start} UNION ALL SELECT k + {_REAL_SALES} FROM n "
                     f"LIMIT {copies}) SELECT k FROM n")  # fmt: skip
        at = "(o.{0} + k)"
        new_id = f"printf('01930000-%04x-7%03x-8000-%012x', {at} >> 12, {at} & 4095, {at})"
        changed = {
            "sales": {"row": "o.row + k", "id": new_id.format("row"),
                      "number": "printf('1-%06d', o.row + k)", **moments},
            "sale_lines": {"sale": "o.sale + k"},
            "sale_taxes": {"sale": "o.sale + k"},
            "tenders": {"sale": "o.sale + k"},
            "journal": {"seq": "o.seq + k", "id": new_id.format("seq")},
            "stock_moves": {"row": f"o.row + k * {PAST_SALES_LINES}"},
        }  # fmt: skip
        keys = {"journal": f"o.seq BETWEEN {first + 1} AND {head}",
                "stock_moves": f"o.row <= {_REAL_SALES * PAST_SALES_LINES}",
                "sales": f"o.row <= {_REAL_SALES}"}  # fmt: skip
        for name, names in columns.items():
            values = ", ".join(changed[name].get(column, f"o.{column}") for column in names)
            where = keys.get(name, f"o.sale <= {_REAL_SALES}")
            database.run(
                f"INSERT INTO {name} SELECT {values} FROM steps CROSS JOIN {name} o WHERE {where}"
            )
        database.run("DROP TABLE steps")
        database.run("UPDATE sequences SET last = ? WHERE series = 'sale'",
                     (start + copies * _REAL_SALES,))  # fmt: skip
        database.run("COMMIT")
    _close(database)


def _settle(path: Path) -> None:
    _close(connect(path))


def _close(database: Database) -> None:
    database.run("PRAGMA wal_checkpoint(TRUNCATE)")
    database.run("PRAGMA optimize")
    database.close()
