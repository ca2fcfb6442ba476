"""X and Z reports on paper."""

from collections.abc import Iterator

from pos_app.domain.cart import SaleKind
from pos_app.domain.cash_count import CashCount
from pos_app.domain.day_words import METHOD_WORDS
from pos_app.domain.facts import FactKind
from pos_app.domain.money import Money
from pos_app.domain.payment import TenderMethod
from pos_app.domain.product import ProductKind
from pos_app.domain.shift import Shift
from pos_app.domain.shift_report import DrawerFigure, OfficeProof, SalesFigures, ShiftReport
from pos_app.domain.shop import ShopSettings
from pos_app.printing.amounts import Writing
from pos_app.printing.cash_slips import count_parts, finished, head_parts, staff_words
from pos_app.printing.printable import printable
from pos_app.printing.receipt_lines import Translate
from pos_app.printing.receipt_totals import tax_name
from pos_app.printing.shift_numbers import shift_name, z_name
from pos_app.printing.slip import Align, Gap, Line, Part, Row, Rule, Size, Slip, Table
from pos_app.texts import Later, later


def z_slip(shift: Shift, shop: ShopSettings, *, is_copy: bool = False) -> Slip:
    """Return the Z report of a closed shift with its count, its float and its bag."""
    if shift.report is None:
        raise ValueError("only a closed shift has a Z report")
    t, written = staff_words(shop)
    parts = [
        *_head_parts(shift, shift.report, shop, is_copy=is_copy),
        *_figure_parts(shift.report, written, t),
        *_section(t("Counted"), _counted_parts(shift.counts, written, t)),
        *_section(t("Left in the drawer"), _counted_parts(shift.kept, written, t)),
        *_section(t("To the bank"), _bag_parts(shift, written, t)),
    ]
    if note := printable(shift.note, 200):
        parts += [Rule(), Row(t("Note"), note)]
    parts += [Gap(2), Row(t("Signature"), "_" * 20), Gap()]
    return finished(parts, shop)


def report_slip(
    shift: Shift, report: ShiftReport, shop: ShopSettings, *, hides_cash: bool = False
) -> Slip:
    """Return an X report: the figures as they stood when somebody read them.

    With `hides_cash` nothing stands on it from which the cash could be worked out.
    """
    t, written = staff_words(shop)
    figures = _blind_parts if hides_cash else _figure_parts
    return finished([*_head_parts(shift, report, shop), *figures(report, written, t)], shop)


def kind_words(t: Translate) -> dict[SaleKind, str]:
    """Return what the kinds of documents are called in a report."""
    return {
        SaleKind.SALE: t("Sales"),
        SaleKind.RETURN: t("Returns"),
        SaleKind.ADJUSTMENT: t("Adjustments"),
        SaleKind.EXCHANGE: t("Exchanges"),
        SaleKind.VOID: t("Voids"),
    }


def method_words(t: Translate) -> dict[TenderMethod, str]:
    """Return what the ways to pay are called in a report."""
    return {method: t(words) for method, words in METHOD_WORDS.items()}


def held_words(t: Translate) -> dict[ProductKind, str]:
    """Return what money held for others is called in a report."""
    return {
        ProductKind.GIFT_CARD: t("Gift cards sold"),
        ProductKind.TIP: t("Tips"),
        ProductKind.DEPOSIT: t("Deposits taken"),
        ProductKind.ACCOUNT_PAYMENT: t("Paid on account"),
        ProductKind.INVOICE_PAYMENT: t("Invoice paid"),
    }


EVENT_WORDS = {
    FactKind.DRAWER_OPENED: later("Drawer opened without a sale"),
    FactKind.LINE_REMOVED: later("Lines removed"),
    FactKind.QUANTITY_LOWERED: later("Quantities lowered"),
    FactKind.PRICE_OVERRIDDEN: later("Prices changed"),
    FactKind.DISCOUNT_GIVEN: later("Discounts given"),
    FactKind.SALE_DISCARDED: later("Sales given up"),
    FactKind.RECEIPT_REPRINTED: later("Receipts printed again"),
    FactKind.PAYMENT_GIVEN_BACK: later("Payments given back"),
    FactKind.APPROVAL_GIVEN: later("Approvals given"),
    FactKind.APPROVAL_REFUSED: later("Approvals refused"),
}


