"""The lists of sales documents: tabs, filters, states, sums, reminders and receivables."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from pos_app.domain.customer import Customer
from pos_app.domain.delivering import Transport
from pos_app.domain.money import Money
from pos_app.domain.taking_back import Back, ReturnTerms
from pos_app.services.customers import Customers
from pos_app.services.document_records import INVOICE
from pos_app.services.invoicing import Received
from pos_app.store.documents import Listed, keep_listed
from pos_app.ui.presenters.document_list_tabs import invoices_tabs, orders_tabs
from pos_app.ui.presenters.documents import DocumentsPresenter, DocumentsState
from tests.services.document_office import Office, new_office
from tests.ui.at_once import Later, at_once


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setenv("POS_APP_KEYS", "file")
    made = new_office(tmp_path / "shop.db")
    customers = Customers(made.store, made.clock)
    other = customers.save(Customer(customers.new_id(), "CUS002", "Quayside Hotel"))
    made.quotation()
    made.quotations.submit(made.quotation())
    mine, made.customer = made.customer, other
    made.pass_days(2)
    order = made.order()
    note = made.notes.deliver(order, {"1": Decimal(4)}, Transport(carrier="DHL"))
    invoice = made.invoicing.of_order(made.now(order))
    made.invoicing.receive(invoice, Received(Money(10000, "EUR")))
    terms = ReturnTerms("broken", delivery_id=note.head.id, delivery_number=note.head.number)
    made.returns.take_back(made.now(order), {"1": Back(Decimal(1))}, terms)
    made.customer = mine
    made.pass_days(1)
    second = made.order(2)
    made.notes.deliver(second, {"1": Decimal(2)})
    made.invoicing.of_order(made.now(second))
    yield made
    made.store.close()


def screen(office: Office, tabs: object, **more: object) -> DocumentsPresenter:
    states: list[DocumentsState] = []
    made = DocumentsPresenter(
        office.checkout,
        tabs,  # type: ignore[arg-type]
        at_once,
        states.append,
        **more,  # type: ignore[arg-type]
    )
    made.begin()
    return made


def orders(office: Office) -> DocumentsPresenter:
    return screen(office, orders_tabs())


def invoices(office: Office) -> DocumentsPresenter:
    return screen(office, invoices_tabs(), has_receivables=True)


def numbers(presenter: DocumentsPresenter) -> list[str]:
    return [row.cells[0] for row in presenter.state.rows.fetch(0, 100)]


def test_every_tab_lists_its_own_documents_and_sums_them(office: Office) -> None:
    presenter = orders(office)
    assert numbers(presenter) == ["QT2023060002", "QT2023060001"]
    assert presenter.state.counted == "2 quotations"
    presenter.turn("orders")
    assert numbers(presenter) == ["SO2023060002", "SO2023060001"]
    assert "1.219,86\u00a0€" in presenter.state.sums  # 1,009.89 and 209.97
    presenter.turn("deliveries")
    assert numbers(presenter) == ["DL2023060002", "DL2023060001"]
    assert presenter.state.sums == "6 units"
    presenter.turn("returns")
    assert numbers(presenter) == ["RTN2023060001"]
    presenter = invoices(office)
    assert numbers(presenter) == ["INV2023060002", "INV2023060001"]
    assert presenter.state.sums.startswith("Total ")
    assert " · Outstanding " in presenter.state.sums


def test_the_states_of_a_list_are_chips_and_narrow_it(office: Office) -> None:
    presenter = orders(office)
    assert [chip.key for chip in presenter.state.states] == [
        "all",
        "draft",
        "submitted",
        "approved",
        "rejected",
        "expired",
    ]
    presenter.choose_state("submitted")
    assert numbers(presenter) == ["QT2023060002"]
    assert presenter.state.is_narrowed
    presenter.clear()
    assert len(numbers(presenter)) == 2


def test_overdue_and_open_invoices_are_found_by_their_day(office: Office) -> None:
    presenter = invoices(office)
    presenter.choose_state("open")
    assert len(numbers(presenter)) == 2
    presenter.choose_state("overdue")
    assert numbers(presenter) == []
    office.pass_days(31)
    presenter.refresh()
    assert numbers(presenter) == ["INV2023060002", "INV2023060001"]


FILTERS = {
    "number": ("invoices", {"number": "0002"}, ["INV2023060002"]),
    "customer by name": ("invoices", {"customer": "hotel"}, ["INV2023060001"]),
    "customer by number": ("invoices", {"customer": "CUS001"}, ["INV2023060002"]),
    "nobody of that name": ("invoices", {"customer": "nobody"}, []),
    "order number": ("invoices", {"origin": "SO2023060001"}, ["INV2023060001"]),
    "invoiced from": ("invoices", {"day_from": "2023-06-04"}, ["INV2023060002"]),
    "invoiced to": ("invoices", {"day_to": "03.06.2023"}, ["INV2023060001"]),
    "due": ("invoices", {"until_from": "2023-07-04", "until_to": "2023-07-04"}, ["INV2023060002"]),
    "created": ("invoices", {"made_to": "2023-06-03"}, ["INV2023060001"]),
    "total": ("invoices", {"total_from": "200", "total_to": "1.000,50"}, ["INV2023060001"]),
    "expiry": ("quotations", {"until_from": "2023-07-02"}, []),
    "quotation number": ("orders", {"origin": "QT"}, []),
    "deliver by": ("orders", {"until_to": "2030-01-01"}, []),
    "order total": ("orders", {"total_to": "500"}, ["SO2023060002"]),
    "units": ("deliveries", {"total_from": "3"}, ["DL2023060001"]),
    "delivered": ("deliveries", {"day_from": "2023-06-04"}, ["DL2023060002"]),
    "order of a delivery": ("deliveries", {"origin": "0001"}, ["DL2023060001"]),
    "returned": ("returns", {"day_from": "2023-06-03", "day_to": "2023-06-03"}, ["RTN2023060001"]),
    "order of a return": ("returns", {"origin": "SO2023060002"}, []),
}


@pytest.mark.parametrize("name", FILTERS)
def test_each_filter_of_the_contract_finds_what_it_should(office: Office, name: str) -> None:
    tab, typed, found = FILTERS[name]
    presenter = invoices(office) if tab == "invoices" else orders(office)
    presenter.turn(tab)
    presenter.toggle_filters()
    assert set(typed) <= {field.key for field in presenter.state.fields}
    for key, text in typed.items():
        presenter.filter(key, text)
    assert [field.error for field in presenter.state.fields if field.error] == []
    assert numbers(presenter) == found
    assert presenter.state.filter_count == len(typed)
    presenter.clear()
    assert presenter.state.filter_count == 0
    assert len(numbers(presenter)) > len(found) or found == numbers(presenter)


def test_what_cannot_be_read_stays_typed_with_its_sentence_and_narrows_nothing(
    office: Office,
) -> None:
    presenter = invoices(office)
    presenter.toggle_filters()
    presenter.filter("day_from", "soon")
    presenter.filter("total_from", "many")
    presenter.filter("until_from", "2023-07-10")
    presenter.filter("until_to", "2023-07-01")
    fields = {field.key: field for field in presenter.state.fields}
    assert fields["day_from"].text == "soon"
    assert "is not a date" in fields["day_from"].error
    assert "is not a number" in fields["total_from"].error
    assert "before the first date" in fields["until_to"].error
    presenter.filter("until_from", "")
    presenter.filter("until_to", "")
    assert len(numbers(presenter)) == 2


def test_a_name_that_several_have_offers_a_choice_of_them(office: Office) -> None:
    customers = Customers(office.store, office.clock)
    customers.save(Customer(customers.new_id(), "CUS003", "Quayside Hotel"))
    presenter = invoices(office)
    presenter.toggle_filters()
    presenter.filter("customer", "Quayside")
    field = next(one for one in presenter.state.fields if one.key == "customer")
    assert len(field.choices) == 2
    assert numbers(presenter) == ["INV2023060001"]
    presenter.filter("customer", "Quayside Hotel (CUS003)")
    assert numbers(presenter) == []


def test_the_text_field_finds_numbers_orders_and_customers(office: Office) -> None:
    presenter = invoices(office)
    for text, found in (
        ("060001", ["INV2023060001"]),
        ("SO2023060002", ["INV2023060002"]),
        ("rye", ["INV2023060002"]),
        ("quays", ["INV2023060001"]),
        ("nothing like it", []),
    ):
        presenter.search(text)
        assert numbers(presenter) == found, text
    assert presenter.state.counted == "0 invoices"
    assert not presenter.state.is_empty_shop


def test_a_newer_reading_wins_over_a_slow_one(office: Office) -> None:
    later = Later()
    states: list[DocumentsState] = []
    presenter = DocumentsPresenter(office.checkout, invoices_tabs(), later, states.append)
    presenter.begin()
    presenter.search("rye")
    presenter.search("quays")
    while later.waiting:
        later.run()
    assert numbers(presenter) == ["INV2023060001"]


def test_a_long_list_is_read_in_windows_and_a_short_filter_of_it_at_once(office: Office) -> None:
    database = office.store._own.database
    one = office.store.documents.page(INVOICE.name)[0]
    database.run("BEGIN")
    for number in range(12_000):
        keep_listed(database, INVOICE.name, like(one, number))
    database.run("COMMIT")
    presenter = invoices(office)
    assert presenter.state.counted == "12.002 invoices"
    asked: list[str] = []
    database.raw.set_trace_callback(asked.append)
    rows = presenter.state.rows
    assert rows.count() == 12_002
    assert len(rows.fetch(11_000, 100)) == 100
    database.raw.set_trace_callback(None)
    assert len(asked) == 2, asked  # the window, and the names of its customers
    assert "(day, number, id) <" in asked[0]
    assert "LIMIT 100 OFFSET 0" in asked[0]
    presenter.search("INVX00019")
    assert presenter.state.rows.count() == 10


def like(one: Listed, number: int) -> Listed:
    return replace(one, id=f"x{number:011d}", number=f"INVX{number:06d}")


def test_to_remind_lists_what_is_due_until_the_last_reminder_went_out(office: Office) -> None:
    presenter = invoices(office)
    presenter.turn("remind")
    assert numbers(presenter) == []
    assert presenter.state.empty[1] == "Nobody has to be reminded"
    office.pass_days(41)
    presenter.refresh()
    assert numbers(presenter) == ["INV2023060001", "INV2023060002"]
    key = presenter.state.rows.fetch(0, 1)[0].key
    presenter.open(key)
    detail = presenter.state.detail
    assert detail is not None
    assert "INV2023060001" in detail.letter
    presenter.press("remind_sent")
    assert numbers(presenter) == ["INV2023060002"]
    for _ in range(2):
        office.pass_days(8)
        invoice = office.invoicing.get(INVOICE, key)
        office.invoicing.remind(invoice)
    office.pass_days(100)
    presenter.refresh()
    assert numbers(presenter) == ["INV2023060002"]


def test_receivables_are_summed_by_customer_and_lead_to_their_open_invoices(
    office: Office,
) -> None:
    office.pass_days(40)
    presenter = invoices(office)
    presenter.turn("receivables")
    assert sorted(numbers(presenter)) == ["Quayside Hotel", "Rye & Sons"]
    assert "Overdue" in presenter.state.sums
    presenter.search("rye")
    assert numbers(presenter) == ["Rye & Sons"]
    presenter.open(presenter.state.rows.fetch(0, 1)[0].key)
    assert presenter.state.tab == "invoices"
    assert presenter.state.state == "open"
    assert numbers(presenter) == ["INV2023060002"]


def test_quotations_past_their_date_have_expired_when_the_screen_opens(office: Office) -> None:
    office.pass_days(60)
    presenter = orders(office)
    states = [row.cells[2] for row in presenter.state.rows.fetch(0, 10)]
    assert states == ["Expired", "Expired"]
