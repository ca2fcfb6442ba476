"""Documents as files: their names on every system, and that no file is lost to another."""

import os
import pickle
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader

from pos_app.domain.document_settings import BankDetails, DocumentSettings, SellerAddress
from pos_app.domain.invoice import Invoice, InvoiceSettled
from pos_app.domain.shop import ShopSettings
from pos_app.services.document_files import (
    EInvoiceLacks,
    FileForm,
    NoEInvoice,
    Paper,
    can_be_e_invoice,
    can_be_reminded,
    file_name,
    made,
    paper_order,
    safe_name,
    write_file,
    write_new,
)
from pos_app.services.document_records import INVOICE, ORDER
from pos_app.spreadsheets.writing import FileNotWritable
from tests.services.document_office import Office, new_office

SHOP = ShopSettings(
    name="Corner",
    country="DE",
    address=("Quay 1", "10117 Berlin"),
    phone="030 1",
    tax_number="37/123/45678",
    documents=replace(
        DocumentSettings(),
        address=SellerAddress("Quay 1", "10117", "Berlin"),
        bank=BankDetails("Corner", "DE89370400440532013000", "COBADEFFXXX"),
        vat_id="DE123456789",
        contact="Li",
        email="shop@example.org",
    ),
)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made_office = new_office(tmp_path / "shop.db", SHOP)
    customers = made_office.store.customers
    rye = replace(
        customers.get(made_office.customer.id) or made_office.customer,
        address="Road 2", city="Bonn", postcode="53111", email="rye@example.org",
        tax_number="DE987654328",
    )  # fmt: skip
    with made_office.store.transaction() as tx:
        tx.customers.save(rye)
    made_office.customer = rye
    yield made_office
    made_office.store.close()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("INV1 Rye & Sons", "INV1 Rye & Sons"),
        ('a/b\\c:d*e?f"g<h>i|j', "a-b-c-d-e-f-g-h-i-j"),
        ("../../etc/passwd", "-..-etc-passwd"),
        ("line\nend\ttab\x1b[2J", "line end tab [2J"),
        ("con", "con-"),
        ("LPT1.x", "LPT1.x-"),
        (" . ", "document"),
        ("مقهى الميناء", "مقهى الميناء"),
        ("a\u202etxt.exe", "a txt.exe"),
        ("\ud800x", "x"),
        ("x" * 500, "x" * 120),
        ("é" * 500, "é" * 60),
    ],
)
def test_a_name_stands_on_every_system(text: str, name: str, tmp_path: Path) -> None:
    assert safe_name(text) == name
    (tmp_path / f"{safe_name(text)}.pdf").touch()


def test_number_and_customer_make_the_name_and_the_form_its_ending(office: Office) -> None:
    quotation = office.quotation()
    assert file_name(quotation) == "QT2023060001 Rye & Sons.pdf"
    assert file_name(quotation, FileForm.XRECHNUNG) == "QT2023060001 Rye & Sons.xml"
    assert file_name(quotation, FileForm.FACTUR_X).endswith(".pdf")


def test_no_file_is_replaced_and_each_gets_a_number(tmp_path: Path) -> None:
    paths = [write_new(tmp_path, "a.b.pdf", bytes([n])) for n in range(3)]
    assert [path.name for path in paths] == ["a.b.pdf", "a.b (2).pdf", "a.b (3).pdf"]
    assert [path.read_bytes() for path in paths] == [b"\0", b"\1", b"\2"]
    assert len(list(tmp_path.iterdir())) == 3


