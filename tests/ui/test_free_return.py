"""Returns without a receipt and by the customer: what is offered, kept, reserved and refused."""

from decimal import Decimal

import pytest

from pos_app.domain.approval import Action, ApprovalNeeded, ApprovalRequest
from tests.ui.conftest import BREAD, COFFEE, MILK, Till
from tests.ui.test_returning import code_of, sold


def more(till: Till, key: str) -> None:
    till.presenter.press("Ctrl+M")
    till.presenter.sheet.choose(key)


def test_goods_without_a_receipt_are_paid_back_in_cash_with_the_strange_number(till: Till) -> None:
    more(till, "free_return")
    till.presenter.entry.type_text("K-4711")
    till.presenter.entry.enter()
    assert "K-4711" in till.state.sheet.about
    till.presenter.sheet.reason("Faulty")
    till.keys("2")
    till.scan(MILK)
    till.presenter.entry.enter()
    back = till.receipts.printed[-1][0]
    [line] = back.lines
    assert line.returns is not None
    assert (back.kind, line.quantity, line.returns.reason) == ("return", Decimal(-2), "Faulty")
    assert (line.returns.sale_id, line.returns.sale_number) == (None, "K-4711")
    assert [t.method for t in back.tenders] == ["cash"]


def test_goods_without_a_receipt_beside_sold_ones_make_an_exchange(till: Till) -> None:
    till.scan(COFFEE)
    more(till, "free_return")
    till.scan(BREAD)
    till.presenter.sheet.close()
    till.press("F12")
    assert till.receipts.printed[-1][0].kind == "exchange"


class Reserved:
    """Lets nothing come back without a receipt until somebody agrees."""

    def __init__(self) -> None:
        self.is_granted = False
        self.asked: list[ApprovalRequest] = []

    def require(self, request: ApprovalRequest, tx: object = None) -> None:
        if request.action is Action.RETURN_WITHOUT_RECEIPT and not self.is_granted:
            self.asked.append(request)
            raise ApprovalNeeded(request)

    def allows(self, request: ApprovalRequest) -> bool:
        return request.action is not Action.RETURN_WITHOUT_RECEIPT

    def has_staff(self) -> bool:
        return True


def test_the_policy_is_asked_and_the_scan_goes_on_when_somebody_agreed(till: Till) -> None:
    authority = Reserved()
    till.checkout.authority = authority
    waiting = []
    till.presenter.sale.on_approval = lambda _need, again: waiting.append(again)
    more(till, "free_return")
    till.scan(MILK)
    assert till.state.rows == ()
    authority.is_granted = True
    waiting.pop()()
    assert [row.name for row in till.state.rows] == ["Whole milk"]


@pytest.mark.parametrize("text", ["Muller", "mul"])
def test_a_receipt_is_found_by_its_customer(till: Till, text: str) -> None:
    till.scan("99001")
    sale = sold(till, MILK, BREAD)
    more(till, "receipts_of")
    till.presenter.entry.type_text(text)
    assert [row.name for row in till.state.sheet.rows] == ["Muller & Sons"]
    till.presenter.entry.enter()
    assert till.state.sheet.title == "Receipts of Muller & Sons"
    assert sale.number in till.state.sheet.rows[0].name
    till.presenter.entry.enter()
    assert sale.number in till.state.sheet.title
    till.scan(MILK)
    till.press("F12")
    assert till.store.sales.returned(sale.id, 1) == 1


def test_the_customers_card_opens_their_receipts_at_once(till: Till) -> None:
    till.scan("99001")
    sale = sold(till, MILK)
    more(till, "receipts_of")
    till.scan("99001")
    assert sale.number in till.state.sheet.rows[0].name


def test_without_a_receipt_waits_for_the_return_that_is_on_the_screen(till: Till) -> None:
    sale = sold(till, MILK, BREAD)
    till.scan(code_of(sale), MILK)
    more(till, "free_return")
    assert f"Finish the return of {sale.number} first" in till.told
