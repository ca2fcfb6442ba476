"""The document screens in all their states for `shots_office.py`."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from PySide6.QtWidgets import QWidget

from pos_app.domain.customer import Customer
from pos_app.domain.delivering import Transport
from pos_app.domain.document_settings import BankDetails, DocumentSettings
from pos_app.domain.money import Money
from pos_app.domain.order import Order
from pos_app.domain.taking_back import Back, ReturnTerms
from pos_app.services.customers import Customers
from pos_app.services.document_records import DELIVERY_NOTE, INVOICE, ORDER, QUOTATION
from pos_app.services.invoicing import Received
from pos_app.services.shop_setup import ShopSetup
from pos_app.ui.document_screen import DocumentsScreen
from pos_app.ui.invoices_screen import invoices_screen
from pos_app.ui.orders_screen import orders_screen
from tests.services.document_office import Office, new_office

PEOPLE = (
    ("Quayside Hotel", "Galway", "Maeve Quinn"),
    ("Bäckerei Sonnenschein GmbH & Co. KG", "Neustadt an der Weinstraße", "Jörg Ölschläger"),
    ("مكتبة النور", "عمّان", "ليلى"),
    ("Harbour Primary School", "Cork", ""),
)


class Silent:
    """A counter where nothing happens."""

    def sell(self, _cart: object) -> None: ...


def document_pages(  # noqa: PLR0915 - one state after the other
    folder: Path, language: str, wait: Callable[..., None]
) -> Iterator[tuple[str, QWidget]]:
    """Yield (name, widget) of each state, in a shop of its own with some weeks of deals."""
    path = folder / "documents.db"
    for old in folder.glob("documents.db*"):
        old.unlink()
    office = new_office(path)
    shop = office.store.settings.shop()
    bank = BankDetails("Corner", "DE02120300000000202051", "BYLADEM1001")
    spoken = replace(
        shop,
        screen=replace(shop.screen, language=language),
        documents=DocumentSettings(bank=bank),
    )
    ShopSetup(office.store, office.clock).save(spoken)
    office.checkout.reload_settings()
    deals = _deals(office)

    def read(screen: DocumentsScreen) -> bool:
        state = screen.presenter.state
        has_history = state.detail is None or bool(state.detail.history)
        return has_history and not screen.presenter.list.is_reading

    def ready(screen: DocumentsScreen) -> DocumentsScreen:
        wait(until=lambda: read(screen))
        return screen

    screen = orders_screen(office.checkout, counter=Silent())
    presenter = screen.presenter
    yield "orders-quotations", ready(screen)
    presenter.open_any(QUOTATION.name, deals["quotation"])
    yield "orders-quotation", ready(screen)
    presenter.press("delete")
    presenter.turn("orders")
    yield "orders-orders", ready(screen)
    presenter.open_any(ORDER.name, deals["order"])
    yield "orders-order", ready(screen)
    screen.detail.tabs.setCurrentWidget(screen.detail.lines)
    yield "orders-order-lines", ready(screen)
    screen.detail.tabs.setCurrentIndex(3)
    yield "orders-order-paper", ready(screen)
    screen.detail.tabs.setCurrentWidget(screen.detail.history)
    yield "orders-order-history", ready(screen)
    screen.detail.tabs.setCurrentWidget(screen.detail.overview)
    presenter.toggle_filters()
    presenter.filter("customer", "hotel")
    presenter.filter("day_from", "soon")
    yield "orders-filters", ready(screen)
    presenter.clear()
    presenter.search("nothing like that")
    yield "orders-nothing", ready(screen)
    presenter.clear()
    presenter.turn("deliveries")
    presenter.open_any(DELIVERY_NOTE.name, deals["note"])
    yield "orders-delivery", ready(screen)
    presenter.turn("returns")
    presenter.open(presenter.state.rows.fetch(0, 1)[0].key if read(screen) else deals["back"])
    yield "orders-return", ready(screen)
    screen.close()
    screen = invoices_screen(office.checkout, counter=Silent())
    presenter = screen.presenter
    yield "invoices", ready(screen)
    presenter.open_any(INVOICE.name, deals["invoice"])
    yield "invoices-invoice", ready(screen)
    stale = office.invoicing.get(INVOICE, deals["draft"])
    presenter.open_any(INVOICE.name, deals["draft"])
    ready(screen)
    office.invoicing.change(stale, replace(stale, due=stale.due))
    presenter.press("issue")
    yield "invoices-stale", ready(screen)
    presenter.turn("remind")
    ready(screen)
    presenter.open(presenter.state.rows.fetch(0, 1)[0].key)
    yield "invoices-remind", ready(screen)
    presenter.turn("receivables")
    yield "invoices-receivables", ready(screen)
    screen.close()
    office.store.close()


def _deals(office: Office) -> dict[str, str]:
    """Some weeks of business; returns ids to open."""
    customers = Customers(office.store, office.clock)
    people = [
        customers.save(
            Customer(
                customers.new_id(), f"CUS{n:03d}", name, city=city, contact=contact, country="DE"
            )
        )
        for n, (name, city, contact) in enumerate(PEOPLE, 2)
    ]
    people.append(office.customer)
    deals: dict[str, str] = {}
    for turn in range(14):
        office.customer = people[turn % len(people)]
        quotation = office.quotation()
        if turn % 3:
            quotation = office.quotations.submit(quotation)
        if turn % 3 == 2:
            office.quotations.decide(quotation, turn % 2 == 0, "")
        order = _dated(office, turn)
        if turn % 4 == 1:
            office.notes.deliver(order, {"1": Decimal(2), "2": Decimal(3)}, Transport())
        if turn % 4 in (2, 3):
            some = {"1": Decimal(2)}
            office.notes.deliver(order, some, Transport(carrier="DHL", tracking="00340434"))
            invoice = office.invoicing.of_order(office.now(order))
            if turn % 4 == 3:
                office.invoicing.receive(invoice, Received(Money(5000, "EUR")))
        office.pass_days(4)
    office.customer = people[0]
    quotation = office.quotations.submit(office.quotation())
    deals["quotation"] = quotation.head.id
    ordered = office.quotations.decide(quotation, True, "Same conditions as last year.")
    order = office.orders.decide(office.quotations.to_order(ordered), True)
    transport = Transport(carrier="DHL", tracking="0034043412345678")
    note = office.notes.deliver(order, {"1": Decimal(4)}, transport)
    invoice = office.invoicing.of_order(office.now(order))
    invoice = office.invoicing.receive(invoice, Received(Money(15000, "EUR")))
    terms = ReturnTerms("Damaged", delivery_id=note.head.id, delivery_number=note.head.number)
    back = office.returns.take_back(
        office.now(order), {"1": Back(Decimal(1), "Screen broken", is_spoilt=True)}, terms
    )
    draft = office.invoicing.save_draft(office.invoicing.draft(office.customer, office.lines()))
    deals |= {
        "order": order.head.id,
        "note": note.head.id,
        "invoice": invoice.head.id,
        "back": back.head.id,
        "draft": draft.head.id,
    }
    office.pass_days(3)
    return deals


def _dated(office: Office, turn: int) -> Order:
    order = office.order(5)
    if turn % 4 == 0:
        returned = office.orders.decide(order, False, "")
        by = returned.head.day.replace(day=28)
        changed = office.orders.change(returned, replace(returned, deliver_by=by))
        return office.orders.decide(changed, True)
    return order
