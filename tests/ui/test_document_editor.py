"""Writing quotations, orders and invoices in real windows on a real store."""

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
from pos_app.domain.credit import CreditTerms
from pos_app.domain.customer import Customer
from pos_app.domain.discount import DiscountKind
from pos_app.domain.facts import FactKind
from pos_app.domain.invoice import Invoice, InvoiceState
from pos_app.domain.order import OrderState
from pos_app.domain.price_list import PriceList
from pos_app.domain.quotation import Quotation, QuotationState
from pos_app.services.customer_records import CREDIT_TERMS
from pos_app.services.customers import Customers
from pos_app.services.document_records import INVOICE, ORDER, QUOTATION
from pos_app.services.price_lists import PriceLists
from pos_app.ui.customer_sheet import CustomerSheet
from pos_app.ui.presenters.document_editor import DRAFT, FINISH
from tests.ui.controls import check_controls
from tests.ui.editor_desk import (
    EditorDesk,
    choose_customer,
    editor_desk,
    enter,
    errors,
    names,
    told,
    type_here,
    write,
)


@pytest.fixture
def desk(tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> Iterator[EditorDesk]:
    with editor_desk(tmp_path, qtbot, qapp) as made:
        yield made


def test_a_quotation_is_written_with_the_keyboard_alone(desk: EditorDesk) -> None:
    sheet = desk.open()
    type_here(sheet, "rye")
    for _ in range(3):  # the customer, the date, the last day
        enter(sheet)
    type_here(sheet, "lap")
    enter(sheet)
    type_here(sheet, "3")
    enter(sheet)
    type_here(sheet, "90,50")
    enter(sheet)
    type_here(sheet, "10")
    enter(sheet)
    assert sheet.focusWidget() is sheet.lines.search
    type_here(sheet, "PROD002")
    enter(sheet)
    assert sheet._total.text() == "247,68\xa0€"
    QTest.keyClick(sheet.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert not sheet.isVisible()
    kept = desk.office.quotations.get(QUOTATION, desk.saved[0].head.id)
    assert kept.head.customer.name == "Rye & Sons"
    assert [(one.name, one.quantity, one.unit_price) for one in kept.lines] == [
        ("Laptop", Decimal(3), Decimal("90.50")),
        ("Paper", Decimal(1), Decimal("3.33")),
    ]
    assert kept.lines[0].discount.percent == 10
    assert kept.state is QuotationState.DRAFT
    assert kept.expires == date(2023, 7, 1)


def test_everything_that_a_document_says_is_kept(desk: EditorDesk) -> None:
    sheet = desk.open(kind="order")
    choose_customer(sheet)
    sheet.take_scan("PROD001")
    for name, text in {
        "line.name": "Laptop 14",
        "line.discount": "5",
        "line.reason": "loyal",
        "line.specification": "16 GB",
        "line.remark": "black",
        "until": "+10",
        "payment_terms": "at once",
        "shipping_terms": "free house",
        "reference": "PO 77",
        "remarks": "thank you",
        "internal_note": "call first",
        "discount": "10",
        "discount_reason": "opening",
    }.items():
        write(sheet, name, text)
    for name, key in (("line.discount_kind", "amount"), ("discount_kind", "percent")):
        sheet._editor.change(name, key)
    sheet._editor.change("language", "fr")
    sheet.press(DRAFT)
    order = desk.office.orders.get(ORDER, desk.saved[0].head.id)
    line, head = order.lines[0].line, order.head
    assert (line.name, line.specification, line.remark) == ("Laptop 14", "16 GB", "black")
    assert (line.discount.amount_per_unit, line.discount.reason) == (Decimal(5), "loyal")
    assert order.deliver_by == date(2023, 6, 11)
    assert (head.payment_terms, head.shipping_terms) == ("at once", "free house")
    assert (head.reference, head.remarks, head.language) == ("PO 77", "thank you", "fr")
    assert head.internal_note == "call first"
    assert [(one.kind, one.value, one.reason) for one in order.discounts] == [
        (DiscountKind.PERCENT, Decimal(10), "opening")
    ]


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        ("quotation", QuotationState.SUBMITTED),
        ("order", OrderState.APPROVED),
        ("invoice", InvoiceState.UNPAID),
    ],
)
def test_a_document_is_saved_and_handed_on_in_one_touch(
    desk: EditorDesk, kind: str, state: Any
) -> None:
    sheet = desk.open(kind=kind)
    choose_customer(sheet)
    sheet.take_scan("PROD001")
    sheet.press(FINISH)
    assert desk.saved[-1].state is state
    assert desk.saved[-1].head.number
    assert not sheet.isVisible()


