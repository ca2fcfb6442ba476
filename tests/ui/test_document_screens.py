"""The document screens in real windows on a real store: what is seen, pressed and told."""

import gc
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pos_app.domain.approval import Action, ApprovalNeeded, ApprovalRequest
from pos_app.domain.invoice import Invoice, InvoiceState
from pos_app.domain.order import OrderState
from pos_app.domain.payment import TenderMethod, TenderRequest
from pos_app.domain.quotation import QuotationState
from pos_app.domain.taking_back import Back, ReturnTerms
from pos_app.services.document_records import DELIVERY_NOTE, INVOICE, ORDER, QUOTATION
from pos_app.services.verification import verify
from pos_app.ui import theme
from pos_app.ui.background import cancel_all
from pos_app.ui.changes import ChangeHub, Changes
from pos_app.ui.invoices_screen import invoices_screen
from pos_app.ui.orders_screen import orders_screen
from pos_app.ui.presenters.document_list import WINDOW
from tests.services.document_office import Office, new_office
from tests.ui.document_window import Window, invoice_in, order_in, quotation_in


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> Iterator[None]:
    if not qapp.styleSheet() or theme.current() is not theme.LIGHT:
        theme.apply_theme(qapp, theme.LIGHT)
    gc.disable()
    yield
    assert cancel_all()
    qapp.processEvents()
    gc.collect()
    gc.enable()


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setenv("POS_APP_KEYS", "file")
    made = new_office(tmp_path / "shop.db")
    yield made
    made.store.close()
    assert verify(tmp_path / "shop.db").faults == ()


@pytest.fixture
def hub() -> ChangeHub:
    return ChangeHub()


@pytest.fixture
def orders(office: Office, qtbot: QtBot, hub: ChangeHub) -> Window:
    return Window(orders_screen, office, qtbot, hub)


@pytest.fixture
def invoices(office: Office, qtbot: QtBot, hub: ChangeHub) -> Window:
    return Window(invoices_screen, office, qtbot, hub)


def test_an_empty_shop_says_on_each_tab_how_its_documents_come_about(orders: Window) -> None:
    for tab in ("quotations", "orders", "deliveries", "returns"):
        chip = orders.screen.tabs.button(tab)
        assert chip is not None
        QTest.mouseClick(chip, Qt.MouseButton.LeftButton)
        orders.settle()
        state = orders.screen.presenter.state
        assert state.tab == tab
        assert state.is_empty_shop
        assert orders.screen.frame._pages.currentWidget() is orders.screen._empties[state.empty]
        assert bool(state.new) == (tab in ("quotations", "orders"))


@pytest.mark.parametrize(
    ("state", "main"),
    [
        (QuotationState.DRAFT, "submit"),
        (QuotationState.SUBMITTED, "approve"),
        (QuotationState.APPROVED, "order"),
        (QuotationState.REJECTED, ""),
        (QuotationState.EXPIRED, ""),
    ],
)
def test_a_quotation_offers_its_next_step_as_the_one_main_button(
    office: Office, orders: Window, state: QuotationState, main: str
) -> None:
    quotation = quotation_in(office, state)
    orders.show(QUOTATION.name, quotation.head.id)
    assert orders.main == main
    assert ("copy" in orders.keys) == (state is not QuotationState.DRAFT)
    if main:
        assert orders.screen.detail.button(main).property("kind") == "primary"


@pytest.mark.parametrize(
    ("state", "main"),
    [
        ("draft", "approve"),
        ("approved", "deliver"),
        ("partly", "deliver"),
        ("delivered", "invoice"),
        ("done", ""),
        ("cancelled", ""),
    ],
)
def test_an_order_offers_its_next_step_as_the_one_main_button(
    office: Office, orders: Window, state: str, main: str
) -> None:
    order = order_in(office, state)
    orders.show(ORDER.name, order.head.id)
    assert orders.main == main
    assert ("collect" in orders.keys) == (state in ("approved", "partly"))
    assert ("take_back" in orders.keys) == (state in ("partly", "delivered", "done"))


@pytest.mark.parametrize(
    ("state", "main"),
    [
        (InvoiceState.DRAFT, "issue"),
        (InvoiceState.UNPAID, "receive"),
        (InvoiceState.PARTIALLY_PAID, "receive"),
        (InvoiceState.FULLY_PAID, ""),
    ],
)
def test_an_invoice_offers_its_next_step_as_the_one_main_button(
    office: Office, invoices: Window, state: InvoiceState, main: str
) -> None:
    invoice = invoice_in(office, state)
    invoices.show(INVOICE.name, invoice.head.id)
    assert invoices.main == main
    is_owed = state in (InvoiceState.UNPAID, InvoiceState.PARTIALLY_PAID)
    assert ("pay_at_till" in invoices.keys) == is_owed
    assert ("credit" in invoices.keys) == (state is not InvoiceState.DRAFT)


