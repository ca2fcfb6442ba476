"""Words of the office screens for kinds, reasons and methods, in the language of the screen."""

from decimal import Decimal

from pos_app.domain.cart import SaleKind
from pos_app.domain.money import RoundingMode
from pos_app.domain.payment import TenderMethod
from pos_app.domain.product import PIECE, ProductKind, Unit
from pos_app.domain.stock import MoveReason
from pos_app.domain.tax import Tax, TaxRounding
from pos_app.texts import later, t
from pos_app.ui.presenters.amounts import AmountFormat


def kind_words() -> dict[ProductKind, str]:
    """Return what a person calls each kind of product."""
    return {
        ProductKind.GOODS: t("Goods (kept in stock)"),
        ProductKind.SERVICE: t("Service"),
        ProductKind.POSTAGE: t("Postage"),
        ProductKind.VOUCHER: t("Voucher"),
        ProductKind.DISCOUNT: t("Discount"),
        ProductKind.FEE: t("Fee"),
        ProductKind.MANUAL: t("Entered by hand"),
        ProductKind.SAMPLE: t("Sample"),
        ProductKind.ADJUSTMENT: t("Adjustment"),
        ProductKind.GIFT_CARD: t("Gift card"),
        ProductKind.TIP: t("Tip"),
        ProductKind.DEPOSIT: t("Deposit"),
        ProductKind.ACCOUNT_PAYMENT: t("Paid on account"),
        ProductKind.INVOICE_PAYMENT: t("Invoice paid"),
    }


def reason_words() -> dict[MoveReason, str]:
    """Return what a person calls each reason for which stock moves."""
    return {
        MoveReason.COUNT: t("Counted"),
        MoveReason.RECEIPT: t("Delivered"),
        MoveReason.FOUND: t("Found"),
        MoveReason.WRITE_OFF: t("Written off"),
        MoveReason.OPENING: t("Opening stock"),
        MoveReason.SALE: t("Sold"),
        MoveReason.RETURN: t("Returned"),
        MoveReason.VOID: t("Void"),
        MoveReason.TRANSFER: t("Moved"),
        MoveReason.SUPPLIER_RETURN: t("Sent back"),
    }


def sale_kind_words() -> dict[SaleKind, str]:
    """Return what a person calls each kind of document."""
    return {
        SaleKind.SALE: t("Sale"),
        SaleKind.RETURN: t("Return"),
        SaleKind.ADJUSTMENT: t("Adjustment"),
        SaleKind.EXCHANGE: t("Exchange"),
        SaleKind.VOID: t("Void"),
    }


def method_words() -> dict[TenderMethod, str]:
    """Return what a person calls each way to pay."""
    return {
        TenderMethod.CASH: t("Cash"),
        TenderMethod.CARD: t("Card"),
        TenderMethod.BANK_TRANSFER: t("Bank transfer"),
        TenderMethod.ON_ACCOUNT: t("On account"),
        TenderMethod.MOBILE: t("Mobile money"),
        TenderMethod.CHEQUE: t("Cheque"),
        TenderMethod.GIFT_CARD: t("Gift card"),
        TenderMethod.STORE_CREDIT: t("Store credit"),
        TenderMethod.DEPOSIT: t("Deposit"),
        TenderMethod.POINTS: t("Points"),
    }


def tax_rounding_words() -> dict[TaxRounding, str]:
    """Return in words where each policy rounds tax."""
    return {
        TaxRounding.PER_LINE: t("On each line"),
        TaxRounding.PER_UNIT: t("On each single piece"),
        TaxRounding.PER_DOCUMENT: t("Once for each rate"),
        TaxRounding.SUM_THEN_ROUND: t("Once for the whole receipt"),
        TaxRounding.ROUND_LINES_THEN_TAX_PER_RATE: t("Lines first, then once for each rate"),
    }


# The names of the units that the program brings along; a shop's own are shown as it wrote them.
UNIT_NAMES = (
    later("piece"),
    later("kilogram"),
    later("gram"),
    later("litre"),
    later("millilitre"),
    later("metre"),
    later("centimetre"),
    later("square metre"),
    later("hour"),
    later("box"),
    later("pack"),
    later("set"),
    later("pair"),
)


def unit_sign(unit: Unit) -> str:
    """Return the short sign of a unit; only the piece has none that all countries share."""
    return t("pc") if unit.code == PIECE.code else unit.code


def tax_name(tax: Tax, amounts: AmountFormat) -> str:
    """Return a tax as a person reads it: its name with its rate, or its rate or amount alone."""
    if tax.name and (tax.rate is None or any(char.isdigit() for char in tax.name)):
        return tax.name
    if tax.rate is not None:
        return f"{tax.name} {amounts.percent(tax.rate)}".strip()
    return t("{amount} per unit").format(amount=amounts.price(tax.fixed_per_unit or Decimal(0)))


def key_of(tax: Tax) -> str:
    """Return a key that tells one tax from another in a form."""
    return (
        f"{tax.code}|{tax.name}|{tax.rate}|{tax.fixed_per_unit}|{tax.included}|{tax.affects_next}"
    )


def rounding_mode_words() -> dict[str, str]:
    """Return how sums are rounded, by the mode's name."""
    return {
        RoundingMode.HALF_UP.value: t("To the nearest, halves up"),
        RoundingMode.HALF_EVEN.value: t("To the nearest, halves to even"),
        RoundingMode.HALF_DOWN.value: t("To the nearest, halves down"),
        RoundingMode.UP.value: t("Always up"),
        RoundingMode.DOWN.value: t("Always down"),
    }
