"""The sheets of steps on a real store in real windows: what is entered happens, wrong is told."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pos_app.domain.approval import Action, ApprovalNeeded, ApprovalRequest
from pos_app.domain.delivery_note import DeliveryNote
from pos_app.domain.document import line_of
from pos_app.domain.invoice import Invoice, InvoiceState
from pos_app.domain.order import Order, OrderAction, OrderLine, OrderState
from pos_app.domain.quotation import QuotationAction, QuotationState
from pos_app.domain.sales_return import SalesReturn
from pos_app.domain.stock import MoveReason, StockMove
from pos_app.domain.taking_back import Back, ReturnTerms
from pos_app.services.document_records import ORDER, QUOTATION
from pos_app.ui.document_steps import TRANSPORT
from tests.services.document_office import LAPTOP, PAPER
from tests.ui.controls import check_controls
from tests.ui.document_desks import (
    StepDesk,
    errors,
    message,
    quantity,
    step_desk,
    type_into,
)


@pytest.fixture
def desk(tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> Iterator[StepDesk]:
    with step_desk(tmp_path, qtbot, qapp) as made:
        yield made


def test_a_quotation_is_approved_with_a_remark(desk: StepDesk) -> None:
    quotation = desk.office.quotations.submit(desk.office.quotation())
    sheet = desk.open(quotation, QuotationAction.APPROVE)
    type_into(sheet, "remark", "fine by me")
    sheet.press("done")
    assert desk.done[0].state is QuotationState.APPROVED
    assert desk.done[0].decision == "fine by me"
    assert not sheet.isVisible()


def test_an_order_is_made_of_a_quotation_and_a_day_before_it_is_told_at_the_field(
    desk: StepDesk,
) -> None:
    quotations = desk.office.quotations
    quotation = quotations.decide(quotations.submit(desk.office.quotation()), True)
    sheet = desk.open(quotation, QuotationAction.ORDER)
    type_into(sheet, "deliver_by", "+7")
    sheet.press("done")
    order = desk.done[0]
    assert isinstance(order, Order)
    assert order.deliver_by == date(2023, 6, 8)


def test_an_order_needs_a_reason_to_be_cancelled(desk: StepDesk) -> None:
    sheet = desk.open(desk.office.order(), OrderAction.CANCEL)
    sheet.press("done")
    assert sheet.isVisible()
    assert "why" in errors(sheet)["reason"]
    type_into(sheet, "reason", "out of business")
    assert not errors(sheet)
    sheet.press("done")
    assert desk.done[0].state is OrderState.CANCELLED


def test_everything_open_is_delivered_at_once_unless_less_is_typed(desk: StepDesk) -> None:
    order = desk.office.order(10)
    sheet = desk.open(order, OrderAction.DELIVER)
    quantity(sheet, "4")
    type_into(sheet, "carrier", "Red Van")
    type_into(sheet, "tracking", "RV 1")
    sheet.press("done")
    note = desk.done[0]
    assert isinstance(note, DeliveryNote)
    assert [line.line.quantity for line in note.lines] == [Decimal(4), Decimal(3)]
    assert (note.carrier, note.tracking) == ("Red Van", "RV 1")
    assert desk.office.level() == 96
    assert desk.office.now(order).state is OrderState.PARTIALLY_DELIVERED


def test_more_than_is_open_is_told_at_the_line_and_stays_typed(desk: StepDesk) -> None:
    sheet = desk.open(desk.office.order(10), OrderAction.DELIVER)
    quantity(sheet, "11")
    sheet.press("done")
    assert sheet.quantities is not None
    marked = sheet._form.plan.quantities.marked_line()  # type: ignore[union-attr]
    assert marked is not None
    assert "10" in marked.error
    assert marked.quantity == "11"
    assert sheet.quantities.quantity.text() == "11"
    assert sheet.isVisible()
    assert not desk.done


@pytest.mark.parametrize("text", ["-1", "1.5", "many"])
def test_a_quantity_that_cannot_be_is_told_at_the_line(desk: StepDesk, text: str) -> None:
    sheet = desk.open(desk.office.order(10), OrderAction.DELIVER)
    quantity(sheet, text)
    sheet.press("done")
    marked = sheet._form.plan.quantities.marked_line()  # type: ignore[union-attr]
    assert marked is not None
    assert marked.error
    assert not desk.done


def test_a_wrong_line_leaves_the_cursor_where_somebody_types(desk: StepDesk) -> None:
    sheet = desk.open(desk.office.order(10), OrderAction.DELIVER)
    quantity(sheet, "many")
    type_into(sheet, "carrier", "Red Van")
    assert sheet.field("carrier").text() == "Red Van"  # type: ignore[union-attr]


def test_nothing_chosen_is_said_and_all_of_it_is_one_touch(desk: StepDesk) -> None:
    sheet = desk.open(desk.office.order(10), OrderAction.DELIVER)
    assert sheet.quantities is not None
    sheet.quantities.none.click()
    sheet.press("done")
    assert "at least one line" in message(sheet)
    sheet.quantities.all.click()
    sheet.press("done")
    assert desk.office.level() == 90


def test_enter_goes_from_line_to_line_and_ctrl_enter_takes_the_step(desk: StepDesk) -> None:
    sheet = desk.open(desk.office.order(10), OrderAction.DELIVER)
    assert sheet.quantities is not None
    entry = sheet.quantities.quantity
    quantity(sheet, "2")
    QTest.keyClick(entry, Qt.Key.Key_Return)
    assert entry.text() == "3"
    QTest.keyClicks(entry, "1")
    QTest.keyClick(sheet, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    note = desk.done[0]
    assert [line.line.quantity for line in note.lines] == [Decimal(2), Decimal(1)]


def test_a_scanned_item_marks_its_line(desk: StepDesk) -> None:
    sheet = desk.open(desk.office.order(10), OrderAction.DELIVER)
    sheet.take_scan("PROD002")
    assert sheet._form.plan.quantities.marked == "2"  # type: ignore[union-attr]
    sheet.take_scan("4006381333931")
    assert "not on this list" in message(sheet)


def test_what_is_not_in_stock_is_told_and_another_place_keeps_what_was_typed(
    desk: StepDesk,
) -> None:
    order = desk.office.order(150)
    sheet = desk.open(order, OrderAction.DELIVER)
    sheet.press("done")
    assert "Only 100 of Laptop" in message(sheet)
    quantity(sheet, "90")
    sheet.press("done")
    assert desk.office.level() == 10


def test_a_delivery_before_its_order_and_a_day_that_is_none_are_told_at_the_date(
    desk: StepDesk,
) -> None:
    sheet = desk.open(desk.office.order(10), OrderAction.DELIVER)
    for wrong, words in (
        ("2023-05-01", "before"),
        ("soon", "not a date"),
        ("2203-06-01", "far away"),
        ("", "Enter the date"),
    ):
        sheet._form.change("day", wrong)
        sheet.press("done")
        assert words in errors(sheet)["day"]
    assert not desk.done


def test_a_wrong_line_and_a_wrong_day_are_told_together(desk: StepDesk) -> None:
    sheet = desk.open(desk.office.order(10), OrderAction.DELIVER)
    quantity(sheet, "11")
    sheet._form.change("day", "2023-05-01")
    sheet.press("done")
    assert "01/05/2023 is before 01/06/2023" in errors(sheet)["day"]
    line = sheet._form.plan.quantities.marked_line()  # type: ignore[union-attr]
    assert line is not None
    assert line.error


@pytest.mark.parametrize("text", ["x" * 501, "a\x07b", "\ud800"])
def test_a_text_that_no_paper_can_show_is_told_at_its_field(desk: StepDesk, text: str) -> None:
    sheet = desk.open(desk.office.order(), OrderAction.CANCEL)
    sheet._form.change("reason", text)
    sheet.press("done")
    assert errors(sheet)["reason"]
    assert sheet._form.text("reason") == text
    assert not desk.done


def test_what_was_delivered_is_invoiced_or_what_was_ordered(desk: StepDesk) -> None:
    order = desk.office.order(10)
    desk.office.notes.deliver(order, {"1": Decimal(4)})
    sheet = desk.open(desk.office.now(order), OrderAction.INVOICE)
    form = sheet._form.plan.quantities
    assert form is not None
    assert [(one.key, one.most) for one in form.lines] == [("1", Decimal(4))]
    sheet._form.change("basis", "ordered")
    form = sheet._form.plan.quantities
    assert form is not None
    assert [one.most for one in form.lines] == [Decimal(10), Decimal(3)]
    sheet._form.change("basis", "delivered")
    sheet.press("done")
    invoice = desk.done[0]
    assert isinstance(invoice, Invoice)
    assert invoice.state is InvoiceState.UNPAID
    assert [line.line.quantity for line in invoice.lines] == [Decimal(4)]


def test_goods_come_back_with_a_reason_and_spoilt_ones_leave_the_stock_again(
    desk: StepDesk,
) -> None:
    order = desk.office.order(10)
    note = desk.office.notes.deliver(order, {"1": Decimal(4)})
    sheet = desk.open(desk.office.now(order), OrderAction.TAKE_BACK)
    sheet._form.change("delivery", note.head.id)
    assert sheet.quantities is not None
    quantity(sheet, "2")
    sheet.quantities.reason.setCurrentText("Faulty")
    sheet.quantities.reason.activated.emit(sheet.quantities.reason.currentIndex())
    assert sheet.quantities.spoilt.isChecked()
    sheet.press("done")
    back = desk.done[0]
    assert isinstance(back, SalesReturn)
    assert back.delivery_number == note.head.number
    assert (back.lines[0].reason, back.lines[0].is_spoilt) == ("Faulty", True)
    assert desk.office.level() == 96


def test_more_than_went_out_cannot_come_back(desk: StepDesk) -> None:
    order = desk.office.order(10)
    desk.office.notes.deliver(order, {"1": Decimal(4)})
    sheet = desk.open(desk.office.now(order), OrderAction.TAKE_BACK)
    quantity(sheet, "5")
    sheet.press("done")
    marked = sheet._form.plan.quantities.marked_line()  # type: ignore[union-attr]
    assert marked is not None
    assert "Only 4" in marked.error


def test_what_came_back_of_a_delivery_does_not_come_back_again(desk: StepDesk) -> None:
    office = desk.office
    order = office.order(10)
    note = office.notes.deliver(order, {"1": Decimal(4)})
    office.notes.deliver(office.now(order), {"1": Decimal(6)})
    terms = ReturnTerms("no", delivery_id=note.head.id, delivery_number=note.head.number)
    office.returns.take_back(office.now(order), {"1": Back(Decimal(3))}, terms)
    sheet = desk.open(office.now(order), OrderAction.TAKE_BACK)
    assert sheet._form.plan.quantities.lines[0].most == 7  # type: ignore[union-attr]
    sheet._form.change("delivery", note.head.id)
    assert sheet._form.plan.quantities.lines[0].most == 1  # type: ignore[union-attr]


def test_the_carrier_can_be_added_later(desk: StepDesk) -> None:
    note = desk.office.notes.deliver(desk.office.order(10), {"1": Decimal(4)})
    sheet = desk.open(note, TRANSPORT)
    type_into(sheet, "tracking", "AB 12")
    sheet.press("done")
    assert desk.done[0].tracking == "AB 12"


def test_a_document_that_was_changed_meanwhile_is_told_and_what_was_typed_stays(
    desk: StepDesk,
) -> None:
    order = desk.office.order(10)
    sheet = desk.open(order, OrderAction.DELIVER)
    quantity(sheet, "7")
    desk.office.notes.deliver(order, {"1": Decimal(4)})
    sheet.press("done")
    assert "changed meanwhile" in message(sheet)
    assert sheet.quantities is not None
    assert sheet.quantities.quantity.text() == "7"
    assert sheet.isVisible()
    assert desk.office.level() == 96


def test_an_approval_is_asked_for_and_the_step_goes_on_when_it_is_given(
    desk: StepDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = desk.office.order(10)
    asked: list[tuple[ApprovalNeeded, Any]] = []
    need = ApprovalNeeded(ApprovalRequest(Action.NEGATIVE_STOCK))
    deliver = desk.cases.deliveries.deliver

    def refuse(*_args: object, **_more: object) -> None:
        raise need

    monkeypatch.setattr(desk.cases.deliveries, "deliver", refuse)
    sheet = desk.open(order, OrderAction.DELIVER, ask=lambda why, again: asked.append((why, again)))
    sheet.press("done")
    assert asked[0][0] is need
    assert sheet.isVisible()
    monkeypatch.setattr(desk.cases.deliveries, "deliver", deliver)
    asked[0][1]()
    assert not sheet.isVisible()
    assert desk.office.level() == 90


def test_esc_asks_only_when_something_was_typed(desk: StepDesk) -> None:
    order = desk.office.order(10)
    sheet = desk.open(order, OrderAction.CANCEL)
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert not sheet.isVisible()
    sheet = desk.open(order, OrderAction.CANCEL)
    type_into(sheet, "reason", "no")
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert sheet.isVisible()
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert not sheet.isVisible()


@pytest.mark.parametrize("action", [OrderAction.DELIVER, OrderAction.TAKE_BACK, OrderAction.CANCEL])
def test_every_control_has_a_name_and_none_answers_to_enter(
    desk: StepDesk, action: OrderAction
) -> None:
    order = desk.office.order(2)
    if action is OrderAction.TAKE_BACK:
        desk.office.notes.deliver(order, {"1": Decimal(2)})
    check_controls(desk.open(desk.office.now(order), action))


def test_an_action_that_asks_for_nothing_has_no_sheet(desk: StepDesk) -> None:
    order = desk.office.order(1)
    with pytest.raises(ValueError, match="delete"):
        desk.open(order, OrderAction.DELETE)
    assert desk.office.orders.get(ORDER, order.head.id) == order
    assert QUOTATION.name == "quotation"
    assert LAPTOP.code == "PROD001"


def test_five_hundred_lines_are_delivered_elsewhere_and_the_sheet_closes(
    desk: StepDesk, qtbot: QtBot
) -> None:
    office = desk.office
    lines = tuple(OrderLine(line_of(PAPER, f"{place}", Decimal(1))) for place in range(1, 501))
    order = office.orders.create(replace(office.orders.draft(office.customer), lines=lines))
    order = office.orders.decide(order, True)
    with office.store.transaction() as tx:
        office.checkout.move_stock_in(
            tx, (StockMove(PAPER.id, "shop", Decimal(399), MoveReason.FOUND),)
        )
    sheet = desk.open(order, OrderAction.DELIVER)
    sheet.press("done")
    assert sheet._form.is_busy
    qtbot.waitUntil(lambda: not sheet._form.is_busy)
    assert "Only 499 of Paper" in message(sheet)
    quantity(sheet, "0")
    sheet.press("done")
    qtbot.waitUntil(lambda: not sheet.isVisible())
    assert len(desk.done[0].lines) == 499