def test_money_paid_too_much_is_paid_back_as_the_next_step(
    office: Office, invoices: Window
) -> None:
    invoice = invoice_in(office, InvoiceState.FULLY_PAID)
    order = office.orders.get(ORDER, invoice.order_id)
    back = office.returns.take_back(order, {"1": Back(Decimal(1))}, ReturnTerms("broken"))
    invoices.show(INVOICE.name, invoice.head.id)
    assert invoices.main == "pay_back"
    paid = invoices.screen.presenter.desk.amounts.money(back.credit)
    assert paid in invoices.screen.detail._alert.text()


def test_a_draft_is_submitted_with_one_touch_and_the_list_follows(
    office: Office, orders: Window
) -> None:
    quotation = office.quotation()
    orders.show(QUOTATION.name, quotation.head.id)
    orders.press("submit")
    assert office.quotations.get(QUOTATION, quotation.head.id).state is QuotationState.SUBMITTED
    assert orders.main == "approve"
    assert "Submitted" in orders.told
    assert orders.screen.presenter.state.rows.fetch(0, 1)[0].cells[2] == "Submitted"
    history = orders.screen.presenter.state.detail.history  # type: ignore[union-attr]
    assert [row.cells[1] for row in history] == ["Submitted", "Written"]


def test_a_draft_is_deleted_only_when_the_notice_is_answered(
    office: Office, orders: Window
) -> None:
    quotation = office.quotation()
    orders.show(QUOTATION.name, quotation.head.id)
    orders.press("delete")
    assert "cannot be brought back" in orders.told
    assert office.quotations.get(QUOTATION, quotation.head.id).state is QuotationState.DRAFT
    [notice] = [one for one in orders.screen.presenter.state.notices if one.actions]
    orders.screen.presenter.act(notice.key, notice.actions[0].key)
    orders.settle()
    assert office.quotations.get(QUOTATION, quotation.head.id).state is QuotationState.DELETED
    assert orders.screen.presenter.state.detail is None
    assert orders.screen.presenter.state.rows.count() == 0


def test_a_stale_copy_is_refused_and_the_new_state_is_on_show(
    office: Office, orders: Window
) -> None:
    quotation = office.quotation()
    orders.show(QUOTATION.name, quotation.head.id)
    office.checkout.staff = "2"
    office.quotations.submit(quotation)  # another window, of which this one has not heard
    orders.press("submit")
    assert "was changed meanwhile by 2" in orders.told
    assert orders.main == "approve"
    assert office.quotations.get(QUOTATION, quotation.head.id).head.version == 2


def test_changes_of_another_window_are_seen_at_once(
    office: Office, orders: Window, invoices: Window
) -> None:
    invoice = invoice_in(office, InvoiceState.DRAFT)
    assert invoices.screen.presenter.state.rows.count() == 0
    orders.screen.presenter.desk.publish(Changes(documents=True))
    invoices.settle()
    assert invoices.screen.presenter.state.rows.count() == 1
    invoices.show(INVOICE.name, invoice.head.id)
    office.invoicing.issue(invoice)
    orders.screen.presenter.desk.publish(Changes(documents=True))
    invoices.settle()
    detail = invoices.screen.presenter.state.detail
    assert detail is not None
    assert detail.state == "Unpaid"


def test_the_document_on_show_stays_when_another_is_written_above_it(
    office: Office, orders: Window
) -> None:
    first = office.quotation()
    orders.screen.presenter.refresh()
    orders.settle()
    table = orders.screen.frame.table
    table.selectRow(0)
    orders.settle()
    assert orders.screen.presenter.state.detail.key == first.head.id  # type: ignore[union-attr]
    office.quotation()
    orders.screen.presenter.desk.publish(Changes(documents=True))
    orders.settle()
    assert orders.screen.presenter.state.rows.count() == 2
    assert orders.screen.presenter.state.detail.key == first.head.id  # type: ignore[union-attr]
    assert table.currentIndex().row() == 1


