"""What is edited on head office's pages arrives at a real till over HTTP, and is used there."""

import json
from collections.abc import Iterator
from decimal import Decimal
from random import Random

import pytest
from sqlalchemy import select

from pos_app.domain.approval import Action
from pos_app.server.tables import thing_states, things
from pos_app.services.customer_records import LIST_PRICE, PRICE_LIST
from pos_app.services.staff_records import ROLE, STAFF
from pos_app.sync.connections import (
    FromHeadOffice,
    change_connection,
    connections_in,
    credentials_of,
    remove_connection,
    switch_connection,
)
from pos_app.sync.entered_connections import Entered
from pos_app.sync.foreign import ForeignEngine
from tests.server.offices import Template, sqlite_copy
from tests.server.web.edited_till import EditedTill, edited_till, shop_template
from tests.server.web.page_reader import PageRead
from tests.simulators.apis.sales_api import SalesApi
from tests.store.shops import product_id
from tests.sync.foreign.wire import ApiWire

SECRET = "a key that nobody sees"


@pytest.fixture(scope="module")
def till(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Template
) -> Iterator[EditedTill]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("POS_APP_KEYS", "file")
        template = shop_template(tmp_path_factory.mktemp("template"))
        with (
            sqlite_copy(sqlite_template, tmp_path_factory) as office,
            edited_till(
                template,
                tmp_path_factory.mktemp("till"),
                office,
                sqlite_template.founded.company_id,
            ) as joined,
        ):
            yield joined


def edit_product(till: EditedTill, number: int, **typed: object) -> None:
    till.owner.send(f"/office/products/edit?id={product_id(number)}", **typed)
    till.hear()


def test_a_new_price_is_sold_at(till: EditedTill) -> None:
    edit_product(till, 1, price="7.50", name="Äpfel aus dem Garten")
    sale = till.counter.sell(1)
    assert (sale.lines[0].unit_price, sale.lines[0].name) == (
        Decimal("7.50"),
        "Äpfel aus dem Garten",
    )


def test_a_new_product_is_found_by_its_barcode_and_one_not_sold_any_more_is_not(
    till: EditedTill,
) -> None:
    till.owner.send(
        "/office/products/edit", name="Tee", code="TEE", price="4.20", barcodes="4006381333931",
        taxes=["A"], category="c",
    )  # fmt: skip
    till.hear()
    found = till.store.products.owners(["4006381333931"])["4006381333931"]
    product = till.store.products.get(found[0])
    assert product is not None
    assert (product.price, product.taxes[0].rate) == (Decimal("4.2"), Decimal(20))
    till.owner.send(f"/office/products/edit?id={product.id}", is_active=None)
    till.hear()
    gone = till.store.products.get(product.id)
    assert gone is not None
    assert not gone.is_active


def test_a_changed_tax_counts_for_every_product_that_has_it(till: EditedTill) -> None:
    till.owner.send("/office/taxes/edit?id=D", way="fixed", fixed_per_unit="0.50", rate="")
    till.hear()
    sale = till.counter.sell(2)
    assert [figure.tax.fixed_per_unit for figure in sale.lines[0].figures.taxes if
            figure.tax.code == "D"] == [Decimal("0.5")]  # fmt: skip


def test_a_group_with_its_colour_stands_at_the_till(till: EditedTill) -> None:
    till.owner.send("/office/categories/edit", name="Heiß", has_colour="1", colour="#AA0000",
                    position="3")  # fmt: skip
    till.hear()
    found = {one.name: one for one in till.store.products.categories()}
    assert (found["Heiß"].colour, found["Heiß"].position) == ("#AA0000", 3)


def test_a_unit_arrives_with_the_product_that_is_sold_by_it(till: EditedTill) -> None:
    till.owner.send("/office/units/edit", code="kg", name="kilogram", decimals="3")
    edit_product(till, 5, unit="kg")
    product = till.store.products.get(product_id(5))
    assert product is not None
    assert (product.unit.code, product.unit.decimals) == ("kg", 3)


def test_a_price_list_and_a_price_on_it_arrive(till: EditedTill) -> None:
    till.owner.send("/office/prices/list", name="Trade", percent="10")
    path = "/office/prices/list?id=trade"
    own = "/office/prices/own?on=trade"
    till.owner.post(own, till.owner.page(path).forms[own], code="P3", price="1.11")
    till.hear()
    found = till.store.records.get(PRICE_LIST, "trade")
    assert found is not None
    assert (found.percent, found.is_active) == (Decimal(10), True)
    price = till.store.records.get(LIST_PRICE, f"trade\t{product_id(3)}")
    assert price is not None
    assert price.price == Decimal("1.11")
    remove = till.owner.page(path).forms[own]
    till.owner.post(own, {**remove, "product_id": [product_id(3)], "remove": ["1"]})
    till.hear()
    price = till.store.records.get(LIST_PRICE, f"trade\t{product_id(3)}")
    assert price is not None
    assert price.price is None


