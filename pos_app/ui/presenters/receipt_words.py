"""Documents in words: a row of the list, the line under the title, and how the price came about."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from pos_app.domain.sale import Sale
from pos_app.domain.sale_trace import explain_sale
from pos_app.domain.shop import ShopSettings
from pos_app.services.time_zones import shop_zone
from pos_app.texts import t
from pos_app.ui.presenters.amounts import AmountFormat, day_in
from pos_app.ui.presenters.office_words import method_words
from pos_app.ui.presenters.receipt_fate import kind_of
from pos_app.ui.presenters.refusals import isolated
from pos_app.ui.views import Column, TableRow, Tone

if TYPE_CHECKING:
    from pos_app.store.sales import SaleSummary


def why_lines(sale: Sale, amounts: AmountFormat) -> tuple[str, ...]:
    """Tell step by step how a document came to its total ("Why this price?")."""
    return explain_sale(sale, t, amounts.decimal)


def receipt_row(summary: "SaleSummary", shop: ShopSettings, amounts: AmountFormat) -> TableRow:
    """Write a document as a row of the list."""
    methods = method_words()
    at = _local(summary.at, shop)
    cells = (
        summary.number,
        f"{day_words(at.date(), shop)} {at:%H:%M}",
        amounts.money(summary.gross),
        kind_of(summary),
        summary.customer_name,
        " + ".join(methods[method] for method in summary.tender_methods),
        str(summary.line_count),
    )
    return TableRow(summary.id, cells, Tone.DANGER if summary.gross.minor < 0 else Tone.PLAIN)


def about_sale(sale: Sale, shop: ShopSettings, amounts: AmountFormat) -> str:
    """Write when, where and by whom a document was made, for whom, and its total."""
    at = _local(sale.stamp.at, shop)
    parts = [
        f"{day_words(at.date(), shop)} {at:%H:%M}",
        t("till {till}").format(till=sale.stamp.till),
        t("cashier {staff}").format(staff=isolated(sale.stamp.staff)),
    ]
    if sale.customer is not None:
        parts.append(isolated(sale.customer.name or sale.customer.number))
    parts.append(amounts.money(sale.gross))
    return " · ".join(parts)


def _local(at: datetime, shop: ShopSettings) -> datetime:
    return at.astimezone(shop_zone(shop.time_zone))


def day_words(day: date | None, shop: ShopSettings) -> str:
    """Write a date as the country does, in the language of the screen, with the digits 0 to 9."""
    return "" if day is None else day_in(day, shop.screen.language, shop.country)


def receipt_columns() -> tuple[Column, ...]:
    """Return the columns of the list of receipts; the kind is seen however narrow the list is."""
    return (
        Column(t("Receipt"), 112),
        Column(t("Time"), 168),
        Column(t("Total"), 108, is_figure=True),
        Column(t("Kind"), 128),
        Column(t("Customer"), 150, stretches=True),
        Column(t("Paid by"), 140),
        Column(t("Lines"), 76, is_figure=True),
    )
