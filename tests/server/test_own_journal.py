"""What head office does itself: told to its own journal, judged like a till's, and listed."""

import dataclasses
import json
from decimal import Decimal

import pytest
from sqlalchemy import text

from pos_app.domain.customer import Customer
from pos_app.domain.customer_rules import MailAddressWrong
from pos_app.domain.document import DocumentLine
from pos_app.domain.document_settings import Series
from pos_app.domain.facts import FactKind
from pos_app.domain.order import Order, OrderLine
from pos_app.domain.stock import MoveReason, StockMove
from pos_app.server.database import Office, open_engine, open_office
from pos_app.server.journal_entries import OWN_NUMBER
from pos_app.server.listed import ListFilter, page
from pos_app.server.news import News
from pos_app.server.office_desk import OfficeDesk, office_desk
from pos_app.server.schema import bring_up_to_date
from pos_app.server.stamps import stamp
from pos_app.server.tables import metadata
from pos_app.server.till_list import list_tills
from pos_app.store.keys import is_signed
from tests.server.offices import NOW, SHOP, set_up
from tests.server.paper_tills import PaperTill
from tests.server.postgres import PostgresServer
from tests.server.told_tills import judge_all, push, sale_payload

WHO = "Web shop"


def ordered(desk: OfficeDesk, customer: Customer, quantity: int = 2) -> Order:
    """Keep a new order of a customer's."""
    head = desk.new_head(customer)
    number = desk.next_number(Series.ORDER, head.day)
    line = DocumentLine("1", "Laptop", Decimal(quantity), Decimal("12.50"))
    new = Order(dataclasses.replace(head, number=number), (OrderLine(line),))
    return desk.keep_new(new, FactKind.ORDER_SAVED)


def journal(office: Office, company_id: str) -> list[tuple[str, int, str, str, bytes, bytes]]:
    """Return what the company's journals hold in head office's own one."""
    with office.company(company_id) as connection:
        rows = connection.execute(
            text(
                "SELECT kind, seq, staff, payload, hash, signature FROM journal "
                "WHERE company_id = :company AND till_id = 'office main' ORDER BY seq"
            ),
            {"company": company_id},
        )
        return [(r[0], r[1], r[2], r[3], bytes(r[4]), bytes(r[5])) for r in rows]


def test_what_is_done_at_the_desk_stands_in_a_signed_journal_and_in_the_lists(
    office: Office, company_id: str
) -> None:
    with office_desk(office, News(office), company_id, SHOP, WHO, NOW) as desk:
        customer = desk.save_customer(Customer("c1", "CUS001", "北京客户有限公司"))
        order = ordered(desk, customer)
        desk.keep(order, FactKind.ORDER_SAVED, "change")
        desk.move_stock((StockMove("p1", "shop", Decimal("1.5"), MoveReason.RECEIPT),))
        assert desk.level("p1") == Decimal("1.5")  # before it stands anywhere
    told = journal(office, company_id)
    assert [(kind, seq, staff) for kind, seq, staff, *_ in told] == [
        ("customer_saved", 1, WHO),
        ("order_saved", 2, WHO),
        ("order_saved", 3, WHO),
        ("stock_moved", 4, WHO),
    ]
    with office.company(company_id) as connection:
        key = connection.execute(
            text("SELECT public_key FROM branches WHERE till_id = 'office main'")
        ).scalar_one()
        assert all(is_signed(bytes(key), signature, digest) for *_, digest, signature in told)
        found = page(connection, company_id, "order", ListFilter(), 1, 10)
        assert [(row.number, row.total, row.status) for row, _ in found.rows] == [
            ("SO2026060001", 2500, "draft")
        ]
        desk = OfficeDesk(connection, company_id, SHOP, WHO, NOW)
        assert desk.get(Order, order.head.id).head.version == 2
        assert desk.level("p1") == Decimal("1.5")
        assert desk.level("p1", "elsewhere") == 0
        assert list_tills(connection, company_id, "", 10) == []  # no machine of a shop


