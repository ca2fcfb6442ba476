"""The steps of invoices in real windows: money in and out, another day, reminders, credit."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QDate
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QCalendarWidget
from pytestqt.qtbot import QtBot

from pos_app.domain.invoice import InvoiceAction, InvoiceState
from pos_app.domain.money import Money
from pos_app.services.document_records import INVOICE
from pos_app.ui.day_field import DayField
from tests.ui.document_desks import (
    StepDesk,
    errors,
    invoiced,
    step_desk,
    type_into,
)


@pytest.fixture
def desk(tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> Iterator[StepDesk]:
    with step_desk(tmp_path, qtbot, qapp) as made:
        yield made


def test_a_payment_begins_with_the_balance_and_may_be_a_part(desk: StepDesk) -> None:
    invoice = invoiced(desk)
    sheet = desk.open(invoice, InvoiceAction.RECEIVE)
    assert sheet.field("amount").text() == "209,97"
    type_into(sheet, "amount", "50,00")
    type_into(sheet, "remark", "transfer 7")
    sheet.press("done")
    paid = desk.done[0]
    assert paid.state is InvoiceState.PARTIALLY_PAID
    assert paid.payments[0].amount == Money(5000, "EUR")


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("amount", "9999", "is owed"),
        ("amount", "0", "not possible"),
        ("amount", "-5", "not possible"),
        ("amount", "1,234,5", "not a number"),
        ("amount", "1,005", "places"),
        ("amount", "", "Enter the amount"),
        ("day", "2023-05-01", "before the invoice"),
        ("day", "2024-05-01", "Check the two dates"),
        ("remark", "x" * 501, "500"),
    ],
)
def test_a_payment_that_cannot_be_is_told_at_its_field(
    desk: StepDesk, field: str, text: str, words: str
) -> None:
    sheet = desk.open(invoiced(desk), InvoiceAction.RECEIVE)
    sheet._form.change(field, text)
    sheet.press("done")
    assert words in errors(sheet)[field]
    assert sheet._form.text(field) == text
    assert not desk.done


def test_cash_and_cards_are_taken_at_the_till(desk: StepDesk) -> None:
    carts: list[Any] = []
    invoice = invoiced(desk)
    sheet = desk.open(invoice, InvoiceAction.RECEIVE, sell=carts.append)
    type_into(sheet, "amount", "20")
    sheet.press("till")
    assert carts[0].lines[0].unit_price == 20
    assert not desk.done
    assert not sheet.isVisible()


def test_money_paid_too_much_goes_back(desk: StepDesk) -> None:
    invoice = invoiced(desk)
    office = desk.office
    sheet = desk.open(invoice, InvoiceAction.RECEIVE)
    sheet.press("done")
    office.returns.credit(desk.done[0], "wrong")
    owed = office.invoicing.get(INVOICE, invoice.head.id)
    sheet = desk.open(owed, InvoiceAction.PAY_BACK)
    sheet.press("done")
    assert desk.done[1].balance.minor == 0


def test_another_day_to_pay(desk: StepDesk) -> None:
    sheet = desk.open(invoiced(desk), InvoiceAction.POSTPONE)
    type_into(sheet, "due", "2023-05-01")
    sheet.press("done")
    assert "before" in errors(sheet)["due"]
    type_into(sheet, "due", "2023-09-01")
    sheet.press("done")
    assert desk.done[0].due == date(2023, 9, 1)


def test_a_reminder_is_copied_in_the_customers_language_and_written_down(desk: StepDesk) -> None:
    invoice = invoiced(desk)
    desk.office.pass_days(60)
    sheet = desk.open(invoice, InvoiceAction.REMIND)
    sheet._form.change("language", "de")
    sheet.copy.click()
    text = QGuiApplication.clipboard().text()
    assert text.startswith("Sehr geehrte Damen und Herren,")
    assert invoice.head.number in text
    sheet.press("done")
    assert desk.done[0].reminders[0].level == 1


def test_a_credit_takes_the_whole_invoice_off(desk: StepDesk) -> None:
    invoice = invoiced(desk)
    sheet = desk.open(invoice, InvoiceAction.CREDIT)
    type_into(sheet, "reason", "written twice")
    sheet.press("done")
    assert desk.done[0].credit == invoice.total


def test_a_day_is_picked_from_the_calendar(desk: StepDesk) -> None:
    sheet = desk.open(invoiced(desk), InvoiceAction.POSTPONE)
    field = sheet.field("due")
    assert isinstance(field, DayField)
    field.open_calendar()
    assert field._popup is not None
    calendar = field._popup.findChild(QCalendarWidget)
    assert calendar is not None
    assert calendar.selectedDate() == QDate(2023, 7, 1)
    calendar.clicked.emit(QDate(2023, 8, 15))
    sheet.press("done")
    assert desk.done[0].due == date(2023, 8, 15)