def test_what_came_of_an_order_is_linked_and_opens(office: Office, orders: Window) -> None:
    quotation = quotation_in(office, QuotationState.APPROVED)
    order = office.orders.decide(office.quotations.to_order(quotation), True)
    note = office.notes.deliver(order, {"1": Decimal(4)})
    invoice = office.invoicing.of_order(office.now(order))
    back = office.returns.take_back(office.now(order), {"1": Back(Decimal(1))}, ReturnTerms("x"))
    orders.show(ORDER.name, order.head.id)
    links = orders.screen.presenter.state.detail.links  # type: ignore[union-attr]
    assert [link.id for link in links] == [
        quotation.head.id,
        note.head.id,
        invoice.head.id,
        back.head.id,
    ]
    link = orders.screen.detail.overview.link(DELIVERY_NOTE.name, note.head.id)
    QTest.mouseClick(link, Qt.MouseButton.LeftButton)
    orders.settle()
    assert orders.screen.presenter.state.tab == "deliveries"
    assert orders.screen.presenter.state.detail.key == note.head.id  # type: ignore[union-attr]
    orders.show(ORDER.name, order.head.id)
    link = orders.screen.detail.overview.link(INVOICE.name, invoice.head.id)
    QTest.mouseClick(link, Qt.MouseButton.LeftButton)
    assert orders.sent == [(INVOICE.name, invoice.head.id)]


def test_an_order_goes_to_the_till_and_its_receipt_is_linked_afterwards(
    office: Office, orders: Window
) -> None:
    order = office.order()
    orders.show(ORDER.name, order.head.id)
    orders.press("collect")
    [cart] = orders.till.carts
    assert cart.order_id == order.head.id
    sale = office.checkout.complete(cart, [TenderRequest(TenderMethod.CASH)])
    orders.screen.refresh(Changes(sales=True))
    orders.settle()
    detail = orders.screen.presenter.state.detail
    assert detail is not None
    assert office.now(order).state is OrderState.FULLY_DELIVERED
    assert ("receipt", sale.id) in [(link.record, link.id) for link in detail.links]

    def newest() -> str:  # the history follows in the background
        shown = orders.screen.presenter.state.detail
        return "" if shown is None else shown.history[0].cells[1]

    orders.qtbot.waitUntil(lambda: newest() == "Collected at the till")


def test_an_invoice_is_brought_to_the_till_to_be_paid(office: Office, invoices: Window) -> None:
    invoice = invoice_in(office, InvoiceState.UNPAID)
    invoices.show(INVOICE.name, invoice.head.id)
    invoices.press("pay_at_till")
    [cart] = invoices.till.carts
    assert cart.lines[0].code == invoice.head.number


def test_the_progress_of_an_order_counts_units(office: Office, orders: Window) -> None:
    order = order_in(office, "partly")
    office.invoicing.of_order(order)
    orders.show(ORDER.name, order.head.id)
    progress = orders.screen.presenter.state.detail.progress  # type: ignore[union-attr]
    assert [(one.value, one.share) for one in progress] == [("4 of 13", 30), ("4 of 13", 30)]
    lines = orders.screen.presenter.state.detail.lines  # type: ignore[union-attr]
    assert lines.rows[0].cells[:5] == ("Laptop", "10", "999,90\u00a0€", "4", "4")


def test_what_needs_more_opens_its_sheet_and_what_came_of_it_is_told(
    office: Office, orders: Window
) -> None:
    order = office.order()
    orders.show(ORDER.name, order.head.id)
    orders.press("deliver")
    assert orders.screen.sheet is not None
    assert orders.screen.sheet.isVisible()
    orders.screen.sheet.close()
    note = office.notes.deliver(order, {"1": Decimal(4)})
    orders.screen.presenter.done(note)
    orders.settle()
    assert f"Delivery note \u2068{note.head.number}\u2069 is written" in orders.told
    detail = orders.screen.presenter.state.detail
    assert detail is not None
    assert detail.state == "Partly delivered"
    [notice] = [one for one in orders.screen.presenter.state.notices if one.actions]
    orders.screen.presenter.act(notice.key, notice.actions[0].key)
    orders.settle()
    assert orders.screen.presenter.state.detail.key == note.head.id  # type: ignore[union-attr]


def test_a_new_document_is_written_in_its_sheet(office: Office, orders: Window) -> None:
    QTest.mouseClick(orders.screen.frame.button("new"), Qt.MouseButton.LeftButton)
    assert orders.screen.sheet is not None
    assert orders.screen.sheet.isVisible()
    orders.screen.sheet.close()
    quotation = office.quotation()
    orders.screen.presenter.saved(quotation)
    orders.settle()
    assert orders.screen.presenter.state.detail.key == quotation.head.id  # type: ignore[union-attr]
    assert orders.screen.presenter.state.rows.count() == 1


