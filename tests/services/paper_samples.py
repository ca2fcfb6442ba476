"""Sales documents with everything that a paper can show, and the shop that writes them."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from pos_app.domain.delivery_note import DeliveredLine, DeliveryNote
from pos_app.domain.discount import (
    DiscountBasis,
    DiscountKind,
    DocumentDiscount,
    LineDiscount,
)
from pos_app.domain.document import DocumentHead, DocumentLine, Party
from pos_app.domain.document_settings import BankDetails, DocumentSettings, SellerAddress
from pos_app.domain.invoice import Invoice, InvoiceCredit, InvoiceLine, InvoicePayment, figured
from pos_app.domain.invoice import issued as issue
from pos_app.domain.money import Money
from pos_app.domain.order import Order, OrderLine, OrderState
from pos_app.domain.payment import TenderMethod
from pos_app.domain.pricing import LineFigures, PricePolicy
from pos_app.domain.product import KILOGRAM, PIECE
from pos_app.domain.quotation import Quotation, QuotationState
from pos_app.domain.sales_return import (
    CreditedLine,
    ReturnedLine,
    SalesReturn,
    credit_line,
    figures_of,
)
from pos_app.domain.shop import ScreenSettings, ShopSettings
from pos_app.domain.tax import Tax

LOGO = str(Path(__file__).parents[2] / "resources" / "demo" / "logo.png")
AT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
DAY = date(2026, 11, 21)
FULL, LOW = Tax(rate=Decimal(19), name="USt."), Tax(rate=Decimal(7), name="USt.")
BUYERS = {
    "de": Party("c1", "CUS00042", "Buchhandlung am Hafen GmbH", "Einkauf", tax_number="DE987654321",
                address="Kaistraße 12", city="Hamburg", postcode="20457", country="DE"),
    "fr": Party("c2", "CUS00043", "Librairie du Port SARL", "Service achats",
                address="12 quai Ouest", city="Nantes", postcode="44000", country="FR"),
    "en": Party("c3", "CUS00044", "Harbour Books Ltd", "Purchasing",
                address="12 Quay Street", city="Bristol", postcode="BS1 4DB", country="GB"),
    "zh": Party("c4", "CUS00045", "海港书店有限公司", "采购部",
                address="江苏路 12 号", city="上海市", postcode="200050", country="CN"),
    "ar": Party("c5", "CUS00046", "مكتبة الميناء", "قسم المشتريات",
                address="12 شارع الكورنيش", city="الإسكندرية", postcode="21500", country="EG"),
}  # fmt: skip
NAMES = ("Schreibtischlampe, höhenverstellbar", "Kaffeebohnen", "Notizbuch A5, liniert",
         "زيت زيتون بكر", "特级初榨橄榄油")  # fmt: skip


def shop(**changes: object) -> ShopSettings:
    documents = DocumentSettings(
        payment_terms="Die Ware bleibt bis zur vollständigen Bezahlung unser Eigentum.",
        invoice_note="Vielen Dank für Ihren Einkauf.",
        early_days=10,
        early_percent=Decimal("2.00"),
        address=SellerAddress("Hauptstraße 1", "10115", "Berlin"),
        bank=BankDetails("Eckladen Müller & Söhne GmbH", "DE89370400440532013000", "COBADEFFXXX",
                         "Commerzbank"),
        vat_id="DE123456789",
        register="HRB 12345 B, AG Charlottenburg",
        email="laden@shop.example",
        website="www.shop.example",
        contact="Anna Muster",
    )  # fmt: skip
    settings = ShopSettings(
        name="Eckladen Müller & Söhne GmbH",
        phone="+49 30 1234567",
        tax_number="29/123/45678",
        country="DE",
        screen=ScreenSettings(language="de"),
        documents=documents,
    )
    return replace(settings, **changes)  # type: ignore[arg-type]


def head(number: str, language: str = "de", *, with_tax: bool = True) -> DocumentHead:
    return DocumentHead(
        f"id-{number}",
        number,
        BUYERS[language],
        DAY,
        PricePolicy("EUR", prices_include_tax=with_tax),
        AT,
        "1",
        AT,
        "1",
        payment_terms=shop().documents.payment_terms,
        shipping_terms="Lieferung frei Haus.",
        remarks="Bitte an der Rampe abgeben.",
        internal_note="never on paper",
        reference="PO 4711/26",
        language=language,
    )


def lines(count: int) -> tuple[DocumentLine, ...]:
    return tuple(
        DocumentLine(
            id=str(number),
            name=NAMES[number % len(NAMES)],
            quantity=Decimal("1.250") if number % 5 == 0 else Decimal(number % 4 + 1),
            unit_price=Decimal("12.34") + number,
            code=f"ART-{number:04d}",
            specification="Farbe: Grün" if number % 7 == 3 else "",
            unit=KILOGRAM if number % 5 == 0 else PIECE,
            taxes=(FULL if number % 2 else LOW,),
            discount=LineDiscount(percent=Decimal(10)) if number % 6 == 2 else LineDiscount(),
        )
        for number in range(1, count + 1)
    )


TENTH = DocumentDiscount(DiscountKind.PERCENT, Decimal(10), DiscountBasis.GROSS, "Treue")


def invoice(count: int = 6, language: str = "de", **changes: object) -> Invoice:
    """An issued invoice with a tenth off and a part paid."""
    zero = Money(0, "EUR")
    nothing = LineFigures(zero, zero, zero, zero, zero)
    options = dict(changes)
    with_tax = bool(options.pop("with_tax", True))
    draft = Invoice(
        head=head("", language, with_tax=with_tax),
        lines=tuple(InvoiceLine(line, nothing) for line in lines(count)),
        due=date(2026, 12, 21),
        taxes=(),
        net=zero,
        tax=zero,
        gross=zero,
        rounding=zero,
        discounts=(TENTH,),
        order_number="SO2026110007",
        delivered_on=date(2026, 11, 20),
    )
    made = issue(figured(draft), "INV2026110042", DAY)
    return replace(made, **options)  # type: ignore[arg-type]


def paid(of: Invoice, minor: int) -> Invoice:
    payment = InvoicePayment("p1", DAY, Money(minor, "EUR"), TenderMethod.BANK_TRANSFER, "1", AT)
    return replace(of, payments=(*of.payments, payment))


def credited(of: Invoice, minor: int) -> Invoice:
    return replace(of, credits=(InvoiceCredit("r1", "RTN2026110001", Money(minor, "EUR")),))


def quotation(language: str = "de") -> Quotation:
    made = Quotation(head("QT2026110001", language), lines(5), date(2026, 12, 31))
    return replace(made, state=QuotationState.APPROVED, discounts=(TENTH,))


def order(language: str = "de") -> Order:
    made = Order(head("SO2026110007", language, with_tax=False), tuple(map(OrderLine, lines(5))))
    return replace(made, state=OrderState.APPROVED, quotation_number="QT2026110001",
                   deliver_by=date(2026, 12, 1))  # fmt: skip


def delivery_note(language: str = "de") -> DeliveryNote:
    out = tuple(DeliveredLine(line.id, line, line.quantity + 2) for line in lines(5))
    return DeliveryNote(head("DL2026110003", language), "o1", "SO2026110007", "main", out,
                        carrier="DHL", tracking="00340434161094000000")  # fmt: skip


def sales_return(language: str = "de", *, of: Invoice | None = None) -> SalesReturn:
    """A return; with an invoice it is that one's credit note for one unit of each line."""
    given: list[CreditedLine] = []
    if of is not None:
        given = [credit_line(of, line, Decimal(1)) for line in of.lines]
    taxes, net, tax, gross = figures_of(given, "EUR")
    zero = Money(0, "EUR")
    back = lines(3)
    nothing = LineFigures(zero, zero, zero, zero, zero)
    return SalesReturn(
        head=head("RTN2026110001", language),
        order_id="o1",
        order_number="SO2026110007",
        reason="Beschädigt angekommen",
        lines=tuple(ReturnedLine(line.id, line, nothing, reason="Kratzer") for line in back),
        credited=tuple(given),
        taxes=taxes,
        net=net,
        tax=tax,
        gross=gross,
        rounding=zero,
        total=gross,
        delivery_number="DL2026110003",
    )
