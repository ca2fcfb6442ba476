"""The approval sheet of the checkout: masked PIN, reasons, codes, and what is wrong with them."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from pos_app.domain.approval import Action, ApprovalNeeded, ApprovalRequest
from pos_app.domain.approval_code import approval_code, read_secret, step_of, subject_of
from pos_app.domain.facts import FactKind
from pos_app.services.verification import verify
from pos_app.ui import theme
from pos_app.ui.approval_dialog import ApprovalDialog
from pos_app.ui.main_window import MainWindow
from pos_app.ui.presenters.amounts import amount_format
from pos_app.ui.presenters.approval_question import WITH_CODE, WITH_PIN
from pos_app.ui.presenters.approving import Approving
from pos_app.ui.presenters.checkout import CheckoutPresenter
from pos_app.ui.presenters.checkout_state import CheckoutState
from tests.services.staffed_shop import ANN, MAX, PINS, SAM, People, people
from tests.ui.at_once import Later, at_once
from tests.ui.conftest import PaperTray

MILK, BREAD = "4000000000001", "4000000000002"


class Desk:
    """A cashier at the checkout of a shop with staff."""

    def __init__(self, shop: People) -> None:
        self.shop = shop
        self.states: list[CheckoutState] = []
        self.receipts = PaperTray()
        self.presenter = CheckoutPresenter(
            shop.checkout, self.receipts, shop.checkout.shop, self.states.append
        )
        self.run = at_once
        self.presenter.sale.on_approval = lambda need, again: Approving(
            self.presenter.sale, shop.approvals, self.run
        ).ask(need, again)
        self.presenter.start()

    @property
    def state(self) -> CheckoutState:
        return self.presenter.state

    def type(self, text: str) -> None:
        for sign in text:
            self.presenter.entry.key_in(sign)

    def given(self) -> list[dict]:
        return [told["state"] for told in self.shop.told(FactKind.APPROVAL_GIVEN)]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    shop = people(tmp_path)
    shop.enter(ANN)
    yield Desk(shop)
    shop.store.close()
    assert verify(shop.path).is_sound


def half_price(desk: Desk) -> None:
    """Ask for half the price of the milk."""
    desk.presenter.entry.scan(MILK)
    desk.type("50")
    desk.presenter.lines.percent()


def test_a_gesture_with_figures_is_done_again_with_them_once_agreed(desk: Desk) -> None:
    half_price(desk)
    assert desk.state.sheet.kind == "approval"
    assert desk.state.sheet.about == "Discount · 50% · €0.75 · Äpfel".replace(
        "Äpfel", "\u2068Äpfel\u2069"
    )
    assert desk.state.entry.is_secret
    assert desk.state.rows[0].discount == ""
    desk.presenter.sheet.choose("reason:Damaged goods")
    assert desk.state.sheet.reason == "Damaged goods"
    desk.type(PINS[SAM])
    desk.presenter.entry.enter()
    assert desk.state.sheet.kind == "approval"  # the supervisor may give 30 % only
    assert "not the PIN of anybody" in desk.state.sheet.problem
    desk.type(PINS[MAX])
    assert desk.state.sheet.kind == "approval"  # PINs differ in length here: Enter ends one
    desk.presenter.entry.enter()
    assert desk.state.sheet.kind == ""
    assert not desk.state.entry.is_secret
    assert desk.state.entry.text == ""
    assert desk.state.rows[0].discount
    [given] = desk.given()
    assert (given["asker"], given["approver"], given["reason"]) == (ANN, MAX, "Damaged goods")


def test_esc_leaves_everything_as_it_was_and_the_next_scan_sells(desk: Desk) -> None:
    half_price(desk)
    desk.type("80")
    desk.presenter.entry.escape()
    assert (desk.state.sheet.kind, desk.state.entry.text) == ("", "")
    desk.presenter.entry.scan(BREAD)
    assert len(desk.state.rows) == 2
    assert desk.given() == []


def test_an_agreement_after_esc_does_nothing(desk: Desk) -> None:
    later = Later()
    desk.run = later
    half_price(desk)
    desk.type(PINS[MAX])
    desk.presenter.entry.enter()
    assert desk.state.sheet.is_busy
    desk.presenter.entry.escape()
    later.run()
    assert desk.state.rows[0].discount == ""
    assert desk.given() == []


def test_a_discount_from_its_sheet_comes_back_to_it(desk: Desk) -> None:
    desk.presenter.entry.scan(MILK)
    desk.presenter.lines.percent()
    desk.presenter.sheet.reason("Short date")
    desk.presenter.sheet.preset("50")
    assert desk.state.sheet.kind == "approval"
    desk.type(PINS[MAX])
    desk.presenter.entry.enter()
    assert desk.state.sheet.kind == ""
    line = desk.presenter.sale.cart.lines[0]
    assert (line.discount.percent, line.discount.reason) == (Decimal(50), "Short date")


def test_a_lowered_quantity_beyond_the_limit_waits_for_enter_and_approval(desk: Desk) -> None:
    desk.presenter.entry.scan(MILK)
    desk.presenter.lines.set_quantity(Decimal(90))  # 90 × 1.49
    desk.presenter.entry.times()
    desk.type("1")
    assert desk.state.rows[0].quantity == "90"
    desk.presenter.press("F12")
    assert "quantity is now 90" in " ".join(n.text for n in desk.state.notices)
    desk.presenter.entry.times()
    desk.type("1")
    desk.presenter.entry.enter()
    assert desk.state.sheet.kind == "approval"
    desk.presenter.entry.scan("not a badge at all")
    assert "nobody's badge" in desk.state.sheet.problem
    desk.type(PINS[MAX])
    desk.presenter.entry.enter()
    assert desk.state.rows[0].quantity == "1"
    [told] = desk.shop.told(FactKind.QUANTITY_LOWERED)
    assert (told["before"], told["after"], told["amount"]) == ("90", "1", 89 * 149)


def test_a_quantity_typed_sign_by_sign_is_lowered_once_or_not_at_all(desk: Desk) -> None:
    desk.presenter.entry.scan(MILK)
    desk.presenter.lines.set_quantity(Decimal(5))
    desk.presenter.entry.times()
    desk.type("12")
    desk.presenter.entry.enter()
    assert desk.shop.told(FactKind.QUANTITY_LOWERED) == []
    desk.presenter.entry.times()
    desk.type("3")
    desk.presenter.entry.scan(BREAD)
    [told] = desk.shop.told(FactKind.QUANTITY_LOWERED)
    assert (told["before"], told["after"]) == ("12", "3")


def test_a_code_by_phone_approves_and_a_wrong_one_is_a_sentence(desk: Desk) -> None:
    shop = desk.shop
    half_price(desk)
    desk.presenter.sheet.choose(WITH_CODE)
    assert "Nobody has a key" in desk.state.sheet.problem
    key = shop.staff.new_code_key(shop.member(MAX).id)
    desk.presenter.sheet.choose(WITH_CODE)
    lines = {row.name: row.code for row in desk.state.sheet.rows}
    assert (lines["Till"], lines["Action"], lines["Amount"]) == (
        "1", "Discount (discount)", "€0.75",
    )  # fmt: skip
    assert not desk.state.entry.is_secret
    desk.type("12345678")
    desk.presenter.entry.enter()
    assert "not for this till" in desk.state.sheet.problem
    challenge = lines["Challenge"].replace(" ", "")
    need = ApprovalRequest(Action.DISCOUNT, shop_money(75), Decimal(50), "Äpfel")
    code = approval_code(read_secret(key), subject_of(need, "1", challenge), step_of(shop.clock()))
    desk.type(code)
    desk.presenter.entry.enter()
    assert desk.state.sheet.kind == ""
    assert desk.given()[0]["how"] == "code"


def test_one_may_turn_back_from_the_code_to_the_pin(desk: Desk) -> None:
    desk.shop.staff.new_code_key(desk.shop.member(MAX).id)
    half_price(desk)
    desk.presenter.sheet.choose(WITH_CODE)
    desk.presenter.sheet.choose(WITH_PIN)
    assert desk.state.sheet.rows == ()
    assert desk.state.entry.is_secret


def shop_money(minor: int):  # type: ignore[no-untyped-def]
    from pos_app.domain.money import Money

    return Money(minor, "EUR")


def test_the_window_masks_the_pin_and_shows_reasons_to_touch(
    desk: Desk, qtbot: QtBot, qapp: QApplication
) -> None:
    theme.apply_theme(qapp, theme.LIGHT)
    window = MainWindow()
    qtbot.addWidget(window)
    window.resize(1024, 768)
    desk.presenter.sale._on_state = window.show_state
    window.attach(desk.presenter)
    window.make_all()
    window.show()
    half_price(desk)
    entry = window.checkout.entry
    assert entry.echoMode() is QLineEdit.EchoMode.Password
    body = window.checkout.sheet_panel().body("approval")
    body.reasons.button("Goodwill").click()
    assert desk.state.sheet.reason == "Goodwill"
    desk.type(PINS[MAX])
    body.approve.click()
    assert entry.echoMode() is QLineEdit.EchoMode.Normal
    assert desk.given()[0]["reason"] == "Goodwill"


def test_the_dialog_of_the_office_asks_the_same(desk: Desk, qtbot: QtBot) -> None:
    granted: list[str] = []
    shop = desk.shop
    need = ApprovalNeeded(replace(ApprovalRequest(Action.CASH_OUT), about="Window cleaner"))
    dialog = ApprovalDialog(
        need, shop.approvals, at_once, amount_format(shop.checkout.shop),
        reasons=("Goodwill",), on_granted=lambda: granted.append("done"),
    )  # fmt: skip
    qtbot.addWidget(dialog)
    dialog.open()
    dialog.entry.setText(PINS[ANN])
    dialog._enter()
    assert "not the PIN" in dialog.question.view.problem
    dialog.take_scan("98" + "0" * 18)
    assert "nobody's badge" in dialog.question.view.problem
    dialog.content.reasons.button("Goodwill").click()
    dialog.entry.setText(PINS[MAX])
    dialog._enter()
    assert granted == ["done"]
    assert not dialog.isVisible()