def test_an_issue_beyond_the_credit_asks_for_an_approval_and_goes_on_with_it(
    office: Office, invoices: Window
) -> None:
    invoice = invoice_in(office, InvoiceState.DRAFT)
    invoices.show(INVOICE.name, invoice.head.id)
    asked: list[Callable[[], None]] = []
    invoices.screen.ask_with(lambda _need, again: asked.append(again))
    issue = office.invoicing.issue

    def refused(seen: Invoice) -> Invoice:
        if not asked:
            raise ApprovalNeeded(ApprovalRequest(Action.CREDIT_LIMIT, seen.total))
        return issue(seen)

    invoices.screen.presenter.on_show._direct[("invoice", "issue")] = refused
    invoices.press("issue")
    assert len(asked) == 1
    assert office.invoicing.get(INVOICE, invoice.head.id).state is InvoiceState.DRAFT
    asked[0]()
    invoices.settle()
    assert office.invoicing.get(INVOICE, invoice.head.id).state is InvoiceState.UNPAID


def test_a_reminder_is_copied_and_told_as_sent_with_one_touch(
    office: Office, invoices: Window
) -> None:
    invoice = invoice_in(office, InvoiceState.UNPAID)
    office.pass_days(40)
    invoices.screen.presenter.turn("remind")
    invoices.settle()
    invoices.screen.presenter.open(invoice.head.id)
    invoices.settle()
    detail = invoices.screen.detail
    assert detail.tabs.currentWidget() is detail._letter_page
    QTest.mouseClick(detail.copy, Qt.MouseButton.LeftButton)
    assert invoice.head.number in QGuiApplication.clipboard().text()
    QTest.mouseClick(detail.sent, Qt.MouseButton.LeftButton)
    invoices.settle()
    assert len(office.invoicing.get(INVOICE, invoice.head.id).reminders) == 1
    assert invoices.screen.presenter.state.rows.count() == 0


def test_a_scanned_number_opens_its_document(office: Office, orders: Window) -> None:
    order = office.order()
    assert orders.screen.take_scan(order.head.number)
    orders.settle()
    assert orders.screen.presenter.state.tab == "orders"
    assert orders.screen.presenter.state.detail.key == order.head.id  # type: ignore[union-attr]
    note = office.notes.deliver(order, {"1": Decimal(1)})
    assert orders.screen.take_scan(note.head.number)
    orders.settle()
    assert orders.screen.presenter.state.tab == "deliveries"
    assert orders.screen.take_scan("4006381333931")
    orders.settle()
    assert orders.screen.presenter.state.text == "4006381333931"
    assert orders.screen.frame.search.text() == "4006381333931"


def test_keys_alone_reach_a_document_and_its_next_step(office: Office, orders: Window) -> None:
    office.quotation()
    orders.screen.presenter.refresh()
    orders.settle()
    orders.screen.activateWindow()
    orders.screen.frame.search.setFocus()
    QTest.keyClicks(orders.screen.frame.search, "rye")
    orders.settle()
    QTest.keyClick(orders.screen.frame.search, Qt.Key.Key_Down)
    QTest.keyClick(orders.screen.frame.table, Qt.Key.Key_Return)
    orders.settle()
    assert orders.main == "submit"
    orders.screen.detail.button("submit").setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(orders.screen.detail.button("submit"), Qt.Key.Key_Return)
    assert orders.main == "submit"  # Enter presses nothing: a scanner ends with it
    QTest.keyClick(orders.screen.detail.button("submit"), Qt.Key.Key_Space)
    orders.settle()
    assert orders.main == "approve"


def test_a_list_of_a_thousand_shows_windows_only(
    office: Office, qtbot: QtBot, hub: ChangeHub
) -> None:
    from pos_app.store.documents import keep_listed

    one = office.quotation()
    listed = office.store.documents.page(QUOTATION.name)[0]
    database = office.store._own.database
    with office.store.transaction():
        for number in range(1_000):
            fresh = replace(listed, id=f"z{number}", number=f"QTZ{number:06d}")
            keep_listed(database, QUOTATION.name, fresh)
    window = Window(orders_screen, office, qtbot, hub)
    assert window.screen.presenter.state.counted == "1.001 quotations"
    pages = window.screen.frame.table.rows()._pages
    assert sum(len(page) for page in pages.values()) <= 2 * WINDOW
    bar = window.screen.frame.table.verticalScrollBar()
    bar.setValue(bar.maximum())
    QApplication.processEvents()
    row = window.screen.frame.table.rows().row_at(1_000)
    assert row is not None
    assert row.cells[0] == one.head.number
    with office.store.transaction():
        database.run("DELETE FROM documents WHERE id LIKE 'z%'")