def test_two_that_write_at_once_never_share_a_name(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        paths = list(pool.map(lambda n: write_new(tmp_path, "x.pdf", b"%d" % n), range(64)))
    assert len(set(paths)) == 64
    assert {path.read_bytes() for path in paths} == {b"%d" % n for n in range(64)}
    assert len(list(tmp_path.iterdir())) == 64


def test_a_disk_without_links_keeps_them_apart_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_paths: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "link", refuse)
    names = [write_new(tmp_path, "x.pdf", b"%d" % n).name for n in range(2)]
    assert names == ["x.pdf", "x (2).pdf"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x (2).pdf", "x.pdf"]


def test_a_folder_that_is_gone_is_told_and_the_old_file_stays(tmp_path: Path) -> None:
    with pytest.raises(FileNotWritable, match="cannot be written"):
        write_new(tmp_path / "gone", "x.pdf", b"1")
    with pytest.raises(FileNotWritable):
        write_file(tmp_path / "gone" / "x.pdf", b"1")
    path = tmp_path / "x.pdf"
    write_file(path, b"1")
    write_file(path, b"2")
    assert path.read_bytes() == b"2"
    assert [one.name for one in tmp_path.iterdir() if one.suffix == ".part"] == []


def papers(office: Office) -> list[Paper]:
    quotation, order = office.quotation(), office.order()
    note = office.notes.deliver(order, {line.line.id: line.to_deliver for line in order.lines})
    invoice = office.invoicing.of_order(office.now(order))
    return [quotation, office.now(order), note, invoice, office.returns.credit(invoice, "wrong")]


def test_every_kind_of_document_has_a_paper_that_names_it(office: Office) -> None:
    from io import BytesIO

    for document in papers(office):
        pdf = made(paper_order(office.store, document))
        assert document.head.number in PdfReader(BytesIO(pdf)).pages[0].extract_text()
        assert made(paper_order(office.store, document)) == pdf


def test_invoices_and_credit_notes_become_e_invoices_and_others_say_why_not(
    office: Office,
) -> None:
    *others, invoice, credit = papers(office)
    for plain in (invoice, credit):
        document = replace(plain, head=replace(plain.head, reference="04011000-12345-34"))
        pdf = made(paper_order(office.store, document, FileForm.FACTUR_X))
        assert b"factur-x.xml" in pdf
        for form in (FileForm.XRECHNUNG, FileForm.PEPPOL):
            assert made(paper_order(office.store, document, form)).startswith(b"<?xml")
    for document in others:
        assert not can_be_e_invoice(document)
        with pytest.raises(NoEInvoice, match=document.head.number):
            made(paper_order(office.store, document, FileForm.FACTUR_X))


def test_all_that_an_e_invoice_lacks_is_said_at_once(tmp_path: Path) -> None:
    bare = new_office(tmp_path / "bare.db")
    *_, invoice, _ = papers(bare)
    order = paper_order(bare.store, invoice, FileForm.XRECHNUNG)
    bare.store.close()
    with pytest.raises(EInvoiceLacks) as lacking:
        made(order)
    sentences = [str(fault) for fault in lacking.value.faults]
    assert len(sentences) > 2
    assert any("settings" in sentence for sentence in sentences)
    again = pickle.loads(pickle.dumps(lacking.value))
    assert [str(fault) for fault in again.faults] == sentences


def test_a_reminder_is_the_next_letter_of_an_invoice_that_is_owed(office: Office) -> None:
    from io import BytesIO

    quotation, _, _, invoice, _ = papers(office)
    assert isinstance(invoice, Invoice)
    again = office.invoicing.of_order(office.orders.get(ORDER, invoice.order_id))
    day = date(2023, 7, 20)
    letter = made(paper_order(office.store, again, FileForm.REMINDER, day))
    text = PdfReader(BytesIO(letter)).pages[0].extract_text()
    assert again.head.number in text
    assert file_name(again, FileForm.REMINDER) == f"{again.head.number}-R1 Rye & Sons.pdf"
    second = office.invoicing.remind(again)
    assert made(paper_order(office.store, second, FileForm.REMINDER, day)) != letter
    assert file_name(second, FileForm.REMINDER).startswith(f"{again.head.number}-R2")
    settled = office.store.records.get(INVOICE, invoice.head.id)
    assert settled is not None
    assert can_be_reminded(again)
    assert not can_be_reminded(settled)
    with pytest.raises(InvoiceSettled):
        made(paper_order(office.store, settled, FileForm.REMINDER, day))
    with pytest.raises(NoEInvoice):
        made(paper_order(office.store, quotation, FileForm.REMINDER, day))
