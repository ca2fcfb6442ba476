"""Two companies in one head office, alike in everything but the mark that their texts hold.

Shops, products and tills of both have the same codes and numbers, so that a statement that forgets
whose rows it reads finds the other's.
"""

import itertools
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2
from sqlalchemy import insert, select

from pos_app.domain.facts import FactKind
from pos_app.domain.payloads import tax_payload
from pos_app.server.accounts import NewAccount, add_account
from pos_app.server.api_keys import Api, NewKey, make_key
from pos_app.server.catalogue import save_thing
from pos_app.server.companies import Founding, Shop, add_shop, found_company
from pos_app.server.database import Office
from pos_app.server.inbox import Place, put_waiting
from pos_app.server.office_log import write_log
from pos_app.server.roles import Role
from pos_app.server.settings import Rate, ServerSettings
from pos_app.server.stamps import new_id, stamp
from pos_app.server.tables import SHARED, metadata, quarrels, sales
from pos_app.server.till_identity import SyncRequest
from pos_app.server.till_list import revoke_till
from tests.server.offices import NOW, PASSWORD, SHOP, sign_in_fast
from tests.server.paper_tills import PaperTill
from tests.server.serving import Served, serve
from tests.server.told_tills import judge_all, push, sale_payload, saved
from tests.store.shops import VAT, product, product_id

OURS, THEIRS = "Heronmark", "Otterfield"
PRODUCT = product_id(1)
NO_LIMIT = Rate(1_000_000, 1_000_000)
UNLIMITED = ServerSettings(
    address=NO_LIMIT,
    token=NO_LIMIT,
    door=NO_LIMIT,
    name=NO_LIMIT,
    name_at_address=NO_LIMIT,
    judges=False,  # everything is judged before: nothing moves by itself
)
_numbers = itertools.count(1)


@dataclass
class Company:
    """One of the two: who works there, its till, a till shut out, and what others may not see."""

    office: Office
    mark: str
    id: str = ""
    people: dict[Role, str] = field(default_factory=dict)
    spare_person: str = ""
    till: PaperTill = field(default_factory=PaperTill)
    revoked: PaperTill = field(default_factory=PaperTill)
    spare_till: str = ""
    key: str = ""

    @property
    def shop(self) -> str:
        """The code of the shop that only this company has."""
        return f"only-{self.mark.lower()}"

    @property
    def unit(self) -> str:
        """The code of the unit that only this company has."""
        return f"u{self.mark.lower()}"

    def email(self, role: Role) -> str:
        """Who has a role."""
        return f"{role}@{self.mark.lower()}.example"

    def waiting(self) -> str:
        """Put a new entry into the inbox and return its id."""
        with self.office.company(self.id) as connection:
            return put_waiting(
                connection,
                self.id,
                Place(self.till.till_id, 1, 0, next(_numbers)),
                "odd",
                stamp(NOW),
                f"{self.mark} wonders.",
                NOW,
                remedy="drop",
            )

    def sale(self) -> str:
        """Return the id of a document of the company's."""
        with self.office.company(self.id) as connection:
            found = select(sales.c.id).where(sales.c.company_id == self.id).order_by(sales.c.id)
            return str(connection.execute(found.limit(1)).scalar_one())

    def secrets(self) -> set[str]:
        """Return every text that nobody of another company may be told."""
        tills = (self.till.till_id, self.revoked.till_id, self.spare_till)
        return {self.mark, self.mark.lower(), self.id, self.spare_person, *self.people.values()} | {
            *tills,
            self.key,
        }

    def rows(self) -> dict[str, list[Any]]:
        """Return all that head office keeps of the company."""
        found = {}
        with self.office.company(self.id) as connection:
            for table in metadata.sorted_tables:
                if table.name not in SHARED:
                    whose = select(table).where(table.c.company_id == self.id)
                    found[table.name] = sorted(map(repr, connection.execute(whose)))
        return found


@dataclass
class Both:
    """The two companies, served, and a client for each person."""

    served: Served
    ours: Company
    theirs: Company
    clients: dict[tuple[str, Role], httpx2.Client]
    anybody: httpx2.Client

    def send(self, request: SyncRequest) -> httpx2.Response:
        """Send what a till signed."""
        return self.anybody.request(
            request.method, request.target, content=request.body, headers=dict(request.headers)
        )


