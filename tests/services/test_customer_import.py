"""Customers from a list and back: guessed columns, refused rows to repair, nothing runs."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from pos_app.domain.credit import CreditTerms
from pos_app.domain.customer import Customer
from pos_app.domain.money import Money
from pos_app.services.customer_columns import CustomerField
from pos_app.services.customer_credit import CustomerCredit
from pos_app.services.customer_export import export_customers
from pos_app.services.customer_import import CustomerImport, open_customer_list, preview_customers
from pos_app.services.customers import Customers
from pos_app.services.list_import import ImportReport
from pos_app.services.product_columns import ColumnsMissing, Mapping
from pos_app.services.verification import verify
from pos_app.store.store import Store, create_store
from tests.services.office_shop import SHOP, now

LIST = """KdNr;Firma;Kontakt;Telefon;E-Mail;Straße;PLZ;Ort;Kundengruppe;Kreditlimit;Zahlungsziel
K-1;Gasthof Löwe;Frau Rot;089 123;loewe@x.example;Markt 1;80331;München;Gastro;1.500,50;14
K-2;Schule am Park;;;;;80333;München;Schule;;
K-3;;;;;;;;;;
K-4;Bäcker Blau;;;kein-at;;;;;;
K-1;Noch einmal;;;;;;;;;
K-6;Maler Grün;;;;;;;;minus;
K-7;Tischler Gelb;;;;;;;;;bald
"""


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setenv("POS_APP_KEYS", "file")
    with create_store(tmp_path / "shop.db", SHOP, now=now()) as made:
        yield made
    found = verify(tmp_path / "shop.db")
    assert found.is_sound, found.faults


def take(store: Store, path: Path) -> ImportReport:
    table, mapping = open_customer_list(path)
    return CustomerImport(store, now, "7").run(table, mapping)


def written(folder: Path, text: str, name: str = "kunden.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode("cp1252"))
    return path


def test_a_list_is_guessed_imported_and_what_is_wrong_can_be_repaired(
    store: Store, tmp_path: Path
) -> None:
    report = take(store, written(tmp_path, LIST))
    assert (report.read, report.added, report.refused) == (7, 2, 5)
    lion = store.customers.find("K-1")
    assert lion is not None
    assert (lion.name, lion.contact, lion.city, lion.category, lion.country) == (
        "Gasthof Löwe",
        "Frau Rot",
        "München",
        "Gastro",
        "GB",
    )
    terms = CustomerCredit(store, now).terms(lion.id)
    assert (terms.credit_limit, terms.credit_days) == (Money(150_050, "EUR"), 14)
    told = {row.number: str(row.reason) for row in report.first_refusals}
    assert "name" in told[4]
    assert "e-mail" in told[5]
    assert "already in row 2" in told[6]
    assert "credit limit" in told[7]
    assert "credit days" in told[8]
    assert report.repair_file is not None
    mended = report.repair_file.read_text("utf-8-sig").replace("kein-at", "blau@x.example")
    report.repair_file.write_text(mended, "utf-8-sig")
    again = take(store, report.repair_file)
    assert (again.added, again.changed, again.refused) == (1, 1, 3)


def test_a_list_imported_twice_changes_nothing(store: Store, tmp_path: Path) -> None:
    text = "Name,Email,Postcode\nAnn,ann@x.example,1\nBob,,2\nBob,,3\n"
    first = take(store, written(tmp_path, text))
    assert (first.added, first.refused) == (3, 0)
    head = store.journal.count()
    second = take(store, written(tmp_path, text))
    assert (second.added, second.changed, second.unchanged) == (0, 0, 3)
    assert store.journal.count() == head + 1  # only that it was imported


def test_a_person_twice_in_a_list_without_numbers_is_refused_once(
    store: Store, tmp_path: Path
) -> None:
    report = take(store, written(tmp_path, "Name,Email\nAnn,a@x.example\nAnna,A@X.example\n"))
    assert (report.added, report.refused) == (1, 1)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_what_is_exported_comes_back_unchanged_in_another_shop(
    store: Store, tmp_path: Path, ending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    customers = Customers(store, now)
    evil = Customer(
        customers.new_id(),
        "N1",
        "=HYPERLINK(1)",
        phone="+353 91 555",
        contact="@SUM(A1)",
        address="1 Quay\nGalway",
        state="Connacht",
        category="Trade",
        region="West",
        price_list="Trade",
        card_code="0099",
        note="-2+3",
        is_active=False,
    )
    saved = customers.save(evil)
    credit = CustomerCredit(store, now)
    empty = CreditTerms(saved.id)
    credit.save(saved, empty, replace(empty, credit_limit=Money(5, "EUR"), bank_account="=1"))
    path = tmp_path / f"customers.{ending}"
    assert export_customers(store, path) == 1
    if ending == "xlsx":
        cells = [cell for row in openpyxl.load_workbook(path).active.iter_rows() for cell in row]
        assert all(cell.data_type != "f" for cell in cells)
    else:
        assert "\n=" not in path.read_text("utf-8-sig")
        assert ",=" not in path.read_text("utf-8-sig")
    assert take(store, path).unchanged == 1
    with create_store(tmp_path / "other.db", SHOP, now=now()) as other:
        report = take(other, path)
        assert (report.added, report.refused) == (1, 0)
        found = other.customers.find("N1")
        assert found == replace(saved, id=found.id if found else "")
        terms = CustomerCredit(other, now).terms(found.id if found else "")
        assert terms.bank_account == "=1"
        assert terms.credit_limit == Money(5, "EUR")
    assert verify(tmp_path / "other.db").is_sound


def test_a_list_that_names_nobody_is_not_imported(store: Store, tmp_path: Path) -> None:
    table, mapping = open_customer_list(written(tmp_path, "Ort;PLZ\nKöln;5\n"))
    with pytest.raises(ColumnsMissing):
        preview_customers(table, mapping, "EUR")
    with pytest.raises(ColumnsMissing):
        CustomerImport(store, now).run(table, Mapping(()))


def test_the_preview_says_what_would_be_refused_and_writes_nothing(
    store: Store, tmp_path: Path
) -> None:
    table, mapping = open_customer_list(written(tmp_path, LIST))
    rows = preview_customers(table, mapping, "EUR")
    assert [row.refusal is None for row in rows] == [True, True, False, False, True, False, False]
    assert rows[0].shown[CustomerField.NAME.value] == "Gasthof Löwe"
    assert store.customers.count() == 0


def test_a_stopped_import_keeps_what_it_has(store: Store, tmp_path: Path) -> None:
    text = "Number,Name\n" + "".join(f"{n},Name {n}\n" for n in range(1200))
    asked = iter([False, False, False, False, False, True])  # three looks, then two chunks
    table, mapping = open_customer_list(written(tmp_path, text))
    report = CustomerImport(store, now).run(table, mapping, cancelled=lambda: next(asked, True))
    assert report.was_cancelled
    assert report.read == store.customers.count() == 1000
