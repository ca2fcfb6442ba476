"""A head office with two shops that sold yesterday, today and a week ago, for looking at its pages.

Some names try to be scripts: on a page they must stay names.
"""

import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert

from pos_app.domain.facts import FactKind
from pos_app.domain.ids import uuid7
from pos_app.domain.payloads import tax_payload
from pos_app.domain.product import Category
from pos_app.server.accounts import NewAccount, add_account
from pos_app.server.api_keys import Api, NewKey, make_key
from pos_app.server.catalogue import save_thing
from pos_app.server.companies import Founding, Shop, add_shop, found_company
from pos_app.server.database import Office
from pos_app.server.roles import Role
from pos_app.server.stamps import new_id, stamp
from pos_app.server.tables import inbox, quarrels
from tests.server.offices import NOW, PASSWORD, SHOP, sign_in_fast
from tests.server.paper_tills import PaperTill
from tests.server.told_tills import judge_all, push, sale_payload, saved
from tests.store.shops import VAT, product

HOSTILE = '<script>document.title="taken"</script><img src=x onerror=document.title="taken">'
GOODS = (
    ("P1", "Oat milk 1 l", 219),
    ("P2", "Sourdough bread", 449),
    ("P3", "Espresso beans 500 g", 1290),
    ("P4", "Vollmilchschokolade mit ganzen Haselnüssen", 349),
    ("P5", "تمر مجهول فاخر", 899),
    ("P6", HOSTILE, 100),
)
EVENING = NOW.replace(hour=16, minute=20)
_EMAILS = {Role.OWNER: "owner@harbour.example", Role.MANAGER: "manager@harbour.example",
           Role.AUDITOR: "auditor@harbour.example"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stage:
    """What stands at head office: ids that pages' addresses name."""

    office: Office
    company_id: str
    people: dict[Role, str]
    till_id: str
    sale_id: str
    inbox_id: str
    key_id: str

    def email(self, role: Role) -> str:
        """The address under which somebody signs in, with `PASSWORD`."""
        return _EMAILS[role]


def set_stage(office: Office, days: int = 1, busy: int = 14) -> Stage:
    """Fill an empty head office; `busy` sales a till and day."""
    founding = Founding("Harbour Shops", _EMAILS[Role.OWNER], PASSWORD, person="Ada Owner",
                        shop_name="Harbour", time_zone="Europe/Berlin")  # fmt: skip
    founded = found_company(office, founding, NOW - timedelta(days=60))
    people = {Role.OWNER: founded.owner_id}
    with office.company(founded.company_id) as connection:
        add_shop(
            connection,
            founded.company_id,
            Shop("hill", f"Hill {HOSTILE}", "Europe/Berlin", stamp(NOW)),
        )
        for role in (Role.MANAGER, Role.AUDITOR):
            new = NewAccount(_EMAILS[role], f"The {role.value}", role, PASSWORD)
            people[role] = add_account(connection, founded.company_id, new, NOW).id
        sign_in_fast(connection, founded.company_id)
        for kind, thing_id, state in _catalogue():
            save_thing(connection, founded.company_id, kind, thing_id, state, "Ada Owner", NOW)
        key = make_key(
            connection, founded.company_id, NewKey(Api.SALES, SHOP, "Web shop"), "Ada Owner", NOW
        )
    tills = [_till(office, founded.company_id, shop, number)
             for shop, number in ((SHOP, "1"), (SHOP, "2"), ("hill", "1"))]  # fmt: skip
    count = 0
    sale_id = ""
    for back in (*range(days), *range(7, 7 + days)):
        for till in tills:
            for at, staff in _moments(back, till, busy):
                count += 1
                sale = one_sale(till, count, at, staff)
                till.tell(FactKind.SALE_COMPLETED, sale, at)
                sale_id = sale_id or str(sale["id"])
    for till in tills:
        push(office, till)
    judge_all(office, founded.company_id)
    with office.company(founded.company_id) as connection:
        waiting = _put_aside(connection, founded.company_id, tills[0])
    return Stage(office, founded.company_id, people, tills[0].till_id, sale_id, waiting, key.key.id)


def _catalogue() -> Iterator[tuple[str, str, dict[str, Any]]]:
    yield "unit", "pc", {"code": "pc", "name": "piece", "decimals": 0}
    yield "tax", "A", tax_payload(VAT)
    yield "category", "food", {"id": "food", "name": "Food"}
    yield "category", "sweets", {"id": "sweets", "name": HOSTILE}
    groups = [Category("food", "Food"), Category("sweets", HOSTILE)]
    for number, (_, name, _price) in enumerate(GOODS, 1):
        made = product(number, taxes=(VAT,), name=name, category_id=groups[number % 2].id)
        yield "product", made.id, saved(made)
    yield "settings", SHOP, {"name": "Harbour"}


def _till(office: Office, company_id: str, shop: str, number: str) -> PaperTill:
    till = PaperTill(number=number)
    till.tell(FactKind.STORE_OPENED, {"public_key": till.public_key}, NOW - timedelta(days=30))
    return till.enrol(office, company_id, shop)


def _moments(back: int, till: PaperTill, busy: int) -> Iterator[tuple[datetime, str]]:
    dice = random.Random(f"{back} {till.number} {busy}")
    opens = NOW.replace(hour=6) - timedelta(days=back)
    minutes = sorted(int(dice.triangular(0, 600, 200 if back else 260)) for _ in range(busy))
    for minute in minutes:
        yield opens + timedelta(minutes=minute), dice.choice(["Maya", "Otto", "سارة"])


def one_sale(till: PaperTill, count: int, at: datetime, staff: str) -> dict[str, Any]:
    """The payload of a sale as a till tells it; the same number makes the same sale."""
    dice = random.Random(count)
    template = sale_payload(till.number, count)
    pattern = next(line for line in template["lines"] if len(line["taxes"]) == 1)
    lines, stock = [], []
    for place in range(dice.randint(1, 4)):
        number = dice.randint(1, len(GOODS))
        code, name, price = GOODS[number - 1]
        off = price // 10 if dice.random() < 0.1 else 0
        gross = price - off
        net = round(gross * 100 / 120)
        made = product(number, taxes=(VAT,))
        tax = pattern["taxes"][0] | {"amount": gross - net, "base": net}
        lines.append(
            pattern
            | {
                "code": code,
                "name": name,
                "gross": gross,
                "net": net,
                "tax": gross - net,
                "discount": off,
                "line_no": place + 1,
                "product": made.id,
                "taxes": [tax],
                "cost": str(round(price / 220, 2)),
                "unit_price": f"{price / 100:.2f}",
                "list_price": f"{price / 100:.2f}",
            }
        )
        stock.append(template["stock"][0] | {"product": made.id})
    gross, net = sum(one["gross"] for one in lines), sum(one["net"] for one in lines)
    method = dice.choice(["cash", "card", "card"])
    tender = {"amount": gross, "change": 0, "method": method, "reference": "", "tendered": gross}
    tax = pattern["taxes"][0] | {"amount": gross - net, "base": net}
    return json.loads(json.dumps(template)) | {
        "id": uuid7(int(at.timestamp() * 1000), count),
        "at": at.isoformat(timespec="microseconds"),
        "business_day": at.date().isoformat(),
        "staff": staff,
        "lines": lines,
        "stock": stock,
        "gross": gross,
        "net": net,
        "tax": gross - net,
        "amount_due": gross,
        "paid": gross,
        "taxes": [tax],
        "tenders": [tender],
    }


def _put_aside(connection: Any, company_id: str, till: PaperTill) -> str:
    row = {
        "company_id": company_id,
        "id": new_id(NOW),
        "till_id": till.till_id,
        "epoch": 1,
        "branch": 0,
        "seq": 2,
        "kind": "product_saved",
        "at": stamp(NOW),
        "reason": f"The product {HOSTILE} has no unit yet.",
        "remedy": "retry",
        "state": "waiting",
        "made_at": stamp(NOW),
    }
    connection.execute(insert(inbox), row)
    lost = json.dumps([{"name": "name", "kept": "Oat milk", "lost": HOSTILE}])
    quarrel = {
        "company_id": company_id,
        "id": new_id(NOW),
        "kind": "product",
        "thing_id": "p1",
        "revision": 1,
        "lost": lost,
        "by": "till 1",
        "at": stamp(NOW),
        "state": "shown",
    }
    connection.execute(insert(quarrels), quarrel)
    return str(row["id"])


@contextmanager
def opened_stage(path: Any, **told: int) -> Iterator[Stage]:
    """Make a stage in a new SQLite file, for the screenshots."""
    from pos_app.server.database import open_engine, open_office
    from pos_app.server.schema import bring_up_to_date

    url = f"sqlite:///{path}"
    engine = open_engine(url)
    bring_up_to_date(engine)
    engine.dispose()
    office = open_office(url)
    try:
        yield set_stage(office, **told)
    finally:
        office.close()


def evening() -> datetime:
    """When pages are looked at: the shops are still open."""
    return EVENING.astimezone(UTC)