def _head_parts(
    shift: Shift, report: ShiftReport, shop: ShopSettings, *, is_copy: bool = False
) -> Iterator[Part]:
    t, written = staff_words(shop)
    yield from head_parts(t("Z REPORT") if report.number else t("X REPORT"), shop)
    if is_copy:
        yield Line(t("COPY"), Align.CENTRE, Size.BIG, bold=True)
    if report.number:
        yield Row(t("Number"), printable(z_name(shift, report.number)), bold=True)
    if shop.tax_number:
        yield Row(t("Tax number"), printable(shop.tax_number))
    yield Row(t("Till"), printable(shift.drawer))
    yield Row(t("Shift"), printable(shift_name(shift)))
    yield Row(t("Opened"), written.date_and_time(shift.opened_at))
    yield Row(t("Closed") if report.number else t("Read"), written.date_and_time(report.at))
    yield Row(t("Cashier"), printable(shift.closed_by or shift.opened_by))
    if report.sales.first_number:
        numbers = f"{report.sales.first_number} … {report.sales.last_number}"
        yield Row(t("Receipts"), printable(numbers, 80))


def _blind_parts(report: ShiftReport, written: Writing, t: Translate) -> Iterator[Part]:
    """How many documents, and what was paid without cash: neither tells of the drawer."""
    words, sales = method_words(t), report.sales
    documents = kind_words(t)
    counts = (Row(documents[one.kind], f"{one.count}") for one in sales.documents)
    yield from _section(t("Documents"), counts)
    payments = (
        Row(f"{one.count} × {words[one.method]}", written.money(one.net))
        for one in sales.tenders
        if one.method is not TenderMethod.CASH
    )
    yield from _section(t("Payments"), payments)
    yield Rule()
    yield Line(t("This shop counts blind. Takings stand on the Z report only."))


def _figure_parts(report: ShiftReport, written: Writing, t: Translate) -> Iterator[Part]:
    sales = report.sales
    yield Rule()
    yield Row(t("Turnover"), written.money_with_currency(sales.turnover), Size.BIG, bold=True)
    yield Row(t("Net"), written.money(sales.turnover - sales.tax))
    yield Row(t("Tax"), written.money(sales.tax))
    yield from _section(t("Documents"), _document_parts(sales, written, t))
    yield from _section(t("Payments"), _payment_parts(sales, written, t))
    yield from _section(t("Held for others, no turnover"), _held_parts(sales, written, t))
    if sales.taxes:
        yield Rule()
        rows: list[tuple[str, ...]] = [("", t("Net"), t("Tax"), t("Gross"))]
        rows += [
            (
                tax_name(figure.tax, written, t),
                *map(written.money, (figure.base, figure.amount, figure.base + figure.amount)),
            )
            for figure in sales.taxes
        ]
        yield Table(tuple(rows))
    for drawer in report.drawers:
        yield from _section(
            t("Drawer in {currency}").format(currency=drawer.expected.currency),
            _drawer_parts(drawer, written, t),
        )
    yield from _section(t("Events"), _event_parts(report, written, t))
    yield Rule(strong=True)
    yield Row(t("Grand total before"), written.money_with_currency(report.grand_total_before))
    yield Row(t("Grand total"), written.money_with_currency(report.grand_total), bold=True)
    yield from _section(t("Head office"), _office_parts(report.head_office, written, t))


def _document_parts(sales: SalesFigures, written: Writing, t: Translate) -> Iterator[Part]:
    words = kind_words(t)
    for figure in sales.documents:
        yield Row(f"{figure.count} × {words[figure.kind]}", written.money(figure.gross))
    if sales.refunds:
        yield Row(t("Given back for goods"), written.money(-sales.refunds))
    if sales.discounts:
        yield Row(t("Discounts"), written.money(-sales.discounts))
    if sales.rounding:
        yield Row(t("Rounding"), written.money(sales.rounding))
    for amount in sales.elsewhere:
        yield Row(t("In another currency"), written.money_with_currency(amount))


