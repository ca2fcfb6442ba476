"""Prices, units, countries and bank accounts as e-invoices write them."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.document import DocumentLine, price_lines
from pos_app.domain.money import Money
from pos_app.domain.payment import TenderMethod
from pos_app.domain.pricing import PricePolicy
from pos_app.domain.product import Unit
from pos_app.printing.e_invoice import EInvoiceRules, EPayment
from pos_app.printing.e_invoice_body import body_of
from pos_app.printing.e_invoice_cii import cii_xml
from pos_app.printing.e_invoice_codes import country_code, means_code, peppol_address, unit_code
from pos_app.printing.e_invoice_price import price_for
from pos_app.printing.e_invoice_ubl import ubl_xml
from tests.e_invoice_national import peppol_broken
from tests.e_invoice_rules import FACTUR_X, UBL, broken
from tests.printing.e_invoices import (
    IBAN,
    MWST_19,
    SELLER,
    invoice_of,
    small_invoice,
)

UNITS = "pc kg g l ml m cm m2 h box pack set pair crate".split()


@given(
    minor=st.integers(0, 10**9),
    units=st.integers(1, 10**9),
    places=st.integers(0, 3),
    currency=st.sampled_from(["EUR", "JPY"]),
)
def test_a_price_times_the_quantity_is_the_amount(
    minor: int, units: int, places: int, currency: str
) -> None:
    amount, quantity = Money(minor, currency), Decimal(units).scaleb(-places)
    price, base = price_for(amount, quantity, None)
    exact = Fraction(price) * Fraction(quantity) / Fraction(base)
    assert abs(exact - Fraction(amount.amount)) <= Fraction(1, 200)
    assert price >= 0
    assert base > 0


@pytest.mark.parametrize(
    ("minor", "quantity", "listed", "expected"),
    [
        (748, "2", "3.74", ("3.74", "1")),
        (587, "2", "3.49/1.19", ("2.935", "1")),
        (1000, "3", None, ("3.333", "1")),
        (1000, "0.333", None, ("30.03", "1")),
        (1, "400000000000", None, ("0.01", "400000000000")),
        (-250, "-2", None, ("1.25", "1")),
        (-1, "-400000000000", None, ("0.01", "400000000000")),
        (0, "5", None, ("0.00", "1")),
    ],
)
def test_the_shops_own_price_is_kept_and_another_has_as_few_places_as_it_can(
    minor: int, quantity: str, listed: str | None, expected: tuple[str, str]
) -> None:
    own = None if listed is None else Fraction(*map(Fraction, listed.split("/")))
    price, base = price_for(Money(minor, "EUR"), Decimal(quantity), own)
    assert (f"{price:f}", f"{base:f}") == expected


def test_every_unit_of_a_shop_is_in_the_code_list() -> None:
    lines = [
        DocumentLine(code, code, Decimal(1), Decimal(1), unit=Unit(code, code), taxes=(MWST_19,))
        for code in UNITS
    ]
    assert [unit_code(line.unit) for line in lines][-1] == "C62"
    policy = PricePolicy("EUR")
    figures = price_lines(lines, policy).lines
    invoice = invoice_of(body_of(list(zip(lines, figures, strict=True)), policy))
    assert broken(cii_xml(invoice), FACTUR_X) == []
    assert broken(ubl_xml(invoice, EInvoiceRules.PEPPOL), UBL) == []


@pytest.mark.parametrize("method", list(TenderMethod))
def test_every_way_to_pay_is_in_the_code_list(method: TenderMethod) -> None:
    code = means_code(method)
    iban = IBAN if method is TenderMethod.BANK_TRANSFER else ""
    card = "1234" if method is TenderMethod.CARD else ""
    payment = EPayment(code, method.value, iban, "BELADEBEXXX", card_number=card)
    invoice = replace(small_invoice(), payment=payment)
    assert broken(cii_xml(invoice), FACTUR_X) == []
    assert broken(ubl_xml(invoice, EInvoiceRules.PEPPOL), UBL) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("DE", "DE"),
        (" gb ", "GB"),
        ("Germany", "DE"),
        ("Deutschland", "DE"),
        ("österreich", "AT"),
        ("France", "FR"),
        ("EIRE", "IE"),
        ("USA", "US"),
        ("الأردن", "JO"),
        ("中国", "CN"),
        ("EU", ""),
        ("Channel Islands", ""),
        ("Unspecified", ""),
        ("XX", ""),
        ("", ""),
    ],
)
def test_a_country_is_known_by_its_code_and_by_its_name(text: str, code: str) -> None:
    assert country_code(text) == code


@pytest.mark.parametrize(
    ("vat_number", "address"),
    [
        ("DE 123 456 788", ("9930", "DE123456788")),
        ("ATU12345678", ("9914", "ATU12345678")),
        ("EL123456789", ("9933", "EL123456789")),
        ("BE0123456749", ("0208", "0123456749")),
        ("DK12345674", ("0184", "DK12345674")),
        ("NO123456785MVA", ("0192", "123456785")),
        ("SE123456789701", ("0007", "1234567897")),
        ("SE12", ("", "")),
        ("US123", ("", "")),
        ("DE", ("", "")),
        ("", ("", "")),
    ],
)
def test_peppol_finds_a_business_by_its_vat_number(
    vat_number: str, address: tuple[str, str]
) -> None:
    scheme, number = peppol_address(vat_number)
    assert (scheme, number) == address
    if scheme:
        seller = replace(SELLER, vat_id=vat_number)
        xml = ubl_xml(replace(small_invoice(), seller=seller), EInvoiceRules.PEPPOL)
        assert f'schemeID="{scheme}">{number}<'.encode() in xml
        assert [*broken(xml, UBL), *peppol_broken(xml)] == []
