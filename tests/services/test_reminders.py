"""The texts of reminders: the right level, language and figures, ready for a mail program."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from pos_app.domain.document_settings import BankDetails, DocumentSettings
from pos_app.domain.invoice import Invoice
from pos_app.domain.order import InvoiceBasis
from pos_app.domain.shop import ShopSettings
from pos_app.services.reminders import mail_address, reminder_language, reminder_text
from tests.services.document_office import Office, new_office

SHOP = ShopSettings(name="Corner", country="DE")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = new_office(tmp_path / "office.sqlite")
    yield made
    made.store.close()


@pytest.fixture
def invoice(office: Office) -> Invoice:
    return office.invoicing.of_order(office.order(2), InvoiceBasis.ORDERED)


def test_each_reminder_is_firmer_than_the_one_before(office: Office, invoice: Invoice) -> None:
    office.pass_days(40)
    subjects = []
    for _ in range(4):
        text = reminder_text(invoice, SHOP, office.invoicing.today, "en")
        subjects.append((text.level, text.subject.split(":")[0]))
        invoice = office.invoicing.remind(invoice)
    assert subjects == [
        (1, "Payment reminder"),
        (2, "Second reminder"),
        (3, "Final reminder"),
        (4, "Final reminder"),
    ]


@pytest.mark.parametrize(
    ("language", "greeting", "amount"),
    [
        ("en", "Dear customer,", "209,97 €"),
        ("de", "Sehr geehrte Damen und Herren,", "209,97 €"),
        ("fr", "Madame, Monsieur,", "209,97 €"),
        ("zh", "尊敬的客户：", "€209.97"),
        ("ar", "السادة الكرام،", "209"),
    ],
)
def test_a_reminder_speaks_the_customers_language_and_names_what_is_owed(
    office: Office, invoice: Invoice, language: str, greeting: str, amount: str
) -> None:
    office.pass_days(60)
    text = reminder_text(invoice, SHOP, office.invoicing.today, language)
    said = text.body.replace("\u00a0", " ").replace("\u202f", " ")
    assert said.startswith(greeting)
    assert invoice.head.number in said
    assert language == "ar" or amount in said
    assert said.endswith("Corner")
    assert language == "ar" or "\u2068" not in text.body


def test_the_language_is_that_of_the_paper_then_of_the_country_then_of_the_shop(
    invoice: Invoice,
) -> None:
    def spoken(country: str, language: str = "", papers: str = "") -> str:
        party = replace(invoice.head.customer, country=country)
        one = replace(invoice, head=replace(invoice.head, customer=party, language=language))
        return reminder_language(one, replace(SHOP, documents=DocumentSettings(language=papers)))

    assert spoken("FR") == "fr"
    assert spoken("FR", "ar") == "ar"
    assert spoken("DE", papers="de") == "de"
    assert spoken("BR") == "en"
    assert spoken("nonsense") == "en"


def test_nobody_is_asked_to_pay_before_the_day_that_was_agreed(
    office: Office, invoice: Invoice
) -> None:
    text = reminder_text(invoice, SHOP, office.invoicing.today, "en")
    assert "Please pay by 1 Jul 2023" in text.body.replace("July", "Jul")


def test_the_bank_is_named_where_the_shop_has_one(office: Office, invoice: Invoice) -> None:
    bank = BankDetails(iban="DE02120300000000202051", bic="BYLADEM1001")
    shop = replace(SHOP, documents=DocumentSettings(bank=bank))
    body = reminder_text(invoice, shop, office.invoicing.today, "en").body
    assert "IBAN: DE02120300000000202051" in body
    assert f"Reference: {invoice.head.number}" in body


def test_a_mail_program_reads_back_the_letter_with_its_signs(invoice: Invoice) -> None:
    party = replace(invoice.head.customer, email="office@rye.example")
    invoice = replace(invoice, head=replace(invoice.head, customer=party))
    text = reminder_text(invoice, SHOP, invoice.due, "de")
    address = urlsplit(mail_address(text, text.body + "\n100 % & mehr?"))
    assert (address.scheme, address.path) == ("mailto", "office@rye.example")
    parts = parse_qs(address.query)
    assert parts["subject"] == [text.subject]
    assert parts["body"][0].replace("\r\n", "\n").endswith("100 % & mehr?")
