"""The demo shop's documents: something in every list and state, and a store that is sound."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pos_app.domain.catalogue_rules import product_refusals
from pos_app.domain.invoice import is_overdue
from pos_app.services import demo_shop
from pos_app.services.checkout import Checkout
from pos_app.services.demo_documents import DemoOffice
from pos_app.services.document_files import FileForm, made, paper_order
from pos_app.services.document_records import INVOICE
from pos_app.services.shop_setup import settings_refusals
from pos_app.services.verification import verify
from pos_app.store.store import Store, create_store

NOW = datetime(2026, 4, 15, 14, tzinfo=UTC)
DAYS = 30


def shop_after(path: Path, days: int) -> Store:
    """The demo shop without its sales, which take longer."""
    store = create_store(path, demo_shop.demo_settings(), now=NOW - timedelta(days=days + 1))
    clock = demo_shop._Clock(NOW - timedelta(days=days + 1))
    products = demo_shop._fill_catalogue(store, random.Random(1), clock)
    customers = demo_shop._fill_customers(store, random.Random(1), clock)
    office = DemoOffice(store, Checkout(store, clock), customers, products, days)
    for days_ago in range(days, -1, -1):
        clock.at = NOW - timedelta(days=days_ago)
        office.work(days_ago)
    return store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made_store = shop_after(tmp_path / "demo.db", DAYS)
    yield made_store
    made_store.close()


def states(store: Store, record: str) -> set[str]:
    return {one.status for one in store.documents.page(record)}


def test_every_product_of_the_demo_shop_is_one_that_a_form_would_save(store: Store) -> None:
    assert {one.name for one in store.products.every() if product_refusals(one)} == set()


def test_every_list_has_something_in_its_usual_states(store: Store) -> None:
    assert states(store, "quotation") == {"draft", "submitted", "approved", "rejected"}
    assert states(store, "order") == {
        "draft", "approved", "partially_delivered", "fully_delivered",
    }  # fmt: skip
    assert states(store, "delivery_note") == {"completed"}
    assert states(store, "invoice") == {"draft", "unpaid", "partially_paid", "fully_paid"}
    assert states(store, "sales_return") == {"completed"}


def test_some_invoices_are_overdue_and_one_waits_for_its_reminder(store: Store) -> None:
    listed = store.documents.page(INVOICE.name)
    invoices = [store.records.get(INVOICE, one.id) for one in listed]
    overdue = [one for one in invoices if one is not None and is_overdue(one, NOW.date())]
    assert len(overdue) >= 2
    assert any(one.reminders for one in overdue)
    waits = [one for one in overdue if one.remind_on and one.remind_on <= NOW.date()]
    assert waits


def test_the_demo_is_sound_and_its_settings_can_be_saved(tmp_path: Path, store: Store) -> None:
    assert settings_refusals(demo_shop.demo_settings()) == {}
    path = store.path
    store.close()
    assert verify(path).faults == ()


def test_its_invoices_become_e_invoices(store: Store) -> None:
    [listed] = [one for one in store.documents.page(INVOICE.name) if one.status == "partially_paid"]
    invoice = store.records.get(INVOICE, listed.id)
    assert invoice is not None
    assert made(paper_order(store, invoice, FileForm.FACTUR_X)).startswith(b"%PDF")


def test_a_demo_of_few_days_has_only_what_fits(tmp_path: Path) -> None:
    for days in (0, 9):
        store = shop_after(tmp_path / f"{days}.db", days)
        for listed in store.documents.page("invoice"):
            assert (NOW.date() - listed.day).days <= days
        path = store.path
        store.close()
        assert verify(path).faults == ()
