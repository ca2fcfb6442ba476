"""From the shop's own invoices and returns to e-invoices that the official rules take."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from pos_app.domain.discount import DiscountKind, DocumentDiscount, LineDiscount
from pos_app.domain.document_settings import BankDetails, DocumentSettings, SellerAddress
from pos_app.domain.invoice import Invoice, InvoiceNotIssued
from pos_app.domain.issuer import issuer_of
from pos_app.domain.money import Money
from pos_app.domain.order import OrderLine
from pos_app.domain.payment import TenderMethod, TenderRequest
from pos_app.domain.pricing import PricePolicy
from pos_app.domain.shop import ShopSettings
from pos_app.domain.taking_back import Back
from pos_app.domain.tax import Tax
from pos_app.printing.e_invoice import EInvoice, EInvoiceKind, EInvoiceRules, EPayment, Preceding
from pos_app.printing.e_invoice_check import checked
from pos_app.printing.e_invoice_cii import cii_xml
from pos_app.printing.e_invoice_problems import EInvoiceIncomplete
from pos_app.services.customers import Customers
from pos_app.services.document_records import INVOICE, ORDER
from pos_app.services.e_invoices import (
    NoEInvoiceInTraining,
    as_issued,
    e_credit_note_of,
    e_invoice_of,
    ubl_file,
)
from pos_app.services.invoicing import Received
from tests.e_invoice_national import peppol_broken, xrechnung_broken
from tests.e_invoice_rules import FACTUR_X, UBL, broken, refused
from tests.services.document_office import LAPTOP, Office, new_office

XR, PEPPOL = EInvoiceRules.XRECHNUNG, EInvoiceRules.PEPPOL
SHOP = ShopSettings(
    name="Rand & Söhne",
    address=("Lange Straße 12", "31134 Hildesheim"),
    phone="+49 5121 123456",
    tax_number="30/123/45678",
    country="DE",
    policy=PricePolicy("EUR"),
    documents=DocumentSettings(
        address=SellerAddress("Lange Straße 12", "31134", "Hildesheim"),
        bank=BankDetails("Rand & Söhne", "DE75 5121 0800 1245 1261 99", "", "Sparkasse"),
        vat_id="DE123456788",
        email="rechnung@rand.example",
        contact="Büro",
        payment_terms="30 Tage netto",
        invoice_note="Vielen Dank",
    ),
)

EARLY = replace(SHOP, documents=replace(SHOP.documents, early_days=14, early_percent=Decimal(2)))


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = new_office(tmp_path / "office.db", SHOP)
    customers = Customers(made.store, made.clock)
    known = made.customer
    made.customer = customers.save(
        replace(
            known,
            address="Markt 3\nHinterhaus",
            city="Hildesheim",
            postcode="31134",
            country="Deutschland",
            email="li@rye.example",
            tax_number="DE987654328",
        )
    )
    yield made
    made.store.close()


def invoice_in_part(office: Office) -> Invoice:
    """Seven of ten laptops and all paper of an order with discounts, delivered and invoiced."""
    draft = office.orders.draft(office.customer)
    laptop, paper = office.lines()
    cheaper = replace(laptop, discount=LineDiscount(percent=Decimal(5), reason="Treue"))
    draft = replace(
        draft,
        head=replace(draft.head, reference="04011000-12345-03"),
        lines=(OrderLine(cheaper), OrderLine(paper)),
        discounts=(DocumentDiscount(DiscountKind.AMOUNT, Decimal(20)),),
    )
    order = office.orders.decide(office.orders.create(draft), True)
    office.notes.deliver(order, {"1": Decimal(7), "2": Decimal(3)})
    return office.invoicing.of_order(office.now(order))


def everything(invoice: EInvoice) -> list[str]:
    german, network = ubl_file(invoice, XR), ubl_file(invoice, PEPPOL)
    official = broken(cii_xml(invoice), FACTUR_X) + broken(german, UBL) + broken(network, UBL)
    return [*official, *xrechnung_broken(german), *peppol_broken(network)]


def test_an_invoice_of_a_part_delivery_is_valid_and_has_its_own_figures(office: Office) -> None:
    invoice = invoice_in_part(office)
    made = e_invoice_of(invoice, SHOP)
    assert everything(made) == []
    assert made.totals.gross == invoice.gross
    assert made.totals.net == invoice.net
    assert made.totals.due == invoice.total
    assert made.sales_order == invoice.order_number
    assert made.buyer.address.country == "DE"
    assert (made.buyer.address.street, made.buyer.address.more) == ("Markt 3", "Hinterhaus")
    assert [line.allowances[0].reason for line in made.lines[:1]] == ["Treue"]
    given = sum(line.figures.document_discount.minor for line in invoice.lines)
    with_tax = sum(one.allowance.amount.minor * (100 + one.rate) / 100 for one in made.allowances)
    assert abs(with_tax - given) < 2


def test_a_credit_note_of_goods_back_is_valid_and_names_its_invoice(office: Office) -> None:
    invoice = invoice_in_part(office)
    order = office.orders.get(ORDER, invoice.order_id)
    returned = office.returns.take_back(order, {"1": Back(Decimal(2)), "2": Back(Decimal(1))})
    made = e_credit_note_of(returned, [invoice], SHOP)
    assert made.kind is EInvoiceKind.CREDIT_NOTE
    assert everything(made) == []
    assert made.totals.due == returned.credit
    assert [line.quantity for line in made.lines] == [2, 1]
    assert made.preceding == (Preceding(invoice.head.number, invoice.head.day),)


def test_the_credit_notes_of_an_invoice_take_back_all_of_it(office: Office) -> None:
    invoice = invoice_in_part(office)
    order = office.orders.get(ORDER, invoice.order_id)
    first = office.returns.take_back(order, {"1": Back(Decimal(3))})
    left = office.invoicing.get(INVOICE, invoice.head.id)
    second = office.returns.credit(left, "Falsch geliefert")
    notes = [e_credit_note_of(one, [invoice], SHOP) for one in (first, second)]
    assert [everything(note) for note in notes] == [[], []]
    assert sum(note.totals.gross.minor for note in notes) == invoice.gross.minor
    assert sum(note.totals.net.minor for note in notes) == invoice.net.minor


def test_what_is_paid_or_credited_later_does_not_change_the_file(office: Office) -> None:
    invoice = invoice_in_part(office)
    before = ubl_file(e_invoice_of(invoice, SHOP), XR)
    office.pass_days(3)
    paid = office.invoicing.receive(invoice, Received(Money(5000, "EUR")))
    office.returns.credit(paid, "Kulanz")
    now = office.invoicing.get(INVOICE, invoice.head.id)
    assert now.balance != invoice.balance
    assert ubl_file(e_invoice_of(now, SHOP), XR) == before
    assert as_issued(now).balance == invoice.total


@pytest.mark.parametrize(
    ("method", "code", "german"),
    [(TenderMethod.CASH, "10", "10"), (TenderMethod.CARD, "48", "1")],
)
def test_a_sale_paid_at_the_till_owes_nothing_and_says_how_it_was_paid(
    office: Office, method: TenderMethod, code: str, german: str
) -> None:
    cart = office.checkout.add(office.checkout.new_cart(), LAPTOP.id, Decimal(2))
    sale = office.checkout.complete(cart, [TenderRequest(method)])
    invoice = office.invoicing.of_sale(sale, office.customer)
    made = e_invoice_of(invoice, SHOP)
    assert (made.totals.prepaid, made.totals.due.minor) == (sale.amount_due, 0)
    assert made.payment == EPayment(code)
    assert e_invoice_of(invoice, EARLY).early is None
    assert broken(cii_xml(made), FACTUR_X) == []
    named = replace(made, buyer_reference="04011000-12345-03")
    assert everything(named) == []
    assert f"PaymentMeansCode>{german}<".encode() in ubl_file(named, XR)


def test_goods_to_a_business_in_another_country_go_without_vat(office: Office) -> None:
    supply = Tax(rate=Decimal(0), name="Innergemeinschaftliche Lieferung", code="K")
    line = replace(office.lines()[0], taxes=(supply,))
    draft = office.invoicing.draft(office.customer, (line,))
    abroad = replace(
        draft.head.customer,
        tax_number="FR40303265045",
        city="Paris",
        postcode="75002",
        country="France",
    )
    head = replace(draft.head, customer=abroad, reference="PO 7")
    draft = replace(draft, head=head, delivered_on=draft.head.day)
    invoice = office.invoicing.issue(office.invoicing.save_draft(draft))
    made = e_invoice_of(invoice, SHOP)
    assert made.buyer.vat_id == "FR40303265045"
    assert made.delivery is not None
    assert made.delivery.country == "FR"
    assert everything(made) == []


def test_early_payment_is_on_the_file_as_the_shop_grants_it(office: Office) -> None:
    invoice = replace(invoice_in_part(office), issuer=issuer_of(EARLY))
    made = e_invoice_of(invoice, SHOP)
    assert b"#SKONTO#TAGE=14#PROZENT=2.00#" in ubl_file(made, XR)
    assert everything(made) == []


def test_a_training_makes_no_e_invoice(office: Office) -> None:
    invoice = invoice_in_part(office)
    with pytest.raises(NoEInvoiceInTraining):
        e_invoice_of(invoice, replace(SHOP, is_training=True))


def test_a_draft_is_no_e_invoice(office: Office) -> None:
    draft = office.invoicing.save_draft(office.invoicing.draft(office.customer, office.lines()))
    with pytest.raises(InvoiceNotIssued):
        e_invoice_of(draft, SHOP)


def test_what_the_shop_did_not_fill_in_is_said_in_a_sentence(office: Office) -> None:
    draft = office.invoicing.save_draft(office.invoicing.draft(office.customer, office.lines()))
    invoice = office.invoicing.issue(draft)
    bare = ShopSettings(name="Corner", country="DE")
    made = e_invoice_of(replace(invoice, issuer=issuer_of(bare)), bare)
    assert {type(one).__name__ for one in checked(made, XR)} == {
        "SellerTaxNumberMissing",
        "BuyerReferenceMissing",
        "SellerContactMissing",
        "SellerTownMissing",
        "EndpointMissing",
    }
    with pytest.raises(EInvoiceIncomplete, match="no tax number of the shop"):
        ubl_file(made, XR)


@pytest.mark.parametrize(
    ("tax_number", "vat_id"), [("DE123456788", "DE123456788"), ("30/123/45678", "")]
)
def test_a_vat_number_is_known_by_its_country(office: Office, tax_number: str, vat_id: str) -> None:
    draft = office.invoicing.save_draft(office.invoicing.draft(office.customer, office.lines()))
    invoice = office.invoicing.issue(draft)
    shop = replace(SHOP, tax_number=tax_number, documents=replace(SHOP.documents, vat_id=""))
    made = e_invoice_of(replace(invoice, issuer=issuer_of(shop)), shop)
    assert made.seller.vat_id == vat_id
    assert checked(made) == []
    # Nothing was delivered yet, so the group that the schema wants is empty: a warning.
    assert len(broken(cii_xml(made), FACTUR_X)) == 1
    assert refused(cii_xml(made), FACTUR_X) == []