def test_all_that_is_wrong_is_told_at_once_and_nothing_is_lost(desk: EditorDesk) -> None:
    sheet = desk.open()
    sheet.take_scan("PROD001")
    for name, text in {
        "day": "yesterday",
        "until": "",
        "line.name": "x" * 501,
        "line.quantity": "1,5",
        "line.price": "",
        "discount": "200",
        "remarks": "a\x07b",
    }.items():
        sheet._editor.change(name, text)
    sheet.press(DRAFT)
    assert errors(sheet).keys() == {
        "customer", "day", "until", "discount", "remarks",
        "line.name", "line.quantity", "line.price",
    }  # fmt: skip
    assert all(errors(sheet).values())
    assert sheet._editor.state.texts["line.quantity"] == "1,5"
    assert sheet._editor.state.texts["day"] == "yesterday"
    assert sheet.isVisible()
    assert not desk.saved


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("line.quantity", "0", "above 0"),
        ("line.quantity", "-3", "above 0"),
        ("line.quantity", "1000000", "below"),
        ("line.quantity", "three", "not a number"),
        ("line.quantity", "", "how many"),
        ("line.price", "-1", "above 0"),
        ("line.price", "1,2345678", "not possible"),
        ("line.discount", "101", "not possible"),
        ("line.name", " ", "what it is"),
        ("line.specification", "x" * 2001, "2000"),
        ("until", "2023-05-31", "before"),
        ("until", "31.02.2023", "not a date"),
        ("reference", "x" * 501, "500"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(
    desk: EditorDesk, name: str, text: str, words: str
) -> None:
    sheet = desk.open()
    choose_customer(sheet)
    sheet.take_scan("PROD001")
    sheet._editor.change(name, text)
    sheet.press(DRAFT)
    assert list(errors(sheet)) == [name]
    assert words in errors(sheet)[name]
    assert sheet._editor.state.texts[name] == text
    sheet._editor.change(name, "1" if "line" in name else "")
    assert name not in errors(sheet)


def test_a_document_without_lines_is_told(desk: EditorDesk) -> None:
    sheet = desk.open()
    choose_customer(sheet)
    sheet.press(DRAFT)
    assert "nothing on the document" in told(sheet)


def test_lines_move_go_and_come_back(desk: EditorDesk) -> None:
    sheet = desk.open()
    for code in ("PROD001", "PROD002"):
        sheet.take_scan(code)
    sheet.lines.free.click()
    type_here(sheet, "Delivery to the door")
    assert names(sheet) == ["Laptop", "Paper", "Delivery to the door"]
    QTest.keyClick(sheet, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert names(sheet) == ["Laptop", "Delivery to the door", "Paper"]
    sheet.lines.remove.click()
    assert names(sheet) == ["Laptop", "Paper"]
    assert "Delivery to the door was removed" in told(sheet)
    sheet.take_scan("PROD002")
    sheet.lines.free.click()
    sheet.lines.back.click()
    assert names(sheet) == ["Laptop", "Delivery to the door", "Paper", ""]
    assert len({line.id for line in sheet._editor.lines.lines}) == 4


def test_a_free_line_is_taxed_as_somebody_chooses(desk: EditorDesk) -> None:
    sheet = desk.open()
    tax = sheet.field("line.tax")
    sheet.take_scan("PROD001")
    assert tax.isHidden()
    sheet.lines.free.click()
    assert not tax.isHidden()
    write(sheet, "line.name", "Book")
    write(sheet, "line.price", "10,70")
    assert "VAT 19 %" in sheet._parts.text()
    sheet._editor.change("line.tax", sheet._editor.lines.tax_choices[-1].key)
    assert "VAT 7 %\xa00,70" in sheet._parts.text().replace(" 0,70", "\xa00,70")
    choose_customer(sheet)
    sheet.press(DRAFT)
    assert [tax.code for tax in desk.saved[0].lines[1].taxes] == ["B"]


def test_every_control_has_a_name_and_none_answers_to_enter(desk: EditorDesk) -> None:
    check_controls(desk.open(kind="invoice"))


def test_the_same_item_scanned_again_is_one_more_of_it(desk: EditorDesk) -> None:
    sheet = desk.open()
    for code in ("PROD001", "PROD002", "PROD001"):
        sheet.take_scan(code)
    assert [line.quantity for line in sheet._editor.lines.lines] == [Decimal(2), Decimal(1)]


def test_an_unknown_code_is_told_and_a_card_chooses_its_customer(desk: EditorDesk) -> None:
    sheet = desk.open()
    sheet.take_scan("4006381333931")
    assert "Nothing here has the code" in told(sheet)
    sheet.take_scan("CUS001")
    assert sheet.customer.text() == "Rye & Sons"


def test_prices_are_those_of_the_customers_list(desk: EditorDesk) -> None:
    office = desk.office
    PriceLists(office.store, office.clock).save(PriceList("Trade", Decimal(10)))
    customers = Customers(office.store, office.clock)
    customers.save(replace(office.customer, price_list="Trade"))
    sheet = desk.open()
    sheet.take_scan("PROD001")
    sheet.take_scan("PROD002")
    sheet._editor.change("line.price", "3,00")
    choose_customer(sheet)
    prices = [line.unit_price for line in sheet._editor.lines.lines]
    assert prices == [Decimal("89.99"), Decimal("3.00")]
    assert "1 prices now follow" in told(sheet)


def test_an_invoice_is_due_when_the_customer_has_to_pay(desk: EditorDesk) -> None:
    office = desk.office
    terms = CreditTerms(office.customer.id, credit_days=14, payment_terms="14 days net")
    with office.store.transaction() as tx:
        tx.records.put(CREDIT_TERMS, terms, FactKind.CREDIT_TERMS_SAVED, office.clock(), "1")
    sheet = desk.open(kind="invoice")
    choose_customer(sheet)
    sheet.take_scan("PROD001")
    assert sheet._editor.state.texts["payment_terms"] == "14 days net"
    sheet.press(DRAFT)
    assert desk.saved[0].due == date(2023, 6, 15)


def test_the_second_date_of_a_new_document_keeps_its_distance(desk: EditorDesk) -> None:
    sheet = desk.open()
    write(sheet, "day", "10.06.2023")
    assert sheet._editor.state.texts["until"] == "10/07/2023"


def test_a_new_customer_is_made_from_here(desk: EditorDesk) -> None:
    sheet = desk.open()
    type_here(sheet, "Harbour")
    sheet.new_customer.click()
    over = next(one for one in sheet.findChildren(CustomerSheet) if one.isVisible())
    assert over._form.state.draft.name == "Harbour"
    over._form.change(name="Harbour Hotel")
    sheet.take_scan("990077")
    assert over._form.state.draft.card_code == "990077"
    over.press("save")
    assert sheet.customer.text() == "Harbour Hotel"
    sheet.take_scan("PROD001")
    sheet.press(DRAFT)
    assert desk.saved[0].head.customer.name == "Harbour Hotel"


def test_somebody_typed_but_not_chosen_gives_way_to_the_chosen_one(desk: EditorDesk) -> None:
    sheet = desk.open()
    choose_customer(sheet)
    write(sheet, "customer", "nobody at all")
    sheet._editor.leave_customer()
    assert sheet.customer.text() == "Rye & Sons"


def test_the_only_customer_found_is_taken_when_the_field_is_left(desk: EditorDesk) -> None:
    sheet = desk.open()
    write(sheet, "customer", "rye")
    sheet._editor.leave_customer()
    assert sheet._editor.head.party.name == "Rye & Sons"


def test_a_draft_is_changed_and_a_copy_becomes_a_new_one(desk: EditorDesk) -> None:
    quotation = desk.office.quotation()
    sheet = desk.open(quotation)
    assert quotation.head.number in sheet.windowTitle()
    write(sheet, "line.quantity", "12")
    sheet.press(DRAFT)
    changed = desk.saved[-1]
    assert (changed.head.id, changed.lines[0].quantity) == (quotation.head.id, Decimal(12))
    sheet = desk.open(desk.office.quotations.copy(changed))
    sheet.press(DRAFT)
    copied = desk.saved[-1]
    assert copied.head.id != changed.head.id
    assert copied.head.number != changed.head.number


def test_a_price_of_six_places_that_came_from_elsewhere_stays(desk: EditorDesk) -> None:
    invoicing, (line, *_) = desk.office.invoicing, desk.office.lines(2)
    fine = replace(line, unit_price=Decimal("3.333333"))
    draft = invoicing.save_draft(invoicing.draft(desk.office.customer, (fine,)))
    sheet = desk.open(draft, "invoice")
    assert sheet.field("line.price").text() == "3,333333"  # type: ignore[attr-defined]
    write(sheet, "line.quantity", "3")
    sheet.press(DRAFT)
    kept = invoicing.get(INVOICE, draft.head.id)
    assert [(one.line.quantity, one.line.unit_price) for one in kept.lines] == [
        (3, Decimal("3.333333"))
    ]


def test_a_draft_of_an_invoice_is_changed(desk: EditorDesk) -> None:
    invoicing = desk.office.invoicing
    draft = invoicing.save_draft(invoicing.draft(desk.office.customer, desk.office.lines(2)))
    sheet = desk.open(draft, "invoice")
    write(sheet, "line.quantity", "1")
    write(sheet, "until", "2023-08-01")
    sheet.press(DRAFT)
    kept = invoicing.get(INVOICE, draft.head.id)
    assert (kept.lines[0].line.quantity, kept.due) == (Decimal(1), date(2023, 8, 1))
    assert kept.total.minor == 10998
    assert draft.remind_on is not None
    assert kept.remind_on == draft.remind_on + (kept.due - draft.due)


def test_a_document_changed_elsewhere_is_told_and_what_was_typed_stays(desk: EditorDesk) -> None:
    quotations, quotation = desk.office.quotations, desk.office.quotation()
    sheet = desk.open(quotation)
    write(sheet, "line.quantity", "7")
    quotations.change(quotation, replace(quotation, lines=desk.office.lines(99)))
    sheet.press(DRAFT)
    assert "was changed meanwhile" in told(sheet)
    assert sheet.isVisible()
    assert sheet.field("line.quantity").text() == "7"  # type: ignore[attr-defined]
    assert quotations.get(QUOTATION, quotation.head.id).lines[0].quantity == 99


def test_a_quotation_past_its_date_stays_a_draft_and_says_so(desk: EditorDesk) -> None:
    sheet = desk.open()
    choose_customer(sheet)
    sheet.take_scan("PROD001")
    desk.office.pass_days(60)
    sheet.press(FINISH)
    assert "saved as a draft" in told(sheet)
    assert errors(sheet)["until"]
    assert isinstance(desk.saved[0], Quotation)
    sheet._editor.change("until", "2023-12-31")
    sheet.press(FINISH)
    assert desk.saved[-1].state is QuotationState.SUBMITTED


def test_an_approval_is_asked_for_and_given(
    desk: EditorDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []
    sheet = desk.open(kind="invoice", ask=lambda need, again: asked.append((need, again)))
    choose_customer(sheet)
    sheet.take_scan("PROD001")
    issue = sheet._editor.kind.finish
    need = ApprovalNeeded(ApprovalRequest(Action.CREDIT_LIMIT))

    def refuse(_document: object) -> Invoice:
        raise need

    sheet._editor.kind = replace(sheet._editor.kind, finish=refuse)
    sheet.press(FINISH)
    assert asked[0][0] is need
    assert desk.saved[-1].state is InvoiceState.DRAFT
    sheet._editor.kind = replace(sheet._editor.kind, finish=issue)
    asked[0][1]()
    assert desk.saved[-1].state is InvoiceState.UNPAID
    assert not sheet.isVisible()
    assert desk.office.store.documents.count("invoice") == 1


def test_esc_asks_only_when_something_was_changed(desk: EditorDesk) -> None:
    sheet = desk.open(desk.office.quotation())
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert not sheet.isVisible()
    sheet = desk.open(desk.office.quotation())
    write(sheet, "line.quantity", "4")
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert sheet.isVisible()
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert not sheet.isVisible()
    assert not desk.saved


def test_a_customer_of_five_hundred_letters_and_markup_is_shown_as_it_is(desk: EditorDesk) -> None:
    customers = Customers(desk.office.store, desk.office.clock)
    name = "<b>Rye</b> & " + "x" * 180
    customers.save(Customer(customers.new_id(), "CUS9", name))
    sheet = desk.open()
    sheet.take_scan("CUS9")
    assert sheet.customer.text() == name
