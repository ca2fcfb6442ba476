"""Search as you type and filtered lists over a hundred thousand customers."""

import random
from collections.abc import Callable, Iterator
from time import perf_counter_ns, thread_time_ns

from pos_app.domain.customer import Customer
from pos_app.domain.shop import ShopSettings
from pos_app.store.customer_lists import EVERYBODY, CustomerFilter
from pos_app.store.store import Store, create_store, open_store
from tests.benchmarks.figures import MS, Figure, Size, median, p99
from tests.benchmarks.shops import KINDS, MAKERS, SORTS, kept_folder, now, schema_mark

CUSTOMERS = {Size.TINY: 300, Size.QUICK: 100_000, Size.FULL: 100_000}
TEXTS = {Size.TINY: 5, Size.QUICK: 400, Size.FULL: 2_000}
FORMS = ("Hotel", "Café", "School", "Works", "Club", "Garage", "Bakery", "Practice", "Farm", "Inn")
TOWNS = ("Galway", "Limerick", "Cork", "Sligo", "Athlone", "Tralee", "Ennis", "Naas", "Köln")
CATEGORIES = ("Trade", "Private", "Public", "Export", "Press")
REGIONS = ("West", "South", "East", "North", "Abroad")
ROWS = 200


def customer(number: int) -> Customer:
    pick = random.Random(number)
    maker, sort, kind = pick.choice(MAKERS), pick.choice(SORTS), pick.choice(KINDS)
    name = f"{maker} {sort.capitalize()} {pick.choice(FORMS)} {number % 977}"
    return Customer(
        id=f"01900000-0000-7000-a000-{number:012d}",
        number=f"{100_000 + number}",
        name=name,
        phone=f"+353 {pick.randrange(10, 99)} {pick.randrange(10**6, 10**7)}",
        email=f"{kind}.{number}@{maker.lower()}.example",
        tax_number=f"IE{number:07d}X",
        city=pick.choice(TOWNS),
        postcode=f"H{pick.randrange(10, 99)} {pick.randrange(1000, 9999)}",
        contact=f"{pick.choice(MAKERS)} {kind.capitalize()}",
        category=pick.choices(CATEGORIES, (60, 25, 10, 4.9, 0.1))[0],
        region=pick.choice(REGIONS),
        is_active=pick.random() > 0.03,
    )


def measure(size: Size) -> list[Figure]:
    with _shop(CUSTOMERS[size]) as store:
        return list(_figures(store, CUSTOMERS[size], TEXTS[size]))


def _figures(store: Store, count: int, texts: int) -> Iterator[Figure]:
    typed = [text[: place + 1] for text in _texts(count, texts) for place in range(len(text))]
    search = f"search as you type ({count:,} customers)"
    yield from _timed(search, [lambda text=text: store.customers.search(text) for text in typed])
    for what, chosen in (
        ("everybody", EVERYBODY),
        ("the active ones", CustomerFilter(is_active=True)),
        ("a category and a region", CustomerFilter(category="Trade", region="West")),
        ("a rare category", CustomerFilter(category="Press")),
    ):
        listed = store.customers.listed(chosen)
        yield from _timed(
            f"… the best {ROWS} among {what}",
            [lambda text=text, listed=listed: listed.search(text, ROWS) for text in typed],
        )
    filters = list(_filters(count, texts))
    yield from _timed(
        "another filter to its first page",
        [lambda one=one: store.customers.listed(one).page(0, 100) for one in filters],
        bar=100.0,
    )
    pick = random.Random(5)
    everybody = store.customers.listed()
    yield from _timed(
        "a page anywhere in the list",
        [
            lambda at=at: everybody.page(at, 100)
            for at in (pick.randrange(count) for _ in range(texts))
        ],
    )


def _timed(what: str, calls: list[Callable[[], object]], bar: float = 16.0) -> Iterator[Figure]:
    took, busy = [], []
    for call in calls:
        begun, worked = perf_counter_ns(), thread_time_ns()
        call()
        busy.append((thread_time_ns() - worked) / MS)
        took.append((perf_counter_ns() - begun) / MS)
    yield Figure(f"{what}, median", median(took))
    note = f"{len(calls):,} calls, processor {p99(busy):.1f} ms"
    yield Figure(f"{what}, p99", p99(took), bar=bar, note=note)


def _texts(count: int, wanted: int) -> Iterator[str]:
    pick = random.Random(3)
    for _ in range(wanted):
        one = customer(pick.randrange(count))
        yield pick.choice(
            (one.name, one.number, one.email, one.tax_number, one.contact.lower(), one.city,
             one.phone[-7:], one.name[3:9], f"{one.city[:3]} {one.name[:4]}", "e", "qzx")
        )  # fmt: skip


def _filters(count: int, wanted: int) -> Iterator[CustomerFilter]:
    pick = random.Random(4)
    for _ in range(wanted):
        one = customer(pick.randrange(count))
        yield pick.choice(
            (
                CustomerFilter(is_active=False),
                CustomerFilter(is_active=True, category=one.category),
                CustomerFilter(category="Press"),
                CustomerFilter(category=one.category, region=one.region),
                CustomerFilter(number=one.number[-4:]),
                CustomerFilter(contact=one.contact[:5]),
                CustomerFilter(phone=one.phone[-6:]),
            )
        )


def _shop(count: int) -> Store:
    path = kept_folder() / f"customers-{count}-{schema_mark()}.db"
    if path.exists():
        return open_store(path)
    store = create_store(path, ShopSettings(name="Benchmark"), now=now())
    for start in range(0, count, 5_000):
        with store.transaction() as tx:
            for number in range(start, min(start + 5_000, count)):
                tx.customers.save(customer(number))
    return store