def test_what_is_refused_leaves_nothing_behind(office: Office, company_id: str) -> None:
    def do_half() -> None:
        with office_desk(office, News(office), company_id, SHOP, WHO, NOW) as desk:
            ordered(desk, desk.save_customer(Customer("c1", "CUS001", "First")))
            desk.save_customer(Customer("c2", "CUS002", "Second", email="nowhere"))

    with pytest.raises(MailAddressWrong):
        do_half()
    assert journal(office, company_id) == []
    with office.company(company_id) as connection:
        assert page(connection, company_id, "order", ListFilter(), 1, 10).total == 0


def test_head_office_numbers_beside_a_till_from_5001(office: Office, company_id: str) -> None:
    PaperTill().enrol(office, company_id)
    with office_desk(office, News(office), company_id, SHOP, WHO, NOW) as desk:
        customer = desk.save_customer(Customer("c1", "CUS001", "First"))
        assert [ordered(desk, customer).head.number for _ in range(2)] == [
            "SO2026065001",
            "SO2026065002",
        ]


def test_pages_stay_as_they_are_while_others_write(office: Office, company_id: str) -> None:
    def more(count: int) -> None:
        with office_desk(office, News(office), company_id, SHOP, WHO, NOW) as desk:
            customer = desk.save_customer(Customer("c1", "CUS001", "First"))
            for _ in range(count):
                ordered(desk, customer)

    read: list[str] = []
    more(7)
    for number in range(1, 20):
        with office.company(company_id) as connection:
            found = page(connection, company_id, "order", ListFilter(), number, 3)
        read += [row.number for row, _ in found.rows]
        if number <= 3:
            more(2)
    assert len(read) == len(set(read)) == 13


def test_sales_of_tills_are_judged_beside_it(office: Office, company_id: str) -> None:
    till = PaperTill()
    till.enrol(office, company_id)
    with office_desk(office, News(office), company_id, SHOP, WHO, NOW) as desk:
        desk.save_customer(Customer("c1", "CUS001", "First"))
    for count in (1, 2):
        till.tell(FactKind.SALE_COMPLETED, sale_payload(till.number, count))
    push(office, till)
    judge_all(office, company_id)
    with office.company(company_id) as connection:
        counted = connection.execute(text("SELECT count(*) FROM sales")).scalar_one()
        left = connection.execute(
            text("SELECT seq - judged_seq FROM branches ORDER BY till_id")
        ).scalars()
        assert counted == 2
        assert set(left) == {0}
    assert journal(office, company_id)[0][2] == WHO
    assert OWN_NUMBER not in tills_of(office, company_id)


def tills_of(office: Office, company_id: str) -> set[str]:
    with office.company(company_id) as connection:
        return {one.till for one in list_tills(connection, company_id, "", 10)}


@pytest.mark.parametrize("kind", ["postgresql", "sqlite"])
def test_an_older_database_gets_its_lists_from_what_it_holds(
    kind: str, tmp_path: object, postgres_server: PostgresServer
) -> None:
    if kind == "sqlite":
        old_and_new(f"sqlite:///{tmp_path}/office.db")
        return
    with postgres_server.database() as database:
        old_and_new(database.url)


FIRST_TABLES = frozenset(
    "doors companies shops tills branches journal inbox things thing_states tellings quarrels "
    "stock_levels sales sale_lines sale_taxes tenders accounts log".split()
)


def old_and_new(url: str) -> None:
    """Make a database of the first version with a customer in it, and bring it up to date."""
    founded = set_up(url)
    office = open_office(url)
    state = {"id": "c1", "number": "7", "name": "Ada", "phone": "0123", "is_active": True}
    with office.company(founded.company_id) as connection:
        connection.execute(
            text(
                "INSERT INTO things (company_id, kind, id, revision, state, at) "
                "VALUES (:company, 'customer', 'c1', 1, :state, :at)"
            ),
            {"company": founded.company_id, "state": json.dumps(state), "at": stamp(NOW)},
        )
    office.close()
    engine = open_engine(url)
    with engine.begin() as connection:
        for name in set(metadata.tables) - FIRST_TABLES:
            connection.execute(text(f"DROP TABLE {name}"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    bring_up_to_date(engine)
    engine.dispose()
    office = open_office(url)
    with office.company(founded.company_id) as connection:
        found = page(connection, founded.company_id, "customer", ListFilter(), 1, 10)
        assert [(row.number, row.customer_name, row.phone) for row, _ in found.rows] == [
            ("7", "Ada", "0123")
        ]
    office.close()
