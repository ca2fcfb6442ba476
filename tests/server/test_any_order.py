"""In whatever order two tills are heard, head office comes to the same."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select

from pos_app.domain.customer import Customer
from pos_app.domain.facts import FactKind
from pos_app.domain.payloads import customer_payload
from pos_app.server.database import Office, open_office
from pos_app.server.ingest import ingest
from pos_app.server.judging import judge_some
from pos_app.server.tables import sales, stock_levels, things
from pos_app.server.things import save_thing
from tests.server.offices import NOW, Template
from tests.server.paper_tills import PaperTill, new_company
from tests.server.told_tills import judge_all, record, sale_payload, saved, waiting
from tests.store.shops import product, product_id

ANN = Customer("c1", "1001", "Ann")
WHATS = ("sale", "move", "product", "shared", "customer", "card", "category")
Told = tuple[str, int]
TOLD = st.lists(st.tuples(st.sampled_from(WHATS), st.integers(1, 4)), max_size=8)
# Which till is heard next, how many of its entries, and how many are judged then.
HEARD = st.lists(st.tuples(st.integers(0, 1), st.integers(1, 4), st.integers(0, 3)), max_size=12)


@pytest.fixture(scope="module")
def quick_office(
    sqlite_template: Template, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    """Head office on a file that no power cut is tried on."""
    path = tmp_path_factory.mktemp("quick") / "head_office.db"
    shutil.copyfile(sqlite_template.place, path)
    office = open_office(f"sqlite:///{path}")
    event.listen(office.engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous = OFF"))
    yield office
    office.close()


@dataclass
class Hearing:
    """A head office that hears two tills in some order."""

    office: Office
    company_id: str
    tills: list[PaperTill]
    heard: list[int]

    @classmethod
    def of(cls, office: Office, told: tuple[list[Told], list[Told]]) -> "Hearing":
        company_id = new_company(office)
        with office.company(company_id) as connection:
            for kind, state in (("product", saved(product(9))), ("customer", of_customer(ANN))):
                save_thing(connection, company_id, kind, state["id"], state, "Eve", NOW)
        tills = [PaperTill(number=str(number)).enrol(office, company_id) for number in (1, 2)]
        for till, facts in zip(tills, told, strict=True):
            tell(till, facts)
        return cls(office, company_id, tills, [0, 0])

    def hear(self, which: int, count: int) -> None:
        till, first = self.tills[which], self.heard[which]
        entries = till.journal[first : first + count]
        if entries:
            with self.office.company(self.company_id) as connection:
                sent = till.batch(first + 1, first + len(entries))
                ingest(connection, self.company_id, till.identity(), sent, NOW)
            self.heard[which] += len(entries)

    def outcome(self) -> dict[str, Any]:
        numbers = {till.till_id: till.number for till in self.tills}
        with self.office.company(self.company_id) as connection:
            stock = connection.execute(
                select(stock_levels).where(stock_levels.c.company_id == self.company_id)
            )
            documents = connection.execute(
                select(sales.c.number, sales.c.amount_due, sales.c.till_id).where(
                    sales.c.company_id == self.company_id
                )
            )
            states = connection.execute(
                select(things).where(
                    things.c.company_id == self.company_id, things.c.is_pulled == 1
                )
            )
            return {
                "stock": sorted(
                    (row.product_id, numbers[row.till_id], row.level_micro) for row in stock
                ),
                "sales": sorted(
                    (row.number, row.amount_due, numbers[row.till_id]) for row in documents
                ),
                "things": {(row.kind, row.id): json.loads(row.state) for row in states},
                "lost": sorted(row.lost for row in states),
            }


def tell(till: PaperTill, facts: list[Told]) -> None:
    """Write a journal in which this till never changes a field that the other one does."""
    number = int(till.number)
    shared, ann, balance = product(9), ANN, 0
    for count, (what, some) in enumerate(facts, 1):
        if what == "sale":
            till.tell(FactKind.SALE_COMPLETED, sale_payload(till.number, count))
        elif what == "move":
            moves = [{"product": product_id(some), "location": "shop", "quantity": f"{some}.5"}]
            till.tell(FactKind.STOCK_MOVED, {"moves": moves})
        elif what == "product":
            made = product(10 * number + some, price=Decimal(count))
            till.tell(FactKind.PRODUCT_SAVED, saved(made))
        elif what == "shared":
            own = {"name": f"Name {some}"} if number == 1 else {"price": Decimal(some)}
            shared = replace(shared, **own)
            till.tell(FactKind.PRODUCT_SAVED, saved(shared, base=1))
        elif what == "customer":
            own = {"phone": str(some)} if number == 1 else {"city": f"City {some}"}
            ann = replace(ann, **own)
            till.tell(FactKind.CUSTOMER_SAVED, {**of_customer(ann), "base": 2})
        elif what == "card":
            balance += some * 100
            state = {"id": "gift_card:7", "kind": "gift_card", "number": "7", "balance": balance}
            told = record("stored_value", "gift_card:7", state, units=some * 100)
            till.tell(FactKind.STORED_VALUE_CHANGED, told)
        else:
            group = {"id": f"g{number}{some}", "name": f"Group {count}", "colour": ""}
            till.tell(FactKind.CATEGORY_SAVED, {**group, "position": 0})


def of_customer(customer: Customer) -> dict[str, Any]:
    return customer_payload(customer)


def check_any_order(
    office: Office, told: tuple[list[Told], list[Told]], heard: list[tuple[int, int, int]]
) -> None:
    """Hear two tills one after the other, and mixed; both must come to the same."""
    plain = Hearing.of(office, told)
    for which in (0, 1):
        plain.hear(which, 99)
    judge_all(office, plain.company_id)
    mixed = Hearing.of(office, told)
    for which, count, judged in heard:
        mixed.hear(which, count)
        if judged:
            judge_some(office, mixed.company_id, NOW, judged)
    for which in (1, 0):
        mixed.hear(which, 99)
    judge_all(office, mixed.company_id, limit=2)
    assert mixed.outcome() == plain.outcome()
    for hearing in (plain, mixed):
        assert waiting(office, hearing.company_id) == []
        assert not any(hearing.outcome()["lost"])


@settings(max_examples=8)
@given(told=st.tuples(TOLD, TOLD), heard=HEARD)
def test_the_order_in_which_two_tills_are_heard_does_not_matter(
    quick_office: Office, told: tuple[list[Told], list[Told]], heard: list[tuple[int, int, int]]
) -> None:
    check_any_order(quick_office, told, heard)


@pytest.mark.long
@settings(max_examples=500)
@given(told=st.tuples(TOLD, TOLD), heard=HEARD)
def test_no_order_of_hearing_two_tills_matters(
    quick_office: Office, told: tuple[list[Told], list[Told]], heard: list[tuple[int, int, int]]
) -> None:
    check_any_order(quick_office, told, heard)
