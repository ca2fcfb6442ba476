"""Stock at head office: quantities are exact, and sums of what each till moved."""

from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.facts import FactKind
from pos_app.domain.payloads import text
from pos_app.server.database import Office
from pos_app.server.stock_sums import QuantityUnreadable, micro_of, moves_told, sum_moves
from pos_app.server.tables import companies, stock_levels
from tests.server.paper_tills import PaperTill, new_company
from tests.server.told_tills import judge_all, levels, push, sale_payload, waiting


def moves(*told: tuple[str, str, str]) -> dict[str, object]:
    named = [{"product": one, "location": two, "quantity": three} for one, two, three in told]
    return {"moves": named}


@given(st.decimals(-(10**9), 10**9, places=6))
def test_a_quantity_is_counted_in_whole_millionths(quantity: Decimal) -> None:
    assert Decimal(micro_of(text(quantity))) == quantity * 1_000_000


@pytest.mark.parametrize("wrong", ["", "x", "NaN", "Infinity", "1e999999", "0.0000001", "1" * 40])
def test_what_is_no_quantity_is_refused(wrong: str) -> None:
    with pytest.raises(QuantityUnreadable):
        micro_of(wrong)


def test_movements_are_read_from_lists_and_not_from_settings() -> None:
    told = {"moves": [{"product": "p", "location": "shop", "quantity": "2", "more": 1}]}
    assert sum_moves(moves_told(told)) == {("p", "shop"): 2_000_000}
    assert moves_told({"stock": {"warns": True}}) == ()
    with pytest.raises(msgspec.ValidationError):
        moves_told({"moves": ["p"]})


def test_what_goes_out_and_what_comes_in_is_one_sum_a_place_and_till(
    shared_office: Office,
) -> None:
    company = new_company(shared_office)
    till = PaperTill().enrol(shared_office, company)
    till.tell(FactKind.STOCK_MOVED, moves(("p", "shop", "10"), ("p", "shop", "-2.5")))
    till.tell(FactKind.STOCK_MOVED, moves(("p", "cellar", "4")))
    till.tell(FactKind.STOCK_MOVED, moves(("p", "shop", "-1")))
    push(shared_office, till)
    judge_all(shared_office, company, limit=1)
    assert levels(shared_office, company) == {
        ("p", "shop", till.till_id): 6_500_000,
        ("p", "cellar", till.till_id): 4_000_000,
    }


def test_a_movement_that_cannot_be_read_moves_nothing(shared_office: Office) -> None:
    company = new_company(shared_office)
    till = PaperTill().enrol(shared_office, company)
    till.tell(FactKind.STOCK_MOVED, moves(("p", "shop", "10"), ("p", "shop", "many")))
    till.tell(FactKind.STOCK_MOVED, moves(("p", "shop", "1")))
    sale = sale_payload("1", 1)
    sale["stock"][0]["quantity"] = "0.0000001"
    till.tell(FactKind.SALE_COMPLETED, sale)
    push(shared_office, till)
    judge_all(shared_office, company)
    assert levels(shared_office, company) == {("p", "shop", till.till_id): 1_000_000}
    assert [row.seq for row in waiting(shared_office, company)] == [1, 3]


def test_each_change_of_a_sum_has_a_revision_that_tills_can_go_on_from(
    shared_office: Office,
) -> None:
    company = new_company(shared_office)
    till = PaperTill().enrol(shared_office, company)
    seen = []
    for product in ("p", "q", "p"):
        till.tell(FactKind.STOCK_MOVED, moves((product, "shop", "1")))
        push(shared_office, till, first=len(till.journal))
        judge_all(shared_office, company)
        with shared_office.company(company) as connection:
            revision = connection.execute(
                companies.select().where(companies.c.company_id == company)
            ).one()
            rows = connection.execute(
                stock_levels.select().where(stock_levels.c.company_id == company)
            ).all()
        assert max(row.revision for row in rows) == revision.revision
        seen.append(sorted((row.product_id, row.revision) for row in rows))
    assert seen == [[("p", 1)], [("p", 1), ("q", 2)], [("p", 3), ("q", 2)]]
