"""The lower half of a receipt: discounts on the sale, total, payments and the tax table."""

from collections.abc import Iterator

from pos_app.domain.cart import SaleKind
from pos_app.domain.discount import DiscountKind
from pos_app.domain.money import Money, total
from pos_app.domain.payment import ForeignCash, Tender, TenderMethod
from pos_app.domain.pricing import TaxFigure
from pos_app.domain.sale import Sale
from pos_app.domain.tax import Tax
from pos_app.domain.value_numbers import grouped, short
from pos_app.printing.amounts import Writing
from pos_app.printing.printable import printable
from pos_app.printing.receipt_lines import (
    Translate,
    before_document_discount,
    discount_label,
    shown,
    tax_letters,
)
from pos_app.printing.slip import Line, Part, Row, Rule, Size, Table

_HELD = (TenderMethod.GIFT_CARD, TenderMethod.STORE_CREDIT, TenderMethod.DEPOSIT)


def totals_parts(sale: Sale, writing: Writing, t: Translate) -> Iterator[Part]:
    """Yield subtotal, discounts and taxes on top, the total, and how it was paid."""
    yield from _way_to_total(sale, writing, t)
    is_refund = sale.kind is SaleKind.RETURN or sale.gross.minor < 0
    word = t("Refund") if is_refund else t("Total")
    yield Row(word, writing.money_with_currency(sale.gross), size=Size.BIG, bold=True)
    if sale.rounding:
        yield Row(t("Rounding"), writing.money(sale.rounding))
        yield Row(t("To pay"), writing.money_with_currency(sale.amount_due), bold=True)
    yield Rule()
    for tender in sale.tenders:
        yield Row(_tender_label(tender, t), writing.money(tender.tendered))
        if tender.foreign is not None:
            yield Line(_foreign(tender.foreign, writing), indent=2)
    if sale.change:
        yield Row(t("Change"), writing.money(sale.change), bold=True)
    yield from _owed(sale, writing, t)


def tax_table_parts(sale: Sale, writing: Writing, t: Translate) -> Iterator[Part]:
    """Yield the tax table: per tax the net amount, the tax and both together."""
    if not sale.taxes:
        return
    letters = tax_letters(sale)
    rows: list[tuple[str, ...]] = [("", t("Net"), t("Tax"), t("Gross"))]
    for figure in sale.taxes:
        name = tax_name(figure.tax, writing, t)
        name = f"{letters[figure.tax]} {name}" if letters else name
        both = figure.base + figure.amount
        rows.append((name, *(writing.money(m) for m in (figure.base, figure.amount, both))))
    yield Table(tuple(rows))


def tax_name(tax: Tax, writing: Writing, t: Translate) -> str:
    """Write what a tax is called, with its rate unless the name already says it."""
    name = printable(tax.name)
    if tax.rate is None:
        return name or t("Levy")
    rate = writing.percent(tax.rate)
    if name and rate.replace(" ", "") in name.replace(" ", ""):
        return name
    return f"{name or t('VAT')} {rate}"


def _way_to_total(sale: Sale, writing: Writing, t: Translate) -> Iterator[Part]:
    before = total(before_document_discount(sale), sale.currency)
    after = total((shown(sale, line) for line in sale.lines), sale.currency)
    on_top = not sale.policy.prices_include_tax
    if before != after or on_top or sale.discounts:
        yield Row(t("Subtotal"), writing.money(before))
    yield from _discount_rows(sale, after - before, writing, t)
    if on_top:
        for figure in sale.taxes:
            yield _tax_row(figure, writing, t)


def _discount_rows(sale: Sale, off: Money, writing: Writing, t: Translate) -> Iterator[Part]:
    """Yield one row per discount; together they come to `off`, rounding and basis included."""
    left = off
    for index, (discount, amount) in enumerate(
        zip(sale.discounts, sale.discount_amounts, strict=True), 1
    ):
        is_last = index == len(sale.discounts)
        given = left if is_last else -amount
        left = left - given
        percent = discount.value if discount.kind is DiscountKind.PERCENT else discount.value * 0
        yield Row(discount_label(percent, discount.reason, writing, t), writing.money(given))


def _tax_row(figure: TaxFigure, writing: Writing, t: Translate) -> Row:
    return Row(tax_name(figure.tax, writing, t), writing.money(figure.amount))


def _tender_label(tender: Tender, t: Translate) -> str:
    names = {
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
    reference = printable(_reference(tender))
    return f"{names[tender.method]} ({reference})" if reference else names[tender.method]


def _reference(tender: Tender) -> str:
    """What stands beside a payment: enough of a card to know it, all of a new slip's number."""
    if tender.method not in _HELD:
        return tender.reference
    is_new_slip = tender.method is TenderMethod.STORE_CREDIT and tender.amount.minor < 0
    return grouped(tender.reference) if is_new_slip else short(tender.reference)


def _foreign(foreign: ForeignCash, writing: Writing) -> str:
    """Write foreign notes and their rate: `20.00 USD x 0.92`."""
    rate = writing.unit_price(foreign.rate, foreign.tendered.currency)
    return f"{writing.money_with_currency(foreign.tendered)} × {rate}"


def _owed(sale: Sale, writing: Writing, t: Translate) -> Iterator[Part]:
    """Say plainly what of this receipt is still owed."""
    on_account = [s.amount for s in sale.tenders if s.method is TenderMethod.ON_ACCOUNT]
    owed = total(on_account, sale.currency)
    if owed.minor > 0:
        yield Row(t("Still owed for this receipt"), writing.money_with_currency(owed), bold=True)
    elif owed.minor < 0:
        yield Row(t("Credited to the account"), writing.money_with_currency(-owed), bold=True)
