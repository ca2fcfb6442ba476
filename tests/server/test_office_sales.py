"""Numbers that stand for ids, and what stock is worth where nobody said."""

from dataclasses import replace
from decimal import Decimal

from pos_app.domain.facts import product_saved
from pos_app.domain.money import Money
from pos_app.domain.stock import MoveReason, StockMove
from pos_app.server.database import Office
from pos_app.server.office_desk import OfficeDesk
from pos_app.server.series import give_number, ids_of_numbers, number_of, numbers_for
from pos_app.server.stock_values import change_stock_values, stock_value
from tests.server.offices import NOW, SHOP
from tests.store.shops import product

KIND = "thing"


def test_many_numbers_at_once_go_on_from_the_last_and_pass_over_those_given(
    office: Office, company_id: str
):
    with office.company(company_id) as connection:
        where = connection, company_id, KIND
        give_number(*where, 1, "a")
        give_number(*where, 4, "d")
        assert numbers_for(*where, ["x", "a", "y", "x", "z"]) == {"a": 1, "x": 2, "y": 3, "z": 5}
        assert number_of(*where, "next") == 6
        assert numbers_for(*where, []) == {}
        many = [f"many {number}" for number in range(1200)]
        assert numbers_for(*where, many) == {name: 7 + at for at, name in enumerate(many)}
        assert numbers_for(*where, many[::-1])[many[0]] == 7
        assert ids_of_numbers(*where, [1, 2, 99_999]) == {1: "a", 2: "x"}


def test_stock_is_worth_what_it_costs_until_an_api_says_otherwise(office: Office, company_id: str):
    bolt = replace(product(1), cost=Decimal("0.75"))
    with office.company(company_id) as connection:
        desk = OfficeDesk(connection, company_id, SHOP, "test", NOW)
        desk.tell(product_saved(bolt))
        desk.move_stock((StockMove(bolt.id, "shop", Decimal(10), MoveReason.OPENING),))
        desk.close()
        where = connection, company_id
        assert stock_value(*where, bolt, "EUR") == Money(750, "EUR")
        assert stock_value(*where, replace(bolt, id="?"), "EUR") == Money(0, "EUR")
        less, more = Money(-1000, "EUR"), Money(40, "EUR")
        change_stock_values(*where, [(bolt, less), (bolt, more)], "EUR")
        # Never below nothing in between, so the second change counts from there.
        assert stock_value(*where, bolt, "EUR") == more
