"""Customers on the screen: filters, the whole record in one sheet, account, merge, erase."""

import gc
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pos_app.domain.approval import ApprovalNeeded, ApprovalRequest
from pos_app.domain.customer import Customer
from pos_app.domain.money import Money
from pos_app.domain.price_list import PriceList
from pos_app.services.customer_credit import CustomerCredit
from pos_app.services.customers import Customers
from pos_app.services.price_lists import PriceLists
from pos_app.services.verification import verify
from pos_app.ui import theme
from pos_app.ui.background import cancel_all
from pos_app.ui.customer_sheet import CREDIT, DETAILS, TRADE
from pos_app.ui.customers_screen import CustomersScreen
from pos_app.ui.presenters.customers import CustomersPresenter, CustomersState
from tests.services.document_office import Office, new_office


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
    customers = Customers(made.store, made.clock)
    for number, fields in enumerate(
        (
            {"name": "Anna", "category": "Trade", "region": "West", "phone": "089 12 34"},
            {"name": "Berta", "category": "Trade", "region": "East", "contact": "Cem"},
            {"name": "Cem", "category": "Private", "is_active": False},
        )
    ):
        customers.save(Customer(customers.new_id(), f"N{number}", **fields))  # type: ignore[arg-type]
    yield made
    made.store.close()
    assert verify(tmp_path / "shop.db").is_sound


def presenter(office: Office, states: list[CustomersState]) -> CustomersPresenter:
    customers = Customers(office.store, office.clock)
    return CustomersPresenter(office.store, customers, states.append, now=office.clock)


def names(state: CustomersState) -> list[str]:
    return [row.cells[1] for row in state.rows.fetch(0, 100)]


def test_filters_narrow_the_list_and_the_search(office: Office) -> None:
    states: list[CustomersState] = []
    screen = presenter(office, states)
    assert names(states[-1]) == ["Anna", "Berta", "Cem", "Rye & Sons"]
    screen.narrow(category="Trade")
    assert names(states[-1]) == ["Anna", "Berta"]
    screen.search("be")
    assert names(states[-1]) == ["Berta"]
    screen.narrow(region="West")
    assert names(states[-1]) == []
    screen.search("")
    screen.narrow(category="*any*", region="*any*", status="inactive")
    assert names(states[-1]) == ["Cem"]
    screen.narrow(status="all", field="phone")
    screen.search("1234")
    assert names(states[-1]) == ["Anna"]
    screen.narrow(field="contact")
    screen.search("cem")
    assert names(states[-1]) == ["Berta"]
    screen.narrow(field="number")
    screen.search("n0")
    assert names(states[-1]) == ["Anna"]
    screen.narrow(field="anywhere")
    assert names(states[-1]) == ["Anna"]


def test_the_sheet_keeps_the_whole_record_and_shows_what_is_wrong(
    office: Office, qtbot: QtBot
) -> None:
    PriceLists(office.store, office.clock).save(PriceList("Trade", Decimal(10)))
    screen = CustomersScreen(office.store, office.clock)
    qtbot.addWidget(screen)
    screen.show()
    form = screen.presenter.open(screen.presenter.state.rows.fetch(0, 1)[0].key)
    assert form is not None
    sheet = screen.show_form(form)
    sheet.show_section(CREDIT)
    QTest.keyClicks(sheet.field("credit_limit"), "1500")
    QTest.keyClicks(sheet.field("credit_days"), "soon")
    sheet.show_section(TRADE)
    sheet.price_list.setCurrentIndex(1)
    sheet.price_list.activated.emit(1)
    sheet.active.click()
    assert not form.save()
    assert "credit_days" in form.state.errors
    assert sheet._pages.currentIndex() == sheet._places[CREDIT]
    form.change(credit_days="30", email="a@x.example")
    assert form.save()
    customer = form.customer
    assert customer is not None
    kept = office.store.customers.get(customer.id)
    assert kept is not None
    assert (kept.price_list, kept.is_active, kept.email) == ("Trade", False, "a@x.example")
    terms = CustomerCredit(office.store, office.clock).terms(customer.id)
    assert (terms.credit_limit, terms.credit_days) == (Money(150_000, "EUR"), 30)
    sheet.show_section(DETAILS)


