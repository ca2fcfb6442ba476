"""What happened to a document, in words: each change with its moment and who made it."""

from pos_app.domain.shop import ShopSettings
from pos_app.services.document_history import DocumentEvent
from pos_app.services.document_records import INVOICE, ORDER
from pos_app.services.time_zones import shop_zone
from pos_app.texts import t
from pos_app.ui.presenters.receipt_words import day_words
from pos_app.ui.views import Column, TableRow


def history_columns() -> tuple[Column, ...]:
    """Return the columns of the history."""
    return (Column(t("When"), 165), Column(t("What"), 120, stretches=True), Column(t("Who"), 90))


def history_rows(
    record: str, events: tuple[DocumentEvent, ...], shop: ShopSettings
) -> tuple[TableRow, ...]:
    """Write the changes of a document as rows, the latest first."""
    words = _words(record)
    zone = shop_zone(shop.time_zone)
    rows = []
    for place, event in enumerate(events):
        at = event.at.astimezone(zone)
        what = words.get(event.action, event.action)
        when = f"{day_words(at.date(), shop)} {at:%H:%M}"
        rows.append(TableRow(str(place), (when, what, event.staff)))
    return tuple(rows)


def _words(record: str) -> dict[str, str]:
    """Return what each action of the journal is called afterwards."""
    words = {
        "create": t("Written"),
        "change": t("Changed"),
        "submit": t("Submitted"),
        "approve": t("Approved"),
        "approved": t("Approved"),
        "reject": t("Rejected"),
        "rejected": t("Rejected"),
        "expire": t("Expired"),
        "order": t("Order made of it"),
        "delete": t("Deleted"),
        "deliver": t("Goods delivered"),
        "invoice": t("Invoiced"),
        "uninvoice": t("Invoice credited, can be invoiced again"),
        "take_back": t("Goods taken back"),
        "finish": t("Finished with what was delivered"),
        "cancel": t("Cancelled"),
        "collect": t("Collected at the till"),
        "uncollect": t("Collection undone at the till"),
        "transport": t("Carrier or tracking changed"),
        "issue": t("Issued"),
        "receive": t("Payment received"),
        "pay_back": t("Paid back"),
        "till": t("Paid at the till"),
        "till_back": t("Goods taken back at the till"),
        "taken_over": t("Payments taken over by the next invoice"),
        "order_deleted": t("Order deleted, can be ordered again"),
        "remind": t("Reminder sent"),
        "postpone": t("Postponed"),
        "credit": t("Credited"),
    }
    if record == ORDER.name:
        words["reject"] = t("Returned to draft")
    if record == INVOICE.name:
        words["create"] = t("Invoice written")
    return words