def _payment_parts(sales: SalesFigures, written: Writing, t: Translate) -> Iterator[Part]:
    words = method_words(t)
    for figure in sales.tenders:
        yield Row(f"{figure.count} × {words[figure.method]}", written.money(figure.net))
        if figure.given_back:
            yield Row(t("of that given back"), written.money(-figure.given_back), indent=2)
    for foreign in sales.cash.foreign:
        tendered = written.money_with_currency(foreign.tendered)
        yield Row(tendered, written.money(foreign.worth), indent=2)
    if sales.change:
        yield Row(t("Change given, no takings"), written.money(sales.change))


def _held_parts(sales: SalesFigures, written: Writing, t: Translate) -> Iterator[Part]:
    words = held_words(t)
    for figure in sales.held:
        yield Row(words[figure.kind], written.money(figure.net))


def _drawer_parts(drawer: DrawerFigure, written: Writing, t: Translate) -> Iterator[Part]:
    yield Row(t("Float"), written.money(drawer.opening))
    yield Row(t("Cash sales"), written.money(drawer.sold))
    moved: tuple[tuple[str, Money], ...] = (
        (t("Paid in"), drawer.paid_in),
        (t("Paid out"), -drawer.paid_out),
        (t("Dropped"), -drawer.dropped),
    )
    for word, amount in moved:
        if amount:
            yield Row(word, written.money(amount))
    yield Row(t("Expected"), written.money(drawer.expected), bold=True)
    if drawer.counted is not None and drawer.difference is not None:
        yield Row(t("Counted"), written.money(drawer.counted))
        yield Row(t("Difference"), written.money(drawer.difference), Size.TALL, bold=True)


def _event_parts(report: ShiftReport, written: Writing, t: Translate) -> Iterator[Part]:
    if report.movement_count:
        yield Row(t("Cash movements"), f"{report.movement_count}")
    if report.cash_before_opening:
        amount = written.money(report.cash_before_opening)
        yield Row(t("Cash sold before opening"), amount)
    for event in report.events:
        yield Row(t(EVENT_WORDS[FactKind(event.kind)]), f"{event.count}")


def _office_parts(proof: OfficeProof | None, written: Writing, t: Translate) -> Iterator[Part]:
    """Whether head office has every receipt; nothing for a till without one."""
    if proof is None:
        return
    yield Row(t("Receipts here"), f"{proof.here}")
    yield Row(t("Receipts at head office"), f"{proof.there}")
    if proof.at is not None:
        yield Row(t("As heard"), written.date_and_time(proof.at))
    yield Line(t(office_words(proof)).format(count=proof.missing), bold=True)


def office_words(proof: OfficeProof) -> Later:
    """Return what a proof comes to in words; `{count}` is how many receipts are missing."""
    if proof.at is None:
        return later("Head office has not confirmed anything yet.")
    if not proof.is_same:
        return later("The heads differ. Ask head office.")
    return later("{count} receipts are not there yet.") if proof.missing else later("Heads equal.")


def _counted_parts(counts: tuple[CashCount, ...], written: Writing, t: Translate) -> Iterator[Part]:
    for count in counts:
        yield from count_parts(count, written, t)


def _bag_parts(shift: Shift, written: Writing, t: Translate) -> Iterator[Part]:
    yield from _counted_parts(shift.bagged, written, t)
    if shift.bagged and (reference := printable(shift.bag_reference, 80)):
        yield Row(t("Bag"), reference)


def _section(title: str, parts: Iterator[Part]) -> Iterator[Part]:
    """Yield a heading and what belongs under it, or nothing where that is empty."""
    inside = list(parts)
    if inside:
        yield Rule()
        yield Line(title, bold=True)
        yield from inside
