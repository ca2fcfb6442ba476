"""Taking goods back at the counter: what the sheet offers, what is refused and in which words."""

from decimal import Decimal

import pytest

from pos_app.domain.money import Money
from pos_app.domain.receipt_code import receipt_code_text
from pos_app.domain.sale import Sale
from tests.ui.conftest import BREAD, COFFEE, MILK, Till


def sold(till: Till, *codes: str, key: str = "F12") -> Sale:
    till.scan(*codes)
    till.press(key)
    return till.receipts.printed[-1][0]


def code_of(sale: Sale) -> str:
    return receipt_code_text(sale.number, sale.id)


def test_the_sheet_lists_what_can_still_come_back(till: Till) -> None:
    sale = sold(till, MILK, MILK, BREAD)
    till.scan(code_of(sale))
    assert [row.name for row in till.state.sheet.rows] == ["Whole milk", "Rye bread"]
    assert till.state.sheet.rows[0].code == "2 of 2 can come back"
    till.scan(MILK)
    assert till.state.sheet.rows[0].code == "1 of 2 can come back"
    assert till.state.total.is_refund
    assert "1.19" in till.state.total.total


def test_a_number_before_the_item_gives_back_as_many(till: Till) -> None:
    sale = sold(till, MILK, MILK, MILK)
    till.scan(code_of(sale))
    till.keys("2")
    till.scan(MILK)
    till.press("F12")
    back = till.receipts.printed[-1][0]
    assert back.lines[0].quantity == -2
    assert back.lines[0].returns is not None
    assert back.lines[0].returns.reason == "Does not fit"


def test_more_than_was_sold_is_refused_and_the_cart_stays(till: Till) -> None:
    sale = sold(till, MILK)
    till.scan(code_of(sale), MILK, MILK)
    assert "has come back already" in till.told
    assert till.state.rows[0].quantity in ("-1", "−1")


def test_a_receipt_twice_says_that_everything_came_back(till: Till) -> None:
    sale = sold(till, MILK)
    till.scan(code_of(sale), MILK)
    till.press("F12")
    till.scan(code_of(sale))
    assert "Everything of 1-000001 has come back already." in till.told


def test_a_receipt_of_another_shop_is_told_and_selling_goes_on(till: Till) -> None:
    sale = sold(till, MILK)
    till.scan(receipt_code_text(sale.number, "0123456789abcdef0123456789abcdef"))
    assert "another shop" in till.told
    till.scan(BREAD)
    assert [row.name for row in till.state.rows] == ["Rye bread"]


def test_an_unknown_receipt_is_told(till: Till) -> None:
    till.scan(receipt_code_text("9-004711", "0123456789abcdef0123456789abcdef"))
    assert "9-004711 was not made at this till" in till.told


def test_spoilt_goods_leave_the_stock_again(till: Till) -> None:
    sale = sold(till, MILK)
    product = sale.lines[0].product_id or ""
    before = till.store.stock.level(product, "shop")
    till.scan(code_of(sale))
    till.presenter.sheet.reason("Faulty")
    till.scan(MILK)
    till.press("F12")
    assert till.store.stock.level(product, "shop") == before


def test_goods_scanned_onto_a_return_make_an_exchange(till: Till) -> None:
    sale = sold(till, BREAD)
    till.scan(code_of(sale), BREAD)
    till.presenter.sheet.close()
    till.scan(COFFEE)
    till.press("F12")
    exchange = till.receipts.printed[-1][0]
    assert exchange.kind == "exchange"
    assert exchange.gross == Money.of(Decimal("4.19"), "EUR")


def test_goods_already_in_the_cart_can_be_exchanged_for_those_of_a_receipt(till: Till) -> None:
    sale = sold(till, BREAD)
    till.scan(COFFEE, code_of(sale), BREAD)
    till.press("F11")
    exchange = till.receipts.printed[-1][0]
    assert [line.quantity for line in exchange.lines] == [1, -1]


def test_the_refund_goes_to_the_card_it_came_from(till: Till) -> None:
    sale = sold(till, BREAD, key="F11")
    till.scan(code_of(sale), BREAD)
    till.presenter.returns.refund()
    back = till.receipts.printed[-1][0]
    assert [(t.method, t.amount.minor) for t in back.tenders] == [("card", -480)]


def test_a_part_typed_is_paid_back_in_cash_and_the_rest_by_card(till: Till) -> None:
    sale = sold(till, BREAD)
    till.scan(code_of(sale), BREAD)
    till.presenter.sheet.close()
    till.keys("3.00")
    till.press("F12", "F11")
    back = till.receipts.printed[-1][0]
    assert sorted((t.method.value, t.amount.minor) for t in back.tenders) == [
        ("card", -180),
        ("cash", -300),
    ]


def test_a_void_is_told_with_its_number_and_only_once(till: Till) -> None:
    sale = sold(till, MILK, BREAD)
    till.presenter.cancel()
    till.presenter.sheet.choose("Wrong payment")
    void = till.receipts.printed[-1][0]
    assert void.voids == sale.id
    assert f"{sale.number} is void" in till.told
    till.presenter.voids.open_last()
    till.presenter.sheet.choose("Wrong payment")
    assert "is itself a void" in till.told


def test_undoing_a_sale_again_prints_nothing_and_names_the_void(till: Till) -> None:
    sale = sold(till, MILK)
    till.presenter.voids.ask(sale)
    till.presenter.sheet.choose("Wrong payment")
    printed = len(till.receipts.printed)
    void = till.receipts.printed[-1][0]
    till.presenter.voids.ask(sale)
    assert f"was voided already, with {void.number}" in till.told
    assert len(till.receipts.printed) == printed


@pytest.mark.parametrize("text", ["", "   ", "nonsense", "9" * 60, "1-000001'; --"])
def test_a_wrong_number_is_a_sentence(till: Till, text: str) -> None:
    till.presenter.returns.ask()
    till.presenter.entry.type_text(text)
    till.presenter.entry.enter()
    assert "was not made at this till" in till.told
