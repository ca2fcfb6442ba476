"""A list of documents of one kind: what it is narrowed to, its windows, its count and its sums.

Everything that looks at more than one window is done elsewhere; a newer reading wins.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from pos_app.domain.money import Money
from pos_app.services.document_records import DELIVERY_NOTE, INVOICE
from pos_app.services.time_zones import business_day
from pos_app.store.documents import DocumentFilter, Listed, ListMarks
from pos_app.texts import t
from pos_app.ui.presenters.background_work import Stoppable
from pos_app.ui.presenters.document_list_filter import FilterForm
from pos_app.ui.presenters.document_list_tabs import ALL, ListTab
from pos_app.ui.presenters.office_desk import OfficeDesk
from pos_app.ui.presenters.office_rows import NO_ROWS, FixedRows, PagedRows, Rows
from pos_app.ui.presenters.refusals import isolated
from pos_app.ui.views import TableRow

if TYPE_CHECKING:
    from pos_app.store.store import Store

T = TypeVar("T")
WINDOW = 100
# A filter that leaves no more than this is read whole: its windows would lie too far apart.
KEPT_MOST = 10_000


@dataclass(frozen=True, slots=True)
class _Found:
    """A list, or its first window; `is_all` when there is no more, `sums` are by currency then."""

    rows: tuple[TableRow, ...]
    is_all: bool
    sums: dict[str, tuple[int, int]]


class DocumentList:
    """Lists one kind of document; `desk.show` is called when there is something new to see."""

    def __init__(self, tab: ListTab, desk: OfficeDesk, store: "Store") -> None:
        self.tab = tab
        self._desk = desk
        self._store = store
        self.form = FilterForm(tab, desk, store)
        self.text = ""
        self.state = ALL
        self.rows: Rows = NO_ROWS
        self.serial = 0
        self.counted = ""
        self.sums = ""
        self.is_searching = False
        self.is_empty_shop = False
        self._jobs: list[Stoppable] = []
        self._unread = 0
        self._turn = 0

    @property
    def is_reading(self) -> bool:
        """Whether rows, their count or their sums are still being read."""
        return self._unread > 0

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is left out."""
        return bool(self.text.strip() or self.form.count or self.state != ALL)

    def search(self, text: str) -> None:
        """Look for a number, an order's number or a customer."""
        self.text = text
        self.read()

    def choose_state(self, state: str) -> None:
        """Leave the documents in one state."""
        self.state = state
        self.read()

    def clear(self) -> None:
        """Show everything again."""
        self.text, self.state = "", ALL
        self.form.clear()
        self.read()

    def refresh(self) -> None:
        """Read the same list again; what stands there stays until the new one is whole."""
        self.read(is_again=True)

    def read(self, *, is_again: bool = False) -> None:
        """Read the list anew: the first window, then how long it is, then its sums."""
        for job in self._jobs:
            job.cancel()
        self._jobs, self._unread = [], 0
        self._turn += 1
        self.is_searching = not is_again
        if not is_again:
            self.counted = self.sums = ""
        today, chosen, turn = self._today(), self.chosen(), self._turn
        keeps = is_again and self.rows.count() > WINDOW
        self._run(
            lambda: self._first(chosen, today),
            lambda found: self._show(turn, chosen, found, today, keeps=keeps),
        )

    def chosen(self) -> DocumentFilter:
        """Return what the list is narrowed to."""
        chosen = self.tab.in_state(self.form.chosen, self.state, self._today())
        return replace(chosen, text=self.text.strip())

    def _today(self) -> date:
        return business_day(self._desk.now, self._desk.checkout.shop)

    def _run(self, work: Callable[[], T], done: Callable[[T], None]) -> None:
        self._unread += 1

        def finished(result: T) -> None:
            self._unread -= 1
            done(result)

        self._jobs.append(self._desk.run(lambda _working: work(), finished))

    def _first(self, chosen: DocumentFilter, today: date) -> _Found:
        return self._read_from_top(chosen, today, WINDOW)

    def _read_from_top(self, chosen: DocumentFilter, today: date, most: int) -> _Found:
        listed = self._store.documents.page(self.tab.record, chosen, 0, most)
        sums: dict[str, tuple[int, int]] = {}
        for one in listed:
            total, owed = sums.get(one.currency, (0, 0))
            sums[one.currency] = (total + one.total, owed + one.open)
        return _Found(self._written(listed, today), len(listed) < most, sums)

    def _show(
        self, turn: int, chosen: DocumentFilter, found: _Found, today: date, *, keeps: bool
    ) -> None:
        if turn != self._turn:
            return
        self.is_searching = False
        self.is_empty_shop = not found.rows and not self.is_narrowed
        if found.is_all or not keeps:
            self._take(FixedRows(found.rows))
        if found.is_all:
            self._end(len(found.rows), found.sums)
        else:
            self._run(
                lambda: self._whole(chosen, today),
                lambda whole: self._show_whole(turn, chosen, whole, today),
            )
        self._desk.show()

    def _whole(self, chosen: DocumentFilter, today: date) -> tuple[ListMarks, _Found | None]:
        """Return how long a list is, and all of it where it is short."""
        marks = self._store.documents.marks(self.tab.record, chosen)
        if marks.count > KEPT_MOST:
            return marks, None
        return marks, self._read_from_top(chosen, today, KEPT_MOST)

    def _show_whole(
        self,
        turn: int,
        chosen: DocumentFilter,
        whole: tuple[ListMarks, _Found | None],
        today: date,
    ) -> None:
        if turn != self._turn:
            return
        marks, found = whole
        if found is not None:
            self._take(FixedRows(found.rows))
            self._end(len(found.rows), found.sums)
        else:
            self._take(PagedRows(marks.count, partial(self._window, chosen, marks, today)))
            self._count(marks.count)
            self._run(
                lambda: self._store.documents.sums(self.tab.record, chosen),
                lambda sums: self._show_sums(turn, sums),
            )
        self._desk.show()

    def _window(
        self, chosen: DocumentFilter, marks: ListMarks, today: date, offset: int, limit: int
    ) -> Sequence[TableRow]:
        page = self._store.documents.page(self.tab.record, chosen, offset, limit, marks)
        return self._written(page, today)

    def _written(self, listed: list[Listed], today: date) -> tuple[TableRow, ...]:
        names = self._store.documents.customer_names(listed)
        row, desk = self.tab.row, self._desk
        return tuple(row(one, names.get(one.customer_id, ""), desk, today) for one in listed)

    def _take(self, rows: Rows) -> None:
        self.rows = rows
        self.serial += 1

    def _count(self, count: int) -> None:
        words = t("1 document") if count == 1 else self.tab.counted
        self.counted = words.format(count=self._desk.amounts.count(count))

    def _end(self, count: int, sums: dict[str, tuple[int, int]]) -> None:
        self._count(count)
        self._sum(sums)

    def _show_sums(self, turn: int, sums: dict[str, tuple[int, int]]) -> None:
        if turn == self._turn:
            self._sum(sums)
            self._desk.show()

    def _sum(self, sums: dict[str, tuple[int, int]]) -> None:
        self.sums = "   ".join(self._sum_words(*one) for one in sorted(sums.items()))

    def _sum_words(self, currency: str, both: tuple[int, int]) -> str:
        amounts, (total, owed) = self._desk.amounts, both
        if self.tab.record == DELIVERY_NOTE.name:
            return t("{count} units").format(count=amounts.number(Decimal(total) / 1000))
        told = t("Total {amount}").format(amount=isolated(amounts.money(Money(total, currency))))
        if self.tab.record != INVOICE.name:
            return told
        rest = t("Outstanding {amount}").format(
            amount=isolated(amounts.money(Money(owed, currency)))
        )
        return f"{told} · {rest}"