def test_of_two_windows_the_second_is_told_and_overwrites_nothing(office: Office) -> None:
    states: list[CustomersState] = []
    screen = presenter(office, states)
    first, second = (screen.open(office.customer.id) for _ in range(2))
    assert first is not None
    assert second is not None
    first.change(phone="1")
    second.change(phone="2")
    assert first.save()
    assert not second.save()
    assert "another window" in second.state.message
    assert second.state.draft.phone == "2"
    kept = office.store.customers.get(office.customer.id)
    assert kept is not None
    assert kept.phone == "1"


def test_more_credit_asks_for_approval_and_saves_once_it_is_given(office: Office) -> None:
    class Manager:
        is_granted = False

        def require(self, request: ApprovalRequest, _tx: object = None) -> None:
            if not self.is_granted:
                raise ApprovalNeeded(request)

        def allows(self, _request: ApprovalRequest) -> bool:
            return self.is_granted

        def has_staff(self) -> bool:
            return True

    manager, asked = Manager(), []
    customers = Customers(office.store, office.clock)
    screen = CustomersPresenter(
        office.store, customers, lambda _state: None, now=office.clock, authority=manager
    )
    screen.on_approval = lambda need, again: asked.append((need, again))
    form = screen.open(office.customer.id)
    assert form is not None
    form.change(credit_limit="100")
    assert not form.save()
    assert len(asked) == 1
    manager.is_granted = True
    asked[0][1]()
    terms = CustomerCredit(office.store, office.clock).terms(office.customer.id)
    assert terms.credit_limit == Money(10_000, "EUR")


def test_the_account_shows_statement_ages_evaluations_and_documents(
    office: Office, tmp_path: Path
) -> None:
    from pos_app.domain.order import InvoiceBasis

    invoice = office.invoicing.of_order(office.order(), InvoiceBasis.ORDERED)
    office.pass_days(45)
    states: list[CustomersState] = []
    account = presenter(office, states).account(office.customer.id)
    account.watch(lambda _state: None)
    state = account.state
    assert not state.is_reading
    assert [row.cells[2] for row in state.entries] == ["", invoice.head.number]
    assert state.is_late
    assert state.ages[1][1] == state.owed
    assert {row.cells[1] for row in state.documents} == {"Invoice", "Order"}
    account.type_evaluation(score="120")
    assert not account.evaluate()
    assert "0 to 100" in account.state.error
    account.type_evaluation(score="40", risk="high", remark="late")
    assert account.evaluate()
    assert [row.cells[1:4] for row in account.state.evaluations] == [("40", "High", "late")]
    account.choose_period("all")
    account.export(tmp_path / "statement.csv")
    lines = (tmp_path / "statement.csv").read_text("utf-8-sig").splitlines()
    assert len(lines) == 4
    assert lines[2].split(",")[2] == invoice.head.number
    account.export(tmp_path / "statement.pdf")
    assert invoice.head.number in PdfReader(tmp_path / "statement.pdf").pages[0].extract_text()
    account.export(tmp_path / "gone" / "statement.pdf")
    assert "cannot be written" in account.state.message


def test_a_document_is_opened_from_the_sheet_but_nothing_typed_is_lost(
    office: Office, qtbot: QtBot
) -> None:
    order = office.order()
    screen = CustomersScreen(office.store, office.clock)
    qtbot.addWidget(screen)
    screen.show()
    opened: list[tuple[str, str]] = []
    screen.on_document = lambda record, key: opened.append((record, key))
    form = screen.presenter.open(office.customer.id)
    assert form is not None
    sheet = screen.show_form(form)
    qtbot.waitUntil(lambda: sheet.documents.table.rows().rowCount() == 1)
    form.change(phone="1")
    sheet.documents.table.row_opened.emit(f"order {order.head.id}")
    assert sheet.isVisible()
    assert opened == []
    form.change(phone="")
    sheet.documents.table.row_opened.emit(f"order {order.head.id}")
    assert not sheet.isVisible()
    assert opened == [("order", order.head.id)]


