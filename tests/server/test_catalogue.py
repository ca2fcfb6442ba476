"""Head office's own edits: what is checked, and what arrives together."""

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from pos_app.domain.catalogue_rules import FieldRefusal, PriceWrong
from pos_app.domain.errors import PosError
from pos_app.domain.payloads import tax_payload, unit_payload
from pos_app.domain.plain import to_plain, to_text
from pos_app.domain.price_list import ListPrice, PriceList
from pos_app.domain.shop import ShopSettings
from pos_app.domain.staff import Role, RoleUnknown, StaffMember
from pos_app.server.catalogue import (
    ChangedMeanwhile,
    KindNotEdited,
    StateUnreadable,
    ThingUnknown,
    get_thing,
    list_things,
    save_thing,
)
from pos_app.server.catalogue_checks import CodeTaken, IdsDiffer, NotOnTheList, ShopNotThere
from pos_app.server.database import Office
from pos_app.server.pulling import pull
from pos_app.server.things import Saved
from pos_app.sync.wire import Pull
from tests.server.offices import NOW
from tests.server.paper_tills import PaperTill, new_company
from tests.server.told_tills import saved, state_of, thing_row
from tests.store.shops import VAT, product, product_id


class Desk:
    """Somebody at head office of a company with a list of taxes, units and groups."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.id = new_company(office)
        self.save("tax", "A", tax_payload(VAT))
        self.save("unit", "pc", {"code": "pc", "name": "piece", "decimals": 0})
        self.save("category", "c", {"id": "c", "name": "All"})

    def save(self, kind: str, thing_id: str, state: Any, **more: Any) -> Saved:
        with self.office.company(self.id) as connection:
            return save_thing(connection, self.id, kind, thing_id, state, "Eve", NOW, **more)

    def product(self, number: int, **changes: Any) -> Saved:
        state = saved(product(number, **({"taxes": (VAT,)} | changes)))
        return self.save("product", state["id"], state)

    def state(self, kind: str, thing_id: str) -> dict[str, Any]:
        return state_of(self.office, self.id, kind, thing_id)

    def revision(self, kind: str, thing_id: str) -> int:
        return int(thing_row(self.office, self.id, kind, thing_id).revision)


@pytest.fixture
def desk(shared_office: Office) -> Desk:
    return Desk(shared_office)


def test_a_product_is_saved_as_tills_pull_it(desk: Desk) -> None:
    desk.product(1)
    assert desk.state("product", product_id(1)) == saved(product(1))


def test_taxes_may_be_named_by_their_code(desk: Desk) -> None:
    state = {**saved(product(1)), "taxes": ["A"]}
    state.pop("units")
    desk.save("product", product_id(1), state)
    assert desk.state("product", product_id(1)) == saved(product(1))


@pytest.mark.parametrize(
    ("changes", "refusal", "field"),
    [
        ({"price": "-1"}, PriceWrong, "price"),
        ({"price": "1.00001"}, PriceWrong, "price"),
        ({"name": " "}, FieldRefusal, "name"),
        ({"unit": "dozen"}, NotOnTheList, "unit"),
        ({"taxes": ["Z"]}, NotOnTheList, "taxes"),
        ({"category": "none"}, NotOnTheList, "category"),
        ({"id": "another"}, IdsDiffer, "id"),
        ({"code": "P1"}, CodeTaken, "code"),
        ({"barcodes": ["4000000000001"]}, CodeTaken, "barcodes"),
    ],
)
def test_a_product_that_cannot_be_is_refused_under_its_field(
    desk: Desk, changes: dict[str, Any], refusal: type[PosError], field: str
) -> None:
    desk.product(1)
    with pytest.raises(refusal) as refused:
        desk.save("product", product_id(2), {**saved(product(2, taxes=(VAT,))), **changes})
    assert refused.value.field == field
    with pytest.raises(Exception, match="No row"):
        desk.state("product", product_id(2))


def test_a_code_is_free_again_when_its_product_is_sold_no_more(desk: Desk) -> None:
    desk.product(1)
    with pytest.raises(CodeTaken):
        desk.product(2, code="P1")
    desk.product(1, is_active=False)
    desk.product(2, code="P1")


@pytest.mark.parametrize("wrong", [{}, {"price": 1.5}, {"taxes": "A"}, {"unit": None}, {"id": 5}])
def test_what_has_another_shape_is_refused_with_a_sentence(
    desk: Desk, wrong: dict[str, Any]
) -> None:
    state = {**saved(product(1)), **wrong} if wrong else {}
    with pytest.raises(PosError) as refused:
        desk.save("product", product_id(1), state)
    assert str(refused.value).endswith(".")


def test_a_changed_tax_and_its_products_have_one_revision(desk: Desk) -> None:
    for number in (1, 3, 5):
        desk.product(number)
    changed = desk.save("tax", "A", tax_payload(replace(VAT, rate=Decimal(22))))
    for number in (1, 3, 5):
        assert desk.revision("product", product_id(number)) == changed.revision
        assert desk.state("product", product_id(number))["taxes"][0]["rate"] == "22"


def test_a_till_pulls_a_changed_tax_together_with_its_products(desk: Desk) -> None:
    for number in (1, 3, 5):
        desk.product(number)
    till = PaperTill().enrol(desk.office, desk.id)

    def pulled(cursor: str, limit: int) -> Any:
        with desk.office.company(desk.id) as connection:
            return pull(connection, desk.id, till.identity(), Pull(cursor=cursor, limit=limit), NOW)

    cursor = pulled("", 500).cursor
    desk.save("tax", "A", tax_payload(replace(VAT, rate=Decimal(22))))
    page = pulled(cursor, 4)
    assert [thing.kind for thing in page.things] == ["tax", "product", "product", "product"]
    assert all('"rate":"22"' in thing.state for thing in page.things)


def test_who_read_an_older_state_does_not_overwrite_a_newer_one(desk: Desk) -> None:
    first = desk.product(1)
    state = saved(product(1, name="Boots"))
    second = desk.save("product", product_id(1), state, seen=first.revision)
    with pytest.raises(ChangedMeanwhile, match="Eve changed this"):
        desk.save("product", product_id(1), state, seen=first.revision)
    assert desk.save("product", product_id(1), state, seen=second.revision) == second


def test_customers_have_a_number_of_their_own(desk: Desk) -> None:
    desk.save("customer", "c1", {"id": "c1", "number": "1", "name": " Ann "})
    assert desk.state("customer", "c1")["name"] == "Ann"
    with pytest.raises(CodeTaken):
        desk.save("customer", "c2", {"id": "c2", "number": "1", "name": "Bob"})
    with pytest.raises(FieldRefusal):
        desk.save("customer", "c2", {"id": "c2", "number": "", "name": "Bob"})
    with pytest.raises(FieldRefusal, match="e-mail"):
        desk.save("customer", "c2", {"id": "c2", "number": "2", "name": "Bob", "email": "bob"})


def test_settings_are_changed_by_name_and_never_a_till_s_machine(desk: Desk) -> None:
    settings = json.loads(to_text(ShopSettings(name="Harbour")))
    desk.save("settings", "main", settings)
    desk.save("settings", "main", {"phone": "5", "printers": []})
    state = desk.state("settings", "main")
    assert (state["name"], state["phone"]) == ("Harbour", "5")
    assert "printers" not in state
    assert thing_row(desk.office, desk.id, "settings", "main").shop == "main"
    with pytest.raises(ShopNotThere):
        desk.save("settings", "other", settings)
    with pytest.raises(NotOnTheList):
        desk.save("settings", "main", {"colour": "red"})
    for wrong in ({"phone": 5}, {"policy": {"currency": "XXX"}}, {"receipt": {"header": 1.5}}):
        with pytest.raises(PosError):
            desk.save("settings", "main", wrong)


def test_staff_have_a_role_and_a_code_of_their_own_and_no_pin(desk: Desk) -> None:
    member = to_plain(StaffMember("s1", "A7", "Ann", "owner", pin_hash="$argon2"))
    desk.save("staff", "s1", member, shop="main")
    row = thing_row(desk.office, desk.id, "staff", "s1")
    assert (row.shop, "argon2" in row.state) == ("main", False)
    state = desk.state("staff", "s1")
    assert (state["code"], state["place"], state["is_open"]) == ("a7", "ann", True)
    desk.save("staff", "s1", state)  # what was read can be saved
    with pytest.raises(CodeTaken):
        desk.save("staff", "s2", to_plain(StaffMember("s2", "a7", "Bob", "owner")))
    with pytest.raises(RoleUnknown):
        desk.save("staff", "s2", to_plain(StaffMember("s2", "8", "Bob", "boss")))
    desk.save("role", "boss", to_plain(Role("boss", "Boss")))
    desk.save("staff", "s2", to_plain(StaffMember("s2", "8", "Bob", "boss")))


def test_a_price_on_a_list_needs_both_list_and_product(desk: Desk) -> None:
    price = to_plain(ListPrice("Staff", product_id(1), Decimal(3)))
    key = f"staff\t{product_id(1)}"
    with pytest.raises(NotOnTheList):
        desk.save("list_price", key, price)
    desk.save("price_list", "staff", to_plain(PriceList("Staff", Decimal(10))))
    desk.product(1)
    desk.save("list_price", key, price)
    assert desk.state("list_price", key)["is_open"] is True
    with pytest.raises(PosError):
        desk.save("list_price", key, {**price, "price": "-3"})


def test_only_what_head_office_edits_is_saved(desk: Desk) -> None:
    for kind in ("stored_value", "invoice", "session", ""):
        with pytest.raises(KindNotEdited):
            desk.save(kind, "x", {})
    for thing_id in ("", "a\0b", "x" * 201, "\ud800"):
        with pytest.raises(StateUnreadable):
            desk.save("product", thing_id, saved(product(1)))


def test_things_are_listed_page_by_page_and_found_by_what_they_say(desk: Desk) -> None:
    for number in range(1, 6):
        desk.product(number)
    with desk.office.company(desk.id) as connection:
        seen, after = [], ""
        while page := list_things(connection, desk.id, "product", after=after, limit=2):
            seen += [row.id for row in page]
            after = page[-1].id
        found = list_things(connection, desk.id, "product", search="brot")
        assert [row.id for row in found] == [product_id(2)]
        assert list_things(connection, desk.id, "product", search="100%_") == []
        with pytest.raises(ThingUnknown):
            get_thing(connection, desk.id, "product", "none")
    assert seen == [product_id(number) for number in range(1, 6)]


def test_units_are_checked_like_at_the_till(desk: Desk) -> None:
    with pytest.raises(FieldRefusal):
        desk.save("unit", "kg", {"code": "kg", "name": "kilo", "decimals": 9})
    desk.save("unit", "kg", unit_payload(product(1).unit) | {"code": "kg", "name": "kilo"})
    assert desk.state("unit", "kg")["name"] == "kilo"
