"""Where the figures of a document stand in its e-invoice, worked out by hand."""

from decimal import Decimal

import pytest

from pos_app.domain.discount import DiscountBasis, DiscountKind, DocumentDiscount, LineDiscount
from pos_app.domain.document import DocumentLine, price_lines
from pos_app.domain.money import Money
from pos_app.domain.pricing import PricePolicy
from pos_app.domain.tax import Tax
from pos_app.printing.e_invoice import VatCategory
from pos_app.printing.e_invoice_body import EBody, Settled, body_of
from pos_app.printing.e_invoice_check import checked
from pos_app.printing.e_invoice_cii import cii_xml
from tests.e_invoice_rules import FACTUR_X, broken
from tests.printing.e_invoices import MWST_7, MWST_19, invoice_of

GROSS, NET = PricePolicy("EUR"), PricePolicy("EUR", prices_include_tax=False)
TEN_PERCENT = LineDiscount(percent=Decimal(10), reason="Rest")
S, E = VatCategory.STANDARD, VatCategory.EXEMPT


def line(name: str, quantity: str, price: str, *taxes: Tax, **more: LineDiscount) -> DocumentLine:
    return DocumentLine(name, name, Decimal(quantity), Decimal(price), taxes=taxes, **more)


def body(policy: PricePolicy, *lines: DocumentLine, off: DocumentDiscount | None = None) -> EBody:
    discounts = () if off is None else (off,)
    figures = price_lines(lines, policy, discounts).lines
    pairs = tuple(zip(lines, figures, strict=True))
    made = body_of(pairs, policy, discounts, Settled(Money(0, "EUR"), Money(0, "EUR")))
    assert checked(invoice_of(made)) == []
    assert broken(cii_xml(invoice_of(made)), FACTUR_X) == []
    return made


def test_a_net_price_and_its_discount_stand_as_the_shop_names_them() -> None:
    made = body(NET, line("Vase", "3", "33.335", MWST_19, discount=TEN_PERCENT)).lines[0]
    assert (made.price, made.price_base) == (Decimal("33.335"), 1)
    assert [(one.amount.minor, one.reason) for one in made.allowances] == [(1001, "Rest")]
    assert made.net.minor == 10001 - 1001


def test_a_price_with_tax_is_written_without_it() -> None:
    made = body(GROSS, line("Vase", "2", "11.90", MWST_19)).lines[0]
    assert (made.price, made.net.minor, made.allowances) == (10, 2000, ())


@pytest.mark.parametrize(
    ("policy", "basis", "off"),
    [
        # 10.00 with tax: 5.00 on each rate, 5 / 1.19 = 4.20 and 5 / 1.07 = 4.67.
        (GROSS, DiscountBasis.GROSS, [420, 467]),
        (NET, DiscountBasis.NET, [500, 500]),
    ],
)
def test_a_discount_on_everything_is_shared_by_rate_and_holds_no_tax(
    policy: PricePolicy, basis: DiscountBasis, off: list[int]
) -> None:
    lines = (line("Vase", "1", "50", MWST_19), line("Rosen", "1", "50", MWST_7))
    ten = DocumentDiscount(DiscountKind.AMOUNT, Decimal(10), basis, "Treue")
    made = body(policy, *lines, off=ten)
    assert [one.allowance.amount.minor for one in made.allowances] == off
    assert [(one.category, one.rate) for one in made.allowances] == [(S, 19), (S, 7)]
    assert {one.allowance.reason for one in made.allowances} == {"Treue"}
    assert made.totals.allowances.minor == sum(off)


def test_a_levy_that_vat_is_taken_on_is_a_charge_on_its_line() -> None:
    levy = Tax(fixed_per_unit=Decimal("0.50"), affects_next=True, included=False, name="Eco")
    made = body(NET, line("Akku", "4", "10", levy, MWST_19))
    (only,) = made.lines
    assert [(one.amount.minor, one.is_charge, one.reason) for one in only.allowances] == [
        (200, True, "Eco")
    ]
    assert (only.price, only.net.minor) == (10, 4200)
    assert [(row.base.minor, row.amount.minor) for row in made.taxes] == [(4200, 798)]


def test_a_levy_that_vat_is_not_taken_on_stands_on_a_line_of_its_own() -> None:
    levy = Tax(fixed_per_unit=Decimal("0.50"), included=False, name="Bag")
    made = body(NET, line("Akku", "4", "10", levy, MWST_19))
    assert [(one.name, one.net.minor, one.category) for one in made.lines] == [
        ("Akku", 4000, S),
        ("Bag (Akku)", 200, E),
    ]
    assert [one.id for one in made.lines] == ["1", "2"]
    assert [(row.base.minor, row.amount.minor, row.reason) for row in made.taxes] == [
        (4000, 760, ""),
        (200, 0, "Bag: no VAT on it"),
    ]


def test_lines_without_a_tax_are_exempt_and_say_why() -> None:
    art = Tax(rate=Decimal(0), name="§ 4 Nr. 20 UStG", code="E")
    made = body(GROSS, line("Karte", "1", "5"), line("Führung", "1", "7", art))
    (row,) = made.taxes
    assert (row.category, row.base.minor, row.reason) == (E, 1200, "§ 4 Nr. 20 UStG")


def test_what_is_rounded_and_paid_changes_only_what_is_due() -> None:
    lines = (line("Vase", "1", "9.98", MWST_19),)
    pairs = tuple(zip(lines, price_lines(lines, GROSS).lines, strict=True))
    made = body_of(pairs, GROSS, (), Settled(Money(2, "EUR"), Money(500, "EUR")))
    assert (made.totals.gross.minor, made.totals.due.minor) == (998, 500)
    assert broken(cii_xml(invoice_of(made)), FACTUR_X) == []
