"""Invoices to write as e-invoices: one small one, and as many drawn ones as a test wants."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from pos_app.domain.discount import (
    NO_DISCOUNT,
    DiscountBasis,
    DiscountKind,
    DocumentDiscount,
    LineDiscount,
)
from pos_app.domain.document import DocumentLine, price_lines
from pos_app.domain.line_shares import share_of
from pos_app.domain.money import Money, RoundingMode
from pos_app.domain.pricing import LineFigures, PricePolicy, sum_lines
from pos_app.domain.product import KILOGRAM, PIECE, Unit
from pos_app.domain.tax import Tax, TaxRounding
from pos_app.printing.e_invoice import (
    EAddress,
    EContact,
    EInvoice,
    EInvoiceKind,
    EParty,
    EPayment,
    Preceding,
)
from pos_app.printing.e_invoice_body import EBody, Settled, body_of

DAY = date(2026, 3, 14)
IBAN = "DE75 5121 0800 1245 1261 99"
SELLER = EParty(
    name="Blumen & Mehr GmbH",
    address=EAddress("Lange Straße 12", "", "Hildesheim", "31134", "", "DE"),
    vat_id="DE123456788",
    tax_number="30/123/45678",
    registration="HRB 20417",
    contact=EContact("Verkauf", "+49 5121 123456", "verkauf@blumen.example"),
    endpoint="rechnung@blumen.example",
)
BUYER = EParty(
    name="Café am Markt",
    address=EAddress("Markt 3", "Hinterhaus", "Hildesheim", "31134", "", "DE"),
    id="CUS001",
    vat_id="DE987654328",
    contact=EContact("", "", "einkauf@cafe.example"),
    endpoint="einkauf@cafe.example",
)
PAYMENT = EPayment("58", "SEPA", IBAN, "", SELLER.name, reference="INV2026030001")
MWST_19 = Tax(rate=Decimal(19), name="MwSt. 19 %", code="S")
MWST_7 = Tax(rate=Decimal("7.0"), name="MwSt. 7 %", code="R")
RATES = (
    MWST_19,
    MWST_7,
    Tax(rate=Decimal("5.5"), name="TVA 5.5 %", code="R2"),
    Tax(rate=Decimal(20), name="VAT 20 %", code="S"),
    Tax(rate=Decimal(0), name="VAT 0 %", code="Z"),
)
LEVIES = (
    Tax(fixed_per_unit=Decimal("0.08"), affects_next=True, included=False, name="Eco levy"),
    Tax(fixed_per_unit=Decimal("0.25"), included=False, name="Bag levy"),
)
LITRE = Unit("l", "litre", 3)


def invoice_of(
    body: EBody, kind: EInvoiceKind = EInvoiceKind.INVOICE, currency: str = "EUR"
) -> EInvoice:
    """Return an invoice that every set of rules takes, around its figures."""
    is_credit = kind is EInvoiceKind.CREDIT_NOTE
    return EInvoice(
        kind=kind,
        number="RTN2026030001" if is_credit else "INV2026030001",
        issued=DAY,
        currency=currency,
        seller=SELLER,
        buyer=BUYER,
        lines=body.lines,
        taxes=body.taxes,
        totals=body.totals,
        payment=PAYMENT,
        allowances=body.allowances,
        due=DAY + timedelta(days=30),
        delivered=DAY,
        buyer_reference="04011000-12345-03",
        sales_order="SO2026030007",
        preceding=(Preceding("INV2026020009", DAY - timedelta(days=20)),) if is_credit else (),
        terms="30 Tage netto",
        note="Vielen Dank",
    )


def small_invoice() -> EInvoice:
    """Two lines, two rates, a discount on each and one on all."""
    lines = (
        DocumentLine(
            "1",
            "Rosenstrauß",
            Decimal(3),
            Decimal("12.50"),
            code="R3",
            taxes=(MWST_7,),
            discount=LineDiscount(percent=Decimal(10), reason="Stammkunde"),
        ),
        DocumentLine("2", "Vase", Decimal(1), Decimal("24.99"), code="V1", taxes=(MWST_19,)),
    )
    policy = PricePolicy("EUR")
    discounts = (DocumentDiscount(DiscountKind.AMOUNT, Decimal(5)),)
    figures = price_lines(lines, policy, discounts).lines
    return invoice_of(body_of(tuple(zip(lines, figures, strict=True)), policy, discounts))


def drawn_invoice(draw: Random, tax_rounding: TaxRounding, *, with_tax: bool) -> EInvoice:
    """Return an invoice or credit note with drawn lines, rates, discounts, rounding and deposit."""
    currency = draw.choice(("EUR", "EUR", "GBP", "CHF", "JPY"))
    step = Decimal("0.05") if currency == "CHF" and draw.random() < 0.5 else None
    rounding = draw.choice(list(RoundingMode))
    policy = PricePolicy(currency, with_tax, tax_rounding, rounding, step)
    lines = tuple(_line(draw, place, currency) for place in range(draw.randint(1, 12)))
    discounts = _discounts(draw)
    priced = price_lines(lines, policy, discounts)
    pairs = tuple(zip(lines, priced.lines, strict=True))
    is_credit = draw.random() < 0.3
    if is_credit:
        pairs = tuple(_part(draw, line, figures, policy) for line, figures in pairs)
    gross = sum_lines(tuple(figures for _, figures in pairs), currency).gross
    body = body_of(pairs, policy, discounts, _settled(draw, gross))
    kind = EInvoiceKind.CREDIT_NOTE if is_credit else EInvoiceKind.INVOICE
    invoice = invoice_of(body, kind, currency)
    assert invoice.totals.gross == gross
    return replace(invoice, note="", terms="") if draw.random() < 0.2 else invoice


def _line(draw: Random, place: int, currency: str) -> DocumentLine:
    unit = draw.choice((PIECE, PIECE, KILOGRAM, LITRE))
    most = 400 if unit is PIECE else 4000
    quantity = Decimal(draw.randint(1, most)).scaleb(-unit.decimals)
    places = 0 if currency == "JPY" else draw.choice((2, 2, 2, 3, 4))
    tax = draw.choice((*RATES, None))
    taxes = () if tax is None else (tax,)
    if draw.random() < 0.1:
        taxes = (draw.choice(LEVIES), *taxes)
    return DocumentLine(
        id=str(place + 1),
        name=draw.choice(("Käse", "Rosen", "Tee <grün>", "زيت & خبز", "茶")),
        quantity=quantity,
        unit_price=Decimal(draw.randint(0, 9999)).scaleb(-places),
        code=f"P{place}",
        unit=unit,
        taxes=taxes if currency != "JPY" else taxes[-1:],
        discount=_line_discount(draw),
    )


def _line_discount(draw: Random) -> LineDiscount:
    chance = draw.random()
    if chance < 0.2:
        return LineDiscount(percent=Decimal(draw.choice((5, 10, 33, 100))), reason="Rest")
    if chance < 0.3:
        return LineDiscount(amount_per_unit=Decimal("0.15"))
    return NO_DISCOUNT


def _discounts(draw: Random) -> tuple[DocumentDiscount, ...]:
    basis = draw.choice(list(DiscountBasis))
    chance = draw.random()
    if chance < 0.25:
        value = Decimal(draw.choice(("2", "7.5", "100")))
        return (DocumentDiscount(DiscountKind.PERCENT, value, basis, "Treue"),)
    if chance < 0.45:
        amount = DocumentDiscount(DiscountKind.AMOUNT, Decimal(draw.randint(1, 20)), basis)
        percent = DocumentDiscount(DiscountKind.PERCENT, Decimal(3), basis, "Skonto")
        return (amount, percent)[: draw.randint(1, 2)]
    return ()


def _part(
    draw: Random, line: DocumentLine, figures: LineFigures, policy: PricePolicy
) -> tuple[DocumentLine, LineFigures]:
    """Return some units of a line, as a credit note takes them back."""
    smallest = Decimal(1).scaleb(-line.unit.decimals)
    units = int(line.quantity / smallest)
    before = draw.randint(0, units - 1) * smallest
    quantity = draw.randint(1, units - int(before / smallest)) * smallest
    part = share_of(figures, line.quantity, before, quantity, policy)
    return replace(line, quantity=quantity), part


def _settled(draw: Random, gross: Money) -> Settled:
    rounding = Money(0, gross.currency)
    if draw.random() < 0.3:
        rounding = Money(round(gross.minor / 5) * 5 - gross.minor, gross.currency)
    prepaid = Money(0, gross.currency)
    if draw.random() < 0.3:
        prepaid = Money(draw.randint(0, max(gross.minor, 0)), gross.currency)
    return Settled(rounding, prepaid)