def test_a_member_of_staff_and_a_role_arrive_without_a_pin(till: EditedTill) -> None:
    till.owner.send("/office/roles/edit", name="Floor lead", may=["discount", "void"],
                    limit__discount="12.5")  # fmt: skip
    words = till.owner.page("/office/staff").html
    key = words.split("/office/roles/edit?id=")[-1].split('"')[0]
    till.owner.send("/office/staff/edit", name="Grete", code="g1", role=key)
    till.hear()
    role = till.store.records.get(ROLE, key)
    assert role is not None
    assert role.permission(Action.DISCOUNT).limit == Decimal("12.5")
    assert role.permission(Action.VOID).limit is None
    (member,) = [one for one in till.store.records.all(STAFF) if one.code == "g1"]
    assert (member.name, member.role, member.pin_hash) == ("Grete", key, "")


def test_settings_arrive_and_what_has_no_field_or_is_the_machines_stays(till: EditedTill) -> None:
    before = till.store.settings.shop()
    till.owner.send(
        "/office/settings/shop?id=main",
        name="Harbour One", receipt__footer="Danke\nBis bald", returns__days="14",
        rule__void="free", cash__needs_shift="1", cash_rounding__step="0.05",
    )  # fmt: skip
    till.hear()
    after = till.store.settings.shop()
    assert (after.name, after.receipt.footer, after.returns.days) == (
        "Harbour One",
        ("Danke", "Bis bald"),
        14,
    )
    assert not after.approvals.rule(Action.VOID).is_reserved
    assert after.cash.needs_shift
    assert after.cash_rounding is not None
    assert after.cash_rounding.step == Decimal("0.05")
    assert (after.printers, after.screen, after.policy) == (
        before.printers,
        before.screen,
        before.policy,
    )
    assert after.embedded_patterns == before.embedded_patterns


def test_a_connection_arrives_sends_cannot_be_changed_at_the_till_and_goes(
    till: EditedTill,
) -> None:
    server = SalesApi(SECRET)
    answer = till.owner.send(
        "/office/connections/edit", name="Webshop", url="https://sales.example.com", key=SECRET
    )
    assert SECRET not in answer.text
    till.hear()
    (line,) = connections_in(till.store.remotes)
    assert (line.name, line.api, line.is_on, line.is_from_office) == (
        "Webshop",
        "sales",
        True,
        True,
    )
    assert credentials_of(till.store.remotes, line).key == SECRET
    sold = till.counter.sell(1)
    engine = ForeignEngine(till.store, line.id, ApiWire(server, till.clock), till.clock, Random(1))
    for _ in range(60):
        turn = engine.step()
        till.clock.pass_s(turn.wait_s or 0.05)
        if turn.is_idle:
            break
    assert len(server.invoices) == 1, sold.number
    for attempt in (
        lambda: switch_connection(till.store, line.id, False, till.clock()),
        lambda: remove_connection(till.store, line.id),
        lambda: change_connection(
            till.store, line.id, Entered("sales", "x", "https://x.example"), till.clock()
        ),
    ):
        with pytest.raises(FromHeadOffice):
            attempt()
    path = f"/office/connections/edit?id={line.id}"
    till.owner.send(path, is_on=None, name="Webshop two")
    till.hear()
    (line,) = connections_in(till.store.remotes)
    assert (line.is_on, line.name) == (False, "Webshop two")
    assert credentials_of(till.store.remotes, line).key == SECRET
    remove = f"/office/connections/remove?id={line.id}"
    till.owner.post(remove, till.owner.page(path).forms[remove])
    till.hear()
    assert connections_in(till.store.remotes) == []


def test_no_page_route_or_row_of_head_office_shows_the_key_of_a_connection(
    till: EditedTill,
) -> None:
    path = "/office/connections/edit?api=erp"
    till.owner.send(path, name="ERP", url="https://erp.example.com", key=SECRET, user="till")
    with till.office.company(till.company_id) as connection:
        rows = connection.execute(
            select(things.c.id, things.c.state).where(things.c.kind == "connection")
        ).all()
        past = connection.scalars(
            select(thing_states.c.state).where(thing_states.c.kind == "connection")
        ).all()
    assert not any(SECRET in text for text in (*[state for _, state in rows], *past))
    line_id = next(id for id, state in rows if json.loads(state).get("name") == "ERP")
    pages = [
        till.owner.page(one).html
        for one in ("/office/connections", f"/office/connections/edit?id={line_id}", "/office/log")
    ]
    assert not any(SECRET in page or "sealed" in page for page in pages)
    page = till.owner.page(f"/office/connections/edit?id={line_id}").forms
    there = f"/office/connections/edit?id={line_id}"
    elsewhere = till.owner.post(there, page[there], 422, url="https://evil.example.com")
    assert "enter the key once more" in PageRead(elsewhere.text).words


def test_what_the_till_changed_meanwhile_is_shown_beside_what_was_typed(till: EditedTill) -> None:
    path = f"/office/products/edit?id={product_id(4)}"
    form = till.owner.page(path).forms[path]
    edit_product(till, 4, name="Datteln", price="9.99")
    answer = till.owner.post(path, form, 409, name="Datteln, entsteint")
    shown = PageRead(answer.text)
    assert "Datteln, entsteint" in shown.words
    assert "9.99" in shown.words
    till.owner.post(path, shown.forms[path])
    till.hear()
    product = till.store.products.get(product_id(4))
    assert product is not None
    assert product.name == "Datteln, entsteint"
