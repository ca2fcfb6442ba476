"""What each list of sales documents shows: its columns and rows, its states, its filters."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from pos_app.services.document_records import (
    DELIVERY_NOTE,
    INVOICE,
    ORDER,
    QUOTATION,
    SALES_RETURN,
    money_of,
    units_of,
)
from pos_app.store.documents import DocumentFilter, Listed, ListOrder
from pos_app.texts import t
from pos_app.ui.presenters.document_words import state_word, state_words
from pos_app.ui.presenters.office_desk import OfficeDesk
from pos_app.ui.views import CategoryView, Column, TableRow, Tone

ALL, OPEN, OVERDUE, LATE = "all", "open", "overdue", "late"
_DELIVERABLE = ("approved", "partially_delivered")
Narrow = Callable[[DocumentFilter, date], DocumentFilter]
WriteRow = Callable[[Listed, str, OfficeDesk, date], TableRow]


@dataclass(frozen=True, slots=True)
class ListTab:
    """One list: `record` is the kind of document, `new` what its main button says.

    `dates` says which of the dates (`day`, `made`, `until`) can be filtered, each with its two
    labels; `origin` is the label of the number of the document before.
    """

    key: str
    record: str
    title: str
    columns: tuple[Column, ...]
    row: WriteRow
    counted: str
    dates: tuple[tuple[str, str, str], ...]
    origin: str = ""
    totals: tuple[str, str] = ("", "")
    new: str = ""
    empty: tuple[str, str, str] = ("", "", "")  # icon, title, sentence
    has_states: bool = True
    base: Narrow = lambda chosen, _today: chosen

    def states(self) -> tuple[CategoryView, ...]:
        """Return the chips above the list."""
        if not self.has_states:
            return ()
        words = state_words(self.record)
        chips = [CategoryView(ALL, t("All"))]
        chips += [CategoryView(str(key), word) for key, word in words.items()]
        if self.record == INVOICE.name:
            chips[1:1] = [CategoryView(OPEN, t("Outstanding")), CategoryView(OVERDUE, t("Overdue"))]
        if self.record == ORDER.name:
            chips.append(CategoryView(LATE, t("Late")))
        return tuple(chips)

    def in_state(self, chosen: DocumentFilter, state: str, today: date) -> DocumentFilter:
        """Return a filter that leaves what a chip says, and what the list is about at all."""
        chosen = self.base(chosen, today)
        yesterday = today - timedelta(days=1)
        if state == OPEN:
            return replace(chosen, is_open=True)
        if state == OVERDUE:
            return replace(chosen, is_open=True, until_to=_earlier(chosen.until_to, yesterday))
        if state == LATE:
            late = _earlier(chosen.until_to, yesterday)
            return replace(chosen, statuses=_DELIVERABLE, until_to=late)
        return chosen if state == ALL else replace(chosen, statuses=(state,))


def orders_tabs() -> tuple[ListTab, ...]:
    """Return the lists of the orders screen."""
    return (_quotations(), _orders(), _deliveries(), _returns())


def invoices_tabs() -> tuple[ListTab, ...]:
    """Return the lists of the invoices screen that are lists of invoices."""
    return (_invoices(), _to_remind())


def _quotations() -> ListTab:
    return ListTab(
        "quotations",
        QUOTATION.name,
        t("Quotations"),
        (*_first(), _total(), Column(t("Date"), 132), Column(t("Valid until"), 132),
         Column(t("Order"), 155)),
        lambda one, name, desk, _today: _row(
            QUOTATION.name, one, name, _money(one, desk), _day(one.day, desk),
            _day(one.until, desk), one.origin_number,
        ),
        t("{count} quotations"),
        (_made(), ("day", t("Date from"), t("Date to")),
         ("until", t("Valid until from"), t("Valid until to"))),
        origin=t("Order number"),
        totals=(t("Total from"), t("Total to")),
        new=t("New quotation"),
        empty=("file-text", t("No quotations yet"), t("Write the first one for a customer.")),
    )  # fmt: skip


def _orders() -> ListTab:
    return ListTab(
        "orders",
        ORDER.name,
        t("Orders"),
        (*_first(), _total(), Column(t("Deliver by"), 132), Column(t("Date"), 132),
         Column(t("Quotation"), 155)),
        lambda one, name, desk, today: _row(
            ORDER.name, one, name, _money(one, desk), _day(one.until, desk), _day(one.day, desk),
            one.origin_number, tone=Tone.WARNING if _is_late(one, today) else Tone.PLAIN,
        ),
        t("{count} orders"),
        (_made(), ("day", t("Date from"), t("Date to")),
         ("until", t("Deliver by from"), t("Deliver by to"))),
        origin=t("Quotation number"),
        totals=(t("Total from"), t("Total to")),
        new=t("New order"),
        empty=("clipboard-list", t("No orders yet"),
               t("Write one, or make one of an approved quotation.")),
    )  # fmt: skip


def _deliveries() -> ListTab:
    return ListTab(
        "deliveries",
        DELIVERY_NOTE.name,
        t("Deliveries"),
        (*_first(), Column(t("Units"), 90, is_figure=True), Column(t("Date"), 132),
         Column(t("Order"), 155)),
        lambda one, name, desk, _today: _row(
            DELIVERY_NOTE.name, one, name, desk.amounts.number(units_of(one)), _day(one.day, desk),
            one.origin_number,
        ),
        t("{count} deliveries"),
        (("day", t("Delivered from"), t("Delivered to")), _made()),
        origin=t("Order number"),
        totals=(t("Units from"), t("Units to")),
        empty=("truck", t("Nothing delivered yet"),
               t("An approved order is delivered with its main button.")),
    )  # fmt: skip


def _returns() -> ListTab:
    return ListTab(
        "returns",
        SALES_RETURN.name,
        t("Returns"),
        (*_first()[:2], _total(), Column(t("Date"), 132), Column(t("Order"), 155)),
        lambda one, name, desk, _today: TableRow(
            one.id,
            (one.number, name, _money(one, desk), _day(one.day, desk), one.origin_number),
        ),
        t("{count} returns"),
        (("day", t("Returned from"), t("Returned to")), _made()),
        origin=t("Order number"),
        totals=(t("Total from"), t("Total to")),
        has_states=False,
        empty=("undo-2", t("Nothing came back yet"),
               t("Goods of a delivered order are taken back from the order.")),
    )  # fmt: skip


def _invoices() -> ListTab:
    return ListTab(
        "invoices",
        INVOICE.name,
        t("Invoices"),
        (*_first(), _total(), Column(t("Outstanding"), 126, is_figure=True), Column(t("Due"), 132),
         Column(t("Date"), 132), Column(t("Order"), 155)),
        lambda one, name, desk, today: _row(
            INVOICE.name, one, name, _money(one, desk), _owed(one, desk), _day(one.until, desk),
            _day(one.day, desk), one.origin_number,
            tone=Tone.DANGER if _is_overdue(one, today) else Tone.PLAIN,
        ),
        t("{count} invoices"),
        _invoice_dates(),
        origin=t("Order number"),
        totals=(t("Total from"), t("Total to")),
        new=t("New invoice"),
        empty=("file-text", t("No invoices yet"),
               t("Invoice an order or a receipt, or write one freely.")),
    )  # fmt: skip


def _to_remind() -> ListTab:
    def only_due(chosen: DocumentFilter, today: date) -> DocumentFilter:
        return replace(chosen, remind_to=today, order=ListOrder.DUE)

    return ListTab(
        "remind",
        INVOICE.name,
        t("To remind"),
        (Column(t("Number"), 150), Column(t("Customer"), 130, stretches=True),
         Column(t("Outstanding"), 126, is_figure=True), Column(t("Days late"), 90, is_figure=True),
         Column(t("Due"), 132), Column(t("State"), 152)),
        lambda one, name, desk, today: TableRow(
            one.id,
            (one.number, name, _owed(one, desk), str((today - (one.until or today)).days),
             _day(one.until, desk), state_word(INVOICE.name, one.status)),
            Tone.DANGER,
        ),
        t("{count} to remind"),
        _invoice_dates(),
        origin=t("Order number"),
        totals=(t("Total from"), t("Total to")),
        has_states=False,
        base=only_due,
        empty=("bell", t("Nobody has to be reminded"),
               t("Invoices stand here when they are overdue and a reminder is due.")),
    )  # fmt: skip


def _first() -> tuple[Column, ...]:
    return (
        Column(t("Number"), 155),
        Column(t("Customer"), 130, stretches=True),
        Column(t("State"), 158),
    )


def _total() -> Column:
    return Column(t("Total"), 110, is_figure=True)


def _made() -> tuple[str, str, str]:
    return ("made", t("Created from"), t("Created to"))


def _invoice_dates() -> tuple[tuple[str, str, str], ...]:
    return (
        ("day", t("Invoiced from"), t("Invoiced to")),
        ("until", t("Due from"), t("Due to")),
        _made(),
    )


def _row(record: str, one: Listed, name: str, *cells: str, tone: Tone = Tone.PLAIN) -> TableRow:
    state = state_word(record, one.status)
    return TableRow(one.id, (one.number or t("Draft"), name, state, *cells), tone)


def _money(one: Listed, desk: OfficeDesk) -> str:
    return desk.amounts.money(money_of(one)[0])


def _owed(one: Listed, desk: OfficeDesk) -> str:
    return desk.amounts.money(money_of(one)[1]) if one.open else ""


def _day(day: date | None, desk: OfficeDesk) -> str:
    return desk.day_words(day)


def _is_late(one: Listed, today: date) -> bool:
    return one.status in _DELIVERABLE and one.until is not None and one.until < today


def _is_overdue(one: Listed, today: date) -> bool:
    return one.open > 0 and one.until is not None and one.until < today


def _earlier(one: date | None, other: date) -> date:
    return other if one is None else min(one, other)
