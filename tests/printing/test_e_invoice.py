"""E-invoices: what we write is valid under the official rules, and what is wrong is told before."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest
from lxml import etree

from pos_app.domain.document import DocumentLine, price_lines
from pos_app.domain.money import Money
from pos_app.domain.pricing import PricePolicy
from pos_app.domain.tax import Tax, TaxRounding
from pos_app.printing import e_invoice_problems as problem
from pos_app.printing.e_invoice import (
    EAddress,
    EarlyPayment,
    EContact,
    EInvoice,
    EInvoiceKind,
    EInvoiceRules,
    EPayment,
    VatCategory,
)
from pos_app.printing.e_invoice_body import TwoVatRates, body_of
from pos_app.printing.e_invoice_check import checked, require_complete
from pos_app.printing.e_invoice_cii import cii_xml
from pos_app.printing.e_invoice_ubl import ubl_xml
from tests.e_invoice_national import peppol_broken, xrechnung_broken
from tests.e_invoice_rules import FACTUR_X, UBL, broken
from tests.printing.e_invoices import (
    BUYER,
    LITRE,
    MWST_7,
    MWST_19,
    SELLER,
    drawn_invoice,
    invoice_of,
    small_invoice,
)

EN, XR, PEPPOL = EInvoiceRules.EN_16931, EInvoiceRules.XRECHNUNG, EInvoiceRules.PEPPOL
CENT = Money(1, "EUR")
Change = Callable[[EInvoice], EInvoice]


def official(invoice: EInvoice) -> list[str]:
    """What the official rules of both syntaxes say."""
    return broken(cii_xml(invoice), FACTUR_X) + broken(ubl_xml(invoice, XR), UBL)


def everything(invoice: EInvoice) -> list[str]:
    """What the official rules and ours for XRechnung and Peppol say."""
    german = xrechnung_broken(ubl_xml(invoice, XR))
    network = ubl_xml(invoice, PEPPOL)
    return [*official(invoice), *german, *broken(network, UBL), *peppol_broken(network)]


def named(faults: list[problem.EInvoiceIncomplete]) -> set[str]:
    return {type(fault).__name__ for fault in faults}


@pytest.mark.parametrize("with_tax", [True, False])
@pytest.mark.parametrize("tax_rounding", list(TaxRounding))
def test_drawn_documents_of_every_pricing_policy_are_valid(
    tax_rounding: TaxRounding, with_tax: bool
) -> None:
    """Twenty for each of ten policies; what cannot be valid is told, and then the rules agree."""
    draw = Random(f"{tax_rounding} {with_tax}")
    valid = 0
    while valid < 20:
        invoice = drawn_invoice(draw, tax_rounding, with_tax=with_tax)
        faults = [*checked(invoice, XR), *checked(invoice, PEPPOL)]
        if faults:
            assert named(faults) == {"TaxFarFromRate"}
            assert any("BR-S-09" in rule for rule in broken(cii_xml(invoice), FACTUR_X))
            assert any("BR-S-09" in rule for rule in broken(ubl_xml(invoice, XR), UBL))
        else:
            assert everything(invoice) == []
            valid += 1


def totals(**changes: Money) -> Change:
    return lambda one: replace(
        one,
        totals=replace(
            one.totals,
            **{name: getattr(one.totals, name) + more for name, more in changes.items()},
        ),
    )


def tax_row(**changes: Money) -> Change:
    def changed(one: EInvoice) -> EInvoice:
        row = one.taxes[0]
        new = {name: getattr(row, name) + more for name, more in changes.items()}
        return replace(one, taxes=(replace(row, **new), *one.taxes[1:]))

    return changed


def first_line(**changes: object) -> Change:
    return lambda one: replace(one, lines=(replace(one.lines[0], **changes), *one.lines[1:]))


@pytest.mark.parametrize(
    "plant",
    [
        totals(lines=CENT),
        totals(allowances=CENT),
        totals(charges=CENT),
        totals(net=CENT),
        totals(tax=CENT),
        totals(gross=CENT),
        totals(rounding=CENT),
        totals(prepaid=CENT),
        totals(due=CENT),
        totals(gross=CENT, due=CENT),
        totals(tax=CENT, gross=CENT, due=CENT),
        totals(net=CENT, gross=CENT, due=CENT),
        totals(lines=CENT, net=CENT, gross=CENT, due=CENT),
        totals(allowances=-CENT, net=CENT, gross=CENT, due=CENT),
        totals(charges=CENT, net=CENT, gross=CENT, due=CENT),
        tax_row(base=Money(200, "EUR")),
        tax_row(amount=CENT),
        first_line(net=Money(3000, "EUR")),
        first_line(category=VatCategory.ZERO_RATED, rate=Decimal(0)),
    ],
)
def test_a_planted_wrong_total_is_caught_by_us_and_by_the_rules(plant: Change) -> None:
    wrong = plant(small_invoice())
    assert checked(small_invoice()) == []
    assert checked(wrong)
    assert broken(cii_xml(wrong), FACTUR_X)
    assert broken(ubl_xml(wrong, XR), UBL)


def test_a_cent_too_much_in_the_base_of_a_tax_is_caught() -> None:
    wrong = tax_row(base=CENT)(small_invoice())
    assert named(checked(wrong)) == {"SumWrong"}
    assert any("BR-S-08" in rule for rule in broken(cii_xml(wrong), FACTUR_X))


def test_an_invoice_says_until_when_to_pay_though_newer_rules_let_go_of_that() -> None:
    open_end = replace(small_invoice(), due=None, terms="")
    assert named(checked(open_end)) == {"DueDateMissing"}
    assert checked(replace(open_end, terms="Sofort")) == []


def test_a_line_that_is_not_price_times_quantity_is_caught() -> None:
    wrong = first_line(price=Decimal("11.72"))(small_invoice())
    assert named(checked(wrong)) == {"LineSumWrong"}
    assert "PEPPOL-EN16931-R120" in peppol_broken(ubl_xml(wrong, PEPPOL))


def seller(**changes: object) -> Change:
    return lambda one: replace(one, seller=replace(one.seller, **changes))


def buyer(**changes: object) -> Change:
    return lambda one: replace(one, buyer=replace(one.buyer, **changes))


def whole(**changes: object) -> Change:
    return lambda one: replace(one, **changes)


NOBODY = EContact()
NO_TAX_NUMBER = {"vat_id": "", "tax_number": ""}
NO_COUNTRY = replace(SELLER.address, country="")
NO_TOWN = replace(SELLER.address, city=" ")


@pytest.mark.parametrize(
    ("change", "fault", "rule"),
    [
        (seller(address=NO_COUNTRY), problem.SellerCountryMissing, "BR-09"),
        (buyer(address=NO_COUNTRY), problem.BuyerCountryMissing, "BR-11"),
        (seller(name="\x07"), problem.NameMissing, "BR-06"),
        (buyer(name=""), problem.NameMissing, "BR-07"),
        (first_line(name=" "), problem.NameMissing, "BR-25"),
        (whole(number=""), problem.NameMissing, "BR-02"),
        (seller(**NO_TAX_NUMBER), problem.SellerTaxNumberMissing, "BR-S-02"),
        (seller(vat_id="", registration=""), problem.SellerTaxNumberMissing, "BR-CO-26"),
        (seller(vat_id="123456789"), problem.VatIdWrong, "BR-CO-09"),
        (buyer(vat_id="QQ123"), problem.VatIdWrong, "BR-CO-09"),
        (whole(payment=EPayment("58")), problem.BankAccountMissing, "BR-61"),
    ],
)
def test_what_the_rules_miss_we_miss_first(
    change: Change, fault: type[problem.EInvoiceIncomplete], rule: str
) -> None:
    incomplete = change(small_invoice())
    faults = checked(incomplete)
    assert named(faults) == {fault.__name__}
    assert any(rule in one for one in official(incomplete))
    with pytest.raises(fault):
        require_complete(incomplete)
    for one in faults:
        assert "{" not in str(one)
        assert str(one).endswith(".")


@pytest.mark.parametrize(
    ("change", "fault", "rule"),
    [
        (whole(buyer_reference=""), problem.BuyerReferenceMissing, "BR-DE-15"),
        (seller(contact=NOBODY), problem.SellerContactMissing, "BR-DE-6"),
        (seller(address=NO_TOWN), problem.SellerTownMissing, "BR-DE-3"),
        (buyer(address=replace(NO_TOWN, city="X", postcode="")), problem.BuyerTownMissing, "DE-9"),
        (whole(delivery=NO_TOWN), problem.BuyerTownMissing, "BR-DE-10"),
        (seller(endpoint=""), problem.EndpointMissing, "R020"),
        (buyer(endpoint=""), problem.EndpointMissing, "R010"),
        (whole(payment=EPayment("58", iban="DE11 1")), problem.IbanWrong, "BR-DE-19"),
    ],
)
def test_what_xrechnung_misses_we_miss_first(
    change: Change, fault: type[problem.EInvoiceIncomplete], rule: str
) -> None:
    incomplete = change(small_invoice())
    assert named(checked(incomplete, XR)) == {fault.__name__}
    assert any(rule in one for one in xrechnung_broken(ubl_xml(incomplete, XR)))


def test_peppol_takes_an_order_number_for_the_buyer_reference() -> None:
    bare = replace(small_invoice(), buyer_reference="", sales_order="")
    assert named(checked(bare, PEPPOL)) == {"BuyerReferenceMissing"}
    assert peppol_broken(ubl_xml(bare, PEPPOL)) == ["PEPPOL-EN16931-R003"]
    ordered = replace(bare, order_number="4711")
    assert checked(ordered, PEPPOL) == []
    assert peppol_broken(ubl_xml(ordered, PEPPOL)) == []


def test_peppol_delivers_to_no_e_mail_address() -> None:
    mailed = buyer(vat_id="")(small_invoice())
    assert named(checked(mailed, PEPPOL)) == {"PeppolAddressMissing"}
    assert peppol_broken(ubl_xml(mailed, PEPPOL)) == ["PEPPOL-EN16931-R010"]
    numbered = buyer(endpoint="4012345000009", endpoint_scheme="0088")(mailed)
    assert checked(numbered, PEPPOL) == []
    assert peppol_broken(ubl_xml(numbered, PEPPOL)) == []
    assert "PEPPOL-EN16931-CL008" in peppol_broken(ubl_xml(small_invoice(), XR))


def test_a_card_without_its_digits_is_no_card_for_xrechnung() -> None:
    paid = replace(small_invoice(), payment=EPayment("48"))
    assert b"PaymentMeansCode>1<" in ubl_xml(paid, XR)
    assert b"PaymentMeansCode>48<" in ubl_xml(paid, PEPPOL)
    assert everything(paid) == []


ELSEWHERE = EAddress("Rue de la Paix 2", "", "Paris", "75002", "", "FR")
NAMELESS = replace(BUYER, vat_id="")
FRENCH = replace(BUYER, vat_id="FR40303265045", address=ELSEWHERE)


@pytest.mark.parametrize("kind", list(EInvoiceKind))
@pytest.mark.parametrize("category", list(VatCategory))
def test_every_kind_of_vat_is_valid(category: VatCategory, kind: EInvoiceKind) -> None:
    rate = Decimal(19) if category is VatCategory.STANDARD else Decimal(0)
    tax = Tax(rate=rate, name=f"VAT {category}", code=category.value)
    line = DocumentLine("1", "Werkbank", Decimal(2), Decimal("99.90"), taxes=(tax,))
    policy = PricePolicy("EUR")
    figures = price_lines((line,), policy).lines[0]
    invoice = invoice_of(body_of([(line, figures)], policy), kind)
    abroad = replace(invoice, buyer=FRENCH, delivery=ELSEWHERE)
    assert checked(abroad, XR) == []
    assert everything(abroad) == []


@pytest.mark.parametrize(
    ("code", "change", "fault", "rule"),
    [
        ("AE", {"buyer": NAMELESS}, problem.BuyerVatIdMissing, "BR-AE-02"),
        ("K", {"buyer": NAMELESS}, problem.BuyerVatIdMissing, "BR-IC-02"),
        ("K", {"delivery": None}, problem.DeliveryPlaceMissing, "BR-IC-12"),
        ("K", {"delivered": None}, problem.DeliveryPlaceMissing, "BR-IC-11"),
        ("G", {"seller": replace(SELLER, vat_id="")}, problem.SellerVatIdMissing, "BR-G-02"),
    ],
)
def test_supplies_without_vat_need_their_numbers_and_places(
    code: str, change: dict[str, object], fault: type[Exception], rule: str
) -> None:
    tax = Tax(rate=Decimal(0), code=code)
    line = DocumentLine("1", "Werkbank", Decimal(1), Decimal(10), taxes=(tax,))
    figures = price_lines((line,), PricePolicy("EUR")).lines[0]
    invoice = invoice_of(body_of([(line, figures)], PricePolicy("EUR")))
    abroad = replace(invoice, buyer=FRENCH, delivery=ELSEWHERE)
    incomplete = replace(abroad, **change)
    assert named(checked(incomplete)) == {fault.__name__}
    assert any(rule in one for one in official(incomplete))


def test_vat_may_differ_from_its_rate_by_less_than_one_unit_and_no_more() -> None:
    near, far = tax_invoice(Money(99, "EUR")), tax_invoice(Money(100, "EUR"))
    assert checked(near) == []
    assert official(near) == []
    assert named(checked(far)) == {"TaxFarFromRate"}
    assert any("BR-S-09" in rule for rule in broken(cii_xml(far), FACTUR_X))
    assert any("BR-S-09" in rule for rule in broken(ubl_xml(far, XR), UBL))


def tax_invoice(off: Money) -> EInvoice:
    """An invoice whose tax is `off` more than its rate asks."""
    plain = small_invoice()
    return totals(tax=off, gross=off, due=off)(tax_row(amount=off)(plain))


def test_tax_rounded_on_a_thousand_cheap_lines_is_told_in_words() -> None:
    lines = [
        DocumentLine(str(place), "Schraube", Decimal(1), Decimal("0.03"), taxes=(MWST_7,))
        for place in range(1000)
    ]
    policy = PricePolicy("EUR")
    figures = price_lines(lines, policy).lines
    invoice = invoice_of(body_of(list(zip(lines, figures, strict=True)), policy))
    assert [type(one) for one in checked(invoice)] == [problem.TaxFarFromRate]
    assert str(checked(invoice)[0]) == (
        "The tax of 7 % on INV2026030001 is 0.00 EUR, but 2.10 EUR on the whole amount: rounding "
        "it in small parts adds up to more than an e-invoice may hold. Let the shop's prices round "
        "the tax once per document, or write several invoices."
    )
    whole_document = PricePolicy("EUR", tax_rounding=TaxRounding.PER_DOCUMENT)
    figures = price_lines(lines, whole_document).lines
    invoice = invoice_of(body_of(list(zip(lines, figures, strict=True)), whole_document))
    assert checked(invoice) == []
    assert broken(cii_xml(invoice), FACTUR_X) == []


def test_a_line_with_two_percentages_is_refused() -> None:
    gst, pst = Tax(rate=Decimal(5)), Tax(rate=Decimal(7))
    line = DocumentLine("1", "Maple syrup", Decimal(1), Decimal(10), taxes=(gst, pst))
    figures = price_lines((line,), PricePolicy("CAD")).lines[0]
    with pytest.raises(TwoVatRates, match="Maple syrup"):
        body_of([(line, figures)], PricePolicy("CAD"))


def test_a_currency_with_three_places_is_refused() -> None:
    line = DocumentLine("1", "زيت", Decimal(1), Decimal("1.250"), unit=LITRE, taxes=(MWST_19,))
    policy = PricePolicy("KWD")
    invoice = invoice_of(body_of([(line, price_lines((line,), policy).lines[0])], policy))
    wrong = replace(invoice, currency="KWD")
    assert named(checked(wrong)) == {"CurrencyTooFine"}
    assert any("BR-DEC" in rule for rule in broken(ubl_xml(wrong, XR), UBL))


@pytest.mark.parametrize(
    "name",
    ["<b>R&D</b>", "]]>", "a\x00b\x1bc", "x" * 500, "\ufffe ok", "زيت", "茶\u2028", "\ud800?"],
)
def test_any_text_from_outside_stays_text(name: str) -> None:
    odd = replace(first_line(name=name, note=name)(small_invoice()), note=name, terms=name)
    assert everything(odd) == []
    shown = etree.fromstring(ubl_xml(odd, XR)).findtext(".//{*}Item/{*}Name")
    assert (
        shown == "".join(letter for letter in name if letter not in "\x00\x1b\ufffe\ud800").strip()
    )


@pytest.mark.parametrize(
    ("terms", "written"),
    [
        ("14 Tage", "14 Tage\n#SKONTO#TAGE=10#PROZENT=2.50#\n"),
        ("# 1\n#SKONTO#TAGE=7#PROZENT=3.00#", "1\n#SKONTO#TAGE=7#PROZENT=3.00#\n#SKONTO#"),
        ("", "#SKONTO#TAGE=10#PROZENT=2.50#\n"),
    ],
)
def test_a_discount_for_paying_early_is_written_as_xrechnung_reads_it(
    terms: str, written: str
) -> None:
    early = EarlyPayment(10, Decimal("2.5"))
    sooner = replace(small_invoice(), terms=terms, early=early)
    assert everything(sooner) == []
    note = etree.fromstring(ubl_xml(sooner, XR)).findtext("{*}PaymentTerms/{*}Note")
    assert note is not None
    assert note.startswith(written)


def test_the_same_invoice_gives_the_same_bytes() -> None:
    assert cii_xml(small_invoice()) == cii_xml(small_invoice())
    assert ubl_xml(small_invoice(), XR) == ubl_xml(small_invoice(), XR)
    assert ubl_xml(small_invoice(), XR) != ubl_xml(small_invoice(), PEPPOL)


def test_five_thousand_lines_are_valid() -> None:
    lines = [
        DocumentLine(str(place), f"Teil {place}", Decimal(3), Decimal("1.19"), taxes=(MWST_19,))
        for place in range(5000)
    ]
    policy = PricePolicy("EUR", tax_rounding=TaxRounding.PER_DOCUMENT)
    figures = price_lines(lines, policy).lines
    invoice = invoice_of(body_of(list(zip(lines, figures, strict=True)), policy))
    assert checked(invoice) == []
    assert broken(ubl_xml(invoice, XR), UBL) == []