def test_two_records_become_one_from_the_sheet(office: Office, qtbot: QtBot) -> None:
    customers = Customers(office.store, office.clock)
    first = customers.save(Customer(customers.new_id(), "", "Dora", email="d@x.example"))
    other = customers.save(
        Customer(customers.new_id(), "", "Dora Maier", email="D@x.example", phone="5")
    )
    screen = CustomersScreen(office.store, office.clock)
    qtbot.addWidget(screen)
    screen.show()
    sheet = screen.open_duplicates()
    qtbot.waitUntil(lambda: bool(sheet.presenter.state.pairs))
    sheet.presenter.open(sheet.presenter.state.pairs[0].key)
    sheet.presenter.choose("name", "other")
    assert sheet.presenter.merge()
    kept = office.store.customers.get(first.id)
    assert kept is not None
    assert (kept.name, kept.phone) == ("Dora Maier", "5")
    gone = office.store.customers.get(other.id)
    assert gone is not None
    assert not gone.is_active
    qtbot.waitUntil(lambda: not sheet.presenter.state.is_searching)
    assert sheet.presenter.state.pairs == ()


def test_a_person_is_exported_and_erased_after_a_question(
    office: Office, qtbot: QtBot, tmp_path: Path
) -> None:
    customers = Customers(office.store, office.clock)
    person = customers.save(Customer(customers.new_id(), "P1", "Emil", phone="77"))
    screen = CustomersScreen(office.store, office.clock)
    qtbot.addWidget(screen)
    screen.show()
    form = screen.presenter.open(person.id)
    assert form is not None
    screen.show_form(form)
    screen.presenter.export_person(person, tmp_path / "p.json")
    qtbot.waitUntil((tmp_path / "p.txt").exists)
    screen._ask_to_erase(person)
    assert screen._other is not None
    QTest.keyClick(screen._other, Qt.Key.Key_Escape)
    assert office.store.customers.get(person.id) == person
    screen._ask_to_erase(person)
    screen._other.acted.emit("erase")
    kept = office.store.customers.get(person.id)
    assert kept is not None
    assert (kept.name, kept.phone, kept.is_active) == ("Erased customer", "", False)


def test_a_price_list_is_made_and_a_product_gets_its_own_price(
    office: Office, qtbot: QtBot
) -> None:
    screen = CustomersScreen(office.store, office.clock)
    qtbot.addWidget(screen)
    screen.show()
    sheet = screen.open_price_lists()
    sheet.presenter.change(name="Trade", percent="101")
    assert not sheet.presenter.save()
    assert "0 to 100" in sheet.presenter.state.error
    sheet.presenter.change(percent="10")
    assert sheet.presenter.save()
    sheet.presenter.change(product="PROD001", price="95")
    assert "Laptop" in sheet.presenter.state.about
    assert sheet.presenter.set_price()
    assert [row.cells[0] for row in sheet.presenter.state.prices] == ["PROD001"]
    sheet.presenter.choose("")
    sheet.presenter.change(name="trade")
    assert not sheet.presenter.save()


def test_a_list_of_customers_is_imported_from_the_screen(
    office: Office, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Number;Name;Credit limit\nX1;Frida;12,50\nX2;;1\n", "utf-8")
    screen = CustomersScreen(office.store, office.clock)
    qtbot.addWidget(screen)
    screen.show()
    wizard = screen.open_wizard()
    wizard.presenter.choose_file(path)
    qtbot.waitUntil(lambda: wizard.presenter.state.can_start)
    state = wizard.presenter.state
    assert (state.good, state.bad, state.needs_tax) == (1, 1, False)
    assert [column.field for column in state.columns] == ["number", "name", "credit limit"]
    wizard.presenter.start()
    qtbot.waitUntil(lambda: wizard.presenter.state.result is not None)
    found = office.store.customers.find("X1")
    assert found is not None
    assert replace(found, id="") == Customer("", "X1", "Frida", country="DE")
    assert names(screen.presenter.state)[:2] == ["Anna", "Berta"]
    assert date(2023, 6, 1) == office.clock().date()