@contextmanager
def both_served(office: Office) -> Iterator[Both]:
    """Serve two companies over real HTTP."""
    ours, theirs = filled(office, OURS), filled(office, THEIRS)
    with serve(office, UNLIMITED, now=lambda: NOW) as served, ExitStack() as kept:
        clients = {
            (company.mark, role): kept.enter_context(
                served.client(served.sign_in(company.email(role)))
            )
            for company in (ours, theirs)
            for role in Role
        }
        yield Both(served, ours, theirs, clients, kept.enter_context(served.client()))


def filled(office: Office, mark: str) -> Company:
    """Make a company with a row in every table that routes read."""
    company = Company(office, mark)
    founding = Founding(
        f"{mark} Shops",
        company.email(Role.OWNER),
        PASSWORD,
        person=f"{mark} Owner",
        shop_name=f"{mark} main",
    )
    founded = found_company(office, founding, NOW)
    company.id, company.people[Role.OWNER] = founded.company_id, founded.owner_id
    with office.company(company.id) as connection:
        add_shop(connection, company.id, Shop(company.shop, f"{mark} side", "UTC", stamp(NOW)))
        for role in (Role.MANAGER, Role.AUDITOR):
            new = NewAccount(company.email(role), f"{mark} {role}", role, PASSWORD)
            company.people[role] = add_account(connection, company.id, new, NOW).id
        spare = NewAccount(f"spare@{mark.lower()}.example", f"{mark} spare", Role.OWNER, PASSWORD)
        company.spare_person = add_account(connection, company.id, spare, NOW).id
        sign_in_fast(connection, company.id)
        write_log(connection, company.id, f"{mark} Owner", "looked", mark, NOW)
        new_key = NewKey(Api.SALES, SHOP, f"{mark} key")
        company.key = make_key(connection, company.id, new_key, f"{mark} Owner", NOW).key.id
        for kind, thing_id, state in _catalogue(company):
            save_thing(connection, company.id, kind, thing_id, state, f"{mark} Owner", NOW)
        connection.execute(insert(quarrels), _quarrel(company))
    _fill_tills(company)
    company.waiting()
    return company


def _catalogue(company: Company) -> Iterator[tuple[str, str, dict[str, Any]]]:
    mark = company.mark
    yield "unit", "pc", {"code": "pc", "name": f"{mark} piece", "decimals": 0}
    yield "unit", company.unit, {"code": company.unit, "name": mark, "decimals": 0}
    yield "tax", "A", tax_payload(VAT) | {"name": f"{mark} tax"}
    yield "category", "c", {"id": "c", "name": f"{mark} group"}
    yield "product", PRODUCT, saved(product(1, taxes=(VAT,), name=f"{mark} apple"))
    yield "settings", SHOP, {"name": f"{mark} corner"}


def _quarrel(company: Company) -> dict[str, Any]:
    lost = f'[{{"name":"name","kept":"{company.mark} kept","lost":"{company.mark} lost"}}]'
    return {
        "company_id": company.id,
        "id": new_id(NOW),
        "kind": "product",
        "thing_id": PRODUCT,
        "revision": 1,
        "lost": lost,
        "by": f"{company.mark} till",
        "at": stamp(NOW),
        "state": "shown",
    }


def _fill_tills(company: Company) -> None:
    """Enrol a till that sells, one that is shut out, and one to be shut out by tests."""
    office = company.office
    number = next(_numbers)
    for till, name in ((company.till, "1"), (company.revoked, "2")):
        till.number = name
        till.tell(FactKind.STORE_OPENED, {"public_key": till.public_key})
        till.enrol(office, company.id)
        sale = sale_payload(name, number) | {"note": company.mark}
        till.tell(FactKind.SALE_COMPLETED, sale)
        push(office, till)
    spare = PaperTill(number="3")
    spare.tell(FactKind.STORE_OPENED, {"public_key": spare.public_key})
    company.spare_till = spare.enrol(office, company.id).till_id
    with office.company(company.id) as connection:
        revoke_till(connection, company.id, company.revoked.till_id)
    judge_all(office, company.id)
