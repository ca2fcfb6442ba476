"""Things: what tills and head office say of a product or a person becomes one state."""

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from pos_app.domain.customer import Customer
from pos_app.domain.facts import FactKind
from pos_app.domain.payloads import customer_payload, tax_payload, unit_payload
from pos_app.domain.product import Unit
from pos_app.server.database import Office
from pos_app.server.judge_things import apply_changes
from pos_app.server.settling import settle
from pos_app.server.tables import companies, quarrels, thing_states, things
from pos_app.server.thing_set import REVISION_THINGS
from pos_app.server.things import Change, ChangedElsewhere, Things, save_thing
from tests.server.offices import NOW
from tests.server.paper_tills import PaperTill, new_company
from tests.server.told_tills import (
    judge_all,
    push,
    record,
    saved,
    state_of,
    thing_row,
    waiting,
)
from tests.store.shops import DEPOSIT, VAT, product, product_id

ANN = Customer("c1", "1001", "Ann", phone="1")
SHOES = product(1)


class Company:
    """A company with two tills; what they tell is pushed and judged at once."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.id = new_company(office)
        self.tills = [PaperTill(number=str(number)).enrol(office, self.id) for number in (1, 2)]

    def tell(self, till: int, kind: str, payload: dict[str, Any], later_s: int = 0) -> None:
        paper = self.tills[till - 1]
        paper.tell(kind, payload, NOW + timedelta(seconds=later_s))
        push(self.office, paper, first=len(paper.journal))
        judge_all(self.office, self.id)

    def customer(self, till: int, customer: Customer, base: int = 0, later_s: int = 0) -> None:
        told = {**customer_payload(customer), **({"base": base} if base else {})}
        self.tell(till, FactKind.CUSTOMER_SAVED, told, later_s)

    def edit(self, kind: str, thing_id: str, **changes: Any) -> int:
        """Change some fields at head office; returns the revision."""
        state = {**self.state(kind, thing_id), **changes}
        with self.office.company(self.id) as connection:
            return save_thing(connection, self.id, kind, thing_id, state, "Eve", NOW).revision

    def state(self, kind: str, thing_id: str) -> dict[str, Any]:
        return state_of(self.office, self.id, kind, thing_id)

    def row(self, kind: str, thing_id: str) -> Any:
        return thing_row(self.office, self.id, kind, thing_id)

    def revision(self) -> int:
        with self.office.company(self.id) as connection:
            return int(
                connection.execute(
                    select(companies.c.revision).where(companies.c.company_id == self.id)
                ).scalar_one()
            )

    def quarrels(self, state: str = "shown") -> list[tuple[str, Any, Any]]:
        with self.office.company(self.id) as connection:
            rows = connection.execute(
                select(quarrels.c.lost).where(
                    quarrels.c.company_id == self.id, quarrels.c.state == state
                )
            ).scalars()
            found = [one for text in rows for one in json.loads(text)]
        return sorted((one["name"], one["kept"], one["lost"]) for one in found)


@pytest.fixture
def company(shared_office: Office) -> Company:
    return Company(shared_office)


def test_a_product_comes_with_all_that_belongs_to_it(company: Company) -> None:
    company.tell(1, FactKind.PRODUCT_SAVED, saved(product(2)))
    assert company.state("product", product_id(2)) == saved(product(2))
    assert company.state("unit", "pc") == {"code": "pc", "name": "piece", "decimals": 0}
    assert company.state("tax", "A") == tax_payload(VAT)
    assert company.state("tax", "D") == tax_payload(DEPOSIT)
    row = company.row("product", product_id(2))
    assert (row.by, row.till_id, row.shop, row.is_pulled) == (
        "till 1",
        company.tills[0].till_id,
        "",
        1,
    )
    assert row.revision == company.revision() == 1


def test_the_same_once_more_is_no_change(company: Company) -> None:
    company.tell(1, FactKind.PRODUCT_SAVED, saved(SHOES))
    company.tell(2, FactKind.PRODUCT_SAVED, saved(SHOES))
    assert company.revision() == 1


def test_a_list_of_products_is_taken_in_revisions_of_a_bearable_size(company: Company) -> None:
    for start in (0, 60, 120):
        made = [product(start + number) for number in range(1, 61)]
        units = [unit_payload(SHOES.unit)]
        told = [{k: v for k, v in saved(one).items() if k != "units"} for one in made]
        company.tills[0].tell(FactKind.PRODUCTS_IMPORTED, {"products": told, "units": units})
    push(company.office, company.tills[0])
    judge_all(company.office, company.id)
    assert company.revision() == 2
    with company.office.company(company.id) as connection:
        rows = connection.execute(
            select(things.c.revision).where(
                things.c.company_id == company.id, things.c.kind == "product"
            )
        ).scalars()
        counts = list(rows)
    assert counts.count(1) >= REVISION_THINGS
    assert len(counts) == 180


def test_changes_of_different_fields_both_stand_and_nobody_lost(company: Company) -> None:
    company.tell(1, FactKind.PRODUCT_SAVED, saved(SHOES))
    company.edit("product", SHOES.id, price="7")
    company.tell(2, FactKind.PRODUCT_SAVED, saved(replace(SHOES, name="Boots"), base=1))
    state = company.state("product", SHOES.id)
    assert (state["name"], state["price"]) == ("Boots", "7")
    assert company.quarrels() == []


def test_of_the_catalogue_head_office_has_the_last_word_and_keeps_the_till_s(
    company: Company,
) -> None:
    company.tell(1, FactKind.PRODUCT_SAVED, saved(SHOES))
    revision = company.edit("product", SHOES.id, price="7")
    changed = replace(SHOES, price=Decimal(8), name="Boots")
    company.tell(1, FactKind.PRODUCT_SAVED, saved(changed, base=1))
    row = company.row("product", SHOES.id)
    assert (json.loads(row.state)["price"], json.loads(row.state)["name"]) == ("7", "Boots")
    assert row.revision > revision  # so that the till hears that its price did not stand
    assert company.quarrels() == [("price", "7", "8")]
    (lost,) = json.loads(row.lost)
    assert (lost["name"], lost["lost"], lost["by"]) == ("price", "8", "till 1")


def test_a_till_that_lost_all_hears_of_it_although_nothing_changed(company: Company) -> None:
    company.tell(1, FactKind.PRODUCT_SAVED, saved(SHOES))
    revision = company.edit("product", SHOES.id, price="7")
    company.tell(2, FactKind.PRODUCT_SAVED, saved(replace(SHOES, price=Decimal(8)), base=1))
    row = company.row("product", SHOES.id)
    assert json.loads(row.state)["price"] == "7"
    assert row.revision == revision + 1
    assert row.by == "Eve"


def test_what_a_till_changes_after_it_pulled_stands(company: Company) -> None:
    company.tell(1, FactKind.PRODUCT_SAVED, saved(SHOES))
    revision = company.edit("product", SHOES.id, price="7")
    changed = replace(SHOES, price=Decimal(8))
    company.tell(1, FactKind.PRODUCT_SAVED, saved(changed, base=revision))
    assert company.state("product", SHOES.id)["price"] == "8"
    assert company.quarrels() == []


def test_a_till_that_changes_a_thing_twice_offline_does_not_quarrel_with_itself(
    company: Company,
) -> None:
    company.tell(1, FactKind.PRODUCT_SAVED, saved(SHOES))
    company.edit("product", SHOES.id, code="NEW")
    for price in (8, 9):
        changed = replace(SHOES, price=Decimal(price))
        company.tell(1, FactKind.PRODUCT_SAVED, saved(changed, base=1))
    state = company.state("product", SHOES.id)
    assert (state["price"], state["code"]) == ("9", "NEW")
    assert company.quarrels() == []


def test_a_field_that_was_decided_anew_is_no_quarrel_any_more(company: Company) -> None:
    company.tell(1, FactKind.PRODUCT_SAVED, saved(SHOES))
    company.edit("product", SHOES.id, price="7", name="Clogs")
    changed = replace(SHOES, price=Decimal(8), name="Boots")
    company.tell(1, FactKind.PRODUCT_SAVED, saved(changed, base=1))
    assert len(company.quarrels()) == 2
    company.edit("product", SHOES.id, name="Boots")
    (left,) = json.loads(company.row("product", SHOES.id).lost)
    assert left["name"] == "price"
    company.edit("product", SHOES.id, price="8")
    assert company.row("product", SHOES.id).lost == ""
    assert company.quarrels() == []
    assert len(company.quarrels("settled")) == 2


def test_of_a_customer_the_later_change_stands_and_the_other_is_kept(company: Company) -> None:
    company.customer(1, ANN, later_s=-90)
    company.customer(2, replace(ANN, phone="2", city="Bath"), base=1, later_s=-10)
    company.customer(1, replace(ANN, phone="3", note="wine"), base=1, later_s=-40)
    state = company.state("customer", "c1")
    assert (state["phone"], state["city"], state["note"]) == ("2", "Bath", "wine")
    assert company.quarrels() == [("phone", "2", "3")]


def test_a_clock_that_runs_ahead_does_not_win_for_ever(company: Company) -> None:
    company.customer(1, ANN)
    company.customer(1, replace(ANN, phone="2"), base=1, later_s=999_999)
    assert company.row("customer", "c1").at <= NOW.isoformat(timespec="milliseconds")


def test_a_changed_tax_arrives_with_every_product_that_holds_it(company: Company) -> None:
    for number in (1, 2, 3):
        company.tell(1, FactKind.PRODUCT_SAVED, saved(product(number)))
    company.tell(1, FactKind.PRODUCT_SAVED, saved(replace(product(4), taxes=(DEPOSIT,))))
    higher = replace(VAT, rate=Decimal(22))
    company.tell(2, FactKind.SETTINGS_CHANGED, {"tax": tax_payload(higher), "base": 1})
    revision = company.row("tax", "A").revision
    for number in (1, 2, 3):
        row = company.row("product", product_id(number))
        assert row.revision == revision
        assert tax_payload(higher) in json.loads(row.state)["taxes"]
    assert company.row("product", product_id(4)).revision < revision
    # A till that has not heard of it makes a product with last year's tax.
    company.tell(1, FactKind.PRODUCT_SAVED, saved(product(5)))
    assert company.state("product", product_id(5))["taxes"] == [tax_payload(higher)]
    assert company.quarrels() == []


def test_a_till_that_knows_the_old_tax_can_still_change_the_product_s_taxes(
    company: Company,
) -> None:
    company.tell(1, FactKind.PRODUCT_SAVED, saved(product(2)))
    company.edit("tax", "A", rate="22")
    changed = replace(product(2), taxes=(DEPOSIT,))
    company.tell(2, FactKind.PRODUCT_SAVED, saved(changed, base=1))
    assert company.state("product", product_id(2))["taxes"] == [tax_payload(DEPOSIT)]
    assert company.quarrels() == []


def test_a_changed_unit_arrives_with_its_products(company: Company) -> None:
    company.tell(1, FactKind.PRODUCT_SAVED, saved(SHOES))
    company.tell(1, FactKind.SETTINGS_CHANGED, {"unit": unit_payload(Unit("pc", "pair", 0))})
    row = company.row("product", SHOES.id)
    assert json.loads(row.state)["units"] == [{"code": "pc", "name": "pair", "decimals": 0}]
    assert row.revision == company.row("unit", "pc").revision


def test_settings_are_the_shop_s_and_leave_the_machine_alone(company: Company) -> None:
    settings = {"name": "My shop", "phone": "", "printers": [{"name": "P"}], "country": "GB"}
    company.tell(1, FactKind.STORE_OPENED, {"settings": settings})
    company.tell(2, FactKind.STORE_OPENED, {"settings": {**settings, "country": "DE"}})
    company.tell(1, FactKind.SETTINGS_CHANGED, {"name": "Harbour", "printers": []})
    row = company.row("settings", "main")
    assert row.shop == "main"
    assert json.loads(row.state) == {"name": "Harbour", "phone": "", "country": "GB"}
    company.tell(2, FactKind.SETTINGS_CHANGED, {"phone": "5", "base": row.revision})
    assert company.state("settings", "main")["phone"] == "5"
    assert company.state("settings", "main")["name"] == "Harbour"
    assert company.quarrels() == []


def test_staff_come_without_what_opens_a_till(company: Company) -> None:
    member = {"id": "s1", "code": "7", "name": "Ann", "role": "owner", "pin_hash": "$argon2id$"}
    told = record("staff", "s1", member, code="7", place="ann", is_open=True)
    company.tell(1, FactKind.STAFF_SAVED, told)
    row = company.row("staff", "s1")
    assert "argon2" not in row.state
    assert json.loads(row.state)["code"] == "7"
    assert row.shop == "main"
    member["pin_hash"] = "another"
    company.tell(1, FactKind.STAFF_SAVED, {**told, "state": member})
    assert company.row("staff", "s1").revision == row.revision


def card(balance: int, **changes: Any) -> dict[str, Any]:
    state = {
        "id": "gift_card:77",
        "kind": "gift_card",
        "number": "77",
        "currency": "EUR",
        "balance": balance,
        "state": "active",
        "unconfirmed": 0,
        "limit": 0,
        "is_foreign": False,
    }
    return {**state, **changes}


def moved(company: Company, till: int, balance: int, units: int, **changes: Any) -> None:
    told = record("stored_value", "gift_card:77", card(balance, **changes), units=units)
    company.tell(till, FactKind.STORED_VALUE_CHANGED, told)


def test_every_movement_of_a_gift_card_counts(company: Company) -> None:
    moved(company, 1, 5000, 5000)
    moved(company, 1, 4000, -1000, unconfirmed=1000)
    moved(company, 2, 3500, -1500, limit=2000, is_foreign=True)
    state = company.state("stored_value", "gift_card:77")["state"]
    assert state["balance"] == 2500
    assert (state["unconfirmed"], state["limit"], state["is_foreign"]) == (0, 0, False)
    assert company.quarrels() == []
    assert waiting(company.office, company.id) == []


def test_a_card_that_was_spent_twice_is_told_once_and_settles_itself(company: Company) -> None:
    moved(company, 2, -1500, -1500, is_foreign=True)
    moved(company, 2, -2000, -500, is_foreign=True)
    (row,) = waiting(company.office, company.id)
    assert (row.kind, row.remedy) == ("overdrawn", "office")
    assert "Gift card 77 was spent beyond" in row.reason
    moved(company, 1, 5000, 5000)
    assert waiting(company.office, company.id) == []
    assert company.state("stored_value", "gift_card:77")["state"]["balance"] == 3000


def order(company: Company, till: int, note: str, base: int = 0, state: str = "draft") -> None:
    told = {"head": {"id": "o1", "number": "O-1"}, "state": state, "note": note}
    details = record("order", "o1", told, code="O-1", **({"base": base} if base else {}))
    company.tell(till, FactKind.ORDER_SAVED, details)


def test_an_order_that_two_tills_changed_waits_for_a_person(company: Company) -> None:
    order(company, 1, "first")
    order(company, 1, "second", base=1)
    order(company, 2, "other", base=1)
    assert company.state("order", "o1")["state"]["note"] == "second"
    (row,) = waiting(company.office, company.id)
    assert (row.kind, row.remedy) == (FactKind.ORDER_SAVED, "accept")
    assert "O-1 was changed by till 1 meanwhile" in row.reason
    assert company.row("order", "o1").revision == 3  # the other till hears what stands
    with company.office.company(company.id) as connection:
        settle(connection, company.id, row.id, "accept", "Eve", NOW)
    assert company.state("order", "o1")["state"]["note"] == "other"
    assert waiting(company.office, company.id) == []


def test_a_document_that_was_over_before_anybody_heard_of_it_is_not_handed_on(
    company: Company,
) -> None:
    order(company, 1, "old", state="cancelled")
    assert company.row("order", "o1").is_pulled == 0
    order(company, 1, "reopened", state="draft")
    assert company.row("order", "o1").is_pulled == 1
    order(company, 1, "over", state="cancelled")
    assert company.row("order", "o1").is_pulled == 1


def test_what_is_a_till_s_own_business_is_kept_apart_and_wakes_nobody(company: Company) -> None:
    for till in (1, 2):
        told = record("session", "s1", {"staff_id": "s1", "is_in": till == 1})
        company.tell(till, FactKind.SIGNED_IN, told)
    assert company.revision() == 0
    for till, paper in enumerate(company.tills, 1):
        row = company.row("session", f"{paper.till_id} s1")
        assert json.loads(row.state)["state"]["is_in"] is (till == 1)
        assert row.is_pulled == 0


def test_a_person_who_was_erased_stays_erased(company: Company) -> None:
    company.customer(1, ANN)
    company.customer(2, replace(ANN, phone="222"), base=1, later_s=60)
    company.customer(1, Customer("c1", "1001", "Gone", is_active=False), base=1)
    gone = record("customer_erasure", "c1", {"customer_id": "c1"})
    company.tell(1, FactKind.CUSTOMER_ERASED, gone)
    company.customer(2, replace(ANN, note="likes wine"), base=2, later_s=90)
    left = company.state("customer", "c1")
    assert left["is_active"] is False
    assert {left["phone"], left["note"], left["email"]} == {""}
    with company.office.company(company.id) as connection:
        states = connection.execute(
            select(thing_states.c.state).where(
                thing_states.c.company_id == company.id, thing_states.c.kind == "customer"
            )
        ).scalars()
        assert not any("Ann" in state or "222" in state for state in states)
    assert "222" not in company.row("customer", "c1").lost
    assert company.quarrels() == []


def test_an_entry_that_is_wrong_half_way_changes_nothing(company: Company) -> None:
    wrong = saved(product(2))
    wrong["taxes"] = "none"
    units = [unit_payload(SHOES.unit)]
    told = {"products": [saved(SHOES), wrong], "units": units}
    company.tell(1, FactKind.PRODUCTS_IMPORTED, told)
    assert company.revision() == 0
    (row,) = waiting(company.office, company.id)
    assert row.remedy == "retry"


def test_an_entry_of_several_changes_is_taken_whole_or_not_at_all(company: Company) -> None:
    order(company, 1, "first")
    order(company, 1, "second", base=1)
    stamp = NOW.isoformat(timespec="milliseconds")
    mine = {"by": "till 2", "at": stamp, "till_id": company.tills[1].till_id, "epoch": 1}
    other = {"state": {"head": {}, "note": "other"}, "code": "O-1", "place": "", "is_open": False}
    changes = [
        Change(kind="product", id=SHOES.id, state=saved(SHOES), **mine),
        Change(kind="order", id="o1", state=other, base=1, **mine),
    ]
    with company.office.company(company.id) as connection:
        held = Things(connection, company.id, NOW)
        with pytest.raises(ChangedElsewhere):
            apply_changes(held, changes)
        held.flush()
    assert company.state("order", "o1")["state"]["note"] == "second"
    with pytest.raises(Exception, match="No row"):
        company.state("product", SHOES.id)


def test_two_machines_of_one_till_quarrel_like_any_two(company: Company) -> None:
    company.tell(1, FactKind.PRODUCT_SAVED, saved(SHOES))
    base = company.row("product", SHOES.id).revision
    with company.office.company(company.id) as connection:
        all_things = Things(connection, company.id, NOW)
        for branch, name in enumerate(("Boots", "Clogs")):
            change = Change(
                kind="product",
                id=SHOES.id,
                state=saved(replace(SHOES, name=name)),
                by="till 1",
                at="2026-06-01T08:00:01.000+00:00",
                till_id=company.tills[0].till_id,
                base=base,
                epoch=1,
                branch=branch,
            )
            all_things.put(change)
        all_things.flush()
    assert company.state("product", SHOES.id)["name"] == "Clogs"
    assert company.quarrels() == [("name", "Clogs", "Boots")]
